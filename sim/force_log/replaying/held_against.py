"""Predicted delays beside observed ones: quantiles with their luck, and distances."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from sim.force_log.disclosure import quantile_may_leave, rounded, rounded_minutes

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]

PLACES: Final[dict[str, float]] = {"p50": 0.5, "p75": 0.75, "p90": 0.9}
FEWEST: Final = 50
"""Cells with fewer jobs are not shown: their quantiles would be mostly luck."""

_DRAWS_EACH: Final = 20
_SCALE_MINUTES: Final = 0.25


@dataclass(frozen=True, slots=True)
class Compared:
    """One quantile of one cell, in minutes; fit to leave.

    Attributes
    ----------
    stage
        ``graded_to_assigned`` or ``received_to_arrived``.
    grade
        Of the jobs.
    first_hour
        First of the four hours of receipt; None: all hours.
    place
        ``p50``, ``p75`` or ``p90``.
    observed
        The log's.
    predicted, low, high
        Median over the luck of who paraded, and limits over that luck, other such days, and the
        luck of the days that the scenario was fitted to where they are known.
    error
        Predicted over observed, less one; None where the log's is under half a minute.
    inside
        Whether the observed lies within the limits.
    inside_all
        Whether it lies within wider limits, which hold for all that a verdict looks at together.
    n
        Jobs, to the nearest five.
    """

    stage: str
    grade: int
    first_hour: int | None
    place: str
    observed: float
    predicted: float
    low: float
    high: float
    error: float | None
    inside: bool
    inside_all: bool
    n: int


@dataclass(frozen=True, slots=True)
class Distance:
    """Kolmogorov and Smirnov's distance between predicted and observed delays of one grade.

    Attributes
    ----------
    stage, grade
        As in `Compared`.
    value
        Largest difference of the two distribution functions.
    expected
        The value that luck alone exceeds once in twenty, days drawn anew from the prediction.
    n
        Jobs, to the nearest five.
    """

    stage: str
    grade: int
    value: float
    expected: float
    n: int


@dataclass(frozen=True, slots=True)
class Limits:
    """What limits are to hold.

    Attributes
    ----------
    level
        Of each.
    comparisons
        How many are to hold together in `Compared.inside_all`.
    """

    level: float
    comparisons: int = 1


def compared(
    stage: str,
    grade: int,
    first_hour: int | None,
    observed: Floats,
    predicted: Floats,
    days: Ints,
    limits: Limits,
    rng: np.random.Generator,
    fitted: tuple[Floats, Ints] | None = None,
) -> list[Compared]:
    """Compare the quantiles of one cell.

    Parameters
    ----------
    stage, grade, first_hour
        What the cell is.
    observed
        Minutes, shape (n,).
    predicted
        Minutes of the same jobs, shape (replications, n).
    days
        Day of each job, shape (n,); days are drawn anew for the limits.
    limits
        How wide.
    rng
        Draws the days.
    fitted
        Minutes and days of such jobs in the weeks that the scenario was fitted to, shape (m,) each:
        their luck is in the prediction too. None: not known, and left out.
    """
    n = len(observed)
    found = []
    drawn = _drawn_quantiles(predicted, days, rng)
    if fitted is not None and len(fitted[0]) >= FEWEST:
        drawn = drawn * _luck_of_fitted(*fitted, len(drawn), rng)
    tail = (1 - limits.level) / 2
    for column, (place, share) in enumerate(PLACES.items()):
        if not quantile_may_leave(share, n):
            continue
        own = float(np.quantile(observed, share))
        made = float(np.median(np.quantile(predicted, share, axis=1)))
        low, high = (float(one) for one in np.quantile(drawn[:, column], [tail, 1 - tail]))
        low, high = min(low, made), max(high, made)
        rare = tail / limits.comparisons
        lowest, highest = np.quantile(drawn[:, column], [rare, 1 - rare])
        shown = [rounded_minutes(value, n) for value in (own, made, low, high)]
        found.append(
            Compared(
                stage, grade, first_hour, place, shown[0], shown[1], shown[2], shown[3],
                None if own < 0.5 else round(made / own - 1, 2),
                low <= own <= high, bool(min(lowest, low) <= own <= max(highest, high)),
                rounded(n) or 0,
            )
        )  # fmt: skip
    return found


def distance(
    stage: str,
    grade: int,
    observed: Floats,
    predicted: Floats,
    days: Ints,
    rng: np.random.Generator,
) -> Distance:
    """Return the distance between observed delays and all replications' taken together."""
    pooled = np.sort(predicted.ravel())
    values = []
    for one in predicted:
        for _ in range(_DRAWS_EACH):
            weights = _weights(days, rng)
            values.append(_apart(one, pooled, weights[days]))
    return Distance(
        stage,
        grade,
        round(_apart(observed, pooled, np.ones(len(observed))), 3),
        round(float(np.quantile(values, 0.95)), 3),
        rounded(len(observed)) or 0,
    )


def _apart(values: Floats, pooled: Floats, weights: Floats) -> float:
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    running = np.cumsum(weights[order]) / max(weights.sum(), 1e-12)
    grid = np.quantile(pooled, np.linspace(0.005, 0.995, 199))
    place = np.searchsorted(ordered, grid, "right")
    own = np.where(place > 0, running[np.maximum(place - 1, 0)], 0.0)
    other = np.searchsorted(pooled, grid, "right") / len(pooled)
    return float(np.abs(own - other).max())


def _weights(days: Ints, rng: np.random.Generator) -> Floats:
    size = int(days.max()) + 1
    return rng.multinomial(size, np.full(size, 1 / size)).astype(np.float64)


def _luck_of_fitted(minutes: Floats, days: Ints, count: int, rng: np.random.Generator) -> Floats:
    """By which factors other fitted days would have moved the quantiles, shape (count, places)."""
    numbers = np.unique(days, return_inverse=True)[1].astype(np.int64)
    drawn = _quantiles_of_days(minutes, numbers, count, rng)
    usual = np.quantile(minutes, list(PLACES.values()))
    # A wait of seconds is no scale to measure the others by.
    return np.asarray((drawn + _SCALE_MINUTES) / (usual + _SCALE_MINUTES), dtype=np.float64)


def _drawn_quantiles(predicted: Floats, days: Ints, rng: np.random.Generator) -> Floats:
    """Quantiles of each replication with days drawn anew, shape (draws, places)."""
    return np.concatenate([_quantiles_of_days(one, days, _DRAWS_EACH, rng) for one in predicted])


def _quantiles_of_days(minutes: Floats, days: Ints, count: int, rng: np.random.Generator) -> Floats:
    """Quantiles of minutes with their days drawn anew, shape (count, places)."""
    order = np.argsort(minutes, kind="stable")
    ordered, day = minutes[order], days[order]
    found: list[Floats] = []
    while len(found) < count:
        running = np.cumsum(_weights(days, rng)[day])
        if running[-1] > 0:
            places = np.searchsorted(running, np.array(list(PLACES.values())) * running[-1])
            found.append(ordered[np.minimum(places, len(ordered) - 1)])
    return np.stack(found)
