"""A welfare concern, from the first attendance until the child is seen (rules 14.1 to 14.4)."""

from __future__ import annotations

from contextlib import suppress

from simpy import Interrupt

from sim.engines.reference.attendance import attend, leave_scene
from sim.engines.reference.clock import Actor, Due, stop
from sim.engines.reference.deployment import regrade
from sim.engines.reference.jobs import Concern, Revisit, Row
from sim.engines.reference.world import World
from sim.tables import DAY, NEVER, ConcernRules, Why


def story(world: World, concern: Concern) -> Actor[None]:
    """One visit after another until the child is seen, or nobody goes again."""
    first, *again = concern.visits
    concern.actor = world.clock.active_process
    concern.allocations = concern.incident.outcome.allocations
    _see(world, concern, first)
    for fate in again:
        if concern.seen:
            break
        yield from _gap(world, concern, fate)
        revisit = Revisit(concern, world.clock.now, _grade(world, concern), fate)
        revisit.outcome.ready_at = world.clock.now
        revisit.asked = (world.pools_of(_rules(world).attends[revisit.area]),)
        concern.revisit = revisit
        allocation = yield from attend(world, revisit)
        assert allocation is not None
        concern.revisit = None
        _see(world, concern, fate)
        leave_scene(world, allocation)
    concern.over = True  # 14.3


def discover(world: World, concern: Concern) -> None:
    """Rule 14.4: a re-THRIVE finds a rise of risk that has happened; somebody goes at once."""
    incident = concern.incident
    if incident.escalation_known or not NEVER != incident.fate.escalates_at <= world.clock.now:
        return
    incident.escalation_known = True
    if concern.revisit is not None:
        regrade(world, concern.revisit, _grade(world, concern))
    elif concern.gap_passes:
        stop(concern.actor, Why.DONE)


def _see(world: World, concern: Concern, fate: Row) -> None:
    """The work of a visit is complete (rules 14.1, 14.2d)."""
    if fate.sees:
        concern.incident.child_seen(world.clock.now)


def _gap(world: World, concern: Concern, fate: Row) -> Actor[None]:
    """It passes, on to visiting hours (14.2a), unless a rise of risk ends it (14.4)."""
    rules, clock = _rules(world), world.clock
    due = clock.now + fate.gap_seconds
    if not rules.visit_from <= due % DAY < rules.visit_until:
        due += (rules.visit_from - due) % DAY
    concern.gaps += 1
    concern.gap_passes = True
    with suppress(Interrupt):  # 14.4
        yield clock.at(due, Due.LINE, concern.key, concern.gaps)
    concern.gap_passes = False


def _grade(world: World, concern: Concern) -> int:
    """Of a re-visit (rules 14.2b, 14.4)."""
    return 1 if concern.incident.escalation_known else _rules(world).grade


def _rules(world: World) -> ConcernRules:
    assert world.policy.concern is not None
    return world.policy.concern
