"""Where a search begins: people by the square-root rule on the load of each hour.

The load of an hour is the people who would be at work in it if nobody ever waited: work begins when
it comes in and lasts as long as it was drawn to. A shift gets the load of its busiest hour, and
above it the square root of that. Waits, shift changes and rules are left to the search.

Green, Kolesar and Whitt (2007), "Coping with time-varying demand when setting staffing
requirements for a service system", *Production and Operations Management* 16(1), 13-39. Each piece
of work counts in the very hours in which it goes on, so the lag of the load behind the reports is
in it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.answers.sizing.levers import Design, ShiftOptions, Space
from sim.scenario.models import Scenario
from sim.study import Settings
from sim.study.worlds import Plan, inputs
from sim.tables import HOUR, NEVER, NONE, Origin, Policy, Table

_REPLICATIONS: Final = 2
_MOST_HOURS: Final = 48
_SECONDS_AT_SCENE: Final = ("base_travel_seconds", "scene_seconds", "custody_seconds",
                            "writing_seconds")  # fmt: skip

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class _Work(NamedTuple):
    """Pieces of work for some pools, any of which may do them: shape (n,) each."""

    pools: tuple[int, ...]
    begins: Ints
    seconds: Ints
    people: Ints | int


def load_by_hour(scenario: Scenario, settings: Settings) -> dict[str, Floats]:
    """Return the people whom each pool would have at work if nobody ever waited.

    Parameters
    ----------
    scenario
        Demand and rules.
    settings
        Days and seed.

    Returns
    -------
    dict
        By pool, shape (24,): people by hour of the day, on average over the days. Work that
        several pools may do is shared among them evenly.
    """
    plan = Plan(("",), (scenario,), settings)
    names = list(scenario.pools)
    loads = np.zeros((len(names), 24))
    for number in range(_REPLICATIONS):
        incidents, attempts, _, policy = inputs(plan, number, 0)
        reported = incidents["reported_at"]
        counted = incidents.take((reported >= plan.since) & (reported < plan.until))
        for work in _work(counted, attempts, policy):
            for pool in work.pools:
                loads[pool] += _by_hour(work) / len(work.pools)
    return dict(zip(names, loads / (settings.days * _REPLICATIONS * HOUR), strict=True))


def start_of(space: Space, settings: Settings) -> Design:
    """Return the design whose people are the load and its safety, or the nearest there is."""
    loads = load_by_hour(space.scenario, settings)
    return tuple(_nearest(space, shift, loads[shift.pool]) for shift in space.shifts)


def _nearest(space: Space, shift: ShiftOptions, load: Floats) -> int:
    pool = space.scenario.pools[shift.pool]
    now = shift.now(space.scenario)
    if shift.of_teams:
        # What several shifts need together no hour tells: today's, or the first.
        return shift.today or 0
    abstraction = pool.abstraction if now.abstraction is None else now.abstraction
    best, nearest = 0, math.inf
    for place, option in enumerate(shift.options):
        minutes = (option.end - option.start) % 1440 or 1440
        inside = [(option.start // 60 + hour) % 24 for hour in range(-(-minutes // 60))]
        busiest = float(load[inside].max())
        needed = (busiest + math.sqrt(busiest)) / max(1 - abstraction, 0.05)
        # Today's hours first: whether others are better only a run can tell.
        moved = (option.start, option.end) != (now.start, now.end % 1440)
        distance = abs(option.people - needed) + moved * 1e-3
        if distance < nearest:
            best, nearest = place, distance
    return best


def _work(rows: Table, attempts: Table, policy: Policy) -> Iterator[_Work]:
    for pool in np.unique(rows["desk_pool"]).tolist():
        if pool != NONE:
            mine = rows.take(rows["desk_pool"] == pool)
            yield _Work((pool,), mine["reported_at"], mine["desk_seconds"], 1)
    reports = rows.take(rows["desk_pool"] == NONE)
    assessed = np.where(reports["assessment_seconds"] == NEVER, 0, reports["assessment_seconds"])
    call = reports["thrive_seconds"] + assessed + reports["wrap_seconds"]
    if policy.call_takers != NONE:
        yield _Work((policy.call_takers,), reports["reported_at"], call, 1)
    if NONE not in {policy.call_takers, policy.switchboard}:
        mine = reports.take(reports["origin"] <= Origin.NON_EMERGENCY)
        yield _Work((policy.switchboard,), mine["reported_at"], mine["switch_seconds"], 1)
    if policy.research != NONE:
        mine = reports.take(reports["research_seconds"] != NEVER)
        yield _Work((policy.research,), mine["reported_at"], mine["research_seconds"], 1)
    if policy.telephone_desk != NONE:
        mine = reports.take(reports["uncertain_parts"] < policy.telephone_parts)
        yield _Work((policy.telephone_desk,), mine["reported_at"], mine["telephone_seconds"], 1)
    yield from _ratified(reports, policy)
    sent = reports.take(reports["deploys"] != 0)
    first = attempts.take(attempts["attempt"] == 0)
    lengths = dict(zip(first["key"].tolist(), first["dispatch_seconds"].tolist(), strict=True))
    graded = sent["reported_at"] + sent["thrive_seconds"]
    dispatch = np.array([lengths.get(key, 0) for key in sent["key"].tolist()], dtype=np.int64)
    scene = sum(
        (np.maximum(sent[name], 0) for name in _SECONDS_AT_SCENE), np.zeros(len(sent), np.int64)
    )
    for stream, by_area in enumerate(policy.attends):
        for area, pools in enumerate(by_area):
            here = (sent["stream"] == stream) & (sent["area"] == area)
            if here.any() and pools:
                yield _Work(tuple(pools), graded[here], scene[here], sent["officers"][here])
    for area, pool in enumerate(policy.dispatchers):
        here = sent["area"] == area
        if pool != NONE:
            yield _Work((pool,), graded[here], dispatch[here], 1)


def _ratified(reports: Table, policy: Policy) -> Iterator[_Work]:
    asked = reports.take(reports["ratification_seconds"] != NEVER)
    for risk, by_hour in enumerate(policy.ratifiers):
        for hour, pools in enumerate(by_hour):
            here = (asked["risk"] == risk) & (asked["reported_at"] // HOUR % 24 == hour)
            if pools and here.any():
                began = asked["reported_at"][here]
                yield _Work((pools[0],), began, asked["ratification_seconds"][here], 1)


def _by_hour(work: _Work) -> Floats:
    """Return the seconds of people at work by hour of the day, shape (24,)."""
    load = np.zeros(24)
    ends = work.begins + np.maximum(work.seconds, 0)
    hour = work.begins // HOUR
    for further in range(_MOST_HOURS):
        opens = (hour + further) * HOUR
        inside = np.clip(np.minimum(ends, opens + HOUR) - np.maximum(work.begins, opens), 0, None)
        if not inside.any() and further:
            break
        np.add.at(load, (hour + further) % 24, inside * work.people)
    return load
