"""Jobs come into the queues and change their place there (rules 4.3, 6.1 to 6.3, 6.7, 3.6)."""

from __future__ import annotations

from sim.engines.compiled import codes, events, journal, waiting
from sim.engines.compiled.fields import case, job, world
from sim.engines.compiled.jit import Memory, helper
from sim.engines.compiled.signals import allocation_to_be_had, look_through_queues
from sim.tables import NEVER


@helper
def join(m: Memory, j: int) -> None:
    """A job that is ready joins the queue of its area (rules 4.3, 6.3)."""
    now, after = m[world.NOW], m[m[world.STEP_UP] + m[j + job.GRADE] - 1]
    if after != NEVER:
        due = m[j + job.GRADED_AT] + after
        if due <= now:
            m[j + job.STEPPED_UP] = 1
        else:
            key = m[j + job.KEY]
            events.schedule(m, due, events.STEP_UP, key, codes.NO_NUMBER, events.STEP_JOB_UP, j)
    wait(m, j)


@helper
def wait(m: Memory, j: int) -> None:
    """A job begins to wait for units, and may borrow some later (rules 6.4, 6.7, 11.4)."""
    m[j + job.WAITING_SINCE] = m[world.NOW]
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
    if m[j + job.QUEUED] != 0:
        waiting.leave(m, j)
        enter(m, j)


@helper
def step_up(m: Memory, j: int) -> None:
    """Rule 6.3: a job that has never been claimed steps up."""
    if m[j + job.CLAIMED_AT] == NEVER:
        m[j + job.STEPPED_UP] = 1
        reorder(m, j)


@helper
def regrade(m: Memory, j: int, grade: int) -> None:
    """Change the grade; the first rise and the first fall are recorded (rule 3.6)."""
    now, before = m[world.NOW], m[j + job.GRADE]
    if grade == before:
        return
    field = job.UPGRADED_AT if grade < before else job.DOWNGRADED_AT
    if m[j + field] == NEVER:
        m[j + field] = now
    if m[j + job.QUEUED] != 0:
        waiting.leave(m, j)
        m[j + job.GRADE] = grade
        enter(m, j)
        _tell_when_borrowing_begins(m, j)
    else:
        m[j + job.GRADE] = grade
        if m[j + job.ALLOCATION] != 0:
            # Others may divert its units that could not before.
            allocation_to_be_had(m, world.TAKEN_ON_THE_WAY, grade)
            allocation_to_be_had(m, world.TAKEN_AT_SCENE, grade)


@helper
def ask_others(m: Memory, j: int, stream: int) -> None:
    """A line or a visit is asked of other people from now on (rules 11.4, 11.6)."""
    if m[j + job.QUEUED] != 0:
        waiting.leave(m, j)
        m[j + job.STREAM] = stream
        enter(m, j)
    else:
        m[j + job.STREAM] = stream


@helper
def number_awaited(m: Memory, j: int) -> int:
    """Return the number of the job's next allocation; a case's errands are numbered on (11.4)."""
    if m[j + job.KIND] == job.INCIDENT:
        return int(m[j + job.ALLOCATIONS])
    return int(m[m[j + job.CASE] + case.ALLOCATIONS])


@helper
def write_wait(m: Memory, j: int, now: int, why: int) -> None:
    """Write the job's wait for units, up to now (rule 10.3)."""
    kind, number = codes.WAIT_OF_KIND[m[j + job.KIND]], number_awaited(m, j)
    since = m[j + job.WAITING_SINCE]
    journal.write_wait(m, m[j + job.KEY], codes.NOBODY, kind, number, since, now, why)


@helper
def _borrows(m: Memory, j: int) -> int:
    """Tell whether others' units may be borrowed by now (rule 6.4); never for errands (11.4)."""
    after = m[m[world.BORROW_AFTER] + m[j + job.GRADE] - 1]
    if m[j + job.KIND] != job.INCIDENT or after == NEVER:
        return 0
    return 1 if m[world.NOW] - m[j + job.READY_AT] >= after else 0


@helper
def _tell_when_borrowing_begins(m: Memory, j: int) -> None:
    after = m[m[world.BORROW_AFTER] + m[j + job.GRADE] - 1]
    if m[j + job.KIND] != job.INCIDENT or after == NEVER or m[j + job.BORROWS] != 0:
        return
    begins, key = m[j + job.READY_AT] + after, m[j + job.KEY]
    events.schedule(m, begins, events.BORROWING, key, codes.NO_NUMBER, events.BORROWING_BEGINS, j)
