"""When a job that waits is next reviewed (rule 7.1)."""

from __future__ import annotations

from sim.engines.compiled import events
from sim.engines.compiled.fields import job, world
from sim.engines.compiled.jit import Memory, helper
from sim.tables import NEVER


@helper
def begin_again(m: Memory, j: int) -> None:
    """At grading, and when a job goes back to its queue, a new clock takes the old one's place."""
    if m[world.REVIEWED] != 0:
        m[j + job.REVIEW_ROUND] += 1
        begin_interval(m, j, m[j + job.REVIEW_ROUND])


@helper
def begin_interval(m: Memory, j: int, clock: int) -> None:
    """The interval is that of the grade held now; NEVER: no review until it goes back again."""
    after = m[m[world.REVIEW_AFTER] + m[j + job.GRADE] - 1]
    if after != NEVER:
        due, key = m[world.NOW] + after, m[j + job.KEY]
        events.schedule(m, due, events.REVIEW, key, clock, events.REVIEW_DUE, j)


@helper
def goes_on(m: Memory, j: int, clock: int) -> bool:
    """Tell whether this clock of the job's still counts."""
    return bool(
        m[j + job.ALLOCATION] == 0
        and m[j + job.FINISHED_AT] == NEVER
        and m[j + job.REVIEW_ROUND] == clock
    )
