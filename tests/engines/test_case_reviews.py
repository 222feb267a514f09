"""Rules 11.7 to 11.9: who looks at a case while its child is missing, and what comes of it."""

from __future__ import annotations

from typing import Any

import pytest

from sim.tables import DAY, HOUR, NEVER, Activity, ReviewLevel, Risk, Why
from tests.engines.episodes import play_episodes, rules
from tests.engines.hand import GRADES, desk_pool, policy, unit_pool
from tests.engines.played import Played, play, works

LATER = 100_000
LINES = [{"gap_seconds": LATER}]
CHILD: dict[str, Any] = {"scene_seconds": 50, "risk": Risk.MEDIUM, "lines": LINES}
SUPERVISOR, MANAGER = 1, 2
POOLS = [unit_pool(), desk_pool("supervisor"), desk_pool("manager")]
PEOPLE = [works(1), works(2, pool=SUPERVISOR), works(3, pool=MANAGER)]


def levels(risk: Risk, *one_by_one: ReviewLevel) -> tuple[tuple[ReviewLevel, ...], ...]:
    """Reviews of one risk level only."""
    return tuple(one_by_one if risk == one else () for one in Risk)


def world(end: int, *reports: dict[str, Any], people: Any = PEOPLE, **more: Any) -> Played:
    """Cases, one unit and two desks."""
    return play_episodes(reports, people, policy(POOLS, end=end, episode=rules(**more)))


def test_each_level_reviews_at_its_intervals() -> None:
    """Under enquiry at 50: 150 and 200 s after each end (160, 370); the manager once, at 300."""
    by_level = levels(
        Risk.MEDIUM,
        ReviewLevel(100, 200, 10, (SUPERVISOR,)),
        ReviewLevel(250, NEVER, 20, (MANAGER,)),
    )
    played = world(600, CHILD, reviews=by_level)
    rows = played.rows(Activity.CASE_REVIEW)
    assert [(row.unit, row.attempt, row.start, row.end) for row in rows] == [
        (2, 0, 150, 160),
        (3, 1, 300, 320),
        (2, 2, 360, 370),
        (2, 3, 570, 580),
    ]
    assert played.case(1)["reviews"] == 4


def test_reviews_are_those_of_the_risk_held() -> None:
    """A child of low risk is not reviewed as one of medium risk is."""
    by_level = levels(Risk.MEDIUM, ReviewLevel(100, 200, 10, (SUPERVISOR,)))
    assert world(600, {**CHILD, "risk": Risk.LOW}, reviews=by_level).case(1)["reviews"] == 0


def test_a_review_is_asked_of_the_first_on_duty_or_of_the_last() -> None:
    """At 150 the supervisor; at 250 nobody, so that it waits for the manager, there from 300."""
    people = [works(1), works(2, pool=SUPERVISOR, off_at=200), works(3, pool=MANAGER, on_at=300)]
    by_level = levels(Risk.MEDIUM, ReviewLevel(100, 90, 10, (SUPERVISOR, MANAGER)))
    played = world(390, CHILD, people=people, reviews=by_level)
    assert played.spans(Activity.CASE_REVIEW, pool=SUPERVISOR) == [(150, 160)]
    assert played.spans(Activity.CASE_REVIEW, pool=MANAGER) == [(300, 310)]
    assert played.spans(Activity.WAIT_REVIEW, pool=MANAGER) == [(250, 300)]


def test_a_review_without_a_pool_takes_nobodys_time() -> None:
    """Due at 150, done at 160; due again at 200, done at 210."""
    by_level = levels(Risk.MEDIUM, ReviewLevel(100, 40, 10, ()))
    assert world(210, CHILD, reviews=by_level).case(1)["reviews"] == 1
    played = world(211, CHILD, reviews=by_level)
    assert played.case(1)["reviews"] == 2
    assert played.rows(Activity.CASE_REVIEW) == []


def test_two_levels_due_in_one_second_stand_by_their_place() -> None:
    """Both are the supervisor's, and of the same urgency: level 0 first, then level 1."""
    by_level = levels(
        Risk.MEDIUM,
        ReviewLevel(100, NEVER, 10, (SUPERVISOR,)),
        ReviewLevel(100, NEVER, 20, (SUPERVISOR,)),
    )
    played = world(600, CHILD, reviews=by_level)
    assert played.spans(Activity.CASE_REVIEW) == [(150, 160), (160, 180)]


def test_a_review_may_move_the_case_on() -> None:
    """Review 0 (150 to 160) moves it on, review 1 (of another level, 200 to 210) does not."""
    by_level = levels(
        Risk.MEDIUM,
        ReviewLevel(100, NEVER, 10, (SUPERVISOR,)),
        ReviewLevel(150, NEVER, 10, (MANAGER,)),
    )
    lines = [
        {"gap_seconds": LATER, "review_parts": 499_999},
        {"gap_seconds": LATER, "review_parts": 500_000},
    ]
    played = world(900, {**CHILD, "lines": lines}, reviews=by_level, review_moves_parts=500_000)
    assert played.spans(Activity.ENQUIRY) == [(160, 170)]
    assert (played.case(1)["moved_on"], played.case(1)["reviews"]) == (1, 2)


def test_a_review_while_a_line_is_in_hand_moves_nothing_on() -> None:
    """The line works from 60 to 400; the reviews at 150 and 250 have nothing to move."""
    by_level = levels(Risk.MEDIUM, ReviewLevel(100, 90, 10, ()))
    lines = [{"gap_seconds": 10, "work_seconds": 340, "review_parts": 0}]
    played = world(300, {**CHILD, "lines": lines}, reviews=by_level, review_moves_parts=1)
    assert (played.case(1)["reviews"], played.case(1)["moved_on"]) == (2, 0)


def test_the_gap_of_a_case_that_was_moved_on_is_over() -> None:
    """Asked for at 160; the gap that would have ended at 200 brings no second line."""
    by_level = levels(Risk.MEDIUM, ReviewLevel(100, NEVER, 10, ()))
    lines = [{"gap_seconds": 150, "work_seconds": 500, "review_parts": 0}]
    played = world(600, {**CHILD, "lines": lines}, reviews=by_level, review_moves_parts=1)
    assert played.spans(Activity.ENQUIRY) == [(160, 600)]


def test_a_review_that_ends_when_the_child_is_back_changes_nothing() -> None:
    """150 to 160, the child back at 155: made, but not counted, and the next is not asked for."""
    by_level = levels(Risk.MEDIUM, ReviewLevel(100, 40, 10, (SUPERVISOR,)))
    played = world(600, {**CHILD, "return_at": 155}, reviews=by_level)
    assert played.spans(Activity.CASE_REVIEW) == [(150, 160)]
    assert played.case(1)["reviews"] == 0


def test_a_review_discovers_a_rise_of_risk() -> None:
    """Known at 160: reviews of high risk from 190 on, of low risk no more; later gaps are halved.

    The gap of 300 s that began at 50 passes as it was, to 350; the next one takes 150.
    """
    by_level = (
        (),
        (ReviewLevel(100, 40, 10, (SUPERVISOR,)),),
        (),
        (ReviewLevel(30, 500, 5, (MANAGER,)),),
    )
    report = {
        **CHILD,
        "risk": Risk.LOW,
        "escalates_at": 155,
        "lines": [{"gap_seconds": 300}],
    }
    played = world(600, report, reviews=by_level, escalated_gap=500)
    assert played.spans(Activity.CASE_REVIEW) == [(150, 160), (190, 195)]
    assert played.spans(Activity.ENQUIRY) == [(350, 360), (510, 520)]
    assert played.case(1)["escalated_at"] == 160
    # A review that ends before the rise finds none.
    early = world(600, {**report, "escalates_at": 161}, reviews=by_level)
    assert early.case(1)["escalated_at"] == 210


def test_a_review_in_hand_when_another_discovers_the_rise_changes_nothing() -> None:
    """The manager's, 150 to 180, is of the old level: the supervisor's found it at 160."""
    by_level = (
        (),
        (ReviewLevel(100, 40, 10, (SUPERVISOR,)), ReviewLevel(100, 40, 30, (MANAGER,))),
        (),
        (),
    )
    report = {**CHILD, "risk": Risk.LOW, "escalates_at": 0}
    played = world(600, report, reviews=by_level)
    assert played.spans(Activity.CASE_REVIEW) == [(150, 160), (150, 180)]
    assert played.case(1)["reviews"] == 1


def test_a_rise_known_before_arrival_makes_the_case_high_risk() -> None:
    """Found by a review of the waiting job at 105; attended 500 to 550; reviewed at 580."""
    rule = policy(
        POOLS,
        end=700,
        review_after_seconds=(100,) * GRADES,
        review_levels=(SUPERVISOR,),
        review_seconds=5,
        episode=rules(
            reviews=levels(Risk.HIGH, ReviewLevel(30, NEVER, 10, (MANAGER,))), escalated_gap=100
        ),
    )
    people = [works(1, on_at=500), *PEOPLE[1:]]
    report = {**CHILD, "risk": Risk.LOW, "escalates_at": 10, "lines": [{"gap_seconds": 1000}]}
    played = play_episodes([report], people, rule)
    assert played.of(1)["upgraded_at"] == 105
    assert played.spans(Activity.CASE_REVIEW) == [(580, 590)]
    assert played.spans(Activity.ENQUIRY) == [(650, 660)]
    assert played.case(1)["escalated_at"] == NEVER


def test_a_review_asked_for_before_arrival_discovers_what_it_ends_after() -> None:
    """Asked for at 100, done at 705 while the case is under enquiry: rule 11.8, not 7.3."""
    rule = policy(
        POOLS,
        end=900,
        review_after_seconds=(100,) * GRADES,
        review_levels=(SUPERVISOR,),
        review_seconds=5,
        episode=rules(),
    )
    people = [works(1, on_at=500), works(2, pool=SUPERVISOR, on_at=700)]
    played = play_episodes([{**CHILD, "escalates_at": 10}], people, rule)
    assert played.spans(Activity.REVIEW) == [(700, 705)]
    assert played.case(1)["escalated_at"] == 705
    assert played.of(1)["upgraded_at"] == NEVER


def test_ratification_changes_the_level_of_a_case_under_enquiry() -> None:
    """Medium until 210, then low: reviewed 30 s later, and its line is asked of other people.

    The line waits from 150 for people of medium cases, of whom there are none.
    """
    by_level = (
        (),
        (ReviewLevel(30, NEVER, 10, (MANAGER,)),),
        (ReviewLevel(300, NEVER, 10, (MANAGER,)),),
        (),
    )
    of_class = tuple(((0,) if class_ == Risk.LOW else (),) for class_ in range(5))
    rule = policy(
        POOLS,
        end=600,
        ratifiers=(((SUPERVISOR,),) * 24,) * 4,
        episode=rules(reviews=by_level, enquirers=(of_class, of_class)),
    )
    report = {
        **CHILD,
        "ratified_risk": Risk.LOW,
        "ratification_seconds": 10,
        "lines": [{}, {"gap_seconds": LATER}],
    }
    people = [works(1), works(2, pool=SUPERVISOR, on_at=200), works(3, pool=MANAGER)]
    played = play_episodes([report], people, rule)
    assert played.of(1)["ratified_at"] == 210
    assert played.spans(Activity.CASE_REVIEW) == [(240, 250)]
    assert played.spans(Activity.WAIT_ENQUIRY) == [(150, 210)]
    assert played.spans(Activity.ENQUIRY) == [(210, 220)]


def test_ratification_does_not_undo_a_rise_that_was_discovered() -> None:
    """Found to be high at 160, ratified as low at 210: the reviews of high risk go on."""
    by_level = (
        (),
        (ReviewLevel(30, NEVER, 10, ()),),
        (ReviewLevel(100, NEVER, 10, ()),),
        (ReviewLevel(100, NEVER, 10, (MANAGER,)),),
    )
    rule = policy(
        POOLS,
        end=600,
        ratifiers=(((SUPERVISOR,),) * 24,) * 4,
        episode=rules(reviews=by_level),
    )
    ratified = {"ratified_risk": Risk.LOW, "ratification_seconds": 10, "escalates_at": 0}
    people = [works(1), works(2, pool=SUPERVISOR, on_at=200), works(3, pool=MANAGER)]
    played = play_episodes([{**CHILD, **ratified}], people, rule)
    assert played.spans(Activity.CASE_REVIEW) == [(260, 270)]
    assert played.case(1)["reviews"] == 2
    assert played.of(1)["final_risk"] == Risk.LOW


def test_rethrive_of_a_case_goes_on_until_the_child_is_safe() -> None:
    """100 to 105 and 205 to 210; back at 250. Without an episode it ends with the arrival at 0."""
    rule = policy(
        POOLS,
        end=600,
        rethrive_after_seconds=100,
        rethrive_seconds=5,
        rethrive_pool=SUPERVISOR,
        rethrive_calls_back=True,
        episode=rules(),
    )
    report = {**CHILD, "return_at": 250, "escalates_at": 150}
    played = play_episodes([report], PEOPLE, rule)
    assert played.spans(Activity.RETHRIVE) == [(100, 105), (205, 210)]
    assert played.case(1)["escalated_at"] == 210
    plain = {name: value for name, value in report.items() if name != "lines"}
    assert play([plain], PEOPLE, rule).spans(Activity.RETHRIVE) == []


def test_each_case_is_tasked_each_day_by_key() -> None:
    """At 01:00, 20 s each; on the second day only the case that is still under enquiry."""
    gone = {**CHILD, "return_at": 5 * HOUR}
    played = world(
        DAY + 2 * HOUR, gone, CHILD, tasking_at=HOUR, tasking_pool=MANAGER, tasking_seconds=20
    )
    rows = played.rows(Activity.TASKING)
    assert [(row.incident, row.attempt, row.start, row.end) for row in rows] == [
        (1, 0, HOUR, HOUR + 20),
        (2, 0, HOUR + 20, HOUR + 40),
        (2, 1, DAY + HOUR, DAY + HOUR + 20),
    ]
    assert [played.case(key)["taskings"] for key in (1, 2)] == [1, 2]


def test_tasking_may_move_the_case_on() -> None:
    """The first at 3600 does not, the second a day later does, at its end."""
    lines = [
        {"gap_seconds": 2 * DAY, "tasking_parts": 400},
        {"gap_seconds": 2 * DAY, "tasking_parts": 399},
    ]
    more = {"tasking_at": HOUR, "tasking_seconds": 20, "tasking_moves_parts": 400}
    played = world(DAY + 2 * HOUR, {**CHILD, "lines": lines}, **more)
    # In nobody's time: there is no pool.
    assert played.rows(Activity.TASKING) == []
    assert played.spans(Activity.ENQUIRY) == [(DAY + HOUR + 20, DAY + HOUR + 30)]
    assert (played.case(1)["taskings"], played.case(1)["moved_on"]) == (2, 1)


def test_a_tasking_that_ends_when_the_child_is_back_does_not_count() -> None:
    """3600 to 3620, back at 3610: it is held to its end, and changes nothing."""
    played = world(
        2 * HOUR,
        {**CHILD, "return_at": HOUR + 10},
        tasking_at=HOUR,
        tasking_pool=MANAGER,
        tasking_seconds=20,
    )
    assert played.spans(Activity.TASKING) == [(HOUR, HOUR + 20)]
    assert played.case(1)["taskings"] == 0


@pytest.mark.parametrize(
    ("start", "tasked"),
    [
        (-HOUR, [(HOUR, HOUR + 20)]),
        # At the start itself nothing is under enquiry yet; the next is a day later.
        (HOUR, []),
        (HOUR + 1, []),
    ],
)
def test_tasking_comes_round_from_the_start_on(start: int, tasked: list[tuple[int, int]]) -> None:
    """Also where the start lies before the first midnight."""
    rule = policy(
        POOLS,
        start=start,
        end=3 * HOUR,
        episode=rules(tasking_at=HOUR, tasking_pool=MANAGER, tasking_seconds=20),
    )
    report = {**CHILD, "reported_at": start, "scene_seconds": 0}
    played = play_episodes([report], [works(1, on_at=-DAY), works(3, MANAGER, on_at=-DAY)], rule)
    assert played.spans(Activity.TASKING) == tasked


def test_a_desk_takes_the_cases_of_high_risk_first() -> None:
    """Rule 12.6: two taskings of one second, the second case's child at high risk."""
    high = {**CHILD, "risk": Risk.HIGH}
    more = {"tasking_at": HOUR, "tasking_pool": MANAGER, "tasking_seconds": 20}
    # The incident's own grade 1 counts for nothing here.
    played = world(2 * HOUR, {**CHILD, "grade": 1}, high, **more)
    rows = played.rows(Activity.TASKING)
    assert [row.incident for row in rows] == [2, 1]
    waits = played.rows(Activity.WAIT_DESK)
    assert [(row.incident, row.start, row.end, row.why) for row in waits] == [
        (1, HOUR, HOUR + 20, Why.DONE)
    ]
    by_class = (3, 3, 3, 3, 2)
    cohort = {**CHILD, "episode": {"cohort": 1}}
    again = world(2 * HOUR, {**CHILD, "grade": 1}, cohort, enquiry_grade=by_class, **more)
    assert [row.incident for row in again.rows(Activity.TASKING)] == [2, 1]
    assert again.case(2)["taskings"] == 1
