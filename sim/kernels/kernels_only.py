"""Half the time to compile: kernels alone are optimised and made machine code of.

Numba does that for each function that it compiles, with all that the function calls, so that it
could be called itself. A helper is never called from outside: kernels take it in and are optimised
as a whole, and what was made of the helper alone is thrown away unseen.

What a kernel takes in is marked as its own, too. Numba leaves it open to others, and so each
function is kept whole, and asked after each call whether it has failed; where all calls are known
most of that goes, and a play takes a twelfth less.

This reaches into numba, here and nowhere else, and for versions alone that were tried; with any
other the engine is compiled as numba does it. Arithmetic is on whole numbers, so that both ways
make the same tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeAlias

import numba
from llvmlite.binding import Linkage
from numba.core.codegen import JITCodeLibrary, JITCPUCodegen

_OfNumba: TypeAlias = Any
"""Numba publishes no types."""

_LIBRARY: Final[_OfNumba] = JITCodeLibrary
_CODEGEN: Final[_OfNumba] = JITCPUCodegen
_TRIED: Final = ((0, 68),)
_PARTS: Final = (
    (_LIBRARY, "_optimize_final_module"),
    (_LIBRARY, "_finalize_final_module"),
    (_LIBRARY, "_finalize_dynamic_globals"),
    (_LIBRARY, "_verify_declare_only_symbols"),
    (_CODEGEN, "set_env"),
)
_helpers: Final[set[str]] = set()
_kernels: Final[set[str]] = set()


def never_called(name: str) -> None:
    """Note the qualified name of a function that kernels alone use."""
    _helpers.add(name)
    _ensure_told_apart(name)


def called(name: str) -> None:
    """Note the qualified name of a function that Python calls."""
    _kernels.add(name)
    _ensure_told_apart(name)


def _ensure_told_apart(name: str) -> None:
    """Refuse one name for a kernel and a helper: numba tells what it has made by that alone."""
    if name in _helpers & _kernels:
        raise ValueError(f"a kernel and a helper are both named {name}")


def is_possible() -> bool:
    """Tell whether this numba is one that was tried, and has the parts that are stood in for."""
    version = tuple(int(part) for part in numba.__version__.split(".")[:2] if part.isdigit())
    return version in _TRIED and all(hasattr(owner, name) for owner, name in _PARTS)


@contextmanager
def machine_code_for_kernels_only() -> Iterator[None]:
    """Compile helpers as far as kernels need them, for as long as the block lasts."""
    if not is_possible():
        yield
        return
    optimize, finalize = _LIBRARY._optimize_final_module, _LIBRARY._finalize_final_module
    set_env = _CODEGEN.set_env

    def optimize_unless_helper(library: _OfNumba) -> None:
        if library.name not in _helpers:
            for function in library._final_module.functions:
                if function.linkage == Linkage.linkonce_odr:
                    function.linkage = Linkage.internal
            optimize(library)

    def finalize_unless_helper(library: _OfNumba) -> None:
        if library.name not in _helpers:
            finalize(library)
            return
        library._finalize_dynamic_globals()
        library._verify_declare_only_symbols()
        library._finalized = True

    def set_env_if_there(codegen: _OfNumba, name: str, env: object) -> None:
        # What has no machine code has no place in it for what an exception would need.
        if codegen._engine.get_global_value_address(name):
            set_env(codegen, name, env)

    _LIBRARY._optimize_final_module = optimize_unless_helper
    _LIBRARY._finalize_final_module = finalize_unless_helper
    _CODEGEN.set_env = set_env_if_there
    try:
        yield
    finally:
        _LIBRARY._optimize_final_module = optimize
        _LIBRARY._finalize_final_module = finalize
        _CODEGEN.set_env = set_env
