"""The commands that take a log: what they print, write and refuse."""

import json
import re
import signal
from pathlib import Path

import pytest

from sim import cli
from sim.cli import edge, printing
from sim.errors import InputError
from sim.force_log.fitting.progress import Trying
from sim.force_log.writing import mapping_of, simulated_log
from sim.scenario.loading import load
from sim.scenario.toml import toml_key, toml_value
from tests.force_log.simulated import force, search_little

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A simulated log of two weeks, and its mapping."""
    place = tmp_path_factory.mktemp("export")
    scenario = force(held=0.0)
    simulated_log(scenario, days=14).write_csv(place / "log.csv")
    mapping = mapping_of(scenario)
    lines = [
        f"{toml_key(key)} = {toml_value(value)}"
        for key, value in sorted(mapping.items(), key=lambda item: isinstance(item[1], dict))
    ]
    (place / "map.toml").write_text("\n".join(lines), encoding="utf-8")
    return place


@pytest.mark.parametrize("command", ["diagnose", "fit", "replay", "telephone", "sample-log"])
def test_each_command_has_help_with_an_example(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--help` ends well and shows a line that can be typed."""
    assert cli.main([command, "--help"]) == 0
    assert f"Example: run_sim.py {command}" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("width", [80, 120])
def test_a_log_is_diagnosed_fitted_and_replayed(
    folder: Path,
    tmp_path: Path,
    width: int,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each step ends well; an answer in a sentence stands first, and no line is too long."""
    monkeypatch.setenv("COLUMNS", str(width))
    search_little(monkeypatch)
    monkeypatch.setattr("sim.force_log.fitting.crews._FIRST_HOURS", (7,))
    monkeypatch.setattr("sim.force_log.fitting.crews._SPREADS", ())
    log = [str(folder / "log.csv"), "--mapping", str(folder / "map.toml")]
    mine = str(tmp_path / "mine.toml")
    days = ["--first-day", "2022-04-25", "--last-day", "2022-05-01"]
    rest = ["--first-day", "2022-05-02", "--scenario", mine, "--replications", "2"]
    for words, first in (
        (["diagnose", *log], "What the log shows"),
        (["fit", *log, *days, "--out", mine], "What the log was fitted with"),
        (["replay", *log, *rest], "How far the scenario may be believed"),
    ):
        assert cli.main(words) == 0
        printed = capsys.readouterr().out.splitlines()
        assert printed[0] == first
        assert printed[1]
        assert max(map(len, printed)) <= width
    assert load(mine).scenario.title.startswith("A simulated log")


def test_a_diagnosis_as_json_is_one_document(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing but the document goes to standard output."""
    words = ["diagnose", str(folder / "log.csv"), "--mapping", str(folder / "map.toml"), "--json"]
    assert cli.main(words) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "A simulated log"


def test_what_exists_is_not_overwritten(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`fit` refuses before any work, with exit status 2."""
    words = ["fit", str(folder / "log.csv"), "--mapping", str(folder / "map.toml")]
    assert cli.main([*words, "--out", str(folder / "map.toml")]) == 2
    assert "nothing was overwritten" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ["--first-day", "2022-05-09", "--last-day", "2022-05-02"],
        ["--first-day", "2031-01-01"],
        ["--first-day", "2022-05-08"],
    ],
)
def test_days_that_cannot_be_fitted_are_refused(
    words: list[str], folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Days in the wrong order, outside the log, or too few, end with exit status 2."""
    log = [str(folder / "log.csv"), "--mapping", str(folder / "map.toml")]
    assert cli.main(["fit", *log, *words, "--out", str(tmp_path / "mine.toml")]) == 2
    assert capsys.readouterr().err
    assert not (tmp_path / "mine.toml").exists()


def test_a_fit_says_how_far_it_is_and_leaves_nothing_half_written(
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Piped, it says lines; at Ctrl-C after the third of them it ends, and no file is there."""

    def say(line: str) -> None:
        edge.say(line)
        lines.append(line)
        if len(lines) == 3:
            signal.raise_signal(signal.SIGINT)

    lines: list[str] = []
    monkeypatch.setattr(printing, "_SECONDS_BETWEEN_LINES", 0.0)
    monkeypatch.setattr(printing, "say", say)
    words = ["fit", str(folder / "log.csv"), "--mapping", str(folder / "map.toml")]
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        assert cli.main([*words, "--out", str(tmp_path / "mine.toml")]) == 130
    finally:
        signal.signal(signal.SIGINT, before)
    told = r"\d+% done, trying .+; forces played so far: \d+"
    assert all(re.fullmatch(told, one) for one in lines)
    assert capsys.readouterr().out == ""
    assert list(tmp_path.iterdir()) == []


def test_lines_of_a_long_fit_are_far_apart_and_may_be_silenced(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The first at once, the next after a quarter of a minute; with `--quiet` nothing is told."""
    clock = iter([0.0, 1.0, 14.9, 15.1, 20.0, 31.0])
    with printing.trying(quiet=False, clock=lambda: next(clock)) as told:
        assert told is not None
        for guesses in range(1, 7):
            told(Trying("something", guesses, guesses / 10))
    assert capsys.readouterr().err.splitlines() == [
        "10% done, trying something; forces played so far: 1",
        "40% done, trying something; forces played so far: 4",
        "60% done, trying something; forces played so far: 6",
    ]
    with printing.trying(quiet=True) as told:
        assert told is None


@pytest.mark.parametrize(
    ("command", "without", "place"),
    [
        ("fit", ["assigned"], "columns.assigned"),
        ("fit", ["arrived"], "columns.arrived"),
        ("fit", ["cleared", "closed"], "columns.cleared"),
        ("replay", ["assigned"], "columns.assigned"),
    ],
)
def test_a_column_without_which_nothing_can_be_played_is_named(
    command: str,
    without: list[str],
    place: str,
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The mapping is named, and the place in it where the column belongs."""
    text = (folder / "map.toml").read_text(encoding="utf-8")
    for name in without:
        text, found = re.subn(rf'\b{name} = "[^"]*",? ?', "", text)
        assert found == 1
    mapping = tmp_path / "map.toml"
    mapping.write_text(text, encoding="utf-8")
    given = {"fit": ["--out", str(tmp_path / "mine.toml")],
             "replay": ["--scenario", str(ROOT / "scenarios" / "dorset-2022.toml")]}  # fmt: skip
    words = [command, str(folder / "log.csv"), "--mapping", str(mapping), *given[command]]
    assert cli.main(words) == 2
    told = capsys.readouterr().err
    assert f"{mapping.as_posix()}, {place}: " in told
    assert "allowed: the name of a column" in told


@pytest.mark.parametrize(("year", "warned"), [("2021", True), ("2022", False)])
def test_a_rota_of_other_weeks_is_told(
    year: str,
    warned: bool,
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Before a fit begins both weeks are named, where duties lie in none of those fitted."""

    def fit(*words: object, **more: object) -> None:
        raise InputError("so far and no further")

    monkeypatch.setattr("sim.force_log.fitting.fit", fit)
    rotas = tmp_path / "rotas"
    rotas.mkdir()
    (rotas / "response.csv").write_text("name,start,end,people\nday,07:00,19:00,9\n")
    (rotas / "pools.toml").write_text(
        f'[sources]\n"pools.response.shifts" = {{ source = "x, {year}-05-01 to {year}-05-28" }}\n'
    )
    log = [str(folder / "log.csv"), "--mapping", str(folder / "map.toml")]
    assert cli.main(["fit", *log, "--rota", str(rotas), "--out", str(tmp_path / "m.toml")]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "so far and no further" in said
    assert ("the duties are of 2021-05-01 to 2021-05-28" in said) is warned


def test_a_mapping_is_begun_from_a_log(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`new --mapping` writes a mapping that names the log's columns."""
    file = tmp_path / "map.toml"
    assert cli.main(["new", str(file), "--mapping", str(folder / "log.csv")]) == 0
    assert "Call_Received" in file.read_text(encoding="utf-8")
    assert "guess" in capsys.readouterr().out


def test_labels_that_are_not_guessed_are_pointed_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where a label has no grade yet, the line that wants one is spoken of."""
    rows = ["received,priority,arrived"]
    rows += [f"2024-03-04 1{n}:00,{'Zeta' if n % 2 else 'Prompt'},2024-03-04 1{n}:30"
             for n in range(10)] * 2  # fmt: skip
    (tmp_path / "log.csv").write_text("\n".join(rows), encoding="utf-8")
    file = tmp_path / "map.toml"
    assert cli.main(["new", str(file), "--mapping", str(tmp_path / "log.csv")]) == 0
    assert '# "Zeta" = ?' in file.read_text(encoding="utf-8")
    assert "Lines that end in `= ?`" in " ".join(capsys.readouterr().out.split())


def test_a_sample_log_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`sample-log` writes a log of a scenario's days."""
    out = tmp_path / "sample.csv"
    words = ["sample-log", str(ROOT / "scenarios" / "dorset-2022.toml"), "--out", str(out)]
    assert cli.main([*words, "--days", "1", "--warm-up-days", "0"]) == 0
    assert "Call_Received" in out.read_text(encoding="utf-8").splitlines()[0]
    assert "simulated incidents" in " ".join(capsys.readouterr().out.split())
