"""An incident in the engine: its fate as drawn, and what has become of it so far."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from sim.tables import NEVER, NONE, OUTCOMES, End, Policy, Table

if TYPE_CHECKING:
    from sim.engines.reference.attendance import Allocation

Order: TypeAlias = tuple[int, int, int, int]


@dataclass(slots=True, eq=False)
class Job:
    """One row of the incidents table, and its outcome as it comes about."""

    key: int
    stream: int
    area: int
    desk_pool: int
    risk: int
    ratified_risk: int
    reported_at: int
    origin: int
    return_at: int
    escalates_at: int
    grade: int
    deploys: int
    vulnerable: int
    thrive_seconds: int
    assessment_seconds: int
    wrap_seconds: int
    research_seconds: int
    ratification_seconds: int
    ratified_grade: int
    held_parts: int
    rank_parts: int
    desk_seconds: int
    officers: int
    base_travel_seconds: int
    scene_seconds: int
    interview_seconds: int
    custody_seconds: int
    writing_seconds: int

    answered_at: int = NEVER
    graded_at: int = NEVER
    assessed_at: int = NEVER
    researched_at: int = NEVER
    ratified_at: int = NEVER
    ready_at: int = NEVER
    claimed_at: int = NEVER
    allocated_at: int = NEVER
    arrived_at: int = NEVER
    seen_at: int = NEVER
    finished_at: int = NEVER
    upgraded_at: int = NEVER
    downgraded_at: int = NEVER
    ended: bool = False
    final_grade: int = NONE
    held: bool = False
    allocations: int = 0
    diversions: int = 0
    reviews: int = 0
    arrived_then_left: bool = False
    attended_by: int = NONE

    allocation: Allocation | None = None
    order: Order | None = None
    """Its place in the queue of its area; None: not in it."""
    waiting_since: int = NEVER
    work_left: int = NEVER
    """Seconds of work at the scene that are left; NEVER: not yet known."""
    stepped_up: bool = False
    lowered: bool = False
    """Ranked with the next grade's work (rule 6.2)."""
    returned: bool = False
    raised: bool = False
    """A review has raised its grade."""
    ratification_asked: bool = False
    review_round: int = 0

    def rank_order(self, policy: Policy) -> Order:
        """Rules 6.1 and 6.2."""
        missing = policy.missing[self.stream]
        rank = self.grade
        if self.stepped_up:
            rank -= 1
        if self.lowered:
            rank += 1
        if self.returned and policy.returned_ranks_lower:
            rank += 1
        place = policy.missing_rank if missing else 0
        return (max(rank, 1), place, self.reported_at, self.key)


_FATE = tuple(Job.__dataclass_fields__)[: tuple(Job.__dataclass_fields__).index("answered_at")]


_DECIDE = ("return_at", "desk_pool", "deploys", "ended", "grade", "risk", "ratified_risk")
"""What the end, the final grade and the final risk are read off, besides the outcome."""


def jobs_from(incidents: Table) -> list[Job]:
    """A job for each row, in the table's order."""
    return [Job(*fate) for fate in zip(*(incidents[name].tolist() for name in _FATE), strict=True)]


def outcomes_of(jobs: list[Job], follow_up_ends: int) -> Table:
    """The outcomes table, in the order of the jobs."""
    columns = {
        name: np.fromiter(map(attrgetter(name), jobs), dtype=np.int64, count=len(jobs))
        for name in (*(set(OUTCOMES.names) - {"end", "final_risk"}), *_DECIDE)
    }
    fate = {name: columns[name] for name in _DECIDE}
    arrived = columns["arrived_at"]
    known = columns["final_grade"] != NONE
    columns["final_grade"] = np.where(known, columns["final_grade"], fate["grade"])
    ratified = columns["ratified_at"] != NEVER
    columns["final_risk"] = np.where(ratified, fate["ratified_risk"], fate["risk"])
    until = np.where(arrived != NEVER, arrived, follow_up_ends)
    returned = (fate["return_at"] != NEVER) & (fate["return_at"] < until)
    # Rule 9.3, the first that applies.
    columns["end"] = np.select(
        [
            fate["desk_pool"] != NONE,
            (fate["deploys"] == 0) & (fate["ended"] != 0),
            fate["deploys"] == 0,
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
    return Table(OUTCOMES, {name: columns[name] for name in OUTCOMES.names})
