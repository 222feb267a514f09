"""Rotas from a spreadsheet."""

from pathlib import Path

import pytest

from sim.errors import InputError, ScenarioErrors
from sim.scenario.loading import load
from sim.scenario.rotas import read_rota
from tests.scenario.test_extending import write

HEADER = "name,start,end,people,crew_size,days,cycle_length,cycle_on,cycle_starts,abstraction"


def rota_of(folder: Path, text: str, encoding: str = "utf-8") -> list[dict[str, object]]:
    """Return the shifts that a CSV file's text gives."""
    path = folder / "rota.csv"
    path.write_bytes(text.encode(encoding))
    return read_rota(path, "rota.csv").shifts


def test_a_row_is_a_shift(tmp_path: Path) -> None:
    """Filled cells become keys, empty ones are left out."""
    (tmp_path / "rota.csv").write_text(
        f"{HEADER}\nearly,07:00,16:00,9,2,mon-wed,,,,\n"
        "night,22:00,07:00,6,,,10,1-4 9,2024-04-01,0.25\n",
        encoding="utf-8",
    )
    path = write(tmp_path, "own.toml", '[pools.response_east]\nrota_file = "rota.csv"\n')
    loaded = load(path)
    early, night = loaded.scenario.pools["response_east"].shifts
    assert (early.start, early.end, early.people, early.crew_size) == (420, 960, 9, 2)
    assert early.days == ["mon", "tue", "wed"]
    assert night.cycle is not None
    assert (night.cycle.length_days, night.cycle.on_days) == (10, [1, 2, 3, 4, 9])
    assert night.abstraction == 0.25
    assert loaded.origins["pools.response_east.shifts[1].people"] == "rota.csv row 3"
    assert loaded.scenario.pools["response_east"].rota_file is None
    # The file is itself where its numbers come from.
    assert loaded.unsourced == ()


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("name,start,end,people,abstraction\nday,07:00,19:00,3,0.2\n", "utf-8"),
        ("name;start;end;people;abstraction\r\nday;7:00;19:00:00;3;0,2\r\n", "utf-8-sig"),
        ("name\tstart\tend\tpeople\tabstraction\r\nday\t07:00\t19:00\t3\t0,2\r\n", "cp1252"),
        ("Name, Start, End, People, Abstraction\n\n day, 07:00, 19:00, 3, 0.2\n,,,,\n", "utf-8"),
        ("name\tstart\tend\tpeople\tabstraction\r\nday\t07:00\t19:00\t3\t0.2\r\n", "utf-16"),
    ],
)
def test_what_spreadsheets_write_is_read(tmp_path: Path, text: str, encoding: str) -> None:
    """Separators, byte-order marks, seconds, decimal commas and empty rows make no difference."""
    shift = {"name": "day", "start": "07:00", "end": "19:00", "people": 3, "abstraction": 0.2}
    assert rota_of(tmp_path, text, encoding) == [shift]


def test_days_may_run_over_the_weekend(tmp_path: Path) -> None:
    """A range of days wraps at Sunday."""
    shifts = rota_of(tmp_path, "name,start,end,people,days\nd,07:00,19:00,3,sat-mon wed\n")
    assert shifts[0]["days"] == ["sat", "sun", "mon", "wed"]


def test_a_british_date_is_read(tmp_path: Path) -> None:
    """Excel writes 1 April as 01/04/2024."""
    own = write(tmp_path, "own.toml", '[pools.response_east]\nrota_file = "rota.csv"\n')
    (tmp_path / "rota.csv").write_text(f"{HEADER}\nd,07:00,19:00,3,,,4,1 2,01/04/2024,\n", "utf-8")
    cycle = load(own).scenario.pools["response_east"].shifts[0].cycle
    assert cycle is not None
    assert cycle.starts.isoformat() == "2024-04-01"


def test_own_shifts_replace_an_inherited_rota(tmp_path: Path) -> None:
    """A file may write shifts where the one that it extends names a CSV."""
    (tmp_path / "rota.csv").write_text("name,start,end,people\nday,07:00,19:00,3\n", "utf-8")
    write(tmp_path, "base.toml", '[pools.response_east]\nrota_file = "rota.csv"\n')
    own = write(
        tmp_path,
        "own.toml",
        "[pools.response_east]\n"
        'shifts = [{ name = "x", start = "00:00", end = "24:00", people = 1 }]\n',
        "base.toml",
    )
    assert [s.name for s in load(own).scenario.pools["response_east"].shifts] == ["x"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        ("name,start,end,people,name\n", "this column stands twice"),
    ],
)
def test_a_file_that_is_no_rota_is_refused(tmp_path: Path, text: str, message: str) -> None:
    """A file without the columns of a rota is named with its fault."""
    with pytest.raises(InputError, match=message):
        rota_of(tmp_path, text)


def test_days_may_be_written_out(tmp_path: Path) -> None:
    """The full names of days are read as well, alone and as a range."""
    shifts = rota_of(tmp_path, "name,start,end,people,days\nd,07:00,19:00,3,Monday-Wednesday sun\n")
    assert shifts[0]["days"] == ["mon", "tue", "wed", "sun"]


def test_all_faults_of_a_header_and_of_rows_are_told_at_once(tmp_path: Path) -> None:
    """Two columns that do not exist, two that are missing and one row too long make five faults."""
    text = "name,begin,people,shift length\nd,07:00,3,9,1\n"
    with pytest.raises(ScenarioErrors) as caught:
        rota_of(tmp_path, text)
    assert [(error.path, error.message) for error in caught.value.errors] == [
        ("row 1", "unknown column"),
        ("row 1", "unknown column"),
        ("row 1", 'the column "start" is missing'),
        ("row 1", 'the column "end" is missing'),
        ("row 2", "this row has 5 cells, and the header 4"),
    ]


def test_a_missing_column_is_not_told_again_for_each_row(tmp_path: Path) -> None:
    """Rows without a column that the header lacks are judged by their other cells."""
    (tmp_path / "rota.csv").write_text("name,start,people\na,07:00,3\nb,14:00,x\n", "utf-8")
    own = write(tmp_path, "own.toml", '[pools.response_east]\nrota_file = "rota.csv"\n')
    with pytest.raises(ScenarioErrors) as caught:
        load(own)
    column, cell = caught.value.errors
    assert column.message == 'the column "end" is missing'
    assert cell.path == "row 3, column people (pools.response_east.shifts[1].people)"


def test_a_workbook_in_place_of_a_csv_file_says_what_to_do(tmp_path: Path) -> None:
    """A planner who names the workbook itself is told to save the sheet as CSV."""
    (tmp_path / "rota.xlsx").write_bytes(b"PK\x03\x04\x14\0")
    own = write(tmp_path, "own.toml", '[pools.response_east]\nrota_file = "rota.xlsx"\n')
    with pytest.raises(ScenarioErrors, match=r"rota\.xlsx: this is a workbook .*\n.*saved as CSV"):
        load(own)
