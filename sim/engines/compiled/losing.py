"""A job loses its units: diverted, handed over, or no longer needed (6.7, 8.2, 12.1)."""

from __future__ import annotations

from sim.engines.compiled import codes, journal, waiting
from sim.engines.compiled.desks import drop
from sim.engines.compiled.fields import allocation, case, job, pool, unit, world
from sim.engines.compiled.jit import Memory, helper
from sim.engines.compiled.queues import wait, write_wait
from sim.engines.compiled.review_clock import begin_again
from sim.engines.compiled.units import let_go
from sim.tables import NEVER


@helper
def break_off(m: Memory, a: int, why: int) -> None:
    """What the units were doing for the job ends now."""
    now, j = m[world.NOW], m[a + allocation.JOB]
    if m[a + allocation.DISPATCH] != 0:
        drop(m, m[a + allocation.DISPATCH], why)
    write_units(m, a, now, why)
    if m[a + allocation.WORKING] != 0:
        left = m[a + allocation.WORKS_UNTIL] - now
        if why == codes.HANDED_OVER:
            left += m[world.HANDOVER_SECONDS]
        m[j + job.WORK_LEFT] = left
    if why == codes.DIVERTED and m[a + allocation.ARRIVED_UNTIL] != NEVER:
        m[j + job.ARRIVED_THEN_LEFT] = 1
    u = m[a + allocation.FIRST]
    while u != 0:
        m[u + unit.ALLOCATION] = 0
        u = m[u + unit.NEXT]


@helper
def go_back(m: Memory, j: int) -> None:
    """A job that has lost its units waits again, with its age (6.7), unless it is over (12.1)."""
    leave(m, j)
    kind = m[j + job.KIND]
    if kind == job.LINE_OF_ENQUIRY and m[m[j + job.CASE] + case.UNDER_ENQUIRY] == 0:
        return
    wait(m, j)
    if kind == job.INCIDENT:
        begin_again(m, j)


@helper
def leave(m: Memory, j: int) -> None:
    """The job has no allocation any more."""
    a = m[j + job.ALLOCATION]
    m[j + job.ALLOCATION] = 0
    count = m[world.ALLOCATION_COUNT] - 1
    m[world.ALLOCATION_COUNT] = count
    last, place = m[m[world.ALLOCATIONS] + count], m[a + allocation.PLACE]
    m[m[world.ALLOCATIONS] + place] = last
    m[last + allocation.PLACE] = place


@helper
def withdraw(m: Memory, j: int) -> None:
    """The child is back: a line is not needed, unless its work has begun (rule 12.1)."""
    a = m[j + job.ALLOCATION]
    if m[j + job.QUEUED] != 0:
        waiting.leave(m, j)
        write_wait(m, j, m[world.NOW], codes.RETURNED)
    elif a != 0 and m[a + allocation.WORKING] == 0:
        break_off(m, a, codes.RETURNED)
        leave(m, j)
        let_all_go(m, a)


@helper
def shift_ends(m: Memory, a: int) -> None:
    """Rule 8.2: finish in overtime, or hand the job over; a child is never left (12.4)."""
    if m[world.HANDS_OVER] != 0 and m[a + allocation.WITH_CHILD] == 0:
        break_off(m, a, codes.HANDED_OVER)
        go_back(m, m[a + allocation.JOB])
        let_all_go(m, a)


@helper
def let_all_go(m: Memory, a: int) -> None:
    """The units of an allocation that was broken off are free."""
    u = m[a + allocation.FIRST]
    while u != 0:
        let_go(m, u)
        u = m[u + unit.NEXT]


@helper
def write_units(m: Memory, a: int, now: int, why: int) -> None:
    """Write what each unit is doing for the job, up to now (rule 10.4)."""
    u = m[a + allocation.FIRST]
    while u != 0:
        if m[a + allocation.STAGE] != allocation.WORK:
            kind, since = work_of_stage(m[a + allocation.STAGE]), m[a + allocation.SINCE]
        elif m[a + allocation.SET_OFF_AT] == NEVER:
            kind, since = codes.EARMARKED, m[a + allocation.CLAIMED_AT]
        elif m[u + unit.ARRIVES_AT] <= m[a + allocation.ARRIVED_UNTIL]:
            kind = codes.WORK_OF_KIND[m[m[a + allocation.JOB] + job.KIND]]
            since = m[u + unit.ARRIVES_AT]
        else:
            kind, since = codes.TRAVEL, m[a + allocation.SET_OFF_AT]
        write_unit(m, a, u, kind, since, now, why)
        u = m[u + unit.NEXT]


@helper
def work_of_stage(stage: int) -> int:
    """Return what a row of this stage of an allocation is called."""
    if stage == allocation.TRANSPORT:
        return codes.TRANSPORT
    if stage == allocation.INTERVIEW:
        return codes.INTERVIEW
    return codes.PROTECTION


@helper
def write_unit(m: Memory, a: int, u: int, kind: int, start: int, end: int, why: int) -> None:
    """Write one unit's row under the allocation's number."""
    key, code = m[m[a + allocation.JOB] + job.KEY], m[m[u + unit.POOL] + pool.CODE]
    number = m[a + allocation.NUMBER]
    journal.write(m, key, code, m[u + unit.KEY], kind, number, start, end, why)
