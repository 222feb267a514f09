"""An incident in the engine: its fate as drawn, and what has become of it so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from sim.tables import NEVER, NONE, OUTCOMES, End, Policy, Table, from_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

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

    def end(self, follow_up_ends: int) -> End:
        """Rule 9.3."""
        if self.desk_pool != NONE:
            return End.DESK_WORK
        if not self.deploys:
            return End.ENDED_WITHOUT_DEPLOYMENT if self.ended else End.OPEN
        if self.return_at != NEVER and self.return_at < (
            self.arrived_at if self.arrived_at != NEVER else follow_up_ends
        ):
            return End.RETURNED_FIRST
        return End.ATTENDED if self.arrived_at != NEVER else End.OPEN


_FATE = tuple(Job.__dataclass_fields__)[: tuple(Job.__dataclass_fields__).index("answered_at")]


def jobs_from(incidents: Table) -> list[Job]:
    """A job for each row, in the table's order."""
    return [Job(*fate) for fate in zip(*(incidents[name].tolist() for name in _FATE), strict=True)]


def outcomes_of(jobs: list[Job], follow_up_ends: int) -> Table:
    """The outcomes table, in the order of the jobs."""

    def rows() -> Iterator[tuple[int, ...]]:
        for job in jobs:
            yield (
                job.key,
                job.answered_at,
                job.graded_at,
                job.assessed_at,
                job.researched_at,
                job.ratified_at,
                job.ready_at,
                job.claimed_at,
                job.allocated_at,
                job.arrived_at,
                job.seen_at,
                job.finished_at,
                job.upgraded_at,
                job.downgraded_at,
                job.end(follow_up_ends),
                job.final_grade if job.final_grade != NONE else job.grade,
                job.ratified_risk if job.ratified_at != NEVER else job.risk,
                job.held,
                job.allocations,
                job.diversions,
                job.reviews,
                job.arrived_then_left,
                job.attended_by,
            )

    return from_rows(OUTCOMES, list(rows()))
