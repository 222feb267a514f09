"""Times of replications side by side."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.statistics import GROUPS, PooledTimes, SecondsHistogram, group_of

UNITS = st.lists(st.lists(st.integers(0, 50), max_size=12), min_size=1, max_size=6)


@given(UNITS, st.floats(0, 1), st.integers(-1, 60))
def test_pooled_times_are_those_of_their_units(
    units: list[list[int]], probability: float, seconds: int
) -> None:
    """Quantiles are those of all together; counts and excesses are by unit."""
    histograms = [SecondsHistogram(np.array(unit, dtype=np.int64)) for unit in units]
    times = PooledTimes(histograms)
    assert times.count == sum(len(unit) for unit in units)
    assert times.totals.tolist() == [len(unit) for unit in units]
    assert times.quantile(probability) == SecondsHistogram.merged(histograms).quantile(probability)
    under = [sum(time <= seconds for time in unit) for unit in units]
    assert times.at_most(seconds).tolist() == under
    beyond = [sum(max(0, time - seconds) for time in unit) for unit in units]
    assert times.excess(seconds).tolist() == beyond


def test_a_rank_beyond_the_ends_is_the_nearest() -> None:
    """Rank 0 is the least, and rank 9 of three the largest."""
    times = PooledTimes([SecondsHistogram([4, 6]), SecondsHistogram([9])])
    assert [times.ranked(rank) for rank in (0, 1, 2, 3, 9)] == [4, 4, 6, 9, 9]


def test_times_are_equal_where_every_unit_is() -> None:
    """The same times in other units are other times."""
    one, other = SecondsHistogram([4, 6]), SecondsHistogram([9])
    assert PooledTimes([one, other]) == PooledTimes([one, other])
    assert PooledTimes([one, other]) != PooledTimes([other, one])


def test_a_share_that_is_none_is_refused() -> None:
    """A quantile lies between 0 and 1."""
    with pytest.raises(ValueError, match="probability"):
        PooledTimes([SecondsHistogram([4])]).quantile(1.5)


def test_groups_follow_the_numbers_of_replications() -> None:
    """Replication r is in group r modulo 30, however many replications there are."""
    assert [group_of(r) for r in (0, 29, 30, 61)] == [0, 29, 0, 1]
    assert GROUPS == 30


@pytest.mark.parametrize(("replication", "groups"), [(-1, 30), (3, 0)])
def test_impossible_groups_are_refused(replication: int, groups: int) -> None:
    """Replications count from 0, and there is at least one group."""
    with pytest.raises(ValueError, match="group"):
        group_of(replication, groups)
