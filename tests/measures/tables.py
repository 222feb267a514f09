"""Small worlds written by hand, with what an engine would have made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.engines import reference
from sim.measures import Definition, Replication, Target, measure
from sim.tables import (
    ACTIVITIES,
    NEVER,
    NONE,
    OUTCOMES,
    Activity,
    End,
    Policy,
    Table,
    Why,
    from_rows,
)
from tests.engines.hand import attempts, incidents, policy, rota, unit, unit_pool

DAY = 86_400
HOUR = 3_600
MINUTE = 60
TARGETS = (Target(1, (15 * MINUTE,)), Target(2, (20 * MINUTE,)))
STREAMS = ("missing_child", "priority")

_NO_OUTCOME: Mapping[str, int] = {
    **{
        column.name: NEVER if column.optional else 0
        for column in OUTCOMES.columns
    },
    "end": End.OPEN,
    "attended_by": NONE,
}  # fmt: skip


def arrived(at: int, **more: int) -> dict[str, int]:
    """An outcome attended at a second, sent at once."""
    return {"arrived_at": at, "end": End.ATTENDED, **more}


def outcomes(table: Table, *rows: Mapping[str, int]) -> Table:
    """Outcomes of incidents, in their order, by the columns that differ from an open one."""
    filled = [
        {**_NO_OUTCOME, "key": int(key), **row} for key, row in zip(table["key"], rows, strict=True)
    ]
    return Table(OUTCOMES, {name: [row[name] for row in filled] for name in OUTCOMES.names})


def activity(
    kind: Activity,
    start: int,
    end: int,
    incident: int = NONE,
    unit_key: int = NONE,
    pool: int = NONE,
    attempt: int = 0,
) -> tuple[int, ...]:
    """A row of the activities."""
    return (incident, pool, unit_key, kind, attempt, start, end, Why.DONE)


def activities(*rows: tuple[int, ...]) -> Table:
    """Activities of such rows."""
    return from_rows(ACTIVITIES, list(rows)).sorted_by("start", "end", "why")


def world(**more: Any) -> Policy:
    """One area, one response pool, two streams; the gate is open."""
    settings: dict[str, Any] = {"streams": STREAMS, "missing": (True, False), "end": 2 * DAY}
    pools = more.pop("pools", [unit_pool()])
    return policy(pools, **{**settings, **more})


def definition(**more: Any) -> Definition:
    """One day, Monday, from time 0."""
    settings: dict[str, Any] = {
        "since": 0,
        "until": DAY,
        "first_weekday": 0,
        "targets": TARGETS,
        "team_hours": (((8 * HOUR, 22 * HOUR),),),
    }
    return Definition(**{**settings, **more})


def tally(
    reports: Sequence[Mapping[str, int]],
    ends: Sequence[Mapping[str, int]],
    rows: Sequence[tuple[int, ...]] = (),
    units: Sequence[Mapping[str, int]] = (unit(0, 0, DAY, 900),),
    rules: Policy | None = None,
    what: Definition | None = None,
    dispatch_seconds: Sequence[int] = (0,),
) -> Replication:
    """The tallies of such a world; incidents have keys 1, 2, … and are graded when reported.

    Where an outcome says no more than its end, the time until then is spent in travel.
    """
    table = incidents(*reports)
    rules = rules or world()
    filled, made = [], list(rows)
    told = {row[0] for row in rows}
    for key, reported, returned, end in zip(
        table["key"].tolist(),
        table["reported_at"].tolist(),
        table["return_at"].tolist(),
        ends,
        strict=True,
    ):
        start = {"answered_at": reported, "graded_at": reported, "ready_at": reported}
        claimed = {"claimed_at": reported} if end.get("arrived_at", NEVER) != NEVER else {}
        filled.append({**start, **claimed, **end})
        if key not in told:
            stop = end.get("arrived_at", NEVER)
            stop = max(returned, rules.end) if stop == NEVER else stop
            made.append(activity(Activity.TRAVEL, reported, stop, key))
    return measure(
        incidents=table,
        attempts=attempts(table, dispatch_seconds),
        rota=rota(*units),
        policy=rules,
        outcomes=outcomes(table, *filled),
        activities=activities(*made),
        definition=what or definition(),
        engine=reference.run,
    )
