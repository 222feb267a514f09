"""The reference engine: the actors begin, and play until the end."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter

from sim.engines.reference import cases, incidents
from sim.engines.reference.clock import Actor, Due
from sim.engines.reference.deployment import hand_out
from sim.engines.reference.jobs import Incident
from sim.engines.reference.outcomes import cases_table, outcomes_table
from sim.engines.reference.partners import daily_meeting, police_hear_of
from sim.engines.reference.rate import looks
from sim.engines.reference.verify import Verification
from sim.engines.reference.world import World
from sim.tables import NONE, Draws, Played, Policy, Table


def run(draws: Draws, rota: Table, policy: Policy, *, verify: bool = False) -> Played:
    """Play the incidents against the rota under the policy.

    Parameters
    ----------
    draws
        Fates; reports before ``policy.start`` or at or after ``policy.end`` are not allowed.
    rota
        Units and desk workers on duty, sorted by (on_at, key).
    policy
        The rules' numbers.
    verify
        Look after each round whether the state is as the rules say. Ten times slower.

    Returns
    -------
    Played
        Outcomes (a row for each incident, in their order), activities, and cases (a row for each
        row of the episodes table).

    Raises
    ------
    InternalError
        The state is not as the rules say: which rule, in which second, of which incident.
    """
    world = World(draws, rota, policy)
    clock, checks = world.clock, Verification(world) if verify else None
    clock.process(_reports_come_in(world))
    clock.process(_shifts_begin(world))
    clock.process(hand_out(world, checks))
    if policy.dispatch_rate is not None:
        clock.process(looks(world, policy.dispatch_rate))
    if world.cases:
        for area in range(len(policy.areas)):
            clock.process(cases.ownership(world, area))
        clock.process(cases.daily_tasking(world))
        clock.process(daily_meeting(world))
    if policy.end > policy.start:
        clock.run(until=policy.end)  # 1.6: what would be due at the end does not happen
    if checks is not None:
        checks.at_the_end()
    return Played(
        outcomes_table(world.incidents, policy.end),
        world.journal.table(policy.end),
        cases_table(world.cases.values(), policy.end),
    )


def _reports_come_in(world: World) -> Actor[None]:
    """Each report when it is due; those of one second come together, by key."""
    for second, together in groupby(world.incidents, attrgetter("reported_at")):
        reports = list(together)
        yield world.clock.at(second, Due.REPORT, reports[0].key)
        for incident in reports:
            if incident.case is None or police_hear_of(world, incident.case):
                world.clock.process(_story(world, incident))


def _story(world: World, incident: Incident) -> Actor[None]:
    if incident.fate.desk_pool != NONE:
        return incidents.other_work(world, incident)
    if not incident.fate.deploys:
        return incidents.call_alone(world, incident)
    return incidents.story(world, incident)


def _shifts_begin(world: World) -> Actor[None]:
    """Each shift when it begins, row by row of the rota (rule 5.1)."""
    shifts = [
        (one.on_at, one.key, desk.shift(one))
        for desk in world.desks.values()
        for one in desk.workers
    ]
    shifts += [
        (one.on_at, one.key, pool.shift(one)) for pool in world.pools.values() for one in pool.units
    ]
    shifts.sort(key=lambda shift: shift[:2])
    for second, together in groupby(shifts, key=lambda shift: shift[0]):
        cohort = list(together)
        yield world.clock.at(second, Due.SHIFT_BEGINS, cohort[0][1])
        for _, _, actor in cohort:
            world.clock.process(actor)
