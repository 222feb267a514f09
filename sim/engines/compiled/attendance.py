"""One allocation: the dispatcher, the way there, arrival (rules 6.8, 6.9, 9)."""

from __future__ import annotations

from typing import Final

from sim.engines.compiled import codes, desks, events
from sim.engines.compiled.fields import allocation, case, concern, job, pool, task, unit, world
from sim.engines.compiled.jit import Memory, helper
from sim.engines.compiled.losing import write_unit
from sim.engines.compiled.memory import new_thing
from sim.engines.compiled.queues import number_awaited
from sim.tables import DAY, HOUR, NEVER, NONE, PER_MILLE

_SCALE: Final = PER_MILLE**3


@helper
def claim(m: Memory, j: int, found: int) -> None:
    """The units put down are the job's; a dispatcher allocates them, if there is one (6.8)."""
    the_job = job.at(m, j)
    number, chosen = number_awaited(m, j), m[world.CHOSEN]
    the_job.allocations += 1
    if the_job.kind == job.REVISIT:
        concern.at(m, the_job.concern).allocations += 1
    elif the_job.kind != job.INCIDENT:
        case.at(m, the_job.case).allocations += 1
    a = new_thing(m, allocation.SIZE)
    the_allocation = allocation.at(m, a)
    the_allocation.job = j
    the_allocation.number = number
    the_allocation.claimed_at = m[world.NOW]
    the_allocation.set_off_at = NEVER
    the_allocation.arrived_until = NEVER
    link = a + allocation.FIRST
    for place in range(chosen, chosen + found):
        u = m[place]
        the_unit = unit.at(m, u)
        m[link] = u
        link = u + unit.NEXT
        the_unit.allocation = a
        the_unit.arrives_at = NEVER
        the_allocation.officers += the_unit.officers
    m[link] = 0
    the_job.allocation = a
    the_allocation.place = m[world.ALLOCATION_COUNT]
    m[m[world.ALLOCATIONS] + m[world.ALLOCATION_COUNT]] = a
    m[world.ALLOCATION_COUNT] += 1
    d = desks.dispatchers_of(m, j)
    if d == 0:
        set_off(m, a)
    else:
        t = desks.ask(m, d, j, task.ALLOCATION, _dispatch_seconds(m, the_job.key, number), number)
        task.at(m, t).about = a
        the_allocation.dispatch = t


@helper
def allocated(m: Memory, j: int, a: int) -> None:
    """A dispatcher has done; to no effect where the job has lost the units (rules 1.5, 6.8)."""
    the_allocation = allocation.at(m, a)
    the_allocation.dispatch = 0
    if job.at(m, j).allocation != a:
        return
    now, u = m[world.NOW], the_allocation.first
    while u != 0:
        write_unit(m, a, u, codes.EARMARKED, the_allocation.claimed_at, now, codes.DONE)
        u = unit.at(m, u).next
    set_off(m, a)


@helper
def set_off(m: Memory, a: int) -> None:
    """Travel is settled when the units set off (rule 6.9)."""
    the_allocation = allocation.at(m, a)
    now, j = m[world.NOW], the_allocation.job
    the_job = job.at(m, j)
    the_allocation.set_off_at = now
    if the_job.allocated_at == NEVER:
        the_job.allocated_at = now
    u = the_allocation.first
    while u != 0:
        unit.at(m, u).arrives_at = now + _travel_seconds(m, j, u)
        u = unit.at(m, u).next
    next_arrival(m, a)


@helper
def next_arrival(m: Memory, a: int) -> bool:
    """Let the next units arrive; False where all are there."""
    the_allocation = allocation.at(m, a)
    j, found, moment = the_allocation.job, False, 0
    u = the_allocation.first
    while u != 0:
        arrives_at = unit.at(m, u).arrives_at
        if arrives_at > the_allocation.arrived_until and (not found or arrives_at < moment):
            found, moment = True, arrives_at
        u = unit.at(m, u).next
    if found:
        number = the_allocation.number
        events.schedule(m, moment, events.ARRIVAL, job.at(m, j).key, number, events.ARRIVE, a)
    return found


@helper
def arrive(m: Memory, a: int) -> None:
    """Units are there: the attendance, and the child seen where it is back (rules 6.9, 9.2)."""
    the_allocation = allocation.at(m, a)
    now, j = m[world.NOW], the_allocation.job
    the_job = job.at(m, j)
    the_allocation.arrived_until = now
    u = the_allocation.first
    while u != 0:
        if unit.at(m, u).arrives_at == now:
            write_unit(m, a, u, codes.TRAVEL, the_allocation.set_off_at, now, codes.DONE)
            if the_job.attended_by == NONE:
                the_job.arrived_at = now
                the_job.final_grade = the_job.grade
                the_job.attended_by = pool.at(m, unit.at(m, u).pool).code
        u = unit.at(m, u).next
    # Of a case the child may be back in an earlier round of this second (rule 12.1).
    back = the_job.returned != 0 and (the_job.return_at < now or the_job.case != 0)
    if back and the_job.seen_at == NEVER:
        the_job.seen_at = now


@helper
def settle_work(m: Memory, j: int) -> None:
    """How much work there is, is settled at the first arrival (rules 6.9, 9.1)."""
    the_job = job.at(m, j)
    first = the_job.returned != 0 and the_job.return_at < the_job.arrived_at
    field = job.INTERVIEW_SECONDS if first else job.SCENE_SECONDS
    the_job.work_left = m[j + field]


@helper
def _dispatch_seconds(m: Memory, key: int, number: int) -> int:
    """Return the dispatcher's work for this attempt; beyond the last row, the last (rule 6.8)."""
    keys, low, length = m[world.ATTEMPT_KEYS], 0, m[world.ATTEMPT_COUNT]
    while length > 1:
        half = length >> 1
        # A product, not a branch: which half it is, no processor can foresee.
        low += half * (m[keys + low + half - 1] < key)
        length -= half
    low += m[keys + low] < key
    while number > 0 and low + 1 < m[world.ATTEMPT_COUNT] and m[keys + low + 1] == key:
        low += 1
        number -= 1
    return int(m[m[world.ATTEMPT_SECONDS] + low])


@helper
def _travel_seconds(m: Memory, j: int, u: int) -> int:
    """Base travel times the factors, the product rounded once, half up (rule 6.9)."""
    the_job = job.at(m, j)
    of_unit = m[world.AREA_FACTOR] + m[world.AREA_COUNT] * pool.at(m, unit.at(m, u).pool).area
    product = the_job.base_travel_seconds * m[of_unit + the_job.area]
    product *= m[m[world.GRADE_FACTOR] + the_job.grade - 1]
    product *= m[m[world.HOUR_FACTOR] + m[world.NOW] % DAY // HOUR]
    return int((2 * product + _SCALE) // (2 * _SCALE))
