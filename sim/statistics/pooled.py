"""Times of several replications side by side, with the replication of each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from sim.statistics.histogram import Counts, SecondsHistogram
from sim.statistics.interval import Vector

GROUPS: Final = 30
"""Groups of replications, or as many as there are replications if fewer."""


def group_of(replication: int, groups: int = GROUPS) -> int:
    """Return the group that a replication belongs to: ``replication % groups``.

    It depends on the replication's number alone, never on who ran it or when, and does not
    change as replications are added. Below `groups` replications each is its own group.
    """
    if replication < 0 or groups < 1:
        raise ValueError("replication must not be negative, and groups at least 1")
    return replication % groups


class PooledTimes:
    """All times of some independent units, put in order once for all that is asked of them.

    A unit is a replication, or a group of replications by `group_of` where there are so many
    that their times are kept together.

    Parameters
    ----------
    units
        The times of each unit, in whole seconds; a unit may be empty.

    Attributes
    ----------
    units
        How many there are, empty ones included.
    totals
        Times in each unit, shape (units,).
    count
        Times in all.
    """

    __slots__ = ("_counts", "_passed", "_seconds", "_unit", "count", "totals", "units")

    def __init__(self, units: Sequence[SecondsHistogram]) -> None:
        nothing: Counts = np.empty(0, dtype=np.int64)
        seconds = [one.seconds for one in units]
        every = np.concatenate([nothing, *seconds])
        unit = np.repeat(np.arange(len(units)), [one.size for one in seconds])
        order = np.argsort(every, kind="stable")
        counts = np.concatenate([nothing, *(one.counts for one in units)])
        self._put(every[order], counts[order], unit[order], len(units))

    @classmethod
    def of(cls, seconds: Counts, counts: Counts, unit: Counts, units: int) -> PooledTimes:
        """Return times that are in order already.

        Parameters
        ----------
        seconds, counts, unit
            Shape (n,): times, how often each occurred, and of which unit; ascending by (seconds,
            unit). What has both alike is taken together.
        units
            How many there are.
        """
        begins = np.ones(seconds.size, dtype=np.bool_)
        begins[1:] = (seconds[1:] != seconds[:-1]) | (unit[1:] != unit[:-1])
        if not begins.all():
            firsts = np.flatnonzero(begins)
            seconds, unit = seconds[firsts], unit[firsts]
            counts = np.add.reduceat(counts, firsts)
        times = cls.__new__(cls)
        times._put(seconds, counts, unit, units)
        return times

    def _put(self, seconds: Counts, counts: Counts, unit: Counts, units: int) -> None:
        self.units = units
        self._seconds, self._counts, self._unit = seconds, counts, unit
        self._passed: Counts = np.cumsum(counts)
        self.totals: Vector = self._by_unit(unit, counts)
        self.count = int(self._passed[-1]) if self._passed.size else 0

    def by_unit(self, places: Counts, size: int) -> Vector:
        """Count the times by unit and by the place that each time has: shape (units, size).

        Parameters
        ----------
        places
            Shape (distinct,): of each of `distinct`, from 0 to under `size`.
        """
        of_times = places[np.searchsorted(self.distinct, self._seconds)]
        cells = self._unit * size + of_times
        sums = np.bincount(cells, weights=self._counts, minlength=self.units * size)
        return sums.astype(np.float64, copy=False).reshape(self.units, size)

    @property
    def distinct(self) -> Counts:
        """The times that occurred, ascending: shape (distinct,)."""
        return self._seconds[np.flatnonzero(np.diff(self._seconds, prepend=-1))]

    def ranked(self, rank: int) -> int:
        """Return the time of a rank, from 1; a rank under 1 or beyond the last is the nearest."""
        rank = min(max(rank, 1), self.count)
        return int(self._seconds[np.searchsorted(self._passed, rank)])

    def quantile(self, probability: float) -> int | None:
        """Return the quantile of all times as `SecondsHistogram.quantile` does, None without any.

        Raises
        ------
        ValueError
            If `probability` is not between 0 and 1.
        """
        if not 0 <= probability <= 1:
            raise ValueError(f"probability is {probability}; it must lie between 0 and 1")
        return self.ranked(math.ceil(probability * self.count)) if self.count else None

    def at_most(self, seconds: float) -> Vector:
        """Count the times that do not exceed `seconds`, by unit: shape (units,)."""
        end = int(np.searchsorted(self._seconds, seconds, side="right"))
        return self._by_unit(self._unit[:end], self._counts[:end])

    def excess(self, seconds: int) -> Vector:
        """Add up by how much times exceed `seconds`, by unit: shape (units,)."""
        begin = int(np.searchsorted(self._seconds, seconds, side="right"))
        beyond = (self._seconds[begin:] - seconds) * self._counts[begin:]
        return self._by_unit(self._unit[begin:], beyond)

    def _by_unit(self, unit: Counts, values: Counts) -> Vector:
        sums = np.bincount(unit, weights=values, minlength=self.units)
        return sums.astype(np.float64, copy=False)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PooledTimes):
            return NotImplemented
        return (
            self.units == other.units
            and np.array_equal(self._seconds, other._seconds)
            and np.array_equal(self._counts, other._counts)
            and np.array_equal(self._unit, other._unit)
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<{self.count} times of {self.units} units>"
