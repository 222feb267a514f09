"""Lines of enquiry, and whose case it is (rules 11.1 to 11.6)."""

from __future__ import annotations

from sim.engines.compiled import codes, events, journal
from sim.engines.compiled.desks import drop, line_begins, take
from sim.engines.compiled.errands import (
    ask_for_line,
    line_asked_of,
    reading_in,
    visit_asked_of,
)
from sim.engines.compiled.fields import area, case, job, line, pool, task, world
from sim.engines.compiled.jit import Memory, helper
from sim.engines.compiled.losing import withdraw
from sim.engines.compiled.queues import ask_others, regrade
from sim.engines.compiled.ranks import class_of_case
from sim.engines.compiled.rounding import per_mille_of
from sim.tables import DAY, HOUR, NONE, PER_MILLE, RESPONSE, TEAM


@helper
def fate_of(m: Memory, c: int, number: int) -> int:
    """Return the line of this number as drawn; beyond the last row, the last (rule 11.3)."""
    row = min(number, m[c + case.LINE_COUNT] - 1)
    return int(m[c + case.LINES_OF_ENQUIRY] + line.SIZE * row)


@helper
def begin_gap(m: Memory, c: int) -> None:
    """A gap before the next line begins to pass (rule 11.3)."""
    number = m[c + case.AGAIN] if m[c + case.AGAIN] != NONE else m[c + case.NEXT_LINE]
    fate = fate_of(m, c, number)
    seconds = m[fate + line.GAP_SECONDS]
    if m[c + case.ESCALATED] != 0:
        seconds = per_mille_of(seconds, m[world.ESCALATED_GAP])
    if m[fate + line.LINE] != number:
        seconds = max(seconds, 1)
    m[c + case.GAP] += 1
    m[c + case.GAP_PASSES] = 1
    key, due = m[c + case.KEY], _has_passed(m, seconds)
    events.schedule(m, due, events.LINE, key, m[c + case.GAP], events.GAP_OVER, c)


@helper
def gap_over(m: Memory, c: int, gap: int) -> None:
    """The end of a gap, unless a review or the child's return has ended it."""
    if m[c + case.GAP] == gap and m[c + case.GAP_PASSES] != 0:
        ask_for_next(m, c)


@helper
def move_on(m: Memory, c: int) -> None:
    """A review or a tasking asks for the next line now, where a gap is passing (11.7, 11.9)."""
    if m[c + case.GAP_PASSES] != 0:
        m[c + case.MOVED_ON] += 1
        ask_for_next(m, c)


@helper
def ask_for_next(m: Memory, c: int) -> None:
    """Ask for the next line, or once more for one that was lost (rules 11.3, 11.4, 11.6)."""
    m[c + case.GAP_PASSES] = 0
    again = 1 if m[c + case.AGAIN] != NONE else 0
    if again != 0:
        number = m[c + case.AGAIN]
        m[c + case.AGAIN] = NONE
    else:
        number = m[c + case.NEXT_LINE]
        m[c + case.NEXT_LINE] += 1
    fate = fate_of(m, c, number)
    finds = 1 if m[fate + line.FINDS] != 0 and again == 0 and m[fate + line.LINE] == number else 0
    if m[fate + line.DESK] == 0:
        ask_for_line(m, c, fate, number, finds, again)
        return
    d, seconds = m[world.ENQUIRY_DESK], m[fate + line.WORK_SECONDS] + reading_in(m, c)
    t = take(m, d, m[c + case.JOB], task.DESK_LINE, seconds, number)
    m[t + task.ABOUT] = finds
    m[t + task.MORE] = again
    if d == 0:
        line_begins(m, c)
    else:
        m[c + case.DESK_LINE] = t


@helper
def line_complete(m: Memory, c: int, number: int, finds: int, again: int) -> bool:
    """A line's work is complete; tell whether it has found the child (rule 11.5)."""
    m[c + case.LINES] += 1
    m[c + case.LINES_AGAIN] += again
    if m[c + case.UNDER_ENQUIRY] == 0:
        return False
    m[c + case.LAST_LINE] = number
    if finds == 0:
        begin_gap(m, c)
    return finds != 0


@helper
def stop(m: Memory, c: int) -> None:
    """The child is safe: no gap passes, and no line is asked for any more (12.1, 12.2)."""
    now, owner = m[world.NOW], _owner_of(m, c)
    write_owner(m, c, owner, now, codes.DONE)
    m[c + case.UNDER_ENQUIRY] = 0
    m[c + case.GAP_PASSES] = 0
    j, t = m[c + case.LINE], m[c + case.DESK_LINE]
    m[c + case.LINE] = 0
    if j != 0:
        withdraw(m, j)
    if t != 0:
        drop(m, t, codes.RETURNED)


@helper
def reclassified(m: Memory, c: int) -> None:
    """The risk held is another: errands follow, a line to the new class's people (rule 11.4)."""
    j, visit = m[c + case.LINE], m[c + case.VISIT]
    risk = m[m[c + case.JOB] + job.RISK]
    if visit != 0:
        m[visit + job.RISK] = risk
    if j != 0:
        m[j + job.RISK] = risk
        regrade(m, j, m[m[world.ENQUIRY_GRADE] + class_of_case(m, c)])
        ask_others(m, j, line_asked_of(m, c))


@helper
def see_owner(m: Memory, o: int, area_code: int) -> None:
    """A team's shift has begun or ended: whose the area's cases are now (rule 11.2)."""
    m[o + area.LOOKING] = 0
    owner = RESPONSE
    for place in range(m[world.POOL_COUNT]):
        p = m[world.POOLS] + pool.SIZE * place
        if m[m[o + area.TEAM] + place] != 0 and m[p + pool.ON_DUTY] > 0:
            owner = TEAM
    before = m[o + area.OWNER]
    if owner == before:
        return
    m[o + area.OWNER] = owner
    for place in range(m[world.CASES], m[world.CASES] + m[world.CASE_COUNT]):
        c = m[place]
        j = m[c + case.JOB]
        if m[j + job.KIND] != job.INCIDENT or m[j + job.AREA] != area_code:
            continue
        if m[c + case.UNDER_ENQUIRY] != 0:
            _hand_over(m, c, before)
        if m[c + case.LINE] != 0:
            ask_others(m, m[c + case.LINE], line_asked_of(m, c))
        if m[c + case.VISIT] != 0:
            ask_others(m, m[c + case.VISIT], visit_asked_of(m, c))


@helper
def write_owner(m: Memory, c: int, owner: int, now: int, why: int) -> None:
    """Write whose the case has been (rule 13.9)."""
    kind = codes.OWNED_BY_TEAM if owner == TEAM else codes.OWNED_BY_RESPONSE
    since = m[c + case.OWNED_SINCE]
    journal.write_wait(m, m[c + case.KEY], codes.NOBODY, kind, codes.NO_NUMBER, since, now, why)


@helper
def write_unfinished(m: Memory, c: int, end: int) -> None:
    """Write whose the case is when the follow-up ends (rule 1.6)."""
    if m[c + case.UNDER_ENQUIRY] != 0:
        write_owner(m, c, _owner_of(m, c), end, codes.STILL_GOING)


@helper
def _owner_of(m: Memory, c: int) -> int:
    o = m[world.AREAS] + area.SIZE * m[m[c + case.JOB] + job.AREA]
    return int(m[o + area.OWNER])


@helper
def _hand_over(m: Memory, c: int, before: int) -> None:
    """Rule 11.6: it takes time, and loses things."""
    now, last = m[world.NOW], m[c + case.LAST_LINE]
    write_owner(m, c, before, now, codes.HANDED_OVER)
    m[c + case.OWNED_SINCE] = now
    m[c + case.HANDOVERS] += 1
    m[c + case.TO_READ_IN] = 1
    if last > m[c + case.LOST_LINE]:
        fate = fate_of(m, c, last)
        if m[fate + line.LOST_PARTS] < m[world.LOST_PARTS]:
            m[c + case.AGAIN] = last
            m[c + case.LOST_LINE] = last


@helper
def _has_passed(m: Memory, seconds: int) -> int:
    """Return the first second before which a gap has passed, by each hour's rhythm (11.3)."""
    second, left = m[world.NOW], seconds * PER_MILLE
    while left > 0:
        rhythm = m[m[world.RHYTHM] + second % DAY // HOUR]
        hour_ends = HOUR - second % HOUR
        if rhythm * hour_ends >= left:
            return int(second + (left + rhythm - 1) // rhythm)
        left -= rhythm * hour_ends
        second += hour_ends
    return int(second)
