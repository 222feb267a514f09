"""Columns of the tables into the memory, a thing at a time: each is touched once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.engines.compiled.fields import job
from sim.engines.compiled.jit import Memory, kernel
from sim.tables import NONE, Table

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


def fill_jobs(m: Memory, at: int, columns: Mapping[int, _Column]) -> None:
    """Fill in what is drawn of incidents to which officers are to be sent.

    Parameters
    ----------
    at
        Where they begin.
    columns
        By field: its column, shape (jobs,).
    """
    drawn = tuple(np.asarray(column, dtype=np.int64) for column in columns.values())
    _fill_by_block(m, at, np.array(list(columns)), drawn)


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


def _fill_block_by_block(m: Memory, at: int, fields: _Column, columns: tuple[_Column, ...]) -> None:
    """Fill in a few jobs at a time, field by field: as many as the cache holds."""
    count = len(columns[0])
    for first in range(0, count, _BLOCK):
        last = min(first + _BLOCK, count)
        for number in range(len(fields)):
            column, field = columns[number], at + fields[number]
            for place in range(first, last):
                m[field + job.SIZE * place] = column[place]
        for place in range(first, last):
            j = at + job.SIZE * place
            m[j + job.KIND] = job.INCIDENT
            m[j + job.CASE] = 0


_BLOCK: Final = 32

_fill: Callable[..., None] = kernel(_fill_each)
_fill_by_block: Callable[..., None] = kernel(_fill_block_by_block)
_found_in_order: Callable[..., bool] = kernel(_find_in_order)
