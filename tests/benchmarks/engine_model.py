"""The three-stage network played by our engines, as the textbook models report it."""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from sim.engines import compiled, reference
from sim.tables import NEVER, Draws, Played, Policy, Table
from tests.benchmarks.common_network import tables
from tests.benchmarks.textbook import IncidentWaits, ThreeStageNetwork

World = tuple[Table, Table, Table, Policy]
Engine = Callable[[Draws, Table, Policy], Played]

REFERENCE: Final = "reference"
COMPILED: Final = "compiled"
ENGINES: Final[Mapping[str, Engine]] = {REFERENCE: reference.run, COMPILED: compiled.run}


def run_engine(network: ThreeStageNetwork, seed: int, engine: str = REFERENCE) -> IncidentWaits:
    """Draw the tables and play them: what the textbook model does, from nothing to waits.

    Parameters
    ----------
    network : ThreeStageNetwork
        Parameters.
    seed : int
        Of the draws.
    engine : str
        Of `ENGINES`.

    Returns
    -------
    IncidentWaits
        Every incident's priority and waits, in order of report.
    """
    return play_engine(tables(network, seed), engine)


def drawn(
    network: ThreeStageNetwork, seed: int, engine: str = REFERENCE
) -> Callable[[], IncidentWaits]:
    """Draw the tables now; what is returned plays them."""
    world = tables(network, seed)
    return lambda: play_engine(world, engine)


def play_engine(world: World, engine: str = REFERENCE) -> IncidentWaits:
    """Play drawn tables, and take the waits out of the outcomes.

    Raises
    ------
    ValueError
        If an incident was not finished: the textbook models go on until all are.
    """
    incidents, attempts, rota, rules = world
    outcomes, _, _ = ENGINES[engine](Draws(incidents, attempts), rota, rules)
    if (outcomes["finished_at"] == NEVER).any():
        raise ValueError("an incident was not finished")
    waits = (
        outcomes["answered_at"] - incidents["reported_at"],
        outcomes["ratified_at"] - incidents["ratification_seconds"] - outcomes["graded_at"],
        outcomes["claimed_at"] - outcomes["ready_at"],
    )
    return IncidentWaits(incidents["grade"].astype(np.int64) - 1, np.stack(waits, axis=1) / 60.0)
