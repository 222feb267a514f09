"""Products of whole numbers, rounded half up."""

from __future__ import annotations

from sim.engines.compiled.jit import helper
from sim.tables import PER_MILLE


@helper
def per_mille_of(seconds: int, factor: int) -> int:
    """Return the seconds times a factor in whole parts per thousand."""
    return (2 * seconds * factor + PER_MILLE) // (2 * PER_MILLE)
