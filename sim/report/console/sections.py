"""A section in a terminal: heading, sentences, picture, tables and note."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.text import Text

from sim.report.console.lines import Terminal, joined
from sim.report.console.pictures import PICTURES
from sim.report.sections import Section, Table
from sim.results import Document


def drawn(section: Section, document: Document, terminal: Terminal) -> Iterator[Text]:
    """All lines of a section of a run or a comparison."""
    picture = PICTURES.get(section.chart)
    lines = () if picture is None else picture(document, terminal)
    yield from headed(section, terminal, lines)


def headed(section: Section, terminal: Terminal, picture: Iterable[Text] = ()) -> Iterator[Text]:
    """All lines of a section under its heading, with a picture before its tables."""
    yield from terminal.words(section.heading, "bold")
    yield from told(section, terminal, picture)


def told(section: Section, terminal: Terminal, picture: Iterable[Text] = ()) -> Iterator[Text]:
    """The same without the heading."""
    for sentence in section.sentences:
        yield from terminal.words(sentence)
    yield from picture
    yield from joined(_table(table, terminal) for table in section.tables)
    if section.note:
        yield from terminal.words(section.note, "dim")


def _table(table: Table, terminal: Terminal) -> Iterator[Text]:
    if table.caption:
        yield from terminal.words(table.caption, "underline")
    if table.strip:
        yield from terminal.strip(table)
    else:
        yield from terminal.table(table)
