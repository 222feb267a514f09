"""Rules 11.2 and 11.6: whose the case is, and what a handover costs and loses."""

from __future__ import annotations

from typing import Any

from sim.tables import NEVER, NONE, Activity, Policy, ReviewLevel, Why
from tests.engines.episodes import play_episodes, rules
from tests.engines.hand import policy, unit_pool
from tests.engines.played import Played, works

CHILD = {"scene_seconds": 50, "return_at": NEVER}
RESPONSE, TEAM = 0, 1


def world(
    people: list[dict[str, int]], end: int, report: dict[str, Any] | None = None, **more: Any
) -> Played:
    """One case, response throughout, the team as given."""
    rule: Policy = policy(
        [unit_pool(), unit_pool("team")],
        end=end,
        attends=(((RESPONSE,),),),
        episode=rules((RESPONSE,), (TEAM,), **more),
    )
    return play_episodes([report or CHILD], [dict(works(1)), *people], rule)


def team(key: int, on_at: int, off_at: int) -> dict[str, int]:
    """A unit of the team."""
    return dict(works(key, pool=TEAM, on_at=on_at, off_at=off_at))


def test_the_case_is_the_teams_while_one_of_it_is_on_duty() -> None:
    """Response from 50, the team from 120 to 260, response after that."""
    played = world([team(2, 120, 260)], 400)
    assert played.spans(Activity.OWNED_BY_TEAM) == [(120, 260)]
    assert played.spans(Activity.OWNED_BY_RESPONSE) == [(50, 120), (260, 400)]
    assert played.case(1)["handovers"] == 2
    # Lines at 150, 260 and 370: the second is asked for in the second in which the team leaves.
    assert [row.unit for row in played.rows(Activity.ENQUIRY)] == [2, 1, 1]


def test_a_shift_that_takes_over_in_the_same_second_hands_nothing_over() -> None:
    """Rule 11.2: one shift to 140, the next from 140."""
    played = world([team(2, 0, 140), team(3, 140, 400)], 300)
    assert played.case(1)["handovers"] == 0
    assert played.spans(Activity.OWNED_BY_TEAM) == [(50, 300)]


def test_the_next_line_takes_longer_once() -> None:
    """Rule 11.6: 150 to 160 + 20 s of reading in; the line after that takes 10 s again."""
    played = world([team(2, 60, 130)], 400, handover_seconds=20)
    assert played.spans(Activity.ENQUIRY) == [(150, 180), (280, 290), (390, 400)]
    assert played.case(1)["handovers"] == 2


def test_a_lost_line_is_done_again_before_the_next() -> None:
    """Line 0 (10 s) ends at 160; handed over at 200; it is done again at 260, then line 1 (7 s)."""
    lines = [{"lost_parts": 400_000}, {"work_seconds": 7}]
    report = {**CHILD, "lines": lines}
    played = world([team(2, 0, 200)], 400, report, lost_parts=400_001)
    assert played.spans(Activity.ENQUIRY) == [(150, 160), (260, 270), (370, 377)]
    assert (played.case(1)["lines"], played.case(1)["lines_again"]) == (3, 1)
    kept = world([team(2, 0, 200)], 400, report, lost_parts=400_000)
    assert kept.spans(Activity.ENQUIRY) == [(150, 160), (260, 267), (367, 374)]


def test_a_line_is_lost_once_only() -> None:
    """Handed over at 200 and at 230: line 0 is done again once."""
    report = {**CHILD, "lines": [{"lost_parts": 0}, {"work_seconds": 7}]}
    played = world([team(2, 0, 200), team(3, 230, 900)], 500, report, lost_parts=1)
    assert played.case(1)["handovers"] == 2
    assert played.case(1)["lines_again"] == 1


def test_a_line_done_again_finds_nobody() -> None:
    """Rule 11.5: it did not the first time; a line of its own number is what finds."""
    report = {**CHILD, "lines": [{"lost_parts": 0}, {"finds": 1}]}
    played = world([team(2, 0, 200)], 900, report, lost_parts=1)
    # Lines at 150, again at 260, the one that finds at 370 to 380.
    assert played.case(1)["found_at"] == 380


def test_a_line_that_waits_is_asked_of_the_new_owner() -> None:
    """Response is busy from 60 to 1060; the team comes on at 300 and takes the line at once."""
    busy = {"grade": 1, "reported_at": 60, "scene_seconds": 1000, "lines": [{}]}
    rule = policy(
        [unit_pool(), unit_pool("team")],
        end=400,
        attends=(((RESPONSE,),),),
        episode=rules((RESPONSE,), (TEAM,)),
    )
    played = play_episodes([CHILD, busy], [works(1), team(2, 300, 900)], rule)
    rows = played.rows(Activity.ENQUIRY, incident=1)
    assert [(row.unit, row.start) for row in rows] == [(2, 300)]


def test_a_line_in_hand_is_finished_by_those_who_have_it() -> None:
    """The team's unit works from 150 to 250; its shift ends at 200, the rest is overtime."""
    report = {**CHILD, "lines": [{"work_seconds": 100}]}
    played = world([team(2, 0, 200)], 300, report)
    rows = played.rows(Activity.ENQUIRY)
    assert [(row.unit, row.start, row.end, row.why) for row in rows] == [(2, 150, 250, Why.DONE)]


def test_a_handover_in_the_second_in_which_a_line_is_due() -> None:
    """The team leaves at 150, and then the gap is over: the line waits, and is handed over.

    Round 1 of second 150: the shift ends, then the line is due and asked of the team, of whom
    nobody is there; round 2: the owner is another, and response takes it.
    """
    played = world([team(2, 0, 150)], 200, handover_seconds=5)
    assert [(row.unit, row.start, row.end) for row in played.rows(Activity.ENQUIRY)] == [
        (1, 150, 165)
    ]
    assert played.spans(Activity.OWNED_BY_TEAM) == [(50, 150)]


def test_a_line_that_is_lost_while_a_gap_passes_takes_that_gap() -> None:
    """Line 0 ends at 160, its successor's gap (30) passes when it is lost at 170: again at 190.

    Then line 1, after its own gap from 200 on.
    """
    lines = [{"lost_parts": 0}, {"gap_seconds": 30, "work_seconds": 7}, {"gap_seconds": 9000}]
    played = world([team(2, 0, 170)], 500, {**CHILD, "lines": lines}, lost_parts=1)
    assert played.spans(Activity.ENQUIRY) == [(150, 160), (190, 200), (230, 237)]


def test_a_line_that_is_lost_while_another_is_in_hand_takes_its_own_gap() -> None:
    """Line 1 works from 190 to 290; line 0 was lost at 200, and is done again 100 s after 290."""
    lines = [
        {"lost_parts": 0},
        {"gap_seconds": 30, "work_seconds": 100, "lost_parts": 1},
        {"gap_seconds": 9000},
    ]
    played = world([team(2, 0, 200)], 500, {**CHILD, "lines": lines}, lost_parts=1)
    assert played.spans(Activity.ENQUIRY) == [(150, 160), (190, 290), (390, 400)]


def test_of_two_lines_lost_the_later_is_done_again() -> None:
    """Line 0 is lost at 200 while line 1 works to 290; line 1 is lost at 300, and line 0 let go."""
    lines = [
        {"lost_parts": 0},
        {"gap_seconds": 30, "work_seconds": 100, "lost_parts": 0},
        {"gap_seconds": 9000},
    ]
    played = world(
        [team(2, 0, 200), team(3, 300, 900)], 700, {**CHILD, "lines": lines}, lost_parts=1
    )
    # Line 0's gap of 100 s passes from 290 on; at its end line 1 is done.
    assert played.spans(Activity.ENQUIRY) == [(150, 160), (190, 290), (390, 490)]
    assert played.case(1)["lines_again"] == 1


def test_a_line_that_is_never_done_again_is_not_counted_so() -> None:
    """Asked for again at 260, back at 265 on the way: one line complete, none of them again."""
    report = {
        **CHILD,
        "return_at": 265,
        "lines": [{"lost_parts": 0, "base_travel_seconds": 20}, {}],
    }
    # 150 to 180 with the way; lost at 200; again at 280 but for the return.
    played = world([team(2, 0, 200)], 900, {**report, "return_at": 285}, lost_parts=1)
    assert (played.case(1)["lines"], played.case(1)["lines_again"]) == (1, 0)


def test_reading_in_falls_to_the_line_that_is_next_reached() -> None:
    """Handed over at 155 while the unit is on its way to 170: it reads in, 170 to 180 + 20 s."""
    report = {**CHILD, "lines": [{"base_travel_seconds": 20}, {"gap_seconds": 30}]}
    played = world([team(2, 0, 155)], 400, report, handover_seconds=20)
    assert played.spans(Activity.ENQUIRY)[:2] == [(170, 200), (230, 240)]


def test_a_line_reached_before_the_handover_needs_no_reading_in() -> None:
    """At work from 150 to 250, handed over at 200: the next takes 20 s more, not this one."""
    lines = [{"work_seconds": 100}, {"gap_seconds": 30}, {"gap_seconds": 9000}]
    played = world([team(2, 0, 200)], 400, {**CHILD, "lines": lines}, handover_seconds=20)
    assert played.spans(Activity.ENQUIRY) == [(150, 250), (280, 310)]


def test_a_visit_that_waits_is_asked_of_the_new_owner() -> None:
    """Response is busy from 60 to 1060; back at 100; the team comes on at 300 and goes at once."""
    busy = {"grade": 1, "reported_at": 60, "scene_seconds": 1000}
    rule = policy(
        [unit_pool(), unit_pool("team")],
        end=400,
        attends=(((RESPONSE,),),),
        episode=rules((RESPONSE,), (TEAM,)),
    )
    child = {**CHILD, "return_at": 100, "interview_seconds": 30}
    played = play_episodes([child, busy], [works(1), team(2, 300, 900)], rule)
    assert [(row.unit, row.start) for row in played.rows(Activity.INTERVIEW)] == [(2, 300)]
    assert played.spans(Activity.WAIT_VISIT) == [(100, 300)]
    assert played.case(1)["handovers"] == 0


def test_a_case_that_begins_in_the_second_of_a_handover_is_handed_over() -> None:
    """The team leaves at 50, and the scene's work ends in that second, before the owner changes."""
    played = world([team(2, 0, 50)], 140, handover_seconds=5)
    assert played.case(1)["handovers"] == 1
    assert played.spans(Activity.OWNED_BY_RESPONSE) == [(50, 140)]
    assert played.spans(Activity.OWNED_BY_TEAM) == []


def test_what_is_left_of_a_gap_passes_by_the_new_owners_rhythm() -> None:
    """Rule 11.6f: response at half the team's pace, the team from 120 to 260.

    From 50 to 120 response lets 35 s of 100 pass; the other 65 the team, to 185. The next gap
    begins at 195: 65 s of it pass until 260, and 35 s take response 70, to 330.
    """
    half = ((500,) * 24, (1000,) * 24)
    played = world([team(2, 120, 260)], 345, rhythm=half)
    rows = played.rows(Activity.ENQUIRY)
    assert [(row.unit, row.start, row.end) for row in rows] == [(2, 185, 195), (1, 330, 340)]


def test_parts_of_a_second_are_kept_over_a_handover() -> None:
    """At 300 thousandths 0.3 s of 1 s pass until 51; 0.7 s at the team's pace are due at 52."""
    report = {**CHILD, "lines": [{"gap_seconds": 1}]}
    played = world([team(2, 51, 400)], 60, report, rhythm=((300,) * 24, (1000,) * 24))
    assert played.spans(Activity.ENQUIRY)[0][0] == 52


def test_a_gap_that_is_over_in_the_second_of_the_handover_is_the_old_owners() -> None:
    """At half the pace 100 s are over at 250, when the team comes: response has taken the line."""
    played = world([team(2, 250, 900)], 300, rhythm=((500,) * 24, (1000,) * 24))
    rows = played.rows(Activity.ENQUIRY)
    assert [(row.unit, row.start, row.end) for row in rows] == [(1, 250, 260)]


def test_an_owner_without_rhythm_lets_a_gap_stand() -> None:
    """From 0 to 1:00 response does nothing; from 120 to 160 the team lets 40 s pass, then none."""
    report = {**CHILD, "lines": [{"gap_seconds": 100}]}
    never = ((0,) + (1000,) * 23, (1000,) * 24)
    played = world([team(2, 120, 160)], 4000, report, rhythm=never)
    assert played.spans(Activity.ENQUIRY)[0][0] == 3660


UNNOTICED = {"unnoticed_parts": 400_000}
KNOWN, UNKNOWN = {"lost_parts": 599_999}, {"lost_parts": 600_000}


def test_nothing_new_is_done_on_a_case_that_nobody_knows_of() -> None:
    """Rule 11.6e: handed to the team at 120, which does not notice; at 260 response does.

    Of the gap of 100 s from 50 the 70 s until 120 have passed; 30 s are left from 260 on.
    """
    report = {**CHILD, "lines": [UNKNOWN, KNOWN]}
    played = world([team(2, 120, 260)], 300, report, **UNNOTICED)
    assert [(row.unit, row.start) for row in played.rows(Activity.ENQUIRY)] == [(1, 290)]
    assert played.case(1)["handovers"] == 2
    # Rule 13.9f: until the next handover, which response notices.
    (row,) = played.rows(Activity.UNNOTICED)
    assert (row.start, row.end, row.why) == (120, 260, Why.HANDED_OVER)
    assert (row.pool, row.unit, row.attempt) == (NONE, NONE, 0)
    known = world([team(2, 120, 260)], 300, report, unnoticed_parts=399_999)
    assert known.spans(Activity.ENQUIRY)[0] == (150, 160)
    assert known.rows(Activity.UNNOTICED) == []


def test_what_nobody_knows_of_ends_as_it_was_told_or_the_child_came_home() -> None:
    """Rule 13.9f: two handovers in turn that nobody notices; home at 300, or follow-up at 290."""
    report = {**CHILD, "lines": [UNKNOWN]}
    for home, end, why in ((300, 900, Why.RETURNED), (NEVER, 290, Why.STILL_GOING)):
        played = world([team(2, 120, 260)], end, {**report, "return_at": home}, **UNNOTICED)
        spans = [(row.start, row.end, row.why) for row in played.rows(Activity.UNNOTICED)]
        assert spans == [(120, 260, Why.HANDED_OVER), (260, min(end, 300), why)]


def test_a_line_in_hand_goes_on_and_the_gap_after_it_stands() -> None:
    """Rule 11.6f: response works from 150 to 160; the team, which comes at 155, knows nothing."""
    report = {**CHILD, "lines": [UNKNOWN]}
    played = world([team(2, 155, 900)], 800, report, **UNNOTICED)
    assert played.spans(Activity.ENQUIRY) == [(150, 160)]


def test_a_review_notices_and_the_gap_goes_on() -> None:
    """Rule 11.6f: a review at 200 (due 150 s after 50); 30 s were left of the gap at 120: 230."""
    level = ReviewLevel(first_after_seconds=150, every_seconds=NEVER, seconds=0, pools=())
    report = {**CHILD, "lines": [UNKNOWN]}
    reviews = ((level,),) * 4
    played = world([team(2, 120, 900)], 400, report, reviews=reviews, **UNNOTICED)
    assert played.spans(Activity.ENQUIRY)[0][0] == 230
    assert [(row.end, row.why) for row in played.rows(Activity.UNNOTICED)] == [(200, Why.DONE)]


def test_a_review_that_moves_the_case_on_asks_for_the_line_at_once() -> None:
    """Rules 11.6f and 11.7d: noticed and moved on at 200."""
    level = ReviewLevel(first_after_seconds=150, every_seconds=NEVER, seconds=0, pools=())
    report = {**CHILD, "lines": [{**UNKNOWN, "review_parts": 0}]}
    rule = {"reviews": ((level,),) * 4, "review_moves_parts": 1}
    played = world([team(2, 120, 900)], 400, report, **rule, **UNNOTICED)
    assert played.spans(Activity.ENQUIRY)[0][0] == 200
    assert played.case(1)["moved_on"] == 1


def test_a_tasking_notices_too() -> None:
    """Rule 11.6f: at 250, so that the 30 s left of the gap are over at 280."""
    report = {**CHILD, "lines": [UNKNOWN]}
    played = world([team(2, 120, 900)], 400, report, tasking_at=250, **UNNOTICED)
    assert played.spans(Activity.ENQUIRY)[0][0] == 280


def test_a_child_who_is_back_needs_no_notice() -> None:
    """Rule 12.1: a return at 200 ends the enquiries of a case that nobody knew of; a visit."""
    report = {**CHILD, "return_at": 200, "lines": [UNKNOWN]}
    played = world([team(2, 120, 900)], 400, report, **UNNOTICED)
    assert played.rows(Activity.ENQUIRY) == []
    assert played.case(1)["safe_at"] == 200
    assert played.case(1)["interviewed_at"] != NEVER
