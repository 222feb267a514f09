"""Latin hypercubes: of each thing every part of its range once.

With the same generator the numbers are those of `scipy.stats.qmc.LatinHypercube`, behind whose
import a planner would wait for as long as a dozen settings take to play.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def latin_hypercube(
    generator: np.random.Generator, settings: int, things: int
) -> npt.NDArray[np.float64]:
    """Return settings of some things, shape (settings, things), between 0 and 1.

    Parameters
    ----------
    generator : numpy.random.Generator
        Of which it takes one uniform for each number, and an order for each thing.
    settings : int
        At least 1. Each range is cut into as many even parts, and each part is used once.
    things : int
        How many ranges there are.
    """
    below = generator.uniform(size=(settings, things))
    parts = np.tile(np.arange(1, settings + 1), (things, 1))
    for of_thing in parts:
        generator.shuffle(of_thing)
    levels: npt.NDArray[np.float64] = (parts.T - below) / settings
    return levels
