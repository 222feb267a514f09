"""What ends: a task, the way there, work at a scene (rules 1.3, 6.9, 9.2, 12)."""

from __future__ import annotations

from sim.engines.compiled import (
    attendance,
    case_reviews,
    codes,
    control_room,
    events,
    partners,
    reviews,
    safety,
)
from sim.engines.compiled.desks import release
from sim.engines.compiled.enquiries import line_complete
from sim.engines.compiled.errands import ask_for_visit
from sim.engines.compiled.fields import allocation, case, job, task, unit, world
from sim.engines.compiled.jit import Memory, helper
from sim.engines.compiled.losing import write_unit
from sim.engines.compiled.memory import give_back
from sim.engines.compiled.signals import allocation_to_be_had
from sim.tables import NEVER


@helper
def task_ends(m: Memory, t: int) -> None:
    """A task is done, or a step in nobody's time: what follows it."""
    j, step, number = m[t + task.JOB], m[t + task.STEP], m[t + task.NUMBER]
    about, more = m[t + task.ABOUT], m[t + task.MORE]
    if step == task.CALL and m[j + job.KIND] == job.INCIDENT:
        # The call taker goes on, to the end of the wrap-up (rule 2.3).
        control_room.grade(m, j, t)
        return
    release(m, t)
    give_back(m, t)
    if step == task.ALLOCATION:
        attendance.allocated(m, j, about)
    elif step == task.RATIFICATION:
        control_room.ratified(m, j)
    elif step == task.REVIEW:
        reviews.reviewed(m, j, about, more)
    elif step == task.RETHRIVE:
        reviews.rethriven(m, j)
    elif step == task.RESEARCH:
        control_room.researched(m, j)
    elif step == task.OTHER_WORK:
        m[j + job.FINISHED_AT] = m[world.NOW]
    elif step == task.CALL:
        control_room.call_alone_ends(m, j)
    else:
        _case_step_ends(m, m[j + job.CASE], step, number, about, more)


@helper
def units_arrive(m: Memory, a: int) -> None:
    """Some or all units of an allocation are there (rule 6.9)."""
    j = m[a + allocation.JOB]
    if m[j + job.ALLOCATION] != a:
        return
    attendance.arrive(m, a)
    c = m[j + job.CASE]
    if m[j + job.WORK_LEFT] == NEVER:
        attendance.settle_work(m, j)
        if c != 0:
            safety.reached(m, j, c)
    if attendance.next_arrival(m, a):
        return
    until, key = m[world.NOW] + m[j + job.WORK_LEFT], m[j + job.KEY]
    m[a + allocation.WORKING] = 1
    m[a + allocation.WORKS_UNTIL] = until
    if c != 0:
        safety.work_begins(m, a, j, c)
    # Units on the way have become units at a scene, which others may divert (rule 6.6).
    allocation_to_be_had(m, world.TAKEN_AT_SCENE, m[j + job.GRADE])
    number = m[a + allocation.NUMBER]
    events.schedule(m, until, events.WORK_ENDS, key, number, events.END_WORK, a)


@helper
def work_ends(m: Memory, a: int) -> None:
    """Work at the scene is complete, or what followed it."""
    now, j = m[world.NOW], m[a + allocation.JOB]
    if m[j + job.ALLOCATION] != a:
        return
    c = m[j + job.CASE]
    if m[a + allocation.STAGE] != allocation.WORK:
        safety.stage_complete(m, a, j, c)
        return
    m[j + job.FINISHED_AT] = now
    u = m[a + allocation.FIRST]
    while u != 0:
        kind = codes.WORK_OF_KIND[m[j + job.KIND]]
        write_unit(m, a, u, kind, m[u + unit.ARRIVES_AT], now, codes.DONE)
        u = m[u + unit.NEXT]
    if c != 0:
        safety.after_work(m, a, j, c)
    else:
        safety.go_away(m, a, j)


@helper
def _case_step_ends(m: Memory, c: int, step: int, number: int, about: int, more: int) -> None:
    if step == task.DESK_LINE:
        m[c + case.DESK_LINE] = 0
        if line_complete(m, c, number, about, more):
            safety.child_found(m, c)
            ask_for_visit(m, c)
    elif step == task.TASKING:
        case_reviews.tasked(m, c, number)
    elif step >= task.CASE_REVIEW:
        case_reviews.case_reviewed(m, c, step, number, about, more)
    else:
        partners.step_complete(m, c, step)
