"""Loops that numpy has no words for, as machine code.

Whoever has such a loop holds a plain way beside it, in numpy, that gives the same numbers to the
last bit. The machine code is used once it is there: a process that fetches the compiled engine
fetches it, too, and one that does not never loads numba.
"""

from __future__ import annotations

__all__ = ["are_ready", "make_ready"]

_ready: list[bool] = []


def are_ready() -> bool:
    """Tell whether this process has the machine code."""
    return bool(_ready)


def make_ready() -> None:
    """Compile it, or fetch it from the cache, once a process.

    Not where numba is told to compile nothing: the plain way is quicker than machine code's
    source as it stands.
    """
    from numba import config

    if _ready or config.DISABLE_JIT:  # type: ignore[attr-defined]
        return
    from sim.kernels import allocations, arrivals, overtaking, philox, stepping, tallying, waiting
    from sim.kernels.kernels_only import machine_code_for_kernels_only

    with machine_code_for_kernels_only():
        philox.make_ready()
        arrivals.make_ready()
        tallying.make_ready()
        stepping.make_ready()
        overtaking.make_ready()
        allocations.make_ready()
        waiting.make_ready()
    _ready.append(True)
