"""Rows of the tables that are drawn, as records; and records as rows of the tables made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.engines.reference.records import Case, Fate, Incident, LineFate, Report
from sim.tables import (
    CASES,
    NEVER,
    NONE,
    OUTCOMES,
    CaseEnd,
    Draws,
    End,
    Table,
)

_FATES: Final = {
    kind: tuple(one.name for one in fields(kind) if one.init) for kind in (Report, Incident)
}


def reports_from(incidents: Table) -> list[Report | Incident]:
    """A record for each row of the incidents table, in its order."""
    sent = _are_sent_to(incidents)
    made: dict[bool, list[Any]] = {}
    for kind, rows in ((Incident, sent), (Report, ~sent)):
        fates = zip(*(incidents[name][rows].tolist() for name in _FATES[kind]), strict=True)
        made[kind is Incident] = [kind(*fate) for fate in fates][::-1]
    return [made[is_sent_to].pop() for is_sent_to in sent.tolist()]


def outcomes_of(
    reports: Sequence[Report | Incident],
    cases: Mapping[int, Case],
    incidents: Table,
    follow_up_ends: int,
) -> Table:
    """The outcomes table (rule 10.1), in the order of the incidents table."""
    columns: dict[str, NDArray[np.int64]] = {
        name: np.fromiter(
            (getattr(report, name, nothing) for report in reports), np.int64, len(reports)
        )
        for name, nothing in OUTCOMES.nothing.items()
    }
    sent = _are_sent_to(incidents)
    columns["key"] = incidents["key"]
    grade = np.fromiter((report.grade for report in reports), np.int64, len(reports))
    final = columns["final_grade"]
    columns["final_grade"] = np.where(final == NONE, grade, final)
    columns["final_risk"] = np.where(
        columns["ratified_at"] == NEVER, incidents["risk"], incidents["ratified_risk"]
    )
    # Rule 9.3, the first that applies.
    arrived = columns["arrived_at"]
    until = np.where(arrived == NEVER, follow_up_ends, arrived)
    returned = (incidents["return_at"] != NEVER) & (incidents["return_at"] < until)
    columns["end"] = np.select(
        [
            incidents["desk_pool"] != NONE,
            ~sent & (columns["graded_at"] != NEVER),
            ~sent,
            returned,
            arrived != NEVER,
        ],
        [
            End.DESK_WORK,
            End.ENDED_WITHOUT_DEPLOYMENT,
            End.OPEN,
            End.RETURNED_FIRST,
            End.ATTENDED,
        ],
        End.OPEN,
    )
    for case in cases.values():
        if case.end == CaseEnd.PREVENTED:
            columns["end"][case.row] = End.PREVENTED
        elif case.end == CaseEnd.UNRECORDED:
            columns["end"][case.row] = End.UNRECORDED
    return Table(OUTCOMES, columns)


def cases_from(reports: Sequence[Report | Incident], draws: Draws) -> dict[int, Case]:
    """A case for each row of the episodes table, by key, in its order; incidents are told."""
    incidents, episodes, enquiries = draws.incidents, draws.episodes, draws.enquiries
    if not len(episodes):
        return {}
    order = np.argsort(incidents["key"])
    places = order[np.searchsorted(incidents["key"], episodes["key"], sorter=order)]
    children = incidents["child"][places].tolist()
    rows = zip(*(enquiries[name].tolist() for name in LineFate._fields), strict=True)
    lines = {
        key: [LineFate(*row) for row in together]
        for key, together in groupby(rows, key=itemgetter(0))
    }
    cases: dict[int, Case] = {}
    drawn = zip(*(episodes[name].tolist() for name in Fate._fields), strict=True)
    for row, child, fate in zip(places.tolist(), children, map(Fate._make, drawn), strict=True):
        report = reports[row]
        case = Case(report, row, child, fate, lines.get(fate.key, ()))
        if isinstance(report, Incident):
            report.case = case
        cases[fate.key] = case
    return cases


def cases_table(cases: Mapping[int, Case], incidents: Table, follow_up_ends: int) -> Table:
    """The cases table (rule 13.9)."""
    columns: dict[str, NDArray[np.int64]] = {
        name: np.fromiter(
            (getattr(case, name, nothing) for case in cases.values()), np.int64, len(cases)
        )
        for name, nothing in CASES.nothing.items()
    }
    rows = np.fromiter((case.row for case in cases.values()), np.int64, len(cases))
    returns = incidents["return_at"][rows]
    found, early = columns["found_at"], columns["end"]
    prevented, unrecorded = early == CaseEnd.PREVENTED, early == CaseEnd.UNRECORDED
    returned = (found == NEVER) & (returns != NEVER) & (returns < follow_up_ends) & ~prevented
    columns["key"] = np.fromiter(cases, np.int64, len(cases))
    columns["safe_at"] = np.where(returned, returns, found)
    columns["end"] = np.select(
        [prevented, unrecorded, found != NEVER, returned],
        [CaseEnd.PREVENTED, CaseEnd.UNRECORDED, CaseEnd.FOUND, CaseEnd.RETURNED],
        CaseEnd.STILL_MISSING,
    )
    return Table(CASES, columns)


def _are_sent_to(incidents: Table) -> NDArray[np.bool_]:
    sent: NDArray[np.bool_] = (incidents["desk_pool"] == NONE) & (incidents["deploys"] != 0)
    return sent
