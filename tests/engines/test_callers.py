"""Rule 2.10: callers who hang up, give up, call again, or report online."""

from __future__ import annotations

from sim.tables import NEVER, Activity, AfterHangUp, End, Origin, Why
from tests.engines.hand import desk_pool, policy, unit_pool
from tests.engines.played import play, works

POOLS = [unit_pool(), desk_pool("takers"), desk_pool("switchboard")]
ONE_TAKER = [works(1), works(11, pool=1)]
CALL = {"origin": Origin.NON_EMERGENCY, "thrive_seconds": 60, "wrap_seconds": 40, "deploys": 0}
IMPATIENT = {**CALL, "patience_seconds": 100, "after_hang_up": AfterHangUp.GIVES_UP}
RULES = policy(POOLS, call_takers=1)


def test_who_hangs_up_as_a_call_taker_becomes_free_is_gone() -> None:
    """Of three, with one taker who is busy to 100: patience to 100 is too short, to 101 not."""
    world = play([CALL, IMPATIENT, {**IMPATIENT, "patience_seconds": 101}], ONE_TAKER, RULES)
    assert world.times("hung_up_at") == [NEVER, 100, NEVER]
    assert world.times("answered_at") == [0, NEVER, 100]
    assert world.times("graded_at") == [60, NEVER, 160]
    assert world.times("end") == [
        End.ENDED_WITHOUT_DEPLOYMENT,
        End.ABANDONED,
        End.ENDED_WITHOUT_DEPLOYMENT,
    ]
    waits = world.rows(Activity.WAIT_CALL_TAKER)
    assert [(row.incident, row.end, row.why) for row in waits] == [
        (2, 100, Why.HUNG_UP),
        (3, 100, Why.DONE),
    ]
    assert world.spans(Activity.CALL) == [(0, 100), (100, 200)]


def test_who_has_no_patience_at_all_may_be_taken_at_once() -> None:
    """Patience of no seconds ends a round after the call: the first is taken, the second gone."""
    world = play([{**IMPATIENT, "patience_seconds": 0}] * 2, ONE_TAKER, RULES)
    assert world.times("hung_up_at") == [NEVER, 0]
    assert world.times("end") == [End.ENDED_WITHOUT_DEPLOYMENT, End.ABANDONED]
    assert world.rows(Activity.WAIT_CALL_TAKER) == []


def test_who_calls_again_has_lost_their_place() -> None:
    """Gone at 50 and back at 80: behind who called at 60, and waits for ever now."""
    again = {"patience_seconds": 50, "after_hang_up": AfterHangUp.CALLS_AGAIN, "again_seconds": 30}
    reports = [CALL, {**IMPATIENT, **again}, {**CALL, "reported_at": 60}]
    world = play(reports, ONE_TAKER, RULES)
    assert world.times("hung_up_at") == [NEVER, 50, NEVER]
    assert world.times("answered_at") == [0, 200, 100]
    assert world.of(2)["end"] == End.ENDED_WITHOUT_DEPLOYMENT
    assert world.spans(Activity.WAIT_CALL_TAKER, incident=2) == [(0, 50), (80, 200)]


def test_who_reports_online_comes_after_all_calls() -> None:
    """Online at 60, and behind a call of 90; one who calls again at 60 is before it."""
    again = {"patience_seconds": 50, "again_seconds": 10}
    answered = {}
    for then in (AfterHangUp.GOES_ONLINE, AfterHangUp.CALLS_AGAIN):
        one = {**IMPATIENT, **again, "after_hang_up": then}
        world = play([CALL, one, {**CALL, "reported_at": 90}], ONE_TAKER, RULES)
        answered[then] = world.times("answered_at")
    assert answered[AfterHangUp.GOES_ONLINE] == [0, 200, 100]
    assert answered[AfterHangUp.CALLS_AGAIN] == [0, 100, 200]


def test_a_switchboard_answers_who_calls_again_once_more() -> None:
    """Answered at 0 and passed on at 10; gone at 110, back at 120, passed on at 130."""
    again = {"after_hang_up": AfterHangUp.CALLS_AGAIN, "again_seconds": 10}
    long = {**CALL, "origin": Origin.EMERGENCY, "thrive_seconds": 400}
    rules = policy(POOLS, call_takers=1, switchboard=2)
    people = [*ONE_TAKER, works(12, pool=2)]
    for then, spans in ((again, [(0, 10), (120, 130)]), ({}, [(0, 10)])):
        caller = {**IMPATIENT, "switch_seconds": 10, **then}
        world = play([long, caller], people, rules)
        assert world.times("answered_at") == [0, 0]
        assert world.times("hung_up_at") == [NEVER, 110]
        assert world.spans(Activity.CALL, pool=2, incident=2) == spans
    online = {**again, "after_hang_up": AfterHangUp.GOES_ONLINE}
    world = play([long, {**IMPATIENT, "switch_seconds": 10, **online}], people, rules)
    assert world.spans(Activity.CALL, pool=2, incident=2) == [(0, 10)]
    assert world.spans(Activity.WAIT_CALL_TAKER, incident=2) == [(10, 110), (120, 440)]


def test_only_callers_by_101_to_whom_nobody_is_sent_hang_up() -> None:
    """Not by 999 or online, and nobody to whom officers are sent."""
    others = [
        {**IMPATIENT, "origin": Origin.EMERGENCY},
        {**IMPATIENT, "origin": Origin.ONLINE},
        {**IMPATIENT, "deploys": 1},
    ]
    for other in others:
        world = play([{**CALL, "origin": Origin.EMERGENCY}, other], ONE_TAKER, RULES)
        assert world.times("hung_up_at") == [NEVER, NEVER]
        assert world.times("answered_at") == [0, 100]
