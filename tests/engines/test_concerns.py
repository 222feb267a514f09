"""Rules 14.1 to 14.4: a welfare concern is followed until the child is seen."""

from __future__ import annotations

from typing import Any

import pytest

from sim.tables import DAY, NEVER, Activity, End, Risk, Why
from tests.engines.concerns import play_concerns, rules
from tests.engines.hand import desk_pool, policy, policy_with_diversion, unit_pool
from tests.engines.played import Played, works

FIRST = {"scene_seconds": 30}
SEEN = {"sees": 1}
UNSEEN: dict[str, int] = {}


def followed(*visits: dict[str, int], end: int = 7 * DAY, **concern: Any) -> Played:
    """One concern, attended at once for 30 seconds, with one unit that is always there."""
    report: dict[str, Any] = {**FIRST, "visits": visits}
    rule = policy([unit_pool()], end=end, concern=rules(**concern))
    return play_concerns([report], [works(1)], rule)


def test_a_child_who_is_seen_at_the_first_attendance_is_not_visited_again() -> None:
    """Rule 14.1."""
    world = followed(SEEN, SEEN)
    assert world.of(1)["seen_at"] == 30
    assert world.rows(Activity.REVISIT) == []


def test_somebody_goes_again_until_the_child_is_seen() -> None:
    """Rule 14.2: over at 30, then after gaps of 100 visits of 10, and none after the third."""
    world = followed(UNSEEN, UNSEEN, {"sees": 1, "gap_seconds": 50}, SEEN)
    assert world.spans(Activity.REVISIT) == [(130, 140), (190, 200)]
    assert [row.attempt for row in world.rows(Activity.REVISIT)] == [1, 2]
    outcome = world.of(1)
    assert (outcome["seen_at"], outcome["finished_at"], outcome["end"]) == (200, 30, End.ATTENDED)
    # The incident's own: its re-visits are not among them (10.1).
    assert outcome["allocations"] == 1


def test_after_the_last_visit_a_concern_is_left_open() -> None:
    """Rule 14.3."""
    world = followed(UNSEEN, UNSEEN)
    assert world.of(1)["seen_at"] == NEVER
    assert world.spans(Activity.REVISIT) == [(130, 140)]


def test_a_concern_that_nobody_follows_ends_with_its_attendance() -> None:
    """Section 14 is off: without visits nobody is seen, and nobody goes again."""
    rule = policy([unit_pool()], concern=rules())
    world = play_concerns([FIRST], [works(1)], rule)
    assert world.of(1)["seen_at"] == NEVER
    assert world.rows(Activity.REVISIT, Activity.WAIT_REVISIT) == []


def test_a_re_visit_waits_for_its_people_by_its_own_grade() -> None:
    """Rule 14.2: asked for at 130, behind a grade 2 of 125 that takes until 625; 9.2 holds not."""
    reports: list[dict[str, Any]] = [
        {**FIRST, "visits": [UNSEEN, SEEN]},
        {"reported_at": 125, "scene_seconds": 500},
        {"reported_at": 200, "grade": 4, "scene_seconds": 5},
        {"reported_at": 300, "grade": 2, "scene_seconds": 50},
    ]
    world = play_concerns(reports, [works(1)], policy([unit_pool()], concern=rules()))
    # Grade 2 at 625, then the re-visit of grade 3, then grade 4.
    assert world.spans(Activity.WAIT_REVISIT) == [(130, 675)]
    assert world.spans(Activity.REVISIT) == [(675, 685)]
    assert world.of(3)["arrived_at"] == 685


def test_a_re_visit_is_made_by_those_who_are_asked_and_borrows_nobody() -> None:
    """Rule 14.2: the pool of re-visits, not that of the first attendance."""
    report: dict[str, Any] = {**FIRST, "visits": [UNSEEN, {"sees": 1, "base_travel_seconds": 7}]}
    pools = [unit_pool("response"), unit_pool("neighbourhood")]
    rule = policy(pools, attends=(((0,),),), concern=rules(units=(1,)))
    world = play_concerns([report], [works(1), works(2, pool=1, on_at=400)], rule)
    assert world.spans(Activity.WAIT_REVISIT) == [(130, 400)]
    assert world.spans(Activity.TRAVEL, attempt=1, pool=1) == [(400, 407)]
    assert world.of(1)["seen_at"] == 417


@pytest.mark.parametrize(
    ("gap", "asked"),
    # Complete at 30; visited from 200 to 300 of each day.
    [(100, 200), (170, 200), (171, 201), (269, 299), (270, DAY + 200), (DAY + 100, DAY + 200)],
)
def test_nobody_knocks_out_of_visiting_hours(gap: int, asked: int) -> None:
    """Rule 14.2a: a gap that ends outside them lasts until they begin."""
    again = {"gap_seconds": gap, "sees": 1}
    world = followed(UNSEEN, again, visit_from=200, visit_until=300)
    assert world.spans(Activity.REVISIT) == [(asked, asked + 10)]


def test_a_gap_of_no_seconds_is_over_in_the_next_round() -> None:
    """Rules 1.2 and 14.2: the unit is idle by then."""
    world = followed(UNSEEN, {"gap_seconds": 0, "sees": 1})
    assert world.spans(Activity.REVISIT) == [(30, 40)]


def test_what_is_not_over_at_the_end_of_follow_up_is_still_going() -> None:
    """Rules 1.6 and 10.4: cut off in the middle of a re-visit."""
    world = followed(UNSEEN, SEEN, end=135)
    assert [row.why for row in world.rows(Activity.REVISIT)] == [Why.STILL_GOING]
    assert world.of(1)["seen_at"] == NEVER


CALLS_BACK: dict[str, Any] = {
    "rethrive_after_seconds": 50,
    "rethrive_seconds": 0,
    "rethrive_pool": 1,
    "rethrive_calls_back": True,
}


def rethriven(report: dict[str, Any], **more: Any) -> Played:
    """One concern, called back about every 50 seconds, and a unit that is always there."""
    rule = policy([unit_pool(), desk_pool("desk")], concern=rules(), **{**CALLS_BACK, **more})
    return play_concerns([{**FIRST, **report}], [works(1), works(2, pool=1)], rule)


def test_re_thrive_goes_on_until_the_child_is_seen() -> None:
    """Rule 14.4: at 50, 100 and 150, but not at 200, when the child has been seen since 190."""
    report: dict[str, Any] = {"visits": [UNSEEN, UNSEEN, {"sees": 1, "gap_seconds": 40}]}
    world = rethriven(report)
    assert world.of(1)["seen_at"] == 190
    assert world.spans(Activity.RETHRIVE) == [(50, 50), (100, 100), (150, 150)]


def test_a_rise_of_risk_that_a_call_back_finds_ends_the_gap() -> None:
    """Rule 14.4: it has happened at 60, is found at 100, and somebody goes at once, not at 130."""
    report: dict[str, Any] = {"escalates_at": 60, "visits": [UNSEEN, SEEN]}
    assert rethriven(report).spans(Activity.REVISIT) == [(100, 110)]
    without = rethriven(report, rethrive_calls_back=False)
    assert without.spans(Activity.REVISIT) == [(130, 140)]


def test_a_re_visit_that_waits_takes_grade_1_when_a_rise_of_risk_is_found() -> None:
    """Rule 14.4: it waits from 130 behind grade 2, and goes before that at 600."""
    reports: list[dict[str, Any]] = [
        {**FIRST, "escalates_at": 140, "visits": [UNSEEN, SEEN]},
        {"reported_at": 125, "scene_seconds": 475},
        {"reported_at": 126, "scene_seconds": 50},
    ]
    people = [works(1), works(2, pool=1)]
    rule = policy([unit_pool(), desk_pool("desk")], concern=rules(), **CALLS_BACK)
    world = play_concerns(reports, people, rule)
    assert world.spans(Activity.REVISIT) == [(600, 610)]
    later = policy(
        [unit_pool(), desk_pool("desk")],
        concern=rules(),
        **{**CALLS_BACK, "rethrive_calls_back": False},
    )
    assert play_concerns(reports, people, later).spans(Activity.REVISIT) == [(650, 660)]


def test_a_rise_that_was_known_before_the_arrival_makes_re_visits_grade_1() -> None:
    """Rules 7.3 and 14.4: a review found it while the job waited."""
    reports: list[dict[str, Any]] = [
        {"reported_at": 0, "grade": 1, "scene_seconds": 200},
        {**FIRST, "escalates_at": 10, "visits": [UNSEEN, SEEN]},
        {"reported_at": 220, "grade": 2, "scene_seconds": 300},
        {"reported_at": 221, "grade": 2, "scene_seconds": 50},
    ]
    people = [works(1), works(2, pool=1)]
    rule = policy([unit_pool(), desk_pool("desk")], concern=rules(), **CALLS_BACK)
    world = play_concerns(reports, people, rule)
    # The concern is attended at 200 and left at 230; its re-visit is due at 330, beside key 3.
    assert world.spans(Activity.REVISIT) == [(530, 540)]
    assert world.of(4)["arrived_at"] == 540


def test_a_re_visit_is_diverted_as_any_job_and_resumed() -> None:
    """Rules 6.6, 6.7, 14.2: 4 of its 10 seconds are done when a grade 1 takes the unit."""
    reports: list[dict[str, Any]] = [
        {**FIRST, "visits": [UNSEEN, SEEN]},
        {"reported_at": 134, "grade": 1, "scene_seconds": 20},
    ]
    world = play_concerns(reports, [works(1)], policy_with_diversion(concern=rules()))
    assert world.spans(Activity.REVISIT) == [(130, 134), (154, 160)]
    assert [row.attempt for row in world.rows(Activity.REVISIT)] == [1, 2]
    assert world.of(1)["seen_at"] == 160


def test_no_reviews_of_what_waits_are_made_of_a_re_visit() -> None:
    """Rule 14.2: section 7 is not about errands; risk and grade of the incident stay."""
    report: dict[str, Any] = {**FIRST, "risk": Risk.LOW, "visits": [UNSEEN, SEEN]}
    rule = policy(
        [unit_pool(), desk_pool("desk")],
        concern=rules(),
        review_levels=(1,),
        review_after_seconds=(10,) * 5,
    )
    people = [works(1, off_at=100), works(2, on_at=400), works(3, pool=1)]
    world = play_concerns([report], people, rule)
    assert world.spans(Activity.WAIT_REVISIT) == [(130, 400)]
    assert world.rows(Activity.REVIEW) == []
