"""Where the time goes: stages, each counted while it alone blocks arrival."""

from __future__ import annotations

from typing import Final

from sim.report.sections.figures import in_words, known
from sim.report.sections.headings import changed
from sim.report.sections.registry import declare
from sim.report.sections.section import Section
from sim.report.sections.tables import at, by_scenario, figures, ranges
from sim.results import Document

STAGES: Final = {
    "call": "In the call",
    "decision": "In grading and held for ratification",
    "dispatcher": "Waiting for a dispatcher",
    "no_unit": "In the queue for any reason",
    "travel": "On the way",
}
"""Stages of a wait in words, in their order."""


@declare("stages", 60, "where the time goes before anyone arrives")
def stages(document: Document) -> Section | None:
    """Mean minutes of each stage under each scenario."""
    context = document.context
    table = by_scenario(
        document,
        "Mean minutes in which each stage alone blocks arrival",
        [
            figures(
                document,
                words,
                at("stage_mean", stream=context.stream, grade=context.grade, stage=stage),
            )
            for stage, words in STAGES.items()
        ],
    )
    if table is None:
        return None
    said = ["A bar for each scenario, divided into what alone blocks arrival."]
    for place, part in enumerate(document.scenarios):
        told = [
            f"{line.label.lower()} {line.cells[place].text}"
            for line in table.lines
            if line.cells[place].source is not None
        ]
        if told:
            said.append(f"{context.spoken(part.name)}, mean minutes: {', '.join(told)}.")
    return Section(
        "stages",
        _heading(document),
        tables=(table,),
        chart="stages",
        picture=" ".join(said),
        note=(
            "A stage counts only while it alone blocks arrival; that is accounting and no cause. "
            "In the queue for any reason: nobody free, those free held in reserve or near the end "
            f"of their shift, others first, too few together. {ranges(document)}"
        ),
    )


def _heading(document: Document) -> str:
    context = document.context
    rows = document.baseline.along("stage_mean", "stage", **context.subject)
    told = {stage: row for stage, row in rows.items() if stage in STAGES and known(row)}
    if not any(row.number for row in told.values()):
        return "Where the time goes"
    longest = max(told, key=lambda stage: told[stage].number)
    where = STAGES[longest]
    find = at("stage_mean", stream=context.stream, grade=context.grade, stage=longest)
    return (
        f"Most of the wait passes {where[:1].lower()}{where[1:]}: {in_words(told[longest])} "
        f"minutes on average{changed(document, find)}"
    )
