"""The outcomes and cases tables: what had come about by the end of follow-up (9.3, 10.1, 13.9)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter

from sim.engines.reference.jobs import Case, Incident, Row
from sim.tables import (
    CASES,
    NEVER,
    NONE,
    OUTCOMES,
    AfterHangUp,
    CaseEnd,
    End,
    Schema,
    Table,
    from_rows,
)


def outcomes_table(incidents: Sequence[Incident], follow_up_ends: int) -> Table:
    """A row for each incident, in their order."""
    return _table(OUTCOMES, (_of_incident(one, follow_up_ends) for one in incidents))


def cases_table(cases: Iterable[Case], follow_up_ends: int) -> Table:
    """A row for each case, in their order."""
    return _table(CASES, (_of_case(one, follow_up_ends) for one in cases))


def _of_incident(incident: Incident, follow_up_ends: int) -> Row:
    """Rules 9.3 and 10.1."""
    fate, outcome = incident.fate, incident.outcome
    outcome.key = incident.key
    if outcome.final_grade == NONE:
        outcome.final_grade = incident.grade
    outcome.final_risk = fate.risk if outcome.ratified_at == NEVER else fate.ratified_risk
    until = follow_up_ends if outcome.arrived_at == NEVER else outcome.arrived_at
    early = NONE if incident.case is None else incident.case.outcome.end
    if early == CaseEnd.PREVENTED:
        outcome.end = End.PREVENTED
    elif early == CaseEnd.UNRECORDED:
        outcome.end = End.UNRECORDED
    elif fate.desk_pool != NONE:
        outcome.end = End.DESK_WORK
    elif outcome.hung_up_at != NEVER and fate.after_hang_up == AfterHangUp.GIVES_UP:
        outcome.end = End.ABANDONED
    elif not fate.deploys and outcome.graded_at != NEVER:
        outcome.end = End.ENDED_WITHOUT_DEPLOYMENT
    elif outcome.telephone_found_at != NEVER:
        outcome.end = End.FOUND_BY_TELEPHONE
    elif fate.deploys and NEVER != fate.return_at < until:
        outcome.end = End.RETURNED_FIRST
    elif outcome.arrived_at != NEVER:
        outcome.end = End.ATTENDED
    return outcome


def _of_case(case: Case, follow_up_ends: int) -> Row:
    """Rule 13.9."""
    outcome, return_at = case.outcome, case.incident.fate.return_at
    outcome.key = case.key
    returned = NEVER != return_at < follow_up_ends
    if outcome.end != CaseEnd.PREVENTED:
        if outcome.found_at != NEVER:
            outcome.safe_at = outcome.found_at
        elif returned:
            outcome.safe_at = return_at
    if outcome.end == CaseEnd.STILL_MISSING:
        if outcome.found_at != NEVER:
            outcome.end = CaseEnd.FOUND
        elif returned:
            outcome.end = CaseEnd.RETURNED
    return outcome


def _table(schema: Schema, outcomes: Iterable[Row]) -> Table:
    values = attrgetter(*schema.names)
    return from_rows(schema, [values(outcome) for outcome in outcomes])
