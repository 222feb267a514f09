"""Jobs whose gate is open, and dispatchers who look at them now and then (rule 4.7)."""

from __future__ import annotations

from bisect import bisect_left

from sim.engines.reference.clock import Actor, Due, half_up, see_through
from sim.engines.reference.jobs import Allocation, Incident
from sim.engines.reference.world import World
from sim.tables import DAY, MINUTE, NEVER, PARTS, PER_MILLE, Activity, DispatchRate

_QUARTER_HOUR = 900
_ALL_BUSY = 100


def wait_to_be_let_go(world: World, incident: Incident) -> Actor[None]:
    """Wait until a dispatcher lets the job go, where that is a matter of a rate."""
    if world.policy.dispatch_rate is None or incident.fate.decision_sum == NEVER:
        return
    spell = world.journal.begin(Activity.WAIT_DECISION, incident.key)
    incident.let_go = world.clock.event()
    incident.opened_at = world.clock.now
    world.undecided.append(incident)
    if not world.somebody_undecided.triggered:
        world.somebody_undecided.succeed()
    yield from see_through(incident.let_go)  # 4.7f
    world.journal.end(spell)


def looks(world: World, rate: DispatchRate) -> Actor[None]:
    """Look at all who wait to be let go, while there is anybody (rule 4.7a)."""
    clock = world.clock
    while True:
        if not world.undecided:
            world.somebody_undecided = clock.event()
            yield world.somebody_undecided
        yield clock.at((clock.now // rate.look_seconds + 1) * rate.look_seconds, Due.LOOK, 0)
        for waiting in world.unclaimed:
            waiting[:] = [one for one in waiting if one.is_unclaimed]
        looked_at = [one for one in world.undecided if one.opened_at < clock.now]
        for incident in looked_at:
            incident.rate_sum += _rate(world, rate, incident)
        for incident in looked_at:
            if is_let_go(rate, incident):
                world.undecided.remove(incident)
                incident.let_go.succeed()


def is_let_go(rate: DispatchRate, incident: Incident) -> bool:
    """Tell whether its sum has come so far (rule 4.7b)."""
    factor, until = rate.stream_factor[incident.fate.stream], incident.fate.decision_sum
    return bool(incident.rate_sum * factor >= PER_MILLE * until)


def _rate(world: World, rate: DispatchRate, incident: Incident) -> int:
    """What its sum goes up by (rules 4.7b to d)."""
    now, grade = world.clock.now, incident.grade - 1
    waited = bisect_left(rate.waited_seconds, now - incident.outcome.graded_at)
    by_wait = rate.by_wait[grade][max(waited - 1, 0)][now % DAY // _QUARTER_HOUR]
    tables = rate.by_load_just_freed if _just_freed(world, incident) else rate.by_load
    by_load = tables[grade][_busy(incident)]
    ahead = sum(
        one.grade <= incident.grade and one is not incident
        for one in world.unclaimed[incident.area]
    )
    return half_up(by_wait * by_load[min(ahead, len(by_load) - 1)], PARTS)


def crews_clear(world: World, allocation: Allocation) -> None:
    """Its units leave a scene whose work is complete (rule 4.7g)."""
    for unit in allocation.units:
        world.cleared_at[unit.pool.code] = world.clock.now


def _just_freed(world: World, incident: Incident) -> bool:
    """Whether a crew of its own area left a scene at most a minute ago (rule 4.7g)."""
    since = world.clock.now - MINUTE
    return any(world.cleared_at.get(pool.code, NEVER) >= since for pool in incident.asked[0])


def _busy(incident: Incident) -> int:
    """How many in a hundred of its own area's crews have a job (rule 4.7d)."""
    own = incident.asked[0]
    on_duty, at_work = (sum(pool.on_duty for pool in own), sum(pool.with_a_job for pool in own))
    return min(_ALL_BUSY * at_work // on_duty, _ALL_BUSY) if on_duty else _ALL_BUSY
