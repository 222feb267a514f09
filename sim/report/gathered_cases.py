"""The cases of one scenario's replications side by side, ready to be cut."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.measures import CaseCount, Cut, Ending, Episodes, Replication, Span
from sim.measures.episode import merged_episodes, split_spans
from sim.measures.replication import Ints
from sim.statistics import GROUPS, SecondsHistogram, group_of


def episodes_of(replications: Sequence[Replication]) -> list[Episodes]:
    """The tallies of cases, by replication; none where any has none."""
    found = [one.episodes for one in replications if one.episodes is not None]
    return found if len(found) == len(replications) else []


class GatheredCases:
    """Tallies by replication, and spans by group of replications.

    Parameters
    ----------
    replications
        Of one scenario that follows its cases, in the order of their numbers.
    """

    def __init__(self, replications: Sequence[Replication]) -> None:
        self.labels = replications[0].labels
        self.weeks = replications[0].window_seconds / (7 * 86_400)
        self.episodes = episodes_of(replications)
        self.size = len(self.episodes)
        self._codes: Ints = np.unique(np.concatenate([one.codes for one in self.episodes]))
        self._counts = np.zeros((self.size, self._codes.size, len(CaseCount)), dtype=np.int64)
        members: list[list[Episodes]] = [[] for _ in range(min(GROUPS, self.size))]
        self._spans = []
        for number, one in enumerate(self.episodes):
            self._counts[number, np.searchsorted(self._codes, one.codes)] = one.counts
            members[group_of(number)].append(one)
            self._spans.append(self._split(one))
        self._groups = [self._split(merged_episodes(group)) for group in members]

    def sums(self, cut: Cut) -> Ints:
        """Sums over a cut: shape (replications, columns of `CaseCount`)."""
        total: Ints = self._counts[:, self._inside(cut)].sum(axis=1)
        return total

    def spans(self, cut: Cut, span: Span) -> list[SecondsHistogram]:
        """Spans of a kind, however they ended: one for each group."""
        inside = self._inside(cut)
        result = []
        for places, kinds, _, seconds, counts in self._groups:
            rows = inside[places] & (kinds == span)
            result.append(SecondsHistogram(np.repeat(seconds[rows], counts[rows])))
        return result

    def span_sums(self, cut: Cut, span: Span) -> tuple[Ints, Ints, Ints]:
        """Seconds, spans, and spans that were not cut, by replication: shape (replications,)."""
        inside = self._inside(cut)
        sums = np.zeros((3, self.size), dtype=np.int64)
        for number, (places, kinds, endings, seconds, counts) in enumerate(self._spans):
            rows = inside[places] & (kinds == span)
            sums[0, number] = seconds[rows] @ counts[rows]
            sums[1, number] = counts[rows].sum()
            sums[2, number] = counts[rows & (endings != Ending.CUT)].sum()
        return sums[0], sums[1], sums[2]

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

    def stacked(self, name: str) -> NDArray[np.float64]:
        """One of the tallies' arrays, replications first."""
        return np.stack([getattr(one, name) for one in self.episodes]).astype(np.float64)

    def _split(self, one: Episodes | None) -> tuple[Ints, Ints, Ints, Ints, Ints]:
        if one is None:
            raise ValueError("there is no replication to report")
        codes, kinds, endings, seconds = split_spans(one.span_keys)
        return np.searchsorted(self._codes, codes), kinds, endings, seconds, one.span_counts

    def _inside(self, cut: Cut) -> NDArray[np.bool_]:
        return self.labels.mask(self._codes, cut)
