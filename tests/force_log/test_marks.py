"""Marks in every column of what a force exports, and none in anything that a command leaves.

Each command that reads records is given them as CSV and as Parquet. Marks stand in whole columns
where a column identifies somebody, and else in the cells of fewer than five incidents. They are
looked for in what is printed, in every file that is there afterwards (archives and tables
unpacked, metadata too), and in the log of a fault of its own. A command that takes a new kind of
file has to be attacked here, or named among those that read none of a force's.
"""

from __future__ import annotations

import inspect
import json
import shutil
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import polars as pl
import pytest

from sim import cli
from sim.force_log.writing import mapping_of, simulated_records
from sim.scenario.toml import toml_key, toml_value
from tests.force_log.simulated import force, search_little

ROOT: Final = Path(__file__).parents[2]
MAPPINGS: Final = ROOT / "scenarios" / "mappings"
MARK: Final = "qzxvk"
SECOND: Final = "13:37:59"
"""A moment that one row has, and no other."""
FEW: Final = 4
"""Rows, and incidents, with a mark as their label."""
OWN: Final = {"Caller_Name": "Joqzxvk Maqzxvkwell", "Remarks": "she said qzxvk on the phone"}
"""Columns that no mapping names, with what stands in all their rows."""
TIMES: Final = ("Call_", "_Time", "Ratified", "Resource_", "Closed", "Reported", "Located")
NUMBERS: Final = ("Incident_URN", "Log_Number", "Callsign")


@dataclass(frozen=True)
class Attack:
    """A command, given marked files.

    Parameters
    ----------
    words
        Of the command; ``log.X`` and the like stand for the file in the format tried.
    covers
        Parameters of the command that take a force's own files.
    within
        What it calls after reading them, to be made to fail.
    """

    words: tuple[str, ...]
    covers: tuple[str, ...]
    within: str

    @property
    def name(self) -> str:
        """The command."""
        return self.words[0]


_LOG: Final = ("log.X", "--mapping", "map.toml")
_CASES: Final = ("--cases", "cases.X", "--cases-mapping", "cases.toml")
_FIRST: Final = ("--first-day", "2022-04-25", "--last-day", "2022-05-01")
_LATER: Final = ("--first-day", "2022-05-02", "--replications", "2")
ATTACKS: Final = (
    Attack(
        ("diagnose", *_LOG, *_CASES, "--by", "risk,hours", "--html", "d.html", "--verbose"),
        ("log", "mapping", "cases", "cases_mapping"),
        "sim.force_log.diagnose",
    ),
    Attack(("diagnose", *_LOG, *_CASES, "--json"), (), "sim.force_log.diagnose"),
    Attack(
        ("fit", *_LOG, *_CASES, *_FIRST, "--rota", "rotas/response.csv", "--out", "mine.toml"),
        ("log", "mapping", "cases", "cases_mapping", "rota"),
        "sim.force_log.fitting.fit",
    ),
    Attack(
        ("fit", *_LOG, *_FIRST, "--out", "again.toml", "--json", "--verbose"),
        (),
        "sim.force_log.fitting.fit",
    ),
    Attack(
        ("replay", *_LOG, *_CASES, *_LATER, "--scenario", "mine.toml", "--html", "r.html"),
        ("log", "mapping", "cases", "cases_mapping", "scenario"),
        "sim.force_log.replaying.replay.replay",
    ),
    Attack(
        ("replay", *_LOG, *_LATER, "--scenario", "mine.toml", "--json", "--verbose"),
        (),
        "sim.force_log.replaying.replay.replay",
    ),
    Attack(("new", "of-log.toml", "--mapping", "log.X"), ("mapping",), "sim.force_log.new_mapping"),
    Attack(("new", "of-cases.toml", "--mapping", "cases.X"), (), "sim.force_log.new_mapping"),
    Attack(("new", "of-duties.toml", "--mapping", "duties.X"), (), "sim.force_log.new_mapping"),
    Attack(
        ("rota", "duties.X", "--mapping", "duties.toml", "--out", "new-rotas", "--verbose"),
        ("export", "mapping"),
        "sim.force_log.duties.rotas_of",
    ),
    Attack(
        ("rota", "duties.X", "--mapping", "duties.toml", "--json"),
        (),
        "sim.force_log.duties.rotas_of",
    ),
    Attack(
        ("telephone", "hourly.X", "--mapping", "hourly.toml", "--fit-days", "7", "--verbose"),
        ("hourly", "mapping"),
        "sim.force_log.telephone.telephone",
    ),
    Attack(
        ("telephone", "hourly.X", "--mapping", "hourly.toml", "--fit-days", "7", "--json"),
        (),
        "sim.force_log.telephone.telephone",
    ),
)
AFTER: Final = (
    (
        *("run", "mine.toml", "--days", "1", "--warm-up-days", "0", "--replications", "2"),
        *("--workers", "1", "--no-unknowns", "--output", "kept"),
    ),
    ("report", "kept", "--html", "page.html"),
    ("validate", "mine.toml", "--resolve"),
    ("stress", "mine.toml"),
)
"""What a planner does next with what a fit has written."""
WRITTEN: Final = {"output", "html", "charts", "slides", "write", "out", "file"}
"""Parameters that name what is to be written."""
SCENARIOS: Final = {
    "scenario",
    "baseline",
    "other",
    "others",
    "scenarios",
    "extends",
    "like",
    "targets",
}
"""Parameters that name a scenario."""
CERTIFICATES: Final = {"tls_ca_file", "tls_cert", "tls_key"}
OF_SIMULATED: Final = {("report", "directory"), ("sample-log", "cases")}
"""A folder of simulated results, and simulated records to be written."""


def marked(frame: pl.DataFrame, column: str, place: int) -> pl.Series:
    """A column with marks in it, at rows that no other column has them in."""
    cells = frame[column].to_list()
    if column in NUMBERS:
        cells = [None if one is None else f"{MARK}{one}" for one in cells]
    elif any(part in column for part in TIMES):
        filled = [row for row, cell in enumerate(cells) if cell]
        one, other = filled[2 * place], filled[2 * place + 1]
        cells[one] = f"{cells[one][:10]} {SECOND}"
        cells[other] = f"{MARK}{cells[other]}"
    else:
        for row in range(FEW * place, FEW * (place + 1)):
            cells[row] = f"{MARK} {column}"
    return pl.Series(column, cells, dtype=pl.String)


def all_marked(frame: pl.DataFrame) -> pl.DataFrame:
    """A table with marks in each of its columns, and columns of people beside them."""
    columns = [marked(frame, column, place) for place, column in enumerate(frame.columns)]
    own = [pl.lit(value).alias(name) for name, value in OWN.items()]
    return pl.DataFrame(columns).with_columns(*own)


def duties() -> pl.DataFrame:
    """Four weeks of two teams, whose officers' numbers no mapping names."""
    rows = [
        (f"{MARK}{officer:04d}", team, f"{day:%d/%m/%Y}", start, end, code)
        for day in (date(2022, 4, 25) + timedelta(days=number) for number in range(28))
        for team, start, end, people in (
            ("Response A", "07:00", "17:00", 12),
            ("Response B", "15:00", "01:00", 14),
        )
        for officer in range(people)
        for code in ("AL" if (officer + day.day) % 10 == 0 else "",)
    ]
    names = ["Collar", "Team", "Date", "Start", "End", "Abstraction"]
    frame = pl.DataFrame(rows, names, orient="row")
    for place, (name, cell) in enumerate(
        (("Team", f"{MARK} team"), ("Abstraction", f"ABS{MARK}"), ("Date", f"{MARK}2022"))
    ):
        at = pl.int_range(pl.len()).is_between(100 + 10 * place, 101 + 10 * place)
        frame = frame.with_columns(pl.when(at).then(pl.lit(cell)).otherwise(name).alias(name))
    return frame


def hourly() -> pl.DataFrame:
    """Counts of two weeks, with notes that nobody asked for."""
    hours = range(14 * 24)
    return pl.DataFrame(
        {
            "hour": [f"2025-05-{1 + hour // 24:02d} {hour % 24:02d}:00" for hour in hours],
            "w10": [18 + hour % 5 for hour in hours],
            "w20": [5 + hour % 3 for hour in hours],
            "later": [2 + hour % 4 for hour in hours],
            "Remarks": [f"{MARK} on the phone" for _ in hours],
        }
    )


def toml(table: Mapping[str, Any]) -> str:
    """A document, its tables last."""
    rows = sorted(table.items(), key=lambda item: isinstance(item[1], dict))
    return "".join(f"{toml_key(key)} = {toml_value(value)}\n" for key, value in rows)


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A force's files, marked, in each format, and how to read them."""
    place = tmp_path_factory.mktemp("exports")
    world = force(held=0.0)
    log, cases = simulated_records(world, days=14, warm_up_days=0, seed=1)
    frames = {"log": all_marked(log), "cases": all_marked(cases), "duties": duties()}
    frames["hourly"] = hourly()
    for name, frame in frames.items():
        frame.write_csv(place / f"{name}.csv")
        frame.write_parquet(place / f"{name}.parquet", metadata={"owner": f"{MARK} of {name}"})
    frames["duties"].write_excel(place / "duties.xlsx")
    (place / "map.toml").write_text(toml(mapping_of(world)), encoding="utf-8")
    shutil.copy(MAPPINGS / "cases" / "uk-missing-persons.toml", place / "cases.toml")
    shutil.copy(MAPPINGS / "duties" / "uk-like.toml", place / "duties.toml")
    (place / "hourly.toml").write_text(
        'format = 1\ntitle = "made up"\n[time]\ncolumn = "hour"\nformat = "%Y-%m-%d %H:%M"\n'
        '[lines.emergency]\norigin = "999"\nlater = "later"\nhandling_minutes = 4.0\n'
        '[lines.emergency.answered_within_seconds]\n10 = "w10"\n20 = "w20"\n',
        encoding="utf-8",
    )
    (place / "rotas").mkdir()
    (place / "rotas" / "response.csv").write_text(
        "name,start,end,people\nday,07:00,19:00,4\nnight,19:00,07:00,3\n", encoding="utf-8"
    )
    return place


@pytest.fixture
def folder(exports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with them, beside one for temporary files and one for caches."""
    work = tmp_path / "work"
    shutil.copytree(exports, work)
    for name, variable in (("temporary", "TMPDIR"), ("caches", "XDG_CACHE_HOME")):
        (tmp_path / name).mkdir()
        monkeypatch.setenv(variable, str(tmp_path / name))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.chdir(work)
    search_little(monkeypatch)
    monkeypatch.setattr("sim.force_log.fitting.crews._FIRST_HOURS", (7,))
    monkeypatch.setattr("sim.force_log.fitting.crews._SPREADS", ())
    return work


def formats(attack: Attack) -> Sequence[str]:
    """The formats that a command reads, and this test tries."""
    known = ["csv", "parquet", *(["xlsx"] if attack.name == "rota" else [])]
    return known if any(word.endswith(".X") for word in attack.words) else known[:1]


def typed(words: Sequence[str], form: str) -> list[str]:
    """The words of a command that reads one format."""
    return [f"{word[:-1]}{form}" if word.endswith(".X") else word for word in words]


def texts(place: Path) -> Iterator[tuple[str, str]]:
    """Yield what every file below a folder says, archives and tables unpacked, by its name."""
    for file in sorted(place.rglob("*")):
        if not file.is_file():
            continue
        yield str(file), file.read_bytes().decode("utf-8", errors="replace")
        if file.suffix == ".parquet":
            frame = pl.read_parquet(file)
            yield str(file), json.dumps(pl.read_parquet_metadata(file), default=str)
            yield str(file), frame.select(pl.all().cast(pl.String)).write_csv()
        elif zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as together:
                for name in together.namelist():
                    text = together.read(name).decode("utf-8", errors="replace")
                    yield f"{file}: {name}", text


def ensure_unmarked(told: Mapping[str, str], folder: Path, given: set[str]) -> None:
    """Look for marks in what was printed, and in every file that was not given."""
    found = [(name, text) for name, text in told.items()]
    found += [
        (name, text)
        for name, text in texts(folder.parent)
        if Path(name.partition(": ")[0]).relative_to(folder.parent).as_posix() not in given
    ]
    assert found
    for name, text in found:
        for mark in (MARK, SECOND):
            place = text.lower().find(mark)
            assert place < 0, (name, text[max(0, place - 200) : place + 100])


def ensure_nothing_small(document: Mapping[str, Any]) -> None:
    """Look for a count under five, or one that is exact, and for one that subtraction gives."""
    counts = list(counted(document))
    assert counts
    for name, count in counts:
        assert count % 5 == 0, (name, count)
    figures = document.get("figures", ())
    shown = {key_of(one): one for one in figures}
    lines = defaultdict(list)
    for one in figures:
        for cut in CUTS:
            if one[cut] is not None:
                lines[cut, key_of({**one, cut: None})].append(one)
    for (cut, key), cells in lines.items():
        for what in ("n", "value"):
            if key in shown and shown[key][what] is not None:
                withheld = [cell[cut] for cell in cells if cell[what] is None]
                # One alone is the rest of the line.
                assert len(withheld) != 1, (what, cut, withheld, shown[key])


CUTS: Final = ("stream", "grade", "risk", "area", "hour", "hours")
COUNTS: Final = {"n", "reports", "count", "of", "rows", "incidents", "duties"}


def key_of(figure: Mapping[str, Any]) -> tuple[Any, ...]:
    """What a figure of a diagnosis is about."""
    return tuple(figure[name] for name in ("measure", "stage", *CUTS))


def counted(data: Any, name: str = "") -> Iterator[tuple[str, int]]:
    """Yield every count in a document, by its name."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from counted(value, key)
    elif isinstance(data, list):
        for value in data:
            yield from counted(value, name)
    elif name in COUNTS and isinstance(data, int | float):
        yield name, int(data)


def given_files(folder: Path) -> set[str]:
    """Names of the files that are there before a command."""
    above = folder.parent
    return {one.relative_to(above).as_posix() for one in above.rglob("*") if one.is_file()}


@pytest.mark.parametrize("form", ["csv", "parquet", "xlsx"])
def test_no_mark_is_in_anything_that_a_command_leaves(
    folder: Path, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Printed, logged, written, in metadata, among temporary files, and in what is made of it."""
    given = given_files(folder)
    tried = [one.words for one in ATTACKS if form in formats(one)]
    for words in (*tried, *(AFTER if form == "csv" else ())):
        command = typed(words, form)
        assert cli.main(command) == 0, (command, capsys.readouterr().err)
        printed = capsys.readouterr()
        ensure_unmarked({"output": printed.out, "errors": printed.err}, folder, given)
        if "--json" in command:
            ensure_nothing_small(json.loads(printed.out))


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda one: " ".join(one.words[:2]))
def test_no_mark_is_in_what_is_left_of_a_fault(
    folder: Path,
    attack: Attack,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A library's error may quote the cell that it stumbled over; its message goes nowhere."""

    def fails(*_: object, **__: object) -> None:
        try:
            raise ValueError(f"could not parse '{MARK} {SECOND}'")
        except ValueError as error:
            raise RuntimeError(f"in the row of {MARK}") from error

    if attack.name == "replay":
        shutil.copy(ROOT / "scenarios" / "dorset-2022.toml", folder / "mine.toml")
    given = given_files(folder)
    monkeypatch.setattr(attack.within, fails)
    assert cli.main(typed(attack.words, "csv")) == 1
    printed = capsys.readouterr()
    assert "RuntimeError" in printed.err
    (log,) = folder.glob("run_sim-*.log")
    assert "ValueError" in log.read_text(encoding="utf-8")
    assert "in fails" in log.read_text(encoding="utf-8")
    ensure_unmarked({"output": printed.out, "errors": printed.err}, folder, given)


@pytest.mark.parametrize(
    ("words", "change"),
    [
        (ATTACKS[0].words, ("map.toml", '"Opening_Code"', '"Caller_Name"')),
        (ATTACKS[0].words, ("map.toml", '"Opening_Code"', '"Remarks"')),
        (ATTACKS[0].words, ("map.toml", '"Call_Received"', '"Remarks"')),
        (ATTACKS[0].words, ("map.toml", "%d/%m/%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S")),
        (ATTACKS[0].words, ("cases.toml", 'risk = "Risk"', 'risk = "Caller_Name"')),
        (ATTACKS[0].words, ("cases.toml", 'reported = "Reported"', 'reported = "Remarks"')),
        (ATTACKS[9].words, ("duties.toml", 'role = "Team"', 'role = "Collar"')),
        (ATTACKS[9].words, ("duties.toml", '["Date", "Start"]', '["Collar", "Start"]')),
        (ATTACKS[11].words, ("hourly.toml", '"w10"', '"Remarks"')),
        (ATTACKS[11].words, ("hourly.toml", 'column = "hour"', 'column = "Remarks"')),
    ],
)
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_no_mark_is_in_a_refusal(
    folder: Path,
    words: tuple[str, ...],
    change: tuple[str, str, str],
    form: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Nor where a mapping names a column of people, or one that cannot be what it says."""
    name, before, after = change
    text = (folder / name).read_text(encoding="utf-8")
    assert before in text
    (folder / name).write_text(text.replace(before, after), encoding="utf-8")
    given = given_files(folder)
    status = cli.main(typed(words, form))
    printed = capsys.readouterr()
    assert status == 2, printed.out
    assert printed.err
    ensure_unmarked({"output": printed.out, "errors": printed.err}, folder, given)


@pytest.mark.parametrize("place", [0, 4, 9, 11])
def test_no_mark_is_in_a_refusal_of_a_file_without_its_header(
    folder: Path, place: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first row is then no names of columns, and is not shown as such."""
    words = ATTACKS[place].words
    name = next(word for word in words if word.endswith(".X"))
    for form in formats(ATTACKS[place]):
        if form == "parquet":
            continue
        file = folder / f"{name[:-1]}{form}"
        if form == "csv":
            rows = file.read_text(encoding="utf-8").split("\n")
            file.write_text("\n".join([rows[100], *rows[1:]]), encoding="utf-8")
        else:
            duties()[100:].write_excel(file, include_header=False)
        given = given_files(folder)
        assert cli.main(typed(words, form)) == 2
        printed = capsys.readouterr()
        ensure_unmarked({"output": printed.out, "errors": printed.err}, folder, given)


def parameters() -> set[tuple[str, str]]:
    """Every parameter of every command that takes a file or a folder."""
    found = set()
    for command in cli.app.registered_commands:
        assert command.callback is not None
        assert command.name is not None
        own = inspect.signature(command.callback, eval_str=True).parameters
        found |= {
            (command.name, name) for name, one in own.items() if "Path" in str(one.annotation)
        }
    return found


def test_every_command_that_takes_a_forces_files_is_attacked() -> None:
    """A new command, or a new file for an old one, has to be given marks, or be named above."""
    attacked = {(one.name, covered) for one in ATTACKS for covered in one.covers}
    found = parameters()
    others = {
        (command, name)
        for command, name in found - attacked - OF_SIMULATED
        if name not in WRITTEN | SCENARIOS | CERTIFICATES
    }
    assert not others
    assert found >= attacked | OF_SIMULATED
    assert len(attacked) >= 15
