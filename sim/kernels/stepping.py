"""Moments at which something changes, and what holds from each to the next."""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.kernels.jit import helper, kernel

Ints: TypeAlias = NDArray[np.int64]
Words: TypeAlias = NDArray[np.uint64]
Levels: TypeAlias = NDArray[np.int32]

_ONE: Final = np.uint64(1)
_PAIRS: Final = np.uint64(0x5555555555555555)
_FOURS: Final = np.uint64(0x3333333333333333)
_EIGHTS: Final = np.uint64(0x0F0F0F0F0F0F0F0F)
_BYTES: Final = np.uint64(0x0101010101010101)


@helper
def _ones_in(word: np.uint64) -> int:
    """Count the bits that are set."""
    word -= (word >> _ONE) & _PAIRS
    word = (word & _FOURS) + ((word >> np.uint64(2)) & _FOURS)
    word = (word + (word >> np.uint64(4))) & _EIGHTS
    return int(np.int64((word * _BYTES) >> np.uint64(56)))


@kernel
def gather(times: Ints, first: int, words: Words, before: Ints, moments: Ints) -> int:
    """Put down the distinct ones of some times in ascending order, and count them.

    Parameters
    ----------
    times
        Shape (n,), seconds.
    first
        None of them is before it.
    words
        Nought throughout, a bit for each second from the first on; filled.
    before
        Shape (words + 1,): filled with how many moments lie before each word, and how many there
        are.
    moments
        Shape (n,): filled as far as there are moments.
    """
    for time in times:
        away = time - first
        words[away >> 6] |= _ONE << np.uint64(away & 63)
    found = 0
    for place in range(words.size):
        before[place] = found
        rest = words[place]
        while rest:
            less = rest - _ONE
            moments[found] = first + 64 * place + _ones_in(less & ~rest)
            found += 1
            rest &= less
    before[words.size] = found
    return found


@kernel
def among(words: Words, before: Ints, first: int, times: Ints, found: Ints) -> None:
    """Put down how many moments lie before each time.

    Parameters
    ----------
    words, before, first
        As `gather` leaves them.
    times
        Shape (n,), any.
    found
        Shape (n,): filled.
    """
    for index in range(times.size):
        away = times[index] - first
        word = away >> 6
        if away < 0:
            found[index] = 0
        elif word >= words.size:
            found[index] = before[words.size]
        else:
            earlier = (_ONE << np.uint64(away & 63)) - _ONE
            found[index] = before[word] + _ones_in(words[word] & earlier)


@kernel
def level(
    first: Ints,
    last: Ints,
    weight: Ints,
    unit: Ints,
    since: Ints,
    until: Ints,
    sign: Ints,
    found: Levels,
) -> None:
    """Put down how much units weigh at each moment, by when they are there and what they do.

    Parameters
    ----------
    first, last, weight
        Shape (units,): each is there from one moment up to another, and weighs so much.
    unit, since, until, sign
        Shape (spells,): what units do, from one moment up to another, and how many times it
        counts. What lies outside the time that the unit is there is cut off.
    found
        Shape (moments,), nought throughout: filled.
    """
    for of in range(first.size):
        found[first[of]] += weight[of]
        found[last[of]] -= weight[of]
    for spell in range(unit.size):
        of = unit[spell]
        weighs = sign[spell] * weight[of]
        found[min(max(since[spell], first[of]), last[of])] += weighs
        found[min(max(until[spell], first[of]), last[of])] -= weighs
    running = 0
    for place in range(found.size):
        running += found[place]
        found[place] = running


@helper
def until(ascending: Ints, time: int) -> int:
    """Count the numbers that are not beyond a time."""
    low, high = 0, ascending.size
    while low < high:
        middle = (low + high) >> 1
        if ascending[middle] <= time:
            low = middle + 1
        else:
            high = middle
    return low


def make_ready() -> None:
    """Compile or fetch all of them."""
    none, words = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.uint64)
    one, levels = np.zeros(1, np.int64), np.zeros(0, np.int32)
    gather(none, 0, words, one, none)
    among(words, one, 0, none, none)
    level(none, none, none, none, none, none, none, levels)
