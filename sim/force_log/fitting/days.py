"""By how much busy days differ from quiet ones beyond chance, from the counts of a log's days."""

from __future__ import annotations

from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from sim.streams import bootstrap_generator

Floats: TypeAlias = npt.NDArray[np.float64]

_LEAST_DAYS: Final = 28
_LEAST_A_DAY: Final = 1.0
_TAKEN_OUT: Final = 8
"""Seven days of the week and a trend."""
_DRAWS: Final = 400


class DaysDiffer(NamedTuple):
    """Standard deviation of a day's factor on the rate, with limits."""

    value: float
    low: float
    high: float


def days_differ(
    name: str, daily: Floats, weekdays: npt.NDArray[np.int64], level: float, seed: int
) -> DaysDiffer | None:
    """Estimate by how much days differ, weekday and trend taken out.

    Parameters
    ----------
    name
        Of the stream: its days are drawn anew by luck of their own.
    daily, weekdays
        Reports of each day, and its day of the week, shape (days,).
    level
        Confidence level.
    seed
        Of that luck.

    Returns
    -------
    DaysDiffer
        From the variance of a day's count over its mean, which is rounded to halves, so that it
        tells of no day; limits from days drawn anew. None with under four weeks of days, with
        under one report a day, or where it cannot be told from no difference.
    """
    mean = float(daily.mean()) if daily.size else 0.0
    if daily.size < _LEAST_DAYS or mean < _LEAST_A_DAY:
        return None
    design = np.zeros((daily.size, _TAKEN_OUT))
    design[np.arange(daily.size), weekdays] = 1.0
    design[:, -1] = np.linspace(-0.5, 0.5, daily.size)
    fitted = design @ np.linalg.lstsq(design, daily, rcond=None)[0]
    expected = np.maximum(fitted, 0.1 * mean)
    over = (daily - expected) ** 2 / expected * daily.size / (daily.size - _TAKEN_OUT)
    luck = bootstrap_generator(seed, f"days that differ, {name}")
    drawn = over[luck.integers(0, daily.size, (_DRAWS, daily.size))].mean(axis=1)
    tail = (1 - level) / 2
    value, low, high = (
        _size(spread, mean)
        for spread in (float(over.mean()), *np.quantile(drawn, [tail, 1 - tail]).tolist())
    )
    return DaysDiffer(value, low, high) if low > 0 and value > 0 else None


def _size(spread: float, mean: float) -> float:
    """Return the standard deviation of a factor that makes counts vary so over their mean."""
    halves = round(2 * spread) / 2
    return min(1.0, round(float(np.sqrt(max(halves - 1.0, 0.0) / mean)), 2))
