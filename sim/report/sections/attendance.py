"""Attendance over time: officers there, the child back first, or still waiting."""

from __future__ import annotations

from typing import Final

from sim.report.sections.figures import in_words, known
from sim.report.sections.headings import changed
from sim.report.sections.registry import declare
from sim.report.sections.section import Section, Table
from sim.report.sections.tables import at, by_scenario, figures, present, ranges
from sim.results import Document, Part, Row

_TOLD: Final = (*range(0, 31, 5), 40, 50, 60, 90, 120, 180, 240, 360, 480, 600, 720)
_SPOKEN: Final = (60, 240)
_BACK_FIRST: Final = (
    "A child may come home before anyone arrives. That is neither a success of the response nor a "
    "saving: the child still has to be seen."
)
_AREAS: Final = (
    "Areas over the minutes: officers arrived, the child returned first, still waiting; the three "
    "add up to all reports."
)


@declare("attendance", 40, "the share with an officer there, by minutes since the call")
def attendance(document: Document) -> Section | None:
    """The attendance curve of each scenario."""
    table = _curve(document, "arrived_by", "Share with an officer there, by minute")
    if table is None:
        return None
    context = document.context
    lines = f"Lines of the share of {context.reports} with an officer there, by minutes since"
    said = [
        f"{lines} {_start(document)}; a vertical line marks the target of {context.target}.",
    ]
    for part in document.scenarios:
        hour = _at(part, document, "arrived_by", 60)
        if known(hour):
            said.append(f"{context.spoken(part.name)}: {in_words(hour)} by 60 minutes.")
    return Section(
        "attendance",
        _heading(document),
        tables=(table,),
        chart="attendance",
        picture=" ".join(said),
        note=ranges(document),
    )


@declare("competing-risks", 50, "who gets there first: officers, or the child comes home")
def competing_risks(document: Document) -> Section | None:
    """Arrived, returned first and still waiting, by minute."""
    tables = present(_curve(document, "returned_first_by", "Child returned first, by minute"))
    if not tables:
        return None
    told = [_AREAS]
    for part in document.scenarios:
        for minute in _SPOKEN:
            arrived = _at(part, document, "arrived_by", minute)
            returned = _at(part, document, "returned_first_by", minute)
            if known(arrived) and known(returned):
                told.append(
                    f"{document.context.spoken(part.name)} by {minute} minutes: "
                    f"{in_words(arrived)} arrived, {in_words(returned)} returned first."
                )
    back = at("returned_first", **document.context.subject)
    first = back(document.baseline)
    heading = "Who gets there first"
    if known(first):
        said = f"The child is back before anyone arrives in {in_words(first)} reports"
        heading = f"{said}{changed(document, back)}"
    return Section(
        "competing-risks",
        heading,
        (_BACK_FIRST,),
        tables,
        chart="competing-risks",
        picture=" ".join(told),
        note=(
            "Where officers were there first stands under attendance; what has neither arrived nor "
            f"returned is still waiting. {ranges(document)}"
        ),
    )


def _curve(document: Document, measure: str, caption: str) -> Table | None:
    context = document.context
    return by_scenario(
        document,
        caption,
        [
            figures(
                document,
                f"{minute} min",
                at(measure, stream=context.stream, grade=context.grade, minutes=minute),
            )
            for minute in _TOLD
        ],
    )


def _at(part: Part, document: Document, measure: str, minute: int) -> Row | None:
    context = document.context
    return part.row(measure, stream=context.stream, grade=context.grade, minutes=minute)


def _start(document: Document) -> str:
    starts = {"received": "the call", "answered": "the call's answer", "graded": "grading"}
    return starts[document.context.starts]


def _heading(document: Document) -> str:
    hour = _at(document.baseline, document, "arrived_by", 60)
    if not known(hour):
        return "Attendance over time"
    return (
        f"An hour after {_start(document)} officers are at {in_words(hour)}"
        f"{changed(document, lambda part: _at(part, document, 'arrived_by', 60))}"
    )
