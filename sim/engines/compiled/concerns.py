"""Welfare concerns: somebody goes again until the child is seen (rules 14.1 to 14.4)."""

from __future__ import annotations

from sim.engines.compiled import events
from sim.engines.compiled.errands import ask_for_errand
from sim.engines.compiled.fields import concern, job, visit, world
from sim.engines.compiled.jit import Memory, helper
from sim.engines.compiled.queues import regrade, wait
from sim.engines.compiled.signals import nothing_happens
from sim.tables import CLASSES, DAY, NEVER


@helper
def visited(m: Memory, n: int) -> None:
    """The first attendance, or a re-visit, is complete: the child is seen, or the next is due."""
    the_concern = concern.at(m, n)
    the_job = job.at(m, the_concern.job)
    if the_concern.stage == concern.NOT_YET:
        the_concern.stage = concern.FOLLOWED
        the_concern.allocations = the_job.allocations
    the_concern.revisit = 0
    if visit.at(m, _fate(m, n)).sees != 0 and the_job.seen_at == NEVER:
        the_job.seen_at = m[world.NOW]
    the_concern.visit += 1
    if the_job.seen_at != NEVER or the_concern.visit == the_concern.visit_count:
        the_concern.stage = concern.OVER
    else:
        _begin_gap(m, n)


@helper
def revisit_due(m: Memory, n: int, gap: int) -> None:
    """The end of a gap, unless a rise of risk has ended it (rule 14.4)."""
    the_concern = concern.at(m, n)
    if the_concern.gap == gap and the_concern.gap_passes != 0:
        _go_again(m, n)
    else:
        nothing_happens(m)


@helper
def discover(m: Memory, n: int) -> None:
    """A re-THRIVE finds a rise of risk that has happened (rule 14.4)."""
    the_concern = concern.at(m, n)
    the_job = job.at(m, the_concern.job)
    risen = the_job.escalates_at != NEVER and the_job.escalates_at <= m[world.NOW]
    if not risen or the_job.raised != 0:
        return
    the_job.raised = 1
    if the_concern.revisit != 0:
        regrade(m, the_concern.revisit, 1)
    elif the_concern.gap_passes != 0:
        _go_again(m, n)


@helper
def _begin_gap(m: Memory, n: int) -> None:
    """It passes on to the hours in which somebody is visited (rule 14.2)."""
    the_concern = concern.at(m, n)
    due = m[world.NOW] + visit.at(m, _fate(m, n)).gap_seconds
    second, opens = due % DAY, m[world.VISIT_FROM]
    if second >= m[world.VISIT_UNTIL]:
        due += DAY - second + opens
    elif second < opens:
        due += opens - second
    the_concern.gap += 1
    the_concern.gap_passes = 1
    key = job.at(m, the_concern.job).key
    events.schedule(m, due, events.LINE, key, the_concern.gap, events.REVISIT_DUE, n)


@helper
def _go_again(m: Memory, n: int) -> None:
    """A re-visit joins the queue of its area (rule 14.2)."""
    the_concern = concern.at(m, n)
    the_concern.gap_passes = 0
    the_visit = visit.at(m, _fate(m, n))
    asked = m[world.STREAMS] + 2 * CLASSES + 2
    grade = 1 if job.at(m, the_concern.job).raised != 0 else m[world.CONCERN_GRADE]
    j = ask_for_errand(m, the_concern.job, job.REVISIT, asked, grade)
    job.at(m, j).concern = n
    job.at(m, j).officers = the_visit.officers
    job.at(m, j).base_travel_seconds = the_visit.base_travel_seconds
    job.at(m, j).scene_seconds = the_visit.work_seconds
    the_concern.revisit = j
    wait(m, j)


@helper
def _fate(m: Memory, n: int) -> int:
    """Return the visit that is next, or at work, as drawn."""
    the_concern = concern.at(m, n)
    return int(the_concern.visits + visit.SIZE * the_concern.visit)
