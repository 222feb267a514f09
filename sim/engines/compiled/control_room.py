"""What happens before anybody is sent: call, grade, ratification, the gate (rules 2 to 4)."""

from __future__ import annotations

from sim.engines.compiled import callers, case_reviews, codes, events
from sim.engines.compiled.desks import ask, first_on_duty, release, take
from sim.engines.compiled.fields import case, job, partner, task, world
from sim.engines.compiled.gate import (
    begin_telephone,
    break_telephone_off,
    is_held,
    open_gate,
)
from sim.engines.compiled.jit import Memory, helper
from sim.engines.compiled.memory import give_back
from sim.engines.compiled.partners import graded
from sim.engines.compiled.queues import count_unclaimed, regrade, reorder
from sim.engines.compiled.reviews import begin_clocks
from sim.engines.compiled.safety import child_returned
from sim.tables import DAY, HOUR, NEVER


@helper
def receive(m: Memory, j: int) -> None:
    """A report reaches the control room, or other work a desk (rules 2.1, 2.4, 2.5)."""
    the_job = job.at(m, j)
    kind = the_job.kind
    if kind == job.DESK_WORK:
        ask(
            m,
            the_job.desk_pool,
            j,
            task.OTHER_WORK,
            the_job.desk_seconds,
            codes.NO_NUMBER,
        )
        return
    if m[world.CALL_TAKERS] != 0 and the_job.origin != codes.DIRECT:
        callers.call(m, j)
        return
    the_job.answered_at = m[world.NOW]
    seconds = callers.seconds_of_call(m, j)
    if kind == job.CALL_ALONE:
        take(m, codes.NO_THING, j, task.CALL, seconds, codes.NO_NUMBER)
    elif seconds == 0:
        grade(m, j, codes.NO_THING)
    else:
        _in_call(m, j, seconds, events.THRIVE_DONE)


@helper
def call_alone_ends(m: Memory, j: int) -> None:
    """A call that ends without deployment; its grade is recorded now (rule 2.4)."""
    the_job = job.at(m, j)
    the_job.graded_at = m[world.NOW] - the_job.wrap_seconds


@helper
def grade(m: Memory, j: int, call: int) -> None:
    """THRIVE sets the grade; the clocks of rules 3, 4, 7 and 9 begin, the call goes on (2.3)."""
    the_job = job.at(m, j)
    now = m[world.NOW]
    the_job.call = call
    the_job.graded_at = now
    the_job.held = 1 if is_held(m, j) else 0
    the_job.gate_shut = 1
    count_unclaimed(m, j, 1)
    lowers = m[m[world.MISSING] + the_job.stream] != 0
    if lowers and the_job.rank_parts < m[world.NEXT_GRADE_PARTS]:
        the_job.lowered = 1
    if the_job.case != 0:
        graded(m, j, the_job.case)
    return_at = the_job.return_at
    if return_at > now:
        key = the_job.key
        events.schedule(m, return_at, events.RETURN, key, codes.NO_NUMBER, events.CHILD_RETURNS, j)
    elif return_at != NEVER:
        child_returns(m, j)
    begin_telephone(m, j)
    if the_job.held == 0:
        open_gate(m, j, codes.DONE)
    begin_clocks(m, j)
    if the_job.research_seconds != NEVER:
        take(m, m[world.RESEARCH], j, task.RESEARCH, the_job.research_seconds, codes.NO_NUMBER)
    if the_job.assessment_seconds == NEVER:
        _assessed(m, j)
        _wrap_up(m, j)
    else:
        _in_call(m, j, the_job.assessment_seconds, events.ASSESSMENT_DONE)


@helper
def assessment_ends(m: Memory, j: int) -> None:
    """The missing person risk assessment is complete (rule 2.3)."""
    _assessed(m, j)
    _wrap_up(m, j)


@helper
def hang_up(m: Memory, j: int) -> None:
    """The wrap-up is done: the call taker is free (rule 2.3)."""
    the_job = job.at(m, j)
    t = the_job.call
    the_job.call = 0
    release(m, t)
    give_back(m, t)


@helper
def child_returns(m: Memory, j: int) -> None:
    """The return opens the gate and may lower the rank; work goes on (rules 4.2, 6.2, 9.1)."""
    the_job = job.at(m, j)
    c = the_job.case
    if c != 0 and case_reviews.is_found(m, c):
        return
    if the_job.telephone_found_at != NEVER:
        return
    the_job.returned = 1
    open_gate(m, j, codes.RETURNED)
    break_telephone_off(m, j, codes.RETURNED)
    reorder(m, j)
    if c != 0:
        child_returned(m, j, c)


@helper
def researched(m: Memory, j: int) -> None:
    """Research here is done: on the log, unless another force is to answer (3.1, 13.10)."""
    the_job = job.at(m, j)
    c = the_job.case
    if c != 0 and case.at(m, c).history_seconds > 0:
        until, key = m[world.NOW] + case.at(m, c).history_seconds, the_job.key
        events.schedule(m, until, events.PARTNER, key, partner.HISTORY, events.ON_THE_LOG, j)
    else:
        on_the_log(m, j)


@helper
def on_the_log(m: Memory, j: int) -> None:
    """Research is on the log (rule 3.1)."""
    the_job = job.at(m, j)
    the_job.researched_at = m[world.NOW]
    if the_job.assessed_at != NEVER:
        _research_and_assessment_complete(m, j)


@helper
def ratified(m: Memory, j: int) -> None:
    """Ratification confirms, upgrades or downgrades; then the gate opens that waited (3.6)."""
    the_job = job.at(m, j)
    the_job.ratified_at = m[world.NOW]
    if the_job.case == 0:
        the_job.risk = the_job.ratified_risk
    else:
        case_reviews.ratified(m, the_job.case)
    if the_job.arrived_at == NEVER:
        given = the_job.ratified_grade
        if the_job.raised != 0:
            given = min(given, the_job.grade)
        if the_job.vulnerable != 0:
            given = min(given, 2)
        regrade(m, j, given)
    if the_job.risk == codes.HIGH:
        break_telephone_off(m, j, codes.INTERRUPTED)
    if m[world.GATE] == codes.GATE_RATIFICATION:
        open_gate(m, j, codes.DONE)


@helper
def _in_call(m: Memory, j: int, seconds: int, action: int) -> None:
    """A step of a call that is not a desk's task of its own (rules 2.3, 2.5)."""
    until, key = m[world.NOW] + seconds, job.at(m, j).key
    events.schedule(m, until, events.DESK_TASK_ENDS, key, task.CALL, action, j)


@helper
def _wrap_up(m: Memory, j: int) -> None:
    """A wrap-up of no seconds ends with what it follows (rule 2.3)."""
    the_job = job.at(m, j)
    if the_job.call == 0:
        return
    if the_job.wrap_seconds == 0:
        hang_up(m, j)
    else:
        _in_call(m, j, the_job.wrap_seconds, events.WRAP_UP_DONE)


@helper
def _assessed(m: Memory, j: int) -> None:
    """Rules 2.3, 3.2 and 4.1."""
    the_job = job.at(m, j)
    the_job.assessed_at = m[world.NOW]
    if m[world.GATE] == codes.GATE_ASSESSMENT:
        open_gate(m, j, codes.DONE)
    if the_job.researched_at != NEVER or the_job.research_seconds == NEVER:
        _research_and_assessment_complete(m, j)
    elif m[world.RATIFICATION_WAITS] == 0:
        _ask_for_ratification(m, j)


@helper
def _research_and_assessment_complete(m: Memory, j: int) -> None:
    if m[world.GATE] == codes.GATE_RESEARCH:
        open_gate(m, j, codes.DONE)
    _ask_for_ratification(m, j)


@helper
def _ask_for_ratification(m: Memory, j: int) -> None:
    """Rules 3.2 and 3.3: asked for once; where there is none, its gate opens now."""
    the_job = job.at(m, j)
    seconds = the_job.ratification_seconds
    if seconds == NEVER:
        if m[world.GATE] == codes.GATE_RATIFICATION:
            open_gate(m, j, codes.DONE)
    elif the_job.ratification_asked == 0:
        the_job.ratification_asked = 1
        row = m[world.RATIFIERS] + 2 * (24 * the_job.risk + m[world.NOW] % DAY // HOUR)
        take(
            m, first_on_duty(m, m[row], m[row + 1]), j, task.RATIFICATION, seconds, codes.NO_NUMBER
        )
