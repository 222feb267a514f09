"""Children in care whom another local authority placed here: how many, and what comes later."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from sim.measures.placed import PLACED_BY
from sim.report.sections.figures import cell, in_100, in_words, known
from sim.report.sections.headings import changed
from sim.report.sections.registry import declare
from sim.report.sections.section import Line, Section, Table
from sim.report.sections.tables import at, present, ranges
from sim.results import CATALOGUE, Document, Part

_OWN, _ANOTHER = PLACED_BY
_TOLD: Final = (
    "placed_here",
    "placed_arrived_after",
    "placed_researched_after",
    "placed_shared",
    "placed_shared_after",
    "placed_discussed",
    "placed_discussed_after",
    "placed_strategy_held",
    "placed_interviewed",
    "placed_interviewed_in_time",
)
_INSET: Final = {"placed_shared_after", "placed_discussed_after", "placed_interviewed_in_time"}


def _tell(_: Document, part: Part, __: Sequence[str]) -> Iterator[str]:
    """What a scenario adds that tells such children from others in care."""
    share, decided, others = (
        part.row(measure, stage=whose)
        for measure, whose in (
            ("placed_here", _ANOTHER),
            ("placed_discussed_after", _ANOTHER),
            ("placed_discussed_after", _OWN),
        )
    )
    if known(share):
        said = f"Of cases {in_words(share)} are of children whom another authority placed here"
        if known(decided) and known(others):
            said += (
                f"; it has decided after {in_100(decided)} hours on average, {in_100(others)} for "
                "others in care"
            )
        yield f"{said}."


@declare(
    "out-of-area",
    111,
    "children placed here by other authorities: share, and what is later",
    fills={
        "placed_here": ("episode.out_of_area", "episode.return_interview.outside_share_in_care")
    },
    tell=_tell,
)
def out_of_area(document: Document) -> Section | None:
    """A table for each scenario that tells of them: theirs beside others in care."""
    find = at("placed_here", stage=_ANOTHER)
    told = [(part, find(part)) for part in document.scenarios]
    parts = [part for part, row in told if known(row)]
    share = next((row for _, row in told if known(row)), None)
    if share is None:
        return None
    heading = f"Of cases {in_words(share)} are of children whom another authority placed here"
    return Section(
        "out-of-area",
        f"{heading}{changed(document, find) if parts[0] is document.baseline else ''}",
        tuple(_sentences(document, parts[0])),
        present(*(_table(document, part) for part in parts)),
        note=(
            "Others are in care too, and placed by this force's own authorities. Times are means "
            "of what came about by the end of follow-up; what did not lowers the share of its "
            "step. "
            f"{ranges(document)}"
        ),
    )


def _table(document: Document, part: Part) -> Table | None:
    lines = []
    for measure in _TOLD:
        rows = [part.row(measure, stage=whose) for whose in (_ANOTHER, _OWN)]
        if any(known(row) for row in rows):
            label = CATALOGUE[measure].short
            lines.append(Line(label, tuple(cell(row) for row in rows), measure in _INSET))
    title = document.context.scenario(part.name)
    caption = f"Children in care, by who placed them, under {title}"
    return Table(caption, ("By another", "By our own"), tuple(lines)) if lines else None


def _sentences(document: Document, part: Part) -> list[str]:
    """How much later officers, research and decisions are."""
    said = []
    under = document.context.spoken(part.name)
    for measure, what, unit in (
        ("placed_researched_after", "research is on the log", "minutes"),
        ("placed_discussed_after", "their authority has decided", "hours"),
    ):
        theirs, others = (part.row(measure, stage=whose) for whose in (_ANOTHER, _OWN))
        if known(theirs) and known(others):
            said.append(
                f"Under {under} {what} after {in_words(theirs)} {unit} on average, and after "
                f"{in_words(others)} for other children in care."
            )
    return said
