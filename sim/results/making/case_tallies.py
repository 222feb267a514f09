"""Tallies of cases: the replications of one scenario side by side, ready to be cut."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.measures import CaseCount, Cut, Ending, Episodes, Replication, Span
from sim.measures.arrays import tallied
from sim.measures.episode import split_spans
from sim.measures.replication import Ints
from sim.results.making.stacked import Stacked, narrowed
from sim.statistics import GROUPS, SecondsHistogram, group_of


def follows_cases(replications: Sequence[Replication]) -> bool:
    """Whether a scenario, and so each of its replications, has tallies of cases."""
    return replications[0].episodes is not None


_STACKED: Final = ("work", "owned", "unworked", "interviewed_by", "census", "midnights")


class CaseTallies:
    """Tallies by replication, and spans by group of replications.

    Parameters
    ----------
    replications
        Of one scenario that follows its cases, in the order of their numbers.
    """

    def __init__(self, replications: Sequence[Replication]) -> None:
        self.labels = replications[0].labels
        self.weeks = replications[0].window_seconds / (7 * 86_400)
        self.size = len(replications)
        groups = min(GROUPS, self.size)
        cells: list[tuple[Ints, Ints]] = []
        spans: list[list[tuple[Ints, Ints]]] = [[] for _ in range(groups)]
        sums: list[tuple[Ints, Ints]] = []
        stacks = {name: Stacked(self.size) for name in _STACKED}
        for number, replication in enumerate(replications):
            one = replication.episodes
            if one is None:
                raise ValueError("a replication has no tallies of cases")
            cells.append((one.codes, narrowed(one.counts)))
            spans[group_of(number)].append((one.span_keys, one.span_counts))
            sums.append(_summed(one))
            for name, stack in stacks.items():
                stack.add(getattr(one, name))
        self._stacked = {name: stack.whole for name, stack in stacks.items()}
        self._codes: Ints = np.unique(np.concatenate([codes for codes, _ in cells]))
        largest = max((counts.dtype for _, counts in cells), key=lambda kind: kind.itemsize)
        self._counts = np.zeros((self.size, self._codes.size, len(CaseCount)), dtype=largest)
        self._sums = np.zeros((self.size, self._codes.size, len(Span), 3), dtype=np.int64)
        for number, ((codes, counts), (of, summed)) in enumerate(zip(cells, sums, strict=True)):
            self._counts[number, np.searchsorted(self._codes, codes)] = counts
            self._sums[number, np.searchsorted(self._codes, of)] = summed
        self._groups = []
        for parts in spans:
            keys, counts = (np.concatenate(columns) for columns in zip(*parts, strict=True))
            keys, counts = tallied(keys, counts)
            codes, kinds, endings, seconds = split_spans(keys)
            places = np.searchsorted(self._codes, codes)
            self._groups.append((places, kinds, endings, seconds, counts))

    def sums(self, cut: Cut) -> Ints:
        """Sums over a cut: shape (replications, columns of `CaseCount`)."""
        total: Ints = self._counts[:, self._inside(cut)].sum(axis=1, dtype=np.int64)
        return total

    def spans(self, cut: Cut, span: Span, *, cut_off: bool | None = None) -> list[SecondsHistogram]:
        """Spans of a kind, however they ended unless told: one for each group."""
        inside = self._inside(cut)
        result = []
        for places, kinds, endings, seconds, counts in self._groups:
            rows = inside[places] & (kinds == span)
            if cut_off is not None:
                rows &= (endings == Ending.CUT) == cut_off
            result.append(SecondsHistogram(np.repeat(seconds[rows], counts[rows])))
        return result

    def span_sums(self, cut: Cut, span: Span) -> tuple[Ints, Ints, Ints]:
        """Seconds, spans, and spans that were not cut, by replication: shape (replications,)."""
        sums = self._sums[:, self._inside(cut), span].sum(axis=1)
        return sums[:, 0], sums[:, 1], sums[:, 2]

    def until(self, cut: Cut, span: Span, ending: Ending, seconds: Ints) -> tuple[Ints, Ints]:
        """Spans that ended so within so many seconds, shape (groups, seconds); and all of them."""
        inside = self._inside(cut)
        result = np.zeros((len(self._groups), seconds.size), dtype=np.int64)
        total = np.zeros(len(self._groups), dtype=np.int64)
        for group, (places, kinds, endings, lengths, counts) in enumerate(self._groups):
            mine = inside[places] & (kinds == span)
            total[group] = counts[mine].sum()
            rows = mine & (endings == ending)
            order = np.argsort(lengths[rows], kind="stable")
            passed = np.concatenate([[0], np.cumsum(counts[rows][order])])
            result[group] = passed[np.searchsorted(lengths[rows][order], seconds, side="right")]
        return result, total

    def first_cut(self, cut: Cut, span: Span) -> int | None:
        """Seconds of the shortest span that was cut; None: none was. Until then all are known."""
        inside = self._inside(cut)
        found = [
            int(lengths[rows].min())
            for places, kinds, endings, lengths, _ in self._groups
            if (rows := inside[places] & (kinds == span) & (endings == Ending.CUT)).any()
        ]
        return min(found, default=None)

    def stacked(self, name: str) -> NDArray[np.float64]:
        """One of the tallies' arrays, replications first."""
        return self._stacked[name].astype(np.float64)

    def _inside(self, cut: Cut) -> NDArray[np.bool_]:
        return self.labels.mask(self._codes, cut)


def _summed(one: Episodes) -> tuple[Ints, Ints]:
    """Codes of cells; and by cell and span its seconds, spans, and spans that were not cut."""
    codes, kinds, endings, seconds = split_spans(one.span_keys)
    cells, place = np.unique(codes, return_inverse=True)
    sums = np.zeros((cells.size, len(Span), 3), dtype=np.int64)
    counts = one.span_counts
    for column, values in enumerate((seconds * counts, counts, counts * (endings != Ending.CUT))):
        np.add.at(sums[:, :, column], (place, kinds), values)
    return cells, sums
