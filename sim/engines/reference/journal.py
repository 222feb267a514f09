"""The activities table while it is being written."""

from __future__ import annotations

from struct import Struct

import numpy as np

from sim.tables import ACTIVITIES, Table

row = Struct(f"{len(ACTIVITIES.names)}q").pack
"""``row(incident, pool, unit, kind, attempt, start, end, why)``, for `Journal.rows`."""


class Journal:
    """Rows of the activities table, one for each wait and each piece of work.

    Attributes
    ----------
    rows
        ``rows += row(...)`` puts a row down. A wait of no time has no row (rule 10.2), which
        whoever writes a wait sees to.
    """

    def __init__(self) -> None:
        self.rows = bytearray()

    def table(self) -> Table:
        """The activities table, in its fixed order."""
        numbers = np.frombuffer(self.rows, dtype=np.int64)
        rows = dict(
            zip(ACTIVITIES.names, numbers.reshape(-1, len(ACTIVITIES.names)).T, strict=True)
        )
        order = np.lexsort((rows["end"], rows["start"]))
        # Few rows agree in both; only among these does the rest of the order matter.
        alike = (np.diff(rows["start"][order]) == 0) & (np.diff(rows["end"][order]) == 0)
        tied = np.zeros(len(order), dtype=np.bool_)
        tied[1:] |= alike
        tied[:-1] |= alike
        among = order[tied]
        names = ("why", "pool", "unit", "attempt", "kind", "incident", "end", "start")
        order[tied] = among[np.lexsort([rows[name][among] for name in names])]
        return Table(ACTIVITIES, {name: column[order] for name, column in rows.items()})
