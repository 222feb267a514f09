"""Idle units while a graded job waits: what tells a gate from a low rank.

A job that is only low in the queue is claimed the moment that a unit which may take it is idle. A
job held for a decision is not: units stand idle while it waits. So the seconds between grade and
claim in which an own-area pool had enough idle units for it are counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.measures.arrays import cells_of
from sim.measures.clocks import Cases, earliest
from sim.measures.replication import Ints
from sim.tables import NEVER, Policy, Table


@dataclass(frozen=True, eq=False)
class _Crew:
    """One pool's units on the time grid of its area: places in the grid."""

    on: Ints
    off: Ints
    off_at: Ints
    busy_from: Ints
    busy_to: Ints
    busy_row: Ints
    smallest: int


def idle_seconds(cases: Cases, activities: Table, rota: Table, units: Ints, policy: Policy) -> Ints:
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
    activities, rota
        What happened, and who was on duty.
    units
        Shape (activities,): place of each activity's unit in the rota, or -1.
    policy
        Margins, reserves, and who attends.

    Returns
    -------
    ndarray
        Shape (n,); 0 where nobody was needed.
    """
    incidents, outcomes = cases.incidents, cases.outcomes
    seconds = np.zeros(len(incidents), dtype=np.int64)
    graded = outcomes["graded_at"]
    end = np.full(len(incidents), policy.end, dtype=np.int64)
    until = earliest(outcomes["claimed_at"], incidents["return_at"], end)
    waits = cases.needed & (graded != NEVER) & (until > graded)
    if not waits.any() or not policy.attends:
        return seconds
    busy = _busy(activities, units)
    for area in range(len(policy.areas)):
        pools = sorted({pool for by_area in policy.attends for pool in by_area[area]})
        here = waits & (incidents["area"] == area)
        if not pools or not here.any():
            continue
        timeline = _Timeline(pools, busy, rota, policy)
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
            seconds[jobs] = timeline.available_seconds(
                may_attend, grade, officers, graded[jobs], until[jobs]
            )
    return seconds


class _Busy(NamedTuple):
    """Stretches in which units are in some activity or other, shape (n,) each."""

    unit: Ints
    start: Ints
    end: Ints


def _busy(activities: Table, units: Ints) -> _Busy:
    """Stretches of units' work; what follows without a gap is one stretch."""
    rows = np.flatnonzero((units >= 0) & (activities["end"] > activities["start"]))
    unit = units[rows]
    # Rows are in the order of their starts: so are those of one unit, once they stand together.
    short = np.min_scalar_type(int(unit.max(initial=0)))
    order = np.argsort(unit.astype(short), kind="stable")
    unit, start, end = unit[order], activities["start"][rows][order], activities["end"][rows][order]
    goes_on = (unit[1:] == unit[:-1]) & (start[1:] == end[:-1])
    begins, ends = np.ones(rows.size, dtype=np.bool_), np.ones(rows.size, dtype=np.bool_)
    begins[1:], ends[:-1] = ~goes_on, ~goes_on
    return _Busy(unit[begins], start[begins], end[ends])


class _Timeline:
    """How many units of some pools are idle, second by second, as step functions."""

    def __init__(self, pools: list[int], worked: _Busy, rota: Table, policy: Policy) -> None:
        self._policy = policy
        self._levels: dict[tuple[int, int], NDArray[np.int32]] = {}
        self._on_duty: dict[int, NDArray[np.int32]] = {}
        times, shapes = [], []
        pool_of = rota["pool"][worked.unit]
        for pool in pools:
            units = np.flatnonzero(rota["pool"] == pool)
            own = np.empty(len(rota), dtype=np.int64)
            own[units] = np.arange(units.size)
            busy = np.flatnonzero(pool_of == pool)
            margins = _margins(policy, pool)
            offs = rota["off_at"][units]
            horizons = [_horizon(rota["on_at"][units], offs, margin) for margin in margins]
            parts = [
                rota["on_at"][units],
                offs,
                worked.start[busy],
                worked.end[busy],
                *horizons,
            ]
            times += parts
            officers = rota["officers"][units]
            shapes.append((pool, own[worked.unit[busy]], int(officers.min(initial=127)), parts))
        every = np.sort(np.concatenate(times))
        self._grid = every[np.flatnonzero(np.diff(every, prepend=NEVER))]
        self._crews: dict[int, _Crew] = {}
        for pool, busy_row, smallest, parts in shapes:
            spans = [np.searchsorted(self._grid, part) for part in parts[:4]]
            self._crews[pool] = _Crew(
                spans[0], spans[1], parts[1], spans[2], spans[3], busy_row, smallest
            )
        self._steps = np.diff(self._grid, append=self._grid[-1:])

    def available_seconds(
        self, pools: tuple[int, ...], grade: int, officers: int, start: Ints, end: Ints
    ) -> Ints:
        """Seconds of [start, end) in which one of the pools had units for such a job."""
        if not self._grid.size:
            return np.zeros(start.shape, dtype=np.int64)
        free = np.zeros(self._grid.shape, dtype=np.int64)
        for pool in pools:
            crew = self._crews[pool]
            needed = -(-officers // crew.smallest) if crew.on.size else 1
            enough = self._idle(pool, grade) >= needed
            reserve = self._policy.pools[pool].reserve
            if grade != 1 and reserve:
                kept = np.minimum(reserve, self._duty(pool) - 1)
                enough &= self._idle(pool, 1) - needed >= kept
            free[enough] = 1
        passed = np.cumsum(free * self._steps)
        return self._before(end, free, passed) - self._before(start, free, passed)

    def _before(self, times: Ints, free: Ints, passed: Ints) -> Ints:
        """Free seconds before each time."""
        place = np.searchsorted(self._grid, times, side="right") - 1
        inside = np.maximum(place, 0)
        beyond = passed[inside] - free[inside] * (self._grid[inside] + self._steps[inside] - times)
        return np.where(place < 0, 0, beyond)

    def _duty(self, pool: int) -> NDArray[np.int32]:
        if pool not in self._on_duty:
            crew = self._crews[pool]
            self._on_duty[pool] = self._level(crew.on, crew.off)
        return self._on_duty[pool]

    def _idle(self, pool: int, grade: int) -> NDArray[np.int32]:
        """Idle units of a pool outside its margin for a grade, on the grid."""
        margin = _margin(self._policy, pool, grade)
        if (pool, margin) not in self._levels:
            crew = self._crews[pool]
            starts = self._grid[crew.on]
            last = np.searchsorted(self._grid, _horizon(starts, crew.off_at, margin))
            first, end = crew.on[crew.busy_row], last[crew.busy_row]
            busy_from = np.clip(crew.busy_from, first, end)
            busy_to = np.clip(crew.busy_to, first, end)
            idle = self._level(crew.on, last) - self._level(busy_from, busy_to)
            self._levels[pool, margin] = idle
        return self._levels[pool, margin]

    def _level(self, starts: Ints, ends: Ints) -> NDArray[np.int32]:
        size = self._grid.size
        change = np.bincount(starts, minlength=size) - np.bincount(ends, minlength=size)
        return np.cumsum(change, dtype=np.int32)


def _margin(policy: Policy, pool: int, grade: int) -> int:
    margins = policy.pools[pool].margin_seconds
    return margins[grade - 1] if grade <= len(margins) else 0


def _margins(policy: Policy, pool: int) -> list[int]:
    return sorted({_margin(policy, pool, grade) for grade in range(1, policy.grades + 1)})


def _horizon(on_at: Ints, off_at: Ints, margin: int) -> Ints:
    """First second at which a unit may no longer be taken.

    At least the margin must be left, so the second in which just that is left still counts; the
    shift's last second is the one before its end.
    """
    return np.maximum(on_at, np.minimum(off_at, off_at - margin + 1))
