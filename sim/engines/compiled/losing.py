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
    the_allocation = allocation.at(m, a)
    now, j = m[world.NOW], the_allocation.job
    the_job = job.at(m, j)
    if the_allocation.dispatch != 0:
        drop(m, the_allocation.dispatch, why)
    write_units(m, a, now, why)
    if the_allocation.working != 0:
        left = the_allocation.works_until - now
        if why == codes.HANDED_OVER:
            left += m[world.HANDOVER_SECONDS]
        the_job.work_left = left
    if why == codes.DIVERTED and the_allocation.arrived_until != NEVER:
        the_job.arrived_then_left = 1
    u = the_allocation.first
    while u != 0:
        unit.at(m, u).allocation = 0
        u = unit.at(m, u).next


@helper
def go_back(m: Memory, j: int) -> None:
    """A job that has lost its units waits again, with its age (6.7), unless it is over (12.1)."""
    the_job = job.at(m, j)
    leave(m, j)
    kind = the_job.kind
    if kind == job.LINE_OF_ENQUIRY and case.at(m, the_job.case).under_enquiry == 0:
        return
    wait(m, j)
    if kind == job.INCIDENT:
        begin_again(m, j)


@helper
def leave(m: Memory, j: int) -> None:
    """The job has no allocation any more."""
    the_job = job.at(m, j)
    a = the_job.allocation
    the_job.allocation = 0
    count = m[world.ALLOCATION_COUNT] - 1
    m[world.ALLOCATION_COUNT] = count
    last, place = m[m[world.ALLOCATIONS] + count], allocation.at(m, a).place
    m[m[world.ALLOCATIONS] + place] = last
    allocation.at(m, last).place = place


@helper
def withdraw(m: Memory, j: int) -> None:
    """The child is back: a line is not needed, unless its work has begun (rule 12.1)."""
    the_job = job.at(m, j)
    a = the_job.allocation
    if the_job.queued != 0:
        waiting.leave(m, j)
        write_wait(m, j, m[world.NOW], codes.RETURNED)
    elif a != 0 and allocation.at(m, a).working == 0:
        break_off(m, a, codes.RETURNED)
        leave(m, j)
        let_all_go(m, a)


@helper
def shift_ends(m: Memory, a: int) -> None:
    """Rule 8.2: finish in overtime, or hand the job over; a child is never left (12.4)."""
    the_allocation = allocation.at(m, a)
    if m[world.HANDS_OVER] != 0 and the_allocation.with_child == 0:
        break_off(m, a, codes.HANDED_OVER)
        go_back(m, the_allocation.job)
        let_all_go(m, a)


@helper
def let_all_go(m: Memory, a: int) -> None:
    """The units of an allocation that was broken off are free."""
    u = allocation.at(m, a).first
    while u != 0:
        let_go(m, u)
        u = unit.at(m, u).next


@helper
def write_units(m: Memory, a: int, now: int, why: int) -> None:
    """Write what each unit is doing for the job, up to now (rule 10.4)."""
    the_allocation = allocation.at(m, a)
    u = the_allocation.first
    while u != 0:
        if the_allocation.stage != allocation.WORK:
            kind, since = work_of_stage(the_allocation.stage), the_allocation.since
        elif the_allocation.set_off_at == NEVER:
            kind, since = codes.EARMARKED, the_allocation.claimed_at
        elif unit.at(m, u).arrives_at <= the_allocation.arrived_until:
            kind = codes.WORK_OF_KIND[job.at(m, the_allocation.job).kind]
            since = unit.at(m, u).arrives_at
        else:
            kind, since = codes.TRAVEL, the_allocation.set_off_at
        write_unit(m, a, u, kind, since, now, why)
        u = unit.at(m, u).next


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
    the_unit = unit.at(m, u)
    the_allocation = allocation.at(m, a)
    key, code = job.at(m, the_allocation.job).key, pool.at(m, the_unit.pool).code
    number = the_allocation.number
    journal.write(m, key, code, the_unit.key, kind, number, start, end, why)
