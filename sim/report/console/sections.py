"""A section in a terminal: heading, sentences, picture, tables and note."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from sim.report.console.lines import Terminal, joined
from sim.report.console.pictures import PICTURES
from sim.report.sections import Section, Table
from sim.results import Document


def drawn(section: Section, document: Document, terminal: Terminal) -> Iterator[Text]:
    """All lines of a section."""
    yield from terminal.words(section.heading, "bold")
    for sentence in section.sentences:
        yield from terminal.words(sentence)
    picture = PICTURES.get(section.chart)
    if picture is not None:
        yield from picture(document, terminal)
    yield from joined(_table(table, terminal) for table in section.tables)
    if section.note:
        yield from terminal.words(section.note, "dim")


def _table(table: Table, terminal: Terminal) -> Iterator[Text]:
    yield from terminal.words(table.caption, "underline")
    if table.strip:
        yield from terminal.strip(table)
    else:
        yield from terminal.table(table)
