"""The kinds of wait and of work in words: one entry for each, which all timelines read.

A new kind of activity needs its entry in `KINDS` and nothing else of a timeline.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sim.tables import Activity

__all__ = ["KINDS", "Words"]


@dataclass(frozen=True)
class Words:
    """How one kind of activity is told.

    Attributes
    ----------
    told
        Its line. ``{length}``, ``{pool}`` (empty, or the pool in brackets) and ``{gate}`` are
        filled in.
    late
        The same for what began after units had set off or officers had come; None: as ever.
    of_case
        The same for what began when the case was under enquiry; None: as ever.
    lane
        Its lane in a strip of the time before arrival; None: it stands in no one's way there.
    unit_is
        What a unit is said to be doing meanwhile; None: it works on a job of a grade.
    explained
        True: a wait for units, told with who was on duty and where units went instead.
    """

    told: str
    late: str | None = None
    of_case: str | None = None
    lane: str | None = None
    unit_is: str | None = None
    explained: bool = False


KINDS: Final[Mapping[Activity, Words]] = {
    Activity.WAIT_CALL_TAKER: Words(
        "waits {length} for a call taker", lane="Waits for a call taker"
    ),
    Activity.CALL: Words("call{pool}, {length}", lane="Call"),
    Activity.WAIT_RESEARCH: Words("waits {length} for research", lane="Waits for research"),
    Activity.RESEARCH: Words("research{pool}, {length}", lane="Research"),
    Activity.WAIT_RATIFICATION: Words(
        "waits {length} for somebody to ratify", lane="Waits for a supervisor"
    ),
    Activity.RATIFICATION: Words("ratification{pool}, {length}", lane="Ratification"),
    Activity.HELD: Words("held for {length}: deployment waits for {gate}", lane="Held by the rule"),
    Activity.TELEPHONE: Words(
        "enquiries by telephone before anybody is sent{pool}, {length}", lane="Enquiry by telephone"
    ),
    Activity.HELD_FOR_TELEPHONE: Words(
        "held for {length}: deployment waits for enquiries by telephone",
        lane="Held for the telephone",
    ),
    Activity.WAIT_DECISION: Words(
        "waits {length} until a dispatcher lets it go", lane="Waits for a dispatcher's decision"
    ),
    Activity.WAIT_UNIT: Words(
        "waits {length} in the queue for a unit", lane="In the queue", explained=True
    ),
    Activity.WAIT_DISPATCHER: Words(
        "waits {length} for a dispatcher; units were already earmarked",
        lane="Waits for a dispatcher",
    ),
    Activity.DISPATCH: Words("allocation by a dispatcher{pool}, {length}", lane="Allocation"),
    Activity.TRAVEL: Words("unit travels{pool}, {length}", lane="Travel"),
    Activity.SCENE: Words("work at the scene{pool}, {length}", lane="At the scene"),
    Activity.WAIT_REVIEW: Words(
        "a review is due; no reviewer is free for {length}",
        late="a review is still due, though units have been sent; no reviewer is free for {length}",
        of_case="a review of the case is due; no reviewer is free for {length}",
    ),
    Activity.REVIEW: Words(
        "review of the waiting job{pool}, {length}",
        late="late review{pool}, {length}: units have been sent by now",
    ),
    Activity.WAIT_DESK: Words("waits {length} for a desk{pool}"),
    Activity.DESK: Words("desk work{pool}, {length}"),
    Activity.EARMARKED: Words("unit earmarked{pool}, {length}", unit_is="earmarked"),
    Activity.CUSTODY: Words(
        "custody, hospital or sitting with somebody{pool}, {length}", unit_is="in custody work"
    ),
    Activity.WRITING: Words("writing up{pool}, {length}", unit_is="writing"),
    Activity.BREAK: Words("break{pool}, {length}", unit_is="on a break"),
    Activity.RETHRIVE: Words("re-THRIVE, a fresh look at threat and risk{pool}, {length}"),
    Activity.WAIT_ENQUIRY: Words("a line of enquiry waits {length} for a unit", explained=True),
    Activity.ENQUIRY: Words("line of enquiry{pool}, {length}", unit_is="on an enquiry"),
    Activity.DESK_LINE: Words("line of enquiry at a desk{pool}, {length}"),
    Activity.WAIT_VISIT: Words(
        "the visit to the child, who is back, waits {length} for a unit", explained=True
    ),
    Activity.INTERVIEW: Words(
        "prevention interview{pool}, {length}", unit_is="with a child who is back"
    ),
    Activity.TRANSPORT: Words(
        "the child is brought home{pool}, {length}", unit_is="with a child who is back"
    ),
    Activity.PROTECTION: Words(
        "officers stay with the child: police protection{pool}, {length}",
        unit_is="with a child who is back",
    ),
    Activity.WAIT_RELIEF: Words(
        "relief of the officers with the child waits {length} for a unit", explained=True
    ),
    Activity.WAIT_REVISIT: Words(
        "a re-visit, since the child has not been seen, waits {length} for a unit", explained=True
    ),
    Activity.REVISIT: Words("re-visit{pool}, {length}", unit_is="on a re-visit"),
    Activity.CASE_REVIEW: Words("review of the case{pool}, {length}"),
    Activity.TASKING: Words("tasking meeting{pool}, {length}"),
    Activity.PPN: Words("PPN written after all{pool}, {length}"),
    Activity.PROMPT: Words("MASH asks for the PPN{pool}, {length}"),
    Activity.MASH: Words("MASH{pool}, {length}"),
    Activity.MEETING: Words("case discussed with the local authorities{pool}, {length}"),
    Activity.REFERRAL: Words("referral{pool}, {length}"),
    Activity.RETURN_INTERVIEW: Words("return home interview{pool}, {length}"),
    Activity.OWNED_BY_TEAM: Words("the missing-person team owns the case for {length}"),
    Activity.OWNED_BY_RESPONSE: Words("response owns the case for {length}"),
    Activity.UNNOTICED: Words("whoever owns the case does not know of it for {length}"),
}
"""In the order of a strip's lanes."""
