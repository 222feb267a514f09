"""Deployments before and after ratification, and whether allocations bunch just after it.

Null hypothesis: ratification changes nothing for dispatchers, so that a job's hazard of being
allocated depends on its grade and on the time since grading alone, and passes smoothly through
the moment of ratification. Under it allocations in the ten minutes before and in the ten minutes
after share out as their expected numbers do, the expected number being the sum, over all waiting
jobs, of hazard times minutes waited in that window. Given their total the number after is
binomial; the statistic is the ratio of observed to expected after, over the same before, and the
probability that of as many after, or more.

A gate leaves few allocations before and many after. It is not the only thing that would: a
supervisor who ratifies when told that a crew is free makes the same pattern, as does a dispatcher
who writes up the ratification with the allocation. What is found is a bunching, not its cause.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from sim.force_log.disclosure import LEAST

WINDOW_MINUTES: Final = 10.0
"""On either side of ratification."""

FOUND_AT: Final = 0.001
"""The probability under the null below which bunching is said to be found, and then only
where the ratio's lower limit is over 1.5."""

_LEAST_RATIO: Final = 1.5
_LEAST_EVENTS: Final = 20
_EDGES: Final = (0, 1, 2, 3, 5, 7, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 480, 1440, 10_080)

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Bunching:
    """The test of one stream.

    Attributes
    ----------
    stream
        Whose allocations.
    jobs
        Ratified and allocated jobs, exact; not to be written.
    before, after
        Allocations in the window on either side, exact; not to be written.
    ratio, low, high
        Hazard after over hazard before, each relative to the smooth one; `high` None where
        nothing was allocated before.
    probability
        Under the null, of as many after or more.
    found
        Whether bunching is said to be found.
    """

    stream: str
    jobs: int
    before: int
    after: int
    ratio: float | None
    low: float | None
    high: float | None
    probability: float
    found: bool


def bunching(incidents: pl.DataFrame, stream: str, level: float) -> Bunching | None:
    """Test a stream's allocations for bunching after ratification.

    Parameters
    ----------
    incidents
        As `sim.force_log.reading.Log` holds them, without officer-initiated work.
    stream
        The stream.
    level
        Confidence level of the ratio's limits.

    Returns
    -------
    Bunching or None
        None with fewer than twenty allocations within the window on either side: too few to
        tell.
    """
    start = pl.coalesce("graded", "received")
    jobs = incidents.filter(
        (pl.col("stream") == stream)
        & pl.col("ratified").is_not_null()
        & pl.col("assigned").is_not_null()
        & pl.col("grade").is_not_null()
    ).select(
        "grade",
        wait=(pl.col("assigned") - start).dt.total_microseconds() / 60e6,
        ratified=(pl.col("ratified") - start).dt.total_microseconds() / 60e6,
    )
    jobs = jobs.filter(pl.col("wait") >= 0)
    before = after = 0
    expected = np.zeros(2)
    for part in jobs.partition_by("grade"):
        wait, ratified = part["wait"].to_numpy(), part["ratified"].to_numpy()
        since = wait - ratified
        before += int(((since >= -WINDOW_MINUTES) & (since < 0)).sum())
        after += int(((since >= 0) & (since < WINDOW_MINUTES)).sum())
        expected += _expected(wait, ratified)
    events = before + after
    if events < _LEAST_EVENTS or expected.min() <= 0:
        return None
    return _tested(stream, jobs.height, before, after, expected, level)


def _expected(wait: Floats, ratified: Floats) -> Floats:
    """Expected allocations before and after ratification under the smooth hazard; shape (2,)."""
    edges = np.asarray(_EDGES, dtype=np.float64)
    lows, highs = edges[:-1], edges[1:]
    at_risk = _overlap(np.zeros_like(wait), wait, lows, highs).sum(axis=0)
    events, _ = np.histogram(wait, bins=edges)
    hazard = np.divide(events, at_risk, out=np.zeros_like(at_risk), where=at_risk > 0)
    # A job is at risk in a window from when it waits to when it is allocated.
    first = np.maximum(ratified - WINDOW_MINUTES, 0.0)
    last = np.minimum(ratified + WINDOW_MINUTES, wait)
    middle = np.clip(ratified, 0.0, wait)
    ahead = _overlap(first, middle, lows, highs).sum(axis=0)
    behind = _overlap(np.maximum(ratified, 0.0), last, lows, highs).sum(axis=0)
    return np.array([float((hazard * ahead).sum()), float((hazard * behind).sum())])


def _overlap(start: Floats, end: Floats, lows: Floats, highs: Floats) -> Floats:
    """Minutes of [start, end) of each job within each bin; shape (jobs, bins)."""
    shared: Floats = np.minimum(end[:, None], highs) - np.maximum(start[:, None], lows)
    return shared.clip(0.0)


def _tested(
    stream: str, jobs: int, before: int, after: int, expected: Floats, level: float
) -> Bunching:
    from scipy.special import bdtrc, betaincinv

    events = before + after
    null = float(expected[1] / expected.sum())
    tail = (1 - level) / 2
    # The exact limits of a binomial share (Clopper and Pearson), put as ratios of hazards.
    low_share = float(betaincinv(after, before + 1, tail)) if after else 0.0
    high_share = float(betaincinv(after + 1, before, 1 - tail)) if before else 1.0
    probability = float(bdtrc(after - 1, events, null)) if after else 1.0
    low = _ratio(low_share, null)
    assert low is not None
    return Bunching(
        stream=stream,
        jobs=jobs,
        before=before,
        after=after,
        ratio=_ratio(after / events, null),
        low=low,
        high=_ratio(high_share, null),
        probability=min(1.0, max(0.0, probability)),
        found=probability < FOUND_AT and low > _LEAST_RATIO and after >= LEAST,
    )


def _ratio(share: float, null: float) -> float | None:
    return None if share >= 1 else share / (1 - share) * (1 - null) / null
