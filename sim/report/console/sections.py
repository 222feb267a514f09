"""A section in a terminal: heading, sentences, picture, tables and note."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from sim.report.console.lines import Sheet, joined
from sim.report.console.pictures import PICTURES
from sim.report.sections import Section, Table
from sim.results import Document


def drawn(section: Section, document: Document, sheet: Sheet) -> Iterator[Text]:
    """All lines of a section."""
    yield from sheet.words(section.heading, "bold")
    for sentence in section.sentences:
        yield from sheet.words(sentence)
    picture = PICTURES.get(section.chart)
    if picture is not None:
        yield from picture(document, sheet)
    yield from joined(_table(table, sheet) for table in section.tables)
    if section.note:
        yield from sheet.words(section.note, "dim")


def _table(table: Table, sheet: Sheet) -> Iterator[Text]:
    yield from sheet.words(table.caption, "underline")
    if table.strip:
        yield from sheet.strip(table)
    else:
        yield from sheet.table(table)
