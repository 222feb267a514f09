"""Whole numbers of many replications in as little room as they need."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from sim.measures.replication import Ints

_TYPES: Final = (np.int8, np.int16, np.int32, np.int64)


def narrowed(array: Ints) -> Ints:
    """Return an array in the smallest type that holds its numbers."""
    narrow: Ints = array.astype(_least(array))
    return narrow


def _least(array: Ints) -> type[np.signedinteger[Any]]:
    largest = max(int(array.max(initial=0)), -int(array.min(initial=0)))
    return next(kind for kind in _TYPES if largest <= np.iinfo(kind).max)


class Stacked:
    """Arrays of one shape, one from each replication, under each other.

    Parameters
    ----------
    count
        How many will be added.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._added = 0
        self._whole: Ints | None = None

    def add(self, array: Ints) -> None:
        """Add the next one."""
        least = _least(array)
        if self._whole is None:
            self._whole = np.zeros((self._count, *array.shape), dtype=least)
        elif np.iinfo(least).max > np.iinfo(self._whole.dtype).max:
            self._whole = self._whole.astype(least)
        self._whole[self._added] = array
        self._added += 1

    @property
    def whole(self) -> Ints:
        """All of them, the replication first; of the smallest type that holds every number.

        Sum it with a type: what is added up may need a larger one.
        """
        if self._whole is None or self._added < self._count:
            raise ValueError(f"{self._added} of {self._count} arrays were added")
        return self._whole
