"""How far the waits of a simulated world lie from the log's, in units of the log's own luck."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from sim.force_log.fitting.lengths import FEWEST
from sim.force_log.replaying.coupling import FEWEST as FEWEST_WAITED
from sim.force_log.replaying.coupling import Clearings, predicted_share, share_of
from sim.force_log.replaying.work import Work

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]

LEVELS: Final = (0.25, 0.5, 0.75, 0.9)
_BLOCK_HOURS: Final = 4
_RESAMPLES: Final = 200
_LEAST_ERROR: Final = 0.1
"""No quantile is asked to be met more closely than by a tenth: the model is a model."""
_LEAST_COUPLING_ERROR: Final = 0.025
"""Half of what is near enough."""
_MINUTE: Final = 1.0
_FRIDAY: Final = 5


@dataclass(frozen=True, slots=True)
class Cell:
    """Jobs of one grade and part of the week: rows of the work, and quantiles with their luck."""

    grade: int
    part: str
    rows: Ints
    observed: Floats
    error: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Coupled:
    """How far allocations hang on a crew's clearing: a queue for crews, or another delay.

    Attributes
    ----------
    clearings
        The jobs.
    graded
        Seconds, shape (n,).
    observed, error
        The log's share net of chance, and its luck.
    """

    clearings: Clearings
    graded: Floats
    observed: float
    error: float

    def far(self, waits: Floats) -> float:
        """Return the squared, scaled difference of simulated waits, shape (replications, n)."""
        made = predicted_share(self.clearings, self.graded + 60 * waits)
        return float(((made - self.observed) / self.error) ** 2)


def measured(work: Work) -> npt.NDArray[np.bool_]:
    """Rows whose wait is measured: allocated, and not of the lead-in; shape (n,)."""
    jobs = work.jobs
    return np.asarray((jobs["assigned"].is_not_null() & ~jobs["lead_in"]).to_numpy())


def observed_waits(work: Work) -> Floats:
    """Minutes from grading to allocation; NaN where unknown; shape (n,)."""
    wait = (work.jobs["assigned"] - work.jobs["graded"]) / 60
    return np.asarray(np.maximum(wait.to_numpy().astype(np.float64), 0.0), dtype=np.float64)


def cells_of(work: Work, rng: np.random.Generator, *, child: bool = False) -> list[Cell | Coupled]:
    """Return the cells that a candidate is held against.

    Parameters
    ----------
    work
        Of the fitted days.
    rng
        Draws days anew, for the luck of each quantile.
    child
        Missing-child jobs only, by grade over all hours; else all other jobs by grade and block
        of four hours, and by grade over all hours, over Fridays and over weekends; and how far
        allocations hang on a crew's clearing.
    """
    jobs = work.jobs
    wait = observed_waits(work)
    is_child = (jobs["stream"] == "missing_child").to_numpy()
    known = measured(work) & (is_child if child else ~is_child)
    grade, block = jobs["grade"].to_numpy(), jobs["hour"].to_numpy() // _BLOCK_HOURS
    weekday = jobs["day"].dt.weekday().to_numpy()
    days = jobs["day"].rank("dense").cast(pl.Int64).to_numpy() - 1
    weights = rng.multinomial(days.max() + 1, np.full(days.max() + 1, 1 / (days.max() + 1)),
                              _RESAMPLES)  # fmt: skip
    fewest = 5 if child else FEWEST
    cells: list[Cell | Coupled] = []
    for one in sorted(set(grade[known].tolist())):
        own = known & (grade == one)
        parts = {"all hours": own}
        if not child:
            parts |= {
                f"{number * _BLOCK_HOURS:02d}:00": own & (block == number)
                for number in range(24 // _BLOCK_HOURS)
            }
            parts |= {"Fridays": own & (weekday == _FRIDAY), "weekends": own & (weekday > _FRIDAY)}
        for part, chosen in parts.items():
            rows = np.flatnonzero(chosen)
            if len(rows) >= fewest:
                cells.append(_cell(one, part, rows, wait, days, weights))
    coupled = None if child else _coupled(work, known, weights)
    return cells if coupled is None else [*cells, coupled]


def _coupled(work: Work, known: npt.NDArray[np.bool_], weights: Ints) -> Coupled | None:
    """Return the log's coupling with its luck; None where too few jobs waited."""
    jobs, clearings = work.jobs, Clearings(work, known)
    by_day = clearings.by_day(jobs["assigned"].to_numpy().astype(np.float64))
    if by_day[0].sum() < FEWEST_WAITED:
        return None
    error = float(share_of(by_day @ weights.T).std())
    graded = jobs["graded"].to_numpy().astype(np.float64)
    observed = float(share_of(by_day.sum(axis=1)))
    return Coupled(clearings, graded, observed, max(error, _LEAST_COUPLING_ERROR))


def distance(cells: Sequence[Cell | Coupled], waits: Floats) -> float:
    """Return the sum of squared, scaled differences of quantiles and of the coupling.

    Parameters
    ----------
    cells
        As `cells_of` returns them.
    waits
        Simulated minutes from grading to allocation, shape (replications, n).
    """
    return float(
        sum(
            cell.far(waits) if isinstance(cell, Coupled) else _of_cell(cell, waits)
            for cell in cells
        )
    )


def _of_cell(cell: Cell, waits: Floats) -> float:
    found = np.quantile(waits[:, cell.rows], LEVELS)
    apart = (np.log(found + _MINUTE) - np.log(cell.observed + _MINUTE)) / cell.error
    # Quantiles of one cell move together: their mean counts as one and a half observations.
    return 1.5 * float((apart**2).mean())


def _cell(grade: int, part: str, rows: Ints, wait: Floats, days: Ints, weights: Ints) -> Cell:
    own = rows[np.argsort(wait[rows], kind="stable")]
    values = wait[own]
    running = np.cumsum(weights[:, days[own]], axis=1)
    total = running[:, -1:]
    drawn = np.stack(
        [
            values[np.minimum((running < level * total).sum(axis=1), len(values) - 1)]
            for level in LEVELS
        ],
        axis=1,
    )
    error = np.log(drawn + _MINUTE)[total[:, 0] > 0].std(axis=0)
    return Cell(grade, part, rows, np.quantile(values, LEVELS), np.maximum(error, _LEAST_ERROR))
