"""One allocation: the dispatcher, the way there, arrival (rules 6.8, 6.9, 9)."""

from __future__ import annotations

from typing import Final

from sim.engines.compiled import codes, desks, events
from sim.engines.compiled.fields import allocation, case, job, pool, task, unit, world
from sim.engines.compiled.jit import Memory, helper
from sim.engines.compiled.losing import write_unit
from sim.engines.compiled.memory import new_thing
from sim.engines.compiled.queues import number_awaited
from sim.tables import DAY, HOUR, NEVER, NONE, PER_MILLE

_SCALE: Final = PER_MILLE**3


@helper
def claim(m: Memory, j: int, found: int) -> None:
    """The units put down are the job's; a dispatcher allocates them, if there is one (6.8)."""
    number, chosen = number_awaited(m, j), m[world.CHOSEN]
    m[j + job.ALLOCATIONS] += 1
    if m[j + job.KIND] != job.INCIDENT:
        m[m[j + job.CASE] + case.ALLOCATIONS] += 1
    a = new_thing(m, allocation.SIZE)
    m[a + allocation.JOB] = j
    m[a + allocation.NUMBER] = number
    m[a + allocation.CLAIMED_AT] = m[world.NOW]
    m[a + allocation.SET_OFF_AT] = NEVER
    m[a + allocation.ARRIVED_UNTIL] = NEVER
    link = a + allocation.FIRST
    for place in range(chosen, chosen + found):
        u = m[place]
        m[link] = u
        link = u + unit.NEXT
        m[u + unit.ALLOCATION] = a
        m[u + unit.ARRIVES_AT] = NEVER
        m[a + allocation.OFFICERS] += m[u + unit.OFFICERS]
    m[link] = 0
    m[j + job.ALLOCATION] = a
    m[a + allocation.PLACE] = m[world.ALLOCATION_COUNT]
    m[m[world.ALLOCATIONS] + m[world.ALLOCATION_COUNT]] = a
    m[world.ALLOCATION_COUNT] += 1
    d = desks.dispatchers_of(m, j)
    if d == 0:
        set_off(m, a)
    else:
        t = desks.ask(
            m, d, j, task.ALLOCATION, _dispatch_seconds(m, m[j + job.KEY], number), number
        )
        m[t + task.ABOUT] = a
        m[a + allocation.DISPATCH] = t


@helper
def allocated(m: Memory, j: int, a: int) -> None:
    """A dispatcher has done; to no effect where the job has lost the units (rules 1.5, 6.8)."""
    m[a + allocation.DISPATCH] = 0
    if m[j + job.ALLOCATION] != a:
        return
    now, u = m[world.NOW], m[a + allocation.FIRST]
    while u != 0:
        write_unit(m, a, u, codes.EARMARKED, m[a + allocation.CLAIMED_AT], now, codes.DONE)
        u = m[u + unit.NEXT]
    set_off(m, a)


@helper
def set_off(m: Memory, a: int) -> None:
    """Travel is settled when the units set off (rule 6.9)."""
    now, j = m[world.NOW], m[a + allocation.JOB]
    m[a + allocation.SET_OFF_AT] = now
    if m[j + job.ALLOCATED_AT] == NEVER:
        m[j + job.ALLOCATED_AT] = now
    u = m[a + allocation.FIRST]
    while u != 0:
        m[u + unit.ARRIVES_AT] = now + _travel_seconds(m, j, u)
        u = m[u + unit.NEXT]
    next_arrival(m, a)


@helper
def next_arrival(m: Memory, a: int) -> bool:
    """Let the next units arrive; False where all are there."""
    j, found, moment = m[a + allocation.JOB], False, 0
    u = m[a + allocation.FIRST]
    while u != 0:
        arrives_at = m[u + unit.ARRIVES_AT]
        if arrives_at > m[a + allocation.ARRIVED_UNTIL] and (not found or arrives_at < moment):
            found, moment = True, arrives_at
        u = m[u + unit.NEXT]
    if found:
        number = m[a + allocation.NUMBER]
        events.schedule(m, moment, events.ARRIVAL, m[j + job.KEY], number, events.ARRIVE, a)
    return found


@helper
def arrive(m: Memory, a: int) -> None:
    """Units are there: the attendance, and the child seen where it is back (rules 6.9, 9.2)."""
    now, j = m[world.NOW], m[a + allocation.JOB]
    m[a + allocation.ARRIVED_UNTIL] = now
    u = m[a + allocation.FIRST]
    while u != 0:
        if m[u + unit.ARRIVES_AT] == now:
            write_unit(m, a, u, codes.TRAVEL, m[a + allocation.SET_OFF_AT], now, codes.DONE)
            if m[j + job.ATTENDED_BY] == NONE:
                m[j + job.ARRIVED_AT] = now
                m[j + job.FINAL_GRADE] = m[j + job.GRADE]
                m[j + job.ATTENDED_BY] = m[m[u + unit.POOL] + pool.CODE]
        u = m[u + unit.NEXT]
    # Of a case the child may be back in an earlier round of this second (rule 12.1).
    back = m[j + job.RETURNED] != 0 and (m[j + job.RETURN_AT] < now or m[j + job.CASE] != 0)
    if back and m[j + job.SEEN_AT] == NEVER:
        m[j + job.SEEN_AT] = now


@helper
def settle_work(m: Memory, j: int) -> None:
    """How much work there is, is settled at the first arrival (rules 6.9, 9.1)."""
    first = m[j + job.RETURNED] != 0 and m[j + job.RETURN_AT] < m[j + job.ARRIVED_AT]
    field = job.INTERVIEW_SECONDS if first else job.SCENE_SECONDS
    m[j + job.WORK_LEFT] = m[j + field]


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
    of_unit = m[world.AREA_FACTOR] + m[world.AREA_COUNT] * m[m[u + unit.POOL] + pool.AREA]
    product = m[j + job.BASE_TRAVEL_SECONDS] * m[of_unit + m[j + job.AREA]]
    product *= m[m[world.GRADE_FACTOR] + m[j + job.GRADE] - 1]
    product *= m[m[world.HOUR_FACTOR] + m[world.NOW] % DAY // HOUR]
    return int((2 * product + _SCALE) // (2 * _SCALE))
