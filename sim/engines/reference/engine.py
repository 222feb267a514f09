"""The reference engine: the rules of docs/model.md, written with SimPy to be read."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sim.engines.reference.attendance import Attendance
from sim.engines.reference.clock import Clock, Due, Steps, begin
from sim.engines.reference.control_room import ControlRoom
from sim.engines.reference.deployment import Deployment
from sim.engines.reference.desks import Desk
from sim.engines.reference.job import Report, jobs_from, outcomes_of
from sim.engines.reference.journal import Journal
from sim.engines.reference.reviews import Reviews
from sim.engines.reference.shifts import Shifts
from sim.engines.reference.units import UnitPool
from sim.tables import NEVER, Policy, Table

_REPORT: Final = Due.REPORT


def run(incidents: Table, attempts: Table, rota: Table, policy: Policy) -> tuple[Table, Table]:
    """Play the incidents against the rota under the policy.

    Parameters
    ----------
    incidents
        Fates, sorted by (reported_at, key); reports before ``policy.start`` or at or after
        ``policy.end`` are not allowed.
    attempts
        Fates of allocations, sorted by (key, attempt).
    rota
        Units and desk workers on duty, sorted by (on_at, key).
    policy
        The rules' numbers.

    Returns
    -------
    outcomes, activities
        Tables of `sim.tables.OUTCOMES` (a row for each incident, in their order) and
        `sim.tables.ACTIVITIES`.
    """
    with _uncollected():
        return _Simulation(attempts, rota, policy).run(incidents)


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

    def __init__(self, attempts: Table, rota: Table, policy: Policy) -> None:
        self._policy = policy
        self._journal = Journal()
        self._clock = Clock(policy.start, policy.end)
        shared = (policy, self._clock, self._journal)
        desks = {code: Desk(code, *shared) for code, pool in enumerate(policy.pools) if pool.desk}
        pools = {
            code: UnitPool(code, *shared) for code, pool in enumerate(policy.pools) if not pool.desk
        }
        self._desks = [desks[code] for code in sorted(desks)]
        self._pools = [pools[code] for code in sorted(pools)]
        self._deployment = Deployment(*shared, pools)
        self._attendance = Attendance(*shared, desks, attempts)
        reviews = Reviews(policy, self._clock, desks, self._deployment)
        self._deployment.attendance = self._attendance
        self._deployment.reviews = reviews
        for pool in self._pools:
            pool.deployment = self._deployment
        self._attendance.deployment = self._deployment
        self._clock.queues = (self._deployment, *self._desks)
        self._control_room = ControlRoom(*shared, desks, self._deployment, reviews)
        self._shifts = Shifts(rota, policy, self._clock, desks, pools, self._attendance)

    def run(self, incidents: Table) -> tuple[Table, Table]:
        reports = jobs_from(incidents)
        begin(self._receive(reports))
        begin(self._shifts.begin())
        self._clock.play()
        self._write_unfinished(reports)
        outcomes = outcomes_of(reports, incidents, self._policy.end)
        return outcomes, self._journal.table()

    def _receive(self, reports: list[Report]) -> Steps:
        """Bring each report when it is due; those of one second come together, by key."""
        clock, second = self._clock, NEVER
        for report in reports:
            if report.reported_at != second:
                second = report.reported_at
                yield clock.after(second - clock.now, _REPORT, report.key)
            self._control_room.receive(report)

    def _write_unfinished(self, reports: list[Report]) -> None:
        """Rule 1.6: what is going on at the end is written as still going on."""
        end = self._policy.end
        for desk in self._desks:
            desk.write_unfinished(end)
        for pool in self._pools:
            pool.write_unfinished(end)
        self._deployment.write_unfinished(end)
        self._control_room.write_unfinished(reports, end)
