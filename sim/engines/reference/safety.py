"""The child is safe: returned or found, interviewed, and not left alone (rules 12.1 to 12.5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.engines.reference.attendance import Allocation
from sim.engines.reference.case import Case
from sim.engines.reference.clock import Clock
from sim.engines.reference.errand import Line, Visit, errand
from sim.engines.reference.job import Job
from sim.tables import NEVER, Activity, EpisodeRules

if TYPE_CHECKING:
    from sim.engines.reference.deployment import Deployment
    from sim.engines.reference.enquiries import Enquiries
    from sim.engines.reference.partners import Partners


class Safety:
    """What police do once a child is back, or found."""

    def __init__(
        self,
        rules: EpisodeRules,
        clock: Clock,
        deployment: Deployment,
        enquiries: Enquiries,
        partners: Partners,
    ) -> None:
        self._rules = rules
        self._clock = clock
        self._deployment = deployment
        self._enquiries = enquiries
        self._partners = partners

    def returned(self, job: Job, case: Case) -> None:
        """The child is back (rule 12.1)."""
        case.safe = True
        if case.under_enquiry:
            self._enquiries.stop(case)
            self.ask_for_visit(case)
        elif job.allocation is not None and job.allocation.arrived_until != NEVER:
            self._seen(job)
        self._partners.safe(case)

    def found(self, case: Case) -> None:
        """A line of enquiry finds the child (rule 12.2)."""
        case.found_at = self._clock.now
        case.safe = True
        self._enquiries.stop(case)
        self._partners.safe(case)

    def ask_for_visit(self, case: Case) -> None:
        """Somebody is to see the child (rule 12.3)."""
        self._enquiries.open[case.job.area][case.fate.key] = case
        case.visit = errand(
            Visit,
            case,
            self._clock.now,
            stream=self._enquiries.visited_by(case),
            grade=self._rules.interview_grade,
            officers=case.fate.interview_officers,
            travel_seconds=case.fate.interview_travel_seconds,
            work_seconds=case.job.interview_seconds,
        )
        self._deployment.ask(case.visit)

    def reached(self, job: Job, case: Case) -> None:
        """The first unit is there, and how much work there is, is known."""
        if isinstance(job, Visit):
            self._seen(case.job)
        elif isinstance(job, Line):
            job.work_left += self._enquiries.reading_in(case)

    def work_begins(self, allocation: Allocation) -> None:
        """All units are there."""
        job = allocation.job
        if isinstance(job, Visit):
            allocation.with_child = True
        elif isinstance(job, Line):
            job.case.line_begins(self._clock.now)

    def after_work(self, allocation: Allocation, case: Case) -> Iterator[tuple[Activity, int]]:
        """What the same units do after the work of their job: each step, and its seconds."""
        job, fate = allocation.job, case.fate
        if isinstance(job, Visit):
            case.visit = None
            del self._enquiries.open[case.job.area][fate.key]
        elif isinstance(job, Line):
            if case.line is job:
                case.line = None
            if not self._enquiries.line_complete(case, job.number, job.finds, job.again):
                return
            self.found(case)
            self._seen(case.job)
            yield from _unless_none(Activity.TRANSPORT, fate.transport_seconds)
            yield from _unless_none(Activity.INTERVIEW, case.job.interview_seconds)
        elif not case.safe:
            self._enquiries.come_under_enquiry(case)
            return
        elif job.return_at >= job.arrived_at:
            yield from _unless_none(Activity.INTERVIEW, job.interview_seconds)
        self._interviewed(allocation, case)
        yield from _unless_none(Activity.PROTECTION, fate.protection_seconds)

    def _interviewed(self, allocation: Allocation, case: Case) -> None:
        case.interviewed_at = self._clock.now
        case.interviewed_by = allocation.units[0].pool.code
        if case.fate.ppn_sent:
            allocation.ppn = case
        else:
            self._partners.no_ppn(case)

    def _seen(self, job: Job) -> None:
        if job.seen_at == NEVER:
            job.seen_at = self._clock.now


def _unless_none(activity: Activity, seconds: int) -> Iterator[tuple[Activity, int]]:
    """What is of no seconds is not begun (rule 12.4)."""
    if seconds:
        yield activity, seconds
