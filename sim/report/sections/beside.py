"""Other reports that the question is about, beside the headline's."""

from __future__ import annotations

from collections.abc import Sequence

from sim.report.sections.figures import in_words, known
from sim.report.sections.headings import changed
from sim.report.sections.registry import declare
from sim.report.sections.section import Cell, Line, Section, Table
from sim.report.sections.tables import by_scenario, changes, figures, ranges
from sim.report.sections.words import calls, capital
from sim.results import Document, Part, Row


@declare("beside", 45, "other reports that the question is about")
def beside(document: Document) -> Section | None:
    """Streams that the scenario names, each with its reason."""
    tables, said = [], []
    for stream, reason in document.context.beside.items():
        table = _table(document, stream)
        if table is None:
            continue
        tables.append(table)
        said.append(f"{_sentence(document, stream)} {reason}")
    if not tables:
        return None
    return Section(
        "beside",
        _heading(document, tables),
        tuple(said),
        tuple(tables),
        note=ranges(document, starred=True),
    )


def _heading(document: Document, tables: Sequence[Table]) -> str:
    """How the first of them fares, and what becomes of it."""
    for stream in document.context.beside:

        def find(part: Part, stream: str = stream) -> Row | None:
            return _row(part, document, stream, "arrived_within_target", None)

        row = find(document.baseline)
        if known(row):
            kind = calls(stream, document.context.grade)
            change = changed(document, find, tables=tables)
            return f"{capital(kind)}: {in_words(row)} in time{change}"
    return "Other reports that the question is about"


def _table(document: Document, stream: str) -> Table | None:
    lines = []
    for label, measure, minutes in (
        ("In time, from the call", "arrived_within_target", None),
        ("Waited over 1 hour", "waited_over", 60),
        ("Waited over 10 hours", "waited_over", 600),
    ):

        def find(part: Part, measure: str = measure, minutes: int | None = minutes) -> Row | None:
            return _row(part, document, stream, measure, minutes)

        lines.append(figures(document, label, find))
        if document.differences:
            lines.append(changes(document, "change, in 100", find))
    reports = document.context.reports_of(stream)
    table = by_scenario(document, capital(reports), lines)
    if table is None:
        return None
    counts = tuple(
        Cell(f"{row.n:,}", row) if row is not None else Cell("-")
        for row in (_row(part, document, stream, "waited_over", 60) for part in document.scenarios)
    )
    return Table(
        table.caption,
        table.columns,
        (Line("Reports counted", counts), *table.lines),
        baseline_first=True,
    )


def _row(
    part: Part, document: Document, stream: str, measure: str, minutes: int | None
) -> Row | None:
    if minutes is None:
        return part.row(measure, **document.context.headline("received", stream)) or part.row(
            measure, stream=stream, grade=document.context.grade
        )
    return part.row(measure, stream=stream, grade=document.context.grade, minutes=minutes)


def _sentence(document: Document, stream: str) -> str:
    context, part = document.context, document.baseline
    reached = _row(part, document, stream, "arrived_within_target", None)
    over = _row(part, document, stream, "waited_over", 600)
    rule = context.rules.get(part.name)
    told = []
    if known(reached):
        told.append(f"{in_words(reached)} are reached within {context.target} of the call")
    if known(over):
        told.append(f"{in_words(over)} wait over ten hours")
    outside = rule is not None and bool(rule.streams) and stream not in rule.streams
    hold = " They are never held for ratification." if outside else ""
    return f"Of {context.reports_of(stream)} {' and '.join(told)}.{hold}"
