"""A telephone enquiry before anybody is sent, where risk is uncertain (rules 4.4 to 4.6)."""

from __future__ import annotations

from simpy import Event, Interrupt, Process

from sim.engines.reference.clock import Actor, Due, reason, stop
from sim.engines.reference.desks import TELEPHONE
from sim.engines.reference.jobs import Incident
from sim.engines.reference.world import World
from sim.tables import NEVER, Activity, Risk, Why


def begin(world: World, incident: Incident) -> None:
    """At grading it is asked for, where there is to be one (rule 4.4)."""
    fate = incident.fate
    is_uncertain = fate.uncertain_parts < world.policy.telephone_parts
    if is_uncertain and fate.risk != Risk.HIGH and not incident.returned:
        incident.telephone = world.clock.event()
        world.clock.process(_enquire(world, incident, incident.telephone))


def wait(world: World, incident: Incident) -> Actor[None]:
    """A deployment past its gate waits until the enquiry stands in its way no longer."""
    if incident.telephone is None or incident.telephone.processed:
        return
    held = world.journal.begin(Activity.HELD_FOR_TELEPHONE, incident.key)
    try:
        why = yield incident.telephone
    except Interrupt as returned:
        why = reason(returned)
    world.journal.end(held, why)


def break_off(incident: Incident, why: Why) -> None:
    """The deployment waits for it no longer; if nobody has begun it, it is dropped (4.6)."""
    over = incident.telephone
    if over is not None and not over.triggered:
        over.succeed(why)


def _enquire(world: World, incident: Incident, over: Event) -> Actor[None]:
    """The enquiry, whether or not its deployment waits for it to the end."""
    clock, most = world.clock, world.policy.telephone_most_seconds
    desk = world.desks[world.policy.telephone_desk]
    enquiry = clock.process(desk.do(incident, TELEPHONE, incident.fate.telephone_seconds))
    timer = None if most == NEVER else clock.process(_lose_patience(world, incident))
    clock.process(_drop(over, enquiry, timer))
    yield enquiry
    if over.triggered:
        return
    if incident.fate.telephone_finds:  # 4.5
        incident.outcome.telephone_found_at = clock.now
        for review in incident.timers:
            stop(review, Why.DONE)
        if incident.gate_is_shut:
            stop(incident.actor, Why.RETURNED)
    over.succeed(Why.DONE)


def _drop(over: Event, enquiry: Process, timer: Process | None) -> Actor[None]:
    """When nobody waits for it any more, nobody is to begin it, or to lose patience."""
    why = yield over
    stop(enquiry, why)
    stop(timer, why)


def _lose_patience(world: World, incident: Incident) -> Actor[None]:
    seconds = world.policy.telephone_most_seconds
    yield world.clock.after(seconds, Due.TELEPHONE, incident.key)
    break_off(incident, Why.INTERRUPTED)
