"""The shade of a table's cell as a class of the page's style."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report.charts.people import busy_step, missed_step
from sim.results import Row

if TYPE_CHECKING:
    from sim.report.sections.section import Cell


def shade_class(cell: Cell) -> str:
    """The class of a cell's shade, in the steps of the map of the same figures; "" where none."""
    if cell.shade is None:
        return ""
    if isinstance(cell.source, Row) and cell.source.measure == "utilisation":
        return f"load-{busy_step(cell.shade)}"
    return f"step-{missed_step(cell.shade)}"
