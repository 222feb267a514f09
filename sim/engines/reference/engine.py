"""The reference engine: the rules of docs/model.md, written with SimPy to be read."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from operator import attrgetter, itemgetter

from sim.engines.reference.attendance import Attendance
from sim.engines.reference.clock import Clock, Due, Steps, begin
from sim.engines.reference.control_room import ControlRoom
from sim.engines.reference.deployment import Deployment
from sim.engines.reference.desks import Desk
from sim.engines.reference.job import Job, jobs_from, outcomes_of
from sim.engines.reference.journal import Journal
from sim.engines.reference.reviews import Reviews
from sim.engines.reference.shifts import Shifts
from sim.engines.reference.units import UnitPool
from sim.tables import Policy, Table


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
        return _Simulation(incidents, attempts, rota, policy).run()


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

    def __init__(self, incidents: Table, attempts: Table, rota: Table, policy: Policy) -> None:
        self._policy = policy
        self._journal = Journal()
        self._clock = Clock(policy.start, policy.end, self._hand_out)
        shared = (policy, self._clock, self._journal)
        desks = {code: Desk(code, *shared) for code, pool in enumerate(policy.pools) if pool.desk}
        pools = {
            code: UnitPool(code, pool, self._clock, self._journal)
            for code, pool in enumerate(policy.pools)
            if not pool.desk
        }
        self._desks = [desks[code] for code in sorted(desks)]
        self._pools = [pools[code] for code in sorted(pools)]
        self._jobs = jobs_from(incidents)
        self._deployment = Deployment(*shared, pools)
        self._attendance = Attendance(*shared, desks, _dispatch_seconds(attempts))
        reviews = Reviews(policy, self._clock, desks, self._deployment)
        self._deployment.attendance = self._attendance
        self._deployment.reviews = reviews
        self._attendance.deployment = self._deployment
        self._control_room = ControlRoom(*shared, desks, self._deployment, reviews)
        self._shifts = Shifts(rota, policy, self._clock, desks, pools, self._attendance)

    def run(self) -> tuple[Table, Table]:
        begin(self._reports())
        begin(self._shifts.begin())
        self._clock.play()
        self._write_unfinished()
        return outcomes_of(self._jobs, self._policy.end), self._journal.table()

    def _reports(self) -> Steps:
        for second, together in groupby(self._jobs, key=attrgetter("reported_at")):
            jobs: list[Job] = list(together)
            yield self._clock.at(second, Due.REPORT, jobs[0].key)
            for job in jobs:
                self._control_room.receive(job)

    def _hand_out(self) -> None:
        """Rule 1.4."""
        self._deployment.hand_out()
        for desk in self._desks:
            if desk.queue and desk.idle:
                desk.hand_out()

    def _write_unfinished(self) -> None:
        """Rule 1.6: what is going on at the end is written as still going on."""
        end = self._policy.end
        for desk in self._desks:
            desk.write_unfinished(end)
        for pool in self._pools:
            pool.write_unfinished(end)
        self._deployment.write_unfinished(end)
        self._control_room.write_unfinished(self._jobs, end)


def _dispatch_seconds(attempts: Table) -> dict[int, list[int]]:
    rows = zip(attempts["key"].tolist(), attempts["dispatch_seconds"].tolist(), strict=True)
    return {key: [row[1] for row in own] for key, own in groupby(rows, key=itemgetter(0))}
