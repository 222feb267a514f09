"""What a column of times says is looked at: read right, refused, or told before anything else."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sim.errors import InputError, ScenarioErrors
from sim.force_log import Log
from tests.force_log.made_up import written
from tests.force_log.reshaped import (
    COLUMNS,
    STAMP,
    TIMES,
    ZONE,
    Write,
    guessed,
    moments,
    rewritten,
    said,
    same,
    shown,
)


def refused(path: Path, *formats: str, **changes: Any) -> str:
    """What is said of a log that is refused."""
    with pytest.raises((InputError, ScenarioErrors)) as caught:
        said(path, *formats, **changes)
    assert caught.value.exit_status == 2
    return str(caught.value)


def first(log: Log) -> str:
    """The code of the fault that stands first."""
    return log.faults.found[0].code


def halves(day: Write, time: Write) -> pl.DataFrame:
    """The log with each time in a column of dates and one of times of day."""
    log = moments()
    for column in COLUMNS:
        log = log.with_columns(day(column).alias(f"{column}_Date"), time(column).alias(column))
        log = log.rename({column: f"{column}_Time"})
    return log


PAIRS = {role: [f"{column}_Date", f"{column}_Time"] for role, column in TIMES.items()}


@pytest.mark.parametrize(
    "day",
    [
        "%Y-%m-%dT00:00:00Z", "%Y-%m-%dT00:00:00.000Z", "%Y-%m-%d 00:00:00+00", "%d/%m/%Y 00:00",
        "%m/%d/%Y 12:00:00 AM",
    ],
)  # fmt: skip
def test_midnight_dates_beside_times_of_day_are_paired(tmp_path: Path, day: str) -> None:
    """A date that is written as its midnight, with or without a zone, is a date."""
    path = written(tmp_path, halves(shown(day), shown("%H:%M:%S")))
    found = guessed(path, change=lambda text: text.replace("America/New_York", ZONE))
    assert found.mapping.columns.moments() == {role: tuple(two) for role, two in PAIRS.items()}
    assert same(found, tmp_path)


@pytest.mark.parametrize("day", ["%Y-%m-%dT00:00:00Z", "%Y-%m-%d 00:00:00"])
def test_days_without_their_times_are_refused(tmp_path: Path, day: str) -> None:
    """A column whose values lie at one clock time is no column of times."""
    path = written(tmp_path, rewritten(shown(day)))
    told = refused(path)
    assert "nearly all values lie at 00:00: these are days, and no times" in told
    assert '["its date", "its time"]' in told


def test_figures_that_lack_their_noughts_get_them_back(tmp_path: Path) -> None:
    """By %H%M 115 is a quarter past one, and 5 five past midnight."""
    path = written(
        tmp_path,
        halves(shown("%m/%d/%Y"), lambda c: pl.col(c).dt.strftime("%H%M").cast(pl.Int64)),
    )
    found = said(path, "%m/%d/%Y %H%M", columns=PAIRS)
    assert same(found, tmp_path, "1m")
    found = guessed(path, change=lambda text: text.replace("America/New_York", ZONE))
    assert same(found, tmp_path, "1m")


def test_zoned_and_local_stand_ins_pass_the_same_check(tmp_path: Path) -> None:
    """1900 for "never", marked as UTC, is nothing, and no date of birth."""
    log = rewritten(
        lambda c: (
            pl.col(c).dt.replace_time_zone(ZONE).dt.convert_time_zone("UTC")
            .dt.strftime("%Y-%m-%dT%H:%M:%SZ").fill_null("1900-01-01T00:00:00Z")
        )
    )  # fmt: skip
    found = said(written(tmp_path, log), file={"clock": "utc"})
    assert same(found, tmp_path)
    nothing = sum(moments()[column].null_count() for column in COLUMNS)
    assert found.faults.count("placeholder_times") == nothing


def test_numbers_in_scientific_form_are_refused_where_they_are_rounded(tmp_path: Path) -> None:
    """1.65089E+12 is known to three hours; with all its figures it is a time."""

    def scientific(figures: int) -> Write:
        return lambda c: (
            pl.col(c).dt.replace_time_zone(ZONE).dt.epoch("ms")
            .map_elements(lambda ms: f"{ms:.{figures}E}", return_dtype=pl.String)
        )  # fmt: skip

    path = written(tmp_path, rewritten(scientific(5)))
    assert "scientific form, to steps of 2.78 hours" in refused(path, "epoch milliseconds")
    path = written(tmp_path, rewritten(scientific(12)))
    assert same(said(path, "epoch milliseconds"), tmp_path)


WAYS: dict[str, tuple[str, Write]] = {
    "an offset of two figures": (
        "%Y-%m-%d %H:%M:%S%#z",
        lambda c: (
            pl.col(c).dt.replace_time_zone(ZONE).dt.strftime("%Y-%m-%d %H:%M:%S%z")
            .str.strip_suffix("00")
        ),
    ),
    "a decimal comma": ("%Y-%m-%d %H:%M:%S%.f", shown("%Y-%m-%d %H:%M:%S,000")),
    "a comma after the date": ("%d/%m/%Y %H:%M:%S", shown("%d/%m/%Y, %H:%M:%S")),
    "a year of two figures": ("%d/%m/%y %H:%M:%S", shown("%d/%m/%y %H:%M:%S")),
    "points in the time": ("%d.%m.%Y %H.%M.%S", shown("%d.%m.%Y %H.%M.%S")),
    "German months": (
        "%d-%b-%Y %H:%M:%S",
        lambda c: shown(STAMP)(c).str.replace("/04/", "-Apr-").str.replace("/05/", "-Mai-"),
    ),
    "French months": (
        "%d %b %Y %H:%M:%S",
        lambda c: shown(STAMP)(c).str.replace("/04/", " avr. ").str.replace("/05/", " mai "),
    ),
    "Welsh months": (
        "%d %B %Y %H:%M:%S",
        lambda c: shown(STAMP)(c).str.replace("/04/", " Ebrill ").str.replace("/05/", " Mai "),
    ),
    "a.m. and p.m.": (
        "%d/%m/%Y %I:%M:%S %p",
        lambda c: (
            shown("%d/%m/%Y %I:%M:%S %p")(c).str.replace("AM", "a.m.").str.replace("PM", "p.m.")
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_other_ways_of_writing_a_time_are_read(tmp_path: Path, way: str) -> None:
    """What is meant by a time is read, as it is said and as it is guessed."""
    form, write = WAYS[way]
    path = written(tmp_path, rewritten(write))
    assert same(said(path, form), tmp_path)
    assert same(guessed(path), tmp_path)


def test_a_decimal_comma_parts_a_spreadsheets_days(tmp_path: Path) -> None:
    """44676,543056 is a day and its fraction, also in two columns."""

    def days(column: str) -> pl.Expr:
        return (pl.col(column) - datetime(1899, 12, 30)).dt.total_milliseconds() / 86_400_000

    log = rewritten(lambda c: days(c).cast(pl.String).str.replace(".", ",", literal=True))
    assert same(said(written(tmp_path, log), "Excel days"), tmp_path)
    log = halves(lambda c: days(c).floor().cast(pl.Int64), lambda c: days(c) % 1)
    assert same(said(written(tmp_path, log), "Excel days", columns=PAIRS), tmp_path)


def test_hour_24_of_a_day_is_hour_0_of_the_next(tmp_path: Path) -> None:
    """A quarter past midnight may be written 24:15 of the day before; how many is told."""

    def late(column: str) -> pl.Expr:
        before = (pl.col(column) - timedelta(days=1)).dt.strftime("%d/%m/%Y 24:%M:%S")
        return pl.when(pl.col(column).dt.hour() == 0).then(before).otherwise(shown(STAMP)(column))

    path = written(tmp_path, rewritten(late))
    found = said(path, STAMP)
    assert same(found, tmp_path)
    hours = moments().select(pl.col(COLUMNS).dt.hour() == 0).sum().row(0)
    assert found.faults.count("hour_24") == sum(hours) > 0


def test_hours_of_twelve_without_am_and_pm_are_refused(tmp_path: Path) -> None:
    """A log of whole days in which nothing ever happens after noon has lost its PM."""
    path = written(tmp_path, rewritten(shown("%d/%m/%Y %I:%M:%S")))
    assert "no time lies after noon" in refused(path, STAMP)


@pytest.mark.parametrize("hours", [1, 2])
def test_times_that_are_whole_hours_are_refused(tmp_path: Path, hours: int) -> None:
    """No delay can be told from times to the hour."""
    path = written(
        tmp_path, rewritten(lambda c: pl.col(c).dt.truncate(f"{hours}h").dt.strftime(STAMP))
    )
    assert "no delay can be told from them" in refused(path, STAMP)


def test_times_to_the_quarter_of_an_hour_are_told_first(tmp_path: Path) -> None:
    """Coarse times are read, and that they are coarse stands first."""
    path = written(tmp_path, rewritten(lambda c: pl.col(c).dt.round("15m").dt.strftime(STAMP)))
    fault = said(path, STAMP).faults.found[0]
    assert fault.code == "coarse_times"
    assert "steps of 15 minutes" in fault.what


def test_a_time_of_day_at_which_many_lie_is_told_first(tmp_path: Path) -> None:
    """Where one arrival in ten is at midnight, midnight stands for something else."""
    rows = pl.int_range(pl.len())
    log = rewritten(shown(STAMP)).with_columns(
        Resource_At_Scene=pl.when(rows % 10 == 0)
        .then(pl.col("Resource_At_Scene").str.slice(0, 10) + " 00:00:00")
        .otherwise("Resource_At_Scene")
    )
    found = said(written(tmp_path, log), STAMP)
    codes = [fault.code for fault in found.faults.found]
    assert "one_clock_time" in codes[:2]


def test_local_times_marked_as_utc_are_told_first(tmp_path: Path) -> None:
    """In summer a Z after local time puts every hour off by one: where it may be so is told."""
    path = written(tmp_path, rewritten(shown("%Y-%m-%dT%H:%M:%SZ")))
    found = said(path)
    assert first(found) == "zone_marks"
    assert found.faults.found[0].count == found.faults.found[0].of
    assert same(said(path, "%Y-%m-%dT%H:%M:%SZ"), tmp_path)


def test_zones_by_name_are_read_as_what_they_are(tmp_path: Path) -> None:
    """BST is an hour ahead of UTC; another word at the end is no zone, and PM is none."""
    log = rewritten(
        lambda c: (
            pl.col(c).dt.replace_time_zone(ZONE).dt.convert_time_zone("UTC")
            .dt.strftime("%d/%m/%Y %H:%M:%S UTC")
        )
    )  # fmt: skip
    path = written(tmp_path, log)
    assert same(said(path, "%d/%m/%Y %H:%M:%S %Z"), tmp_path)
    assert same(guessed(path), tmp_path)
    path = written(tmp_path, rewritten(shown("%d/%m/%Y %H:%M:%S BST")))
    found = said(path, "%d/%m/%Y %H:%M:%S %Z")
    assert same(found, tmp_path)
    assert {fault.code for fault in found.faults.found} == {"missing_times", "nobody_sent"}
    path = written(tmp_path, rewritten(shown("%d/%m/%Y %I:%M:%S %p")))
    assert "nothing sound is left" in refused(path, "%d/%m/%Y %H:%M:%S %Z")
    assert same(guessed(path), tmp_path)


def test_seconds_that_count_local_time_can_be_said_to(tmp_path: Path) -> None:
    """Counted from 1970 in UTC or as if local time were UTC: told first, and both can be read."""
    path = written(tmp_path, rewritten(lambda c: pl.col(c).dt.epoch("s")))
    assert first(said(path, "epoch seconds")) == "zone_marks"
    found = said(path, "local epoch seconds")
    assert same(found, tmp_path)
    assert {fault.code for fault in found.faults.found} == {"missing_times", "nobody_sent"}


def test_honest_offsets_are_no_fault(tmp_path: Path) -> None:
    """Times that carry the offset of their own zone are read without a word."""
    path = written(
        tmp_path,
        rewritten(
            lambda c: pl.col(c).dt.replace_time_zone(ZONE).dt.strftime("%Y-%m-%dT%H:%M:%S%:z")
        ),
    )
    found = said(path)
    assert same(found, tmp_path)
    assert {fault.code for fault in found.faults.found} == {"missing_times", "nobody_sent"}


def test_days_that_two_readings_fit_are_told_or_refused(tmp_path: Path) -> None:
    """Of the first days of May both readings fit: the one that scatters them is refused."""
    log = moments().filter(pl.col("Call_Received") >= datetime(2022, 5, 1))
    assert log["Call_Received"].dt.date().n_unique() > 3
    log = log.with_columns(pl.col(COLUMNS).dt.strftime(STAMP))
    path = written(tmp_path, log)
    told = refused(path, "%m/%d/%Y %H:%M:%S")
    assert "day, month and year stand in another order" in told
    assert "%d/%m/%Y %H:%M:%S" in told
    right = said(path, STAMP)
    assert right.period[0].month == right.period[1].month == 5
    assert 'date_formats = ["%d/%m/%Y %H:%M:%S"]' in guessed_text(path)


def test_dates_that_a_spreadsheet_turned_about_are_told_first(tmp_path: Path) -> None:
    """Days up to the twelfth stand as months, the others as they are: two weeks over a year."""
    log = moments().with_columns(pl.col(COLUMNS) + timedelta(days=12))

    def turned(column: str) -> pl.Expr:
        about = pl.col(column).dt.strftime("%m/%d/%Y %H:%M:%S")
        return (
            pl.when(pl.col(column).dt.day() <= 12).then(about).otherwise(shown(STAMP)(column))
        )  # fmt: skip

    path = written(tmp_path, log.with_columns(turned(column).alias(column) for column in COLUMNS))
    found = said(path, STAMP)
    assert first(found) == "two_readings"
    assert "turned about" in found.faults.found[0].what


def guessed_text(path: Path) -> str:
    """The mapping that is written for a log."""
    from sim.force_log import new_mapping

    return new_mapping(path)


def test_a_step_on_another_zones_clock_is_told_first(tmp_path: Path) -> None:
    """Clearing an hour late, in every row, is a clock and no work."""
    log = rewritten(
        lambda c: (pl.col(c) + timedelta(hours=1)).dt.strftime(STAMP),
        ("Resource_Cleared", "Incident_Closed"),
    )
    found = said(written(tmp_path, log), STAMP)
    assert (first(found), found.faults.found[0].where) == ("shifted_clock", "cleared")
    log = rewritten(
        lambda c: (pl.col(c) - timedelta(hours=1)).dt.strftime(STAMP), ("Resource_At_Scene",)
    )
    found = said(written(tmp_path, log), STAMP)
    assert first(found) in {"before_report", "clock_order"}


def test_steps_that_are_equal_are_told(tmp_path: Path) -> None:
    """A column that repeats another is no time of its own."""
    log = rewritten(shown(STAMP)).with_columns(Resource_At_Scene="Resource_Allocated")
    found = said(written(tmp_path, log), STAMP)
    assert "same_times" in {fault.code for fault in found.faults.found[:3]}


def test_a_handful_of_receipts_years_away_is_left_out(tmp_path: Path) -> None:
    """A year that was mistyped does not stretch the log over a decade."""
    rows = pl.int_range(pl.len())
    log = rewritten(shown(STAMP)).with_columns(
        pl.when(rows < 3)
        .then(pl.col(COLUMNS).str.replace("2022", "2012"))
        .otherwise(pl.col(COLUMNS))
    )
    found = said(written(tmp_path, log), STAMP)
    assert found.period[0].year == 2022
    (fault,) = found.faults.of("placeholder_times")
    assert (fault.count, fault.where) == (3, "received")


def test_a_sound_log_has_no_word_said_of_its_times(tmp_path: Path) -> None:
    """None of these looks finds anything in the sample as it is written."""
    found = said(written(tmp_path, rewritten(shown(STAMP))), STAMP)
    assert {fault.code for fault in found.faults.found} == {"missing_times", "nobody_sent"}
