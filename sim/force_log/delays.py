"""Delays between the moments of a log, against targets, by grade and one thing more at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
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
    withheld_shares,
)
from sim.scenario.models import Target
from sim.statistics import ratio_interval, share_interval

ATTENDANCE: Final = "received_to_arrived"
STAGES: Final[Mapping[str, tuple[str, str]]] = {
    "received_to_answered": ("received", "answered"),
    "received_to_graded": ("received", "graded"),
    "graded_to_ratified": ("graded", "ratified"),
    "received_to_assigned": ("received", "assigned"),
    "graded_to_assigned": ("graded", "assigned"),
    "assigned_to_travelling": ("assigned", "travelling"),
    "travelling_to_arrived": ("travelling", "arrived"),
    "graded_to_arrived": ("graded", "arrived"),
    ATTENDANCE: ("received", "arrived"),
    "arrived_to_cleared": ("arrived", "cleared"),
    "arrived_to_closed": ("arrived", "closed"),
}
"""Stage to the moments that it lies between."""

QUANTILES: Final = {"delay_p50": 0.5, "delay_p75": 0.75, "delay_p90": 0.9}
CUTS: Final = ("stream", "risk", "area", "hour")
"""What grades are cut by, one at a time."""

_WITH_INTERVALS: Final = (None, "stream")


@dataclass(frozen=True, slots=True)
class _Cell:
    """Delays of one grade and one value of a cut."""

    grade: int
    cut: str | None
    value: str | int | None
    delays: pl.DataFrame


def with_delays(incidents: pl.DataFrame) -> pl.DataFrame:
    """Add to incidents the minutes of each stage, ``hour`` and ``day`` of receipt.

    A delay across a clock change is the time that passed, not the difference of wall clocks.
    """
    minutes = [
        ((pl.col(end) - pl.col(start)).dt.total_microseconds() / 60e6).alias(stage)
        for stage, (start, end) in STAGES.items()
    ]
    return incidents.with_columns(
        *minutes,
        hour=pl.col("received").dt.hour().cast(pl.Int64),
        day=pl.col("received").dt.date(),
    )


def with_targets(delays: pl.DataFrame, targets: Sequence[Target]) -> pl.DataFrame:
    """Add ``target`` (minutes, empty where there is none) and ``late_by_target`` delays.

    The column ``promised`` is the delay that the target is about: from the moment that starts
    its clock, where the log has it, to arrival.
    """
    target = pl.lit(None, pl.Float64)
    promised = pl.lit(None, pl.Float64)
    for one in reversed(targets):
        of_grade = pl.col("grade") == one.grade
        minutes = (
            pl.col("area").replace_strict(dict(one.minutes), default=None, return_dtype=pl.Float64)
            if isinstance(one.minutes, Mapping)
            else pl.lit(float(one.minutes))
        )
        start = f"{one.starts}_to_arrived"
        delay = (
            pl.col(start)
            if start in STAGES
            else (pl.col("arrived") - pl.col("answered")).dt.total_microseconds() / 60e6
        )
        target = pl.when(of_grade).then(minutes).otherwise(target)
        promised = pl.when(of_grade).then(delay).otherwise(promised)
    return delays.with_columns(target=target, promised=promised)


def delay_figures(delays: pl.DataFrame, stages: Sequence[str], level: float) -> Iterator[LogFigure]:
    """Quantiles of delays, and shares within target, by grade and by grade and one cut more.

    Parameters
    ----------
    delays
        As `with_targets` returns it, without officer-initiated work.
    stages
        Names of `STAGES` that the log can measure.
    level
        Confidence level; days are the unit of inference, for bad nights delay everyone.
    """
    graded = delays.filter(pl.col("grade").is_not_null())
    counts = graded.group_by("grade").len().sort("grade")
    grades = [int(grade) for grade in counts["grade"]]
    hidden = withheld_cells([int(count) for count in counts["len"]])
    for grade, count, withheld in zip(grades, counts["len"], hidden, strict=True):
        if withheld:
            yield _figure("incidents", None, _Cell(grade, None, None, graded), None, 0, "jobs")
            continue
        own = graded.filter(pl.col("grade") == grade)
        whole = _Cell(grade, None, None, own)
        yield _figure("incidents", None, whole, float(rounded(int(count)) or 0), int(count), "jobs")
        for cut in (None, *CUTS):
            cells = [whole] if cut is None else _cells(own, grade, cut)
            if len(cells) < 2 and cut is not None:
                continue
            for stage in stages:
                yield from _quantiles(cells, cut, stage, level)
            yield from _within_target(cells, cut, level)
            if cut in _WITH_INTERVALS:
                yield from _no_arrival(cells, level)


def _cells(own: pl.DataFrame, grade: int, cut: str) -> list[_Cell]:
    if own[cut].null_count() == own.height:
        return []
    parts = own.partition_by(cut, as_dict=True, include_key=True)
    ordered = sorted(parts.items(), key=lambda part: (part[0][0] is None, str(part[0][0])))
    if cut == "hour":
        ordered = sorted(parts.items(), key=lambda part: int(str(part[0][0])))
    return [_Cell(grade, cut, key[0], part) for key, part in ordered]


def _quantiles(
    cells: Sequence[_Cell], cut: str | None, stage: str, level: float
) -> Iterator[LogFigure]:
    found = [cell.delays.select(stage, "day").drop_nulls() for cell in cells]
    sizes = [part.height for part in found]
    if not any(sizes):
        return
    hidden = withheld_cells(sizes) if cut is not None else [0 < n < LEAST for n in sizes]
    if cut is not None and all(hide for hide, n in zip(hidden, sizes, strict=True) if n):
        return
    for cell, part, n, withheld in zip(cells, found, sizes, hidden, strict=True):
        if n == 0 or (cell.value is None and cut is not None):
            continue
        if withheld:
            yield _figure("delay_p50", stage, cell, None, 0, "minutes")
            continue
        for measure, place in QUANTILES.items():
            if cut == "hour" and measure != "delay_p50":
                continue
            if not quantile_may_leave(place, n):
                yield _figure(measure, stage, cell, None, n, "minutes")
                continue
            value = _quantile(part[stage], place)
            low = high = None
            if cut in _WITH_INTERVALS:
                low, high = _limits(part, stage, value, level)
            yield _figure(measure, stage, cell, value, n, "minutes", low, high)


def _limits(
    part: pl.DataFrame, stage: str, value: float, level: float
) -> tuple[float | None, float | None]:
    """Limits of a quantile by those of the share that it cuts off (Woodruff).

    Woodruff (1952), "Confidence intervals for medians and other position measures", *Journal of
    the American Statistical Association* 47, 635-646.
    """
    days = part.group_by("day").agg(
        under=(pl.col(stage) <= value).sum().cast(pl.Float64), cases=pl.len().cast(pl.Float64)
    )
    interval = ratio_interval(days["under"].to_numpy(), days["cases"].to_numpy(), level, share=True)
    if interval.low is None or interval.high is None:
        return None, None
    # A limit that lies at the very end of the delays is an incident's own.
    low, high = (
        _quantile(part[stage], limit) if quantile_may_leave(limit, part.height) else None
        for limit in (interval.low, interval.high)
    )
    return None if low is None else min(value, low), None if high is None else max(value, high)


def _within_target(cells: Sequence[_Cell], cut: str | None, level: float) -> Iterator[LogFigure]:
    found = [
        cell.delays.select("promised", "target", "day").drop_nulls()
        .with_columns(event=pl.col("promised") <= pl.col("target"))
        for cell in cells
    ]  # fmt: skip
    yield from _shares("arrived_within_target", cells, found, cut, level)


def _no_arrival(cells: Sequence[_Cell], level: float) -> Iterator[LogFigure]:
    found = [cell.delays.select("day", event=pl.col("arrived").is_null()) for cell in cells]
    yield from _shares("no_arrival_recorded", cells, found, cells[0].cut, level)


def _shares(
    measure: str, cells: Sequence[_Cell], found: Sequence[pl.DataFrame], cut: str | None,
    level: float,
) -> Iterator[LogFigure]:  # fmt: skip
    sizes = [part.height for part in found]
    if not any(sizes):
        return
    events = [int(part["event"].sum()) for part in found]
    stage = ATTENDANCE if measure == "arrived_within_target" else None
    hidden_cells = withheld_cells(sizes) if cut is not None else [0 < n < LEAST for n in sizes]
    if cut is not None and all(hide for hide, n in zip(hidden_cells, sizes, strict=True) if n):
        return
    hidden = withheld_shares(events, sizes)
    for place, (cell, part, n) in enumerate(zip(cells, found, sizes, strict=True)):
        if n == 0 or (cell.value is None and cut is not None):
            continue
        if hidden_cells[place] or hidden[place]:
            known = 0 if hidden_cells[place] else n
            yield _figure(measure, stage, cell, None, known, "share")
            continue
        days = part.group_by("day").agg(
            events=pl.col("event").sum().cast(pl.Float64), cases=pl.len().cast(pl.Float64)
        )
        interval = share_interval(days["events"].to_numpy(), days["cases"].to_numpy(), level)
        low, high = interval.low, interval.high
        if interval.too_few and interval.value is not None:
            # With few events only the limit on their side is told, as everywhere.
            low, high = (None, high) if interval.value <= 0.5 else (low, None)
        yield _figure(measure, stage, cell, interval.value, n, "share", low, high)


def _quantile(values: pl.Series, place: float) -> float:
    found = values.quantile(place, "linear")
    return float(found) if found is not None else float("nan")


def _figure(
    measure: str,
    stage: str | None,
    cell: _Cell,
    value: float | None,
    n: int,
    unit: Unit,
    low: float | None = None,
    high: float | None = None,
) -> LogFigure:
    """Make a figure fit to leave; ``n`` of 0 says that the count itself is withheld."""
    numbers = [value, low, high]
    if unit == "minutes":
        numbers = [None if x is None else rounded_minutes(x, n) for x in numbers]
    elif unit == "share":
        numbers = [None if x is None else rounded_share(x, n) for x in numbers]
    return LogFigure(
        measure=measure,
        stage=stage,
        stream=str(cell.value) if cell.cut == "stream" else None,
        grade=cell.grade,
        risk=str(cell.value) if cell.cut == "risk" else None,
        area=str(cell.value) if cell.cut == "area" else None,
        hour=int(str(cell.value)) if cell.cut == "hour" else None,
        value=numbers[0],
        low=numbers[1],
        high=numbers[2],
        unit=unit,
        n=rounded(n) if n else None,
        withheld=value is None,
    )
