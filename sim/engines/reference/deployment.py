"""The queues of jobs, and who is sent to which (rules 4.3, 6.1 to 6.8, 8.2)."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable
from itertools import chain
from typing import TYPE_CHECKING, Final, TypeAlias

from sim.engines.reference.clock import Clock, Due, Steps, begin
from sim.engines.reference.job import Job, Order
from sim.engines.reference.journal import Journal, row
from sim.engines.reference.units import Unit, UnitPool
from sim.tables import NEVER, NONE, Activity, Policy, Why

if TYPE_CHECKING:
    from sim.engines.reference.attendance import Allocation, Attendance
    from sim.engines.reference.reviews import Reviews

Tiers: TypeAlias = tuple[tuple[UnitPool, ...], ...]
Kind: TypeAlias = tuple[int, int, int, bool]
"""Area, stream, officers, may borrow: jobs of a grade that are alike in these find the same."""

# Looked up once: in an enumeration each look-up costs as much as a call.
_WAIT_UNIT: Final = Activity.WAIT_UNIT
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
        self._write = journal.write
        self._pools = pools
        self._queues: list[list[tuple[Order, Job]]] = [[] for _ in policy.areas]
        self._allocations: dict[Job, Allocation] = {}
        self._tiers = (
            _by_stream_and_area(pools, policy.attends),
            _by_stream_and_area(pools, policy.attends, policy.borrows),
        )
        """Pools that may be asked, by whether borrowing has begun, stream and area: the own area's,
        then others'."""
        self._all_grades = range(1, policy.grades + 1)
        self.changed = False
        """A hand-out may now find what the last one did not."""
        self._in_vain: dict[int, set[Kind]] = {}
        self._interrupted = [
            ("on_break",) * on_break + ("writing",) * writing
            for on_break, writing in zip(
                policy.break_interrupted, policy.writing_interrupted, strict=True
            )
        ]
        self._travelling = _strictly_lower(policy.divert_travelling)
        self._at_scene = _strictly_lower(policy.divert_at_scene)
        grades = range(policy.grades if policy.most_diversions > 0 else 0)
        self._diverts = [
            any(way) or any(scene)
            for way, scene in zip(self._travelling, self._at_scene, strict=True)
        ]
        self._takers = [
            [own + 1 for own in grades if self._travelling[own][left] or self._at_scene[own][left]]
            for left in range(policy.grades)
        ]
        self._takers_at_scene = [
            [
                own + 1
                for own in grades
                if self._at_scene[own][left] and not self._travelling[own][left]
            ]
            for left in range(policy.grades)
        ]

    def join(self, job: Job) -> None:
        """A job that is ready joins the queue of its area (rule 4.3)."""
        now = self._clock.now
        step_up = self._policy.step_up_seconds[job.grade - 1]
        if step_up != NEVER:
            due = job.graded_at + step_up
            if due <= now:
                job.stepped_up = True
            else:
                begin(self._step_up(job, due))
        job.waiting_since = now
        self._enter_queue(job)
        self._tell_when_borrowing_begins(job)

    def go_back(self, job: Job) -> None:
        """A job that has lost its units goes back, with the age of its report (rule 6.7)."""
        del self._allocations[job]
        job.allocation = None
        job.waiting_since = self._clock.now
        self._enter_queue(job)
        # Its grade may have changed while it was not in the queue.
        self._tell_when_borrowing_begins(job)
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
            self.look_again(self._takers[grade - 1])

    def work_begins(self, job: Job) -> None:
        """Units on the way have become units at a scene, which other jobs may divert (6.6)."""
        self.look_again(self._takers_at_scene[job.grade - 1])

    def look_again(self, grades: Iterable[int]) -> None:
        """What jobs of these grades have asked for in vain they may now find."""
        if self._in_vain:
            for grade in grades:
                if self._in_vain.pop(grade, None):
                    self._look_through_queues()

    def leave(self, job: Job) -> None:
        """The job's work at the scene is complete."""
        del self._allocations[job]
        job.allocation = None

    def hand_out(self) -> None:
        """Each area's queue in turn, each job in its order (rule 1.4); the rest are passed over."""
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
        now, in_vain = self._clock.now, self._in_vain
        place = 0
        while place < len(queue):
            job = queue[place][1]
            wait = self._policy.borrow_after_seconds[job.grade - 1]
            borrows = wait != NEVER and now - job.ready_at >= wait
            kind = (job.area, job.stream, job.officers, borrows)
            if kind not in in_vain.get(job.grade, ()):
                tiers = self._tiers[borrows][job.stream][job.area]
                units = self._eligible(job, tiers)
                if units is not None:
                    del queue[place]
                    self._claim(job, units)
                    continue
                victim = self._divertible(job, tiers) if self._diverts[job.grade - 1] else None
                if victim is not None:
                    del queue[place]
                    self._divert(job, victim, tiers)
                    # From the first job again (rule 1.4): units left over, and the job that lost
                    # them, change what others can have.
                    self.look_again(self._all_grades)
                    place = 0
                    continue
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
        self.look_again(self._takers[job.grade - 1])

    def _eligible(self, job: Job, tiers: Tiers) -> list[Unit] | None:
        """The units to take, by rules 6.4 and 6.5; None where they do not suffice."""
        grade, now = job.grade, self._clock.now
        needed = job.officers
        chosen: list[Unit] = []
        for tier in tiers:
            for pool in tier:
                if pool.idle:
                    needed = _take_idle(pool, grade, now, needed, chosen)
                    if needed <= 0:
                        return chosen
            for state in self._interrupted[grade - 1]:
                needed = _take(tier, state, grade, now, needed, chosen)
                if needed <= 0:
                    return chosen
        return None

    def _divertible(self, job: Job, tiers: Tiers) -> Job | None:
        """The job that loses its units to this one, by rule 6.6; None where there is none."""
        policy, now = self._policy, self._clock.now
        travelling = self._travelling[job.grade - 1]
        at_scene = self._at_scene[job.grade - 1]
        pools = {pool for tier in tiers for pool in tier}
        found: list[tuple[tuple[int, int, int, int], Job]] = []
        for other, allocation in self._allocations.items():
            matrix = at_scene if allocation.working else travelling
            if (
                matrix[other.grade - 1]
                and other.diversions < policy.most_diversions
                and sum(unit.officers for unit in allocation.units) >= job.officers
                and all(
                    unit.pool in pools and _stays(unit, job.grade, now) for unit in allocation.units
                )
            ):
                order = (-other.grade, allocation.working, -allocation.claimed_at, other.key)
                found.append((order, other))
        return min(found)[1] if found else None

    def _divert(self, job: Job, victim: Job, tiers: Tiers) -> None:
        allocation = self._allocations[victim]
        victim.diversions += 1
        self.attendance.break_off(allocation, Why.DIVERTED)
        self.go_back(victim)
        ranked = sorted(allocation.units, key=lambda unit: _preference(tiers, unit))
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
        wait = self._policy.borrow_after_seconds[job.grade - 1]
        if wait != NEVER and job.ready_at + wait > self._clock.now:
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
            self._write(row(job.key, NONE, NONE, _WAIT_UNIT, job.allocations, since, now, why))


def _by_stream_and_area(
    pools: dict[int, UnitPool], *tiers: tuple[tuple[tuple[int, ...], ...], ...]
) -> list[list[Tiers]]:
    return [
        [
            tuple(tuple(pools[code] for code in codes) for codes in own)
            for own in zip(*of_stream, strict=True)
        ]
        for of_stream in zip(*tiers, strict=True)
    ]


def _strictly_lower(matrix: tuple[tuple[bool, ...], ...]) -> list[list[bool]]:
    return [[may and left > own for left, may in enumerate(row)] for own, row in enumerate(matrix)]


def _preference(tiers: Tiers, unit: Unit) -> tuple[int, int, int, int]:
    for number, tier in enumerate(tiers):
        if unit.pool in tier:
            return (number, tier.index(unit.pool), -unit.off_at, unit.key)
    raise AssertionError


def _stays(unit: Unit, grade: int, now: int) -> bool:
    """Tell whether the unit has enough of its shift left for work of this grade (6.4)."""
    left = unit.off_at - now
    return left > 0 and left >= unit.pool.margin_seconds[grade - 1]


def _take_idle(pool: UnitPool, grade: int, now: int, needed: int, chosen: list[Unit]) -> int:
    """Take idle units while the reserve stays (rule 6.4); return the officers still needed."""
    counted, reserve = pool.reserve_left(now) if pool.reserve and grade != 1 else (0, 0)
    stays_until = now + max(pool.margin_seconds[grade - 1], 1)
    for unit in pool.idle:
        if unit.off_at < stays_until:
            break
        if reserve:
            left = counted - (unit.off_at - now >= pool.margin_seconds[0])
            if left < reserve:
                continue
            counted = left
        chosen.append(unit)
        needed -= unit.officers
        if needed <= 0:
            break
    return needed


def _take(
    tier: tuple[UnitPool, ...], state: str, grade: int, now: int, needed: int, chosen: list[Unit]
) -> int:
    for pool in tier:
        for unit in getattr(pool, state):
            if needed <= 0:
                return needed
            if _stays(unit, grade, now):
                chosen.append(unit)
                needed -= unit.officers
    return needed
