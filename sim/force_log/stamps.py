"""Times of a log: formats, time zone, and hours that a clock change doubles or leaves out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import polars as pl

from sim.errors import InputError
from sim.force_log import time_checks
from sim.force_log.faults import LogFault
from sim.force_log.identifiers import words_of
from sim.force_log.mapping import COUNTED, Columns, Lapse, LogFile
from sim.force_log.merged_cells import refuse_merged_days
from sim.force_log.numerals import numbers
from sim.force_log.source import LINE
from sim.force_log.time_formats import (
    ISO_FORMATS,
    NAMED_ZONE,
    PLAUSIBLE_YEARS,
    ZONED,
    form_without_midnight,
    has_hour_24,
    parsed,
    without_midnight,
)
from sim.force_log.words import STAMPS, Stamp

_FEW_UNREAD: Final = 5
_NEXT_DAY: Final = timedelta(hours=2)
"""Clocks that disagree by more are not met; a wait of up to 22 hours is."""
_A_YEAR: Final = timedelta(days=366)
_CLOCK: Final = r"^(?:(\d+)[ d.])?(\d+):([0-5]?\d)(?::([0-5]?\d)(?:\.\d+)?)?$"
_SAID_ONCE: Final = ("zone_marks", "coarse_times", "hour_24")
_UNITS: Final = {"seconds": 1.0, "minutes": 60.0, "hours": 3600.0}


@dataclass(frozen=True, slots=True)
class _Read:
    """One column of times: naive local or UTC times, and those that carry their own zone.

    ``offsets`` are the minutes that those of their own zone are ahead of UTC by their marks.
    """

    naive: pl.Series
    zoned: pl.Series | None
    by_format: Mapping[str, int]
    unread: pl.Series
    offsets: pl.Series | None = None
    late: int = 0


def read_stamps(
    frame: pl.DataFrame, columns: Columns, file: LogFile
) -> tuple[pl.DataFrame, list[LogFault]]:
    """Turn a log's columns of times into moments.

    Parameters
    ----------
    frame
        As `sim.force_log.source.Source` holds it.
    columns
        Which of its columns hold times, or lengths after times; times that stand in rows of their
        own are not looked for.
    file
        How the log is written.

    Returns
    -------
    moments, faults
        A column for each stamp, of times with the mapping's zone, in microseconds; shape
        (rows,). Of an hour that occurs twice the first is taken, unless an earlier stamp of the
        same incident lies after it.

    Raises
    ------
    sim.errors.InputError
        If what a column says cannot be the times at which something was done.
    """
    reader = _Reader(frame, file)
    lapses = columns.lapses()
    moments = columns.moments()
    shared = Counter(parts[0] for parts in moments.values() if len(parts) > 1)
    days_before: dict[str, pl.Series] = {}
    before: pl.Series | None = None
    found: dict[str, pl.Series] = {}
    for stamp in STAMPS:
        if stamp in lapses:
            found[stamp] = reader.lapse(stamp, lapses[stamp], found[lapses[stamp].after])
        elif stamp in moments:
            parts = moments[stamp]
            of_a_shared_day = len(parts) > 1 and shared[parts[0]] > 1
            found[stamp], naive = reader.moments(
                stamp, parts, before, days_before.get(parts[0]), of_a_shared_day=of_a_shared_day
            )
            if of_a_shared_day:
                days_before[parts[0]] = naive.fill_null(days_before.get(parts[0], naive))
        else:
            continue
        # Ratification has no place in the sequence.
        if stamp != "ratified":
            before = found[stamp] if before is None else found[stamp].fill_null(before)
    return pl.DataFrame(found), reader.told(found)


def read_steps(
    frame: pl.DataFrame, parts: Sequence[str], file: LogFile, key: str = "steps.time"
) -> tuple[pl.Series, list[LogFault]]:
    """Turn one column of times into moments, as of a log of status changes; see `read_stamps`.

    `key` is its path in the mapping.
    """
    reader = _Reader(frame, file)
    found, _ = reader.moments(None, parts, None, None, of_a_shared_day=False, key=key)
    return found, reader.told({"step": found})


class _Reader:
    """Reads columns of times, and gathers what is wrong with them."""

    def __init__(self, frame: pl.DataFrame, file: LogFile) -> None:
        self.frame = frame
        self.file = file
        self.lines = frame[LINE]
        self.faults: list[LogFault] = []
        self.formats: dict[str, int] = {}
        self.doubled = self.impossible = 0
        self.added: dict[Stamp, list[tuple[Stamp, pl.Series]]] = {}

    def moments(
        self,
        stamp: Stamp | None,
        parts: Sequence[str],
        before: pl.Series | None,
        day_before: pl.Series | None,
        *,
        of_a_shared_day: bool,
        key: str | None = None,
    ) -> tuple[pl.Series, pl.Series]:
        """The moments of a stamp, and its local times where they have no zone of their own."""
        file, column = self.file, shown_as(parts)
        key = key or f"columns.{stamp}"
        refuse_merged_days(self.frame, tuple(parts), key)
        texts = in_one(self.frame, parts)
        read = _read(texts, file, in_two=len(parts) > 1)
        time_checks.refuse_scientific(texts, file.date_formats, key, column)
        for name, count in read.by_format.items():
            self.formats[name] = self.formats.get(name, 0) + count
        _check_day_and_month(read, column, file)
        self.faults += _unread(read, column, self.lines)
        naive, zoned, odd = _plausible(read.naive, read.zoned, column, self.lines)
        self.faults += odd
        if before is not None:
            naive, zoned, odd = _without_stand_in(naive, zoned, before, column)
            self.faults += odd
        if of_a_shared_day:
            naive, moved = _past_midnight(naive, day_before, column)
            self.faults += moved
        if read.late:
            self.faults.append(_late_hours(read.late, column, self.lines.len()))
        if file.clock == "utc":
            moments = naive.dt.replace_time_zone("UTC").dt.convert_time_zone(file.time_zone)
        else:
            moments, twice, never = _local(naive, file.time_zone, before)
            self.doubled, self.impossible = self.doubled + twice, self.impossible + never
        if zoned is not None:
            own = zoned.dt.convert_time_zone(file.time_zone)
            moments = moments.fill_null(own)
        time_checks.ensure_times(naive, zoned, moments, key, column)
        self.faults += time_checks.oddities(naive, zoned, moments, column)
        self.faults += time_checks.zone_marks(moments, read.offsets, file, column)
        if read.offsets is None and file.clock == "local" and called_utc(parts):
            self.faults.append(
                LogFault(
                    "zone_marks",
                    f"a column that is called UTC, beside a clock that keeps the time of "
                    f"{file.time_zone}",
                    column,
                    moments.count(),
                    moments.len(),
                    'read as local time; clock = "utc" in [file] says otherwise',
                )
            )
        if stamp in {"received", None}:
            forms = [form_without_midnight(f) if len(parts) > 1 else f for f in read.by_format]
            self.faults += time_checks.two_readings(texts, forms, column)
        return moments, naive

    def lapse(self, stamp: Stamp, said: Lapse, after: pl.Series) -> pl.Series:
        """The moments of a stamp that is told as a length after another."""
        column = self.frame[said.lasted]
        seconds = _seconds(column, said)
        unread = column.is_not_null() & (seconds.is_null() | (seconds < 0))
        if unread.any():
            self.faults.append(
                LogFault(
                    "unread_times",
                    f"values that are no lengths in {said.unit}",
                    said.lasted,
                    int(unread.sum()),
                    column.len(),
                    "left empty",
                    int(self.lines.filter(unread)[0]),
                )
            )
        self.added.setdefault(said.after, []).append((stamp, column))
        lasted = (seconds.set(unread, None) * 1e6).round().cast(pl.Int64).cast(pl.Duration("us"))
        return (after + lasted).alias(said.lasted)

    def told(self, found: Mapping[str, pl.Series]) -> list[LogFault]:
        """All that was wrong, with what concerns the columns together."""
        faults, formats = _together(self.faults), self.formats
        for after, columns in self.added.items():
            lengths = [column for _, column in columns]
            faults.append(
                LogFault(
                    "made_of_lengths",
                    f"times made of lengths, as they run from {after}",
                    ", ".join(stamp for stamp, _ in columns),
                    sum(column.count() for column in lengths),
                    sum(column.len() for column in lengths),
                    "added; where they run from another step, after = ... says which",
                )
            )
        values = int(sum(column.len() - column.null_count() for column in found.values()))
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
        if self.doubled:
            faults.append(
                LogFault(
                    "ambiguous_times",
                    "local times in an hour that occurs twice, as the clocks go back",
                    where,
                    self.doubled,
                    values,
                    "taken as the first of the two, or the second where the order of stamps asks "
                    "it",
                )
            )
        if self.impossible:
            faults.append(
                LogFault(
                    "impossible_times",
                    "local times in an hour that does not occur, as the clocks go forward",
                    where,
                    self.impossible,
                    values,
                    "moved on by an hour, as by a clock that had not been set",
                )
            )
        return faults


def _together(faults: Sequence[LogFault]) -> list[LogFault]:
    """What is the same of several columns, said once of all of them."""
    merged: dict[object, LogFault] = {}
    for fault in faults:
        once = fault.code in _SAID_ONCE
        key = (fault.code, fault.what) if once else fault
        before = merged.get(key)
        merged[key] = fault if before is None else replace(
            before,
            where=f"{before.where}, {fault.where}",
            count=before.count + fault.count,
            of=before.of + fault.of,
        )  # fmt: skip
    return list(merged.values())


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
    return without_midnight(texts[0]) + " " + texts[1]


def called_utc(parts: Sequence[str]) -> bool:
    """Whether the names of columns say that their times are in UTC."""
    return any({"utc", "gmt", "zulu"} & set(words_of(part)) for part in parts)


def carry_zone(texts: pl.Series, file: LogFile) -> bool:
    """Whether times carry a zone of their own, or count from 1970 in UTC."""
    if isinstance(texts.dtype, pl.Datetime):
        return texts.dtype.time_zone is not None
    if texts.dtype.is_temporal():
        return False
    forms = file.date_formats or ISO_FORMATS
    known = texts.drop_nulls().head(1_000)
    marked = time_checks.own_offsets(known).count() > known.len() / 2
    return any(form.startswith("epoch") or (ZONED.search(form) and marked) for form in forms)


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


def _read(column: pl.Series, file: LogFile, *, in_two: bool) -> _Read:
    if column.dtype.is_temporal():
        return _of_parquet(column)
    formats: Sequence[str] = file.date_formats or ISO_FORMATS
    naive = pl.Series([None], dtype=pl.Datetime("us")).new_from_index(0, column.len())
    zoned: pl.Series | None = None
    offsets: pl.Series | None = None
    left = column
    by_format: dict[str, int] = {}
    late = 0
    for text in formats:
        if left.null_count() == left.len():
            break
        values = parsed(left, form_without_midnight(text) if in_two else text)
        count = values.len() - values.null_count()
        if not count:
            continue
        if text in COUNTED and values.dtype == pl.Datetime("us", "UTC"):
            marks = pl.Series([0]).new_from_index(0, left.len()).set(values.is_null(), None)
            offsets = marks if offsets is None else offsets.fill_null(marks)
        if ZONED.search(text) or NAMED_ZONE in text:
            marks = time_checks.own_offsets(left.set(values.is_null(), None))
            offsets = marks if offsets is None else offsets.fill_null(marks)
            if NAMED_ZONE in text:
                ahead = (marks * 60_000_000).cast(pl.Duration("us"))
                values = (values - ahead).dt.replace_time_zone("UTC")
        if values.dtype == pl.Datetime("us", "UTC"):
            zoned = values if zoned is None else zoned.fill_null(values)
        else:
            naive = naive.fill_null(values)
        late += int((has_hour_24(left) & values.is_not_null()).sum())
        by_format[text] = count
        left = left.set(values.is_not_null(), None)
    return _Read(naive, zoned, by_format, left, offsets, late)


def _seconds(column: pl.Series, said: Lapse) -> pl.Series:
    """Lengths in seconds; empty where they are none."""
    if column.dtype == pl.Duration:
        return column.dt.total_milliseconds() / 1000
    if column.dtype == pl.Time:
        return column.cast(pl.Int64) / 1e9
    text = column.cast(pl.String)
    if said.unit == "clock":
        parts = text.str.extract_groups(_CLOCK)
        days, hours, minutes, seconds = (
            parts.struct.field(name).cast(pl.Float64) for name in parts.struct.fields
        )
        return (days.fill_null(0) * 24 + hours) * 3600 + minutes * 60 + seconds.fill_null(0)
    return numbers(text) * _UNITS[said.unit]


def _late_hours(count: int, column: str, of: int) -> LogFault:
    return LogFault(
        "hour_24", "times in hour 24 of a day", column, count, of, "taken for hour 0 of the next"
    )


def _of_parquet(column: pl.Series) -> _Read:
    dtype = column.dtype
    nothing = pl.Series([None], dtype=pl.String).new_from_index(0, column.len())
    empty = pl.Series([None], dtype=pl.Datetime("us")).new_from_index(0, column.len())
    if isinstance(dtype, pl.Datetime) and dtype.time_zone is not None:
        own = column.cast(pl.Datetime("us", dtype.time_zone))
        utc = own.dt.convert_time_zone("UTC")
        ahead = own.dt.replace_time_zone(None) - utc.dt.replace_time_zone(None)
        return _Read(empty, utc, {}, nothing, ahead.dt.total_minutes())
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
        if parsed(left, other).null_count() == 0:
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
    naive: pl.Series, zoned: pl.Series | None, column: str, lines: pl.Series
) -> tuple[pl.Series, pl.Series | None, list[LogFault]]:
    """Empty the stand-ins for nothing, whether or not they carry a zone of their own."""
    bad = _out_of_years(naive)
    if zoned is not None:
        bad_zoned = _out_of_years(zoned)
        zoned = zoned.set(bad_zoned, None)
        bad |= bad_zoned
    count = int(bad.sum())
    if not count:
        return naive, zoned, []
    fault = LogFault(
        "placeholder_times",
        f"years before {PLAUSIBLE_YEARS[0]} or after {PLAUSIBLE_YEARS[1]}",
        column,
        count,
        naive.len(),
        "left empty, as stand-ins for nothing",
        int(lines.filter(bad)[0]),
    )
    return naive.set(bad, None), zoned, [fault]


def _without_stand_in(
    naive: pl.Series, zoned: pl.Series | None, before: pl.Series, column: str
) -> tuple[pl.Series, pl.Series | None, list[LogFault]]:
    """Empty a moment that many rows share, more than a year from the steps before it."""
    usual = before.dt.replace_time_zone(None).median()
    assert usual is None or isinstance(usual, datetime)
    found: list[LogFault] = []
    kept = []
    for times in (naive, zoned):
        known = (times if times is not None else naive.clear()).drop_nulls()
        counts = known.alias("at").value_counts(sort=True, name="cases")
        stand_in = counts["at"][0] if counts.height else None
        many = counts.height and counts["cases"][0] >= max(_FEW_UNREAD, known.len() / 20)
        near = (
            usual is None
            or stand_in is None
            or abs(stand_in.replace(tzinfo=None) - usual) < _A_YEAR
        )
        if near or not many:
            kept.append(times)
            continue
        assert times is not None
        kept.append(times.set((times == stand_in).fill_null(False), None))
        found.append(
            LogFault(
                "placeholder_times",
                "one moment that many rows share, more than a year from the step before it",
                column,
                int(counts["cases"][0]),
                naive.len(),
                "left empty, as a stand-in for nothing",
            )
        )
    assert kept[0] is not None
    return kept[0], kept[1], found


def _out_of_years(moments: pl.Series) -> pl.Series:
    return ~moments.dt.year().is_between(*PLAUSIBLE_YEARS).fill_null(True)


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
