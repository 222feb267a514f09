"""Where a written figure stands in the document, as a JSON pointer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.results import Row

if TYPE_CHECKING:
    from sim.report.sections.section import Source
    from sim.results import Document


class Pointers:
    """JSON pointers to the typed records of one document.

    Parameters
    ----------
    document
        Whose records.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._found: dict[int, str] = {}
        for place, sweep in enumerate(document.context.sweeps):
            for number, point in enumerate(sweep.points):
                self._found[id(point)] = f"/context/sweeps/{place}/points/{number}"
        for place, staffing in enumerate(document.context.staffing):
            self._found[id(staffing)] = f"/context/staffing/{place}"
        for place, duty in enumerate(document.background.on_duty):
            self._found[id(duty)] = f"/background/on_duty/{place}"

    def __call__(self, source: Source | None) -> str:
        """The pointer to a record; empty for words, and for a record made elsewhere."""
        if isinstance(source, Row):
            return self._document.pointer(source)
        return self._found.get(id(source), "")
