"""Estimators of the quantiles and tail means of a distribution of times."""

from __future__ import annotations

from sim.results.catalogue import Measure
from sim.statistics import FollowedQuantile, TailMean, TimeQuantile


def estimator(measure: Measure) -> TimeQuantile | TailMean:
    """What estimates a measure from times, in its unit, with its limits.

    Raises
    ------
    ValueError
        If the measure is neither a quantile nor a tail mean.
    """
    if measure.quantile is not None:
        return TimeQuantile(measure.quantile, measure.divisor)
    if measure.tail is not None:
        return TailMean(measure.tail, measure.divisor)
    raise ValueError(f"{measure.name} is neither a quantile nor a tail mean")


def followed_estimator(measure: Measure) -> FollowedQuantile:
    """What estimates a quantile of times of which some were cut off, in the measure's unit.

    Raises
    ------
    ValueError
        If the measure is no quantile.
    """
    if measure.quantile is None:
        raise ValueError(f"{measure.name} is no quantile")
    return FollowedQuantile(measure.quantile, measure.divisor)
