"""The page of an answer: its sheet as one HTML file, no script, nothing fetched."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sim.answers.document import pointers_to
from sim.report.charts.answers import answer_specifications
from sim.report.charts.drawn import svg_for_page
from sim.report.charts.palette import PAGE, PHONE
from sim.report.page.glossary import GLOSSARY
from sim.report.page.pictures import Picture
from sim.report.page.shades import shade_class
from sim.report.page.templates import style, template
from sim.report.sections.answers import sheet_of
from sim.results import CHILDREN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.answers import AnswerDocument
    from sim.report.sections import Section


def answer_page(document: AnswerDocument) -> str:
    """The whole page as HTML.

    Each figure carries the JSON pointer of its record, so that page and document can be held
    against each other.
    """
    places, sheet = pointers_to(document), sheet_of(document)
    html: str = template("answer.html.j2").render(
        document=document,
        run=document.run,
        sheet=replace(sheet, first=tuple(map(_without_bars, sheet.first))),
        counted=sheet.statement.removeprefix(document.context.statement or "").strip(),
        pictures=_pictures(document),
        pointer=lambda source: "" if source is None else places.get(id(source), ""),
        shade_class=shade_class,
        glossary=GLOSSARY,
        children=CHILDREN,
        style=style(),
    )
    return html


def _without_bars(section: Section) -> Section:
    """The section without columns that have no heading: bars of signs, which a chart draws."""
    tables = []
    for table in section.tables:
        kept = [place for place, name in enumerate(table.columns) if name]
        lines = tuple(
            replace(line, cells=tuple(line.cells[place] for place in kept)) for line in table.lines
        )
        tables.append(replace(table, columns=tuple(table.columns[at] for at in kept), lines=lines))
    return replace(section, tables=tuple(tables))


def _pictures(document: AnswerDocument) -> Mapping[str, Picture]:
    wide, phone = (
        {
            name: svg_for_page(spec, name, ending)
            for name, spec in answer_specifications(document, palette)
        }
        for palette, ending in ((PAGE, ""), (PHONE, "-phone"))
    )
    return {name: Picture(svg, phone[name]) for name, svg in wide.items()}
