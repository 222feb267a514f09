"""Missing-child jobs by assessed risk and by hours of the day, as far as counts allow.

Children are few, so risks are high and not high, hours three bands, and all grades stand together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

import polars as pl

from sim.force_log.delays import ATTENDANCE, QUANTILES
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
from sim.statistics import share_interval

By: TypeAlias = Literal["risk", "hours"]
BY: Final[tuple[By, ...]] = get_args(By)

HOURS: Final = ("07-15", "15-23", "23-07")
"""Bands of the hour of receipt, from one to before the other."""
RISKS: Final = ("high", "not high")

_UNITS: Final[dict[str, Unit]] = {
    "missing_child_jobs": "jobs", "missing_child_jobs_by_hour": "jobs",
    "arrived_within_target": "share",
}  # fmt: skip
_BAND_HOURS: Final = 8
_FIRST_HOUR: Final = 7


def missing_child_figures(
    delays: pl.DataFrame, by: Sequence[By], stages: Sequence[str], level: float
) -> Iterator[LogFigure]:
    """Counts, shares in time and quantiles of missing-child jobs, cut by one or two things.

    Parameters
    ----------
    delays
        As `sim.force_log.delays.with_targets` returns it.
    by
        What they are cut by; a job without a risk stands in no cell of a table by risk.
    stages
        Whose quantiles are wanted.
    level
        Of the limits of shares; days are the unit.
    """
    band = (pl.col("hour") - _FIRST_HOUR) % 24 // _BAND_HOURS
    jobs = delays.filter(pl.col("stream") == "missing_child").with_columns(
        band=band.cast(pl.Int64),
        high=pl.when(pl.col("risk").is_not_null()).then(pl.col("risk") == "high"),
    )
    if "risk" in by:
        jobs = jobs.filter(pl.col("high").is_not_null())
    if jobs.is_empty():
        return
    places = [
        (risk, hours)
        for risk in (RISKS if "risk" in by else (None,))
        for hours in (HOURS if "hours" in by else (None,))
    ]
    parts = [_part(jobs, risk, hours) for risk, hours in places]
    hidden = withheld_cells([part.height for part in parts])
    if all(hide for hide, part in zip(hidden, parts, strict=True) if part.height):
        # Nothing could be shown that would not give another cell away.
        return
    for (risk, hours), part, hide in zip(places, parts, hidden, strict=True):
        count = None if hide else float(rounded(part.height) or 0)
        n = 0 if hide else part.height
        yield _figure("missing_child_jobs", None, _At(risk, hours), (count, None, None), n)
    for stage in stages:
        yield from _quantiles(places, parts, stage)
    yield from _in_time(places, parts, level)


def missing_child_hours(delays: pl.DataFrame, stages: Sequence[str]) -> Iterator[LogFigure]:
    """Counts and medians of missing-child jobs by the hour of receipt.

    Parameters
    ----------
    delays, stages
        As for `missing_child_figures`. Within a band, whose count may be told too, as many hours
        are withheld as keep each under five to itself.
    """
    jobs = delays.filter(pl.col("stream") == "missing_child")
    for first in range(_FIRST_HOUR, _FIRST_HOUR + 24, _BAND_HOURS):
        hours = [hour % 24 for hour in range(first, first + _BAND_HOURS)]
        parts = [jobs.filter(pl.col("hour") == hour) for hour in hours]
        hidden = withheld_cells([part.height for part in parts])
        if all(hide for hide, part in zip(hidden, parts, strict=True) if part.height):
            continue
        for hour, part, hide in zip(hours, parts, hidden, strict=True):
            n = 0 if hide else part.height
            count = None if hide else float(rounded(n) or 0)
            at = _At(hour=hour)
            yield _figure("missing_child_jobs_by_hour", None, at, (count, None, None), n)
            for stage in stages:
                values = part[stage].drop_nulls()
                known = 0 if hide else len(values)
                if not known or not quantile_may_leave(0.5, known):
                    continue
                median = rounded_minutes(float(values.quantile(0.5, "linear") or 0.0), known)
                yield _figure("delay_p50", stage, at, (median, None, None), known)


@dataclass(frozen=True, slots=True)
class _At:
    """A cell: risk, band of hours, hour; None: all."""

    risk: str | None = None
    hours: str | None = None
    hour: int | None = None


def _part(jobs: pl.DataFrame, risk: str | None, hours: str | None) -> pl.DataFrame:
    if risk is not None:
        jobs = jobs.filter(pl.col("high") == (risk == "high"))
    return jobs if hours is None else jobs.filter(pl.col("band") == HOURS.index(hours))


def _quantiles(
    places: Sequence[tuple[str | None, str | None]], parts: Sequence[pl.DataFrame], stage: str
) -> Iterator[LogFigure]:
    found = [part[stage].drop_nulls() for part in parts]
    hidden = withheld_cells([len(values) for values in found])
    for (risk, hours), values, hide in zip(places, found, hidden, strict=True):
        n = 0 if hide else len(values)
        for measure, place in QUANTILES.items():
            leaves = n > 0 and quantile_may_leave(place, n)
            value = values.quantile(place, "linear") if leaves else None
            told = None if value is None else rounded_minutes(float(value), n)
            yield _figure(measure, stage, _At(risk, hours), (told, None, None), n)


def _in_time(
    places: Sequence[tuple[str | None, str | None]], parts: Sequence[pl.DataFrame], level: float
) -> Iterator[LogFigure]:
    found = [
        part.select("day", late="promised", event=pl.col("promised") <= pl.col("target"))
        .drop_nulls()
        for part in parts
    ]  # fmt: skip
    events, cases = [int(part["event"].sum()) for part in found], [part.height for part in found]
    if not any(cases):
        return
    few, shares = withheld_cells(cases), withheld_shares(events, cases)
    for place, ((risk, hours), part) in enumerate(zip(places, found, strict=True)):
        n = 0 if few[place] else part.height
        numbers: tuple[float | None, float | None, float | None] = (None, None, None)
        if not few[place] and not shares[place] and n:
            days = part.group_by("day").agg(
                events=pl.col("event").sum().cast(pl.Float64), cases=pl.len().cast(pl.Float64)
            )
            one = share_interval(days["events"].to_numpy(), days["cases"].to_numpy(), level)
            limits = (None, None) if one.too_few else (one.low, one.high)
            value, low, high = (
                None if number is None else rounded_share(number, n)
                for number in (one.value, *limits)
            )
            numbers = (value, low, high)
        yield _figure("arrived_within_target", ATTENDANCE, _At(risk, hours), numbers, n)


def _figure(
    measure: str,
    stage: str | None,
    at: _At,
    numbers: tuple[float | None, float | None, float | None],
    n: int,
) -> LogFigure:
    unit = _UNITS.get(measure, "minutes")
    return LogFigure(
        measure=measure,
        stage=stage,
        stream="missing_child",
        grade=None,
        risk=at.risk,
        area=None,
        hour=at.hour,
        value=numbers[0],
        low=numbers[1],
        high=numbers[2],
        unit=unit,
        n=rounded(n) if n >= LEAST else None,
        withheld=numbers[0] is None,
        hours=at.hours,
    )
