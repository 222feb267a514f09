"""An incident in the engine: its fate as drawn, and what has become of it so far."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import TYPE_CHECKING, ClassVar, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.tables import NEVER, NONE, OUTCOMES, Activity, End, Policy, Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.engines.reference.attendance import Allocation
    from sim.engines.reference.case import Case

Order: TypeAlias = tuple[int, int, int, int]


@dataclass(slots=True, eq=False)
class Report:
    """One row of the incidents table that a desk deals with alone.

    That is a call that ends without deployment, or other work of a desk; most rows are.
    """

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
class Job(Report):
    """One row that officers are to be sent to, and its outcome as it comes about."""

    wait: ClassVar[Activity] = Activity.WAIT_UNIT
    work: ClassVar[Activity] = Activity.SCENE

    stream: int
    area: int
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
    officers: int
    base_travel_seconds: int
    scene_seconds: int
    interview_seconds: int
    custody_seconds: int
    writing_seconds: int

    assessed_at: int = field(init=False, default=NEVER)
    researched_at: int = field(init=False, default=NEVER)
    ratified_at: int = field(init=False, default=NEVER)
    ready_at: int = field(init=False, default=NEVER)
    claimed_at: int = field(init=False, default=NEVER)
    allocated_at: int = field(init=False, default=NEVER)
    arrived_at: int = field(init=False, default=NEVER)
    seen_at: int = field(init=False, default=NEVER)
    upgraded_at: int = field(init=False, default=NEVER)
    downgraded_at: int = field(init=False, default=NEVER)
    final_grade: int = field(init=False, default=NONE)
    held: bool = field(init=False, default=False)
    allocations: int = field(init=False, default=0)
    diversions: int = field(init=False, default=0)
    reviews: int = field(init=False, default=0)
    arrived_then_left: bool = field(init=False, default=False)
    attended_by: int = field(init=False, default=NONE)

    allocation: Allocation | None = field(init=False, default=None)
    order: Order | None = field(init=False, default=None)
    """Its place in the queue of its area; None: not in it."""
    waiting_since: int = field(init=False, default=NEVER)
    work_left: int = field(init=False, default=NEVER)
    """Seconds of work at the scene that are left; NEVER: not yet known."""
    stepped_up: bool = field(init=False, default=False)
    lowered: bool = field(init=False, default=False)
    """Ranked with the next grade's work (rule 6.2)."""
    returned: bool = field(init=False, default=False)
    raised: bool = field(init=False, default=False)
    """A review has raised its grade."""
    ratification_asked: bool = field(init=False, default=False)
    review_round: int = field(init=False, default=0)
    case: Case | None = field(init=False, default=None)
    """Its missing episode, where that is followed beyond the first attendance."""

    def rank_order(self, policy: Policy) -> Order:
        """Rules 6.1 and 6.2."""
        rank = self.grade
        if self.stepped_up:
            rank -= 1
        if self.lowered:
            rank += 1
        if self.returned and policy.returned_ranks_lower:
            rank += 1
        place = policy.missing_rank if policy.missing[self.stream] else 0
        return (max(1, rank), place, self.reported_at, self.key)

    @property
    def next_number(self) -> int:
        """Number of the allocation that it waits for."""
        return self.allocations

    def take_number(self) -> int:
        """Count an allocation, and return its number."""
        self.allocations += 1
        return self.allocations - 1


_FATES: Final = {
    kind: tuple(one.name for one in fields(kind) if one.init) for kind in (Report, Job)
}
_OF_ALL: Final = ("answered_at", "graded_at", "finished_at")
_READ_OFF: Final = ("key", "end", "final_grade", "final_risk")
_OF_JOBS: Final = tuple(name for name in OUTCOMES.names if name not in (*_OF_ALL, *_READ_OFF))
_UNTIL_THEN: Final = {one.name: one.default for one in fields(Job) if one.name in _OF_JOBS}


def jobs_from(incidents: Table) -> list[Report]:
    """A report, or a job where officers are to be sent, for each row, in the table's order."""
    sent = _are_jobs(incidents)
    jobs, others = _made(Job, incidents, sent), _made(Report, incidents, ~sent)
    jobs.reverse()
    others.reverse()
    return [(jobs if is_job else others).pop() for is_job in sent.tolist()]


def outcomes_of(
    reports: Sequence[Report],
    incidents: Table,
    follow_up_ends: int,
    never_heard_of: Mapping[int, End],
) -> Table:
    """The outcomes table of the reports made from the incidents table, in its order."""
    sent = _are_jobs(incidents)
    jobs = [report for report in reports if isinstance(report, Job)]
    columns = {name: _column(reports, name) for name in _OF_ALL}
    for name, before in _UNTIL_THEN.items():
        columns[name] = np.full(len(reports), before, dtype=np.int64)
        columns[name][sent] = _column(jobs, name)
    grade, final = _column(jobs, "grade"), _column(jobs, "final_grade")
    columns["key"] = incidents["key"]
    columns["final_grade"] = incidents["grade"].astype(np.int64)
    columns["final_grade"][sent] = np.where(final == NONE, grade, final)
    columns["final_risk"] = np.where(
        columns["ratified_at"] == NEVER, incidents["risk"], incidents["ratified_risk"]
    )
    arrived = columns["arrived_at"]
    until = np.where(arrived == NEVER, follow_up_ends, arrived)
    returned = (incidents["return_at"] != NEVER) & (incidents["return_at"] < until)
    # Rule 9.3, the first that applies.
    columns["end"] = np.select(
        [
            incidents["desk_pool"] != NONE,
            ~sent & (columns["graded_at"] != NEVER),
            ~sent,
            returned,
            arrived != NEVER,
        ],
        [
            End.DESK_WORK,
            End.ENDED_WITHOUT_DEPLOYMENT,
            End.OPEN,
            End.RETURNED_FIRST,
            End.ATTENDED,
        ],
        End.OPEN,
    )
    if never_heard_of:
        for place in np.flatnonzero(np.isin(incidents["key"], list(never_heard_of))):
            columns["end"][place] = never_heard_of[int(incidents["key"][place])]
    return Table(OUTCOMES, columns)


def _are_jobs(incidents: Table) -> NDArray[np.bool_]:
    sent: NDArray[np.bool_] = (incidents["desk_pool"] == NONE) & (incidents["deploys"] != 0)
    return sent


def _made(kind: type[Report], incidents: Table, rows: NDArray[np.bool_]) -> list[Report]:
    fates = zip(*(incidents[name][rows].tolist() for name in _FATES[kind]), strict=True)
    return [kind(*fate) for fate in fates]


def _column(reports: Sequence[Report], name: str) -> NDArray[np.int64]:
    return np.fromiter(map(attrgetter(name), reports), dtype=np.int64, count=len(reports))
