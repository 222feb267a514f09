"""Units second by second: who is on duty, idle, on a break or writing, as step functions of time.

Read off the rota and the activities: a unit is idle where it is on duty and in no activity.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim import kernels
from sim.measures.lookup import Links, ranks
from sim.measures.moments import Moments
from sim.measures.replication import Ints
from sim.tables import Activity, Policy, Table

Levels = NDArray[np.int32]

BREAKABLE: Final = (Activity.BREAK, Activity.WRITING)
"""What a unit may be called away from (rules 5.3 and 5.4)."""

_ALL, _BUSY = 0, 1
_LEVELS_AT_FIRST: Final = 64


class Stretches(NamedTuple):
    """Stretches of time of units, shape (n,) each: number of the unit, start, end."""

    unit: Ints
    start: Ints
    end: Ints


class Spells(NamedTuple):
    """Stretches between places of a grid, and how many times each counts: shape (n,) each."""

    unit: Ints
    start: Ints
    end: Ints
    sign: Ints


@dataclass(frozen=True, eq=False)
class Units:
    """Units of officers, pool by pool: shape (units,) each.

    Parameters
    ----------
    pool, on, off, officers
        Of which pool, from when to when on duty, and how many officers it is.
    spells
        When they are busy, on a break, and writing: in the order of pools, and then of time.
    """

    pool: Ints
    on: Ints
    off: Ints
    officers: Ints
    spells: tuple[Stretches, ...]

    @classmethod
    def of(cls, activities: Table, links: Links, rota: Table, policy: Policy) -> Units:
        """Those of one replication; desks are none.

        Parameters
        ----------
        activities, links
            What happened, and which unit did it.
        rota, policy
            Who was on duty, and which pools are desks.
        """
        at_desk = np.array([pool.desk for pool in policy.pools], dtype=np.bool_)
        rows = np.flatnonzero(~at_desk[rota["pool"]])
        rows = rows[np.argsort(rota["pool"][rows], kind="stable")]
        pool = rota["pool"][rows]
        number = ranks(rows, len(rota))
        busy = _joined(number, links.unit, activities["start"], activities["end"])
        breakable = (
            _rows(number[links.unit[rows]], activities, rows)
            for rows in map(links.kinds.of, BREAKABLE)
        )
        on = rota["on_at"][rows]
        return cls(
            pool,
            on,
            # A row that ends at or before its beginning is nobody (rule 1.6).
            np.maximum(rota["off_at"][rows], on),
            rota["officers"][rows].astype(np.int64),
            tuple(_by_pool(spells, pool) for spells in (busy, *breakable)),
        )


def _rows(units: Ints, activities: Table, rows: Ints) -> Stretches:
    mine = (units >= 0) & (activities["end"][rows] > activities["start"][rows])
    rows = rows[mine]
    return Stretches(units[mine], activities["start"][rows], activities["end"][rows])


def _by_pool(spells: Stretches, pool: Ints) -> Stretches:
    order = np.argsort(pool[spells.unit], kind="stable")
    return Stretches(spells.unit[order], spells.start[order], spells.end[order])


def _joined(number: Ints, units: Ints, starts: Ints, ends: Ints) -> Stretches:
    """What follows without a gap is one stretch; in the order in which they begin.

    Parameters
    ----------
    number
        Number of each row of the rota, and -1 at last; -1: it is left out.
    units, starts, ends
        Shape (n,): row of the rota, or -1, and from when to when; in the order of starts.
    """
    if kernels.are_ready():
        from sim.kernels import tallying

        found = np.empty((3, units.size), dtype=np.int64)
        open_at = np.full(number.size, -1, dtype=np.int64)
        size = tallying.join_stretches(number, units, starts, ends, open_at, *found)
        return Stretches(*found[:, :size])
    units = number[units]
    rows = np.flatnonzero((units >= 0) & (ends > starts))
    # Rows are in the order of their starts: so are those of one unit, once they stand together.
    rows = rows[np.argsort(units[rows], kind="stable")]
    unit, start, end = units[rows], starts[rows], ends[rows]
    goes_on = (unit[1:] == unit[:-1]) & (start[1:] == end[:-1])
    begins, lasts = np.ones(unit.size, dtype=np.bool_), np.ones(unit.size, dtype=np.bool_)
    begins[1:], lasts[:-1] = ~goes_on, ~goes_on
    order = np.argsort(rows[begins])
    return Stretches(unit[begins][order], start[begins][order], end[lasts][order])


class Crews:
    """How many units and officers of each pool are free, at each moment of a grid.

    Levels are made when they are first asked for, and known by their row in a table of all.

    Parameters
    ----------
    units
        Of all pools.
    policy
        Margins and reserves.

    Attributes
    ----------
    grid
        Shape (moments,): seconds at which something may change, ascending.
    """

    def __init__(self, units: Units, policy: Policy) -> None:
        self._policy = policy
        self._rows: dict[tuple[int, int, int, bool], int] = {}
        self._kept: dict[int, int] = {}
        self._known: dict[tuple[int, int], Spells] = {}
        firsts = np.arange(len(policy.pools) + 1)
        bounds = np.searchsorted(units.pool, firsts).tolist()
        self._of_pools: Final = [slice(*each) for each in pairwise(bounds)]
        times = [np.array([policy.start, policy.end]), units.on, units.off]
        for pool, mine in enumerate(self._of_pools):
            if mine.start < mine.stop:
                on, off = units.on[mine], units.off[mine]
                times += [_horizon(on, off, margin) for margin in _margins(policy, pool)]
        times += [part for spells in units.spells for part in spells[1:]]
        self._moments = Moments(np.concatenate(times))
        self.grid: Final[Ints] = self._moments.ascending
        self._levels: Levels = np.empty((0, self.grid.size), dtype=np.int32)
        at = self._moments.before
        self._units = units
        self._on, self._off = at(units.on), at(units.off)
        self._spells = [Stretches(one.unit, at(one.start), at(one.end)) for one in units.spells]
        ends = [np.searchsorted(units.pool[one.unit], firsts).tolist() for one in units.spells]
        self._spells_of = [[slice(*each) for each in pairwise(one)] for one in ends]

    @property
    def levels(self) -> Levels:
        """All levels that were asked for, shape (levels, moments)."""
        return self._levels[: len(self._rows) + len(self._kept)]

    def place(self, times: Ints) -> Ints:
        """Place in the grid of the last moment at or before each time; -1: before all."""
        place: Ints = self._moments.before(times + 1) - 1
        return place

    def smallest(self, pool: int) -> int:
        """Officers of the pool's smallest unit; 1 where it has none."""
        officers = self._units.officers[self._of_pools[pool]]
        return int(officers.min()) if officers.size else 1

    def idle(self, pool: int, grade: int) -> int:
        """Row of the idle units outside their margin for a grade."""
        return self._row(pool, margin_of(self._policy, pool, grade), _BUSY, weighed=False)

    def on_duty(self, pool: int) -> int:
        """Row of the units on duty, those in overtime apart."""
        return self._row(pool, 0, _ALL, weighed=False)

    def kept(self, pool: int) -> int:
        """Row of the units that the reserve keeps for grade 1 (rule 6.4)."""
        reserve = self._policy.pools[pool].reserve
        if pool not in self._kept:
            on_duty = self.on_duty(pool)
            self._kept[pool], level = self._another()
            np.clip(self._levels[on_duty] - 1, 0, reserve, out=level)
        return self._kept[pool]

    def to_be_had(
        self, pools: tuple[int, ...], grade: int
    ) -> tuple[list[int], list[int], list[int]]:
        """Officers of some pools as a job of a grade finds them: rows to be added up.

        Those on duty; those free, which are the idle, and whom the grade may call away from a break
        or from writing; and those of them outside their margin for the grade. The reserve is not
        looked at.
        """
        margins = [margin_of(self._policy, pool, grade) for pool in pools]
        return (
            [self._row(pool, 0, _ALL, weighed=True) for pool in pools],
            [self._had(pool, grade, 0) for pool in pools],
            [self._had(pool, grade, margin) for pool, margin in zip(pools, margins, strict=True)],
        )

    def _had(self, pool: int, grade: int, margin: int) -> int:
        """Row of the officers of a pool that are free for a grade, outside a margin."""
        policy, kinds = self._policy, _BUSY
        for flags, bit in ((policy.break_interrupted, 2), (policy.writing_interrupted, 4)):
            kinds |= bit * (grade <= len(flags) and flags[grade - 1])
        return self._row(pool, margin, kinds, weighed=True)

    def _row(self, pool: int, margin: int, kinds: int, *, weighed: bool) -> int:
        """Row of units or officers of a pool that are on duty, those in spells of kinds apart.

        Kinds are bits: 1 leaves out who is busy, 2 and 4 put back who is on a break, or writes.
        """
        key = (pool, margin, kinds, weighed)
        if key in self._rows:
            return self._rows[key]
        units, mine = self._units, self._of_pools[pool]
        on, off, officers = self._on[mine], self._off[mine], units.officers[mine]
        if margin:
            off = self._moments.before(_horizon(units.on[mine], units.off[mine], margin))
        weights = officers if weighed else np.ones_like(officers)
        self._rows[key], level = self._another()
        _level_of((on, off, weights), self._spells_in(pool, kinds), level)
        return self._rows[key]

    def _spells_in(self, pool: int, kinds: int) -> Spells:
        """Spells of a pool's units of some kinds, as `_row` takes them."""
        if (pool, kinds) not in self._known:
            parts = []
            for kind, spells in enumerate(self._spells):
                if kinds >> kind & 1:
                    of = self._spells_of[kind][pool]
                    unit = spells.unit[of] - self._of_pools[pool].start
                    sign = np.full(unit.size, 1 if kind else -1, dtype=np.int64)
                    parts.append((unit, spells.start[of], spells.end[of], sign))
            columns = zip(*parts, strict=True) if parts else np.zeros((4, 1, 0), dtype=np.int64)
            self._known[pool, kinds] = Spells(*map(np.concatenate, columns))
        return self._known[pool, kinds]

    def _another(self) -> tuple[int, Levels]:
        """Room for one more level, and its row."""
        row = len(self._rows) + len(self._kept)
        if row == len(self._levels):
            more = np.empty((max(2 * row, _LEVELS_AT_FIRST), self.grid.size), dtype=np.int32)
            more[:row] = self._levels
            self._levels = more
        return row, self._levels[row]


def _level_of(units: tuple[Ints, Ints, Ints], spells: Spells, level: Levels) -> None:
    """Put down how much units weigh at each moment: while they are there, and for spells.

    Parameters
    ----------
    units
        From and to which place of the grid each is there, and what it weighs: shape (units,).
    spells
        From and to which place of the grid a unit does something; of it counts what lies within
        the time that the unit is there.
    level
        Shape (moments,): filled.
    """
    level[:] = 0
    if kernels.are_ready():
        from sim.kernels import stepping

        stepping.level(*units, *spells, level)
        return
    first, last, weight = units
    of, begins, ends, sign = spells
    since, until = (np.clip(places, first[of], last[of]) for places in (begins, ends))
    level += _sum(first, last, weight, level.size)
    level += _sum(since, until, sign * weight[of], level.size)


def _sum(starts: Ints, ends: Ints, weights: Ints, size: int) -> Levels:
    change = np.bincount(starts, weights, size) - np.bincount(ends, weights, size)
    return np.cumsum(change).astype(np.int32)


def margin_of(policy: Policy, pool: int, grade: int) -> int:
    """Seconds before a shift's end in which a pool's units begin no work of a grade."""
    margins = policy.pools[pool].margin_seconds
    return margins[grade - 1] if grade <= len(margins) else 0


def _margins(policy: Policy, pool: int) -> list[int]:
    return sorted({margin_of(policy, pool, grade) for grade in range(1, policy.grades + 1)})


def _horizon(on_at: Ints, off_at: Ints, margin: int) -> Ints:
    """First second at which a unit may no longer be taken.

    At least the margin must be left, so the second in which just that is left still counts; the
    shift's last second is the one before its end.
    """
    return np.maximum(on_at, np.minimum(off_at, off_at - margin + 1))
