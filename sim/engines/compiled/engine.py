"""The compiled engine: tables in, tables out."""

from __future__ import annotations

import logging
from functools import cache as once
from typing import Final

from sim.engines.compiled.building import give_back
from sim.engines.compiled.jit import Memory
from sim.engines.compiled.loading import loaded, with_more_room
from sim.engines.compiled.play import FAILED, PLAYED, play
from sim.engines.compiled.results import played
from sim.errors import InternalError
from sim.kernels import cache
from sim.kernels import make_ready as make_kernels_ready
from sim.kernels.kernels_only import machine_code_for_kernels_only
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

_LOG: Final = logging.getLogger(__name__)


def run(draws: Draws, rota: Table, policy: Policy) -> Played:
    """Play the incidents against the rota under the policy; see `sim.engines.compiled.run`."""
    make_ready()
    return _run(draws, rota, policy)


@once
def make_ready() -> None:
    """Fetch or compile all kernels, also those that other modules have, once a process.

    Code that was damaged where it is kept, by a full disk or a machine that was switched off, is
    made anew.
    """
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
    world_of_nobody = Draws(empty(INCIDENTS), empty(ATTEMPTS)), empty(ROTA), nothing
    try:
        _make_ready(*world_of_nobody)
    except Exception as fault:  # numba and pickle name no kinds of what can be wrong with a file
        _LOG.warning("compiled code that is kept cannot be read, and is made anew: %r", fault)
        cache.empty()
        _make_ready(*world_of_nobody)


def _make_ready(draws: Draws, rota: Table, policy: Policy) -> None:
    # The play takes most of the time: meanwhile another process may have made the other kernels.
    with machine_code_for_kernels_only():
        _run(draws, rota, policy)
    make_kernels_ready()


def _run(draws: Draws, rota: Table, policy: Policy) -> Played:
    begun = loaded(draws, rota, policy)
    m = until_played(begun.memory)
    result = played(begun, m, draws, policy)
    give_back(m)
    return result


def until_played(m: Memory) -> Memory:
    """Play a memory to the end of follow-up; return it, or the larger one that it moved to."""
    while (came_to := play(m)) != PLAYED:
        if came_to == FAILED:
            raise InternalError("the compiled engine ran out of room for one event")
        m = with_more_room(m)
    return m
