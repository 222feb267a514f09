"""The compiled engine: the rules of docs/model.md, written with numba to be quick.

It makes the same tables as `sim.engines.reference`, row for row. Importing this does not import
numba; the first `run` does, and compiles the engine where it is not in the cache.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.kernels.cache import is_cached, why_uncached
from sim.tables import Draws, Played, Policy, Table

if TYPE_CHECKING:
    from sim.engines.compiled.images import Image

__all__ = [
    "image_of",
    "is_cached",
    "is_fetched",
    "make_ready",
    "outcomes_of",
    "run",
    "why_uncached",
]


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


def image_of(draws: Draws, rows: NDArray[np.intp]) -> Image:
    """Keep what is drawn as the engine begins with it, to be played with many rotas and rules.

    Parameters
    ----------
    draws
        As for `run`.
    rows
        Rows of the incidents table whose outcomes will be read.
    """
    from sim.engines.compiled import images

    return images.image_of(draws, rows)


def outcomes_of(
    image: Image, rota: Table, policy: Policy, names: Sequence[str]
) -> dict[str, NDArray[np.int64]]:
    """Play an image against a rota under a policy, and read some columns of the outcomes.

    Parameters
    ----------
    image
        Of what was drawn for the same streams, areas and pools; it stays as it is.
    rota, policy
        As for `run`.
    names
        Columns of the outcomes table; besides them key, end, arrival and grading are read.

    Returns
    -------
    dict of str to array
        Of the image's incidents, in their order, each number that `run` gives: shape (n,).
    """
    from sim.engines.compiled import images

    return images.outcomes_of(image, rota, policy, names)


def make_ready() -> None:
    """Compile the engine, or fetch it from the cache, so that the first `run` need not."""
    from sim.engines.compiled import engine

    engine.make_ready()


def is_fetched() -> bool:
    """Tell whether this process has the engine ready, so that it can play at once."""
    engine = sys.modules.get(f"{__name__}.engine")
    return engine is not None and engine.make_ready.cache_info().currsize > 0
