"""A caller, until a call taker speaks to them (rules 2.1, 2.5, 2.7, 2.10)."""

from __future__ import annotations

from simpy import Process

from sim.engines.reference.clock import Actor, Due, stop
from sim.engines.reference.desks import CALL, SWITCH, Desk, Task
from sim.engines.reference.jobs import Incident
from sim.engines.reference.world import World
from sim.tables import NEVER, NONE, AfterHangUp, Origin, Why


def call(world: World, incident: Incident) -> Actor[Task]:
    """Wait for a call taker (rules 2.1, 2.7), where one is needed (rule 2.5).

    Raises
    ------
    Interrupt
        The caller hangs up (rule 2.10).
    """
    is_direct = incident.origin == Origin.DIRECT
    takers = world.desks[NONE if is_direct else world.policy.call_takers]
    if takers.code != NONE and incident.origin <= Origin.NON_EMERGENCY:
        yield from _switch(world, incident)
    impatience = _grows_impatient(world, incident, takers)
    task = yield from takers.wait_for_worker(incident, CALL)
    stop(impatience, Why.DONE)
    if incident.outcome.answered_at == NEVER:
        incident.outcome.answered_at = world.clock.now
    return task


def calls_again(world: World, incident: Incident) -> Actor[bool]:
    """Who has hung up gives up, or calls again after a while, or goes online (rule 2.10)."""
    incident.outcome.hung_up_at = world.clock.now
    if incident.fate.after_hang_up == AfterHangUp.GIVES_UP:
        return False
    yield world.clock.after(incident.fate.again_seconds, Due.CALLER, incident.key, 1)
    return True


def _switch(world: World, incident: Incident) -> Actor[None]:
    """The switchboard answers and passes the call on, where there is one (rule 2.7)."""
    board = world.desks[world.policy.switchboard]
    if board.code != NONE:
        switch = yield from board.wait_for_worker(incident, CALL, SWITCH)
        if incident.outcome.answered_at == NEVER:
            incident.outcome.answered_at = world.clock.now
        yield from switch.work(incident.fate.switch_seconds)
        switch.end()


def _grows_impatient(world: World, incident: Incident, takers: Desk) -> Process | None:
    """Rule 2.10: who may hang up, while they wait for a call taker."""
    if takers.code == NONE or not incident.may_hang_up:
        return None
    return world.clock.process(_hang_up(world, incident, world.clock.active_process))


def _hang_up(world: World, incident: Incident, waits: Process | None) -> Actor[None]:
    yield world.clock.after(incident.fate.patience_seconds, Due.CALLER, incident.key)
    stop(waits, Why.HUNG_UP)
