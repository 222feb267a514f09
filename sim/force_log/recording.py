"""Steps in weekly volumes, which are changes of recording more often than of the world."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from sim.force_log.faults import LogFault

_SIDE: Final = 4
_LEAST_SIDE: Final = 3
_LEAST_RATIO: Final = 1.25
_LEAST_WEEKLY: Final = 20.0
_SIGMAS: Final = 5.0

Counts = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Step:
    """A step: the first week after it, and mean weekly volumes on both sides."""

    week: date
    before: float
    after: float


def weekly(moments: pl.Series) -> pl.DataFrame:
    """Return ``week`` (its Monday, local) and ``cases`` of the whole weeks of a log.

    The first and last week are left out where the log does not cover all of their days.
    """
    days = moments.drop_nulls().dt.date()
    if days.is_empty():
        return pl.DataFrame(schema={"week": pl.Date, "cases": pl.Int64})
    first, last = days.min(), days.max()
    assert isinstance(first, date)
    assert isinstance(last, date)
    counts = (
        pl.DataFrame({"week": days.dt.truncate("1w")})
        .group_by("week")
        .agg(cases=pl.len().cast(pl.Int64))
        .sort("week")
        .upsample("week", every="1w")
        .with_columns(pl.col("cases").fill_null(0))
    )
    whole = (pl.col("week") >= first) & (pl.col("week").dt.offset_by("6d") <= last)
    return counts.filter(whole)


def steps(weeks: pl.DataFrame) -> list[Step]:
    """Find the weeks at which the volume steps.

    A week starts a step where the four weeks on either side (three near an end) do not overlap,
    their medians differ by a quarter or more and by five standard deviations of the usual change
    from week to week, and at least half of the difference happens in that one week. A season
    rises over many weeks and is none.

    Parameters
    ----------
    weeks
        As `weekly` returns them.
    """
    counts = weeks["cases"].to_numpy().astype(np.float64)
    found: list[Step] = []
    place = _LEAST_SIDE
    noise = _noise(counts)
    while place <= len(counts) - _LEAST_SIDE:
        near = range(place, min(place + _SIDE, len(counts) - _LEAST_SIDE + 1))
        sizes = [_size(counts, here, noise) for here in near]
        if sizes[0] > 0 and sizes[0] == max(sizes):
            before, after = _sides(counts, place)
            week = weeks["week"][place]
            assert isinstance(week, date)
            found.append(Step(week, float(before.mean()), float(after.mean())))
            place += _LEAST_SIDE
        else:
            place += 1
    return found


def recording_changes(frame: pl.DataFrame) -> Iterator[LogFault]:
    """Report the steps of all work, and of each grade and of officer-initiated work by itself."""
    public = frame.filter(~pl.col("officer_initiated"))
    parts = [("all work from the public", public)]
    parts += [
        (f"grade {grade}", public.filter(pl.col("grade") == grade))
        for grade in sorted(public["grade"].drop_nulls().unique())
    ]
    parts.append(("officer-initiated work", frame.filter(pl.col("officer_initiated"))))
    for name, part in parts:
        for step in steps(weekly(part["received"])):
            ratio = step.after / max(step.before, 1.0)
            yield LogFault(
                "recording_change",
                f"the weekly volume steps to {ratio:.2f} times what it was",
                f"{name}, from the week of {step.week.isoformat()}",
                round(step.after),
                round(step.before),
                "kept; rates want weeks of one recording only (first_day, last_day in [file])",
            )


def _sides(counts: Counts, place: int) -> tuple[Counts, Counts]:
    return counts[max(0, place - _SIDE) : place], counts[place : place + _SIDE]


def _noise(counts: Counts) -> float:
    """Standard deviation of a week's volume, from the usual change between adjacent weeks."""
    if len(counts) < 2:
        return 0.0
    changes = np.abs(np.diff(counts))
    robust = float(np.median(changes)) / (0.6745 * math.sqrt(2))
    return max(robust, math.sqrt(float(np.median(counts))))


def _size(counts: Counts, place: int, noise: float) -> float:
    before, after = _sides(counts, place)
    low, high = sorted((float(np.median(before)), float(np.median(after))))
    difference = high - low
    jump = float(abs(counts[place] - counts[place - 1]))
    apart = before.max() < after.min() or after.max() < before.min()
    if not apart or high < _LEAST_WEEKLY or high < _LEAST_RATIO * max(low, 1.0):
        return 0.0
    # The spread of a difference of two medians of four, if weeks were independent.
    spread = noise * 1.2533 * math.sqrt(1 / len(before) + 1 / len(after))
    large = jump >= difference / 2 and difference >= _SIGMAS * spread
    return difference if large else 0.0
