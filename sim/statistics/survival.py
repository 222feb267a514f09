"""Quantiles of times that are not all seen to their end (Kaplan and Meier), with intervals.

What is still under way when the simulation ends is cut off there. Leaving it out makes times too
short, and so does counting it as ended. Here it counts as long as it was followed: the share that
ended within a time is made of the shares that ended at each moment of those still followed then.

Limits are made as those of `sim.statistics.quantiles`, from how much each unit moves that share.
Kaplan and Meier (1958), *Journal of the American Statistical Association* 53, 457-481; Reid (1981),
"Influence functions for censored data", *Annals of Statistics* 9, 78-92.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.statistics.histogram import Counts, SecondsHistogram
from sim.statistics.interval import Vector, standard_error, t_critical
from sim.statistics.pooled import PooledTimes
from sim.statistics.quantile import Found, Quantile
from sim.statistics.quantiles import LEAST_BEYOND
from sim.statistics.rare import logit_limits


class FollowedTimes:
    """Times of independent units, some of which were cut off before their end.

    Parameters
    ----------
    ended, cut
        The times of each unit, in whole seconds: of what ended, and until what had not ended was
        cut off. What is cut off in a second is taken to have been followed through it.

    Attributes
    ----------
    count
        Times in all.
    totals
        Times of each unit, shape (units,).

    Raises
    ------
    ValueError
        If the numbers of units differ.
    """

    __slots__ = ("_events", "_followed", "_passed", "_seconds", "count", "totals")

    def __init__(self, ended: Sequence[SecondsHistogram], cut: Sequence[SecondsHistogram]) -> None:
        self._put(PooledTimes(ended), PooledTimes(cut))

    @classmethod
    def of(cls, ended: PooledTimes, cut: PooledTimes) -> FollowedTimes:
        """Return the times that ended, and those that were cut off, of the same units."""
        times = cls.__new__(cls)
        times._put(ended, cut)
        return times

    def _put(self, ended: PooledTimes, cut: PooledTimes) -> None:
        if ended.units != cut.units:
            raise ValueError(f"{ended.units} units cannot have {cut.units} that were cut off")
        self._seconds: Counts = ended.distinct
        size = self._seconds.size
        self.totals: Vector = ended.totals + cut.totals
        self.count = int(self.totals.sum())
        self._events: Vector = ended.by_unit(np.arange(size), size)
        self._followed: Vector = np.zeros((ended.units, size))
        for part in (ended, cut):
            # Up to the last of the seconds that it does not exceed.
            until = np.searchsorted(self._seconds, part.distinct, side="right")
            left = part.by_unit(until, size + 1)[:, ::-1]
            self._followed += np.cumsum(left, axis=1)[:, ::-1][:, 1:]
        # With whole numbers nobody's share of the events is off by more than the last bit.
        rate = self._events.sum(axis=0) / np.maximum(self._followed.sum(axis=0), 1.0)
        self._passed: Vector = 1 - np.cumprod(1 - rate)

    @property
    def units(self) -> int:
        """How many there are, those without a time included."""
        return self.totals.size

    def place(self, share: float) -> int | None:
        """Return the place of the least time within which such a share ended; None: none did."""
        place = int(np.searchsorted(self._passed, share - 1e-12))
        return place if place < self._passed.size else None

    def place_under(self, share: float) -> int:
        """Return the place of the last time within which at most such a share ended, or 0."""
        return max(0, int(np.searchsorted(self._passed, share + 1e-12, side="right")) - 1)

    def time(self, place: int) -> int:
        """Return the time of a place."""
        return int(self._seconds[place])

    def followed(self, place: int) -> int:
        """Count those that were followed until then, and had not ended before."""
        return int(self._followed[:, place].sum())

    def moves(self, place: int) -> Vector:
        """Return by how much each unit moves the share that ended by then: shape (units,)."""
        until = slice(0, place + 1)
        events, followed = self._events[:, until], self._followed[:, until]
        every, at_risk = events.sum(axis=0), followed.sum(axis=0)
        # Where all that were followed end together, nobody is left to be moved.
        left = np.maximum((at_risk - every) * at_risk, 1.0)
        survived = 1 - self._passed[place]
        moved: Vector = survived * ((events * at_risk - followed * every) / left).sum(axis=1)
        return moved

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, FollowedTimes):
            return NotImplemented
        return (
            np.array_equal(self._seconds, other._seconds)
            and np.array_equal(self._events, other._events)
            and np.array_equal(self._followed, other._followed)
        )

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class FollowedQuantile(Quantile[FollowedTimes]):
    """The time within which a share `probability` of all ends, sooner or later."""

    def found(self, times: FollowedTimes, level: float, comparisons: int) -> Found | None:
        """Read it off at least one time.

        Withheld where under `LEAST_BEYOND` times were followed beyond it or had ended by then, or
        where one of its limits lies beyond what was followed.
        """
        place = times.place(self.probability)
        if place is None or times.followed(place) < LEAST_BEYOND:
            return None
        if min(self.probability, 1 - self.probability) * times.count < LEAST_BEYOND:
            return None
        moves = times.moves(place)
        active = moves[times.totals > 0]
        if active.size < 2:
            return Found(times.time(place), None, moves)
        critical = t_critical(level, active.size - 1, comparisons)
        low, high = logit_limits(self.probability, critical * standard_error(active))
        upper = times.place(high)
        if upper is None:
            return None
        limits = times.time(min(place, times.place_under(low))), times.time(upper)
        return Found(times.time(place), limits, moves)
