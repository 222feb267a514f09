"""A memory being put together: what goes where, before there is room for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from threading import local
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.engines.compiled.fields import world
from sim.engines.compiled.jit import Memory


class Builder:
    """Places in a memory that is yet to be made.

    Numbers are put down at once; for a block of things of one kind room is kept, to be filled when
    the memory is there.

    Attributes
    ----------
    globals
        What the fields of `fields.world` hold.
    size
        Places taken so far.
    """

    def __init__(self) -> None:
        self.globals: dict[int, int] = {}
        self.size = world.SIZE
        self._lists: list[tuple[int, Sequence[int] | NDArray[np.int64]]] = []
        self._numbers: list[tuple[int, int]] = []
        self._known: dict[tuple[int, ...], int] = {}

    def put(self, numbers: Iterable[int]) -> int:
        """Put down a list of numbers and return where it begins; the same list only once."""
        listed = tuple(numbers)
        if listed not in self._known:
            self._known[listed] = self.keep(len(listed))
            self._lists.append((self._known[listed], listed))
        return self._known[listed]

    def put_column(self, column: NDArray[np.int64]) -> int:
        """Put down a column of a table and return where it begins."""
        at = self.keep(len(column))
        self._lists.append((at, column))
        return at

    def fill(self, at: int, numbers: Mapping[int, int]) -> None:
        """Put numbers into room that was kept, by field."""
        self._numbers += [(at + field, number) for field, number in numbers.items()]

    def keep(self, places: int) -> int:
        """Keep room and return where it begins."""
        at = self.size
        self.size += places
        return at

    def memory(self, zero: Iterable[slice], free_places: int) -> Memory:
        """Return the memory, with as many free places after what is put down.

        In these ranges it is 0 where nothing was put down; elsewhere whatever it was before.
        """
        m = _array(self.size + free_places)
        for places in zero:
            m[places] = 0
        for at, listed in self._lists:
            m[at : at + len(listed)] = listed
        for at, number in (*self._numbers, *self.globals.items()):
            m[at] = number
        m[world.FREE] = self.size
        m[world.LENGTH] = len(m)
        return m


def block(m: Memory, at: int, count: int, size: int) -> NDArray[np.int64]:
    """Return the things of a block as rows, shape (count, size), their fields as columns."""
    return m[at : at + count * size].reshape(count, size)


_used_before = local()
_SPARE: Final = 16


def _array(places: int) -> Memory:
    """Return an array, the one that this thread gave back, where that is large enough.

    Half of a short simulation would otherwise go into the operating system's clearing of pages.
    """
    m: Memory | None = getattr(_used_before, "array", None)
    _used_before.array = None
    if m is None or not places <= len(m) <= 8 * places:
        # A little more, for the next may have a few people more.
        m = np.empty(places + places // _SPARE, dtype=np.int64)
    return m


def give_back(m: Memory) -> None:
    """Let the next simulation of this thread use the array again; nobody may look at it now."""
    _used_before.array = m
