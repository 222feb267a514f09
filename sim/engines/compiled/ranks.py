"""The order of jobs (rules 6.1 and 6.2), and the class of a case (rule 11.4)."""

from __future__ import annotations

from sim.engines.compiled.fields import case, job, world
from sim.engines.compiled.jit import Memory, helper
from sim.tables import COHORT


@helper
def rank_of(m: Memory, j: int) -> int:
    """Return the rank that the job has now."""
    the_job = job.at(m, j)
    grade = the_job.grade
    if the_job.kind != job.INCIDENT:
        return int(grade)
    rank = grade - the_job.stepped_up + the_job.lowered
    rank += the_job.returned * m[world.RETURNED_RANKS_LOWER]
    return int(max(1, rank))


@helper
def class_of_case(m: Memory, c: int) -> int:
    """Return the risk level held, or the exploitation cohort."""
    the_case = case.at(m, c)
    if the_case.cohort != 0:
        return COHORT
    return int(job.at(m, the_case.job).risk)
