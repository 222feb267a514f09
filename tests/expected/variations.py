"""The baseline with something moved, such as the cells of the rule under question.

A move is a path of the scenario and what becomes of the value there: put another in its place, or
multiply the numbers in it, as the ``low`` and ``high`` of the scenario's ``[sources]`` are meant.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sim.scenario.extending import read_chain
from sim.scenario.factors import scaled
from sim.scenario.models import Scenario
from sim.scenario.paths import parsed

BASELINE: Final = Path(__file__).parents[2] / "scenarios" / "dorset-2022.toml"


@dataclass(frozen=True)
class Factor:
    """Multiplies what stands at a path: a number, a duration's length, or people on shifts."""

    by: float


Move = Mapping[str, Any]
"""By path: the new value, or a `Factor`."""


def baseline_data() -> dict[str, Any]:
    """Return the baseline as read, without its sources."""
    data = dict(read_chain(BASELINE).merged)
    del data["sources"]
    return data


def moved(move: Move) -> Scenario:
    """Return the baseline with a move made.

    Raises
    ------
    KeyError
        If a path is not in the baseline.
    """
    data = copy.deepcopy(baseline_data())
    for text, change in move.items():
        path = parsed(text)
        assert path is not None, text
        *upper, last = path
        table: Any = data
        for key in upper:
            table = table[key]
        now = table[last]
        table[last] = scaled(now, change.by) if isinstance(change, Factor) else change
    return Scenario.model_validate(data)


def cells() -> dict[str, Move]:
    """Return the cells of share held by rank, in the order in which they are shown."""
    ranks = {
        "off": {
            "policy.queue.missing_child_place": "level",
            "policy.queue.share_with_next_grade": 0.0,
        },
        "on": {
            "policy.queue.missing_child_place": "last",
            "policy.queue.share_with_next_grade": 1.0,
        },
    }
    return {
        f"held {held:g}, low rank {rank}": {**move, "policy.gate.share_held": held}
        for rank, move in ranks.items()
        for held in (0.0, 0.5, 1.0)
    }


AREAS: Final = ("bcp", "county")
