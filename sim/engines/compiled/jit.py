"""Numba, with types: how the functions of this engine are compiled.

Nothing else of the engine imports numba. A `helper` is compiled as part of the kernels that call
it; a `kernel` is called from Python, lets go of the interpreter lock, and is kept in the cache.
Arithmetic is on integers alone, inside one thread: no fast mathematics, nothing in parallel.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, ParamSpec, TypeAlias, TypeVar, cast

import numba
import numpy as np
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from sim.engines.compiled import cache, kernels_only

P = ParamSpec("P")
R = TypeVar("R")

_OfNumba: TypeAlias = Any
"""Numba publishes no types."""

Memory: TypeAlias = NDArray[np.int64]
"""All that an engine knows: see `sim.engines.compiled.fields`."""


_OPTIONS: Final[dict[str, Any]] = {"nogil": True, "error_model": "numpy"}
_OF_HELPERS: Final[dict[str, Any]] = {
    **_OPTIONS,
    # Nobody calls a helper from outside.
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
}


def _pointer() -> Callable[[Memory], Memory]:
    """Make what `pointer` is: nothing at all where numba does not compile."""
    if numba.config.DISABLE_JIT:  # type: ignore[attr-defined]
        return lambda memory: memory

    def typed(_: _OfNumba, array: _OfNumba) -> _OfNumba:
        def of_array(
            context: _OfNumba, builder: _OfNumba, signature: _OfNumba, arguments: _OfNumba
        ) -> _OfNumba:
            made = context.make_array(signature.args[0])
            return made(context, builder, arguments[0]).data

        return of_pointers(array.dtype)(array), of_array

    of_pointers: _OfNumba = types.CPointer

    return cast("Callable[[Memory], Memory]", intrinsic(typed))


pointer: Final = _pointer()
"""``pointer(memory)``: the same memory without its length, for helpers.

An array as an argument is seven numbers and a count of its users, and a place that may be below 0
counts from its end; a pointer is one number. The helpers' code is half as long and twice as quick
for it, and compiled in a quarter of the time. No place here is ever below 0.
"""


def helper(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function for others of this engine."""
    kernels_only.never_called(function.__qualname__)
    return cast("Callable[P, R]", numba.njit(**_OF_HELPERS)(function))


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function that Python calls; it runs without the interpreter lock."""
    folder = cache.folder()
    if folder is None:
        return cast("Callable[P, R]", numba.njit(**_OPTIONS)(function))
    before = numba.config.CACHE_DIR  # type: ignore[attr-defined]
    numba.config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]
    try:
        return cast("Callable[P, R]", numba.njit(cache=True, **_OPTIONS)(function))
    finally:
        numba.config.CACHE_DIR = before  # type: ignore[attr-defined]
