"""Rows found by their keys, columns added up by cell, and seconds counted by hour."""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.kernels.jit import helper, kernel

Ints: TypeAlias = NDArray[np.int64]
Words: TypeAlias = NDArray[np.uint64]
Codes: TypeAlias = NDArray[np.signedinteger]

_SECONDS_PER_HOUR: Final = 3600
# 2 ** 64 over the golden ratio: its products with keys that differ little lie far apart.
_SPREAD: Final = np.uint64(0x9E3779B97F4A7C15)


@kernel
def places(keys: Words, wanted: Words, slots: NDArray[np.int32], shift: int, found: Ints) -> None:
    """Put down the place of each wanted key among distinct ones, -1 where it is not there.

    Parameters
    ----------
    keys, wanted
        Shape (n,) and (m,).
    slots
        Shape (2 ** (64 - shift),), more than n: -1 throughout, and filled on the way.
    shift
        How far a product of 64 bits is shifted to give a slot.
    found
        Shape (m,): filled.
    """
    last, by = np.int64(slots.size - 1), np.uint64(shift)
    for place in range(keys.size):
        slot = np.int64((keys[place] * _SPREAD) >> by)
        while slots[slot] >= 0:
            slot = (slot + 1) & last
        slots[slot] = place
    for index in range(wanted.size):
        key, at = wanted[index], np.int64(-1)
        slot = np.int64((key * _SPREAD) >> by)
        while slots[slot] >= 0:
            if keys[slots[slot]] == key:
                at = np.int64(slots[slot])
                break
            slot = (slot + 1) & last
        found[index] = at


@kernel
def by_kind(kinds: Codes, ends: Ints, rows: Ints) -> None:
    """Put rows of one kind together, in their order.

    Parameters
    ----------
    kinds
        Shape (n,).
    ends
        Shape (kinds + 1,), nought throughout: filled with where the rows of each end, and 0 at
        last.
    rows
        Shape (n,): filled.
    """
    for row in range(kinds.size):
        ends[kinds[row]] += 1
    before = 0
    for kind in range(ends.size - 1):
        before += ends[kind]
        ends[kind] = before - ends[kind]
    for row in range(kinds.size):
        kind = kinds[row]
        rows[ends[kind]] = row
        ends[kind] += 1


@kernel
def add_up(places: Ints, column: Ints, sums: Ints) -> None:
    """Add the numbers of a column to the sums of their cells: shape (n,), (n,) and (cells,)."""
    for row in range(places.size):
        # Most columns are nought in most rows.
        if column[row]:
            sums[places[row]] += column[row]


@helper
def _cover(
    group: int, start: int, end: int, low: int, high: int, times: int, covered: Ints, whole: Ints
) -> None:
    """Add the seconds of an interval to each hour of a group; `_running` comes after."""
    begun = min(max(start, low), high) - low
    ended = max(min(max(end, low), high) - low, begun)
    first, last = begun // _SECONDS_PER_HOUR, ended // _SECONDS_PER_HOUR
    # From its time on, an interval's start covers what is left of the hour and every later
    # hour; its end takes that away again.
    covered[group, first] -= times * (begun - first * _SECONDS_PER_HOUR)
    covered[group, last] += times * (ended - last * _SECONDS_PER_HOUR)
    whole[group, first] += times * _SECONDS_PER_HOUR
    whole[group, last] -= times * _SECONDS_PER_HOUR


@helper
def _run(covered: Ints, whole: Ints) -> None:
    """Add the hours that intervals cover as a whole."""
    for group in range(covered.shape[0]):
        running = np.int64(0)
        for hour in range(covered.shape[1]):
            running += whole[group, hour]
            covered[group, hour] += running


@kernel
def by_hour(
    starts: Ints, ends: Ints, groups: Ints, low: int, high: int, covered: Ints, whole: Ints
) -> None:
    """Add up the seconds that intervals cover in each hour, by group.

    Parameters
    ----------
    starts, ends, groups
        Shape (n,): seconds, and the group of each interval.
    low, high
        What lies outside is cut off; whole hours lie between.
    covered, whole
        Shape (groups, hours + 1), nought throughout. The first is filled; its last hour means
        nothing. The second is room to work in.
    """
    for index in range(starts.size):
        _cover(groups[index], starts[index], ends[index], low, high, 1, covered, whole)
    _run(covered, whole)


@kernel
def kinds_by_pool(units: Ints, kinds: Codes, pools: Ints, done: Codes) -> None:
    """Mark the kinds of activities that units of each pool have.

    Parameters
    ----------
    units, kinds
        Shape (activities,): place of the unit in the rota, or -1, and the kind.
    pools
        Shape (units,).
    done
        Shape (pools, kinds), nought throughout: filled with 1 where there is one.
    """
    for row in range(units.size):
        if units[row] >= 0:
            done[pools[units[row]], kinds[row]] = 1


@kernel
def work_by_hour(
    activities: tuple[Ints, Codes, Ints, Ints],
    rota: tuple[Ints, Ints, Ints],
    groups: Ints,
    unpaid: int,
    low: int,
    high: int,
    worked: tuple[Ints, Ints],
    late: tuple[Ints, Ints],
) -> None:
    """Add up the seconds that units work in each hour, within their shifts and after them.

    Parameters
    ----------
    activities
        Shape (activities,) each: place of the unit in the rota, or -1, kind, start, end.
    rota
        Shape (units,) each: pool, end of the shift, officers.
    groups
        Shape (pools, kinds): the group that an activity belongs to.
    unpaid
        A kind that is no work after the shift.
    low, high
        As for `by_hour`.
    worked, late
        As for `by_hour`, of the groups, and of the pools.
    """
    units, kinds, starts, ends = activities
    pools, offs, officers = rota
    for row in range(units.size):
        unit = units[row]
        if unit < 0:
            continue
        pool, off, start, end = pools[unit], offs[unit], starts[row], ends[row]
        group = groups[pool, kinds[row]]
        _cover(group, start, min(end, off), low, high, 1, worked[0], worked[1])
        if end > off and kinds[row] != unpaid:
            _cover(pool, max(start, off), end, low, high, officers[unit], late[0], late[1])
    _run(worked[0], worked[1])
    _run(late[0], late[1])


@kernel
def join_stretches(
    number: Ints,
    units: Ints,
    starts: Ints,
    ends: Ints,
    open_at: Ints,
    unit: Ints,
    start: Ints,
    end: Ints,
) -> int:
    """Put down stretches of time in which units are in one activity after another, and count them.

    Parameters
    ----------
    number
        Shape (rota + 1,): number of each unit of the rota, and -1 at last; -1: it is left out.
    units, starts, ends
        Shape (n,): place of the unit in the rota, or -1, and from when to when; in the order of
        starts.
    open_at
        Shape (numbers,), -1 throughout: room to work in.
    unit, start, end
        Shape (n,): filled as far as there are stretches, in the order in which they begin.
    """
    found = 0
    for row in range(units.size):
        of = number[units[row]]
        if of < 0 or ends[row] <= starts[row]:
            continue
        at = open_at[of]
        if at >= 0 and end[at] == starts[row]:
            end[at] = ends[row]
        else:
            open_at[of] = found
            unit[found], start[found], end[found] = of, starts[row], ends[row]
            found += 1
    return found


def make_ready() -> None:
    """Compile or fetch all of them."""
    none, words = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.uint64)
    places(words, words, np.full(2, -1, dtype=np.int32), 63, none)
    table, small = np.zeros((0, 1), dtype=np.int64), np.zeros(0, dtype=np.int8)
    by_kind(small, np.zeros(1, dtype=np.int64), none)
    add_up(none, none, none)
    by_hour(none, none, none, 0, 0, table, table)
    kinds_by_pool(none, small, none, np.zeros((0, 1), dtype=np.int8))
    two = table, table
    work_by_hour((none, small, none, none), (none, none, none), table, 0, 0, 0, two, two)
    join_stretches(none, none, none, none, none, none, none, none)
