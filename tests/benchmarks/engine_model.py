"""The three-stage network played by the reference engine, as the textbook models report it."""

from collections.abc import Callable

import numpy as np

from sim.engines.reference import run
from sim.tables import NEVER, Draws, Policy, Table
from tests.benchmarks.common_network import tables
from tests.benchmarks.textbook import IncidentWaits, ThreeStageNetwork

World = tuple[Table, Table, Table, Policy]


def run_engine(network: ThreeStageNetwork, seed: int) -> IncidentWaits:
    """Draw the tables and play them: what the textbook model does, from nothing to waits.

    Parameters
    ----------
    network : ThreeStageNetwork
        Parameters.
    seed : int
        Of the draws.

    Returns
    -------
    IncidentWaits
        Every incident's priority and waits, in order of report.
    """
    return play_engine(tables(network, seed))


def drawn(network: ThreeStageNetwork, seed: int) -> Callable[[], IncidentWaits]:
    """Draw the tables now; what is returned plays them."""
    world = tables(network, seed)
    return lambda: play_engine(world)


def play_engine(world: World) -> IncidentWaits:
    """Play drawn tables, and take the waits out of the outcomes.

    Raises
    ------
    ValueError
        If an incident was not finished: the textbook models go on until all are.
    """
    incidents, attempts, rota, rules = world
    outcomes, _, _ = run(Draws(incidents, attempts), rota, rules)
    if (outcomes["finished_at"] == NEVER).any():
        raise ValueError("an incident was not finished")
    waits = (
        outcomes["answered_at"] - incidents["reported_at"],
        outcomes["ratified_at"] - incidents["ratification_seconds"] - outcomes["graded_at"],
        outcomes["claimed_at"] - outcomes["ready_at"],
    )
    return IncidentWaits(incidents["grade"].astype(np.int64) - 1, np.stack(waits, axis=1) / 60.0)
