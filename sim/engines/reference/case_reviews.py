"""Reviews of cases under enquiry, and the daily tasking (rules 11.7 to 11.9)."""

from __future__ import annotations

from sim.engines.reference.case import Case
from sim.engines.reference.clock import Clock, Due, Steps, begin
from sim.engines.reference.desks import TASKING, Desk, Service, case_review, staffed
from sim.engines.reference.enquiries import Enquiries
from sim.engines.reference.steps import daily, take
from sim.tables import NEVER, EpisodeRules, ReviewLevel, Risk

_HIGH = int(Risk.HIGH)


class CaseReviews:
    """Who looks at a case while its child is missing."""

    def __init__(
        self, rules: EpisodeRules, clock: Clock, desks: dict[int, Desk], enquiries: Enquiries
    ) -> None:
        self._rules = rules
        self._clock = clock
        self._desks = desks
        self._enquiries = enquiries
        self._services = [
            [case_review(place) for place, _ in enumerate(levels)] for levels in rules.reviews
        ]

    def begin(self, case: Case) -> None:
        """Begin the reviews of the risk held; of high risk where a rise of it is known (11.8)."""
        if case.job.raised:
            self._escalate(case)
        else:
            self._begin_reviews(case)

    def ratified(self, case: Case) -> None:
        """Ratification gives the risk held, unless a rise of it is known (rules 3.6, 11.7)."""
        job = case.job
        if not case.escalated and job.risk != job.ratified_risk:
            self._hold(case, job.ratified_risk)

    def discover(self, case: Case) -> None:
        """Rule 11.8: a review finds a rise of risk that has happened."""
        job, now = case.job, self._clock.now
        if not case.escalated and job.escalates_at != NEVER and job.escalates_at <= now:
            case.escalated_at = now
            self._escalate(case)

    def daily_tasking(self, start: int) -> Steps:
        """Rule 11.9, each day."""
        if self._rules.tasking_at == NEVER:
            return
        for second in daily(self._rules.tasking_at, start):
            yield self._clock.at(second, Due.TASKING, 0)
            cases = {key: case for area in self._enquiries.open for key, case in area.items()}
            for _, case in sorted(cases.items()):
                if case.under_enquiry:
                    begin(self._task(case))

    def _escalate(self, case: Case) -> None:
        case.escalated = True
        self._hold(case, _HIGH)

    def _hold(self, case: Case, risk: int) -> None:
        case.report.risk = risk
        self._enquiries.reclassified(case)
        if case.under_enquiry:
            self._begin_reviews(case)

    def _begin_reviews(self, case: Case) -> None:
        case.review_round += 1
        risk = case.report.risk
        for level, service in zip(self._rules.reviews[risk], self._services[risk], strict=True):
            begin(self._review(case, level, service, case.review_round))

    def _review(self, case: Case, level: ReviewLevel, service: Service, this_round: int) -> Steps:
        wait = level.first_after_seconds
        while wait != NEVER:
            yield self._clock.after(wait, Due.CASE_REVIEW, case.fate.key, service.step)
            if not self._goes_on(case, this_round):
                return
            number = case.reviews_asked
            case.reviews_asked += 1
            desk = self._asked(level)
            yield from take(self._clock, desk, case.job, service, level.seconds, number)
            if not self._goes_on(case, this_round):
                return
            case.reviews += 1
            self.discover(case)
            if case.line_fate(number).review_parts < self._rules.review_moves_parts:
                self._enquiries.move_on(case)
            if not self._goes_on(case, this_round):
                return
            wait = level.every_seconds

    def _asked(self, level: ReviewLevel) -> Desk | None:
        """As rule 3.3: the first of the pools with anyone on duty, or the last."""
        return staffed([self._desks[pool] for pool in level.pools], -1) if level.pools else None

    @staticmethod
    def _goes_on(case: Case, this_round: int) -> bool:
        return case.under_enquiry and case.review_round == this_round

    def _task(self, case: Case) -> Steps:
        number = case.taskings_asked
        case.taskings_asked += 1
        desk = self._desks.get(self._rules.tasking_pool)
        yield from take(self._clock, desk, case.job, TASKING, self._rules.tasking_seconds, number)
        if case.under_enquiry:
            case.taskings += 1
            if case.line_fate(number).tasking_parts < self._rules.tasking_moves_parts:
                self._enquiries.move_on(case)
