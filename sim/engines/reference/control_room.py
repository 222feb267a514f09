"""The control room: call, grade, assessment, research, ratification, the gate (rules 2 to 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.engines.reference.clock import Clock, Due, Moment, Steps, begin
from sim.engines.reference.desks import (
    CALL,
    OTHER_WORK,
    RATIFICATION,
    RESEARCH,
    Desk,
    Service,
    Task,
    staffed,
)
from sim.engines.reference.job import Job, Report
from sim.engines.reference.journal import Journal, row
from sim.tables import DAY, HOUR, NEVER, NONE, Activity, Gate, Origin, Policy, Risk, Why

if TYPE_CHECKING:
    from sim.engines.reference.deployment import Deployment
    from sim.engines.reference.partners import Partners
    from sim.engines.reference.reviews import Reviews
    from sim.engines.reference.safety import Safety

# Looked up once: in an enumeration each look-up costs as much as a call.
_GRADING, _ASSESSMENT, _RESEARCH, _RATIFICATION = Gate
_DIRECT: Final = int(Origin.DIRECT)
_HIGH: Final = int(Risk.HIGH)
_DONE: Final = Why.DONE
_TASK_ENDS: Final = Due.DESK_TASK_ENDS


class ControlRoom:
    """What happens to a report before anybody is sent.

    Parameters
    ----------
    desks
        Desk pools by code.
    deployment
        Takes the jobs that are ready.
    reviews
        Begins the clocks of rule 7.
    """

    def __init__(
        self,
        policy: Policy,
        clock: Clock,
        journal: Journal,
        desks: dict[int, Desk],
        deployment: Deployment,
        reviews: Reviews,
        safety: Safety,
        partners: Partners,
    ) -> None:
        self._policy = policy
        self._gate = policy.gate
        self._clock = clock
        self._rows = journal.rows
        self._desks = desks
        self._deployment = deployment
        self._reviews = reviews
        self._safety = safety
        self._partners = partners
        self._call_takers = desks.get(policy.call_takers)
        self._research_desk = desks.get(policy.research)

    def receive(self, report: Report) -> None:
        """A report reaches the control room, or other work a desk."""
        if isinstance(report, Job):
            begin(self._report(report))
        elif report.desk_pool == NONE:
            begin(self._call_alone(report))
        else:
            begin(self._other_work(report))

    def _other_work(self, report: Report) -> Steps:
        desk = self._desks[report.desk_pool]
        task = desk.ask(report, OTHER_WORK, report.desk_seconds)
        yield task
        desk.release(task)
        report.finished_at = self._clock.now

    def _call(self, report: Report, seconds: int) -> Task | None:
        """Ask for a call taker (rule 2.1); None where none is needed (rule 2.5)."""
        if self._call_takers is None or report.origin == _DIRECT:
            report.answered_at = self._clock.now
            return None
        return self._call_takers.ask(report, CALL, seconds)

    def _hang_up(self, call: Task) -> None:
        assert self._call_takers is not None
        self._call_takers.release(call)

    def _call_alone(self, report: Report) -> Steps:
        """A call that ends without deployment (rule 2.4)."""
        seconds = report.thrive_seconds + report.wrap_seconds
        call = self._call(report, seconds)
        if call is None:
            yield self._alone(report, CALL, seconds)
        else:
            yield call
            self._hang_up(call)
        report.graded_at = self._clock.now - report.wrap_seconds

    def _report(self, job: Job) -> Steps:
        """From report to grade, and on to assessment and the end of the call (rules 2.2, 2.3)."""
        call = self._call(job, job.thrive_seconds)
        if call is not None:
            yield call
        elif job.thrive_seconds:
            yield self._alone(job, CALL, job.thrive_seconds)
        self._grade(job)
        if job.assessment_seconds != NEVER:
            yield self._alone(job, CALL, job.assessment_seconds)
            self._assessed(job)
        if call is not None:
            if job.wrap_seconds:
                yield self._alone(job, CALL, job.wrap_seconds)
            self._hang_up(call)

    def _grade(self, job: Job) -> None:
        """The THRIVE assessment sets the grade; clocks of rules 3, 4, 7 and 9 begin."""
        policy = self._policy
        now = self._clock.now
        job.graded_at = now
        job.held = (
            self._gate is not _GRADING
            and policy.gated[job.stream]
            and job.held_parts < policy.held_parts
            and (job.risk != _HIGH or policy.hold_high_risk)
        )
        job.lowered = policy.missing[job.stream] and job.rank_parts < policy.next_grade_parts
        if job.case is not None:
            self._partners.graded(job, job.case)
        if job.return_at != NEVER:
            begin(self._child_returns(job))
        if not job.held:
            self._open_gate(job)
        self._reviews.start(job)
        if job.research_seconds != NEVER:
            begin(self._research(job))
        if job.assessment_seconds == NEVER:
            self._assessed(job)

    def _child_returns(self, job: Job) -> Steps:
        """The return opens the gate and may lower the rank; work goes on (rules 4.2, 6.2, 9.1)."""
        if job.return_at > self._clock.now:
            yield self._clock.at(job.return_at, Due.RETURN, job.key)
        if job.case is not None and job.case.found_at != NEVER:
            return
        job.returned = True
        self._open_gate(job, Why.RETURNED)
        self._deployment.reorder(job)
        if job.case is not None:
            self._safety.returned(job, job.case)

    def _research(self, job: Job) -> Steps:
        desk = self._research_desk
        if desk is None:
            yield self._alone(job, RESEARCH, job.research_seconds)
        else:
            task = desk.ask(job, RESEARCH, job.research_seconds)
            yield task
            desk.release(task)
        job.researched_at = self._clock.now
        if job.assessed_at != NEVER:
            self._step_complete(job, _RESEARCH)

    def _assessed(self, job: Job) -> None:
        job.assessed_at = self._clock.now
        self._step_complete(job, _ASSESSMENT)
        if job.researched_at != NEVER or job.research_seconds == NEVER:
            self._step_complete(job, _RESEARCH)
        elif not self._policy.ratification_waits_for_research:
            self._ask_for_ratification(job)

    def _step_complete(self, job: Job, step: Gate) -> None:
        """Rules 3.2 and 4.1: the next step begins, and the gate opens where it waited for this."""
        if self._gate is step:
            self._open_gate(job)
        if step is _RESEARCH:
            self._ask_for_ratification(job)

    def _ask_for_ratification(self, job: Job) -> None:
        if job.ratification_seconds == NEVER:
            if self._gate is _RATIFICATION:
                self._open_gate(job)
        elif not job.ratification_asked:
            job.ratification_asked = True
            begin(self._ratify(job))

    def _ratify(self, job: Job) -> Steps:
        desk = self._ratifier(job)
        seconds = job.ratification_seconds
        if desk is None:
            yield self._alone(job, RATIFICATION, seconds)
        else:
            task = desk.ask(job, RATIFICATION, seconds)
            yield task
            desk.release(task)
        job.ratified_at = self._clock.now
        if job.case is None:
            job.risk = job.ratified_risk
        else:
            self._reviews.case_reviews.ratified(job.case)
        if job.arrived_at == NEVER:
            self._deployment.regrade(job, self._grade_after_ratification(job))
        if self._gate is _RATIFICATION:
            self._open_gate(job)

    @staticmethod
    def _grade_after_ratification(job: Job) -> int:
        """As drawn, but no lower than a review or a child's vulnerability allows (2.6, 3.6)."""
        grade = job.ratified_grade
        if job.raised:
            grade = min(grade, job.grade)
        if job.vulnerable:
            grade = min(grade, 2)
        return grade

    def _alone(self, report: Report, service: Service, seconds: int) -> Moment:
        """The end of a step that is not a desk's task: in nobody's time, or within a call."""
        return self._clock.after(seconds, _TASK_ENDS, report.key, service.step)

    def _ratifier(self, job: Job) -> Desk | None:
        """Rule 3.3: the first pool of the list with anyone on duty, or its last."""
        pools = self._policy.ratifiers[job.risk][self._clock.now % DAY // HOUR]
        return staffed([self._desks[pool] for pool in pools], -1) if pools else None

    def _open_gate(self, job: Job, why: Why = _DONE) -> None:
        if job.ready_at == NEVER:
            now = self._clock.now
            job.ready_at = now
            self._write_held(job, now, why)
            self._deployment.join(job)

    def write_unfinished(self, reports: list[Report], end: int) -> None:
        """Write the jobs that the gate still holds when the follow-up ends (rule 1.6)."""
        for job in reports:
            if isinstance(job, Job) and job.graded_at != NEVER and job.ready_at == NEVER:
                self._write_held(job, end, Why.STILL_GOING)

    def _write_held(self, job: Job, now: int, why: Why) -> None:
        if now > job.graded_at:
            self._rows += row(job.key, NONE, NONE, Activity.HELD, 0, job.graded_at, now, why)
