"""Lengths of time from uniforms, one for one, by inverse transform.

Each family of `sim.scenario.fields.Duration` has its quantile function here. A length is rounded
to the nearest second, halves up, once, after all else: flooring would make every wait in a queue
too short by several per cent of its true mean.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import gammaincinv, ndtri

from sim.scenario.fields import (
    Constant,
    Duration,
    Exponential,
    Gamma,
    Lognormal,
    Quantiles,
    Uniform,
)
from sim.tables import DAY, MINUTE

__all__ = ["minutes_at", "rounded", "seconds_at"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


def seconds_at(
    duration: Duration, uniform: FloatArray, factor: FloatArray | float = 1.0
) -> IntArray:
    """Return the length of a duration at each uniform, in whole seconds.

    Parameters
    ----------
    duration : Duration
        A family with its numbers.
    uniform : ndarray of float64, shape (n,)
        Values in the open interval (0, 1); a higher value never gives a shorter length.
    factor : float or ndarray of float64, shape (n,)
        Multiplies each length after ``at_most_minutes`` has cut it.

    Returns
    -------
    ndarray of int64, shape (n,)
        Seconds, at least 0, to the nearest second.
    """
    return rounded(minutes_at(duration, uniform) * factor)


def minutes_at(duration: Duration, uniform: FloatArray) -> FloatArray:
    """Return the quantile of a duration at each uniform, in minutes, shape (n,)."""
    minutes = _quantile(duration, uniform)
    if duration.at_most_minutes is not None:
        minutes = np.minimum(minutes, duration.at_most_minutes)
    return minutes


_LONGEST_SECONDS: Final = 100 * 365 * DAY


def rounded(minutes: FloatArray) -> IntArray:
    """Return minutes, none below 0, as seconds, halves up, and at most a century; shape kept."""
    seconds = minutes * MINUTE
    seconds += 0.5
    # A heavy tail has no end, and what an ``int64`` cannot hold would come out negative.
    np.minimum(seconds, _LONGEST_SECONDS, out=seconds)
    whole: IntArray = seconds.astype(np.int64)
    return whole


def _quantile(duration: Duration, uniform: FloatArray) -> FloatArray:
    minutes: FloatArray
    match duration:
        case Constant():
            minutes = np.full(uniform.shape, duration.minutes)
        case Exponential():
            minutes = -duration.mean_minutes * np.log1p(-uniform)
        case Lognormal():
            minutes = duration.median_minutes * np.exp(duration.sigma * ndtri(uniform))
        case Gamma():
            # Shape and scale of the mean m and the variation v: 1 / v**2 and m * v**2.
            spread = duration.variation**2
            standard = np.asarray(gammaincinv(1.0 / spread, uniform), dtype=np.float64)
            minutes = duration.mean_minutes * spread * standard
        case Uniform():
            span = duration.high_minutes - duration.low_minutes
            minutes = duration.low_minutes + span * uniform
        case Quantiles():
            minutes = np.interp(uniform, duration.levels, duration.minutes)
    return minutes
