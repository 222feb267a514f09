"""The reference engine: the rules of docs/model.md, written with SimPy to be read."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from sim.engines.reference.attendance import Attendance
from sim.engines.reference.case import Case, cases_from, cases_table, never_heard_of
from sim.engines.reference.case_reviews import CaseReviews
from sim.engines.reference.clock import Clock, Due, Steps, begin
from sim.engines.reference.control_room import ControlRoom
from sim.engines.reference.deployment import Deployment
from sim.engines.reference.desks import Desk
from sim.engines.reference.enquiries import Enquiries
from sim.engines.reference.job import Report, jobs_from, outcomes_of
from sim.engines.reference.journal import Journal
from sim.engines.reference.partners import Partners
from sim.engines.reference.reviews import Reviews
from sim.engines.reference.safety import Safety
from sim.engines.reference.shifts import Shifts
from sim.engines.reference.units import UnitPool
from sim.tables import CLASSES, NEVER, Draws, EpisodeRules, Played, Policy, Table

_REPORT: Final = Due.REPORT


def run(draws: Draws, rota: Table, policy: Policy, *, naive: bool = False) -> Played:
    """Play the incidents against the rota under the policy.

    Parameters
    ----------
    draws
        Fates; reports before ``policy.start`` or at or after ``policy.end`` are not allowed.
    rota
        Units and desk workers on duty, sorted by (on_at, key).
    policy
        The rules' numbers.
    naive
        Hand out after every round, and remember nothing of what was asked for in vain: the
        tables are the same, and what makes them is not a shortcut. Three to six times slower.

    Returns
    -------
    Played
        Outcomes (a row for each incident, in their order), activities, and cases (a row for each
        row of the episodes table).
    """
    with _uncollected():
        return _Simulation(draws, rota, policy, naive).run()


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep Python from looking for garbage meanwhile: next to none is made, a fifth is saved."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Simulation:
    """The parts, put together."""

    def __init__(self, draws: Draws, rota: Table, policy: Policy, naive: bool) -> None:
        self._policy = policy
        self._draws = draws
        self._journal = Journal()
        self._clock = Clock(policy.start, policy.end, naive=naive)
        self._reports = jobs_from(draws.incidents)
        self._cases = _cases(self._reports, draws)
        shared = (policy, self._clock, self._journal)
        desks = {code: Desk(code, *shared) for code, pool in enumerate(policy.pools) if pool.desk}
        pools = {
            code: UnitPool(code, *shared) for code, pool in enumerate(policy.pools) if not pool.desk
        }
        self._desks = [desks[code] for code in sorted(desks)]
        self._pools = [pools[code] for code in sorted(pools)]
        self._deployment = deployment = Deployment(*shared, pools)
        self._attendance = Attendance(*shared, desks, draws.attempts)
        reviews = Reviews(policy, self._clock, desks, deployment)
        rules = policy.episode or _no_episodes(policy)
        self._partners = Partners(rules, self._clock, desks, self._cases.values())
        self._enquiries = Enquiries(policy, rules, *shared[1:], desks, pools, deployment)
        self._case_reviews = CaseReviews(rules, self._clock, desks, self._enquiries)
        safety = Safety(rules, self._clock, deployment, self._enquiries, self._partners)
        deployment.attendance = self._attendance
        deployment.reviews = reviews
        reviews.case_reviews = self._enquiries.case_reviews = self._case_reviews
        self._enquiries.safety = self._attendance.safety = safety
        for pool in self._pools:
            pool.deployment = deployment
            pool.partners = self._partners
        self._attendance.deployment = deployment
        self._clock.queues = (deployment, *self._desks)
        self._control_room = ControlRoom(
            *shared, desks, deployment, reviews, safety, self._partners
        )
        self._shifts = Shifts(rota, policy, self._clock, desks, pools, self._attendance)

    def run(self) -> Played:
        begin(self._receive())
        begin(self._shifts.begin())
        if self._cases:
            begin(self._case_reviews.daily_tasking(self._policy.start))
            begin(self._partners.daily_meeting(self._policy.start))
        self._clock.play()
        self._write_unfinished()
        incidents, end = self._draws.incidents, self._policy.end
        cases = list(self._cases.values())
        return Played(
            outcomes_of(self._reports, incidents, end, never_heard_of(cases)),
            self._journal.table(),
            cases_table(cases, incidents, end),
        )

    def _receive(self) -> Steps:
        """Bring each report when it is due; those of one second come together, by key."""
        clock, second, cases = self._clock, NEVER, self._cases
        for report in self._reports:
            if report.reported_at != second:
                second = report.reported_at
                yield clock.after(second - clock.now, _REPORT, report.key)
            if report.key not in cases or self._partners.reports(cases[report.key]):
                self._control_room.receive(report)

    def _write_unfinished(self) -> None:
        """Rule 1.6: what is going on at the end is written as still going on."""
        end = self._policy.end
        for desk in self._desks:
            desk.write_unfinished(end)
        for pool in self._pools:
            pool.write_unfinished(end)
        self._deployment.write_unfinished(end)
        self._control_room.write_unfinished(self._reports, end)
        self._enquiries.write_unfinished(end)


def _cases(reports: Sequence[Report], draws: Draws) -> dict[int, Case]:
    """The cases by key, in the order of the episodes table."""
    if not len(draws.episodes):
        return {}
    cases = cases_from(reports, draws.incidents, draws.episodes, draws.enquiries)
    return {case.fate.key: case for case in cases}


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
