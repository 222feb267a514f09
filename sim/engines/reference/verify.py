"""A look at the state after each hand-out: what the rules say of it holds, or the engine is wrong.

What an actor looks for, this says once more from the rules alone, without the actor's means: it
goes through everybody. Each check yields what must hold: whether it does, its rule, in words what
is wrong where it does not, and who is concerned.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final, NamedTuple, TypeAlias

from sim.engines.reference.jobs import Allocation, Case, Concern, Incident, Job
from sim.engines.reference.rate import is_let_go
from sim.engines.reference.units import State, Unit, UnitPool
from sim.engines.reference.world import World
from sim.errors import InternalError
from sim.tables import DAY, HOUR, MINUTE, NEVER, NONE, AfterHangUp, Origin


class Must(NamedTuple):
    """What must hold."""

    hold: bool
    rule: str
    wrong: str
    of: Job | Case | Concern | Unit | None = None


Checked: TypeAlias = Iterator[Must]

_IN_ORDER: Final = (
    ("answered_at", "graded_at", "assessed_at", "ratified_at"),
    ("graded_at", "researched_at"),
    ("graded_at", "ready_at", "claimed_at", "allocated_at", "arrived_at", "finished_at"),
    ("arrived_at", "seen_at"),
    ("hung_up_at", "graded_at"),
    ("graded_at", "telephone_found_at"),
)
"""Times of an incident that come one after another, where they come at all (rule 10.1)."""


class Verification:
    """What holds at the end of each round."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._before = world.clock.now
        self._idle_before: set[Unit] = set()

    def before_hand_out(self) -> None:
        """Note who is idle."""
        self._idle_before = {unit for pool in self._world.pools.values() for unit in pool.idle}

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
        world = self._world
        _hold(world, [Must(world.clock.now >= self._before, "1.2", "time goes back")])
        self._before = world.clock.now
        checks = (_units, _queues, _undecided, _allocations, _desks, _cases, _concerns)
        for check in checks:
            _hold(world, check(world))
        _hold(world, _reserves(world, self._idle_before))
        if not claims:
            for queue in world.queues:
                for job in queue:
                    _hold(world, _nobody_can_be_sent(world, job))

    def at_the_end(self) -> None:
        """Look at the times of all incidents.

        Raises
        ------
        InternalError
            They are in no order.
        """
        for incident in self._world.incidents:
            _hold(self._world, _times(self._world, incident))


def _hold(world: World, checked: Iterable[Must]) -> None:
    for hold, rule, wrong, of in checked:
        if not hold:
            now = world.clock.now
            hour, minute, second = now % DAY // HOUR, now % HOUR // MINUTE, now % MINUTE
            raise InternalError(
                f"the reference engine breaks rule {rule} in second {now} "
                f"(day {now // DAY}, {hour:02}:{minute:02}:{second:02}){_named(world, of)}: {wrong}"
            )


def _named(world: World, of: Job | Case | Concern | Unit | None) -> str:
    if not isinstance(of, Unit):
        return "" if of is None else f", incident {of.key}"
    jobs = [f", incident {one.job.key}" for one in world.allocations if of in one.units]
    return f", unit {of.key}" + "".join(jobs[:1])


def _units(world: World) -> Checked:
    """Each is where its state says, and at work only if it should be."""
    now = world.clock.now
    with_a_job = [unit for one in world.allocations for unit in one.units]
    for pool in world.pools.values():
        on_duty = 0
        for unit in pool.units:
            is_on_duty = unit.on_at <= now < unit.off_at
            on_duty += is_on_duty
            state = unit.state
            places = [State(place) for place, here in enumerate(pool.takeable) if unit in here]
            places += [State.WITH_A_JOB] * with_a_job.count(unit)
            due = [] if state in (State.CUSTODY, State.OFF_DUTY) else [state]
            yield Must(places == due, "5.2", "a unit is in two places", unit)
            has_spell = state not in (State.IDLE, State.OFF_DUTY)
            yield Must((unit.spell is not None) == has_spell, "10.4", "what it does", unit)
            if state in (State.IDLE, State.ON_BREAK):
                yield Must(is_on_duty, "8.1", "idle, or on a break, after its shift", unit)
            if state is State.OFF_DUTY:
                yield Must(not is_on_duty, "5.1", "off duty within its shift", unit)
        yield Must(pool.on_duty == on_duty, "3.3", f"wrong count of pool {pool.code} on duty")
        at_work = sum(unit.state is State.WITH_A_JOB for unit in pool.units)
        yield Must(pool.with_a_job == at_work, "4.7", f"wrong count of pool {pool.code} at work")
        for takeable in pool.takeable:
            order = [unit.by_shift_left for unit in takeable]
            in_order = order == sorted(order)
            yield Must(in_order, "6.5", f"units of pool {pool.code} in disorder")


def _queues(world: World) -> Checked:
    """Whoever waits for units is there once, in their place, and has a reason to wait."""
    for area, queue in enumerate(world.queues):
        for job in queue:
            yield Must(job.order == job.in_queue(world.policy), "6.1", "an old rank", job)
            yield Must(job.area == area, "4.3", "in the queue of another area", job)
            yield Must(queue.count(job) == 1, "4.3", "twice in its queue", job)
            yield Must(job.allocation is None, "6.8", "claimed, and in the queue", job)
            is_ready = NEVER != job.outcome.ready_at <= world.clock.now
            yield Must(is_ready, "4.3", "not ready", job)
            waits = isinstance(job, Incident) and _waits_for_telephone(job)
            yield Must(not waits, "4.4", "in the queue before its telephone enquiry is over", job)
            yield Must(not job.is_over, "12.1", "over, and in the queue", job)
            yield from _times(world, job)
        orders = [job.order or () for job in queue]
        yield Must(orders == sorted(orders), "6.1", f"the queue of area {area} in disorder")


def _undecided(world: World) -> Checked:
    """Whoever waits to be let go is in no queue, and has a reason to wait."""
    rate = world.policy.dispatch_rate
    for incident in world.undecided:
        outcome = incident.outcome
        yield Must(outcome.graded_at != NEVER, "4.7", "not graded, and to be let go", incident)
        yield Must(outcome.ready_at == NEVER, "4.7", "ready, and to be let go", incident)
        yield Must(incident.order is None, "4.7", "in the queue, and to be let go", incident)
        not_yet = incident.rate_sum == 0
        waits = rate is not None and (not_yet or not is_let_go(rate, incident))
        yield Must(waits, "4.7", "its sum has come so far, and it waits", incident)
    waiting = {one.key for own in world.unclaimed for one in own}
    for incident in world.incidents if rate is not None else ():
        is_graded = incident.is_sent_to and incident.outcome.graded_at != NEVER
        is_open = is_graded and incident.is_unclaimed
        yield Must(not is_open or incident.key in waiting, "4.7", "not counted as ahead", incident)


def _allocations(world: World) -> Checked:
    """Each job has the units that it needs, and no more."""
    for one in world.allocations:
        job = one.job
        yield Must(job.allocation is one, "6.8", "claimed twice", job)
        officers = [unit.officers for unit in one.units]
        yield Must(sum(officers) >= job.officers, "6.5", "too few officers", job)
        yield Must(sum(officers[:-1]) < job.officers, "6.5", "more units than needed", job)
        yield Must(one.arrived or not one.working, "6.9", "work before arrival", job)
        yield from _times(world, job)


def _times(world: World, job: Job) -> Checked:
    """The times of an incident come one after another, and none is to come."""
    if isinstance(job, Incident):
        for names in _IN_ORDER:
            told = [getattr(job.outcome, name) for name in names]
            times = [job.reported_at, *[time for time in told if time != NEVER]]
            yield Must(times == sorted(times), "10.1", f"{', '.join(names)} in disorder", job)
            yield Must(times[-1] <= world.clock.now, "10.1", "a time to come", job)


def _desks(world: World) -> Checked:
    """Nobody is idle before a task."""
    now = world.clock.now
    for desk in world.desks.values():
        on_duty = [one for one in desk.workers if one.on_at <= now < one.off_at]
        name = f"pool {desk.code}"
        yield Must(all(one in on_duty for one in desk.idle), "3.5", "idle after their shift")
        yield Must(desk.on_duty == len(on_duty), "3.3", f"wrong count of {name} on duty")
        kept = world.policy.kept_for_999 if desk.code == world.policy.call_takers else 0
        free = desk.idle if len(desk.idle) > kept else []
        yield Must(not (desk.queue and free), "3.5", f"{name} is idle, and a task waits")
        by_999 = any(place[0] < 0 and _is_by_999(job) for place, job, _ in desk.queue)
        yield Must(not (by_999 and desk.idle), "2.9", f"{name} is idle, and a 999 call waits")
        too_long = any(place[0] < 0 and _waits_too_long(world, job) for place, job, _ in desk.queue)
        yield Must(not too_long, "2.10", f"{name}: a caller waits who would have hung up")
        in_order = all(one[0] <= other[0] for one, other in pairwise(desk.queue))
        yield Must(in_order, "3.4", f"the queue of {name} in disorder")


def _is_by_999(job: Job) -> bool:
    return isinstance(job, Incident) and job.fate.origin == Origin.EMERGENCY


def _waits_for_telephone(incident: Incident) -> bool:
    """Whether a telephone enquiry goes on, or has found whom officers are sent to."""
    goes_on = incident.telephone is not None and not incident.telephone.processed
    return goes_on or incident.outcome.telephone_found_at != NEVER


def _waits_too_long(world: World, job: Job) -> bool:
    """Whether a caller waits beyond their patience, or waits who gave up (rule 2.10)."""
    assert isinstance(job, Incident)
    fate, outcome = job.fate, job.outcome
    if outcome.hung_up_at != NEVER:
        return bool(fate.after_hang_up == AfterHangUp.GIVES_UP)
    joined_at = job.reported_at
    if world.policy.switchboard != NONE:
        if outcome.answered_at == NEVER:
            return False
        joined_at = outcome.answered_at + fate.switch_seconds
    return job.may_hang_up and world.clock.now > joined_at + fate.patience_seconds


def _cases(world: World) -> Checked:
    """A case is under enquiry or safe, and one thing is done for it at a time."""
    for case in world.cases.values():
        errand = case.errand
        yield Must(not (case.under_enquiry and case.safe), "11.1", "safe, or not", case)
        if errand is not None:
            is_there = (errand.order is not None) != (errand.allocation is not None)
            yield Must(is_there, "11.4", "neither waits nor is in hand", case)
        if case.gap_passes:
            yield Must(errand is None, "11.3", "a gap passes beside a line", case)
        if case.in_protection:
            with_child = [
                one for one in world.allocations if one.with_child and one.job.key == case.key
            ]
            yield Must(len(with_child) == 1, "12.4", "in protection, and nobody is there", case)
            yield Must(world.clock.now <= case.protected_until, "12.4", "protected too long", case)


def _concerns(world: World) -> Checked:
    """A concern that is followed waits for its next visit, or is visited, and not both."""
    for concern in world.concerns.values():
        revisit = concern.revisit
        if concern.followed:
            yield Must(not concern.seen, "14.1", "seen, and followed on", concern)
            one_thing = concern.gap_passes != (revisit is not None)
            yield Must(one_thing, "14.2", "a gap passes beside a re-visit, or neither", concern)
        if revisit is not None:
            is_there = (revisit.order is not None) != (revisit.allocation is not None)
            yield Must(is_there, "14.2", "neither waits nor is in hand", concern)
            rises = concern.incident.escalation_known
            yield Must(revisit.grade == 1 or not rises, "14.4", "an old grade", concern)


def _reserves(world: World, idle_before: set[Unit]) -> Checked:
    """Whoever a job of another grade took from the idle, the reserve stayed (rule 6.4)."""
    now = world.clock.now

    def taken(pool: UnitPool, claims: Iterable[Allocation]) -> list[Unit]:
        units = {unit for one in claims for unit in one.units if unit in idle_before}
        margin = max(pool.margin_seconds[0], 1)
        return [
            unit
            for unit in (*units, *pool.idle)
            if unit.pool is pool and unit.off_at - now >= margin
        ]

    claimed = [one for one in world.allocations if one.claimed_at == now]
    urgent = [one for one in claimed if one.job.grade == 1]
    for pool in world.pools.values():
        if len(taken(pool, claimed)) > len(taken(pool, urgent)):
            kept = min(pool.reserve, max(pool.on_duty - 1, 0))
            left = len(taken(pool, urgent))
            yield Must(left >= kept, "6.4", f"pool {pool.code} is without its reserve")


def _nobody_can_be_sent(world: World, job: Job) -> Checked:
    """No unit is idle that it may take, nor any that it may divert (rules 6.4, 6.6)."""
    now, policy, grade = world.clock.now, world.policy, job.grade
    after = policy.borrow_after_seconds[grade - 1]
    borrows = NEVER != after <= now - job.outcome.ready_at
    pools = (*job.asked[0], *(job.lenders if borrows else ()))
    states = [State.IDLE]
    states += [State.ON_BREAK] * policy.break_interrupted[grade - 1]
    states += [State.WRITING] * policy.writing_interrupted[grade - 1]

    def stays(unit: Unit, grade: int) -> bool:
        return unit.off_at - now >= max(unit.pool.margin_seconds[grade - 1], 1)

    officers = 0
    for pool in pools:
        kept = min(pool.reserve, max(pool.on_duty - 1, 0)) if grade > 1 else 0
        spare = sum(stays(unit, 1) for unit in pool.idle) - kept
        for unit in sorted(pool.units, key=lambda one: one.by_shift_left):
            if unit.state in states and stays(unit, grade):
                if unit.state is State.IDLE and grade > 1:
                    if spare < stays(unit, 1):
                        continue
                    spare -= stays(unit, 1)
                officers += unit.officers
    yield Must(officers < job.officers, "6.4", "it waits, and units for it are idle", job)
    for one in world.allocations:
        left = one.job.grade
        matrix = policy.divert_at_scene if one.working else policy.divert_travelling
        may = (
            left > grade
            and matrix[grade - 1][left - 1]
            and not one.with_child
            and one.job.outcome.diversions < policy.most_diversions
            and sum(unit.officers for unit in one.units) >= job.officers
            and all(unit.pool in pools and stays(unit, grade) for unit in one.units)
        )
        yield Must(not may, "6.6", f"it waits, and may divert those of {one.job.key}", job)
