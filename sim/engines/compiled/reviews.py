"""Reviews of jobs that wait, and the re-THRIVE (rules 7.1 to 7.4)."""

from __future__ import annotations

from sim.engines.compiled import codes, events, rethrive_queue
from sim.engines.compiled.case_reviews import discover
from sim.engines.compiled.desks import ask
from sim.engines.compiled.fields import case, job, pool, task, world
from sim.engines.compiled.jit import Memory, helper
from sim.engines.compiled.queues import regrade, reorder
from sim.engines.compiled.review_clock import begin_again, begin_interval, goes_on
from sim.tables import NEVER


@helper
def begin_clocks(m: Memory, j: int) -> None:
    """Both clocks begin when a job is graded."""
    begin_again(m, j)
    if m[world.RETHRIVEN] != 0:
        _await_rethrive(m, j)


@helper
def review_due(m: Memory, j: int, clock: int) -> None:
    """A review is asked for, if the job still waits by this clock (rule 7.1)."""
    if not goes_on(m, j, clock):
        return
    number = m[j + job.REVIEWS]
    level = min(number, m[world.REVIEW_LEVELS] - 1)
    t = ask(m, _reviewer(m, level), j, task.REVIEW, m[world.REVIEW_SECONDS], number)
    m[t + task.ABOUT] = clock
    m[t + task.MORE] = level


@helper
def reviewed(m: Memory, j: int, clock: int, level: int) -> None:
    """The end of a review: it counts, discovers, restores a rank (rules 7.1, 7.3, 7.4)."""
    m[j + job.REVIEWS] += 1
    _discover(m, j)
    restores = m[world.RESTORES_RANK]
    if restores >= 0 and level >= restores and m[j + job.LOWERED] != 0:
        m[j + job.LOWERED] = 0
        reorder(m, j)
    if goes_on(m, j, clock):
        begin_interval(m, j, clock)


@helper
def rethrive_due(m: Memory, j: int) -> None:
    """None is asked for once officers are there, and of a case the child safe (7.2, 11.8)."""
    if m[j + job.ARRIVED_AT] != NEVER:
        c = m[j + job.CASE]
        if c == 0 or m[c + case.SAFE] != 0:
            return
    number = m[j + job.RETHRIVES]
    ask(m, m[world.RETHRIVE_POOL], j, task.RETHRIVE, m[world.RETHRIVE_SECONDS], number)


@helper
def rethriven(m: Memory, j: int) -> None:
    """The end of a re-THRIVE; the next is due as long after it."""
    m[j + job.RETHRIVES] += 1
    if m[world.CALLS_BACK] != 0:
        _discover(m, j)
    _await_rethrive(m, j)


@helper
def _await_rethrive(m: Memory, j: int) -> None:
    m[j + job.RETHRIVE_AT] = m[world.NOW] + m[world.RETHRIVE_AFTER]
    rethrive_queue.put(m, j)
    due = events.due_at(m[j + job.RETHRIVE_AT], codes.NO_NUMBER, events.RETHRIVE)
    if due < m[world.KNOWN_DUE]:
        m[world.KNOWN_DUE] = due
        m[world.KNOWN_KIND] = events.RETHRIVE


@helper
def _reviewer(m: Memory, level: int) -> int:
    """Return the level's desk, or the first that stands in for it while nobody is there (7.1)."""
    listed, count = m[m[world.REVIEWERS] + 2 * level], m[m[world.REVIEWERS] + 2 * level + 1]
    for place in range(listed, listed + count):
        if m[m[place] + pool.ON_DUTY] > 0:
            return int(m[place])
    return int(m[listed])


@helper
def _discover(m: Memory, j: int) -> None:
    """A review finds a rise of risk that has happened (rules 7.3, 11.8)."""
    c = m[j + job.CASE]
    if c != 0 and m[c + case.UNDER_ENQUIRY] != 0:
        discover(m, c)
        return
    if (
        m[j + job.ESCALATES_AT] != NEVER
        and m[j + job.ESCALATES_AT] <= m[world.NOW]
        and m[j + job.ARRIVED_AT] == NEVER
        and m[j + job.RAISED] == 0
        and m[j + job.RETURNED] == 0
    ):
        m[j + job.RAISED] = 1
        regrade(m, j, max(m[j + job.GRADE] - 1, 1))
