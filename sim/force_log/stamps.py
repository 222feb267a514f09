"""Times of a log: formats, time zone, and hours that a clock change doubles or leaves out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import polars as pl

from sim.errors import InputError
from sim.force_log.faults import LogFault
from sim.force_log.mapping import COUNTED, LogFile
from sim.force_log.source import LINE
from sim.force_log.words import Stamp

ISO_FORMATS: Final = (
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%dT%H:%M:%S%.f%#z",
    "%Y-%m-%d %H:%M:%S%.f%#z",
)
PLAUSIBLE_YEARS: Final = (1990, 2199)
_FEW_UNREAD: Final = 5
_ZONED: Final = re.compile(r"%[:#]?z")
_EXCEL_EPOCH: Final = datetime(1899, 12, 30)
_UNIX_EPOCH: Final = datetime(1970, 1, 1)
_NEXT_DAY: Final = timedelta(hours=2)
"""Clocks that disagree by more are not met; a wait of up to 22 hours is."""


@dataclass(frozen=True, slots=True)
class _Read:
    """One column of times: naive local or UTC times, and those that carry their own zone."""

    naive: pl.Series
    zoned: pl.Series | None
    by_format: Mapping[str, int]
    unread: pl.Series


def read_stamps(
    frame: pl.DataFrame, stamps: Mapping[Stamp, tuple[str, ...]], file: LogFile
) -> tuple[pl.DataFrame, list[LogFault]]:
    """Turn a log's columns of times into moments.

    Parameters
    ----------
    frame
        As `sim.force_log.source.Source` holds it.
    stamps
        Column of each stamp, or its two columns: of its date, and of its time of day.
    file
        How the log is written.

    Returns
    -------
    moments, faults
        A column for each stamp, of times with the mapping's zone, in microseconds; shape
        (rows,). Of an hour that occurs twice the first is taken, unless an earlier stamp of the
        same incident lies after it.
    """
    faults: list[LogFault] = []
    lines = frame[LINE]
    columns: dict[str, pl.Series] = {}
    formats: dict[str, int] = {}
    doubled = impossible = 0
    before: pl.Series | None = None
    shared = Counter(parts[0] for parts in stamps.values() if len(parts) > 1)
    days_before: dict[str, pl.Series] = {}
    for stamp, parts in stamps.items():
        column = shown_as(parts)
        read = _read(in_one(frame, parts), file)
        for name, count in read.by_format.items():
            formats[name] = formats.get(name, 0) + count
        _check_day_and_month(read, column, file)
        faults += _unread(read, column, lines)
        naive, odd = _plausible(read.naive, column, lines)
        faults += odd
        if len(parts) > 1 and shared[parts[0]] > 1:
            naive, moved = _past_midnight(naive, days_before.get(parts[0]), column)
            faults += moved
            days_before[parts[0]] = naive.fill_null(days_before.get(parts[0], naive))
        if file.clock == "utc":
            moments = naive.dt.replace_time_zone("UTC").dt.convert_time_zone(file.time_zone)
        else:
            moments, twice, never = _local(naive, file.time_zone, before)
            doubled, impossible = doubled + twice, impossible + never
        if read.zoned is not None:
            own = read.zoned.dt.convert_time_zone(file.time_zone)
            moments = moments.fill_null(own)
        columns[stamp] = moments
        # Ratification has no place in the sequence.
        if stamp != "ratified":
            before = moments if before is None else moments.fill_null(before)
    values = int(sum(column.len() - column.null_count() for column in columns.values()))
    where = "the columns of times"
    if len(formats) > 1:
        ways = ", ".join(f'"{name}"' for name in formats)
        faults.append(
            LogFault(
                "mixed_formats",
                f"times are written in {len(formats)} ways: {ways}",
                where,
                values - max(formats.values()),
                values,
                "each was read by the first format that fits",
            )
        )
    if doubled:
        faults.append(
            LogFault(
                "ambiguous_times",
                "local times in an hour that occurs twice, as the clocks go back",
                where,
                doubled,
                values,
                "taken as the first of the two, or the second where the order of stamps asks it",
            )
        )
    if impossible:
        faults.append(
            LogFault(
                "impossible_times",
                "local times in an hour that does not occur, as the clocks go forward",
                where,
                impossible,
                values,
                "moved on by an hour, as by a clock that had not been set",
            )
        )
    return pl.DataFrame(columns), faults


def shown_as(parts: Sequence[str]) -> str:
    """What a time's column is called, or its columns of date and of time together."""
    return " and ".join(parts)


def in_one(frame: pl.DataFrame, parts: Sequence[str]) -> pl.Series:
    """One column of times, put together where the log has its date and its time apart."""
    if len(parts) == 1:
        return frame[parts[0]]
    day, time = (frame[part] for part in parts)
    if time.dtype == pl.Time and isinstance(day.dtype, pl.Date | pl.Datetime):
        whole = pl.col(parts[0]).dt.date().dt.combine(pl.col(parts[1]))
        return frame.select(whole).to_series()
    texts = [as_text(day, "%Y-%m-%d"), as_text(time, "%H:%M:%S")]
    return texts[0] + " " + texts[1]


def as_text(part: pl.Series, form: str) -> pl.Series:
    """Return a column of times as text: as it stands, or in a format where it holds moments."""
    return part.dt.strftime(form) if part.dtype.is_temporal() else part.cast(pl.String)


def _past_midnight(
    naive: pl.Series, before: pl.Series | None, column: str
) -> tuple[pl.Series, list[LogFault]]:
    """Move to the next day what stands beside an earlier stamp's day, and is long before it."""
    if before is None:
        return naive, []
    early = (naive < before - _NEXT_DAY).fill_null(False)
    count = int(early.sum())
    if not count:
        return naive, []
    fault = LogFault(
        "past_midnight",
        "times of day after midnight, beside the day before",
        column,
        count,
        naive.len(),
        "taken for the next day, since the date's column is that of several times",
    )
    return (naive + timedelta(days=1)).zip_with(early, naive), [fault]


def _read(column: pl.Series, file: LogFile) -> _Read:
    if column.dtype.is_temporal():
        return _of_parquet(column)
    formats: Sequence[str] = file.date_formats or ISO_FORMATS
    naive = pl.Series([None], dtype=pl.Datetime("us")).new_from_index(0, column.len())
    zoned: pl.Series | None = None
    left = column
    by_format: dict[str, int] = {}
    for text in formats:
        if left.null_count() == left.len():
            break
        values = parsed(left, text)
        if values.dtype == pl.Datetime("us", "UTC"):
            zoned = values if zoned is None else zoned.fill_null(values)
        else:
            naive = naive.fill_null(values)
        count = values.len() - values.null_count()
        if count:
            by_format[text] = count
            left = left.set(values.is_not_null(), None)
    return _Read(naive, zoned, by_format, left)


def parsed(text: pl.Series, form: str) -> pl.Series:
    """Read times by one date format; empty where it does not fit.

    Returns
    -------
    polars.Series
        Shape (rows,): moments in UTC where the format has an offset or counts from 1970, else
        local times without a zone.
    """
    if form in COUNTED:
        return _counted(text, form)
    zone = "UTC" if _ZONED.search(form) else None
    return text.str.to_datetime(form, time_unit="us", time_zone=zone, strict=False)


def _counted(text: pl.Series, form: str) -> pl.Series:
    """Read times that are written as a number; empty where it lies in no plausible year."""
    number = text.cast(pl.Float64, strict=False)
    if form == "Excel days":
        # To the second: a day's fraction has no more to it.
        seconds = (number * 86_400).round()
        first, zone = (_EXCEL_EPOCH - _UNIX_EPOCH).total_seconds(), None
    else:
        seconds = number / (1_000 if form == "epoch milliseconds" else 1)
        first, zone = 0.0, "UTC"
    low, high = (
        (datetime(year, 1, 1) - _UNIX_EPOCH).total_seconds() - first
        for year in (PLAUSIBLE_YEARS[0], PLAUSIBLE_YEARS[1] + 1)
    )
    inside = seconds.is_between(low, high, closed="left")
    micros = ((seconds + first) * 1e6).round().set(~inside, None)
    return micros.cast(pl.Int64).cast(pl.Datetime("us")).dt.replace_time_zone(zone)


def _of_parquet(column: pl.Series) -> _Read:
    dtype = column.dtype
    nothing = pl.Series([None], dtype=pl.String).new_from_index(0, column.len())
    empty = pl.Series([None], dtype=pl.Datetime("us")).new_from_index(0, column.len())
    if isinstance(dtype, pl.Datetime) and dtype.time_zone is not None:
        return _Read(empty, column.cast(pl.Datetime("us", dtype.time_zone)), {}, nothing)
    if isinstance(dtype, pl.Datetime | pl.Date):
        return _Read(column.cast(pl.Datetime("us")), None, {}, nothing)
    return _Read(empty, None, {}, column.cast(pl.String))


def _check_day_and_month(read: _Read, column: str, file: LogFile) -> None:
    """Refuse times of which those that do not fit would with day and month the other way round.

    The others are then read with the two exchanged: the third of April as the fourth of March.
    """
    left = read.unread.drop_nulls()
    if left.len() < max(_FEW_UNREAD, read.unread.len() / 20):
        return
    for text in file.date_formats:
        parts = re.findall(r"%[de]|%m", text)
        if len(parts) != 2 or "%m" not in parts:
            continue
        other = re.sub(r"%[dem]", lambda part: "%d" if part[0] == "%m" else "%m", text)
        if left.str.to_datetime(other, time_unit="us", strict=False).null_count() == 0:
            raise InputError(
                f"day and month are the other way round: {left.len():,} of {read.unread.len():,} "
                f'times fit "{other}" only',
                path=f"date_formats in [file] of the mapping, by column {column}",
                found=text,
                allowed=other,
            )


def _unread(read: _Read, column: str, lines: pl.Series) -> list[LogFault]:
    bad = read.unread.is_not_null()
    count = int(bad.sum())
    if not count:
        return []
    first = read.unread.filter(bad)
    # Only the shape of the commonest is told: every letter an A, every digit a 9.
    shapes = first.str.replace_all(r"\p{L}", "A").str.replace_all(r"\d", "9").alias("shape")
    shape = str(shapes.value_counts(sort=True)["shape"][0])[:40]
    return [
        LogFault(
            "unread_times",
            "values that no date format fits",
            column,
            count,
            read.unread.len(),
            "left empty",
            int(lines.filter(bad)[0]),
            (shape,),
        )
    ]


def _plausible(
    moments: pl.Series, column: str, lines: pl.Series
) -> tuple[pl.Series, list[LogFault]]:
    bad = ~moments.dt.year().is_between(*PLAUSIBLE_YEARS).fill_null(True)
    count = int(bad.sum())
    if not count:
        return moments, []
    fault = LogFault(
        "placeholder_times",
        f"years before {PLAUSIBLE_YEARS[0]} or after {PLAUSIBLE_YEARS[1]}",
        column,
        count,
        moments.len(),
        "left empty, as stand-ins for nothing",
        int(lines.filter(bad)[0]),
    )
    return moments.set(bad, None), [fault]


def _local(naive: pl.Series, zone: str, before: pl.Series | None) -> tuple[pl.Series, int, int]:
    """Return moments of local times, and how many were doubled and impossible."""
    known = naive.is_not_null()
    plain = naive.dt.replace_time_zone(zone, ambiguous="null", non_existent="null")
    if plain.null_count() == naive.null_count():
        return plain, 0, 0
    earliest = naive.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    latest = naive.dt.replace_time_zone(zone, ambiguous="latest", non_existent="null")
    twice = int((known & plain.is_null() & earliest.is_not_null()).sum())
    never = int((known & earliest.is_null()).sum())
    moved = naive.dt.offset_by("1h").dt.replace_time_zone(
        zone, ambiguous="earliest", non_existent="null"
    )
    moments = earliest.fill_null(moved)
    if before is not None:
        second = (before > moments) & (latest > moments)
        moments = moments.zip_with(~second.fill_null(False), latest)
    return moments, twice, never
