"""The units taken for a job, from claim to the end of their work there."""

from __future__ import annotations

from typing import Final

from sim.engines.compiled.jit import records

(
    JOB,
    NUMBER,
    FIRST,
    OFFICERS,
    CLAIMED_AT,
    PLACE,
    DISPATCH,
    SET_OFF_AT,
    ARRIVED_UNTIL,
    WORKING,
    WORKS_UNTIL,
    WITH_CHILD,
    # What follows the work of the job, and since when (rules 12.1 to 12.4).
    STAGE,
    SINCE,
    PPN,
    SIZE,
) = range(16)
at: Final = records(globals())

# Stages; the last two take no time.
WORK, TRANSPORT, INTERVIEW, PROTECTION, INTERVIEWED, AWAY = range(6)
