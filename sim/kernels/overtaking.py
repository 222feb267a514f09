"""When a job that waits was overtaken: units that would have done for it went to a later one."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.kernels.jit import kernel

Ints: TypeAlias = NDArray[np.int64]
Levels: TypeAlias = NDArray[np.int32]
Flags: TypeAlias = NDArray[np.bool_]


@kernel
def overtaken(
    claims: tuple[Ints, Ints, Ints, Ints, Ints, Ints, Ints],
    odd: tuple[Flags, Flags, Flags],
    beside: tuple[Levels, Levels],
    asked: Flags,
    margins: Ints,
    needs: tuple[int, bool, bool, bool],
    waits: tuple[Ints, Ints, Ints],
    room: tuple[Flags, Ints],
    found: Ints,
) -> None:
    """Put down when units that a job might have had were first given to one that joined later.

    Parameters
    ----------
    claims
        Shape (claims,) each, in the order in which their jobs joined the queue: when they were
        made, when the job had joined, pool (-1: of several), units, officers, units that count for
        the reserve, first end of a shift.
    odd
        Shape (claims,) each: diverted, called away from a break, and from writing.
    beside
        Shape (claims,) each: units idle beside them, and units that the reserve keeps.
    asked, margins
        Shape (pools + 1,): which pools the job asks, -1 being none, and their margins.
    needs
        Officers that it needs; whether the reserve is kept from it; whether units are called away
        for it from a break, and from writing.
    waits
        Shape (n,) each: when who waits joined, start and end.
    room
        Shape (claims,) and (claims + 1,), the last later than anything: to work in.
    found
        Shape (n,): filled; later than anything where there was none.
    """
    at, joined, pool, units, people, counted, off_at = claims
    diverted, from_break, from_writing = odd
    idle, kept = beside
    officers, reserved, breaks, writing = needs
    would_do, soonest = room
    far = soonest[at.size]
    for claim in range(at.size - 1, -1, -1):
        would = asked[pool[claim]] and people[claim] >= officers and not diverted[claim]
        would = would and off_at[claim] - at[claim] >= max(margins[pool[claim]], 1)
        would = would and (breaks or not from_break[claim])
        would = would and (writing or not from_writing[claim])
        if would and reserved:
            taken = min(-(-officers * units[claim] // people[claim]), counted[claim])
            would = idle[claim] + counted[claim] - taken >= kept[claim]
        would_do[claim] = would
        soonest[claim] = min(soonest[claim + 1], at[claim]) if would else soonest[claim + 1]
    since, start, end = waits
    for row in range(since.size):
        low, high = 0, joined.size
        while low < high:
            middle = (low + high) >> 1
            if joined[middle] <= since[row]:
                low = middle + 1
            else:
                high = middle
        first = soonest[low]
        if start[row] > since[row] and first < start[row]:
            # Of a part that is not the wait's first, the job may have been overtaken before.
            first = far
            for claim in range(low, at.size):
                if would_do[claim] and start[row] <= at[claim] < first:
                    first = at[claim]
        found[row] = first if first < end[row] else far


def make_ready() -> None:
    """Compile or fetch it."""
    none, no = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.bool_)
    level, last = np.zeros(0, dtype=np.int32), np.zeros(1, dtype=np.int64)
    claims = (none, none, none, none, none, none, none)
    needs, waits = (1, False, False, False), (none, none, none)
    overtaken(claims, (no, no, no), (level, level), no, none, needs, waits, (no, last), none)
