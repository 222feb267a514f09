"""The baseline with one thing moved: the cells of the rule under question, and each assumption.

A move is a path of the scenario and what becomes of the value there: put another in its place, or
multiply the numbers in it, as the ``low`` and ``high`` of the scenario's ``[sources]`` are meant.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
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


@dataclass(frozen=True)
class Assumption:
    """An assumption of the baseline, and the moves to its low and its high."""

    name: str
    low_label: str
    low: Move | None
    high_label: str
    high: Move | None


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


def assumptions() -> list[Assumption]:
    """Return the assumptions that are moved, each across its range in ``[sources]``."""
    sources = read_chain(BASELINE).merged["sources"]

    def ranged(name: str, *paths: str, note: str = "") -> Assumption:
        """A range on factors: lengths, people; a note says what a factor leaves as it is."""
        low, high = (
            {path: Factor(_limit(sources, path, bound)) for path in paths}
            for bound in ("low", "high")
        )
        first = sources[paths[0]]
        labels = [f"× {first[bound]:g}{note}" for bound in ("low", "high")]
        return Assumption(name, labels[0], low, labels[1], high)

    def valued(name: str, *paths: str, kind: type = float) -> Assumption:
        """A range on the number itself."""
        low, high = (
            {path: kind(_limit(sources, path, bound)) for path in paths}
            for bound in ("low", "high")
        )
        first = sources[paths[0]]
        return Assumption(name, f"{first['low']:g}", low, f"{first['high']:g}", high)

    return [
        valued("Share held for ratification", "policy.gate.share_held"),
        valued("Share treated as the next grade's work", "policy.queue.share_with_next_grade"),
        Assumption(
            "Writing up broken off for grade 2 too (it is not)",
            "as it is",
            None,
            "yes",
            {"policy.committed.writing": [1, 2]},
        ),
        Assumption(
            "Grade 2 borrows from the other area after 45 minutes (it does not)",
            "as it is",
            None,
            "yes",
            {"policy.borrowing.after_minutes": {"1": 5.0, "2": 45.0}},
        ),
        ranged("Risk assessment, length", "streams.missing_child.assessment"),
        ranged("THRIVE of a missing child, length", "streams.missing_child.thrive"),
        ranged("Ratification, work", "streams.missing_child.ratification"),
        ranged("Supervisors' other reviews, length", "streams.supervisor_reviews.work"),
        ranged(
            "Control-room supervisors",
            "pools.control_room_supervisor.shifts",
            note=" (by day; still 1 at night)",
        ),
        ranged("Call takers on the telephone", "pools.call_taker.shifts"),
        ranged("Dispatchers", "pools.dispatcher.shifts"),
        ranged("Dispatcher's work on a job", "policy.control_room.dispatch"),
        ranged("Missing person teams", *(f"pools.missing_person_{a}.shifts" for a in AREAS)),
        ranged("Response officers for calls", *(f"pools.response_{a}.shifts" for a in AREAS)),
        valued("Abstraction of response", *(f"pools.response_{a}.abstraction" for a in AREAS)),
        valued(
            "Units of response kept for grade 1",
            *(f"pools.response_{a}.reserve" for a in AREAS),
            kind=int,
        ),
        ranged("Travel", *(f"areas.{a}.travel" for a in AREAS)),
        valued("Missing children a year", "streams.missing_child.volume_per_year"),
        valued("Immediate incidents a year", "streams.immediate.volume_per_year"),
        ranged("Time at the scene, grades 1 and 2", *_SCENES),
    ]


AREAS: Final = ("bcp", "county")
_SCENES: Final = ("streams.immediate.scene", "streams.priority.scene")


def _limit(sources: Mapping[str, Any], path: str, bound: str) -> float:
    return float(sources[path][bound])


def named(moves: Sequence[Assumption]) -> dict[str, Move]:
    """Return every move by a name, low before high."""
    return {
        f"{one.name}: {label}": move
        for one in moves
        for label, move in ((one.low_label, one.low), (one.high_label, one.high))
        if move is not None
    }
