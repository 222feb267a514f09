"""Rows about children in care by who placed them: one scenario's, and differences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from sim.measures import Cut, Replication
from sim.measures.placed import PLACED_BY
from sim.measures.replication import Ints
from sim.results.catalogue import measures_about
from sim.results.making.estimates import ratio_changed, ratio_of
from sim.results.row import Row, row

_RATIOS = tuple((one, sums) for one in measures_about("placed") for sums in one.sums)


def placed_rows(replications: Sequence[Replication], level: float) -> Iterator[Row]:
    """Rows of one scenario; none where nothing differs for these children but the interview.

    Parameters
    ----------
    replications
        In the order of their numbers.
    level
        Confidence level; each row's limits hold by themselves.
    """
    sums = _sums(replications)
    for measure, ratio in _RATIOS:
        mine = sums.get(ratio.stage)
        if mine is not None and mine[:, ratio.bottom].any():
            interval = ratio_of(measure, ratio, mine, level)
            yield row(measure.name, interval, Cut(), stage=ratio.stage)


def placed_differences(
    baseline: Sequence[Replication], other: Sequence[Replication], level: float
) -> Iterator[Row]:
    """Paired differences, *other* less *baseline*; none where either tells nothing of them.

    Parameters
    ----------
    baseline, other
        Replications of the same numbers, in order.
    level
        Confidence level; each row's limits hold by themselves.
    """
    before, after = _sums(baseline), _sums(other)
    for measure, ratio in _RATIOS:
        if ratio.stage in before and ratio.stage in after:
            both = before[ratio.stage], after[ratio.stage]
            if all(side[:, ratio.bottom].any() for side in both):
                interval = ratio_changed(measure, ratio, both, level)
                yield row(measure.name, interval, Cut(), stage=ratio.stage)


def _sums(replications: Sequence[Replication]) -> dict[str | None, Ints]:
    """By who placed them: shape (replications, columns of `PlacedCount`)."""
    counts = [one.placed.counts for one in replications if one.placed is not None]
    if len(counts) < len(replications):
        return {}
    whole = np.stack(counts)
    return {whose: whole[:, place] for place, whose in enumerate(PLACED_BY)}
