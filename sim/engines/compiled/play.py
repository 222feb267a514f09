"""The simulation's seconds, each in rounds (rules 1.1 to 1.6)."""

from __future__ import annotations

from typing import Final

from sim.engines.compiled import (
    callers,
    case_reviews,
    codes,
    concerns,
    control_room,
    desks,
    enquiries,
    events,
    gate,
    looks,
    partners,
    queues,
    relief,
    reviews,
    shifts,
    units,
    work,
)
from sim.engines.compiled.deployment import hand_out_units
from sim.engines.compiled.fields import area, job, unit, world
from sim.engines.compiled.jit import Memory, helper, kernel, pointer
from sim.engines.compiled.losing import write_units
from sim.engines.compiled.reports import begin_report
from sim.engines.compiled.signals import see_what_time_brings
from sim.engines.compiled.waiting import first_after

PLAYED, NEEDS_ROOM, FAILED = range(3)
"""What `play` comes back with."""

_NOTHING_DUE: Final = (1 << 63) - 1


@kernel
def play(memory: Memory) -> int:
    """Let everything happen that is due before the end, or until there is too little room.

    Returns
    -------
    int
        `PLAYED`; `NEEDS_ROOM`: to be called again when there is more of it; `FAILED`: there was
        less room than the most that one event was thought to need.
    """
    m = pointer(memory)
    if m[world.ROUND] < 0:
        case_reviews.begin_taskings(m)
        partners.begin_meetings(m)
        m[world.ROUND] = 0
        _find_next_known(m)
    while m[world.FAILED] == 0:
        if _has_little_room(m):
            return NEEDS_ROOM
        when = m[world.KNOWN_DUE]
        known = m[world.EVENT_COUNT] == 0 or when < m[m[world.EVENTS]]
        if not known:
            when = m[m[world.EVENTS]]
        second, round_ = m[world.NOW], m[world.ROUND]
        if when > events.due_at(second, round_ + 1, codes.NO_NUMBER) - 1:
            if m[world.ROUND_ENDS] != 0:
                _end_round(m)
                continue
            second = when >> events.SECOND
            if when == _NOTHING_DUE or second >= m[world.END]:
                _write_unfinished(m)
                return FAILED if m[world.FAILED] != 0 else PLAYED
            m[world.NOW] = second
            m[world.ROUND] = 0
        m[world.HAPPENS] = 1
        if known:
            _happen_as_known(m, m[world.KNOWN_KIND])
        else:
            _happen(m)
        see_what_time_brings(m)
    return FAILED


@helper
def _has_little_room(m: Memory) -> bool:
    slack = m[world.SLACK]
    return bool(
        m[world.EVENT_COUNT] + slack > m[world.EVENT_ROOM]
        or m[world.ROW_COUNT] + slack > m[world.ROW_ROOM]
        or m[world.FREE] + m[world.SLACK_PLACES] > m[world.LENGTH]
    )


@helper
def _end_round(m: Memory) -> None:
    """Rule 1.4: the queues hand out work; what this makes due is the next round."""
    m[world.ROUND_ENDS] = 0
    if m[world.JOBS_CHANGED] != 0:
        hand_out_units(m)
    if m[world.DESKS_CHANGED] != 0:
        desks.hand_out_tasks(m)
    m[world.ROUND] += 1


@helper
def _find_next_known(m: Memory) -> None:
    """Note when the next is due that is not in the heap: a report, or a shift."""
    when, kind = _NOTHING_DUE, codes.NOBODY
    if m[world.NEXT_REPORT] < m[world.REPORT_COUNT]:
        second = job.at(m, m[m[world.REPORTS] + m[world.NEXT_REPORT]]).reported_at
        due = events.due_at(second, codes.NO_NUMBER, events.REPORT)
        if due < when:
            when, kind = due, events.REPORT
    if m[world.NEXT_BEGINNING] < m[world.SHIFT_COUNT]:
        second = unit.at(m, m[m[world.BEGINNINGS] + m[world.NEXT_BEGINNING]]).on_at
        due = events.due_at(second, codes.NO_NUMBER, events.SHIFT_BEGINS)
        if due < when:
            when, kind = due, events.SHIFT_BEGINS
    if m[world.NEXT_END] < m[world.SHIFT_COUNT]:
        second = unit.at(m, m[m[world.ENDS] + m[world.NEXT_END]]).off_at
        due = events.due_at(second, codes.NO_NUMBER, events.SHIFT_ENDS)
        if due < when:
            when, kind = due, events.SHIFT_ENDS
    m[world.KNOWN_DUE] = when
    m[world.KNOWN_KIND] = kind


@helper
def _happen_as_known(m: Memory, kind: int) -> None:
    """Let the next happen that is not in the heap."""
    if kind == events.REPORT:
        j = m[m[world.REPORTS] + m[world.NEXT_REPORT]]
        m[world.NEXT_REPORT] += 1
        begin_report(m, j)
        if job.at(m, j).case == 0 or partners.is_heard_of(m, job.at(m, j).case):
            control_room.receive(m, j)
    elif kind == events.SHIFT_BEGINS:
        u = m[m[world.BEGINNINGS] + m[world.NEXT_BEGINNING]]
        m[world.NEXT_BEGINNING] += 1
        shifts.begin(m, u)
    else:
        u = m[m[world.ENDS] + m[world.NEXT_END]]
        m[world.NEXT_END] += 1
        shifts.end(m, u)
    _find_next_known(m)


@helper
def _happen(m: Memory) -> None:  # noqa: PLR0912 (a branch for each kind of event)
    """Let the first event of the heap happen: do what it is for."""
    first = m[world.EVENTS]
    key, number, what = m[first + 1], m[first + 2], m[first + 3]
    events.remove_first(m)
    action, thing = what & ((1 << events.ACTION) - 1), what >> events.ACTION
    if action == events.TASK_DONE:
        work.task_ends(m, thing)
    elif action == events.ARRIVE:
        work.units_arrive(m, thing)
    elif action == events.END_WORK:
        work.work_ends(m, thing)
    elif action == events.END_WRITING:
        units.writing_ends(m, thing)
    elif action == events.END_CUSTODY:
        units.custody_ends(m, thing)
    elif action == events.END_BREAK:
        units.break_ends(m, thing)
    elif action == events.THRIVE_DONE:
        control_room.grade(m, thing, codes.NO_THING)
    elif action == events.ASSESSMENT_DONE:
        control_room.assessment_ends(m, thing)
    elif action == events.WRAP_UP_DONE:
        control_room.hang_up(m, thing)
    elif action == events.CHILD_RETURNS:
        control_room.child_returns(m, thing)
    elif action == events.STEP_JOB_UP:
        queues.step_up(m, thing)
    elif action == events.REVIEW_DUE:
        reviews.review_due(m, thing, number)
    elif action == events.RETHRIVE_DUE:
        reviews.rethrive_due(m, thing)
    elif action == events.BREAK_DUE:
        units.break_due(m, thing)
    elif action == events.BORROWING_BEGINS:
        queues.borrowing_begins(m, thing)
    elif action == events.PATIENCE_ENDS:
        callers.patience_ends(m, thing, key)
    elif action == events.CALLS_AGAIN:
        callers.call(m, thing)
    elif action == events.LOOK_DUE:
        looks.look_due(m)
    elif action == events.TELEPHONE_TOO_LONG:
        gate.telephone_too_long(m, thing)
    else:
        _act_of_case(m, action, thing, key, number)


@helper
def _act_of_case(m: Memory, action: int, thing: int, key: int, number: int) -> None:
    if action == events.GAP_OVER:
        enquiries.gap_over(m, thing, number)
    elif action == events.CASE_REVIEW_DUE:
        case_reviews.case_review_due(m, thing)
    elif action == events.TASKING_DUE:
        case_reviews.tasking_due(m)
    elif action == events.MEETING_DUE:
        partners.meeting_due(m)
    elif action == events.PARTNER_DUE:
        partners.partner_due(m, thing, number)
    elif action == events.LOOK_AT_OWNER:
        enquiries.see_owner(m, thing, key)
    elif action == events.REVISIT_DUE:
        concerns.revisit_due(m, thing, number)
    elif action == events.ON_THE_LOG:
        control_room.on_the_log(m, thing)
    elif action == events.RELIEF_DUE:
        relief.relief_due(m, thing)


@helper
def _write_unfinished(m: Memory) -> None:
    """Rule 1.6: what is going on at the end is written as still going on."""
    end = m[world.END]
    desks.write_unfinished(m, end)
    for place in range(m[world.SHIFT_COUNT]):
        u = m[m[world.BEGINNINGS] + place]
        the_unit = unit.at(m, u)
        if the_unit.task != 0:
            desks.write_work(m, the_unit.task, end, codes.STILL_GOING)
        units.write_unfinished(m, u, end)
    for place in range(m[world.ALLOCATION_COUNT]):
        write_units(m, m[m[world.ALLOCATIONS] + place], end, codes.STILL_GOING)
    for code in range(m[world.AREA_COUNT]):
        o = m[world.AREAS] + area.SIZE * code
        the_area = area.at(m, o)
        for place in range(the_area.waiting_count):
            k = m[the_area.waiting + place]
            j = first_after(m, k, codes.NO_THING)
            while j != 0:
                queues.write_wait(m, j, end, codes.STILL_GOING)
                j = first_after(m, k, j)
    for place in range(m[world.NEXT_REPORT], m[world.REPORT_COUNT]):
        # What would be reported after the end has outcomes too: none.
        begin_report(m, m[m[world.REPORTS] + place])
    for place in range(m[world.REPORT_COUNT]):
        j = m[m[world.REPORTS] + place]
        if job.at(m, j).kind == job.INCIDENT:
            gate.write_unfinished(m, j, end)
    for place in range(m[world.CASE_COUNT]):
        enquiries.write_unfinished(m, m[m[world.CASES] + place], end)
