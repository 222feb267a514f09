"""Units given to jobs: the time that allocations take."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.kernels.jit import kernel

Ints: TypeAlias = NDArray[np.int64]
Numbers: TypeAlias = NDArray[np.signedinteger]


@kernel
def spent_on(
    rows: Ints,
    places: Ints,
    attempts: Numbers,
    starts: Ints,
    ends: Ints,
    since: Ints,
    until: Ints,
    found: Ints,
) -> None:
    """Add up the seconds of each incident in some activities, units of an allocation counted once.

    Units of one allocation set off together; the first that ends it ends it for all.

    Parameters
    ----------
    rows
        Shape (n,): of the activities, in the order of their starts.
    places, attempts, starts, ends
        Shape (activities,): place of the incident, or -1, its allocation, from when to when.
    since, until
        Shape (incidents,): what lies outside is cut off.
    found
        Shape (incidents,), nought throughout: filled.
    """
    for place in range(rows.size):
        row = rows[place]
        of, start, attempt, end = places[row], starts[row], attempts[row], ends[row]
        if of < 0 or start >= until[of]:
            continue
        other, first = place - 1, True
        while first and other >= 0 and starts[rows[other]] == start:
            first = places[rows[other]] != of or attempts[rows[other]] != attempt
            other -= 1
        if not first:
            continue
        other = place + 1
        while other < rows.size and starts[rows[other]] == start:
            if places[rows[other]] == of and attempts[rows[other]] == attempt:
                end = min(end, ends[rows[other]])
            other += 1
        found[of] += max(min(end, until[of]) - max(start, since[of]), 0)


def make_ready() -> None:
    """Compile or fetch it."""
    none = np.zeros(0, dtype=np.int64)
    spent_on(none, none, np.zeros(0, dtype=np.int16), none, none, none, none, none)
