"""The visits that a welfare concern may take: when, how long, and whether the child is seen.

A value is a function of (incident, visit, column), so that more visits, or another share who are
seen, move no other value. A larger share takes in the whole of a smaller one.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from sim.fates.episodes import travel_at
from sim.fates.luck import Columns, Luck, chosen, full
from sim.scenario.concern import Concern
from sim.scenario.models import Scenario
from sim.tables import CONCERNS, Table

__all__ = ["drawn", "joined"]

IntArray: TypeAlias = npt.NDArray[np.int64]


def drawn(
    scenario: Scenario, concern: Concern, luck: Luck, columns: Columns, rows: IntArray
) -> list[dict[str, IntArray]]:
    """Draw the visits of one stream's concerns.

    Parameters
    ----------
    scenario, concern : Scenario, Concern
        The areas; what is drawn.
    luck : Luck
        The stream's rows.
    columns : Columns
        ``key`` and ``area`` are read.
    rows : ndarray of int64, shape (m,)
        Those to which somebody is sent.

    Returns
    -------
    list of dict of str to ndarray of int64, shape (m,)
        The columns of ``CONCERNS`` of each visit, the first attendance first.
    """
    size = luck.number.size
    key, area = full(columns["key"], size)[rows], full(columns["area"], size)[rows]
    nothing = np.zeros(rows.size, dtype=np.int64)
    first = {
        "key": key,
        "visit": nothing,
        "gap_seconds": nothing,
        "officers": nothing,
        "base_travel_seconds": nothing,
        "work_seconds": nothing,
        "sees": luck.below(concern.share_seen, "concern.seen", rows).astype(np.int64),
    }
    visits = [first]
    officers = dict(sorted(concern.officers.items()))
    for number in range(1, concern.most_revisits + 1):
        gap = concern.first_gap if number == 1 and concern.first_gap is not None else concern.gap
        visits.append(
            {
                "key": key,
                "visit": nothing + number,
                "gap_seconds": luck.seconds(gap, f"concern.gap.{number}", rows),
                "officers": full(
                    chosen(officers, luck, f"concern.officers.{number}", rows), rows.size
                ),
                "base_travel_seconds": travel_at(
                    scenario, area, luck.uniform(f"concern.travel.{number}", rows)
                ),
                "work_seconds": luck.seconds(concern.work, f"concern.work.{number}", rows),
                "sees": luck.below(concern.finds, f"concern.finds.{number}", rows).astype(np.int64),
            }
        )
    return visits


def joined(visits: list[dict[str, IntArray]]) -> Table:
    """Return all streams' visits, by (key, visit)."""
    nothing = np.empty(0, dtype=np.int64)
    columns = {
        name: np.concatenate([nothing, *(each[name] for each in visits)]) for name in CONCERNS.names
    }
    order = np.lexsort((columns["visit"], columns["key"]))
    return Table(CONCERNS, {name: column[order] for name, column in columns.items()})
