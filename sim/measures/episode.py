"""The tallies of cases after arrival: of one replication, or of several added up.

As in `sim.measures.replication` only counts, sums and distributions of whole seconds are kept.
Cells are those of `Labels.pack`; a case counts by the risk first assessed and the time of its
report. Nothing here weighs an hour by what may have happened in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, unique
from typing import Final

import numpy as np

from sim.measures.arrays import Ints, added, all_or_none, tallied_together
from sim.tables import HOUR

OPEN_HOURS: Final = (0, 24, 48, 72)
"""Cases that have been open for longer than this are counted at midnight."""

OWNERS: Final = ("response", "team")
"""In the order of `sim.tables.RESPONSE` and `TEAM`."""

NIGHT_FROM: Final = 22 * HOUR
NIGHT_UNTIL: Final = 7 * HOUR
"""Seconds of the day between which it is night, whatever a scenario's rhythm is."""

OFFICE_FROM: Final = 8 * HOUR + HOUR // 2
OFFICE_UNTIL: Final = 17 * HOUR + HOUR // 2
"""Seconds of the day between which a local authority's offices are open, whatever a scenario's
hours of placement are."""

AIM_SECONDS: Final = 72 * HOUR
"""A return home interview is to be held this soon after the child is safe."""

_SPANS: Final = 16
_ENDINGS: Final = 4
_BITS: Final = 32


@unique
class CaseCount(IntEnum):
    """Columns of `Episodes.counts`; sums over the episodes of a cell.

    A *case* is an episode that was recorded, not prevented, and needed somebody (rule 11.1).
    """

    EPISODES = 0
    PREVENTED = 1
    UNRECORDED = 2
    RETURNED = 3
    FOUND = 4
    STILL_MISSING = 5
    CASES = 6
    ENQUIRED = 7
    """Cases that came under enquiry."""
    ENQUIRY_SECONDS = 8
    """Under enquiry, until the child is safe or follow-up ends."""
    ENQUIRY_TEAM_SECONDS = 9
    ENQUIRY_RESPONSE_SECONDS = 10
    ENQUIRY_NIGHT_SECONDS = 11
    UNWORKED_SECONDS = 12
    """Of these, in which nobody did any work for the case."""
    UNWORKED_TEAM_SECONDS = 13
    UNWORKED_RESPONSE_SECONDS = 14
    UNWORKED_NIGHT_SECONDS = 15
    HANDOVERS = 16
    LINES = 17
    LINES_AGAIN = 18
    REVIEWS = 19
    TASKINGS = 20
    MOVED_ON = 21
    ESCALATED = 22
    OFFICER_SECONDS = 23
    """Work of units for the case, times the officers in each."""
    DESK_SECONDS = 24
    """Work at desks for the case."""
    PENCE_SECONDS = 25
    """Both, times the pence that an hour costs."""
    SAFE = 26
    """Cases whose child was safe by the end of follow-up."""
    INTERVIEWED = 27
    PPN_SENT = 28
    SHARED = 29
    DISCUSSED = 30
    STRATEGY_HELD = 31
    MINUTES_RECEIVED = 32
    FOLLOWED = 33
    """Safe at least 72 hours before the end of follow-up: what return interviews are held to."""
    OFFERED = 34
    """Of these."""
    COMPLETED = 35
    COMPLETED_IN_AIM = 36
    REFERRED = 37
    UNNOTICED = 38
    """Handovers of which the next owner did not know for a second or more."""
    UNNOTICED_SECONDS = 39
    PROTECTED = 40
    """Cases in which officers stayed with the child: police protection."""
    PROTECTION_SECONDS = 41
    """With the child, however many officers there are, until the end of follow-up at most."""
    PROTECTED_IN_OFFICE_HOURS = 42
    """Of these, begun in office hours: this and what follows."""
    PROTECTION_IN_OFFICE_HOURS_SECONDS = 43
    PROTECTED_OUT_OF_HOURS = 44
    PROTECTION_OUT_OF_HOURS_SECONDS = 45
    PROTECTED_WITHOUT_PLACEMENT = 46
    """Of those in protection, for whom no placement is found at first: this and what follows."""
    PROTECTION_WITHOUT_PLACEMENT_SECONDS = 47
    PROTECTION_UNITS = 48
    """Units that stayed with the child, those who relieved others too."""
    PROTECTION_OVERTIME_SECONDS = 49
    """Of these units, with the child after the end of their shift, times the officers in each."""
    RELIEVED = 50
    """Cases in which others relieved those with the child."""


@unique
class Span(IntEnum):
    """Times of which the distribution is kept."""

    FIRST_ENQUIRY = 0
    """The four clocks run from the report; what did not come about is cut off at the end of
    follow-up (`Ending.CUT`)."""
    OFFICER_WITH = 1
    CHILD_SEEN = 2
    CHILD_SAFE = 3
    FIRST_LINE = 4
    """From coming under enquiry to work on the first line; cut off when the child is safe."""
    UNATTENDED = 5
    """From the report until an officer is with the child or at the address, or it is safe."""
    UNWORKED = 6
    """Of each case that came under enquiry."""
    INTERVIEW = 7
    """From safe to the end of the prevention interview; cut off at the end of follow-up."""
    PPN = 8
    """From the interview; cut off at the end of follow-up."""
    SHARED = 9
    """From the PPN; cut off at the end of follow-up."""
    RETURN_INTERVIEW = 10
    """From safe, where one is offered and accepted; cut off at the end of follow-up."""
    UNRECORDED = 11
    """Of episodes never recorded: from when they would have been reported until back."""


CLOCKS: Final = (Span.FIRST_ENQUIRY, Span.OFFICER_WITH, Span.CHILD_SEEN, Span.CHILD_SAFE)


@unique
class Ending(IntEnum):
    """How a span ended."""

    DONE = 0
    FOUND = 1
    """Of `Span.CHILD_SAFE`: by a line of enquiry; DONE is returned."""
    CUT = 2
    """It had not, when the end of follow-up (or the child's safety) cut it off."""


@dataclass(frozen=True, eq=False)
class Episodes:
    """What happened to the cases reported in the window.

    Parameters
    ----------
    codes
        Shape (cells,): codes of `Labels.pack`, ascending.
    counts
        Shape (cells, columns of `CaseCount`).
    span_keys, span_counts
        Shape (distinct,): spans by cell, kind, ending and seconds, ascending.
    work
        Shape (risks, pools, kinds of `tables.Activity`): seconds of work for cases, times the
        officers of the unit; at a desk a person is one.
    owned, unworked
        Shape (risks, owners, 24): seconds under enquiry, and those of them in which nobody
        worked on the case, by hour of the day.
    interviewed_by
        Shape (pools,): prevention interviews held.
    census
        Shape (7, hours of `OPEN_HOURS`): cases open for longer at midnight, by the day of the
        week that begins, Monday first; all cases, whenever they were reported.
    midnights
        Shape (7,): how many midnights were counted.
    """

    codes: Ints
    counts: Ints
    span_keys: Ints
    span_counts: Ints
    work: Ints
    owned: Ints
    unworked: Ints
    interviewed_by: Ints
    census: Ints
    midnights: Ints


def span_key(codes: Ints, span: Span, endings: Ints, seconds: Ints) -> Ints:
    """One number for (cell, span, ending, seconds), which sorts in that order."""
    return (((codes * _SPANS + span) * _ENDINGS + endings) << _BITS) + seconds


def split_spans(keys: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Cell, span, ending and seconds of each key."""
    rest, endings = np.divmod(keys >> _BITS, _ENDINGS)
    codes, spans = np.divmod(rest, _SPANS)
    return codes, spans, endings, keys & ((1 << _BITS) - 1)


def at_night(times: Ints) -> Ints:
    """Seconds of night between time 0 and each time, negative before it: shape as `times`."""
    days, rest = np.divmod(times, 24 * HOUR)
    length = NIGHT_UNTIL + 24 * HOUR - NIGHT_FROM
    seconds: Ints = days * length + np.minimum(rest, NIGHT_UNTIL) + np.maximum(rest - NIGHT_FROM, 0)
    return seconds


def merged_episodes(parts: Sequence[Episodes | None]) -> Episodes | None:
    """Several added up; None where none has any.

    Raises
    ------
    ValueError
        If some have and some have not: they are not of one scenario.
    """
    known = all_or_none(parts)
    if not known:
        return None
    codes, counts = tallied_together([(one.codes, one.counts) for one in known])
    keys, spans = tallied_together([(one.span_keys, one.span_counts) for one in known])
    return Episodes(
        codes=codes,
        counts=counts,
        span_keys=keys,
        span_counts=spans,
        work=added([one.work for one in known]),
        owned=added([one.owned for one in known]),
        unworked=added([one.unworked for one in known]),
        interviewed_by=added([one.interviewed_by for one in known]),
        census=added([one.census for one in known]),
        midnights=added([one.midnights for one in known]),
    )
