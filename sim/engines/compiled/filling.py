"""Columns of the tables into the memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.engines.compiled.building import block
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
    count = max((len(one) for one in columns.values() if not isinstance(one, int)), default=0)
    rows = block(m, at, count, size)
    for field, column in columns.items():
        rows[:, field] = column


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


_found_in_order: Callable[..., bool] = kernel(_find_in_order)
