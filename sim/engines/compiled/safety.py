"""The child is safe: returned or found, seen, interviewed, not left alone (rules 12.1 to 12.5)."""

from __future__ import annotations

from sim.engines.compiled import codes, events
from sim.engines.compiled.case_reviews import come_under_enquiry
from sim.engines.compiled.desks import line_begins
from sim.engines.compiled.enquiries import line_complete, stop
from sim.engines.compiled.errands import ask_for_visit, reading_in
from sim.engines.compiled.fields import allocation, case, job, pool, unit, world
from sim.engines.compiled.jit import Memory, helper
from sim.engines.compiled.losing import leave, work_of_stage, write_unit
from sim.engines.compiled.partners import child_is_safe, no_ppn
from sim.engines.compiled.units import finish
from sim.tables import NEVER


@helper
def child_returned(m: Memory, j: int, c: int) -> None:
    """The child is back (rule 12.1)."""
    m[c + case.SAFE] = 1
    a = m[j + job.ALLOCATION]
    if m[c + case.UNDER_ENQUIRY] != 0:
        stop(m, c)
        ask_for_visit(m, c)
    elif a != 0 and m[a + allocation.ARRIVED_UNTIL] != NEVER:
        child_seen(m, j)
    child_is_safe(m, c)


@helper
def child_found(m: Memory, c: int) -> None:
    """A line of enquiry has found the child (rule 12.2)."""
    m[c + case.FOUND_AT] = m[world.NOW]
    m[c + case.SAFE] = 1
    stop(m, c)
    child_is_safe(m, c)


@helper
def child_seen(m: Memory, j: int) -> None:
    """Police have seen the child (rule 9.2)."""
    if m[j + job.SEEN_AT] == NEVER:
        m[j + job.SEEN_AT] = m[world.NOW]


@helper
def reached(m: Memory, j: int, c: int) -> None:
    """The first unit is there for a case, or for an errand of it (rules 11.6, 12.3)."""
    if m[j + job.KIND] == job.VISIT:
        child_seen(m, m[c + case.JOB])
    elif m[j + job.KIND] == job.LINE_OF_ENQUIRY:
        m[j + job.WORK_LEFT] += reading_in(m, c)


@helper
def work_begins(m: Memory, a: int, j: int, c: int) -> None:
    """All units are there (rules 11.5, 12.4)."""
    if m[j + job.KIND] == job.VISIT:
        m[a + allocation.WITH_CHILD] = 1
    elif m[j + job.KIND] == job.LINE_OF_ENQUIRY:
        line_begins(m, c)


@helper
def after_work(m: Memory, a: int, j: int, c: int) -> None:
    """The work of a case's job is complete: what the same units do now."""
    kind = m[j + job.KIND]
    if kind == job.VISIT:
        m[c + case.VISIT] = 0
        following = allocation.INTERVIEWED
    elif kind == job.LINE_OF_ENQUIRY:
        if m[c + case.LINE] == j:
            m[c + case.LINE] = 0
        following = allocation.AWAY
        if line_complete(m, c, m[j + job.LINE], m[j + job.FINDS], m[j + job.AGAIN]):
            child_found(m, c)
            child_seen(m, m[c + case.JOB])
            following = allocation.TRANSPORT
    elif m[c + case.SAFE] == 0:
        come_under_enquiry(m, c)
        following = allocation.AWAY
    elif m[j + job.RETURN_AT] >= m[j + job.ARRIVED_AT]:
        following = allocation.INTERVIEW
    else:
        following = allocation.INTERVIEWED
    _go_on(m, a, j, c, following)


@helper
def stage_complete(m: Memory, a: int, j: int, c: int) -> None:
    """What followed the work is complete: transport, interview or protection."""
    stage, now, u = m[a + allocation.STAGE], m[world.NOW], m[a + allocation.FIRST]
    while u != 0:
        write_unit(m, a, u, work_of_stage(stage), m[a + allocation.SINCE], now, codes.DONE)
        u = m[u + unit.NEXT]
    if stage == allocation.TRANSPORT:
        _go_on(m, a, j, c, allocation.INTERVIEW)
    elif stage == allocation.INTERVIEW:
        _go_on(m, a, j, c, allocation.INTERVIEWED)
    else:
        go_away(m, a, j)


@helper
def go_away(m: Memory, a: int, j: int) -> None:
    """The units have done; the first of them writes the PPN (rules 5.3, 12.5)."""
    leave(m, j)
    ppn, u = m[a + allocation.PPN], m[a + allocation.FIRST]
    while u != 0:
        m[u + unit.ALLOCATION] = 0
        following = m[u + unit.NEXT]
        finish(m, u, j, ppn)
        ppn = 0
        u = following


@helper
def _go_on(m: Memory, a: int, j: int, c: int, stage: int) -> None:
    """Begin this stage, or the first after it that takes time (rules 12.2, 12.4)."""
    incident = m[c + case.JOB]
    if stage == allocation.TRANSPORT:
        if m[c + case.TRANSPORT_SECONDS] > 0:
            _begin(m, a, j, stage, m[c + case.TRANSPORT_SECONDS])
            return
        stage = allocation.INTERVIEW
    if stage == allocation.INTERVIEW:
        if m[incident + job.INTERVIEW_SECONDS] > 0:
            _begin(m, a, j, stage, m[incident + job.INTERVIEW_SECONDS])
            return
        stage = allocation.INTERVIEWED
    if stage == allocation.INTERVIEWED:
        _interviewed(m, a, c)
        if m[c + case.PROTECTION_SECONDS] > 0:
            _begin(m, a, j, allocation.PROTECTION, m[c + case.PROTECTION_SECONDS])
            return
    go_away(m, a, j)


@helper
def _begin(m: Memory, a: int, j: int, stage: int, seconds: int) -> None:
    now, number = m[world.NOW], m[a + allocation.NUMBER]
    m[a + allocation.STAGE] = stage
    m[a + allocation.SINCE] = now
    m[a + allocation.WITH_CHILD] = 1
    until, key = now + seconds, m[j + job.KEY]
    events.schedule(m, until, events.WORK_ENDS, key, number, events.END_WORK, a)


@helper
def _interviewed(m: Memory, a: int, c: int) -> None:
    """The prevention interview is complete (rule 12.5)."""
    m[c + case.INTERVIEWED_AT] = m[world.NOW]
    m[c + case.INTERVIEWED_BY] = m[m[m[a + allocation.FIRST] + unit.POOL] + pool.CODE]
    if m[c + case.PPN_SENT] != 0:
        m[a + allocation.PPN] = c
    else:
        no_ppn(m, c)
