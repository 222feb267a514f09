"""Rules 11.1 to 11.5: lines of enquiry follow one another while the child is missing."""

from __future__ import annotations

from typing import Any

import pytest

from sim.tables import CLASSES, NEVER, Activity, CaseEnd, ReviewLevel, Why
from tests.engines.episodes import play_episodes, rules
from tests.engines.hand import HOUR, desk_pool, policy, policy_with_diversion, unit_pool
from tests.engines.played import play, works

CHILD = {"scene_seconds": 50, "return_at": NEVER}


def test_lines_follow_the_first_attendance_each_after_its_gap() -> None:
    """Scene to 50; gap 100, travel 5, work 10: 150 to 165; the next from 265, and so on."""
    lines = [{"base_travel_seconds": 5}, {"gap_seconds": 30, "work_seconds": 7}]
    world = play_episodes(
        [{**CHILD, "lines": lines}], [works(1)], policy([unit_pool()], end=250, episode=rules())
    )
    # 165 + 30 = 195 to 202; the last row is repeated: 202 + 30 = 232 to 239.
    assert world.spans(Activity.ENQUIRY) == [(155, 165), (195, 202), (232, 239)]
    assert world.spans(Activity.TRAVEL) == [(0, 0), (150, 155), (195, 195), (232, 232)]
    case = world.case(1)
    assert (case["enquiry_at"], case["first_line_at"], case["lines"]) == (50, 155, 3)
    assert (case["end"], case["safe_at"]) == (CaseEnd.STILL_MISSING, NEVER)
    assert [row.attempt for row in world.rows(Activity.ENQUIRY)] == [1, 2, 3]


def test_an_incident_without_an_episode_ends_with_its_first_attendance() -> None:
    """Section 11: nothing follows, whatever the rules for cases are."""
    rule = policy([unit_pool()], end=900, episode=rules())
    alone = play([{**CHILD, "return_at": 100}], [works(1)], rule)
    assert alone.spans(Activity.SCENE) == [(0, 50)]
    assert len(alone.rows()) == 2
    assert len(alone.cases) == 0


@pytest.mark.parametrize(
    ("ends_at", "gap", "due"),
    [
        # At three tenths by night (22:00 to 08:00) an hour's gap takes 12,000 seconds.
        (23 * HOUR, 3600, 23 * HOUR + 12_000),
        # Half an hour is left of the day, half an hour at night takes 6,000 seconds.
        (21 * HOUR + 1800, 3600, 22 * HOUR + 6000),
        # 1 s takes 4 seconds at night: in three only nine tenths of it have passed.
        (23 * HOUR, 1, 23 * HOUR + 4),
        (10 * HOUR, 0, 10 * HOUR),
        # The whole night takes 3 hours off a gap, and the rest is by day.
        (22 * HOUR, 4 * HOUR, 33 * HOUR),
    ],
)
def test_a_gap_passes_by_the_rhythm_of_the_hour(ends_at: int, gap: int, due: int) -> None:
    """Rule 11.3, in thousandths of a second."""
    night = tuple(300 if hour >= 22 or hour < 8 else 1000 for hour in range(24))
    world = play_episodes(
        [{**CHILD, "scene_seconds": ends_at, "lines": [{"gap_seconds": gap}, {}]}],
        [works(1)],
        policy([unit_pool()], end=40 * HOUR, episode=rules(rhythm=(night, night))),
    )
    assert world.spans(Activity.ENQUIRY)[0][0] == due


def test_an_hour_without_rhythm_lets_no_gap_pass() -> None:
    """Rule 11.3: nothing happens until the next hour that has one."""
    rhythm = (0,) + (1000,) * 23
    world = play_episodes(
        [CHILD], [works(1)], policy([unit_pool()], end=4000, episode=rules(rhythm=(rhythm, rhythm)))
    )
    assert world.spans(Activity.ENQUIRY)[0][0] == HOUR + 100


def test_a_line_waits_in_its_grade_with_the_age_of_its_asking() -> None:
    """Rule 11.4: at 150 it joins behind a job of grade 3 that was reported at 149."""
    reports: list[dict[str, Any]] = [
        CHILD,
        {"grade": 3, "reported_at": 149, "scene_seconds": 40, "lines": [{}]},
    ]
    busy = {"grade": 1, "reported_at": 60, "scene_seconds": 100}
    world = play_episodes(
        [*reports, busy], [works(1)], policy([unit_pool()], end=230, episode=rules())
    )
    # The unit is busy from 60 to 160, then takes the older job to 200.
    assert world.spans(Activity.WAIT_ENQUIRY) == [(150, 200)]
    assert world.spans(Activity.ENQUIRY, incident=1) == [(200, 210)]


def test_a_class_has_its_own_people() -> None:
    """Rule 11.4: the cohort's lines are another pool's; the first attendance is not."""
    cohort = (((0,),),) * 4 + (((1,),),)
    episode = rules(enquirers=(cohort, cohort), enquiry_grade=(3, 3, 3, 3, 2))
    pools = [unit_pool(), unit_pool("exploitation")]
    world = play_episodes(
        [{**CHILD, "episode": {"cohort": 1}}],
        [works(1), works(2, pool=1)],
        policy(pools, end=170, attends=(((0,),),), episode=episode),
    )
    assert len(cohort) == CLASSES
    assert [row.unit for row in world.rows(Activity.ENQUIRY)] == [2]
    assert [row.unit for row in world.rows(Activity.SCENE)] == [1]


def test_a_desk_does_its_lines_in_its_own_order() -> None:
    """Rules 11.4 and 12.6: the desk is busy with the first case's line until 160."""
    line = [{"desk": 1}, {"gap_seconds": 1000}]
    world = play_episodes(
        [{**CHILD, "lines": line}, {**CHILD, "lines": line}],
        [works(1), works(2), works(3, pool=1)],
        policy([unit_pool(), desk_pool("desk")], end=300, episode=rules(enquiry_desk=1)),
    )
    assert world.spans(Activity.DESK_LINE) == [(150, 160), (160, 170)]
    assert world.spans(Activity.WAIT_DESK) == [(150, 160)]
    assert world.case(2)["first_line_at"] == 160


def test_a_desk_line_without_a_desk_takes_nobodys_time() -> None:
    """Rule 11.4: 150 to 160; the next gap begins at 160."""
    lines = [{"desk": 1}, {}]
    world = play_episodes(
        [{**CHILD, "lines": lines}], [works(1)], policy([unit_pool()], end=300, episode=rules())
    )
    assert world.spans(Activity.ENQUIRY)[0] == (260, 270)
    assert world.case(1)["first_line_at"] == 150


def test_a_line_that_is_diverted_from_resumes_what_was_left() -> None:
    """Rules 6.7 and 11.4: 4 of 10 s done at 154, resumed at 174, done at 180."""
    rule = policy_with_diversion(end=200, episode=rules())
    urgent = {"grade": 1, "reported_at": 154, "scene_seconds": 20}
    world = play_episodes([CHILD, urgent], [works(1)], rule)
    rows = world.rows(Activity.ENQUIRY, incident=1)
    assert [(row.start, row.end, row.why) for row in rows] == [
        (150, 154, Why.DIVERTED),
        (174, 180, Why.DONE),
    ]
    assert world.of(1)["diversions"] == 0
    assert world.case(1)["lines"] == 1


def test_a_gap_that_repeats_takes_a_second_at_least() -> None:
    """Rule 11.3: lines of no length, the one of the only row after no gap, the others after 1 s."""
    line = {"gap_seconds": 0, "work_seconds": 0}
    world = play_episodes(
        [{**CHILD, "lines": [line]}], [works(1)], policy([unit_pool()], end=54, episode=rules())
    )
    assert [start for start, _ in world.spans(Activity.ENQUIRY)] == [50, 51, 52, 53]


def test_a_desk_line_that_waits_is_dropped_when_the_child_is_back() -> None:
    """Rule 12.1: nobody is at the desk before 300; the visit comes at once."""
    report = {**CHILD, "return_at": 200, "lines": [{"desk": 1}], "interview_seconds": 20}
    world = play_episodes(
        [report],
        [works(1), works(2, pool=1, on_at=300)],
        policy([unit_pool(), desk_pool("desk")], end=900, episode=rules(enquiry_desk=1)),
    )
    rows = world.rows(Activity.WAIT_DESK)
    assert [(row.start, row.end, row.why, row.attempt) for row in rows] == [
        (150, 200, Why.RETURNED, 0)
    ]
    assert world.rows(Activity.DESK_LINE) == []
    assert world.spans(Activity.INTERVIEW) == [(200, 220)]


def test_a_line_in_hand_at_a_desk_is_finished_to_no_effect() -> None:
    """At work 150 to 160, back at 155: it finds nobody, and counts as complete (rule 11.5)."""
    report = {**CHILD, "return_at": 155, "lines": [{"desk": 1, "finds": 1}]}
    world = play_episodes(
        [report],
        [works(1), works(2, pool=1)],
        policy([unit_pool(), desk_pool("desk")], end=900, episode=rules(enquiry_desk=1)),
    )
    assert world.spans(Activity.DESK_LINE) == [(150, 160)]
    case = world.case(1)
    assert (case["lines"], case["found_at"], case["first_line_at"]) == (1, NEVER, 150)


def test_a_line_has_its_people_and_its_grade_by_the_class_held() -> None:
    """Rules 11.4 and 11.8: of low risk it waits for nobody; of high risk, from 205, it is taken.

    Another of grade 3 that is older stands behind it then: its grade is 2 now.
    """
    of_class = tuple(((0,) if class_ == 3 else (),) for class_ in range(CLASSES))
    level = ReviewLevel(150, NEVER, 5, ())
    episode = rules(
        enquirers=(of_class, of_class),
        enquiry_grade=(3, 3, 3, 2, 3),
        reviews=((), (level,), (), ()),
    )
    busy = {"grade": 1, "reported_at": 60, "scene_seconds": 200, "interview_seconds": 0}
    older = {"grade": 3, "reported_at": 100, "scene_seconds": 7}
    child = {**CHILD, "risk": 1, "escalates_at": 0, "lines": [{}, {"gap_seconds": 9000}]}
    world = play_episodes(
        [child, busy, older], [works(1)], policy([unit_pool()], end=400, episode=episode)
    )
    assert world.case(1)["escalated_at"] == 205
    assert world.spans(Activity.ENQUIRY, incident=1) == [(260, 270)]
    assert world.spans(Activity.SCENE, incident=3) == [(270, 277)]


def test_outcomes_are_the_incidents_own() -> None:
    """Rule 10.1: one allocation, finished at 50, whatever its lines of enquiry do after that."""
    world = play_episodes([CHILD], [works(1)], policy([unit_pool()], end=500, episode=rules()))
    outcome = world.of(1)
    assert (outcome["allocations"], outcome["finished_at"]) == (1, 50)
    assert outcome["arrived_at"] == outcome["claimed_at"] == 0
    assert world.case(1)["lines"] == 4
