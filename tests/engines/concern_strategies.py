"""Generated worlds of welfare concerns, made of ties like those of `tests.engines.strategies`.

Beside missing episodes or without; visits and gaps of no length, few visiting hours, and re-THRIVE
that calls back in the seconds in which visits and gaps end.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any, Final

from hypothesis import strategies as st

from sim.tables import CONCERNS, DAY, NONE, ConcernRules, Table, from_rows
from tests.engines.episode_strategies import episode_worlds
from tests.engines.strategies import (
    ANYWHERE,
    GRADES,
    NORTH,
    SOUTH,
    START,
    SUPERVISOR,
    World,
    one_of,
    worlds,
)

_SECONDS: Final = (5, 0, 10, 50)
_ATTENDS: Final = (
    ((NORTH,), (SOUTH,)),
    ((NORTH, ANYWHERE), (ANYWHERE, SOUTH)),
    ((ANYWHERE,), (ANYWHERE,)),
    ((NORTH,), ()),
)
_HOURS: Final = ((0, DAY), (0, DAY), (START + 60, START + 300), (START + 100, START + 105))
_QUICK: Final = ("end", "gate", "held_parts", "dispatchers", "research", "reserve", "margins")
"""Off in most worlds, which so get beyond the first attendance."""


def _visits(keys: list[int], random: Random) -> Table:
    rows = [
        (
            key,
            place,
            random.choice(_SECONDS),
            random.choice((1, 1, 2)),
            random.choice(_SECONDS),
            random.choice(_SECONDS),
            random.choice((0, 0, 0, 1)),
        )
        for key in sorted(keys)
        for place in range(random.choice((4, 3, 2, 1)))
    ]
    return from_rows(CONCERNS, rows)


@st.composite
def concern_worlds(draw: st.DrawFn, *without: str) -> World:
    """Worlds in which most incidents that are no case are welfare concerns."""
    off = (*without, *draw(one_of((_QUICK, _QUICK, ()))))
    world = draw(episode_worlds(*off) if draw(one_of((False, False, True))) else worlds(*off))
    random = Random(draw(st.integers(0, 9999)))
    keys = world.incidents["key"][world.incidents["desk_pool"] == NONE].tolist()
    followed = [key for key in keys if random.random() < 0.8]
    first, last = random.choice(_HOURS)
    rules = ConcernRules(random.choice(_ATTENDS), random.randint(1, GRADES), first, last)
    rethrive: dict[str, Any] = {
        "rethrive_after_seconds": 10,
        "rethrive_pool": random.choice((NONE, SUPERVISOR)),
        "rethrive_calls_back": True,
    }
    return World(
        world.draws._replace(concerns=_visits(followed, random)),
        world.rota,
        replace(world.policy, concern=rules, **draw(one_of((rethrive, rethrive, {})))),
    )
