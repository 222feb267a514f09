"""Tables with a column for each scenario, the form that most sections share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, TypeAlias

from sim.report.sections.certainty import star
from sim.report.sections.figures import Figured, cell, change_cell, few, known
from sim.report.sections.section import NOTHING, Cell, Line, Table
from sim.results import Document, Keys, Part, Row, ScenarioRows

if TYPE_CHECKING:
    from typing import Unpack

Finder: TypeAlias = Callable[[Part], Row | None]
"""Finds one row in the rows of a scenario, or of its difference."""


def at(measure: str, **keys: Unpack[Keys]) -> Finder:
    """What finds the row of a measure and these keys."""
    return lambda part: part.row(measure, **keys)


def leading(document: Document, find: Finder) -> ScenarioRows | None:
    """The first scenario that has a figure above nought: what only a variant adds is its own."""
    for part in document.scenarios:
        row = find(part)
        if row is not None and row.value:
            return part
    return None


def by_scenario(
    document: Document, caption: str, lines: Iterable[Line], columns: Sequence[str] | None = None
) -> Table | None:
    """A table of these lines; None where none of them holds a figure.

    Parameters
    ----------
    document
        Whose scenarios are the columns.
    caption
        What it shows.
    lines
        Those without any figure are left out.
    columns
        Headings; None: the scenarios' titles.
    """
    told = tuple(line for line in lines if any(one is not NOTHING for one in line.cells))
    if not told:
        return None
    return Table(caption, tuple(columns or titles(document)), told, baseline_first=True)


def titles(document: Document) -> tuple[str, ...]:
    """The scenarios' titles; that they are illustrative is said beside them, not in each."""
    return tuple(title.removesuffix(" (illustrative)") for title in document.titles)


def figures(
    document: Document,
    label: str,
    find: Finder,
    *,
    inset: bool = False,
    write: Callable[[Figured | None], Cell] = cell,
) -> Line:
    """A line with one figure of each scenario."""
    return Line(label, tuple(write(find(part)) for part in document.scenarios), inset)


def changes(document: Document, label: str, find: Finder) -> Line:
    """A line with the change of one figure under each scenario; a dash under the baseline."""
    base = find(document.baseline)
    cells = []
    for part in document.scenarios:
        difference = document.difference(part.name)
        if difference is None:
            cells.append(NOTHING)
            continue
        own = find(part)
        rare = known(base) and known(own) and few(base) and few(own)
        cells.append(change_cell(find(difference), rare=rare))
    return Line(label, tuple(cells), inset=True)


def present(*tables: Table | None) -> tuple[Table, ...]:
    """Those tables that there are."""
    return tuple(table for table in tables if table is not None)


def ranges(document: Document, *, starred: bool = False) -> str:
    """What the ranges of a section's figures are, and what a star beside a change says."""
    said = f"Ranges hold with {round(100 * document.level)}% confidence, each by itself."
    return f"{said} {star(document, 'the baseline')}" if starred and document.differences else said
