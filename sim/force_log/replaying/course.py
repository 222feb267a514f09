"""Whether a scenario tells bad hours and days from good ones.

A model may have every quantile right and still move at the wrong times. So of each block of four
hours the mean wait's departure from what is usual for that grade and time of day is taken, in the
log and as predicted, and the two are held against each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from sim.force_log.replaying.coupling import Coupling
from sim.force_log.replaying.held_against import Floats, Ints
from sim.force_log.replaying.scores import LEVEL, Skill

FEWEST_DAYS: Final = 7
"""Of fewer days nothing is said: their luck would be all."""
SLOPE: Final = (0.5, 1.5)
_DRAWS: Final = 2000
_BLOCK_HOURS: Final = 4


@dataclass(frozen=True, slots=True)
class Slope:
    """A slope with its 90 % limits."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Course:
    """How well the course of waits was told.

    Attributes
    ----------
    skill
        Over the plainest forecast, as the weeks before by grade.
    skill_by_hour
        Over the same by grade and hour of the week.
    slope
        By how much the log's four-hourly mean waits depart from the usual where the prediction's
        depart by one; 1 is right, under it the model moves too much; 90 % limits, days drawn anew.
        None where the prediction does not depart.
    days_told
        Of any two days, how often the one predicted to be the worse was the worse.
    past_days
        How many days the plainest forecasts rest on.
    coupling
        How far allocations hang on a crew's clearing; None where too few jobs waited.
    """

    skill: Skill
    skill_by_hour: Skill
    slope: Slope | None
    days_told: float
    past_days: int
    coupling: Coupling | None = None

    @property
    def moves(self) -> bool:
        """Whether the predicted waits move about as much as the log's."""
        return self.slope is not None and SLOPE[0] <= self.slope.value <= SLOPE[1]


def slope(
    observed: Floats,
    predicted: Floats,
    grade: Ints,
    hour: Ints,
    days: Ints,
    rng: np.random.Generator,
) -> Slope | None:
    """Regress the log's four-hourly departures on the predicted ones.

    Parameters
    ----------
    observed
        Minutes, shape (n,).
    predicted
        Mean of log(1 + minutes) over replications, shape (n,).
    grade, hour, days
        Of each job, shape (n,).
    rng
        Draws days anew for the limits.

    Returns
    -------
    Slope or None
        None where the predicted waits do not depart from the usual at all.
    """
    block = hour // _BLOCK_HOURS
    usual = np.unique(grade * 24 + block, return_inverse=True)[1]
    own, made = _departures(np.log1p(observed), usual), _departures(predicted, usual)
    numbers = np.unique(days, return_inverse=True)[1]
    cell = np.unique(numbers * 24 + block, return_inverse=True)[1]
    count = np.bincount(cell)
    seen, told = np.bincount(cell, own) / count, np.bincount(cell, made) / count
    day = np.zeros(len(count), dtype=np.int64)
    day[cell] = numbers
    across = np.bincount(day, count * seen * told)
    along = np.bincount(day, count * told * told)
    if along.sum() <= 1e-9 * max(1, len(cell)):
        return None
    weights = rng.multinomial(len(along), np.full(len(along), 1 / len(along)), size=_DRAWS)
    drawn = (weights @ across) / np.maximum(weights @ along, 1e-12)
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    value = across.sum() / along.sum()
    return Slope(round(float(value), 2), round(float(low), 2), round(float(high), 2))


def days_told(observed: Floats, predicted: Floats, grade: Ints, days: Ints) -> float:
    """Return how often, of two days, the one predicted to be the worse was the worse.

    Parameters are as in `slope`; a half is what guessing does.
    """
    usual = np.unique(grade, return_inverse=True)[1]
    numbers = np.unique(days, return_inverse=True)[1]
    count = np.bincount(numbers)
    seen = np.bincount(numbers, _departures(np.log1p(observed), usual)) / count
    told = np.bincount(numbers, _departures(predicted, usual)) / count
    first, second = np.triu_indices(len(count), 1)
    agree = np.sign(seen[first] - seen[second]) * np.sign(told[first] - told[second])
    return round(float((1 + agree.mean()) / 2), 2)


def _departures(values: Floats, usual: Ints) -> Floats:
    means = np.bincount(usual, values) / np.bincount(usual)
    return np.asarray(values - means[usual], dtype=np.float64)
