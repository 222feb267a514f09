"""Who attends what is asked for a case: lines, visits and relief (rules 11.4, 12.3, 12.4d)."""

from __future__ import annotations

from collections.abc import Callable

from sim.engines.reference.attendance import attend
from sim.engines.reference.clock import Actor
from sim.engines.reference.jobs import Allocation, Case, Errand, Tiers
from sim.engines.reference.world import World


def attend_errand(
    world: World,
    case: Case,
    errand: Errand,
    work: Callable[[World, Allocation], Actor[None]] | None = None,
) -> Actor[Allocation | None]:
    """Rule 11.4: an errand is asked of the people of its case's owner, and ready at once."""
    errand.outcome.ready_at = errand.reported_at
    errand.asked = people(world, case)
    case.errand = errand
    allocation = yield from attend(world, errand, work=work)
    # The end of enquiry may have put nothing, or the visit, in its place.
    if case.errand is errand:
        case.errand = None
    return allocation


def people(world: World, case: Case) -> Tiers:
    """Who may be asked for a line (rule 11.4b), for the visit (12.3), or for relief (12.4d)."""
    area = case.incident.area
    owner = world.owners[area]
    if case.under_enquiry:
        return (world.pools_of(world.rules.enquirers[owner][case.class_][area]),)
    return (world.pools_of(world.rules.interviewers[owner][area]),)
