"""When missing people came back, and who found them, as their records say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from sim.force_log.disclosure import (
    LEAST,
    LogFigure,
    Unit,
    quantile_may_leave,
    rounded,
    rounded_minutes,
    rounded_share,
    withheld_cells,
)
from sim.force_log.words import FINDERS, OWNERS
from sim.statistics import ratio_interval, share_interval

STAGE: Final = "received_to_returned"
SUBJECTS: Final = ("missing_child", "missing_adult")
MINUTES: Final = (pl.col("returned") - pl.col("received")).dt.total_milliseconds() / 60e3
"""From the report to the return."""

QUANTILES: Final = {"return_p50": 0.5, "return_p90": 0.9}


def return_figures(incidents: pl.DataFrame, level: float) -> Iterator[LogFigure]:
    """Times until the return, who found them and whose case it was, by kind of missing person.

    Parameters
    ----------
    incidents
        As `sim.force_log.reading.Log.public`, with what records say.
    level
        Of intervals; days are the unit.

    Notes
    -----
    One table for each question and kind, no crossing; rounded counts, and in each table cells are
    withheld by `sim.force_log.disclosure.withheld_cells`, so none can be had by subtraction. A
    share of children back before an officer came is withheld unless five are on either side.
    """
    for stream in SUBJECTS:
        own = incidents.filter(pl.col("stream") == stream).with_columns(
            day=pl.col("received").dt.date(), minutes=MINUTES
        )
        back = own.filter(pl.col("minutes").is_not_null())
        yield from _quantiles(back, stream, level)
        yield from _before_arrival(back, stream, level)
        yield from _partition(own, stream, "found_by", FINDERS)
        yield from _partition(own, stream, "owner", OWNERS)


def _quantiles(back: pl.DataFrame, stream: str, level: float) -> Iterator[LogFigure]:
    n = back.height
    for measure, place in QUANTILES.items():
        if not quantile_may_leave(place, n):
            if n:
                yield _figure(measure, stream, (None, None, None), "minutes", n, STAGE)
            continue
        value = float(back["minutes"].quantile(place, "linear") or 0.0)
        days = back.group_by("day").agg(
            under=(pl.col("minutes") <= value).sum().cast(pl.Float64),
            cases=pl.len().cast(pl.Float64),
        )
        limits = ratio_interval(
            days["under"].to_numpy(), days["cases"].to_numpy(), level, share=True
        )
        ends = [
            None if at is None or not quantile_may_leave(at, n)
            else rounded_minutes(float(back["minutes"].quantile(at, "linear") or 0.0), n)
            for at in (limits.low, limits.high)
        ]  # fmt: skip
        shown = (rounded_minutes(value, n), ends[0], ends[1])
        yield _figure(measure, stream, shown, "minutes", n, STAGE)


def _before_arrival(back: pl.DataFrame, stream: str, level: float) -> Iterator[LogFigure]:
    first = (pl.col("arrived").is_null() | (pl.col("returned") <= pl.col("arrived"))).cast(
        pl.Float64
    )
    n, events = back.height, int(back.select(first.sum()).item() or 0)
    if not n:
        return
    if min(events, n - events) < LEAST:
        yield _figure("returned_before_arrival", stream, (None, None, None), "share", n)
        return
    days = back.group_by("day").agg(events=first.sum(), cases=pl.len().cast(pl.Float64))
    one = share_interval(days["events"].to_numpy(), days["cases"].to_numpy(), level)
    value, low, high = (
        None if number is None else rounded_share(float(number), n)
        for number in (events / n, one.low, one.high)
    )
    yield _figure("returned_before_arrival", stream, (value, low, high), "share", n)


def _partition(
    own: pl.DataFrame, stream: str, name: str, words: tuple[str, ...]
) -> Iterator[LogFigure]:
    known = own.drop_nulls(name)
    counts = [known.filter(pl.col(name) == word).height for word in words]
    hidden = withheld_cells(counts)
    # A share of all would say of the others that there is nobody.
    shown = [n for hide, n in zip(hidden, counts, strict=True) if n and not hide]
    if not shown or shown == [known.height]:
        return
    for word, count, hide in zip(words, counts, hidden, strict=True):
        if count:
            value = None if hide else rounded_share(count / known.height, known.height)
            measure = f"{name}_{word}"
            yield _figure(measure, stream, (value, None, None), "share", known.height)


def _figure(
    measure: str,
    stream: str,
    values: tuple[float | None, float | None, float | None],
    unit: Unit,
    n: int,
    stage: str | None = None,
) -> LogFigure:
    return LogFigure(
        measure, stage, stream, None, None, None, None, *values, unit, rounded(n),
        values[0] is None,
    )  # fmt: skip
