"""What happens before anybody is sent: call, grade, ratification, the gate (rules 2 to 4)."""

from __future__ import annotations

from sim.engines.compiled import case_reviews, codes, events
from sim.engines.compiled.desks import ask, first_on_duty, release, take
from sim.engines.compiled.fields import job, task, world
from sim.engines.compiled.jit import Memory, helper
from sim.engines.compiled.journal import write_held
from sim.engines.compiled.memory import give_back
from sim.engines.compiled.partners import graded
from sim.engines.compiled.queues import join, regrade, reorder
from sim.engines.compiled.reviews import begin_clocks
from sim.engines.compiled.safety import child_returned
from sim.tables import DAY, HOUR, NEVER


@helper
def receive(m: Memory, j: int) -> None:
    """A report reaches the control room, or other work a desk (rules 2.1, 2.4, 2.5)."""
    kind = m[j + job.KIND]
    if kind == job.DESK_WORK:
        ask(m, m[j + job.DESK_POOL], j, task.OTHER_WORK, m[j + job.DESK_SECONDS], codes.NO_NUMBER)
        return
    d = m[world.CALL_TAKERS]
    if m[j + job.ORIGIN] == codes.DIRECT:
        d = 0
    seconds = m[j + job.THRIVE_SECONDS]
    if kind == job.CALL_ALONE:
        seconds += m[j + job.WRAP_SECONDS]
    if d == 0:
        m[j + job.ANSWERED_AT] = m[world.NOW]
        if kind == job.INCIDENT:
            if seconds == 0:
                grade(m, j, codes.NO_THING)
            else:
                _in_call(m, j, seconds, events.THRIVE_DONE)
            return
    take(m, d, j, task.CALL, seconds, codes.NO_NUMBER)


@helper
def call_alone_ends(m: Memory, j: int) -> None:
    """A call that ends without deployment; its grade is recorded now (rule 2.4)."""
    m[j + job.GRADED_AT] = m[world.NOW] - m[j + job.WRAP_SECONDS]


@helper
def grade(m: Memory, j: int, call: int) -> None:
    """THRIVE sets the grade; the clocks of rules 3, 4, 7 and 9 begin, the call goes on (2.3)."""
    now = m[world.NOW]
    m[j + job.CALL] = call
    m[j + job.GRADED_AT] = now
    m[j + job.HELD] = 1 if _is_held(m, j) else 0
    lowers = m[m[world.MISSING] + m[j + job.STREAM]] != 0
    if lowers and m[j + job.RANK_PARTS] < m[world.NEXT_GRADE_PARTS]:
        m[j + job.LOWERED] = 1
    if m[j + job.CASE] != 0:
        graded(m, j, m[j + job.CASE])
    return_at = m[j + job.RETURN_AT]
    if return_at > now:
        key = m[j + job.KEY]
        events.schedule(m, return_at, events.RETURN, key, codes.NO_NUMBER, events.CHILD_RETURNS, j)
    elif return_at != NEVER:
        child_returns(m, j)
    if m[j + job.HELD] == 0:
        _open_gate(m, j, codes.DONE)
    begin_clocks(m, j)
    if m[j + job.RESEARCH_SECONDS] != NEVER:
        take(m, m[world.RESEARCH], j, task.RESEARCH, m[j + job.RESEARCH_SECONDS], codes.NO_NUMBER)
    if m[j + job.ASSESSMENT_SECONDS] == NEVER:
        _assessed(m, j)
        _wrap_up(m, j)
    else:
        _in_call(m, j, m[j + job.ASSESSMENT_SECONDS], events.ASSESSMENT_DONE)


@helper
def assessment_ends(m: Memory, j: int) -> None:
    """The missing person risk assessment is complete (rule 2.3)."""
    _assessed(m, j)
    _wrap_up(m, j)


@helper
def hang_up(m: Memory, j: int) -> None:
    """The wrap-up is done: the call taker is free (rule 2.3)."""
    t = m[j + job.CALL]
    m[j + job.CALL] = 0
    release(m, t)
    give_back(m, t)


@helper
def child_returns(m: Memory, j: int) -> None:
    """The return opens the gate and may lower the rank; work goes on (rules 4.2, 6.2, 9.1)."""
    c = m[j + job.CASE]
    if c != 0 and case_reviews.is_found(m, c):
        return
    m[j + job.RETURNED] = 1
    _open_gate(m, j, codes.RETURNED)
    reorder(m, j)
    if c != 0:
        child_returned(m, j, c)


@helper
def researched(m: Memory, j: int) -> None:
    """Research is on the log (rule 3.1)."""
    m[j + job.RESEARCHED_AT] = m[world.NOW]
    if m[j + job.ASSESSED_AT] != NEVER:
        _research_and_assessment_complete(m, j)


@helper
def ratified(m: Memory, j: int) -> None:
    """Ratification confirms, upgrades or downgrades; then the gate opens that waited (3.6)."""
    m[j + job.RATIFIED_AT] = m[world.NOW]
    if m[j + job.CASE] == 0:
        m[j + job.RISK] = m[j + job.RATIFIED_RISK]
    else:
        case_reviews.ratified(m, m[j + job.CASE])
    if m[j + job.ARRIVED_AT] == NEVER:
        given = m[j + job.RATIFIED_GRADE]
        if m[j + job.RAISED] != 0:
            given = min(given, m[j + job.GRADE])
        if m[j + job.VULNERABLE] != 0:
            given = min(given, 2)
        regrade(m, j, given)
    if m[world.GATE] == codes.GATE_RATIFICATION:
        _open_gate(m, j, codes.DONE)


@helper
def _in_call(m: Memory, j: int, seconds: int, action: int) -> None:
    """A step of a call that is not a desk's task of its own (rules 2.3, 2.5)."""
    until, key = m[world.NOW] + seconds, m[j + job.KEY]
    events.schedule(m, until, events.DESK_TASK_ENDS, key, task.CALL, action, j)


@helper
def _wrap_up(m: Memory, j: int) -> None:
    """A wrap-up of no seconds ends with what it follows (rule 2.3)."""
    if m[j + job.CALL] == 0:
        return
    if m[j + job.WRAP_SECONDS] == 0:
        hang_up(m, j)
    else:
        _in_call(m, j, m[j + job.WRAP_SECONDS], events.WRAP_UP_DONE)


@helper
def _is_held(m: Memory, j: int) -> bool:
    """Rule 4.1."""
    return bool(
        m[world.GATE] != codes.GATE_GRADING
        and m[m[world.GATED] + m[j + job.STREAM]] != 0
        and m[j + job.HELD_PARTS] < m[world.HELD_PARTS]
        and (m[j + job.RISK] != codes.HIGH or m[world.HOLD_HIGH_RISK] != 0)
    )


@helper
def _assessed(m: Memory, j: int) -> None:
    """Rules 2.3, 3.2 and 4.1."""
    m[j + job.ASSESSED_AT] = m[world.NOW]
    if m[world.GATE] == codes.GATE_ASSESSMENT:
        _open_gate(m, j, codes.DONE)
    if m[j + job.RESEARCHED_AT] != NEVER or m[j + job.RESEARCH_SECONDS] == NEVER:
        _research_and_assessment_complete(m, j)
    elif m[world.RATIFICATION_WAITS] == 0:
        _ask_for_ratification(m, j)


@helper
def _research_and_assessment_complete(m: Memory, j: int) -> None:
    if m[world.GATE] == codes.GATE_RESEARCH:
        _open_gate(m, j, codes.DONE)
    _ask_for_ratification(m, j)


@helper
def _ask_for_ratification(m: Memory, j: int) -> None:
    """Rules 3.2 and 3.3: asked for once; where there is none, its gate opens now."""
    seconds = m[j + job.RATIFICATION_SECONDS]
    if seconds == NEVER:
        if m[world.GATE] == codes.GATE_RATIFICATION:
            _open_gate(m, j, codes.DONE)
    elif m[j + job.RATIFICATION_ASKED] == 0:
        m[j + job.RATIFICATION_ASKED] = 1
        row = m[world.RATIFIERS] + 2 * (24 * m[j + job.RISK] + m[world.NOW] % DAY // HOUR)
        take(
            m, first_on_duty(m, m[row], m[row + 1]), j, task.RATIFICATION, seconds, codes.NO_NUMBER
        )


@helper
def _open_gate(m: Memory, j: int, why: int) -> None:
    """Rule 4.3: a job is ready once, and stays so."""
    if m[j + job.READY_AT] == NEVER:
        m[j + job.READY_AT] = m[world.NOW]
        write_held(m, j, m[world.NOW], why)
        join(m, j)
