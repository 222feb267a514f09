"""Exports that cannot be read as they are: what, where, how many, and what was done about it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sim.errors import InputError, ScenarioErrors
from sim.force_log import Log, new_mapping, read_log
from tests.force_log.made_up import MAPPING, STAMP, force, mapping, written

TIMES = ("t_received", "t_graded", "t_ratified", "t_assigned", "t_arrived", "t_cleared")
OTHER = "%m/%d/%Y %H:%M"


def read(path: Path, **file: Any) -> Log:
    """Read a log with the made-up mapping and other keys in its [file]."""
    return read_log(path, mapping({"file": {"time_zone": "Europe/London", **file}}))


def refused(path: Path, **file: Any) -> str:
    """What is said of a log that is refused, with exit status 2."""
    with pytest.raises((InputError, ScenarioErrors)) as caught:
        read(path, **file)
    assert caught.value.exit_status == 2
    return str(caught.value)


def moments(log: pl.DataFrame) -> pl.DataFrame:
    """A log whose times are moments rather than text."""
    return log.with_columns(pl.col(name).str.to_datetime(STAMP) for name in TIMES)


def raw(folder: Path, data: bytes, name: str = "log.csv") -> Path:
    """A file of these bytes."""
    (folder / name).write_bytes(data)
    return folder / name


@pytest.mark.parametrize("start", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
@pytest.mark.parametrize("name", ["log.xlsx", "log.xls", "log.csv"])
def test_a_workbook_is_refused_whatever_it_is_called(
    tmp_path: Path, start: bytes, name: str
) -> None:
    """New and old workbooks are known by their first bytes."""
    assert "workbook" in refused(raw(tmp_path, start + bytes(600), name))


def test_a_file_of_no_text_is_refused(tmp_path: Path) -> None:
    """A file of zeros is no log."""
    assert "not a text file" in refused(raw(tmp_path, bytes(1000)))


def test_a_file_with_none_of_the_columns_is_refused_once(tmp_path: Path) -> None:
    """One message, not one for each column."""
    said = refused(raw(tmp_path, b"%PDF-1.4\nbody\n"))
    assert said.count("columns") == 1


def test_another_separator_is_named(tmp_path: Path) -> None:
    """A header that is one field, and would be many with semicolons."""
    path = raw(tmp_path, force(20).write_csv(separator=";").encode())
    assert 'separator = ";"' in refused(path)
    assert read(path, separator=";").rows == 20


def test_old_line_ends_are_read(tmp_path: Path) -> None:
    """Carriage returns alone end lines too."""
    log = read(raw(tmp_path, force(60).write_csv().replace("\n", "\r").encode()))
    assert log.rows == 60
    assert not log.faults.of("broken_rows")


def test_utf_8_that_is_said_to_be_windows_1252_is_read_as_utf_8(tmp_path: Path) -> None:
    """Every row with a letter beyond ASCII is counted, and its label keeps its meaning."""
    rows = pl.int_range(pl.len())
    log = force(60).with_columns(kind=pl.when(rows < 7).then(pl.lit("disparu é")).otherwise("kind"))
    path = raw(tmp_path, log.write_csv().encode("utf-8"))
    changes: dict[str, Any] = {
        "file": {"time_zone": "Europe/London", "encoding": "windows-1252"},
        "kinds": {"disparu é": "missing_child", "*": "other"},
    }
    found = read_log(path, mapping(changes))
    (fault,) = found.faults.of("encoding")
    assert (fault.count, fault.of, fault.line) == (7, 60, 2)
    assert fault.done == "read as UTF-8"
    assert (found.incidents["stream"] == "missing_child").sum() == 7


def test_day_and_month_the_other_way_round_are_refused(tmp_path: Path) -> None:
    """Where what does not fit would fit with the month first, the rest was misread: all is refused.

    Of May 2025 the days 13 to 31 do not fit; 1 to 12 would be read as months.
    """
    log = moments(force(200)).with_columns(pl.col(name).dt.strftime(OTHER) for name in TIMES)
    said = refused(written(tmp_path, log), date_formats=["%d/%m/%Y %H:%M"])
    assert "day and month are the other way round" in said
    assert OTHER in said
    assert read(written(tmp_path, log), date_formats=[OTHER]).incidents.height == 200


def test_a_format_that_is_not_named_is_counted_and_the_rest_is_read(tmp_path: Path) -> None:
    """Half of the rows in a way of writing that the mapping does not name are left empty."""
    rows = pl.int_range(pl.len())
    other = pl.col("t_received").str.to_datetime(STAMP).dt.strftime("%d %b %Y at %H")
    log = force(100).with_columns(
        t_received=pl.when(rows % 2 == 0).then(pl.col("t_received")).otherwise(other)
    )
    found = read(written(tmp_path, log))
    (fault,) = found.faults.of("unread_times")
    assert (fault.where, fault.count, fault.of, fault.line) == ("t_received", 50, 100, 3)
    assert found.faults.count("not_received") == 50


def test_arrivals_before_all_reports_leave_nothing_and_the_reason_is_told(tmp_path: Path) -> None:
    """With no other time to measure by, the message says what was wrong with the arrivals."""
    log = force(50).with_columns(
        t_assigned=pl.lit(""),
        t_cleared=pl.lit(""),
        t_arrived=pl.col("t_received").str.replace("2025", "2024"),
    )
    said = refused(written(tmp_path, log))
    assert "no delay can be measured" in said
    assert "arrived: 50 earlier than the report itself, left empty" in said
    same = log.with_columns(t_arrived=pl.lit("2001-01-01 00:00:00"))
    said = refused(written(tmp_path, same))
    assert "t_arrived: 50 one moment that many rows share" in said


@pytest.mark.parametrize("rows", [200_000, pytest.param(1_000_000, marks=pytest.mark.slow)])
def test_one_broken_row_of_very_many_is_found(rows: int, tmp_path: Path) -> None:
    """The one with a field too many is named, and only it is lost."""
    few = force(2_000).drop("urn").write_csv(include_header=False)
    header = ",".join(force(1).drop("urn").columns)
    lines = [header, *(few.splitlines() * (rows // 2_000))]
    lines[123_456] += ",more"
    path = raw(tmp_path, "\n".join(lines).encode())
    columns = {key: name for key, name in mapping().mapping.columns.model_dump().items()
               if name is not None and key != "incident"}  # fmt: skip
    found = read_log(path, mapping({"columns": columns}))
    (fault,) = found.faults.of("broken_rows")
    assert (fault.count, fault.of, fault.line) == (1, rows, 123_457)
    assert fault.done == "left out"


@pytest.mark.parametrize(
    "change",
    [
        pl.col("grade").cast(pl.Categorical),
        pl.col("grade").cast(pl.Int32),
        pl.col("grade").cast(pl.Float64),
        pl.col("t_received").dt.replace_time_zone("Europe/London").cast(
            pl.Datetime("ns", "Europe/London")
        ),
        pl.col("t_received").dt.cast_time_unit("ms"),
    ],
)  # fmt: skip
def test_types_of_a_parquet_file_that_mean_the_same_are_read_the_same(
    tmp_path: Path, change: pl.Expr
) -> None:
    """Categories, whole numbers, 2.0 for 2, zoned and coarser moments."""
    log = moments(force(60))
    plain = read(written(tmp_path, log, "plain.parquet"))
    found = read(written(tmp_path, log.with_columns(change), "odd.parquet"))
    assert found.incidents.equals(plain.incidents)


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("kind", pl.concat_list, "type List"),
        ("kind", lambda column: pl.col(column).cast(pl.Binary), "type Binary"),
        ("t_received", lambda column: pl.col(column).cast(pl.Date), "without a time of day"),
    ],
)
def test_types_of_a_parquet_file_that_hold_no_label_or_moment_are_refused(
    tmp_path: Path, name: str, change: Callable[[str], pl.Expr], words: str
) -> None:
    """Lists, bytes, and days without a time of day: from midnight every wait would be wrong."""
    said = refused(written(tmp_path, moments(force(60)).with_columns(change(name)), "odd.parquet"))
    assert words in said
    assert name in said


def test_the_formats_that_would_read_a_log_are_named(tmp_path: Path) -> None:
    """Where no time of receipt was read, the message says which format the times seem to have."""
    assert "no date_formats, it seems" in refused(
        written(tmp_path, force(60)), date_formats=["epoch seconds"]
    )
    log = moments(force(60)).with_columns(pl.col(name).dt.epoch("s") for name in TIMES)
    said = refused(written(tmp_path, log, "log.parquet"))
    assert 'date_formats = ["epoch seconds"], it seems' in said
    assert 't_received: 60 values that no date format fits (such as "9999999999")' in said


def test_decimal_grades_are_whole_numbers(tmp_path: Path) -> None:
    """A Parquet column of decimals, 2.0 for 2, holds the grades that it shows."""
    log = force(60).with_columns(pl.col("grade").cast(pl.Decimal(5, 1)))
    found = read(written(tmp_path, log, "log.parquet"))
    assert not found.faults.of("unmapped_priority")


def test_a_mapping_is_written_in_spite_of_columns_that_hold_no_values(tmp_path: Path) -> None:
    """Lists are left out of it by name, lengths of time are added to the receipt."""
    log = moments(force(60)).with_columns(
        pl.col("kind").implode().over("kind"), t_graded=pl.col("t_graded") - pl.col("t_received")
    )
    text = new_mapping(written(tmp_path, log, "log.parquet"))
    assert "# left out: kind (seems to hold values of type List)" in text
    assert 'graded = { lasted = "t_graded", after = "received", unit = "seconds" }' in text
    assert 'received = "t_received"' in text


def test_a_mapping_is_written_from_lines_that_end_as_they_used_to(tmp_path: Path) -> None:
    """Carriage returns alone end lines too."""
    data = force(60).write_csv().replace("\n", "\r").encode()
    assert 'received = "t_received"' in new_mapping(raw(tmp_path, data))


def test_a_column_stands_for_one_time(tmp_path: Path) -> None:
    """A mapping that takes one column for two times is told which other one has it."""
    columns = {**MAPPING["columns"], "graded": "t_received"}
    with pytest.raises(ScenarioErrors) as caught:
        mapping({"columns": columns})
    (error,) = caught.value.errors
    assert error.path == "columns.graded"
    assert "columns.received is this column too" in error.message


@pytest.mark.parametrize("role", ["kind", "area", "origin", "unit"])
def test_names_of_a_few_people_are_refused_as_any_label(tmp_path: Path, role: str) -> None:
    """Common first names give a column away also where few people share many incidents."""
    people = ["Ann Smith", "BOB JONES", "Brown, Carol", "Dan White"]
    column = MAPPING["columns"][role]
    names = pl.Series(column, [people[number % 4] for number in range(80)])
    path = written(tmp_path, force(80).with_columns(names))
    said = refused(path)
    assert "names of people" in said
    assert "Smith" not in said
    assert "Smith" not in new_mapping(path)
