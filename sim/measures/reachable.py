"""The no-queue ceiling: the same fates and rules, played with everybody always free.

The engine plays the incidents once more. At desks nothing takes anybody's time but what it was
drawn to take: each has no pool, which the rules allow. Dispatchers and units, whose work lies
between the open gate and the arrival, are as many as it takes, on duty throughout. What is missed
even so, no staffing can mend.

So the rules of the call, the gate and travel are the engine's. What is decided here is which rules
are off, for a wait or a shift alone brings them about, and that a return home interview is always
held in time (`unlimited`).
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Final

import numpy as np

from sim.errors import InternalError
from sim.measures.arrays import Columns, of_kinds, picked
from sim.measures.clocks import Cases, Stops, clock_starts, research_began, stops_given
from sim.measures.lookup import places_of
from sim.measures.replication import Flags, Ints
from sim.scenario.same import Same
from sim.tables import (
    DAY,
    INCIDENTS,
    NEVER,
    NONE,
    PER_MILLE,
    ROTA,
    Activity,
    Draws,
    Engine,
    Origin,
    Played,
    Policy,
    Table,
    blank,
)

_AFTER_ARRIVAL: Final = (
    "scene_seconds",
    "interview_seconds",
    "custody_seconds",
    "writing_seconds",
)
"""Nobody waits for it, so it is left out, and few people are always free."""

_FIRST_TRIED: Final = 64
_MOST_OFFICERS: Final = int(np.iinfo(np.int8).max)


def unlimited(
    cases: Cases,
    rows: Ints,
    attempts: Table,
    policy: Policy,
    engine: Engine,
    episodes: Table | None = None,
) -> tuple[Stops, dict[str, Ints]]:
    """When each clock would stop, and when it would start, with everybody always free.

    Parameters
    ----------
    cases
        The incidents reported in the window; their outcomes are not read.
    rows
        Shape (n,): numbers of those that are asked for; somebody was to be sent to each. None
        moves another where nobody waits for anybody.
    attempts
        Dispatchers' work.
    policy
        The rules.
    engine
        Who plays them.
    episodes
        Fates of the missing episodes; None where they are not followed. What a child told in a
        return home interview shortens the research of every later episode (rule 13.6), as if
        the interview were always held before it: no interview can do more.

    Returns
    -------
    Stops
        NEVER where the clock would not stop: nobody may attend it, the child is back before
        anyone could arrive (as in the measure itself, returned first is not arrived), or it
        lies after the end of follow-up. Shape (n,) each.
    dict
        By clock (received, answered, graded): when it would start, shape (n,).
    """
    rules = with_everybody_free(policy)
    played = played_freely(cases.incidents, rows, attempts, policy, engine, episodes)
    those = replace(cases.picked(rows), outcomes=played.outcomes)
    # With everybody free there are no people who do research, so that it begins with the grade.
    none = np.empty(0, dtype=np.int64)
    began = research_began(those.incidents, those.outcomes, none, none, rules)
    return stops_given(those, rules, began), clock_starts(those)


def played_freely(
    incidents: Columns,
    rows: Ints,
    attempts: Table,
    policy: Policy,
    engine: Engine,
    episodes: Table | None = None,
) -> Played:
    """Play some incidents with everybody always free, as far as the first attendance.

    Parameters
    ----------
    incidents
        Those reported in the window.
    rows
        The rows that are played: incidents that somebody is sent to.
    attempts, policy, engine, episodes
        As in `unlimited`.

    Returns
    -------
    Played
        Its outcomes stand in the order of `rows`.
    """
    table = _incidents(incidents, rows, policy, episodes)
    return _played(Draws(table, attempts), with_everybody_free(policy), engine)


def with_everybody_free(policy: Policy) -> Policy:
    """The rules where nobody waits for anybody.

    Of desks, dispatchers alone are left; where there are none they take no time (2.5, 3.1, 3.3).
    Off is what only a wait, a shift or somebody's other work brings about: reserves and margins,
    stepping up, borrowing, diversion, handing over, reviews and re-THRIVE, and what follows the
    first attendance.
    """
    return _freed(Same(policy))


@lru_cache(maxsize=64)
def _freed(known: Same[Policy]) -> Policy:
    # The same in each replication.
    policy = known.it
    off, none = (NEVER,) * policy.grades, (0,) * policy.grades
    return replace(
        policy,
        pools=tuple(replace(one, reserve=0, margin_seconds=none) for one in policy.pools),
        call_takers=NONE,
        switchboard=NONE,
        kept_for_999=0,
        telephone_desk=NONE,
        research=NONE,
        ratifiers=tuple(((),) * len(by_hour) for by_hour in policy.ratifiers),
        step_up_seconds=off,
        borrows=tuple(((),) * len(by_area) for by_area in policy.borrows),
        borrow_after_seconds=off,
        most_diversions=0,
        handover_seconds=0,
        review_seconds=0,
        review_after_seconds=off,
        review_levels=(),
        review_stand_ins=(),
        review_restores_rank=NONE,
        rethrive_after_seconds=NEVER,
        rethrive_seconds=0,
        rethrive_pool=NONE,
        rethrive_calls_back=False,
        episode=None,
        concern=None,
    )


def everybody(policy: Policy, of_each: int) -> Table:
    """A rota of so many, on duty throughout, in each pool that attends or dispatches.

    A unit is officers enough for any incident.
    """
    attending = {pool for by_area in policy.attends for pools in by_area for pool in pools}
    pools = np.array(sorted(attending | {*policy.dispatchers} - {NONE}), dtype=np.int64)
    columns = blank(ROTA, pools.size * of_each)
    columns["key"] = np.arange(pools.size * of_each)
    columns["pool"] = np.repeat(pools, of_each)
    columns["on_at"][:] = policy.start
    columns["off_at"][:] = policy.end + DAY
    columns["officers"][:] = _MOST_OFFICERS
    return Table(ROTA, columns)


@lru_cache(maxsize=64)
def _everybody(rules: Same[Policy], of_each: int) -> Table:
    return everybody(rules.it, of_each)


def _played(draws: Draws, rules: Policy, engine: Engine) -> Played:
    """Let the engine play with as many people as it takes for nobody to wait."""
    of_each = _FIRST_TRIED
    while True:
        played = engine(draws, _everybody(Same(rules), of_each), rules)
        if not _somebody_waits(played.activities, draws.incidents, rules):
            return played
        if of_each > 2 * len(draws.incidents):
            raise InternalError("with everybody always free, an incident waits for somebody")
        of_each *= 2


def _somebody_waits(activities: Table, incidents: Table, rules: Policy) -> bool:
    """Whether an incident that somebody may attend waits for a unit or a dispatcher."""
    waits = of_kinds(activities, (Activity.WAIT_UNIT, Activity.WAIT_DISPATCHER))
    who = places_of(incidents["key"], activities["incident"][waits])
    attended = np.array([[bool(pools) for pools in by_area] for by_area in rules.attends])
    return bool(attended[incidents["stream"][who], incidents["area"][who]].any())


def _incidents(incidents: Columns, rows: Ints, policy: Policy, episodes: Table | None) -> Table:
    """The rows of the incidents table that somebody is sent to, up to the arrival."""
    mine = picked(incidents, rows)
    columns = {name: mine[name] for name in INCIDENTS.names}
    columns |= {name: np.zeros(rows.size, dtype=np.int64) for name in _AFTER_ARRIVAL}
    if NONE not in {policy.switchboard, policy.call_takers}:
        # It answers at once, and then takes its time.
        by_telephone = columns["origin"] <= Origin.NON_EMERGENCY
        switch = np.where(by_telephone, columns["switch_seconds"], 0)
        columns["thrive_seconds"] = columns["thrive_seconds"] + switch
    if episodes is not None and policy.episode is not None and len(episodes):
        known = _told_before(incidents, episodes, policy.end)[rows]
        drawn = columns["research_seconds"]
        asked = drawn != NEVER
        shorter = drawn * policy.episode.known_per_mille + PER_MILLE // 2
        research = np.where(known & asked, shorter // PER_MILLE, drawn)
        # What another force knows of a child takes its time, however many people there are.
        elsewhere = np.append(episodes["history_seconds"], 0)[
            places_of(episodes["key"], columns["key"])
        ]
        columns["research_seconds"] = np.where(asked, research + elsewhere, research)
    return Table(INCIDENTS, columns)


def _told_before(incidents: Columns, episodes: Table, end: int) -> Flags:
    """Whether the child's return home interview after an earlier episode tells something."""
    telling = (episodes["informs"] == 1) & (episodes["rhi_accepted"] == 1)
    places = places_of(incidents["key"], episodes["key"][telling])
    children, reported = incidents["child"], incidents["reported_at"]
    tellers, which = np.unique(children[places], return_inverse=True)
    first = np.full(tellers.size, end, dtype=np.int64)
    np.minimum.at(first, which, reported[places])
    rows = np.flatnonzero(children != NONE)
    place = places_of(tellers, children[rows])
    rows, place = rows[place >= 0], place[place >= 0]
    known = np.zeros(len(incidents), dtype=np.bool_)
    known[rows] = first[place] < reported[rows]
    return known
