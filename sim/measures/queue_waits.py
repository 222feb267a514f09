"""Waits in the queue, cut where the job asks other people or finds others free.

It asks others once it may borrow (rule 6.4), and finds others free once its grade is another
(rules 3.6 and 7.3). Both moments are in the tables.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from sim.measures.arrays import Columns, Picked
from sim.measures.claims import FAR
from sim.measures.clocks import Cases
from sim.measures.lookup import Done
from sim.measures.queued import Waiting
from sim.measures.replication import Ints
from sim.tables import NEVER, Activity, Policy, Why

_LOWEST_OF_VULNERABLE: Final = 2


def waits_of_cases(cases: Cases, done: Done, policy: Policy) -> tuple[Ints, Waiting]:
    """Waits for units while they block arrival.

    Parameters
    ----------
    cases
        The incidents.
    done
        What happened for them.
    policy
        Who attends, who is borrowed, and when.

    Returns
    -------
    ndarray, Waiting
        By part: the place of its incident among the cases, shape (n,); and the parts.
    """
    activities, rows = done.activities, done.kinds.of(Activity.WAIT_UNIT)
    case = done.places[rows]
    mine = (case >= 0) & cases.needed[case]
    rows, case = rows[mine], case[mine]
    joined = activities["start"][rows]
    start = np.maximum(joined, cases.own_start[case])
    end = np.minimum(activities["end"][rows], cases.stop[case])
    used = np.flatnonzero(end > start)
    case = case[used]
    rises = rises_known(cases.incidents, done, policy)
    parts = in_parts(
        Picked(cases.incidents, case),
        Picked(cases.outcomes, case),
        rises[case],
        (joined[used], start[used], end[used]),
        policy,
    )
    return case[parts.wait], parts


def rises_known(incidents: Columns, done: Done, policy: Policy) -> Ints:
    """When a rise of each incident's risk would be discovered (rule 7.3), shape (n,).

    Parameters
    ----------
    incidents
        In question.
    done
        What happened for them.
    policy
        Whether a re-THRIVE calls the informant back.

    Returns
    -------
    ndarray
        The end of the first review, or re-THRIVE that calls back, after the rise; `FAR`: none.
        One that takes nobody's time stands in no table, and is not known.
    """
    kinds = [Activity.REVIEW, *[Activity.RETHRIVE] * policy.rethrive_calls_back]
    activities, places, rows = done.activities, done.places, done.kinds.of_any(kinds)
    rows = rows[(activities["why"][rows] == Why.DONE) & (places[rows] >= 0)]
    of, ends = places[rows], activities["end"][rows]
    rises = incidents["escalates_at"]
    found = (rises[of] != NEVER) & (ends >= rises[of])
    known = np.full(len(incidents), FAR, dtype=np.int64)
    np.minimum.at(known, of[found], ends[found])
    return known


def in_parts(
    incidents: Columns,
    outcomes: Columns,
    rises: Ints,
    waits: tuple[Ints, Ints, Ints],
    policy: Policy,
) -> Waiting:
    """Waits of incidents, in parts.

    Parameters
    ----------
    incidents, outcomes
        The row of each wait's incident, shape (n,).
    rises
        By wait, as `rises_known` has it.
    waits
        When the job joined the queue, and start and end of what is looked at: shape (n,) each.
    policy
        Who attends, who is borrowed, and when.
    """
    joined, start, end = waits
    after = np.full(policy.grades + 1, NEVER, dtype=np.int64)
    after[1 : len(policy.borrow_after_seconds) + 1] = policy.borrow_after_seconds
    ready = outcomes["ready_at"]
    grades = _grades(incidents, outcomes, rises)
    until = np.vstack([grades.since[1:], np.full((1, start.size), FAR)])
    found: list[tuple[Ints, Ints, Ints, Ints, int]] = []
    for since, before, grade in zip(grades.since, until, grades.grade, strict=True):
        first, last = np.maximum(since, start), np.minimum(before, end)
        interval = after[grade]
        borrows = np.where((interval == NEVER) | (ready == NEVER), FAR, ready + interval)
        for lent, since_then, until_then in (
            (0, first, np.minimum(last, borrows)),
            (1, np.maximum(first, borrows), last),
        ):
            rows = np.flatnonzero(since_then < until_then)
            found.append((rows, since_then[rows], until_then[rows], grade[rows], lent))
    wait = np.concatenate([rows for rows, *_ in found])
    lends = np.concatenate([np.full(rows.size, lent) for rows, *_, lent in found])
    asked, pools = _asked(incidents, wait, lends, policy)
    return Waiting(
        wait=wait,
        joined=joined[wait],
        start=np.concatenate([since for _, since, *_ in found]),
        end=np.concatenate([last for _, _, last, *_ in found]),
        pools=pools,
        grade=np.concatenate([grade for *_, grade, _ in found]),
        officers=incidents["officers"][wait].astype(np.int64),
        asked=asked,
    )


def _asked(
    incidents: Columns, wait: Ints, lends: Ints, policy: Policy
) -> tuple[tuple[tuple[int, ...], ...], Ints]:
    """The lists of pools that are asked, and which of them each part asks."""
    areas = len(policy.areas)
    code = (incidents["stream"][wait].astype(np.int64) * areas + incidents["area"][wait]) * 2
    code += lends
    lists: dict[tuple[int, ...], int] = {}
    places = np.zeros(len(policy.streams) * areas * 2, dtype=np.int64)
    for which in np.unique(code).tolist():
        stream, area = divmod(which // 2, areas)
        pools = tuple(policy.attends[stream][area]) if policy.attends else ()
        if which % 2 and policy.borrows:
            pools += tuple(policy.borrows[stream][area])
        places[which] = lists.setdefault(pools, len(lists))
    return tuple(lists), places[code]


class _Grades(NamedTuple):
    """The grades held, one after another: shape (3, n) each; `FAR`: it is held no more."""

    since: Ints
    grade: Ints


def _grades(incidents: Columns, outcomes: Columns, rises: Ints) -> _Grades:
    """Each job's grade as it changes: by ratification once, and by a discovered rise once."""
    drawn = incidents["grade"].astype(np.int64)
    final = outcomes["final_grade"].astype(np.int64)
    ratified_at = outcomes["ratified_at"]
    ratified = incidents["ratified_grade"].astype(np.int64)
    capped = (incidents["vulnerable"] == 1) & (ratified > _LOWEST_OF_VULNERABLE)
    ratified = np.where(capped, _LOWEST_OF_VULNERABLE, ratified)
    changes = np.stack([outcomes["upgraded_at"], outcomes["downgraded_at"]])
    changes = np.where(changes == NEVER, FAR, changes)
    one, other = changes.min(axis=0), changes.max(axis=0)
    after_one = np.where(one == ratified_at, ratified, np.maximum(drawn - 1, 1))
    # Of two rises one is the ratification's, and one a review's.
    again = (other == FAR) & (one != FAR) & (after_one != final)
    second = np.where(one == ratified_at, np.maximum(rises, one), ratified_at)
    other = np.where(again & (second > one), second, other)
    # Two changes in one second are one, to the grade that is held after it.
    after_one = np.where((one == other) | (again & (second <= one)), final, after_one)
    began = np.full(drawn.shape, NEVER, dtype=np.int64)
    return _Grades(np.stack([began, one, other]), np.stack([drawn, after_one, final]))
