"""Moments that come before their report or an earlier step, or far from all others."""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl

from sim.force_log.faults import FaultCode, LogFault
from sim.force_log.source import LINE
from sim.force_log.words import IN_SEQUENCE, STAMPS, Stamp

_LONGEST_DAYS: Final = 366
_FAR_DAYS: Final = 180
_FAR_SHARE: Final = 0.01


def received(
    frame: pl.DataFrame, first: date | None, last: date | None, faults: list[LogFault]
) -> pl.DataFrame:
    """Leave out what was never received, and what lies outside the days asked for."""
    missing = frame["received"].is_null()
    if missing.any():
        faults.append(
            LogFault(
                "not_received",
                "rows without a time of receipt",
                "received",
                int(missing.sum()),
                frame.height,
                "left out: no delay can start",
                int(frame[LINE].filter(missing)[0]),
            )
        )
        frame = frame.filter(~missing)
    frame = _without_far(frame, faults)
    if first is None and last is None:
        return frame
    days = frame["received"].dt.date()
    inside = days.is_between(first or date.min, last or date.max)
    if not inside.all():
        faults.append(
            LogFault(
                "outside_period",
                f"received before {first or 'the first'} or after {last or 'the last day'}",
                "received",
                int((~inside).sum()),
                frame.height,
                "left out",
            )
        )
    return frame.filter(inside)


def _without_far(frame: pl.DataFrame, faults: list[LogFault]) -> pl.DataFrame:
    """Leave out the few receipts that lie half a year and more from all others."""
    times = frame["received"].sort()
    starts = (times.diff().dt.total_days() >= _FAR_DAYS).fill_null(False)
    if not starts.any():
        return frame
    parts = pl.DataFrame({"received": times, "part": starts.cast(pl.Int64).cum_sum()})
    main = parts["part"].mode().sort()[0]
    period = parts.filter(pl.col("part") == main)["received"]
    far = ~frame["received"].is_between(period.min(), period.max())
    count = int(far.sum())
    if count > _FAR_SHARE * frame.height:
        return frame
    faults.append(
        LogFault(
            "placeholder_times",
            f"receipts more than {_FAR_DAYS} days from all others",
            "received",
            count,
            frame.height,
            "left out; first_day and last_day in [file] say which days are meant",
            int(frame[LINE].filter(far)[0]),
        )
    )
    return frame.filter(~far)


def in_order(frame: pl.DataFrame, tolerance: float, faults: list[LogFault]) -> pl.DataFrame:
    """Empty the moments that lie before an earlier one; set equal those that nearly agree."""
    limit = pl.duration(milliseconds=round(tolerance * 1000))
    longest = pl.duration(days=_LONGEST_DAYS)
    ahead: list[Stamp] = []
    for stamp in STAMPS[1:]:
        here = pl.col(stamp)
        before = pl.max_horizontal(ahead) if stamp != "ratified" and ahead else pl.col("received")
        before = pl.max_horizontal(before, pl.col("received"))
        early = (here < before).fill_null(False)
        apart = early & (before - here <= limit)
        far = ((here - pl.col("received")) > longest).fill_null(False)
        tests = frame.select(
            report=early & ~apart & (here < pl.col("received") - limit),
            order=early & ~apart & ~(here < pl.col("received") - limit),
            apart=apart,
            far=far,
            known=here.is_not_null(),
        )
        _say_order(frame, tests, stamp, tolerance, faults)
        frame = frame.with_columns(
            pl.when(apart).then(before).when(early | far).then(None).otherwise(here).alias(stamp)
        )
        if stamp in IN_SEQUENCE:
            ahead.append(stamp)
    return frame


def _say_order(
    frame: pl.DataFrame,
    tests: pl.DataFrame,
    stamp: Stamp,
    tolerance: float,
    faults: list[LogFault],
) -> None:
    known = int(tests["known"].sum())
    told: tuple[tuple[str, FaultCode, str, str], ...] = (
        ("report", "before_report", "earlier than the report itself", "left empty"),
        ("order", "clock_order", "earlier than a step that comes before it", "left empty"),
        ("far", "far_times", "more than a year after the report", "left empty"),
        (
            "apart",
            "clocks_apart",
            f"earlier than a step before it by up to {tolerance:g} seconds",
            "set equal to it",
        ),
    )
    for test, code, what, done in told:
        count = int(tests[test].sum())
        if count:
            line = int(frame[LINE].filter(tests[test])[0])
            faults.append(LogFault(code, what, stamp, count, known, done, line))
