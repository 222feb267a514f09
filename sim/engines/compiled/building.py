"""A memory being put together: what goes where, before there is room for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.engines.compiled.fields import world
from sim.engines.compiled.jit import Memory


class Builder:
    """Places in a memory that is yet to be made.

    Numbers are put down at once; for a block of things of one kind room is kept, to be filled when
    the memory is there.
    """

    def __init__(self) -> None:
        self._pieces: list[tuple[int, Sequence[int] | NDArray[np.int64]]] = []
        self._known: dict[tuple[int, ...], int] = {}
        self.globals: dict[int, int] = {}
        """What the fields of `fields.world` hold."""
        self.size = world.SIZE

    def put(self, numbers: Iterable[int]) -> int:
        """Put down a list of numbers and return where it begins; the same list only once."""
        listed = tuple(int(number) for number in numbers)
        if listed not in self._known:
            self._known[listed] = self.keep(len(listed))
            self._pieces.append((self._known[listed], listed))
        return self._known[listed]

    def fill(self, at: int, numbers: Mapping[int, int]) -> None:
        """Put numbers into room that was kept, by field."""
        for field, number in numbers.items():
            self._pieces.append((at + field, (int(number),)))

    def put_column(self, column: NDArray[np.int64]) -> int:
        """Put down a column of a table and return where it begins."""
        at = self.keep(len(column))
        self._pieces.append((at, column))
        return at

    def keep(self, places: int) -> int:
        """Keep room and return where it begins; it is 0 throughout until it is filled."""
        at = self.size
        self.size += places
        return at

    def memory(self, free_places: int) -> Memory:
        """Return the memory, with as many free places after what is put down."""
        m = np.empty(self.size + free_places, dtype=np.int64)
        m[: self.size] = 0
        for at, numbers in self._pieces:
            m[at : at + len(numbers)] = numbers
        for field, number in self.globals.items():
            m[field] = number
        m[world.FREE] = self.size
        m[world.LENGTH] = len(m)
        return m


def block(m: Memory, at: int, count: int, size: int) -> NDArray[np.int64]:
    """Return the things of a block as rows, shape (count, size), their fields as columns."""
    return m[at : at + count * size].reshape(count, size)
