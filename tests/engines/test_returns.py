"""Rules 9.1 to 9.3: a child comes home, and what became of each incident."""

from __future__ import annotations

import pytest

from sim.tables import NEVER, Activity, End
from tests.engines.hand import desk_pool, policy, policy_with_diversion, unit_pool
from tests.engines.played import play, works

CHILD = {
    "base_travel_seconds": 20,
    "scene_seconds": 100,
    "interview_seconds": 30,
    "writing_seconds": 4,
}


@pytest.mark.parametrize(
    ("return_at", "end", "finished_at", "seen_at"),
    [
        # Arrived at 20: before it the interview, 30 s, and the child seen; else 100 s of work.
        (5, End.RETURNED_FIRST, 50, 20),
        (19, End.RETURNED_FIRST, 50, 20),
        (20, End.ATTENDED, 120, NEVER),
        (60, End.ATTENDED, 120, NEVER),
        (NEVER, End.ATTENDED, 120, NEVER),
    ],
)
def test_a_return_before_the_arrival_makes_the_work_an_interview(
    return_at: int, end: End, finished_at: int, seen_at: int
) -> None:
    """Rules 9.1 to 9.3: units are sent all the same, and write it up."""
    world = play([{**CHILD, "return_at": return_at}], [works(1)], policy([unit_pool()]))
    outcome = world.of(1)
    assert (outcome["end"], outcome["finished_at"]) == (end, finished_at)
    assert (outcome["arrived_at"], outcome["seen_at"]) == (20, seen_at)
    assert world.spans(Activity.WRITING) == [(finished_at, finished_at + 4)]


def test_a_unit_that_arrives_after_the_return_sees_the_child() -> None:
    """Rule 9.2: there at 20, diverted at 30; returned at 40; there again at 100, 90 s left."""
    rules = policy_with_diversion()
    reports = [{**CHILD, "return_at": 40}, {"grade": 1, "reported_at": 30, "scene_seconds": 50}]
    outcome = play(reports, [works(1)], rules).of(1)
    assert (outcome["arrived_at"], outcome["seen_at"], outcome["finished_at"]) == (20, 100, 190)
    assert outcome["end"] == End.ATTENDED


def test_a_return_may_lower_the_rank_of_a_job_that_waits() -> None:
    """Rule 6.2: from its return at 50 it stands after the job that was reported later."""
    reports = [
        {"grade": 1, "scene_seconds": 100},
        {**CHILD, "reported_at": 1, "return_at": 50},
        {"reported_at": 2, "scene_seconds": 10},
    ]
    for lowers, order in ((False, [0, 100, 154]), (True, [0, 110, 100])):
        rules = policy([unit_pool()], returned_ranks_lower=lowers)
        assert play(reports, [works(1)], rules).times("claimed_at") == order


def test_a_return_lowers_the_rank_of_a_job_that_officers_have_left() -> None:
    """Rule 6.2: attended at 20, diverted at 30, returned at 40, so it waits behind the other."""
    rules = policy_with_diversion(returned_ranks_lower=True)
    reports = [
        {**CHILD, "return_at": 40},
        {"grade": 1, "reported_at": 30, "scene_seconds": 50},
        {"reported_at": 35, "scene_seconds": 10},
    ]
    world = play(reports, [works(1)], rules)
    assert world.of(3)["claimed_at"] == 80
    assert world.of(1)["finished_at"] == 90 + 20 + 90


def test_every_incident_has_one_end() -> None:
    """Rule 9.3: attended, returned first (attended or not), ended with the call, or open."""
    rules = policy([unit_pool(), desk_pool("desk")], end=100)
    reports = [
        {},
        {"return_at": 0, "reported_at": 1},
        {"deploys": 0},
        {"officers": 9},
        {"officers": 9, "return_at": 99},
        {"officers": 9, "return_at": 100},
        {"desk_pool": 1, "deploys": 0},
    ]
    world = play(reports, [works(1)], rules)
    assert world.times("end") == [
        End.ATTENDED,
        End.RETURNED_FIRST,
        End.ENDED_WITHOUT_DEPLOYMENT,
        End.OPEN,
        End.RETURNED_FIRST,
        End.OPEN,
        End.DESK_WORK,
    ]
