"""From keys to places in a table, and how the rows of one replication's tables belong together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim import kernels
from sim.measures.arrays import Ints
from sim.tables import Activity, Table

_Words: TypeAlias = NDArray[np.uint64]

# 2 ** 64 over the golden ratio: its products with keys that differ little lie far apart.
_SPREAD: Final = 0x9E3779B97F4A7C15
_SLOTS_A_KEY: Final = 4


class RowsByKind:
    """Rows of the activities, put together by their kinds once for all who look for some.

    Parameters
    ----------
    kinds
        Shape (activities,): codes of `sim.tables.Activity`.
    """

    def __init__(self, kinds: NDArray[np.signedinteger]) -> None:
        if kernels.are_ready():
            from sim.kernels import tallying

            ends = np.zeros(len(Activity) + 1, dtype=np.int64)
            self._rows = np.empty(kinds.size, dtype=np.int64)
            tallying.by_kind(kinds, ends, self._rows)
        else:
            self._rows = np.argsort(kinds, kind="stable")
            ends = np.cumsum([*np.bincount(kinds, minlength=len(Activity)), -kinds.size])
        self._ends = ends.tolist()

    def of(self, kind: Activity) -> Ints:
        """Rows of a kind, in their order."""
        return self._rows[self._ends[kind - 1] : self._ends[kind]]

    def of_any(self, kinds: Iterable[Activity]) -> Ints:
        """Rows of some kinds, one kind after another."""
        return np.concatenate([self.of(kind) for kind in kinds])


@dataclass(frozen=True, eq=False)
class Links:
    """How the activities belong to the other tables.

    Parameters
    ----------
    incident
        Shape (activities,): place in the incidents table; -1 where it has none.
    unit
        Shape (activities,): place in the rota; -1 where it has none.
    kinds
        Rows of each kind.
    """

    incident: Ints
    unit: Ints
    kinds: RowsByKind

    @classmethod
    def of(cls, incidents: Table, rota: Table, activities: Table) -> Links:
        """Those of one replication."""
        return cls(
            places_of(incidents["key"], activities["incident"]),
            places_of(rota["key"], activities["unit"]),
            RowsByKind(activities["kind"]),
        )


@dataclass(frozen=True, eq=False)
class Done:
    """What happened, and for which of some incidents.

    Parameters
    ----------
    activities
        What happened.
    places
        Shape (activities,): place of each one's incident among these; -1 where it has none.
    kinds
        Rows of each kind.
    """

    activities: Table
    places: Ints
    kinds: RowsByKind


def ranks(rows: Ints, size: int) -> Ints:
    """Place of each row of a table among some picked ones, and -1 at last: shape (size + 1,).

    Parameters
    ----------
    rows
        Numbers of the rows picked, in their order.
    size
        Rows of the table. A place of -1 in the table stays one among those picked.
    """
    places = np.full(size + 1, -1, dtype=np.int64)
    places[rows] = np.arange(rows.size)
    return places


def places_of(keys: Ints, wanted: Ints) -> Ints:
    """Place of each wanted key among `keys`, which are distinct; -1 where it is not there.

    Parameters
    ----------
    keys
        Shape (n,), in any order.
    wanted
        Shape (m,).

    Returns
    -------
    ndarray
        Shape (m,).

    Notes
    -----
    Keys are hashed into slots. Machine code looks on in the next slot where one is taken. Without
    it, of several that share a slot the last is found there; the others go into the next round,
    where another factor spreads them.
    """
    if kernels.are_ready():
        from sim.kernels import tallying

        found = np.empty(wanted.size, dtype=np.int64)
        bits = max(1, int(keys.size * _SLOTS_A_KEY).bit_length())
        slots = np.full(1 << bits, -1, dtype=np.int32)
        tallying.places(_words(keys), _words(wanted), slots, 64 - bits, found)
        return found
    return _places(_words(keys), _words(wanted), _SPREAD)


def _places(keys: _Words, wanted: _Words, factor: int) -> Ints:
    if not keys.size or not wanted.size:
        return np.full(wanted.shape, -1, dtype=np.int64)
    shift = np.uint64(64 - int(keys.size * _SLOTS_A_KEY).bit_length())
    rows = np.arange(keys.size)
    slots = np.full(1 << (64 - int(shift)), -1, dtype=np.int32)
    own = (keys * np.uint64(factor)) >> shift
    slots[own] = rows
    found = slots[(wanted * np.uint64(factor)) >> shift]
    right = (found >= 0) & (keys[found] == wanted)
    places = np.where(right, found, np.int64(-1))
    # Nothing with the hash of an empty slot is left.
    asked = np.flatnonzero((found >= 0) & ~right)
    if asked.size:
        left = np.flatnonzero(slots[own] != rows)
        further = _places(keys[left], wanted[asked], factor * _SPREAD % (1 << 64))
        places[asked] = np.append(left, -1)[further]
    return places


def _words(keys: Ints) -> _Words:
    return np.ascontiguousarray(keys, dtype=np.int64).view(np.uint64)
