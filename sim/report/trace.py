"""One incident explained: its timeline, and what was waited for at each step.

Told from the tables alone: the incident's fate, its outcome, the activities and the rota.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from sim.errors import InputError
from sim.report.context import CHILDREN, illustration, kind_of_work
from sim.tables import (
    DAY,
    HOUR,
    MINUTE,
    NEVER,
    NONE,
    WAITS,
    Activity,
    End,
    Gate,
    Origin,
    Policy,
    Risk,
    Table,
    Why,
)

_ORIGINS: Final = {
    Origin.EMERGENCY: "by 999",
    Origin.NON_EMERGENCY: "by 101",
    Origin.ONLINE: "online",
    Origin.DIRECT: "to police directly",
}
_WAITED_FOR: Final = {
    Activity.WAIT_CALL_TAKER: "a call taker",
    Activity.WAIT_RESEARCH: "research",
    Activity.WAIT_RATIFICATION: "somebody to ratify",
    Activity.WAIT_REVIEW: "a reviewer",
    Activity.WAIT_DESK: "the desk",
    Activity.WAIT_DISPATCHER: "a dispatcher; units were already earmarked",
}
_WORK: Final = {
    Activity.CALL: "call",
    Activity.RESEARCH: "research",
    Activity.RATIFICATION: "ratification",
    Activity.REVIEW: "review of the waiting job",
    Activity.DESK: "desk work",
    Activity.DISPATCH: "allocation by a dispatcher",
    Activity.EARMARKED: "unit earmarked",
    Activity.TRAVEL: "unit travels",
    Activity.SCENE: "work at the scene",
    Activity.CUSTODY: "custody, hospital or sitting with somebody",
    Activity.WRITING: "writing up",
    Activity.BREAK: "break",
    Activity.RETHRIVE: "re-THRIVE, a fresh look at threat and risk",
}
_ENDED: Final = {
    Why.DIVERTED: "the units were taken for more urgent work",
    Why.HANDED_OVER: "handed over at the end of the shift",
    Why.INTERRUPTED: "broken off for another job",
    Why.RETURNED: "the child came home",
    Why.STILL_GOING: "still going when the simulation ended",
    Why.SHIFT_ENDED: "the shift ended",
}
_GATES: Final = {
    Gate.GRADING: "grading",
    Gate.ASSESSMENT: "the risk assessment",
    Gate.RESEARCH: "research",
    Gate.RATIFICATION: "ratification of the risk assessment",
}
ENDS: Final = {
    End.OPEN: "open at the end of the simulation",
    End.ATTENDED: "attended",
    End.RETURNED_FIRST: "the child returned before anyone arrived",
    End.ENDED_WITHOUT_DEPLOYMENT: "ended without anyone being sent",
    End.DESK_WORK: "other work of a desk",
}
_AT_WORK: Final = {
    Activity.WRITING: "writing",
    Activity.BREAK: "on a break",
    Activity.CUSTODY: "in custody work",
}
# Steps of one second in the order in which they come about.
_REPORTED, _ENDING, _MARK, _BEGINNING = range(4)


@dataclass(frozen=True, eq=False)
class World:
    """One replication, as its tables tell it.

    Attributes
    ----------
    incidents, outcomes, activities, rota
        Its tables, as drawn and as the engine made them.
    policy
        Names of streams, pools and areas, and the rules.
    first_day
        The date whose midnight is second 0.
    illustrative
        False only where the scenario says that it is a force's own.
    force
        Whose figures an illustrative scenario takes after, if anybody's.
    """

    incidents: Table
    outcomes: Table
    activities: Table
    rota: Table
    policy: Policy
    first_day: date
    illustrative: bool = True
    force: str | None = None

    def row(self, key: int) -> int:
        """Place of an incident in the incidents table.

        Raises
        ------
        InputError
            There is no such incident in this replication.
        """
        places = np.flatnonzero(self.incidents["key"] == key)
        if not places.size:
            raise InputError(
                "there is no such incident in this replication",
                path="--incident",
                found=key,
                allowed='a key of the incidents table, or "worst"',
            )
        return int(places[0])

    def clock(self, second: int) -> str:
        """A second as "Tue 02:13"; None of it where it never happened."""
        days, rest = divmod(int(second), DAY)
        weekday = (self.first_day + timedelta(days=days)).strftime("%a")
        return f"{weekday} {rest // HOUR:02d}:{rest % HOUR // MINUTE:02d}"

    def day(self, second: int) -> str:
        """The date of a second, as "4 January 2022"."""
        day = self.first_day + timedelta(days=int(second) // DAY)
        return f"{day.day} {day:%B %Y}"


@dataclass(frozen=True, order=True)
class Step:
    """One line of a timeline; the order is that of the story."""

    at: int
    place: int
    text: str


@dataclass(frozen=True)
class Span:
    """One wait or piece of work: from when to when, why it ended, and all that in words."""

    kind: Activity
    start: int
    end: int
    why: Why
    text: str


def unattended_seconds(world: World) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """By incident: from the report to the first of arrival, return and the end; shape (n,)."""
    ends = np.full(len(world.incidents), world.policy.end, dtype=np.int64)
    for times in (world.outcomes["arrived_at"], world.incidents["return_at"]):
        ends = np.where(times == NEVER, ends, np.minimum(ends, times))
    seconds: np.ndarray[tuple[int], np.dtype[np.int64]] = np.maximum(
        ends - world.incidents["reported_at"], 0
    ).astype(np.int64)
    return seconds


def worst(world: World, stream: str, grade: int, since: int, until: int) -> int:
    """Key of the headline's incident that was longest unattended; of equals the lowest key.

    Parameters are those of `longest`.

    Raises
    ------
    InputError
        None was reported there.
    """
    keys = longest(world, stream, grade, since, until)
    if not keys:
        raise InputError(
            f"no grade-{grade} {kind_of_work(stream)} report fell in the measured days",
            path="--incident",
            found="worst",
            allowed="more --days, or the key of an incident",
        )
    return keys[0]


def longest(world: World, stream: str, grade: int, since: int, until: int) -> list[int]:
    """Keys of the headline's incidents, the longest unattended first; of equals the lowest key.

    Parameters
    ----------
    world
        One replication.
    stream, grade
        The headline: a stream's name and the grade first drawn.
    since, until
        Reports in [since, until) are looked at.
    """
    incidents = world.incidents
    inside = (
        (incidents["stream"] == world.policy.streams.index(stream))
        & (incidents["grade"] == grade)
        & (incidents["deploys"] == 1)
        & (incidents["desk_pool"] == NONE)
        & (incidents["reported_at"] >= since)
        & (incidents["reported_at"] < until)
    )
    rows = np.flatnonzero(inside)
    seconds = unattended_seconds(world)[rows]
    order = np.lexsort((incidents["key"][rows], -seconds))
    keys: list[int] = incidents["key"][rows[order]].tolist()
    return keys


def timeline(world: World, key: int) -> list[Step]:
    """Every step of one incident in order, with what was waited for.

    Raises
    ------
    InputError
        There is no such incident in this replication.
    """
    row = world.row(key)
    steps = [*_fate(world, row), *_marks(world, row), *_activities(world, key)]
    return sorted(steps)


def told(world: World, key: int) -> list[str]:
    """The timeline as lines to print: a heading, a line for each step, what became of it."""
    row = world.row(key)
    outcomes = world.outcomes
    lines = [f"Incident {key}: {heading(world, row)}", ""]
    lines += [f"{world.clock(step.at)}  {step.text}" for step in timeline(world, key)]
    lines += ["", f"Time unattended: {length(int(unattended_seconds(world)[row]))}"]
    lines.append(f"What became of it: {ENDS[End(int(outcomes['end'][row]))]}")
    return [*lines, "", *_footing(world)]


def heading(world: World, row: int) -> str:
    """What an incident was, where, and on which day it was reported."""
    incidents = world.incidents
    stream = kind_of_work(world.policy.streams[incidents["stream"][row]])
    area = world.policy.areas[incidents["area"][row]]
    day = world.day(int(incidents["reported_at"][row]))
    return f"{stream} report, grade {incidents['grade'][row]}, {area}, reported {day}"


def episodes(world: World, child: int, since: int, until: int) -> list[str]:
    """All simulated episodes of one child reported in [since, until), as lines to print.

    Raises
    ------
    InputError
        The child was not reported missing in this window.
    """
    incidents = world.incidents
    rows = np.flatnonzero(
        (incidents["child"] == child)
        & (incidents["reported_at"] >= since)
        & (incidents["reported_at"] < until)
    )
    if child == NONE or not rows.size:
        raise InputError(
            "no episode of this child was reported in the measured days",
            path="--child",
            found=child,
            allowed="a number of the incidents table's column child",
        )
    rows = rows[np.argsort(incidents["reported_at"][rows], kind="stable")]
    unattended = unattended_seconds(world)
    lines = [f"Child {child}: {len(rows)} simulated episode{'s' if len(rows) > 1 else ''}", ""]
    for row in rows:
        reported = int(incidents["reported_at"][row])
        risk = Risk(int(incidents["risk"][row])).name.lower().replace("_", " ")
        end = ENDS[End(int(world.outcomes["end"][row]))]
        lines.append(
            f"{world.clock(reported)} {world.day(reported)}  incident {incidents['key'][row]}, "
            f"grade {incidents['grade'][row]}, risk {risk}: {end}, "
            f"unattended {length(int(unattended[row]))}"
        )
    return [*lines, "", *_footing(world)]


def on_duty(world: World, area: int, second: int) -> str:
    """How many units were on duty in an area at a moment, and what they were doing.

    Units without an area of their own count for each. One whose shift has ended is not on duty.
    """
    pools = [
        place
        for place, pool in enumerate(world.policy.pools)
        if not pool.desk and pool.area in (area, NONE)
    ]
    rota = world.rota
    here = np.isin(rota["pool"], pools) & (rota["on_at"] <= second) & (rota["off_at"] > second)
    units = rota["key"][here]
    if not units.size:
        return "no unit was on duty in the area"
    activities = world.activities
    busy = np.flatnonzero(
        np.isin(activities["unit"], units)
        & (activities["start"] <= second)
        & (activities["end"] > second)
    )
    grades = dict(
        zip(world.incidents["key"].tolist(), world.incidents["grade"].tolist(), strict=True)
    )
    # Several rows of a unit may touch a moment; the last begun says what it was at.
    doing: dict[int, str] = {}
    for row in busy:
        kind = Activity(int(activities["kind"][row]))
        grade = grades.get(int(activities["incident"][row]))
        doing[int(activities["unit"][row])] = _AT_WORK.get(kind, f"on grade {grade}")
    return _counted(int(units.size), Counter(doing.values()))


def _counted(units: int, doing: Mapping[str, int]) -> str:
    parts = [f"{doing[what]} {what}" for what in sorted(doing)]
    idle = units - sum(doing.values())
    if idle:
        parts.append(f"{idle} idle but not for this job (reserve, end of shift, crew or rank)")
    number = "1 unit was" if units == 1 else f"{units} units were"
    return f"{number} on duty in the area: {', '.join(parts)}"


def _fate(world: World, row: int) -> Iterator[Step]:
    incidents = world.incidents
    child = incidents["child"][row] != NONE
    if incidents["last_seen_at"][row] != NEVER:
        yield Step(int(incidents["last_seen_at"][row]), _REPORTED, "last seen")
    origin = _ORIGINS[Origin(int(incidents["origin"][row]))]
    care = ", in care" if incidents["in_care"][row] == 1 else ""
    text = f"reported {origin}{care}"
    yield Step(int(incidents["reported_at"][row]), _REPORTED, text)
    back = int(incidents["return_at"][row])
    if back != NEVER and back < world.policy.end:
        yield Step(back, _MARK, "the child comes home" if child else "the person comes home")
    rises = int(incidents["escalates_at"][row])
    if rises != NEVER and rises < world.policy.end:
        yield Step(rises, _MARK, "the risk rises, which nobody knows before a review")


def _marks(world: World, row: int) -> Iterator[Step]:
    outcomes, incidents = world.outcomes, world.incidents
    risk = Risk(int(incidents["risk"][row]))
    after = {
        "graded_at": f"graded {incidents['grade'][row]}",
        "assessed_at": f"risk assessment complete: {risk.name.lower().replace('_', ' ')}",
        "ready_at": "may be deployed to",
        "allocated_at": "allocated: a unit sets off",
        "arrived_at": f"OFFICERS ARRIVE{_by(world, int(outcomes['attended_by'][row]))}",
        "seen_at": "child seen by police",
        "upgraded_at": "regraded as more urgent",
        "downgraded_at": "regraded as less urgent",
        "finished_at": "work complete",
    }
    for column, text in after.items():
        at = int(outcomes[column][row])
        if at != NEVER:
            yield Step(at, _MARK, text)


def spans(world: World, key: int) -> Iterator[Span]:
    """Every wait and piece of work of one incident, in the order of the activities table.

    Raises
    ------
    InputError
        There is no such incident in this replication.
    """
    activities = world.activities
    area = int(world.incidents["area"][world.row(key)])
    for place in np.flatnonzero(activities["incident"] == key):
        kind = Activity(int(activities["kind"][place]))
        start, end = int(activities["start"][place]), int(activities["end"][place])
        why = Why(int(activities["why"][place]))
        lasting = length(end - start)
        goes_back = kind not in WAITS and why in (Why.DIVERTED, Why.HANDED_OVER)
        ending = f" ({_ENDED[why]})" if why in _ENDED and not goes_back else ""
        pool = _by(world, int(activities["pool"][place]))
        if kind is Activity.WAIT_UNIT:
            text = f"waits {lasting} for a unit{ending}: {on_duty(world, area, start)}"
        elif kind is Activity.HELD:
            gate = _GATES[world.policy.gate]
            text = f"held for {lasting}: deployment waits for {gate}{ending}"
        elif kind in _WAITED_FOR:
            text = f"waits {lasting} for {_WAITED_FOR[kind]}{ending}"
        else:
            text = f"{_WORK[kind]}{pool}, {lasting}{ending}"
        yield Span(kind, start, end, why, text)


def _activities(world: World, key: int) -> Iterator[Step]:
    for span in spans(world, key):
        yield Step(span.start, _BEGINNING, span.text)
        if span.kind not in WAITS and span.why in (Why.DIVERTED, Why.HANDED_OVER):
            yield Step(span.end, _ENDING, f"{_ENDED[span.why]}; the job goes back to the queue")


def _by(world: World, pool: int) -> str:
    return "" if pool == NONE else f" ({world.policy.pools[pool].name.replace('_', ' ')})"


def length(seconds: int) -> str:
    """A length of time for reading: "45 s", "12 min", "10 h 05 min"."""
    if seconds < MINUTE:
        return f"{seconds} s"
    whole = (seconds + MINUTE // 2) // MINUTE
    return f"{whole} min" if whole < 120 else f"{whole // 60} h {whole % 60:02d} min"


def _footing(world: World) -> list[str]:
    return [illustration([world.force]), CHILDREN] if world.illustrative else [CHILDREN]
