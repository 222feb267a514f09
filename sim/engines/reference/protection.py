"""Police protection: officers stay with a child, and are relieved (rule 12.4)."""

from __future__ import annotations

from simpy import Interrupt

from sim.engines.reference.attendance import leave_scene
from sim.engines.reference.clock import Actor, Due, see_through, stop
from sim.engines.reference.errands import attend_errand
from sim.engines.reference.jobs import Allocation, Case, Relief
from sim.engines.reference.world import World
from sim.tables import DAY, NEVER, Activity, Why


def protect(world: World, allocation: Allocation, case: Case) -> Actor[None]:
    """Units of an interview stay with the child until a placement is found, or relief comes."""
    seconds = _seconds(world, case)
    if seconds:
        case.protected_until = world.clock.now + seconds
        case.in_protection = True
        allocation.begin(Activity.PROTECTION)
        yield from _stay(world, allocation, case)


def _seconds(world: World, case: Case) -> int:
    """How long police protection lasts that begins now (rules 12.4a to c)."""
    seconds: int = case.fate.protection_seconds
    opens, closes = world.rules.placement_from, world.rules.placement_until
    if seconds == 0 or opens == NEVER:
        return seconds
    now = world.clock.now
    if not opens <= now % DAY < closes:
        seconds = case.fate.protection_night_seconds
    if case.fate.no_placement:
        seconds += (opens - (now + seconds)) % DAY
    return min(seconds, world.rules.protection_most_seconds)


def _stay(world: World, allocation: Allocation, case: Case) -> Actor[None]:
    """The units that are with the child stay until protection is over, or they are relieved.

    Stopped by SHIFT_ENDED: relief is there (12.4d). Whatever else they are asked, they stay.
    """
    clock, key = world.clock, allocation.job.key
    allocation.with_child = True
    relief = None
    if world.rules.relief_officers:
        relief = clock.process(_relief(world, allocation, case))
    over = clock.at(case.protected_until, Due.WORK_ENDS, key, allocation.number)
    try:
        yield from see_through(over, unless=(Why.SHIFT_ENDED,))
    except Interrupt:
        allocation.end(Why.HANDED_OVER)
    else:
        allocation.end()
        case.in_protection = False
        stop(relief, Why.RETURNED)


def _relief(world: World, relieved: Allocation, case: Case) -> Actor[None]:
    """Others are asked for when the first shift ends of those with the child (rule 12.4d)."""
    clock = world.clock
    first_end = min(unit.off_at for unit in relieved.units)
    try:
        if first_end > clock.now:
            yield clock.at(first_end, Due.RELIEF, case.key, relieved.number)
    except Interrupt:
        return
    rules, travel = world.rules, case.fate.interview_travel_seconds
    # 11.4d: a case that never was under enquiry has had no errand before.
    case.allocations = max(case.allocations, case.incident.outcome.allocations)
    relief = Relief(case, clock.now, rules.relief_grade, rules.relief_officers, travel, 0)

    def take_over(_: World, allocation: Allocation) -> Actor[None]:
        allocation.working = True
        stop(relieved.job.actor, Why.SHIFT_ENDED)
        yield from _stay(world, allocation, case)

    allocation = yield from attend_errand(world, case, relief, take_over)
    if allocation is not None:
        leave_scene(world, allocation)
