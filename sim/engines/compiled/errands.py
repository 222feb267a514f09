"""Jobs of a case after its first attendance: lines of enquiry and visits (rules 11.4, 12.3)."""

from __future__ import annotations

from sim.engines.compiled.fields import area, case, job, line, world
from sim.engines.compiled.jit import Memory, helper
from sim.engines.compiled.memory import new_thing, put_nothing
from sim.engines.compiled.queues import wait
from sim.engines.compiled.ranks import class_of_case
from sim.engines.compiled.reports import begin_job
from sim.tables import CLASSES


@helper
def ask_for_line(m: Memory, c: int, fate: int, number: int, finds: int, again: int) -> None:
    """A line of enquiry joins the queue of its area (rule 11.4)."""
    grade = m[m[world.ENQUIRY_GRADE] + class_of_case(m, c)]
    j = _errand(m, c, job.LINE_OF_ENQUIRY, line_asked_of(m, c), grade)
    m[j + job.OFFICERS] = m[fate + line.OFFICERS]
    m[j + job.BASE_TRAVEL_SECONDS] = m[fate + line.BASE_TRAVEL_SECONDS]
    m[j + job.SCENE_SECONDS] = m[fate + line.WORK_SECONDS]
    m[j + job.LINE] = number
    m[j + job.FINDS] = finds
    m[j + job.AGAIN] = again
    m[c + case.LINE] = j
    wait(m, j)


@helper
def ask_for_visit(m: Memory, c: int) -> None:
    """Somebody is to see the child (rule 12.3)."""
    j = _errand(m, c, job.VISIT, visit_asked_of(m, c), m[world.INTERVIEW_GRADE])
    m[j + job.OFFICERS] = m[c + case.INTERVIEW_OFFICERS]
    m[j + job.BASE_TRAVEL_SECONDS] = m[c + case.INTERVIEW_TRAVEL_SECONDS]
    m[j + job.SCENE_SECONDS] = m[m[c + case.JOB] + job.INTERVIEW_SECONDS]
    m[c + case.VISIT] = j
    wait(m, j)


@helper
def line_asked_of(m: Memory, c: int) -> int:
    """Return who is asked for a line now: a place beyond the streams', by owner and class."""
    owner = m[m[world.AREAS] + area.SIZE * m[m[c + case.JOB] + job.AREA] + area.OWNER]
    return int(m[world.STREAMS] + owner * CLASSES + class_of_case(m, c))


@helper
def visit_asked_of(m: Memory, c: int) -> int:
    """Return who is asked for a visit now: a place beyond those of lines, by owner."""
    owner = m[m[world.AREAS] + area.SIZE * m[m[c + case.JOB] + job.AREA] + area.OWNER]
    return int(m[world.STREAMS] + 2 * CLASSES + owner)


@helper
def reading_in(m: Memory, c: int) -> int:
    """Return what the line now begun takes more, if the case was handed over before it (11.6)."""
    seconds = m[world.READING_IN_SECONDS] if m[c + case.TO_READ_IN] != 0 else 0
    m[c + case.TO_READ_IN] = 0
    return int(seconds)


@helper
def _errand(m: Memory, c: int, kind: int, stream: int, grade: int) -> int:
    """Return a job of the case that is ready at once, with the age of this second."""
    now, incident = m[world.NOW], m[c + case.JOB]
    j = new_thing(m, job.SIZE)
    put_nothing(m, j, job.FATES_OF_ALL)
    put_nothing(m, j, job.OUTCOMES_OF_ALL)
    begin_job(m, j)
    put_nothing(m, j, job.FATES_OF_SENT)
    m[j + job.KEY] = m[c + case.KEY]
    m[j + job.KIND] = kind
    m[j + job.CASE] = c
    m[j + job.STREAM] = stream
    m[j + job.AREA] = m[incident + job.AREA]
    m[j + job.GRADE] = grade
    m[j + job.RISK] = m[incident + job.RISK]
    m[j + job.REPORTED_AT] = now
    m[j + job.GRADED_AT] = now
    m[j + job.READY_AT] = now
    return j
