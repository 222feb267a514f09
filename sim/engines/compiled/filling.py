"""Columns of the tables into the memory, a thing at a time: each is touched once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.engines.compiled.jit import Memory, kernel

_Column: TypeAlias = NDArray[np.int64]


def fill(m: Memory, at: int, size: int, columns: Mapping[int, _Column | int]) -> None:
    """Fill in things of a block.

    Parameters
    ----------
    at
        Where they begin.
    size
        Of each.
    columns
        By field: its column, shape (things,), or what it is in all of them.
    """
    filled = {field: one for field, one in columns.items() if not isinstance(one, int)}
    alike = {field: one for field, one in columns.items() if isinstance(one, int)}
    _fill(
        m,
        at,
        size,
        np.array(list(filled)),
        tuple(np.asarray(column, dtype=np.int64) for column in filled.values()),
        np.array(list(alike.items())),
    )


def rows_of(keys: _Column, wanted: _Column) -> _Column:
    """Return the rows in which these keys stand; all do, and nearly always in the same order."""
    rows = np.empty(len(wanted), dtype=np.int64)
    if not _found_in_order(keys, wanted, rows):
        order = np.argsort(keys)
        rows[:] = order[np.searchsorted(keys, wanted, sorter=order)]
    return rows


def _find_in_order(keys: _Column, wanted: _Column, rows: _Column) -> bool:
    found = 0
    for row in range(len(keys)):
        if found < len(wanted) and keys[row] == wanted[found]:
            rows[found] = row
            found += 1
    return found == len(wanted)


def _fill_block_by_block(
    m: Memory,
    at: int,
    size: int,
    fields: _Column,
    columns: tuple[_Column, ...],
    alike: NDArray[np.int64],
) -> None:
    """Fill in a few things at a time, field by field: as many as the cache holds."""
    count = len(columns[0])
    for first in range(0, count, _BLOCK):
        last = min(first + _BLOCK, count)
        for number in range(len(fields)):
            column, field = columns[number], at + fields[number]
            for place in range(first, last):
                m[field + size * place] = column[place]
        for number in range(len(alike)):
            field, value = at + alike[number, 0], alike[number, 1]
            for place in range(first, last):
                m[field + size * place] = value


_BLOCK: Final = 32

_fill: Callable[..., None] = kernel(_fill_block_by_block)
_found_in_order: Callable[..., bool] = kernel(_find_in_order)
