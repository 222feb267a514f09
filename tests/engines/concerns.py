"""Welfare concerns written by hand, with visits that take no time unless told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.tables import CONCERNS, ConcernRules, Draws, Policy, Table
from tests.engines.hand import attempts, incidents, rota
from tests.engines.played import Played, play_tables

NO_VISIT: Mapping[str, int] = {
    "gap_seconds": 100,
    "officers": 1,
    "base_travel_seconds": 0,
    "work_seconds": 10,
    "sees": 0,
}


def rules(units: Sequence[int] = (0,), **more: Any) -> ConcernRules:
    """Of one area: who goes again, with grade 3 at any hour unless told."""
    return ConcernRules(**{"attends": (tuple(units),), "grade": 3, **more})


def play_concerns(
    reports: Sequence[Mapping[str, Any]],
    people: Sequence[Mapping[str, int]],
    policy: Policy,
) -> Played:
    """Play incidents, each a welfare concern where it has visits, on all engines.

    Parameters
    ----------
    reports
        Columns of the incident that differ from nothing at all; beside them ``visits``, those of
        each visit, the first attendance first. Keys are 1, 2, …
    """
    table = incidents(
        *({name: value for name, value in one.items() if name != "visits"} for one in reports)
    )
    visits = [
        {**NO_VISIT, "key": key, "visit": place, **visit}
        for key, report in enumerate(reports, start=1)
        for place, visit in enumerate(report.get("visits", ()))
    ]
    concerns = Table(CONCERNS, {name: [one[name] for one in visits] for name in CONCERNS.names})
    draws = Draws(table, attempts(table), concerns=concerns)
    return play_tables(draws, rota(*people), policy)
