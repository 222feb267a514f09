"""Lines of enquiry, and whose case it is (rules 11.1 to 11.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.engines.reference.case import Case
from sim.engines.reference.clock import Clock, Due, Steps, begin
from sim.engines.reference.desks import DESK_LINE, Desk
from sim.engines.reference.errand import Line, errand
from sim.engines.reference.journal import Journal, row
from sim.engines.reference.steps import scaled
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
    Policy,
    Why,
)

if TYPE_CHECKING:
    from sim.engines.reference.case_reviews import CaseReviews
    from sim.engines.reference.deployment import Deployment
    from sim.engines.reference.safety import Safety
    from sim.engines.reference.units import UnitPool

_OWNED = (Activity.OWNED_BY_RESPONSE, Activity.OWNED_BY_TEAM)


class Enquiries:
    """What is done to find a child after the first attendance.

    Parameters
    ----------
    pools
        Unit pools by code.
    desks
        Desk pools by code.

    Attributes
    ----------
    open
        By area: cases that are under enquiry, or wait for a visit, by key.
    """

    case_reviews: CaseReviews
    safety: Safety

    def __init__(
        self,
        policy: Policy,
        rules: EpisodeRules,
        clock: Clock,
        journal: Journal,
        desks: dict[int, Desk],
        pools: dict[int, UnitPool],
        deployment: Deployment,
    ) -> None:
        self._rules = rules
        self._clock = clock
        self._rows = journal.rows
        self._desk = desks.get(rules.enquiry_desk)
        self._deployment = deployment
        self._teams = [[pools[code] for code in team] for team in rules.team]
        self._owner = [RESPONSE for _ in policy.areas]
        self._looking = [False for _ in policy.areas]
        self.open: list[dict[int, Case]] = [{} for _ in policy.areas]
        for area, team in enumerate(self._teams):
            for pool in team:
                pool.owned = (*pool.owned, area)
                pool.enquiries = self

    def come_under_enquiry(self, case: Case) -> None:
        """The first attendance is complete, and the child is not back (rule 11.1)."""
        now = self._clock.now
        case.under_enquiry = True
        case.enquiry_at = case.owned_since = now
        case.allocations = case.job.allocations
        self.open[case.job.area][case.fate.key] = case
        self.case_reviews.begin(case)
        self._begin_gap(case)

    def stop(self, case: Case) -> None:
        """The child is safe (rules 12.1, 12.2)."""
        self._write_owner(case, self._clock.now, Why.DONE)
        case.under_enquiry = False
        case.gap_passes = False
        del self.open[case.job.area][case.fate.key]
        line, desk_line = case.line, case.desk_line
        case.line = None
        if line is not None:
            self._deployment.withdraw(line)
        if desk_line is not None and desk_line.begun_at == NEVER:
            assert self._desk is not None
            self._desk.drop(desk_line, Why.RETURNED)

    def move_on(self, case: Case) -> None:
        """A review or a tasking asks for the next line now (rules 11.7, 11.9)."""
        if case.gap_passes:
            case.moved_on += 1
            self._ask(case)

    def look_at_owner(self, areas: tuple[int, ...]) -> None:
        """A team's shift begins or ends; the next round sees what came of it (rule 11.2)."""
        for area in areas:
            if not self._looking[area]:
                self._looking[area] = True
                begin(self._see_owner(area))

    def line_complete(self, case: Case, number: int, finds: bool, again: bool) -> bool:
        """A line's work is complete; tell whether it has found the child (rule 11.5)."""
        case.lines += 1
        case.lines_again += again
        if not case.under_enquiry:
            return False
        case.last_line = number
        if finds:
            return True
        self._begin_gap(case)
        return False

    def write_unfinished(self, end: int) -> None:
        """Write whose the cases are when the follow-up ends (rule 1.6)."""
        for cases in self.open:
            for case in cases.values():
                if case.under_enquiry:
                    self._write_owner(case, end, Why.STILL_GOING)

    def _see_owner(self, area: int) -> Steps:
        yield self._clock.after(0, Due.OWNER, area)
        self._looking[area] = False
        on_duty = any(pool.on_duty for pool in self._teams[area])
        owner = TEAM if on_duty else RESPONSE
        if owner == self._owner[area]:
            return
        before, self._owner[area] = self._owner[area], owner
        for _, case in sorted(self.open[area].items()):
            if case.under_enquiry:
                self._hand_over(case, before)
            self._ask_the_owners_people(case)

    def _hand_over(self, case: Case, before: int) -> None:
        """Rule 11.6: it takes time, and loses things."""
        now = self._clock.now
        self._write_owner(case, now, Why.HANDED_OVER, before)
        case.owned_since = now
        case.handovers += 1
        case.to_read_in = True
        last = case.last_line
        if last > case.lost_line and case.line_fate(last).lost_parts < self._rules.lost_parts:
            case.again = case.lost_line = last

    def _ask_the_owners_people(self, case: Case) -> None:
        if case.line is not None:
            self._deployment.ask_others(case.line, self._asked_of(case))
        if case.visit is not None:
            self._deployment.ask_others(case.visit, self.visited_by(case))

    def visited_by(self, case: Case) -> int:
        """Who may be asked for a visit: a place of `Choice.tiers`."""
        return self._deployment.choice.visits[self._owner[case.job.area]]

    def _asked_of(self, case: Case) -> int:
        return self._deployment.choice.lines[self._owner[case.job.area]][case.class_]

    def reclassified(self, case: Case) -> None:
        """The risk held has changed: a line that waits is asked of that class's people (11.4)."""
        line, visit = case.line, case.visit
        if visit is not None:
            visit.risk = case.report.risk
        if line is not None:
            line.risk = case.report.risk
            self._deployment.regrade(line, self._rules.enquiry_grade[case.class_])
            self._deployment.ask_others(line, self._asked_of(case))

    def _begin_gap(self, case: Case) -> None:
        number = case.again if case.again != NONE else case.next_line
        fate = case.line_fate(number)
        seconds = fate.gap_seconds
        if case.escalated:
            seconds = scaled(seconds, self._rules.escalated_gap)
        if fate.line != number:
            # What repeats without end would otherwise never leave the second.
            seconds = max(seconds, 1)
        case.gap += 1
        case.gap_passes = True
        begin(self._pass_gap(case, seconds))

    def _pass_gap(self, case: Case, seconds: int) -> Steps:
        gap = case.gap
        yield self._clock.at(self._passed(seconds), Due.LINE, case.fate.key, gap)
        if case.gap == gap and case.gap_passes:
            self._ask(case)

    def _passed(self, seconds: int) -> int:
        """The first second before which a gap has passed, at each hour's rhythm (rule 11.3)."""
        second, left = self._clock.now, seconds * PER_MILLE
        while left > 0:
            rhythm = self._rules.rhythm[second % DAY // HOUR]
            to_hour = HOUR - second % HOUR
            if rhythm * to_hour >= left:
                return second + -(-left // rhythm)
            left -= rhythm * to_hour
            second += to_hour
        return second

    def _ask(self, case: Case) -> None:
        """Ask for the next line, or for one that was lost once more."""
        case.gap_passes = False
        again = case.again != NONE
        if again:
            number, case.again = case.again, NONE
        else:
            number = case.next_line
            case.next_line += 1
        fate = case.line_fate(number)
        finds = bool(fate.finds) and not again and fate.line == number
        if fate.desk:
            seconds = fate.work_seconds + self.reading_in(case)
            begin(self._at_desk(case, number, seconds, finds=finds, again=again))
            return
        case.line = errand(
            Line,
            case,
            self._clock.now,
            stream=self._asked_of(case),
            grade=self._rules.enquiry_grade[case.class_],
            officers=fate.officers,
            travel_seconds=fate.base_travel_seconds,
            work_seconds=fate.work_seconds,
            number=number,
            finds=finds,
            again=again,
        )
        self._deployment.ask(case.line)

    def reading_in(self, case: Case) -> int:
        """Seconds that a line takes more, where the case was handed over before it (11.6)."""
        seconds = self._rules.handover_seconds if case.to_read_in else 0
        case.to_read_in = False
        return seconds

    def _at_desk(self, case: Case, number: int, seconds: int, *, finds: bool, again: bool) -> Steps:
        if self._desk is None:
            case.line_begins(self._clock.now)
            yield self._clock.after(seconds, Due.DESK_TASK_ENDS, case.fate.key, DESK_LINE.step)
        else:
            case.desk_line = task = self._desk.ask(case.job, DESK_LINE, seconds, number)
            yield task
            self._desk.release(task)
        case.desk_line = None
        if self.line_complete(case, number, finds, again):
            self.safety.found(case)
            self.safety.ask_for_visit(case)

    def _write_owner(self, case: Case, now: int, why: Why, owner: int | None = None) -> None:
        if now > case.owned_since:
            kind = _OWNED[self._owner[case.job.area] if owner is None else owner]
            self._rows += row(case.fate.key, NONE, NONE, kind, 0, case.owned_since, now, why)
