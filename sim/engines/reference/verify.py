"""A look at the state after each hand-out: what the rules say of it holds, or the engine is wrong.

What an actor looks for, `Verification` says once more from the rules alone, without the actor's
means: it goes through everybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from sim.engines.reference.cases import Cases
from sim.engines.reference.clock import Clock
from sim.engines.reference.deployment import Deployment
from sim.engines.reference.desks import Desk, Worker
from sim.engines.reference.records import Allocation, Case, Incident, Job, Report
from sim.engines.reference.units import State, Unit, UnitPool
from sim.errors import InternalError
from sim.tables import DAY, HOUR, MINUTE, NEVER, Policy

_IN_ORDER = (
    ("reported_at", "answered_at", "graded_at", "assessed_at", "ratified_at"),
    ("graded_at", "researched_at"),
    ("graded_at", "ready_at", "claimed_at", "allocated_at", "arrived_at", "finished_at"),
    ("arrived_at", "seen_at"),
)
"""Times of an incident that come one after another, where they come at all (rule 10.1)."""


class Verification:
    """What holds at the end of each round.

    Parameters
    ----------
    units, workers
        All of the rota.
    """

    def __init__(
        self,
        policy: Policy,
        clock: Clock,
        desks: Mapping[int, Desk],
        pools: Mapping[int, UnitPool],
        units: Sequence[tuple[int, Unit]],
        workers: Sequence[tuple[int, Desk, Worker]],
        deployment: Deployment,
        cases: Cases,
    ) -> None:
        self._policy = policy
        self._clock = clock
        self._desks = desks
        self._pools = pools
        self._units = units
        self._workers = workers
        self._deployment = deployment
        self._cases = cases
        self._before = clock.now
        self._idle_before: set[Unit] = set()

    def before_hand_out(self) -> None:
        """Note who is idle."""
        self._idle_before = {unit for pool in self._pools.values() for unit in pool.idle}

    def after_hand_out(self, claims: int) -> None:
        """Look at everything.

        Parameters
        ----------
        claims
            Jobs claimed in it. What these leave to be handed out is the next round's.

        Raises
        ------
        InternalError
            Something does not hold: its rule, its second, and the incident concerned.
        """
        now = self._clock.now
        self._hold(now >= self._before, "1.2", "time goes back")
        self._before = now
        self._units_are_in_one_place()
        self._queues_are_in_order()
        self._allocations_are_whole()
        self._desks_are_served()
        self._cases_are_open()
        self._reserves_stay()
        if not claims:
            for queue in self._deployment.queues:
                for job in queue:
                    self._nobody_can_be_sent(job)

    def at_the_end(self, reports: Iterable[Report | Incident]) -> None:
        """Look at the times of all incidents.

        Raises
        ------
        InternalError
            They are in no order.
        """
        for report in reports:
            if isinstance(report, Incident):
                self._times_are_in_order(report)

    def _hold(self, is_so: bool, rule: str, what: str, of: Job | Case | Unit | None = None) -> None:
        if is_so:
            return
        now = self._clock.now
        concerned = ""
        if isinstance(of, Job):
            concerned = f", incident {of.key}"
        elif isinstance(of, Case):
            concerned = f", incident {of.fate.key}"
        elif of is not None:
            concerned = f", unit {of.key}"
            job = next((one.job for one in self._deployment.allocations if of in one.units), None)
            if job is not None:
                concerned += f", incident {job.key}"
        hour, minute, second = now % DAY // HOUR, now % HOUR // MINUTE, now % MINUTE
        raise InternalError(
            f"the reference engine breaks rule {rule} in second {now} "
            f"(day {now // DAY}, {hour:02}:{minute:02}:{second:02}){concerned}: {what}"
        )

    def _units_are_in_one_place(self) -> None:
        now = self._clock.now
        on_duty = dict.fromkeys(self._pools.values(), 0)
        with_a_job = [unit for one in self._deployment.allocations for unit in one.units]
        for begins_at, unit in self._units:
            is_on_duty = begins_at <= now < unit.off_at
            on_duty[unit.pool] += is_on_duty
            places = [state for state in State if state < 3 and unit in unit.pool.waiting[state]]
            places += [State.WITH_A_JOB] * with_a_job.count(unit)
            if unit.state in (State.CUSTODY, State.OFF_DUTY):
                self._hold(not places, "5.2", "a unit is in two places", unit)
            else:
                self._hold(places == [unit.state], "5.2", "a unit is in two places", unit)
            has_spell = unit.state not in (State.IDLE, State.OFF_DUTY)
            self._hold((unit.spell is not None) == has_spell, "10.4", "what it does", unit)
            if unit.state in (State.IDLE, State.ON_BREAK):
                self._hold(is_on_duty, "8.1", "idle, or on a break, after its shift", unit)
            if unit.state is State.OFF_DUTY:
                self._hold(not is_on_duty, "5.1", "off duty within its shift", unit)
        for pool, count in on_duty.items():
            self._hold(pool.on_duty == count, "3.3", f"wrong count of pool {pool.code} on duty")
            for waiting in pool.waiting:
                ranks = [unit.rank for unit in waiting]
                self._hold(ranks == sorted(ranks), "6.5", f"units of pool {pool.code} in disorder")

    def _queues_are_in_order(self) -> None:
        for area, queue in enumerate(self._deployment.queues):
            for job in queue:
                self._hold(job.order == job.in_queue(self._policy), "6.1", "an old rank", job)
                self._hold(job.area == area, "4.3", "in the queue of another area", job)
                self._hold(queue.count(job) == 1, "4.3", "twice in its queue", job)
                self._hold(job.allocation is None, "6.8", "claimed, and in the queue", job)
                self._hold(NEVER != job.ready_at <= self._clock.now, "4.3", "not ready", job)
                self._hold(not job.is_over, "12.1", "over, and in the queue", job)
                if isinstance(job, Incident):
                    self._times_are_in_order(job)
            orders = [job.order or () for job in queue]
            self._hold(orders == sorted(orders), "6.1", f"the queue of area {area} in disorder")

    def _allocations_are_whole(self) -> None:
        for one in self._deployment.allocations:
            job = one.job
            self._hold(job.allocation is one, "6.8", "claimed twice", job)
            officers = [unit.officers for unit in one.units]
            self._hold(sum(officers) >= job.officers, "6.5", "too few officers", job)
            self._hold(sum(officers[:-1]) < job.officers, "6.5", "more units than needed", job)
            self._hold(one.arrived or not one.working, "6.9", "work before arrival", job)
            if isinstance(job, Incident):
                self._times_are_in_order(job)

    def _times_are_in_order(self, incident: Incident) -> None:
        for names in _IN_ORDER:
            times = [time for name in names if (time := getattr(incident, name)) != NEVER]
            self._hold(times == sorted(times), "10.1", f"{', '.join(names)} in disorder", incident)
            self._hold(times[-1:] <= [self._clock.now], "10.1", "a time to come", incident)

    def _desks_are_served(self) -> None:
        now = self._clock.now
        on_duty = dict.fromkeys(self._desks.values(), 0)
        for begins_at, desk, worker in self._workers:
            on_duty[desk] += begins_at <= now < worker.off_at
            if worker in desk.idle:
                self._hold(begins_at <= now < worker.off_at, "3.5", "idle after their shift")
        for desk, count in on_duty.items():
            self._hold(desk.on_duty == count, "3.3", f"wrong count of pool {desk.code} on duty")
            self._hold(
                not (desk.queue and desk.idle), "3.5", f"pool {desk.code} is idle, and a task waits"
            )
            for one, other in pairwise(desk.queue):
                self._hold(one[0] <= other[0], "3.4", f"the queue of pool {desk.code} in disorder")

    def _cases_are_open(self) -> None:
        for open_here in self._cases.open:
            for case in open_here.values():
                self._hold(case.under_enquiry != case.safe, "11.1", "safe, or not", case)
                errand = case.errand
                if errand is not None:
                    waits = errand.order is not None
                    is_there = waits != (errand.allocation is not None)
                    self._hold(is_there, "11.4", "neither waits nor is in hand", case)
                if case.gap_passes:
                    self._hold(errand is None, "11.3", "a gap passes beside a line", case)

    def _reserves_stay(self) -> None:
        """Rule 6.4: whoever a job of another grade took from the idle, the reserve stayed."""
        now = self._clock.now
        claimed = [one for one in self._deployment.allocations if one.claimed_at == now]
        for pool in self._pools.values():
            margin = max(pool.margin_seconds[0], 1)

            def counted(units: Iterable[Unit], margin: int = margin) -> int:
                return sum(unit.off_at - now >= margin for unit in units)

            def taken(claims: list[Allocation], pool: UnitPool = pool) -> set[Unit]:
                units = {unit for one in claims for unit in one.units if unit.pool is pool}
                return units & self._idle_before

            urgent = taken([one for one in claimed if one.job.grade == 1])
            others = taken([one for one in claimed if one.job.grade != 1])
            if counted(others):
                left = counted(pool.idle) + counted(urgent)
                kept = min(pool.reserve, max(pool.on_duty - 1, 0))
                self._hold(left >= kept, "6.4", f"pool {pool.code} is without its reserve")

    def _nobody_can_be_sent(self, job: Job) -> None:
        """No unit is idle that it may take, nor any that it may divert (rules 6.4, 6.6)."""
        now, policy, grade = self._clock.now, self._policy, job.grade
        own, lent = job.asked
        after = policy.borrow_after_seconds[grade - 1]
        pools = (*own, *lent) if after != NEVER and job.ready_at + after <= now else own
        officers = 0
        for pool in pools:
            margins = [max(margin, 1) for margin in pool.margin_seconds]
            counted = sum(unit.off_at - now >= margins[0] for unit in pool.idle)
            spare = counted - min(pool.reserve, max(pool.on_duty - 1, 0))
            for _, unit in sorted(self._units, key=lambda one: one[1].rank):
                if unit.pool is not pool or unit.off_at - now < margins[grade - 1]:
                    continue
                if unit.state is State.IDLE and grade > 1:
                    is_counted = unit.off_at - now >= margins[0]
                    if spare - is_counted >= 0:
                        spare -= is_counted
                        officers += unit.officers
                elif (
                    unit.state is State.IDLE
                    or (unit.state is State.ON_BREAK and policy.break_interrupted[grade - 1])
                    or (unit.state is State.WRITING and policy.writing_interrupted[grade - 1])
                ):
                    officers += unit.officers
        self._hold(officers < job.officers, "6.4", "it waits, and units for it are idle", job)
        for one in self._deployment.allocations:
            left = one.job.grade
            matrix = policy.divert_at_scene if one.working else policy.divert_travelling
            may = (
                left > grade
                and matrix[grade - 1][left - 1]
                and not one.with_child
                and one.job.diversions < policy.most_diversions
                and sum(unit.officers for unit in one.units) >= job.officers
                and all(unit.pool in pools for unit in one.units)
                and all(
                    unit.off_at - now >= max(unit.pool.margin_seconds[grade - 1], 1)
                    for unit in one.units
                )
            )
            self._hold(not may, "6.6", f"it waits, and may divert those of {one.job.key}", job)
