"""Rules 4.4 to 4.6: enquiries by telephone before anybody is sent."""

from __future__ import annotations

from typing import Any

import pytest

from sim.tables import NEVER, PARTS, Activity, CaseEnd, End, Gate, Risk, Why
from tests.engines.episodes import play_episodes, rules
from tests.engines.hand import desk_pool, policy, unit_pool
from tests.engines.played import Played, play, works

POOLS = [unit_pool(), desk_pool("research"), desk_pool("supervisors")]
PEOPLE = [works(1), works(11, pool=1), works(12, pool=2)]
# Graded at 10, and asked about by telephone for 100 seconds.
REPORT = {
    "thrive_seconds": 10,
    "uncertain_parts": 0,
    "telephone_seconds": 100,
    "risk": Risk.MEDIUM,
    "scene_seconds": 50,
}
FINDS = {**REPORT, "telephone_finds": 1}


def telephoned(*reports: dict[str, int], **more: Any) -> Played:
    """Reports under a policy with telephone enquiries, one unit and one person at the desk."""
    settings = {"telephone_parts": PARTS, "telephone_desk": 1, **more}
    return play(reports, PEOPLE, policy(POOLS, **settings))


def held(world: Played, incident: int = 1) -> list[tuple[int, int, Why]]:
    """What a job waits for that is past its gate and not ready."""
    rows = world.rows(Activity.HELD_FOR_TELEPHONE, incident=incident)
    return [(row.start, row.end, row.why) for row in rows]


def test_an_enquiry_that_finds_nobody_delays_the_deployment() -> None:
    """Rules 4.4 and 4.5: ready at 110."""
    world = telephoned(REPORT)
    assert world.of(1)["ready_at"] == world.of(1)["arrived_at"] == 110
    assert held(world) == [(10, 110, Why.DONE)]
    assert world.spans(Activity.TELEPHONE, pool=1, unit=11) == [(10, 110)]
    assert world.of(1)["end"] == End.ATTENDED


def test_an_enquiry_that_finds_the_child_sends_nobody() -> None:
    """Rule 4.5: found at 110; the return at 300 is void, no review is made of it."""
    reviewed = {
        "review_levels": (2,),
        "review_after_seconds": (150,) * 5,
        "review_seconds": 1,
        "rethrive_pool": 2,
        "rethrive_after_seconds": 150,
        "rethrive_seconds": 1,
    }
    world = telephoned({**FINDS, "return_at": 300}, **reviewed)
    outcome = world.of(1)
    assert outcome["end"] == End.FOUND_BY_TELEPHONE
    assert outcome["telephone_found_at"] == 110
    assert outcome["ready_at"] == outcome["arrived_at"] == outcome["seen_at"] == NEVER
    assert outcome["allocations"] == outcome["reviews"] == 0
    assert world.spans(Activity.RETHRIVE) == world.spans(Activity.REVIEW) == []
    # The same luck without the rule: attended at once.
    assert telephoned(FINDS, telephone_parts=0).of(1)["arrived_at"] == 10


def test_a_found_child_is_visited() -> None:
    """Rules 4.5 and 12.3: found at 110; a unit is there at 118 and holds the interview to 148."""
    report = {
        **FINDS,
        "interview_seconds": 30,
        "return_at": 400,
        "episode": {"interview_travel_seconds": 8, "ppn_seconds": 6},
    }
    rule = policy(POOLS, telephone_parts=PARTS, telephone_desk=1, end=900, episode=rules())
    world = play_episodes([report], PEOPLE, rule)
    case = world.case(1)
    assert (case["end"], case["found_at"], case["safe_at"]) == (CaseEnd.FOUND, 110, 110)
    assert (case["enquiry_at"], case["lines"]) == (NEVER, 0)
    assert world.spans(Activity.INTERVIEW) == [(118, 148)]
    assert [row.attempt for row in world.rows(Activity.INTERVIEW)] == [0]
    assert world.spans(Activity.WRITING) == [(148, 154)]
    assert (world.of(1)["seen_at"], case["interviewed_at"], case["ppn_at"]) == (118, 148, 154)
    assert world.of(1)["end"] == End.FOUND_BY_TELEPHONE


@pytest.mark.parametrize(
    "report",
    [
        {"risk": Risk.HIGH},
        {"uncertain_parts": PARTS // 2},
        {"return_at": 5},
        {"uncertain_parts": PARTS},
    ],
)
def test_where_risk_is_high_or_certain_or_the_child_back_nobody_telephones(
    report: dict[str, int],
) -> None:
    """Rule 4.4: the deployment is ready when graded."""
    world = telephoned({**FINDS, **report}, telephone_parts=PARTS // 2)
    assert world.of(1)["ready_at"] == 10
    assert world.spans(Activity.TELEPHONE) == []


@pytest.mark.parametrize(
    ("seconds", "ready", "gate", "waits"),
    [
        (100, 110, [(10, 60)], [(60, 110, Why.DONE)]),
        (50, 60, [(10, 60)], []),
        (20, 60, [(10, 60)], []),
    ],
)
def test_a_held_deployment_waits_for_both(
    seconds: int, ready: int, gate: list[tuple[int, int]], waits: list[tuple[int, int, Why]]
) -> None:
    """Rule 4.4: ratified at 60; ready at the later of the two."""
    report = {**REPORT, "telephone_seconds": seconds, "ratification_seconds": 50}
    world = telephoned(
        {**report, "ratified_risk": Risk.MEDIUM}, gate=Gate.RATIFICATION, held_parts=PARTS
    )
    assert world.of(1)["ready_at"] == ready
    assert world.spans(Activity.HELD) == gate
    assert held(world) == waits


def test_a_child_found_while_its_deployment_is_held_opens_no_gate() -> None:
    """Rule 4.5: found at 30; ratified at 60 all the same, and nobody is sent."""
    report = {**FINDS, "telephone_seconds": 20, "ratification_seconds": 50}
    world = telephoned(report, gate=Gate.RATIFICATION, held_parts=PARTS)
    rows = [(row.start, row.end, row.why) for row in world.rows(Activity.HELD)]
    assert rows == [(10, 30, Why.RETURNED)]
    assert held(world) == []
    assert world.of(1)["ratified_at"] == 60
    assert world.of(1)["ready_at"] == NEVER


def test_a_deployment_waits_no_longer_than_the_rule_says() -> None:
    """Rule 4.6: ready at 60; what is in hand is finished to no effect, what waits is dropped."""
    world = telephoned(FINDS, FINDS, telephone_most_seconds=50)
    assert world.times("ready_at") == [60, 60]
    assert world.times("telephone_found_at") == [NEVER, NEVER]
    assert world.spans(Activity.TELEPHONE) == [(10, 110)]
    assert held(world) == [(10, 60, Why.INTERRUPTED)]
    waits = world.rows(Activity.WAIT_DESK)
    assert [(row.incident, row.start, row.end, row.why) for row in waits] == [
        (2, 10, 60, Why.INTERRUPTED)
    ]


def test_an_enquiry_that_ends_in_that_second_counts() -> None:
    """Rule 1.3: work ends before patience does."""
    world = telephoned(FINDS, telephone_most_seconds=100)
    assert world.of(1)["telephone_found_at"] == 110


def test_a_return_ends_the_wait() -> None:
    """Rules 4.2 and 4.6: back at 40, and attended then for the interview."""
    world = telephoned(
        {**FINDS, "return_at": 40, "interview_seconds": 30, "base_travel_seconds": 5}
    )
    assert held(world) == [(10, 40, Why.RETURNED)]
    assert world.of(1)["end"] == End.RETURNED_FIRST
    assert world.spans(Activity.SCENE) == [(45, 75)]
    assert world.spans(Activity.TELEPHONE) == [(10, 110)]


def test_a_rise_of_risk_ends_the_wait() -> None:
    """Rule 4.6: ratified as high at 60, or a review that ends at 40 discovers a rise of 20."""
    high = {**FINDS, "ratification_seconds": 50, "ratified_risk": Risk.HIGH}
    world = telephoned(high)
    assert held(world) == [(10, 60, Why.INTERRUPTED)]
    rises = {"review_levels": (2,), "review_after_seconds": (20,) * 5, "review_seconds": 10}
    world = telephoned({**FINDS, "escalates_at": 20}, **rises)
    assert held(world) == [(10, 40, Why.INTERRUPTED)]
    assert world.of(1)["upgraded_at"] == 40


def test_without_a_desk_it_takes_nobody_s_time() -> None:
    """Rule 4.4: two at once, and no rows of work."""
    world = telephoned(REPORT, FINDS, telephone_desk=-1)
    assert world.times("ready_at") == [110, NEVER]
    assert world.times("telephone_found_at") == [NEVER, 110]
    assert world.spans(Activity.TELEPHONE) == []


def test_what_goes_on_at_the_end_is_written() -> None:
    """Rule 1.6: held for the telephone, and the desk at work."""
    world = telephoned(REPORT, end=70)
    assert held(world) == [(10, 70, Why.STILL_GOING)]
    assert [row.why for row in world.rows(Activity.TELEPHONE)] == [Why.STILL_GOING]
    assert world.of(1)["end"] == End.OPEN
