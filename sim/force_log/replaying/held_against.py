"""Predicted delays beside observed ones: quantiles with their luck, and distances."""

from __future__ import annotations

from dataclasses import asdict, dataclass
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
        Median over the luck of who paraded, and limits over that luck and other such days.
    error
        Predicted over observed, less one; None where the log's is under half a minute.
    inside
        Whether the observed lies within the limits.
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
    n: int

    def as_dict(self) -> dict[str, object]:
        """The comparison as plain data."""
        return asdict(self)


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

    def as_dict(self) -> dict[str, object]:
        """The distance as plain data."""
        return asdict(self)


def compared(
    stage: str,
    grade: int,
    first_hour: int | None,
    observed: Floats,
    predicted: Floats,
    days: Ints,
    level: float,
    rng: np.random.Generator,
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
    level
        Of the limits.
    rng
        Draws the days.
    """
    n = len(observed)
    found = []
    drawn = _drawn_quantiles(predicted, days, rng)
    tail = (1 - level) / 2
    for column, (place, share) in enumerate(PLACES.items()):
        if not quantile_may_leave(share, n):
            continue
        own = float(np.quantile(observed, share))
        made = float(np.median(np.quantile(predicted, share, axis=1)))
        low, high = np.quantile(drawn[:, column], [tail, 1 - tail])
        low, high = min(float(low), made), max(float(high), made)
        shown = [rounded_minutes(value, n) for value in (own, made, low, high)]
        found.append(
            Compared(
                stage, grade, first_hour, place, shown[0], shown[1], shown[2], shown[3],
                None if own < 0.5 else round(made / own - 1, 2),
                bool(low <= own <= high), rounded(n) or 0,
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


def _drawn_quantiles(predicted: Floats, days: Ints, rng: np.random.Generator) -> Floats:
    """Quantiles of each replication with days drawn anew, shape (draws, places)."""
    found = []
    for one in predicted:
        order = np.argsort(one, kind="stable")
        ordered, day = one[order], days[order]
        for _ in range(_DRAWS_EACH):
            running = np.cumsum(_weights(days, rng)[day])
            if running[-1] > 0:
                places = np.searchsorted(running, np.array(list(PLACES.values())) * running[-1])
                found.append(ordered[np.minimum(places, len(ordered) - 1)])
    return np.stack(found)
