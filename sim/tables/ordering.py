"""Whole numbers put in order."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

_BITS: Final = 16
_MOST_PASSES: Final = 2


def stable_order(numbers: NDArray[np.int64]) -> NDArray[np.intp]:
    """Return the order in which numbers ascend; like ones stay as they stand.

    Parameters
    ----------
    numbers
        Shape (n,).

    Returns
    -------
    ndarray
        Shape (n,).

    Notes
    -----
    numpy counts where numbers have 16 bits, and compares longer ones. So times of a simulation,
    which lie within a few million seconds, are counted twice: by their lower half, then by the
    upper one. That takes a third of the time.
    """
    if not numbers.size:
        return np.argsort(numbers)
    first = int(numbers.min())
    if (int(numbers.max()) - first) >> (_BITS * _MOST_PASSES):
        return np.argsort(numbers, kind="stable")
    above = (numbers - first).astype(np.uint32)
    order = np.argsort(above.astype(np.uint16), kind="stable")
    upper = (above >> _BITS).astype(np.uint16)
    return order[np.argsort(upper[order], kind="stable")]
