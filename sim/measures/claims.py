"""Units given to jobs: when, of which pool, and whom else they would have done for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import numpy as np

from sim import kernels
from sim.measures.arrays import grouped
from sim.measures.crews import Crews, margin_of
from sim.measures.lookup import Links, places_of
from sim.measures.replication import Ints
from sim.scenario.same import Same
from sim.tables import NONE, Activity, Policy, Table, Why, stable_order

FAR: Final = int(np.iinfo(np.int64).max)
"""Later than anything."""

_AT, _JOINED, _POOL = range(3)
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
    """Units given to jobs, lines of enquiry, visits, re-visits and relief.

    Parameters
    ----------
    table
        Shape (8, n), as `sim.kernels.overtaking` takes it without its last row, in the order in
        which their jobs joined the queue.
    policy
        Whose units are asked, reserves and margins.
    """

    table: Ints
    policy: Policy

    @classmethod
    def of(
        cls, incidents: Table, activities: Table, links: Links, rota: Table, policy: Policy
    ) -> Claims:
        """Those of one replication.

        A claim is the beginning of being earmarked; of the way there, where an area has no
        dispatchers.
        """
        start, of, unit = activities["start"], links.incident, links.unit
        dispatched = np.array([*policy.dispatchers, NONE], dtype=np.int64) != NONE
        kept = []
        for kind, has_desk in ((Activity.EARMARKED, True), (Activity.TRAVEL, False)):
            rows = links.kinds.of(kind)
            rows = rows[(unit[rows] >= 0) & (of[rows] >= 0)]
            areas = incidents["area"][of[rows]]
            kept.append(rows[dispatched[np.minimum(areas, dispatched.size - 1)] == has_desk])
        rows = np.concatenate(kept)
        attempts = int(activities["attempt"].max(initial=0)) + 1
        key = of[rows] * attempts + activities["attempt"][rows]
        order, new = grouped(key)
        rows, key = rows[order], key[order]
        if not new.size:
            return cls(np.zeros((8, 0), dtype=np.int64), policy)
        who, at = unit[rows], start[rows]
        pools, off = rota["pool"][who].astype(np.int64), rota["off_at"][who]
        first_margin = _margins(Same(policy), 1)
        bits = _just_ended(activities, links, who, at)
        lowest, highest = np.minimum.reduceat(pools, new), np.maximum.reduceat(pools, new)
        waits = links.kinds.of_any(_QUEUES)
        waits = waits[(activities["why"][waits] == Why.DONE) & (of[waits] >= 0)]
        waited = of[waits] * attempts + activities["attempt"][waits]
        place = places_of(waited, key[new])
        joined = np.where(place < 0, at[new], np.append(start[waits], 0)[place])
        table = np.stack(
            [
                at[new],
                joined,
                np.where(lowest == highest, lowest, NONE),
                np.diff(new, append=key.size),
                np.add.reduceat(rota["officers"][who].astype(np.int64), new),
                np.add.reduceat((off - at >= first_margin[pools]).astype(np.int64), new),
                np.minimum.reduceat(off, new),
                np.bitwise_or.reduceat(bits, new),
            ]
        )
        return cls(table[:, stable_order(joined)], policy)

    def made_while(self, joined: Ints, end: Ints) -> Claims:
        """Those for jobs that joined later than one that still waited then.

        Parameters
        ----------
        joined, end
            Shape (m,): from when until when others waited.
        """
        order = np.argsort(joined, kind="stable")
        latest = np.append(-FAR, np.maximum.accumulate(end[order]))
        before = np.searchsorted(joined[order], self.table[_JOINED], side="left")
        kept = np.flatnonzero(latest[before] > self.table[_AT])
        return replace(self, table=self.table[:, kept])

    def beside(self, crews: Crews) -> Ints:
        """By how many more units stayed idle in each claim's pool than the reserve keeps.

        Parameters
        ----------
        crews
            The units.

        Returns
        -------
        ndarray
            Shape (9, n): the claims as `sim.kernels.overtaking` takes them, and this in the last
            row. Without a reserve it is plenty.
        """
        at, pool = self.table[_AT], self.table[_POOL]
        table = np.concatenate([self.table, np.full((1, at.size), _PLENTY)])
        place = crews.place(at)
        for number, one in enumerate(self.policy.pools):
            if one.reserve and not one.desk:
                idle, kept = crews.idle(number, 1), crews.kept(number)
                levels, rows = crews.levels, np.flatnonzero(pool == number)
                table[-1, rows] = levels[idle, place[rows]] - levels[kept, place[rows]]
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
            soonest = np.full((2, beside.shape[1] + 1), FAR)
            reserved = int(grade != 1)
            overtaking.overtaken(beside, margins, officers, reserved, denied, waits, soonest, found)
            return found
        at, joined, pool, units, people, counted, off_at, bits, more = beside
        would = (off_at - at >= margins[pool]) & (people >= officers) & (bits & denied == 0)
        if grade != 1:
            taken = -(-officers * units // people)
            would &= more + counted - np.minimum(taken, counted) >= 0
        return _first(joined[would], at[would], *waits)


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


def _just_ended(activities: Table, links: Links, who: Ints, at: Ints) -> Ints:
    """What some units had that was broken off in this second, as bits: shape as `who`."""
    kind, why = activities["kind"], activities["why"]
    rows = np.flatnonzero((why == Why.DIVERTED) | (why == Why.INTERRUPTED))
    rows = rows[links.unit[rows] >= 0]
    bits = np.select(
        [why[rows] == Why.DIVERTED, kind[rows] == Activity.BREAK, kind[rows] == Activity.WRITING],
        [_DIVERTED, _FROM_BREAK, _FROM_WRITING],
        0,
    )
    ended = (links.unit[rows] << _TIME_BITS) + activities["end"][rows]
    ended, which = np.unique(ended, return_inverse=True)
    found = np.zeros(ended.size + 1, dtype=np.int64)
    np.bitwise_or.at(found, which, bits)
    broken: Ints = found[places_of(ended, (who << _TIME_BITS) + at)]
    return broken


@lru_cache(maxsize=64)
def _margins(policy: Same[Policy], grade: int) -> Ints:
    """By pool: seconds before a shift's end in which no work of a grade is begun."""
    pools = range(len(policy.it.pools))
    return np.array([margin_of(policy.it, pool, grade) for pool in pools], dtype=np.int64)
