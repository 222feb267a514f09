"""Intervals for quantiles, tail means and other pooled estimates, by sectioning.

A quantile of few cases is biased, so the mean of the replications' own quantiles is off
by an amount that no number of replications cures. The estimate is therefore taken from all
cases pooled; the spread comes from the estimates of groups of replications *around the
pooled value*. That is sectioning; batching, which centres on the mean of the groups'
estimates, keeps their bias.

Asmussen and Glynn (2007), *Stochastic Simulation*, section III.5; Nakayama (2014),
"Confidence intervals for quantiles using sectioning when applying variance-reduction
techniques", *ACM Transactions on Modeling and Computer Simulation* 24(4), article 19.
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np

from sim.statistics.histogram import SecondsHistogram
from sim.statistics.interval import (
    Interval,
    Vector,
    family_level,
    interval_from_contributions,
    no_estimate,
)
from sim.statistics.pooled import GROUPS

Estimator: TypeAlias = Callable[[SecondsHistogram], float | None]


def grouped(
    replications: Sequence[SecondsHistogram], groups: int = GROUPS
) -> list[SecondsHistogram]:
    """Merge the histograms of replications 0, 1, 2, ... into their groups.

    Parameters
    ----------
    replications
        One histogram for each replication, in the order of their numbers.
    groups
        Most groups to make.

    Returns
    -------
    list of SecondsHistogram
        ``min(groups, len(replications))`` new histograms.
    """
    if groups < 1:
        raise ValueError(f"groups is {groups}; it must be at least 1")
    return [
        SecondsHistogram.merged(replications[first::groups])
        for first in range(min(groups, len(replications)))
    ]


def sectioned_interval(
    groups: Sequence[SecondsHistogram],
    estimator: Estimator,
    level: float,
    comparisons: int = 1,
) -> Interval:
    """Estimate from all values pooled, with an interval from the groups' spread around it.

    Groups weigh by their number of values, so that for a mean the result is that of
    `ratio_interval` over the groups; with groups of one size it is the textbook formula.

    Parameters
    ----------
    groups
        Histograms of independent groups of replications, as `grouped` makes them.
    estimator
        A function of one histogram, such as ``lambda h: h.quantile(0.95)``; None where it
        cannot be computed.
    level, comparisons
        Confidence level, and how many intervals must hold together at it (Bonferroni).

    Returns
    -------
    Interval
        `n` counts the pooled values. Empty groups add no degrees of freedom; limits are
        None where fewer than two groups have an estimate.
    """
    family_level(level, comparisons)
    pooled, contributions = _sections(groups, estimator)
    if pooled is None:
        return no_estimate(level, comparisons > 1)
    count = sum(group.count for group in groups)
    active = contributions[~np.isnan(contributions)]
    return interval_from_contributions(pooled, active, count, level, comparisons)


def sectioned_difference(
    groups_a: Sequence[SecondsHistogram],
    groups_b: Sequence[SecondsHistogram],
    estimator: Estimator,
    level: float,
    comparisons: int = 1,
    *,
    critical: float | None = None,
) -> Interval:
    """Estimate the difference of two pooled estimates, *b* minus *a*, paired by group.

    Parameters
    ----------
    groups_a, groups_b
        Histograms of the same groups of replications under two scenarios, in the same order.
    estimator, level, comparisons
        As in `sectioned_interval`.
    critical
        In place of `comparisons`: a critical value that holds for a family.

    Returns
    -------
    Interval
        `n` is the smaller of the two counts of values.

    Raises
    ------
    ValueError
        If the numbers of groups differ.
    """
    if len(groups_a) != len(groups_b):
        raise ValueError(f"{len(groups_a)} groups cannot be paired with {len(groups_b)}")
    family_level(level, comparisons)
    pooled_a, contributions_a = _sections(groups_a, estimator)
    pooled_b, contributions_b = _sections(groups_b, estimator)
    if pooled_a is None or pooled_b is None:
        return no_estimate(level, comparisons > 1 or critical is not None)
    active = ~(np.isnan(contributions_a) & np.isnan(contributions_b))
    paired = np.nan_to_num(contributions_b) - np.nan_to_num(contributions_a)
    count = min(sum(group.count for group in side) for side in (groups_a, groups_b))
    return interval_from_contributions(
        pooled_b - pooled_a, paired[active], count, level, comparisons, critical
    )


def _sections(
    groups: Sequence[SecondsHistogram], estimator: Estimator
) -> tuple[float | None, Vector]:
    """Return the pooled estimate and the contributions, NaN for a group without an estimate."""
    pooled = SecondsHistogram.merged(groups)
    value = estimator(pooled)
    contributions = np.full(len(groups), np.nan)
    if value is None:
        return None, contributions
    total = pooled.count
    for place, group in enumerate(groups):
        estimate = estimator(group)
        if estimate is not None:
            contributions[place] = group.count / total * (estimate - value)
    return float(value), contributions
