"""Hours of pools, and queues."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.measures.pools import hourly_seconds
from sim.tables import NONE, Activity
from tests.engines.hand import desk_pool, unit, unit_pool
from tests.measures.tables import DAY, HOUR, activity, arrived, definition, tally, world

INTERVALS = st.lists(
    st.tuples(st.integers(-5 * HOUR, 5 * HOUR), st.integers(0, 4 * HOUR), st.integers(0, 2)),
    max_size=8,
)


@given(INTERVALS)
def test_hourly_seconds_are_those_counted_one_by_one(intervals: list[tuple[int, int, int]]) -> None:
    """Against a plain overlap of each interval with each hour."""
    first, hours = -3, 6
    expected = np.zeros((3, hours), dtype=np.int64)
    for start, length, group in intervals:
        for hour in range(hours):
            low = (first + hour) * HOUR
            overlap = min(start + length, low + HOUR) - max(start, low)
            expected[group, hour] += max(overlap, 0)
    starts, lengths, groups = (
        np.array([interval[place] for interval in intervals], dtype=np.int64) for place in range(3)
    )
    found = hourly_seconds(starts, starts + lengths, groups, 3, first, hours)
    assert np.array_equal(found, expected)


def test_work_is_busy_within_the_shift_and_overtime_after_it() -> None:
    """Off at 02:00; at a scene from 01:30 to 02:20, then writing to 03:10."""
    rows = [
        activity(Activity.TRAVEL, 0, 60, 1, 900, 0),
        activity(Activity.SCENE, 5400, 8400, 1, 900, 0),
        activity(Activity.WRITING, 8400, 11400, 1, 900, 0),
    ]
    pools = tally([{}], [arrived(60)], rows, [unit(0, 0, 7200, 900)]).pools
    assert pools.on_duty[0, :3].tolist() == [3600, 3600, 0]
    assert pools.busy[0, Activity.TRAVEL, 0] == 60
    assert pools.busy[0, Activity.SCENE, :3].tolist() == [0, 1800, 0]
    # 20 and then 40 minutes in the hour from 02:00, and 10 minutes in the next.
    assert pools.overtime[0, :5].tolist() == [0, 0, 3600, 600, 0]
    assert pools.busy.sum() == 1860


def test_a_crew_of_two_works_two_hours_of_overtime_in_one() -> None:
    """Off at 02:00, at a scene until 03:00, two officers."""
    rows = [
        activity(Activity.TRAVEL, 0, 60, 1, 900, 0),
        activity(Activity.SCENE, 5400, 10800, 1, 900, 0),
    ]
    crew = {**unit(0, 0, 7200, 900), "officers": 2}
    pools = tally([{}], [arrived(60)], rows, [crew]).pools
    assert pools.overtime[0, :4].tolist() == [0, 0, 7200, 0]
    # The unit is one, however many sit in it.
    assert pools.on_duty[0, :2].tolist() == [3600, 3600]


def test_a_break_is_kept_apart_and_is_no_overtime() -> None:
    """Half an hour within the shift, under its own kind."""
    rows = [
        activity(Activity.TRAVEL, 0, 60, 1, 900, 0),
        activity(Activity.BREAK, 3600, 5400, NONE, 900, 0),
        activity(Activity.BREAK, 7100, 7300, NONE, 900, 0),
    ]
    pools = tally([{}], [arrived(60)], rows, [unit(0, 0, 7200, 900)]).pools
    assert pools.busy[0, Activity.BREAK].sum() == 1900
    assert pools.overtime.sum() == 0


def test_queues_are_counted_by_pool_asked_or_by_area_and_grade() -> None:
    """Grade 2 waits for a call taker for 100 s; then 30 minutes in the queue, over the hour."""
    rows = [
        activity(Activity.WAIT_CALL_TAKER, 0, 100, 1, pool=1),
        activity(Activity.WAIT_UNIT, 1900, 3700, 1),
        activity(Activity.HELD, 100, 1900, 1),
        activity(Activity.TRAVEL, 3700, 4000, 1, 900, 0),
    ]
    end = arrived(4000, answered_at=100, graded_at=100, ready_at=1900, claimed_at=3700)
    rules = world(pools=[unit_pool(), desk_pool("call_takers")], call_takers=1)
    result = tally([{}], [end], rows, rules=rules)
    assert result.pools.waiting[1, :2].tolist() == [100, 0]
    assert result.pools.queued[0, 1, :2].tolist() == [1700, 100]
    assert result.pools.queued.sum() == 1800
    # Unallocated is held or in the queue: from 100 to 3700.
    assert result.unallocated[:3].tolist() == [3500, 100, 0]
    assert result.busy_units[:2].tolist() == [0, 300]


def test_only_the_window_counts_for_pools() -> None:
    """Busy from 00:30 to 02:30; the window is 01:00 to 02:00, the series is everything."""
    rows = [
        activity(Activity.TRAVEL, 3600, 3660, 1, 901, 0),
        activity(Activity.SCENE, 1800, 9000, 2, 900, 0),
    ]
    result = tally(
        [{"reported_at": 3600}],
        [arrived(3660)],
        rows,
        [unit(0, 0, DAY, 900), unit(0, 0, DAY, 901)],
        what=definition(since=HOUR, until=2 * HOUR),
    )
    assert result.pools.busy[0, Activity.SCENE].sum() == 3600
    assert result.pools.on_duty.sum() == 7200
    assert result.busy_units[:4].tolist() == [1800, 3660, 1800, 0]
