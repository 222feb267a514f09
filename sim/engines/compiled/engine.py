"""The compiled engine: tables in, tables out."""

from __future__ import annotations

from sim.engines.compiled.building import give_back
from sim.engines.compiled.loading import loaded, with_more_room
from sim.engines.compiled.play import FAILED, PLAYED, play
from sim.engines.compiled.results import played
from sim.errors import InternalError
from sim.tables import (
    ATTEMPTS,
    INCIDENTS,
    NEVER,
    ROTA,
    Draws,
    Played,
    Policy,
    Table,
    empty,
)


def run(draws: Draws, rota: Table, policy: Policy) -> Played:
    """Play the incidents against the rota under the policy; see `sim.engines.compiled.run`."""
    begun = loaded(draws, rota, policy)
    m = begun.memory
    while (came_to := play(m)) != PLAYED:
        if came_to == FAILED:
            raise InternalError("the compiled engine ran out of room for one event")
        m = with_more_room(m)
    result = played(begun, m, draws, policy)
    give_back(m)
    return result


def make_ready() -> None:
    """Play a world of nobody, for which all kernels are needed."""
    nothing = Policy(
        start=0,
        end=1,
        grades=1,
        areas=(),
        streams=(),
        pools=(),
        missing=(),
        gated=(),
        step_up_seconds=(NEVER,),
        borrow_after_seconds=(NEVER,),
        review_after_seconds=(NEVER,),
    )
    run(Draws(empty(INCIDENTS), empty(ATTEMPTS)), empty(ROTA), nothing)
