"""Rules 8.1 and 8.2: what becomes of work at a shift's end."""

from __future__ import annotations

from sim.tables import NEVER, Activity, Policy, ShiftEnd, Why
from tests.engines.hand import desk_pool, policy, unit_pool
from tests.engines.played import play, works

WORK = {"base_travel_seconds": 20, "scene_seconds": 100}
RELIEF = works(2, on_at=60)


def rules(shift_end: ShiftEnd = ShiftEnd.HAND_OVER, **more: object) -> Policy:
    """Hand over, with 7 s of telling."""
    pools = more.pop("pools", [unit_pool()])
    settings: dict[str, object] = {
        "end": 1000,
        "shift_end": shift_end,
        "handover_seconds": 7,
        **more,
    }
    return policy(pools, **settings)  # type: ignore[arg-type]


def test_an_idle_unit_leaves_at_its_shifts_end() -> None:
    """Rule 8.1: a report one second before is its, one in that second is not."""
    for reported_at, claimed_at in ((49, 49), (50, NEVER)):
        world = play([{"reported_at": reported_at}], [works(1, off_at=50)], rules())
        assert world.of(1)["claimed_at"] == claimed_at


def test_work_is_finished_in_overtime() -> None:
    """Rule 8.2: on the way 0-20, at the scene to 120, though the shift ends at 50."""
    world = play([WORK], [works(1, off_at=50), RELIEF], rules(ShiftEnd.FINISH))
    assert world.rows(Activity.SCENE) == [(1, 0, 1, Activity.SCENE, 0, 20, 120, Why.DONE)]


def test_work_is_handed_over_with_the_time_that_the_telling_takes() -> None:
    """Rule 8.2: 30 of 100 s done by 50; relief at 60, there at 80, 70 + 7 s left: 157."""
    world = play([WORK], [works(1, off_at=50), RELIEF], rules())
    outcome = world.of(1)
    assert (outcome["arrived_at"], outcome["finished_at"]) == (20, 157)
    assert (outcome["diversions"], outcome["allocations"], outcome["arrived_then_left"]) == (
        0,
        2,
        0,
    )
    assert world.rows(Activity.SCENE)[0] == (1, 0, 1, Activity.SCENE, 0, 20, 50, Why.HANDED_OVER)


def test_a_job_handed_over_on_the_way_has_all_its_work_left_and_no_telling() -> None:
    """Rule 8.2: the shift ends at 10; relief at 60, there at 80, 100 s: 180."""
    world = play([WORK], [works(1, off_at=10), RELIEF], rules())
    assert world.of(1)["finished_at"] == 180


def test_work_begun_in_the_second_of_the_shifts_end_has_begun() -> None:
    """Rules 1.3 and 8.2: arrived at 20, handed over at 20: 100 + 7 s from 80 on."""
    world = play([WORK], [works(1, off_at=20), RELIEF], rules())
    assert (world.of(1)["arrived_at"], world.of(1)["finished_at"]) == (20, 187)
    assert world.spans(Activity.SCENE) == [(20, 20), (80, 187)]


def test_the_first_of_the_shift_ends_takes_all_units_away() -> None:
    """Rule 8.2: unit 1 leaves at 50; unit 2 is free, and goes to what needs one officer."""
    reports = [{**WORK, "officers": 2}, {"reported_at": 30, "grade": 5, "scene_seconds": 500}]
    world = play(reports, [works(1, off_at=50), works(2, off_at=900)], rules())
    assert world.of(2)["claimed_at"] == 50
    assert world.rows(Activity.SCENE, incident=2)[0].unit == 2
    assert world.of(1)["finished_at"] == NEVER


def test_two_units_whose_shifts_end_together_both_go_home() -> None:
    """Rules 1.3 and 8.2: the job is handed over once."""
    reports = [{**WORK, "officers": 2}, {"reported_at": 30, "grade": 5}]
    world = play(reports, [works(1, off_at=50), works(2, off_at=50)], rules())
    assert world.of(1)["allocations"] == 1
    assert world.times("claimed_at") == [0, NEVER]


def test_a_job_handed_over_while_it_waits_for_a_dispatcher() -> None:
    """Rules 6.8 and 8.2: the task is dropped as handed over."""
    desks = rules(pools=[unit_pool(), desk_pool("dispatchers")], dispatchers=(1,))
    people = [works(1, off_at=50), RELIEF, works(11, pool=1, on_at=70)]
    world = play([WORK], people, desks, (5,))
    assert world.rows(Activity.WAIT_DISPATCHER) == [
        (1, 1, -1, Activity.WAIT_DISPATCHER, 0, 0, 50, Why.HANDED_OVER),
        (1, 1, -1, Activity.WAIT_DISPATCHER, 1, 60, 70, Why.DONE),
    ]
    assert world.of(1)["allocated_at"] == 75


def test_a_unit_whose_work_ends_in_overtime_leaves() -> None:
    """Rule 8.1: it takes nothing more at 120, and has no break."""
    people = [works(1, off_at=50, break_at=30, break_seconds=5)]
    world = play([WORK, {"reported_at": 40}], people, rules(ShiftEnd.FINISH))
    assert world.of(2)["claimed_at"] == NEVER
    assert world.rows(Activity.BREAK) == []
