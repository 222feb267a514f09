"""How often something comes back: rates of events that come in runs."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from sim.statistics.distributions import gamma_quantile, student_t_quantile
from sim.statistics.interval import Interval, as_vector, family_level


def dispersion(counts: npt.ArrayLike) -> float | None:
    """Variance over mean of the counts of equal spans: 1 where events come singly.

    Returns
    -------
    float or None
        None of fewer than two spans, or without any event.
    """
    vector = as_vector(counts, "counts")
    if vector.size < 2 or vector.sum() == 0:
        return None
    return float(vector.var(ddof=1) / vector.mean())


def rate_interval(
    counts: npt.ArrayLike,
    span: float,
    level: float,
    comparisons: int = 1,
    *,
    least_dispersion: float = 1.0,
) -> Interval:
    """Estimate events for each unit of time, with the gamma limits of a Poisson count.

    Parameters
    ----------
    counts
        Shape (spans,): events in each of some independent spans of equal length.
    span
        Length of each, above 0.
    level, comparisons
        Confidence level, and how many intervals must hold together at it (Bonferroni).
    least_dispersion
        A dispersion known from elsewhere, at least 1; the larger of this and the counts' own is
        used.

    Returns
    -------
    Interval
        Limits are those of Garwood at the *effective* number of events: the count over its
        dispersion, which is multiplied by the squared ratio of the t and normal quantiles, since
        it is itself estimated, and is never taken to be under 1. `n` counts events. Without an
        event the lower limit is 0. Limits are None of fewer than two spans.

    Raises
    ------
    ValueError
        If a count is negative, or the span is not above 0.

    Notes
    -----
    Garwood (1936), "Fiducial limits for the Poisson distribution", *Biometrika* 28, 437-442; the
    effective number as in Korn and Graubard (1998), *Survey Methodology* 24(2), 193-201.
    """
    vector = as_vector(counts, "counts")
    if (vector < 0).any() or not span > 0:
        raise ValueError("counts are at least 0, and a span is above 0")
    each = family_level(level, comparisons)
    events = float(vector.sum())
    time = vector.size * span
    n = int(np.rint(events))
    if vector.size < 2:
        value = events / time if vector.size else None
        return Interval(value, None, None, n, level, comparisons > 1)
    effect = max(1.0, least_dispersion)
    own = dispersion(vector)
    if own is not None:
        half = (1 + each) / 2
        known = student_t_quantile(half, 10**6)
        effect = max(effect, own * (student_t_quantile(half, vector.size - 1) / known) ** 2)
    effective = events / effect
    tail = (1 - each) / 2
    low = gamma_quantile(tail, effective) if effective > 0 else 0.0
    high = gamma_quantile(1 - tail, effective + 1)
    value = events / time
    return Interval(
        value,
        min(low * effect / time, value),
        max(high * effect / time, value),
        n,
        level,
        comparisons > 1,
    )


def chance_of_any(rate: float, time: float) -> float:
    """The chance of at least one event in a time, of a rate of events that come singly."""
    return -math.expm1(-rate * time)
