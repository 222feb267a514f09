"""A case, from the end of the first attendance to the last interview (rules 11, 12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simpy import AnyOf, Interrupt, Process

from sim.engines.reference.attendance import Attendance
from sim.engines.reference.clock import Actor, Clock, Due, Stop, reason, stop
from sim.engines.reference.deployment import Deployment
from sim.engines.reference.desks import DESK_LINE, TASKING, Desk, Service, case_review, do, staffed
from sim.engines.reference.journal import Journal, Spell
from sim.engines.reference.partners import Partners, daily, scaled
from sim.engines.reference.records import Allocation, Asked, Case, Errand, Line, Visit
from sim.engines.reference.units import UnitPool
from sim.tables import (
    DAY,
    HOUR,
    NEVER,
    NONE,
    PER_MILLE,
    RESPONSE,
    TEAM,
    Activity,
    EpisodeRules,
    ReviewLevel,
    Risk,
    Why,
)

_OWNED = (Activity.OWNED_BY_RESPONSE, Activity.OWNED_BY_TEAM)


class Cases:
    """What is done to find a child after the first attendance, and once it is back.

    Parameters
    ----------
    pools
        Unit pools by code.
    desks
        Desk pools by code.

    Attributes
    ----------
    open
        By area, by key: cases that are under enquiry, or wait for a visit.
    """

    def __init__(
        self,
        rules: EpisodeRules,
        clock: Clock,
        journal: Journal,
        desks: Mapping[int, Desk],
        pools: Mapping[int, UnitPool],
        deployment: Deployment,
        attendance: Attendance,
        partners: Partners,
    ) -> None:
        self._rules = rules
        self._clock = clock
        self._journal = journal
        self._desks = desks
        self._enquiry_desk = desks.get(rules.enquiry_desk)
        self._deployment = deployment
        self._attendance = attendance
        self._partners = partners
        self._teams = [[pools[code] for code in team] for team in rules.team]
        self._owner = [RESPONSE for _ in rules.team]
        self._owned: dict[Case, Spell] = {}
        self.open: list[dict[int, Case]] = [{} for _ in rules.team]

    def start(self) -> None:
        """Begin what goes on whatever cases there are."""
        clock = self._clock
        for area, team in enumerate(self._teams):
            if team:
                clock.process(self._ownership(area))
        if self._rules.tasking_at != NEVER:
            clock.process(self._daily_tasking())

    # --- one case, told from beginning to end

    def after_first_attendance(self, allocation: Allocation, case: Case) -> Actor[None]:
        """What follows the work of the first attendance (rules 11.1, 12.1)."""
        incident = case.incident
        if case.safe:
            if not incident.returned_first:
                seconds = incident.interview_seconds
                yield from self._attendance.stay(allocation, Activity.INTERVIEW, seconds)
            yield from self._after_interview(
                allocation, case, incident.custody_seconds, incident.writing_seconds
            )
        else:
            self._clock.process(self.story(case))
            self._attendance.leave(allocation, incident.custody_seconds, incident.writing_seconds)

    def story(self, case: Case) -> Actor[None]:
        """One line of enquiry after another until the child is safe; then the interview."""
        case.actor = self._clock.active_process
        self._come_under_enquiry(case)
        line: Process | None = None
        try:
            while case.under_enquiry:
                yield from self._gap(case)
                line = self._clock.process(self._line(case))
                yield line
        except Interrupt as back:  # 12.1
            self._close(case)
            stop(line, reason(back).why)
        if case.interviewed_at == NEVER:
            yield from self._visit(case)

    def returned(self, case: Case) -> None:
        """The child is back unprompted (rule 12.1)."""
        incident = case.incident
        case.safe = True
        if case.under_enquiry:
            assert case.actor is not None
            case.actor.interrupt(Stop(Why.RETURNED))
        elif incident.allocation is not None and incident.allocation.arrived:
            incident.child_seen(self._clock.now)
        self._partners.safe(case)

    def _come_under_enquiry(self, case: Case) -> None:
        """Rule 11.1."""
        case.under_enquiry = True
        case.enquiry_at = self._clock.now
        case.allocations = case.incident.allocations
        self.open[case.incident.area][case.fate.key] = case
        self._own(case)
        if case.incident.raised:  # 11.8
            self._escalate(case)
        else:
            self._begin_reviews(case)

    def _gap(self, case: Case) -> Actor[None]:
        """The gap before a line passes, or is ended by a review or a tasking (11.3, 11.7).

        What is left of it at a handover passes by the new owner's rhythm (11.6).
        """
        number = case.next_line if case.again == NONE else case.again
        fate = case.line_fate(number)
        seconds = fate.gap_seconds
        if case.escalated:
            seconds = scaled(seconds, self._rules.escalated_gap)
        if fate.line != number:
            # What repeats without end would otherwise never leave the second.
            seconds = max(seconds, 1)
        left = seconds * PER_MILLE
        case.gap_passes = True
        try:
            while True:
                since, rhythm = int(self._clock.now), self._rhythm(case)
                case.gaps += 1
                due = _passed(since, left, rhythm)
                try:
                    yield self._clock.at(due, Due.LINE, case.fate.key, case.gaps)
                    return
                except Interrupt as ended:
                    if reason(ended).why is Why.DONE:
                        return
                    if reason(ended).why is not Why.HANDED_OVER:
                        raise
                left -= _passes(since, int(self._clock.now), rhythm)
        finally:
            case.gap_passes = False

    def _rhythm(self, case: Case) -> Sequence[int]:
        """How fast a gap passes in each hour of the day, by whose case it is (rule 11.3)."""
        return self._rules.rhythm[self._owner[case.incident.area]]

    def _move_on(self, case: Case) -> None:
        """A review or a tasking asks for the next line now (rules 11.7, 11.9)."""
        if case.gap_passes:
            case.moved_on += 1
            stop(case.actor, Why.DONE)

    def _line(self, case: Case) -> Actor[None]:
        """A line of enquiry, or one that was lost once more (rules 11.4 to 11.6, 12.2)."""
        again = case.again != NONE
        if again:
            number, case.again = case.again, NONE
        else:
            number = case.next_line
            case.next_line += 1
        fate = case.line_fate(number)
        finds = bool(fate.finds) and not again and fate.line == number
        if fate.desk:
            seconds = fate.work_seconds + case.reading_in(self._rules.handover_seconds)
            is_done = yield from do(
                self._clock,
                self._enquiry_desk,
                case.incident,
                DESK_LINE,
                seconds,
                number,
                begins=case.line_begins,
            )
            if is_done and self._complete(case, number, finds=finds, again=again):
                self._found(case)
            return
        errand = Line(
            **self._errand(case, self._rules.enquiry_grade[case.class_]),
            officers=fate.officers,
            base_travel_seconds=fate.base_travel_seconds,
            work_seconds=fate.work_seconds,
            handover_seconds=self._rules.handover_seconds,
        )
        allocation = yield from self._attend(case, errand)
        if allocation is None:
            return
        if not self._complete(case, number, finds=finds, again=again):
            self._attendance.leave(allocation)
            return
        self._found(case)
        case.incident.child_seen(self._clock.now)
        stay = self._attendance.stay
        yield from stay(allocation, Activity.TRANSPORT, case.fate.transport_seconds)
        yield from stay(allocation, Activity.INTERVIEW, case.incident.interview_seconds)
        yield from self._after_interview(allocation, case)

    def _complete(self, case: Case, number: int, *, finds: bool, again: bool) -> bool:
        """A line's work is complete; tell whether it has found the child (rule 11.5)."""
        case.lines += 1
        case.lines_again += again
        if not case.under_enquiry:
            return False
        case.last_line = number
        return finds

    def _found(self, case: Case) -> None:
        """Rule 12.2."""
        case.found_at = self._clock.now
        case.safe = True
        self._close(case)
        self._partners.safe(case)

    def _close(self, case: Case) -> None:
        """The child is safe: enquiries, and whose they are, are at an end (rules 12.1, 12.2)."""
        case.under_enquiry = False
        case.errand = None
        self._journal.end(self._owned.pop(case))
        del self.open[case.incident.area][case.fate.key]
        self._stop_reviews(case)

    def _visit(self, case: Case) -> Actor[None]:
        """Somebody goes to see the child (rule 12.3)."""
        open_here = self.open[case.incident.area]
        open_here[case.fate.key] = case
        visit = Visit(
            **self._errand(case, self._rules.interview_grade),
            officers=case.fate.interview_officers,
            base_travel_seconds=case.fate.interview_travel_seconds,
            work_seconds=case.incident.interview_seconds,
        )
        allocation = yield from self._attend(case, visit)
        assert allocation is not None
        del open_here[case.fate.key]
        yield from self._after_interview(allocation, case)

    def _after_interview(
        self, allocation: Allocation, case: Case, custody_seconds: int = 0, writing_seconds: int = 0
    ) -> Actor[None]:
        """Its units stay with the child, and then leave, one with the PPN to write (12.4, 12.5)."""
        fate = case.fate
        written = self._partners.interviewed(case, allocation.units[0].pool.code)
        yield from self._attendance.stay(allocation, Activity.PROTECTION, fate.protection_seconds)
        # Where the interview was the first attendance, the writing of that is the PPN.
        adds = written is not None and not case.incident.returned_first
        ppn_seconds = fate.ppn_seconds if adds else 0
        self._attendance.leave(allocation, custody_seconds, writing_seconds, ppn_seconds, written)

    def _errand(self, case: Case, grade: int) -> dict[str, Any]:
        """What a line and a visit have in common (rule 11.4)."""
        incident = case.incident
        return {
            "key": incident.key,
            "reported_at": self._clock.now,
            "grade": grade,
            "risk": incident.risk,
            "area": incident.area,
            "case": case,
        }

    def _attend(self, case: Case, errand: Errand) -> Actor[Allocation | None]:
        """Rule 11.4: an errand is asked of the people of its case's owner, and ready at once."""
        errand.ready_at = errand.reported_at
        errand.asked = self._people(case)
        case.errand = errand
        allocation = yield from self._attendance.attend(errand)
        if case.errand is errand:
            case.errand = None
        return allocation

    # --- whose case it is

    def _ownership(self, area: int) -> Actor[None]:
        """Whose the cases of an area are, looked at where a team's shift changes (rule 11.2)."""
        clock, team = self._clock, self._teams[area]
        while True:
            yield AnyOf(clock, [pool.shift_changes for pool in team])
            yield clock.after(0, Due.OWNER, area)
            owner = TEAM if any(pool.on_duty for pool in team) else RESPONSE
            if owner != self._owner[area]:
                self._owner[area] = owner
                for case in self.open[area].values():
                    if case.under_enquiry:
                        self._hand_over(case)
                    if case.errand is not None:
                        case.errand.asked = self._people(case)

    def _hand_over(self, case: Case) -> None:
        """Rule 11.6: it takes time, and loses things."""
        self._journal.end(self._owned[case], Why.HANDED_OVER)
        self._own(case)
        case.handovers += 1
        case.to_read_in = True
        last = case.last_line
        if last > case.lost_line and case.line_fate(last).lost_parts < self._rules.lost_parts:
            case.again = case.lost_line = last
        if case.gap_passes:
            stop(case.actor, Why.HANDED_OVER)

    def _own(self, case: Case) -> None:
        kind = _OWNED[self._owner[case.incident.area]]
        self._owned[case] = self._journal.begin(case.fate.key, NONE, NONE, kind)

    def _people(self, case: Case) -> Asked:
        """Who may be asked for a line (rule 11.4), or for the visit (rule 12.3)."""
        area = case.incident.area
        owner = self._owner[area]
        if case.under_enquiry:
            return self._deployment.pools_of(self._rules.enquirers[owner][case.class_][area])
        return self._deployment.pools_of(self._rules.interviewers[owner][area])

    # --- how high its risk is, and who looks at it

    def ratified(self, case: Case) -> None:
        """Ratification gives the risk held, unless a rise of it is known (rules 3.6, 11.8)."""
        incident = case.incident
        if not case.escalated and incident.risk != incident.ratified_risk:
            self._hold(case, incident.ratified_risk)

    def discover(self, case: Case) -> None:
        """Rule 11.8: a review finds a rise of risk that has happened."""
        rises_at, now = case.incident.escalates_at, self._clock.now
        if not case.escalated and NEVER != rises_at <= now:
            case.escalated_at = now
            self._escalate(case)

    def _escalate(self, case: Case) -> None:
        case.escalated = True
        self._hold(case, Risk.HIGH)

    def _hold(self, case: Case, risk: int) -> None:
        """The case is of another risk: so are its errand (11.4) and its reviews (11.7)."""
        case.report.risk = risk
        errand = case.errand
        if errand is not None:
            errand.risk = risk
            if case.under_enquiry:
                self._deployment.regrade(errand, self._rules.enquiry_grade[case.class_])
                errand.asked = self._people(case)
        if case.under_enquiry:
            self._begin_reviews(case)

    def _begin_reviews(self, case: Case) -> None:
        """Rule 11.7: those of the risk held, anew."""
        self._stop_reviews(case)
        for place, level in enumerate(self._rules.reviews[case.report.risk]):
            clock = self._clock.process(self._review_clock(case, level, case_review(place)))
            case.review_clocks.append(clock)

    def _stop_reviews(self, case: Case) -> None:
        for clock in case.review_clocks:
            stop(clock, Why.DONE)
        case.review_clocks.clear()

    def _review_clock(self, case: Case, level: ReviewLevel, service: Service) -> Actor[None]:
        """Rule 11.7: one level's reviews, each so long after the one before has ended."""
        wait = level.first_after_seconds
        mine = self._clock.active_process
        assert mine is not None
        try:
            while wait != NEVER:
                yield self._clock.after(wait, Due.CASE_REVIEW, case.fate.key, service.step)
                yield self._clock.process(self._review(case, level, service, mine))
                wait = level.every_seconds
        except Interrupt:
            return

    def _review(
        self, case: Case, level: ReviewLevel, service: Service, clock: Process
    ) -> Actor[None]:
        """Rule 11.7: what is asked for is made; it counts while its clock goes on."""
        number = case.reviews_asked
        case.reviews_asked += 1
        desks = [self._desks[pool] for pool in level.pools]
        desk = staffed(desks, -1) if desks else None
        yield from do(self._clock, desk, case.incident, service, level.seconds, number)
        if clock not in case.review_clocks:
            return
        case.reviews += 1
        self.discover(case)
        if case.line_fate(number).review_parts < self._rules.review_moves_parts:
            self._move_on(case)

    def _daily_tasking(self) -> Actor[None]:
        """Rule 11.9, each day."""
        for second in daily(self._rules.tasking_at, int(self._clock.now)):
            yield self._clock.at(second, Due.TASKING, 0)
            for area in self.open:
                for case in area.values():
                    if case.under_enquiry:
                        self._clock.process(self._task(case))

    def _task(self, case: Case) -> Actor[None]:
        """Rule 11.9, for one case."""
        rules = self._rules
        number = case.taskings_asked
        case.taskings_asked += 1
        desk = self._desks.get(rules.tasking_pool)
        yield from do(self._clock, desk, case.incident, TASKING, rules.tasking_seconds, number)
        if case.under_enquiry:
            case.taskings += 1
            if case.line_fate(number).tasking_parts < rules.tasking_moves_parts:
                self._move_on(case)


def _passed(second: int, left: int, rhythm: Sequence[int]) -> int:
    """The first second before which so many thousandths of seconds have passed (rule 11.3)."""
    while left > 0:
        pace = rhythm[second % DAY // HOUR]
        to_hour = HOUR - second % HOUR
        if pace * to_hour >= left:
            return second + -(-left // pace)
        left -= pace * to_hour
        second += to_hour
    return second


def _passes(second: int, until: int, rhythm: Sequence[int]) -> int:
    """How many thousandths of seconds pass between two seconds (rule 11.3)."""
    passed = 0
    while second < until:
        hour_ends = min(until, second + HOUR - second % HOUR)
        passed += rhythm[second % DAY // HOUR] * (hour_ends - second)
        second = hour_ends
    return passed
