"""An area."""

from __future__ import annotations

from typing import Final

from sim.engines.compiled.jit import records

(
    DISPATCHERS,
    # Classes of jobs that wait: where the list begins, how many.
    WAITING,
    WAITING_COUNT,
    # Whose the cases are (rule 11.2), and whether this is about to be looked at.
    OWNER,
    LOOKING,
    # Its teams' pools: a flag for each pool.
    TEAM,
    WORKERS,
    SIZE,
) = range(8)
at: Final = records(globals())
