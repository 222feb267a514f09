"""Reports by hour of the week, month and area: smoothed, with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from sim.force_log.disclosure import LEAST, rounded
from sim.force_log.fitting.days import DaysDiffer, days_differ

Floats: TypeAlias = npt.NDArray[np.float64]

_WEEK_HOURS: Final = 168
_BANDWIDTHS: Final = (0.5, 1.0, 1.5, 2.5, 4.0, 6.0)
"""Hours, among which a fifth of the days, left out in turn, choose."""
_FOLDS: Final = 5
_BLOCKS: Final = (1, 2, 3, 4, 6, 8, 12, 24)
"""Hours into which counts may be pooled."""
_OWN_HOURS: Final = 4
_DAYS_PER_YEAR: Final = 365.0
_LEAST_DAYS: Final = 7
"""With fewer the spread of their counts is not looked at."""
_LEAST_MONTHS: Final = 12
_MONTH_SHRINK: Final = 20.0


@dataclass(frozen=True, slots=True)
class Arrivals:
    """How often reports of one kind come.

    Attributes
    ----------
    name
        Of the stream.
    volume, low, high
        Reports a year with the limits of the mean (days are the unit), made from a count that is
        rounded to the nearest five.
    week
        168 weights from Monday 00:00 with a mean of 1.
    week_low, week_high
        Pointwise limits of the smoothed weights.
    bandwidth
        Hours over which neighbouring hours are pooled.
    months
        Twelve factors with a mean of about 1; all 1 with less than a year.
    reports
        Count, to the nearest five.
    days
        By how much days differ beyond chance; None where that cannot be told.
    """

    name: str
    volume: float
    low: float
    high: float
    week: tuple[float, ...]
    week_low: tuple[float, ...]
    week_high: tuple[float, ...]
    bandwidth: float
    months: tuple[float, ...]
    reports: int
    days: DaysDiffer | None = None


def arrivals(
    name: str, received: pl.Series, first: date, last: date, level: float, seed: int = 0
) -> Arrivals:
    """Estimate how often reports come.

    Parameters
    ----------
    name
        Of the stream.
    received
        Moments of receipt, local.
    first, last
        Days that the log covers, both included.
    level
        Confidence level.
    seed
        Of days drawn anew.

    Notes
    -----
    The rate in an hour of the week is that of one profile of the day for all days (with a factor
    for each day of the week), pooled over neighbouring hours by a normal kernel on the clock's
    circle. Its bandwidth is the one under which days left out are likeliest. The counts that it is
    made of are pooled until each is five or more, and rounded to fives, so that none is to be had
    from the weights. Limits treat the pooled count as Poisson, widened by the spread of daily
    counts over Poisson's where that is larger. That spread is rounded to halves, and of fewer than
    seven days is taken for Poisson's: else limits of two days would tell what came on each.
    """
    days = (last - first).days + 1
    stamps = pl.DataFrame({"at": received}).select(
        day=(pl.col("at").dt.date() - pl.lit(first)).dt.total_days(),
        hour=pl.col("at").dt.hour().cast(pl.Int64),
    )
    counts = np.zeros((days, 24))
    inside = stamps.filter(pl.col("day").is_between(0, days - 1))
    np.add.at(counts, (inside["day"].to_numpy(), inside["hour"].to_numpy()), 1.0)
    weekdays = np.array([(first + timedelta(days=day)).weekday() for day in range(days)])
    bandwidth = max(_BANDWIDTHS, key=lambda width: _left_out(counts, weekdays, width))
    week = _week(_released(_Weekly.of(counts, weekdays)), bandwidth)
    daily = counts.sum(axis=1)
    spread = _spread(daily)
    # A normal kernel of width b pools about 3.5 b hours (at least the one) of as many weeks.
    pooled = np.maximum(week, 1e-9) * daily.mean() / 24 * max(1.0, 3.5 * bandwidth) * days
    error = np.sqrt(max(spread, 1.0) / np.maximum(pooled, 1e-9))
    limit = np.exp(np.minimum(_normal_quantile(level) * error, 3.0))
    total = rounded(int(daily.sum())) or 0
    per_year = _DAYS_PER_YEAR / days
    # Of the rounded count: the middle of exact limits would be the exact count.
    half = _multiple(level, days) * float(np.sqrt(spread * max(total, LEAST)))
    return Arrivals(
        name=name,
        volume=round(total * per_year, 1),
        low=_three_figures(max(0.0, total - half) * per_year),
        high=_three_figures((total + half) * per_year),
        week=tuple(round(float(w), 3) for w in week),
        week_low=tuple(round(float(w), 3) for w in week / limit),
        week_high=tuple(round(float(w), 3) for w in week * limit),
        bandwidth=bandwidth,
        months=_months(daily, first),
        reports=total,
        days=days_differ(name, daily, weekdays, level, seed),
    )


def shares(counts: Sequence[int]) -> list[float] | None:
    """Return shares that sum to 1 and give no small count away; None where there are no cases.

    Counts of 1 to 4 are taken as none, the others to the nearest five.
    """
    kept = [0 if count < LEAST else (rounded(count) or 0) for count in counts]
    total = sum(kept)
    if not total:
        return None
    found = [round(count / total, 3) for count in kept]
    largest = max(range(len(found)), key=lambda place: found[place])
    found[largest] = round(found[largest] + 1 - sum(found), 3)
    return found


@dataclass(frozen=True, slots=True)
class _Weekly:
    """Reports by hour of the day, by day of the week, and by both.

    Attributes
    ----------
    hours
        Shape (24,), of an average day.
    totals
        Shape (7,).
    own
        Shape (7, 24), of an average day of each kind; None: all days have the same hours.
    present
        Days of each kind, shape (7,).
    """

    hours: Floats
    totals: Floats
    own: Floats | None
    present: Floats

    @classmethod
    def of(cls, counts: Floats, weekdays: npt.NDArray[np.int64]) -> _Weekly:
        present = np.bincount(weekdays, minlength=7).astype(np.float64)
        by_day = np.zeros((7, 24))
        np.add.at(by_day, weekdays, counts)
        days = np.maximum(present, 1)
        return cls(
            counts.sum(axis=0) / max(len(counts), 1), by_day.sum(axis=1),
            by_day / days[:, None], present,
        )  # fmt: skip


def _released(weekly: _Weekly) -> _Weekly:
    """The same from counts that may leave: pooled until none is from 1 to 4, and rounded."""
    days = weekly.present.sum()
    hours = _pooled(np.rint(weekly.hours * days)) / max(days, 1)
    totals = weekly.totals
    known = weekly.present > 0
    if ((totals[known] > 0) & (totals[known] < LEAST)).any():
        totals = totals.sum() * weekly.present / max(days, 1)
    totals = _fives(totals)
    own = None
    if weekly.own is not None:
        counts = np.rint(weekly.own * weekly.present[:, None])
        blocks = counts.reshape(7, 24 // _OWN_HOURS, _OWN_HOURS).sum(axis=2)
        if (blocks[known] >= LEAST).all():
            spread = np.repeat(_fives(blocks) / _OWN_HOURS, _OWN_HOURS, axis=1)
            own = spread / np.maximum(weekly.present, 1)[:, None]
    return _Weekly(hours, totals, own, weekly.present)


def _pooled(counts: Floats) -> Floats:
    """Spread 24 counts evenly over the narrowest blocks of which none holds from 1 to 4."""
    for width in _BLOCKS:
        blocks = counts.reshape(24 // width, width).sum(axis=1)
        if not ((blocks > 0) & (blocks < LEAST)).any():
            return np.repeat(_fives(blocks) / width, width)
    return np.full(24, 1.0)


def _fives(counts: Floats) -> Floats:
    return np.asarray(LEAST * np.floor(counts / LEAST + 0.5))


def _week(weekly: _Weekly, bandwidth: float) -> Floats:
    """Return 168 weights with a mean of 1."""
    if weekly.totals.sum() == 0 or weekly.hours.sum() == 0:
        return np.ones(_WEEK_HOURS)
    known = weekly.present > 0
    per_day = weekly.totals / np.maximum(weekly.present, 1)
    factors = np.ones(7)
    # Half of what sets a day of the week apart is believed where 30 reports stand behind it.
    trust = weekly.totals / (weekly.totals + 30.0)
    factors[known] = 1 + trust[known] * (per_day[known] / per_day[known].mean() - 1)
    profile = _smoothed(weekly.hours, bandwidth)
    tilt = np.ones((7, 24))
    if weekly.own is not None:
        # Each day keeps its own hours, as far as the same kernel over a wider stretch shows them.
        wider = max(2.0, 2 * bandwidth)
        own = np.array([_smoothed(day, wider) for day in weekly.own])
        usual = _smoothed(weekly.own[known].mean(axis=0), wider)
        tilt[known] = own[known] / np.maximum(usual, 1e-9)
        tilt /= np.maximum(tilt.mean(axis=1, keepdims=True), 1e-9)
    evidence = (weekly.totals / (weekly.totals + 300.0))[:, None]
    week = profile * factors[:, None] * (1 + evidence * (tilt - 1))
    return np.asarray((week / week.mean()).ravel(), dtype=np.float64)


def _smoothed(hours: Floats, bandwidth: float) -> Floats:
    """Pool 24 hours on the clock's circle."""
    apart = np.abs(np.subtract.outer(np.arange(24), np.arange(24)))
    apart = np.minimum(apart, 24 - apart)
    kernel = np.exp(-0.5 * (apart / bandwidth) ** 2)
    pooled: Floats = kernel @ hours / kernel.sum(axis=1)
    return pooled


def _left_out(counts: Floats, weekdays: npt.NDArray[np.int64], bandwidth: float) -> float:
    """Poisson log-likelihood of days under the rate of the others."""
    fold = np.arange(len(counts)) // 7 % _FOLDS
    if len(set(fold.tolist())) < 2:
        fold = np.arange(len(counts)) % _FOLDS
    total = 0.0
    for number in range(_FOLDS):
        held, kept = fold == number, fold != number
        if not held.any() or not kept.any():
            continue
        week = _week(_Weekly.of(counts[kept], weekdays[kept]), bandwidth).reshape(7, 24)
        rate = np.maximum(week[weekdays[held]] * counts[kept].mean(), 1e-6)
        total += float((counts[held] * np.log(rate) - rate).sum())
    return total


def _months(daily: Floats, first: date) -> tuple[float, ...]:
    """Twelve factors, pulled towards 1 where days are few; all 1 with less than a year."""
    months = np.array([(first + timedelta(days=day)).month for day in range(len(daily))])
    if len(set(months.tolist())) < _LEAST_MONTHS or len(daily) < 350:
        return (1.0,) * 12
    counts = np.array([daily[months == month].sum() for month in range(1, 13)])
    if (counts < LEAST).any():
        return (1.0,) * 12
    days = np.array([(months == month).sum() for month in range(1, 13)])
    # From counts that may leave, so that none is to be had from the factors.
    usual = _fives(counts).sum() / days.sum()
    trust = days / (days + _MONTH_SHRINK)
    factors = 1 + trust * (_fives(counts) / days / usual - 1)
    return tuple(round(float(factor), 3) for factor in factors)


def _spread(daily: Floats) -> float:
    """Variance of daily counts over Poisson's, to the nearest half, and a half at least."""
    if len(daily) < _LEAST_DAYS or not daily.sum():
        return 1.0
    return max(0.5, round(2 * float(daily.var(ddof=1) / daily.mean())) / 2)


def _multiple(level: float, days: int) -> float:
    """Standard errors on either side of a mean over days."""
    from scipy.special import stdtrit

    if days < _LEAST_DAYS:
        return _normal_quantile(level)
    return float(stdtrit(days - 1, 0.5 + level / 2))


def _three_figures(number: float) -> float:
    return float(f"{number:.3g}")


def _normal_quantile(level: float) -> float:
    from scipy.special import ndtri

    return float(ndtri(0.5 + level / 2))
