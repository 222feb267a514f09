"""A missing-child operational risk simulator for police workforce planners.

Simulated children; not a prediction about any child; not for deciding a live call.

>>> import sim
>>> found = sim.compare("scenarios/dorset-2022.toml", "scenarios/surge.toml")  # doctest: +SKIP
>>> print(found.summary())  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.api import (
        Answered,
        Results,
        compare,
        explain,
        how_often,
        load,
        night,
        run,
        sensitivity,
        size,
    )

__all__ = [
    "Answered",
    "Results",
    "__version__",
    "compare",
    "explain",
    "how_often",
    "load",
    "night",
    "run",
    "sensitivity",
    "size",
]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:  # noqa: ANN401 (whatever is asked for)
    """What `sim.api` gives, imported when it is first asked for: ``--help`` needs none of it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module("sim.api"), name)
