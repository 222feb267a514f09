"""Idle units while a graded job waits: what tells a gate from a low rank.

A job that is only low in the queue is claimed the moment that a unit which may take it is idle. A
job held for a decision is not: units stand idle while it waits. So the seconds between grade and
claim in which an own-area pool had enough idle units for it are counted.
"""

from __future__ import annotations

import numpy as np

from sim.measures.arrays import cells_of
from sim.measures.clocks import Cases, earliest
from sim.measures.crews import Crews, Roster
from sim.measures.moments import Steps
from sim.measures.replication import Flags, Ints
from sim.tables import NEVER, Policy


def idle_seconds(cases: Cases, roster: Roster, policy: Policy) -> Ints:
    """Seconds of each incident, graded and unclaimed, in which a unit could have been sent.

    Rule 6.4 with the grade as drawn: enough idle units of one pool in `attends` are outside the
    margin for that grade and, for grades other than 1, taking them leaves the pool its reserve.
    A unit is idle where it is on duty and in no activity. Units of two pools are not put
    together, and a crew counts as the smallest of its pool: both make the figure smaller, never
    larger.

    Parameters
    ----------
    cases
        The incidents.
    roster
        The units.
    policy
        Reserves, and who attends.

    Returns
    -------
    ndarray
        Shape (n,); 0 where nobody was needed.
    """
    incidents, outcomes = cases.incidents, cases.outcomes
    seconds = np.zeros(len(incidents), dtype=np.int64)
    graded = outcomes["graded_at"]
    end = np.full(len(incidents), policy.end, dtype=np.int64)
    until = earliest(
        outcomes["claimed_at"], incidents["return_at"], outcomes["telephone_found_at"], end
    )
    waits = cases.needed & (graded != NEVER) & (until > graded)
    if not waits.any() or not policy.attends:
        return seconds
    for area in range(len(policy.areas)):
        pools = own_pools(policy, area)
        here = waits & (incidents["area"] == area)
        if not pools or not here.any():
            continue
        crews = roster.of(pools)
        waiting = np.flatnonzero(here)
        stream_of, grade_of, officers_of = (
            incidents[name][waiting].astype(np.int64) for name in ("stream", "grade", "officers")
        )
        kinds, which = cells_of(stream_of << 11 | grade_of << 7 | officers_of)
        groups: dict[tuple[tuple[int, ...], int, int], list[int]] = {}
        for place, kind in enumerate(kinds.tolist()):
            stream, grade, officers = kind >> 11, kind >> 7 & 15, kind & 127
            key = (tuple(policy.attends[stream][area]), grade, officers)
            groups.setdefault(key, []).append(place)
        for (may_attend, grade, officers), members in groups.items():
            mine = np.zeros(kinds.size, dtype=np.bool_)
            mine[members] = True
            jobs = waiting[mine[which]]
            free = _enough(crews, policy, may_attend, grade, officers)
            spent = Steps(free.astype(np.int8), crews.grid, 2).spent(graded[jobs], until[jobs])
            seconds[jobs] = spent[:, 1]
    return seconds


def own_pools(policy: Policy, area: int) -> tuple[int, ...]:
    """Unit pools that attend anything in an area, without those to borrow from."""
    return tuple(sorted({pool for by_area in policy.attends for pool in by_area[area]}))


def _enough(
    crews: Crews, policy: Policy, pools: tuple[int, ...], grade: int, officers: int
) -> Flags:
    """Moments at which one of the pools has units for such a job."""
    free = np.zeros(crews.grid.shape, dtype=np.bool_)
    for pool in pools:
        needed = -(-officers // crews.smallest(pool))
        enough = crews.idle(pool, grade) >= needed
        if grade != 1 and policy.pools[pool].reserve:
            enough &= crews.idle(pool, 1) - needed >= crews.kept(pool)
        free |= enough
    return free
