"""What the scenario files say differently."""

from __future__ import annotations

from sim.report.sections.registry import declare
from sim.report.sections.section import Cell, Line, Section, Table
from sim.results import Document


@declare("files", 20, "what differs in the scenario files")
def files(document: Document) -> Section | None:
    """By variant, each value that its file sets otherwise than the baseline's."""
    context = document.context
    if not document.differences:
        return None
    base = document.names[0]
    tables, same = [], []
    for part in document.differences:
        changes = context.changes.get(part.name, ())
        if not changes:
            same.append(part.name)
            continue
        lines = tuple(Line(one.path, (Cell(one.baseline), Cell(one.other))) for one in changes)
        title = context.titles.scenarios.get(part.name, part.name)
        caption = part.name if title == part.name else f"{part.name}: {title}"
        tables.append(Table(caption, ("Baseline", "Here"), lines))
    said = tuple(f"{name} says nothing otherwise than {base}." for name in same)
    return Section(
        "files",
        _heading(document),
        said,
        tuple(tables),
        chart="rota",
        picture="People more or fewer on duty than under the baseline, by pool and hour.",
    )


def _heading(document: Document) -> str:
    counts = {
        part.name: len(document.context.changes.get(part.name, ())) for part in document.differences
    }
    least, most = min(counts.values()), max(counts.values())
    if not most:
        return "The files do not differ"
    if len(counts) == 1:
        return f"{document.context.spoken(next(iter(counts)))} changes {_values(most)}"
    if least == most:
        return f"Each variant changes {_values(most)} of the baseline's file"
    return f"The variants change {least} to {_values(most)} of the baseline's file"


def _values(number: int) -> str:
    return "one value" if number == 1 else f"{number} values"
