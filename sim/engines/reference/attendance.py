"""One allocation: the dispatcher, the way there, the work at the scene (rules 6.7 to 6.9, 9)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sim.engines.reference.clock import Clock, Due, Steps, begin
from sim.engines.reference.desks import DISPATCH, Desk, Task
from sim.engines.reference.job import Job
from sim.engines.reference.journal import Journal, row
from sim.engines.reference.units import Unit
from sim.tables import DAY, HOUR, NEVER, NONE, PER_MILLE, Activity, Policy, ShiftEnd, Table, Why

if TYPE_CHECKING:
    from sim.engines.reference.case import Case
    from sim.engines.reference.deployment import Deployment
    from sim.engines.reference.safety import Safety

# Looked up once: in an enumeration each look-up costs as much as a call.
_EARMARKED, _TRAVEL = Activity.EARMARKED, Activity.TRAVEL
_ARRIVAL, _WORK_ENDS = Due.ARRIVAL, Due.WORK_ENDS
_DONE: Final = Why.DONE

_SCALE: Final = PER_MILLE**3
_TWICE: Final = 2 * _SCALE


@dataclass(slots=True, eq=False)
class Allocation:
    """The units taken for a job, from claim to the end of their work there."""

    job: Job
    number: int
    units: list[Unit]
    claimed_at: int
    dispatch: Task | None = None
    set_off_at: int = NEVER
    arrived_until: int = NEVER
    """Units that were to arrive by this second have arrived."""
    working: bool = False
    """All units are there, and the work has begun."""
    works_until: int = NEVER
    with_child: bool = False
    """Its units are with the child, and stay (rule 12.4)."""
    doing: tuple[Activity, int] | None = None
    """What follows the work of the job, and since when (rules 12.1 to 12.4)."""
    ppn: Case | None = None
    """Whose PPN its first unit writes (rule 12.5)."""


class Attendance:
    """What units do for a job.

    Parameters
    ----------
    desks
        Desk pools by code; those that dispatch are among them.
    attempts
        A dispatcher's work for each allocation, sorted by (key, attempt); the last repeats.
    """

    deployment: Deployment
    safety: Safety

    def __init__(
        self,
        policy: Policy,
        clock: Clock,
        journal: Journal,
        desks: dict[int, Desk],
        attempts: Table,
    ) -> None:
        self._policy = policy
        self._clock = clock
        self._rows = journal.rows
        self._dispatchers = [desks.get(pool) for pool in policy.dispatchers]
        self._keys: list[int] = attempts["key"].tolist()
        self._seconds: list[int] = attempts["dispatch_seconds"].tolist()

    def claim(self, job: Job, units: list[Unit]) -> Allocation:
        """Earmarked units wait for a dispatcher, go there and work (rules 6.8, 6.9)."""
        allocation = Allocation(job, job.take_number(), units, self._clock.now)
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
        if why is Why.DIVERTED and allocation.arrived_until != NEVER:
            job.arrived_then_left = True
        for unit in allocation.units:
            unit.allocation = None

    def shift_ends(self, allocation: Allocation) -> None:
        """Rule 8.2: finish in overtime, or hand the job over."""
        if self._policy.shift_end is ShiftEnd.HAND_OVER and not allocation.with_child:
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
            seconds = self._dispatch_seconds(job.key, number)
            allocation.dispatch = dispatch = dispatcher.ask(job, DISPATCH, seconds, number)
            yield dispatch
            dispatcher.release(dispatch)
            if job.allocation is not allocation:
                return
        self._set_off(allocation)
        moments = [unit.arrives_at for unit in allocation.units]
        for moment in moments if len(moments) == 1 else sorted(set(moments)):
            yield clock.after(moment - clock.now, _ARRIVAL, job.key, number)
            if job.allocation is not allocation:
                return
            self._arrive(allocation, moment)
        allocation.working = True
        allocation.works_until = clock.now + job.work_left
        if job.case is not None:
            self.safety.work_begins(allocation)
        self.deployment.work_begins(job)
        yield clock.after(job.work_left, _WORK_ENDS, job.key, number)
        if job.allocation is not allocation:
            return
        self._finish(allocation)
        if job.case is not None:
            for activity, seconds in self.safety.after_work(allocation, job.case):
                allocation.doing, since = (activity, clock.now), clock.now
                allocation.with_child = True
                yield clock.after(seconds, _WORK_ENDS, job.key, number)
                for unit in allocation.units:
                    self._write_unit(allocation, unit, activity, since, clock.now, _DONE)
        self._leave(allocation)

    def _set_off(self, allocation: Allocation) -> None:
        job, now = allocation.job, self._clock.now
        allocation.set_off_at = now
        if job.allocated_at == NEVER:
            job.allocated_at = now
        dispatched = self._dispatchers[job.area] is not None
        for unit in allocation.units:
            if dispatched:
                self._write_unit(allocation, unit, _EARMARKED, allocation.claimed_at, now, _DONE)
            unit.arrives_at = now + self._travel_seconds(job, unit, now)

    def _dispatch_seconds(self, key: int, number: int) -> int:
        first, last = bisect_left(self._keys, key), bisect_right(self._keys, key) - 1
        return self._seconds[min(first + number, last)]

    def _travel_seconds(self, job: Job, unit: Unit, now: int) -> int:
        """Base travel times the factors, rounded once, half up (rule 6.9)."""
        policy = self._policy
        product = (
            job.base_travel_seconds
            * policy.area_factor[unit.pool.area][job.area]
            * policy.grade_factor[job.grade - 1]
            * policy.hour_factor[now % DAY // HOUR]
        )
        return (2 * product + _SCALE) // _TWICE

    def _arrive(self, allocation: Allocation, now: int) -> None:
        job = allocation.job
        allocation.arrived_until = now
        for unit in allocation.units:
            if unit.arrives_at == now:
                self._write_unit(allocation, unit, _TRAVEL, allocation.set_off_at, now, _DONE)
                if job.attended_by == NONE:
                    job.arrived_at = now
                    job.final_grade = job.grade
                    job.attended_by = unit.pool.code
        # Of a case the child may be back in an earlier round of this second (rule 12.1).
        back = job.returned and (job.return_at < now or job.case is not None)
        if back and job.seen_at == NEVER:
            job.seen_at = now
        if job.work_left == NEVER:
            back = job.returned and job.return_at < job.arrived_at
            job.work_left = job.interview_seconds if back else job.scene_seconds
            if job.case is not None:
                self.safety.reached(job, job.case)

    def _finish(self, allocation: Allocation) -> None:
        job, now = allocation.job, self._clock.now
        job.finished_at = now
        for unit in allocation.units:
            self._write_unit(allocation, unit, job.work, unit.arrives_at, now, _DONE)

    def _leave(self, allocation: Allocation) -> None:
        self.deployment.leave(allocation.job)
        writer = allocation.units[0]
        for unit in allocation.units:
            unit.allocation = None
            unit.pool.release(unit, allocation.job, allocation.ppn if unit is writer else None)

    def _write(self, allocation: Allocation, now: int, why: Why) -> None:
        """Write what each unit is doing for the job, up to now."""
        for unit in allocation.units:
            if allocation.doing is not None:
                kind, since = allocation.doing
            elif allocation.set_off_at == NEVER:
                kind, since = _EARMARKED, allocation.claimed_at
            elif unit.arrives_at <= allocation.arrived_until:
                kind, since = allocation.job.work, unit.arrives_at
            else:
                kind, since = _TRAVEL, allocation.set_off_at
            self._write_unit(allocation, unit, kind, since, now, why)

    def _write_unit(
        self, allocation: Allocation, unit: Unit, kind: Activity, start: int, end: int, why: Why
    ) -> None:
        job, number = allocation.job.key, allocation.number
        self._rows += row(job, unit.pool.code, unit.key, kind, number, start, end, why)
