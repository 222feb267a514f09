"""Numba, with types: what the functions of this engine are compiled with.

Nothing else of the engine imports numba. Arithmetic is on integers alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol, TypeAlias, cast

import numba
import numpy as np
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from sim.kernels.jit import helper, kernel

__all__ = ["Memory", "Record", "helper", "kernel", "pointer", "records"]

_OfNumba: TypeAlias = Any
"""Numba publishes no types."""

Memory: TypeAlias = NDArray[np.int64]
"""All that an engine knows: see `sim.engines.compiled.fields`."""


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


class Record(Protocol):
    """A thing in the memory, by the names of its fields."""

    def __getattr__(self, name: str) -> int: ...

    def __setattr__(self, name: str, value: int) -> None: ...


class _View:
    """What a record is where numba does not compile."""

    def __init__(self, memory: Memory, at: int, places: Mapping[str, int]) -> None:
        self.__dict__["_of"] = memory, at, places

    def __getattr__(self, name: str) -> int:
        memory, at, places = self.__dict__["_of"]
        return memory[at + places[name]]  # type: ignore[no-any-return]

    def __setattr__(self, name: str, value: int) -> None:
        memory, at, places = self.__dict__["_of"]
        memory[at + places[name]] = value


def records(module: Mapping[str, object]) -> Callable[[Memory, int], Record]:
    """Make what `at` is in the modules of fields: ``job.at(m, j).grade`` is ``m[j + job.GRADE]``.

    Parameters
    ----------
    module
        Its ``globals()``, with the places of all fields and nothing else in capitals that is a
        number, but for sizes.

    Notes
    -----
    To numba it is a record of numbers that begins there: nothing is made or copied, and the code
    is the same, for the places are known when it is compiled.
    """
    places = {
        name.lower(): place
        for name, place in module.items()
        if name.isupper() and isinstance(place, int) and not name.startswith("_")
        if not name.endswith("SIZE")
    }
    if numba.config.DISABLE_JIT:  # type: ignore[attr-defined]
        return lambda memory, at: _View(memory, at, places)
    record = numba.from_dtype(
        np.dtype(
            {
                "names": list(places),
                "formats": [np.int64] * len(places),
                "offsets": [8 * place for place in places.values()],
                "itemsize": 8 * (max(places.values()) + 1),
            }
        )
    )

    def typed(_: _OfNumba, memory: _OfNumba, at: _OfNumba) -> _OfNumba:  # noqa: ARG001
        def begins(
            context: _OfNumba, builder: _OfNumba, _: _OfNumba, arguments: _OfNumba
        ) -> _OfNumba:
            return builder.bitcast(
                builder.gep(arguments[0], [arguments[1]]), context.get_value_type(record)
            )

        return record(memory, types.int64), begins

    return cast("Callable[[Memory, int], Record]", intrinsic(typed))
