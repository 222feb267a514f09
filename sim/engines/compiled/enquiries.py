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
from sim.engines.compiled.signals import nothing_happens
from sim.tables import DAY, HOUR, NONE, PER_MILLE, RESPONSE, TEAM

_HOURS = 24


@helper
def fate_of(m: Memory, c: int, number: int) -> int:
    """Return the line of this number as drawn; beyond the last row, the last (rule 11.3)."""
    the_case = case.at(m, c)
    row = min(number, the_case.line_count - 1)
    return int(the_case.lines_of_enquiry + line.SIZE * row)


@helper
def begin_gap(m: Memory, c: int) -> None:
    """A gap before the next line begins to pass (rule 11.3)."""
    the_case = case.at(m, c)
    number = the_case.again if the_case.again != NONE else the_case.next_line
    fate = fate_of(m, c, number)
    the_line = line.at(m, fate)
    seconds = the_line.gap_seconds
    if the_case.escalated != 0:
        seconds = per_mille_of(seconds, m[world.ESCALATED_GAP])
    if the_line.line != number:
        seconds = max(seconds, 1)
    the_case.gap_passes = 1
    the_case.gap_left = seconds * PER_MILLE
    _let_pass(m, c)


@helper
def gap_over(m: Memory, c: int, gap: int) -> None:
    """The end of a gap, unless a review, a handover or the child's return came before it."""
    the_case = case.at(m, c)
    if the_case.gap == gap and the_case.gap_passes != 0:
        ask_for_next(m, c)
    else:
        nothing_happens(m)


@helper
def move_on(m: Memory, c: int) -> None:
    """A review or a tasking asks for the next line now, where a gap is passing (11.7, 11.9)."""
    the_case = case.at(m, c)
    if the_case.gap_passes != 0:
        the_case.moved_on += 1
        ask_for_next(m, c)


@helper
def ask_for_next(m: Memory, c: int) -> None:
    """Ask for the next line, or once more for one that was lost (rules 11.3, 11.4, 11.6)."""
    the_case = case.at(m, c)
    the_case.gap_passes = 0
    again = 1 if the_case.again != NONE else 0
    if again != 0:
        number = the_case.again
        the_case.again = NONE
    else:
        number = the_case.next_line
        the_case.next_line += 1
    fate = fate_of(m, c, number)
    the_line = line.at(m, fate)
    finds = 1 if the_line.finds != 0 and again == 0 and the_line.line == number else 0
    if the_line.desk == 0:
        ask_for_line(m, c, fate, number, finds, again)
        return
    d, seconds = m[world.ENQUIRY_DESK], the_line.work_seconds + reading_in(m, c)
    t = take(m, d, the_case.job, task.DESK_LINE, seconds, number)
    the_task = task.at(m, t)
    the_task.about = finds
    the_task.more = again
    if d == 0:
        line_begins(m, c)
    else:
        the_case.desk_line = t


@helper
def line_complete(m: Memory, c: int, number: int, finds: int, again: int) -> bool:
    """A line's work is complete; tell whether it has found the child (rule 11.5)."""
    the_case = case.at(m, c)
    the_case.lines += 1
    the_case.lines_again += again
    if the_case.under_enquiry == 0:
        return False
    the_case.last_line = number
    if finds == 0:
        begin_gap(m, c)
    return finds != 0


@helper
def stop(m: Memory, c: int) -> None:
    """The child is safe: no gap passes, and no line is asked for any more (12.1, 12.2)."""
    the_case = case.at(m, c)
    now, owner = m[world.NOW], _owner_of(m, c)
    write_owner(m, c, owner, now, codes.DONE)
    _write_unnoticed(m, c, now, codes.RETURNED)
    the_case.unnoticed = 0
    the_case.under_enquiry = 0
    the_case.gap_passes = 0
    j, t = the_case.line, the_case.desk_line
    the_case.line = 0
    if j != 0:
        withdraw(m, j)
    if t != 0:
        drop(m, t, codes.RETURNED)


@helper
def reclassified(m: Memory, c: int) -> None:
    """The risk held is another: errands follow, a line to the new class's people (rule 11.4)."""
    the_case = case.at(m, c)
    j, visit = the_case.line, the_case.visit
    risk = job.at(m, the_case.job).risk
    if visit != 0:
        job.at(m, visit).risk = risk
    if j != 0:
        job.at(m, j).risk = risk
        regrade(m, j, m[m[world.ENQUIRY_GRADE] + class_of_case(m, c)])
        ask_others(m, j, line_asked_of(m, c))


@helper
def see_owner(m: Memory, o: int, area_code: int) -> None:
    """A team's shift has begun or ended: whose the area's cases are now (rule 11.2)."""
    the_area = area.at(m, o)
    the_area.looking = 0
    owner = RESPONSE
    for place in range(m[world.POOL_COUNT]):
        p = m[world.POOLS] + pool.SIZE * place
        if m[the_area.team + place] != 0 and pool.at(m, p).on_duty > 0:
            owner = TEAM
    before = the_area.owner
    if owner == before:
        return
    the_area.owner = owner
    for place in range(m[world.CASES], m[world.CASES] + m[world.CASE_COUNT]):
        c = m[place]
        the_case = case.at(m, c)
        j = the_case.job
        the_job = job.at(m, j)
        if the_job.kind != job.INCIDENT or the_job.area != area_code:
            continue
        if the_case.under_enquiry != 0:
            _hand_over(m, c, before)
        if the_case.line != 0:
            ask_others(m, the_case.line, line_asked_of(m, c))
        if the_case.visit != 0:
            ask_others(m, the_case.visit, visit_asked_of(m, c))


@helper
def write_owner(m: Memory, c: int, owner: int, now: int, why: int) -> None:
    """Write whose the case has been (rule 13.9)."""
    the_case = case.at(m, c)
    kind = codes.OWNED_BY_TEAM if owner == TEAM else codes.OWNED_BY_RESPONSE
    since = the_case.owned_since
    journal.write_wait(m, the_case.key, codes.NOBODY, kind, codes.NO_NUMBER, since, now, why)


@helper
def write_unfinished(m: Memory, c: int, end: int) -> None:
    """Write whose the case is when the follow-up ends (rule 1.6)."""
    if case.at(m, c).under_enquiry != 0:
        write_owner(m, c, _owner_of(m, c), end, codes.STILL_GOING)
        _write_unnoticed(m, c, end, codes.STILL_GOING)


@helper
def _write_unnoticed(m: Memory, c: int, now: int, why: int) -> None:
    """Write that whoever had the case did not know of it, where that was so (rule 13.9)."""
    the_case = case.at(m, c)
    if the_case.unnoticed != 0:
        kind, since = codes.UNNOTICED, the_case.unnoticed_since
        key, nobody = the_case.key, codes.NOBODY
        journal.write_wait(m, key, nobody, kind, codes.NO_NUMBER, since, now, why)


@helper
def _owner_of(m: Memory, c: int) -> int:
    o = m[world.AREAS] + area.SIZE * job.at(m, case.at(m, c).job).area
    return int(area.at(m, o).owner)


@helper
def _hand_over(m: Memory, c: int, before: int) -> None:
    """Rule 11.6: it takes time, and loses things."""
    the_case = case.at(m, c)
    now, last = m[world.NOW], the_case.last_line
    write_owner(m, c, before, now, codes.HANDED_OVER)
    the_case.owned_since = now
    if the_case.gap_passes != 0:
        _take_off(m, c, before)
    parts = line.at(m, fate_of(m, c, the_case.handovers)).lost_parts
    _write_unnoticed(m, c, now, codes.HANDED_OVER)
    the_case.unnoticed = 1 if parts >= m[world.UNNOTICED_FROM] else 0
    the_case.unnoticed_since = now
    the_case.handovers += 1
    the_case.to_read_in = 1
    if last > the_case.lost_line:
        fate = fate_of(m, c, last)
        if line.at(m, fate).lost_parts < m[world.LOST_PARTS]:
            the_case.again = last
            the_case.lost_line = last
    if the_case.gap_passes != 0:
        _let_pass(m, c)


@helper
def notice(m: Memory, c: int) -> None:
    """The owner learns of a case that was handed over (rule 11.6)."""
    the_case = case.at(m, c)
    if the_case.unnoticed != 0:
        _write_unnoticed(m, c, m[world.NOW], codes.DONE)
        the_case.unnoticed = 0
        if the_case.gap_passes != 0:
            _let_pass(m, c)


@helper
def _let_pass(m: Memory, c: int) -> None:
    """What is left of a gap passes by its owner's rhythm, hour by hour (11.3, 11.6)."""
    the_case = case.at(m, c)
    second = m[world.NOW]
    the_case.gap += 1
    the_case.gap_since = second
    if the_case.unnoticed != 0:
        return
    left, owner = the_case.gap_left, _owner_of(m, c)
    while left > 0:
        rhythm = _rhythm(m, owner, second)
        hour_ends = HOUR - second % HOUR
        if rhythm * hour_ends >= left:
            second += (left + rhythm - 1) // rhythm
            break
        left -= rhythm * hour_ends
        second += hour_ends
    events.schedule(m, second, events.LINE, the_case.key, the_case.gap, events.GAP_OVER, c)


@helper
def _take_off(m: Memory, c: int, owner: int) -> None:
    """Take off a gap what has passed of it by the rhythm of the owner before (11.6)."""
    the_case = case.at(m, c)
    now, second = m[world.NOW], the_case.gap_since
    if the_case.unnoticed != 0:
        return
    while second < now:
        until = min(now, second + HOUR - second % HOUR)
        the_case.gap_left -= _rhythm(m, owner, second) * (until - second)
        second = until


@helper
def _rhythm(m: Memory, owner: int, second: int) -> int:
    """Return an owner's rhythm in the hour of the day of a second (11.3)."""
    return int(m[m[world.RHYTHM] + owner * _HOURS + second % DAY // HOUR])
