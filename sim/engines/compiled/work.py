"""What ends: a task, the way there, work at a scene (rules 1.3, 6.9, 9.2, 12)."""

from __future__ import annotations

from sim.engines.compiled import (
    attendance,
    callers,
    case_reviews,
    codes,
    concerns,
    control_room,
    events,
    gate,
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
from sim.engines.compiled.signals import allocation_to_be_had, nothing_happens
from sim.tables import NEVER


@helper
def task_ends(m: Memory, t: int) -> None:
    """A task is done, or a step in nobody's time: what follows it."""
    the_task = task.at(m, t)
    j, step, number = the_task.job, the_task.step, the_task.number
    the_job = job.at(m, j)
    about, more = the_task.about, the_task.more
    if step == task.CALL and number == codes.SWITCH:
        release(m, t)
        give_back(m, t)
        callers.wait_for_call_taker(m, j)
        return
    if step == task.CALL and the_job.kind == job.INCIDENT:
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
        the_job.finished_at = m[world.NOW]
    elif step == task.CALL:
        control_room.call_alone_ends(m, j)
    elif step == task.TELEPHONE:
        gate.telephone_ends(m, j, t)
    else:
        _case_step_ends(m, the_job.case, step, number, about, more)


@helper
def units_arrive(m: Memory, a: int) -> None:
    """Some or all units of an allocation are there (rule 6.9)."""
    the_allocation = allocation.at(m, a)
    j = the_allocation.job
    the_job = job.at(m, j)
    if the_job.allocation != a:
        nothing_happens(m)
        return
    attendance.arrive(m, a)
    c = the_job.case
    if the_job.work_left == NEVER:
        attendance.settle_work(m, j)
        if c != 0:
            safety.reached(m, j, c)
    if attendance.next_arrival(m, a):
        return
    if the_job.kind == job.RELIEF:
        the_job.work_left = case.at(m, c).protected_until - m[world.NOW]
    until, key = m[world.NOW] + the_job.work_left, the_job.key
    the_allocation.working = 1
    the_allocation.works_until = until
    if c != 0:
        safety.work_begins(m, a, j, c)
    # Units on the way have become units at a scene, which others may divert (rule 6.6).
    allocation_to_be_had(m, world.TAKEN_AT_SCENE, the_job.grade)
    number = the_allocation.number
    events.schedule(m, until, events.WORK_ENDS, key, number, events.END_WORK, a)


@helper
def work_ends(m: Memory, a: int) -> None:
    """Work at the scene is complete, or what followed it."""
    the_allocation = allocation.at(m, a)
    now, j = m[world.NOW], the_allocation.job
    the_job = job.at(m, j)
    if the_job.allocation != a:
        nothing_happens(m)
        return
    c = the_job.case
    if the_allocation.stage != allocation.WORK:
        safety.stage_complete(m, a, j, c)
        return
    the_job.finished_at = now
    u = the_allocation.first
    while u != 0:
        kind = codes.WORK_OF_KIND[the_job.kind]
        write_unit(m, a, u, kind, unit.at(m, u).arrives_at, now, codes.DONE)
        u = unit.at(m, u).next
    if c != 0:
        safety.after_work(m, a, j, c)
    else:
        safety.go_away(m, a, j)
        if the_job.concern != 0:
            concerns.visited(m, the_job.concern)


@helper
def _case_step_ends(m: Memory, c: int, step: int, number: int, about: int, more: int) -> None:
    if step == task.DESK_LINE:
        case.at(m, c).desk_line = 0
        if line_complete(m, c, number, about, more):
            safety.child_found(m, c)
            ask_for_visit(m, c)
    elif step == task.TASKING:
        case_reviews.tasked(m, c, number)
    elif step >= task.CASE_REVIEW:
        case_reviews.case_reviewed(m, c, step, number, about, more)
    else:
        partners.step_complete(m, c, step)
