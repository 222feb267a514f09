"""Rows found by their keys, and seconds counted by hour."""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.kernels.jit import kernel

Ints: TypeAlias = NDArray[np.int64]
Words: TypeAlias = NDArray[np.uint64]

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
        group = groups[index]
        start = min(max(starts[index], low), high) - low
        end = max(min(max(ends[index], low), high) - low, start)
        first, last = start // _SECONDS_PER_HOUR, end // _SECONDS_PER_HOUR
        # From its time on, an interval's start covers what is left of the hour and every later
        # hour; its end takes that away again.
        covered[group, first] -= start - first * _SECONDS_PER_HOUR
        covered[group, last] += end - last * _SECONDS_PER_HOUR
        whole[group, first] += _SECONDS_PER_HOUR
        whole[group, last] -= _SECONDS_PER_HOUR
    for group in range(covered.shape[0]):
        running = np.int64(0)
        for hour in range(covered.shape[1]):
            running += whole[group, hour]
            covered[group, hour] += running


def make_ready() -> None:
    """Compile or fetch both."""
    none, words = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.uint64)
    places(words, words, np.full(2, -1, dtype=np.int32), 63, none)
    table = np.zeros((0, 1), dtype=np.int64)
    by_hour(none, none, none, 0, 0, table, table)
