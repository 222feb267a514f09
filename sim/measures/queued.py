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

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from sim import kernels
from sim.measures.claims import FAR, Claims
from sim.measures.crews import Crews, Roster
from sim.measures.idle import own_pools
from sim.measures.moments import States, Steps
from sim.measures.replication import PARTS_OF_STAGES, Ints
from sim.tables import Policy

QUEUE_PARTS: Final = PARTS_OF_STAGES["queue"]
"""What is waited for in the queue."""

_NOBODY, _BUSY, _TOO_FEW, _MARGIN, _RESERVE, _BEHIND = range(len(QUEUE_PARTS))
_STATES: Final = _BEHIND


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


def waited_for(waiting: Waiting, roster: Roster, claims: Claims, policy: Policy) -> Ints:
    """Seconds of each part by what is waited for, shape (n, `QUEUE_PARTS`).

    Parameters
    ----------
    waiting
        Parts of waits.
    roster
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
    claims = claims.made_while(waiting.joined, waiting.end)
    crews = {pools: crews_for(pools, roster, policy) for pools in waiting.asked}
    groups = [_Group(rows, waiting, crews, policy) for rows in _alike(waiting)]
    beside = {each: claims.beside(each) for each in {group.crews for group in groups}}
    for group in groups:
        rows = group.rows
        start, end = waiting.start[rows], waiting.end[rows]
        seconds[rows, :_STATES] = group.spent(start, end)
        if not group.keeps_reserve:
            # Enough are free, so the hand-out gave them to others: no engine leaves it so.
            seconds[rows, _BEHIND] = seconds[rows, _RESERVE]
            seconds[rows, _RESERVE] = 0
        if seconds[rows][:, [_BUSY, _TOO_FEW]].any():
            job = group.pools, group.grade, group.officers
            waits = np.stack([waiting.joined[rows], start, end])
            first = claims.overtook(beside[group.crews], job, waits)
            np.minimum.at(overtaken, waiting.wait[rows], first)
    for group in groups:
        since = np.maximum(overtaken[waiting.wait[group.rows]], waiting.start[group.rows])
        late = np.flatnonzero(since < waiting.end[group.rows])
        if late.size:
            rows = group.rows[late]
            behind = group.spent(since[late], waiting.end[rows])[:, [_BUSY, _TOO_FEW]]
            seconds[rows[:, None], [_BUSY, _TOO_FEW]] -= behind
            seconds[rows, _BEHIND] += behind.sum(axis=1)
    return seconds


def _alike(waiting: Waiting) -> Iterator[Ints]:
    """Rows of parts that are alike in whom they ask, grade and officers."""
    code = (waiting.pools << 16) | (waiting.grade << 8) | waiting.officers
    order = np.argsort(code, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(code[order])) + 1):
        if rows.size:
            yield rows


class _Group:
    """Parts that are alike, and what such a job finds at each moment."""

    def __init__(
        self,
        rows: Ints,
        waiting: Waiting,
        crews: Mapping[tuple[int, ...], Crews],
        policy: Policy,
    ) -> None:
        first = int(rows[0])
        self.rows = rows
        self.pools = waiting.asked[int(waiting.pools[first])]
        self.grade = int(waiting.grade[first])
        self.officers = int(waiting.officers[first])
        self.keeps_reserve = self.grade != 1 and any(
            policy.pools[pool].reserve for pool in self.pools
        )
        self.crews = crews[self.pools]
        self._steps = Steps(self._found(), self.crews.grid, _STATES)

    def spent(self, start: Ints, end: Ints) -> Ints:
        """Seconds of [start, end) in each state, shape (n, states)."""
        return self._steps.spent(start, end)

    def _found(self) -> States:
        """The state at each moment: the number of things that are as the job needs them."""
        there, free, timely = self.crews.to_be_had(self.pools, self.grade)
        if kernels.are_ready():
            from sim.kernels import stepping

            found = np.empty(there.shape, dtype=np.int8)
            stepping.finds(there, free, timely, self.officers, found)
            return found
        states = (there > 0).astype(np.int8)
        states += free > 0
        states += free >= self.officers
        states += timely >= self.officers
        return states


def crews_for(pools: tuple[int, ...], roster: Roster, policy: Policy) -> Crews:
    """A grid that holds some pools: that of their own area, where it does, else everybody's."""
    for area in range(len(policy.areas)):
        own = own_pools(policy, area) if policy.attends else ()
        if set(pools) <= set(own):
            return roster.of(own)
    return roster.of(place for place, pool in enumerate(policy.pools) if not pool.desk)
