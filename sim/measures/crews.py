"""Units second by second: who is on duty, idle, on a break or writing, as step functions of time.

Read off the rota and the activities: a unit is idle where it is on duty and in no activity.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim import kernels
from sim.measures.moments import Moments
from sim.measures.replication import Ints
from sim.tables import Activity, Policy, Table

Levels = NDArray[np.int32]

BREAKABLE: Final = (Activity.BREAK, Activity.WRITING)
"""What a unit may be called away from (rules 5.3 and 5.4)."""


class Stretches(NamedTuple):
    """Stretches of time of units, shape (n,) each: place of the unit in the rota, start, end."""

    unit: Ints
    start: Ints
    end: Ints


_NO_SPELLS: Final = Stretches(*np.zeros((3, 0), dtype=np.int64))


@dataclass(frozen=True, eq=False)
class Work:
    """What units did.

    Parameters
    ----------
    busy
        Stretches in which a unit is in some activity or other.
    breakable
        Of these, by the place in `BREAKABLE`, those on a break and those writing.
    """

    busy: Stretches
    breakable: tuple[Stretches, ...]

    @classmethod
    def of(cls, activities: Table, units: Ints) -> Work:
        """That of one replication.

        Parameters
        ----------
        activities
            What happened.
        units
            Shape (activities,): place of each activity's unit in the rota, or -1.
        """
        kinds = activities["kind"]
        breakable = tuple(
            _rows(activities, units, np.flatnonzero(kinds == kind)) for kind in BREAKABLE
        )
        return cls(_joined(units, activities["start"], activities["end"]), breakable)


def _rows(activities: Table, units: Ints, rows: Ints) -> Stretches:
    rows = rows[(units[rows] >= 0) & (activities["end"][rows] > activities["start"][rows])]
    return Stretches(units[rows], activities["start"][rows], activities["end"][rows])


def _joined(units: Ints, starts: Ints, ends: Ints) -> Stretches:
    """What follows without a gap is one stretch; in the order in which they begin.

    Parameters
    ----------
    units, starts, ends
        Shape (n,): place of the unit, or -1, and from when to when; in the order of starts.
    """
    if kernels.are_ready():
        from sim.kernels import tallying

        found = np.empty((3, units.size), dtype=np.int64)
        open_at = np.full(int(units.max(initial=-1)) + 1, -1, dtype=np.int64)
        size = tallying.join_stretches(units, starts, ends, open_at, *found)
        return Stretches(*found[:, :size])
    rows = np.flatnonzero((units >= 0) & (ends > starts))
    # Rows are in the order of their starts: so are those of one unit, once they stand together.
    rows = rows[np.argsort(units[rows], kind="stable")]
    unit, start, end = units[rows], starts[rows], ends[rows]
    goes_on = (unit[1:] == unit[:-1]) & (start[1:] == end[:-1])
    begins, lasts = np.ones(unit.size, dtype=np.bool_), np.ones(unit.size, dtype=np.bool_)
    begins[1:], lasts[:-1] = ~goes_on, ~goes_on
    order = np.argsort(rows[begins])
    return Stretches(unit[begins][order], start[begins][order], end[lasts][order])


@dataclass(frozen=True, eq=False)
class _Units:
    """One pool's units, shape (units,) each, and their spells, in seconds.

    Parameters
    ----------
    spells
        Busy, on a break, writing: (row of the unit in this pool, from, to).
    """

    on: Ints
    off: Ints
    officers: Ints
    spells: tuple[Stretches, ...]


@dataclass(frozen=True, eq=False)
class _Crew:
    """One pool's units on the time grid: places in the grid, but for `off_at` and `officers`.

    Parameters
    ----------
    spells
        As in `_Units`.
    alike
        Officers of each unit, where all have as many; else None.
    """

    on: Ints
    off: Ints
    off_at: Ints
    officers: Ints
    spells: tuple[Stretches, ...]
    alike: int | None


class Crews:
    """How many units and officers of some pools are free, at each moment of a grid.

    Parameters
    ----------
    units
        By the code of each pool.
    policy
        Margins and reserves.

    Attributes
    ----------
    grid
        Shape (moments,): seconds at which something may change, ascending.
    """

    def __init__(self, units: Mapping[int, _Units], policy: Policy) -> None:
        self._policy = policy
        self._found: dict[tuple[int, ...], Levels] = {}
        self._had: dict[tuple[int, int], tuple[Levels, Levels, Levels]] = {}
        times = [np.array([policy.start, policy.end])]
        for pool, own in units.items():
            horizons = [_horizon(own.on, own.off, margin) for margin in _margins(policy, pool)]
            times += [own.on, own.off, *horizons]
            times += [part for spell in own.spells for part in spell[1:]]
        self._moments = Moments(np.concatenate(times))
        self.grid: Final[Ints] = self._moments.ascending
        self._crews = {}
        for pool, own in units.items():
            at = self._moments.before
            placed = tuple(
                Stretches(spell.unit, at(spell.start), at(spell.end)) for spell in own.spells
            )
            size = int(own.officers.min(initial=127))
            alike = size if (own.officers == size).all() else None
            crew = _Crew(at(own.on), at(own.off), own.off, own.officers, placed, alike)
            self._crews[pool] = crew

    @property
    def pools(self) -> tuple[int, ...]:
        """Whose units they are."""
        return tuple(self._crews)

    def place(self, times: Ints) -> Ints:
        """Place in the grid of the last moment at or before each time; -1: before all."""
        place: Ints = self._moments.before(times + 1) - 1
        return place

    def smallest(self, pool: int) -> int:
        """Officers of the pool's smallest unit; 1 where it has none."""
        officers = self._crews[pool].officers
        return int(officers.min()) if officers.size else 1

    def on_duty(self, pool: int) -> Levels:
        """Units on duty, those in overtime apart: shape (moments,)."""
        return self._level(pool, 0, -1, weighed=False)

    def idle(self, pool: int, grade: int) -> Levels:
        """Idle units outside their margin for a grade: shape (moments,)."""
        return self._level(pool, margin_of(self._policy, pool, grade), 0, weighed=False)

    def kept(self, pool: int) -> Levels:
        """Units that the reserve keeps for grade 1 (rule 6.4): shape (moments,)."""
        kept: Levels = np.clip(self.on_duty(pool) - 1, 0, self._policy.pools[pool].reserve)
        return kept

    def to_be_had(self, pools: tuple[int, ...], grade: int) -> tuple[Levels, Levels, Levels]:
        """Officers of some pools as a job of a grade finds them: shape (moments,) each.

        Those on duty; those free, which are the idle, and whom the grade may call away from a break
        or from writing; and those of them outside their margin for the grade. The reserve is not
        looked at.
        """
        if not pools:
            nobody = np.zeros(self.grid.shape, dtype=np.int32)
            return nobody, nobody, nobody
        there, free, timely = self._had_of(pools[0], grade)
        for pool in pools[1:]:
            more = self._had_of(pool, grade)
            there, free, timely = there + more[0], free + more[1], timely + more[2]
        return there, free, timely

    def _had_of(self, pool: int, grade: int) -> tuple[Levels, Levels, Levels]:
        key = (pool, grade)
        if key not in self._had:
            left = margin_of(self._policy, pool, grade)
            there = self._level(pool, 0, -1, weighed=True)
            free = self._free(pool, grade, 0)
            self._had[key] = there, free, self._free(pool, grade, left) if left else free
        return self._had[key]

    def _free(self, pool: int, grade: int, margin: int) -> Levels:
        free, policy = self._level(pool, margin, 0, weighed=True), self._policy
        for place, flags in enumerate((policy.break_interrupted, policy.writing_interrupted), 1):
            if grade <= len(flags) and flags[grade - 1]:
                free = free + self._level(pool, margin, place, weighed=True)
        return free

    def _level(self, pool: int, margin: int, kind: int, *, weighed: bool) -> Levels:
        """Units or officers of a pool that are on duty (kind -1), idle (0), or at a breakable."""
        key = (pool, margin, kind, int(weighed))
        if key not in self._found:
            crew = self._crews[pool]
            if weighed and crew.alike is not None:
                self._found[key] = self._level(pool, margin, kind, weighed=False) * crew.alike
                return self._found[key]
            last = crew.off
            if margin:
                last = self._moments.before(_horizon(self.grid[crew.on], crew.off_at, margin))
            self._found[key] = _level_of(
                (crew.on, last, crew.officers if weighed else np.ones_like(crew.officers)),
                kind <= 0,
                crew.spells[kind] if kind >= 0 else _NO_SPELLS,
                1 if kind else -1,
                self.grid.size,
            )
        return self._found[key]


def _level_of(
    units: tuple[Ints, Ints, Ints], held: bool, spells: Stretches, sign: int, moments: int
) -> Levels:
    """How much units weigh at each moment: while they are there, if they are held, and at spells.

    Parameters
    ----------
    units
        From and to which place of the grid each is there, and what it weighs: shape (units,).
    held
        Whether they count while they are there.
    spells
        From and to which place of the grid a unit does something; of it counts what lies within
        the time that the unit is there.
    sign
        A spell counts so many times.
    moments
        Places of the grid.
    """
    level = np.zeros(moments, dtype=np.int32)
    if kernels.are_ready():
        from sim.kernels import stepping

        stepping.level(*units, held, *spells, sign, level)
        return level
    first, last, weight = units
    if held:
        level += _sum(first, last, weight, moments)
    of, begins, ends = spells
    since, until = (np.clip(places, first[of], last[of]) for places in (begins, ends))
    level += sign * _sum(since, until, weight[of], moments)
    return level


def _sum(starts: Ints, ends: Ints, weights: Ints, size: int) -> Levels:
    change = np.bincount(starts, weights, size) - np.bincount(ends, weights, size)
    return np.cumsum(change).astype(np.int32)


class Roster:
    """Everybody's units: those of any pools on a grid of their own, made when first asked for.

    Parameters
    ----------
    work, rota
        What units did, and who was on duty.
    policy
        Margins and reserves.
    """

    def __init__(self, work: Work, rota: Table, policy: Policy) -> None:
        self._rota, self._policy = rota, policy
        self._kinds = (work.busy, *work.breakable)
        self._pool_of = [rota["pool"][kind.unit] for kind in self._kinds]
        self._own = np.empty(len(rota), dtype=np.int64)
        self._units: dict[int, _Units] = {}
        self._made: dict[tuple[int, ...], Crews] = {}

    def of(self, pools: Iterable[int]) -> Crews:
        """The units of some pools."""
        key = tuple(sorted(set(pools)))
        if key not in self._made:
            self._made[key] = Crews({pool: self._of_pool(pool) for pool in key}, self._policy)
        return self._made[key]

    def _of_pool(self, pool: int) -> _Units:
        if pool not in self._units:
            rota, spells = self._rota, []
            units = np.flatnonzero(rota["pool"] == pool)
            self._own[units] = np.arange(units.size)
            for kind, of in zip(self._kinds, self._pool_of, strict=True):
                mine = np.flatnonzero(of == pool)
                own = self._own[kind.unit[mine]]
                spells.append(Stretches(own, kind.start[mine], kind.end[mine]))
            on = rota["on_at"][units]
            # A row that ends at or before its beginning is nobody (rule 1.6).
            off = np.maximum(rota["off_at"][units], on)
            officers = rota["officers"][units].astype(np.int64)
            self._units[pool] = _Units(on, off, officers, tuple(spells))
        return self._units[pool]


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
