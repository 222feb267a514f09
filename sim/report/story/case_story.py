"""What became of a case after arrival, for a trace: from its row of the cases table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from sim.tables import HOUR, NEVER, CaseEnd, Table

ENDS: Final = {
    CaseEnd.STILL_MISSING: "the child is still missing when the simulation ends",
    CaseEnd.RETURNED: "the child returned",
    CaseEnd.FOUND: "the child was found by a line of enquiry",
    CaseEnd.PREVENTED: "an earlier interview or referral prevented it: nothing happened",
    CaseEnd.UNRECORDED: "never recorded, and so never looked for",
}
_FOUND_BY_TELEPHONE: Final = "the child was found by telephone, before anybody was sent"
_MARKS: Final = {
    "enquiry_at": "the case comes under enquiry: the child is not back",
    "escalated_at": "the rise of risk is discovered: the risk held is high from now on",
    "found_at": "CHILD FOUND by a line of enquiry",
    "interviewed_at": "prevention interview complete",
    "ppn_at": "PPN sent",
    "shared_at": "MASH has shared it",
    "strategy_at": "strategy meeting held",
    "minutes_at": "its minutes received",
    "referred_at": "referred for repeated episodes",
    "offered_at": "return home interview offered",
    "completed_at": "return home interview complete",
}
_AFTER_SAFE: Final = {
    "interviewed_at": "prevention interview",
    "ppn_at": "PPN sent",
    "shared_at": "shared by MASH",
    "completed_at": "return home interview",
}


def marks(cases: Table, row: int) -> Iterator[tuple[int, str]]:
    """When each thing came about in a case, and what it was; in no order.

    Parameters
    ----------
    cases
        The cases table.
    row
        The case's place in it.
    """
    for column, text in _MARKS.items():
        at = int(cases[column][row])
        if at != NEVER and not (column == "found_at" and _by_telephone(cases, row)):
            yield at, text
        elif at != NEVER:
            yield at, "CHILD FOUND by telephone"


def became(cases: Table, row: int, reported: int, length: Callable[[int], str]) -> list[str]:
    """What became of the case, and what police and partners did for it, as lines.

    Parameters
    ----------
    cases, row
        The cases table, and the case's place in it.
    reported
        When it was reported.
    length
        Writes seconds.
    """
    end, safe = CaseEnd(int(cases["end"][row])), int(cases["safe_at"][row])
    said = _FOUND_BY_TELEPHONE if _by_telephone(cases, row) else ENDS[end]
    if safe != NEVER:
        said += f", {length(safe - reported)} after the report"
    lines = [f"What became of the case: {said}"]
    if int(cases["enquiry_at"][row]) != NEVER:
        counts = {
            "line of enquiry": int(cases["lines"][row]),
            "handover": int(cases["handovers"][row]),
            "review": int(cases["reviews"][row]),
        }
        done = ", ".join(_counted(number, name) for name, number in counts.items())
        lines.append(f"While under enquiry: {done}")
    later = [
        f"{name} {length(int(cases[column][row]) - safe)}"
        for column, name in _AFTER_SAFE.items()
        if safe != NEVER and int(cases[column][row]) != NEVER
    ]
    if later:
        lines.append(f"After the child was safe: {', '.join(later)}")
    return lines


def summed_up(cases: Table, row: int, reported: int) -> str:
    """The end of a case in half a line, for a list of a child's episodes."""
    end, safe = CaseEnd(int(cases["end"][row])), int(cases["safe_at"][row])
    said = {
        CaseEnd.STILL_MISSING: "still missing at the end",
        CaseEnd.RETURNED: "returned",
        CaseEnd.FOUND: "found",
        CaseEnd.PREVENTED: "prevented",
        CaseEnd.UNRECORDED: "never recorded",
    }[end]
    return said if safe == NEVER else f"{said} after {(safe - reported) / HOUR:.1f} h"


def _by_telephone(cases: Table, row: int) -> bool:
    """Whether the child was found before there was any line of enquiry (rule 4.5)."""
    found, began = int(cases["found_at"][row]), int(cases["enquiry_at"][row])
    return found != NEVER and began == NEVER


def _counted(number: int, name: str) -> str:
    plural = name.replace("line", "lines") if name.startswith("line") else f"{name}s"
    return f"{number} {name if number == 1 else plural}"
