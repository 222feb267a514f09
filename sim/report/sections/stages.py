"""Where the time goes: stages, each counted while it alone blocks arrival, and their parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sim.measures import PARTS_OF_STAGES
from sim.report.sections.figures import in_words, known
from sim.report.sections.headings import changed
from sim.report.sections.registry import declare
from sim.report.sections.section import Line, Section
from sim.report.sections.tables import at, by_scenario, figures, ranges
from sim.results import Document, Row

STAGES: Final = {
    "call": "In the call",
    "decision": "In grading and held for ratification",
    "queue": "In the queue for any reason",
    "dispatcher": "With the dispatcher",
    "travel": "On the way",
}
"""Stages of a wait in words, in their order."""

PARTS: Final = {
    "assessment": "The risk assessment goes on",
    "research": "Research goes on",
    "waiting_for_ratifier": "Waiting for somebody to ratify",
    "ratifying": "The risk assessment is being ratified",
    "telephoning": "Enquiries by telephone go on",
    "nobody_on_duty": "Nobody on duty who may attend",
    "all_busy": "No officer free",
    "too_few_together": "Too few officers free together",
    "last_call_margin": "Those free too near the end of their shift",
    "reserve": "Officers free, kept in reserve for grade 1",
    "queued_behind": "Queued behind: officers went to later calls",
    "no_dispatcher": "Waiting for a dispatcher",
    "dispatching": "A dispatcher allocates",
}
"""What the time of a stage is spent on, in words."""


@declare("stages", 60, "where the time goes before anyone arrives")
def stages(document: Document) -> Section | None:
    """Mean minutes of each stage under each scenario."""
    context = document.context
    table = by_scenario(
        document,
        "Mean minutes in which each stage alone blocks arrival",
        stage_lines(document, "stage_mean", "stage_part_mean"),
    )
    if table is None:
        return None
    said = ["A bar for each scenario, divided into what alone blocks arrival."]
    for place, part in enumerate(document.scenarios):
        told = [
            f"{line.label.lower()} {line.cells[place].text}"
            for line in table.lines
            if not line.inset and line.cells[place].source is not None
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
            "A stage counts only while it alone blocks arrival; that is accounting and no cause: "
            f"what a rule does only a run without it shows. {ranges(document)}"
        ),
    )


def stage_lines(
    document: Document, stage_measure: str, part_measure: str, minutes: int | None = None
) -> Iterator[Line]:
    """A line for each stage, and under it one for each part that any scenario has time in.

    Parameters
    ----------
    stage_measure, part_measure
        Measures of the catalogue.
    minutes
        Their key, where they have one.
    """
    context = document.context
    keys = {"stream": context.stream, "grade": context.grade}

    def rows(measure: str, stage: str) -> list[Row]:
        find = at(measure, **keys, stage=stage, minutes=minutes)  # type: ignore[arg-type]
        found = [find(part) for part in document.scenarios]
        return [row for row in found if known(row)]

    def line(measure: str, stage: str, words: str, *, inset: bool) -> Line:
        find = at(measure, **keys, stage=stage, minutes=minutes)  # type: ignore[arg-type]
        return figures(document, words, find, inset=inset)

    for stage, words in STAGES.items():
        yield line(stage_measure, stage, words, inset=False)
        for part in PARTS_OF_STAGES.get(stage, ()):
            if any(row.number for row in rows(part_measure, part)):
                yield line(part_measure, part, PARTS[part], inset=True)


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
