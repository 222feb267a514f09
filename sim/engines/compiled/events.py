"""What is due, in the order of rule 1.3: a binary heap in the memory.

An event takes four places: when (the second, the round of the second, the kind), the key, the
number, and what is to be done to which thing. So the first three, one after another, are the order
of rules 1.2 and 1.3. Reports, and the beginnings and ends of shifts, are known beforehand: they are
never put here.
"""

from __future__ import annotations

from typing import Final

from sim.engines.compiled import codes
from sim.engines.compiled.fields import world
from sim.engines.compiled.jit import Memory, helper

# Kinds, in the order of rule 1.3.
(
    DESK_TASK_ENDS,
    ARRIVAL,
    WORK_ENDS,
    SHIFT_ENDS,
    SHIFT_BEGINS,
    REPORT,
    RETURN,
    STEP_UP,
    REVIEW,
    RETHRIVE,
    BREAK,
    BORROWING,
    LINE,
    CASE_REVIEW,
    TASKING,
    MEETING,
    PARTNER,
    OWNER,
    CALLER,
    LOOK,
    TELEPHONE,
    RELIEF,
) = range(22)

# What is to be done when it is due.
(
    TASK_DONE,
    THRIVE_DONE,
    ASSESSMENT_DONE,
    WRAP_UP_DONE,
    ARRIVE,
    END_WORK,
    END_CUSTODY,
    END_WRITING,
    END_BREAK,
    CHILD_RETURNS,
    STEP_JOB_UP,
    REVIEW_DUE,
    BREAK_DUE,
    BORROWING_BEGINS,
    GAP_OVER,
    CASE_REVIEW_DUE,
    TASKING_DUE,
    MEETING_DUE,
    PARTNER_DUE,
    LOOK_AT_OWNER,
    RETHRIVE_DUE,
    PATIENCE_ENDS,
    CALLS_AGAIN,
    LOOK_DUE,
    REVISIT_DUE,
    TELEPHONE_TOO_LONG,
    ON_THE_LOG,
    RELIEF_DUE,
) = range(28)

SECOND: Final = 29
"""Bits of ``when`` below the second."""

ROUND: Final = 5
"""Bits of ``when`` below the round."""

WIDTH: Final = 4
ACTION: Final = 5
"""Bits of what is to be done; above them, to which thing."""


@helper
def due_at(second: int, round_: int, kind: int) -> int:
    """Return second, round and kind as one number, in the order of rules 1.2 and 1.3."""
    return (second << SECOND) + (round_ << ROUND) + kind


@helper
def schedule(
    m: Memory, second: int, kind: int, key: int, number: int, action: int, thing: int
) -> None:
    """Let something be due; in the present second it belongs to the next round (rule 1.2)."""
    if second > m[world.NOW]:
        when = due_at(second, codes.NO_NUMBER, kind)
    else:
        when = due_at(m[world.NOW], m[world.ROUND] + 1, kind)
        m[world.ROUND_ENDS] = 1
    place = m[world.EVENT_COUNT]
    if place >= m[world.EVENT_ROOM]:
        m[world.FAILED] = 1
        return
    m[world.EVENT_COUNT] = place + 1
    _move_up(m, m[world.EVENTS], place, when, key, number, action + (thing << ACTION))


@helper
def remove_first(m: Memory) -> None:
    """Take the first event out; the last fills its place.

    The gap goes down to the bottom, the earlier of two moving up into it, and the last event up
    from there: it came from the bottom, and rarely goes far.
    """
    count = m[world.EVENT_COUNT] - 1
    m[world.EVENT_COUNT] = count
    events = m[world.EVENTS]
    last = events + WIDTH * count
    place, below = 0, 1
    while below + 1 < count:
        at = events + WIDTH * below
        other = at + WIDTH
        if m[at] == m[other]:
            later = not _before(m, at, m[other], m[other + 1], m[other + 2])
        else:
            later = m[at] > m[other]
        below += later
        _move(m, at + WIDTH * later, events + WIDTH * place)
        place = below
        below = 2 * place + 1
    if below < count:
        _move(m, events + WIDTH * below, events + WIDTH * place)
        place = below
    _move_up(m, events, place, m[last], m[last + 1], m[last + 2], m[last + 3])


@helper
def _move_up(
    m: Memory, events: int, place: int, when: int, key: int, number: int, what: int
) -> None:
    """Put an event into the heap, from this place upwards."""
    while place > 0:
        above = (place - 1) >> 1
        at = events + WIDTH * above
        if _before(m, at, when, key, number):
            break
        _move(m, at, events + WIDTH * place)
        place = above
    at = events + WIDTH * place
    m[at] = when
    m[at + 1] = key
    m[at + 2] = number
    m[at + 3] = what


@helper
def _before(m: Memory, at: int, when: int, key: int, number: int) -> bool:
    """Tell whether the event at this place is no later than one of this order."""
    if m[at] != when:
        return bool(m[at] < when)
    if m[at + 1] != key:
        return bool(m[at + 1] < key)
    return bool(m[at + 2] <= number)


@helper
def _move(m: Memory, source: int, target: int) -> None:
    # All is read before any is written, so that the processor may do it in one go.
    when, key, number, what = m[source], m[source + 1], m[source + 2], m[source + 3]
    m[target] = when
    m[target + 1] = key
    m[target + 2] = number
    m[target + 3] = what
