"""Estimators of the quantiles and tail means of a distribution of times."""

from __future__ import annotations

from collections.abc import Callable

from sim.results.catalogue import Measure
from sim.statistics import SecondsHistogram


def estimator(measure: Measure) -> Callable[[SecondsHistogram], float | None]:
    """What estimates a measure from times, in its unit; None where they are too few.

    Raises
    ------
    ValueError
        If the measure is neither a quantile nor a tail mean.
    """
    quantile, tail, divisor = measure.quantile, measure.tail, measure.divisor
    if quantile is not None:

        def estimate(times: SecondsHistogram) -> float | None:
            seconds = times.quantile(quantile)
            return None if seconds is None else seconds / divisor

        return estimate
    if tail is None:
        raise ValueError(f"{measure.name} is neither a quantile nor a tail mean")

    def mean_beyond(times: SecondsHistogram) -> float | None:
        seconds = times.tail_mean(tail)
        return None if seconds is None else seconds / divisor

    return mean_beyond
