"""What units are sent to, and cases: what was drawn of each, and what has come about.

`fate` is always a row of a table that was drawn, and `outcome` one of a table that is made; their
columns are told in `sim.tables.schemas`. Defaults below are how each begins.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

from simpy import Event, Process

from sim.engines.reference.journal import CaseOutcome, Outcome, Spell
from sim.engines.reference.units import Unit, UnitPool
from sim.tables import COHORT, NEVER, NONE, Activity, AfterHangUp, Origin, Policy, Why

Order: TypeAlias = tuple[int, int, int, int]
"""A place in the queue of an area (rule 6.1)."""

Tiers: TypeAlias = tuple[tuple[UnitPool, ...], ...]
"""Pools that may be asked for a job, first asked first: its own, then those to borrow from."""

Row: TypeAlias = Any
"""A row of a table; what its columns are, its schema tells."""


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
    diverted: Sequence[Unit] = ()
    """Those that another job takes; the others are free (rule 6.6f)."""

    def begin(self, activity: Activity) -> None:
        """All begin to do something."""
        for unit in self.units:
            unit.begin(activity, self.job.key, self.number)

    def end(self, why: Why = Why.DONE) -> None:
        """All have done with it."""
        for unit in self.units:
            unit.end(why)


class Job(ABC):
    """What units are sent to: what the queue and those who attend have to know of it.

    Attributes
    ----------
    outcome
        What is recorded of it. An errand's is not written (10.1); its diversions count here (6.6c).
    """

    waits_as: ClassVar[Activity]
    """What its wait for units is called, …"""
    works_as: ClassVar[Activity]
    """… and the work."""

    asked: Tiers = ()
    """Who may be asked for it now, …"""
    lenders: tuple[UnitPool, ...] = ()
    """… and, once it has waited so long, also (rule 6.4a)."""
    actor: Process | None = None
    """Who tells its story: stopped when it loses its units, when nobody needs it, and at its gate
    by the child's return (4.2)."""
    granted: Event | None = None
    """While it is in the queue: what happens when it is given units, with their allocation."""
    order: Order | None = None
    """Its place in the queue of its area; None: not in it."""
    allocation: Allocation | None = None
    work_left: int = NEVER
    """Seconds of work at the scene that are left; NEVER: not yet settled."""
    missing_place: int = 0
    """Within its rank: that of missing children, or 0 (rule 6.2d)."""
    stepped_up: bool = False
    timers: tuple[Process, ...] = ()
    """Actors that run until it is claimed."""
    lowered: bool = False
    """Ranked with the next grade's work (rule 6.2b)."""
    returned: bool = False
    """Its child is back."""

    def __init__(self, of: Row, reported_at: int, grade: int, officers: int, travel: int) -> None:
        self.key: int = of.key
        self.area: int = of.area
        self.risk: int = of.risk
        self.reported_at = reported_at
        self.grade = grade
        self.officers = officers
        self.base_travel_seconds = travel
        self.outcome: Row = Outcome()

    def in_queue(self, policy: Policy) -> Order:
        """The place that it has in the queue of its area (rules 6.1, 6.2)."""
        rank = self.grade - self.stepped_up + self.lowered
        if self.returned and policy.returned_ranks_lower:
            rank += 1
        return (max(1, rank), self.missing_place, self.reported_at, self.key)

    def next_number(self) -> int:
        """Number of the allocation for which it waits."""
        return int(self.outcome.allocations)

    @abstractmethod
    def settle_work(self) -> int:
        """Seconds of work at the scene, as settled at the first arrival (rule 6.9d)."""

    def claimed(self, now: int) -> None:
        """It has been given units."""
        self.outcome.allocations += 1
        if self.outcome.claimed_at == NEVER:
            self.outcome.claimed_at = now

    def arrives(self, unit: Unit, now: int) -> None:  # noqa: B027 (of most jobs no more is to be said)
        """A unit is there."""

    def begin_work(self, now: int) -> bool:  # noqa: ARG002 (a line of enquiry notes it)
        """All its units are there; tell whether they are with the child (rule 12.4)."""
        return False

    @property
    def is_over(self) -> bool:
        """Nobody needs it any more; work that has begun is only finished (rule 12.1c)."""
        return False


class Incident(Job):
    """A row of the incidents table; at a desk, too, where nobody is to be sent."""

    waits_as = Activity.WAIT_UNIT
    works_as = Activity.SCENE

    assessed: Event
    """From grading on: what happens when the risk assessment is complete; …"""
    researched: Event
    """… when research is on the log, or there is none; …"""
    ratified: Event
    """… and when it is ratified, or would have been asked for where it never is (rule 3.2)."""
    let_go: Event
    """While it waits for that: what happens when a dispatcher lets it go (rule 4.7)."""
    opened_at: int = NEVER
    """Since when it waits for that; …"""
    rate_sum: int = 0
    """… and what its looks have come to."""
    escalation_known: bool = False
    """A review or a re-THRIVE has found its escalation (7.3), even where grade 1 stays 1."""
    gate_is_shut: bool = False
    """It waits for its gate (rule 4.1)."""
    telephone: Event | None = None
    """Where there is a telephone enquiry: what happens when its deployment waits for it no longer,
    with why (rules 4.4 to 4.6)."""
    case: Case | None = None
    """Its missing episode, where that is followed beyond the first attendance."""
    concern: Concern | None = None
    """A welfare concern, where one is followed until the child is seen."""

    def __init__(self, fate: Row) -> None:
        travel = fate.base_travel_seconds
        super().__init__(fate, fate.reported_at, fate.grade, fate.officers, travel)
        self.fate = fate

    @property
    def origin(self) -> int:
        """How it is reported; who has hung up may report it online (rule 2.10b)."""
        goes_online = self.fate.after_hang_up == AfterHangUp.GOES_ONLINE
        if self.outcome.hung_up_at != NEVER and goes_online:
            return Origin.ONLINE
        return int(self.fate.origin)

    @property
    def by_origin(self) -> tuple[int, int, int]:
        """Its place among calls (rule 2.1), by when its caller called last (2.10b)."""
        called_at = self.reported_at
        if self.outcome.hung_up_at != NEVER:
            called_at = self.outcome.hung_up_at + self.fate.again_seconds
        return (self.origin, called_at, self.key)

    @property
    def may_hang_up(self) -> bool:
        """Its caller has patience for so long only (rule 2.10)."""
        fate = self.fate
        by_101 = fate.origin == Origin.NON_EMERGENCY
        hangs_up = by_101 and not fate.deploys and fate.patience_seconds != NEVER
        return hangs_up and self.outcome.hung_up_at == NEVER

    @property
    def goes_on(self) -> bool:
        """After the arrival, too: a child is missing, or not seen (rules 11.8d, 14.4)."""
        is_missing = self.case is not None and not self.case.safe
        return is_missing or (self.concern is not None and not self.concern.over)

    @property
    def is_unclaimed(self) -> bool:
        """It never was given units, and is not found by telephone (rules 4.5, 4.7d)."""
        return bool(self.outcome.claimed_at == NEVER == self.outcome.telephone_found_at)

    @property
    def is_sent_to(self) -> bool:
        """Officers are to be sent."""
        return bool(self.fate.desk_pool == NONE and self.fate.deploys)

    @property
    def returned_first(self) -> bool:
        """The child was back before the first arrival; in its second is after it (rule 9.1)."""
        return bool(self.returned and self.fate.return_at < self.outcome.arrived_at)

    def settle_work(self) -> int:
        """Rule 9.1: the prevention interview, where the child was back before the arrival."""
        fate = self.fate
        return int(fate.interview_seconds if self.returned_first else fate.scene_seconds)

    def arrives(self, unit: Unit, now: int) -> None:
        """The first arrival is the attendance; one after the return sees the child (6.9, 9.2)."""
        outcome = self.outcome
        if outcome.arrived_at == NEVER:
            outcome.arrived_at = now
            outcome.attended_by = unit.pool.code
            outcome.final_grade = self.grade
        # Of a case the child may be back in an earlier round of this second (rule 12.1e).
        if self.returned and (self.fate.return_at < now or self.case is not None):
            self.child_seen(now)

    def child_seen(self, now: int) -> None:
        """Police see the child."""
        if self.outcome.seen_at == NEVER:
            self.outcome.seen_at = now


class Case:
    """One missing episode (rule 11.1).

    Attributes
    ----------
    lines
        Fates of its lines of enquiry; the last stands for all that follow (rule 11.3e).
    review_timers
        One actor for each level of review.
    """

    actor: Process | None = None
    """Who tells its story, while it is under enquiry, and on to the interview."""
    under_enquiry: bool = False
    safe: bool = False
    owned: Spell | None = None
    """While it is under enquiry: whose it is, and since when."""
    listed: bool = False
    """On the list of a daily meeting."""
    escalated: bool = False
    next_line: int = 0
    last_line: int = NONE
    """The last one completed."""
    lost_line: int = NONE
    """The last one that a handover lost."""
    again: int = NONE
    """A line to be done again before the next new one."""
    reading_in: int = 0
    """Seconds that the next line to begin takes more: the case was handed over (rule 11.6a)."""
    unnoticed: Spell | None = None
    """While its owner does not know of it (rule 11.6e)."""
    gaps: int = 0
    gap_passes: bool = False
    errand: Errand | None = None
    """The job of units that goes on for it: a line, while under enquiry, the visit, or relief."""
    in_protection: bool = False
    """Officers stay with the child, …"""
    protected_until: int = NEVER
    """… and until when (rule 12.4)."""
    allocations: int = 0
    """Of the incident, errands included."""
    reviews_asked: int = 0
    taskings_asked: int = 0

    def __init__(self, incident: Incident, fate: Row, lines: Sequence[Row]) -> None:
        self.key: int = fate.key
        self.incident = incident
        self.child: int = incident.fate.child
        self.fate = fate
        self.lines = lines
        self.outcome: Row = CaseOutcome()
        self.review_timers: list[Process] = []

    @property
    def class_(self) -> int:
        """Its risk level as held, or the exploitation cohort (rule 11.4e)."""
        return COHORT if self.fate.cohort else self.incident.risk

    def line(self, number: int) -> Row:
        """The fate of a line, review or tasking of this number (rule 11.3e)."""
        return self.lines[min(number, len(self.lines) - 1)]

    def line_begins(self, now: int) -> None:
        """Somebody begins to work on a line of enquiry (rule 11.5c)."""
        if self.outcome.first_line_at == NEVER:
            self.outcome.first_line_at = now

    def read_in(self) -> int:
        """Seconds that a line, which begins, takes more for a handover (rule 11.6a)."""
        seconds, self.reading_in = self.reading_in, 0
        return seconds


class Errand(Job):
    """A job for a case: a line of enquiry that units do, or a visit (rules 11.4, 12.3)."""

    def __init__(
        self, case: Case, now: int, grade: int, officers: int, travel: int, work_seconds: int
    ) -> None:
        super().__init__(case.incident, now, grade, officers, travel)
        self.case = case
        self.work_seconds = work_seconds

    def next_number(self) -> int:
        """Rule 11.4d: numbered on from the allocations before."""
        return self.case.allocations

    def claimed(self, now: int) -> None:
        """It has been given units."""
        super().claimed(now)
        self.case.allocations += 1


class Line(Errand):
    """A line of enquiry that units do."""

    waits_as = Activity.WAIT_ENQUIRY
    works_as = Activity.ENQUIRY

    def settle_work(self) -> int:
        """Rule 11.6a: longer where the case was handed over."""
        return self.work_seconds + self.case.read_in()

    def begin_work(self, now: int) -> bool:
        """Rule 11.5c."""
        self.case.line_begins(now)
        return False

    @property
    def is_over(self) -> bool:
        """The child is back, or found."""
        return not self.case.under_enquiry


class Visit(Errand):
    """The prevention interview of a child who is back."""

    waits_as = Activity.WAIT_VISIT
    works_as = Activity.INTERVIEW

    def settle_work(self) -> int:
        """Rule 12.3."""
        return self.work_seconds

    def arrives(self, unit: Unit, now: int) -> None:  # noqa: ARG002
        """Rule 12.3: the child is seen."""
        self.case.incident.child_seen(now)

    def begin_work(self, now: int) -> bool:  # noqa: ARG002
        """Rule 12.4: a visit at work is with the child."""
        return True


class Relief(Errand):
    """Others stay with a child in police protection, in place of those who are there (12.4d)."""

    waits_as = Activity.WAIT_RELIEF
    works_as = Activity.PROTECTION

    def settle_work(self) -> int:
        """They stay until the protection is over, however late they come."""
        return 0

    @property
    def is_over(self) -> bool:
        """A placement was found before they were there."""
        return not self.case.in_protection


class Concern:
    """A welfare concern that is followed until the child is seen (rule 14.1).

    Attributes
    ----------
    visits
        Fates of its visits, from the first attendance.
    """

    actor: Process | None = None
    """Who tells its story, once it is followed."""
    over: bool = False
    """The child is seen, or nobody goes again."""
    gaps: int = 0
    gap_passes: bool = False
    revisit: Revisit | None = None
    """The one that goes on."""
    allocations: int = 0
    """Of the incident, re-visits included."""

    def __init__(self, incident: Incident, visits: Sequence[Row]) -> None:
        self.key: int = incident.key
        self.incident = incident
        self.visits = visits

    @property
    def followed(self) -> bool:
        """The first attendance is complete, and it is not over."""
        return self.actor is not None and not self.over

    @property
    def seen(self) -> bool:
        """Police have seen the child."""
        return bool(self.incident.outcome.seen_at != NEVER)


class Revisit(Job):
    """Somebody goes again (rule 14.2)."""

    waits_as = Activity.WAIT_REVISIT
    works_as = Activity.REVISIT

    def __init__(self, concern: Concern, now: int, grade: int, fate: Row) -> None:
        travel = fate.base_travel_seconds
        super().__init__(concern.incident, now, grade, fate.officers, travel)
        self.concern = concern
        self.fate = fate

    def next_number(self) -> int:
        """Numbered on from the allocations before (rule 14.2c)."""
        return self.concern.allocations

    def settle_work(self) -> int:
        """As drawn."""
        return int(self.fate.work_seconds)

    def claimed(self, now: int) -> None:
        """It has been given units."""
        super().claimed(now)
        self.concern.allocations += 1
