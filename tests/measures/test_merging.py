"""Tallies add up."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.measures import Count, Replication, merged
from sim.tables import Activity, End
from tests.measures.tables import activity, arrived, definition, tally, world

# Report, seconds to the end, whether that is an arrival or a return, stream, grade.
CASES = st.lists(
    st.tuples(
        st.integers(0, 80_000),
        st.integers(0, 50_000),
        st.booleans(),
        st.integers(0, 1),
        st.integers(1, 3),
    ),
    min_size=1,
    max_size=12,
)


def tallied(cases: list[tuple[int, int, bool, int, int]]) -> Replication:
    """Each case waits in the queue until it arrives or returns."""
    reports, ends, rows = [], [], []
    ordered = sorted(enumerate(cases, start=1), key=lambda one: (one[1][0], one[0]))
    for key, (at, wait, comes, stream, grade) in ordered:
        report = {"key": key, "reported_at": at, "stream": stream, "grade": grade}
        reports.append(report if comes else {**report, "return_at": at + wait})
        ends.append(arrived(at + wait) if comes else {"end": End.RETURNED_FIRST})
        rows.append(activity(Activity.WAIT_UNIT, at, at + wait, key))
    # No pool attends, so that idle units play no part.
    rules = world(attends=(((),), ((),)), end=200_000)
    return tally(reports, ends, rows, rules=rules)


@given(CASES, CASES)
def test_two_replications_together_are_those_of_their_incidents(
    first: list[tuple[int, int, bool, int, int]], second: list[tuple[int, int, bool, int, int]]
) -> None:
    """Merged tallies are those of the pooled table, in counts and in every delay."""
    both = merged([tallied(first), tallied(second)])
    pooled = tallied(first + second)
    assert both.replications == 2
    assert np.array_equal(both.codes, pooled.codes)
    assert np.array_equal(both.counts, pooled.counts)
    assert np.array_equal(both.delay_keys, pooled.delay_keys)
    assert np.array_equal(both.delay_counts, pooled.delay_counts)
    assert np.array_equal(both.heat_missed, pooled.heat_missed)
    assert np.array_equal(both.pools.queued, pooled.pools.queued)
    assert np.array_equal(both.unallocated, pooled.unallocated)


@given(CASES)
def test_arrivals_are_their_ends(cases: list[tuple[int, int, bool, int, int]]) -> None:
    """Reported = attended + returned first + ended without deployment + open; stages = delay."""
    result = tallied(cases)
    ends = (Count.ATTENDED, Count.RETURNED_FIRST, Count.ENDED_WITHOUT_DEPLOYMENT, Count.OPEN)
    assert sum(result.total(count) for count in ends) == result.total(Count.REPORTED) == len(cases)
    assert result.total(Count.QUEUE_SECONDS) == result.total(Count.DELAY_SECONDS)
    assert result.delays().sum() == result.total(Count.DELAY_SECONDS)


def test_only_replications_of_one_window_are_added() -> None:
    """Another window, another scenario's names, or none at all is refused."""
    one = tally([{}], [arrived(60)])
    other = tally([{}], [arrived(60)], what=definition(until=3600))
    with pytest.raises(ValueError, match="one window"):
        merged([one, other])
    with pytest.raises(ValueError, match="no replication"):
        merged([])
