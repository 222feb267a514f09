"""Jobs begin: what is not drawn of an incident is settled when it is reported.

Not when it is loaded: a simulation's jobs are more than the processor's cache holds, and would have
to be brought into it once more.
"""

from __future__ import annotations

from sim.engines.compiled.fields import job
from sim.engines.compiled.jit import Memory, helper
from sim.tables import NEVER, NONE


@helper
def begin_report(m: Memory, j: int) -> None:
    """Nothing has become of it yet, whoever deals with it."""
    for place in range(j + job.ANSWERED_AT, j + job.REPORT_SIZE):
        m[place] = NEVER
    if m[j + job.KIND] == job.INCIDENT:
        begin_job(m, j)


@helper
def begin_job(m: Memory, j: int) -> None:
    """Nothing has become of a job yet, and nobody has been asked for it."""
    for place in range(j + job.ASSESSED_AT, j + job.FINAL_GRADE):
        m[place] = NEVER
    m[j + job.FINAL_GRADE] = NONE
    m[j + job.ATTENDED_BY] = NONE
    for place in range(j + job.HELD, j + job.WORK_LEFT):
        m[place] = 0
    m[j + job.WORK_LEFT] = NEVER
