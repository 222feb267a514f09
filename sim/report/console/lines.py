"""Lines of text in a terminal's width and alphabet, without a blank at any end."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len
from rich.text import Text

from sim.report.sections.section import Cell, Line, Table
from sim.report.terminal import Glyphs

_STYLES: Final = {"better": "green", "worse": "red", "strong": "bold", "faint": "dim"}
LEAST_WIDTH: Final = 40
"""Narrower terminals are taken as this wide."""
_GAP: Final = 2
_LEAST_LABEL: Final = 12
_INSET: Final = "  "
_KEPT: Final = "\u00a0"
"""A blank at which no line is broken."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """A width and an alphabet, and what is written in them.

    Attributes
    ----------
    width
        Columns; no line is longer.
    glyphs
        The alphabet.
    """

    width: int
    glyphs: Glyphs

    def words(
        self, text: str, style: str = "", *, first: str = "", rest: str | None = None
    ) -> Iterator[Text]:
        """A sentence, broken into lines; with what stands before the first and all others.

        A star stays beside what it means.
        """
        wrapped = textwrap.wrap(
            f" {self.glyphs.text(text)}".replace(" * ", f" *{_KEPT}")[1:],
            self.width,
            initial_indent=first,
            subsequent_indent=first if rest is None else rest,
            break_on_hyphens=False,
        )
        for line in wrapped or [first]:
            yield Text(line.replace(_KEPT, " ").rstrip(), style)

    def labelled(self, label: str, text: str | Sequence[str], room: int) -> Iterator[Text]:
        """A label at the left, and beside it a text; under it where the room is too narrow.

        Of a list, no item is broken while it is shorter than a line.
        """
        name = self.glyphs.text(label)
        beside = self.width >= 3 * room
        indent = " " * room if beside else _INSET
        if isinstance(text, str):
            lines = list(self.words(text, first=indent))
        else:
            lines = list(self._items(text, indent))
        if not beside:
            yield Text(name, "bold")
            yield from lines
            return
        begun = Text(name.ljust(room), "bold")
        begun.append(lines[0].plain[room:], "not bold")
        begun.rstrip()
        yield begun
        yield from lines[1:]

    def steps(self, label: str, steps: Sequence[tuple[str, str]], room: int) -> Iterator[Text]:
        """What may be asked: each option or command, and in brackets what it gives."""
        yield from self.labelled(label, [f"{what} ({gives})" for what, gives in steps], room)

    def table(self, table: Table, *, headings: Sequence[str] | None = None) -> Iterator[Text]:
        """A table with labels at the left, in as many parts as the width asks for."""
        texts = [[self.glyphs.text(cell.text) for cell in line.cells] for line in table.lines]
        names = [self.glyphs.text(one) for one in headings or table.columns]
        most = max(len(line) for line in texts) if texts else 0
        widths = [
            max((cell_len(line[place]) for line in texts), default=0) for place in range(most)
        ]
        broken = [
            self._broken(name, max(width, *map(len, name.split()), 9))
            for name, width in zip(names, widths, strict=True)
        ]
        widths = [
            max(width, *(cell_len(part) for part in parts))
            for width, parts in zip(widths, broken, strict=True)
        ]
        labels = [
            f"{_INSET if line.inset else ''}{self.glyphs.text(line.label)}" for line in table.lines
        ]
        label = self._label_width(labels, widths)
        for number, part in enumerate(self._parts(widths, self.width - label, table)):
            if number:
                yield Text("")
            yield from self._heads(
                [broken[place] for place in part], [widths[p] for p in part], label
            )
            for name, line in zip(labels, table.lines, strict=True):
                yield from self._line(name, label, line, part, widths)

    def strip(self, table: Table) -> Iterator[Text]:
        """A table of many like columns, each line as a strip of one character a column."""
        names = [
            f"{_INSET if line.inset else ''}{self.glyphs.text(line.label)}" for line in table.lines
        ]
        room = self.width - len(table.columns) - _GAP
        label = max(4, min(max((cell_len(name) for name in names), default=0), room))
        marks = "".join(table.columns[at].ljust(6) for at in range(0, len(table.columns), 6))
        yield Text((" " * (label + _GAP) + marks).rstrip(), "dim")
        for name, line in zip(names, table.lines, strict=True):
            *above, last = textwrap.wrap(name, label, drop_whitespace=False) or [""]
            for one in above:
                yield Text(one.rstrip())
            signs = "".join(self._sign(cell) for cell in line.cells)
            yield Text((last.ljust(label + _GAP) + signs).rstrip())
        if any(
            cell.shade is not None and not cell.sign for line in table.lines for cell in line.cells
        ):
            steps = ("under 25% miss", "25 to 50%", "50 to 75%", "75% or more")
            told = [f"{one} {words}" for one, words in zip(self.glyphs.shades, steps, strict=True)]
            yield from self.words(f"{', '.join(told)}, {self.glyphs.few} too few", "dim")

    def _sign(self, cell: Cell) -> str:
        if cell.sign:
            return cell.sign
        if cell.shade is None:
            return self.glyphs.few
        return self.glyphs.shades[min(3, int(cell.shade * 4))]

    def _items(self, items: Sequence[str], indent: str) -> Iterator[Text]:
        line = ""
        for item in (self.glyphs.text(one) for one in items):
            longer = f"{line}   {item}" if line else item
            if line and len(indent + longer) > self.width:
                yield from self.words(line, first=indent)
                line = item
            else:
                line = longer
        yield from self.words(line, first=indent)

    def _label_width(self, labels: Sequence[str], widths: Sequence[int]) -> int:
        longest = max((cell_len(one) for one in labels), default=0)
        room = self.width - max(widths, default=0) - _GAP
        beside = self.width - sum(width + _GAP for width in widths)
        # Where all columns fit beside labels that are broken, they do so.
        wanted = beside if beside >= self.width // 4 else longest
        return max(_LEAST_LABEL, min(longest, wanted, room))

    def _heads(
        self, heads: Sequence[Sequence[str]], widths: Sequence[int], label: int
    ) -> Iterator[Text]:
        height = max((len(parts) for parts in heads), default=0)
        for row in range(height):
            line = " " * label
            for parts, width in zip(heads, widths, strict=True):
                place = row - (height - len(parts))
                line += (parts[place] if place >= 0 else "").rjust(width + _GAP)
            yield Text(line.rstrip(), "bold")

    def _line(
        self, name: str, label: int, line: Line, part: Sequence[int], widths: Sequence[int]
    ) -> Iterator[Text]:
        indent = _INSET if line.inset else ""
        texts = [self.glyphs.text(line.cells[place].text) for place in part]
        # What the first cell leaves of its column is the label's.
        beside = label + (widths[part[0]] - cell_len(texts[0]) if part else 0)
        room = beside if cell_len(name) <= beside else label
        broken = textwrap.wrap(
            name.strip(), room, initial_indent=indent, subsequent_indent=f"{indent}  "
        )
        *above, last = broken or [""]
        for one in above:
            yield Text(one)
        drawn = Text(last)
        end = label
        for place, text in zip(part, texts, strict=True):
            end += widths[place] + _GAP
            drawn.append(" " * (end - cell_len(drawn.plain) - cell_len(text)))
            drawn.append(text, style_of(line.cells[place]))
        drawn.rstrip()
        yield drawn

    def _parts(self, widths: Sequence[int], room: int, table: Table) -> Iterator[list[int]]:
        """Columns in groups that fit into the room; the baseline's again in each where it may."""
        place = 0
        while place < len(widths):
            part = [0] if table.baseline_first and place > 0 else []
            used = sum(widths[column] + _GAP for column in part)
            if part and used + widths[place] + _GAP > room:
                part, used = [], 0
            start = place
            while place < len(widths) and (place == start or used + widths[place] + _GAP <= room):
                used += widths[place] + _GAP
                part.append(place)
                place += 1
            yield part

    @staticmethod
    def _broken(name: str, width: int) -> list[str]:
        return textwrap.wrap(name, width) or [""]


def style_of(cell: Cell) -> str:
    """The colour of a cell; its text says the same."""
    return _STYLES.get(cell.emphasis or "", "")


def joined(parts: Iterable[Iterable[Text]]) -> Iterator[Text]:
    """All lines, with an empty one between parts that have any."""
    begun = False
    for part in parts:
        lines = list(part)
        if lines and begun:
            yield Text("")
        begun = begun or bool(lines)
        yield from lines
