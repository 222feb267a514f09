"""Codes of the tables as plain integers: a kernel takes these for constants, an enumeration not."""

from __future__ import annotations

from typing import Final

from sim.tables import NONE, Activity, AfterHangUp, Gate, Origin, Risk, Why

# Read from this module, a constant is an integer like any other to numba; written out, or imported
# by name, it makes a type of its own, for which a helper is compiled once more.
NOBODY: Final = NONE
NO_NUMBER: Final = 0
NO_THING: Final = 0

SWITCH: Final = 1
"""Number of a call's task at the switchboard (rule 2.7)."""

HANGS_UP: Final = 0
"""Number of a caller's hanging up among events, …"""

CALLS_AGAIN: Final = 1
"""… and of calling again, or reporting online (rule 2.10)."""

EMERGENCY: Final = int(Origin.EMERGENCY)
NON_EMERGENCY: Final = int(Origin.NON_EMERGENCY)
ONLINE: Final = int(Origin.ONLINE)
DIRECT: Final = int(Origin.DIRECT)
GIVES_UP: Final = int(AfterHangUp.GIVES_UP)
GOES_ONLINE: Final = int(AfterHangUp.GOES_ONLINE)
HIGH: Final = int(Risk.HIGH)

GATE_GRADING: Final = int(Gate.GRADING)
GATE_ASSESSMENT: Final = int(Gate.ASSESSMENT)
GATE_RESEARCH: Final = int(Gate.RESEARCH)
GATE_RATIFICATION: Final = int(Gate.RATIFICATION)

DONE: Final = int(Why.DONE)
DIVERTED: Final = int(Why.DIVERTED)
HANDED_OVER: Final = int(Why.HANDED_OVER)
INTERRUPTED: Final = int(Why.INTERRUPTED)
RETURNED: Final = int(Why.RETURNED)
STILL_GOING: Final = int(Why.STILL_GOING)
SHIFT_ENDED: Final = int(Why.SHIFT_ENDED)
HUNG_UP: Final = int(Why.HUNG_UP)

HELD: Final = int(Activity.HELD)
HELD_FOR_TELEPHONE: Final = int(Activity.HELD_FOR_TELEPHONE)
WAIT_DECISION: Final = int(Activity.WAIT_DECISION)
EARMARKED: Final = int(Activity.EARMARKED)
TRAVEL: Final = int(Activity.TRAVEL)
CUSTODY: Final = int(Activity.CUSTODY)
WRITING: Final = int(Activity.WRITING)
BREAK: Final = int(Activity.BREAK)
TRANSPORT: Final = int(Activity.TRANSPORT)
INTERVIEW: Final = int(Activity.INTERVIEW)
PROTECTION: Final = int(Activity.PROTECTION)
OWNED_BY_TEAM: Final = int(Activity.OWNED_BY_TEAM)
OWNED_BY_RESPONSE: Final = int(Activity.OWNED_BY_RESPONSE)
UNNOTICED: Final = int(Activity.UNNOTICED)

# By kind of job (fields.job): its wait for units, and their work.
WAIT_OF_KIND: Final = (
    0,
    0,
    int(Activity.WAIT_UNIT),
    int(Activity.WAIT_ENQUIRY),
    int(Activity.WAIT_VISIT),
    int(Activity.WAIT_REVISIT),
    int(Activity.WAIT_RELIEF),
)
WORK_OF_KIND: Final = (
    0,
    0,
    int(Activity.SCENE),
    int(Activity.ENQUIRY),
    int(Activity.INTERVIEW),
    int(Activity.REVISIT),
    int(Activity.PROTECTION),
)

# By step at a desk (fields.task), reviews of every level alike.
WAIT_OF_STEP: Final = (
    int(Activity.WAIT_DISPATCHER),
    int(Activity.WAIT_RATIFICATION),
    int(Activity.WAIT_REVIEW),
    int(Activity.WAIT_REVIEW),
    int(Activity.WAIT_RESEARCH),
    int(Activity.WAIT_DESK),
    int(Activity.WAIT_CALL_TAKER),
    int(Activity.WAIT_DESK),
    int(Activity.WAIT_DESK),
    int(Activity.WAIT_DESK),
    int(Activity.WAIT_DESK),
    int(Activity.WAIT_DESK),
    int(Activity.WAIT_DESK),
    int(Activity.WAIT_DESK),
    int(Activity.WAIT_DESK),
    int(Activity.WAIT_DESK),
    int(Activity.WAIT_REVIEW),
)
WORK_OF_STEP: Final = (
    int(Activity.DISPATCH),
    int(Activity.RATIFICATION),
    int(Activity.REVIEW),
    int(Activity.RETHRIVE),
    int(Activity.RESEARCH),
    int(Activity.DESK),
    int(Activity.CALL),
    int(Activity.DESK_LINE),
    int(Activity.TASKING),
    int(Activity.PPN),
    int(Activity.PROMPT),
    int(Activity.MASH),
    int(Activity.MEETING),
    int(Activity.REFERRAL),
    int(Activity.RETURN_INTERVIEW),
    int(Activity.TELEPHONE),
    int(Activity.CASE_REVIEW),
)
