"""The commands: exit statuses, what goes to which stream, and what is left on disk."""

from __future__ import annotations

import errno
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import sim.scenario.loading
import sim.study
from sim import cli
from sim.errors import InternalError
from sim.provenance import portable_command
from sim.results import Document
from sim.scenario.template import template

ROOT = Path(__file__).parents[1]
SMALL = ("--days", "2", "--warm-up-days", "1", "--replications", "2", "--workers", "1")
COMMANDS = ("run", "compare", "trace", "warm-up", "stress", "validate", "schema", "new")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a small force and a second scenario that extends it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "force.toml").write_text(template(), encoding="utf-8")
    (tmp_path / "held.toml").write_text(
        'format = 1\ntitle = "Held"\nextends = "force.toml"\n[policy.gate]\nshare_held = 1.0\n',
        encoding="utf-8",
    )
    return tmp_path


def process(*words: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a process of its own."""
    return subprocess.run(
        [sys.executable, str(ROOT / "run_sim.py"), *words],
        cwd=cwd,
        capture_output=True,
        env={**os.environ, **environment},
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize("command", [one.name for one in cli.app.registered_commands])
def test_each_command_has_help_with_an_example(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--help` ends well and shows a line that can be typed."""
    assert cli.main([command, "--help"]) == 0
    assert f"Example: run_sim.py {command}" in capsys.readouterr().out


def test_help_lists_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    """All commands, and what the simulator is not for."""
    assert cli.main(["--help"]) == 0
    told = capsys.readouterr().out
    assert all(re.search(rf"^  {command} ", told, re.MULTILINE) for command in COMMANDS)
    assert "not for deciding a live call" in re.sub(r"\s+", " ", told)


def test_help_says_of_each_command_the_whole_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """At 80 columns no line of the list is cut short."""
    monkeypatch.setenv("COLUMNS", "80")
    assert cli.main(["--help"]) == 0
    listed = capsys.readouterr().out.split("Commands:")[1].strip().splitlines()
    assert len(listed) == len(cli.app.registered_commands)
    assert all(line.endswith(".") and not line.endswith("...") for line in listed)


def test_help_loads_no_heavy_library() -> None:
    """Loading the commands loads nothing that costs time; so `--help` is quick on any machine."""
    code = (
        "import sys, sim.cli; "
        "heavy = {'numpy', 'scipy', 'polars', 'pydantic', 'simpy', 'rich.console'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True, text=True
    )
    assert done.stdout.strip() == "[]"


def test_a_run_prints_the_answer(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`run` ends with 0 and says the answer, what it rests on and what it is not."""
    assert folder.is_dir()
    assert cli.main(["run", "force.toml", *SMALL]) == 0
    told = re.sub(r"\s+", " ", capsys.readouterr().out)
    assert told.startswith("GRADE 2 MISSING CHILDREN: officer there within 20 minutes of the call")
    assert "2 replications of 2 days, seed 2022" in told
    assert re.search(r"with 0% held .* are in time, with 100% held", told)
    assert "Illustrative, not evidence about any force." in told


def test_compare_shows_what_differs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`compare` prints the change against the baseline, and the difference of the files."""
    assert folder.is_dir()
    assert cli.main(["compare", "force.toml", "held.toml", *SMALL, "--full"]) == 0
    told = capsys.readouterr().out
    assert re.search(r"policy\.gate\.share_held +0\.5 +1\.0", told)
    assert "A A force with one area;" in told


NIGHT = "pools.response.shifts.night.people"
NIGHT_NAME = "response.night.people=+3"


@pytest.mark.parametrize(
    ("files", "names"),
    [
        (["force.toml"], ["force", f"force {NIGHT_NAME}"]),
        (["force.toml", "held.toml"], ["force", f"held {NIGHT_NAME}"]),
        (
            ["force.toml", "force.toml", "held.toml"],
            ["force", f"force {NIGHT_NAME}", f"held {NIGHT_NAME}"],
        ),
    ],
)
def test_what_is_set_is_set_in_all_but_the_baseline(
    folder: Path, capsys: pytest.CaptureFixture[str], files: list[str], names: list[str]
) -> None:
    """Without another file the baseline is held against itself with what is set."""
    words = ["compare", *files, "--set", f"{NIGHT}=+3", *SMALL, "--json", "--output", "kept"]
    assert cli.main(words) == 0
    made = json.loads(capsys.readouterr().out)
    assert [entry["name"] for entry in made["scenarios"]] == names
    manifest = json.loads((folder / "kept" / "manifest.json").read_text("utf-8"))
    people = [
        one["resolved"]["pools"]["response"]["shifts"][2]["people"] for one in manifest["scenarios"]
    ]
    assert people == [8, *[11] * (len(names) - 1)]
    assert portable_command(words) == words


def test_a_run_with_something_set_differs_from_one_without(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is another scenario, with another name; each command takes the option."""
    assert folder.is_dir()
    assert cli.main(["run", "force.toml", "--set", f"{NIGHT}=0", *SMALL, "--json"]) == 0
    (one,) = json.loads(capsys.readouterr().out)["scenarios"]
    assert one["name"] == "force response.night.people=0"
    assert cli.main(["validate", "force.toml", "--set", f"{NIGHT}=300"]) == 2
    told = capsys.readouterr().err
    assert told.startswith(f"--set on force.toml, {NIGHT}: this is too high")


def test_every_command_that_takes_a_scenario_takes_what_is_set(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Whoever found a lever in one command need not write a file for the next."""
    for command in ("run", "compare", "trace", "warm-up", "stress", "validate", "sample-log"):
        assert cli.main([command, "--help"]) == 0
        assert "--set" in capsys.readouterr().out


@pytest.mark.parametrize(("screen", "times"), [(True, 1), (False, 2)])
def test_a_warning_that_scenarios_share_is_said_once(
    folder: Path,
    screen: bool,
    times: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What a variant takes over is not said of it again; nor twice on one screen."""
    text = template().replace('start = "07:00", end = "16:00"', 'start = "07:00", end = "23:30"', 1)
    (folder / "force.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(cli.simulating, "_on_one_screen", lambda: screen)
    assert cli.main(["compare", "force.toml", "held.toml", *SMALL]) == 0
    said = re.sub(r"\s+", " ", "".join(capsys.readouterr()))
    notice = "all scenarios: pools.response.shifts.early runs from 07:00 to 23:30: 16.5 hours"
    assert said.count("from 07:00 to 23:30") == said.count(notice) == times


def test_json_is_one_document_and_nothing_else(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Standard output parses as one document of the promised form."""
    assert folder.is_dir()
    assert cli.main(["compare", "force.toml", "held.toml", *SMALL, "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert list(made) == list(Document.model_fields)
    assert [entry["name"] for entry in made["scenarios"]] == ["force", "held"]
    assert [entry["baseline"] for entry in made["differences"]] == ["force"]
    assert made["run"]["replications"] == 2


def test_the_number_of_workers_changes_no_figure(folder: Path) -> None:
    """One process and two give the same rows."""
    documents = []
    for workers in ("1", "2"):
        words = ("run", "force.toml", *SMALL[:-1], workers, "--json")
        done = process(*words, cwd=folder)
        assert done.returncode == 0, done.stderr.decode()
        documents.append(json.loads(done.stdout)["scenarios"])
    assert documents[0] == documents[1]


def test_faults_of_all_files_are_told_at_once(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit status 2, both faults on standard error, no traceback, nothing on standard output."""
    (folder / "bad.toml").write_text('format = 1\ntitle = "x"\npoools = 1\n', encoding="utf-8")
    assert cli.main(["compare", "bad.toml", "absent.toml", *SMALL]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "bad.toml, poools" in told.err
    assert 'did you mean "pools"' in told.err
    assert "absent.toml: there is no such file" in told.err
    assert "Traceback" not in told.err


@pytest.mark.parametrize(
    "words",
    [
        ("run",),
        ("run", "force.toml", "--replications", "0"),
        ("run", "force.toml", "--engine", "other"),
        ("run", "force.toml", "--no-such-option"),
        ("trace", "force.toml", "--incident", "best"),
        ("trace", "force.toml", "--days", "1", "--incident", "1"),
        ("trace", "force.toml", "--days", "1", "--incident=--1"),
        ("trace", "force.toml", "--days", "1", "--incident=²"),
        ("run", "force.toml", "--days", "100000000"),
        ("run", "force\udcff.toml"),
        ("new", "force.toml/mine.toml"),
        ("new", f"{'a' * 300}.toml"),
        ("stress", "force.toml", "--output", "force.toml"),
        ("stress", "force.toml", "--output", "a" * 300),
        ("compare", "force.toml", "./force.toml"),
        ("compare", "force.toml"),
        ("run", "force.toml", "--set", "pools.respons.reserve=1"),
        ("run", "force.toml", "--set", "reserve"),
        ("no-such-command",),
    ],
)
def test_what_cannot_be_asked_ends_with_2(
    folder: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    """Usage and input alike: status 2 and a message."""
    assert folder.is_dir()
    assert cli.main(list(words)) == 2
    told = capsys.readouterr()
    assert told.err
    assert "Traceback" not in told.err


def test_results_are_kept_and_not_overwritten(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--output` keeps them; a second run is refused before it begins, unless forced."""
    words = ["run", "force.toml", *SMALL, "--output", "kept"]
    assert cli.main(words) == 0
    before = (folder / "kept" / "manifest.json").read_bytes()
    assert json.loads(before)["study"]["seed"] == 2022
    capsys.readouterr()
    assert cli.main([*words, "--seed", "7"]) == 2
    assert "--fresh" in capsys.readouterr().err
    assert (folder / "kept" / "manifest.json").read_bytes() == before
    assert cli.main([*words, "--seed", "7", "--force"]) == 0
    after = json.loads((folder / "kept" / "manifest.json").read_text(encoding="utf-8"))
    assert after["study"]["seed"] == 7


def test_our_own_fault_goes_to_a_log_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An unexpected exception: status 1, no traceback on the screen, but in the file it names."""

    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("a planted fault")

    monkeypatch.setattr(sim.study, "run", broken)
    assert cli.main(["run", "force.toml", *SMALL]) == 1
    told = capsys.readouterr().err
    assert "Traceback" not in told
    name = re.search(r"details: (run_sim-\S+\.log)", told)
    assert name is not None
    log = (folder / name[1]).read_text(encoding="utf-8")
    assert "Traceback" in log
    assert "a planted fault" in log


@pytest.mark.parametrize(
    "lacking",
    [
        MemoryError(),
        OSError(errno.ENOMEM, "Cannot allocate memory"),
        RuntimeError("can't start new thread"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_want_of_memory_is_no_fault_of_ours(
    lacking: Exception,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Whatever Python calls it: status 2, a sentence and the way on, and no log of an error."""

    def broken(*_: Any, **__: Any) -> None:
        raise lacking

    monkeypatch.setattr(sim.study, "run", broken)
    assert cli.main(["run", "force.toml", *SMALL]) == 2
    told = capsys.readouterr().err
    assert "the command could not be finished: memory probably ran out" in told
    assert not list(folder.glob("*.log"))


def test_a_fault_known_as_ours_has_its_log_too(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An `InternalError` leaves status 1 and a log file as well."""

    def broken(*_: Any, **__: Any) -> None:
        raise InternalError("a worker process died")

    monkeypatch.setattr(sim.study, "run", broken)
    assert cli.main(["run", "force.toml", *SMALL]) == 1
    assert "a worker process died\n  details: run_sim-" in capsys.readouterr().err
    assert len(list(folder.glob("run_sim-*.log"))) == 1


def test_an_interrupted_run_keeps_what_is_done(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-C in the second replication: the first one is shown and kept, status 130."""
    made = sim.study.worlds.replicate

    def stopped(plan: Any, replication: int) -> Any:
        if replication == 1:
            raise KeyboardInterrupt
        return made(plan, replication)

    monkeypatch.setattr(sim.study.sharing, "replicated", stopped)
    assert cli.main(["run", "force.toml", *SMALL, "--output", "kept"]) == 130
    told = capsys.readouterr()
    assert "1 replication of 2 days" in re.sub(r"\s+", " ", told.out)
    assert "1 of 2 replications are done" in told.err
    assert json.loads((folder / "kept" / "manifest.json").read_text())["study"]["interrupted"]


def test_an_interrupt_before_anything_is_done_ends_with_130(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-C while the files are read leaves a sentence and no traceback."""
    assert folder.is_dir()

    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sim.scenario.loading, "load", stopped)
    assert cli.main(["run", "force.toml", *SMALL]) == 130
    assert capsys.readouterr().err == "Stopped on request.\n"


def test_a_reader_that_leaves_early_is_no_fault(folder: Path) -> None:
    """`run … --json | head -c 1`: the command ends quietly."""
    with subprocess.Popen(
        [sys.executable, str(ROOT / "run_sim.py"), "run", "force.toml", *SMALL, "--json"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.read(1)
        running.stdout.close()
        told = running.stderr.read()
        assert running.wait(60) == 0
    assert b"Traceback" not in told
    assert b"BrokenPipe" not in told


@pytest.mark.parametrize("columns", ["80", "120"])
def test_an_ascii_pipe_gets_ascii(folder: Path, columns: str) -> None:
    """Where standard output has no UTF-8, every character is ASCII, and no line is too long."""
    done = process(
        "run", "force.toml", *SMALL, cwd=folder, PYTHONIOENCODING="ascii", COLUMNS=columns
    )
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.isascii()
    assert b"\x1b" not in done.stdout
    assert max(len(line) for line in done.stdout.decode().splitlines()) <= int(columns)


def test_progress_and_warnings_stay_off_standard_output(folder: Path) -> None:
    """In a pipe there is no bar; with --quiet standard error is empty."""
    done = process("run", "force.toml", *SMALL, "--quiet", "--json", cwd=folder)
    assert done.returncode == 0
    assert done.stderr == b""


def test_verbose_says_what_is_done(folder: Path) -> None:
    """`--verbose` logs under `sim` on standard error, and never on standard output."""
    done = process("run", "force.toml", *SMALL, "--verbose", "--json", cwd=folder)
    assert b"sim.study" in done.stderr
    json.loads(done.stdout)


def test_trace_tells_the_worst_incident(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A timeline with clock times, and what it is not."""
    assert folder.is_dir()
    assert cli.main(["trace", "held.toml", "--days", "7", "--warm-up-days", "1"]) == 0
    told = capsys.readouterr().out
    assert re.search(r"^(Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d\d:\d\d  reported ", told, re.MULTILINE)
    assert "OFFICERS ARRIVE" in told
    assert "held for" in told
    assert "not a prediction about any child" in re.sub(r"\s+", " ", told)


def test_trace_lists_names_that_it_takes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The first of a list is the worst; its child's year has the same incident in it."""
    assert folder.is_dir()
    small = ["trace", "held.toml", "--days", "7", "--warm-up-days", "1"]
    assert cli.main([*small, "--list", "--count", "3", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert len(listed["rows"]) == 3
    assert "not a prediction about any child" in listed["statements"][-1]
    first = listed["rows"][0]
    assert cli.main([*small, "--incident", first["name"].lower()]) == 0
    by_name = capsys.readouterr().out
    assert cli.main([*small, "--incident", first["key"]]) == 0
    assert capsys.readouterr().out == by_name
    assert cli.main(small) == 0
    assert capsys.readouterr().out == by_name
    assert cli.main([*small, "--child", first["child"]]) == 0
    assert first["name"] in capsys.readouterr().out


@pytest.mark.parametrize(
    ("asked", "kind"), [("--list", "wait"), ("--list-children", "child")], ids=["waits", "children"]
)
def test_lists_of_trace_are_as_their_schema_says(
    asked: str, kind: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each list keeps docs/trace-list.schema.json, and its rows are of the kind asked for."""
    assert folder.is_dir()
    schema = json.loads((ROOT / "docs" / "trace-list.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    small = ["trace", "held.toml", "--days", "7", "--warm-up-days", "1", "--count", "3"]
    assert cli.main([*small, asked, "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    jsonschema.validate(listed, schema)
    rows = {"$ref": f"#/$defs/{kind}", "$defs": schema["$defs"]}
    assert listed["rows"]
    for row in listed["rows"]:
        jsonschema.validate(row, rows)


def test_trace_refuses_two_questions_at_once(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit status 2 before anything is simulated."""
    assert folder.is_dir()
    assert cli.main(["trace", "held.toml", "--list", "--child", "MC-R0-1"]) == 2
    assert "only one of these" in capsys.readouterr().err


def test_a_case_file_tells_its_scripted_report(capsys: pytest.CaptureFixture[str]) -> None:
    """Not the baseline's worst, which another report may be."""
    case = Path(__file__).parents[1] / "scenarios/cases/missing-child-thirty-minutes.toml"
    assert cli.main(["trace", str(case), "--days", "7", "--warm-up-days", "1"]) == 0
    told = capsys.readouterr().out
    assert "Incident CC-R0-03ZYD-1: case child report" in told


def test_validate_resolves_to_a_file_that_loads(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`validate --resolve` prints TOML that says the same."""
    assert cli.main(["validate", "held.toml"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert told == (
        "held.toml: sound 1 number of this file has no entry in [sources] "
        '(policy.gate.share_held): validate held.toml --resolve marks each with "no source".'
    )
    assert cli.main(["validate", "held.toml", "--resolve"]) == 0
    (folder / "whole.toml").write_text(capsys.readouterr().out, encoding="utf-8")
    whole, held = (sim.scenario.loading.load(folder / name) for name in ("whole.toml", "held.toml"))
    assert whole.sha256 == held.sha256


def test_schema_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    """`schema` prints one JSON document that describes a scenario's keys."""
    assert cli.main(["schema"]) == 0
    assert "pools" in json.loads(capsys.readouterr().out)["properties"]


@pytest.mark.parametrize("extends", [(), ("--extends", "force.toml", "--title", 'A "new" one')])
def test_new_begins_a_sound_scenario(
    folder: Path, capsys: pytest.CaptureFixture[str], extends: tuple[str, ...]
) -> None:
    """A template, or a file that extends another from its own folder; neither is overwritten."""
    assert cli.main(["new", "plans/mine.toml", *extends]) == 0
    assert cli.main(["validate", "plans/mine.toml"]) == 0
    text = (folder / "plans" / "mine.toml").read_text(encoding="utf-8")
    capsys.readouterr()
    assert cli.main(["new", "plans/mine.toml"]) == 2
    assert "--force" in capsys.readouterr().err
    assert (folder / "plans" / "mine.toml").read_text(encoding="utf-8") == text
    assert [entry.name for entry in (folder / "plans").iterdir()] == ["mine.toml"]


def test_warm_up_is_judged(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`warm-up` says whether the warm-up is long enough, and by what method."""
    assert folder.is_dir()
    words = ["warm-up", "force.toml", "--replications", "2", "--workers", "1"]
    assert cli.main(words) == 0
    told = capsys.readouterr().out
    assert told.startswith("A warm-up of 7 days ")
    assert "with the same luck" in " ".join(told.split())


@pytest.fixture
def overloaded(folder: Path) -> Path:
    """The small force with five times its other incidents, beside it."""
    file = folder / "overloaded.toml"
    file.write_text(
        'format = 1\ntitle = "Too much"\nextends = "force.toml"\n'
        "[streams.other_incidents]\nvolume_per_year = 70000\n",
        encoding="utf-8",
    )
    return file


def test_a_warm_up_without_end_is_told_at_once(
    overloaded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No number of days is named, and it is said why."""
    assert cli.main(["warm-up", overloaded.name]) == 0
    told = re.sub(r"\s+", " ", capsys.readouterr().out)
    assert told.startswith("This scenario does not settle")
    assert "response: " in told
    assert "off by" not in told


@pytest.mark.parametrize("command", [("run",), ("compare", "force.toml")])
def test_figures_that_cannot_be_planned_on_say_so_before_the_headline(
    overloaded: Path, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    """In the summary and on the page."""
    words = [*command, overloaded.name, *SMALL, "--html", "page.html", "--quiet"]
    assert cli.main(words) == 0
    told = re.sub(r"\s+", " ", capsys.readouterr().out)
    assert told.startswith("These figures cannot be planned on:")
    assert told.index("its queue grows all the time") < told.index("GRADE 2 MISSING CHILDREN")
    html = (overloaded.parent / "page.html").read_text(encoding="utf-8")
    assert html.index("These figures cannot be planned on:") < html.index("<h1")
    assert html.index("its queue grows all the time") < html.index("<h1")


@pytest.mark.parametrize(("replications", "warned"), [("9", True), ("10", False)])
def test_ranges_over_few_replications_are_warned_of(
    folder: Path, capsys: pytest.CaptureFixture[str], replications: str, warned: bool
) -> None:
    """One line, before the run and in the summary."""
    assert folder.is_dir()
    size = ("--days", "1", "--warm-up-days", "0", "--replications", replications)
    assert cli.main(["run", "force.toml", *size, "--workers", "1"]) == 0
    told = capsys.readouterr()
    warning = "With fewer than 10 replications (9 here) the ranges are hardly reliable"
    assert (warning in told.err) is warned
    assert (warning in re.sub(r"\s+", " ", told.out)) is warned


@pytest.mark.parametrize("name", ["force.toml", "held.toml"])
def test_new_does_not_replace_what_it_would_extend(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """Neither the scenario itself nor one further up, even with --force: it would be lost."""
    before = (folder / name).read_bytes()
    assert cli.main(["new", name, "--extends", "held.toml", "--force"]) == 2
    assert "which it replaces" in capsys.readouterr().err
    assert (folder / name).read_bytes() == before


def test_new_does_not_replace_a_link_that_leads_nowhere(folder: Path) -> None:
    """A link is somebody's, too."""
    (folder / "plan.toml").symlink_to("absent.toml")
    assert cli.main(["new", "plan.toml"]) == 2
    assert (folder / "plan.toml").is_symlink()


def test_a_title_may_hold_any_sign_that_is_seen(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Signs that TOML does not take as they are are written so that it does; others are refused."""
    title = 'a "b" \\ é 東京 👮'
    assert cli.main(["new", "odd.toml", "--extends", "force.toml", "--title", title]) == 0
    assert sim.scenario.loading.load(folder / "odd.toml").scenario.title == title
    words = ["new", "escape.toml", "--extends", "force.toml", "--title", "\x1b[31mRED"]
    assert cli.main(words) == 2
    told = capsys.readouterr().err
    assert told.startswith(
        "--title: a character that is not printed (U+001B) stands here, at place 1"
    )
    assert "\x1b" not in told
    assert not (folder / "escape.toml").exists()


def test_ctrl_c_while_a_file_is_begun_leaves_no_half_of_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Status 130, and neither the file nor a part of it."""
    before = sorted(folder.iterdir())

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", stopped)
    assert cli.main(["new", "mine.toml"]) == 130
    assert sorted(folder.iterdir()) == before


def test_a_scenario_without_reports_of_the_headline_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No grade-two missing child: that is said, and nothing is shown of none."""
    (folder / "grade_one.toml").write_text(
        'format = 1\ntitle = "Only grade one"\nextends = "force.toml"\n'
        "[streams.missing_child]\ngrades = { 1 = 1.0, 2 = 0.0 }\n"
        "[streams.missing_child.grades_by_risk]\n"
        + "".join(f"{risk} = {{ 1 = 1.0 }}\n" for risk in ("low", "medium", "high")),
        encoding="utf-8",
    )
    assert cli.main(["run", "grade_one.toml", *SMALL]) == 0
    told = re.sub(r"\s+", " ", capsys.readouterr().out)
    assert "No report of grade 2 missing children fell in the measured days." in told
    assert "are in time" not in told


def test_ctrl_c_in_the_sweep_leaves_the_study(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is done by then is whole: it is shown, without the sweep, and the status is 130."""
    assert folder.is_dir()

    def stopped(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sim.study, "sweep_share_held", stopped)
    assert cli.main(["run", "force.toml", *SMALL]) == 130
    told = capsys.readouterr()
    assert told.out.startswith("GRADE 2 MISSING CHILDREN: officer there within 20 minutes")
    assert "100% held" not in told.out
    assert "2 of 2 replications are done" in told.err


def test_no_unknowns_leaves_the_second_range_out(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the option nothing is said of it; without, too few replications are told."""
    assert folder.is_dir()
    found = []
    for more in ([], ["--no-unknowns"]):
        assert cli.main(["run", "force.toml", *SMALL, "--json", *more]) == 0
        found.append(json.loads(capsys.readouterr().out)["context"])
    assert [one["unknowns"] for one in found] == [None, None]
    assert "from 8 replications on" in found[0]["unknowns_missing"]
    assert found[1]["unknowns_missing"] is None


@pytest.mark.parametrize("stream", ["sys.stdout", "sys.stderr", "sys.stdin"])
def test_a_closed_stream_is_no_fault(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    stream: str,
) -> None:
    """Python gives None for one; what would be printed there is lost, and nothing else."""
    assert folder.is_dir()
    monkeypatch.setattr(stream, None)
    assert cli.main(["validate", "absent.toml"]) == 2
    assert cli.main(["validate", "force.toml"]) == 0
    monkeypatch.undo()
    assert "Traceback" not in capsys.readouterr().err


def test_messages_do_not_go_to_standard_output_where_standard_error_is_closed(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Python would print them there, into the document."""
    assert folder.is_dir()
    with monkeypatch.context() as closed:
        closed.setattr("sys.stderr", None)
        assert cli.main(["run", "absent.toml", "--json"]) == 2
    assert capsys.readouterr().out == ""


class FullDisk(io.StringIO):
    """A standard stream that leads to a full disk."""

    def write(self, _: str) -> int:
        """Refuse."""
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("words", [("--help",), ("validate", "force.toml")])
def test_standard_output_on_a_full_disk_is_told(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
) -> None:
    """It is no fault of the simulator, inside a command or outside of one."""
    assert folder.is_dir()
    with monkeypatch.context() as full:
        full.setattr("sys.stdout", FullDisk())
        assert cli.main(list(words)) == 2
    assert "standard output: the disk is full" in capsys.readouterr().err
    assert not list(folder.glob("*.log"))


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("validate", "absent.toml"), 2),
        (("run", "force.toml", *SMALL), 0),
        (("run", "force.toml", *SMALL, "--verbose"), 0),
        (("run",), 2),
        (("no-such-command",), 2),
    ],
)
def test_standard_error_on_a_full_disk_changes_no_exit_status(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    status: int,
) -> None:
    """What would be said there is lost; the answer is not."""
    with monkeypatch.context() as full:
        full.setattr("sys.stderr", FullDisk())
        assert cli.main(list(words)) == status
    assert bool(capsys.readouterr().out) is (status == 0)
    assert not list(folder.glob("*.log"))


def test_a_folder_whose_name_is_no_text_in_the_terminals_language(tmp_path: Path) -> None:
    """Python without UTF-8 in a C locale: what can be done is done, keeping tables is refused."""
    folder = tmp_path / "donn\u00e9es"
    folder.mkdir()
    (folder / "force.toml").write_text(template(), encoding="utf-8")
    ascii_only = {"PYTHONUTF8": "0", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}
    words = ("run", "force.toml", *SMALL, "--quiet")
    done = process(*words, "--html", "page.html", cwd=folder, **ascii_only)
    assert (done.returncode, done.stderr) == (0, b"")
    assert (folder / "page.html").is_file()
    kept = process(*words, "--output", "kept", cwd=folder, **ascii_only)
    if sys.platform == "linux":
        assert kept.returncode == 2
        assert b"Set PYTHONUTF8=1" in kept.stderr
    assert b"Traceback" not in kept.stderr
    assert not list(folder.glob("*.log"))


def test_a_log_that_does_not_fit_leaves_no_empty_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the traceback cannot be written nothing stays, and the message is given."""
    before = sorted(folder.iterdir())

    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("a planted fault")

    def full(*_: Any, **__: Any) -> FullDisk:
        return FullDisk()

    monkeypatch.setattr(sim.study, "run", broken)
    monkeypatch.setattr("builtins.open", full)
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(folder))
    assert cli.main(["run", "force.toml", *SMALL]) == 1
    monkeypatch.undo()
    assert "a planted fault" in capsys.readouterr().err
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--show", "delay"), 'did you mean "delays"'),
        (("--show", ","), "no section is named"),
        (("--about", "risk=hihg"), 'did you mean "high"'),
        (("--about", "stream=missing_childs"), 'did you mean "missing_child"'),
        (("--about", "area=nowhere"), "area has no such value"),
        (("--full", "--json"), "has no sections"),
    ],
)
def test_what_cannot_be_shown_is_refused_before_the_work(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    told: str,
) -> None:
    """Exit status 2 with the option named, and no replication is simulated for it."""
    assert folder.is_dir()

    def played(*_: Any, **__: Any) -> None:
        raise AssertionError("something was simulated")

    monkeypatch.setattr(sim.study, "run", played)
    assert cli.main(["run", "force.toml", *SMALL, *words]) == 2
    error = capsys.readouterr().err
    assert told in error
    assert words[0] in error


def test_cuts_that_are_asked_for_are_counted(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Cuts that no row holds by itself become rows, and the subject of the screen."""
    assert folder.is_dir()
    size = ("--days", "6", "--warm-up-days", "0", "--replications", "3", "--workers", "1")
    about = ("--about", "risk=medium,care=no")
    assert cli.main(["run", "force.toml", *size, *about, "--output", "kept"]) == 0
    screen = capsys.readouterr().out
    assert screen.startswith("GRADE 2 MEDIUM-RISK MISSING CHILDREN NOT IN CARE")
    assert "No report of" not in screen
    # The folder holds them, so that the same is shown again; other cuts it does not hold.
    assert cli.main(["report", "kept", *about]) == 0
    assert capsys.readouterr().out.splitlines()[0] == screen.splitlines()[0]
    assert cli.main(["report", "kept", "--about", "care=no,hours=other"]) == 2
    assert "do not hold these cuts together" in capsys.readouterr().err


def test_a_kept_folder_shows_the_same_screen(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`report DIR` prints what the run printed, and sections by name without a page."""
    assert folder.is_dir()
    assert cli.main(["run", "force.toml", *SMALL, "--output", "kept"]) == 0
    screen = capsys.readouterr().out
    assert cli.main(["report", "kept"]) == 0
    again = capsys.readouterr().out
    assert again.startswith(screen.rstrip())
    assert "Made: kept.html" in again
    (folder / "kept.html").unlink()
    assert cli.main(["report", "kept", "--show", "staffing"]) == 0
    assert "Posts, paid hours and pounds" in capsys.readouterr().out
    assert not (folder / "kept.html").exists()
