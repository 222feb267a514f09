"""Children at high risk: reached in time by both clocks, and how long until they are seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from sim.report.sections.figures import (
    Figured,
    cell,
    clear,
    in_100,
    in_words,
    known,
    spoken_change,
)
from sim.report.sections.registry import declare
from sim.report.sections.section import Cell, Line, Section
from sim.report.sections.tables import Finder, by_scenario, changes, figures, present, ranges
from sim.report.sections.words import plural
from sim.results import Document, Keys

if TYPE_CHECKING:
    from typing import Unpack

_HOUR: Final = 60
_IN_TIME: Final = "arrived_within_target"


def _in_minutes(row: Figured | None) -> Cell:
    return cell(row, factor=60.0)


@declare("high-risk", 57, "children at high risk: in time by both clocks, and until they are seen")
def high_risk(document: Document) -> Section | None:
    """Attendance of high risk from the call and from grading, and the time until they are seen."""
    find = _finder(document)
    base = find(_IN_TIME)(document.baseline)
    if not known(base):
        return None
    attended = by_scenario(document, "High risk, until an officer is there", _attended(document))
    followed = by_scenario(document, "High risk, until the child is seen", _followed(document))
    stream = plural(document.context.stream)
    return Section(
        "high-risk",
        f"Of {stream} at high risk {in_words(base)} are reached in time",
        tuple(_sentences(document)),
        present(attended, followed),
        note=(
            "High risk is as first assessed, whatever it becomes. A child who is not reached, or "
            f"not seen, by the end of follow-up counts until then. {ranges(document)}"
        ),
    )


def _finder(document: Document) -> Callable[..., Finder]:
    """Finds rows of the headline's stream at high risk."""

    def find(measure: str, **keys: Unpack[Keys]) -> Finder:
        at: Keys = {"stream": document.context.stream, "risk": "high", **keys}
        return lambda part: part.row(measure, **at)

    return find


def _attended(document: Document) -> list[Line]:
    find = _finder(document)
    told = [
        ("In time, from the call", find(_IN_TIME, clock="received")),
        ("In time, from grading", find(_IN_TIME, clock="graded")),
        ("Unattended, mean min", find("delay_mean")),
        ("Unattended, 9 in 10 within, min", find("delay_p90")),
        ("Waited over an hour", find("waited_over", minutes=_HOUR)),
    ]
    return [
        line
        for label, one in told
        for line in (figures(document, label, one), changes(document, "change", one))
    ]


def _followed(document: Document) -> list[Line]:
    find = _finder(document)
    told = [
        ("Officer with, mean min", "officer_with"),
        ("Child seen, mean min", "child_seen"),
        ("Child safe, mean min", "child_safe"),
    ]
    lines = []
    for label, stage in told:
        lines.append(figures(document, label, find("clock_mean", stage=stage), write=_in_minutes))
        half = find("clock_p50", stage=stage)
        lines.append(figures(document, "half within, min", half, inset=True, write=_in_minutes))
    lines.append(figures(document, "Child seen", find("clock_stopped", stage="child_seen")))
    return lines


def _sentences(document: Document) -> Iterator[str]:
    find = _finder(document)
    graded = find(_IN_TIME, clock="graded")(document.baseline)
    if known(graded):
        yield f"From grading it is {in_100(graded)} in 100; what lies between is the call."
    seen = find("clock_p50", stage="child_seen")(document.baseline)
    if known(seen):
        yield f"Half of these children are seen by police within {in_words(seen)} hours."
    for part in document.differences:
        change = find(_IN_TIME)(part)
        name = document.context.spoken(part.name)
        if known(change) and clear(change):
            size, least_most = spoken_change(change)
            yield f"Under {name} {size} in 100 are reached in time ({least_most})."
        elif known(change):
            yield f"Under {name} no change of the share in time is clear."
