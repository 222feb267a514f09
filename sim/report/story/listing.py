"""What there is to trace: the longest waits of a replication, and the children with most episodes.

No list ranks a child by anything but the number of its simulated episodes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from sim.errors import InputError
from sim.fates.naming import name_of
from sim.report.story import case_story, trace
from sim.report.story.kinds import KINDS
from sim.report.story.strip import year_lines
from sim.report.story.world import World
from sim.results import kind_of_work
from sim.tables import DAY, MINUTE, NEVER, NONE, WAITS, Activity, End

__all__ = [
    "Child",
    "Wait",
    "as_data",
    "child_told",
    "children",
    "children_told",
    "waits",
    "waits_told",
]


@dataclass(frozen=True)
class Wait:
    """One incident of a list.

    Attributes
    ----------
    name, key
        Short name, and the full key as text.
    child
        Short name of its child; None where there is none.
    reported
        Clock and date.
    stream, grade, area
        What it was; the grade as first drawn.
    unattended_minutes
        From the report to the first of arrival, return and the end.
    became
        What became of it.
    why
        The step that took longest of that, with its length.
    """

    name: str
    key: str
    child: str | None
    reported: str
    stream: str
    grade: int
    area: str
    unattended_minutes: float
    became: str
    why: str


@dataclass(frozen=True)
class Child:
    """One simulated child of a list: name, key as text, stream, and reports in the window."""

    name: str
    key: str
    stream: str
    episodes: int
    in_care: bool


def waits(
    world: World,
    stream: str | None,
    grade: int | None,
    since: int,
    until: int,
    count: int = 20,
) -> list[Wait]:
    """The incidents that were longest unattended, the longest first.

    Parameters
    ----------
    world
        One replication.
    stream, grade
        Only these; None: any.
    since, until
        Reports in [since, until) are looked at.
    count
        How many at most.

    Raises
    ------
    InputError
        There is no such stream or grade.
    """
    keys = trace.longest(world, stream, grade, since, until)[:count]
    unattended = trace.unattended_seconds(world)
    found = []
    for key in keys:
        row = world.row(key)
        seconds = int(unattended[row])
        reported = int(world.incidents["reported_at"][row])
        found.append(
            Wait(
                world.name(row),
                str(key),
                world.child_name(row) or None,
                f"{world.clock(reported)}, {world.day(reported)}",
                world.policy.streams[world.incidents["stream"][row]],
                int(world.incidents["grade"][row]),
                world.policy.areas[world.incidents["area"][row]],
                round(seconds / MINUTE, 2),
                trace.ENDS[End(int(world.outcomes["end"][row]))],
                _why(world, key, reported + seconds),
            )
        )
    return found


def _why(world: World, key: int, stop: int) -> str:
    """The step that took longest before the wait ended; of equals a wait, then the later kind."""
    activities = world.activities
    mine = np.flatnonzero((activities["incident"] == key) & (activities["start"] < stop))
    lengths: dict[Activity, int] = {}
    for place in mine.tolist():
        kind = Activity(int(activities["kind"][place]))
        if KINDS[kind].lane is None:
            continue
        end = min(int(activities["end"][place]), stop)
        lengths[kind] = lengths.get(kind, 0) + end - int(activities["start"][place])
    if not lengths:
        return "nothing was begun"
    kind = max(lengths, key=lambda one: (lengths[one], one in WAITS, one))
    lane = KINDS[kind].lane or ""
    return f"{lane[:1].lower()}{lane[1:]}, {trace.length(lengths[kind])}"


def children(
    world: World, stream: str | None, since: int, until: int, count: int = 20
) -> list[Child]:
    """The simulated children with most reports in a window; of equals the lowest key.

    Parameters are those of `waits`.
    """
    incidents = world.incidents
    inside = (
        (incidents["child"] != NONE)
        & (incidents["reported_at"] >= since)
        & (incidents["reported_at"] < until)
    )
    if stream is not None:
        inside &= incidents["stream"] == trace.stream_code(world, stream)
    rows = np.flatnonzero(inside)
    keys, first, numbers = np.unique(
        incidents["child"][rows], return_index=True, return_counts=True
    )
    order = np.lexsort((keys, -numbers))[:count]
    return [
        Child(
            world.child_name(int(rows[first[place]])),
            str(keys[place]),
            world.policy.streams[incidents["stream"][rows[first[place]]]],
            int(numbers[place]),
            bool(incidents["in_care"][rows[first[place]]] == 1),
        )
        for place in order
    ]


def waits_told(world: World, found: Sequence[Wait]) -> list[str]:
    """The list of waits as lines to print."""
    lines = [*trace.preface(world), f"The {len(found)} longest unattended", ""]
    wide = max((len(one.name) for one in found), default=0)
    for one in found:
        clock, day = one.reported.split(", ")
        length = trace.length(round(one.unattended_minutes * MINUTE))
        lines.append(
            f"{one.name:<{wide}}  {clock} {day}, {kind_of_work(one.stream)}, grade {one.grade}, "
            f"{one.area}: {length}; longest step: {one.why}; {one.became}"
        )
    if not found:
        lines.append("No such report fell in the measured days.")
    return [*lines, "", "trace --incident NAME tells one.", "", *trace.footing(world)]


def children_told(world: World, found: Sequence[Child]) -> list[str]:
    """The list of children as lines to print."""
    lines = [*trace.preface(world), "Simulated children by reports in the measured days", ""]
    wide = max((len(one.name) for one in found), default=0)
    for one in found:
        reports = "1 report" if one.episodes == 1 else f"{one.episodes} reports"
        care = ", in care" if one.in_care else ""
        lines.append(f"{one.name:<{wide}}  {reports}, {kind_of_work(one.stream)}{care}")
    if not found:
        lines.append("No child was reported in the measured days.")
    return [*lines, "", "trace --child NAME tells a child's year.", "", *trace.footing(world)]


def as_data(world: World, found: Sequence[Wait] | Sequence[Child]) -> dict[str, Any]:
    """A list as plain data, with what it is of and what it is not."""
    return {
        "format": 1,
        "scenario": world.title,
        "replication": world.replication,
        "rows": [asdict(one) for one in found],
        "statements": trace.footing(world),
    }


def child_told(
    world: World, child: int, episodes: Sequence[tuple[int, int, int]], since: int, until: int
) -> list[str]:
    """One simulated child's year: every report of it, as a strip and as lines.

    Parameters
    ----------
    world
        One replication.
    child
        Key of the child.
    episodes
        Of each of its reports: incident's key, second of the report, second of the return.
    since, until
        The measured window; reports in it are told with what came of them.

    Raises
    ------
    InputError
        There is no report of this child.
    """
    if not episodes:
        raise InputError(
            f"no report of this child in replication {world.replication}",
            path="--child",
            found=child,
            allowed="a name that trace --list-children prints",
        )
    streams = world.incidents["stream"][world.incidents["child"] == child]
    stream = world.policy.streams[streams[0]]
    name = name_of(stream, world.replication, child)
    before = sum(1 for _, reported, _ in episodes if reported < since)
    inside = sum(1 for _, reported, _ in episodes if since <= reported < until)
    number = f"{len(episodes)} simulated episode{'s' if len(episodes) > 1 else ''}"
    lines = [
        *trace.preface(world),
        f"Simulated child {name}: {number}, {before} before the measured days, {inside} in them",
        f"Full key {child}",
        "",
        *year_lines(
            [reported // DAY for _, reported, _ in episodes],
            -365,
            max(until, episodes[-1][1]) // DAY,
            world.first_day,
        ),
        "",
    ]
    unattended = trace.unattended_seconds(world)
    known = {int(key) for key in world.incidents["key"][world.incidents["child"] == child]}
    for key, reported, returns in episodes:
        line = f"{world.clock(reported)} {world.day(reported)}  "
        line += name_of(stream, world.replication, key)
        if key not in known:
            home = "" if returns == NEVER else f", home after {trace.length(returns - reported)}"
            lines.append(f"{line}: before the run{home}")
            continue
        row = world.row(key)
        end = trace.ENDS[End(int(world.outcomes["end"][row]))]
        case = world.case(row)
        if case is not None:
            told = case_story.summed_up(world.cases, case, reported)
            end = told if world.never_told(row) else f"{end}; {told}"
        alone = f", unattended {trace.length(int(unattended[row]))}"
        lines.append(
            f"{line}, grade {world.incidents['grade'][row]}, {trace.risk_of(world, row)}: {end}"
            f"{'' if world.never_told(row) else alone}"
        )
    return [*lines, "", *trace.footing(world)]
