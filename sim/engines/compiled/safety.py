"""The child is safe: returned or found, seen, interviewed, not left alone (rules 12.1 to 12.5)."""

from __future__ import annotations

from sim.engines.compiled import codes, events
from sim.engines.compiled.case_reviews import come_under_enquiry
from sim.engines.compiled.desks import line_begins
from sim.engines.compiled.enquiries import line_complete, stop
from sim.engines.compiled.errands import ask_for_visit, reading_in
from sim.engines.compiled.fields import allocation, case, job, pool, unit, world
from sim.engines.compiled.jit import Memory, helper
from sim.engines.compiled.losing import leave, work_of_stage, write_unit, write_units
from sim.engines.compiled.partners import child_is_safe, no_ppn
from sim.engines.compiled.relief import await_relief, no_relief
from sim.engines.compiled.units import finish
from sim.tables import DAY, NEVER


@helper
def child_returned(m: Memory, j: int, c: int) -> None:
    """The child is back (rule 12.1)."""
    the_case = case.at(m, c)
    the_case.safe = 1
    a = job.at(m, j).allocation
    if the_case.under_enquiry != 0:
        stop(m, c)
        ask_for_visit(m, c)
    elif a != 0 and allocation.at(m, a).arrived_until != NEVER:
        child_seen(m, j)
    child_is_safe(m, c)


@helper
def child_found(m: Memory, c: int) -> None:
    """A line of enquiry has found the child (rule 12.2)."""
    the_case = case.at(m, c)
    the_case.found_at = m[world.NOW]
    the_case.safe = 1
    stop(m, c)
    child_is_safe(m, c)


@helper
def child_seen(m: Memory, j: int) -> None:
    """Police have seen the child (rule 9.2)."""
    the_job = job.at(m, j)
    if the_job.seen_at == NEVER:
        the_job.seen_at = m[world.NOW]


@helper
def reached(m: Memory, j: int, c: int) -> None:
    """The first unit is there for a case, or for an errand of it (rules 11.6, 12.3)."""
    the_job = job.at(m, j)
    if the_job.kind == job.VISIT:
        child_seen(m, case.at(m, c).job)
    elif the_job.kind == job.LINE_OF_ENQUIRY:
        the_job.work_left += reading_in(m, c)


@helper
def work_begins(m: Memory, a: int, j: int, c: int) -> None:
    """All units are there (rules 11.5, 12.4)."""
    the_job = job.at(m, j)
    if the_job.kind == job.VISIT:
        allocation.at(m, a).with_child = 1
    elif the_job.kind == job.RELIEF:
        allocation.at(m, a).with_child = 1
        relieved = case.at(m, c).relieved
        write_units(m, relieved, m[world.NOW], codes.HANDED_OVER)
        go_away(m, relieved, allocation.at(m, relieved).job)
        await_relief(m, a, c)
    elif the_job.kind == job.LINE_OF_ENQUIRY:
        line_begins(m, c)


@helper
def after_work(m: Memory, a: int, j: int, c: int) -> None:
    """The work of a case's job is complete: what the same units do now."""
    the_case = case.at(m, c)
    the_job = job.at(m, j)
    kind = the_job.kind
    if kind == job.RELIEF:
        no_relief(m, c)
        following = allocation.AWAY
    elif kind == job.VISIT:
        the_case.visit = 0
        following = allocation.INTERVIEWED
    elif kind == job.LINE_OF_ENQUIRY:
        if the_case.line == j:
            the_case.line = 0
        following = allocation.AWAY
        if line_complete(m, c, the_job.line, the_job.finds, the_job.again):
            child_found(m, c)
            child_seen(m, the_case.job)
            following = allocation.TRANSPORT
    elif the_case.safe == 0:
        come_under_enquiry(m, c)
        following = allocation.AWAY
    elif the_job.return_at >= the_job.arrived_at:
        following = allocation.INTERVIEW
    else:
        following = allocation.INTERVIEWED
    _go_on(m, a, j, c, following)


@helper
def stage_complete(m: Memory, a: int, j: int, c: int) -> None:
    """What followed the work is complete: transport, interview or protection."""
    the_allocation = allocation.at(m, a)
    stage, now, u = the_allocation.stage, m[world.NOW], the_allocation.first
    while u != 0:
        write_unit(m, a, u, work_of_stage(stage), the_allocation.since, now, codes.DONE)
        u = unit.at(m, u).next
    if stage == allocation.TRANSPORT:
        _go_on(m, a, j, c, allocation.INTERVIEW)
    elif stage == allocation.INTERVIEW:
        _go_on(m, a, j, c, allocation.INTERVIEWED)
    else:
        no_relief(m, c)
        go_away(m, a, j)


@helper
def go_away(m: Memory, a: int, j: int) -> None:
    """The units have done; the first of them writes the PPN (rules 5.3, 12.5)."""
    the_allocation = allocation.at(m, a)
    leave(m, j)
    ppn, u = the_allocation.ppn, the_allocation.first
    while u != 0:
        unit.at(m, u).allocation = 0
        following = unit.at(m, u).next
        finish(m, u, j, ppn)
        ppn = 0
        u = following


@helper
def _go_on(m: Memory, a: int, j: int, c: int, stage: int) -> None:
    """Begin this stage, or the first after it that takes time (rules 12.2, 12.4)."""
    the_case = case.at(m, c)
    incident = the_case.job
    the_job = job.at(m, incident)
    if stage == allocation.TRANSPORT:
        if the_case.transport_seconds > 0:
            _begin(m, a, j, stage, the_case.transport_seconds)
            return
        stage = allocation.INTERVIEW
    if stage == allocation.INTERVIEW:
        if the_job.interview_seconds > 0:
            _begin(m, a, j, stage, the_job.interview_seconds)
            return
        stage = allocation.INTERVIEWED
    if stage == allocation.INTERVIEWED:
        _interviewed(m, a, c)
        protection = _protection(m, c)
        if protection > 0:
            the_case.protected_until = m[world.NOW] + protection
            _begin(m, a, j, allocation.PROTECTION, protection)
            await_relief(m, a, c)
            return
    go_away(m, a, j)


@helper
def _protection(m: Memory, c: int) -> int:
    """Return the length of police protection from now on; 0 where there is none (rule 12.4)."""
    the_case = case.at(m, c)
    length, second, opens = the_case.protection_seconds, m[world.NOW] % DAY, m[world.PLACEMENT_FROM]
    if length > 0 and opens != NEVER:
        if second < opens or second >= m[world.PLACEMENT_UNTIL]:
            length = the_case.protection_night_seconds
        if the_case.no_placement != 0:
            length += DAY - 1 - (second + length - opens + DAY - 1) % DAY
        length = min(length, m[world.PROTECTION_MOST])
    return length


@helper
def _begin(m: Memory, a: int, j: int, stage: int, seconds: int) -> None:
    the_allocation = allocation.at(m, a)
    now, number = m[world.NOW], the_allocation.number
    the_allocation.stage = stage
    the_allocation.since = now
    the_allocation.with_child = 1
    until, key = now + seconds, job.at(m, j).key
    events.schedule(m, until, events.WORK_ENDS, key, number, events.END_WORK, a)


@helper
def _interviewed(m: Memory, a: int, c: int) -> None:
    """The prevention interview is complete (rule 12.5)."""
    the_allocation = allocation.at(m, a)
    the_case = case.at(m, c)
    the_case.interviewed_at = m[world.NOW]
    the_case.interviewed_by = pool.at(m, unit.at(m, the_allocation.first).pool).code
    if the_case.ppn_sent != 0:
        the_allocation.ppn = c
    else:
        no_ppn(m, c)
