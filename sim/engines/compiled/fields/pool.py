"""A pool of units or of desk workers."""

from __future__ import annotations

from typing import Final

from sim.engines.compiled.jit import records

(
    CODE,
    AREA,
    DESK,
    RESERVE,
    ON_DUTY,
    # Units or workers in these states, most shift left first: where the list begins, how many.
    IDLE,
    IDLE_COUNT,
    ON_BREAK,
    BREAK_COUNT,
    WRITING,
    WRITING_COUNT,
    MARGINS,
    # Of a desk: the first task of its queue, and whether something may be handed out.
    QUEUE,
    CHANGED,
    # And how many of its free workers are kept for 999 calls (rule 2.9).
    KEPT,
    # Of units: whether the cases of an area are theirs while they are on duty (rule 11.2).
    TEAM,
    # Units with a job, on their shift or after it (rule 4.7).
    WITH_A_JOB,
    # When one of its units last left a scene whose work was complete (rule 4.7).
    CLEARED_AT,
    SIZE,
) = range(19)
at: Final = records(globals())
