"""Quantiles of times that are not all seen to their end."""

import math
from collections.abc import Sequence

import numpy as np
import pytest

from sim.statistics import (
    FollowedQuantile,
    FollowedTimes,
    Interval,
    PooledTimes,
    SecondsHistogram,
    TimeQuantile,
)
from tests.statistics.coverage import at_least, at_most, held

MEDIAN = FollowedQuantile(0.5)


def histograms(units: Sequence[Sequence[int]]) -> list[SecondsHistogram]:
    """Times of units given as lists."""
    return [SecondsHistogram(np.array(unit, dtype=np.int64)) for unit in units]


def followed(ended: Sequence[Sequence[int]], cut: Sequence[Sequence[int]]) -> FollowedTimes:
    """Times that ended and times that were cut off, by unit."""
    return FollowedTimes(histograms(ended), histograms(cut))


def test_the_share_that_ended_by_hand() -> None:
    """Six times: 3 ends, 5 is cut off, 6 and 6 end, 8 is cut off, 9 ends."""
    # Ended by 3: 1/6. By 6: of the four still followed two end, 1 - 5/6 * 1/2 = 7/12. By 9: 1.
    times = followed([[3, 6], [6, 9]], [[5], [8]])
    assert times.count == 6
    assert [times.place(share) for share in (1 / 6, 0.17, 7 / 12, 0.6, 1.0)] == [0, 1, 1, 2, 2]
    assert [times.time(place) for place in (0, 1, 2)] == [3, 6, 9]
    assert [times.followed(place) for place in (0, 1, 2)] == [6, 4, 1]
    # Where the longest is cut off, it is not known when all have ended.
    assert followed([[3]], [[5]]).place(0.6) is None


def test_without_a_cut_it_is_the_quantile_of_all() -> None:
    """Kaplan and Meier's share is the plain share, and so are its limits."""
    generator = np.random.default_rng(111)
    every = generator.permutation(500)[:156]
    units = [part.tolist() for part in np.split(every, (40, 65, 125))]
    nothing: list[list[int]] = [[]] * 4
    for probability in (0.2, 0.5, 0.8):
        assert FollowedQuantile(probability, 60).interval(
            followed(units, nothing), 0.9, 3
        ) == TimeQuantile(probability, 60).interval(PooledTimes(histograms(units)), 0.9, 3)


def test_what_was_not_followed_long_enough_is_withheld() -> None:
    """Most are cut off before half could end; of few nothing is told."""
    early = followed([[5] * 9, [5] * 9], [[6] * 20, [6] * 20])
    assert MEDIAN.interval(early, 0.95) == Interval(None, None, None, 58, 0.95, too_few=True)
    assert MEDIAN.interval(followed([[1, 2, 3]], [[]]), 0.95).too_few
    assert MEDIAN.interval(followed([[]], [[]]), 0.95) == Interval(None, None, None, 0, 0.95)
    with pytest.raises(ValueError, match="units"):
        followed([[1]], [[], []])


def test_the_same_times_differ_by_exactly_nothing() -> None:
    """A scenario does not differ from itself."""
    times = followed([range(1, 90), range(5, 70)], [range(3, 60), [80]])
    interval = MEDIAN.difference(times, times, 0.95)
    assert (interval.value, interval.low, interval.high) == (0.0, 0.0, 0.0)


def cut_off(
    generator: np.random.Generator, factor: float = 1.0
) -> tuple[list[list[int]], list[list[int]]]:
    """Thirty replications of some 30 exponential times, followed for 2 to 12 hours."""
    ended, cut = [], []
    for common in generator.gamma(20, 1 / 20, 30):
        size = generator.poisson(30)
        # A mean of three hours; what is alike within a replication leaves the law as it is.
        times = np.rint(generator.exponential(10_800, size) * factor * common).astype(np.int64)
        end = generator.integers(7_200, 43_200, size)
        ended.append(times[times <= end].tolist())
        cut.append(end[times > end].tolist())
    return ended, cut


def test_cut_off_times_are_held_and_the_finished_alone_are_not() -> None:
    """The median of all is held in about 95 %; that of the finished is far too short."""
    generator = np.random.default_rng(112)
    long = cut_off(np.random.default_rng(113))
    for _ in range(60):
        more = cut_off(np.random.default_rng(generator.integers(1 << 40)))
        long = long[0] + more[0], long[1] + more[1]
    truth = MEDIAN.interval(followed(*long), 0.95).value
    assert truth is not None
    assert truth == pytest.approx(10_800 * math.log(2), rel=0.05)
    outcomes, finished = [], []
    for _ in range(500):
        ended, cut = cut_off(generator)
        outcomes.append(not MEDIAN.interval(followed(ended, cut), 0.95).excludes(truth))
        alone = TimeQuantile(0.5).interval(PooledTimes(histograms(ended)), 0.95)
        finished.append(not alone.excludes(truth))
    assert at_least(held(outcomes), 0.94)
    assert at_most(held(outcomes), 0.97)
    assert not at_least(held(finished), 0.5)
