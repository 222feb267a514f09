"""Replications kept small: a thousand take the room of some tens.

Most of a tally is nought, so it is packed as soon as it is made and unpacked when it is looked at,
one at a time.
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, overload

from sim.measures.replication import Replication

_LEVEL: Final = 1
"""Of zlib: higher ones cost four times the time for a fifth of the room."""


def packed(replication: Replication) -> bytes:
    """Return the tallies of a replication as few bytes; `Packed` takes them."""
    return zlib.compress(pickle.dumps(replication, pickle.HIGHEST_PROTOCOL), _LEVEL)


class Packed(Sequence[Replication]):
    """Replications, each unpacked anew whenever it is asked for.

    Parameters
    ----------
    parts
        What `packed` made of each.
    """

    def __init__(self, parts: Iterable[bytes]) -> None:
        self._parts = tuple(parts)

    def __len__(self) -> int:
        return len(self._parts)

    @overload
    def __getitem__(self, place: int) -> Replication: ...
    @overload
    def __getitem__(self, place: slice) -> Packed: ...
    def __getitem__(self, place: int | slice) -> Replication | Packed:
        if isinstance(place, slice):
            return Packed(self._parts[place])
        return _unpacked(self._parts[place])

    def __iter__(self) -> Iterator[Replication]:
        return map(_unpacked, self._parts)

    def __repr__(self) -> str:
        return f"<{len(self)} replications>"


def _unpacked(part: bytes) -> Replication:
    # Made by this process or by one that it has compared with itself.
    replication: Replication = pickle.loads(zlib.decompress(part))
    return replication
