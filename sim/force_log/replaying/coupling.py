"""How far allocations hang on a crew's clearing: what tells a queue for crews from any other delay.

Where jobs wait for a crew, the next is allocated just after one has cleared; where they wait for
something else, no more often then than at any other time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from sim.force_log.replaying.held_against import Floats
from sim.force_log.replaying.scores import LEVEL
from sim.force_log.replaying.work import Work

AIM: Final = 0.05
"""So near the log's is near."""
FEWEST: Final = 100
"""Allocations after five minutes and more, from which on it is told."""
AFTER_SECONDS: Final = 300
"""For whom a crew was free at once tells nothing."""
WITHIN_SECONDS: Final = 60
_DRAWS: Final = 1000


@dataclass(frozen=True, slots=True)
class Coupling:
    """The share of allocations that follow a clearing, net of chance, in the log and as predicted.

    Attributes
    ----------
    observed, low, high
        The log's, with its 90 % limits, days drawn anew.
    predicted
        The mean over replications.
    """

    observed: float
    low: float
    high: float
    predicted: float

    @property
    def near(self) -> bool:
        """Whether the prediction lies within 0.05 of the log's."""
        return abs(self.predicted - self.observed) <= AIM


class Clearings:
    """The jobs of some days, to tell from their times of allocation how these hang on clearings.

    Parameters
    ----------
    work
        The real incidents: areas, grading, and how long crews are busy with each.
    own
        Rows whose allocations count, shape (n,) of bools; the others' clearings count too.
    """

    def __init__(self, work: Work, own: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> None:
        jobs = work.jobs
        self._graded = jobs["graded"].to_numpy().astype(np.float64)
        self._length = (jobs["travel"] + jobs["scene"]).to_numpy().astype(np.float64)
        area = jobs["area"].cast(pl.String).fill_null("").to_numpy()
        self._areas = [np.flatnonzero(area == one) for one in np.unique(area)]
        self._own = own
        days = jobs["day"].to_physical().to_numpy()
        self._day = np.unique(days, return_inverse=True)[1].astype(np.int64)
        self.days = int(self._day.max(initial=-1)) + 1

    def by_day(self, assigned: Floats) -> Floats:
        """Return four sums by day, shape (4, days).

        Allocations after five minutes and more; those of them within a minute of a clearing;
        seconds waited after the first five minutes; and those of them within a minute of one.

        Parameters
        ----------
        assigned
            Seconds, of every job, NaN where it was not allocated, shape (n,).
        """
        sums = np.zeros((4, self.days))
        for area in self._areas:
            ended = assigned[area] + self._length[area]
            ended = np.sort(ended[np.isfinite(ended)])
            since = self._graded[area] + AFTER_SECONDS
            rows = np.flatnonzero(self._own[area] & (assigned[area] > since))
            at, since, day = assigned[area][rows], since[rows], self._day[area][rows]
            last = np.searchsorted(ended, at, "right") - 1
            apart = np.where(last >= 0, at - ended[np.maximum(last, 0)], np.inf)
            covered = _covered(ended, at) - _covered(ended, since)
            values = (np.ones(len(at)), apart <= WITHIN_SECONDS, at - since, covered)
            sums += np.stack([np.bincount(day, one, self.days) for one in values])
        return sums


def _covered(ended: Floats, until: Floats) -> Floats:
    """Seconds until some moments that lie within a minute after a clearing, shape (n,)."""
    if not len(ended):
        return np.zeros(len(until))
    own = np.minimum(np.diff(ended, append=np.inf), WITHIN_SECONDS)
    before = np.concatenate([[0.0], np.cumsum(own)])
    last = np.searchsorted(ended, until, "right")
    begun = np.minimum(until - ended[np.maximum(last - 1, 0)], WITHIN_SECONDS)
    return np.where(last > 0, before[np.maximum(last - 1, 0)] + begun, 0.0)


def share_of(sums: Floats) -> Floats:
    """Return the coupling of sums as `Clearings.by_day` gives them, over all but the first axis.

    The share of allocations that follow a clearing, less the share of waiting that does: what it
    would be if a clearing changed nothing.
    """
    allocated, after, waited, covered = sums
    share = after / np.maximum(allocated, 1.0) - covered / np.maximum(waited, 1.0)
    return np.asarray(share, dtype=np.float64)


def predicted_share(clearings: Clearings, made: Iterable[Floats]) -> float:
    """Return the mean coupling of replications' times of allocation, shape (n,) each."""
    return float(np.mean([share_of(clearings.by_day(one).sum(axis=1)) for one in made]))


def coupling(
    clearings: Clearings, observed: Floats, made: Floats, rng: np.random.Generator
) -> Coupling | None:
    """Hold the predicted coupling against the log's.

    Parameters
    ----------
    clearings
        The jobs.
    observed
        Seconds of allocation in the log, shape (n,), NaN where unknown.
    made
        Predicted ones, shape (replications, n).
    rng
        Draws days anew.

    Returns
    -------
    Coupling or None
        None with fewer than a hundred allocations after five minutes.
    """
    by_day = clearings.by_day(observed)
    if by_day[0].sum() < FEWEST:
        return None
    size = clearings.days
    weights = rng.multinomial(size, np.full(size, 1 / size), size=_DRAWS)
    low, high = np.quantile(share_of(by_day @ weights.T), [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    predicted = predicted_share(clearings, made)
    own = float(share_of(by_day.sum(axis=1)))
    return Coupling(*(round(float(one), 3) for one in (own, low, high, predicted)))
