"""Rules 6.1 to 6.5 and 6.8 to 6.10: who is sent to what."""

from __future__ import annotations

import pytest

from sim.tables import HOUR, NEVER, Activity, Gate
from tests.engines.hand import GRADE_1_DIVERTS, desk_pool, policy, unit_pool
from tests.engines.played import play, works

FIRST = {"grade": 1, "scene_seconds": 100}
"""Engages the only unit to 100."""

SCENE = {"scene_seconds": 100}
TWO_STREAMS = {"streams": ("child", "other"), "missing": (True, False)}


def served(reports: list[dict[str, int]], **rules: object) -> list[int]:
    """Keys in the order of their claims, by one unit that is engaged to 100 by key 1."""
    rows = [FIRST, *({**SCENE, "reported_at": 1, **report} for report in reports)]
    claimed = play(rows, [works(1)], policy([unit_pool()], **rules)).times("claimed_at")
    assert NEVER not in claimed
    return [claimed.index(second) + 1 for second in sorted(claimed)][1:]


def test_the_queue_goes_by_grade_then_report_then_key() -> None:
    """Rule 6.1."""
    reports = [{"grade": 3}, {"grade": 2, "reported_at": 9}, {"grade": 2}, {"grade": 2}]
    assert served(reports) == [4, 5, 3, 2]


@pytest.mark.parametrize(("place", "order"), [(-1, [3, 2, 4]), (0, [2, 3, 4]), (1, [2, 4, 3])])
def test_missing_children_stand_first_level_or_last_in_their_grade(
    place: int, order: list[int]
) -> None:
    """Rules 6.1 and 6.2."""
    reports = [{"stream": 1}, {"stream": 0, "reported_at": 2}, {"stream": 1, "reported_at": 3}]
    assert served(reports, missing_rank=place, **TWO_STREAMS) == order


def test_a_share_of_missing_children_rank_with_the_next_grade() -> None:
    """Rule 6.2: `rank_parts` under the share; other streams never; grades stay what they are."""
    reports = [
        {"stream": 0, "rank_parts": 299_999},
        {"stream": 0, "rank_parts": 300_000, "reported_at": 2},
        {"stream": 1, "rank_parts": 0, "reported_at": 3},
        {"stream": 1, "grade": 3, "reported_at": 4},
        {"stream": 1, "grade": 3, "reported_at": 0},
    ]
    assert served(reports, next_grade_parts=300_000, **TWO_STREAMS) == [3, 4, 6, 2, 5]


def test_rank_changes_the_order_and_nothing_else() -> None:
    """Rule 6.2: ranked with grade 3, it travels, and passes the reserve and margin, as grade 1."""
    rules = policy(
        [unit_pool(reserve=1, margin_seconds=(10, 5000, 5000, 5000, 5000))],
        end=2000,
        next_grade_parts=1,
        grade_factor=(500, 1000, 1000, 1000, 1000),
        **TWO_STREAMS,
    )
    report = {"grade": 1, "rank_parts": 0, "base_travel_seconds": 60}
    world = play([report], [works(1, off_at=1000)], rules)
    assert world.of(1)["arrived_at"] == 30


def test_a_job_steps_up_once_in_rank() -> None:
    """Rule 6.3: after 50 s a grade 3 job stands with grade 2, by age; never further."""
    steps = (NEVER, NEVER, 50, NEVER, NEVER)
    reports = [{"grade": 3}, {"grade": 2, "reported_at": 2}, {"grade": 1, "reported_at": 90}]
    assert served(reports, step_up_seconds=steps) == [4, 2, 3]
    assert served(reports) == [4, 3, 2]


def test_a_job_claimed_before_its_step_up_never_steps_up() -> None:
    """Rule 6.3: claimed at 0 and diverted at 10; at 50 it has been claimed, so 3 stays 3."""
    rules = policy(
        [unit_pool()],
        step_up_seconds=(NEVER, NEVER, 50, NEVER, NEVER),
        divert_travelling=GRADE_1_DIVERTS,
        most_diversions=1,
    )
    reports = [
        {"grade": 3, "base_travel_seconds": 30, "scene_seconds": 5},
        {"grade": 1, "reported_at": 10, "scene_seconds": 90},
        {"grade": 2, "reported_at": 20, "scene_seconds": 5},
    ]
    assert play(reports, [works(1)], rules).times("arrived_at") == [135, 10, 100]


def test_a_job_that_is_ready_after_its_step_up_steps_up_on_joining() -> None:
    """Rule 6.3: graded at 0, held to 60, beyond the 50 s of its grade: ahead of a grade 2 job."""
    reports = [
        {"grade": 3, "held_parts": 0, "assessment_seconds": 60},
        {"grade": 2, "held_parts": 9},
    ]
    assert served(
        reports, step_up_seconds=(NEVER, NEVER, 50, 50, 50), gate=Gate.ASSESSMENT, held_parts=1
    ) == [
        2,
        3,
    ]


def test_no_rank_is_above_1() -> None:
    """Rule 6.2: a grade 1 job that steps up is level with another, so the child stands first."""
    steps = (50, NEVER, NEVER, NEVER, NEVER)
    reports = [{"grade": 1, "stream": 1}, {"grade": 1, "stream": 0, "reported_at": 80}]
    assert served(reports, step_up_seconds=steps, missing_rank=-1, **TWO_STREAMS) == [3, 2]


def test_a_job_that_is_ready_in_the_second_of_its_step_up_stands_higher_at_once() -> None:
    """Rule 6.3: at 50, when the only unit comes on duty and a younger grade 2 job waits."""
    rules = policy(
        [unit_pool()],
        gate=Gate.ASSESSMENT,
        held_parts=1,
        step_up_seconds=(NEVER, NEVER, 50, NEVER, NEVER),
    )
    reports = [
        {**SCENE, "grade": 3, "held_parts": 0, "assessment_seconds": 50},
        {**SCENE, "grade": 2, "held_parts": 9, "reported_at": 1},
    ]
    assert play(reports, [works(1, on_at=50)], rules).times("claimed_at") == [50, 150]


def test_the_reserve_is_kept_for_grade_1() -> None:
    """Rule 6.4: two on duty, a reserve of one: a second grade 2 job waits, a grade 1 does not."""
    rules = policy([unit_pool(reserve=1)], end=1000)
    reports = [{**SCENE}, {**SCENE, "reported_at": 1}, {**SCENE, "grade": 1, "reported_at": 2}]
    world = play(reports, [works(1), works(2)], rules)
    # At 100 unit 1 is the only idle one, and kept; at 102 both are idle.
    assert world.times("claimed_at") == [0, 102, 2]


def test_the_reserve_is_at_most_one_fewer_than_on_duty() -> None:
    """Rule 6.4: of three on duty a reserve of five keeps two, so one is sent, and never nobody."""
    rules = policy([unit_pool(reserve=5)], end=1000)
    reports = [{**SCENE}, {**SCENE, "reported_at": 1}]
    world = play(reports, [works(1), works(2), works(3)], rules)
    assert world.times("claimed_at") == [0, 100]


def test_each_of_several_units_counts_against_the_reserve() -> None:
    """Rule 6.4: of two idle one is kept, so a job that needs both is passed over."""
    rules = policy([unit_pool(reserve=1)], end=1000)
    world = play([{"officers": 2}], [works(1), works(2)], rules)
    assert world.of(1)["claimed_at"] == NEVER


def test_going_home_lowers_the_reserve() -> None:
    """Rule 6.4: the one at the scene goes into overtime at 50, so the idle one may be sent."""
    rules = policy([unit_pool(reserve=1)], end=1000)
    people = [works(1, off_at=50), works(2, off_at=40, on_at=0), works(3, on_at=45, off_at=999)]
    reports = [{"scene_seconds": 500}, {"reported_at": 46}]
    world = play(reports, people, rules)
    # 0: two on duty keep one, unit 1 (most shift left) is sent. 46: units 1 and 3 on duty keep
    # one, unit 3 is the only idle one. 50: unit 3 alone is on duty, none is kept.
    assert world.times("claimed_at") == [0, 50]


def test_a_unit_inside_its_margin_for_grade_1_does_not_make_up_the_reserve() -> None:
    """Rule 6.4: units 2 and 3 have 30 s left and grade 1's margin is 60; grade 2's is none."""
    rules = policy([unit_pool(reserve=1, margin_seconds=(60, 0, 0, 0, 0))], end=1000)
    three = [works(1, off_at=500), works(2, off_at=130), works(3, off_at=130)]
    reports = [{"reported_at": 100, **SCENE}, {"reported_at": 101, **SCENE}]
    world = play(reports, three, rules)
    # Unit 1 is the reserve. Unit 2, which does not count, may go, and after it unit 3.
    assert [row.unit for row in world.rows(Activity.SCENE)] == [2, 3]
    # Where nobody is outside the margin, nobody may go.
    world = play(reports, three[1:], rules)
    assert world.times("claimed_at") == [NEVER, NEVER]


def test_a_unit_near_its_shifts_end_takes_no_such_work() -> None:
    """Rule 6.4: grade 2's margin is 60 s: 60 left are enough, 59 are not, for grade 1 they are."""
    rules = policy([unit_pool(margin_seconds=(0, 60, 60, 60, 60))], end=1000)
    for reported_at, grade, claimed_at in ((40, 2, 40), (41, 2, NEVER), (41, 1, 41)):
        world = play([{"reported_at": reported_at, "grade": grade}], [works(1, off_at=100)], rules)
        assert world.of(1)["claimed_at"] == claimed_at


def test_units_are_asked_by_pool_then_shift_left_then_key() -> None:
    """Rule 6.5: the team before response; in a pool most shift left, then the lowest key."""
    pools = [unit_pool("response"), unit_pool("team")]
    rules = policy(pools, attends=(((1, 0),),))
    people = [
        works(1, off_at=9000),
        works(2, off_at=9000),
        works(3, off_at=9500),
        works(4, pool=1, off_at=5000),
    ]
    world = play([{**SCENE, "reported_at": second} for second in range(4)], people, rules)
    assert [row.unit for row in world.rows(Activity.SCENE)] == [4, 3, 1, 2]
    assert [world.of(key)["attended_by"] for key in (1, 2)] == [1, 0]


def test_idle_units_are_asked_before_those_on_a_break_and_these_before_writers() -> None:
    """Rule 6.5: of one tier; the second pool's idle unit before the first pool's break."""
    pools = [unit_pool("a"), unit_pool("b")]
    rules = policy(pools, writing_interrupted=(True,) * 5, break_interrupted=(True,) * 5)
    people = [works(1), works(2, break_at=20, break_seconds=900), works(3, pool=1, off_at=9999)]
    reports = [
        {"writing_seconds": 900},
        {**SCENE, "reported_at": 30},
        {**SCENE, "reported_at": 31},
        {**SCENE, "reported_at": 32},
    ]
    world = play(reports, people, rules)
    assert [row.unit for row in world.rows(Activity.SCENE)] == [1, 3, 2, 1]


def test_a_job_that_needs_two_officers_is_passed_over_and_holds_nobody() -> None:
    """Rule 6.5: one is free at 0 and goes to the less urgent job; both are free at 100."""
    rules = policy([unit_pool()])
    reports = [
        {"grade": 1, **SCENE},
        {"grade": 2, "officers": 2, "reported_at": 1},
        {"grade": 5, "reported_at": 2, **SCENE},
    ]
    world = play(reports, [works(1), works(2)], rules)
    # Unit 1 is free again at 100, unit 2 at 102.
    assert world.times("claimed_at") == [0, 102, 2]


def test_units_are_taken_until_their_officers_suffice() -> None:
    """Rule 6.5: a crew of two is enough for two; a single unit before it in the order joins it."""
    rules = policy([unit_pool()])
    people = [works(1, officers=2), works(2, off_at=LATER), works(3, off_at=LATER)]
    world = play([{"officers": 2, **SCENE}], people, rules)
    assert [row.unit for row in world.rows(Activity.SCENE)] == [1]
    people = [works(1, officers=2, off_at=LATER), works(2), works(3, off_at=LATER)]
    world = play([{"officers": 2, **SCENE}], people, rules)
    assert [row.unit for row in world.rows(Activity.SCENE)] == [1, 2]


LATER = 7 * 86_400 + 5


def test_the_other_areas_units_are_borrowed_after_a_wait() -> None:
    """Rule 6.4: at 60 of waiting, though they are idle all the time; own units come first."""
    rules = policy(
        [unit_pool("north"), unit_pool("south", area=1)],
        areas=("north", "south"),
        borrows=(((1,), (0,)),),
        borrow_after_seconds=(NEVER, 60, NEVER, NEVER, NEVER),
        area_factor=((1000, 2000), (3000, 1000), (1000, 1000)),
    )
    reports = [
        {"scene_seconds": 500},
        {"reported_at": 10, "base_travel_seconds": 7},
        {"reported_at": 10, "grade": 3},
    ]
    world = play(reports, [works(1), works(2, pool=1)], rules)
    # Ready at 10, borrowed at 70; a southern unit takes 7 × 3 = 21 s to a northern incident.
    assert (world.of(2)["claimed_at"], world.of(2)["arrived_at"]) == (70, 91)
    assert world.of(2)["attended_by"] == 1
    assert world.of(3)["claimed_at"] == 500


def test_borrowing_follows_the_current_grade() -> None:
    """Rules 6.2 and 6.4: regraded to 1 at 40, of which the wait is long over: at once."""
    rules = policy(
        [unit_pool("north"), unit_pool("south", area=1)],
        areas=("north", "south"),
        borrows=(((1,), (0,)),),
        borrow_after_seconds=(10, NEVER, NEVER, NEVER, NEVER),
    )
    report = {"grade": 2, "ratified_grade": 1, "ratification_seconds": 40}
    world = play([report, report], [works(2, pool=1)], rules)
    assert world.times("claimed_at") == [40, 40]


def test_a_job_regraded_while_claimed_is_borrowed_for_when_its_new_grade_says() -> None:
    """Rules 6.4 and 6.7: grade 3 at 20 on the way, diverted at 30; grade 3 may borrow at 50."""
    rules = policy(
        [unit_pool("north"), unit_pool("south", area=1)],
        areas=("north", "south"),
        borrows=(((1,), (0,)),),
        borrow_after_seconds=(NEVER, NEVER, 50, NEVER, NEVER),
        divert_travelling=GRADE_1_DIVERTS,
        most_diversions=1,
    )
    reports = [
        {"grade": 2, "ratified_grade": 3, "ratification_seconds": 20, "base_travel_seconds": 99},
        {"grade": 1, "reported_at": 30, "scene_seconds": 999},
    ]
    world = play(reports, [works(1), works(2, pool=1)], rules)
    assert [(row.unit, row.start) for row in world.rows(Activity.TRAVEL, incident=1)] == [
        (1, 0),
        (2, 50),
    ]


def test_nobody_sets_off_before_a_dispatcher_has_allocated() -> None:
    """Rule 6.8: earmarked at 0 and 0; one dispatcher takes 20 s for each."""
    rules = policy([unit_pool(), desk_pool("dispatchers")], dispatchers=(1,))
    report = {"base_travel_seconds": 5}
    world = play([report, report], [works(1), works(2), works(11, pool=1)], rules, (20,))
    assert world.times("claimed_at") == [0, 0]
    assert world.times("allocated_at") == [20, 40]
    assert world.times("arrived_at") == [25, 45]
    assert world.spans(Activity.EARMARKED) == [(0, 20), (0, 40)]
    assert world.spans(Activity.WAIT_DISPATCHER) == [(0, 20)]


def test_travel_is_rounded_once_half_up_and_settled_on_setting_off() -> None:
    """Rule 6.9: 1001 × 1.5 × 0.9 × 1.1 = 1486.485; 1 × 0.5 × 1 × 1 = 0.5 makes 1."""
    factors = {
        "area_factor": ((1500,), (1000,)),
        "grade_factor": (1000, 900, 1000, 1000, 1000),
        "hour_factor": (1100,) * 24,
    }
    world = play([{"base_travel_seconds": 1001}], [works(1)], policy([unit_pool()], **factors))
    assert world.of(1)["arrived_at"] == 1486
    half = policy([unit_pool()], grade_factor=(500,) * 5)
    assert play([{"base_travel_seconds": 1}], [works(1)], half).of(1)["arrived_at"] == 1
    # Hour 0 when it sets off at 3599, hour 1 at 3600; the grade is that of setting off, though
    # ratification changes it on the way.
    rules = policy(
        [unit_pool()], hour_factor=(1000, 3000) + (1000,) * 22, grade_factor=(7000,) + (1000,) * 4
    )
    report = {"base_travel_seconds": 10, "ratification_seconds": 5, "ratified_grade": 1}
    reports = [{**report, "reported_at": HOUR - 1}, {**report, "reported_at": HOUR}]
    world = play(reports, [works(1), works(2)], rules)
    assert world.times("arrived_at") == [HOUR + 9, HOUR + 30]


def test_a_unit_of_no_area_uses_the_last_row_of_factors() -> None:
    """Rule 6.9."""
    rules = policy([unit_pool(area=-1)], area_factor=((1000,), (4000,)))
    assert play([{"base_travel_seconds": 10}], [works(1)], rules).of(1)["arrived_at"] == 40


def test_the_first_arrival_is_the_attendance_and_the_last_begins_the_work() -> None:
    """Rule 6.9: own unit 10 s, borrowed unit 30 s; 50 s of work from 30; both leave at 80."""
    rules = policy(
        [unit_pool("north"), unit_pool("south", area=1)],
        areas=("north", "south"),
        borrows=(((1,), (0,)),),
        borrow_after_seconds=(0,) * 5,
        area_factor=((1000, 1000), (3000, 1000), (1000, 1000)),
    )
    report = {"officers": 2, "base_travel_seconds": 10, "scene_seconds": 50}
    world = play([report], [works(1), works(2, pool=1)], rules)
    outcome = world.of(1)
    assert (outcome["arrived_at"], outcome["finished_at"], outcome["attended_by"]) == (10, 80, 0)
    assert world.spans(Activity.TRAVEL) == [(0, 10), (0, 30)]
    assert world.spans(Activity.SCENE) == [(10, 80), (30, 80)]


def test_outside_the_teams_hours_response_is_asked() -> None:
    """Rule 6.10: the team is on duty from 100 to 200."""
    rules = policy([unit_pool("team"), unit_pool("response")], end=1000)
    people = [works(1, on_at=100, off_at=200), works(2, pool=1)]
    world = play([{"reported_at": second} for second in (99, 100, 199, 200)], people, rules)
    assert world.times("attended_by") == [1, 0, 0, 1]


def test_a_unit_that_comes_inside_its_margin_for_grade_1_lets_another_go() -> None:
    """Rules 1.2 and 6.4f: time alone brings a unit; the next round asks, whoever remembers.

    One unit is kept. At 0 both count, so one might go, of one officer, which does not suffice for
    two. The crew goes home at 100, and comes inside the margin of 50 s after 50: then it is not
    counted, and goes beside nobody kept back but the other. At 60 another area has a report.
    """
    pools = [
        unit_pool(reserve=1, margin_seconds=(50, 5, 0, 0, 0)),
        unit_pool("away", area=1),
    ]
    people = [works(900), works(901, off_at=100, officers=2), works(902, pool=1)]
    reports = [
        {"grade": 2, "officers": 2, "scene_seconds": 10},
        {"reported_at": 60, "area": 1, "grade": 2, "scene_seconds": 10},
    ]
    world = play(reports, people, policy(pools, end=1000, areas=("town", "other")))
    assert world.times("claimed_at") == [60, 60]


def test_whatever_happens_asks_again_where_time_has_brought_a_unit() -> None:
    """Rules 1.2 and 6.4f: as above, where a desk alone has something to do.

    Its work at 40 comes before the crew is inside its margin; without work at 60 the job waits on.
    """
    pools = [unit_pool(reserve=1, margin_seconds=(50, 5, 0, 0, 0)), desk_pool("desk")]
    people = [works(900), works(901, off_at=100, officers=2), works(902, pool=1)]
    job = {"grade": 2, "officers": 2, "scene_seconds": 10}
    work = {"desk_pool": 1, "deploys": 0, "desk_seconds": 5}
    claimed = {}
    for seconds in ((), (40,), (60,), (40, 60)):
        reports = [job, *({**work, "reported_at": second} for second in seconds)]
        world = play(reports, people, policy(pools, end=1000))
        claimed[seconds] = world.of(1)["claimed_at"]
    assert claimed == {(): NEVER, (40,): NEVER, (60,): 60, (40, 60): 60}
