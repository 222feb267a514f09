"""Waiting jobs that may have the same units: alike in area, people asked, officers and grade."""

from __future__ import annotations

from typing import Final

from sim.engines.compiled.jit import records

(
    ROOT,
    # Where it stands in its area's list, from 1; 0: nobody waits.
    LISTED,
    # The supply at which its jobs have asked in vain.
    VAIN_AT,
    # The second from which on they are to be asked again, though nothing has come.
    VAIN_UNTIL,
    # Where the count of what its grade may have come to find stands.
    SUPPLY,
    SIZE,
) = range(6)
at: Final = records(globals())
