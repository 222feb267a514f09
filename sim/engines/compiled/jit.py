"""Numba, with types: how the functions of this engine are compiled.

Nothing else of the engine imports numba. A `helper` is compiled as part of the kernels that call
it; a `kernel` is called from Python, lets go of the interpreter lock, and is kept in the cache.
Arithmetic is on integers alone, inside one thread: no fast mathematics, nothing in parallel.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeAlias, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

from sim.engines.compiled import cache

P = ParamSpec("P")
R = TypeVar("R")

Memory: TypeAlias = NDArray[np.int64]
"""All that an engine knows: see `sim.engines.compiled.fields`."""


def helper(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function for others of this engine."""
    return cast("Callable[P, R]", numba.njit(nogil=True, error_model="numpy")(function))


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function that Python calls, without the interpreter lock; cached where it can be."""
    folder = cache.folder()
    options: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
    if folder is None:
        return cast("Callable[P, R]", numba.njit(**options)(function))
    before = numba.config.CACHE_DIR  # type: ignore[attr-defined]
    numba.config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]
    try:
        return cast("Callable[P, R]", numba.njit(cache=True, **options)(function))
    finally:
        numba.config.CACHE_DIR = before  # type: ignore[attr-defined]
