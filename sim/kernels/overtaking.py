"""When a job that waits was overtaken: units that would have done for it went to a later one."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.kernels.jit import kernel
from sim.kernels.stepping import until

Ints: TypeAlias = NDArray[np.int64]


@kernel
def overtaken(
    claims: Ints,
    margins: Ints,
    officers: int,
    reserved: int,
    denied: int,
    waits: Ints,
    soonest: Ints,
    found: Ints,
) -> None:
    """Put down when units that a job might have had were first given to one that joined later.

    Parameters
    ----------
    claims
        Shape (9, claims), in the order in which their jobs joined the queue: when they were made,
        when the job had joined, pool (-1: of several), units, officers, units that count for the
        reserve, first end of a shift, bits (1 diverted, 2 called away from a break, 4 from
        writing), and how many more units stayed idle beside them than the reserve keeps.
    margins
        Shape (pools + 1,): of the pools that the job asks; of the others longer than any shift.
    officers, reserved
        How many it needs; 1: a reserve is kept from it.
    denied
        Bits as those of a claim: such units it does not get.
    waits
        Shape (3, n): when who waits joined, start and end.
    soonest
        Shape (2, claims + 1), later than anything: room to work in.
    found
        Shape (n,): filled; later than anything where there was none.
    """
    size = claims.shape[1]
    far = soonest[0, size]
    for claim in range(size - 1, -1, -1):
        at, people, counted = claims[0, claim], claims[4, claim], claims[5, claim]
        soonest[0, claim] = soonest[0, claim + 1]
        if claims[6, claim] - at < margins[claims[2, claim]] or people < officers:
            continue
        if claims[7, claim] & denied:
            continue
        if reserved:
            taken = -(-officers * claims[3, claim] // people)
            if claims[8, claim] + counted - min(taken, counted) < 0:
                continue
        soonest[1, claim] = at
        soonest[0, claim] = min(soonest[0, claim], at)
    for row in range(found.size):
        since, start = waits[0, row], waits[1, row]
        low = until(claims[1], since)
        first = soonest[0, low]
        if start > since and first < start:
            # Of a part that is not the wait's first, the job may have been overtaken before.
            first = far
            for claim in range(low, size):
                if start <= soonest[1, claim] < first:
                    first = soonest[1, claim]
        found[row] = first if first < waits[2, row] else far


def make_ready() -> None:
    """Compile or fetch it."""
    none, last = np.zeros(0, dtype=np.int64), np.zeros((2, 1), dtype=np.int64)
    overtaken(np.zeros((9, 0), np.int64), none, 1, 0, 0, np.zeros((3, 0), np.int64), last, none)
