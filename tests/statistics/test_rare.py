"""Shares of rare events."""

import math

import numpy as np
import numpy.typing as npt
import pytest
from scipy.special import betainc

from sim.statistics import (
    RARE_EVENTS,
    Interval,
    design_effect,
    rare_share_interval,
    ratio_interval,
    share_interval,
)
from tests.statistics.coverage import at_least, at_most, held

Ints = npt.NDArray[np.int64]


def test_no_event_gives_the_limit_that_solves_for_none_in_all_cases() -> None:
    """No event in 600 cases: the largest share under which that has a chance of 5 %."""
    # (1 - p) ** 600 = 0.05 at p = 1 - 0.05 ** (1 / 600) = 0.0049805: the "rule of three", 3 / 600.
    interval = rare_share_interval(np.zeros(30), np.full(30, 20), 0.95)
    assert (interval.value, interval.low) == (0.0, 0.0)
    assert interval.high == pytest.approx(1 - 0.05 ** (1 / 600), rel=1e-9)
    assert interval.high == pytest.approx(0.0049805, abs=1e-7)
    assert (interval.n, interval.too_few) == (600, True)


def test_events_that_come_singly_give_the_limit_of_clopper_and_pearson() -> None:
    """At the upper limit, seeing five or fewer of 600 has a chance of exactly 5 %."""
    events = np.zeros(30)
    events[:5] = 1
    high = rare_share_interval(events, np.full(30, 20), 0.95).high
    assert high is not None
    term = chance = (1 - high) ** 600
    for k in range(5):
        term *= (600 - k) / (k + 1) * high / (1 - high)
        chance += term
    assert chance == pytest.approx(0.05, rel=1e-6)


def test_the_design_effect_of_one_cluster_by_hand() -> None:
    """Four events in one of two replications of ten cases."""
    # Share 4 / 20 = 0.2; residuals 4 - 2 and 0 - 2; variance 2 / 1 * 8 / 400 = 0.04 against
    # 0.2 * 0.8 / 20 = 0.008 for independent cases: a design effect of 5.
    assert design_effect([4, 0], [10, 10]) == pytest.approx(5.0)


@pytest.mark.parametrize("events", [[0, 0], [10, 10]])
def test_without_both_outcomes_there_is_no_design_effect(events: list[int]) -> None:
    """Nothing varies, so nothing can be said about clustering."""
    assert design_effect(events, [10, 10]) is None


def test_the_same_events_in_one_replication_say_less() -> None:
    """Ten events of one bad night bound the share less well than ten on ten nights."""
    spread, bunched = np.zeros(30), np.zeros(30)
    spread[:10], bunched[0] = 1, 10
    cases = np.full(30, 20)
    apart = rare_share_interval(spread, cases, 0.95)
    together = rare_share_interval(bunched, cases, 0.95)
    assert apart.value == together.value
    assert apart.high is not None
    assert together.high is not None
    assert together.high > 2 * apart.high


def test_the_limit_of_one_cluster_by_hand() -> None:
    """Ten events of one replication, of 600 cases in thirty."""
    # Residuals 10 - 1/3 and 29 times -1/3: squares 96.667; times 30 / 29 / 600 ** 2: 2.7778e-4,
    # against 1/60 * 59/60 / 600 = 2.7315e-5: design effect 10.169. t at 0.95 is 1.69913 with 29
    # and 1.64741 with 599 degrees of freedom: 10.169 * 1.06377 = 10.818. So 55.464 effective
    # cases with 0.92440 events, and the limit is the 95 % point of beta(1.92440, 54.540).
    events = np.zeros(30)
    events[0] = 10
    high = rare_share_interval(events, np.full(30, 20), 0.95).high
    assert high is not None
    assert betainc(1.92440, 54.540, high) == pytest.approx(0.95, abs=2e-5)


def test_a_borrowed_design_effect_shrinks_the_number_of_cases() -> None:
    """Without an event, a design effect of 3 leaves a third of the cases."""
    # 600 / 3 = 200 effective cases; 1 - 0.05 ** (1 / 200) = 0.014867.
    interval = rare_share_interval(np.zeros(30), np.full(30, 20), 0.95, least_design_effect=3.0)
    assert interval.high == pytest.approx(0.014867, abs=1e-6)


def test_a_family_of_limits_is_adjusted() -> None:
    """Five limits at 95 % together are limits at 99 % each."""
    family = rare_share_interval(np.zeros(9), np.full(9, 20), 0.95, comparisons=5)
    assert family.high == rare_share_interval(np.zeros(9), np.full(9, 20), 0.99).high
    assert family.adjusted


def test_one_replication_bounds_nothing() -> None:
    """Clustering cannot be seen in one replication, so there is no limit."""
    assert rare_share_interval([1], [20], 0.95) == Interval(
        0.05, None, None, 20, 0.95, too_few=True
    )
    assert rare_share_interval([0, 0], [0, 0], 0.95) == Interval(None, None, None, 0, 0.95)


def test_all_events_have_the_limit_one() -> None:
    """A share of 1 cannot be exceeded."""
    assert rare_share_interval([2, 2], [2, 2], 0.95).high == 1.0


def test_a_design_effect_under_one_is_refused() -> None:
    """Nothing may pretend to more cases than there were."""
    with pytest.raises(ValueError, match="least_design_effect"):
        rare_share_interval([0, 0], [9, 9], 0.95, least_design_effect=0.5)


def test_the_number_of_events_chooses_the_interval_of_a_share() -> None:
    """Under 20 events a limit above, under 20 non-events one below, else one on each side."""
    cases = np.full(30, 20)
    few, many = np.zeros(30), np.zeros(30)
    few[: RARE_EVENTS - 1] = 1
    many[:RARE_EVENTS] = 1
    assert share_interval(few, cases, 0.95) == rare_share_interval(few, cases, 0.95)
    both = share_interval(many, cases, 0.95)
    assert (both.too_few, both.value) == (False, ratio_interval(many, cases, 0.95).value)
    assert both.low is not None
    assert both.low > 0
    rare, mirror = share_interval(few, cases, 0.95), share_interval(cases - few, cases, 0.95)
    assert rare.high is not None
    assert mirror.low == pytest.approx(1 - rare.high)
    assert (mirror.high, mirror.too_few) == (1.0, True)


def test_limits_of_a_share_are_symmetric_in_logits_by_hand() -> None:
    """One event in four cases of each of thirty replications but ten, which have two."""
    # 40 of 120; residuals 1 - 4/3 twenty times and 2 - 4/3 ten times: squares 20/9 + 40/9 = 20/3;
    # variance 30/29 * 20/3 / 120 ** 2, standard error 0.0218844, times 2.04523 0.0447586; divided
    # by 1/3 * 2/3: 0.201414. Logit -0.693147: limits -0.894561 and -0.491733.
    events = np.ones(30)
    events[:10] = 2
    interval = share_interval(events, np.full(30, 4), 0.95)
    assert interval.value == pytest.approx(1 / 3)
    assert interval.low == pytest.approx(1 / (1 + math.exp(0.894561)), abs=1e-6)
    assert interval.high == pytest.approx(1 / (1 + math.exp(0.491733)), abs=1e-6)


def clustered_events(generator: np.random.Generator, share: float) -> tuple[Ints, Ints]:
    """Thirty replications of about 100 cases, whose share is beta with correlation 0.02."""
    cases = generator.poisson(100, 30)
    spread = 1 / 0.02 - 1
    return generator.binomial(
        cases, generator.beta(share * spread, (1 - share) * spread, 30)
    ), cases


@pytest.mark.parametrize("share", [0.02, 0.05, 0.2, 0.5, 0.9])
def test_limits_of_a_share_hold_their_level_on_both_sides(share: float) -> None:
    """Clustered shares are held as often as said, and missed on either side about as often."""
    generator = np.random.default_rng(83)
    outcomes, above, below = [], 0, 0
    for _ in range(2000):
        interval = share_interval(*clustered_events(generator, share), 0.95)
        outcomes.append(not interval.excludes(share))
        assert interval.low is not None
        assert interval.high is not None
        above += share > interval.high
        below += share < interval.low
    assert at_least(held(outcomes), 0.94)
    assert at_most(held(outcomes), 0.965)
    # Of some hundred misses; the symmetric limits of a share of 0.02 miss four in five above.
    assert above + below > 40
    assert 0.25 < above / (above + below) < 0.75


def test_symmetric_limits_of_a_small_share_would_be_caught() -> None:
    """Value plus or minus a half-width is missed above far more often than below."""
    generator = np.random.default_rng(83)
    above, below = 0, 0
    for _ in range(2000):
        interval = ratio_interval(*clustered_events(generator, 0.02), 0.95, share=True)
        assert interval.low is not None
        assert interval.high is not None
        above += interval.high < 0.02
        below += interval.low > 0.02
    assert above / (above + below) > 0.75


def test_the_upper_limit_holds_its_level_with_clustered_events() -> None:
    """With the design effect of a commoner event it holds; the binomial limit does not."""
    generator = np.random.default_rng(81)
    cases = np.full(30, 100)
    outcomes, estimated, naive = [], [], []
    # A replication's chance is beta with mean 0.004 and intraclass correlation 0.02, so the
    # design effect is 1 + 99 * 0.02 = 2.98 and 12 events are expected.
    chance, correlation = 0.004, 0.02
    spread = 1 / correlation - 1
    for _ in range(2000):
        night = generator.beta(chance * spread, (1 - chance) * spread, 30)
        events = generator.binomial(cases, night)
        borrowed = rare_share_interval(events, cases, 0.95, least_design_effect=2.98)
        outcomes.append(not borrowed.excludes(chance))
        estimated.append(not rare_share_interval(events, cases, 0.95).excludes(chance))
        # One event in each of as many replications as there were events: no clustering.
        singly = (np.arange(3000) < events.sum()).astype(float)
        naive.append(not rare_share_interval(singly, np.ones(3000), 0.95).excludes(chance))
    assert at_least(held(outcomes), 0.95)
    assert not at_least(held(naive), 0.95)
    # The events' own design effect goes most of the way, as the docstring says.
    assert at_least(held(estimated), 0.87)
    assert not at_most(held(estimated), held(naive)[0] / 2000)


def test_the_upper_limit_holds_its_level_with_independent_events() -> None:
    """Without clustering the limit holds at least as often as it says."""
    generator = np.random.default_rng(82)
    cases = np.full(30, 20)
    outcomes = [
        not rare_share_interval(generator.binomial(cases, 0.01), cases, 0.95).excludes(0.01)
        for _ in range(2000)
    ]
    assert at_least(held(outcomes), 0.95)
