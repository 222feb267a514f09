"""A document of results, read for pictures: which of its rows stand where.

Nothing is computed here. A row keeps the place at which it stands in the document, so that every
figure shown can be traced to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sim.report.background import Background, from_data
from sim.report.sentences import Context, Document, Row, Rows

_BY_MINUTE: Final = re.compile(r"^(arrived|returned_first)_by_(\d+)_minutes$")


@dataclass(frozen=True, eq=False)
class Part:
    """One scenario's rows, or those of its difference from the baseline.

    Attributes
    ----------
    name
        Of the scenario.
    rows
        All of them.
    place
        JSON pointer to the list of rows.
    """

    name: str
    rows: Rows
    place: str


@dataclass(frozen=True)
class Point:
    """One minute of the attendance curve: arrived, and returned first, since the clock's start."""

    minute: int
    arrived: Row
    returned: Row | None


class View:
    """What a page or a set of charts is made from.

    Parameters
    ----------
    document
        With its ``context``.

    Attributes
    ----------
    document, context, background
        The document, and its ``context`` as objects.
    scenarios, differences
        The parts, the baseline first.

    Raises
    ------
    KeyError, TypeError
        The document is of another form.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.context: Context
        self.background: Background
        self.context, self.background = from_data(document)
        self._pointers: dict[int, str] = {}
        self.scenarios = self._parts("scenarios")
        self.differences = self._parts("differences")

    @property
    def baseline(self) -> Part:
        """The first scenario."""
        return self.scenarios[0]

    @property
    def called(self) -> str:
        """What a sentence calls the baseline."""
        return self.context.spoken(self.baseline.name)

    @property
    def names(self) -> list[str]:
        """Names of the scenarios, the baseline first."""
        return [part.name for part in self.scenarios]

    @property
    def titles(self) -> list[str]:
        """What tables call the scenarios, the baseline first."""
        return [self.context.scenario(name) for name in self.names]

    @property
    def target_minutes(self) -> list[float]:
        """The headline's target minutes, those of areas that differ from short to long."""
        minutes = self.context.target_minutes
        if minutes is None:
            return []
        return sorted({minutes} if isinstance(minutes, (int, float)) else set(minutes.values()))

    def pointer(self, row: Row) -> str:
        """JSON pointer to a row of this document; empty for a row made elsewhere."""
        return self._pointers.get(id(row), "")

    def headline(self, part: Part, measure: str, clock: str = "received") -> Row | None:
        """The headline's row of a measure by a clock, or by the target's own."""
        cuts = self.context.headline(clock)
        return part.rows.get(measure, **cuts) or part.rows.get(measure, **{**cuts, "clock": None})

    def along(self, part: Part, measure: str, axis: str) -> dict[int | str, Row]:
        """The headline's rows of a measure that differ in one cut only."""
        cuts = {"stream": self.context.stream, "grade": self.context.grade}
        return part.rows.along(measure, axis, **cuts)

    def curve(self, part: Part) -> list[Point]:
        """The attendance curve of the headline's reports, minute by minute."""
        found: dict[int, dict[str, Row]] = {}
        for row in part.rows.all:
            minute = _BY_MINUTE.match(row["measure"])
            if minute is None or row["value"] is None:
                continue
            if self.headline(part, row["measure"]) is row:
                found.setdefault(int(minute[2]), {})[minute[1]] = row
        return [
            Point(minute, kinds["arrived"], kinds.get("returned_first"))
            for minute, kinds in sorted(found.items())
            if "arrived" in kinds
        ]

    def pools(self, part: Part) -> dict[str, Row]:
        """Utilisation of each pool over all hours."""
        return {str(pool): row for pool, row in part.rows.along("utilisation", "pool").items()}

    def _parts(self, kind: str) -> list[Part]:
        parts = []
        for place, entry in enumerate(self.document[kind]):
            pointer = f"/{kind}/{place}/rows"
            part = Part(str(entry["name"]), Rows(entry["rows"]), pointer)
            self._pointers.update(self._placed(part))
            parts.append(part)
        return parts

    @staticmethod
    def _placed(part: Part) -> Iterator[tuple[int, str]]:
        for place, row in enumerate(part.rows.all):
            yield id(row), f"{part.place}/{place}"
