"""The compiled engine: the rules of docs/model.md, written with numba to be quick.

It makes the same tables as `sim.engines.reference`, row for row. Importing this does not import
numba; the first `run` does, and compiles the engine where it is not in the cache.
"""

from __future__ import annotations

import sys

from sim.engines.compiled.cache import is_cached, why_uncached
from sim.tables import Draws, Played, Policy, Table

__all__ = ["is_cached", "is_fetched", "make_ready", "run", "why_uncached"]


def run(draws: Draws, rota: Table, policy: Policy) -> Played:
    """Play the incidents against the rota under the policy.

    Parameters
    ----------
    draws
        Fates; reports before ``policy.start`` or at or after ``policy.end`` are not allowed.
    rota
        Units and desk workers on duty, sorted by (on_at, key).
    policy
        The rules' numbers.

    Returns
    -------
    Played
        Outcomes (a row for each incident, in their order), activities, and cases (a row for each
        row of the episodes table): those of the reference engine, in every column.
    """
    from sim.engines.compiled import engine

    return engine.run(draws, rota, policy)


def make_ready() -> None:
    """Compile the engine, or fetch it from the cache, so that the first `run` need not."""
    from sim.engines.compiled import engine

    engine.make_ready()


def is_fetched() -> bool:
    """Tell whether this process has the engine ready, so that it can play at once."""
    engine = sys.modules.get(f"{__name__}.engine")
    return engine is not None and engine.make_ready.cache_info().currsize > 0
