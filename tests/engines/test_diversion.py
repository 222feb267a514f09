"""Rules 6.6 to 6.8: units taken from less urgent jobs."""

from __future__ import annotations

import pytest

from sim.tables import NEVER, Activity, Policy, Why
from tests.engines.hand import desk_pool, policy, unit_pool
from tests.engines.played import play, works

NOBODY = ((False,) * 5,) * 5


def matrix(**lower: list[int]) -> tuple[tuple[bool, ...], ...]:
    """``matrix(g1=[2, 3])``: grade 1 may divert from grades 2 and 3."""
    return tuple(
        tuple(left in lower.get(f"g{grade}", []) for left in range(1, 6)) for grade in range(1, 6)
    )


def rules(**more: object) -> Policy:
    """One pool; grade 1 may divert from all others on the way, any number of times."""
    settings: dict[str, object] = {
        "end": 5000,
        "divert_travelling": matrix(g1=[1, 2, 3, 4, 5]),
        "most_diversions": 9,
        **more,
    }
    return policy(settings.pop("pools", [unit_pool()]), **settings)  # type: ignore[arg-type]


ON_THE_WAY = {"grade": 3, "base_travel_seconds": 50, "scene_seconds": 100}


def test_units_on_the_way_are_diverted_and_the_job_goes_back() -> None:
    """Rules 6.6 and 6.7: left at 20; free again at 220; all the 50 s of travel again; then work."""
    urgent = {"grade": 1, "reported_at": 20, "base_travel_seconds": 100, "scene_seconds": 100}
    world = play([ON_THE_WAY, urgent], [works(1)], rules())
    left, taken = world.of(1), world.of(2)
    assert (taken["claimed_at"], taken["arrived_at"], taken["finished_at"]) == (20, 120, 220)
    assert (left["claimed_at"], left["arrived_at"], left["finished_at"]) == (0, 270, 370)
    assert (left["allocations"], left["diversions"], left["arrived_then_left"]) == (2, 1, 0)
    assert world.rows(Activity.TRAVEL, incident=1) == [
        (1, 0, 1, Activity.TRAVEL, 0, 0, 20, Why.DIVERTED),
        (1, 0, 1, Activity.TRAVEL, 1, 220, 270, Why.DONE),
    ]
    assert world.rows(Activity.WAIT_UNIT, incident=1) == [
        (1, -1, -1, Activity.WAIT_UNIT, 1, 20, 220, Why.DONE)
    ]


def test_units_at_the_scene_are_diverted_by_the_other_matrix_only() -> None:
    """Rules 6.6 and 6.7: 30 of 100 s are done at 80; the rest, 70 s, after the second arrival."""
    urgent = {"grade": 1, "reported_at": 80, "scene_seconds": 10}
    assert play([ON_THE_WAY, urgent], [works(1)], rules()).of(2)["claimed_at"] == 150
    world = play([ON_THE_WAY, urgent], [works(1)], rules(divert_at_scene=matrix(g1=[3])))
    left = world.of(1)
    assert world.of(2)["claimed_at"] == 80
    # Free at 90, there at 140, 70 s left: 210. The first arrival, at 50, stands.
    assert (left["arrived_at"], left["finished_at"], left["arrived_then_left"]) == (50, 210, 1)
    assert world.rows(Activity.SCENE, incident=1) == [
        (1, 0, 1, Activity.SCENE, 0, 50, 80, Why.DIVERTED),
        (1, 0, 1, Activity.SCENE, 1, 140, 210, Why.DONE),
    ]


def test_a_job_may_become_divertible_by_arriving() -> None:
    """Rule 6.6: where only units at a scene may be diverted, at the very arrival, 50."""
    only_there = rules(divert_travelling=NOBODY, divert_at_scene=matrix(g1=[3]))
    urgent = {"grade": 1, "reported_at": 20, "scene_seconds": 10}
    assert play([ON_THE_WAY, urgent], [works(1)], only_there).of(2)["claimed_at"] == 50


@pytest.mark.parametrize("ratified_grade", [2, 3])
def test_a_job_may_become_divertible_by_ratification(ratified_grade: int) -> None:
    """Rule 6.6: it goes by the current grade; regraded at 30, on the way."""
    report = {
        **ON_THE_WAY,
        "grade": 2,
        "ratified_grade": ratified_grade,
        "ratification_seconds": 30,
    }
    urgent = {"grade": 1, "reported_at": 20, "scene_seconds": 10}
    world = play([report, urgent], [works(1)], rules(divert_travelling=matrix(g1=[3])))
    assert world.of(2)["claimed_at"] == (30 if ratified_grade == 3 else 150)


def test_diversion_is_to_strictly_higher_grades_whatever_the_matrix_says() -> None:
    """Rule 6.6: not to a job of its own grade."""
    same = matrix(g3=[2, 3, 4])
    world = play(
        [ON_THE_WAY, {**ON_THE_WAY, "reported_at": 1}], [works(1)], rules(divert_travelling=same)
    )
    assert world.times("claimed_at") == [0, 150]


def test_an_eligible_unit_is_taken_before_any_is_diverted() -> None:
    """Rule 6.6: the idle unit goes."""
    urgent = {"grade": 1, "reported_at": 20}
    world = play([ON_THE_WAY, urgent], [works(1), works(2, off_at=6000)], rules())
    assert world.of(1)["diversions"] == 0


def test_a_job_loses_its_units_at_most_so_many_times() -> None:
    """Rule 6.6: once here, so the second urgent job waits for the work to end."""
    urgent = {"grade": 1, "reported_at": 20, "scene_seconds": 10}
    reports = [ON_THE_WAY, urgent, {**urgent, "reported_at": 40}]
    world = play(reports, [works(1)], rules(most_diversions=1))
    # 20-30 the first; 30-80 on the way again, 80-180 at the scene.
    assert world.times("claimed_at") == [0, 20, 180]
    assert play(reports, [works(1)], rules(most_diversions=2)).times("claimed_at") == [0, 20, 40]
    assert play(reports, [works(1)], rules(most_diversions=0)).times("claimed_at")[1] == 150


@pytest.mark.parametrize(
    ("others", "diverted"),
    [
        # Lowest grade.
        ([{"grade": 3}, {"grade": 4}], 2),
        # Then on the way before at the scene.
        ([{"base_travel_seconds": 0}, {}], 2),
        ([{}, {"base_travel_seconds": 0}], 1),
        # Then latest claimed.
        ([{"reported_at": 0}, {"reported_at": 1}], 2),
        ([{"reported_at": 1}, {"reported_at": 0}], 1),
        # Then lowest key.
        ([{}, {}], 1),
    ],
)
def test_which_job_loses_its_units(others: list[dict[str, int]], diverted: int) -> None:
    """Rule 6.6."""
    both = rules(divert_at_scene=matrix(g1=[3, 4, 5]))
    reports = [{**ON_THE_WAY, "base_travel_seconds": 500, **other} for other in others]
    urgent = {"grade": 1, "reported_at": 20, "scene_seconds": 10}
    world = play([*reports, urgent], [works(1), works(2)], both)
    assert [world.of(key)["diversions"] for key in (1, 2)] == [diverted == 1, diverted == 2]


def test_all_units_leave_and_those_not_needed_are_free() -> None:
    """Rule 6.6: three leave; the one with most shift left goes; two serve the job that waits."""
    people = [works(1, off_at=4000), works(2, off_at=4500), works(3, off_at=3500)]
    reports = [
        {**ON_THE_WAY, "officers": 3},
        {"grade": 1, "reported_at": 20, "scene_seconds": 10},
        {"grade": 4, "reported_at": 5, "officers": 2, "scene_seconds": 10},
    ]
    world = play(reports, people, rules())
    assert [row.unit for row in world.rows(Activity.SCENE, incident=2)] == [2]
    assert sorted(row.unit for row in world.rows(Activity.SCENE, incident=3)) == [1, 3]
    assert world.of(3)["claimed_at"] == 20
    assert world.of(1)["allocations"] == 2


def test_after_a_diversion_the_queue_is_gone_through_from_its_first_job() -> None:
    """Rules 1.4 and 6.6: a unit left over goes to the grade 1 job that could not divert itself.

    Both units are free at 30, for the oldest job: 50 s on the way, 100 s there, up to 180.
    """
    reports = [
        {**ON_THE_WAY, "officers": 2},
        {"grade": 1, "reported_at": 20, "scene_seconds": 10},
        {"grade": 2, "reported_at": 20, "scene_seconds": 10},
        {"grade": 3, "reported_at": 20, "scene_seconds": 10},
    ]
    world = play(reports, [works(1), works(2)], rules(divert_travelling=matrix(g2=[3])))
    assert world.times("claimed_at") == [0, 20, 20, 180]


def test_each_job_may_divert_what_an_earlier_one_in_the_queue_could_not_have() -> None:
    """Rules 1.4 and 6.6: only grade 3 breaks off a break, and only then is there a job to divert.

    In one hand-out: key 1 finds nobody; key 2 takes the unit from its break; key 3, of grade 2
    but ranked with grade 3, diverts it. In the next round key 2 has lost its units once already.
    """
    odd = rules(
        streams=("child", "other"),
        missing=(True, False),
        next_grade_parts=1,
        break_interrupted=(False, False, True, False, False),
        divert_travelling=matrix(g2=[3]),
        most_diversions=1,
    )
    reports = [
        {"grade": 2, "reported_at": 20, "scene_seconds": 10},
        {"grade": 3, "reported_at": 20, "scene_seconds": 10, "stream": 1},
        {"grade": 2, "reported_at": 20, "scene_seconds": 10, "rank_parts": 0},
    ]
    people = [works(1, on_at=10, break_at=10, break_seconds=500)]
    world = play(reports, people, odd)
    assert world.times("claimed_at") == [30, 20, 20]


def test_one_jobs_units_must_suffice_by_themselves() -> None:
    """Rule 6.6: an idle officer and one on the way are not put together, nor two jobs' officers."""
    urgent = {"grade": 1, "reported_at": 20, "officers": 2}
    world = play([ON_THE_WAY, urgent], [works(1), works(2, on_at=10)], rules())
    assert world.of(2)["claimed_at"] == 150
    world = play([ON_THE_WAY, ON_THE_WAY, urgent], [works(1), works(2)], rules())
    assert world.of(3)["claimed_at"] == 150


def test_units_that_could_not_take_the_job_are_not_diverted() -> None:
    """Rule 6.6: another pool's; or one inside its margin; or one in overtime."""
    urgent = {"grade": 1, "reported_at": 20, "stream": 1}
    elsewhere = rules(
        pools=[unit_pool("a"), unit_pool("b")],
        streams=("x", "y"),
        attends=(((0,),), ((1,),)),
    )
    assert play([ON_THE_WAY, urgent], [works(1)], elsewhere).of(2)["claimed_at"] == NEVER
    urgent = {"grade": 1, "reported_at": 20}
    margin = rules(pools=[unit_pool(margin_seconds=(81, 0, 0, 0, 0))])
    # 80 s of the shift are left at 20.
    assert play([ON_THE_WAY, urgent], [works(1, off_at=100)], margin).of(2)["claimed_at"] == NEVER
    assert play([ON_THE_WAY, urgent], [works(1, off_at=101)], margin).of(2)["claimed_at"] == 20
    assert play([ON_THE_WAY, urgent], [works(1, off_at=20)], rules()).of(2)["claimed_at"] == NEVER


def test_the_reserve_does_not_bar_a_diversion() -> None:
    """Rule 6.6: grade 2 may not have the idle unit that is kept, but one on the way to grade 3."""
    kept = rules(pools=[unit_pool(reserve=1)], divert_travelling=matrix(g2=[3]))
    world = play([ON_THE_WAY, {"grade": 2, "reported_at": 20}], [works(1), works(2)], kept)
    assert world.of(2)["claimed_at"] == 20
    assert world.of(1)["diversions"] == 1


def test_a_stale_allocation_is_ignored_and_keeps_its_dispatcher_busy() -> None:
    """Rules 1.5 and 6.8: the first dispatcher works to 60 for nothing; the second to 80."""
    desks = rules(pools=[unit_pool(), desk_pool("dispatchers")], dispatchers=(1,))
    people = [works(1), works(11, pool=1), works(12, pool=1)]
    urgent = {"grade": 1, "reported_at": 20, "scene_seconds": 10}
    third = {"grade": 5, "reported_at": 21}
    world = play([ON_THE_WAY, urgent, third], people, desks, (60,))
    assert world.spans(Activity.DISPATCH, unit=11)[0] == (0, 60)
    assert world.of(2)["allocated_at"] == 80
    assert world.rows(Activity.EARMARKED, incident=1)[0] == (
        (1, 0, 1, Activity.EARMARKED, 0, 0, 20, Why.DIVERTED)
    )
    # Allocated first by its second allocation: claimed again at 90, dispatched to 150.
    assert world.of(1)["allocated_at"] == 150


def test_an_allocation_that_nobody_has_begun_is_dropped() -> None:
    """Rule 6.8: the dispatcher, engaged to 50, goes straight to the urgent job's."""
    desks = rules(pools=[unit_pool(), desk_pool("dispatchers")], dispatchers=(1,))
    engaged = {"desk_pool": 1, "deploys": 0, "grade": 1, "desk_seconds": 50}
    urgent = {"grade": 1, "reported_at": 20, "scene_seconds": 10}
    world = play(
        [engaged, {**ON_THE_WAY, "reported_at": 1}, urgent],
        [works(1), works(11, pool=1)],
        desks,
        (5,),
    )
    assert world.of(3)["allocated_at"] == 55
    assert world.rows(Activity.WAIT_DISPATCHER, incident=2)[0] == (
        (2, 1, -1, Activity.WAIT_DISPATCHER, 0, 1, 20, Why.DIVERTED)
    )
    assert world.spans(Activity.DISPATCH, incident=2) == [(65, 70)]


def test_each_allocation_has_its_own_dispatch_time_and_the_last_repeats() -> None:
    """Rule 6.8: 5 s, then 8 s, then 8 s."""
    desks = rules(pools=[unit_pool(), desk_pool("dispatchers")], dispatchers=(1,))
    urgent = {"grade": 1, "reported_at": 20, "scene_seconds": 10}
    reports = [{**ON_THE_WAY}, urgent, {**urgent, "reported_at": 45}]
    world = play(reports, [works(1), works(11, pool=1)], desks, (5, 8))
    # Urgent: 20-25 dispatched, 25-35 there. Again: 35-43. Second urgent 45: 45-50, 50-60. 60-68.
    assert world.spans(Activity.DISPATCH, incident=1) == [(0, 5), (35, 43), (60, 68)]


def test_a_unit_that_arrives_in_the_second_of_a_diversion_has_arrived() -> None:
    """Rules 1.3 and 6.7: at 50, while the other unit is still on the way and the matrix is its."""
    two = rules(
        pools=[unit_pool("a"), unit_pool("b", area=1)],
        areas=("x", "y"),
        attends=(((0, 1), (0, 1)),),
        area_factor=((1000, 1000), (2000, 2000), (1000, 1000)),
    )
    report = {**ON_THE_WAY, "officers": 2}
    world = play(
        [report, {"grade": 1, "reported_at": 50, "scene_seconds": 5}],
        [works(1), works(2, pool=1)],
        two,
    )
    left = world.of(1)
    assert (left["arrived_at"], left["arrived_then_left"], left["diversions"]) == (50, 1, 1)
    assert world.rows(incident=1, attempt=0) == [
        (1, 0, 1, Activity.TRAVEL, 0, 0, 50, Why.DONE),
        (1, 1, 2, Activity.TRAVEL, 0, 0, 50, Why.DIVERTED),
        (1, 0, 1, Activity.SCENE, 0, 50, 50, Why.DIVERTED),
    ]


def test_a_unit_diverted_in_the_hand_out_that_sent_it_has_not_arrived() -> None:
    """Rules 1.2 and 6.7: with no way to go its arrival is the next round's."""
    areas = rules(areas=("x", "y"), attends=(((0,), (0,)),), area_factor=((1000, 1000),) * 2)
    reports = [{"grade": 3, "scene_seconds": 10}, {"grade": 1, "area": 1, "scene_seconds": 10}]
    world = play(reports, [works(1)], areas)
    left = world.of(1)
    assert (left["diversions"], left["arrived_then_left"], left["arrived_at"]) == (1, 0, 10)
    assert world.of(2)["finished_at"] == 10


def test_a_diverted_unit_keeps_the_writing_that_it_owes() -> None:
    """Rule 5.3: broken off at 10 for a job on the way, it is done after the diverted job, at 40."""
    writing = rules(writing_interrupted=(True, True, True, True, True))
    reports = [
        {"writing_seconds": 30},
        {**ON_THE_WAY, "reported_at": 10},
        {"grade": 1, "reported_at": 20, "scene_seconds": 20},
    ]
    world = play(reports, [works(1), works(2, on_at=30)], writing)
    assert world.spans(Activity.WRITING, unit=1) == [(0, 10), (40, 60)]
