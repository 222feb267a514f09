"""One incident explained: its timeline, and what was waited for at each step.

Told from the tables alone: the incident's fate, its outcome, the activities and the rota.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.errors import InputError
from sim.report.story import case_story
from sim.report.story.kinds import KINDS
from sim.report.story.waiting import said, stretches
from sim.report.story.world import World
from sim.results import CHILDREN, illustration, kind_of_work
from sim.tables import (
    DAY,
    HELD_CASES,
    MINUTE,
    NEVER,
    NONE,
    WAITS,
    Activity,
    End,
    Gate,
    Origin,
    Risk,
    Why,
)

if TYPE_CHECKING:
    from sim.scenario.loading import Loaded

_ORIGINS: Final = {
    Origin.EMERGENCY: "by 999",
    Origin.NON_EMERGENCY: "by 101",
    Origin.ONLINE: "online",
    Origin.DIRECT: "to police directly",
}
_ENDED: Final = {
    Why.DIVERTED: "the units were taken for more urgent work",
    Why.HANDED_OVER: "handed over at the end of the shift",
    Why.INTERRUPTED: "broken off for another job",
    Why.RETURNED: "the child came home",
    Why.STILL_GOING: "still going when the simulation ended",
    Why.SHIFT_ENDED: "the shift ended",
    Why.HUNG_UP: "the caller hung up",
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
    End.PREVENTED: "prevented: it did not come about",
    End.UNRECORDED: "never recorded",
    End.ABANDONED: "the caller hung up, and gave up",
    End.FOUND_BY_TELEPHONE: "found by telephone before anybody was sent",
}
# Steps of one second in the order in which they come about.
_REPORTED, _BACK, _ENDING, _MARK, _BEGINNING, _MEANWHILE = range(6)


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
    through: Sequence[tuple[int, int, str]] = ()
    """What changed during a long wait: from, until, and who was on duty at what."""


def unattended_seconds(world: World) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """By incident: from the report to the first of arrival, return and the end; shape (n,)."""
    ends = np.full(len(world.incidents), world.policy.end, dtype=np.int64)
    outcomes = world.outcomes
    found = outcomes["telephone_found_at"]
    for times in (outcomes["arrived_at"], found, world.incidents["return_at"]):
        ends = np.where(times == NEVER, ends, np.minimum(ends, times))
    seconds: np.ndarray[tuple[int], np.dtype[np.int64]] = np.maximum(
        ends - world.incidents["reported_at"], 0
    ).astype(np.int64)
    return seconds


def worst(world: World, stream: str | None, grade: int | None, since: int, until: int) -> int:
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
            f"no {'' if grade is None else f'grade-{grade} '}"
            f"{'' if stream is None else f'{kind_of_work(stream)} '}"
            "report fell in the measured days",
            path="--incident",
            found="worst",
            allowed="more --days, or the key of an incident",
        )
    return keys[0]


def longest(
    world: World, stream: str | None, grade: int | None, since: int, until: int
) -> list[int]:
    """Keys of the incidents longest unattended, the longest first; of equals the lowest key.

    Parameters
    ----------
    world
        One replication.
    stream, grade
        A stream's name and the grade first drawn; None: any.
    since, until
        Reports in [since, until) are looked at.

    Raises
    ------
    InputError
        There is no such stream or grade.
    """
    incidents = world.incidents
    inside = (
        (incidents["deploys"] == 1)
        & (incidents["desk_pool"] == NONE)
        & (incidents["reported_at"] >= since)
        & (incidents["reported_at"] < until)
        & ~np.isin(world.outcomes["end"], (End.PREVENTED, End.UNRECORDED))
    )
    if stream is not None:
        inside &= incidents["stream"] == stream_code(world, stream)
    if grade is not None:
        if not 1 <= grade <= world.policy.grades:
            raise InputError(
                "there is no such grade",
                path="--grade",
                found=grade,
                allowed=f"1 to {world.policy.grades}",
            )
        inside &= incidents["grade"] == grade
    rows = np.flatnonzero(inside)
    seconds = unattended_seconds(world)[rows]
    order = np.lexsort((incidents["key"][rows], -seconds))
    keys: list[int] = incidents["key"][rows[order]].tolist()
    return keys


def scripted(world: World, loaded: Loaded, since: int, until: int) -> list[int]:
    """Keys of the reports that the scenario lists one by one, in order of time."""
    listed = [
        place
        for place, stream in enumerate(loaded.scenario.streams.values())
        if getattr(stream, "reports_at", ())
    ]
    reported = world.incidents["reported_at"]
    inside = np.isin(world.incidents["stream"], listed)
    rows = np.flatnonzero(inside & (reported >= since) & (reported < until))
    keys: list[int] = world.incidents["key"][rows[np.argsort(reported[rows])]].tolist()
    return keys


def stream_code(world: World, stream: str) -> int:
    """Place of a stream in the scenario's order.

    Raises
    ------
    InputError
        There is no such stream.
    """
    if stream not in world.policy.streams:
        raise InputError(
            "there is no such stream",
            path="--stream",
            found=stream,
            allowed=", ".join(world.policy.streams),
        )
    return world.policy.streams.index(stream)


def risk_of(world: World, row: int) -> str:
    """An incident's risk as first assessed, in words."""
    risk = Risk(int(world.incidents["risk"][row])).name.lower().replace("_", " ")
    return risk if risk.startswith("not") else f"risk {risk}"


def timeline(world: World, key: int) -> list[Step]:
    """Every step of one incident in order, with what was waited for.

    Raises
    ------
    InputError
        There is no such incident in this replication.
    """
    row = world.row(key)
    steps = Counter([*_fate(world, row), *_marks(world, row), *_activities(world, key)])
    return [
        step if count == 1 else Step(step.at, step.place, f"{step.text} ({count} units)")
        for step, count in sorted(steps.items())
    ]


def told(world: World, key: int) -> list[str]:
    """The timeline as lines to print: what it is, a line for each step, what became of it."""
    return [*headed(world, key), "", *steps_told(world, key)]


def headed(world: World, key: int) -> list[str]:
    """What an incident was, of which scenario and replication, and its names, as lines."""
    row = world.row(key)
    lines = [*preface(world), f"Incident {world.name(row)}: {heading(world, row)}"]
    child = world.child_name(row)
    if child:
        episode = int(world.incidents["episode"][row]) + 1
        lines.append(
            f"Simulated child {child}, episode {episode}; trace --child {child} tells its year"
        )
    return [*lines, f"Full key {key}"]


def steps_told(world: World, key: int) -> list[str]:
    """Each step of an incident, what became of it and what a trace is not, as lines."""
    row = world.row(key)
    outcomes = world.outcomes
    lines = [f"{world.clock(step.at)}  {step.text}" for step in timeline(world, key)]
    lines += ["", f"Time unattended: {length(int(unattended_seconds(world)[row]))}"]
    lines.append(f"What became of it: {ENDS[End(int(outcomes['end'][row]))]}")
    case = world.case(row)
    if case is not None:
        reported = int(world.incidents["reported_at"][row])
        lines += case_story.became(world.cases, case, reported, length)
    return [*lines, "", *footing(world)]


def preface(world: World) -> list[str]:
    """Which world a trace is of: the scenario and the replication."""
    scenario = f"{world.title}; replication" if world.title else "Replication"
    return [f"{scenario} {world.replication}", ""]


def heading(world: World, row: int) -> str:
    """What an incident was, where, and on which day it was reported."""
    incidents = world.incidents
    stream = kind_of_work(world.policy.streams[incidents["stream"][row]])
    area = world.policy.areas[incidents["area"][row]]
    day = world.day(int(incidents["reported_at"][row]))
    return f"{stream} report, grade {incidents['grade'][row]}, {area}, reported {day}"


def _fate(world: World, row: int) -> Iterator[Step]:
    incidents = world.incidents
    child = incidents["child"][row] != NONE
    if incidents["last_seen_at"][row] != NEVER:
        yield Step(int(incidents["last_seen_at"][row]), _REPORTED, "last seen")
    origin = _ORIGINS[Origin(int(incidents["origin"][row]))]
    care = ", in care" if incidents["in_care"][row] == 1 else ""
    told = "would be reported" if world.never_told(row) else "reported"
    text = f"{told} {origin}{care}"
    yield Step(int(incidents["reported_at"][row]), _REPORTED, text)
    back = int(incidents["return_at"][row])
    case = world.case(row)
    found = case is not None and int(world.cases["found_at"][case]) != NEVER
    found |= int(world.outcomes["telephone_found_at"][row]) != NEVER
    if back != NEVER and back < world.policy.end and not found:
        yield Step(back, _BACK, "the child comes home" if child else "the person comes home")
    rises = int(incidents["escalates_at"][row])
    if rises != NEVER and rises < world.policy.end:
        yield Step(rises, _MARK, "the risk rises, which nobody knows before a review")


def _marks(world: World, row: int) -> Iterator[Step]:
    outcomes, incidents = world.outcomes, world.incidents
    risk = Risk(int(incidents["risk"][row]))
    after = {
        "graded_at": f"graded {incidents['grade'][row]}",
        "assessed_at": f"risk assessment complete: {risk.name.lower().replace('_', ' ')}",
        "ready_at": f"may be deployed to{_needing(int(incidents['officers'][row]))}",
        "allocated_at": "allocated: a unit sets off",
        "arrived_at": f"OFFICERS ARRIVE{by_pool(world, int(outcomes['attended_by'][row]))}",
        "telephone_found_at": "nobody is sent: the telephone enquiry has found them",
        "seen_at": "child seen by police",
        "upgraded_at": "regraded as more urgent",
        "downgraded_at": "regraded as less urgent",
        "finished_at": "work of the first attendance complete"
        if world.case(row) is not None
        else "work complete",
    }
    for column, text in after.items():
        at = int(outcomes[column][row])
        # Most work has no risk to assess.
        if at != NEVER and not (column == "assessed_at" and risk is Risk.NOT_ASSESSED):
            yield Step(at, _MARK, text)
    case = world.case(row)
    if case is not None:
        for at, text in case_story.marks(world.cases, case):
            yield Step(at, _MARK, text)


def spans(world: World, key: int) -> Iterator[Span]:
    """Every wait and piece of work of one incident, in the order of the activities table.

    Raises
    ------
    InputError
        There is no such incident in this replication.
    """
    activities, outcomes, row = world.activities, world.outcomes, world.row(key)
    gate = _GATES[world.policy.gate]
    sent = [int(outcomes[name][row]) for name in ("claimed_at", "allocated_at", "arrived_at")]
    sent_at = min((at for at in sent if at != NEVER), default=world.policy.end)
    case = world.case(row)
    enquiry = NEVER if case is None else int(world.cases["enquiry_at"][case])
    enquiry = world.policy.end if enquiry == NEVER else enquiry
    for place in np.flatnonzero(activities["incident"] == key):
        kind = Activity(int(activities["kind"][place]))
        start, end = int(activities["start"][place]), int(activities["end"][place])
        why = Why(int(activities["why"][place]))
        words = KINDS[kind]
        goes_back = _goes_back(kind, why)
        ending = f" ({_ENDED[why]})" if why in _ENDED and not goes_back else ""
        if kind in HELD_CASES and why is Why.HANDED_OVER:
            ending = ", and is then handed over"
        elif kind is Activity.PROTECTION and why is Why.HANDED_OVER:
            ending = ", and are relieved"
        pool = by_pool(world, int(activities["pool"][place]))
        late = words.late is not None and start >= sent_at
        line = words.late if late and words.late is not None else words.told
        if words.of_case is not None and start >= enquiry:
            line = words.of_case
        text = line.format(length=length(end - start), pool=pool, gate=gate) + ending
        through = _through(world, key, start, end, kind) if words.explained else []
        if len(through) == 1:
            text, through = f"{text}: {through[0][2]}", []
        yield Span(kind, start, end, why, text, through)


def _through(
    world: World, key: int, start: int, end: int, kind: Activity
) -> list[tuple[int, int, str]]:
    return [
        (one.start, one.end, said(one, length)) for one in stretches(world, key, start, end, kind)
    ]


def _activities(world: World, key: int) -> Iterator[Step]:
    for span in spans(world, key):
        yield Step(span.start, _BEGINNING, span.text)
        for since, until, text in span.through:
            yield Step(
                since, _MEANWHILE, f"in the queue up to {between(world, since, until)}: {text}"
            )
        if _goes_back(span.kind, span.why):
            yield Step(span.end, _ENDING, f"{_ENDED[span.why]}; the job goes back to the queue")


def _goes_back(kind: Activity, why: Why) -> bool:
    """Whether a job has lost its units; a child in protection never loses them (rule 12.4)."""
    at_work = kind not in WAITS | HELD_CASES | {Activity.PROTECTION}
    return at_work and why in (Why.DIVERTED, Why.HANDED_OVER)


def _needing(officers: int) -> str:
    return f": needs {officers} officers" if officers > 1 else ""


def between(world: World, start: int, end: int) -> str:
    """The clock at an end, with the day where it is another than at the start."""
    clock = world.clock(end)
    return clock.split(" ")[1] if start // DAY == end // DAY else clock


def by_pool(world: World, pool: int) -> str:
    """A pool in brackets after a space; empty where there is none."""
    return "" if pool == NONE else f" ({world.policy.pools[pool].name.replace('_', ' ')})"


def length(seconds: int) -> str:
    """A length of time for reading: "45 s", "12 min", "10 h 05 min"."""
    if seconds < MINUTE:
        return f"{seconds} s"
    whole = (seconds + MINUTE // 2) // MINUTE
    return f"{whole} min" if whole < 120 else f"{whole // 60} h {whole % 60:02d} min"


def footing(world: World) -> list[str]:
    """What every trace says at its end."""
    return [illustration([world.force]), CHILDREN] if world.illustrative else [CHILDREN]
