"""What is known of reports, of the jobs that they make, and of cases: drawn, and as it comes about.

A row of a table is a record here, and nothing but a record: what happens is told elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple, TypeAlias

from simpy import Event, Process

from sim.engines.reference.units import Unit, UnitPool
from sim.tables import COHORT, NEVER, NONE, Activity, CaseEnd, Policy

Order: TypeAlias = tuple[int, int, int, int]
"""A place in the queue of an area (rule 6.1)."""

Asked: TypeAlias = tuple[tuple[UnitPool, ...], tuple[UnitPool, ...]]
"""Pools that may be asked for a job, first asked first: its own, and those to borrow from."""


@dataclass(slots=True, eq=False)
class Report:
    """A row of the incidents table that a desk deals with alone: a call, or other work."""

    key: int
    reported_at: int
    origin: int
    grade: int
    risk: int
    thrive_seconds: int
    wrap_seconds: int
    desk_pool: int
    desk_seconds: int

    answered_at: int = field(init=False, default=NEVER)
    graded_at: int = field(init=False, default=NEVER)
    finished_at: int = field(init=False, default=NEVER)


@dataclass(slots=True, eq=False)
class Job:
    """What units are sent to: what the queue and those who attend have to know of it."""

    wait: ClassVar[Activity]
    """What its wait for units is called, and its work."""
    work: ClassVar[Activity]

    key: int
    reported_at: int
    grade: int
    risk: int
    area: int
    officers: int
    base_travel_seconds: int

    asked: Asked = field(init=False, default=((), ()))
    ready_at: int = field(init=False, default=NEVER)
    claimed_at: int = field(init=False, default=NEVER)
    allocated_at: int = field(init=False, default=NEVER)
    upgraded_at: int = field(init=False, default=NEVER)
    downgraded_at: int = field(init=False, default=NEVER)
    allocations: int = field(init=False, default=0)
    diversions: int = field(init=False, default=0)
    arrived_then_left: bool = field(init=False, default=False)

    actor: Process | None = field(init=False, default=None)
    """Its generator, once started."""
    granted: Event | None = field(init=False, default=None)
    """While it is in the queue: what happens when it is given units, with their allocation."""
    order: Order | None = field(init=False, default=None)
    """Its place in the queue of its area; None: not in it."""
    allocation: Allocation | None = field(init=False, default=None)
    while_it_waits: list[Process] = field(init=False, default_factory=list)
    """Clocks that run until it is claimed."""
    work_left: int = field(init=False, default=NEVER)
    """Seconds of work at the scene that are left; NEVER: not yet settled."""
    place: int = field(init=False, default=0)
    """Within its rank: that of missing children, or 0 (rule 6.2)."""
    stepped_up: bool = field(init=False, default=False)
    lowered: bool = field(init=False, default=False)
    """Ranked with the next grade's work (rule 6.2)."""
    returned: bool = field(init=False, default=False)
    """Its child is back."""

    def in_queue(self, policy: Policy) -> Order:
        """The place that it has in the queue of its area (rules 6.1, 6.2)."""
        rank = self.grade - self.stepped_up + self.lowered
        if self.returned and policy.returned_ranks_lower:
            rank += 1
        return (max(1, rank), self.place, self.reported_at, self.key)

    def next_number(self) -> int:
        """Number of the allocation for which it waits."""
        return self.allocations

    def claimed(self, now: int) -> None:
        """It has been given units."""
        self.allocations += 1
        if self.claimed_at == NEVER:
            self.claimed_at = now

    def arrives(self, unit: Unit, now: int) -> None:
        """A unit is there."""

    def settle_work(self) -> int:
        """Seconds of work at the scene, as settled at the first arrival (rule 6.9)."""
        raise NotImplementedError

    def work_begins(self, now: int) -> bool:  # noqa: ARG002 (a line of enquiry notes it)
        """All its units are there; tell whether they are with the child (rule 12.4)."""
        return False

    @property
    def is_over(self) -> bool:
        """Nobody needs it any more; work that has begun is only finished (rule 12.1)."""
        return False


@dataclass(slots=True, eq=False)
class Incident(Job):
    """A row of the incidents table to which officers are to be sent."""

    wait: ClassVar[Activity] = Activity.WAIT_UNIT
    work: ClassVar[Activity] = Activity.SCENE

    stream: int
    origin: int
    thrive_seconds: int
    wrap_seconds: int
    ratified_risk: int
    return_at: int
    escalates_at: int
    vulnerable: int
    assessment_seconds: int
    research_seconds: int
    ratification_seconds: int
    ratified_grade: int
    held_parts: int
    rank_parts: int
    scene_seconds: int
    interview_seconds: int
    custody_seconds: int
    writing_seconds: int

    answered_at: int = field(init=False, default=NEVER)
    graded_at: int = field(init=False, default=NEVER)
    assessed_at: int = field(init=False, default=NEVER)
    researched_at: int = field(init=False, default=NEVER)
    ratified_at: int = field(init=False, default=NEVER)
    arrived_at: int = field(init=False, default=NEVER)
    seen_at: int = field(init=False, default=NEVER)
    finished_at: int = field(init=False, default=NEVER)
    final_grade: int = field(init=False, default=NONE)
    held: bool = field(init=False, default=False)
    reviews: int = field(init=False, default=0)
    attended_by: int = field(init=False, default=NONE)

    assessed: Event = field(init=False)
    """From grading on: what happens when the risk assessment is complete; …"""
    researched: Event = field(init=False)
    """… when research is on the log, or there is none; …"""
    ratified: Event = field(init=False)
    """… and when it is ratified, or would have been asked for where it never is (rule 3.2)."""
    raised: bool = field(init=False, default=False)
    """A review has raised its grade."""
    case: Case | None = field(init=False, default=None)
    """Its missing episode, where that is followed beyond the first attendance."""

    def arrives(self, unit: Unit, now: int) -> None:
        """The first arrival is the attendance; one after the return sees the child (6.9, 9.2)."""
        if self.attended_by == NONE:
            self.arrived_at, self.attended_by = now, unit.pool.code
            self.final_grade = self.grade
        # Of a case the child may be back in an earlier round of this second (rule 12.1).
        if self.returned and (self.return_at < now or self.case is not None):
            self.child_seen(now)

    def settle_work(self) -> int:
        """Rule 9.1: the prevention interview, where the child was back before the arrival."""
        return self.interview_seconds if self.returned_first else self.scene_seconds

    def child_seen(self, now: int) -> None:
        """Police see the child."""
        if self.seen_at == NEVER:
            self.seen_at = now

    @property
    def returned_first(self) -> bool:
        """The child was back before the first arrival; in its second is after it (rule 9.1)."""
        return self.returned and self.return_at < self.arrived_at


@dataclass(slots=True, eq=False)
class Allocation:
    """The units taken for a job, from the claim until they leave it or lose it."""

    job: Job
    number: int
    units: list[Unit]
    """In the order of rule 6.5."""
    claimed_at: int
    arrived: bool = False
    """One of them, at least."""
    working: bool = False
    """All are there, and the work has begun."""
    with_child: bool = False
    """They stay with the child (rule 12.4)."""


class Fate(NamedTuple):
    """A row of the episodes table."""

    key: int
    recorded: int
    cohort: int
    previous_90_days: int
    prevent_parts: int
    interview_officers: int
    interview_travel_seconds: int
    transport_seconds: int
    protection_seconds: int
    ppn_sent: int
    ppn_seconds: int
    mash_seconds: int
    strategy_parts: int
    strategy_after_seconds: int
    minutes_after_seconds: int
    rhi_offered: int
    rhi_accepted: int
    rhi_wait_seconds: int
    rhi_seconds: int
    outside_seconds: int
    informs: int


class LineFate(NamedTuple):
    """A row of the enquiries table."""

    key: int
    line: int
    kind: int
    gap_seconds: int
    desk: int
    officers: int
    base_travel_seconds: int
    work_seconds: int
    finds: int
    lost_parts: int
    review_parts: int
    tasking_parts: int


@dataclass(slots=True, eq=False)
class Case:
    """One missing episode.

    Attributes
    ----------
    report
        Its report; an `Incident` where officers are to be sent.
    row
        Where that stands in the incidents table.
    line_fates
        By line; the last stands for all that follow (rule 11.3).
    """

    report: Report | Incident
    row: int
    child: int
    fate: Fate
    line_fates: Sequence[LineFate]

    end: int = field(init=False, default=CaseEnd.STILL_MISSING)
    """`PREVENTED` or `UNRECORDED` from the report on; else read off at the end of follow-up."""
    enquiry_at: int = field(init=False, default=NEVER)
    first_line_at: int = field(init=False, default=NEVER)
    lines: int = field(init=False, default=0)
    lines_again: int = field(init=False, default=0)
    handovers: int = field(init=False, default=0)
    reviews: int = field(init=False, default=0)
    taskings: int = field(init=False, default=0)
    moved_on: int = field(init=False, default=0)
    escalated_at: int = field(init=False, default=NEVER)
    found_at: int = field(init=False, default=NEVER)
    interviewed_at: int = field(init=False, default=NEVER)
    interviewed_by: int = field(init=False, default=NONE)
    ppn_at: int = field(init=False, default=NEVER)
    shared_at: int = field(init=False, default=NEVER)
    discussed_at: int = field(init=False, default=NEVER)
    strategy_at: int = field(init=False, default=NEVER)
    minutes_at: int = field(init=False, default=NEVER)
    referred_at: int = field(init=False, default=NEVER)
    offered_at: int = field(init=False, default=NEVER)
    completed_at: int = field(init=False, default=NEVER)

    actor: Process | None = field(init=False, default=None)
    """Its generator, while the case is under enquiry, and on to the interview."""
    under_enquiry: bool = field(init=False, default=False)
    safe: bool = field(init=False, default=False)
    listed: bool = field(init=False, default=False)
    """On the list of a daily meeting."""
    escalated: bool = field(init=False, default=False)
    next_line: int = field(init=False, default=0)
    last_line: int = field(init=False, default=NONE)
    """The last one completed."""
    lost_line: int = field(init=False, default=NONE)
    """The last one that a handover lost."""
    again: int = field(init=False, default=NONE)
    """A line to be done again before the next new one."""
    to_read_in: bool = field(init=False, default=False)
    """Handed over since the last line was begun (rule 11.6)."""
    gaps: int = field(init=False, default=0)
    gap_passes: bool = field(init=False, default=False)
    errand: Errand | None = field(init=False, default=None)
    """A line that is asked for and not complete, or the visit."""
    allocations: int = field(init=False, default=0)
    """Of the incident, errands included."""
    review_clocks: list[Process] = field(init=False, default_factory=list)
    reviews_asked: int = field(init=False, default=0)
    taskings_asked: int = field(init=False, default=0)

    @property
    def incident(self) -> Incident:
        """Its incident, where officers are to be sent."""
        assert isinstance(self.report, Incident)
        return self.report

    @property
    def class_(self) -> int:
        """Its risk level as held, or the exploitation cohort (rule 11.4)."""
        return COHORT if self.fate.cohort else self.report.risk

    def line_begins(self, now: int) -> None:
        """Somebody begins to work on a line of enquiry (rule 11.5)."""
        if self.first_line_at == NEVER:
            self.first_line_at = now

    def line_fate(self, number: int) -> LineFate:
        """The fate of a line, review or tasking of this number (rule 11.3)."""
        return self.line_fates[min(number, len(self.line_fates) - 1)]

    def reading_in(self, handover_seconds: int) -> int:
        """Seconds that a line takes more, where the case was handed over before it (11.6)."""
        seconds = handover_seconds if self.to_read_in else 0
        self.to_read_in = False
        return seconds


@dataclass(slots=True, eq=False)
class Errand(Job):
    """A job for a case: a line of enquiry that units do, or a visit (rules 11.4, 12.3)."""

    case: Case
    work_seconds: int

    def next_number(self) -> int:
        """Rule 11.4: numbered on from the allocations before."""
        return self.case.allocations

    def claimed(self, now: int) -> None:
        """It has been given units."""
        Job.claimed(self, now)
        self.case.allocations += 1


@dataclass(slots=True, eq=False)
class Line(Errand):
    """A line of enquiry that units do."""

    wait: ClassVar[Activity] = Activity.WAIT_ENQUIRY
    work: ClassVar[Activity] = Activity.ENQUIRY

    handover_seconds: int

    def settle_work(self) -> int:
        """Rule 11.6: longer where the case was handed over."""
        return self.work_seconds + self.case.reading_in(self.handover_seconds)

    def work_begins(self, now: int) -> bool:
        """Rule 11.5."""
        self.case.line_begins(now)
        return False

    @property
    def is_over(self) -> bool:
        """The child is back, or found."""
        return not self.case.under_enquiry


@dataclass(slots=True, eq=False)
class Visit(Errand):
    """The prevention interview of a child who is back."""

    wait: ClassVar[Activity] = Activity.WAIT_VISIT
    work: ClassVar[Activity] = Activity.INTERVIEW

    def arrives(self, unit: Unit, now: int) -> None:  # noqa: ARG002
        """Rule 12.3: the child is seen."""
        self.case.incident.child_seen(now)

    def settle_work(self) -> int:
        """Rule 12.3."""
        return self.work_seconds

    def work_begins(self, now: int) -> bool:  # noqa: ARG002
        """Rule 12.4: a visit at work is with the child."""
        return True
