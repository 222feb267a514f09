"""A proper score for forecasts of a wait, and the skill of one forecast over another.

The continuous ranked probability score of an ensemble, in its fair form: what an ensemble of any
size would score, had it infinitely many members (Ferro, Richardson and Weigel 2008, Meteorological
Applications 15:19-24). Waits are scored as log(1 + minutes): twice as long counts as much at grade
two as at grade four, and one bad night does not settle all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from sim.force_log.replaying.held_against import Floats, Ints

LEVEL: Final = 0.90
"""Of the limits of a skill: its lower one must lie above zero."""
_DRAWS: Final = 2000


@dataclass(frozen=True, slots=True)
class Skill:
    """By which share a forecast's score is better than another's; under zero it is worse.

    Attributes
    ----------
    value
        One less the ratio of the scores.
    low, high
        90 % limits, days drawn anew.
    """

    value: float
    low: float
    high: float

    @property
    def shown(self) -> bool:
        """Whether it is better by more than the luck of days."""
        return self.low > 0


def score_of_each(members: Floats, observed: Floats) -> Floats:
    """Score one ensemble, in minutes, against each of some waits, shape (n,)."""
    ordered = np.sort(np.log1p(members))
    wanted = np.log1p(observed)
    size = len(ordered)
    running = np.concatenate([[0.0], np.cumsum(ordered)])
    below = np.searchsorted(ordered, wanted, "right")
    apart = wanted * (2 * below - size) + running[-1] - 2 * running[below]
    return np.asarray(apart / size - _spread(ordered[:, None])[0], dtype=np.float64)


def score_of_own(made: Floats, observed: Floats) -> Floats:
    """Score an ensemble of each wait, shape (members, n), against it, shape (n,)."""
    ordered = np.sort(np.log1p(made), axis=0)
    apart = np.abs(ordered - np.log1p(observed)).mean(axis=0)
    return np.asarray(apart - _spread(ordered), dtype=np.float64)


def _spread(ordered: Floats) -> Floats:
    """Half the mean difference of two members, of columns in order."""
    size = len(ordered)
    weights = 2 * np.arange(size) - size + 1
    return np.asarray(weights @ ordered / (size * (size - 1)), dtype=np.float64)


def skill(scores: Floats, against: Floats, days: Ints, rng: np.random.Generator) -> Skill:
    """Hold one forecast's scores to another's of the same waits.

    Parameters
    ----------
    scores, against
        Shape (n,); smaller is better.
    days
        Day of each, shape (n,), drawn anew for the limits.
    rng
        Draws them.
    """
    numbers = np.unique(days, return_inverse=True)[1]
    own, other = np.bincount(numbers, scores), np.bincount(numbers, against)
    weights = rng.multinomial(len(own), np.full(len(own), 1 / len(own)), size=_DRAWS)
    drawn = 1 - (weights @ own) / (weights @ other)
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Skill(round(1 - own.sum() / other.sum(), 4), round(float(low), 4), round(float(high), 4))
