"""The commands: exit statuses, what goes to which stream, and what is left on disk."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import sim.scenario.loading
import sim.study
from sim import cli
from sim.errors import InternalError
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
        'format = 1\ntitle = "Held"\nextends = "force.toml"\n'
        '[policy.gate]\ndeploy_on = "ratification"\n',
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


@pytest.mark.parametrize("command", COMMANDS)
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
    assert told.startswith("How often grade-two missing-child reports are reached in time")
    assert "2 replications of 2 days, seed 2022" in told
    assert "by the share held" in told
    assert "Illustrative, not evidence about Dorset." in told


def test_compare_shows_what_differs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`compare` prints the difference of the files above the results."""
    assert folder.is_dir()
    assert cli.main(["compare", "force.toml", "held.toml", *SMALL]) == 0
    told = capsys.readouterr().out
    assert 'policy.gate.deploy_on: "grading" -> "ratification"' in told
    assert "Against force" in told


def test_json_is_one_document_and_nothing_else(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Standard output parses as one document of the promised form."""
    assert folder.is_dir()
    assert cli.main(["compare", "force.toml", "held.toml", *SMALL, "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert list(made) == ["format", "level", "scenarios", "differences", "run"]
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
        ("run", "force.toml", "--engine", "compiled"),
        ("run", "force.toml", "--no-such-option"),
        ("trace", "force.toml", "--incident", "best"),
        ("trace", "force.toml", "--days", "1", "--incident", "1"),
        ("compare", "force.toml", "./force.toml"),
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
    assert "--force" in capsys.readouterr().err
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

    monkeypatch.setattr(sim.study.running, "replicate", stopped)
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

    def stopped(_: object) -> None:
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


def test_validate_resolves_to_a_file_that_loads(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`validate --resolve` prints TOML that says the same."""
    assert cli.main(["validate", "held.toml"]) == 0
    assert capsys.readouterr().out.startswith("held.toml: sound")
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
    assert told.startswith("A warm-up of 7 days is")
    assert "MSER-5" in told
