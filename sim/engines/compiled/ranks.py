"""The order of jobs (rules 6.1 and 6.2), and the class of a case (rule 11.4)."""

from __future__ import annotations

from sim.engines.compiled.fields import case, job, world
from sim.engines.compiled.jit import Memory, helper
from sim.tables import COHORT


@helper
def rank_of(m: Memory, j: int) -> int:
    """Return the rank that the job has now."""
    grade = m[j + job.GRADE]
    if m[j + job.KIND] != job.INCIDENT:
        return int(grade)
    rank = grade - m[j + job.STEPPED_UP] + m[j + job.LOWERED]
    rank += m[j + job.RETURNED] * m[world.RETURNED_RANKS_LOWER]
    return int(max(1, rank))


@helper
def class_of_case(m: Memory, c: int) -> int:
    """Return the risk level held, or the exploitation cohort."""
    if m[c + case.COHORT] != 0:
        return COHORT
    return int(m[m[c + case.JOB] + job.RISK])
