"""Jobs of a case after its first attendance: lines of enquiry and visits (rules 11.4, 12.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, TypeVar

from sim.engines.reference.job import Job, Order
from sim.tables import NEVER, NONE, Activity, Policy

if TYPE_CHECKING:
    from sim.engines.reference.case import Case


@dataclass(slots=True, eq=False)
class Errand(Job):
    """A job for a case that is under enquiry, or whose child is back.

    Its ``stream`` is a place beyond those of the streams: who may be asked (`Choice.errands`).
    """

    case: Case

    @property
    def is_over(self) -> bool:
        """Tell whether nobody needs it any more: its work is only finished (rule 12.1)."""
        return False

    def rank_order(self, policy: Policy) -> Order:  # noqa: ARG002 (no rule of 6.2 applies)
        """Rule 11.4: by grade, then by the second in which it was asked for."""
        return (self.grade, 0, self.reported_at, self.key)

    @property
    def next_number(self) -> int:
        """Number of the allocation that it waits for; an incident's are numbered on."""
        return self.case.allocations

    def take_number(self) -> int:
        """Count an allocation, and return its number."""
        self.allocations += 1
        self.case.allocations += 1
        return self.case.allocations - 1


@dataclass(slots=True, eq=False)
class Line(Errand):
    """A line of enquiry that units do."""

    number: int
    finds: bool
    again: bool
    wait: ClassVar[Activity] = Activity.WAIT_ENQUIRY
    work: ClassVar[Activity] = Activity.ENQUIRY

    @property
    def is_over(self) -> bool:
        """The child is back, or found."""
        return not self.case.under_enquiry


@dataclass(slots=True, eq=False)
class Visit(Errand):
    """The prevention interview of a child who is back."""

    wait: ClassVar[Activity] = Activity.WAIT_VISIT
    work: ClassVar[Activity] = Activity.INTERVIEW


E_ = TypeVar("E_", bound=Errand)


def errand(
    kind: type[E_],
    case: Case,
    now: int,
    *,
    stream: int,
    grade: int,
    officers: int,
    travel_seconds: int,
    work_seconds: int,
    **more: int,
) -> E_:
    """An errand that is asked for now, and ready at once."""
    job = case.job
    made = kind(
        key=job.key,
        reported_at=now,
        origin=job.origin,
        grade=grade,
        risk=job.risk,
        thrive_seconds=0,
        wrap_seconds=0,
        desk_pool=NONE,
        desk_seconds=0,
        stream=stream,
        area=job.area,
        ratified_risk=job.risk,
        return_at=NEVER,
        escalates_at=NEVER,
        vulnerable=job.vulnerable,
        assessment_seconds=NEVER,
        research_seconds=NEVER,
        ratification_seconds=NEVER,
        ratified_grade=grade,
        held_parts=0,
        rank_parts=0,
        officers=officers,
        base_travel_seconds=travel_seconds,
        scene_seconds=work_seconds,
        interview_seconds=work_seconds,
        custody_seconds=0,
        writing_seconds=0,
        case=case,
        **more,
    )
    made.graded_at = made.ready_at = now
    return made
