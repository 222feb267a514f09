"""Half hours of the clock at which waiting jobs are hardly ever allocated.

Where one shift goes home and the next is briefed, waiting jobs stand still, and no number of
crews explains that. Of each half hour of the clock the rate of allocation, for each hour that a
job waits, is held against that of the hour before and of the hour after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from sim.force_log.disclosure import LEAST
from sim.force_log.extra_wait import Floats

QUARTERS: Final = 96
FOUND_AT: Final = 1e-3
"""Of all half hours of a log together, under this probability if nothing were there."""
RATIO: Final = 0.75
"""A weaker lull is not told: it would change nobody's plan."""

_BREADTH: Final = 2
LULL_MINUTES: Final = 15 * _BREADTH

_SECONDS: Final = 900
_AROUND: Final = 4
_WAITED_SECONDS: Final = 300


@dataclass(frozen=True, slots=True)
class Lull:
    """A half hour of the clock at which waiting jobs stand still.

    Attributes
    ----------
    minute
        Of the day at which it begins.
    ratio
        Its rate of allocation over that of the hour before or after it, whichever is nearer.
    jobs
        That waited in it, over all days; exact, not to be written.
    """

    minute: int
    ratio: float
    jobs: int


def lulls(delays: pl.DataFrame) -> list[Lull]:
    """Find them.

    Parameters
    ----------
    delays
        As `sim.force_log.delays.with_delays` returns it: graded, assigned. Jobs allocated within
        five minutes are left out: for these a crew was free.

    Notes
    -----
    Given how long jobs waited, allocations of a half hour are binomial of those in it and in the
    hour beside it; the larger probability of the two sides is multiplied by the number of half
    hours looked at.
    """
    from scipy.stats import binom

    start, end = _seconds(delays)
    waited, allocated, jobs = _by_quarter(start, end)
    found = []
    for first in range(QUARTERS):
        own = np.arange(first, first + _BREADTH) % QUARTERS
        here, inside = int(allocated[own].sum()), waited[own].sum()
        if inside <= 0:
            continue
        sides = []
        for beside in (
            np.arange(first - _AROUND, first),
            np.arange(first + _BREADTH, first + _BREADTH + _AROUND),
        ):
            there, outside = (
                int(allocated[beside % QUARTERS].sum()),
                waited[beside % QUARTERS].sum(),
            )
            if outside <= 0 or there < LEAST:
                break
            chance = float(binom.cdf(here, here + there, inside / (inside + outside)))
            sides.append((chance * QUARTERS, (here / inside) / (there / outside)))
        # A step down at a change of shift is slow on one side only, and no lull.
        if len(sides) == len(("before", "after")):
            chance, ratio = max(one[0] for one in sides), max(one[1] for one in sides)
            if chance < FOUND_AT and ratio <= RATIO:
                found.append(Lull(first * 15, ratio, int(jobs[own].sum())))
    return _deepest(found)


def _deepest(found: list[Lull]) -> list[Lull]:
    """Of half hours that overlap or adjoin, the one with the lowest rate."""
    kept: list[Lull] = []
    for one in sorted(found, key=lambda lull: lull.ratio):
        if all(_apart(one, other) > 15 * _BREADTH for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda lull: lull.minute)


def _apart(one: Lull, other: Lull) -> int:
    apart = abs(one.minute - other.minute)
    return min(apart, 24 * 60 - apart)


def _seconds(delays: pl.DataFrame) -> tuple[Floats, Floats]:
    """Seconds of local day at which jobs began to wait and were allocated, shape (n,)."""
    graded = pl.coalesce("graded", "received")
    waits = (
        delays.select(
            begins=graded.dt.hour().cast(pl.Int64) * 3600
            + graded.dt.minute().cast(pl.Int64) * 60
            + graded.dt.second(),
            lasts=(pl.col("assigned") - graded).dt.total_seconds(),
        )
        .drop_nulls()
        .filter(pl.col("lasts") > _WAITED_SECONDS)
    )
    begins = waits["begins"].to_numpy().astype(np.float64)
    return begins, begins + waits["lasts"].to_numpy()


def _by_quarter(start: Floats, end: Floats) -> tuple[Floats, Floats, Floats]:
    """Seconds waited, allocations, and jobs that waited, by quarter of an hour of the clock."""
    # The first five minutes are not waited for anybody here: by choice all last longer.
    start = start + _WAITED_SECONDS
    waited, jobs = np.zeros(QUARTERS), np.zeros(QUARTERS)
    if not len(start):
        return waited, np.zeros(QUARTERS), jobs
    for quarter in range(int(start.min()) // _SECONDS, int(end.max()) // _SECONDS + 1):
        overlap = np.minimum(end, (quarter + 1) * _SECONDS) - np.maximum(start, quarter * _SECONDS)
        waited[quarter % QUARTERS] += np.maximum(overlap, 0).sum()
        jobs[quarter % QUARTERS] += (overlap > 0).sum()
    places = (end // _SECONDS).astype(np.int64) % QUARTERS
    return waited, np.bincount(places, minlength=QUARTERS).astype(np.float64), jobs
