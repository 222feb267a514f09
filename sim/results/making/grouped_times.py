"""Times of many replications by group, in order once for all that is asked of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.measures.arrays import tallied
from sim.measures.replication import Ints
from sim.statistics import GROUPS, PooledTimes, group_of

Flags = NDArray[np.bool_]


def groups_among(replications: int) -> int:
    """Return how many groups there are of so many replications."""
    return min(GROUPS, replications)


def tallied_groups(tallies: Sequence[tuple[Ints, Ints]]) -> tuple[Ints, Ints, Ints]:
    """Return distinct keys, how often each occurs, and its group, one group after another.

    Parameters
    ----------
    tallies
        Keys and counts of each replication, in the order of their numbers.
    """
    groups: list[list[tuple[Ints, Ints]]] = [[] for _ in range(groups_among(len(tallies)))]
    for number, one in enumerate(tallies):
        groups[group_of(number)].append(one)
    keys, counts, group = [], [], []
    for number, parts in enumerate(groups):
        own, of_own = tallied(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
        keys.append(own)
        counts.append(of_own)
        group.append(np.full(own.size, number, dtype=np.int64))
    return np.concatenate(keys), np.concatenate(counts), np.concatenate(group)


class GroupedTimes:
    """Times with the cell, the end and the group of each, ascending by (seconds, group).

    Parameters
    ----------
    groups
        How many groups there are.
    places, endings, seconds, counts, group
        Shape (n,); in any order, but by group.

    Attributes
    ----------
    places, endings, seconds
        Of each time, in order.
    """

    def __init__(
        self,
        groups: int,
        places: Ints,
        endings: Ints,
        seconds: Ints,
        counts: Ints,
        group: Ints,
    ) -> None:
        order = np.argsort(seconds, kind="stable")
        self.places, self.endings, self.seconds = places[order], endings[order], seconds[order]
        self._counts, self._group, self._groups = counts[order], group[order], groups

    def pooled(self, rows: Flags) -> PooledTimes:
        """Return some of them, each group being a unit."""
        return PooledTimes.of(
            self.seconds[rows], self._counts[rows], self._group[rows], self._groups
        )

    def until(self, rows: Flags, seconds: Ints) -> Ints:
        """Count some of them that do not exceed so many seconds, shape (groups, seconds)."""
        width = seconds.size + 1
        cells = self._group[rows] * width + np.searchsorted(seconds, self.seconds[rows])
        found = self._summed(cells, rows, self._groups * width).reshape(self._groups, width)
        return found.cumsum(axis=1)[:, :-1]

    def totals(self, rows: Flags) -> Ints:
        """Count some of them, shape (groups,)."""
        return self._summed(self._group[rows], rows, self._groups)

    def _summed(self, cells: Ints, rows: Flags, size: int) -> Ints:
        sums = np.bincount(cells, weights=self._counts[rows], minlength=size)
        return sums.astype(np.int64)
