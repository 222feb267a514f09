"""Numba: how functions are compiled, and where that is kept.

A `helper` is compiled as part of the kernels that call it; a `kernel` is called from Python, lets
go of the interpreter lock, and is kept in the cache. Arithmetic is that of Python inside one
thread: no fast mathematics, nothing in parallel.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, ParamSpec, TypeVar, cast

import numba

from sim.kernels import cache, kernels_only

P = ParamSpec("P")
R = TypeVar("R")

_OPTIONS: Final[dict[str, Any]] = {"nogil": True, "error_model": "numpy"}
_OF_HELPERS: Final[dict[str, Any]] = {
    **_OPTIONS,
    # Nobody calls a helper from outside.
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
}


def helper(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function for others."""
    kernels_only.never_called(function.__qualname__)
    return cast("Callable[P, R]", numba.njit(**_OF_HELPERS)(function))


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function that Python calls; it runs without the interpreter lock.

    Raises
    ------
    ValueError
        If a helper has its name.
    """
    kernels_only.called(function.__qualname__)
    folder = cache.folder()
    if folder is None:
        return cast("Callable[P, R]", numba.njit(**_OPTIONS)(function))
    before = numba.config.CACHE_DIR  # type: ignore[attr-defined]
    numba.config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]
    try:
        return cast("Callable[P, R]", numba.njit(cache=True, **_OPTIONS)(function))
    finally:
        numba.config.CACHE_DIR = before  # type: ignore[attr-defined]
