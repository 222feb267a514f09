"""Memory of a process that simulates: what is given back is kept, what is loaded is left alone."""

from __future__ import annotations

import ctypes
import gc
import sys
from functools import cache
from typing import Final

import numpy as np

_M_ARENA_MAX: Final = -8
_KEPT_BYTES: Final = 31 << 20
"""Under the 32 MiB up to which glibc learns from what is given back."""


@cache
def set_up_memory() -> None:
    """Spare each replication what need not be done again; once in a process is enough."""
    _keep_what_is_given_back()
    # Python looks through all that it holds for what nothing refers to any more, each time that a
    # quarter as many objects have been made as it held before. Of the two hundred thousand that a
    # study holds most are libraries and models: from here on it looks through newer ones alone.
    gc.freeze()


def _keep_what_is_given_back() -> None:
    """Have the C library hold on to memory that is given back.

    glibc returns a large array's pages to the system at once, and those at the top of its heap
    too, so that each replication asks for some twenty megabytes anew, page by page. The largest
    array that it has seen given back is what it then takes for usual ("Note" on M_MMAP_THRESHOLD
    in mallopt(3)). Nothing of this one is ever touched, so it costs neither time nor memory, and
    where another allocator is used it does nothing.

    Each thread has such a heap of its own, which goes with it, and threads come and go with each
    evaluation: one heap serves them all as quickly, for they seldom ask at the same time.
    """
    np.empty(_KEPT_BYTES, dtype=np.int8)
    if sys.platform == "linux":
        # Another C library has no such function.
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
        if mallopt is not None:
            mallopt(_M_ARENA_MAX, 1)
