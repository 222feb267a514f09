"""The activities table while it is being written."""

from __future__ import annotations

from sim.tables import ACTIVITIES, NONE, Activity, Table, Why, from_rows

Row = tuple[int, int, int, int, int, int, int, int]


class Journal:
    """Rows of the activities table, one for each wait and each piece of work."""

    def __init__(self) -> None:
        self._rows: list[Row] = []
        self._add = self._rows.append

    def wait(
        self,
        incident: int,
        pool: int,
        kind: Activity,
        number: int,
        start: int,
        end: int,
        why: Why = Why.DONE,
    ) -> None:
        """Write a wait, unless it took no time."""
        if end > start:
            self._add((incident, pool, NONE, kind, number, start, end, why))

    def work(
        self,
        incident: int,
        pool: int,
        unit: int,
        kind: Activity,
        number: int,
        start: int,
        end: int,
        why: Why = Why.DONE,
    ) -> None:
        """Write a piece of work."""
        self._add((incident, pool, unit, kind, number, start, end, why))

    def table(self) -> Table:
        """The activities table, in its fixed order."""
        table = from_rows(ACTIVITIES, self._rows)
        return table.sorted_by("start", "end", "incident", "kind", "attempt", "unit", "pool", "why")
