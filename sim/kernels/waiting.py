"""Who is free while a job waits, moment by moment: looked at where somebody waits, and once."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.kernels.jit import helper, kernel
from sim.kernels.stepping import until

Ints: TypeAlias = NDArray[np.int64]
Levels: TypeAlias = NDArray[np.int32]
States: TypeAlias = NDArray[np.int8]


@helper
def _sum(levels: Levels, rows: Ints, first: int, last: int, moment: int) -> int:
    """Add up some levels at a moment."""
    total = 0
    for place in range(first, last):
        total += levels[rows[place], moment]
    return total


@helper
def _found(levels: Levels, rows: Ints, bounds: Ints, officers: int, moment: int) -> int:
    """Count how many things are as a queued job needs them at a moment."""
    # To ask for one thing after another takes twice as long: nothing foresees the answers.
    free = _sum(levels, rows, bounds[1], bounds[2], moment)
    return (
        (_sum(levels, rows, bounds[0], bounds[1], moment) > 0)
        + (free > 0)
        + (free >= officers)
        + (_sum(levels, rows, bounds[2], bounds[3], moment) >= officers)
    )


@helper
def _could_go(levels: Levels, options: Ints, first: int, last: int, moment: int) -> int:
    """Tell whether any option of a job has idle units for it at a moment."""
    for place in range(first, last):
        needed, kept = options[place, 1], options[place, 3]
        if levels[options[place, 0], moment] < needed:
            continue
        if kept < 0 or levels[options[place, 2], moment] - needed >= levels[kept, moment]:
            return 1
    return 0


@kernel
def spent_in_queue(
    levels: Levels,
    moments: Ints,
    rows: Ints,
    bounds: Ints,
    officers: Ints,
    waits: Ints,
    known: States,
    found: Ints,
) -> None:
    """Add up the seconds of waits by how many things are as the job needs them.

    In order: somebody is on duty, somebody is free, enough are free, enough of those are in time.

    Parameters
    ----------
    levels, moments
        Shape (levels, moments) and (moments,): officers from each moment to the next.
    rows, bounds
        Levels that are added up, job by job, and shape (jobs, 4): where in them those on duty
        begin, those free, and those in time, and where these end.
    officers
        Shape (jobs,): how many it needs.
    waits
        Shape (3, n): number of the job, start and end; those of a job one after another.
    known
        Shape (moments,): room to work in.
    found
        Shape (n, 5), nought throughout: filled.
    """
    last = -1
    for wait in range(waits.shape[1]):
        job, now, end = waits[0, wait], waits[1, wait], waits[2, wait]
        if job != last:
            known[:] = -1
            last = job
        place = max(until(moments, now) - 1, 0)
        while now < end:
            if known[place] < 0:
                known[place] = _found(levels, rows, bounds[job], officers[job], place)
            later = place + 1
            then = min(end, moments[later]) if later < moments.size else end
            found[wait, known[place]] += then - now
            now, place = then, later


@kernel
def spent_beside_idle(
    levels: Levels,
    moments: Ints,
    options: Ints,
    bounds: Ints,
    waits: Ints,
    known: States,
    found: Ints,
) -> None:
    """Add up the seconds of waits in which units for the job stood idle.

    Parameters
    ----------
    levels, moments
        Shape (levels, moments) and (moments,): units from each moment to the next.
    options
        Shape (options, 4), job by job: the level of idle units, how many are needed, the level of
        those idle for grade 1, and that of those the reserve keeps; -1: none.
    bounds
        Shape (jobs + 1,): where the options of each begin.
    waits, known
        As for `spent_in_queue`.
    found
        Shape (n,), nought throughout: filled.
    """
    last = -1
    for wait in range(waits.shape[1]):
        job, now, end = waits[0, wait], waits[1, wait], waits[2, wait]
        if job != last:
            known[:] = -1
            last = job
        place = max(until(moments, now) - 1, 0)
        while now < end:
            if known[place] < 0:
                known[place] = _could_go(levels, options, bounds[job], bounds[job + 1], place)
            later = place + 1
            then = min(end, moments[later]) if later < moments.size else end
            found[wait] += known[place] * (then - now)
            now, place = then, later


def make_ready() -> None:
    """Compile or fetch both."""
    none, levels = np.zeros(0, dtype=np.int64), np.zeros((0, 0), dtype=np.int32)
    waits, table = np.zeros((3, 0), dtype=np.int64), np.zeros((0, 4), dtype=np.int64)
    known = np.zeros(0, dtype=np.int8)
    spent_in_queue(levels, none, none, table, none, waits, known, np.zeros((0, 5), dtype=np.int64))
    spent_beside_idle(levels, none, table, none, waits, known, none)
