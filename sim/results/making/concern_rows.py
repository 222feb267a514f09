"""Rows about welfare concerns: one scenario's, and the differences between two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from sim.measures import Cut, Replication
from sim.measures.concerns import Concerns, Ending, split_spans
from sim.measures.replication import Ints
from sim.results.catalogue import Measure, measures_about
from sim.results.catalogue.concerns import CONCERN_MINUTES, OF_THE_LATER
from sim.results.making.estimates import followed_estimator, ratio_changed, ratio_of
from sim.results.making.grouped_times import GroupedTimes, groups_among, tallied_groups
from sim.results.row import Row, row
from sim.statistics import (
    FollowedTimes,
    paired_ratio_difference,
    share_interval,
)
from sim.tables import MINUTE

_MEASURES = measures_about("concerns")


class _Tallies:
    """Tallies by replication, and times until seen by group of replications.

    Attributes
    ----------
    streams
        Names of those with concerns, with their places.
    """

    def __init__(self, replications: Sequence[Replication]) -> None:
        parts = [_concerns(one) for one in replications]
        keys, counts, group = tallied_groups([(one.span_keys, one.span_counts) for one in parts])
        self._counts = np.stack([one.counts for one in parts])
        self._times = GroupedTimes(groups_among(len(parts)), *split_spans(keys), counts, group)
        names = enumerate(replications[0].labels.streams)
        self.streams = [(name, place) for place, name in names if self.sums(place)[:, 0].any()]

    def sums(self, stream: int) -> Ints:
        """Shape (replications, columns of `ConcernCount`)."""
        sums: Ints = self._counts[:, stream]
        return sums

    def followed(self, stream: int, measure: Measure) -> FollowedTimes:
        """Until the child was seen, or the end of follow-up."""
        cut = self._times.endings == Ending.CUT_OFF
        mine = self._times.places == stream
        if measure.name in OF_THE_LATER:
            mine &= self._times.endings != Ending.SEEN_FIRST
        return FollowedTimes.of(self._times.pooled(mine & ~cut), self._times.pooled(mine & cut))

    def known_within(self, stream: int) -> list[int]:
        """Minutes within which it is known of every concern whether the child was seen."""
        cut = (self._times.places == stream) & (self._times.endings == Ending.CUT_OFF)
        first = self._times.seconds[cut].min(initial=np.iinfo(np.int64).max)
        return [minutes for minutes in CONCERN_MINUTES if minutes * MINUTE <= first]

    def seen_within(self, stream: int, minutes: Sequence[int]) -> tuple[Ints, Ints]:
        """Seen within so many minutes, shape (groups, minutes); and all, shape (groups,)."""
        mine = self._times.places == stream
        seconds = np.array(minutes, dtype=np.int64) * MINUTE
        seen = self._times.until(mine & (self._times.endings != Ending.CUT_OFF), seconds)
        return seen, self._times.totals(mine)


def concern_rows(replications: Sequence[Replication], level: float) -> Iterator[Row]:
    """Rows of one scenario; none where it does not follow its concerns.

    Parameters
    ----------
    replications
        In the order of their numbers.
    level
        Confidence level; each row's limits hold by themselves.
    """
    if replications[0].concerns is None:
        return
    tallies = _Tallies(replications)
    for name, stream in tallies.streams:
        cut, sums = Cut(stream=name), tallies.sums(stream)
        for measure in _MEASURES:
            for ratio in measure.sums:
                yield row(measure.name, ratio_of(measure, ratio, sums, level), cut)
            if measure.quantile is not None:
                times = tallies.followed(stream, measure)
                yield row(measure.name, followed_estimator(measure).interval(times, level), cut)
        minutes = tallies.known_within(stream)
        seen, everyone = tallies.seen_within(stream, minutes)
        for place, one in enumerate(minutes):
            interval = share_interval(seen[:, place], everyone, level)
            yield row("concern_seen_within", interval, cut, minutes=one)


def concern_differences(
    baseline: Sequence[Replication], other: Sequence[Replication], level: float
) -> Iterator[Row]:
    """Paired differences, *other* less *baseline*; none where either does not follow concerns.

    Parameters
    ----------
    baseline, other
        Replications of the same numbers, in order.
    level
        Confidence level; each row's limits hold by themselves.
    """
    if baseline[0].concerns is None or other[0].concerns is None:
        return
    sides = _Tallies(baseline), _Tallies(other)
    after = dict(sides[1].streams)
    for name, stream in sides[0].streams:
        if name not in after:
            continue
        cut, places = Cut(stream=name), (stream, after[name])
        both = sides[0].sums(stream), sides[1].sums(after[name])
        for measure in _MEASURES:
            for ratio in measure.sums:
                yield row(measure.name, ratio_changed(measure, ratio, both, level), cut)
            if measure.quantile is not None:
                times = [
                    side.followed(place, measure) for side, place in zip(sides, places, strict=True)
                ]
                interval = followed_estimator(measure).difference(times[0], times[1], level)
                yield row(measure.name, interval, cut)
        minutes = sides[0].known_within(stream)
        told = [one for one in minutes if one in sides[1].known_within(after[name])]
        (first, of), (second, among) = (
            side.seen_within(place, told) for side, place in zip(sides, places, strict=True)
        )
        for place, one in enumerate(told):
            interval = paired_ratio_difference(
                first[:, place], of, second[:, place], among, level, share=True
            )
            yield row("concern_seen_within", interval, cut, minutes=one)


def _concerns(replication: Replication) -> Concerns:
    if replication.concerns is None:
        raise ValueError("a replication has no tallies of welfare concerns")
    return replication.concerns
