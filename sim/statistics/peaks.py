"""Peaks over a threshold: how often a value is exceeded that was hardly seen, or never.

Values that come one after another are above a threshold in runs, so runs are put together first
(Ferro and Segers), the largest of each is kept, and what it exceeds the threshold by follows a
generalised Pareto law. Independent series are resampled whole.

Ferro and Segers (2003), "Inference for clusters of extreme values", *Journal of the Royal
Statistical Society B* 65(2), 545-556; Coles (2001), *An Introduction to Statistical Modeling of
Extreme Values*, chapter 4.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float64]

LEAST_CLUSTERS: Final = 20
"""Fewer say nothing about a tail."""

_SHAPES: Final = (-0.9, 0.9)
"""Beyond these a tail of a few dozen peaks is noise."""


@dataclass(frozen=True)
class Tail:
    """The law of what lies above a threshold.

    Attributes
    ----------
    threshold
        In the values' unit.
    exceedances, clusters
        Values above it, and runs of them.
    extremal_index
        Clusters for each exceedance: 1 where values do not depend on one another.
    shape, scale
        Of the generalised Pareto law; a shape above 0 has no upper end.
    series
        Of how many values' series.
    """

    threshold: float
    exceedances: int
    clusters: int
    extremal_index: float
    shape: float
    scale: float
    series: int

    def clusters_beyond(self, value: float) -> float:
        """Runs for each series in which a value is exceeded."""
        return self.clusters / self.series * self.survival(value)

    def survival(self, value: float) -> float:
        """The chance that the largest of a run exceeds a value at or above the threshold."""
        over = (value - self.threshold) / self.scale
        if over <= 0:
            return 1.0
        if abs(self.shape) < 1e-9:
            return math.exp(-over)
        base = 1 + self.shape * over
        return 0.0 if base <= 0 else float(base ** (-1 / self.shape))


def extremal_index(gaps: npt.ArrayLike) -> float:
    """Estimate the extremal index from the gaps between exceedances (Ferro and Segers).

    Parameters
    ----------
    gaps
        Shape (n,): how many places apart neighbouring exceedances stand, at least 1 each.

    Returns
    -------
    float
        Above 0, at most 1; 1 without any gap.
    """
    steps = np.asarray(gaps, dtype=np.float64)
    if not steps.size:
        return 1.0
    if steps.max() <= 2:
        top, bottom = 2 * steps.sum() ** 2, steps.size * (steps**2).sum()
    else:
        top = 2 * (steps - 1).sum() ** 2
        bottom = steps.size * ((steps - 1) * (steps - 2)).sum()
    return 1.0 if bottom <= 0 else float(min(1.0, max(top / bottom, 1 / steps.size)))


def cluster_peaks(series: Sequence[Vector], threshold: float) -> tuple[list[Vector], float]:
    """Put exceedances into runs; return the largest of each, by series, and the extremal index.

    Parameters
    ----------
    series
        Values one after another; series are independent of one another.
    threshold
        What is exceeded.

    Notes
    -----
    With N gaps and an extremal index of θ, the ⌊θN⌋ longest gaps separate runs; gaps as long as
    the shortest of them do not.
    """
    places = [np.flatnonzero(one > threshold) for one in series]
    gaps = [np.diff(one) for one in places]
    every = np.concatenate([*gaps, np.zeros(0, dtype=np.int64)])
    theta = extremal_index(every)
    between = math.floor(theta * every.size)
    ranked = np.sort(every)[::-1]
    # A gap as long as one that no longer separates does not separate either.
    limit = ranked[between] if between < ranked.size else 0
    peaks = []
    for values, at, steps in zip(series, places, gaps, strict=True):
        if not at.size:
            peaks.append(np.zeros(0))
            continue
        first = np.concatenate(([0], np.flatnonzero(steps > limit) + 1))
        peaks.append(np.maximum.reduceat(values[at], first).astype(np.float64))
    return peaks, theta


def tail_of(series: Sequence[Vector], threshold: float) -> Tail | None:
    """Fit what lies above a threshold; None of fewer than `LEAST_CLUSTERS` runs."""
    peaks, theta = cluster_peaks(series, threshold)
    every = np.concatenate(peaks)
    if every.size < LEAST_CLUSTERS:
        return None
    shape, scale = _fitted(every - threshold)
    exceedances = int(sum((one > threshold).sum() for one in series))
    return Tail(threshold, exceedances, every.size, theta, shape, scale, len(series))


def beyond_interval(
    series: Sequence[Vector],
    threshold: float,
    value: float,
    generator: np.random.Generator,
    *,
    level: float,
    resamples: int = 200,
) -> tuple[float, float] | None:
    """Limits of `Tail.clusters_beyond`, whole series resampled.

    Returns
    -------
    tuple of float or None
        Percentiles of the resamples; None where too few of them have a tail.
    """
    found = []
    count = len(series)
    for _ in range(resamples):
        drawn = generator.integers(0, count, size=count)
        tail = tail_of([series[at] for at in drawn], threshold)
        if tail is not None:
            found.append(tail.clusters_beyond(value))
    if len(found) < resamples / 2:
        return None
    outside = (1 - level) / 2
    low, high = np.quantile(found, [outside, 1 - outside])
    return float(low), float(high)


def _fitted(excesses: Vector) -> tuple[float, float]:
    """Shape and scale of a generalised Pareto law, by maximum likelihood."""
    from scipy.stats import genpareto

    shape, _, scale = genpareto.fit(excesses, 0.1, floc=0.0, scale=float(excesses.mean()))
    if not _SHAPES[0] <= shape <= _SHAPES[1] or not scale > 0:
        shape = float(np.clip(shape, *_SHAPES))
        _, _, scale = genpareto.fit(excesses, floc=0.0, fc=shape, scale=float(excesses.mean()))
    return float(shape), float(scale)
