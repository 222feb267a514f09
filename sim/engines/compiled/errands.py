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
    the_line = line.at(m, fate)
    grade = m[m[world.ENQUIRY_GRADE] + class_of_case(m, c)]
    incident = case.at(m, c).job
    j = ask_for_errand(m, incident, job.LINE_OF_ENQUIRY, line_asked_of(m, c), grade)
    the_job = job.at(m, j)
    the_job.case = c
    the_job.officers = the_line.officers
    the_job.base_travel_seconds = the_line.base_travel_seconds
    the_job.scene_seconds = the_line.work_seconds
    the_job.line = number
    the_job.finds = finds
    the_job.again = again
    case.at(m, c).line = j
    wait(m, j)


@helper
def ask_for_visit(m: Memory, c: int) -> None:
    """Somebody is to see the child (rule 12.3)."""
    the_case = case.at(m, c)
    incident, grade = the_case.job, m[world.INTERVIEW_GRADE]
    j = ask_for_errand(m, incident, job.VISIT, visit_asked_of(m, c), grade)
    the_job = job.at(m, j)
    the_job.case = c
    the_job.officers = the_case.interview_officers
    the_job.base_travel_seconds = the_case.interview_travel_seconds
    the_job.scene_seconds = job.at(m, the_case.job).interview_seconds
    the_case.visit = j
    wait(m, j)


@helper
def ask_for_relief(m: Memory, c: int, a: int) -> None:
    """Others are to stay with a child in protection in place of these units (rule 12.4d)."""
    the_case = case.at(m, c)
    incident, grade = the_case.job, m[world.RELIEF_GRADE]
    # A case that never was under enquiry has had no errand before (rule 11.4d).
    the_case.allocations = max(the_case.allocations, job.at(m, incident).allocations)
    j = ask_for_errand(m, incident, job.RELIEF, visit_asked_of(m, c), grade)
    the_job = job.at(m, j)
    the_job.case = c
    the_job.officers = m[world.RELIEF_OFFICERS]
    the_job.base_travel_seconds = the_case.interview_travel_seconds
    the_case.visit = j
    the_case.relieved = a
    wait(m, j)


@helper
def line_asked_of(m: Memory, c: int) -> int:
    """Return who is asked for a line now: a place beyond the streams', by owner and class."""
    owner = area.at(m, m[world.AREAS] + area.SIZE * job.at(m, case.at(m, c).job).area).owner
    return int(m[world.STREAMS] + owner * CLASSES + class_of_case(m, c))


@helper
def visit_asked_of(m: Memory, c: int) -> int:
    """Return who is asked for a visit now: a place beyond those of lines, by owner."""
    owner = area.at(m, m[world.AREAS] + area.SIZE * job.at(m, case.at(m, c).job).area).owner
    return int(m[world.STREAMS] + 2 * CLASSES + owner)


@helper
def reading_in(m: Memory, c: int) -> int:
    """Return what the line now begun takes more, if the case was handed over before it (11.6)."""
    the_case = case.at(m, c)
    seconds = m[world.READING_IN_SECONDS] if the_case.to_read_in != 0 else 0
    the_case.to_read_in = 0
    return int(seconds)


@helper
def ask_for_errand(m: Memory, incident: int, kind: int, stream: int, grade: int) -> int:
    """Return a job for an incident that is ready at once, with the age of this second."""
    now = m[world.NOW]
    j = new_thing(m, job.SIZE)
    put_nothing(m, j, job.FATES_OF_ALL)
    put_nothing(m, j, job.OUTCOMES_OF_ALL)
    begin_job(m, j)
    put_nothing(m, j, job.FATES_OF_SENT)
    job.at(m, j).key = job.at(m, incident).key
    job.at(m, j).kind = kind
    job.at(m, j).stream = stream
    job.at(m, j).area = job.at(m, incident).area
    job.at(m, j).grade = grade
    job.at(m, j).risk = job.at(m, incident).risk
    job.at(m, j).reported_at = now
    job.at(m, j).graded_at = now
    job.at(m, j).ready_at = now
    return j
