"""Rules 5.1 to 5.4 and 8.3: custody, writing, breaks."""

from __future__ import annotations

from sim.tables import NEVER, Activity, ShiftEnd, Why
from tests.engines.hand import policy, unit_pool
from tests.engines.played import play, works

URGENT_ONLY = (True, False, False, False, False)


def test_units_of_a_shift_come_on_together_and_leave_together() -> None:
    """Rule 5.1: both jobs of before the shift begin with it; the job of after it waits."""
    rules = policy([unit_pool()], end=1000)
    people = [works(1, on_at=100, off_at=200), works(2, on_at=100, off_at=200)]
    world = play([{}, {"reported_at": 50}, {"reported_at": 200}], people, rules)
    assert world.times("claimed_at") == [100, 100, NEVER]


def test_custody_then_writing_then_idle() -> None:
    """Rule 5.3: travel 0-10, scene to 30, custody to 70, writing to 75."""
    rules = policy([unit_pool()])
    report = {
        "base_travel_seconds": 10,
        "scene_seconds": 20,
        "custody_seconds": 40,
        "writing_seconds": 5,
    }
    world = play([report, {"reported_at": 40}], [works(1)], rules)
    assert [(row.kind, row.start, row.end) for row in world.rows(incident=1)] == [
        (Activity.TRAVEL, 0, 10),
        (Activity.SCENE, 10, 30),
        (Activity.CUSTODY, 30, 70),
        (Activity.WRITING, 70, 75),
    ]
    assert world.of(1)["finished_at"] == 30
    assert world.of(2)["claimed_at"] == 75


def test_custody_is_not_broken_off_for_any_grade() -> None:
    """Rule 5.3: a grade 1 job waits for the custody work; the writing after it is broken off."""
    rules = policy([unit_pool()], writing_interrupted=URGENT_ONLY)
    report = {"custody_seconds": 40, "writing_seconds": 5}
    world = play([report, {"grade": 1, "reported_at": 10}], [works(1)], rules)
    assert world.of(2)["claimed_at"] == 40
    assert world.rows(Activity.WRITING)[0] == (
        1,
        0,
        1,
        Activity.WRITING,
        0,
        40,
        40,
        Why.INTERRUPTED,
    )


def test_writing_is_broken_off_by_grade_and_done_after_that_jobs_own() -> None:
    """Rule 5.3: 30 s of writing, broken off after 10; 20 left and 7 of the new job's are 27."""
    rules = policy([unit_pool()], writing_interrupted=URGENT_ONLY)
    reports = [
        {"writing_seconds": 30},
        {"grade": 2, "reported_at": 5, "scene_seconds": 1},
        {"grade": 1, "reported_at": 10, "scene_seconds": 100, "writing_seconds": 7},
    ]
    world = play(reports, [works(1)], rules)
    assert world.rows(Activity.WRITING) == [
        (1, 0, 1, Activity.WRITING, 0, 0, 10, Why.INTERRUPTED),
        (3, 0, 1, Activity.WRITING, 0, 110, 137, Why.DONE),
    ]
    assert world.of(2)["claimed_at"] == 137


def test_writing_left_stays_under_the_incident_that_brought_it() -> None:
    """Rule 5.3: the urgent job brings none, so the rest is still the first one's."""
    rules = policy([unit_pool()], writing_interrupted=URGENT_ONLY)
    reports = [{"writing_seconds": 30}, {"grade": 1, "reported_at": 10, "scene_seconds": 100}]
    world = play(reports, [works(1)], rules)
    assert world.rows(Activity.WRITING)[1] == (1, 0, 1, Activity.WRITING, 0, 110, 130, Why.DONE)


def test_a_break_is_taken_when_due_by_an_idle_unit_and_later_by_another() -> None:
    """Rule 5.4: the idle one at 100; the busy one when its scene ends, at 150."""
    rules = policy([unit_pool()])
    people = [
        works(1, off_at=9000, break_at=100, break_seconds=60),
        works(2, off_at=8000, break_at=100, break_seconds=60),
    ]
    world = play([{"scene_seconds": 150}], people, rules)
    assert world.spans(Activity.BREAK, unit=1) == [(150, 210)]
    assert world.spans(Activity.BREAK, unit=2) == [(100, 160)]
    assert all(row.incident == -1 for row in world.rows(Activity.BREAK))


def test_a_unit_on_a_break_takes_no_work_but_for_grades_that_break_it_off() -> None:
    """Rule 5.4: grade 2 waits to the end of the break at 160; the rest is lost to grade 1."""
    rules = policy([unit_pool()], break_interrupted=URGENT_ONLY)
    people = [works(1, break_at=100, break_seconds=60)]
    second = play([{"grade": 2, "reported_at": 110}], people, rules)
    assert second.of(1)["claimed_at"] == 160
    first = play([{"grade": 1, "reported_at": 110, "scene_seconds": 5}], people, rules)
    assert first.of(1)["claimed_at"] == 110
    assert first.rows(Activity.BREAK) == [(-1, 0, 1, Activity.BREAK, 0, 100, 110, Why.INTERRUPTED)]


def test_no_break_is_begun_that_would_outlast_the_shift() -> None:
    """Rule 5.4: from 150 a break of 60 fits into a shift to 210, not into one to 209."""
    rules = policy([unit_pool()], end=1000)
    for off_at, spans in ((210, [(150, 210)]), (209, [])):
        people = [works(1, off_at=off_at, break_at=100, break_seconds=60)]
        world = play([{"scene_seconds": 150}, {"reported_at": 205}], people, rules)
        assert world.spans(Activity.BREAK) == spans
        # Without a break the unit is idle at 205; with one it leaves as the break ends.
        assert world.of(2)["claimed_at"] == (NEVER if spans else 205)


def test_a_break_due_in_the_second_of_coming_on_duty_is_taken_then() -> None:
    """Rule 5.4: coming on duty is becoming idle; a break due before that is not had."""
    rules = policy([unit_pool()])
    world = play([], [works(1, on_at=50, break_at=50, break_seconds=9)], rules)
    assert world.spans(Activity.BREAK) == [(50, 59)]
    world = play([], [works(1, on_at=50, break_at=49, break_seconds=9)], rules)
    assert world.spans(Activity.BREAK) == []


def test_a_break_of_no_length_costs_a_round() -> None:
    """Rules 1.2 and 5.4: due at 100 with a report in that second, which is served in it."""
    rules = policy([unit_pool()])
    people = [works(1, break_at=100, break_seconds=0)]
    world = play([{"reported_at": 100, "scene_seconds": 5}], people, rules)
    assert world.spans(Activity.BREAK) == [(100, 100)]
    assert world.spans(Activity.SCENE) == [(100, 105)]


def test_custody_and_writing_go_on_in_overtime() -> None:
    """Rule 8.3: under both rules for the shift's end; the unit then leaves."""
    report = {"scene_seconds": 40, "custody_seconds": 40, "writing_seconds": 40}
    for rule in ShiftEnd:
        rules = policy([unit_pool()], shift_end=rule, end=1000, writing_interrupted=(True,) * 5)
        world = play([report, {"grade": 1, "reported_at": 90}], [works(1, off_at=50)], rules)
        assert world.spans(Activity.CUSTODY, Activity.WRITING) == [(40, 80), (80, 120)]
        assert world.of(2)["claimed_at"] == NEVER
