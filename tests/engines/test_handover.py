"""Rules 11.2 and 11.6: whose the case is, and what a handover costs and loses."""

from __future__ import annotations

from typing import Any

from sim.tables import NEVER, Activity, Policy, Why
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
    """The gap is over at 150, before the team has left in that second: it is handed over first.

    Round 1 of second 150: the shift ends, then the line is due and asked of the team, of whom
    nobody is there; round 2: the owner is another, and response takes it.
    """
    played = world([team(2, 0, 150)], 200, handover_seconds=5)
    assert [(row.unit, row.start, row.end) for row in played.rows(Activity.ENQUIRY)] == [
        (1, 150, 165)
    ]
    assert played.spans(Activity.OWNED_BY_TEAM) == [(50, 150)]
