"""Who is sent to which job: the hand-out of rule 1.4, claims and diversions (6.4 to 6.8)."""

from __future__ import annotations

from sim.engines.compiled import attendance, codes, waiting
from sim.engines.compiled.choice import choose_eligible, choose_of, divertible, reserve_changes_at
from sim.engines.compiled.fields import allocation, area, class_, job, unit, world
from sim.engines.compiled.jit import Memory, helper
from sim.engines.compiled.losing import break_off, go_back
from sim.engines.compiled.queues import count_unclaimed, write_wait
from sim.engines.compiled.signals import allocation_to_be_had
from sim.engines.compiled.units import let_go, take
from sim.tables import NEVER


@helper
def hand_out_units(m: Memory) -> None:
    """Each area's queue in turn, each job in its order; the rest are passed over (rule 1.4)."""
    m[world.JOBS_CHANGED] = 0
    m[world.TIME_BRINGS_AT] = m[world.END]
    for code in range(m[world.AREA_COUNT]):
        o = m[world.AREAS] + area.SIZE * code
        passed = codes.NO_THING
        while area.at(m, o).waiting_count > 0:
            j = _next_to_be_asked_for(m, o, passed)
            the_job = job.at(m, j)
            if j == 0:
                break
            passed = j
            found = choose_eligible(m, j)
            if found > 0:
                _claim(m, j, found)
                continue
            a = 0
            if m[m[world.DIVERTS] + the_job.grade - 1] != 0:
                a = divertible(m, j)
            if a != 0:
                _divert(m, j, a)
                passed = codes.NO_THING
            else:
                k = the_job.waiting_class
                the_class = class_.at(m, k)
                the_class.vain_at = m[the_class.supply]
                the_class.vain_until = reserve_changes_at(m, j)
                m[world.TIME_BRINGS_AT] = min(m[world.TIME_BRINGS_AT], the_class.vain_until)


@helper
def _next_to_be_asked_for(m: Memory, o: int, passed: int) -> int:
    """Return the first job after the one passed whose like has not just asked in vain; 0: none."""
    the_area = area.at(m, o)
    best = 0
    for place in range(the_area.waiting, the_area.waiting + the_area.waiting_count):
        k = m[place]
        the_class = class_.at(m, k)
        if the_class.vain_at == m[the_class.supply] and m[world.NOW] < the_class.vain_until:
            m[world.TIME_BRINGS_AT] = min(m[world.TIME_BRINGS_AT], the_class.vain_until)
            continue
        j = waiting.first_after(m, k, passed)
        if j != 0 and (best == 0 or waiting.is_before(m, j, best)):
            best = j
    return int(best)


@helper
def _claim(m: Memory, j: int, found: int) -> None:
    """Rule 6.8: units are earmarked, the job is claimed."""
    the_job = job.at(m, j)
    now, chosen = m[world.NOW], m[world.CHOSEN]
    waiting.leave(m, j)
    write_wait(m, j, now, codes.DONE)
    if the_job.claimed_at == NEVER:
        the_job.claimed_at = now
        if the_job.kind == job.INCIDENT:
            count_unclaimed(m, j, -1)
    for place in range(chosen, chosen + found):
        take(m, m[place])
    attendance.claim(m, j, found)
    # Others may divert units that they could not have while these were idle.
    allocation_to_be_had(m, world.TAKEN_ON_THE_WAY, the_job.grade)


@helper
def _divert(m: Memory, j: int, a: int) -> None:
    """Rules 6.6 and 6.7: the other job goes back; units beyond what is needed are free."""
    chosen, other = m[world.CHOSEN], allocation.at(m, a).job
    found = choose_of(m, j, a)
    job.at(m, other).diversions += 1
    break_off(m, a, codes.DIVERTED)
    go_back(m, other)
    officers, needed = 0, 0
    while needed < found and officers < job.at(m, j).officers:
        officers += unit.at(m, m[chosen + needed]).officers
        needed += 1
    for place in range(chosen + needed, chosen + found):
        let_go(m, m[place])
    _claim(m, j, needed)
