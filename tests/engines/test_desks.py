"""Rules 3.1 to 3.6: research, ratification, the order of a desk, re-grading."""

from __future__ import annotations

import pytest

from sim.tables import NEVER, PARTS, Activity, Gate, Risk
from tests.engines.hand import desk_pool, policy, unit_pool
from tests.engines.played import play, works

POOLS = [unit_pool(), desk_pool("supervisor"), desk_pool("manager"), desk_pool("research")]


def asked(*pools: int) -> tuple[tuple[tuple[int, ...], ...], ...]:
    """The same ratifiers for all risks and hours."""
    return ((pools,) * 24,) * 4


def test_research_goes_on_beside_the_assessment() -> None:
    """Rule 3.1: both begin at the grade, 10; the only researcher takes one after the other."""
    rules = policy(POOLS, research=3)
    report = {"thrive_seconds": 10, "assessment_seconds": 100, "research_seconds": 40}
    world = play([report, report], [works(1), works(13, pool=3)], rules)
    assert world.times("assessed_at") == [110, 110]
    assert world.times("researched_at") == [50, 90]
    assert world.spans(Activity.WAIT_RESEARCH) == [(10, 50)]


def test_without_a_research_pool_research_is_only_time() -> None:
    """Rule 3.1."""
    report = {"thrive_seconds": 10, "research_seconds": 40}
    world = play([report, report], [works(1)], policy(POOLS))
    assert world.times("researched_at") == [50, 50]
    assert world.rows(Activity.RESEARCH) == []


def test_ratification_is_asked_for_when_the_assessment_is_complete() -> None:
    """Rule 3.2: at 30; with no ratifiers it takes 5 s of nobody's time."""
    report = {"assessment_seconds": 30, "research_seconds": 90, "ratification_seconds": 5}
    assert play([report], [works(1)], policy(POOLS)).of(1)["ratified_at"] == 35
    waits = policy(POOLS, ratification_waits_for_research=True)
    assert play([report], [works(1)], waits).of(1)["ratified_at"] == 95


@pytest.mark.parametrize(
    ("reported_at", "pool"),
    [(0, 2), (3599, 2), (3600, 1), (7199, 1), (7200, 2), (10_800, 1)],
)
def test_who_ratifies_goes_by_hour_and_by_who_is_on_duty(reported_at: int, pool: int) -> None:
    """Rule 3.3: the first of the hour's list that is on duty, or the last."""
    hours: list[tuple[int, ...]] = [(1, 2)] * 24
    hours[2] = (2, 1)
    rules = policy(POOLS, ratifiers=(tuple(hours),) * 4)
    # The supervisor (pool 1) is on duty from 3600 to 10,800, the manager up to 10,800 too:
    # hour 0: the manager; hour 1: the supervisor; hour 2: the manager first; hour 3: nobody,
    # so it waits for the last of (supervisor, manager).
    people = [
        works(1),
        works(11, pool=1, on_at=3600, off_at=10_800),
        works(12, pool=2, off_at=10_800),
    ]
    world = play([{"reported_at": reported_at, "ratification_seconds": 1}], people, rules)
    if reported_at < 10_800:
        assert world.rows(Activity.RATIFICATION)[0].pool == pool
    else:
        assert world.rows(Activity.WAIT_RATIFICATION)[0].pool == 2
        assert world.of(1)["ratified_at"] == NEVER


def test_who_ratifies_goes_by_risk() -> None:
    """Rule 3.3: high risk is the manager's."""
    lists = (((1,),) * 24, ((1,),) * 24, ((1,),) * 24, ((2,),) * 24)
    people = [works(1), works(11, pool=1), works(12, pool=2)]
    reports = [{"risk": risk, "ratification_seconds": 1} for risk in Risk]
    world = play(reports, people, policy(POOLS, ratifiers=lists))
    assert {row.incident: row.pool for row in world.rows(Activity.RATIFICATION)} == {
        1: 1,
        2: 1,
        3: 1,
        4: 2,
    }


def test_a_busy_ratifier_is_still_on_duty_and_one_in_overtime_is_not() -> None:
    """Rule 3.3: at 10 the supervisor is busy, so it waits for them; at 60 they are in overtime."""
    people = [works(1), works(11, pool=1, off_at=50), works(12, pool=2)]
    busy = {"desk_pool": 1, "deploys": 0, "desk_seconds": 100}
    reports = [
        busy,
        {"reported_at": 10, "ratification_seconds": 1},
        {"reported_at": 60, "ratification_seconds": 1},
    ]
    world = play(reports, people, policy(POOLS, ratifiers=asked(1, 2)))
    assert world.of(2)["ratified_at"] == NEVER
    assert world.of(3)["ratified_at"] == 61


def test_a_critical_incident_takes_the_lone_manager() -> None:
    """Rule 3.4: grade 0 stands before a grade 1 job that has waited longer."""
    rules = policy(POOLS, ratifiers=asked(2))
    people = [works(1), works(12, pool=2)]
    reports = [
        {"desk_pool": 2, "deploys": 0, "grade": 3, "desk_seconds": 100},
        {"reported_at": 10, "grade": 1, "ratification_seconds": 20},
        {"reported_at": 20, "desk_pool": 2, "deploys": 0, "grade": 0, "desk_seconds": 500},
    ]
    world = play(reports, people, rules)
    # In hand to 100 (nobody is taken off a task); critical 100-600; ratification 600-620.
    assert world.of(3)["answered_at"] == 100
    assert world.of(2)["ratified_at"] == 620


def test_a_desk_takes_urgency_then_step_then_the_second_of_joining_then_key() -> None:
    """Rule 3.4: one desk for everything, and each pair of neighbours differs in one thing."""
    everything = [unit_pool(), desk_pool("desk")]
    rules = policy(
        everything,
        end=200,
        research=1,
        ratifiers=asked(1),
        dispatchers=(1,),
        review_levels=(1,),
        review_after_seconds=(NEVER, 20, NEVER, NEVER, NEVER),
        review_seconds=1,
        rethrive_pool=1,
        rethrive_after_seconds=22,
        rethrive_seconds=1,
    )
    people = [works(1), works(2), works(11, pool=1)]
    engaged = {"desk_pool": 1, "deploys": 0, "grade": 0, "desk_seconds": 100}
    reports = [
        {**engaged, "key": 1},
        # Takes the one unit that is there; its allocation waits.
        {"key": 2, "grade": 2, "reported_at": 10, "officers": 2, "scene_seconds": 900},
        {"key": 3, "grade": 2, "reported_at": 9, "officers": 9, "ratification_seconds": 1},
        {"key": 4, "grade": 2, "reported_at": 8, "officers": 9, "research_seconds": 1},
        {"key": 5, "grade": 2, "reported_at": 7, "deploys": 0, "desk_pool": 1, "desk_seconds": 1},
        {"key": 6, "grade": 3, "reported_at": 1, "deploys": 0, "desk_pool": 1, "desk_seconds": 1},
        {"key": 7, "grade": 2, "reported_at": 7, "deploys": 0, "desk_pool": 1, "desk_seconds": 1},
        # High risk counts as urgency 1 though the grade is 3.
        {"key": 8, "grade": 3, "risk": 3, "officers": 9, "reported_at": 11, "research_seconds": 1},
    ]
    world = play(reports, people, rules)
    rows = [row for row in world.rows(unit=11) if row.start >= 100][:12]
    kinds = [(row.incident, row.kind) for row in rows]
    assert kinds == [
        # Urgency 1 (high risk): re-THRIVE, asked at 33, before research.
        (8, Activity.RETHRIVE),
        (8, Activity.RESEARCH),
        # Urgency 2: allocation, ratification, reviews (asked at 28 and 29), re-THRIVE
        # (30, 31 and 32: a job that is only claimed is not attended).
        (2, Activity.DISPATCH),
        (3, Activity.RATIFICATION),
        (4, Activity.REVIEW),
        (3, Activity.REVIEW),
        (4, Activity.RETHRIVE),
        (3, Activity.RETHRIVE),
        (2, Activity.RETHRIVE),
        (4, Activity.RESEARCH),
        # Other work: both reported at 7, so by key.
        (5, Activity.DESK),
        (7, Activity.DESK),
    ]


def test_allocations_stand_in_the_order_of_the_jobs() -> None:
    """Rule 3.4: by rank and age of the report, not by when their units were found."""
    pools = [unit_pool(), desk_pool("dispatchers")]
    rules = policy(
        pools, dispatchers=(1,), missing=(False, True), missing_rank=1, streams=("other", "child")
    )
    people = [works(1), works(2), works(3), works(11, pool=1)]
    reports = [
        {"grade": 2},
        {"grade": 2, "reported_at": 1, "stream": 1},
        {"grade": 2, "reported_at": 2},
    ]
    world = play(reports, people, rules, dispatch_seconds=(30,))
    # The child stands last in its grade: allocated 60-90, after the job reported later.
    assert world.times("allocated_at") == [30, 90, 60]


def test_of_free_workers_the_one_with_most_shift_left_is_taken() -> None:
    """Rule 3.5: then the lowest key."""
    pools = [unit_pool(), desk_pool("desk")]
    people = [
        works(11, pool=1, off_at=500),
        works(12, pool=1, off_at=900),
        works(10, pool=1, off_at=500),
    ]
    task = {"desk_pool": 1, "deploys": 0, "desk_seconds": 50}
    world = play([task, task, task], people, policy(pools, end=1000))
    assert [world.rows(Activity.DESK, incident=key)[0].unit for key in (1, 2, 3)] == [12, 10, 11]


def test_ratification_regrades_a_queued_job_and_puts_it_in_its_new_place() -> None:
    """Rule 3.6: upgraded at 20 from 4 to 1, it is taken at 60 before a grade 2 job."""
    rules = policy([unit_pool()])
    reports = [
        {"grade": 1, "scene_seconds": 60},
        {"grade": 2, "reported_at": 1, "scene_seconds": 60},
        {
            "grade": 4,
            "reported_at": 10,
            "ratification_seconds": 10,
            "ratified_grade": 1,
            "risk": Risk.MEDIUM,
            "ratified_risk": Risk.HIGH,
        },
    ]
    world = play(reports, [works(1)], rules)
    upgraded = world.of(3)
    assert (upgraded["upgraded_at"], upgraded["downgraded_at"]) == (20, NEVER)
    assert (upgraded["claimed_at"], upgraded["final_grade"]) == (60, 1)
    assert upgraded["final_risk"] == Risk.HIGH
    assert world.of(2)["claimed_at"] == 60
    # It keeps its one wait, from its report.
    assert world.spans(Activity.WAIT_UNIT, incident=3) == [(10, 60)]


def test_ratification_after_arrival_changes_the_risk_alone() -> None:
    """Rule 3.6: arrived at 5, ratified at 10."""
    report = {"grade": 3, "ratified_grade": 1, "ratification_seconds": 10, "ratified_risk": 3}
    outcome = play([{**report, "base_travel_seconds": 5}], [works(1)], policy([unit_pool()])).of(1)
    assert (outcome["final_grade"], outcome["upgraded_at"]) == (3, NEVER)
    assert (outcome["final_risk"], outcome["ratified_at"]) == (Risk.HIGH, 10)


def test_a_grade_that_a_review_raised_is_not_lowered_by_ratification() -> None:
    """Rule 3.6: raised from 3 to 2 at 15; ratification at 40 would give 4; 1 it may give."""
    rules = policy(
        [unit_pool(), desk_pool("desk")],
        review_levels=(1,),
        review_after_seconds=(NEVER, NEVER, 15, NEVER, NEVER),
    )
    report = {"grade": 3, "ratification_seconds": 40, "escalates_at": 0}
    reports = [{**report, "ratified_grade": 4}, {**report, "ratified_grade": 1}]
    world = play(reports, [works(11, pool=1)], rules)
    assert world.times("final_grade") == [2, 1]
    assert world.times("upgraded_at") == [15, 15]
    assert world.times("downgraded_at") == [NEVER, NEVER]


def test_the_gate_opens_with_the_ratified_grade() -> None:
    """Rules 3.6 and 4.1: a held job joins the queue as what ratification made of it."""
    rules = policy(
        [unit_pool()], gate=Gate.RATIFICATION, held_parts=PARTS, grade_factor=(500,) + (1000,) * 4
    )
    report = {
        "grade": 2,
        "ratified_grade": 1,
        "ratification_seconds": 10,
        "base_travel_seconds": 60,
    }
    outcome = play([report], [works(1)], rules).of(1)
    # Ready at 10, on the way 60 s × 0.5.
    assert (outcome["claimed_at"], outcome["arrived_at"]) == (10, 40)
