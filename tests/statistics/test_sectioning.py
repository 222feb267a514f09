"""Quantiles and tail means over groups of replications."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from sim.statistics import (
    GROUPS,
    Interval,
    SecondsHistogram,
    ratio_interval,
    sectioned_difference,
    sectioned_interval,
)
from tests.statistics.coverage import at_least, at_most, held

Estimator = Callable[[SecondsHistogram], float | None]


def mean(waits: SecondsHistogram) -> float | None:
    """Mean, for which sectioning has a formula of its own to agree with."""
    return waits.mean


def median(waits: SecondsHistogram) -> float | None:
    """Middle value."""
    return waits.quantile(0.5)


def percentile_95(waits: SecondsHistogram) -> float | None:
    """Value that one in twenty exceeds."""
    return waits.quantile(0.95)


def tail_mean_90(waits: SecondsHistogram) -> float | None:
    """Mean of the worst tenth."""
    return waits.tail_mean(0.90)


def test_spread_is_taken_around_the_pooled_median_by_hand() -> None:
    """Groups (1, 2, 9) and (3, 4, 5) have medians 2 and 4, and 3 when pooled."""
    # Pooled 1 2 3 4 5 9: rank 3 is 3. Deviations -1 and 1; variance 2 / 1 * (1 + 1) / 4 = 1;
    # half-width 12.7062.
    interval = sectioned_interval(
        [SecondsHistogram([1, 2, 9]), SecondsHistogram([3, 4, 5])], median, 0.95
    )
    assert (interval.value, interval.n) == (3.0, 6)
    assert interval.half_width == pytest.approx(12.7062, abs=1e-4)


def test_a_bias_of_small_groups_widens_the_interval() -> None:
    """Where groups' estimates all lie to one side, their own spread would claim too much."""
    groups = [SecondsHistogram([0, 0, k]) for k in (2, 4, 6, 8)]
    # Pooled: eight 0, then 2 4 6 8. The 75 % quantile has rank 9: 2. Groups: rank 3 of 3: k.
    # Deviations 0, 2, 4, 6; variance 4 / 3 * 56 / 16 = 4.6667; around the groups' own mean it
    # would be 4 / 3 * 20 / 16 = 1.6667.
    interval = sectioned_interval(groups, lambda waits: waits.quantile(0.75), 0.95)
    assert interval.value == 2.0
    # t with 3 degrees of freedom 3.18245 times sqrt(4.66667) = 2.16025.
    assert interval.half_width == pytest.approx(3.18245 * 2.16025, abs=1e-4)


def test_sectioning_a_mean_is_the_ratio_estimator() -> None:
    """With groups of unequal size both are the same to the last digit that matters."""
    generator = np.random.default_rng(101)
    waits = [generator.integers(0, 5000, size) for size in (3, 8, 1, 12, 5)]
    sectioned = sectioned_interval([SecondsHistogram(w) for w in waits], mean, 0.9, 4)
    ratio = ratio_interval([w.sum() for w in waits], [w.size for w in waits], 0.9, 4)
    assert sectioned.value == pytest.approx(ratio.value)
    assert sectioned.half_width == pytest.approx(ratio.half_width)
    assert (sectioned.n, sectioned.adjusted) == (ratio.n, ratio.adjusted)


def test_empty_groups_change_nothing() -> None:
    """A cell that few replications fill has only their degrees of freedom."""
    groups = [SecondsHistogram([1, 5]), SecondsHistogram([2, 8]), SecondsHistogram([4])]
    empty = SecondsHistogram()
    assert sectioned_interval([empty, *groups, empty], median, 0.95) == sectioned_interval(
        groups, median, 0.95
    )


def test_what_cannot_be_estimated_is_none() -> None:
    """Without values there is nothing, with one group there are no limits."""
    empty, one = SecondsHistogram(), SecondsHistogram([4, 6])
    assert sectioned_interval([empty], mean, 0.95) == Interval(None, None, None, 0, 0.95)
    assert sectioned_interval([one, empty], mean, 0.95) == Interval(5.0, None, None, 2, 0.95)
    assert sectioned_difference([empty], [one], mean, 0.95).value is None


def test_the_difference_is_paired_by_group_by_hand() -> None:
    """Medians 2 and 4 (pooled 3) against 5 and 7 (pooled 6): always 3 more."""
    a = [SecondsHistogram([1, 2, 9]), SecondsHistogram([3, 4, 5])]
    b = [SecondsHistogram([4, 5, 12]), SecondsHistogram([6, 7, 8])]
    interval = sectioned_difference(a, b, median, 0.95)
    assert (interval.value, interval.low, interval.high) == (3.0, 3.0, 3.0)
    assert interval.n == 6


def test_groups_that_cannot_be_paired_are_refused() -> None:
    """Scenarios with other numbers of groups have no pairs."""
    with pytest.raises(ValueError, match="cannot be paired"):
        sectioned_difference([SecondsHistogram()], [], mean, 0.95)


def exponential_groups(generator: np.random.Generator, scale: float) -> list[SecondsHistogram]:
    """Thirty groups of 200 exponential waits, in whole seconds."""
    waits = np.rint(generator.exponential(scale, (GROUPS, 200))).astype(np.int64)
    return [SecondsHistogram(row) for row in waits]


@pytest.mark.parametrize(
    ("estimator", "truth"),
    [
        # An exponential with mean 6000 has the quantile 6000 * -log(1 - p); the mean of its
        # worst tenth is 6000 more than where that begins, for it has no memory.
        (median, 6000 * math.log(2)),
        (percentile_95, 6000 * math.log(20)),
        (tail_mean_90, 6000 * (math.log(10) + 1)),
    ],
)
def test_sectioning_holds_its_level_and_shows_a_bias_of_three_percent(
    estimator: Estimator, truth: float
) -> None:
    """Known quantiles and tail means are covered; 3 % beside them they are not so often."""
    generator = np.random.default_rng(102)
    intervals = [
        sectioned_interval(exponential_groups(generator, 6000), estimator, 0.95) for _ in range(600)
    ]
    right = held(not interval.excludes(truth) for interval in intervals)
    # Quantiles of 200 values are a little biased, and sectioning widens for that.
    assert at_least(right, 0.94)
    assert at_most(right, 0.97)
    assert not at_least(held(not i.excludes(1.03 * truth) for i in intervals), 0.94)


def test_the_mean_of_group_percentiles_would_be_caught() -> None:
    """Batching few values per group centres on a biased value and fails the same test."""
    generator = np.random.default_rng(103)
    truth = 6000 * math.log(20)
    sectioned, batched = [], []
    for _ in range(400):
        waits = np.rint(generator.exponential(6000, (GROUPS, 20))).astype(np.int64)
        groups = [SecondsHistogram(row) for row in waits]
        sectioned.append(not sectioned_interval(groups, percentile_95, 0.95).excludes(truth))
        own = np.array([group.quantile(0.95) for group in groups], dtype=float)
        half_width = 2.04523 * own.std(ddof=1) / math.sqrt(GROUPS)
        batched.append(abs(own.mean() - truth) <= half_width)
    assert at_least(held(sectioned), 0.94)
    assert not at_least(held(batched), 0.94)


def test_the_difference_of_percentiles_holds_its_level_and_pairing_narrows_it() -> None:
    """With the same luck, 10 % longer waits differ by 10 % of the percentile."""
    generator = np.random.default_rng(104)
    truth = 0.1 * 6000 * math.log(20)
    outcomes, narrower = [], 0
    for _ in range(400):
        waits = generator.exponential(6000, (GROUPS, 100))
        a = [SecondsHistogram(row) for row in np.rint(waits).astype(np.int64)]
        b = [SecondsHistogram(row) for row in np.rint(1.1 * waits).astype(np.int64)]
        interval = sectioned_difference(a, b, percentile_95, 0.95)
        outcomes.append(not interval.excludes(truth))
        alone = sectioned_interval(a, percentile_95, 0.95).half_width
        assert interval.half_width is not None
        assert alone is not None
        narrower += interval.half_width < 0.5 * alone
    assert at_least(held(outcomes), 0.94)
    assert narrower == 400


def test_a_group_that_is_empty_on_one_side_counts_by_hand() -> None:
    """A group that is empty under one scenario only still carries the other's spread."""
    empty = SecondsHistogram()
    a = [SecondsHistogram([10]), SecondsHistogram([20]), empty]
    b = [SecondsHistogram([10]), SecondsHistogram([20]), SecondsHistogram([60])]
    interval = sectioned_difference(a, b, mean, 0.95)
    # a: 15, contributions -2.5, 2.5, none; b: 30, contributions -20/3, -10/3, 10.
    # Differences -25/6, -35/6, 10: squares sum to 151.389; variance 3 / 2 * 151.389 = 227.083;
    # t with 2 degrees of freedom 4.30265 times 15.0693.
    assert interval.value == 15.0
    assert interval.half_width == pytest.approx(4.30265 * 15.0693, abs=1e-3)
