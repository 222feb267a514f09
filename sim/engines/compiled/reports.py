"""Jobs begin: what is not drawn of an incident is settled when it is reported.

Not when it is loaded: a simulation's jobs are more than the processor's cache holds, and would have
to be brought into it once more.
"""

from __future__ import annotations

from sim.engines.compiled.fields import job
from sim.engines.compiled.jit import Memory, helper
from sim.engines.compiled.memory import put_nothing
from sim.tables import NEVER


@helper
def begin_report(m: Memory, j: int) -> None:
    """Nothing has become of it yet, whoever deals with it."""
    put_nothing(m, j, job.OUTCOMES_OF_ALL)
    if job.at(m, j).kind == job.INCIDENT:
        begin_job(m, j)


@helper
def begin_job(m: Memory, j: int) -> None:
    """Nothing has become of a job yet, and nobody has been asked for it."""
    put_nothing(m, j, job.OUTCOMES_OF_SENT)
    for place in range(j + job.WAITING_CLASS, j + job.WORK_LEFT):
        m[place] = 0
    job.at(m, j).work_left = NEVER
