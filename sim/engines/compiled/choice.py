"""Which units a job takes: eligible ones in their order, or another job's (rules 6.4 to 6.6)."""

from __future__ import annotations

from typing import Final

from sim.engines.compiled import codes
from sim.engines.compiled.fields import allocation, job, pool, unit, world
from sim.engines.compiled.jit import Memory, helper

_INTERRUPTED: Final = (
    (world.BREAK_INTERRUPTED, pool.ON_BREAK, pool.BREAK_COUNT),
    (world.WRITING_INTERRUPTED, pool.WRITING, pool.WRITING_COUNT),
)
"""By what may be broken off: grades for which it may, who is at it in a pool, and how many."""


@helper
def asked(m: Memory, j: int) -> int:
    """Return the row of who may be asked for this job, as it waits now."""
    row = m[j + job.BORROWS] * m[world.PLACES] + m[j + job.STREAM]
    return int(row * m[world.AREA_COUNT] + m[j + job.AREA])


@helper
def choose_eligible(m: Memory, j: int) -> int:
    """Put down the units that the job takes, and count them (6.4, 6.5); 0: they do not suffice."""
    grade, needed, found = m[j + job.GRADE], m[j + job.OFFICERS], codes.NO_NUMBER
    tiers = m[world.TIERS] + 4 * asked(m, j)
    for tier in (tiers, tiers + 2):
        pools, end = m[tier], m[tier] + m[tier + 1]
        for place in range(pools, end):
            if m[m[place] + pool.IDLE_COUNT] > 0:
                needed, found = _add_idle(m, m[place], grade, needed, found)
                if needed <= 0:
                    return found
        for interrupted, listed, count in _INTERRUPTED:
            if m[m[interrupted] + grade - 1] != 0:
                for place in range(pools, end):
                    p = m[place]
                    needed, found = _add(m, p, m[p + listed], m[p + count], grade, needed, found)
                    if needed <= 0:
                        return found
    return 0


@helper
def divertible(m: Memory, j: int) -> int:
    """Return the allocation whose units this job takes (rule 6.6); 0 where there is none."""
    grade, best = m[j + job.GRADE], codes.NO_THING
    row = m[world.GRADES] * (grade - 1)
    ranked = m[world.ALLOWED] + m[world.POOL_COUNT] * asked(m, j)
    for place in range(m[world.ALLOCATIONS], m[world.ALLOCATIONS] + m[world.ALLOCATION_COUNT]):
        a = m[place]
        other = m[a + allocation.JOB]
        matrix = m[world.TRAVELLING] if m[a + allocation.WORKING] == 0 else m[world.AT_SCENE]
        if (
            m[matrix + row + m[other + job.GRADE] - 1] != 0
            and m[a + allocation.WITH_CHILD] == 0
            and m[other + job.DIVERSIONS] < m[world.MOST_DIVERSIONS]
            and m[a + allocation.OFFICERS] >= m[j + job.OFFICERS]
            and (best == 0 or _is_taken_before(m, a, best))
            and _all_would_be_eligible(m, a, grade, ranked)
        ):
            best = a
    return int(best)


@helper
def choose_of(m: Memory, j: int, a: int) -> int:
    """Put down the units of an allocation in the order of rule 6.5, as if idle, and count them."""
    ranked = m[world.ALLOWED] + m[world.POOL_COUNT] * asked(m, j)
    chosen, found = m[world.CHOSEN], 0
    u = m[a + allocation.FIRST]
    while u != 0:
        at = chosen + found
        while at > chosen and _is_asked_before(m, ranked, u, m[at - 1]):
            m[at] = m[at - 1]
            at -= 1
        m[at] = u
        found += 1
        u = m[u + unit.NEXT]
    return found


@helper
def _add_idle(m: Memory, p: int, grade: int, needed: int, found: int) -> tuple[int, int]:
    """Take idle units of a pool while it keeps its reserve (rule 6.4)."""
    now, idle, count = m[world.NOW], m[p + pool.IDLE], m[p + pool.IDLE_COUNT]
    margin, first_margin = m[m[p + pool.MARGINS] + grade - 1], m[m[p + pool.MARGINS]]
    spare = count
    if grade != 1 and m[p + pool.RESERVE] > 0:
        kept = min(m[p + pool.RESERVE], max(m[p + pool.ON_DUTY] - 1, 0))
        counted = 0
        while counted < count and m[m[idle + counted] + unit.OFF_AT] - now >= first_margin:
            counted += 1
        spare = counted - kept
    else:
        # Nothing is kept: every unit may go.
        first_margin = 0
    for place in range(idle, idle + count):
        u = m[place]
        left = m[u + unit.OFF_AT] - now
        if left <= 0 or left < margin:
            continue
        counts = 1 if left >= first_margin else 0
        if spare < counts:
            continue
        spare -= counts
        m[m[world.CHOSEN] + found] = u
        found += 1
        needed -= m[u + unit.OFFICERS]
        if needed <= 0:
            break
    return needed, found


@helper
def _add(
    m: Memory, p: int, listed: int, count: int, grade: int, needed: int, found: int
) -> tuple[int, int]:
    """Take units on a break, or writing, which are neither counted nor kept (rule 6.4)."""
    now, margin = m[world.NOW], m[m[p + pool.MARGINS] + grade - 1]
    for place in range(listed, listed + count):
        u = m[place]
        left = m[u + unit.OFF_AT] - now
        if left > 0 and left >= margin:
            m[m[world.CHOSEN] + found] = u
            found += 1
            needed -= m[u + unit.OFFICERS]
            if needed <= 0:
                break
    return needed, found


@helper
def _all_would_be_eligible(m: Memory, a: int, grade: int, ranked: int) -> bool:
    now, u = m[world.NOW], m[a + allocation.FIRST]
    while u != 0:
        p, left = m[u + unit.POOL], m[u + unit.OFF_AT] - now
        if m[ranked + m[p + pool.CODE]] < 0:
            return False
        if left <= 0 or left < m[m[p + pool.MARGINS] + grade - 1]:
            return False
        u = m[u + unit.NEXT]
    return True


@helper
def _is_taken_before(m: Memory, a: int, other: int) -> bool:
    """Rule 6.6: lowest grade, on the way, latest claimed, lowest key, lowest number."""
    j, k = m[a + allocation.JOB], m[other + allocation.JOB]
    if m[j + job.GRADE] != m[k + job.GRADE]:
        return bool(m[j + job.GRADE] > m[k + job.GRADE])
    if m[a + allocation.WORKING] != m[other + allocation.WORKING]:
        return bool(m[a + allocation.WORKING] < m[other + allocation.WORKING])
    if m[a + allocation.CLAIMED_AT] != m[other + allocation.CLAIMED_AT]:
        return bool(m[a + allocation.CLAIMED_AT] > m[other + allocation.CLAIMED_AT])
    if m[j + job.KEY] != m[k + job.KEY]:
        return bool(m[j + job.KEY] < m[k + job.KEY])
    return bool(m[a + allocation.NUMBER] < m[other + allocation.NUMBER])


@helper
def _is_asked_before(m: Memory, ranked: int, u: int, other: int) -> bool:
    """Rule 6.5, of idle units: place of the pool, most shift left, lowest key."""
    mine = m[ranked + m[m[u + unit.POOL] + pool.CODE]]
    its = m[ranked + m[m[other + unit.POOL] + pool.CODE]]
    if mine != its:
        return bool(mine < its)
    if m[u + unit.OFF_AT] != m[other + unit.OFF_AT]:
        return bool(m[u + unit.OFF_AT] > m[other + unit.OFF_AT])
    return bool(m[u + unit.KEY] < m[other + unit.KEY])
