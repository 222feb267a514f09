"""Figures as the page writes them: a text, and the row that it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.report import numbers
from sim.report import sentences as say
from sim.report.numbers import Places
from sim.results import Document, Keys, Part, Row

if TYPE_CHECKING:
    from typing import Unpack


@dataclass(frozen=True)
class Figure:
    """What a table's cell or a card says.

    Attributes
    ----------
    text
        The figure with its interval.
    pointer
        JSON pointer to its row; empty for words and for what the scenario sets.
    n
        Cases behind it, as words; empty where they are told elsewhere.
    step
        Shade of its cell, from 0; None: unshaded.
    """

    text: str
    pointer: str = ""
    n: str = ""
    step: int | None = None


@dataclass(frozen=True)
class Grid:
    """A table: a caption, headers, and lines whose first cell is a header."""

    caption: str
    headers: Sequence[str]
    lines: Sequence[tuple[str, Sequence[Figure]]]


@dataclass(frozen=True)
class Card:
    """One of the figures that matter: the baseline's large, the others' below."""

    title: str
    value: Figure
    rest: str
    n: str
    others: Sequence[tuple[str, Figure]]


_MOST_OTHERS = 4


def figure(document: Document, row: Row | None, at: Places | None = None) -> Figure:
    """A row as a cell: "20% (19 to 21%)", or a dash where there is none."""
    if row is None or row.value is None:
        return Figure("–")
    return Figure(numbers.quantity(row, "–", at), document.pointer(row))


def change(document: Document, row: Row | None, at: Places | None = None) -> Figure:
    """A difference as a cell: "+3 (+1 to +5)"."""
    if row is None or row.value is None:
        return Figure("–")
    return Figure(numbers.change(row, at=at), document.pointer(row))


def count(row: Row | None) -> str:
    """Cases behind a row."""
    return "" if row is None else f"{row.n:,}"


def cards(document: Document) -> list[Card]:
    """The three figures that matter, each with its interval and its count."""
    context = document.context
    target = context.target
    wanted = [
        (f"Reached within {target} of the call", "arrived_within_target", None),
        (
            f"Could be, with unlimited people ({target} of the call)",
            "reachable_within_target",
            None,
        ),
        ("Nobody there and not back after an hour", "waited_over", 60),
    ]
    found = []
    for title, measure, minutes in wanted:
        row = document.headline(document.baseline, measure, minutes=minutes)
        if row is None or row.value is None:
            continue
        others_rows = {
            part.name: document.headline(part, measure, minutes=minutes)
            for part in document.scenarios[1 : 1 + _MOST_OTHERS]
        }
        at = numbers.places([row, *others_rows.values()])
        whole = figure(document, row, at)
        value, _, rest = whole.text.partition(" ")
        others = [
            (document.context.scenario(name), figure(document, other, at))
            for name, other in others_rows.items()
        ]
        card = Card(
            title, Figure(value, whole.pointer), rest.strip("()"), f"{count(row)} reports", others
        )
        found.append(card)
    return found


def by_scenario(
    document: Document,
    caption: str,
    measures: Iterable[tuple[str, Mapping[str, Row | None]]],
    at: Places | None = None,
) -> Grid:
    """A table with a column for each scenario; lines without any figure are left out.

    Figures of a kind are written alike: at these places, or the finest that any of them bears.
    """
    measures = list(measures)
    at = at or numbers.places(row for _, rows in measures for row in rows.values())
    lines = []
    for title, rows in measures:
        cells = [figure(document, rows.get(name), at) for name in document.names]
        if any(cell.pointer for cell in cells):
            lines.append((title, cells))
    return Grid(caption, document.titles, lines)


def rows_of(
    document: Document, measure: str, by: str = "received", **keys: Unpack[Keys]
) -> dict[str, Row | None]:
    """The headline's row of a measure by scenario; with further keys, of that part of it."""
    return {part.name: document.headline(part, measure, by, **keys) for part in document.scenarios}


def named(part: Part, document: Document, measure: str) -> dict[str, Row]:
    """Changes of other work under one scenario, by kind of work."""
    return dict(say.other_work_rows(part, measure, document.context))
