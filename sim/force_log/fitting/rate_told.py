"""What a dispatcher's rate comes to: by the clock, with crews busy, and when one has cleared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from sim.force_log.disclosure import LEAST, rounded
from sim.force_log.fitting.job_minutes import LONGEST, QUARTER
from sim.force_log.fitting.rate import Rate
from sim.scenario.policies import QUARTERS

Floats: TypeAlias = npt.NDArray[np.float64]

_QUIET: Final = 0.6
"""Of the day's usual rate; under it a span of the clock is a lull."""
_MOST_LULLS: Final = 3
_STEP: Final = 1 / 6


@dataclass(frozen=True, slots=True)
class Lull:
    """A span of the clock in which few waiting jobs are let go.

    Attributes
    ----------
    begins, ends
        Minutes of the day; it ends on the next day where it ends before it begins.
    share
        Of the day's usual rate (its geometric mean) at the slowest quarter of an hour.
    slowest
        The minute of the day at which that quarter begins.
    """

    begins: int
    ends: int
    share: float
    slowest: int


@dataclass(frozen=True, slots=True)
class GradeRate:
    """What is left of a grade's rate, and how long half of its jobs then wait.

    Attributes
    ----------
    grade
        The grade.
    all_busy
        Share of the rate that is left when all of the area's crews are busy.
    one_ahead
        Share that is left with one job ahead.
    half_free, half_busy
        Minutes within which half of the jobs are let go at a usual hour with none ahead: with no
        crew busy, and with all of them. None: not within two days.
    """

    grade: int
    all_busy: float
    one_ahead: float
    half_free: float | None
    half_busy: float | None


@dataclass(frozen=True, slots=True)
class JustFreed:
    """How a grade's rate goes up to a minute after a crew of the area has cleared.

    Attributes
    ----------
    grade
        The grade.
    times, low, high
        Times the rate at any other moment, with its limits.
    jobs
        So many were let go in such a minute, to the nearest five.
    """

    grade: int
    times: float
    low: float
    high: float
    jobs: int

    @property
    def clear(self) -> bool:
        """Whether the log tells it from no difference."""
        return self.low > 1 or self.high < 1


@dataclass(frozen=True, slots=True)
class RateTold:
    """A dispatcher's rate in figures.

    Attributes
    ----------
    lulls
        At most three, the slowest ones, in the order of the clock.
    slowest
        The slowest quarter of an hour, whether or not it is a lull.
    grades
        Ascending, those of the log.
    child
        Times the rate of others that missing-child jobs have; None: theirs is that of others.
    just_freed
        Of each of these grades of which five jobs or more were let go just after a clearing.
    """

    lulls: tuple[Lull, ...]
    slowest: Lull
    grades: tuple[GradeRate, ...]
    child: float | None
    just_freed: tuple[JustFreed, ...] = ()


def just_freed_of(rate: Rate, level: float) -> tuple[JustFreed, ...]:
    """Return what a clearing does to a fitted rate, by grade, with limits of this level."""
    from scipy.special import ndtri

    wide = float(ndtri((1 + level) / 2))
    found = []
    for place, grade in enumerate(rate.grades):
        jobs = int(rate.let_go_just_freed[place])
        if jobs >= LEAST:
            own, error = float(rate.just_freed[place]), float(rate.just_freed_error[place])
            ends = (own, own - wide * error, own + wide * error)
            times, low, high = (round(float(np.exp(one)), 2) for one in ends)
            found.append(JustFreed(grade, times, low, high, rounded(jobs) or 0))
    return tuple(found)


def told_of(
    table: Mapping[str, Any], grades: Sequence[int], just_freed: Sequence[JustFreed] = ()
) -> RateTold:
    """Read a fitted rate's figures off its table.

    Parameters
    ----------
    table
        As `sim.force_log.fitting.rate_table.table_of` returns it.
    grades
        Those to tell of.
    just_freed
        Of the rate, which its table does not hold with limits.
    """
    clock = np.asarray(table["quarter_hours"], dtype=np.float64)
    found = sorted(_lulls(clock), key=lambda one: one.share)[:_MOST_LULLS]
    least = int(np.argmin(clock))
    slowest = Lull(
        least * QUARTER, (least + 1) % QUARTERS * QUARTER, float(clock[least]), least * QUARTER
    )
    return RateTold(
        tuple(sorted(found, key=lambda one: one.begins)),
        slowest,
        tuple(_of_grade(table, grade) for grade in sorted(grades)),
        table.get("streams", {}).get("missing_child"),
        tuple(one for one in just_freed if one.grade in grades),
    )


def _lulls(clock: Floats) -> list[Lull]:
    """Find the spans of quarters under the limit, over midnight too."""
    quiet = clock < _QUIET
    if quiet.all() or not quiet.any():
        return []
    begins = np.flatnonzero(quiet & ~np.roll(quiet, 1))
    found = []
    for first in begins.tolist():
        length = 1
        while quiet[(first + length) % QUARTERS]:
            length += 1
        own = (first + np.arange(length)) % QUARTERS
        least = int(own[np.argmin(clock[own])])
        found.append(
            Lull(
                first * QUARTER, (first + length) % QUARTERS * QUARTER,
                float(clock[least]), least * QUARTER,
            )
        )  # fmt: skip
    return found


def _of_grade(table: Mapping[str, Any], grade: int) -> GradeRate:
    key = str(grade)
    busy = float(table["all_busy"][key])
    return GradeRate(
        grade,
        busy,
        round(2.0 ** float(table["ahead_power"][key]), 4),
        _half(table, key, 1.0),
        _half(table, key, busy),
    )


def _half(table: Mapping[str, Any], key: str, share: float) -> float | None:
    """Minutes until half of those who wait are let go, at so much of the rate."""
    waited = np.arange(0.0, LONGEST, _STEP)
    row = np.searchsorted(np.asarray(table["waited_minutes"]), waited, "right") - 1
    rate = np.asarray(table["a_minute"][key])[row] * share
    gone = np.cumsum(rate) * _STEP >= np.log(2.0)
    return round(float(waited[np.argmax(gone)] + _STEP), 2) if gone.any() else None
