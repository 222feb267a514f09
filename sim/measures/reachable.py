"""The no-queue ceiling: the same fates and rules with unlimited people.

Nobody waits for anybody: a call is answered when it comes, each step takes only the work that
was drawn for it, and a unit of the own area sets off as soon as the gate is open and a dispatcher
has done the work of the first allocation. What is missed even so, no staffing can mend.
"""

from __future__ import annotations

import numpy as np

from sim.measures.arrays import Columns
from sim.measures.clocks import Cases, Stops, earliest
from sim.measures.lookup import places_of
from sim.measures.replication import Ints
from sim.tables import DAY, HOUR, NEVER, NONE, PER_MILLE, Gate, Policy, Risk, Table


def unlimited(
    cases: Cases, attempts: Table, policy: Policy, episodes: Table | None = None
) -> tuple[Stops, dict[str, Ints]]:
    """When each clock would stop, and when it would start, with unlimited people.

    Parameters
    ----------
    cases
        The incidents; their outcomes are not read.
    attempts
        Dispatchers' work.
    policy
        The rules.
    episodes
        Fates of the missing episodes; None where they are not followed. What a child told in a
        return home interview shortens the research of every later episode (rule 13.6), as if
        the interview were always held before it: no interview can do more.

    Returns
    -------
    Stops
        NEVER where the clock would not stop: nobody may attend it, the child is back before
        anyone could arrive (as in the measure itself, returned first is not arrived), or it
        lies after the end of follow-up.
    dict
        By clock (received, answered, graded): when it would start, shape (n,).
    """
    incidents = cases.incidents
    reported = incidents["reported_at"]
    graded = reported + incidents["thrive_seconds"]
    assessed = graded + _work(incidents["assessment_seconds"])
    researched = graded + _research(incidents, policy, episodes)
    asked = np.maximum(assessed, researched) if policy.ratification_waits_for_research else assessed
    ratified = asked + _work(incidents["ratification_seconds"])

    held = np.array(policy.gated, dtype=np.bool_)[incidents["stream"]]
    held &= incidents["held_parts"] < policy.held_parts
    if not policy.hold_high_risk:
        held &= incidents["risk"] != Risk.HIGH
    opens = {
        Gate.GRADING: graded,
        Gate.ASSESSMENT: assessed,
        Gate.RESEARCH: np.maximum(assessed, researched),
        Gate.RATIFICATION: ratified,
    }[policy.gate]
    ready = np.where(held, opens, graded)
    returned = incidents["return_at"]
    back = (returned != NEVER) & (returned < policy.end)
    # A return opens the gate (rule 4.2), but not before there is a grade.
    ready = np.where(back, np.minimum(ready, np.maximum(graded, returned)), ready)

    sets_off = ready + _dispatch(cases, attempts, policy)
    travel = _travel(cases, policy, sets_off, ratified)
    arrives = np.where(travel == NEVER, NEVER, sets_off + travel)
    arrives[arrives >= policy.end] = NEVER
    came = arrives != NEVER
    began = np.where(incidents["research_seconds"] == NEVER, NEVER, graded)
    first_there = np.where(came & (~back | (arrives <= returned)), arrives, NEVER)
    seen = np.where(came & back & (arrives >= returned), arrives, NEVER)
    stops = Stops(
        first_enquiry=earliest(began, arrives),
        officer_at_address=first_there,
        child_seen=seen,
        child_safe=earliest(np.where(back, returned, NEVER), seen),
    )
    return stops, {"received": reported, "answered": reported, "graded": graded}


def _work(seconds: Ints) -> Ints:
    return np.where(seconds == NEVER, 0, seconds)


def _research(incidents: Columns, policy: Policy, episodes: Table | None) -> Ints:
    """Seconds of research, of children who told something before as rule 13.6 shortens it."""
    work = _work(incidents["research_seconds"])
    if episodes is None or policy.episode is None or not len(episodes):
        return work
    telling = (episodes["informs"] == 1) & (episodes["rhi_accepted"] == 1)
    places = places_of(incidents["key"], episodes["key"][telling])
    children, reported = incidents["child"], incidents["reported_at"]
    tellers, which = np.unique(children[places], return_inverse=True)
    first = np.full(tellers.size, policy.end, dtype=np.int64)
    np.minimum.at(first, which, reported[places])
    rows = np.flatnonzero(children != NONE)
    place = places_of(tellers, children[rows])
    rows, place = rows[place >= 0], place[place >= 0]
    known = np.zeros(len(incidents), dtype=np.bool_)
    known[rows] = first[place] < reported[rows]
    factor = policy.episode.known_per_mille
    return np.where(known, (work * factor + PER_MILLE // 2) // PER_MILLE, work)


def _dispatch(cases: Cases, attempts: Table, policy: Policy) -> Ints:
    """Dispatcher's work for the first allocation; 0 where the area has no dispatchers."""
    keys = cases.incidents["key"]
    work = np.zeros(len(keys), dtype=np.int64)
    if not policy.dispatchers or not len(attempts):
        return work
    first = np.flatnonzero(attempts["attempt"] == 0)
    place = places_of(attempts["key"][first], keys)
    found = place >= 0
    work[found] = attempts["dispatch_seconds"][first][place[found]]
    has_pool = np.array(policy.dispatchers, dtype=np.int64) != NONE
    return np.where(has_pool[cases.incidents["area"]], work, 0)


def _travel(cases: Cases, policy: Policy, sets_off: Ints, ratified: Ints) -> Ints:
    """Travel of an own-area unit with its factors (rule 6.9); NEVER where none may attend."""
    incidents = cases.incidents
    grade = incidents["grade"].astype(np.int64)
    regraded = (incidents["ratification_seconds"] != NEVER) & (ratified <= sets_off)
    grade = np.where(regraded, incidents["ratified_grade"], grade)
    grade = np.where(incidents["vulnerable"] == 1, np.minimum(grade, 2), grade)
    factors = np.full((len(policy.streams), len(policy.areas)), NEVER, dtype=np.int64)
    for stream, by_area in enumerate(policy.attends):
        for area, pools in enumerate(by_area):
            # Own area goes first (rule 6.5); the last row is that of units without an area.
            own = [policy.pools[pool].area for pool in pools]
            if own:
                unit_area = area if area in own else NONE
                factors[stream, area] = (
                    policy.area_factor[unit_area][area] if policy.area_factor else PER_MILLE
                )
    by_area_factor = factors[incidents["stream"], incidents["area"]]
    grades = policy.grade_factor or (PER_MILLE,) * policy.grades
    by_grade = np.array(grades, dtype=np.int64)[grade - 1]
    by_hour = np.array(policy.hour_factor, dtype=np.int64)[sets_off % DAY // HOUR]
    scale = PER_MILLE**3
    product = incidents["base_travel_seconds"] * by_area_factor * by_grade * by_hour
    return np.where(by_area_factor == NEVER, NEVER, (product + scale // 2) // scale)
