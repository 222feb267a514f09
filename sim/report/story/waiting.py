"""Why a job waited for units: who was on duty through the wait, and where units went instead.

Read off the tables alone; what was waited for is what `sim.measures` counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Final

import numpy as np

from sim.measures.queue_waits import in_parts
from sim.measures.queued import QUEUE_PARTS, Waiting, waited_for
from sim.measures.replication import Ints
from sim.report.story.kinds import KINDS
from sim.report.story.world import World
from sim.tables import HOUR, NEVER, NONE, OWNERSHIP, RESPONSE, TEAM, Activity, Table

__all__ = ["Stretch", "said", "stretches"]

_MOST_STRETCHES: Final = 6
_SHORT_WAIT: Final = HOUR
WAITED: Final = {
    "nobody_on_duty": "nobody who may attend was on duty",
    "all_busy": "no officer was free",
    "too_few_together": "too few officers were free together",
    "last_call_margin": "those free were too near the end of their shift",
    "reserve": "officers were free, kept in reserve for grade 1",
    "queued_behind": "it was queued behind, officers having gone to later calls,",
}
"""What a job in the queue waited for, in words."""
_OF_PART: Final = ("start", "end", "pools", "grade", "officers")
_URGENT, _EARLIER, _AHEAD, _LOWER = "more urgent", "earlier", "ahead", "lower"


@dataclass(frozen=True)
class Stretch:
    """Part of a wait in which the same shifts were on duty, or nearly.

    Attributes
    ----------
    start, end
        Seconds.
    fewest, most
        Units on duty.
    doing
        By what they did: units on average. Idle ones are left out.
    waited
        By what was waited for (`sim.measures.queued`): seconds.
    sent
        By kind of job and its grade: allocations of these units to other jobs.
    """

    start: int
    end: int
    fewest: int
    most: int
    doing: dict[str, float]
    waited: dict[str, int]
    sent: dict[tuple[str, int], int]


def stretches(
    world: World, key: int, start: int, end: int, kind: Activity = Activity.WAIT_UNIT
) -> list[Stretch]:
    """A wait for units, cut where shifts or the case's owner change: whole where it is short.

    Parameters
    ----------
    world
        One replication.
    key
        The incident that waited.
    start, end
        Its wait, in seconds.
    kind
        What waited: the job itself, a line of enquiry, or the visit to a child who is back.
    """
    row = world.row(key)
    found: list[tuple[_Need, Table, int, int]] = []
    for since, until in pairwise(_handovers(world, key, kind, start, end)):
        need = _needed(world, row, kind, since, until, start)
        rota = world.rota
        mine = np.isin(rota["pool"], need.pools)
        mine &= (rota["on_at"] < until) & (rota["off_at"] > since)
        shifts = rota.take(mine)
        for first, last in pairwise(_edges(shifts, since, until)):
            found.append((need, shifts, first, last))
    cuts = [(first, last) for _, _, first, last in found]
    waited = _waited(world, [need for need, *_ in found], kind, cuts)
    return [_stretch(world, *one, whys) for one, whys in zip(found, waited, strict=True)]


def said(stretch: Stretch, length: Callable[[int], str]) -> str:
    """A stretch in words, without its times.

    Parameters
    ----------
    stretch
        It.
    length
        Writes a length of time, in seconds.
    """
    if not stretch.most:
        return "no unit that may attend was on duty"
    low, high = stretch.fewest, stretch.most
    number = f"{high}" if low == high else f"{low} to {high}"
    verb = "unit that may attend was" if high == 1 else "units that may attend were"
    doing = [(round(mean), what) for what, mean in stretch.doing.items()]
    whole = all(abs(mean - round(mean)) < 0.005 for mean in stretch.doing.values())
    parts = [f"{count} {what}" for count, what in sorted(doing, reverse=True) if count]
    text = f"{number} {verb} on duty"
    if parts:
        text += f": {'' if whole else 'about '}{', '.join(parts)}"
    waited = sorted(stretch.waited.items(), key=lambda one: -one[1])
    whys = [
        f"{WAITED[part]} {'throughout' if len(waited) == 1 else f'for {length(seconds)}'}"
        for part, seconds in waited
    ]
    text += f"; {', '.join(whys)}"
    if stretch.sent:
        text += f"; units were sent to {_sent(stretch.sent)}"
    return text


@dataclass(frozen=True)
class _Need:
    """Who may go to what waits, and how it stands in the queue.

    Attributes
    ----------
    key
        The incident.
    pools
        Unit pools that may go.
    officers
        That it needs; of an errand, at least.
    asked_at
        The second from which its age counts.
    grade
        Its grade at a second.
    """

    key: int
    pools: Sequence[int]
    officers: int
    asked_at: int
    grade: Callable[[int], int]


def _needed(world: World, row: int, kind: Activity, since: int, until: int, asked_at: int) -> _Need:
    incidents = world.incidents
    key, rules, case = int(incidents["key"][row]), world.policy.episode, world.case(row)
    again = world.policy.concern
    if kind == Activity.WAIT_REVISIT and again is not None:
        area = int(incidents["area"][row])
        return _Need(key, again.attends[area], 1, asked_at, partial(_job_grade, world, row))
    if kind == Activity.WAIT_UNIT or rules is None or case is None:
        return _Need(
            key,
            _pools(world, row, until),
            int(incidents["officers"][row]),
            int(incidents["reported_at"][row]),
            partial(_grade, world, row),
        )
    owner, area = _owner(world, key, since), int(incidents["area"][row])
    if kind == Activity.WAIT_RELIEF:
        pools, officers = rules.interviewers[owner][area], rules.relief_officers
        return _Need(key, pools, officers, asked_at, partial(_errand_grade, world, row))
    if kind == Activity.WAIT_VISIT:
        pools = rules.interviewers[owner][area]
    else:
        pools = rules.enquirers[owner][world.case_class(row, since)][area]
    return _Need(key, pools, 1, asked_at, partial(_errand_grade, world, row))


def _owner(world: World, key: int, second: int) -> int:
    """Whose an incident's case is: response's, unless a span says that it is the team's."""
    activities = world.activities
    held = (activities["incident"] == key) & np.isin(activities["kind"], list(OWNERSHIP))
    held &= (activities["start"] <= second) & (activities["end"] > second)
    for kind in activities["kind"][held]:
        return TEAM if kind == Activity.OWNED_BY_TEAM else RESPONSE
    # The child is safe: nobody owns the case, and the visit goes by who is on duty (11.2).
    rota, area = world.rota, int(world.incidents["area"][world.row(key)])
    teams = world.policy.episode.team[area] if world.policy.episode is not None else ()
    there = np.isin(rota["pool"], teams) & (rota["on_at"] <= second) & (rota["off_at"] > second)
    return TEAM if there.any() else RESPONSE


def _handovers(world: World, key: int, kind: Activity, start: int, end: int) -> list[int]:
    """The beginning of a wait, the handovers in it, and its end."""
    of_cases = kind in (Activity.WAIT_ENQUIRY, Activity.WAIT_VISIT, Activity.WAIT_RELIEF)
    if not of_cases or world.policy.episode is None:
        return [start, end]
    area = int(world.incidents["area"][world.row(key)])
    teams = np.isin(world.rota["pool"], world.policy.episode.team[area])
    times = np.concatenate([world.rota[name][teams] for name in ("on_at", "off_at")])
    edges = [start]
    for at in np.unique(times[(times > start) & (times < end)]).tolist():
        if _owner(world, key, at) != _owner(world, key, edges[-1]):
            edges.append(at)
    return [*edges, end]


def _errand_grade(world: World, row: int, second: int) -> int:
    """The grade of the errand that a case has at a moment: a visit's once the child is safe.

    After the interview it is that of relief, where there is any: nobody else is sent then.
    """
    rules, case = world.policy.episode, world.case(row)
    if rules is None or case is None:
        return _grade(world, row, second)
    interviewed_at = int(world.cases["interviewed_at"][case])
    if rules.relief_officers and NEVER < interviewed_at <= second:
        return rules.relief_grade
    safe_at = int(world.cases["safe_at"][case])
    if NEVER < safe_at <= second:
        return rules.interview_grade
    return rules.enquiry_grade[world.case_class(row, second)]


def _job_grade(world: World, row: int, second: int) -> int:
    """The grade of what units do for an incident: of its errands after the first attendance."""
    case = world.case(row)
    rules = world.policy.episode
    after = ["enquiry_at"]
    if rules is not None and rules.relief_officers:
        after.append("interviewed_at")
    if case is not None and any(NEVER < int(world.cases[at][case]) <= second for at in after):
        return _errand_grade(world, row, second)
    again, finished_at = world.policy.concern, int(world.outcomes["finished_at"][row])
    if case is None and again is not None and NEVER < finished_at <= second:
        return again.grade
    return _grade(world, row, second)


def _area_pools(world: World, area: int) -> list[int]:
    return [
        place
        for place, pool in enumerate(world.policy.pools)
        if not pool.desk and pool.area in (area, NONE)
    ]


def _pools(world: World, row: int, end: int) -> list[int]:
    """Pools that might have gone by the end of the wait; without a rule, those of the area."""
    policy, incidents = world.policy, world.incidents
    stream, area = int(incidents["stream"][row]), int(incidents["area"][row])
    if stream >= len(policy.attends):
        return _area_pools(world, area)
    pools = list(policy.attends[stream][area])
    after = policy.borrow_after_seconds
    ready = int(world.outcomes["ready_at"][row])
    wait = after[_grade(world, row, end) - 1] if after else NEVER
    if NEVER not in (wait, ready) and end - ready > wait and policy.borrows:
        pools += policy.borrows[stream][area]
    return pools


def _grade(world: World, row: int, second: int) -> int:
    """The incident's grade at a moment, as far as its outcome tells it."""
    changes = [int(world.outcomes[name][row]) for name in ("upgraded_at", "downgraded_at")]
    if any(NEVER < at <= second for at in changes):
        return int(world.outcomes["final_grade"][row])
    return int(world.incidents["grade"][row])


def _edges(shifts: Table, start: int, end: int) -> list[int]:
    """The beginning, the changes of strength that tell most, and the end."""
    if end - start <= _SHORT_WAIT:
        return [start, end]
    on, off = shifts["on_at"], shifts["off_at"]
    times = np.unique(np.concatenate([on, off]))
    # At least a quarter of an hour from either end, and one for what changes within the hour.
    changes: list[tuple[int, int]] = []
    for at in times[(times > start) & (times < end)].tolist():
        if at - start < HOUR // 4 or end - at < HOUR // 4:
            continue
        moved = int(np.count_nonzero(on == at) + np.count_nonzero(off == at))
        changes.append((moved, at))
    kept: list[int] = []
    for _, at in sorted(changes, key=lambda change: (-change[0], change[1])):
        if len(kept) < _MOST_STRETCHES - 1 and all(abs(at - one) >= HOUR for one in kept):
            kept.append(at)
    return [start, *sorted(kept), end]


def _doing(
    world: World, units: np.ndarray[tuple[int], np.dtype[np.int64]], since: int, until: int
) -> dict[int, list[tuple[int, int, str]]]:
    """By unit: what it did in [since, until), as (start, end, what) in order of beginning."""
    activities = world.activities
    rows = np.flatnonzero(
        np.isin(activities["unit"], units)
        & (activities["start"] < until)
        & (activities["end"] > since)
    )
    keys = world.incidents["key"]
    order = np.argsort(keys, kind="stable")
    found: dict[int, list[tuple[int, int, str]]] = {}
    for place in rows[np.argsort(activities["start"][rows], kind="stable")].tolist():
        what = KINDS[Activity(int(activities["kind"][place]))].unit_is
        if what is None:
            at = int(np.searchsorted(keys[order], activities["incident"][place]))
            what = f"on grade {world.incidents['grade'][order[at]]}"
        span = (int(activities["start"][place]), int(activities["end"][place]), what)
        found.setdefault(int(activities["unit"][place]), []).append(span)
    return found


def _stretch(
    world: World, need: _Need, shifts: Table, since: int, until: int, waited: dict[str, int]
) -> Stretch:
    here = np.flatnonzero((shifts["on_at"] < until) & (shifts["off_at"] > since))
    doing = _doing(world, shifts["key"][here], since, until)
    units = list(
        zip(*(shifts[name][here].tolist() for name in ("key", "on_at", "off_at")), strict=True)
    )
    moments = {since, until} | {time for _, *shift in units for time in shift}
    for spans in doing.values():
        moments |= {time for span in spans for time in span[:2]}
    seconds: Counter[str] = Counter()
    strengths = []
    for start, end in pairwise(sorted(time for time in moments if since <= time <= until)):
        there = [key for key, on, off in units if on <= start < off]
        strengths.append(len(there))
        for key in there:
            at = [what for a, b, what in doing.get(key, ()) if a <= start < b]
            if at:
                seconds[at[-1]] += end - start
    return Stretch(
        since,
        until,
        min(strengths, default=0),
        max(strengths, default=0),
        {what: total / (until - since) for what, total in sorted(seconds.items())},
        waited,
        _others(world, need, shifts["key"][here], since, until),
    )


def _waited(
    world: World, needs: Sequence[_Need], kind: Activity, cuts: Sequence[tuple[int, int]]
) -> list[dict[str, int]]:
    """Seconds of each stretch of one wait by what was waited for, as far as there are any.

    Parameters
    ----------
    needs, cuts
        By stretch: who may go, and from when until when it is. The wait began with the first.
    """
    joined = cuts[0][0]
    parts: list[tuple[int, int, int, Sequence[int], int, int]] = []
    for place, (need, (since, until)) in enumerate(zip(needs, cuts, strict=True)):
        if kind == Activity.WAIT_UNIT and world.policy.attends:
            of_job = in_parts(
                *world.tables_of(need.key),
                world.rises[[world.row(need.key)]],
                _wait(joined, since, until),
                world.policy,
            )
            parts += [
                (place, start, end, of_job.asked[pools], grade, officers)
                for start, end, pools, grade, officers in zip(
                    *(getattr(of_job, name).tolist() for name in _OF_PART), strict=True
                )
            ]
        else:
            parts.append((place, since, until, need.pools, need.grade(since), need.officers))
    asked = tuple(dict.fromkeys(tuple(part[3]) for part in parts))
    columns = [
        np.array(column, dtype=np.int64)
        for column in zip(
            *(
                (start, end, asked.index(tuple(pools)), grade, officers)
                for _, start, end, pools, grade, officers in parts
            ),
            strict=True,
        )
    ]
    start, end, pools, grade, officers = columns
    waiting = Waiting(
        np.zeros_like(start), np.full_like(start, joined), start, end, pools, grade, officers, asked
    )
    seconds = waited_for(waiting, world.crews, world.claims, world.policy)
    found: list[Counter[str]] = [Counter() for _ in cuts]
    for (place, *_), row in zip(parts, seconds.tolist(), strict=True):
        found[place].update(
            {part: amount for part, amount in zip(QUEUE_PARTS, row, strict=True) if amount}
        )
    return [dict(one) for one in found]


def _wait(joined: int, since: int, until: int) -> tuple[Ints, Ints, Ints]:
    at, start, end = (np.array([time], dtype=np.int64) for time in (joined, since, until))
    return at, start, end


def _others(
    world: World,
    need: _Need,
    units: np.ndarray[tuple[int], np.dtype[np.int64]],
    since: int,
    until: int,
) -> dict[tuple[str, int], int]:
    """Allocations of these units to other jobs, by how the job stood to this one, and grade."""
    activities, incidents = world.activities, world.incidents
    began = (
        np.isin(activities["unit"], units)
        & np.isin(activities["kind"], (int(Activity.EARMARKED), int(Activity.TRAVEL)))
        & (activities["start"] >= since)
        & (activities["start"] < until)
    )
    allocations = {
        (int(activities["incident"][place]), int(activities["attempt"][place]))
        for place in np.flatnonzero(began)
    }
    # Setting off ends being earmarked, which may have begun before.
    earmarked = np.flatnonzero(
        (activities["kind"] == int(Activity.EARMARKED)) & (activities["start"] < since)
    )
    allocations -= {
        (int(activities["incident"][place]), int(activities["attempt"][place]))
        for place in earmarked
    }
    found: Counter[tuple[str, int]] = Counter()
    for other, _ in sorted(allocations):
        if other == need.key:
            continue
        place = world.row(other)
        at = max(since, need.asked_at)
        theirs, own = _job_grade(world, place, at), need.grade(at)
        if theirs < own:
            stood = _URGENT
        elif theirs > own:
            stood = _LOWER
        else:
            stood = _EARLIER if incidents["reported_at"][place] < need.asked_at else _AHEAD
        found[stood, theirs] += 1
    return dict(sorted(found.items()))


def _sent(sent: dict[tuple[str, int], int]) -> str:
    total = sum(sent.values())
    by_standing = {
        _URGENT: "more urgent",
        _EARLIER: "of the same grade, reported earlier",
        _AHEAD: "of the same grade, reported later (ranked ahead, or needing fewer officers)",
        _LOWER: "less urgent (for units that this job could not have)",
    }
    parts = []
    for standing, words in by_standing.items():
        count = sum(number for (stood, _), number in sent.items() if stood == standing)
        if count:
            parts.append(f"{count} {words}")
    jobs = "1 other job" if total == 1 else f"{total} other jobs"
    return f"{jobs}: {', '.join(parts)}"
