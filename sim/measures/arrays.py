"""The arrays that tallies are made of, and how those with keys are added up."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim import kernels
from sim.tables import Activity, stable_order

Ints: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]
_Part = TypeVar("_Part")


class Columns(Protocol):
    """What a table and some of its rows have in common."""

    def __len__(self) -> int:
        """Rows."""

    def __getitem__(self, name: str) -> Ints:
        """A column, shape (n,)."""


class Picked:
    """Some rows of a table, each column picked when it is first asked for.

    Parameters
    ----------
    table
        The table, or what has its columns.
    rows
        Shape (n,): numbers of its rows.
    """

    def __init__(self, table: Columns, rows: Ints) -> None:
        self._table = table
        self._rows = rows
        self._columns: dict[str, Ints] = {}

    def __len__(self) -> int:
        return self._rows.size

    def __getitem__(self, name: str) -> Ints:
        if name not in self._columns:
            self._columns[name] = self._table[name][self._rows]
        return self._columns[name]

    def picked(self, rows: Ints) -> Picked:
        """Some of these rows, which leaves all columns of the others alone."""
        return Picked(self._table, self._rows[rows])


def picked(columns: Columns, rows: Ints) -> Picked:
    """Some rows of a table, or of rows picked from one."""
    return columns.picked(rows) if isinstance(columns, Picked) else Picked(columns, rows)


def of_kinds(activities: Columns, kinds: Collection[Activity]) -> Flags:
    """Which activities are of some kinds."""
    wanted = np.zeros(len(Activity), dtype=np.bool_)
    wanted[list(kinds)] = True
    # Half as long as an index of bytes.
    flags: Flags = np.take(wanted, activities["kind"])
    return flags


def cells_of(codes: Ints) -> tuple[Ints, Ints]:
    """Distinct codes in ascending order, and the place among them of each: shape as `codes`.

    For codes of which not many are possible: a count is kept of each up to the highest.
    """
    cells = np.flatnonzero(np.bincount(codes))
    place = np.zeros(int(codes.max(initial=0)) + 1, dtype=np.int64)
    place[cells] = np.arange(cells.size)
    return cells, place[codes]


def grouped(codes: Ints) -> tuple[Ints, Ints]:
    """An order that puts equal codes together, and where in it each code begins.

    Parameters
    ----------
    codes
        Shape (n,), none under nought.

    Returns
    -------
    order, begins
        Shape (n,) and (distinct,); of equal codes the first stands first.
    """
    order = stable_order(codes)
    return order, np.flatnonzero(np.diff(codes[order], prepend=-1))


def summed(places: Ints, columns: Sequence[Ints | Flags], cells: int) -> Ints:
    """Sums of each column over each cell, shape (cells, columns), all under 2 ** 53.

    Parameters
    ----------
    places
        Shape (n,): cell of each row.
    columns
        Shape (n,) each.
    cells
        How many there are.
    """
    if kernels.are_ready():
        from sim.kernels import tallying

        by_column = np.zeros((len(columns), cells), dtype=np.int64)
        for column, own in zip(columns, by_column, strict=True):
            tallying.add_up(places, column.astype(np.int64, copy=False), own)
        return np.ascontiguousarray(by_column.T)
    sums = np.empty((cells, len(columns)), dtype=np.int64)
    for number, column in enumerate(columns):
        if column.dtype == np.bool_:
            sums[:, number] = np.bincount(places[column], minlength=cells)
        else:
            sums[:, number] = np.bincount(places, weights=column, minlength=cells)
    return sums


def counted(keys: Ints) -> tuple[Ints, Ints]:
    """Distinct keys in ascending order, and how often each stands."""
    ascending = np.sort(keys)
    starts = np.flatnonzero(np.diff(ascending, prepend=ascending[:1] - 1))
    return ascending[starts], np.diff(starts, append=keys.size)


def tallied(keys: Ints, values: Ints) -> tuple[Ints, Ints]:
    """Distinct keys in ascending order, and the sums of their values (first axis)."""
    if not keys.size:
        return keys, values
    order = np.argsort(keys, kind="stable")
    ascending = keys[order]
    starts = np.flatnonzero(np.concatenate([[True], ascending[1:] != ascending[:-1]]))
    return ascending[starts], np.add.reduceat(values[order], starts, axis=0)


def tallied_together(tallies: Sequence[tuple[Ints, Ints]]) -> tuple[Ints, Ints]:
    """Several tallies as one: distinct keys in ascending order, and the sums of their values."""
    keys, values = zip(*tallies, strict=True)
    return tallied(np.concatenate(keys), np.concatenate(values))


def all_or_none(parts: Sequence[_Part | None]) -> list[_Part]:
    """What replications have each, or nothing where none has it.

    Raises
    ------
    ValueError
        If some have it and some have not: they are not of one scenario.
    """
    there = [part for part in parts if part is not None]
    if there and len(there) < len(parts):
        raise ValueError("replications of one scenario can be added up")
    return there


def added(arrays: list[Ints]) -> Ints:
    """The sum of arrays of one shape."""
    total: Ints = np.sum(np.stack(arrays), axis=0)
    return total
