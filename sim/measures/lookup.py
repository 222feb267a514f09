"""From keys to places in a table."""

from __future__ import annotations

import numpy as np

from sim.measures.replication import Ints


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
    """
    if not keys.size:
        return np.full(wanted.shape, -1, dtype=np.int64)
    rising = bool((keys[1:] >= keys[:-1]).all())
    order = None if rising else np.argsort(keys, kind="stable")
    ascending = keys if order is None else keys[order]
    place = np.minimum(np.searchsorted(ascending, wanted), keys.size - 1)
    found = ascending[place] == wanted
    return np.where(found, place if order is None else order[place], -1)
