"""Columns of the tables into the memory, a thing at a time: each is touched once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.engines.compiled.fields import job
from sim.engines.compiled.jit import Memory, kernel
from sim.tables import NEVER, NONE, Table

_Column: TypeAlias = NDArray[np.int64]

_READ = (
    *("key", "reported_at", "origin", "grade", "risk", "thrive_seconds", "wrap_seconds"),
    *("desk_seconds", "desk_pool"),
)


def fill_reports(m: Memory, at: int, incidents: Table, rows: _Column, pools: _Column) -> None:
    """Fill in the incidents that a desk deals with alone.

    Parameters
    ----------
    at
        Where they begin.
    rows
        Which rows of the incidents table they are.
    pools
        Where each pool stands.
    """
    _fill(m, at, rows, pools, *(incidents[name] for name in _READ))


def fill_things(
    m: Memory,
    at: int,
    size: int,
    fields: Sequence[int],
    columns: NDArray[np.int64],
    same: Mapping[int, int],
) -> None:
    """Fill in things of one kind.

    Parameters
    ----------
    at, size
        Where they begin, and how long one is.
    fields, columns
        Fields that differ, and what they hold: shape (fields, things).
    same
        What other fields hold, for all of them alike.
    """
    fixed, numbers = np.array(list(same)), np.array(list(same.values()))
    _scatter(m, at, size, np.array(fields), columns, fixed, numbers)


def rows_of(keys: _Column, wanted: _Column) -> _Column:
    """Return the rows in which these keys stand; all do, and nearly always in the same order."""
    rows = np.empty(len(wanted), dtype=np.int64)
    if not _found_in_order(keys, wanted, rows):
        order = np.argsort(keys)
        rows[:] = order[np.searchsorted(keys, wanted, sorter=order)]
    return rows


def _fill_each(  # noqa: PLR0913, PLR0917 (numba knows no table: each column is an argument)
    m: Memory,
    at: int,
    rows: _Column,
    pools: _Column,
    key: _Column,
    reported_at: _Column,
    origin: _Column,
    grade: _Column,
    risk: _Column,
    thrive_seconds: _Column,
    wrap_seconds: _Column,
    desk_seconds: _Column,
    desk_pool: _Column,
) -> None:
    for place in range(len(rows)):
        row = rows[place]
        j = at + place * job.REPORT_SIZE
        m[j + job.KEY] = key[row]
        m[j + job.REPORTED_AT] = reported_at[row]
        m[j + job.CASE] = 0
        m[j + job.ORIGIN] = origin[row]
        m[j + job.GRADE] = grade[row]
        m[j + job.RISK] = risk[row]
        m[j + job.THRIVE_SECONDS] = thrive_seconds[row]
        m[j + job.WRAP_SECONDS] = wrap_seconds[row]
        m[j + job.DESK_SECONDS] = desk_seconds[row]
        m[j + job.ANSWERED_AT] = NEVER
        m[j + job.GRADED_AT] = NEVER
        m[j + job.FINISHED_AT] = NEVER
        if desk_pool[row] == NONE:
            m[j + job.KIND] = job.CALL_ALONE
            m[j + job.DESK_POOL] = 0
        else:
            m[j + job.KIND] = job.DESK_WORK
            m[j + job.DESK_POOL] = pools[desk_pool[row]]


def _find_in_order(keys: _Column, wanted: _Column, rows: _Column) -> bool:
    found = 0
    for row in range(len(keys)):
        if found < len(wanted) and keys[row] == wanted[found]:
            rows[found] = row
            found += 1
    return found == len(wanted)


def _scatter_each(
    m: Memory,
    at: int,
    size: int,
    fields: _Column,
    columns: NDArray[np.int64],
    fixed: _Column,
    numbers: _Column,
) -> None:
    for place in range(columns.shape[1]):
        thing = at + size * place
        for number in range(len(fields)):
            m[thing + fields[number]] = columns[number, place]
        for number in range(len(fixed)):
            m[thing + fixed[number]] = numbers[number]


_fill: Callable[..., None] = kernel(_fill_each)
_scatter: Callable[..., None] = kernel(_scatter_each)
_found_in_order: Callable[..., bool] = kernel(_find_in_order)
