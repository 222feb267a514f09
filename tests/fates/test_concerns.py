"""Visits of welfare concerns: whose luck depends on what, and the rules of each column."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.fates.incidents import draw
from sim.study.worlds import read_by_draws
from sim.tables import DAY, MINUTE, Draws
from tests.fates.test_episodes import END, STREAMS, assert_share, differing
from tests.worlds import constant, lognormal, small_scenario

CONCERN: dict[str, Any] = {
    "streams": ["immediate"],
    "share_seen": 0.7,
    "finds": 0.35,
    "gap": lognormal(1440.0, 0.8),
    "work": constant(20.0),
    "most_revisits": 4,
}


def drawn(**changes: Any) -> Draws:
    """Return the draws of the small world of two areas, with its concerns changed key by key."""
    return draw(small_scenario(2, concern={**CONCERN, **changes}), STREAMS, 0, END)


def test_a_visit_is_drawn_for_each_time_that_somebody_may_go() -> None:
    """From 0, the first attendance, for each incident of the streams to which anybody is sent."""
    draws = drawn()
    draws.concerns.check()
    mine = draws.incidents.take(
        (draws.incidents["stream"] == 1) & (draws.incidents["deploys"] == 1)
    )
    assert np.array_equal(draws.concerns["key"], np.repeat(np.sort(mine["key"]), 5))
    assert np.array_equal(draws.concerns["visit"], np.tile(np.arange(5), len(mine)))


def test_without_concerns_nothing_is_drawn_and_nothing_else_moves() -> None:
    """No ``[concern]``: no rows, and the incidents and attempts are those of any other world."""
    plain, followed = draw(small_scenario(2), STREAMS, 0, END), drawn()
    assert len(plain.concerns) == 0
    assert plain.incidents.differences(followed.incidents) == []
    assert plain.attempts.differences(followed.attempts) == []


def test_shares_gaps_and_work_are_as_written() -> None:
    """Each visit finds by itself; the first gap may be another, and officers are one."""
    visits = drawn(first_gap=constant(60.0)).concerns
    first, again = visits["visit"] == 0, visits["visit"] > 0
    assert_share(visits["sees"][first] == 1, 0.7)
    for number in (1, 2, 3, 4):
        assert_share(visits["sees"][visits["visit"] == number] == 1, 0.35)
    assert set(visits["gap_seconds"][visits["visit"] == 1].tolist()) == {60 * MINUTE}
    later = visits["gap_seconds"][visits["visit"] > 1]
    assert_share(later < DAY, 0.5)
    assert set(visits["work_seconds"][again].tolist()) == {20 * MINUTE}
    assert set(visits["officers"][again].tolist()) == {1}


def test_more_visits_and_larger_shares_move_no_other_value() -> None:
    """Whoever is seen is still seen where more are; visits before the fifth stay as they are."""
    before = drawn().concerns
    assert differing(before, drawn(most_revisits=6).concerns, "key", "visit") == set()
    after = drawn(share_seen=0.8, finds=0.5).concerns
    assert differing(before, after, "key", "visit") == {"sees"}
    assert (after["sees"] >= before["sees"]).all()


def test_who_goes_again_and_when_in_the_day_moves_no_draw() -> None:
    """So scenarios that differ in these alone share their draws; another share does not."""
    other = {"grade": 1, "attend": ["missing_person"], "visits_from": "09:00"}
    plain, moved = (small_scenario(2, concern={**CONCERN, **more}) for more in ({}, other))
    assert read_by_draws(plain) == read_by_draws(moved)
    assert drawn().concerns.differences(drawn(**other).concerns) == []
    assert read_by_draws(plain) != read_by_draws(
        small_scenario(2, concern={**CONCERN, "finds": 0.5})
    )
