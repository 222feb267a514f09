"""The queues of jobs, and which units a job takes (rules 4.3, 6.1 to 6.8)."""

from __future__ import annotations

from bisect import insort
from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from simpy import Interrupt

from sim.engines.reference.clock import Actor, Clock, Due, Stop, reason, stop
from sim.engines.reference.desks import Desk
from sim.engines.reference.journal import Journal
from sim.engines.reference.records import Allocation, Asked, Job
from sim.engines.reference.units import State, Unit, UnitPool
from sim.tables import NEVER, NONE, Policy, Why


class Checks(Protocol):
    """Who looks at the state at the end of each round."""

    def before_hand_out(self) -> None:
        """Work is about to be handed out."""

    def after_hand_out(self, claims: int) -> None:
        """It has been, and so many jobs were claimed."""


class Deployment:
    """The queue of each area, and the hand-out at the end of each round.

    Attributes
    ----------
    queues
        By area: jobs that wait for units, in their order (rule 6.1).
    allocations
        Units that have been given to jobs and have not left them.
    """

    def __init__(
        self,
        policy: Policy,
        clock: Clock,
        journal: Journal,
        pools: Mapping[int, UnitPool],
        desks: Sequence[Desk],
    ) -> None:
        self.queues: Final[list[list[Job]]] = [[] for _ in policy.areas]
        self.allocations: list[Allocation] = []
        self._policy = policy
        self._clock = clock
        self._journal = journal
        self._pools = pools
        self._desks = desks
        # By grade of the job: states from which a unit may be taken, first asked first (6.5).
        self._states = [
            (State.IDLE, *[State.ON_BREAK] * on_break, *[State.WRITING] * writing)
            for on_break, writing in zip(
                policy.break_interrupted, policy.writing_interrupted, strict=True
            )
        ]
        # By grade of the job: grades of those that it may divert on the way, and at a scene (6.6).
        self._diverts = [
            tuple(
                {left for left, may in enumerate(row, start=1) if may and left > grade}
                for row in rows
            )
            for grade, rows in enumerate(
                zip(policy.divert_travelling, policy.divert_at_scene, strict=True), start=1
            )
        ]

    def pools_of(self, attends: Sequence[int], borrows: Sequence[int] = ()) -> Asked:
        """Pools by their codes, for `Job.asked`."""
        return (
            tuple(self._pools[code] for code in attends),
            tuple(self._pools[code] for code in borrows),
        )

    # --- the queue

    def wait(self, job: Job) -> Actor[Allocation | None]:
        """Wait in the queue of the area (rule 4.3) until units are given; None: withdrawn."""
        wait = self._journal.begin(job.key, NONE, NONE, job.wait, job.next_number())
        job.actor = self._clock.active_process
        job.granted = self._clock.event()
        self._enter_queue(job)
        self._wait_to_borrow(job)
        try:
            allocation: Allocation = yield job.granted
        except Interrupt as withdrawn:
            self._leave_queue(job)
            self._journal.end(wait, reason(withdrawn).why)
            return None
        self._journal.end(wait)
        return allocation

    def step_up_later(self, job: Job, graded_at: int) -> None:
        """Rule 6.3, for a job that is about to join its queue."""
        interval = self._policy.step_up_seconds[job.grade - 1]
        if interval != NEVER and graded_at + interval <= self._clock.now:
            job.stepped_up = True
        elif interval != NEVER:
            clock = self._clock.process(self._step_up(job, graded_at + interval))
            job.while_it_waits.append(clock)

    def regrade(self, job: Job, grade: int) -> None:
        """Change the grade; the first upgrade and the first downgrade are recorded (rule 3.6)."""
        if grade < job.grade and job.upgraded_at == NEVER:
            job.upgraded_at = self._clock.now
        if grade > job.grade and job.downgraded_at == NEVER:
            job.downgraded_at = self._clock.now
        if grade != job.grade:
            job.grade = grade
            self.reorder(job)
            if job.order is not None:
                self._wait_to_borrow(job)

    def reorder(self, job: Job) -> None:
        """Put a job that is in the queue where its rank now belongs."""
        if job.order is not None:
            self._leave_queue(job)
            self._enter_queue(job)

    def leave(self, allocation: Allocation) -> None:
        """The units of a job leave it, or are taken from it."""
        self.allocations.remove(allocation)
        allocation.job.allocation = None

    def _enter_queue(self, job: Job) -> None:
        job.order = job.in_queue(self._policy)
        insort(self.queues[job.area], job, key=_order)

    def _leave_queue(self, job: Job) -> None:
        self.queues[job.area].remove(job)
        job.order = None

    def _step_up(self, job: Job, due: int) -> Actor[None]:
        try:
            yield self._clock.at(due, Due.STEP_UP, job.key)
        except Interrupt:
            return
        job.stepped_up = True
        self.reorder(job)

    def _wait_to_borrow(self, job: Job) -> None:
        """Rule 6.4: at a moment of its own other areas' units become eligible."""
        interval = self._policy.borrow_after_seconds[job.grade - 1]
        if job.asked[1] and interval != NEVER and job.ready_at + interval > self._clock.now:
            clock = self._clock.process(self._borrowing(job, job.ready_at + interval))
            job.while_it_waits.append(clock)

    def _borrowing(self, job: Job, due: int) -> Actor[None]:
        try:
            # The hand-out at the end of its round is all that comes of it.
            yield self._clock.at(due, Due.BORROWING, job.key)
        except Interrupt:
            return

    # --- the hand-out

    def hand_out(self, checks: Checks | None = None) -> Actor[None]:
        """At the end of each round work is handed out, for ever (rules 1.2, 1.4).

        Parameters
        ----------
        checks
            Looks at the state before and after.
        """
        clock = self._clock
        while True:
            yield clock.end_of_round
            if checks is not None:
                checks.before_hand_out()
            claims = 0
            for queue in self.queues:
                if queue:
                    claims += yield from self._hand_out_area(queue)
            for desk in self._desks:
                if desk.queue:
                    desk.hand_out()
            if checks is not None:
                yield clock.settled()
                checks.after_hand_out(claims)
            if claims:
                yield clock.after(0, Due.AFTER_CLAIM, 0)

    def _hand_out_area(self, queue: list[Job]) -> Actor[int]:
        """Each job of a queue once, in its order; from the first again after a diversion (1.4)."""
        claims = place = 0
        while place < len(queue):
            job = queue[place]
            units = self.eligible(job)
            if units is None:
                victim = self.divertible(job)
                if victim is None:
                    place += 1  # 6.5: passed over
                    continue
                units = self._taken_from(victim, job)
                victim.job.diversions += 1
                assert victim.job.actor is not None
                victim.job.actor.interrupt(Stop(Why.DIVERTED, tuple(units)))
                # At once it goes back to its queue; in one that has been passed it waits for the
                # next round (1.4).
                yield self._clock.settled()
                place = 0
            self._claim(job, units)
            claims += 1
            yield self._clock.settled()
        return claims

    def _claim(self, job: Job, units: list[Unit]) -> None:
        """Rule 6.8: the units are earmarked, and who waits for them is told."""
        assert job.actor is not None
        assert job.granted is not None
        number = job.next_number()
        job.claimed(self._clock.now)
        job.allocation = Allocation(job, number, units, self._clock.now)
        self.allocations.append(job.allocation)
        for unit in units:
            unit.pool.take(unit, job.actor)
        self._leave_queue(job)
        for clock in job.while_it_waits:
            stop(clock, Why.DONE)
        job.while_it_waits.clear()
        job.granted.succeed(job.allocation)

    # --- who is taken

    def tiers(self, job: Job) -> Asked:
        """Pools that may be asked now: the own area's, and those to borrow from (rule 6.4)."""
        own, lent = job.asked
        interval = self._policy.borrow_after_seconds[job.grade - 1]
        if not lent or (interval != NEVER and self._clock.now - job.ready_at >= interval):
            return job.asked
        return (own, ())

    def eligible(self, job: Job) -> list[Unit] | None:
        """The units that a job takes (rules 6.4, 6.5); None where they do not suffice."""
        chosen: list[Unit] = []
        needed = job.officers
        for tier in self.tiers(job):
            for state in self._states[job.grade - 1]:
                for pool in tier:
                    if pool.waiting[state]:
                        for unit in pool.to_be_had(state, job.grade):
                            chosen.append(unit)
                            needed -= unit.officers
                            if needed <= 0:
                                return chosen
        return None

    def divertible(self, job: Job) -> Allocation | None:
        """Whose units a job takes that finds none eligible (rule 6.6); None: nobody's."""
        policy, grade = self._policy, job.grade
        on_the_way, at_scene = self._diverts[grade - 1]
        if not (on_the_way or at_scene):
            return None
        found = [
            allocation
            for allocation in self.allocations
            if allocation.job.grade in (at_scene if allocation.working else on_the_way)
            and not allocation.with_child  # 12.4
            and allocation.job.diversions < policy.most_diversions
            and sum(unit.officers for unit in allocation.units) >= job.officers
            and all(unit.pool.has_time(unit, grade) for unit in allocation.units)
        ]
        if found:
            pools = {pool for tier in self.tiers(job) for pool in tier}
            found = [one for one in found if all(unit.pool in pools for unit in one.units)]
        return min(found, key=_diverted_first, default=None)

    def _taken_from(self, victim: Allocation, job: Job) -> list[Unit]:
        """Of the units diverted those that are needed, in the order of rule 6.5 (6.6)."""
        own, lent = self.tiers(job)
        places = {pool: place for place, pool in enumerate((*own, *lent))}
        taken: list[Unit] = []
        needed = job.officers
        for unit in sorted(victim.units, key=lambda one: (places[one.pool], one.rank)):
            if needed > 0:
                taken.append(unit)
                needed -= unit.officers
        return taken


def _order(job: Job) -> tuple[int, ...]:
    assert job.order is not None
    return job.order


def _diverted_first(one: Allocation) -> tuple[int, ...]:
    """Rule 6.6: lowest grade, on the way, latest claimed, lowest key, lowest number."""
    return (-one.job.grade, one.working, -one.claimed_at, one.job.key, one.number)
