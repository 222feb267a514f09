"""The ways in which exports write their times: each can be said, guessed and read alike."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sim.errors import InputError, ScenarioErrors
from sim.force_log import Log, load_mapping, new_mapping, read_log
from sim.force_log.mapping import LoadedMapping, mapping_from
from sim.force_log.numerals import numbers
from tests.force_log.made_up import MAPPING, STAMP, force, written

ROLES = ("received", "graded", "ratified", "assigned", "arrived", "cleared")
COLUMNS = [f"t_{role}" for role in ROLES]
LOCAL = "Europe/London"


def moments() -> pl.DataFrame:
    """A made-up log of 400 incidents over four weeks, its times as local moments."""
    return force(400).with_columns(pl.col(COLUMNS).str.to_datetime(STAMP))


def shown(form: str) -> Callable[[str], pl.Expr]:
    """Write a column of times in a format."""
    return lambda column: pl.col(column).dt.strftime(form)


def since_1970(unit: str) -> Callable[[str], pl.Expr]:
    """Write a column of times as a number of seconds or milliseconds since 1970 began in UTC."""
    return lambda column: pl.col(column).dt.replace_time_zone(LOCAL).dt.epoch(unit)  # type: ignore[arg-type]


def excel_days(column: str) -> pl.Expr:
    """Write a column of times as a spreadsheet counts them."""
    return (pl.col(column) - datetime(1899, 12, 30)).dt.total_milliseconds() / 86_400_000


def read(path: Path, file: dict[str, Any], columns: dict[str, Any] | None = None) -> Log:
    """Read a log with another [file], and some other [columns], than the made-up mapping's."""
    said = {
        **MAPPING,
        "file": {"time_zone": LOCAL, **file},
        "columns": {**MAPPING["columns"], **(columns or {})},
    }
    return read_log(path, LoadedMapping(mapping_from(said, "map.toml"), "map.toml"))


def truth(tmp_path: Path, unit: str = "1m") -> pl.DataFrame:
    """The moments as they are read from ISO 8601, to a unit."""
    found = read(written(tmp_path, force(400), "truth.csv"), {}).incidents
    return found.select(pl.col(ROLES).dt.truncate(unit))


WAYS: dict[str, tuple[str, Callable[[str], pl.Expr]]] = {
    "epoch seconds": ("epoch seconds", since_1970("s")),
    "epoch milliseconds": ("epoch milliseconds", since_1970("ms")),
    "Excel days": ("Excel days", excel_days),
    "day first": ("%d/%m/%Y %H:%M", shown("%d/%m/%Y %H:%M")),
    "day first, twelve hours": ("%d/%m/%Y %I:%M:%S %p", shown("%-d/%-m/%Y %-I:%M:%S %p")),
    "month first, twelve hours": ("%m/%d/%Y %I:%M:%S %p", shown("%-m/%-d/%Y %-I:%M:%S %p")),
    "two-figure year": ("%d/%m/%y %H:%M", shown("%d/%m/%y %H:%M")),
    "month by name": ("%d-%b-%Y %H:%M:%S", shown("%d-%b-%Y %H:%M:%S")),
    "no marks": ("%Y%m%d %H%M", shown("%Y%m%d %H%M")),
    "an offset": (
        "%d/%m/%Y %H:%M:%S %z",
        lambda column: (
            pl.col(column).dt.replace_time_zone(LOCAL).dt.strftime("%d/%m/%Y %H:%M:%S %z")
        ),
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_way_of_writing_times_is_said_guessed_and_read(way: str, tmp_path: Path) -> None:
    """The mapping that is guessed names the format, and reads what ISO 8601 would have said."""
    form, write = WAYS[way]
    log = moments().with_columns(write(column).alias(column) for column in COLUMNS)
    path = written(tmp_path, log)
    guessed = tmp_path / "map.toml"
    guessed.write_text(new_mapping(path), encoding="utf-8")
    file = load_mapping(guessed).mapping.file
    assert form in file.date_formats
    found = read(path, {"date_formats": file.date_formats})
    assert found.incidents.select(pl.col(ROLES).dt.truncate("1m")).equals(truth(tmp_path))
    assert not found.faults.of("unread_times")


@pytest.mark.parametrize("name", ["log.csv", "log.parquet"])
def test_a_date_and_a_time_of_day_in_two_columns_are_one_time(tmp_path: Path, name: str) -> None:
    """Dates and times apart are guessed as pairs, and read as the same moments."""
    log = moments()
    for column in COLUMNS:
        stem = column.removeprefix("t_")
        log = log.with_columns(
            pl.col(column).dt.date().alias(f"{stem}_date"),
            pl.col(column).dt.time().alias(f"{stem}_time"),
        ).drop(column)
    if name.endswith("csv"):
        log = log.with_columns(
            pl.selectors.date().dt.strftime("%d/%m/%Y"), pl.selectors.time().dt.strftime("%H:%M:%S")
        )
    path = written(tmp_path, log, name)
    guessed = tmp_path / "map.toml"
    guessed.write_text(new_mapping(path), encoding="utf-8")
    mapping = load_mapping(guessed).mapping
    assert mapping.columns.stamps() == {role: (f"{role}_date", f"{role}_time") for role in ROLES}
    found = read(
        path,
        {"date_formats": mapping.file.date_formats},
        {role: [f"{role}_date", f"{role}_time"] for role in ROLES},
    )
    assert found.incidents.select(pl.col(ROLES).dt.truncate("1m")).equals(truth(tmp_path))


def test_one_date_for_several_times_goes_on_past_midnight(tmp_path: Path) -> None:
    """A time of day after midnight beside the report's date is of the next day, and counted."""
    log = moments().with_columns(Date=pl.col("t_received").dt.strftime("%d/%m/%Y"))
    over = sum(
        int((log[column].dt.date() != log["t_received"].dt.date()).sum()) for column in COLUMNS
    )
    assert over > 20
    log = log.with_columns(pl.col(COLUMNS).dt.strftime("%H:%M:%S"))
    path = written(tmp_path, log)
    text = new_mapping(path)
    assert 'received = ["Date", "t_received"]' in text
    found = read(
        path,
        {"date_formats": ["%d/%m/%Y %H:%M:%S"]},
        {role: ["Date", f"t_{role}"] for role in ROLES},
    )
    assert found.incidents.select(pl.col(ROLES).dt.truncate("1m")).equals(truth(tmp_path))
    assert found.faults.count("past_midnight") == over


def test_words_for_nothing_are_nothing_whatever_their_capitals(tmp_path: Path) -> None:
    """NULL, n/a and dashes are empty cells; an unusual word is guessed as one."""
    log = force(400).with_row_index("row")
    words = ["null", "N/A", "n/a", "-", "NaT", "#N/A"]
    for place, word in enumerate(words):
        log = log.with_columns(
            t_ratified=pl.when(pl.col("row") == place).then(pl.lit(word)).otherwise("t_ratified")
        )
    path = written(tmp_path, log.drop("row"))
    found = read(path, {})
    assert not found.faults.of("unread_times")
    assert found.incidents["ratified"].null_count() == len(words)
    unusual = log.with_columns(
        t_ratified=pl.when(pl.col("row") < 9).then(pl.lit("UNSET")).otherwise("t_ratified")
    )
    text = new_mapping(written(tmp_path, unusual.drop("row"), "unusual.csv"))
    assert '"UNSET"' in next(line for line in text.splitlines() if line.startswith("empty"))


@pytest.mark.parametrize(
    ("form", "help_"),
    [
        ("DD/MM/YYYY HH:mm:ss", "%d/%m/%Y %H:%M:%S"),
        ("dd-MMM-yy hh:mm tt", "%d-%b-%y %I:%M %p"),
        ("%d/%m/%Y %I:%M", "%I:%M:%S %p"),
        ("%d/%m/%Y %H", '"%d/%m/%Y %H:%M"'),
        ("%d/%m/%Y", "its date"),
        ("epoch", "epoch seconds"),
    ],
)
def test_a_wrong_format_is_told_with_what_to_write(form: str, help_: str) -> None:
    """The fault says what may stand there, also for formats as other programs write them."""
    said = {**MAPPING, "file": {"time_zone": LOCAL, "date_formats": [form]}}
    with pytest.raises(ScenarioErrors) as caught:
        mapping_from(said, "map.toml")
    (error,) = caught.value.errors
    assert error.path == "file.date_formats[0]"
    assert help_ in str(error.allowed)


def test_a_part_of_a_pair_is_held_to_the_same_rules(tmp_path: Path) -> None:
    """A pair of one or three columns, a date of birth, and a missing half are each told."""
    for pair, where in (
        (["Date"], "columns.received"),
        (["Date", "Time", "Zone"], "columns.received"),
        (["date_of_birth", "Time"], "columns.received[0]"),
    ):
        said = {**MAPPING, "columns": {**MAPPING["columns"], "received": pair}}
        with pytest.raises(ScenarioErrors) as caught:
            mapping_from(said, "map.toml")
        assert [error.path for error in caught.value.errors] == [where]
    with pytest.raises((ScenarioErrors, InputError)) as missing:
        read(written(tmp_path, force(30)), {}, {"received": ["t_received", "t_hour"]})
    assert "t_hour" in str(missing.value)


def test_a_day_alone_is_told_to_want_its_time(tmp_path: Path) -> None:
    """A Parquet column of days is refused, and the message shows how a second one is named."""
    log = moments().with_columns(pl.col("t_received").dt.date())
    with pytest.raises((ScenarioErrors, InputError)) as caught:
        read(written(tmp_path, log, "log.parquet"), {})
    assert 'columns.received = ["its date", "its time"]' in str(caught.value)


@pytest.mark.parametrize(
    ("texts", "read"),
    [
        (["12", "950", "1,234", "12,345.5", None], [12, 950, 1_234, 12_345.5, None]),
        (["12,5", "1,234", "3"], [12.5, 1.234, 3]),
        (["1,234", "2,500"], [1.234, 2.5]),
        (["5000", "1,234"], [5_000, 1.234]),
        (["1.5", "2,5", "x"], [1.5, 2.5, None]),
    ],
    ids=["thousands", "decimals", "nothing to tell by", "thousands without a comma", "both"],
)
def test_a_comma_sets_thousands_apart_where_all_show_it(
    texts: list[str | None], read: list[float | None]
) -> None:
    """1,234 seconds beside 950 are twenty minutes, and no second and a quarter."""
    assert numbers(pl.Series(texts)).to_list() == read
