"""Crews seen idle while graded jobs waited, where the log names the units that it sent.

A crew is taken to be on duty and idle between two of its jobs that are at most two hours apart.
Before its first and after its last job it may have been idle too, and between two it may have
been at a meal or in custody: the log does not say. So the figure is a sign, not a measure of
negligence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

LONGEST_GAP_HOURS: Final = 2
"""Idle between two jobs, and not off duty."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class IdleWhileWaiting:
    """Waiting time of one grade's jobs with a crew seen idle.

    Attributes
    ----------
    grade, stream
        Whose; ``stream`` is None for all.
    jobs
        Jobs that waited, exact; not to be written.
    waiting_minutes
        From grading to allocation, all jobs together.
    share
        Of it, with at least one crew of the area seen idle.
    """

    grade: int
    stream: str | None
    jobs: int
    waiting_minutes: float
    share: float


def idle_while_waiting(
    incidents: pl.DataFrame, allocations: pl.DataFrame
) -> Iterator[IdleWhileWaiting]:
    """Measure idle crews during waits, by grade, and for missing-child jobs by themselves.

    Parameters
    ----------
    incidents, allocations
        As `sim.force_log.reading.Log` holds them; incidents without officer-initiated work.

    Notes
    -----
    Where the log has areas, a crew is idle for jobs of the area of the job that it comes from.
    """
    if allocations.is_empty():
        return
    idle = _idle_spells(allocations)
    origin = allocations["start"].min()
    waits = incidents.filter(pl.col("grade").is_not_null()).select(
        "grade",
        "stream",
        "area",
        start=_minutes(pl.coalesce("graded", "received"), origin),
        end=_minutes(pl.col("assigned"), origin),
    )
    waits = waits.filter(pl.col("end") > pl.col("start"))
    parts = []
    for part in waits.partition_by("area"):
        area = part["area"][0]
        near = idle if area is None else idle.filter(pl.col("area") == area)
        start, end = part["start"].to_numpy(), part["end"].to_numpy()
        covered = _Covered.of(near, origin)
        parts.append(part.with_columns(idle=pl.Series(covered.upto(end) - covered.upto(start))))
    if not parts:
        return
    measured = pl.concat(parts).with_columns(wait=pl.col("end") - pl.col("start"))
    for grade in sorted(measured["grade"].unique()):
        own = measured.filter(pl.col("grade") == grade)
        for stream in (None, "missing_child"):
            jobs = own if stream is None else own.filter(pl.col("stream") == stream)
            total = float(jobs["wait"].sum())
            if jobs.height and total > 0:
                share = float(jobs["idle"].sum()) / total
                yield IdleWhileWaiting(int(grade), stream, jobs.height, total, share)


def _minutes(moment: pl.Expr, origin: object) -> pl.Expr:
    return (moment - pl.lit(origin)).dt.total_microseconds() / 60e6


def _idle_spells(allocations: pl.DataFrame) -> pl.DataFrame:
    """When each unit lay between two jobs; a unit sent twice at once is busy until both end."""
    ordered = allocations.sort("unit", "start").with_columns(
        busy_until=pl.col("end").cum_max().shift(1).over("unit"),
        came_from=pl.col("area").shift(1).over("unit"),
    )
    gap = pl.col("start") - pl.col("busy_until")
    spell = (gap > pl.duration(minutes=0)) & (gap <= pl.duration(hours=LONGEST_GAP_HOURS))
    return ordered.filter(spell).select(start="busy_until", end="start", area="came_from")


@dataclass(frozen=True, slots=True)
class _Covered:
    """Minutes up to any time in which at least one spell was under way."""

    times: Floats
    minutes: Floats

    @classmethod
    def of(cls, spells: pl.DataFrame, origin: object) -> _Covered:
        if spells.is_empty():
            return cls(np.zeros(1), np.zeros(1))
        starts = spells.select(_minutes(pl.col("start"), origin)).to_series().to_numpy()
        ends = spells.select(_minutes(pl.col("end"), origin)).to_series().to_numpy()
        times = np.concatenate([starts, ends])
        change = np.concatenate([np.ones(len(starts)), -np.ones(len(ends))])
        order = np.argsort(times, kind="stable")
        times, idle = times[order], np.cumsum(change[order])
        covered = np.concatenate([[0.0], np.cumsum(np.diff(times) * (idle[:-1] > 0))])
        return cls(times, covered)

    def upto(self, times: Floats) -> Floats:
        """Covered minutes before each time."""
        return np.interp(times, self.times, self.minutes)
