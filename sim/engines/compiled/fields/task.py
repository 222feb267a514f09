"""A task at a desk, or a step in nobody's time."""

from __future__ import annotations

from typing import Final

from sim.engines.compiled.jit import records

(
    JOB,
    STEP,
    SECONDS,
    NUMBER,
    ASKED_AT,
    BEGUN_AT,
    DESK,
    WORKER,
    DROPPED,
    # Its order in the queue (rules 2.1, 3.4), most weighty first.
    URGENCY,
    FIRST,
    SECOND,
    THIRD,
    FOURTH,
    FIFTH,
    CHILD,
    SIBLING,
    # What follows it has to know.
    ABOUT,
    MORE,
    SIZE,
) = range(20)
at: Final = records(globals())

# Steps, as rule 1.3 numbers them.
(
    ALLOCATION,
    RATIFICATION,
    REVIEW,
    RETHRIVE,
    RESEARCH,
    OTHER_WORK,
    CALL,
    DESK_LINE,
    TASKING,
    LATE_PPN,
    PROMPT,
    MASH,
    MEETING,
    REFERRAL,
    RETURN_INTERVIEW,
    TELEPHONE,
    CASE_REVIEW,
) = range(17)
