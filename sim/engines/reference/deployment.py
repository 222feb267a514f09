"""The queues of jobs, and who is sent to which (rules 4.3, 6.1 to 6.8, 8.2)."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable
from itertools import chain
from typing import TYPE_CHECKING, Final, TypeAlias

from sim.engines.reference.choice import Choice, Tiers, preference
from sim.engines.reference.clock import Clock, Due, Steps, begin
from sim.engines.reference.errand import Errand
from sim.engines.reference.job import Job, Order
from sim.engines.reference.journal import Journal, row
from sim.engines.reference.units import Unit, UnitPool
from sim.tables import NEVER, NONE, Policy, Why

if TYPE_CHECKING:
    from sim.engines.reference.attendance import Allocation, Attendance
    from sim.engines.reference.reviews import Reviews

Kind: TypeAlias = tuple[int, int, int, bool]
"""Area, stream, officers, may borrow: jobs of a grade that are alike in these find the same."""

# Looked up once: in an enumeration each look-up costs as much as a call.
_DONE: Final = Why.DONE


class Deployment:
    """The queue of each area, and the units that may be sent.

    Parameters
    ----------
    pools
        Unit pools by code.
    """

    reviews: Reviews
    attendance: Attendance

    def __init__(
        self, policy: Policy, clock: Clock, journal: Journal, pools: dict[int, UnitPool]
    ) -> None:
        self._policy = policy
        self._clock = clock
        self._rows = journal.rows
        self._choice = self.choice = Choice(policy, clock, pools)
        self._queues: list[list[tuple[Order, Job]]] = [[] for _ in policy.areas]
        self._allocations: dict[Job, Allocation] = {}
        self._step_up_after = _or_none(policy.step_up_seconds)
        self._borrow_after = _or_none(policy.borrow_after_seconds)
        self._all_grades = range(1, policy.grades + 1)
        self.changed = False
        """A hand-out may now find what the last one did not."""
        self._in_vain: dict[int, set[Kind]] = {}
        """By grade: what has been asked for since `look_again`, and could not be had. It stays so
        meanwhile: time alone only takes units away, as shifts draw to their ends."""

    def join(self, job: Job) -> None:
        """A job that is ready joins the queue of its area (rule 4.3)."""
        now = self._clock.now
        step_up = self._step_up_after[job.grade - 1]
        if step_up is not None:
            due = job.graded_at + step_up
            if due <= now:
                job.stepped_up = True
            else:
                begin(self._step_up(job, due))
        job.waiting_since = now
        self._enter_queue(job)
        self._tell_when_borrowing_begins(job)

    def ask(self, errand: Errand) -> None:
        """A line of enquiry or a visit joins the queue of its area (rule 11.4)."""
        errand.waiting_since = self._clock.now
        self._enter_queue(errand)

    def ask_others(self, errand: Errand, stream: int) -> None:
        """The case has another owner, whose people are asked from now on (rule 11.6)."""
        errand.stream = stream
        if errand.order is not None:
            self._look_through_queues()

    def withdraw(self, errand: Errand) -> None:
        """The child is back: a line is no longer needed, unless its work has begun (12.1)."""
        if errand.order is not None:
            self._leave_queue(errand)
            self._write_wait(errand, self._clock.now, Why.RETURNED)
            return
        allocation = errand.allocation
        if allocation is None or allocation.working:
            return
        self.attendance.break_off(allocation, Why.RETURNED)
        self.leave(errand)
        for unit in allocation.units:
            unit.pool.release(unit)

    def go_back(self, job: Job) -> None:
        """A job that has lost its units goes back, with the age of its report (rule 6.7)."""
        self.leave(job)
        if isinstance(job, Errand) and job.is_over:
            return
        job.waiting_since = self._clock.now
        self._enter_queue(job)
        # Its grade may have changed while it was not in the queue.
        self._tell_when_borrowing_begins(job)
        if not isinstance(job, Errand):
            self.reviews.again(job)

    def reorder(self, job: Job) -> None:
        """Put a queued job where its rank now belongs."""
        if job.order is not None:
            self._leave_queue(job)
            self._enter_queue(job)

    def regrade(self, job: Job, grade: int) -> None:
        """Change the grade; the first upgrade and the first downgrade are recorded (rule 3.6)."""
        now = self._clock.now
        if grade == job.grade:
            return
        if grade < job.grade and job.upgraded_at == NEVER:
            job.upgraded_at = now
        if grade > job.grade and job.downgraded_at == NEVER:
            job.downgraded_at = now
        job.grade = grade
        if job.order is not None:
            self.reorder(job)
            self._tell_when_borrowing_begins(job)
        elif job.allocation is not None:
            self.look_again(self._choice.diverters[grade - 1])

    def work_begins(self, job: Job) -> None:
        """Units on the way have become units at a scene, which other jobs may divert (6.6)."""
        self.look_again(self._choice.diverters_at_scene[job.grade - 1])

    def look_again(self, grades: Iterable[int]) -> None:
        """What jobs of these grades have asked for in vain they may now find.

        To be called whenever a unit, or another job's allocation, has become one to be had.
        """
        if self._clock.naive:
            self._look_through_queues()
        elif self._in_vain:
            for grade in grades:
                if self._in_vain.pop(grade, None):
                    self._look_through_queues()

    def leave(self, job: Job) -> None:
        """The job's work at the scene is complete, or no longer wanted."""
        del self._allocations[job]
        job.allocation = None

    def hand_out(self) -> None:
        """Each area's queue in turn, each job in its order (rule 1.4); the rest are passed over."""
        self.changed = False
        for queue in self._queues:
            if queue:
                self._hand_out_area(queue)

    def write_unfinished(self, end: int) -> None:
        """Write the waits that are going on when the follow-up ends (rule 1.6)."""
        for _, job in chain.from_iterable(self._queues):
            self._write_wait(job, end, Why.STILL_GOING)
        for allocation in self._allocations.values():
            self.attendance.write_unfinished(allocation, end)

    def _hand_out_area(self, queue: list[tuple[Order, Job]]) -> None:
        choice, in_vain, now = self._choice, self._in_vain, self._clock.now
        place = 0
        while place < len(queue):
            job = queue[place][1]
            wait = self._borrow_after[job.grade - 1]
            borrows = wait is not None and now - job.ready_at >= wait
            kind = (job.area, job.stream, job.officers, borrows)
            if kind not in in_vain.get(job.grade, ()):
                tiers = choice.tiers[borrows][job.stream][job.area]
                units = choice.eligible(job, tiers)
                if units is not None:
                    del queue[place]
                    self._claim(job, units)
                    continue
                victim = None
                if job.grade in choice.diverting:
                    victim = choice.divertible(job, tiers, self._allocations)
                if victim is not None:
                    del queue[place]
                    self._divert(job, victim, tiers)
                    # From the first job again (rule 1.4): units left over, and the job that lost
                    # them, change what others can have.
                    self.look_again(self._all_grades)
                    place = 0
                    continue
                if not self._clock.naive:
                    in_vain.setdefault(job.grade, set()).add(kind)
            place += 1

    def _claim(self, job: Job, units: list[Unit]) -> None:
        now = self._clock.now
        job.order = None
        self._write_wait(job, now, _DONE)
        if job.claimed_at == NEVER:
            job.claimed_at = now
        for unit in units:
            unit.pool.take(unit)
        self._allocations[job] = self.attendance.claim(job, units)
        # Its units may be diverted by a job that could not have them while idle.
        self.look_again(self._choice.diverters[job.grade - 1])

    def _divert(self, job: Job, victim: Job, tiers: Tiers) -> None:
        allocation = self._allocations[victim]
        victim.diversions += 1
        self.attendance.break_off(allocation, Why.DIVERTED)
        self.go_back(victim)
        ranked = sorted(allocation.units, key=lambda unit: preference(tiers, unit))
        taken: list[Unit] = []
        for unit in ranked:
            if sum(one.officers for one in taken) < job.officers:
                taken.append(unit)
            else:
                unit.pool.release(unit)
        self._claim(job, taken)

    def _enter_queue(self, job: Job) -> None:
        job.order = job.rank_order(self._policy)
        insort(self._queues[job.area], (job.order, job))
        self._look_through_queues()

    def _leave_queue(self, job: Job) -> None:
        queue = self._queues[job.area]
        assert job.order is not None
        del queue[bisect_left(queue, job.order, key=lambda entry: entry[0])]
        job.order = None

    def _step_up(self, job: Job, due: int) -> Steps:
        yield self._clock.at(due, Due.STEP_UP, job.key)
        if job.claimed_at == NEVER:
            job.stepped_up = True
            self.reorder(job)

    def _tell_when_borrowing_begins(self, job: Job) -> None:
        wait = None if isinstance(job, Errand) else self._borrow_after[job.grade - 1]
        if wait is not None and job.ready_at + wait > self._clock.now:
            begin(self._borrowing(job, job.ready_at + wait))

    def _borrowing(self, job: Job, begins: int) -> Steps:
        yield self._clock.at(begins, Due.BORROWING, job.key)
        if job.order is not None:
            self._look_through_queues()

    def _look_through_queues(self) -> None:
        self.changed = self._clock.round_ends = True

    def _write_wait(self, job: Job, now: int, why: Why) -> None:
        since = job.waiting_since
        if now > since:
            number = job.next_number
            self._rows += row(job.key, NONE, NONE, job.wait, number, since, now, why)


def _or_none(seconds: tuple[int, ...]) -> list[int | None]:
    return [None if one == NEVER else one for one in seconds]
