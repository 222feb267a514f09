"""Jobs come into the queues and change their place there (rules 4.3, 6.1 to 6.3, 6.7, 3.6)."""

from __future__ import annotations

from sim.engines.compiled import codes, events, journal, waiting
from sim.engines.compiled.fields import case, concern, job, world
from sim.engines.compiled.jit import Memory, helper
from sim.engines.compiled.signals import (
    allocation_to_be_had,
    look_through_queues,
    nothing_happens,
)
from sim.tables import NEVER


@helper
def join(m: Memory, j: int) -> None:
    """A job that is ready joins the queue of its area (rules 4.3, 6.3)."""
    the_job = job.at(m, j)
    now, after = m[world.NOW], m[m[world.STEP_UP] + the_job.grade - 1]
    if after != NEVER:
        due = the_job.graded_at + after
        if due <= now:
            the_job.stepped_up = 1
        else:
            key = the_job.key
            events.schedule(m, due, events.STEP_UP, key, codes.NO_NUMBER, events.STEP_JOB_UP, j)
    wait(m, j)


@helper
def wait(m: Memory, j: int) -> None:
    """A job begins to wait for units, and may borrow some later (rules 6.4, 6.7, 11.4)."""
    job.at(m, j).waiting_since = m[world.NOW]
    enter(m, j)
    _tell_when_borrowing_begins(m, j)


@helper
def enter(m: Memory, j: int) -> None:
    """Put a job in its place in the queue of its area."""
    waiting.enter(m, j, _borrows(m, j))
    look_through_queues(m)


@helper
def reorder(m: Memory, j: int) -> None:
    """Put a job that waits where it now belongs."""
    if job.at(m, j).queued != 0:
        waiting.leave(m, j)
        enter(m, j)


@helper
def borrowing_begins(m: Memory, j: int) -> None:
    """Rule 6.4: others' units may be asked for too, if the job still waits."""
    if job.at(m, j).queued != 0:
        reorder(m, j)
    else:
        nothing_happens(m)


@helper
def step_up(m: Memory, j: int) -> None:
    """Rule 6.3: a job that has never been claimed steps up."""
    the_job = job.at(m, j)
    if the_job.claimed_at == NEVER:
        the_job.stepped_up = 1
        reorder(m, j)
    else:
        nothing_happens(m)


@helper
def regrade(m: Memory, j: int, grade: int) -> None:
    """Change the grade; the first rise and the first fall are recorded (rule 3.6)."""
    the_job = job.at(m, j)
    now, before = m[world.NOW], the_job.grade
    if grade == before:
        return
    field = job.UPGRADED_AT if grade < before else job.DOWNGRADED_AT
    if m[j + field] == NEVER:
        m[j + field] = now
    if (
        the_job.kind == job.INCIDENT
        and the_job.claimed_at == NEVER
        and the_job.telephone_found_at == NEVER
    ):
        count_unclaimed(m, j, -1)
        m[m[world.UNCLAIMED] + m[world.GRADES] * the_job.area + grade - 1] += 1
    if the_job.queued != 0:
        waiting.leave(m, j)
        the_job.grade = grade
        enter(m, j)
        _tell_when_borrowing_begins(m, j)
    else:
        the_job.grade = grade
        if the_job.allocation != 0:
            # Others may divert its units that could not before.
            allocation_to_be_had(m, world.TAKEN_ON_THE_WAY, grade)
            allocation_to_be_had(m, world.TAKEN_AT_SCENE, grade)


@helper
def count_unclaimed(m: Memory, j: int, more: int) -> None:
    """An incident is among those of its area and grade that were never claimed, or no longer."""
    the_job = job.at(m, j)
    m[m[world.UNCLAIMED] + m[world.GRADES] * the_job.area + the_job.grade - 1] += more


@helper
def ask_others(m: Memory, j: int, stream: int) -> None:
    """A line or a visit is asked of other people from now on (rules 11.4, 11.6)."""
    the_job = job.at(m, j)
    if the_job.queued != 0:
        waiting.leave(m, j)
        the_job.stream = stream
        enter(m, j)
    else:
        the_job.stream = stream


@helper
def number_awaited(m: Memory, j: int) -> int:
    """Return the number of the job's next allocation; a case's errands are numbered on (11.4)."""
    the_job = job.at(m, j)
    if the_job.kind == job.INCIDENT:
        return int(the_job.allocations)
    if the_job.kind == job.REVISIT:
        return int(concern.at(m, the_job.concern).allocations)
    return int(case.at(m, the_job.case).allocations)


@helper
def write_wait(m: Memory, j: int, now: int, why: int) -> None:
    """Write the job's wait for units, up to now (rule 10.3)."""
    the_job = job.at(m, j)
    kind, number = codes.WAIT_OF_KIND[the_job.kind], number_awaited(m, j)
    since = the_job.waiting_since
    journal.write_wait(m, the_job.key, codes.NOBODY, kind, number, since, now, why)


@helper
def _borrows(m: Memory, j: int) -> int:
    """Tell whether others' units may be borrowed by now (rule 6.4); never for errands (11.4)."""
    the_job = job.at(m, j)
    after = m[m[world.BORROW_AFTER] + the_job.grade - 1]
    if the_job.kind != job.INCIDENT or after == NEVER:
        return 0
    return 1 if m[world.NOW] - the_job.ready_at >= after else 0


@helper
def _tell_when_borrowing_begins(m: Memory, j: int) -> None:
    the_job = job.at(m, j)
    after = m[m[world.BORROW_AFTER] + the_job.grade - 1]
    if the_job.kind != job.INCIDENT or after == NEVER or the_job.borrows != 0:
        return
    begins, key = the_job.ready_at + after, the_job.key
    events.schedule(m, begins, events.BORROWING, key, codes.NO_NUMBER, events.BORROWING_BEGINS, j)
