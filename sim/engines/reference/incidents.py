"""An incident, from the call to the officers' leaving (rules 2 to 4, 7, 9)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from itertools import chain, count, repeat

from simpy import Event, Interrupt

from sim.engines.reference.attendance import Attendance
from sim.engines.reference.cases import Cases
from sim.engines.reference.clock import Actor, Clock, Due, Stop, reason
from sim.engines.reference.deployment import Deployment
from sim.engines.reference.desks import (
    CALL,
    OTHER_WORK,
    RATIFICATION,
    RESEARCH,
    RETHRIVE,
    REVIEW,
    Desk,
    Task,
    do,
    staffed,
)
from sim.engines.reference.journal import Journal
from sim.engines.reference.partners import Partners
from sim.engines.reference.records import Incident, Report
from sim.tables import NEVER, NONE, Activity, Gate, Origin, Policy, Risk, Why


class Incidents:
    """What becomes of a report.

    Parameters
    ----------
    desks
        Desk pools by code.
    """

    def __init__(
        self,
        policy: Policy,
        clock: Clock,
        journal: Journal,
        desks: Mapping[int, Desk],
        deployment: Deployment,
        attendance: Attendance,
        partners: Partners,
        cases: Cases,
    ) -> None:
        self._policy = policy
        self._clock = clock
        self._journal = journal
        self._desks = desks
        self._deployment = deployment
        self._attendance = attendance
        self._partners = partners
        self._cases = cases
        self._call_takers = desks.get(policy.call_takers)
        self._research_desk = desks.get(policy.research)
        self._levels = [
            [desks[pool] for pool in (asked, *stand_ins)]
            for asked, stand_ins in zip(
                policy.review_levels, chain(policy.review_stand_ins, repeat(())), strict=False
            )
        ]

    def other_work(self, report: Report) -> Actor[None]:
        """Other work of a desk (rule 2.1)."""

        def begins(now: int) -> None:
            report.answered_at = now

        desk = self._desks[report.desk_pool]
        yield from do(self._clock, desk, report, OTHER_WORK, report.desk_seconds, begins=begins)
        report.finished_at = self._clock.now

    def call_alone(self, report: Report) -> Actor[None]:
        """A call that ends without deployment (rule 2.4)."""
        call = yield from self._answer(report)
        yield self._step(report, report.thrive_seconds + report.wrap_seconds)
        self._hang_up(call)
        report.graded_at = self._clock.now - report.wrap_seconds

    def story(self, incident: Incident) -> Actor[None]:
        """An incident, from the call to the officers' leaving."""
        clock = self._clock
        incident.actor = clock.active_process
        call = yield from self._answer(incident)
        if call is not None or incident.thrive_seconds:
            yield self._step(incident, incident.thrive_seconds)
        self._grade(incident, call)
        if incident.held and not incident.returned:
            yield from self._gate(incident)
        incident.ready_at = clock.now
        self._deployment.step_up_later(incident, incident.graded_at)
        allocation = yield from self._attendance.attend(
            incident, goes_back=partial(self._begin_reviews, incident)
        )
        assert allocation is not None
        incident.finished_at = clock.now
        if incident.case is not None:
            yield from self._cases.after_first_attendance(allocation, incident.case)
        else:
            self._attendance.leave(allocation, incident.custody_seconds, incident.writing_seconds)

    # --- the call

    def _answer(self, report: Report | Incident) -> Actor[Task | None]:
        """Wait for a call taker (rule 2.1); None where none is needed (rule 2.5)."""
        call = None
        if self._call_takers is not None and report.origin != Origin.DIRECT:
            call = yield from self._call_takers.take(report, CALL)
        report.answered_at = self._clock.now
        return call

    def _hang_up(self, call: Task | None) -> None:
        if call is not None:
            assert self._call_takers is not None
            self._call_takers.release(call)

    def _step(self, report: Report | Incident, seconds: int) -> Event:
        """The end of a step of a call, whether or not anybody's time goes into it."""
        return self._clock.after(seconds, Due.DESK_TASK_ENDS, report.key, CALL.step)

    def _grade(self, incident: Incident, call: Task | None) -> None:
        """THRIVE sets the grade (2.2); what the grade sets going begins (3, 4, 7, 9)."""
        policy, clock = self._policy, self._clock
        incident.graded_at = clock.now
        incident.asked = self._deployment.pools_of(
            policy.attends[incident.stream][incident.area],
            policy.borrows[incident.stream][incident.area],
        )
        incident.held = (  # 4.1
            policy.gate is not Gate.GRADING
            and policy.gated[incident.stream]
            and incident.held_parts < policy.held_parts
            and (incident.risk != Risk.HIGH or policy.hold_high_risk)
        )
        if policy.missing[incident.stream]:  # 6.2
            incident.place = policy.missing_rank
            incident.lowered = incident.rank_parts < policy.next_grade_parts
        if incident.case is not None:
            self._partners.graded(incident.case)
        if NEVER != incident.return_at <= clock.now:
            self._returns(incident)
        elif incident.return_at != NEVER:
            clock.process(self._child_returns(incident))
        self._begin_reviews(incident)
        if policy.rethrive_pool != NONE and policy.rethrive_after_seconds != NEVER:
            clock.process(self._rethrive(incident))
        incident.assessed, incident.researched = clock.event(), clock.event()
        incident.ratified = clock.event()
        if incident.research_seconds == NEVER:  # 3.1
            incident.researched.succeed()
        else:
            clock.process(self._research(incident))
        if incident.held or incident.ratification_seconds != NEVER:
            clock.process(self._ratification(incident))
        clock.process(self._assessment(incident, call))

    def _assessment(self, incident: Incident, call: Task | None) -> Actor[None]:
        """The risk assessment follows the grade, then the end of the call (rule 2.3)."""
        if incident.assessment_seconds != NEVER:
            yield self._step(incident, incident.assessment_seconds)
        incident.assessed_at = self._clock.now
        incident.assessed.succeed()
        if call is not None:
            if incident.wrap_seconds:
                yield self._step(incident, incident.wrap_seconds)
            self._hang_up(call)

    # --- what follows the grade

    def _gate(self, incident: Incident) -> Actor[None]:
        """A held deployment waits for its gate, which the child's return opens (4.1, 4.2)."""
        held = self._journal.begin(incident.key, NONE, NONE, Activity.HELD)
        why = Why.DONE
        try:
            yield incident.assessed
            if self._policy.gate is Gate.RESEARCH:
                yield incident.researched
            elif self._policy.gate is Gate.RATIFICATION:
                yield incident.ratified
        except Interrupt as returned:
            why = reason(returned).why
        self._journal.end(held, why)

    def _research(self, incident: Incident) -> Actor[None]:
        """Research beside the assessment (rule 3.1)."""
        desk, seconds = self._research_desk, incident.research_seconds
        yield from do(self._clock, desk, incident, RESEARCH, seconds)
        incident.researched_at = self._clock.now
        incident.researched.succeed()

    def _ratification(self, incident: Incident) -> Actor[None]:
        """Ratification of the risk assessment, once it may be asked for (rules 3.2, 3.3, 3.6)."""
        policy, clock = self._policy, self._clock
        yield incident.assessed
        if policy.ratification_waits_for_research:
            yield incident.researched
        if incident.ratification_seconds != NEVER:
            pools = policy.ratifiers[incident.risk][clock.hour]
            desk = staffed([self._desks[pool] for pool in pools], -1) if pools else None
            yield from do(clock, desk, incident, RATIFICATION, incident.ratification_seconds)
            incident.ratified_at = clock.now
            if incident.case is None:
                incident.risk = incident.ratified_risk
            else:
                self._cases.ratified(incident.case)
            if incident.arrived_at == NEVER:
                self._deployment.regrade(incident, self._ratified_grade(incident))
        incident.ratified.succeed()

    @staticmethod
    def _ratified_grade(incident: Incident) -> int:
        """As drawn, but no lower than a review or a child's vulnerability allows (2.6, 3.6)."""
        grade = incident.ratified_grade
        if incident.raised:
            grade = min(grade, incident.grade)
        if incident.vulnerable:
            grade = min(grade, 2)
        return grade

    def _child_returns(self, incident: Incident) -> Actor[None]:
        """The return opens the gate (rule 4.2), unless the child was found before it (12.2)."""
        yield self._clock.at(incident.return_at, Due.RETURN, incident.key)
        if incident.case is None or incident.case.found_at == NEVER:
            if incident.ready_at == NEVER:
                assert incident.actor is not None
                incident.actor.interrupt(Stop(Why.RETURNED))
            self._returns(incident)

    def _returns(self, incident: Incident) -> None:
        """The child is back: the rank may fall, and work goes on (rules 6.2, 9.1, 12.1)."""
        incident.returned = True
        self._deployment.reorder(incident)
        if incident.case is not None:
            self._cases.returned(incident.case)

    # --- reviews of what waits

    def _begin_reviews(self, incident: Incident) -> None:
        """Begin the review clock, at grading and when a job goes back to its queue (7.1)."""
        if self._levels:
            clock = self._clock.process(self._review_clock(incident))
            incident.while_it_waits.append(clock)

    def _review_clock(self, incident: Incident) -> Actor[None]:
        """Rule 7.1: reviews, each so long after the one before has ended, until it is claimed."""
        try:
            while True:
                interval = self._policy.review_after_seconds[incident.grade - 1]
                if interval == NEVER:
                    return
                yield self._clock.after(interval, Due.REVIEW, incident.key)
                yield self._clock.process(self._review(incident))
        except Interrupt:
            return

    def _review(self, incident: Incident) -> Actor[None]:
        """A review that is asked for is made, and counts, whatever happens meanwhile (7.1)."""
        policy = self._policy
        level = min(incident.reviews, len(self._levels) - 1)
        desk = staffed(self._levels[level], 0)
        number = incident.reviews
        yield from do(self._clock, desk, incident, REVIEW, policy.review_seconds, number)
        incident.reviews += 1
        self._discover(incident)
        if 0 <= policy.review_restores_rank <= level and incident.lowered:  # 7.4
            incident.lowered = False
            self._deployment.reorder(incident)

    def _rethrive(self, incident: Incident) -> Actor[None]:
        """Rule 7.2: THRIVE again, so long after grading and after each."""
        policy, clock = self._policy, self._clock
        desk = self._desks[policy.rethrive_pool]
        for number in count():
            yield clock.after(policy.rethrive_after_seconds, Due.RETHRIVE, incident.key)
            case = incident.case
            if incident.arrived_at != NEVER and (case is None or case.safe):  # 11.8
                return
            yield from do(clock, desk, incident, RETHRIVE, policy.rethrive_seconds, number)
            if policy.rethrive_calls_back:
                self._discover(incident)

    def _discover(self, incident: Incident) -> None:
        """Rule 7.3: a review finds a rise of risk that has happened; 11.8 once under enquiry."""
        if incident.case is not None and incident.case.under_enquiry:
            self._cases.discover(incident.case)
        elif (
            NEVER != incident.escalates_at <= self._clock.now
            and incident.arrived_at == NEVER
            and not incident.raised
            and not incident.returned
        ):
            incident.raised = True
            self._deployment.regrade(incident, max(incident.grade - 1, 1))
