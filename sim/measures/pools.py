"""What people did and what waited for them, by hour: from the rota and the activities alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim import kernels
from sim.measures.lookup import Links
from sim.measures.replication import Ints, PoolTimes
from sim.tables import DESK_WAITS, HOUR, NONE, Activity, Policy, Table

_DAY_HOURS = 24
_UNIT_WORK = (
    Activity.EARMARKED,
    Activity.TRAVEL,
    Activity.SCENE,
    Activity.CUSTODY,
    Activity.WRITING,
    Activity.ENQUIRY,
    Activity.INTERVIEW,
    Activity.TRANSPORT,
    Activity.PROTECTION,
    Activity.REVISIT,
)
ERRANDS = (
    Activity.WAIT_ENQUIRY,
    Activity.WAIT_VISIT,
    Activity.WAIT_REVISIT,
    Activity.WAIT_RELIEF,
)
"""What waits for units beside the reports themselves."""
_HELD = (Activity.HELD, Activity.HELD_FOR_TELEPHONE, Activity.WAIT_DECISION)


@dataclass(frozen=True, eq=False)
class HourlyTimes:
    """Pool times of the window, and hourly series of the whole simulation: shape (hours,)."""

    pools: PoolTimes
    first_hour: int
    unallocated: Ints
    busy_units: Ints


def hourly_seconds(
    starts: Ints, ends: Ints, groups: Ints, count: int, first_hour: int, hours: int
) -> Ints:
    """Seconds that intervals [start, end) cover in each hour.

    Parameters
    ----------
    starts, ends
        Shape (n,), in seconds.
    groups
        Shape (n,): group of each interval, from 0.
    count
        Number of groups.
    first_hour, hours
        Hours from time 0 to the first one wanted, and how many are wanted; what lies outside
        is cut off.

    Returns
    -------
    ndarray
        Shape (count, hours).
    """
    low, high = first_hour * HOUR, (first_hour + hours) * HOUR
    if kernels.are_ready():
        from sim.kernels import tallying

        by_hour, room = np.zeros((2, count, hours + 1), dtype=np.int64)
        begun, ended, of = (np.ascontiguousarray(one, np.int64) for one in (starts, ends, groups))
        tallying.by_hour(begun, ended, of, low, high, by_hour, room)
        return by_hour[:, :hours]
    starts = np.clip(starts, low, high) - low
    ends = np.maximum(np.clip(ends, low, high) - low, starts)
    width = hours + 1
    within = np.zeros(count * width, dtype=np.float64)
    whole = np.zeros(count * width, dtype=np.float64)
    for times, sign in ((starts, 1), (ends, -1)):
        # The remainder by hand: numpy is several times quicker at dividing alone.
        hour = times // HOUR
        passed = times - hour * HOUR
        place = groups * width + hour
        # From its time on, an interval's start covers what is left of the hour and every later
        # hour; its end takes that away again. The sums are whole numbers under 2 ** 53.
        within -= sign * np.bincount(place, weights=passed, minlength=count * width)
        whole += sign * HOUR * np.bincount(place, minlength=count * width)
    covered = within.reshape(count, width) + np.cumsum(whole.reshape(count, width), axis=1)
    return covered[:, :hours].astype(np.int64)


def hourly_times(
    incidents: Table,
    activities: Table,
    rota: Table,
    links: Links,
    policy: Policy,
    window: tuple[int, int],
) -> HourlyTimes:
    """Pools and queues by hour.

    Work is busy within the shift of the unit or desk worker that does it, and overtime after it.
    A break is neither, and is kept under its own kind.

    Parameters
    ----------
    incidents
        All of them, counted or not: queues hold the others too.
    activities, rota
        What happened, and who was on duty.
    links
        To which incident and unit each activity belongs.
    policy
        Names and counts.
    window
        The measured window [since, until), whole hours.
    """
    first = policy.start // HOUR
    hours = -(-policy.end // HOUR) - first
    pools, kinds = len(policy.pools), len(Activity)
    since, until = window[0] // HOUR - first, window[1] // HOUR - first

    def by_hour(starts: Ints, ends: Ints, groups: Ints, count: int) -> Ints:
        return hourly_seconds(starts, ends, groups, count, first, hours)

    def of_day(covered: Ints) -> Ints:
        """Sum over the window by hour of the day (the last axis)."""
        begins = (since + first) % _DAY_HOURS
        days = -(-(begins + until - since) // _DAY_HOURS)
        padded = np.zeros((covered.shape[0], days * _DAY_HOURS), dtype=np.int64)
        padded[:, begins : begins + until - since] = covered[:, since:until]
        by_day: Ints = padded.reshape(covered.shape[0], days, _DAY_HOURS).sum(axis=1)
        return by_day

    on_duty = by_hour(rota["on_at"], rota["off_at"], rota["pool"].astype(np.int64), pools)

    work, worked, overtime = _worked(activities, rota, links, pools, first, hours)
    busy = np.zeros((pools * kinds, _DAY_HOURS), dtype=np.int64)
    busy[work] = of_day(worked)

    waits = links.kinds.of_any(DESK_WAITS)
    waits = waits[activities["pool"][waits] != NONE]
    waiting = by_hour(
        activities["start"][waits],
        activities["end"][waits],
        activities["pool"][waits].astype(np.int64),
        pools,
    )
    unclaimed = links.kinds.of_any((Activity.WAIT_UNIT, *_HELD))
    job = links.incident[unclaimed]
    unclaimed, job = unclaimed[job >= 0], job[job >= 0]
    place = incidents["area"][job].astype(np.int64) * policy.grades + incidents["grade"][job] - 1
    held = activities["kind"][unclaimed] != Activity.WAIT_UNIT
    queues = len(policy.areas) * policy.grades
    queued_or_held = by_hour(
        activities["start"][unclaimed],
        activities["end"][unclaimed],
        np.where(held, queues, place),
        queues + 1,
    )
    errand = links.kinds.of_any(ERRANDS)
    job = links.incident[errand]
    errand, job = errand[job >= 0], job[job >= 0]
    of_kind = np.searchsorted(ERRANDS, activities["kind"][errand])
    errands = by_hour(
        activities["start"][errand],
        activities["end"][errand],
        incidents["area"][job].astype(np.int64) * len(ERRANDS) + of_kind,
        len(policy.areas) * len(ERRANDS),
    )
    return HourlyTimes(
        pools=PoolTimes(
            on_duty=of_day(on_duty),
            busy=busy.reshape(pools, kinds, _DAY_HOURS),
            overtime=of_day(overtime),
            waiting=of_day(waiting),
            queued=of_day(queued_or_held[:queues]).reshape(
                len(policy.areas), policy.grades, _DAY_HOURS
            ),
            errands=of_day(errands).reshape(len(policy.areas), len(ERRANDS), _DAY_HOURS),
        ),
        first_hour=first,
        unallocated=queued_or_held.sum(axis=0) + errands.sum(axis=0),
        busy_units=worked[np.isin(work % kinds, _UNIT_WORK)].sum(axis=0),
    )


def _worked(
    activities: Table, rota: Table, links: Links, pools: int, first_hour: int, hours: int
) -> tuple[Ints, Ints, Ints]:
    """What units did in each hour.

    Parameters
    ----------
    activities, rota, links
        What happened, who was on duty, and to which unit each activity belongs.
    pools
        How many there are.
    first_hour, hours
        As for `hourly_seconds`.

    Returns
    -------
    ndarray
        The pools' numbers times kinds of activities, and kinds, that occur: shape (groups,). Most
        pools do few kinds of work, and the others take no room.
    ndarray
        Seconds of these within the shift, shape (groups, hours).
    ndarray
        Seconds of work after the shift, times the people of the unit: shape (pools, hours).
    """
    kinds = len(Activity)
    pool_of = rota["pool"].astype(np.int64)
    if kernels.are_ready():
        from sim.kernels import tallying

        done = np.zeros((pools, kinds), dtype=np.int8)
        tallying.kinds_by_pool(links.unit, activities["kind"], pool_of, done)
        work = np.flatnonzero(done)
        groups = np.zeros(pools * kinds, dtype=np.int64)
        groups[work] = np.arange(work.size)
        worked = np.zeros((2, work.size, hours + 1), dtype=np.int64)
        late = np.zeros((2, pools, hours + 1), dtype=np.int64)
        tallying.work_by_hour(
            (links.unit, activities["kind"], activities["start"], activities["end"]),
            (pool_of, rota["off_at"], rota["officers"].astype(np.int64)),
            groups.reshape(pools, kinds),
            int(Activity.BREAK),
            first_hour * HOUR,
            (first_hour + hours) * HOUR,
            (worked[0], worked[1]),
            (late[0], late[1]),
        )
        return work, worked[0, :, :hours], late[0, :, :hours]
    rows = np.flatnonzero(links.unit >= 0)
    start, end, unit = activities["start"][rows], activities["end"][rows], links.unit[rows]
    kind, pool, off = activities["kind"][rows].astype(np.int64), pool_of[unit], rota["off_at"][unit]
    work = np.flatnonzero(np.bincount(pool * kinds + kind, minlength=pools * kinds))
    groups = np.zeros(pools * kinds, dtype=np.int64)
    groups[work] = np.arange(work.size)
    within = start, np.minimum(end, off), groups[pool * kinds + kind]
    after = (end > off) & (kind != Activity.BREAK)
    # People are paid, not units: a crew of two works two hours in one.
    people = rota["officers"][unit[after]].astype(np.int64)
    from_off, until = np.maximum(start, off)[after], end[after]
    begun, ended, of = (np.repeat(each, people) for each in (from_off, until, pool[after]))
    return (
        work,
        hourly_seconds(*within, work.size, first_hour, hours),
        hourly_seconds(begun, ended, of, pools, first_hour, hours),
    )
