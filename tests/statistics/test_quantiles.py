"""Quantiles and tail means of pooled times, and their differences."""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest
from scipy.special import ndtri

from sim.statistics import Interval, PooledTimes, SecondsHistogram, TailMean, TimeQuantile
from sim.statistics.quantiles import LEAST_BEYOND
from tests.statistics.coverage import at_least, at_most, held

Floats = npt.NDArray[np.float64]

MEDIAN = TimeQuantile(0.5)


def pooled(*units: Sequence[int]) -> PooledTimes:
    """Times of units given as lists."""
    return PooledTimes([SecondsHistogram(np.array(unit, dtype=np.int64)) for unit in units])


def test_the_limits_of_a_median_by_hand() -> None:
    """Forty times of two units, 12 and 8 of them at or under the median."""
    # Times 1 to 40: the median has rank 20. Each unit has 20 times; 12 and 8 at or under it:
    # residuals 2 and -2, contributions 1/20 and -1/20: standard error sqrt(2 * 2 / 400) = 0.1.
    # t with 1 degree of freedom at 60 % is tan(0.6 * pi / 2) = 1.376382, so a half-width of
    # 0.1376382, over 1/4 0.550553 in logits: shares 0.365736 and 0.634264; ranks floor(14.63) and
    # ceil(25.37).
    first = [*range(1, 13), *range(21, 29)]
    second = [*range(13, 21), *range(29, 41)]
    interval = MEDIAN.interval(pooled(first, second), 0.6)
    assert (interval.value, interval.low, interval.high) == (20.0, 14.0, 26.0)
    assert (interval.n, interval.adjusted, interval.too_few) == (40, False, False)


def test_a_quantile_is_told_in_its_unit() -> None:
    """Seconds become minutes, limits too."""
    times = pooled(range(0, 6000, 60), range(30, 6030, 60))
    seconds, minutes = TimeQuantile(0.9).interval(times, 0.9), TimeQuantile(0.9, 60)
    told = minutes.interval(times, 0.9)
    for one, other in zip(_numbers(seconds), _numbers(told), strict=True):
        assert one == pytest.approx(60 * other)


def _numbers(interval: Interval) -> tuple[float, float, float]:
    assert interval.value is not None
    assert interval.low is not None
    assert interval.high is not None
    return interval.value, interval.low, interval.high


def test_the_order_of_times_and_empty_units_change_nothing_but_degrees_of_freedom() -> None:
    """A unit without a time has nothing to say, and is none of those that do."""
    units = [range(k, 60 + 7 * k) for k in range(5)]
    assert MEDIAN.interval(pooled(*units), 0.95) == MEDIAN.interval(pooled([], *units, []), 0.95)


def test_ties_are_a_quantile_without_width() -> None:
    """Where most times are equal, the median is that time and so are its limits."""
    units = [[5] * 90 + [9] * k for k in (1, 3, 5)]
    interval = MEDIAN.interval(pooled(*units), 0.95)
    assert (interval.value, interval.low, interval.high) == (5.0, 5.0, 5.0)


def test_too_few_times_beyond_a_quantile_withhold_it() -> None:
    """A median needs ten times on each side, and a p90 a hundred in all."""
    assert LEAST_BEYOND == 10
    assert not MEDIAN.interval(pooled(range(10), range(10)), 0.95).too_few
    withheld = MEDIAN.interval(pooled(range(10), range(9)), 0.95)
    assert withheld == Interval(None, None, None, 19, 0.95, too_few=True)
    assert not TimeQuantile(0.9).interval(pooled(range(50), range(50)), 0.95).too_few
    assert TimeQuantile(0.9).interval(pooled(range(50), range(49)), 0.95).too_few
    # The side with fewer counts.
    assert TimeQuantile(0.1).interval(pooled(range(50), range(49)), 0.95).too_few


def test_a_far_tail_needs_some_times_of_each_replication() -> None:
    """p99 of 30 replications rests on 6,000 times, the mean of the worst twentieth on 1,800."""
    for kind, least in ((TimeQuantile(0.99), 6_000), (TailMean(0.95), 1_800)):
        enough = [range(least // 30)] * 30
        assert not kind.interval(pooled(*enough), 0.95).too_few
        fewer = [*enough[:-1], range(least // 30 - 1)]
        assert kind.interval(pooled(*fewer), 0.95).value is None
        assert kind.interval(pooled(*fewer), 0.95).too_few
        assert kind.difference(pooled(*enough), pooled(*fewer), 0.95).too_few


@pytest.mark.parametrize("kind", [MEDIAN, TailMean(0.9)])
def test_what_cannot_be_estimated_is_none(kind: TimeQuantile | TailMean) -> None:
    """Without times there is nothing, with one unit there are no limits."""
    one = pooled(range(100))
    assert kind.interval(pooled([], []), 0.95) == Interval(None, None, None, 0, 0.95)
    assert kind.difference(pooled([]), one, 0.95) == Interval(None, None, None, 0, 0.95)
    alone = kind.interval(one, 0.95)
    assert (alone.low, alone.high, alone.too_few) == (None, None, False)
    assert alone.value is not None
    assert kind.difference(one, one, 0.95).low is None
    with pytest.raises(ValueError, match="cannot be paired"):
        kind.difference(one, pooled([1], [2]), 0.95)


def test_the_tail_mean_by_hand() -> None:
    """Two units of ten times, the worst three in ten of all of them."""
    # 1 to 10 and 11 to 20: the worst six are 15 to 20, mean 17.5. The 70 % quantile has rank 14:
    # 14. Excess over it: none in the first, 1 to 6 in the second, 21 in all; residuals -10.5 and
    # 10.5, contributions -+ 10.5 / 20 / 0.3 = 1.75: standard error sqrt(2 * 2 * 1.75 ** 2) = 3.5.
    times = pooled(range(1, 11), range(11, 21))
    interval = TailMean(0.7).interval(times, 0.6)
    assert interval.value == pytest.approx(17.5)
    # t with 1 degree of freedom at 60 % is 1.376382.
    assert interval.half_width == pytest.approx(1.376382 * 3.5, abs=1e-5)
    assert interval.value == pytest.approx(SecondsHistogram(np.arange(1, 21)).tail_mean(0.7))


def test_what_agrees_in_every_time_differs_by_exactly_nothing() -> None:
    """The same times under two scenarios differ by 0, with limits 0."""
    units = [range(k, 80 + k) for k in range(4)]
    for kind in (TimeQuantile(0.8), TailMean(0.8)):
        interval = kind.difference(pooled(*units), pooled(*units), 0.95)
        assert (interval.value, interval.low, interval.high) == (0.0, 0.0, 0.0)


def test_the_difference_recovers_its_limits_from_both_by_hand() -> None:
    """Medians that move in step, with limits that reach further up than down."""
    # Units move the share by the same under both, so the correlation is 1 and a limit is the
    # difference of the two reaches: 20 (14 to 26) against 40 (28 to 52), down |12 - 6|, up 12 - 6.
    first = [*range(1, 13), *range(21, 29)]
    second = [*range(13, 21), *range(29, 41)]
    before = pooled(first, second)
    after = pooled([2 * time for time in first], [2 * time for time in second])
    interval = MEDIAN.difference(before, after, 0.6)
    assert (interval.value, interval.low, interval.high) == (20.0, 14.0, 26.0)
    # The other way round they are opposed: the reaches add up.
    opposed = MEDIAN.difference(pooled(second, first), after, 0.6)
    assert (opposed.value, opposed.low, opposed.high) == (20.0, 2.0, 38.0)


SIGMA = 1.2
SCALE = 2000


def waits(
    generator: np.random.Generator, size: float, alike: float = 0.05, units: int = 30
) -> list[Floats]:
    """Lognormal waits of replications, alike within one, before they are rounded."""
    common = generator.normal(0, SIGMA * math.sqrt(alike), units)
    own = SIGMA * math.sqrt(1 - alike)
    return [
        SCALE * np.exp(level + generator.normal(0, own, generator.poisson(size)))
        for level in common
    ]


def rounded(units: Sequence[Floats]) -> PooledTimes:
    """Whole seconds of them."""
    return PooledTimes([SecondsHistogram(np.rint(unit).astype(np.int64)) for unit in units])


def truth(probability: float) -> float:
    """Quantile of a wait."""
    return float(SCALE * np.exp(SIGMA * ndtri(probability)))


@pytest.mark.parametrize(
    ("probability", "size", "studies"),
    [(0.5, 12, 1000), (0.9, 51, 1000), (0.95, 51, 1000), (0.99, 210, 600)],
)
def test_a_quantile_is_held_and_one_that_is_a_fifth_off_is_not(
    probability: float, size: float, studies: int
) -> None:
    """Clustered waits of a known law are held in 94 to 97.5 %."""
    generator = np.random.default_rng(106)
    kind = TimeQuantile(probability)
    intervals = [kind.interval(rounded(waits(generator, size)), 0.95) for _ in range(studies)]
    told = [interval for interval in intervals if not interval.too_few]
    assert len(told) > 0.9 * studies
    right = held(not interval.excludes(truth(probability)) for interval in told)
    assert at_least(right, 0.945)
    assert at_most(right, 0.97)
    if size > 12:
        wrong = held(not interval.excludes(1.2 * truth(probability)) for interval in told)
        assert not at_least(wrong, 0.945)


def test_waits_taken_for_independent_would_be_caught() -> None:
    """Each wait as a unit of its own gives limits that are too narrow."""
    generator = np.random.default_rng(107)
    outcomes = []
    for _ in range(150):
        every = np.rint(np.concatenate(waits(generator, 20, alike=0.3))).astype(np.int64)
        single = PooledTimes([SecondsHistogram(every[k : k + 1]) for k in range(every.size)])
        outcomes.append(not MEDIAN.interval(single, 0.95).excludes(truth(0.5)))
    assert not at_least(held(outcomes), 0.945)


@pytest.mark.parametrize("kind", [TimeQuantile(0.5), TimeQuantile(0.95), TailMean(0.95)])
def test_a_difference_is_held_and_pairing_narrows_it(kind: TimeQuantile | TailMean) -> None:
    """A third of the waits are shortened by a tenth; the same luck tells what that does."""
    generator = np.random.default_rng(108)
    many = [np.concatenate(waits(generator, 2000)) for _ in range(40)]
    shortened = [_shortened(unit, generator) for unit in many]
    level = 0.95
    exact = [kind.interval(rounded(side), level).value for side in (many, shortened)]
    assert exact[0] is not None
    assert exact[1] is not None
    known = exact[1] - exact[0]
    outcomes, narrower = [], 0
    for _ in range(500):
        first = waits(generator, 70)
        before, after = rounded(first), rounded([_shortened(unit, generator) for unit in first])
        interval = kind.difference(before, after, level)
        outcomes.append(not interval.excludes(known))
        alone = kind.interval(before, level).half_width
        assert interval.half_width is not None
        assert alone is not None
        narrower += interval.half_width < 0.6 * alone
    assert at_least(held(outcomes), 0.93)
    assert narrower > 450


def _shortened(unit: Floats, generator: np.random.Generator) -> Floats:
    return unit * np.where(generator.uniform(size=unit.size) < 1 / 3, 0.9, 1.0)
