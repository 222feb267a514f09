"""Rule 4.7: jobs whose gate is open, and dispatchers who look at them now and then."""

from __future__ import annotations

from typing import Any, Final

import pytest

from sim.tables import (
    HOUR,
    NEVER,
    NONE,
    PARTS,
    Activity,
    DispatchRate,
    Gate,
    Policy,
    ShiftEnd,
    Why,
)
from tests.engines.hand import GRADES, MINUTE, policy, unit_pool
from tests.engines.played import play, works

ONE = 1_000_000_000


def rate(look_seconds: int = 10, **more: Any) -> DispatchRate:
    """A sum that goes up by one at each look, whatever the wait, the hour and the load."""
    settings: dict[str, Any] = {
        "waited_seconds": (0,),
        "by_wait": (((ONE,) * 96,),) * GRADES,
        "by_load": (((PARTS,) * 21,) * 101,) * GRADES,
        "stream_factor": (1000,),
    }
    settings["by_load_just_freed"] = more.get("by_load", settings["by_load"])
    return DispatchRate(look_seconds=look_seconds, **{**settings, **more})


def rules(look_seconds: int = 10, gate: Gate = Gate.GRADING, **more: Any) -> Policy:
    """One pool of units, and a dispatcher's rate."""
    held = {"gate": gate, "held_parts": 0 if gate is Gate.GRADING else PARTS}
    return policy([unit_pool()], dispatch_rate=rate(look_seconds, **more), **held)


def test_a_job_is_let_go_at_the_look_at_which_its_sum_is_reached() -> None:
    """Graded at 3, looked at from 10 on; 2.5 is reached at the third look, one each time."""
    played = play([{"thrive_seconds": 3, "decision_sum": 5 * ONE // 2}], [works(1)], rules())
    outcome = played.of(1)
    assert (outcome["graded_at"], outcome["ready_at"], outcome["claimed_at"]) == (3, 30, 30)
    assert outcome["held"] == 0
    (wait,) = played.rows(Activity.WAIT_DECISION)
    assert wait == (1, -1, -1, Activity.WAIT_DECISION, 0, 3, 30, Why.DONE)


def test_a_look_in_the_second_in_which_the_gate_opens_is_not_for_the_job() -> None:
    """Graded at 10, in which second another is looked at: looked at from 20 on."""
    reports = [
        {"decision_sum": 2 * ONE},
        {"thrive_seconds": 10, "decision_sum": ONE},
    ]
    assert play(reports, [works(1), works(2)], rules()).times("ready_at") == [20, 20]


def test_a_job_of_no_rate_is_ready_when_its_gate_opens() -> None:
    """Its sum is NEVER; and without a rate in the policy nobody looks at any."""
    report = {"thrive_seconds": 3, "decision_sum": NEVER}
    assert play([report], [works(1)], rules()).times("ready_at") == [3]
    rated = {"thrive_seconds": 3, "decision_sum": ONE}
    played = play([rated], [works(1)], policy([unit_pool()]))
    assert played.times("ready_at") == [3]
    assert played.rows(Activity.WAIT_DECISION) == []


def test_the_base_goes_by_how_long_a_job_has_waited_since_grading() -> None:
    """Rule 4.7c: nothing up to 20 s, then a half: at 30, 40, 50 and 60 the sum comes to two."""
    by_wait = (((0,) * 96, (ONE // 2,) * 96),) * GRADES
    slow = rules(waited_seconds=(0, 20), by_wait=by_wait)
    assert play([{"decision_sum": 2 * ONE}], [works(1)], slow).times("ready_at") == [60]


def test_the_base_goes_by_the_quarter_hour_of_the_look() -> None:
    """Rule 4.7c: nothing from 06:45 to 07:00; the look at 07:00 is of the next quarter."""
    quarters = [ONE] * 96
    quarters[27] = 0
    lull = rules(by_wait=((tuple(quarters),),) * GRADES)
    reports = [
        {"reported_at": 7 * HOUR - 905, "decision_sum": ONE},
        {"reported_at": 7 * HOUR - 895, "decision_sum": ONE},
    ]
    ready = play(reports, [works(1), works(2)], lull).times("ready_at")
    assert ready == [7 * HOUR, 7 * HOUR]


def test_it_goes_by_the_share_of_the_own_area_s_crews_with_a_job() -> None:
    """Rule 4.7d: one crew of three is 33 in a hundred, all that are not full; nobody is 100."""
    free = ((PARTS,) * 21,) * 33
    busy = (*free, ((PARTS // 4,) * 21), *(((0,) * 21,) * 67))
    by_load = (busy,) * GRADES
    reports = [
        {"decision_sum": NEVER, "scene_seconds": 1000},
        {"reported_at": 5, "decision_sum": ONE},
    ]
    crews = [works(1), works(2), works(3)]
    # A quarter at each look from 10 on.
    assert play(reports, crews, rules(by_load=by_load)).times("ready_at") == [0, 40]
    # One of two is 50 in a hundred, at which nothing is added until the first is done at
    # 1000, which is before the look of that second (1.3).
    assert play(reports, crews[:2], rules(by_load=by_load)).times("ready_at") == [0, 1000]
    late = [works(1, on_at=95)]
    assert play(reports[1:], late, rules(by_load=by_load)).times("ready_at") == [100]


def test_a_crew_in_overtime_counts_as_at_work_and_not_as_on_duty() -> None:
    """Rule 4.7d: of two on duty one is free, but three have a job: no more than all."""
    by_load = ((*(((PARTS,) * 21,) * 100), (0,) * 21),) * GRADES
    long = {"decision_sum": NEVER, "scene_seconds": 500}
    crews = [works(1, off_at=20), works(2, off_at=20), works(3), works(4, on_at=22)]
    reports = [long, long, long, {"reported_at": 25, "decision_sum": ONE}]
    # From 22 on two are on duty, one of them free; two whose shift is over are at work besides.
    assert play(reports, crews, rules(by_load=by_load)).times("ready_at") == [0, 0, 0, 500]


def test_it_goes_by_the_jobs_ahead_of_its_own_area_and_grade_or_a_more_urgent_one() -> None:
    """Rule 4.7d: with nobody ahead one, with one a half, with more nothing; grade 3 is none."""
    by_load = (((PARTS, PARTS // 2, 0),) * 101,) * GRADES
    reports = [
        {"decision_sum": 3 * ONE},
        {"decision_sum": 3 * ONE},
        {"grade": 3, "decision_sum": ONE},
    ]
    crews = [works(key) for key in (1, 2, 3)]
    # The two of grade 2 go up by a half at each look, and are let go at the sixth. Both are
    # ahead of the one of grade 3, and are claimed at 60, so that it goes up from 70 on.
    ready = play(reports, crews, rules(by_load=by_load)).times("ready_at")
    assert ready == [60, 60, 70]


def test_a_job_claimed_before_is_never_ahead_and_is_not_let_go_anew() -> None:
    """Rules 4.7 and 4.7d: the one that loses its crew to grade 1 goes straight to the queue."""
    by_load = (((PARTS, 0),) * 101,) * GRADES
    first = {"grade": 2, "decision_sum": ONE, "scene_seconds": 100}
    urgent = {"grade": 1, "reported_at": 15, "decision_sum": NEVER, "scene_seconds": 100}
    third = {"grade": 2, "reported_at": 16, "decision_sum": ONE, "scene_seconds": 5}
    diverts = ((True,) * GRADES,) + ((False,) * GRADES,) * (GRADES - 1)
    taken = policy(
        [unit_pool()],
        dispatch_rate=rate(by_load=by_load),
        divert_at_scene=diverts,
        most_diversions=1,
    )
    played = play([first, urgent, third], [works(1)], taken)
    assert played.times("ready_at") == [10, 15, 20]
    assert played.spans(Activity.WAIT_DECISION, incident=1) == [(0, 10)]
    assert played.spans(Activity.WAIT_UNIT, incident=1) == [(15, 115)]


NOTHING: Final = (((0,) * 21,) * 101,) * GRADES
FREED: Final[dict[str, Any]] = {
    "by_load": NOTHING,
    "by_load_just_freed": (((PARTS,) * 21,) * 101,) * GRADES,
}
"""Only in the minute after a crew has cleared is anything added: one at each look."""


@pytest.mark.parametrize(("clears", "looks"), [(29, 6), (30, 7), (31, 6)])
def test_a_minute_after_a_clearing_is_looked_at_by_its_own_table(clears: int, looks: int) -> None:
    """Rule 4.7g: from the second of the clearing to sixty seconds later, both among them."""
    first = {"decision_sum": NEVER, "scene_seconds": clears}

    def ready(much: int) -> int:
        later = {"reported_at": 5, "decision_sum": much * ONE}
        return play([first, later], [works(1), works(2)], rules(**FREED)).times("ready_at")[1]

    assert ready(looks) == (clears + MINUTE) // 10 * 10
    assert ready(looks + 1) == NEVER


def test_the_factor_of_a_clearing_is_that_of_the_current_grade() -> None:
    """Rule 4.7d: twice as much for grade 3, no more for grade 2."""
    once = ((PARTS,) * 21,) * 101
    freed = (once, once, ((2 * PARTS,) * 21,) * 101, once, once)
    reports = [
        {"decision_sum": NEVER, "scene_seconds": 5},
        {"grade": 2, "reported_at": 5, "decision_sum": 6 * ONE},
        {"grade": 3, "reported_at": 5, "decision_sum": 6 * ONE},
    ]
    twice = rules(by_load_just_freed=freed)
    ready = play(reports, [works(1), works(2), works(3)], twice).times("ready_at")
    assert ready == [0, 60, 30]


def test_who_clears_and_then_writes_is_just_freed_when_leaving_the_scene() -> None:
    """Rule 4.7g: whatever it does then; and not anew when it has written."""
    first = {"decision_sum": NEVER, "scene_seconds": 25, "custody_seconds": 100}
    first["writing_seconds"] = 100
    later = {"reported_at": 5, "decision_sum": 6 * ONE, "scene_seconds": 1000}
    more = {"reported_at": 6, "decision_sum": 7 * ONE}
    crews = [works(1), works(2), works(3)]
    played = play([first, later, more], crews, rules(**FREED))
    # The second's own clearing, at 1080, is the next.
    assert played.times("ready_at") == [0, 80, 1080]


def test_who_loses_a_job_or_ends_a_break_or_a_shift_is_not_just_freed() -> None:
    """Rule 4.7g: a handover, the end of a break, and a crew that comes on and goes off."""
    first = {"decision_sum": NEVER, "scene_seconds": 500}
    later = {"reported_at": 5, "decision_sum": ONE}
    crews = [
        works(1, off_at=50),
        works(2, on_at=20, off_at=100),
        works(3, on_at=60, break_at=70, break_seconds=20),
    ]
    taken = policy([unit_pool()], dispatch_rate=rate(**FREED), shift_end=ShiftEnd.HAND_OVER)
    played = play([first, later], crews, taken)
    # The first crew hands over at 50 to the second, and that at 100 to the third.
    assert played.spans(Activity.SCENE, incident=1) == [(0, 50), (50, 100), (100, 500)]
    assert played.times("ready_at") == [0, 500]


def test_only_a_crew_that_the_job_s_own_area_asks_is_just_freed_for_it() -> None:
    """Rule 4.7g: a lender's crew is not, at whichever area's scene it was; one's own is."""
    pools = [unit_pool("north", 0), unit_pool("south", 1)]
    both: dict[str, Any] = {
        "areas": ("north", "south"),
        "dispatchers": (NONE, NONE),
        "borrows": (((1,), (0,)),),
        "borrow_after_seconds": (0,) * GRADES,
        "dispatch_rate": rate(**FREED),
    }
    # The north has a crew from 200 on; until then the south's does its work.
    crews = [works(1, 0, on_at=200), works(2, 1), works(3, 1)]
    reports = [
        {"area": 0, "decision_sum": NEVER, "scene_seconds": 25},
        {"area": 0, "reported_at": 5, "decision_sum": ONE},
        {"area": 1, "reported_at": 5, "decision_sum": ONE},
    ]
    played = play(reports, crews, policy(pools, **both))
    assert played.times("ready_at") == [0, NEVER, 30]


def test_the_stream_s_factor_is_on_the_sum() -> None:
    """Rule 4.7b: at 400 per mille two looks' worth takes five."""
    slower = rules(stream_factor=(400,))
    assert play([{"decision_sum": 2 * ONE}], [works(1)], slower).times("ready_at") == [50]


@pytest.mark.parametrize(("return_at", "opens"), [(NEVER, 35), (12, 12)])
def test_a_job_waits_for_its_gate_and_then_to_be_let_go(return_at: int, opens: int) -> None:
    """Rules 4.2 and 4.7f: the return opens the gate, and lets nobody go."""
    report = {"assessment_seconds": 35, "decision_sum": 2 * ONE, "return_at": return_at}
    played = play([report], [works(1)], rules(gate=Gate.ASSESSMENT))
    assert played.spans(Activity.HELD) == [(0, opens)]
    let_go = {35: 50, 12: 30}[opens]
    assert played.spans(Activity.WAIT_DECISION) == [(opens, let_go)]
    assert played.times("ready_at") == [let_go]


def test_a_return_while_a_job_waits_to_be_let_go_does_not_let_it_go() -> None:
    """Rule 4.7f."""
    report = {"decision_sum": 4 * ONE, "return_at": 12, "interview_seconds": 7}
    played = play([report], [works(1)], rules())
    assert played.times("ready_at") == [40]
    assert played.times("finished_at") == [47]


def test_a_job_that_is_never_let_go_is_open() -> None:
    """Rule 1.6: its wait is written as still going on."""
    stands = rules(by_wait=(((0,) * 96,),) * GRADES)
    played = play([{"decision_sum": ONE}], [works(1)], stands)
    (wait,) = played.rows(Activity.WAIT_DECISION)
    assert (wait.start, wait.end, wait.why) == (0, stands.end, Why.STILL_GOING)
    assert played.times("ready_at") == [NEVER]


def test_what_a_look_adds_is_rounded_once_half_up() -> None:
    """Rule 4.7b: 3 times a half is 1.5, so 2: at the second look 4."""
    half = rules(by_wait=(((3,) * 96,),) * GRADES, by_load=(((PARTS // 2,) * 21,) * 101,) * GRADES)
    assert play([{"decision_sum": 4}], [works(1)], half).times("ready_at") == [20]
    assert play([{"decision_sum": 5}], [works(1)], half).times("ready_at") == [30]
