"""What every form draws: a section with its sentences and tables, down to one cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from sim.answers import Estimated
from sim.results import Mover, OnDuty, Row, Staffing, SweepPoint, UnknownRange


@dataclass(frozen=True, slots=True)
class At:
    """A place in the JSON document of a force's log, as a JSON pointer."""

    pointer: str


Source: TypeAlias = Row | SweepPoint | Staffing | OnDuty | UnknownRange | Mover | Estimated | At
"""The typed record that a written figure is."""

Emphasis: TypeAlias = Literal["better", "worse", "strong", "faint"]
"""How a cell stands out: a clear gain, a clear loss, what is to be read first, an aside."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure as every form writes it.

    Attributes
    ----------
    text
        As written; a range has an en dash, which an ASCII form brings to its own alphabet.
    source
        The typed record that it comes from; None: words.
    emphasis
        How it stands out; the text says the same, so that a form without colour loses nothing.
    shade
        From 0, as good as it gets, to 1: how dark a map draws it. None: not shaded.
    sign
        The figure in one character, for a table that a form draws as a strip.
    note
        A word beside it in small print, such as its count of cases.
    """

    text: str
    source: Source | None = None
    emphasis: Emphasis | None = None
    shade: float | None = None
    sign: str = ""
    note: str = ""


NOTHING = Cell("-")
"""Where there is no figure."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: its label, and a cell for each column.

    Attributes
    ----------
    label
        What the line tells; with its unit where the cells have none.
    cells
        As many as the table has columns.
    inset
        True: a part of the line above it, or an aside to it.
    """

    label: str
    cells: tuple[Cell, ...]
    inset: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Figures side by side.

    Attributes
    ----------
    caption
        What it shows, as a heading over it.
    columns
        The headings.
    lines
        From top to bottom.
    strip
        True: its columns are many and alike (hours of the day), and a narrow form draws each line
        as a strip of `Cell.sign`.
    baseline_first
        True: the first column is the baseline's, and may stand again where a table is drawn in
        parts.
    """

    caption: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    strip: bool = False
    baseline_first: bool = False

    def __post_init__(self) -> None:
        """Refuse a line of another length than the headings.

        Raises
        ------
        ValueError
            If there is one.
        """
        for line in self.lines:
            if len(line.cells) != len(self.columns):
                raise ValueError(
                    f"{line.label}: {len(line.cells)} cells, {len(self.columns)} wanted"
                )


@dataclass(frozen=True, slots=True)
class Section:
    """One subject, told once for every form.

    Attributes
    ----------
    name
        What --show calls it; the anchor in a page.
    heading
        Its message in a sentence where the figures have one, else what it shows.
    sentences
        What is to be read first.
    tables
        Its figures.
    chart
        Name of its picture; "" where it has none.
    picture
        The picture in words, for a reader who does not see it.
    note
        How to read it: what is counted, what ranges hold.
    see
        Names of sections to read beside it; a form that shows all of them need not say so.
    """

    name: str
    heading: str
    sentences: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    chart: str = ""
    picture: str = ""
    note: str = ""
    see: tuple[str, ...] = ()
