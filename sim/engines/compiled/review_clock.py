"""When a job that waits is next reviewed (rule 7.1)."""

from __future__ import annotations

from sim.engines.compiled import events
from sim.engines.compiled.fields import job, world
from sim.engines.compiled.jit import Memory, helper
from sim.tables import NEVER


@helper
def begin_again(m: Memory, j: int) -> None:
    """At grading, and when a job goes back to its queue, a new clock takes the old one's place."""
    the_job = job.at(m, j)
    if m[world.REVIEWED] != 0:
        the_job.review_round += 1
        begin_interval(m, j, the_job.review_round)


@helper
def begin_interval(m: Memory, j: int, clock: int) -> None:
    """The interval is that of the grade held now; NEVER: no review until it goes back again."""
    the_job = job.at(m, j)
    after = m[m[world.REVIEW_AFTER] + the_job.grade - 1]
    if after != NEVER:
        due, key = m[world.NOW] + after, the_job.key
        events.schedule(m, due, events.REVIEW, key, clock, events.REVIEW_DUE, j)


@helper
def goes_on(m: Memory, j: int, clock: int) -> bool:
    """Tell whether this clock of the job's still counts."""
    the_job = job.at(m, j)
    return bool(
        the_job.allocation == 0 and the_job.finished_at == NEVER and the_job.review_round == clock
    )
