"""One job's units: the dispatcher, the way there, the work, and losing them (6.7 to 6.9, 8.2)."""

from __future__ import annotations

from collections.abc import Callable

from simpy import Event, Interrupt

from sim.engines.reference.clock import Actor, Due, half_up, reason, see_through, stop
from sim.engines.reference.deployment import wait_for_units
from sim.engines.reference.desks import DISPATCH
from sim.engines.reference.jobs import Allocation, Job
from sim.engines.reference.rate import crews_clear
from sim.engines.reference.units import Unit
from sim.engines.reference.world import World
from sim.tables import NEVER, NONE, PER_MILLE, Activity, Why


def attend(
    world: World,
    job: Job,
    goes_back: Callable[[], None] = lambda: None,
    work: Callable[[World, Allocation], Actor[None]] | None = None,
) -> Actor[Allocation | None]:
    """From the queue to the end of the work at the scene: those who did it are returned.

    They are there still, and what they do next is the caller's to say, and so is when they leave
    (`leave_scene`). A job that loses its units goes back to the queue, with its age (6.7).

    Parameters
    ----------
    world, job
        What they are sent to.
    goes_back
        Called when it does so.
    work
        What they do when all are there, where it is no work of a known length.

    Returns
    -------
    Allocation or None
        None where nobody needs the job any more (rule 12.1).
    """
    while True:
        allocation = yield from wait_for_units(world, job)
        if allocation is None:
            return None
        try:
            yield from _be_sent(world, allocation)
            yield from _travel(world, allocation)
            yield from (work or _work)(world, allocation)
        except Interrupt as lost:
            _lose(world, allocation, reason(lost))
        else:
            return allocation
        if job.is_over:
            return None
        goes_back()


def _be_sent(world: World, allocation: Allocation) -> Actor[None]:
    """Rule 6.8: nothing is allocated without a dispatcher, where the area has any."""
    job, number = allocation.job, allocation.number
    dispatchers = world.desks[world.policy.dispatchers[job.area]]
    if dispatchers.code == NONE:
        return
    allocation.begin(Activity.EARMARKED)
    seconds = world.dispatch_seconds(job.key, number)
    dispatch = world.clock.process(dispatchers.do(job, DISPATCH, seconds, number))
    try:
        yield dispatch
    except Interrupt as lost:
        # 6.8, 1.5: one that nobody has begun is dropped, one in hand is seen through in vain.
        stop(dispatch, reason(lost))
        raise
    allocation.end()


def _travel(world: World, allocation: Allocation) -> Actor[None]:
    """Rule 6.9: each unit's travel is settled as they set off; they arrive one by one."""
    job, now = allocation.job, world.clock.now
    if job.outcome.allocated_at == NEVER:
        job.outcome.allocated_at = now
    allocation.begin(Activity.TRAVEL)
    for unit in allocation.units:
        unit.arrives_at = now + _travel_seconds(world, job, unit)
    for second in sorted({unit.arrives_at for unit in allocation.units}):
        yield world.clock.at(second, Due.ARRIVAL, job.key, allocation.number)
        allocation.arrived = True
        for unit in allocation.units:
            if unit.arrives_at == second:
                unit.end()
                unit.begin(job.works_as, job.key, allocation.number)
                job.arrives(unit, second)
        if job.work_left == NEVER:
            job.work_left = job.settle_work()


def _travel_seconds(world: World, job: Job, unit: Unit) -> int:
    """Base travel times the factors, rounded once, half up (rule 6.9a)."""
    policy = world.policy
    product = (
        job.base_travel_seconds
        * policy.area_factor[unit.pool.area][job.area]
        * policy.grade_factor[job.grade - 1]
        * policy.hour_factor[world.clock.hour]
    )
    return half_up(product, PER_MILLE**3)


def _work(world: World, allocation: Allocation) -> Actor[None]:
    """Rule 6.9b: the work begins when the last has arrived, and what was left is resumed."""
    job, clock = allocation.job, world.clock
    allocation.working = True
    allocation.with_child = job.begin_work(clock.now)
    ends_at = clock.now + job.work_left
    end = clock.after(job.work_left, Due.WORK_ENDS, job.key, allocation.number)
    # 12.1c: work that has begun is finished though the child is back; 12.4: or is with it.
    lost_by = () if allocation.with_child else (Why.DIVERTED, Why.HANDED_OVER)
    try:
        yield from see_through(end, unless=lost_by)
    except Interrupt as lost:
        job.work_left = ends_at - clock.now
        if reason(lost) is Why.HANDED_OVER:  # 8.2b
            job.work_left += world.policy.handover_seconds
        raise
    allocation.end()


def _lose(world: World, allocation: Allocation, why: Why) -> None:
    """Its units are diverted, hand over, or are not needed (rules 6.7, 8.2, 12.1)."""
    _dissolve(world, allocation)
    if why is Why.DIVERTED and allocation.arrived:
        allocation.job.outcome.arrived_then_left = True
    allocation.end(why)
    for unit in allocation.units:
        if unit not in allocation.diverted:
            unit.pool.release(unit)


def stay(world: World, allocation: Allocation, activity: Activity, seconds: int) -> Actor[None]:
    """The same units stay with the child, whatever else is asked of them (rule 12.4)."""
    if seconds:
        allocation.with_child = True
        allocation.begin(activity)
        job, number = allocation.job, allocation.number
        yield from see_through(world.clock.after(seconds, Due.WORK_ENDS, job.key, number))
        allocation.end()


def leave_scene(
    world: World,
    allocation: Allocation,
    custody_seconds: int = 0,
    writing_seconds: int = 0,
    ppn_seconds: int = 0,
    ppn: Event | None = None,
) -> None:
    """All units leave together; what each does then is its own (rule 5.3).

    Parameters
    ----------
    world, allocation
        They.
    custody_seconds, writing_seconds
        Of each unit.
    ppn_seconds, ppn
        The PPN adds so much to the writing of the first; who waits for it (rule 12.5).
    """
    _dissolve(world, allocation)
    crews_clear(world, allocation)
    key = allocation.job.key
    first, *others = allocation.units
    first.pool.release(first, key, custody_seconds, writing_seconds + ppn_seconds, ppn)
    for unit in others:
        unit.pool.release(unit, key, custody_seconds, writing_seconds)


def _dissolve(world: World, allocation: Allocation) -> None:
    """The units of a job leave it, or are taken from it."""
    world.allocations.remove(allocation)
    allocation.job.allocation = None
