"""Idle units while a graded job waits: what tells a gate from a low rank.

A job that is only low in the queue is claimed the moment that a unit which may take it is idle. A
job held for a decision is not: units stand idle while it waits. So the seconds between grade and
claim in which an own-area pool had enough idle units for it are counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from sim import kernels
from sim.measures.arrays import grouped
from sim.measures.clocks import Cases, earliest
from sim.measures.crews import Crews
from sim.measures.moments import Steps
from sim.measures.replication import Ints
from sim.tables import NEVER, NONE, Policy

_GRADES: Final = 16
_OFFICERS: Final = 128


def idle_seconds(cases: Cases, crews: Crews, policy: Policy) -> Ints:
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
    crews
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
    waits = np.flatnonzero(cases.needed & (graded != NEVER) & (until > graded))
    if not waits.size or not policy.attends:
        return seconds
    names = ("area", "stream", "grade", "officers")
    area, stream, grade, officers = (incidents[name][waits].astype(np.int64) for name in names)
    code = ((area * len(policy.streams) + stream) * _GRADES + grade) * _OFFICERS + officers
    order, new = grouped(code)
    first = order[new].tolist()
    jobs = [
        _options(
            crews, policy, policy.attends[stream[job]][area[job]], int(grade[job]), officers[job]
        )
        for job in first
    ]
    rows = waits[order]
    numbers = np.repeat(np.arange(new.size), np.diff(new, append=order.size))
    seconds[rows] = _spent(crews, jobs, np.stack([numbers, graded[rows], until[rows]]))
    return seconds


def _options(
    crews: Crews, policy: Policy, pools: Sequence[int], grade: int, officers: int
) -> list[tuple[int, int, int, int]]:
    """Pools that have units for a job, as `sim.kernels.waiting` takes them."""
    options = []
    for pool in dict.fromkeys(pools):
        needed = -(-int(officers) // crews.smallest(pool))
        of_first, kept = NONE, NONE
        if grade != 1 and policy.pools[pool].reserve:
            of_first, kept = crews.idle(pool, 1), crews.kept(pool)
        options.append((crews.idle(pool, grade), needed, of_first, kept))
    return options


def _spent(crews: Crews, jobs: Sequence[list[tuple[int, int, int, int]]], waits: Ints) -> Ints:
    """Seconds of waits in which a job's units stood idle, shape (n,).

    Parameters
    ----------
    crews
        The units.
    jobs
        By job: its options.
    waits
        Shape (3, n): number of the job, start and end; those of a job one after another.
    """
    levels, grid = crews.levels, crews.grid
    spent = np.zeros(waits.shape[1], dtype=np.int64)
    if kernels.are_ready():
        from sim.kernels import waiting

        options = [option for options in jobs for option in options]
        waiting.spent_beside_idle(
            levels,
            grid,
            np.array(options, dtype=np.int64).reshape(-1, 4),
            np.cumsum([0, *map(len, jobs)]),
            waits,
            np.empty(grid.size, dtype=np.int8),
            spent,
        )
        return spent
    for number, options in enumerate(jobs):
        free = np.zeros(grid.shape, dtype=np.bool_)
        for idle, needed, of_first, kept in options:
            enough = levels[idle] >= needed
            free |= enough & (kept == NONE or levels[of_first] - needed >= levels[kept])
        mine = waits[0] == number
        spent[mine] = Steps(free.astype(np.int8), grid, 2).spent(*waits[1:, mine])[:, 1]
    return spent
