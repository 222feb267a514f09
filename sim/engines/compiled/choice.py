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
    the_job = job.at(m, j)
    row = the_job.borrows * m[world.PLACES] + the_job.stream
    return int(row * m[world.AREA_COUNT] + the_job.area)


@helper
def choose_eligible(m: Memory, j: int) -> int:
    """Put down the units that the job takes, and count them (6.4, 6.5); 0: they do not suffice."""
    the_job = job.at(m, j)
    grade, needed, found = the_job.grade, the_job.officers, codes.NO_NUMBER
    tiers = m[world.TIERS] + 4 * asked(m, j)
    for tier in (tiers, tiers + 2):
        pools, end = m[tier], m[tier] + m[tier + 1]
        for place in range(pools, end):
            if pool.at(m, m[place]).idle_count > 0:
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
def reserve_changes_at(m: Memory, j: int) -> int:
    """Return when the next idle unit is no longer counted in the reserve (6.4f); the end: none.

    It might then go itself where another is kept, so time alone can bring the job units.
    """
    grade, now, first = job.at(m, j).grade, m[world.NOW], m[world.END]
    if grade == 1:
        return int(first)
    tiers = m[world.TIERS] + 4 * asked(m, j)
    for tier in (tiers, tiers + 2):
        for place in range(m[tier], m[tier] + m[tier + 1]):
            the_pool = pool.at(m, m[place])
            counts_until = m[the_pool.margins]
            if the_pool.reserve <= 0 or counts_until <= m[the_pool.margins + grade - 1]:
                continue
            for at in range(the_pool.idle, the_pool.idle + the_pool.idle_count):
                second = unit.at(m, m[at]).off_at - counts_until + 1
                if now < second < first:
                    first = second
    return int(first)


@helper
def divertible(m: Memory, j: int) -> int:
    """Return the allocation whose units this job takes (rule 6.6); 0 where there is none."""
    the_job = job.at(m, j)
    grade, best = the_job.grade, codes.NO_THING
    row = m[world.GRADES] * (grade - 1)
    ranked = m[world.ALLOWED] + m[world.POOL_COUNT] * asked(m, j)
    for place in range(m[world.ALLOCATIONS], m[world.ALLOCATIONS] + m[world.ALLOCATION_COUNT]):
        a = m[place]
        the_allocation = allocation.at(m, a)
        other = the_allocation.job
        matrix = m[world.TRAVELLING] if the_allocation.working == 0 else m[world.AT_SCENE]
        if (
            m[matrix + row + job.at(m, other).grade - 1] != 0
            and the_allocation.with_child == 0
            and job.at(m, other).diversions < m[world.MOST_DIVERSIONS]
            and the_allocation.officers >= the_job.officers
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
    u = allocation.at(m, a).first
    while u != 0:
        at = chosen + found
        while at > chosen and _is_asked_before(m, ranked, u, m[at - 1]):
            m[at] = m[at - 1]
            at -= 1
        m[at] = u
        found += 1
        u = unit.at(m, u).next
    return found


@helper
def _add_idle(m: Memory, p: int, grade: int, needed: int, found: int) -> tuple[int, int]:
    """Take idle units of a pool while it keeps its reserve (rule 6.4)."""
    the_pool = pool.at(m, p)
    now, idle, count = m[world.NOW], the_pool.idle, the_pool.idle_count
    margin, first_margin = m[the_pool.margins + grade - 1], m[the_pool.margins]
    spare = count
    if grade != 1 and the_pool.reserve > 0:
        kept = min(the_pool.reserve, max(the_pool.on_duty - 1, 0))
        counted = 0
        while counted < count and unit.at(m, m[idle + counted]).off_at - now >= first_margin:
            counted += 1
        spare = counted - kept
    else:
        # Nothing is kept: every unit may go.
        first_margin = 0
    for place in range(idle, idle + count):
        u = m[place]
        the_unit = unit.at(m, u)
        left = the_unit.off_at - now
        if left <= 0 or left < margin:
            continue
        counts = 1 if left >= first_margin else 0
        if spare < counts:
            continue
        spare -= counts
        m[m[world.CHOSEN] + found] = u
        found += 1
        needed -= the_unit.officers
        if needed <= 0:
            break
    return needed, found


@helper
def _add(
    m: Memory, p: int, listed: int, count: int, grade: int, needed: int, found: int
) -> tuple[int, int]:
    """Take units on a break, or writing, which are neither counted nor kept (rule 6.4)."""
    now, margin = m[world.NOW], m[pool.at(m, p).margins + grade - 1]
    for place in range(listed, listed + count):
        u = m[place]
        the_unit = unit.at(m, u)
        left = the_unit.off_at - now
        if left > 0 and left >= margin:
            m[m[world.CHOSEN] + found] = u
            found += 1
            needed -= the_unit.officers
            if needed <= 0:
                break
    return needed, found


@helper
def _all_would_be_eligible(m: Memory, a: int, grade: int, ranked: int) -> bool:
    now, u = m[world.NOW], allocation.at(m, a).first
    while u != 0:
        p, left = unit.at(m, u).pool, unit.at(m, u).off_at - now
        the_pool = pool.at(m, p)
        if m[ranked + the_pool.code] < 0:
            return False
        if left <= 0 or left < m[the_pool.margins + grade - 1]:
            return False
        u = unit.at(m, u).next
    return True


@helper
def _is_taken_before(m: Memory, a: int, other: int) -> bool:
    """Rule 6.6: lowest grade, on the way, latest claimed, lowest key, lowest number."""
    j, k = allocation.at(m, a).job, allocation.at(m, other).job
    if job.at(m, j).grade != job.at(m, k).grade:
        return bool(job.at(m, j).grade > job.at(m, k).grade)
    if allocation.at(m, a).working != allocation.at(m, other).working:
        return bool(allocation.at(m, a).working < allocation.at(m, other).working)
    if allocation.at(m, a).claimed_at != allocation.at(m, other).claimed_at:
        return bool(allocation.at(m, a).claimed_at > allocation.at(m, other).claimed_at)
    if job.at(m, j).key != job.at(m, k).key:
        return bool(job.at(m, j).key < job.at(m, k).key)
    return bool(allocation.at(m, a).number < allocation.at(m, other).number)


@helper
def _is_asked_before(m: Memory, ranked: int, u: int, other: int) -> bool:
    """Rule 6.5, of idle units: place of the pool, most shift left, lowest key."""
    mine = m[ranked + pool.at(m, unit.at(m, u).pool).code]
    its = m[ranked + pool.at(m, unit.at(m, other).pool).code]
    if mine != its:
        return bool(mine < its)
    if unit.at(m, u).off_at != unit.at(m, other).off_at:
        return bool(unit.at(m, u).off_at > unit.at(m, other).off_at)
    return bool(unit.at(m, u).key < unit.at(m, other).key)
