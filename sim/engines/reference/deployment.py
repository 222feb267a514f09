"""The queues of jobs, and which units a job takes (rules 1.4, 4.3, 6.1 to 6.8)."""

from __future__ import annotations

from bisect import insort

from simpy import Interrupt

from sim.engines.reference.clock import Actor, Due, reason, stop
from sim.engines.reference.jobs import Allocation, Job
from sim.engines.reference.units import Unit
from sim.engines.reference.verify import Verification
from sim.engines.reference.world import World
from sim.tables import NEVER, Why

# --- the queue


def wait_for_units(world: World, job: Job) -> Actor[Allocation | None]:
    """Wait in the queue of the area (rule 4.3) until units are given; None: withdrawn."""
    spell = world.journal.begin(job.waits_as, job.key, attempt=job.next_number())
    job.actor = world.clock.active_process
    job.granted = world.clock.event()
    _enter_queue(world, job)
    _ask_lenders(world, job)
    try:
        allocation: Allocation = yield job.granted
    except Interrupt as withdrawn:
        _leave_queue(world, job)
        world.journal.end(spell, reason(withdrawn))
        return None
    world.journal.end(spell)
    return allocation


def step_up_later(world: World, job: Job, graded_at: int) -> None:
    """Rule 6.3, for a job that is about to join its queue."""
    interval = world.policy.step_up_seconds[job.grade - 1]
    if interval != NEVER and graded_at + interval <= world.clock.now:
        job.stepped_up = True
    elif interval != NEVER:
        job.timers += (world.clock.process(_step_up(world, job, graded_at + interval)),)


def regrade(world: World, job: Job, grade: int) -> None:
    """Change the grade; the first upgrade and the first downgrade are recorded (rule 3.6)."""
    if grade < job.grade and job.outcome.upgraded_at == NEVER:
        job.outcome.upgraded_at = world.clock.now
    if grade > job.grade and job.outcome.downgraded_at == NEVER:
        job.outcome.downgraded_at = world.clock.now
    if grade != job.grade:
        job.grade = grade
        reorder(world, job)
        if job.order is not None:
            _ask_lenders(world, job)


def reorder(world: World, job: Job) -> None:
    """Put a job that is in the queue where its rank now belongs (rule 6.1)."""
    if job.order is not None:
        _leave_queue(world, job)
        _enter_queue(world, job)


def _enter_queue(world: World, job: Job) -> None:
    job.order = job.in_queue(world.policy)
    insort(world.queues[job.area], job, key=_order)


def _leave_queue(world: World, job: Job) -> None:
    world.queues[job.area].remove(job)
    job.order = None


def _order(job: Job) -> tuple[int, ...]:
    assert job.order is not None
    return job.order


def _step_up(world: World, job: Job, due: int) -> Actor[None]:
    yield world.clock.at(due, Due.STEP_UP, job.key)
    job.stepped_up = True
    reorder(world, job)


def _ask_lenders(world: World, job: Job) -> None:
    """Rule 6.4a: other areas' units, once the job has been ready so long for its grade."""
    if job.lenders:
        after = world.policy.borrow_after_seconds[job.grade - 1]
        due = after if after == NEVER else job.outcome.ready_at + after
        job.asked = (
            (job.asked[0], job.lenders) if NEVER != due <= world.clock.now else job.asked[:1]
        )
        if due > world.clock.now:
            job.timers += (world.clock.process(_borrowing(world, job, due)),)


def _borrowing(world: World, job: Job, due: int) -> Actor[None]:
    yield world.clock.at(due, Due.BORROWING, job.key)
    _ask_lenders(world, job)


# --- the hand-out


def hand_out(world: World, checks: Verification | None = None) -> Actor[None]:
    """At the end of each round work is handed out, for ever (rules 1.2, 1.4)."""
    clock, desks = world.clock, list(world.desks.values())
    while True:
        yield clock.end_of_round
        if checks is not None:
            checks.before_hand_out()
        claims = 0
        for queue in world.queues:
            if queue:
                claims += yield from _hand_out_area(world, queue)
        for desk in desks:
            if desk.queue:
                desk.hand_out()
        if checks is not None:
            yield clock.settled()
            checks.after_hand_out(claims)
        if claims:  # 1.2c
            yield clock.after(0, Due.AFTER_CLAIM, 0)


def _hand_out_area(world: World, queue: list[Job]) -> Actor[int]:
    """Each job of a queue once, in its order; from the first again after a diversion (1.4)."""
    claims = place = 0
    while place < len(queue):
        job = queue[place]
        units = eligible(world, job)
        if units is None:
            victim = divertible(world, job)
            if victim is None:
                place += 1  # 6.5: passed over
                continue
            units = _divert(victim, job)
            # At once it goes back to its queue; in one that has been passed it waits for the
            # next round (1.4).
            yield world.clock.settled()
            place = 0
        _claim(world, job, units)  # which takes it from the queue: the next has its place
        claims += 1
        yield world.clock.settled()
    return claims


def _divert(victim: Allocation, job: Job) -> list[Unit]:
    """A job loses its units to another (rules 6.6, 6.7)."""
    units = _needed(victim, job)
    victim.diverted = units
    victim.job.outcome.diversions += 1
    stop(victim.job.actor, Why.DIVERTED)
    return units


def _claim(world: World, job: Job, units: list[Unit]) -> None:
    """Rule 6.8: the units are earmarked, and who waits for them is told."""
    assert job.actor is not None
    assert job.granted is not None
    number = job.next_number()
    job.claimed(world.clock.now)
    job.allocation = Allocation(job, number, units, world.clock.now)
    world.allocations.append(job.allocation)
    for unit in units:
        unit.pool.take(unit, job.actor)
    _leave_queue(world, job)
    for timer in job.timers:
        stop(timer, Why.DONE)
    job.timers = ()
    job.granted.succeed(job.allocation)


# --- who is taken


def eligible(world: World, job: Job) -> list[Unit] | None:
    """The units that a job takes (rules 6.4, 6.5); None where they do not suffice."""
    chosen: list[Unit] = []
    grade, needed = job.grade, job.officers
    for tier in job.asked:
        for state in world.states[grade - 1]:
            for pool in tier:
                if pool.takeable[state]:
                    for unit in pool.available(state, grade):
                        chosen.append(unit)
                        needed -= unit.officers
                        if needed <= 0:
                            return chosen
    return None


def divertible(world: World, job: Job) -> Allocation | None:
    """Whose units a job takes that finds none eligible (rule 6.6); None: nobody's."""
    on_the_way, at_scene = world.diverts[job.grade - 1]
    if not on_the_way and not at_scene:
        return None
    found = [
        one
        for one in world.allocations
        if one.job.grade in (at_scene if one.working else on_the_way)  # 6.6b
    ]
    for one in sorted(found, key=_diverted_first):
        if (
            not one.with_child  # 12.4
            and one.job.outcome.diversions < world.policy.most_diversions
            and sum(unit.officers for unit in one.units) >= job.officers
            and all(unit.pool.has_time(unit, job.grade) for unit in one.units)
            and all(any(unit.pool in tier for tier in job.asked) for unit in one.units)
        ):
            return one
    return None


def _diverted_first(one: Allocation) -> tuple[int, ...]:
    """Rule 6.6e: lowest grade, on the way, latest claimed, lowest key, lowest number."""
    return (-one.job.grade, one.working, -one.claimed_at, one.job.key, one.number)


def _needed(victim: Allocation, job: Job) -> list[Unit]:
    """Of the units diverted those that are needed, in the order of rule 6.5 (6.6f)."""
    pools = [pool for tier in job.asked for pool in tier]
    places = {pool: place for place, pool in enumerate(pools)}
    taken: list[Unit] = []
    needed = job.officers
    for unit in sorted(victim.units, key=lambda one: (places[one.pool], one.by_shift_left)):
        if needed > 0:
            taken.append(unit)
            needed -= unit.officers
    return taken
