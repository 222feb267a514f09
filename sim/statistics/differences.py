"""Paired differences between two scenarios that met the same luck.

Replication r of one is paired with replication r of the other. Scenario *a* is the
baseline throughout, and a difference is *b* minus *a*.
"""

import math
from typing import Final

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
    standard_error,
    t_critical,
)
from sim.statistics.rare import RARE_EVENTS
from sim.statistics.ratios import ratio_contributions, ratio_count, ratio_vectors

UNSEEN_CASES: Final = math.sqrt(2)
"""Cases by which a difference is taken to be off for changes that happen not to have been seen."""


def paired_mean_difference(
    values_a: npt.ArrayLike,
    values_b: npt.ArrayLike,
    level: float,
    comparisons: int = 1,
    *,
    critical: float | None = None,
) -> Interval:
    """Estimate the mean over replications of *b* minus *a*, paired, with Student's t.

    Parameters
    ----------
    values_a, values_b
        Shape (replications,): one number from each replication, in the same order.
    level, comparisons
        Confidence level, and how many intervals must hold together at it (Bonferroni).
    critical
        In place of `comparisons`: a critical value from `max_t_bootstrap`.

    Returns
    -------
    Interval
        `n` counts replications.

    Raises
    ------
    ValueError
        If lengths differ or a number is not finite.
    """
    first, second = as_vector(values_a, "values_a"), as_vector(values_b, "values_b")
    same_length(values_a=first, values_b=second)
    family_level(level, comparisons)
    if first.size == 0:
        return no_estimate(level, comparisons > 1 or critical is not None)
    difference = second - first
    mean = float(difference.mean())
    contributions = (difference - mean) / difference.size
    return interval_from_contributions(
        mean, contributions, difference.size, level, comparisons, critical
    )


def paired_ratio_difference(
    numerators_a: npt.ArrayLike,
    denominators_a: npt.ArrayLike,
    numerators_b: npt.ArrayLike,
    denominators_b: npt.ArrayLike,
    level: float,
    comparisons: int = 1,
    *,
    share: bool = False,
    critical: float | None = None,
) -> Interval:
    """Estimate the difference of two ratios, *b* minus *a*, from paired linearised residuals.

    Common luck leaves most cases as they were. The few that a change moves may all have stayed
    away by chance, and the spread over replications says nothing of that. So as much as
    `UNSEEN_CASES` would move is added to it, as one more independent source: a case counts for 1
    in a share, and for the standard deviation of a case in a mean. The limits of a share reach
    about three cases beyond what was seen, as by the "rule of three", and where many cases change
    they are as good as unmoved.

    Parameters
    ----------
    numerators_a, denominators_a, numerators_b, denominators_b
        Shape (replications,): sums within each replication, in the same order.
    level, comparisons
        Confidence level, and how many intervals must hold together at it (Bonferroni).
    share
        Numerators count some of the denominators' cases. Limits are then kept in [-1, 1],
        and where both scenarios have fewer than `RARE_EVENTS` events, or both fewer
        non-events, `too_few` is True and the limits are None.
    critical
        In place of `comparisons`: a critical value from `max_t_bootstrap`.

    Returns
    -------
    Interval
        `n` is the smaller of the two counts. Scenarios that agree in every replication
        differ by exactly 0, with limits 0. That is what was seen and no interval: another
        replication may yet show a difference.

    Raises
    ------
    ValueError
        As `ratio_interval`.

    Notes
    -----
    Agresti and Min (2005), "Simple improved confidence intervals for comparing matched
    proportions", *Statistics in Medicine* 24, 729-740, add such pseudo-cases to a table.
    """
    tops_a, bottoms_a = ratio_vectors(numerators_a, denominators_a, share=share)
    tops_b, bottoms_b = ratio_vectors(numerators_b, denominators_b, share=share)
    same_length(a=tops_a, b=tops_b)
    family_level(level, comparisons)
    adjusted = comparisons > 1 or critical is not None
    if bottoms_a.sum() == 0 or bottoms_b.sum() == 0:
        return no_estimate(level, adjusted)
    ratio_a, contributions_a = ratio_contributions(tops_a, bottoms_a)
    ratio_b, contributions_b = ratio_contributions(tops_b, bottoms_b)
    value = ratio_b - ratio_a
    n = min(ratio_count(bottoms_a), ratio_count(bottoms_b))
    if share:
        events = max(tops_a.sum(), tops_b.sum())
        non_events = max((bottoms_a - tops_a).sum(), (bottoms_b - tops_b).sum())
        if min(events, non_events) < RARE_EVENTS:
            return Interval(value, None, None, n, level, adjusted, too_few=True)
    active = (tops_a != 0) | (bottoms_a != 0) | (tops_b != 0) | (bottoms_b != 0)
    moves = (contributions_b - contributions_a)[active]
    of_a_case = 1.0
    if not share:
        largest = max(standard_error(contributions_a), standard_error(contributions_b))
        of_a_case = largest * math.sqrt(n)
    unseen = UNSEEN_CASES * of_a_case / n if moves.any() and n else 0.0
    interval = interval_from_contributions(
        value, moves, n, level, comparisons, critical, besides=unseen
    )
    if not share or interval.low is None or interval.high is None:
        return interval
    low, high = max(-1.0, interval.low), min(1.0, interval.high)
    return Interval(value, low, high, n, level, adjusted)


def mean_difference_influence(values_a: npt.ArrayLike, values_b: npt.ArrayLike) -> Vector:
    """Return `paired_mean_difference`'s column of `max_t_bootstrap`: shape (replications,)."""
    first, second = as_vector(values_a, "values_a"), as_vector(values_b, "values_b")
    same_length(values_a=first, values_b=second)
    difference = second - first
    return difference - difference.mean() if difference.size else difference


def ratio_difference_influence(
    numerators_a: npt.ArrayLike,
    denominators_a: npt.ArrayLike,
    numerators_b: npt.ArrayLike,
    denominators_b: npt.ArrayLike,
) -> Vector:
    """Return `paired_ratio_difference`'s column of `max_t_bootstrap`: shape (replications,).

    Raises
    ------
    ValueError
        As `ratio_interval`, and where either scenario's denominators sum to zero.
    """
    tops_a, bottoms_a = ratio_vectors(numerators_a, denominators_a, share=False)
    tops_b, bottoms_b = ratio_vectors(numerators_b, denominators_b, share=False)
    same_length(a=tops_a, b=tops_b)
    if bottoms_a.sum() == 0 or bottoms_b.sum() == 0:
        raise ValueError("denominators sum to zero: there is no ratio to compare")
    contributions_a = ratio_contributions(tops_a, bottoms_a)[1]
    contributions_b = ratio_contributions(tops_b, bottoms_b)[1]
    return tops_a.size * (contributions_b - contributions_a)


def max_t_bootstrap(
    influence: npt.ArrayLike,
    level: float,
    generator: np.random.Generator,
    resamples: int = 2000,
) -> float:
    """Find one critical value for all differences of a family.

    Whole replications are resampled, so the dependence between comparisons (all scenarios
    met the same luck) is kept, and the value is smaller than Bonferroni's where they go
    together. Each resample's means are divided by the resample's own standard errors, and
    the largest absolute quotient is kept.

    Parameters
    ----------
    influence
        Shape (replications, comparisons): columns from `mean_difference_influence` and
        `ratio_difference_influence`. Columns that do not vary (scenarios that agree in every
        replication) are left out: their intervals have no width.
    level
        Level that all intervals shall hold together.
    generator
        The source of the resamples.
    resamples
        How many; at least 1 / (1 - level).

    Returns
    -------
    float
        For the `critical` argument of the paired differences. Never below Student's single
        value; Student's value after Bonferroni where a column varies in so few replications
        that resamples without any variation reach the quantile; infinity with fewer than
        two replications.

    Raises
    ------
    ValueError
        If the matrix has another number of dimensions, is not finite, or `resamples` is too
        small for `level`.

    Notes
    -----
    Westfall and Young (1993), *Resampling-Based Multiple Testing*, chapter 2; Efron and
    Tibshirani (1993), *An Introduction to the Bootstrap*, section 12.5, for the studentised
    form. The quantile is the order statistic of rank ``ceil(level * (resamples + 1))``.
    """
    matrix = np.asarray(influence, dtype=np.float64)
    if matrix.ndim != 2:
        raise ValueError(f"influence has {matrix.ndim} dimensions; it must have two")
    if not np.isfinite(matrix).all():
        raise ValueError("influence holds NaN or an infinity")
    family_level(level, 1)
    rank = math.ceil(level * (resamples + 1))
    if rank > resamples:
        raise ValueError(f"{resamples} resamples cannot show the {level:g} quantile")
    replications = matrix.shape[0]
    if replications < 2:
        return math.inf
    centred = matrix - matrix.mean(axis=0)
    spread = centred.std(axis=0)
    varies = spread > 1e-12 * np.abs(matrix).max(axis=0, initial=0.0)
    single = t_critical(level, replications - 1)
    if not varies.any():
        return single
    scaled = centred[:, varies] / spread[varies]
    weights = generator.multinomial(
        replications, np.full(replications, 1 / replications), size=resamples
    ).astype(np.float64)
    means = weights @ scaled / replications
    variances = np.maximum(weights @ scaled**2 / replications - means**2, 0.0)
    flat = variances < 1e-12
    errors = np.sqrt(np.where(flat, 1.0, variances) / (replications - 1))
    quotients = np.where(flat, np.inf, np.abs(means) / errors)
    bootstrap = float(np.sort(quotients.max(axis=1))[rank - 1])
    if not math.isfinite(bootstrap):
        return t_critical(level, replications - 1, int(varies.sum()))
    return max(single, bootstrap)
