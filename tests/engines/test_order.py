"""Rules 1.1 to 1.6: seconds, rounds, and the edges of the simulation."""

from __future__ import annotations

from sim.tables import NEVER, Activity, End, Gate, Origin, ShiftEnd, Why
from tests.engines.hand import desk_pool, policy, unit_pool
from tests.engines.played import play, works

WORK = {"base_travel_seconds": 10, "scene_seconds": 50}


def test_hours_are_counted_from_midnight_before_the_first_day_too() -> None:
    """Rule 1.1: second −1 lies in hour 23."""
    factors = (1000,) * 23 + (3000,)
    rules = policy([unit_pool()], start=-100, hour_factor=factors)
    world = play([{"reported_at": -1, **WORK}], [works(1, on_at=-200)], rules)
    # Sets off at -1, in hour 23: 10 s × 3 = 30 s.
    assert world.of(1)["arrived_at"] == 29


def test_a_second_holds_as_many_rounds_as_its_steps_need() -> None:
    """Rule 1.2: with nothing that takes time, everything happens in the second of the report."""
    rules = policy(
        [unit_pool(), desk_pool("takers"), desk_pool("dispatchers")],
        call_takers=1,
        dispatchers=(2,),
    )
    people = [works(1), works(2, pool=1), works(3, pool=2)]
    report = {"reported_at": 7, "origin": Origin.EMERGENCY}
    world = play([report, report], people, rules)
    for key in (1, 2):
        outcome = world.of(key)
        for column in ("answered_at", "graded_at", "allocated_at", "arrived_at", "finished_at"):
            assert outcome[column] == 7
    assert world.rows(Activity.WAIT_UNIT, Activity.WAIT_CALL_TAKER) == []
    assert world.spans(Activity.SCENE) == [(7, 7), (7, 7)]


def test_a_step_of_no_seconds_ends_a_round_after_it_began() -> None:
    """Rule 1.2: graded 3 in the round of its report, and 1 in the next, after a hand-out.

    So the only unit, on duty from that second, goes to the grade 2 job that waited.
    """
    rules = policy([unit_pool()])
    reports = [
        {"grade": 2, "reported_at": 1, "scene_seconds": 10},
        {"grade": 3, "reported_at": 7, "ratification_seconds": 0, "ratified_grade": 1},
    ]
    world = play(reports, [works(1, on_at=7)], rules)
    assert world.times("claimed_at") == [7, 17]
    assert (world.of(2)["ratified_at"], world.of(2)["upgraded_at"]) == (7, 7)


def test_a_desk_does_several_tasks_of_no_length_in_a_second() -> None:
    """Rule 1.2: one worker, one task in each round."""
    rules = policy([unit_pool(), desk_pool("supervisors")])
    task = {"desk_pool": 1, "deploys": 0}
    world = play([task, task], [works(5, pool=1)], rules)
    assert world.times("finished_at") == [0, 0]
    assert world.spans(Activity.DESK, unit=5) == [(0, 0), (0, 0)]


def test_work_that_ends_with_a_shift_ends_before_it() -> None:
    """Rule 1.3: a unit whose work ends in the last second goes home without a hand-over."""
    rules = policy([unit_pool()], shift_end=ShiftEnd.HAND_OVER)
    report = {**WORK, "reported_at": 40}
    # Travels 40-50, works 50-100, and the shift ends at 100; the next job waits for the next
    # shift, which begins in that very second.
    people = [works(1, off_at=100), works(2, on_at=100)]
    world = play([report, {"reported_at": 41, **WORK}], people, rules)
    assert world.of(1)["finished_at"] == 100
    assert world.rows(Activity.SCENE, incident=1)[0].why == Why.DONE
    assert world.rows(Activity.TRAVEL, incident=2) == [
        (2, 0, 2, Activity.TRAVEL, 0, 100, 110, Why.DONE)
    ]


def test_a_report_in_the_second_of_a_shift_change_meets_the_new_shift_only() -> None:
    """Rule 1.3: shift ends, shift begins, report."""
    rules = policy([unit_pool()])
    world = play([{"reported_at": 100}], [works(1, off_at=100), works(2, on_at=100)], rules)
    assert [row.unit for row in world.rows(Activity.SCENE)] == [2]


def test_a_hand_out_asks_the_areas_in_order_whatever_the_grades() -> None:
    """Rule 1.4: one unit for two areas goes to the first area's job, though it is less urgent."""
    rules = policy([unit_pool(area=-1)], areas=("north", "south"))
    reports = [{"area": 1, "grade": 1, **WORK}, {"area": 0, "grade": 5, **WORK}]
    world = play(reports, [works(1)], rules)
    assert world.times("claimed_at") == [60, 0]


def test_the_end_of_writing_broken_off_is_ignored() -> None:
    """Rule 1.5: the unit that left its writing at 20 is at a scene when it would have ended."""
    rules = policy([unit_pool()], writing_interrupted=(True, False, False, False, False))
    reports = [
        {"writing_seconds": 30},
        {"reported_at": 20, "grade": 1, "scene_seconds": 100},
        {"reported_at": 21, "grade": 2},
    ]
    world = play(reports, [works(1)], rules)
    # Writing 0-20 of 30; scene 20-120; the 10 s left 120-130; only then job 3.
    assert world.spans(Activity.WRITING) == [(0, 20), (120, 130)]
    assert world.of(3)["claimed_at"] == 130


def test_nothing_happens_at_the_end_of_follow_up() -> None:
    """Rule 1.6: work that would end at the end has not ended."""
    rules = policy([unit_pool()], end=60)
    world = play([WORK, {**WORK, "reported_at": 59}], [works(1)], rules)
    first, second = world.of(1), world.of(2)
    # 0-10 on the way, 10-60 at the scene: due at 60, so still going on.
    assert (first["arrived_at"], first["finished_at"], first["end"]) == (10, NEVER, End.ATTENDED)
    assert (second["graded_at"], second["claimed_at"], second["end"]) == (59, NEVER, End.OPEN)
    assert world.rows(Activity.SCENE) == [(1, 0, 1, Activity.SCENE, 0, 10, 60, Why.STILL_GOING)]
    assert world.rows(Activity.WAIT_UNIT) == [
        (2, -1, -1, Activity.WAIT_UNIT, 0, 59, 60, Why.STILL_GOING)
    ]


def test_everything_that_is_going_on_at_the_end_is_written() -> None:
    """Rules 1.6 and 10.4: calls, desk work, all that units do, and every wait."""
    pools = [unit_pool(), desk_pool("takers"), desk_pool("desk"), desk_pool("dispatchers")]
    rules = policy(
        pools,
        end=100,
        areas=("north", "south"),
        attends=(((0,), (0,)),),
        call_takers=1,
        research=2,
        dispatchers=(-1, 3),
        gate=Gate.RATIFICATION,
        held_parts=1_000_000,
        area_factor=((1000, 1000),) * 3,
        review_levels=(2,),
        review_after_seconds=(90,) * 5,
        review_seconds=1,
    )
    free = {"held_parts": 1_000_000}
    reports = [
        {"reported_at": 1, "origin": 0, "thrive_seconds": 200},
        {"reported_at": 2, "origin": 0, "thrive_seconds": 200},
        {"reported_at": 3, "research_seconds": 200, "scene_seconds": 200, **free},
        {"reported_at": 4, "scene_seconds": 200, **free},
        {"reported_at": 5, "base_travel_seconds": 200, **free},
        {"reported_at": 6, "custody_seconds": 200, **free},
        {"reported_at": 7, "writing_seconds": 200, **free},
        {"reported_at": 8, "area": 1, **free},
        {"reported_at": 9, "area": 1, **free},
        {"reported_at": 20, "deploys": 0, "desk_pool": 2, "desk_seconds": 9},
        {"reported_at": 30, "assessment_seconds": 80},
    ]
    units = [works(key, off_at=1000 - key) for key in range(1, 7)]
    # Six units: jobs 3 to 8; the seventh, on a break from 50, leaves job 9 waiting.
    units.append(works(7, on_at=50, break_at=50, break_seconds=100, off_at=900))
    people = [*units, works(11, pool=1), works(12, pool=2), works(13, pool=3)]
    world = play(reports, people, rules, dispatch_seconds=(200,))
    going = {(row.kind, row.incident) for row in world.rows(why=Why.STILL_GOING)}
    assert going == {
        (Activity.CALL, 1),
        (Activity.WAIT_CALL_TAKER, 2),
        (Activity.RESEARCH, 3),
        (Activity.SCENE, 3),
        (Activity.SCENE, 4),
        (Activity.TRAVEL, 5),
        (Activity.CUSTODY, 6),
        (Activity.WRITING, 7),
        (Activity.DISPATCH, 8),
        (Activity.EARMARKED, 8),
        (Activity.WAIT_UNIT, 9),
        (Activity.WAIT_REVIEW, 9),
        (Activity.WAIT_DESK, 10),
        (Activity.HELD, 11),
        (Activity.BREAK, -1),
    }
    assert all(row.end == 100 for row in world.rows(why=Why.STILL_GOING))


def test_a_shift_that_straddles_the_start_is_on_duty_without_its_break() -> None:
    """Rule 1.6: the break that was due before the start has been had; a later one has not."""
    rules = policy([unit_pool()], start=0, end=1000)
    people = [
        works(1, on_at=-100, off_at=900, break_at=-10, break_seconds=50),
        works(2, on_at=-100, off_at=800, break_at=30, break_seconds=50),
        works(3, on_at=-100, off_at=0),
    ]
    world = play([{"reported_at": 5}], people, rules)
    assert world.of(1)["arrived_at"] == 5
    assert world.spans(Activity.BREAK) == [(30, 80)]
    assert world.rows(Activity.SCENE)[0].unit == 1


def test_a_shift_of_no_length_is_nobody() -> None:
    """Rule 1.6: neither a unit nor a desk worker of such a row does anything."""
    rules = policy([unit_pool(), desk_pool("desk")], end=200)
    people = [works(1, on_at=50, off_at=50), works(2, pool=1, on_at=50, off_at=50)]
    world = play([{}, {"desk_pool": 1, "deploys": 0}], people, rules)
    assert world.of(1)["claimed_at"] == NEVER
    assert world.of(2)["answered_at"] == NEVER
