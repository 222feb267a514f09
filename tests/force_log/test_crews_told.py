"""Both ends of the numbers of crews: from the log, from the rota, or assumed."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from sim.force_log.fitting.bounds import Free
from sim.force_log.fitting.candidate import Candidate, Plan, World
from sim.force_log.fitting.crew_limits import with_limits
from sim.force_log.fitting.demand import Demand
from sim.force_log.fitting.job_minutes import minutes_of
from sim.force_log.fitting.saturation import CrewsTold, crews_told
from sim.force_log.replaying.work import Work
from tests.force_log.test_rate import work_from

DAYS = 28
# Each end misses once in 20,000 runs.
LEVEL = 0.9999
A_MINUTE = 0.3


def dispatched(crews: int, seed: int) -> Work:
    """Four weeks in which jobs are let go at a rate while a crew is free, and not while none is."""
    rng = np.random.Generator(np.random.Philox(seed))
    waiting: list[int] = []
    ends: list[int] = []
    rows = []
    for minute in range(DAYS * 1440):
        ends = [end for end in ends if end > minute]
        waiting += [minute] * int(rng.poisson(0.09))
        kept = []
        for graded in waiting:
            if len(ends) < crews and rng.random() < -np.expm1(-A_MINUTE):
                length = int(rng.exponential(50)) + 1
                rows.append((2, graded * 60, (minute + 1) * 60, length * 60))
                ends.append(minute + 1 + length)
            else:
                kept.append(graded)
        waiting = kept
    return work_from(rows, DAYS)


def told_of(work: Work, level: float) -> CrewsTold:
    """What the jobs tell of a number that is the same all day."""
    rows = minutes_of(work, {"": np.full(24, 20.0)})
    return crews_told(rows, [np.ones((1, 24))], (12.0,), level=level)


def test_where_jobs_stood_still_the_log_tells_crews_from_both_sides() -> None:
    """Six crews with four and a half jobs in hand on average: found, and no more than nine."""
    told = told_of(dispatched(6, 5), LEVEL)
    (low,), (high,) = told.low, told.high
    assert low is not None
    assert high is not None
    assert low <= 6 <= high
    assert low >= 5
    assert high <= 9


def test_where_a_crew_was_always_free_the_log_tells_none_too_many() -> None:
    """With forty crews jobs wait as with sixty: too few is told, too many is not."""
    told = told_of(dispatched(40, 6), LEVEL)
    assert told.high == (None,)
    assert told.low[0] is not None
    assert told.low[0] <= 40
    assert told.free.mean() > 0.99


def three_shifts(*, rota: bool) -> tuple[World, Candidate]:
    """A world of one area, with three shifts fitted, or a rota of eight people all day."""
    demand = Demand(
        streams={}, arrivals={}, lengths={}, grades=(1, 2), grade_shares={}, areas=None,
        travel={"minutes": 1.0, "family": "constant"}, left_out=(),
    )  # fmt: skip
    shift = {"name": "day", "start": "07:00", "end": "07:00", "people": 8}
    plan = Plan((shift,), (0,), ("early",)) if rota else Plan()
    world = World(demand, {}, plan, date(2025, 3, 3), ratified=False)
    return world, Candidate((0.5,) if rota else (6.0, 6.0, 6.0))


def always(jobs: int) -> Work:
    """A week with so many jobs in hand all the time."""
    rows = [(2, day * 86_400, day * 86_400, 86_400) for day in range(7) for _ in range(jobs)]
    return work_from(rows, days=7)


def test_an_end_that_the_log_does_not_tell_is_assumed_with_its_range() -> None:
    """Two jobs in hand: crews who are busy a quarter of their time are eight, 6 to 10 of others.

    A third is no more than a fifth above the value of six: there it is 7.2.
    """
    world, candidate = three_shifts(rota=False)
    free = tuple(Free(name, 6.0, None, None) for name in ("early", "late", "night"))
    for one in with_limits(free, None, world, always(2), candidate):
        assert one.high_from == "assumed"
        assert one.high == pytest.approx(8.0)
        assert one.range_of_high == pytest.approx((7.2, 10.0))
        # No fewer than there are jobs in hand.
        assert one.low == pytest.approx(2.0)


def test_no_more_than_all_of_a_rota_is_free() -> None:
    """Two jobs in hand for eight people: a quarter of them at the least, all at the most."""
    world, candidate = three_shifts(rota=True)
    (one,) = with_limits((Free("early", 0.5, None, None),), None, world, always(2), candidate)
    assert one.low == pytest.approx(0.25)
    assert (one.high, one.high_from) == (1.0, "rota")


def test_what_is_told_twice_has_the_wider_limits() -> None:
    """Limits by simulation of 5 to 7 and by likelihood of 4 to 6.5 are 4 to 7 together."""
    world, candidate = three_shifts(rota=False)
    free = tuple(Free(name, 6.0, 5.0, 7.0) for name in ("early", "late", "night"))
    told = CrewsTold((6.0,) * 3, (4.0,) * 3, (6.5,) * 3, np.ones(1))
    for one in with_limits(free, told, world, always(2), candidate):
        assert (one.low, one.high, one.high_from) == (4.0, 7.0, "log")
