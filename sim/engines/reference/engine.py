"""The reference engine: the rules of docs/model.md, written with SimPy to be read."""

from __future__ import annotations

from itertools import groupby

from sim.engines.reference.attendance import Attendance
from sim.engines.reference.cases import Cases
from sim.engines.reference.clock import Actor, Clock, Due
from sim.engines.reference.deployment import Deployment
from sim.engines.reference.desks import Desk, Worker
from sim.engines.reference.incidents import Incidents
from sim.engines.reference.journal import Journal
from sim.engines.reference.partners import Partners
from sim.engines.reference.records import Incident, Report
from sim.engines.reference.rows import cases_from, cases_table, outcomes_of, reports_from
from sim.engines.reference.units import Unit, UnitPool
from sim.engines.reference.verify import Verification
from sim.tables import CLASSES, NONE, Draws, EpisodeRules, Played, Policy, ShiftEnd, Table


def run(draws: Draws, rota: Table, policy: Policy, *, verify: bool = False) -> Played:
    """Play the incidents against the rota under the policy.

    Parameters
    ----------
    draws
        Fates; reports before ``policy.start`` or at or after ``policy.end`` are not allowed.
    rota
        Units and desk workers on duty, sorted by (on_at, key).
    policy
        The rules' numbers.
    verify
        Look after each round whether the state is as the rules say. Ten times slower.

    Returns
    -------
    Played
        Outcomes (a row for each incident, in their order), activities, and cases (a row for each
        row of the episodes table).

    Raises
    ------
    InternalError
        The state is not as the rules say: which rule, in which second, of which incident.
    """
    return _World(draws, rota, policy).play(verify=verify)


class _World:
    """All actors, and what they share."""

    def __init__(self, draws: Draws, rota: Table, policy: Policy) -> None:
        self.policy = policy
        self.draws = draws
        self.rota = rota
        self.clock = clock = Clock(policy.start)
        self.journal = journal = Journal(clock)
        self.reports = reports_from(draws.incidents)
        self.cases = cases_from(self.reports, draws)
        self.desks: dict[int, Desk] = {}
        self.pools: dict[int, UnitPool] = {}
        for code, pool in enumerate(policy.pools):
            if pool.desk:
                self.desks[code] = Desk(code, policy, clock, journal)
            else:
                self.pools[code] = UnitPool(code, pool, clock, journal)
        rules = policy.episode or _no_episodes(policy)
        self.deployment = Deployment(policy, clock, journal, self.pools, list(self.desks.values()))
        attendance = Attendance(policy, clock, self.desks, self.deployment, draws.attempts)
        self.partners = Partners(rules, clock, self.desks, self.cases.values())
        self.enquiries = Cases(
            rules,
            clock,
            journal,
            self.desks,
            self.pools,
            self.deployment,
            attendance,
            self.partners,
        )
        self.incidents = Incidents(
            policy,
            clock,
            journal,
            self.desks,
            self.deployment,
            attendance,
            self.partners,
            self.enquiries,
        )

    def play(self, *, verify: bool) -> Played:
        clock, end = self.clock, self.policy.end
        units, workers = self._people()
        checks = None
        if verify:
            checks = Verification(
                self.policy,
                clock,
                self.desks,
                self.pools,
                units,
                workers,
                self.deployment,
                self.enquiries,
            )
        clock.process(self._reports_come_in())
        clock.process(self._shifts_begin(units, workers))
        clock.process(self.deployment.hand_out(checks))
        if self.cases:
            self.enquiries.start()
            clock.process(self.partners.daily_meeting())
        if end > self.policy.start:
            clock.run(until=end)  # 1.6: what would be due at the end does not happen
        if checks is not None:
            checks.at_the_end(self.reports)
        return Played(
            outcomes_of(self.reports, self.cases, self.draws.incidents, end),
            self.journal.close(end),
            cases_table(self.cases, self.draws.incidents, end),
        )

    def _reports_come_in(self) -> Actor[None]:
        """Each report when it is due; those of one second come together, by key."""
        clock = self.clock
        for second, together in groupby(self.reports, key=lambda report: report.reported_at):
            reports = list(together)
            yield clock.at(second, Due.REPORT, reports[0].key)
            for report in reports:
                case = self.cases.get(report.key)
                if case is None or self.partners.hear_of(case):
                    clock.process(self._story(report))

    def _story(self, report: Report | Incident) -> Actor[None]:
        if isinstance(report, Incident):
            return self.incidents.story(report)
        if report.desk_pool == NONE:
            return self.incidents.call_alone(report)
        return self.incidents.other_work(report)

    def _people(self) -> tuple[list[tuple[int, Unit]], list[tuple[int, Desk, Worker]]]:
        """Units, and desk workers, of the rota, each with the second in which they come on duty."""
        units: list[tuple[int, Unit]] = []
        workers: list[tuple[int, Desk, Worker]] = []
        names = ("key", "pool", "officers", "on_at", "off_at", "break_at", "break_seconds")
        rows = zip(*(self.rota[name].tolist() for name in names), strict=True)
        for key, code, officers, on_at, off_at, break_at, break_seconds in rows:
            # 1.6: a shift that began before the simulation begins with it; some are nobody's.
            begins_at = max(on_at, self.policy.start)
            if begins_at < off_at and code in self.desks:
                workers.append((begins_at, self.desks[code], Worker(key, off_at)))
            elif begins_at < off_at:
                unit = Unit(key, self.pools[code], officers, off_at, break_at, break_seconds)
                units.append((begins_at, unit))
        return units, workers

    def _shifts_begin(
        self, units: list[tuple[int, Unit]], workers: list[tuple[int, Desk, Worker]]
    ) -> Actor[None]:
        """Each shift when it begins, row by row of the rota (rule 5.1)."""
        clock = self.clock
        hands_over = self.policy.shift_end is ShiftEnd.HAND_OVER
        shifts = [
            (second, unit.key, unit.pool.shift(unit, hands_over=hands_over))
            for second, unit in units
        ]
        shifts += [(second, worker.key, desk.shift(worker)) for second, desk, worker in workers]
        shifts.sort(key=lambda shift: shift[:2])
        for second, together in groupby(shifts, key=lambda shift: shift[0]):
            cohort = list(together)
            yield clock.at(second, Due.SHIFT_BEGINS, cohort[0][1])
            for _, _, actor in cohort:
                clock.process(actor)


def _no_episodes(policy: Policy) -> EpisodeRules:
    """Rules for no case at all."""
    nobody = ((),) * len(policy.areas)
    classes = (nobody,) * CLASSES
    return EpisodeRules(
        team=nobody,
        enquirers=(classes, classes),
        interviewers=(nobody, nobody),
        enquiry_grade=(1,) * CLASSES,
        interview_grade=1,
    )
