"""Paired differences, and one critical value for a family of them."""

import math

import numpy as np
import numpy.typing as npt
import pytest

from sim.statistics import (
    RARE_EVENTS,
    Interval,
    max_t_bootstrap,
    mean_difference_influence,
    paired_mean_difference,
    paired_ratio_difference,
    ratio_difference_influence,
    ratio_interval,
)
from sim.statistics.interval import t_critical
from tests.statistics.coverage import at_least, at_most, held

Floats = npt.NDArray[np.float64]


def test_the_difference_is_the_second_less_the_first_by_hand() -> None:
    """Pairs (1, 2), (2, 4) and (3, 6) differ by 1, 2 and 3."""
    # Mean 2, variance 1, standard error 1 / sqrt(3) = 0.57735, t with 2 degrees of freedom
    # 4.30265: half-width 2.48413.
    interval = paired_mean_difference([1, 2, 3], [2, 4, 6], 0.95)
    assert (interval.value, interval.n) == (2.0, 3)
    assert interval.half_width == pytest.approx(2.48413, abs=1e-5)


def test_the_ratio_difference_by_hand() -> None:
    """Shares 4/8 and 6/8 over two replications of four cases."""
    # a: 1 and 3 of 4, residuals -1 and 1, contributions -1/8 and 1/8.
    # b: 3 and 3 of 4, residuals 0. Difference 0.25, contributions 1/8 and -1/8:
    # variance 2 / 1 * 2 / 64 = 1/16, standard error 0.25. For changes that were not seen: a's own
    # standard error is 0.25, so a case of its 8 varies by 0.25 * sqrt(8), and sqrt(2) of them move
    # the mean by sqrt(2) * 0.25 / sqrt(8) = 0.125. Together sqrt(5) / 8; times 12.7062: 3.55149.
    interval = paired_ratio_difference([1, 3], [4, 4], [3, 3], [4, 4], 0.95)
    assert (interval.value, interval.n) == (0.25, 8)
    assert interval.half_width == pytest.approx(3.55149, abs=1e-5)


def test_scenarios_that_agree_differ_by_exactly_nothing() -> None:
    """A change that touches no replication has a difference of 0 without width."""
    shares = ([20, 30, 40], [90, 80, 70])
    interval = paired_ratio_difference(*shares, *shares, 0.95, share=True)
    assert (interval.value, interval.low, interval.high) == (0.0, 0.0, 0.0)


def test_a_difference_of_shares_reaches_three_cases_further_by_hand() -> None:
    """One case in 600 more, in one of thirty replications: what others might bring is allowed."""
    cases, before = np.full(30, 20), np.full(30, 5)
    after = before + (np.arange(30) == 7)
    interval = paired_ratio_difference(before, cases, after, cases, 0.95, share=True)
    # Contributions 29/30 / 600 once and -1/30 / 600 else: squares 29/30 / 600 ** 2, times 30/29:
    # 1 / 600 ** 2. With two cases besides: sqrt(3) / 600 times 2.04523: 3.5424 cases.
    assert interval.value == pytest.approx(1 / 600)
    assert interval.half_width == pytest.approx(3.5424 / 600, abs=1e-7)
    # Where none differs, that is all that is said.
    same = paired_ratio_difference(before, cases, before, cases, 0.95, share=True)
    assert (same.value, same.low, same.high) == (0.0, 0.0, 0.0)


def test_a_change_that_is_seldom_seen_is_covered() -> None:
    """Of 1,200 cases 3.5 are moved on average: the spread that was seen alone is too narrow."""
    generator = np.random.default_rng(105)
    cases, truth = np.full(30, 40), 3.5 / 1200
    outcomes, plain = [], []
    for _ in range(2000):
        before = generator.binomial(cases, 0.3)
        after = before + generator.binomial(cases - before, truth / 0.7)
        interval = paired_ratio_difference(before, cases, after, cases, 0.95, share=True)
        outcomes.append(not interval.excludes(truth))
        moved = (after - before) / 1200
        half_width = 2.04523 * math.sqrt(30 / 29 * float(((moved - moved.mean()) ** 2).sum()))
        plain.append(abs(float(moved.sum()) - truth) <= half_width)
    # In 3 % none is moved at all, which is told as that and not as an interval.
    assert at_least(held(outcomes), 0.95)
    assert not at_least(held(plain), 0.93)


def test_a_ratio_difference_over_ones_is_nearly_a_mean_difference() -> None:
    """With every denominator 1, both estimators are one but for what was not seen."""
    a, b, ones = np.array([3.0, 1.0, 4.0]), np.array([1.0, 5.0, 9.0]), [1, 1, 1]
    ratio, mean = (
        paired_ratio_difference(a, ones, b, ones, 0.9, 2),
        paired_mean_difference(a, b, 0.9, 2),
    )
    assert ratio.value == pytest.approx(mean.value)
    assert ratio.half_width is not None
    assert mean.half_width is not None
    # b varies the more: its own standard error is 4 / sqrt(3), of which sqrt(2 / 3) is added.
    unseen = t_critical(0.9, 2, 2) * 4 / math.sqrt(3) * math.sqrt(2 / 3)
    assert ratio.half_width == pytest.approx(math.hypot(mean.half_width, unseen))


def test_few_events_on_both_sides_are_not_compared() -> None:
    """19 against 3 events is too few to compare; 20 against none is not."""
    cases = np.full(30, 20)
    nineteen, three, twenty, none = (np.zeros(30) for _ in range(4))
    nineteen[: RARE_EVENTS - 1], three[:3], twenty[:RARE_EVENTS] = 1, 1, 1
    few = paired_ratio_difference(nineteen, cases, three, cases, 0.95, share=True)
    assert few.too_few
    assert few.low is None
    assert few.value == pytest.approx(-16 / 600)
    # Few that did not happen are as little as few that did.
    rest = (cases - nineteen, cases, cases - three, cases)
    assert paired_ratio_difference(*rest, 0.95, share=True).too_few
    enough = paired_ratio_difference(twenty, cases, none, cases, 0.95, share=True)
    assert not enough.too_few
    assert enough.low is not None


def test_what_cannot_be_compared_is_none() -> None:
    """A scenario without a case leaves no difference; one replication leaves no limits."""
    assert paired_ratio_difference([0], [0], [1], [2], 0.95) == Interval(None, None, None, 0, 0.95)
    assert paired_mean_difference([], [], 0.95).value is None
    assert paired_mean_difference([1], [3], 0.95) == Interval(2.0, None, None, 1, 0.95)


def test_other_numbers_of_replications_cannot_be_paired() -> None:
    """Replication 3 of one scenario needs a replication 3 of the other."""
    with pytest.raises(ValueError, match="one entry for each replication"):
        paired_mean_difference([1, 2, 3], [1, 2], 0.95)
    with pytest.raises(ValueError, match="one entry for each replication"):
        paired_ratio_difference([1, 2, 3], [9, 9, 9], [1, 2], [9, 9], 0.95)


def shared_luck(generator: np.random.Generator) -> tuple[Floats, Floats, Floats, Floats]:
    """Events and cases of two scenarios with shares 0.40 and 0.44 that meet the same cases."""
    cases = generator.poisson(300, 30)
    base = generator.binomial(cases, generator.beta(40, 60, 30))
    # Of those that missed, one in fifteen is caught: 0.4 + 0.6 / 15 = 0.44.
    gained = generator.binomial(cases - base, 1 / 15)
    at_risk, first = cases.astype(np.float64), base.astype(np.float64)
    return first, at_risk, first + gained, at_risk


def test_the_paired_difference_holds_its_level_and_the_unpaired_one_is_far_wider() -> None:
    """Pairing covers 95 % with a fraction of the width; a 3 % loss of events is caught."""
    generator = np.random.default_rng(91)
    paired, biased, narrower = [], [], 0
    for _ in range(1500):
        luck = shared_luck(generator)
        interval = paired_ratio_difference(*luck, 0.95, share=True)
        paired.append(not interval.excludes(0.04))
        kept = generator.binomial(luck[2].astype(np.int64), 0.97)
        biased.append(not paired_ratio_difference(*luck[:2], kept, luck[3], 0.95).excludes(0.04))
        one = ratio_interval(luck[0], luck[1], 0.95).half_width
        other = ratio_interval(luck[2], luck[3], 0.95).half_width
        assert interval.half_width is not None
        assert one is not None
        assert other is not None
        narrower += interval.half_width < 0.5 * math.hypot(one, other)
    assert at_least(held(paired), 0.94)
    assert at_most(held(paired), 0.96)
    assert narrower == 1500
    assert not at_least(held(biased), 0.94)


def test_shuffled_replications_lose_the_pairing() -> None:
    """Pairing the wrong replications gives a wider interval, so the order matters."""
    luck = shared_luck(np.random.default_rng(92))
    right = paired_ratio_difference(*luck, 0.95).half_width
    wrong = paired_ratio_difference(
        luck[0], luck[1], np.roll(luck[2], 1), np.roll(luck[3], 1), 0.95
    ).half_width
    assert right is not None
    assert wrong is not None
    assert wrong > 2 * right


def test_influence_has_the_standard_error_of_the_interval() -> None:
    """The family's critical value is applied to the same standard error that it was made for."""
    luck = shared_luck(np.random.default_rng(93))
    influence = ratio_difference_influence(*luck)
    interval = paired_ratio_difference(*luck, 0.95)
    error = influence.std(ddof=1) / math.sqrt(30)
    assert interval.half_width is not None
    # What was not seen comes on top, and is little where many cases change.
    assert 1.0 < interval.half_width / (t_critical(0.95, 29) * error) < 1.05
    values = np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 6.0])
    assert mean_difference_influence(*values) == pytest.approx([-1, 0, 1])


def test_one_critical_value_holds_a_family_and_single_ones_do_not() -> None:
    """Eight dependent differences: Bonferroni and max-t hold together at 95 %, plain t fails."""
    generator = np.random.default_rng(94)
    resampler = np.random.default_rng(95)
    truth = np.arange(8.0)
    together, bonferroni, single, criticals = [], [], [], []
    for _ in range(500):
        # A common part with four times the variance of the own parts: correlation 0.8.
        values = truth + 2 * generator.normal(size=(30, 1)) + generator.normal(size=(30, 8))
        nought = np.zeros(30)
        influence = np.column_stack(
            [mean_difference_influence(nought, values[:, k]) for k in range(8)]
        )
        critical = max_t_bootstrap(influence, 0.95, resampler, resamples=1000)
        criticals.append(critical)
        errors = values.std(axis=0, ddof=1) / math.sqrt(30)
        worst = float((np.abs(values.mean(axis=0) - truth) / errors).max())
        together.append(worst <= critical)
        bonferroni.append(worst <= t_critical(0.95, 29, comparisons=8))
        single.append(worst <= t_critical(0.95, 29))
    assert at_least(held(together), 0.93)
    assert at_most(held(together), 0.97)
    assert at_least(held(bonferroni), 0.95)
    assert not at_least(held(single), 0.93)
    # It is what max-t is for: less width than Bonferroni where differences go together.
    assert np.mean(criticals) < t_critical(0.95, 29, comparisons=8)


def test_a_family_adjusts_each_interval_as_its_worst_member() -> None:
    """An interval with the family's critical value encloses its own at the single level."""
    generator = np.random.default_rng(96)
    a, b = generator.normal(size=30), generator.normal(size=30)
    influence = np.column_stack([mean_difference_influence(a, b + k * a) for k in range(5)])
    critical = max_t_bootstrap(influence, 0.95, generator)
    family = paired_mean_difference(a, b, 0.95, critical=critical)
    single = paired_mean_difference(a, b, 0.95)
    assert family.adjusted
    assert family.low is not None
    assert single.low is not None
    assert family.low < single.low


def test_the_critical_value_is_that_of_its_generator() -> None:
    """The same stream gives the same value, whatever was drawn elsewhere."""
    influence = np.random.default_rng(97).normal(size=(30, 4))
    values = {max_t_bootstrap(influence, 0.95, np.random.default_rng(5)) for _ in range(3)}
    assert len(values) == 1


def test_the_bootstrap_by_hand() -> None:
    """Three replications with the influences -1, 0 and 1 have 27 resamples."""
    # Each once (6 of 27): mean 0, quotient 0. Twice -1 and once 1, or reverse (6): mean 1/3,
    # variance 4/3, standard error 2/3, quotient 1/2. Twice 0 (6): mean 1/3, variance 1/3,
    # standard error 1/3, quotient 1. Twice -1 or 1 and once 0 (6): mean 2/3, quotient 2. Three
    # times the same (3): no spread. So 2 is the quantile from 18/27 to 24/27, and 1 the one
    # from 12/27 to 18/27; Student's t with 2 degrees of freedom is 1.886 at 80 %, 1.061 at 60 %.
    influence = np.array([[-1.0], [0.0], [1.0]])
    upper = max_t_bootstrap(influence, 0.80, np.random.default_rng(5))
    assert upper == pytest.approx(2.0)
    # Never under Student's own value.
    lower = max_t_bootstrap(influence, 0.60, np.random.default_rng(5))
    assert lower == pytest.approx(1.0607, abs=1e-4)


def test_columns_that_do_not_vary_leave_the_critical_value_alone() -> None:
    """Scenarios that agree in every replication need no adjustment."""
    influence = np.random.default_rng(98).normal(size=(30, 3))
    widened = np.column_stack([influence, np.zeros(30)])
    assert max_t_bootstrap(widened, 0.95, np.random.default_rng(5)) == max_t_bootstrap(
        influence, 0.95, np.random.default_rng(5)
    )
    agreed = max_t_bootstrap(np.zeros((30, 2)), 0.95, np.random.default_rng(5))
    assert agreed == t_critical(0.95, 29)


def test_a_column_that_varies_once_falls_back_to_bonferroni() -> None:
    """A third of the resamples miss the one replication that differs and have no spread."""
    influence = np.random.default_rng(99).normal(size=(30, 2))
    influence[:, 1] = np.where(np.arange(30) == 7, 29.0, -1.0)
    value = max_t_bootstrap(influence, 0.95, np.random.default_rng(5))
    assert value == t_critical(0.95, 29, comparisons=2)


def test_one_replication_has_no_finite_critical_value() -> None:
    """Nothing can be resampled, so nothing is claimed for the family."""
    assert max_t_bootstrap(np.zeros((1, 2)), 0.95, np.random.default_rng(5)) == math.inf


@pytest.mark.parametrize(
    ("influence", "resamples"),
    [(np.zeros(3), 2000), (np.full((3, 2), np.nan), 2000), (np.zeros((3, 2)), 10)],
)
def test_a_bootstrap_that_cannot_answer_is_refused(influence: Floats, resamples: int) -> None:
    """A vector, NaN, and ten resamples for a 95 % quantile are mistakes of the caller."""
    with pytest.raises(ValueError, match=r"influence|resamples"):
        max_t_bootstrap(influence, 0.95, np.random.default_rng(5), resamples)
