"""A case worked by hand: reported on Monday at 20:00, under enquiry overnight, home on Tuesday.

Response has a crew of two officers (40 pounds an hour each), the missing-person team an officer
alone (50 pounds), and one desk (30 pounds) does all that desks do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.engines import reference
from sim.measures import Definition, Episodes, Followed, Replication, measure
from sim.tables import (
    CASES,
    EPISODES,
    NEVER,
    NONE,
    Activity,
    CaseEnd,
    End,
    Policy,
    Pool,
    Risk,
    Table,
)
from tests.engines.hand import attempts, desk_pool, incidents, rota, unit, unit_pool
from tests.measures.tables import DAY, HOUR, activities, activity, arrived, definition, outcomes
from tests.measures.tables import world as plain_world

MINUTE = 60
RESPONSE_UNIT, TEAM_UNIT, DESK_WORKER = 900, 901, 902
SECOND = 10
"""Added to their keys: those who work on a second case at the same times."""
POUNDS = (40.0, 50.0, 30.0)
POOLS = [
    unit_pool("response"),
    Pool(name="team", role="missing_person", area=0, desk=False, margin_seconds=(0, 0, 0, 0, 0)),
    desk_pool("desk"),
]
UNITS = (
    unit(0, 0, 5 * DAY, RESPONSE_UNIT, officers=2),
    unit(1, 0, 5 * DAY, TEAM_UNIT),
    unit(2, 0, 5 * DAY, DESK_WORKER),
    unit(0, 0, 5 * DAY, RESPONSE_UNIT + SECOND, officers=2),
    unit(1, 0, 5 * DAY, TEAM_UNIT + SECOND),
    unit(2, 0, 5 * DAY, DESK_WORKER + SECOND),
)
_NO_CASE: Mapping[str, int] = {
    **{column.name: NEVER if column.optional else 0 for column in CASES.columns},
    "interviewed_by": NONE,
}


def clock(day: int, hour: int, minute: int = 0) -> int:
    """Seconds at a time of a day, Monday being day 0."""
    return day * DAY + hour * HOUR + minute * MINUTE


REPORTED, ENQUIRED, HOME = clock(0, 20), clock(0, 21), clock(1, 10)
REPORT: Mapping[str, int] = {
    "reported_at": REPORTED,
    "risk": Risk.MEDIUM,
    "return_at": HOME,
    "in_care": 1,
}
CASE: Mapping[str, int] = {
    "end": CaseEnd.RETURNED,
    "enquiry_at": ENQUIRED,
    "first_line_at": clock(0, 21, 30),
    "lines": 2,
    "lines_again": 1,
    "handovers": 2,
    "reviews": 1,
    "taskings": 0,
    "moved_on": 1,
    "safe_at": HOME,
    "interviewed_at": clock(1, 11, 15),
    "interviewed_by": 1,
    "ppn_at": clock(1, 11, 40),
    "shared_at": clock(1, 12, 20),
    "discussed_at": clock(1, 11),
    "offered_at": clock(1, 11),
    "completed_at": clock(3, 9),
}
ARRIVED: Mapping[str, int] = arrived(clock(0, 20, 10), seen_at=clock(1, 10, 30))


def doing(kind: Activity, start: int, end: int, who: int = NONE, key: int = 1) -> tuple[int, ...]:
    """A row of the activities for the case."""
    pool = {RESPONSE_UNIT: 0, TEAM_UNIT: 1, DESK_WORKER: 2}.get(who, NONE)
    return activity(kind, start, end, key, who, pool)


WORK = (
    doing(Activity.TRAVEL, REPORTED, clock(0, 20, 10), RESPONSE_UNIT),
    doing(Activity.SCENE, clock(0, 20, 10), ENQUIRED, RESPONSE_UNIT),
    doing(Activity.WRITING, ENQUIRED, clock(0, 21, 15), RESPONSE_UNIT),
    doing(Activity.ENQUIRY, clock(0, 21, 30), clock(0, 22, 30), TEAM_UNIT),
    doing(Activity.CASE_REVIEW, clock(0, 23), clock(0, 23, 15), DESK_WORKER),
    doing(Activity.ENQUIRY, clock(1, 7, 30), clock(1, 8, 30), RESPONSE_UNIT),
    doing(Activity.INTERVIEW, clock(1, 10, 30), clock(1, 11, 15), TEAM_UNIT),
    doing(Activity.WRITING, clock(1, 11, 15), clock(1, 11, 40), TEAM_UNIT),
    doing(Activity.MASH, clock(1, 12), clock(1, 12, 20), DESK_WORKER),
)
OWNERS = (
    doing(Activity.OWNED_BY_TEAM, ENQUIRED, clock(0, 22)),
    doing(Activity.OWNED_BY_RESPONSE, clock(0, 22), clock(1, 8)),
    doing(Activity.OWNED_BY_TEAM, clock(1, 8), HOME),
)


def cases(table: Table, *rows: Mapping[str, int]) -> Table:
    """Cases of episodes, in their order, by the columns that differ from nothing at all."""
    filled = [
        {**_NO_CASE, "key": int(key), **row} for key, row in zip(table["key"], rows, strict=True)
    ]
    return Table(CASES, {name: [row[name] for row in filled] for name in CASES.names})


def episodes(table: Table) -> Table:
    """An episode for each incident, whose child accepts a return home interview."""
    size = len(table)
    columns: dict[str, Any] = {
        column.name: [NEVER if column.optional else 0] * size for column in EPISODES.columns
    }
    accepted = {"rhi_offered": [1] * size, "rhi_accepted": [1] * size}
    return Table(EPISODES, {**columns, **accepted, "key": table["key"]})


def world(**more: Any) -> Policy:
    """Response, a team and a desk in one area; four days."""
    return plain_world(**{"pools": POOLS, "end": 4 * DAY, **more})


def tally(
    reports: Sequence[Mapping[str, int]] = (REPORT,),
    ends: Sequence[Mapping[str, int]] = (ARRIVED,),
    rows: Sequence[Mapping[str, int]] = (CASE,),
    did: Sequence[tuple[int, ...]] = (*WORK, *OWNERS),
    what: Definition | None = None,
    rules: Policy | None = None,
) -> Replication:
    """The tallies of such a world; what has an end of its own is not graded."""
    table = incidents(*reports)
    rules = rules or world()
    filled = []
    for reported, row in zip(table["reported_at"].tolist(), ends, strict=True):
        told = row.get("end") not in (End.PREVENTED, End.UNRECORDED)
        start = dict.fromkeys(("answered_at", "graded_at", "ready_at"), reported) if told else {}
        filled.append({**start, **({"claimed_at": reported} if "arrived_at" in row else {}), **row})
    return measure(
        incidents=table,
        attempts=attempts(table),
        rota=rota(*UNITS),
        policy=rules,
        outcomes=outcomes(table, *filled),
        activities=activities(*did),
        definition=what or definition(),
        engine=reference.run,
        followed=Followed(episodes(table), cases(table, *rows), POUNDS),
    )


def of(replication: Replication) -> Episodes:
    """The tallies of its cases."""
    assert replication.episodes is not None
    return replication.episodes
