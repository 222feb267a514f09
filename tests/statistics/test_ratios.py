"""Means and ratios over replications."""

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pytest

from sim.statistics import Interval, mean_interval, ratio_interval, unless_few
from tests.statistics.coverage import at_least, at_most, held


def test_mean_of_five_by_hand() -> None:
    """The mean of 1 to 5 with Student's t."""
    # Variance 10 / 4 = 2.5, standard error sqrt(2.5 / 5) = 0.70711, t with 4 degrees of
    # freedom 2.77645: half-width 1.96324.
    interval = mean_interval([1, 2, 3, 4, 5], 0.95)
    assert interval.value == 3.0
    assert interval.low == pytest.approx(3 - 1.96324, abs=1e-5)
    assert interval.high == pytest.approx(3 + 1.96324, abs=1e-5)
    assert (interval.n, interval.adjusted) == (5, False)


def test_ratio_of_two_by_hand() -> None:
    """Ratios 1/2 and 3/2 of equal denominators."""
    # Ratio 4 / 4 = 1; residuals -1 and 1; variance 2 / 1 * 2 / 16 = 0.25; standard error 0.5;
    # t with 1 degree of freedom 12.7062: half-width 6.3531.
    interval = ratio_interval([1, 3], [2, 2], 0.95)
    assert (interval.value, interval.n) == (1.0, 4)
    assert interval.half_width == pytest.approx(6.3531, abs=1e-4)


def test_ratio_weighs_replications_by_their_denominators() -> None:
    """The share of cases is 13 of 22, not the mean of 1/2 and 6/10."""
    interval = ratio_interval([1, 6, 6], [2, 10, 10], 0.95)
    assert interval.value == pytest.approx(13 / 22)


def test_a_ratio_over_ones_is_a_mean() -> None:
    """With every denominator 1, both estimators are one."""
    values = [3.0, 1.0, 4.0, 1.0, 5.0]
    ratio, mean = ratio_interval(values, np.ones(5), 0.9, 3), mean_interval(values, 0.9, 3)
    assert ratio.value == pytest.approx(mean.value)
    assert ratio.half_width == pytest.approx(mean.half_width)
    assert ratio.adjusted
    assert mean.adjusted


def test_replications_that_counted_nothing_change_nothing() -> None:
    """Adding replications without a case must not make an estimate look surer."""
    without = ratio_interval([1, 3, 2], [4, 5, 6], 0.95)
    assert ratio_interval([1, 0, 3, 2, 0], [4, 0, 5, 6, 0], 0.95) == without


def test_limits_of_a_share_stay_between_none_and_all() -> None:
    """A share has no limits outside [0, 1]; a ratio that is no share may."""
    assert ratio_interval([0, 1], [1, 1], 0.95).high == pytest.approx(0.5 + 12.7062 / 2, abs=1e-4)
    share = ratio_interval([0, 1], [1, 1], 0.95, share=True)
    assert (share.low, share.high) == (0.0, 1.0)


def test_a_count_may_be_given() -> None:
    """Busy seconds over paid seconds are not a count of cases; the caller knows one."""
    assert ratio_interval([1800.0, 900.0], [3600.0, 3600.0], 0.95, count=2).n == 2


def test_what_cannot_be_estimated_is_none() -> None:
    """No replication gives nothing, one gives a value without limits."""
    nothing = Interval(None, None, None, 0, 0.95)
    assert mean_interval([], 0.95) == nothing
    assert ratio_interval([], [], 0.95) == nothing
    assert ratio_interval([0, 0], [0, 0], 0.95, share=True) == nothing
    assert mean_interval([7.0], 0.95) == Interval(7.0, None, None, 1, 0.95)
    assert ratio_interval([1, 0], [2, 0], 0.95) == Interval(0.5, None, None, 2, 0.95)


@pytest.mark.parametrize(
    ("numerators", "denominators"),
    [([1, 2], [3]), ([math.nan], [1]), ([1], [-1]), ([2], [1]), ([-1], [1]), ([[1]], [[1]])],
)
def test_impossible_shares_are_refused(numerators: object, denominators: object) -> None:
    """More events than cases, other lengths, NaN and matrices are mistakes of the caller."""
    with pytest.raises(ValueError, match=r"replication|NaN|negative|between|dimensions"):
        ratio_interval(numerators, denominators, 0.95, share=True)  # type: ignore[arg-type]


def clustered_shares(seed: int, trials: int) -> Iterator[tuple[Interval, Interval]]:
    """Shares of a true 0.4 over 30 replications of varying size, right and 3 % off."""
    generator = np.random.default_rng(seed)
    for _ in range(trials):
        cases = generator.poisson(400, 30)
        # A good or bad month moves all of its cases: beta(80, 120) has the mean 0.4.
        events = generator.binomial(cases, generator.beta(80, 120, 30))
        # Losing 3 % of the events is a bias of 0.012, about one and a half standard errors.
        kept = generator.binomial(events, 0.97)
        yield (
            ratio_interval(events, cases, 0.95, share=True),
            ratio_interval(kept, cases, 0.95, share=True),
        )


def test_the_ratio_interval_holds_its_level_and_shows_a_bias_of_three_percent() -> None:
    """With clustered cases it covers 95 %, and a planted loss of 3 % of events is caught."""
    pairs = list(clustered_shares(seed=71, trials=2000))
    right = held(not interval.excludes(0.4) for interval, _ in pairs)
    # Linearisation costs a little: 94 % at the least is required, 96 % at the most.
    assert at_least(right, 0.94)
    assert at_most(right, 0.96)
    assert not at_least(held(not biased.excludes(0.4) for _, biased in pairs), 0.94)


def skewed_waits(seed: int, trials: int) -> Iterator[tuple[npt.NDArray[np.float64], Interval]]:
    """Mean waits of 30 replications of 20 cases, of which a bad night prolongs some twentyfold."""
    generator = np.random.default_rng(seed)
    cases = np.full(30, 20.0)
    for _ in range(trials):
        bad = generator.random((30, 4)) < 0.1
        of_night = np.where(bad, generator.exponential(800, (30, 4)), 40)
        sums = generator.exponential(np.repeat(of_night, 5, axis=1)).sum(axis=1)
        yield sums / cases, ratio_interval(sums, cases, 0.95)


SKEWED_MEAN = 0.9 * 40 + 0.1 * 800


def test_the_mean_of_skewed_waits_is_held_where_student_is_not_enough() -> None:
    """Hall's limits reach further up, and lose a third of what Student's t loses."""
    corrected, students, above = [], [], []
    for means, interval in skewed_waits(seed=74, trials=3000):
        corrected.append(not interval.excludes(SKEWED_MEAN))
        plain = mean_interval(means, 0.95)
        students.append(not plain.excludes(SKEWED_MEAN))
        assert interval.value == pytest.approx(plain.value)
        assert interval.high is not None
        assert plain.high is not None
        above.append(interval.high > plain.high)
    assert np.mean(above) > 0.95
    assert at_least(held(corrected), 0.93)
    assert at_most(held(corrected), 0.96)
    assert not at_least(held(students), 0.93)


def test_limits_of_what_is_not_skewed_are_those_of_student() -> None:
    """Contributions that lie alike above and below have nothing to correct, nor have few."""
    sums = np.concatenate([np.arange(-7.0, 8.0), np.zeros(3)]) + 100
    even, plain = ratio_interval(sums, np.ones(18), 0.95), mean_interval(sums, 0.95)
    assert even.low == pytest.approx(plain.low)
    assert even.high == pytest.approx(plain.high)
    few = np.array([1.0, 2.0, 3.0, 50.0])
    alone = mean_interval(few, 0.95)
    assert ratio_interval(few, np.ones(4), 0.95).high == pytest.approx(alone.high)


def test_a_mean_of_too_few_cases_is_withheld() -> None:
    """Under two a replication, on either side of a difference; nothing is not few."""
    mean = ratio_interval([30.0, 10.0, 0.0], [1, 2, 0], 0.95)
    assert unless_few(mean, [2, 2, 2]) == mean
    assert unless_few(mean, [0, 0, 0]) == mean
    for sides in ([[1, 2, 0]], [[9, 9, 9], [1, 2, 2]]):
        withheld = unless_few(mean, *sides)
        assert (withheld.value, withheld.low, withheld.too_few) == (None, None, True)
        assert withheld.n == mean.n


def test_cases_taken_as_the_unit_of_inference_would_be_caught() -> None:
    """The binomial interval over all cases, which ignores clusters, fails the same test."""
    generator = np.random.default_rng(72)
    outcomes = []
    for _ in range(1000):
        cases = generator.poisson(400, 30)
        events = generator.binomial(cases, generator.beta(80, 120, 30))
        share = events.sum() / cases.sum()
        naive = 1.96 * math.sqrt(share * (1 - share) / cases.sum())
        outcomes.append(abs(share - 0.4) <= naive)
    assert not at_least(held(outcomes), 0.94)


def test_the_mean_interval_holds_its_level_exactly_for_normal_values() -> None:
    """With five normal values Student's t is exact; the normal's 1.96 would fail."""
    generator = np.random.default_rng(73)
    students, normals = [], []
    for _ in range(3000):
        values = generator.normal(10, 2, 5)
        interval = mean_interval(values, 0.95)
        students.append(not interval.excludes(10))
        normals.append(abs(values.mean() - 10) <= 1.96 * values.std(ddof=1) / math.sqrt(5))
    assert at_least(held(students), 0.95)
    assert at_most(held(students), 0.95)
    assert not at_least(held(normals), 0.95)
