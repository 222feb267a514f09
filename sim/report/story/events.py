"""The event log: what an animation of one replication needs, in vidigi's form.

vidigi draws each entity at one place at a time, the place of its latest event. So the path of an
incident is told as a sequence of places without overlap: of what goes on at once, the step nearest
to arrival counts (travel before waiting for a unit, that before ratification, and so on). Units
are told in full, desk workers as long as the incident is drawn with them. Custody work, writing
and breaks, which belong to a unit and not to an incident, are entities of their own.

Told are the incidents that somebody was to be sent to. Calls that end without deployment and
other work of the desks are not, so how busy a pool was is to be read from the results, never from
this log.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from sim.fates.naming import name_of
from sim.tables import MINUTE, NONE, Activity, Why

if TYPE_CHECKING:
    import polars as pl

COLUMNS: Final = (
    ("scenario", "name", "name of the scenario"),
    ("run_number", "count", "number of the replication, from 0"),
    ("entity_id", "count", "incident, or spell of a unit's own work; from 1 in order of arrival"),
    ("pathway", "name", "stream of the incident; for a unit's own work: its kind, such as writing"),
    ("event_type", "name", "arrival_departure, queue, resource_use or resource_use_end"),
    ("event", "name", "arrival, depart, or the place: a step, and its pool or area"),
    ("time", "minutes", "since midnight of the first measured day; before it below 0"),
    ("resource_id", "count", "unit or desk worker of its pool, from 1; anew on each shift"),
    ("timestamp", "local time", "the same moment on the calendar; clock changes are ignored"),
    ("incident", "name", "short name of the incident, as `trace --incident` takes it"),
    ("grade", "grade", "grade as first drawn"),
    ("area", "name", "area in which it is attended"),
    ("pool", "name", "pool of the unit or desk worker"),
)  # fmt: skip
"""Name, unit and meaning of the columns, in order."""

# Later ones are nearer to arrival, and are shown where several go on at once.
_PATH: Final = (
    Activity.WAIT_CALL_TAKER,
    Activity.WAIT_RESEARCH,
    Activity.RESEARCH,
    Activity.HELD,
    Activity.WAIT_DECISION,
    Activity.CALL,
    Activity.WAIT_RATIFICATION,
    Activity.RATIFICATION,
    Activity.TELEPHONE,
    Activity.HELD_FOR_TELEPHONE,
    Activity.WAIT_UNIT,
    Activity.WAIT_DISPATCHER,
    Activity.DISPATCH,
    Activity.TRAVEL,
    Activity.SCENE,
)
_UNIT_STEPS: Final = (Activity.TRAVEL, Activity.SCENE)
_OWN_WORK: Final = (
    Activity.CUSTODY,
    Activity.WRITING,
    Activity.BREAK,
    Activity.ENQUIRY,
    Activity.INTERVIEW,
    Activity.TRANSPORT,
    Activity.PROTECTION,
    Activity.REVISIT,
)
_BETWEEN: Final = "control_room"
# Events of one second and one entity, in the order in which they come about.
_ARRIVES, _ENDS, _BEGINS, _DEPARTS = range(4)

TableRow: TypeAlias = Mapping[str, Any]
Resources: TypeAlias = Mapping[tuple[int, int], int]
"""By pool and unit: its number on that shift."""


@dataclass(frozen=True)
class Names:
    """What the codes and seconds of one scenario's tables stand for.

    Parameters
    ----------
    streams, areas, pools
        In the scenario's order.
    first_day
        The date whose midnight is second 0.
    """

    streams: Sequence[str]
    areas: Sequence[str]
    pools: Sequence[str]
    first_day: date


class _Event(NamedTuple):
    second: int
    order: int
    type: str
    name: str
    resource: int | None = None
    pool: int = NONE


class _Entity(NamedTuple):
    arrived: int
    key: int
    name: str | None
    pathway: str
    grade: int | None
    area: int
    events: list[_Event]


def event_log(
    scenario: str,
    incidents: pl.DataFrame,
    outcomes: pl.DataFrame,
    activities: pl.DataFrame,
    names: Names,
    *,
    until: int,
    run_number: int = 0,
) -> pl.DataFrame:
    """Tell one replication of one scenario as events.

    Parameters
    ----------
    scenario
        Its name.
    incidents, outcomes, activities
        Its tables as they are kept: what did not happen is null.
    names
        What their codes stand for.
    until
        Told is what had not ended at second 0 and arrived before this second, each to its end.
    run_number
        Number of the replication.

    Returns
    -------
    polars.DataFrame
        With the columns of `COLUMNS`, in order of time; of one second, an entity's events stand
        in the order in which they come about.
    """
    import polars as pl

    midnight = datetime.combine(names.first_day, datetime.min.time())
    attended = (
        incidents.select("key", "stream", "area", "grade", "reported_at", "deploys", "desk_pool")
        .join(outcomes.select("key", "finished_at"), on="key")
        .filter(pl.col("deploys") == 1, pl.col("desk_pool") == NONE)
    )
    entities = _entities(
        attended, activities.filter(pl.col("start") < pl.col("end")), names, until, run_number
    )
    lines = [
        (event.second, number, event.order, entity, event)
        for number, entity in enumerate(entities, 1)
        for event in entity.events
    ]
    lines.sort(key=lambda line: line[:3])
    rows = [
        (
            scenario,
            run_number,
            number,
            entity.pathway,
            event.type,
            event.name,
            round(second / MINUTE, 4),
            event.resource,
            (midnight + timedelta(seconds=second)).isoformat(sep=" "),
            entity.name,
            entity.grade,
            None if entity.area == NONE else names.areas[entity.area],
            None if event.pool == NONE else names.pools[event.pool],
        )
        for second, number, _, entity, event in lines
    ]
    text, whole = pl.String(), pl.Int64()
    kinds = {"name": text, "local time": text, "minutes": pl.Float64()}
    schema = {name: kinds.get(unit, whole) for name, unit, _ in COLUMNS}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _entities(
    attended: pl.DataFrame,
    activities: pl.DataFrame,
    names: Names,
    until: int,
    run_number: int,
) -> list[_Entity]:
    """Incidents and spells of units' own work, in order of arrival."""
    import polars as pl

    resources = _resources(activities)
    there = attended.filter(pl.col("reported_at") < until, pl.col("finished_at").fill_null(0) >= 0)
    on_path = pl.col("kind").is_in([int(kind) for kind in _PATH])
    own_work = pl.col("kind").is_in([int(kind) for kind in _OWN_WORK])
    steps: dict[int, list[TableRow]] = defaultdict(list)
    row: TableRow
    of_these = pl.col("incident").is_in(there["key"].implode())
    # A unit's way to a line of enquiry or a visit is no step before arrival.
    ended = attended.select(pl.col("key").alias("incident"), "finished_at")
    unit_step = pl.col("kind").is_in([int(kind) for kind in _UNIT_STEPS])
    later = unit_step & (pl.col("start") >= pl.col("finished_at")).fill_null(value=False)
    activities = activities.join(ended, on="incident", how="left", maintain_order="left")
    for row in activities.filter(on_path, of_these, ~later).iter_rows(named=True):
        steps[row["incident"]].append(row)
    found: list[_Entity] = []
    for row in there.iter_rows(named=True):
        key, at, area = row["key"], row["reported_at"], row["area"]
        events = [
            _Event(at, _ARRIVES, "arrival_departure", "arrival"),
            *_path(at, row["finished_at"], steps[key], names.areas[area], names, resources),
        ]
        stream = names.streams[row["stream"]]
        name = name_of(stream, run_number, key)
        found.append(_Entity(at, key, name, stream, row["grade"], area, events))
    described: dict[int, tuple[str | None, int | None, int]] = {
        key: (name_of(names.streams[stream], run_number, key), grade, area)
        for key, stream, grade, area in attended.select(
            "key", "stream", "grade", "area"
        ).iter_rows()
    }
    spells = activities.filter(own_work | later, pl.col("start") < until, pl.col("end") >= 0)
    for row in spells.iter_rows(named=True):
        spell_of, grade, area = described.get(row["incident"], (None, None, NONE))
        events = [
            _Event(row["start"], _ARRIVES, "arrival_departure", "arrival"),
            *_use(row, row["start"], row["end"], names, resources),
        ]
        if row["why"] != Why.STILL_GOING:
            events.append(_Event(row["end"], _DEPARTS, "arrival_departure", "depart"))
        pathway = Activity(row["kind"]).name.lower()
        found.append(_Entity(row["start"], row["incident"], spell_of, pathway, grade, area, events))
    return sorted(found, key=lambda entity: (entity.arrived, entity.key, entity.pathway))


def _resources(activities: pl.DataFrame) -> Resources:
    """Number each pool's units: the lowest number that nobody at work holds."""
    import polars as pl

    spans = (
        activities.filter(pl.col("unit") != NONE)
        .group_by("pool", "unit")
        .agg(pl.col("start").min(), pl.col("end").max())
        .sort("pool", "start", "unit")
    )
    numbers: dict[tuple[int, int], int] = {}
    held: dict[int, list[tuple[int, int]]] = defaultdict(list)
    free: dict[int, list[int]] = defaultdict(list)
    most: dict[int, int] = defaultdict(int)
    for pool, unit, start, end in spans.iter_rows():
        while held[pool] and held[pool][0][0] <= start:
            heapq.heappush(free[pool], heapq.heappop(held[pool])[1])
        if not free[pool]:
            most[pool] += 1
            free[pool].append(most[pool])
        numbers[pool, unit] = number = heapq.heappop(free[pool])
        heapq.heappush(held[pool], (end, number))
    return numbers


def _path(
    begin: int,
    finished: int | None,
    rows: Sequence[TableRow],
    area: str,
    names: Names,
    resources: Resources,
) -> Iterator[_Event]:
    """Where an incident is from its report to its end, one place at a time."""
    end = max([begin, *(row["end"] for row in rows)]) if finished is None else finished
    times = {begin, end, *(row["start"] for row in rows), *(row["end"] for row in rows)}
    inside = sorted(time for time in times if begin <= time <= end)
    for since, until in _stretches(inside, rows):
        row = _nearest(rows, since)
        if row is None:
            yield _Event(since, _BEGINS, "queue", _BETWEEN)
        elif row["unit"] == NONE:
            kind = Activity(row["kind"])
            place = kind.name.lower()
            place = f"{place}_{area}" if kind is Activity.WAIT_UNIT else place
            yield _Event(since, _BEGINS, "queue", place)
        elif row["kind"] not in _UNIT_STEPS:
            yield from _use(row, since, until, names, resources)
    for row in rows:
        if row["kind"] in _UNIT_STEPS:
            yield from _use(row, row["start"], row["end"], names, resources)
    if finished is not None:
        yield _Event(finished, _DEPARTS, "arrival_departure", "depart")


def _stretches(times: Sequence[int], rows: Sequence[TableRow]) -> Iterator[tuple[int, int]]:
    """Yield the longest stretches over which one row is the nearest to arrival."""
    pending: tuple[int, int, TableRow | None] | None = None
    for since, until in pairwise(times):
        row = _nearest(rows, since)
        if pending is not None and pending[2] is row:
            pending = (pending[0], until, row)
            continue
        if pending is not None:
            yield pending[:2]
        pending = (since, until, row)
    if pending is not None:
        yield pending[:2]


def _nearest(rows: Sequence[TableRow], second: int) -> TableRow | None:
    """What goes on at a second, and of several the step that is nearest to arrival."""
    going = [row for row in rows if row["start"] <= second < row["end"]]
    return max(going, key=lambda row: _PATH.index(row["kind"]), default=None)


def _use(
    row: TableRow, since: int, until: int, names: Names, resources: Resources
) -> Iterator[_Event]:
    """The use of one unit or desk worker; what has not ended is left open."""
    pool = row["pool"]
    place = f"{Activity(row['kind']).name.lower()}_{names.pools[pool]}"
    number = resources[pool, row["unit"]]
    yield _Event(since, _BEGINS, "resource_use", place, number, pool)
    if row["why"] != Why.STILL_GOING or until < row["end"]:
        yield _Event(until, _ENDS, "resource_use_end", f"{place}_ends", number, pool)
