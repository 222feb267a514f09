"""Columns of the tables as fields: each is named as its column is, in capitals."""

from __future__ import annotations

from collections.abc import Iterable
from types import ModuleType
from typing import NamedTuple

from sim.tables import NEVER, NONE, Schema


class Columns(NamedTuple):
    """Where some columns of a table stand.

    First those in which NEVER stands where nothing applies, then NONE, then 0: so each of the
    three begins where the one before ends.
    """

    never: int
    none: int
    zero: int
    end: int


def named(module: dict[str, object], schema: Schema, names: Iterable[str], first: int) -> Columns:
    """Give columns of a table their places, and the module their names.

    Parameters
    ----------
    module
        Its ``globals()``. A name that it has already is not given twice.
    names
        Of the columns.
    first
        Place of the first.
    """
    listed = sorted(names, key=lambda name: schema.nothing[name])
    for place, name in enumerate(listed, start=first):
        if name.upper() in module:
            raise ValueError(f"{name.upper()} is the name of two fields")
        module[name.upper()] = place
    values = [schema.nothing[name] for name in listed]
    none = first + values.count(NEVER)
    return Columns(first, none, none + values.count(NONE), first + len(values))


def places(fields: ModuleType, names: Iterable[str]) -> dict[str, int]:
    """Return where each of these columns stands in things of a kind."""
    return {name: getattr(fields, name.upper()) for name in names}
