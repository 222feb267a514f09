"""What is shared by all that is drawn for a terminal: its alphabet, and lines of its width."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Final

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text


@dataclass(frozen=True)
class Glyphs:
    """The characters of pictures, and the way to bring any text to an alphabet."""

    dash: str
    pound: str
    levels: str
    shades: str
    few: str
    returned: str
    target: str
    rule: str
    ascii_only: bool

    def text(self, written: str) -> str:
        """Text in this alphabet, without control characters."""
        if self.ascii_only:
            for sign, stand_in in (("£", "GBP "), ("–", "-"), ("—", "-"), ("−", "-"), ("’", "'")):
                written = written.replace(sign, stand_in)
            written = "".join(
                sign
                for sign in unicodedata.normalize("NFKD", written)
                if not unicodedata.combining(sign)
            )
            written = written.encode("ascii", "replace").decode("ascii")
        return "".join(sign if sign.isprintable() else " " for sign in written)


UNICODE: Final = Glyphs("–", "£", "▁▂▃▄▅▆▇█", "░▒▓█", "·", "░", "│", "─", ascii_only=False)
ASCII: Final = Glyphs("-", "GBP ", ".:#", "-+*#", ".", "o", "|", "-", ascii_only=True)


class Sheet:
    """Headings, lines and tables in one width and alphabet."""

    def __init__(self, width: int, glyphs: Glyphs) -> None:
        self.width = width
        self.glyphs = glyphs

    def heading(self, title: str) -> Text:
        """A title, broken into lines."""
        return self.line(title, "bold")

    def line(self, written: str, style: str = "", indent: str = "") -> Text:
        """A sentence, broken into lines; all but the first are indented."""
        wrapped = textwrap.wrap(
            self.glyphs.text(written), self.width, subsequent_indent=indent, break_on_hyphens=False
        )
        return Text("\n".join(wrapped), style)

    def table(self, headings: Sequence[str], lines: Sequence[Sequence[str]]) -> Table:
        """A table whose first column names the lines."""
        drawn = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_edge=False)
        for place, heading in enumerate(headings):
            drawn.add_column(
                self.glyphs.text(heading), justify="right" if place else "left", overflow="fold"
            )
        for line in lines:
            drawn.add_row(*(self.glyphs.text(cell) for cell in line))
        return drawn


def spaced(sections: Iterable[Iterable[RenderableType]]) -> Iterator[RenderableType]:
    """All that is drawn, with an empty line between sections that draw anything."""
    begun = False
    for section in sections:
        drawn = list(section)
        if drawn and begun:
            yield Text("")
        begun = begun or bool(drawn)
        yield from drawn


def as_text(drawn: RenderableType, width: int) -> str:
    """What is drawn for a terminal, as plain text without colours."""
    file = StringIO()
    console = Console(
        file=file,
        width=width,
        force_terminal=False,
        color_system=None,
        highlight=False,
        markup=False,
        emoji=False,
    )
    console.print(drawn)
    return file.getvalue()
