"""Units given to jobs: when, of which pool, and whom else they would have done for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import numpy as np

from sim import kernels
from sim.measures.arrays import of_kinds
from sim.measures.crews import Crews, margin_of
from sim.measures.lookup import Links, places_of
from sim.measures.replication import Flags, Ints
from sim.scenario.same import Same
from sim.tables import NONE, Activity, Policy, Table, Why, stable_order

FAR: Final = int(np.iinfo(np.int64).max)
"""Later than anything."""

_TIME_BITS: Final = 36
_DIVERTED, _FROM_BREAK, _FROM_WRITING = 1, 2, 4
_PLENTY: Final = 1 << 32
_QUEUES: Final = (
    Activity.WAIT_UNIT,
    Activity.WAIT_ENQUIRY,
    Activity.WAIT_VISIT,
    Activity.WAIT_REVISIT,
    Activity.WAIT_RELIEF,
)


@dataclass(frozen=True, eq=False)
class Claims:
    """Units given to jobs, lines of enquiry, visits, re-visits and relief: shape (n,) each.

    Parameters
    ----------
    at
        When; in ascending order of `joined`.
    joined
        When the job had joined its queue, or gone back to it.
    pool
        Of its units; -1 where they are of several.
    units, officers
        How many.
    counted
        Units outside their margin for grade 1, as the reserve counts.
    off_at
        The first end of their shifts.
    diverted
        They were taken from another job.
    called_away
        By the place in `crews.BREAKABLE`: one was called away from a break, or from writing.
    """

    at: Ints
    joined: Ints
    pool: Ints
    units: Ints
    officers: Ints
    counted: Ints
    off_at: Ints
    diverted: Flags
    called_away: tuple[Flags, Flags]
    policy: Policy

    @classmethod
    def of(
        cls, incidents: Table, activities: Table, links: Links, rota: Table, policy: Policy
    ) -> Claims:
        """Those of one replication.

        A claim is the beginning of being earmarked; of the way there, where an area has no
        dispatchers.
        """
        kind, start, unit = activities["kind"], activities["start"], links.unit
        dispatched = np.array([*policy.dispatchers, NONE], dtype=np.int64) != NONE
        rows = np.flatnonzero(of_kinds(activities, (Activity.EARMARKED, Activity.TRAVEL)))
        rows = rows[(unit[rows] >= 0) & (links.incident[rows] >= 0)]
        areas = incidents["area"][links.incident[rows]]
        has_desk = dispatched[np.minimum(areas, dispatched.size - 1)]
        rows = rows[(kind[rows] == Activity.EARMARKED) == has_desk]
        attempts = int(activities["attempt"].max(initial=0)) + 1
        key = links.incident[rows] * attempts + activities["attempt"][rows]
        order = stable_order(key)
        rows, key = rows[order], key[order]
        new = np.flatnonzero(np.diff(key, prepend=-1))
        if not new.size:
            none, no = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.bool_)
            return cls(none, none, none, none, none, none, none, no, (no, no), policy)
        who, at = unit[rows], start[rows]
        pools, off = rota["pool"][who].astype(np.int64), rota["off_at"][who]
        first_margin = _margins(Same(policy), 1)
        diverted, from_break, from_writing = (
            np.logical_or.reduceat(_just_ended(activities, unit, who, at, *ended), new)
            for ended in (
                (Why.DIVERTED,),
                (Why.INTERRUPTED, Activity.BREAK),
                (Why.INTERRUPTED, Activity.WRITING),
            )
        )
        lowest, highest = np.minimum.reduceat(pools, new), np.maximum.reduceat(pools, new)
        waits = np.flatnonzero(of_kinds(activities, _QUEUES))
        waits = waits[(activities["why"][waits] == Why.DONE) & (links.incident[waits] >= 0)]
        waited = links.incident[waits] * attempts + activities["attempt"][waits]
        place = places_of(waited, key[new])
        joined = np.where(place < 0, at[new], np.append(start[waits], 0)[place])
        in_turn = stable_order(joined)

        def each(column: Ints) -> Ints:
            return column[in_turn]

        return cls(
            each(at[new]),
            each(joined),
            each(np.where(lowest == highest, lowest, NONE)),
            each(np.diff(new, append=key.size)),
            each(np.add.reduceat(rota["officers"][who].astype(np.int64), new)),
            each(np.add.reduceat((off - at >= first_margin[pools]).astype(np.int64), new)),
            each(np.minimum.reduceat(off, new)),
            diverted[in_turn],
            (from_break[in_turn], from_writing[in_turn]),
            policy,
        )

    def made_while(self, joined: Ints, end: Ints) -> Claims:
        """Those for jobs that joined later than one that still waited then.

        Parameters
        ----------
        joined, end
            Shape (m,): from when until when others waited.
        """
        order = np.argsort(joined, kind="stable")
        latest = np.append(-FAR, np.maximum.accumulate(end[order]))
        before = np.searchsorted(joined[order], self.joined, side="left")
        kept = np.flatnonzero(latest[before] > self.at)
        return replace(
            self,
            at=self.at[kept],
            joined=self.joined[kept],
            pool=self.pool[kept],
            units=self.units[kept],
            officers=self.officers[kept],
            counted=self.counted[kept],
            off_at=self.off_at[kept],
            diverted=self.diverted[kept],
            called_away=(self.called_away[0][kept], self.called_away[1][kept]),
        )

    def beside(self, crews: Crews) -> Ints:
        """By how many more units stayed idle in each claim's pool than the reserve keeps.

        Parameters
        ----------
        crews
            The units of these pools, among others.

        Returns
        -------
        ndarray
            Shape (9, n): the claims as `sim.kernels.overtaking` takes them, and this in the last
            row. Without a reserve, or where the crews do not hold the pool, it is plenty.
        """
        table = np.empty((9, self.at.size), dtype=np.int64)
        columns = self.at, self.joined, self.pool, self.units, self.officers, self.counted
        for row, column in zip(table, (*columns, self.off_at), strict=False):
            row[:] = column
        from_break, from_writing = self.called_away
        table[7] = self.diverted + _FROM_BREAK * from_break + _FROM_WRITING * from_writing
        table[8] = _PLENTY
        for pool in crews.pools:
            if self.policy.pools[pool].reserve:
                rows = np.flatnonzero(self.pool == pool)
                place = crews.place(self.at[rows])
                table[8, rows] = crews.idle(pool, 1)[place] - crews.kept(pool)[place]
        return table

    def overtook(
        self,
        beside: Ints,
        job: tuple[tuple[int, ...], int, int],
        waits: Ints,
    ) -> Ints:
        """First time in parts of waits that a job which joined later was given such units.

        They are units that the job which waits, had they stayed free, might have had for itself:
        of a pool that it may ask, enough by themselves, outside their margin, free or to be called
        away for its grade, and beyond the reserve.

        Parameters
        ----------
        beside
            What `beside` says of crews that hold these pools.
        job
            Pools that it may ask, its grade, and the officers that it needs.
        waits
            Shape (3, m): when it had joined the queue, start and end of what is looked at.

        Returns
        -------
        ndarray
            Shape (m,); `FAR` where there was none.
        """
        pools, grade, officers = job
        # Of pools that it does not ask, and of units of several, nobody has long enough left.
        margins = np.full(len(self.policy.pools) + 1, FAR)
        asked = list(pools)
        margins[asked] = np.maximum(_margins(Same(self.policy), grade)[asked], 1)
        denied = _DIVERTED
        for flags, bit in (
            (self.policy.break_interrupted, _FROM_BREAK),
            (self.policy.writing_interrupted, _FROM_WRITING),
        ):
            if grade > len(flags) or not flags[grade - 1]:
                denied |= bit
        if kernels.are_ready():
            from sim.kernels import overtaking

            found = np.empty(waits.shape[1], dtype=np.int64)
            soonest = np.full((2, self.at.size + 1), FAR)
            reserved = int(grade != 1)
            overtaking.overtaken(beside, margins, officers, reserved, denied, waits, soonest, found)
            return found
        would = (self.off_at - self.at >= margins[self.pool]) & (self.officers >= officers)
        would &= beside[7] & denied == 0
        if grade != 1:
            taken = -(-officers * self.units // self.officers)
            would &= beside[8] + self.counted - np.minimum(taken, self.counted) >= 0
        return _first(self.joined[would], self.at[would], *waits)


def _first(of: Ints, at: Ints, joined: Ints, start: Ints, end: Ints) -> Ints:
    """First time in [start, end) that something was claimed for a job which joined later.

    Parameters
    ----------
    of, at
        Shape (n,): when the job that got it had joined its queue, ascending, and when it got it.
    joined, start, end
        Shape (m,): when those who wait joined, and what is looked at.
    """
    soonest = np.minimum.accumulate(np.append(at, FAR)[::-1])[::-1]
    first: Ints = soonest[np.searchsorted(of, joined, side="right")].copy()
    # Of a part that is not the wait's first, the job may have been overtaken before.
    for row in np.flatnonzero((start > joined) & (first < start)).tolist():
        later = at[(of > joined[row]) & (at >= start[row])]
        first[row] = later.min(initial=FAR)
    return np.where(first < end, first, FAR)


def _just_ended(
    activities: Table, unit: Ints, who: Ints, at: Ints, why: Why, kind: Activity | None = None
) -> Flags:
    """Which of some units had an activity that ended for this reason in this second."""
    rows = np.flatnonzero(activities["why"] == why)
    rows = rows[unit[rows] >= 0]
    if kind is not None:
        rows = rows[activities["kind"][rows] == kind]
    ended = np.unique((unit[rows] << _TIME_BITS) + activities["end"][rows])
    return places_of(ended, (who << _TIME_BITS) + at) >= 0


@lru_cache(maxsize=64)
def _margins(policy: Same[Policy], grade: int) -> Ints:
    """By pool: seconds before a shift's end in which no work of a grade is begun."""
    pools = range(len(policy.it.pools))
    return np.array([margin_of(policy.it, pool, grade) for pool in pools], dtype=np.int64)
