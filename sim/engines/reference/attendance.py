"""One job's units: the dispatcher, the way there, the work, and losing them (6.7 to 6.9, 8.2)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping

from simpy import Event, Interrupt

from sim.engines.reference.clock import Actor, Clock, Due, Stop, reason, stop, undisturbed
from sim.engines.reference.deployment import Deployment
from sim.engines.reference.desks import DISPATCH, Desk, do
from sim.engines.reference.records import Allocation, Job
from sim.engines.reference.units import Duties, Unit
from sim.tables import NEVER, PER_MILLE, Activity, Policy, Table, Why


class Attendance:
    """What units do for a job.

    Parameters
    ----------
    attempts
        A dispatcher's work for each allocation, sorted by (key, attempt); the last repeats.
    """

    def __init__(
        self,
        policy: Policy,
        clock: Clock,
        desks: Mapping[int, Desk],
        deployment: Deployment,
        attempts: Table,
    ) -> None:
        self._policy = policy
        self._clock = clock
        self._deployment = deployment
        self._dispatchers = [desks.get(pool) for pool in policy.dispatchers]
        self._keys: list[int] = attempts["key"].tolist()
        self._seconds: list[int] = attempts["dispatch_seconds"].tolist()

    def attend(
        self, job: Job, goes_back: Callable[[], None] = lambda: None
    ) -> Actor[Allocation | None]:
        """From the queue to the end of the work at the scene: those who did it are returned.

        They are there still, and what they do next is the caller's to say, and so is when they
        leave (`leave`). A job that loses its units goes back to the queue, with its age (6.7).

        Parameters
        ----------
        job
            What they are sent to.
        goes_back
            Called when it does so.

        Returns
        -------
        Allocation or None
            None where nobody needs the job any more (rule 12.1).
        """
        while True:
            allocation = yield from self._deployment.wait(job)
            if allocation is None:
                return None
            try:
                yield from self._be_sent(allocation)
                yield from self._travel(allocation)
                yield from self._work(allocation)
            except Interrupt as interrupt:
                self._lose(allocation, reason(interrupt))
            else:
                return allocation
            if job.is_over:
                return None
            goes_back()

    def stay(self, allocation: Allocation, activity: Activity, seconds: int) -> Actor[None]:
        """The same units stay with the child, whatever else is asked of them (rule 12.4)."""
        if seconds:
            allocation.with_child = True
            self._all_begin(allocation, activity)
            job, number = allocation.job, allocation.number
            yield from undisturbed(self._clock.after(seconds, Due.WORK_ENDS, job.key, number))
            for unit in allocation.units:
                unit.end()

    def leave(
        self,
        allocation: Allocation,
        custody_seconds: int = 0,
        writing_seconds: int = 0,
        ppn_seconds: int = 0,
        written: Event | None = None,
    ) -> None:
        """All units leave together; what each does then is its own (rule 5.3).

        Parameters
        ----------
        allocation
            They.
        custody_seconds, writing_seconds
            Of each unit.
        ppn_seconds, written
            The PPN adds so much to the writing of the first; who waits for it (rule 12.5).
        """
        key = allocation.job.key
        self._deployment.leave(allocation)
        first, *others = allocation.units
        first.pool.release(
            first, Duties(key, custody_seconds, writing_seconds + ppn_seconds, written)
        )
        for unit in others:
            unit.pool.release(unit, Duties(key, custody_seconds, writing_seconds))

    def _be_sent(self, allocation: Allocation) -> Actor[None]:
        """Rule 6.8: nothing is allocated without a dispatcher, where the area has any."""
        job, number = allocation.job, allocation.number
        dispatcher = self._dispatchers[job.area]
        if dispatcher is not None:
            self._all_begin(allocation, Activity.EARMARKED)
            seconds = self._dispatch_seconds(job.key, number)
            dispatch = self._clock.process(
                do(self._clock, dispatcher, job, DISPATCH, seconds, number)
            )
            try:
                yield dispatch
            except Interrupt as lost:
                stop(dispatch, reason(lost).why)
                raise
            for unit in allocation.units:
                unit.end()

    def _travel(self, allocation: Allocation) -> Actor[None]:
        """Rule 6.9: each unit's travel is settled as they set off; they arrive one by one."""
        job, now = allocation.job, self._clock.now
        if job.allocated_at == NEVER:
            job.allocated_at = now
        self._all_begin(allocation, Activity.TRAVEL)
        for unit in allocation.units:
            unit.arrives_at = now + self._travel_seconds(job, unit)
        for second in sorted({unit.arrives_at for unit in allocation.units}):
            yield self._clock.at(second, Due.ARRIVAL, job.key, allocation.number)
            allocation.arrived = True
            for unit in allocation.units:
                if unit.arrives_at == second:
                    unit.end()
                    unit.begin(job.work, job.key, allocation.number)
                    job.arrives(unit, second)
            if job.work_left == NEVER:
                job.work_left = job.settle_work()

    def _work(self, allocation: Allocation) -> Actor[None]:
        """Rule 6.9: the work begins when the last has arrived, and what was left is resumed."""
        job, clock = allocation.job, self._clock
        allocation.working = True
        allocation.with_child = job.work_begins(clock.now)
        ends_at = clock.now + job.work_left
        end = clock.after(job.work_left, Due.WORK_ENDS, job.key, allocation.number)
        # 12.1: work that has begun is finished though the child is back; 12.4: or is with it.
        stopped_by = () if allocation.with_child else (Why.DIVERTED, Why.HANDED_OVER)
        try:
            yield from undisturbed(end, *stopped_by)
        except Interrupt as lost:
            job.work_left = ends_at - clock.now
            if reason(lost).why is Why.HANDED_OVER:  # 8.2
                job.work_left += self._policy.handover_seconds
            raise
        for unit in allocation.units:
            unit.end()

    def _lose(self, allocation: Allocation, stopped: Stop) -> None:
        """Its units are diverted, hand over, or are not needed (rules 6.7, 8.2, 12.1)."""
        self._deployment.leave(allocation)
        if stopped.why is Why.DIVERTED and allocation.arrived:
            allocation.job.arrived_then_left = True
        for unit in allocation.units:
            unit.end(stopped.why)
            if unit not in stopped.taken:
                unit.pool.release(unit)

    def _all_begin(self, allocation: Allocation, activity: Activity) -> None:
        for unit in allocation.units:
            unit.begin(activity, allocation.job.key, allocation.number)

    def _dispatch_seconds(self, key: int, number: int) -> int:
        first, last = bisect_left(self._keys, key), bisect_right(self._keys, key) - 1
        return self._seconds[min(first + number, last)]

    def _travel_seconds(self, job: Job, unit: Unit) -> int:
        """Base travel times the factors, rounded once, half up (rule 6.9)."""
        policy = self._policy
        product = (
            job.base_travel_seconds
            * policy.area_factor[unit.pool.area][job.area]
            * policy.grade_factor[job.grade - 1]
            * policy.hour_factor[self._clock.hour]
        )
        return (2 * product + PER_MILLE**3) // (2 * PER_MILLE**3)
