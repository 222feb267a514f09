"""Rules 2.1 to 2.6: the call, THRIVE, the assessment."""

from __future__ import annotations

from sim.tables import NEVER, Activity, End, Origin, Risk
from tests.engines.hand import desk_pool, policy, unit_pool
from tests.engines.played import play, works

POOLS = [unit_pool(), desk_pool("takers"), desk_pool("research"), desk_pool("supervisors")]
PEOPLE = [works(1), works(11, pool=1), works(12, pool=2), works(13, pool=3)]


def test_999_is_answered_before_101_and_101_before_online() -> None:
    """Rule 2.1: then the time of the report, then the key."""
    rules = policy(POOLS, call_takers=1)
    origins = [Origin.EMERGENCY, Origin.ONLINE, Origin.NON_EMERGENCY, Origin.EMERGENCY]
    reports = [{"origin": o, "reported_at": n, "thrive_seconds": 10} for n, o in enumerate(origins)]
    reports.append({"origin": Origin.NON_EMERGENCY, "reported_at": 1, "thrive_seconds": 10})
    world = play(reports, PEOPLE, rules)
    # The first has the line 0-10; then the 999 call (key 4), 101 by time (5, then 3), online (2).
    assert world.times("answered_at") == [0, 40, 30, 10, 20]
    assert world.spans(Activity.WAIT_CALL_TAKER, incident=4) == [(3, 10)]


def test_calls_stand_before_other_work_of_their_pool() -> None:
    """Rule 2.1: even before a critical incident's."""
    rules = policy(POOLS, call_takers=1)
    reports = [
        {"origin": Origin.EMERGENCY, "thrive_seconds": 10},
        {"desk_pool": 1, "grade": 0, "deploys": 0, "reported_at": 1, "desk_seconds": 5},
        {"origin": Origin.ONLINE, "thrive_seconds": 10, "reported_at": 2},
    ]
    world = play(reports, PEOPLE, rules)
    assert world.times("answered_at") == [0, 20, 10]
    assert world.of(2)["finished_at"] == 25
    assert world.of(2)["end"] == End.DESK_WORK


def test_the_call_taker_is_kept_to_the_end_of_the_wrap_up() -> None:
    """Rules 2.2 and 2.3: grade at 30, assessment to 80, wrap-up to 100; then the next call."""
    rules = policy(POOLS, call_takers=1)
    call = {
        "origin": Origin.EMERGENCY,
        "thrive_seconds": 30,
        "assessment_seconds": 50,
        "wrap_seconds": 20,
    }
    world = play([call, call], PEOPLE, rules)
    first = world.of(1)
    assert (first["graded_at"], first["assessed_at"], first["arrived_at"]) == (30, 80, 30)
    assert world.times("answered_at") == [0, 100]
    assert world.spans(Activity.CALL) == [(0, 100), (100, 200)]


def test_without_an_assessment_the_wrap_up_follows_the_grade() -> None:
    """Rule 2.3: `assessed_at` is the second of the grade."""
    rules = policy(POOLS, call_takers=1)
    call = {"origin": Origin.EMERGENCY, "thrive_seconds": 30, "wrap_seconds": 20}
    world = play([call], PEOPLE, rules)
    assert world.of(1)["assessed_at"] == 30
    assert world.spans(Activity.CALL) == [(0, 50)]


def test_a_call_taker_whose_shift_ends_in_a_call_finishes_it() -> None:
    """Rules 2.3 and 3.5: and takes no other."""
    rules = policy(POOLS, call_takers=1, end=1000)
    call = {"origin": Origin.EMERGENCY, "thrive_seconds": 30, "wrap_seconds": 20}
    people = [works(1), works(11, pool=1, off_at=40), works(12, pool=1, on_at=200)]
    world = play([call, call], people, rules)
    assert world.times("answered_at") == [0, 200]
    assert world.spans(Activity.CALL, unit=11) == [(0, 50)]


def test_a_call_that_needs_nobody_ends_with_the_call() -> None:
    """Rule 2.4: no research, no ratification, no unit; graded `wrap_seconds` before its end."""
    rules = policy(POOLS, call_takers=1, research=2, ratifiers=(((3,),) * 24,) * 4)
    call = {
        "origin": Origin.NON_EMERGENCY,
        "deploys": 0,
        "thrive_seconds": 30,
        "assessment_seconds": 1000,
        "wrap_seconds": 20,
        "research_seconds": 5,
        "ratification_seconds": 5,
        "return_at": 3,
    }
    world = play([call], PEOPLE, rules)
    outcome = world.of(1)
    assert outcome["end"] == End.ENDED_WITHOUT_DEPLOYMENT
    assert (outcome["answered_at"], outcome["graded_at"]) == (0, 30)
    assert outcome["assessed_at"] == outcome["ready_at"] == NEVER
    assert world.spans() == [(0, 50)]


def test_such_a_call_that_is_going_on_at_the_end_is_open() -> None:
    """Rules 1.6 and 2.4: its grade is recorded with its end."""
    rules = policy(POOLS, call_takers=1, end=40)
    call = {"origin": 0, "deploys": 0, "thrive_seconds": 30, "wrap_seconds": 10}
    outcome = play([call], PEOPLE, rules).of(1)
    assert (outcome["end"], outcome["graded_at"]) == (End.OPEN, NEVER)


def test_a_direct_report_takes_nobodys_time_at_the_telephone() -> None:
    """Rule 2.5: the same steps, though the only call taker is engaged."""
    rules = policy(POOLS, call_takers=1)
    engaged = {"origin": Origin.EMERGENCY, "thrive_seconds": 500}
    direct = {"thrive_seconds": 30, "assessment_seconds": 50, "reported_at": 5}
    world = play([engaged, direct], PEOPLE, rules)
    outcome = world.of(2)
    assert (outcome["answered_at"], outcome["graded_at"], outcome["assessed_at"]) == (5, 35, 85)
    assert world.rows(Activity.CALL, incident=2) == []


def test_with_no_call_taker_pool_every_call_is_answered_at_once() -> None:
    """Rule 2.5."""
    call = {"origin": Origin.EMERGENCY, "thrive_seconds": 30, "wrap_seconds": 7}
    world = play([call, call, {**call, "deploys": 0}], PEOPLE, policy(POOLS))
    assert world.times("answered_at") == [0, 0, 0]
    assert world.times("graded_at") == [30, 30, 30]
    assert world.rows(Activity.CALL) == []


def test_ratification_does_not_take_a_vulnerable_child_below_grade_2() -> None:
    """Rule 2.6: a ratified grade of 4 is 2 for the vulnerable."""
    rules = policy(POOLS)
    report = {"grade": 1, "ratified_grade": 4, "ratification_seconds": 10}
    unit_comes_late = [works(1, on_at=50)]
    world = play([{**report, "vulnerable": 1}, report], unit_comes_late, rules)
    assert world.times("final_grade") == [2, 4]
    assert world.times("downgraded_at") == [10, 10]
    assert world.of(1)["final_risk"] == Risk.NOT_ASSESSED


SWITCHED = [unit_pool(), desk_pool("takers"), desk_pool("switchboard")]
CALL = {"origin": Origin.NON_EMERGENCY, "thrive_seconds": 100, "switch_seconds": 10}


def test_a_switchboard_answers_and_passes_on() -> None:
    """Rule 2.7: answered at 0 and 10, taken up at 10 and 110; online goes to call takers."""
    rules = policy(SWITCHED, call_takers=1, switchboard=2)
    people = [works(1), works(11, pool=1), works(12, pool=2)]
    online = {**CALL, "origin": Origin.ONLINE, "reported_at": 5}
    world = play([CALL, CALL, online], people, rules)
    assert world.times("answered_at") == [0, 10, 5]
    # Who is online has the only call taker from 5 to 105.
    assert world.times("graded_at") == [205, 305, 105]
    assert world.spans(Activity.CALL, pool=2) == [(0, 10), (10, 20)]
    assert world.spans(Activity.WAIT_CALL_TAKER, pool=1) == [(10, 105), (20, 205)]


def test_without_a_switchboard_its_seconds_are_nobody_s() -> None:
    """Rule 2.7 is off: the same reports, in the order of 2.1."""
    rules = policy(SWITCHED, call_takers=1)
    world = play([CALL, {**CALL, "passed_at_once": 1}], [works(1), works(11, pool=1)], rules)
    assert world.times("answered_at") == [0, 100]
    assert world.times("graded_at") == [100, 200]


def test_calls_that_are_passed_at_once_stand_before_the_others() -> None:
    """Rule 2.8: 999 first, then a missing child by 101, before a 101 call that waits longer."""
    rules = policy(SWITCHED, call_takers=1, switchboard=2)
    people = [works(1), works(11, pool=1), *(works(key, pool=2) for key in (12, 13, 14, 15))]
    calls = [
        CALL,
        {**CALL, "reported_at": 1},
        {**CALL, "reported_at": 2, "passed_at_once": 1},
        {**CALL, "reported_at": 3, "origin": Origin.EMERGENCY},
    ]
    world = play(calls, people, rules)
    assert world.times("answered_at") == [0, 1, 2, 3]
    assert world.times("graded_at") == [110, 410, 310, 210]


def test_call_takers_are_kept_for_999() -> None:
    """Rule 2.9: of two one is kept; a second 101 call waits for the other, a 999 call does not."""
    people = [works(1), works(11, pool=1), works(12, pool=1)]
    emergency = {**CALL, "reported_at": 50, "origin": Origin.EMERGENCY}
    reports = [CALL, {**CALL, "reported_at": 1}, emergency]
    kept = play(reports, people, policy(SWITCHED, call_takers=1, kept_for_999=1))
    # At 100 one of two is free, and kept; at 150 both are.
    assert kept.times("answered_at") == [0, 150, 50]
    free = play(reports, people, policy(SWITCHED, call_takers=1))
    assert free.times("answered_at") == [0, 1, 100]
