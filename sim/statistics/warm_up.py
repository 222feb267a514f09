"""Whether a warm-up is long enough: MSER-5, taking a cycle out before it, and endless growth."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.statistics.interval import Vector, as_vector
from sim.statistics.ratios import mean_interval

MSER_BATCH = 5
LEAST_BATCHES = 10
LEAST_PERIODS = 3
LEAST_RISE = 1.5
# One-sided 1 in 100.
RISE_LEVEL = 0.98


@dataclass(frozen=True, slots=True)
class Truncation:
    """Where a series has settled.

    Parameters
    ----------
    point
        How many observations to leave out at the start, or None where that is not reached
        within the first half of the series: it is too short, or still drifting.
    length
        Observations looked at.
    """

    point: int | None
    length: int

    @property
    def reached(self) -> bool:
        """Whether a truncation point was found."""
        return self.point is not None


def mser5(series: npt.ArrayLike) -> Truncation:
    """Find the truncation point by MSER-5.

    The series is averaged in batches of five; leaving out the first ``d`` of ``k`` batches,
    the squared standard error of the mean of the rest, without regard to correlation, is
    ``sum((z - mean) ** 2) / (k - d) ** 2``. The ``d`` up to ``k // 2`` that makes it least is
    taken, the smallest of equals. The least at ``k // 2`` itself means that it was still
    falling where the search had to end, so the point is not reached.

    Parameters
    ----------
    series
        Shape (observations,): equally spaced in time, best the mean across replications.
        Up to four at the end that fill no batch are not used.

    Returns
    -------
    Truncation
        `point` in observations, a multiple of 5. Not reached with fewer than 10 batches.

    Raises
    ------
    ValueError
        If `series` is not a vector of finite numbers.

    Notes
    -----
    White (1997), "An effective truncation heuristic for bias reduction in simulation output",
    *Simulation* 69(6), 323-334; White, Cobb and Spratt (2000), "A comparison of five
    steady-state truncation heuristics for simulation", *Winter Simulation Conference*.
    """
    vector = as_vector(series, "series")
    batches = vector.size // MSER_BATCH
    used = batches * MSER_BATCH
    if batches < LEAST_BATCHES:
        return Truncation(None, used)
    # Starting from zero makes a constant series exactly constant in floating point.
    shifted = vector[:used] - vector[0]
    means = shifted.reshape(batches, MSER_BATCH).mean(axis=1)
    last = batches // 2
    errors = [float(means[d:].var()) / (batches - d) for d in range(last + 1)]
    best = int(np.argmin(errors))
    return Truncation(None if best == last else best * MSER_BATCH, used)


def without_cycle(series: npt.ArrayLike, period: int) -> Vector:
    """Take the periodic mean profile out of a series and keep its level.

    The profile is the mean at each phase over the whole periods of the later half, where a
    transient has died away. Subtracting an estimated profile leaves less noise in the periods
    that it was estimated from (a share ``1 - 1/m`` of the variance, with ``m`` periods) than
    in the earlier ones (``1 + 1/m``), which MSER takes for a series that has yet to
    settle. Residuals of the later periods are therefore stretched by
    ``sqrt((m + 1 - 2 / period) / (m - 1))``, so that uncorrelated noise has one variance
    throughout (the ``2 / period`` is what the level itself varies by).

    Parameters
    ----------
    series
        Shape (observations,), equally spaced in time.
    period
        Observations in one cycle, such as 168 for hours of the week.

    Returns
    -------
    ndarray
        Shape (observations,).

    Raises
    ------
    ValueError
        If `period` is under 1 or the series is shorter than four periods, so that the later
        half does not hold two.
    """
    vector = as_vector(series, "series")
    if period < 1:
        raise ValueError(f"period is {period}; it must be at least 1")
    periods = vector.size // 2 // period
    if periods < 2:
        raise ValueError(f"{vector.size} observations are fewer than four periods of {period}")
    start = vector.size - periods * period
    later = vector[start:].reshape(periods, period)
    profile = later.mean(axis=0)
    phase = (np.arange(vector.size) - start) % period
    residuals: Vector = vector - profile[phase]
    residuals[start:] *= math.sqrt((periods + 1 - 2 / period) / (periods - 1))
    residuals += profile.mean()
    return residuals


def grows(periods: npt.ArrayLike) -> bool:
    """Whether a quantity rises from each period to the next, and by half or more in all.

    The slope of a straight line over the periods is held against nought by its interval over
    replications, Student's t: a quantity that keeps its level is taken for one that grows with a
    chance of at most 1 in 100, and hardly ever where its means over replications lie closer than
    by half.

    Parameters
    ----------
    periods
        Shape (replications, periods): its mean in each. The periods are as long as its cycle.

    Returns
    -------
    bool
        False with fewer than three periods or two replications: nothing can be said.

    Raises
    ------
    ValueError
        If `periods` has another shape.
    """
    table = np.asarray(periods, dtype=np.float64)
    if table.ndim != 2:
        raise ValueError(f"periods has {table.ndim} dimensions; it must have two")
    replications, count = table.shape
    if count < LEAST_PERIODS or replications < 2:
        return False
    means = table.mean(axis=0)
    if means[-1] < LEAST_RISE * means[0] or (np.diff(means) <= 0).any():
        return False
    slopes = table @ (np.arange(count) - (count - 1) / 2)
    low = mean_interval(slopes, RISE_LEVEL).low
    return low is not None and low > 0
