"""Children in care whom another local authority placed here, beside other children in care.

A case counts where it is reported in the window, as in `after_arrival`. What has not come about by
the end of follow-up is in none of the times, and lowers the share of its step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, unique
from typing import Final

import numpy as np

from sim.measures.arrays import Flags, Ints, added, all_or_none
from sim.measures.definition import Definition
from sim.measures.episode import AIM_SECONDS
from sim.measures.lookup import places_of
from sim.tables import NEVER, NONE, CaseEnd, Policy, Table

PLACED_BY: Final = ("own_authority", "another_authority")
"""Who placed a child in care: this force's local authorities, or another."""


@unique
class PlacedCount(IntEnum):
    """Columns of `Placed.counts`; sums over the cases of children in care."""

    CASES = 0
    OF_ALL = 1
    """Cases of all children, in care or not: the same in both rows."""
    ARRIVED = 2
    ARRIVED_SECONDS = 3
    """From the report."""
    RESEARCHED = 4
    RESEARCHED_SECONDS = 5
    """From the report until research is on the log."""
    PPN_SENT = 6
    SHARED = 7
    SHARED_SECONDS = 8
    """From the PPN."""
    DISCUSSED = 9
    DISCUSSED_SECONDS = 10
    """From the report."""
    STRATEGY_HELD = 11
    FOLLOWED = 12
    """Safe at least 72 hours before the end of follow-up: what return interviews are held to."""
    COMPLETED = 13
    """Of these; so the next."""
    COMPLETED_IN_AIM = 14


@dataclass(frozen=True, eq=False)
class Placed:
    """What became of cases of children in care, by who placed them.

    Parameters
    ----------
    counts
        Shape (`PLACED_BY`, columns of `PlacedCount`).
    """

    counts: Ints


def placed_of(
    *,
    incidents: Table,
    outcomes: Table,
    episodes: Table,
    cases: Table,
    policy: Policy,
    definition: Definition,
) -> Placed:
    """Tally the cases of children in care.

    Parameters
    ----------
    incidents, outcomes, policy, definition
        As `sim.measures.measure` takes them; outcomes in the order of the incidents.
    episodes, cases
        What was drawn of the episodes, and what the engine made of them, in one order.
    """
    rows = places_of(incidents["key"], episodes["key"])
    reported = incidents["reported_at"][rows]
    counted = (reported >= definition.since) & (reported < definition.until)
    counted &= incidents["deploys"][rows] == 1
    counted &= ~np.isin(cases["end"], (CaseEnd.PREVENTED, CaseEnd.UNRECORDED))
    in_care = counted & (incidents["in_care"][rows] == 1)
    outside = episodes["outside_seconds"] != NEVER
    arrived, researched = outcomes["arrived_at"][rows], outcomes["researched_at"][rows]
    ppn, safe, completed = cases["ppn_at"], cases["safe_at"], cases["completed_at"]
    followed = (safe != NEVER) & (safe + AIM_SECONDS <= policy.end)
    held = followed & (completed != NEVER)
    one = np.ones(rows.size, dtype=np.int64)
    columns: dict[PlacedCount, Ints | Flags] = {
        PlacedCount.CASES: one,
        PlacedCount.OF_ALL: one,
        PlacedCount.ARRIVED: arrived != NEVER,
        PlacedCount.ARRIVED_SECONDS: _length(reported, arrived),
        PlacedCount.RESEARCHED: researched != NEVER,
        PlacedCount.RESEARCHED_SECONDS: _length(reported, researched),
        PlacedCount.PPN_SENT: ppn != NEVER,
        PlacedCount.SHARED: cases["shared_at"] != NEVER,
        PlacedCount.SHARED_SECONDS: _length(ppn, cases["shared_at"]),
        PlacedCount.DISCUSSED: cases["discussed_at"] != NEVER,
        PlacedCount.DISCUSSED_SECONDS: _length(reported, cases["discussed_at"]),
        PlacedCount.STRATEGY_HELD: cases["strategy_at"] != NEVER,
        PlacedCount.FOLLOWED: followed,
        PlacedCount.COMPLETED: held,
        PlacedCount.COMPLETED_IN_AIM: held & (completed - safe <= AIM_SECONDS),
    }
    counts = np.zeros((len(PLACED_BY), len(PlacedCount)), dtype=np.int64)
    for place, mine in enumerate((in_care & ~outside, in_care & outside)):
        counts[place] = [int(columns[count][mine].sum()) for count in PlacedCount]
    counts[:, PlacedCount.OF_ALL] = int(counted.sum())
    return Placed(counts)


def _length(start: Ints, end: Ints) -> Ints:
    """From one to the other; 0 where that has not come about."""
    return np.where(end == NEVER, 0, end - np.where(end == NEVER, 0, start))


def tells_of_placed(policy: Policy) -> bool:
    """Whether more than the return home interview differs for these children (rule 13.10)."""
    return policy.episode is not None and policy.episode.strategy_parts_outside != NONE


def merged_placed(parts: Sequence[Placed | None]) -> Placed | None:
    """Several added up; None where none has any.

    Raises
    ------
    ValueError
        If some have and some have not: they are not of one scenario.
    """
    known = all_or_none(parts)
    return Placed(added([one.counts for one in known])) if known else None
