"""Reviews of jobs that wait, and the 24-hour re-THRIVE (rules 7.1 to 7.4)."""

from __future__ import annotations

from itertools import chain, repeat
from typing import TYPE_CHECKING

from sim.engines.reference.clock import Clock, Due, Steps, begin
from sim.engines.reference.desks import RETHRIVE, REVIEW, Desk, staffed
from sim.engines.reference.job import Job
from sim.tables import NEVER, NONE, Policy

if TYPE_CHECKING:
    from sim.engines.reference.case_reviews import CaseReviews
    from sim.engines.reference.deployment import Deployment


class Reviews:
    """Who looks again at a job that nobody has been sent to."""

    case_reviews: CaseReviews

    def __init__(
        self, policy: Policy, clock: Clock, desks: dict[int, Desk], deployment: Deployment
    ) -> None:
        self._policy = policy
        self._clock = clock
        self._desks = desks
        self._deployment = deployment
        self._levels = [
            [desks[pool] for pool in (asked, *stand_ins)]
            for asked, stand_ins in zip(
                policy.review_levels, chain(policy.review_stand_ins, repeat(())), strict=False
            )
        ]
        self._reviewed = bool(self._levels) and any(
            seconds != NEVER for seconds in policy.review_after_seconds
        )
        self._rethriven = policy.rethrive_pool != NONE and policy.rethrive_after_seconds != NEVER

    def start(self, job: Job) -> None:
        """Begin both clocks when a job is graded."""
        self.again(job)
        if self._rethriven:
            begin(self._rethrive(job))

    def again(self, job: Job) -> None:
        """Begin the review clock, at grading and when a job goes back to its queue."""
        if self._reviewed:
            job.review_round += 1
            begin(self._review(job, job.review_round))

    def _review(self, job: Job, this_round: int) -> Steps:
        while True:
            interval = self._policy.review_after_seconds[job.grade - 1]
            if interval == NEVER:
                return
            yield self._clock.after(interval, Due.REVIEW, job.key, this_round)
            if self._need_not_wait(job, this_round):
                return
            level = min(job.reviews, len(self._levels) - 1)
            desk = self._reviewer(level)
            task = desk.ask(job, REVIEW, self._policy.review_seconds, job.reviews)
            yield task
            desk.release(task)
            job.reviews += 1
            self._discover(job)
            if 0 <= self._policy.review_restores_rank <= level and job.lowered:
                job.lowered = False
                self._deployment.reorder(job)
            if self._need_not_wait(job, this_round):
                return

    def _reviewer(self, level: int) -> Desk:
        """Rule 7.1: the level's pool, or the first that stands in for it while it is away."""
        return staffed(self._levels[level], 0)

    def _rethrive(self, job: Job) -> Steps:
        desk = self._desks[self._policy.rethrive_pool]
        number = 0
        while True:
            yield self._clock.after(self._policy.rethrive_after_seconds, Due.RETHRIVE, job.key)
            if job.arrived_at != NEVER and (job.case is None or job.case.safe):
                return
            task = desk.ask(job, RETHRIVE, self._policy.rethrive_seconds, number)
            yield task
            desk.release(task)
            number += 1
            if self._policy.rethrive_calls_back:
                self._discover(job)

    @staticmethod
    def _need_not_wait(job: Job, this_round: int) -> bool:
        return (
            job.allocation is not None or job.finished_at != NEVER or job.review_round != this_round
        )

    def _discover(self, job: Job) -> None:
        """Rule 7.3: a review finds a rise of risk that has happened."""
        if job.case is not None and job.case.under_enquiry:
            self.case_reviews.discover(job.case)
            return
        if (
            job.escalates_at != NEVER
            and job.escalates_at <= self._clock.now
            and job.arrived_at == NEVER
            and not job.raised
            and not job.returned
        ):
            job.raised = True
            self._deployment.regrade(job, max(job.grade - 1, 1))
