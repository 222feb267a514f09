"""The codes that tables hold: small integers with names, the same for every module."""

from __future__ import annotations

from enum import IntEnum, unique
from typing import Final

import numpy as np

NEVER: Final = int(np.iinfo(np.int64).min)
"""The one way to say "did not happen" in a column of times or durations (seconds)."""

NONE: Final = -1
"""The one way to say "no such thing" in a column of codes or keys."""

PARTS: Final = 1_000_000
SUM_PARTS: Final = 1_000_000_000
"""Of one, in the sum that a rate comes to (rule 4.7)."""
"""Policy shares and the uniforms that they are held against are whole parts per million."""

PER_MILLE: Final = 1_000
"""Travel factors are whole parts per thousand."""

DAY: Final = 86_400
HOUR: Final = 3_600
MINUTE: Final = 60


@unique
class Origin(IntEnum):
    """How a report reached the control room; lower is answered first (rule 2.1)."""

    EMERGENCY = 0
    """A 999 call."""
    NON_EMERGENCY = 1
    """A 101 call."""
    ONLINE = 2
    """A report by web form or e-mail."""
    DIRECT = 3
    """Needs no call taker: graded when it is reported."""


@unique
class AfterHangUp(IntEnum):
    """What a caller does who has hung up (rule 2.10)."""

    GIVES_UP = 0
    CALLS_AGAIN = 1
    GOES_ONLINE = 2


@unique
class Risk(IntEnum):
    """Risk level of a missing person (College of Policing APP); 0 where none is assessed."""

    NOT_ASSESSED = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3


@unique
class Gate(IntEnum):
    """The step that a held deployment waits for (rule 4.1)."""

    GRADING = 0
    ASSESSMENT = 1
    RESEARCH = 2
    RATIFICATION = 3


@unique
class ShiftEnd(IntEnum):
    """What a unit does with work in hand when its shift ends (rule 8.2)."""

    FINISH = 0
    HAND_OVER = 1


@unique
class End(IntEnum):
    """What became of an incident by the end of follow-up; exactly one of them (rule 9.3)."""

    OPEN = 0
    ATTENDED = 1
    RETURNED_FIRST = 2
    ENDED_WITHOUT_DEPLOYMENT = 3
    DESK_WORK = 4
    """Not an incident: other work of a desk pool, done or not."""
    PREVENTED = 5
    """An earlier episode's interview or referral prevented it (rule 13.7)."""
    UNRECORDED = 6
    """Never recorded, and so never looked for (rule 13.8)."""
    ABANDONED = 7
    """The caller hung up before a call taker spoke to them, and gave up (rule 2.10)."""
    FOUND_BY_TELEPHONE = 8
    """Found before anybody was sent (rule 4.5)."""


@unique
class CaseEnd(IntEnum):
    """What became of a missing episode by the end of follow-up; exactly one (rule 13.9)."""

    STILL_MISSING = 0
    RETURNED = 1
    """Unprompted."""
    FOUND = 2
    """By a line of enquiry."""
    PREVENTED = 3
    UNRECORDED = 4


@unique
class Activity(IntEnum):
    """Kinds of row in the activities table: waits and work."""

    WAIT_CALL_TAKER = 0
    WAIT_RESEARCH = 1
    WAIT_RATIFICATION = 2
    WAIT_REVIEW = 3
    WAIT_DESK = 4
    HELD = 5
    """Graded, and not deployable before the gate opens."""
    WAIT_UNIT = 6
    WAIT_DISPATCHER = 7
    """Units are earmarked; no dispatcher is free to allocate them."""
    CALL = 8
    RESEARCH = 9
    RATIFICATION = 10
    REVIEW = 11
    DESK = 12
    DISPATCH = 13
    EARMARKED = 14
    """A unit's row: kept for a job until a dispatcher has allocated it."""
    TRAVEL = 15
    SCENE = 16
    CUSTODY = 17
    WRITING = 18
    BREAK = 19
    RETHRIVE = 20
    WAIT_ENQUIRY = 21
    """A line of enquiry waits for a unit."""
    WAIT_VISIT = 22
    """A child is back, and the prevention interview waits for a unit."""
    ENQUIRY = 23
    """Units work on a line of enquiry."""
    INTERVIEW = 24
    """Units hold the prevention interview, after other work or at a visit."""
    TRANSPORT = 25
    PROTECTION = 26
    """Units stay with the child: police protection."""
    DESK_LINE = 27
    """A desk works on a line of enquiry: telephone, PNC."""
    CASE_REVIEW = 28
    TASKING = 29
    PPN = 30
    """A PPN that was not sent is written after all."""
    PROMPT = 31
    """A MASH supervisor asks for it."""
    MASH = 32
    MEETING = 33
    """The co-ordinator and the local authorities discuss the case."""
    REFERRAL = 34
    RETURN_INTERVIEW = 35
    """A local authority's worker holds the return home interview."""
    OWNED_BY_TEAM = 36
    """No work: the case is the missing-person team's."""
    OWNED_BY_RESPONSE = 37
    WAIT_DECISION = 38
    """Its gate is open; a dispatcher has not yet let it go."""
    WAIT_REVISIT = 39
    """A child has not been seen, and a re-visit waits for a unit."""
    REVISIT = 40
    """Units go again to where nobody was in, or the child was not."""
    UNNOTICED = 41
    """No work: whoever has the case does not know of it."""
    TELEPHONE = 42
    """A desk tries to find somebody by telephone before anybody is sent."""
    HELD_FOR_TELEPHONE = 43
    """Graded, past the gate, and not deployable before that enquiry is over."""
    WAIT_RELIEF = 44
    """The shift of those with a child in protection has ended, and others are to relieve them."""


@unique
class Why(IntEnum):
    """Why a row of the activities table ended."""

    DONE = 0
    DIVERTED = 1
    HANDED_OVER = 2
    INTERRUPTED = 3
    """Writing or a break was broken off for a job."""
    RETURNED = 4
    """The child came home, which opened the gate, or ended an enquiry."""
    STILL_GOING = 5
    """The follow-up ended first."""
    SHIFT_ENDED = 6
    HUNG_UP = 7
    """The caller hung up (rule 2.10)."""


DESK_WAITS: Final = frozenset(
    {
        Activity.WAIT_CALL_TAKER,
        Activity.WAIT_RESEARCH,
        Activity.WAIT_RATIFICATION,
        Activity.WAIT_REVIEW,
        Activity.WAIT_DESK,
        Activity.WAIT_DISPATCHER,
    }
)
"""Waits for somebody at a desk."""

WAITS: Final = DESK_WAITS | {
    Activity.HELD,
    Activity.HELD_FOR_TELEPHONE,
    Activity.WAIT_UNIT,
    Activity.WAIT_ENQUIRY,
    Activity.WAIT_VISIT,
    Activity.WAIT_REVISIT,
    Activity.WAIT_RELIEF,
    Activity.WAIT_DECISION,
}

OWNERSHIP: Final = frozenset({Activity.OWNED_BY_TEAM, Activity.OWNED_BY_RESPONSE})
"""Neither a wait nor work: whose case it is."""

HELD_CASES: Final = OWNERSHIP | {Activity.UNNOTICED}
"""Neither a wait nor work: whose case it is, and that they do not know of it."""

WORK: Final = frozenset(Activity) - WAITS - HELD_CASES - {Activity.BREAK}
"""What somebody does; a break is neither work nor a wait."""
