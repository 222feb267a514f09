"""One summary in a terminal: what its sections draw from, and how they draw it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from sim.report import numbers
from sim.report.numbers import Places
from sim.report.terminal import Glyphs, spaced
from sim.results import Document, Estimate, Keys, Row

if TYPE_CHECKING:
    from typing import Unpack

GAP: Final = 2
"""Columns between two tables, or two maps, that stand side by side."""

_HEADER_WIDTH: Final = 16
_LABEL_WIDTH: Final = 28


class Page:
    """A document and its context, in the width and the alphabet of a terminal."""

    def __init__(self, document: Document, width: int, glyphs: Glyphs) -> None:
        self.document = document
        self.context = document.context
        self.width = width
        self.glyphs = glyphs
        self.scenarios = document.scenarios
        self.differences = document.differences

    @property
    def titles(self) -> list[str]:
        """What the scenarios are called over columns, the baseline first."""
        return list(self.document.titles)

    @property
    def to(self) -> str:
        """What stands between the limits of a range."""
        return self.glyphs.dash

    def heading(self, words: str) -> Text:
        """A title."""
        return Text(self.glyphs.text(words), "bold")

    def line(self, words: str, style: str = "") -> Text:
        """A sentence; the terminal breaks it."""
        return Text(self.glyphs.text(words), style)

    def cell(self, row: Estimate | None, at: Places | None = None) -> str:
        """A figure as "23% (21-25%)"."""
        return "-" if row is None else numbers.quantity(row, self.to, at)

    def pounds(self, row: Row | None) -> str:
        """A sum of money with its range."""
        cell = self.cell(row, {"number": 1.0})
        return cell if cell == "-" else f"{self.glyphs.pound}{cell}"

    def change(self, row: Row | None, at: Places | None = None) -> str:
        """A difference as "+3 (+1 to +5)", starred where its range leaves out no change."""
        return "-" if row is None else numbers.change(row, at=at)

    def figures(self, measure: str, by: str = "received", **keys: Unpack[Keys]) -> list[Row | None]:
        """The headline's row of each scenario, by a clock or by the target's own."""
        return [self.document.headline(part, measure, by, **keys) for part in self.scenarios]

    def changes(self, measure: str, **keys: Unpack[Keys]) -> list[Row | None]:
        """One row of each scenario's difference; None under the baseline."""
        found = [self.document.difference(part.name) for part in self.scenarios]
        return [None if part is None else part.row(measure, **keys) for part in found]

    def columns(
        self, names: list[str], lines: list[tuple[str, list[str]]], *, repeat: bool = True
    ) -> Iterator[RenderableType]:
        """A table with a column for each scenario, in as many parts as the width asks for.

        With `repeat` the first column, the baseline's, stands in every part.
        """
        headers = [
            broken(
                self.glyphs.text(name),
                max(_HEADER_WIDTH, *(len(cells[place]) for _, cells in lines)),
            )
            for place, name in enumerate(names)
        ]
        widths = [
            max(
                *(len(part) for part in headers[place]),
                *(len(cells[place]) for _, cells in lines),
            )
            for place in range(len(names))
        ]
        label = max(len(title) for title, _ in lines)
        label = min(label, max(_LABEL_WIDTH, self.width // 3), self.width - max(widths) - GAP)
        tables: list[RenderableType] = []
        for part in _parts(widths, self.width - label, repeat):
            table = Table(box=None, pad_edge=False, padding=(0, 0, 0, 0), header_style="bold")
            table.add_column("", width=label)
            for place in part:
                table.add_column(
                    "\n".join(headers[place]),
                    justify="right",
                    no_wrap=True,
                    width=widths[place] + GAP,
                    vertical="bottom",
                )
            for title, cells in lines:
                table.add_row(
                    Text(self.glyphs.text(title)),
                    *(Text(self.glyphs.text(cells[place])) for place in part),
                )
            tables.append(table)
        yield from spaced([table] for table in tables)


def tenth(row: Row | None) -> str:
    """A share as one digit; 9 is 0.9 or more."""
    if row is None or row.value is None:
        return " "
    return str(min(9, int(row.value * 10)))


def count(row: Row | None) -> str:
    """How many cases a figure is of, as "n=20"."""
    return "-" if row is None else f"n={row.n:,}"


def broken(name: str, width: int) -> list[str]:
    """A name in lines of at most this width, broken after hyphens where it can be."""
    lines: list[str] = [""]
    for piece in re.findall(r"[^-_ ]*[-_ ]?", name):
        if lines[-1] and len(lines[-1] + piece) > width:
            lines.append("")
        lines[-1] += piece
        while len(lines[-1]) > width:
            lines[-1:] = [lines[-1][:width], lines[-1][width:]]
    return [line.rstrip() for line in lines]


def _parts(widths: list[int], room: int, repeat: bool) -> Iterator[list[int]]:
    """Column numbers in groups that fit into the room; at least one new column in each."""
    place = 0
    while place < len(widths):
        part = [0] if repeat and place > 0 else []
        used = sum(widths[column] + GAP for column in part)
        if part and used + widths[place] + GAP > room:
            part, used = [], 0
        start = place
        while place < len(widths) and (place == start or used + widths[place] + GAP <= room):
            used += widths[place] + GAP
            part.append(place)
            place += 1
        yield part
