"""A table: contiguous one-dimensional numpy columns under a schema, with checks and equality."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import InternalError
from sim.tables.codes import NEVER


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    name, dtype, unit, meaning
        Of the column; the type is numpy's.
    optional
        Whether NEVER may stand in it.
    nothing
        What stands in a row to which the column does not apply; in optional columns NEVER does.
    """

    name: str
    dtype: str
    unit: str
    meaning: str
    optional: bool = False
    nothing: int = 0

    def __post_init__(self) -> None:
        if self.optional:
            object.__setattr__(self, "nothing", NEVER)


@dataclass(frozen=True)
class Schema:
    """A table's columns in order.

    Attributes
    ----------
    name, columns
        Of the table.
    key
        Columns that no two rows may share.
    of_all
        Of a table about incidents: columns that an engine keeps at hand of every row, also of
        those that a desk deals with alone.
    of_none
        Columns that it keeps at hand of no row: no rule reads or writes them for one incident.
        All others it keeps where officers are to be sent.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    of_all: tuple[str, ...] = ()
    of_none: tuple[str, ...] = ()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Column names, in order."""
        return tuple(column.name for column in self.columns)

    @cached_property
    def of_sent(self) -> tuple[str, ...]:
        """Columns that an engine keeps where officers are to be sent, besides those of all."""
        return tuple(name for name in self.names if name not in (*self.of_all, *self.of_none))

    @cached_property
    def nothing(self) -> Mapping[str, int]:
        """What stands in each column of a row to which it does not apply."""
        return {column.name: column.nothing for column in self.columns}


class Table:
    """Columns of equal length under a schema; read-only by convention.

    Parameters
    ----------
    schema
        The columns that must be there.
    columns
        One array of shape (n,) for each column of the schema; converted to the schema's
        type, contiguous.

    Raises
    ------
    InternalError
        A column is missing, unknown or of another length.
    """

    __slots__ = ("_columns", "schema")

    def __init__(self, schema: Schema, columns: Mapping[str, object]) -> None:
        self.schema = schema
        if set(columns) != set(schema.names):
            odd = sorted(set(columns) ^ set(schema.names))
            raise InternalError(f"table {schema.name}: missing or unknown columns {odd}")
        self._columns = {
            column.name: np.ascontiguousarray(columns[column.name], dtype=column.dtype)
            for column in schema.columns
        }
        lengths = {array.shape for array in self._columns.values()}
        if len(lengths) > 1 or any(len(shape) != 1 for shape in lengths):
            raise InternalError(f"table {schema.name}: columns of unequal shapes {lengths}")

    def __len__(self) -> int:
        return len(next(iter(self._columns.values())))

    def __getitem__(self, name: str) -> NDArray[np.int64]:
        return self._columns[name]

    def __repr__(self) -> str:
        return f"<{self.schema.name}: {len(self)} rows>"

    @property
    def columns(self) -> Mapping[str, NDArray[np.int64]]:
        """The columns by name, in the schema's order."""
        return self._columns

    def rows(self) -> list[Any]:
        """The rows as named tuples of whole numbers, in order: ``row.reported_at``."""
        columns = (array.tolist() for array in self._columns.values())
        row = namedtuple(self.schema.name, self.schema.names)  # type: ignore[misc]
        return [*map(row._make, zip(*columns, strict=True))]

    def take(self, rows: object) -> Table:
        """The rows picked by a mask or by row numbers, as a table of the same schema."""
        return Table(
            self.schema,
            {name: array[rows] for name, array in self._columns.items()},  # type: ignore[call-overload]
        )

    def sorted_by(self, *names: str) -> Table:
        """The rows in the order of these columns, the first one counting most."""
        return self.take(np.lexsort(tuple(self._columns[name] for name in reversed(names))))

    def check(self) -> None:
        """Raise `InternalError` where a key stands twice or NEVER where it may not."""
        if self.schema.key and len(self):
            keys = np.stack([self._columns[name] for name in self.schema.key])
            if np.unique(keys, axis=1).shape[1] != len(self):
                raise InternalError(f"table {self.schema.name}: a key stands twice")
        for column in self.schema.columns:
            array = self._columns[column.name]
            if not column.optional and array.dtype == np.int64 and (array == NEVER).any():
                raise InternalError(f"table {self.schema.name}: NEVER in {column.name}")

    def differences(self, other: Table, limit: int = 10) -> list[str]:
        """Where two tables of one schema differ, in words; empty where they are equal."""
        if self.schema.names != other.schema.names:
            return [f"schemas {self.schema.name} and {other.schema.name} differ"]
        if len(self) != len(other):
            return [f"{len(self)} rows and {len(other)} rows"]
        found: list[str] = []
        for name, array in self._columns.items():
            rows = np.flatnonzero(array != other[name])
            found += [
                f"row {row}, {name}: {array[row]} and {other[name][row]}"
                for row in rows[: max(limit - len(found), 0)]
            ]
        return found


def empty(schema: Schema) -> Table:
    """A table of no rows."""
    return Table(schema, {column.name: np.empty(0, column.dtype) for column in schema.columns})


def blank(schema: Schema, rows: int) -> dict[str, NDArray[np.int64]]:
    """The columns of a table to be filled, shape (rows,) each: nothing applies to any row yet."""
    return {name: np.full(rows, nothing, np.int64) for name, nothing in schema.nothing.items()}


def joined(schema: Schema, tables: Iterable[Table]) -> Table:
    """The rows of several tables of one schema, one after another."""
    parts = list(tables)
    if not parts:
        return empty(schema)
    return Table(
        schema, {name: np.concatenate([part[name] for part in parts]) for name in schema.names}
    )


def from_rows(schema: Schema, rows: Sequence[tuple[int, ...]]) -> Table:
    """A table from row tuples in the order of the schema's columns."""
    if not rows:
        return empty(schema)
    width = len(schema.names)
    flat = np.fromiter(chain.from_iterable(rows), dtype=np.int64, count=width * len(rows))
    block = flat.reshape(len(rows), width)
    return Table(schema, {name: block[:, place] for place, name in enumerate(schema.names)})
