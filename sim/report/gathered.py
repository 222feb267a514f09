"""The replications of one scenario side by side, ready to be cut."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.measures import Count, Cut, Fate, Replication, merged
from sim.measures.replication import Ints, split_delays
from sim.statistics import GROUPS, SecondsHistogram, group_of


class Gathered:
    """Tallies by replication, and delays by group of replications.

    Parameters
    ----------
    replications
        Of one scenario, in the order of their numbers.

    Raises
    ------
    ValueError
        If there is none, or they are not of one scenario and one window.
    """

    def __init__(self, replications: Sequence[Replication]) -> None:
        if not replications:
            raise ValueError("there is no replication to report")
        self.replications = replications
        self.labels = replications[0].labels
        self.window_seconds = replications[0].window_seconds
        self.size = len(replications)
        self._codes: Ints = np.unique(np.concatenate([one.codes for one in replications]))
        self._counts = np.zeros((self.size, self._codes.size, len(Count)), dtype=np.int64)
        members: list[list[Replication]] = [[] for _ in range(min(GROUPS, self.size))]
        for number, one in enumerate(replications):
            self._counts[number, np.searchsorted(self._codes, one.codes)] = one.counts
            members[group_of(number)].append(one)
        self._groups = []
        for group in members:
            together = merged(group)
            codes, fates, seconds = split_delays(together.delay_keys)
            places = np.searchsorted(self._codes, codes)
            self._groups.append((places, fates, seconds, together.delay_counts))

    def sums(self, cut: Cut) -> Ints:
        """Sums over a cut: shape (replications, columns of `Count`)."""
        inside = self.labels.mask(self._codes, cut)
        total: Ints = self._counts[:, inside].sum(axis=1)
        return total

    def delays(self, cut: Cut) -> list[SecondsHistogram]:
        """Time unattended of a cut, whatever ended it: one for each group."""
        inside = self.labels.mask(self._codes, cut)
        result = []
        for places, _, seconds, counts in self._groups:
            rows = inside[places]
            result.append(SecondsHistogram(np.repeat(seconds[rows], counts[rows])))
        return result

    def until(self, cut: Cut, fate: Fate, seconds: Ints) -> Ints:
        """Incidents that met a fate within so many seconds: shape (groups, seconds)."""
        inside = self.labels.mask(self._codes, cut)
        result = np.zeros((len(self._groups), seconds.size), dtype=np.int64)
        for group, (places, fates, delays, counts) in enumerate(self._groups):
            rows = inside[places] & (fates == fate)
            order = np.argsort(delays[rows], kind="stable")
            passed = np.concatenate([[0], np.cumsum(counts[rows][order])])
            result[group] = passed[np.searchsorted(delays[rows][order], seconds, side="right")]
        return result

    def grouped(self, column: Ints) -> Ints:
        """A column by replication added up by group: shape (groups,)."""
        numbers = [group_of(number) for number in range(self.size)]
        result = np.zeros(len(self._groups), dtype=np.int64)
        np.add.at(result, numbers, column)
        return result

    def stacked(self, arrays: Sequence[Ints]) -> NDArray[np.float64]:
        """One array of each replication, as floats: shape (replications, ...)."""
        return np.stack(arrays).astype(np.float64)
