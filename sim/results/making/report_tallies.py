"""Tallies of reports: the replications of one scenario side by side, ready to be cut."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.measures import Count, Cut, Fate, Replication
from sim.measures.replication import Ints, split_delays
from sim.results.making.grouped_times import GroupedTimes, groups_among, tallied_groups
from sim.results.making.stacked import Stacked, narrowed
from sim.statistics import PooledTimes, group_of


class ReportTallies:
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
        first = replications[0]
        self.labels = first.labels
        self.window_seconds = first.window_seconds
        self.size = len(replications)
        # One at a time, since each may be unpacked for it.
        self._groups = groups_among(self.size)
        cells: list[tuple[Ints, Ints]] = []
        delays: list[tuple[Ints, Ints]] = []
        heat: dict[int | None, tuple[Stacked, Stacked]] = {
            stream: (Stacked(self.size), Stacked(self.size))
            for stream in (None, *np.flatnonzero(self.labels.missing).tolist())
        }
        for one in replications:
            if (one.labels, one.window_seconds) != (self.labels, self.window_seconds):
                raise ValueError("replications of one scenario and one window can be gathered")
            cells.append((one.codes, narrowed(one.counts)))
            delays.append((one.delay_keys, one.delay_counts))
            for stream, stacks in heat.items():
                for stack, array in zip(stacks, (one.heat_cases, one.heat_missed), strict=True):
                    stack.add(array.sum(axis=0) if stream is None else array[stream])
        self._heat = {
            stream: (cases.whole, missed.whole) for stream, (cases, missed) in heat.items()
        }
        self._codes: Ints = np.unique(np.concatenate([codes for codes, _ in cells]))
        largest = max((counts.dtype for _, counts in cells), key=lambda kind: kind.itemsize)
        self._counts = np.zeros((self.size, self._codes.size, len(Count)), dtype=largest)
        for number, (codes, counts) in enumerate(cells):
            self._counts[number, np.searchsorted(self._codes, codes)] = counts
        keys, counts, group = tallied_groups(delays)
        codes, fates, seconds = split_delays(keys)
        places = np.searchsorted(self._codes, codes)
        self._delays = GroupedTimes(self._groups, places, fates, seconds, counts, group)

    def heat(self, cut: Cut) -> tuple[Ints, Ints]:
        """Targeted incidents by hour of the week of the report, and those not within target.

        Parameters
        ----------
        cut
            Of a stream of missing children or of all streams, and of a grade or of all.

        Returns
        -------
        tuple of ndarray
            Shape (replications, 168) each.
        """
        stream = None if cut.stream is None else self.labels.streams.index(cut.stream)
        grades = slice(None) if cut.grade is None else slice(cut.grade - 1, cut.grade)
        cases, missed = (
            array[:, grades].sum(axis=1, dtype=np.int64) for array in self._heat[stream]
        )
        return cases, missed

    def sums(self, cut: Cut) -> Ints:
        """Sums over a cut: shape (replications, columns of `Count`)."""
        inside = self.labels.mask(self._codes, cut)
        total: Ints = self._counts[:, inside].sum(axis=1, dtype=np.int64)
        return total

    def delays(self, cut: Cut) -> PooledTimes:
        """Time unattended of a cut, whatever ended it; a group of replications is a unit."""
        inside = self.labels.mask(self._codes, cut)
        return self._delays.pooled(inside[self._delays.places])

    def until(self, cut: Cut, fate: Fate, seconds: Ints) -> Ints:
        """Incidents that met a fate within so many seconds: shape (groups, seconds)."""
        of, inside = self._delays, self.labels.mask(self._codes, cut)
        return of.until(inside[of.places] & (of.endings == fate), seconds)

    def grouped(self, column: Ints) -> Ints:
        """A column by replication added up by group: shape (groups,)."""
        numbers = [group_of(number) for number in range(self.size)]
        result = np.zeros(self._groups, dtype=np.int64)
        np.add.at(result, numbers, column)
        return result
