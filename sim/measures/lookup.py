"""From keys to places in a table."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.measures.replication import Ints

# 2 ** 64 over the golden ratio: its products with keys that differ little lie far apart.
_SPREAD: Final = 0x9E3779B97F4A7C15
_SLOTS_A_KEY: Final = 8


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
    Keys are hashed into slots. Of several that share one the last is found there; the others go
    into the next round, where another factor spreads them.
    """
    places = np.full(wanted.shape, -1, dtype=np.int64)
    asked, sought = np.arange(wanted.size), _words(wanted)
    left, held = np.arange(keys.size), _words(keys)
    factor = _SPREAD
    while left.size and asked.size:
        bits = int(left.size * _SLOTS_A_KEY).bit_length()
        shift = np.uint64(64 - bits)
        slots = np.full(1 << bits, -1, dtype=np.int64)
        own = (held[left] * np.uint64(factor)) >> shift
        slots[own] = left
        found = slots[(sought[asked] * np.uint64(factor)) >> shift]
        # Nothing with the hash of an empty slot is left.
        asked, found = asked[found >= 0], found[found >= 0]
        right = keys[found] == wanted[asked]
        places[asked[right]] = found[right]
        asked, left = asked[~right], left[slots[own] != left]
        factor = factor * _SPREAD % (1 << 64)
    return places


def _words(keys: Ints) -> NDArray[np.uint64]:
    return np.ascontiguousarray(keys, dtype=np.int64).view(np.uint64)
