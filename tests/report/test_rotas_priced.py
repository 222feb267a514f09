"""Whether two rotas cost the same is said after what they do, where one is worked by teams."""

from __future__ import annotations

from typing import Any

import pytest

import sim
from tests.loaded import as_loaded
from tests.worlds import small_scenario

SHIFTS = [
    {"name": "day", "start": "07:00", "end": "19:00", "people": 5},
    {"name": "night", "start": "19:00", "end": "07:00", "people": 5},
]


def compared(people: int, **more: Any) -> str:
    """The screen of today's rota of fives against four teams of two days, two nights, four off."""
    pool = {"shifts": SHIFTS, "pounds_per_hour": 38.0}
    cycle = {"pattern": "2 day, 2 night, 4 off", "teams": 4, "people": people}
    before = small_scenario(1, pools={"response_north": pool})
    after = small_scenario(1, pools={"response_north": {**pool, "cycle": cycle}}, **more)
    found = sim.compare(
        as_loaded(before, "today"),
        as_loaded(after, "teams"),
        replications=2,
        days=2,
        warm_up_days=0,
        engine="reference",
        workers=1,
        surroundings=False,
    )
    return " ".join(found.summary().split())


@pytest.mark.parametrize(
    ("people", "said"),
    [
        # Each day one team on days and one on nights: five on each shift, as today.
        (5, "The two rotas cost the same."),
        # One more on both: 2 x 12 hours, 7 days, at £38, of 2 x 5 x 12 x 7 x 38.
        (6, "The two rotas do not cost the same: B £6,384 a week (20.0%) more."),
        (4, "The two rotas do not cost the same: B £6,384 a week (20.0%) less."),
    ],
)
def test_how_far_apart_they_are_stands_after_the_finding(people: int, said: str) -> None:
    """The same, or by how many pounds and what part; what the rota does is said before."""
    screen = compared(people)
    assert screen.index("ANSWER Under A") < screen.index(said)
