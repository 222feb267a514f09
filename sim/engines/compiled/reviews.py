"""Reviews of jobs that wait, and the re-THRIVE (rules 7.1 to 7.4)."""

from __future__ import annotations

from sim.engines.compiled import codes, concerns, events
from sim.engines.compiled.case_reviews import discover
from sim.engines.compiled.desks import ask
from sim.engines.compiled.fields import case, concern, job, pool, task, world
from sim.engines.compiled.gate import break_telephone_off
from sim.engines.compiled.jit import Memory, helper
from sim.engines.compiled.queues import regrade, reorder
from sim.engines.compiled.review_clock import begin_again, begin_interval, goes_on
from sim.engines.compiled.signals import nothing_happens
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
        nothing_happens(m)
        return
    number = job.at(m, j).reviews
    level = min(number, m[world.REVIEW_LEVELS] - 1)
    t = ask(m, _reviewer(m, level), j, task.REVIEW, m[world.REVIEW_SECONDS], number)
    the_task = task.at(m, t)
    the_task.about = clock
    the_task.more = level


@helper
def reviewed(m: Memory, j: int, clock: int, level: int) -> None:
    """The end of a review: it counts, discovers, restores a rank (rules 7.1, 7.3, 7.4)."""
    the_job = job.at(m, j)
    the_job.reviews += 1
    _discover(m, j)
    restores = m[world.RESTORES_RANK]
    if restores >= 0 and level >= restores and the_job.lowered != 0:
        the_job.lowered = 0
        reorder(m, j)
    if goes_on(m, j, clock):
        begin_interval(m, j, clock)


@helper
def rethrive_due(m: Memory, j: int) -> None:
    """None once officers are there, and the child of a case safe, of a concern seen (7.2, 4.5)."""
    the_job = job.at(m, j)
    if the_job.telephone_found_at != NEVER:
        return
    if the_job.arrived_at != NEVER and not _goes_on(m, j):
        return
    number = the_job.rethrives
    ask(m, m[world.RETHRIVE_POOL], j, task.RETHRIVE, m[world.RETHRIVE_SECONDS], number)


@helper
def rethriven(m: Memory, j: int) -> None:
    """The end of a re-THRIVE; the next is due as long after it."""
    job.at(m, j).rethrives += 1
    if m[world.CALLS_BACK] != 0:
        _discover(m, j)
    _await_rethrive(m, j)


@helper
def _goes_on(m: Memory, j: int) -> bool:
    """Tell whether a child is missing, or not seen, after the arrival too (rules 11.8, 14.4)."""
    c, n = job.at(m, j).case, job.at(m, j).concern
    if c != 0:
        return bool(case.at(m, c).safe == 0)
    return bool(n != 0 and concern.at(m, n).stage != concern.OVER)


@helper
def _await_rethrive(m: Memory, j: int) -> None:
    due, key = m[world.NOW] + m[world.RETHRIVE_AFTER], job.at(m, j).key
    events.schedule(m, due, events.RETHRIVE, key, codes.NO_NUMBER, events.RETHRIVE_DUE, j)


@helper
def _reviewer(m: Memory, level: int) -> int:
    """Return the level's desk, or the first that stands in for it while nobody is there (7.1)."""
    listed, count = m[m[world.REVIEWERS] + 2 * level], m[m[world.REVIEWERS] + 2 * level + 1]
    for place in range(listed, listed + count):
        if pool.at(m, m[place]).on_duty > 0:
            return int(m[place])
    return int(m[listed])


@helper
def _discover(m: Memory, j: int) -> None:
    """A review finds a rise of risk that has happened (rules 7.3, 11.8, 14.4)."""
    the_job = job.at(m, j)
    c, n = the_job.case, the_job.concern
    if c != 0 and case.at(m, c).under_enquiry != 0:
        discover(m, c)
        return
    if n != 0 and concern.at(m, n).stage == concern.FOLLOWED:
        concerns.discover(m, n)
        return
    if (
        the_job.escalates_at != NEVER
        and the_job.escalates_at <= m[world.NOW]
        and the_job.arrived_at == NEVER
        and the_job.telephone_found_at == NEVER
        and the_job.raised == 0
        and the_job.returned == 0
    ):
        the_job.raised = 1
        regrade(m, j, max(the_job.grade - 1, 1))
        break_telephone_off(m, j, codes.INTERRUPTED)
