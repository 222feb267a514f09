"""Generated worlds of missing episodes, made of ties like those of `tests.engines.strategies`.

Children with several episodes, lines and steps of no length, and every rule of sections 11 to 13
on or off; units and desks are those of the other worlds, so that cases compete with their work.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random
from typing import Any, Final, TypeVar

import numpy as np
from hypothesis import strategies as st

from sim.tables import (
    CLASSES,
    DAY,
    ENQUIRIES,
    EPISODES,
    NEVER,
    NONE,
    PARTS,
    ROTA,
    EpisodeRules,
    ReviewLevel,
    Risk,
    Table,
    from_rows,
    joined,
)
from tests.engines.strategies import (
    ANYWHERE,
    DISPATCH,
    GRADES,
    HELD,
    MANAGER,
    NORTH,
    RESEARCH,
    SOUTH,
    START,
    SUPERVISOR,
    TAKERS,
    World,
    one_of,
    worlds,
)

T = TypeVar("T")

_SECONDS: Final = (5, 0, 10, 50)
_PARTS: Final = (HELD, 0)
_FLAGS: Final = (0, 1)
_RETURNS: Final = (
    NEVER,
    *(START + offset for offset in (60, 65, 70, 100, 105, 160, 200, 300, 600, 5, -10)),
)
_ROUND: Final = tuple((START + offset) % DAY for offset in (0, 60, 65, 100, 160))
"""Seconds of the day of tasking and meeting."""
_TEAM_ON: Final = (0, 60, 65, 105, 160, 200)
_TEAM_OFF: Final = (100, 105, 160, 200, 300, 600)
_QUICK: Final = ("end", "gate", "dispatchers", "research", "reserve", "margins", "ratifiers")
"""Off in most worlds, which so get far beyond the first attendance."""

_EPISODE: Final[dict[str, Sequence[int]]] = {
    "recorded": (1,) * 9 + (0,),
    "cohort": (0, 0, 1),
    "previous_90_days": (0, 1, 2),
    "prevent_parts": _PARTS,
    "interview_officers": (1, 1, 2),
    "interview_travel_seconds": _SECONDS,
    "transport_seconds": _SECONDS,
    "protection_seconds": _SECONDS,
    "ppn_sent": _FLAGS,
    "ppn_seconds": _SECONDS,
    "mash_seconds": _SECONDS,
    "strategy_parts": _PARTS,
    "strategy_after_seconds": _SECONDS,
    "minutes_after_seconds": _SECONDS,
    "rhi_offered": (1, 1, 0),
    "rhi_accepted": (1, 1, 0),
    "rhi_wait_seconds": _SECONDS,
    "rhi_seconds": _SECONDS,
    "outside_seconds": (NEVER, NEVER, 5, 0),
    "informs": _FLAGS,
    "protection_night_seconds": _SECONDS,
    "no_placement": (0, 0, 1),
    "history_seconds": (0, 0, 5, 10, 50),
    "answer_seconds": (0, 0, 5, 10, 50),
    "sent_on_seconds": (0, 0, 5, 10, 50),
}

_LINE: Final[dict[str, Sequence[int]]] = {
    "kind": (0,),
    "gap_seconds": (10, 5, 0, 50),
    "desk": (0, 0, 1),
    "officers": (1, 1, 1, 2),
    "base_travel_seconds": _SECONDS,
    "work_seconds": _SECONDS,
    "finds": (0, 0, 0, 1),
    "lost_parts": _PARTS,
    "review_parts": _PARTS,
    "tasking_parts": _PARTS,
}

_DESKS: Final = (SUPERVISOR, MANAGER, RESEARCH, TAKERS, DISPATCH, NONE)
_UNITS: Final = (
    ((NORTH,), (SOUTH,)),
    ((NORTH, ANYWHERE), (ANYWHERE, SOUTH)),
    ((ANYWHERE,), (ANYWHERE,)),
    ((NORTH,), ()),
)
"""By area."""


def _level(random: Random) -> ReviewLevel:
    return ReviewLevel(
        first_after_seconds=random.choice((10, 5, 0, 50)),
        every_seconds=random.choice((NEVER, 10, 50)),
        seconds=random.choice(_SECONDS),
        pools=random.choice(((), (SUPERVISOR,), (MANAGER, SUPERVISOR))),
    )


def _each(values: Sequence[T], count: int) -> Callable[[Random], tuple[T, ...]]:
    return lambda random: tuple(random.choice(values) for _ in range(count))


def _one(*values: T) -> Callable[[Random], T]:
    return lambda random: random.choice(values)


RULES: Final[dict[str, Callable[[Random], Any]]] = {
    "team": _one(((ANYWHERE,), (ANYWHERE,)), ((NORTH,), (ANYWHERE, SOUTH))),
    "enquirers": lambda random: (_each(_UNITS, CLASSES)(random), _each(_UNITS, CLASSES)(random)),
    "interviewers": _each(_UNITS, 2),
    "enquiry_grade": _each(range(1, GRADES + 1), CLASSES),
    "interview_grade": _one(*range(1, GRADES + 1)),
    "rhythm": _each(((1000, 500) + (1000,) * 22, (0,) + (700,) * 23, (300,) * 24), 2),
    "escalated_gap": _one(500, 0),
    "enquiry_desk": _one(*_DESKS),
    "handover_seconds": _one(5, 10, 50),
    "lost_parts": _one(HELD),
    "unnoticed_parts": _one(HELD, PARTS),
    "reviews": lambda random: tuple(
        tuple(_level(random) for _ in range(random.randrange(3))) for _ in Risk
    ),
    "review_moves_parts": _one(HELD),
    "tasking_at": _one(*_ROUND),
    "tasking_pool": _one(*_DESKS),
    "tasking_seconds": _one(*_SECONDS),
    "tasking_moves_parts": _one(HELD),
    "late_ppn_pool": _one(*_DESKS),
    "mash": _one(*_DESKS),
    "mash_supervisor": _one(*_DESKS),
    "prompt_after_seconds": _one(*_SECONDS),
    "prompt_seconds": _one(*_SECONDS),
    "coordinator": _one(*_DESKS),
    "meeting_at": _one(*_ROUND),
    "meeting_seconds": _one(*_SECONDS),
    "strategy_parts_held": _one(HELD),
    "strategy_parts_outside": _one(HELD, 0),
    "interview_workers": _one((SUPERVISOR, NONE), (MANAGER, MANAGER)),
    "referral_after": _one(1, 3),
    "referral_pool": _one(*_DESKS),
    "referral_seconds": _one(*_SECONDS),
    "known_per_mille": _one(500, 0),
    "prevented_parts": _one(HELD),
    "placement_from": _one(*_ROUND),
    "placement_until": _one(*((START + offset) % DAY for offset in (70, 105, 200, 300))),
    "protection_most_seconds": _one(5, 30, 400),
    "relief_officers": _one(1, 1, 2),
    "relief_grade": _one(*range(1, GRADES + 1)),
}
"""Of `EpisodeRules`, by name: what they are where they are on."""

_OFF: Final[dict[str, Any]] = {
    "team": ((), ()),
    "enquirers": ((((NORTH,), (SOUTH,)),) * CLASSES,) * 2,
    "interviewers": (((NORTH,), (SOUTH,)),) * 2,
    "enquiry_grade": (GRADES,) * CLASSES,
    "interview_grade": GRADES,
}
"""The rest has defaults."""


def _episodes(keys: Sequence[int], drawn: Sequence[dict[str, int]]) -> Table:
    return from_rows(
        EPISODES,
        [
            tuple({**EPISODES.nothing, "key": key, **one}[name] for name in EPISODES.names)
            for key, one in zip(keys, drawn, strict=True)
        ],
    )


def _enquiries(keys: Sequence[int], drawn: Sequence[Sequence[dict[str, int]]]) -> Table:
    return from_rows(
        ENQUIRIES,
        [
            tuple(
                {**ENQUIRIES.nothing, "key": key, "line": place, **line}[name]
                for name in ENQUIRIES.names
            )
            for key, lines in sorted(zip(keys, drawn, strict=True), key=lambda pair: pair[0])
            for place, line in enumerate(lines)
        ],
    )


def _with_others(rota: Table, random: Random) -> Table:
    """The rota, and perhaps units there throughout, and shifts of the team that come and go.

    In most worlds nobody else is of the team, so that a case changes hands.
    """
    people = [(pool, START, START + 2000) for pool in (NORTH, SOUTH) if random.random() < 0.7]
    people += [
        (ANYWHERE, START + random.choice(_TEAM_ON), START + random.choice(_TEAM_OFF))
        for _ in range(random.randrange(4))
    ]
    rows = [
        {
            **dict.fromkeys(ROTA.names, 0),
            "key": len(rota) + place,
            "pool": pool,
            "on_at": on_at,
            "off_at": off_at,
            "break_at": NEVER,
            "officers": random.choice((1, 2)),
        }
        for place, (pool, on_at, off_at) in enumerate(people)
    ]
    kept = (rota["pool"] != ANYWHERE) | (random.random() < 0.3)
    more = from_rows(ROTA, [tuple(row[name] for name in ROTA.names) for row in rows])
    return joined(ROTA, [rota.take(kept), more]).sorted_by("on_at", "key")


@st.composite
def episode_worlds(draw: st.DrawFn, *without: str, off: Sequence[str] = (), most: int = 5) -> World:
    """Worlds in which most incidents are episodes of a few children.

    Which rules are on is drawn rule by rule, so that a world that fails is brought down to those
    that matter; fates, of which there are many, come from one seed.

    Parameters
    ----------
    without
        Rules of the policy that are off.
    off
        Rules of the episode that are off.
    most
        At most so many incidents, other work of desks apart.
    """
    world = draw(worlds(*without, *draw(one_of((_QUICK, _QUICK, ()))), most=most))
    # A few small numbers: of large ones Hypothesis draws the small too often.
    on = draw(st.tuples(*[st.integers(0, 127)] * (len(RULES) // 7 + 1)))
    random = Random(draw(st.integers(0, 99)) * 100 + draw(st.integers(0, 99)))

    def picked(fates: dict[str, Sequence[int]]) -> dict[str, int]:
        return {name: random.choice(values) for name, values in fates.items()}

    incidents = world.incidents
    columns = dict(incidents.columns)
    desk = incidents["desk_pool"] != NONE
    count = len(incidents)
    columns["child"] = np.where(desk, NONE, random.choices((1, 1, 2, NONE), k=count))
    columns["return_at"] = np.where(desk, NEVER, random.choices(_RETURNS, k=count))
    keys = [key for key in incidents["key"][~desk].tolist() if random.random() < 0.8]
    drawn = {
        name: rule(random)
        for place, (name, rule) in enumerate(RULES.items())
        if on[place // 7] >> place % 7 & 1 and name not in off
    }
    return World(
        world.draws._replace(
            incidents=Table(incidents.schema, columns),
            episodes=_episodes(keys, [picked(_EPISODE) for _ in keys]),
            enquiries=_enquiries(
                keys, [[picked(_LINE) for _ in range(random.randint(1, 3))] for _ in keys]
            ),
        ),
        _with_others(world.rota, random),
        replace(world.policy, episode=EpisodeRules(**{**_OFF, **drawn})),
    )
