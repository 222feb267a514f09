"""One allocation: the dispatcher, the way there, the work at the scene (rules 6.7 to 6.9, 9)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sim.engines.reference.clock import Clock, Due, Steps, begin
from sim.engines.reference.desks import Desk, Task
from sim.engines.reference.job import Job
from sim.engines.reference.units import Unit
from sim.tables import DAY, HOUR, NEVER, PER_MILLE, Activity, Policy, ShiftEnd, Why

if TYPE_CHECKING:
    from sim.engines.reference.deployment import Deployment
    from sim.engines.reference.journal import Journal


@dataclass(slots=True, eq=False)
class Allocation:
    """The units taken for a job, from claim to the end of their work there."""

    job: Job
    number: int
    units: list[Unit]
    claimed_at: int
    dispatch: Task | None = None
    set_off_at: int = NEVER
    arrivals: dict[Unit, int] | None = None
    """When each unit arrives, once they have set off."""
    there: list[Unit] = field(default_factory=list)
    """Units that have arrived."""
    working: bool = False
    """All units are there, and the work has begun."""
    works_until: int = NEVER


class Attendance:
    """What units do for a job.

    Parameters
    ----------
    desks
        Desk pools by code; those that dispatch are among them.
    dispatch_seconds
        By incident key: a dispatcher's work for each allocation; the last repeats.
    """

    deployment: Deployment

    def __init__(
        self,
        policy: Policy,
        clock: Clock,
        journal: Journal,
        desks: dict[int, Desk],
        dispatch_seconds: dict[int, list[int]],
    ) -> None:
        self._policy = policy
        self._clock = clock
        self._journal = journal
        self._dispatchers = [desks.get(pool) for pool in policy.dispatchers]
        self._dispatch_seconds = dispatch_seconds

    def claim(self, job: Job, units: list[Unit]) -> Allocation:
        """Earmarked units wait for a dispatcher, go there and work (rules 6.8, 6.9)."""
        allocation = Allocation(job, job.allocations, units, self._clock.now)
        job.allocations += 1
        job.allocation = allocation
        for unit in units:
            unit.allocation = allocation
        begin(self._attend(allocation))
        return allocation

    def break_off(self, allocation: Allocation, why: Why) -> None:
        """The job loses its units: what they were doing for it ends now (rules 6.7, 8.2)."""
        job = allocation.job
        now = self._clock.now
        if allocation.dispatch is not None:
            dispatcher = self._dispatchers[job.area]
            assert dispatcher is not None
            dispatcher.drop(allocation.dispatch, why)
        self._write(allocation, now, why)
        if allocation.working:
            job.work_left = allocation.works_until - now
            if why is Why.HANDED_OVER:
                job.work_left += self._policy.handover_seconds
        if why is Why.DIVERTED and allocation.there:
            job.arrived_then_left = True
        for unit in allocation.units:
            unit.allocation = None

    def shift_ends(self, allocation: Allocation) -> None:
        """Rule 8.2: finish in overtime, or hand the job over."""
        if self._policy.shift_end is ShiftEnd.HAND_OVER:
            self.break_off(allocation, Why.HANDED_OVER)
            self.deployment.go_back(allocation.job)
            for one in allocation.units:
                one.pool.release(one)

    def write_unfinished(self, allocation: Allocation, end: int) -> None:
        """Write what is going on when the follow-up ends (rule 1.6)."""
        self._write(allocation, end, Why.STILL_GOING)

    def _attend(self, allocation: Allocation) -> Steps:
        clock, job, number = self._clock, allocation.job, allocation.number
        dispatcher = self._dispatchers[job.area]
        if dispatcher is not None:
            times = self._dispatch_seconds[job.key]
            seconds = times[min(number, len(times) - 1)]
            allocation.dispatch = dispatcher.ask(
                job, Activity.WAIT_DISPATCHER, Activity.DISPATCH, seconds, number
            )
            yield allocation.dispatch
            if job.allocation is not allocation:
                return
        self._set_off(allocation)
        assert allocation.arrivals is not None
        moments = allocation.arrivals.values()
        for moment in sorted(set(moments)) if len(moments) > 1 else moments:
            yield clock.at(moment, Due.ARRIVAL, job.key, number)
            if job.allocation is not allocation:
                return
            self._arrive(allocation, moment)
        allocation.working = True
        allocation.works_until = clock.now + job.work_left
        self.deployment.work_begins()
        yield clock.after(job.work_left, Due.WORK_ENDS, job.key, number)
        if job.allocation is not allocation:
            return
        self._finish(allocation)

    def _set_off(self, allocation: Allocation) -> None:
        job, now = allocation.job, self._clock.now
        allocation.set_off_at = now
        if job.allocated_at == NEVER:
            job.allocated_at = now
        if self._dispatchers[job.area] is not None:
            for unit in allocation.units:
                self._write_unit(
                    allocation, unit, Activity.EARMARKED, allocation.claimed_at, now, Why.DONE
                )
        allocation.arrivals = {
            unit: now + self._travel_seconds(job, unit, now) for unit in allocation.units
        }

    def _travel_seconds(self, job: Job, unit: Unit, now: int) -> int:
        """Base travel times the factors, rounded once, half up (rule 6.9)."""
        policy = self._policy
        product = (
            job.base_travel_seconds
            * policy.area_factor[unit.pool.area][job.area]
            * policy.grade_factor[job.grade - 1]
            * policy.hour_factor[now % DAY // HOUR]
        )
        scale = PER_MILLE**3
        return (2 * product + scale) // (2 * scale)

    def _arrive(self, allocation: Allocation, now: int) -> None:
        job = allocation.job
        assert allocation.arrivals is not None
        for unit in allocation.units:
            if allocation.arrivals[unit] == now:
                allocation.there.append(unit)
                self._write_unit(
                    allocation, unit, Activity.TRAVEL, allocation.set_off_at, now, Why.DONE
                )
                if job.arrived_at == NEVER:
                    job.arrived_at = now
                    job.final_grade = job.grade
                    job.attended_by = unit.pool.code
        returned = job.return_at != NEVER and job.return_at < now
        if returned and job.seen_at == NEVER:
            job.seen_at = now
        if job.work_left == NEVER:
            first = job.arrived_at
            interview = job.return_at != NEVER and job.return_at < first
            job.work_left = job.interview_seconds if interview else job.scene_seconds

    def _finish(self, allocation: Allocation) -> None:
        job = allocation.job
        job.finished_at = self._clock.now
        self._write(allocation, self._clock.now, Why.DONE)
        self.deployment.leave(job)
        for unit in allocation.units:
            unit.allocation = None
            unit.pool.release(unit, job)

    def _write(self, allocation: Allocation, now: int, why: Why) -> None:
        """Write what each unit is doing for the job, up to now."""
        arrivals = allocation.arrivals
        for unit in allocation.units:
            if arrivals is None:
                kind, since = Activity.EARMARKED, allocation.claimed_at
            elif unit in allocation.there:
                kind, since = Activity.SCENE, arrivals[unit]
            else:
                kind, since = Activity.TRAVEL, allocation.set_off_at
            self._write_unit(allocation, unit, kind, since, now, why)

    def _write_unit(
        self, allocation: Allocation, unit: Unit, kind: Activity, start: int, end: int, why: Why
    ) -> None:
        self._journal.work(
            allocation.job.key, unit.pool.code, unit.key, kind, allocation.number, start, end, why
        )
