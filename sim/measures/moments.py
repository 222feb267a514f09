"""Moments at which something changes, and how long each state lasted: steps over time."""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim import kernels
from sim.measures.arrays import Ints

States: TypeAlias = NDArray[np.int8]

_BITS_OF_WORD: Final = 64


class Moments:
    """Distinct moments, and where any time stands among them.

    Parameters
    ----------
    times
        Shape (n,), seconds in any order, with repeats; at least one.

    Attributes
    ----------
    ascending
        Shape (moments,).
    """

    def __init__(self, times: Ints) -> None:
        self._marks: tuple[NDArray[np.uint64], Ints] | None = None
        self._first: Final = int(times.min())
        if not kernels.are_ready():
            ascending = np.sort(times)
            new = np.ones(times.size, dtype=np.bool_)
            new[1:] = ascending[1:] != ascending[:-1]
            self.ascending: Ints = ascending[new]
            return
        from sim.kernels import stepping

        size = (int(times.max()) - self._first) // _BITS_OF_WORD + 1
        words, before = np.zeros(size, dtype=np.uint64), np.empty(size + 1, dtype=np.int64)
        found = np.empty(times.size, dtype=np.int64)
        self.ascending = found[: stepping.gather(times, self._first, words, before, found)]
        self._marks = words, before

    def before(self, times: Ints) -> Ints:
        """How many moments lie before each time: shape (n,)."""
        if self._marks is None:
            place: Ints = np.searchsorted(self.ascending, times, side="left")
            return place
        from sim.kernels import stepping

        found = np.empty(times.size, dtype=np.int64)
        stepping.among(*self._marks, self._first, np.ascontiguousarray(times), found)
        return found


class Steps:
    """Which of a few states holds from each moment to the next, and for how long.

    Parameters
    ----------
    states
        Shape (moments,): from 0.
    moments
        Shape (moments,): seconds, ascending; at least one.
    count
        How many states there are.
    """

    def __init__(self, states: States, moments: Ints, count: int) -> None:
        # Few moments bring another state.
        new = np.ones(states.size, dtype=np.bool_)
        new[1:] = states[1:] != states[:-1]
        self._begins, self._states = moments[new], states[new]
        lasts = np.diff(self._begins, append=self._begins[-1:])
        each = np.where(self._states[:, None] == np.arange(count), lasts[:, None], 0)
        self._passed = np.cumsum(each, axis=0) - each

    def spent(self, start: Ints, end: Ints) -> Ints:
        """Seconds of [start, end) in each state, shape (n, states).

        What lies before the first moment is as from it on.
        """
        seconds: Ints = self._before(end) - self._before(start)
        return seconds

    def _before(self, times: Ints) -> Ints:
        place = np.maximum(np.searchsorted(self._begins, times, side="right") - 1, 0)
        seconds: Ints = self._passed[place]
        seconds[np.arange(times.size), self._states[place]] += times - self._begins[place]
        return seconds
