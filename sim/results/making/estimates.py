"""Estimators of ratios of sums, and of the quantiles and tail means of a distribution of times."""

from __future__ import annotations

from sim.measures.replication import Ints
from sim.results.catalogue import Measure, Sums
from sim.statistics import (
    FollowedQuantile,
    Interval,
    TailMean,
    TimeQuantile,
    paired_ratio_difference,
    ratio_interval,
    share_interval,
)


def ratio_of(measure: Measure, ratio: Sums, sums: Ints, level: float) -> Interval:
    """What estimates one of a measure's ratios from sums of shape (replications, columns)."""
    top, bottom = sums[:, ratio.top], sums[:, ratio.bottom]
    if measure.of_time:
        return ratio_interval(top, bottom, level, share=True, count=len(sums))
    if measure.unit == "share":
        return share_interval(top, bottom, level)
    return ratio_interval(top / measure.divisor, bottom, level, count=int(bottom.sum()))


def ratio_changed(measure: Measure, ratio: Sums, sums: tuple[Ints, Ints], level: float) -> Interval:
    """What estimates its change from the sums of both sides, replication by replication."""
    (old, new) = sums
    return paired_ratio_difference(
        old[:, ratio.top] / measure.divisor,
        old[:, ratio.bottom],
        new[:, ratio.top] / measure.divisor,
        new[:, ratio.bottom],
        level,
        share=measure.unit == "share",
    )


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
