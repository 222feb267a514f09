"""Which of many things a noisy figure hangs on: Morris's elementary effects, each met twice.

A trajectory begins at a random setting and moves the things one after the other, in random order,
by two thirds of their range; the change of the figure over the change of the thing is an
elementary effect. Every setting of a trajectory is met with two lucks, the same two throughout. An
effect under the one and under the other differ by luck alone, so their product is free of it: the
mean of the products over trajectories estimates the mean squared effect, and that of a thing which
does nothing is nought on average, however large the noise.

Morris (1991), *Factorial sampling plans for preliminary computational experiments*,
Technometrics 33; Campolongo, Cariboni and Saltelli (2007) for ranking by size without sign.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

LEAST_TRAJECTORIES: Final = 3
"""Of fewer nobody can tell an effect from luck."""

_LEVELS: Final = 4
_STEP: Final = _LEVELS / (2 * (_LEVELS - 1))


@dataclass(frozen=True)
class Screened:
    """How far a figure moves with one thing.

    Attributes
    ----------
    place
        Of the thing, from 0.
    size
        Root mean square of its effects over its whole range, luck taken off.
    mean
        Mean of its effects; near nought beside a large size where it acts both ways.
    clear
        Whether luck alone would hardly give any of the things as much (1 in 20, for all together).
    """

    place: int
    size: float
    mean: float
    clear: bool


def trajectories(things: int, generator: np.random.Generator) -> Iterator[FloatArray]:
    """Yield trajectories without end, shape (things + 1, things) each: levels from 0 to 1."""
    while True:
        low = np.arange(_LEVELS // 2) / (_LEVELS - 1)
        start = generator.choice(low, size=things)
        # The lower of the two levels, or the upper one, first.
        up = generator.random(things) < 0.5
        order = generator.permutation(things)
        begun = np.where(up, start, start + _STEP)
        ended = np.where(up, start + _STEP, start)
        moved = np.zeros((things + 1, things), dtype=np.bool_)
        for step, thing in enumerate(order, 1):
            moved[step:, thing] = True
        yield np.where(moved, ended, begun)


def screened(levels: Sequence[FloatArray], figures: Sequence[FloatArray]) -> tuple[Screened, ...]:
    """Rank things by how far a figure moves with them, the furthest first.

    Parameters
    ----------
    levels
        By trajectory, shape (things + 1, things), as `trajectories` yields them.
    figures
        By trajectory, shape (things + 1, 2): the figure under each of two lucks.

    Raises
    ------
    ValueError
        If there are fewer than `LEAST_TRAJECTORIES`.

    Notes
    -----
    With `a` and `b` an effect under the two lucks, and both normal, the mean of (a + b)^2 over that
    of (a - b)^2 has Fisher's distribution where the thing does nothing, with as many degrees of
    freedom as there are trajectories above and below: an analysis of variance.
    """
    if len(levels) < LEAST_TRAJECTORIES:
        raise ValueError(f"{len(levels)} trajectories; at least {LEAST_TRAJECTORIES} are wanted")
    from scipy.stats import f as fisher

    both = np.array([_effects(*one) for one in zip(levels, figures, strict=True)])
    number, things, _ = both.shape
    together = ((both[..., 0] + both[..., 1]) ** 2).mean(axis=0)
    apart = ((both[..., 0] - both[..., 1]) ** 2).mean(axis=0)
    squared = np.maximum(together - apart, 0.0) / 4
    limit = fisher.ppf(1 - 0.05 / things, number, number)
    clear = (together > limit * apart) & (squared > 0)
    mean = both.mean(axis=(0, 2))
    order = np.argsort(-squared, kind="stable")
    return tuple(
        Screened(int(at), math.sqrt(squared[at]), float(mean[at]), bool(clear[at])) for at in order
    )


def _effects(levels: FloatArray, figures: FloatArray) -> FloatArray:
    """Elementary effects of one trajectory under each luck, shape (things, 2)."""
    steps = np.diff(levels, axis=0)
    rows, things = np.nonzero(steps)
    effects = np.zeros((levels.shape[1], 2))
    effects[things] = np.diff(figures, axis=0)[rows] / steps[rows, things][:, None]
    return effects
