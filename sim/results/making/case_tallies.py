"""Tallies of cases: the replications of one scenario side by side, ready to be cut."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.measures import CaseCount, Cut, Ending, Episodes, Replication, Span
from sim.measures.episode import split_spans
from sim.measures.replication import Ints
from sim.results.making.grouped_times import GroupedTimes, groups_among, tallied_groups
from sim.results.making.stacked import Stacked, narrowed
from sim.statistics import PooledTimes


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
        cells: list[tuple[Ints, Ints]] = []
        spans: list[tuple[Ints, Ints]] = []
        sums: list[tuple[Ints, Ints]] = []
        stacks = {name: Stacked(self.size) for name in _STACKED}
        for replication in replications:
            one = replication.episodes
            if one is None:
                raise ValueError("a replication has no tallies of cases")
            cells.append((one.codes, narrowed(one.counts)))
            spans.append((one.span_keys, one.span_counts))
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
        self._spans = _by_kind(self._codes, spans)

    def sums(self, cut: Cut) -> Ints:
        """Sums over a cut: shape (replications, columns of `CaseCount`)."""
        total: Ints = self._counts[:, self._inside(cut)].sum(axis=1, dtype=np.int64)
        return total

    def spans(self, cut: Cut, span: Span, *, cut_off: bool | None = None) -> PooledTimes:
        """Spans of a kind, however they ended unless told; a group of replications is a unit."""
        of = self._spans[span]
        rows = self._inside(cut)[of.places]
        if cut_off is not None:
            rows &= (of.endings == Ending.CUT) == cut_off
        return of.pooled(rows)

    def span_sums(self, cut: Cut, span: Span) -> tuple[Ints, Ints, Ints]:
        """Seconds, spans, and spans that were not cut, by replication: shape (replications,)."""
        sums = self._sums[:, self._inside(cut), span].sum(axis=1)
        return sums[:, 0], sums[:, 1], sums[:, 2]

    def until(self, cut: Cut, span: Span, ending: Ending, seconds: Ints) -> tuple[Ints, Ints]:
        """Spans that ended so within so many seconds, shape (groups, seconds); and all of them."""
        of = self._spans[span]
        mine = self._inside(cut)[of.places]
        return of.until(mine & (of.endings == ending), seconds), of.totals(mine)

    def first_cut(self, cut: Cut, span: Span) -> int | None:
        """Seconds of the shortest span that was cut; None: none was. Until then all are known."""
        of = self._spans[span]
        rows = self._inside(cut)[of.places] & (of.endings == Ending.CUT)
        return int(of.seconds[rows].min()) if rows.any() else None

    def stacked(self, name: str) -> NDArray[np.float64]:
        """One of the tallies' arrays, replications first."""
        return self._stacked[name].astype(np.float64)

    def _inside(self, cut: Cut) -> NDArray[np.bool_]:
        return self.labels.mask(self._codes, cut)


def _by_kind(cells: Ints, spans: Sequence[tuple[Ints, Ints]]) -> dict[Span, GroupedTimes]:
    """Put spans, keys and counts by replication, in order by kind."""
    keys, counts, group = tallied_groups(spans)
    codes, kinds, *rest = split_spans(keys)
    columns = (np.searchsorted(cells, codes), *rest, counts, group)
    return {
        span: GroupedTimes(groups_among(len(spans)), *(column[kinds == span] for column in columns))
        for span in Span
    }


def _summed(one: Episodes) -> tuple[Ints, Ints]:
    """Codes of cells; and by cell and span its seconds, spans, and spans that were not cut."""
    codes, kinds, endings, seconds = split_spans(one.span_keys)
    cells, place = np.unique(codes, return_inverse=True)
    sums = np.zeros((cells.size, len(Span), 3), dtype=np.int64)
    counts = one.span_counts
    for column, values in enumerate((seconds * counts, counts, counts * (endings != Ending.CUT))):
        np.add.at(sums[:, :, column], (place, kinds), values)
    return cells, sums
