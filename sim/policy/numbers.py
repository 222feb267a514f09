"""The numbers of a scenario as whole seconds and parts, each rounded half up."""

from __future__ import annotations

import math

from sim.tables import MINUTE, PARTS, PER_MILLE

__all__ = ["half_up", "parts", "per_mille", "seconds"]


def half_up(value: float) -> int:
    """Return the nearest whole number, halves up."""
    return math.floor(value + 0.5)


def seconds(minutes: float) -> int:
    """Return minutes as whole seconds."""
    return half_up(minutes * MINUTE)


def per_mille(factor: float) -> int:
    """Return a factor as whole parts per thousand."""
    return half_up(factor * PER_MILLE)


def parts(share: float) -> int:
    """Return a share as whole parts per million."""
    return half_up(share * PARTS)
