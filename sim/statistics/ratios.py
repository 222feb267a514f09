"""Means and ratios over replications, of one scenario."""

import numpy as np
import numpy.typing as npt

from sim.statistics.interval import (
    Interval,
    Vector,
    as_vector,
    family_level,
    interval_from_contributions,
    no_estimate,
    same_length,
)

LEAST_CASES = 2
"""Cases a replication under which no range of a mean wait was found to hold (83 to 89 %)."""


def mean_interval(values: npt.ArrayLike, level: float, comparisons: int = 1) -> Interval:
    """Estimate a mean over replications, with Student's t.

    Parameters
    ----------
    values
        Shape (replications,): one number from each. A replication that has no number
        (the mean delay of no case) has no place here; use `ratio_interval`.
    level, comparisons
        Confidence level, and how many intervals must hold together at it (Bonferroni).

    Returns
    -------
    Interval
        `n` counts replications. All None without any, limits None with one.

    Raises
    ------
    ValueError
        If `values` is not a vector of finite numbers.
    """
    vector = as_vector(values, "values")
    family_level(level, comparisons)
    if vector.size == 0:
        return no_estimate(level, comparisons > 1)
    mean = float(vector.mean())
    contributions = (vector - mean) / vector.size
    return interval_from_contributions(mean, contributions, vector.size, level, comparisons)


def ratio_interval(
    numerators: npt.ArrayLike,
    denominators: npt.ArrayLike,
    level: float,
    comparisons: int = 1,
    *,
    share: bool = False,
    count: int | None = None,
) -> Interval:
    """Estimate a ratio of sums over replications, with the linearised variance and Student's t.

    Limits of what is no share are corrected for skewness (`interval_from_contributions`): waits are
    skewed, and so are their sums.

    The ratio of the sums is what a planner means by "the share of cases" or "the mean delay
    of a case"; the mean of the replications' own ratios is biased where their denominators
    vary, and undefined where one is zero. Replications that counted nothing do not add
    degrees of freedom.

    Parameters
    ----------
    numerators, denominators
        Shape (replications,): sums within each replication. Denominators are not negative.
    level, comparisons
        Confidence level, and how many intervals must hold together at it (Bonferroni).
    share
        The numerator counts some of the denominator's cases: limits are kept in [0, 1].
        With few events the limits are too narrow; `share_interval` sees to that.
    count
        What to report as `n`; the sum of the denominators unless told.

    Returns
    -------
    Interval
        All None where the denominators sum to zero; limits None where fewer than two
        replications counted anything.

    Raises
    ------
    ValueError
        If lengths differ, a number is not finite, a denominator is negative, or `share` is
        asked for and a numerator is not between 0 and its denominator.

    Notes
    -----
    Cochran (1977), *Sampling Techniques*, 3rd ed., sections 6.3 and 6.4; for regenerative and
    replicated simulation, Law (2015), *Simulation Modeling and Analysis*, 5th ed., chapter 9.
    """
    tops, bottoms = ratio_vectors(numerators, denominators, share=share)
    return interval_of_ratio(
        tops, bottoms, level, comparisons, share=share, count=count, skewed=not share
    )


def unless_few(mean: Interval, *denominators: npt.ArrayLike) -> Interval:
    """Withhold a mean over cases, or a difference of two, that rests on too few of them.

    Parameters
    ----------
    mean
        The estimate.
    *denominators
        Cases of each replication, of each side.

    Returns
    -------
    Interval
        All None and `too_few` with under `LEAST_CASES` cases a replication on a side that has any.
    """
    for one in denominators:
        cases = as_vector(one, "denominators")
        if 0 < cases.sum() < LEAST_CASES * cases.size:
            return Interval(
                None, None, None, mean.n, mean.level, adjusted=mean.adjusted, too_few=True
            )
    return mean


def interval_of_ratio(
    tops: Vector,
    bottoms: Vector,
    level: float,
    comparisons: int = 1,
    *,
    share: bool = False,
    count: int | None = None,
    skewed: bool = False,
) -> Interval:
    """Estimate a ratio of vectors that have been looked at, as `ratio_interval` does."""
    family_level(level, comparisons)
    n = ratio_count(bottoms) if count is None else count
    if bottoms.sum() == 0:
        return no_estimate(level, comparisons > 1)
    ratio, contributions = ratio_contributions(tops, bottoms)
    active = contributions[(tops != 0) | (bottoms != 0)]
    interval = interval_from_contributions(ratio, active, n, level, comparisons, skewed=skewed)
    return within_unit(interval) if share else interval


def ratio_vectors(
    numerators: npt.ArrayLike, denominators: npt.ArrayLike, *, share: bool
) -> tuple[Vector, Vector]:
    """Check numerators and denominators; return each with shape (replications,)."""
    tops = as_vector(numerators, "numerators")
    bottoms = as_vector(denominators, "denominators")
    same_length(numerators=tops, denominators=bottoms)
    if (bottoms < 0).any():
        raise ValueError("a denominator is negative")
    if share and ((tops < 0) | (tops > bottoms)).any():
        raise ValueError("a share's numerator must lie between 0 and its denominator")
    return tops, bottoms


def ratio_contributions(tops: Vector, bottoms: Vector) -> tuple[float, Vector]:
    """Return the ratio of the sums and each replication's contribution; `bottoms` sum to more."""
    total = float(bottoms.sum())
    ratio = float(tops.sum()) / total
    return ratio, (tops - ratio * bottoms) / total


def ratio_count(bottoms: Vector) -> int:
    """Return the sum of the denominators as a count."""
    return int(np.rint(bottoms.sum()))


def within_unit(interval: Interval) -> Interval:
    """Return the interval with its limits kept in [0, 1]."""
    if interval.low is None or interval.high is None:
        return interval
    return Interval(
        interval.value,
        max(0.0, interval.low),
        min(1.0, interval.high),
        interval.n,
        interval.level,
        interval.adjusted,
        interval.too_few,
    )
