"""Rule 12.4d: officers who stay with a child in police protection are relieved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from sim.tables import Activity, Policy, ShiftEnd, Why
from tests.engines.episodes import play_episodes, rules
from tests.engines.hand import GRADE_1_DIVERTS, desk_pool, policy, unit_pool
from tests.engines.played import Played, works

CHILD: dict[str, Any] = {"scene_seconds": 50, "interview_seconds": 30, "return_at": 20}
"""Attended from 0; back at 20; interviewed from 50 to 80; then in protection."""
HELD: dict[str, Any] = {"protection_seconds": 200, "ppn_seconds": 6}
"""From 80 to 280."""
ONE: dict[str, Any] = {"relief_officers": 1, "relief_grade": 3}


def held(
    *people: Mapping[str, int],
    of: Policy | None = None,
    reports: tuple[dict[str, Any], ...] = (),
    child: dict[str, Any] = CHILD,
    episode: dict[str, int] = HELD,
    **followed: Any,
) -> Played:
    """One child who is held, and perhaps other incidents."""
    first = {**child, "episode": episode}
    rule = rules(**{**ONE, **followed})
    plain = of or policy([unit_pool()], end=900)
    return play_episodes([first, *reports], people, _following(plain, rule))


def _following(plain: Policy, rule: Any) -> Policy:
    return replace(plain, episode=rule)


def stays(world: Played) -> list[tuple[int, int, int, Why]]:
    """Unit, from, until and how it ended, of each stay with the child."""
    return [(row.unit, row.start, row.end, row.why) for row in world.rows(Activity.PROTECTION)]


def test_the_next_shift_relieves_at_the_end_of_the_first() -> None:
    """Off at 150, when the next comes on; 8 s on the way; it stays from 158 to 280."""
    away = {**HELD, "interview_travel_seconds": 8}
    world = held(works(1, off_at=150), works(2, on_at=150), episode=away)
    assert stays(world) == [(1, 80, 158, Why.HANDED_OVER), (2, 158, 280, Why.DONE)]
    # The PPN is the first's, in overtime; it is sent when written.
    written = [(row.unit, row.start, row.end) for row in world.rows(Activity.WRITING)]
    assert written == [(1, 158, 164)]
    assert world.case(1)["ppn_at"] == 164
    assert world.spans(Activity.TRAVEL)[-1] == (150, 158)
    assert [row.attempt for row in world.rows(Activity.PROTECTION)] == [0, 1]


def test_without_relief_the_first_stay_in_overtime() -> None:
    """Rule 12.4d is off: to the end at 280, 130 s after the end of the shift."""
    world = held(works(1, off_at=150), works(2, on_at=150), relief_officers=0)
    assert stays(world) == [(1, 80, 280, Why.DONE)]


def test_nobody_leaves_a_child_before_relief_is_there() -> None:
    """Asked for at 150; the only other unit is at work until 200."""
    busy = {"reported_at": 100, "scene_seconds": 100}
    world = held(works(1, off_at=150), works(2, on_at=90), reports=({**busy, "return_at": 900},))
    assert stays(world) == [(1, 80, 200, Why.HANDED_OVER), (2, 200, 280, Why.DONE)]
    assert world.spans(Activity.WAIT_RELIEF) == [(150, 200)]


def test_relief_that_waits_is_withdrawn_when_a_placement_is_found() -> None:
    """Nobody else is on duty: it waits from 150 to 280, and is needed no more."""
    world = held(works(1, off_at=150))
    assert stays(world) == [(1, 80, 280, Why.DONE)]
    rows = world.rows(Activity.WAIT_RELIEF)
    assert [(row.start, row.end, row.why) for row in rows] == [(150, 280, Why.RETURNED)]


def test_relief_on_its_way_turns_back_when_a_placement_is_found() -> None:
    """It sets off at 150 and would be there at 300; at 280 it is free."""
    away = {**HELD, "interview_travel_seconds": 150}
    world = held(works(1, off_at=150), works(2, on_at=150), episode=away)
    assert stays(world) == [(1, 80, 280, Why.DONE)]
    last = world.rows(Activity.TRAVEL)[-1]
    assert (last.unit, last.start, last.end, last.why) == (2, 150, 280, Why.RETURNED)


def test_those_who_relieve_are_relieved_in_their_turn() -> None:
    """Shifts end at 150 and 220."""
    world = held(works(1, off_at=150), works(2, on_at=150, off_at=220), works(3, on_at=220))
    assert stays(world) == [
        (1, 80, 150, Why.HANDED_OVER),
        (2, 150, 220, Why.HANDED_OVER),
        (3, 220, 280, Why.DONE),
    ]
    assert [row.attempt for row in world.rows(Activity.PROTECTION)] == [0, 1, 2]


def test_protection_that_begins_after_a_shift_is_to_be_relieved_at_once() -> None:
    """Off at 70, interviewed to 80 in overtime; the other unit is there at 80."""
    world = held(works(1, off_at=70), works(2, on_at=60))
    assert stays(world) == [(1, 80, 80, Why.HANDED_OVER), (2, 80, 280, Why.DONE)]


def test_the_first_end_of_a_shift_counts_and_all_are_relieved() -> None:
    """Two were sent, off at 150 and at 400: one relieves both, and the second is free at 150."""
    two = {**CHILD, "officers": 2}
    world = held(works(1, off_at=150), works(2, off_at=400), works(3, on_at=150), child=two)
    assert stays(world) == [
        (1, 80, 150, Why.HANDED_OVER),
        (2, 80, 150, Why.HANDED_OVER),
        (3, 150, 280, Why.DONE),
    ]


def test_relief_begins_when_all_of_it_is_there() -> None:
    """Two officers of the next shift, whose units are one each: the first leave when both are."""
    busy = {"reported_at": 100, "scene_seconds": 70, "return_at": 900}
    world = held(
        works(1, off_at=150),
        works(2, on_at=90),
        works(3, on_at=150),
        reports=(busy,),
        relief_officers=2,
    )
    # The second unit is free at 170, and the pair is taken then.
    assert world.spans(Activity.WAIT_RELIEF) == [(150, 170)]
    assert stays(world) == [
        (1, 80, 170, Why.HANDED_OVER),
        (2, 170, 280, Why.DONE),
        (3, 170, 280, Why.DONE),
    ]


def test_relief_stands_in_the_queue_by_its_own_grade() -> None:
    """One unit comes on at 150: to the child at grade 1, and at grade 3 to the other job first."""
    other = {"reported_at": 140, "grade": 2, "scene_seconds": 40, "return_at": 900}
    people = (works(1, off_at=150), works(2, on_at=150))
    first, last = (held(*people, reports=(other,), relief_grade=grade) for grade in (1, 3))
    assert stays(first)[0] == (1, 80, 150, Why.HANDED_OVER)
    assert stays(last)[0] == (1, 80, 190, Why.HANDED_OVER)


def test_relief_on_its_way_may_be_diverted_and_comes_later() -> None:
    """Grade 1 at 155 takes it on its way, to 185; the first stay until it is there at 195."""
    urgent = {"reported_at": 155, "grade": 1, "scene_seconds": 30, "return_at": 900}
    away = {**HELD, "interview_travel_seconds": 10}
    world = held(
        works(1, off_at=150),
        works(2, on_at=150),
        of=policy([unit_pool()], end=900, divert_travelling=GRADE_1_DIVERTS, most_diversions=1),
        reports=(urgent,),
        episode=away,
    )
    assert stays(world)[0] == (1, 80, 195, Why.HANDED_OVER)
    assert [row.attempt for row in world.rows(Activity.WAIT_RELIEF)] == [2]


@pytest.mark.parametrize("hands_over", list(ShiftEnd))
def test_a_child_is_never_handed_over_unless_relief_is_there(hands_over: ShiftEnd) -> None:
    """Whatever a shift's end does to other work, nobody leaves at it."""
    world = held(
        works(1, off_at=150),
        works(2, on_at=170),
        of=policy([unit_pool()], end=900, shift_end=hands_over),
    )
    assert stays(world) == [(1, 80, 170, Why.HANDED_OVER), (2, 170, 280, Why.DONE)]


def test_dispatchers_send_relief_as_they_send_others() -> None:
    """Five seconds of a dispatcher's work, of the last attempt that was drawn."""
    desk = 1
    plain = policy([unit_pool(), desk_pool("dispatch")], end=900, dispatchers=(desk,))
    first = {**CHILD, "episode": HELD}
    world = play_episodes(
        [first],
        [works(1, off_at=150), works(2, on_at=150), works(11, desk)],
        _following(plain, rules(**ONE)),
        dispatch_seconds=(0, 5),
    )
    assert stays(world)[0] == (1, 80, 155, Why.HANDED_OVER)
    assert world.spans(Activity.EARMARKED)[-1] == (150, 155)


def test_a_found_child_is_relieved_too_and_numbers_go_on() -> None:
    """Found by a line at 160: interview to 190, then held; the third allocation relieves."""
    child = {**CHILD, "return_at": 800, "lines": [{"finds": 1}]}
    world = held(works(1, off_at=200), works(2, on_at=200), child=child)
    assert stays(world) == [(1, 190, 200, Why.HANDED_OVER), (2, 200, 390, Why.DONE)]
    assert [row.attempt for row in world.rows(Activity.PROTECTION)] == [1, 2]
    assert world.of(1)["allocations"] == 1
