"""The rules of welfare concerns (docs/model.md, 14), as plain numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from sim.tables.codes import DAY

Pools: TypeAlias = tuple[int, ...]


@dataclass(frozen=True)
class ConcernRules:
    """Who goes again where a child has not been seen, and when."""

    attends: tuple[Pools, ...]
    """By area: unit pools that make re-visits, first asked first."""
    grade: int
    """Of a re-visit, while no rise of risk is known."""
    visit_from: int = 0
    """Second of the day from which a re-visit is asked for, …"""
    visit_until: int = DAY
    """… and before which."""
