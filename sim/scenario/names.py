"""Lasting numbers for the names of streams and pools."""

from __future__ import annotations

import hashlib

NAME_BITS = 15


def name_code(name: str) -> int:
    """Return the number that stands for a name in the keys of incidents and units.

    Parameters
    ----------
    name
        Name of a stream or of a pool.

    Returns
    -------
    int
        In [0, 2**15). It depends on the name alone, so adding, removing or reordering others
        moves nobody's luck. Two names may share a number; the checks of a scenario refuse that.
    """
    digest = hashlib.blake2b(name.encode("utf-8"), digest_size=2).digest()
    return int.from_bytes(digest, "big") & ((1 << NAME_BITS) - 1)
