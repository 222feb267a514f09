"""What a job in the queue waits for, second by second, told by what would have let it go.

It is read off the tables: who that may attend is on duty, who of them is in no activity, how much
of their shifts is left. In one second of its wait a job waits for the first of these that holds:

nobody on duty
    None of the units that it may ask is on duty.
not enough of them free
    Those that are free, or may be called away for it, are fewer officers than it needs. It is
    *queued behind* from the second on in which officers who would have done for it went to a job
    that had joined its queue later; before that *all are busy* where nobody is free, else there
    are *too few together*.
the end of a shift
    Enough are free, but too many of them within their margin for the grade.
the reserve
    Enough are free in time, and are kept for grade 1.

The reasons of a wait add up to it. They are accounting and no causes: what a wait would be without
a rule only a run without the rule shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from sim import kernels
from sim.measures.arrays import grouped
from sim.measures.claims import FAR, Claims
from sim.measures.crews import Crews, Levels
from sim.measures.moments import Steps
from sim.measures.replication import PARTS_OF_STAGES, Ints
from sim.tables import Policy

QUEUE_PARTS: Final = PARTS_OF_STAGES["queue"]
"""What is waited for in the queue."""

_NOBODY, _BUSY, _TOO_FEW, _MARGIN, _RESERVE, _BEHIND = range(len(QUEUE_PARTS))
_STATES: Final = _BEHIND
_BITS: Final = 8


@dataclass(frozen=True, eq=False)
class Waiting:
    """Parts of waits in which the same people are asked, for the same grade: shape (n,) each.

    Parameters
    ----------
    wait
        Number of the wait that it is a part of.
    joined
        When the whole wait began.
    start, end
        Seconds.
    pools
        Place in `asked`.
    grade, officers
        Of the job; officers that it needs.
    asked
        Lists of unit pools.
    """

    wait: Ints
    joined: Ints
    start: Ints
    end: Ints
    pools: Ints
    grade: Ints
    officers: Ints
    asked: tuple[tuple[int, ...], ...]


class _Job(NamedTuple):
    """Whom a job asks, its grade, and the officers that it needs."""

    pools: tuple[int, ...]
    grade: int
    officers: int


def waited_for(waiting: Waiting, crews: Crews, claims: Claims, policy: Policy) -> Ints:
    """Seconds of each part by what is waited for, shape (n, `QUEUE_PARTS`).

    Parameters
    ----------
    waiting
        Parts of waits.
    crews
        The units.
    claims
        To what jobs units were given.
    policy
        Reserves and margins.

    Returns
    -------
    ndarray
        Each row adds up to its part's length.
    """
    seconds = np.zeros((waiting.start.size, len(QUEUE_PARTS)), dtype=np.int64)
    overtaken = np.full(int(waiting.wait.max(initial=-1)) + 1, FAR, dtype=np.int64)
    jobs, parts = _alike(waiting)
    finds = _Finds(jobs, crews)
    seconds[:, :_STATES] = finds.spent(parts, waiting.start, waiting.end)
    for job, rows in zip(jobs, parts, strict=True):
        if job.grade == 1 or not any(policy.pools[pool].reserve for pool in job.pools):
            # Enough are free, so the hand-out gave them to others: no engine leaves it so.
            seconds[rows, _BEHIND] = seconds[rows, _RESERVE]
            seconds[rows, _RESERVE] = 0
    made = claims.made_while(waiting.joined, waiting.end)
    beside = made.beside(crews)
    missed = (seconds[:, _BUSY] > 0) | (seconds[:, _TOO_FEW] > 0)
    waits = np.stack([waiting.joined, waiting.start, waiting.end])
    for job, rows in zip(jobs, parts, strict=True):
        if missed[rows].any():
            first = made.overtook(beside, job, waits[:, rows])
            np.minimum.at(overtaken, waiting.wait[rows], first)
    since = np.maximum(overtaken[waiting.wait], waiting.start)
    late = since < waiting.end
    behind = finds.spent([rows[late[rows]] for rows in parts], since, waiting.end)
    behind = behind[:, [_BUSY, _TOO_FEW]]
    seconds[:, [_BUSY, _TOO_FEW]] -= behind
    seconds[:, _BEHIND] += behind.sum(axis=1)
    return seconds


def _alike(waiting: Waiting) -> tuple[list[_Job], list[Ints]]:
    """Jobs that are alike in whom they ask, grade and officers, and the parts of each."""
    code = (((waiting.pools << _BITS) | waiting.grade) << _BITS) | waiting.officers
    order, new = grouped(code)
    first = order[new]
    pools = [waiting.asked[place] for place in waiting.pools[first].tolist()]
    numbers = waiting.grade[first].tolist(), waiting.officers[first].tolist()
    jobs = [_Job(*each) for each in zip(pools, *numbers, strict=True)]
    return jobs, np.split(order, new[1:]) if new.size else []


class _Finds:
    """What jobs find at each moment: how many things are as they need them."""

    def __init__(self, jobs: list[_Job], crews: Crews) -> None:
        self._jobs = jobs
        self._rows = [crews.to_be_had(job.pools, job.grade) for job in jobs]
        self._levels: Levels = crews.levels
        self._grid = crews.grid

    def spent(self, parts: list[Ints], start: Ints, end: Ints) -> Ints:
        """Seconds in each state of parts of each job, nought of others: shape (n, states)."""
        seconds = np.zeros((start.size, _STATES), dtype=np.int64)
        if kernels.are_ready():
            self._spend(parts, start, end, seconds)
            return seconds
        for job, of_job, rows in zip(self._jobs, self._rows, parts, strict=True):
            if rows.size:
                there, free, timely = (self._levels[of].sum(axis=0) for of in of_job)
                states = (there > 0).astype(np.int8)
                for enough in (free > 0, free >= job.officers, timely >= job.officers):
                    states += enough
                steps = Steps(states, self._grid, _STATES)
                seconds[rows] = steps.spent(start[rows], end[rows])
        return seconds

    def _spend(self, parts: list[Ints], start: Ints, end: Ints, seconds: Ints) -> None:
        from sim.kernels import waiting

        flat = [row for of_job in self._rows for rows in of_job for row in rows]
        sizes = [len(rows) for of_job in self._rows for rows in of_job]
        ends = np.cumsum([0, *sizes])
        bounds = np.stack([ends[:-1:3], ends[1::3], ends[2::3], ends[3::3]], axis=1)
        rows = np.concatenate([np.empty(0, dtype=np.int64), *parts])
        numbers = np.repeat(np.arange(len(parts)), [part.size for part in parts])
        found = np.zeros((rows.size, _STATES), dtype=np.int64)
        waiting.spent_in_queue(
            self._levels,
            self._grid,
            np.array(flat, dtype=np.int64),
            bounds,
            np.array([job.officers for job in self._jobs], dtype=np.int64),
            np.stack([numbers, start[rows], end[rows]]),
            np.empty(self._grid.size, dtype=np.int8),
            found,
        )
        seconds[rows] = found
