"""Rules 12.1 to 12.5: the child is back or found, is seen, and a PPN is sent."""

from __future__ import annotations

from typing import Any

import pytest

from sim.tables import NEVER, NONE, Activity, CaseEnd, ShiftEnd, Why
from tests.engines.episodes import play_episodes, rules
from tests.engines.hand import desk_pool, policy, policy_with_diversion, unit_pool
from tests.engines.played import works

CHILD = {"scene_seconds": 50, "interview_seconds": 30, "writing_seconds": 4}


def test_a_return_while_a_gap_passes_brings_a_visit() -> None:
    """Back at 100; travel 8, there at 108, interview to 138, PPN of 6 s written to 144."""
    episode = {"interview_travel_seconds": 8, "ppn_seconds": 6}
    world = play_episodes(
        [{**CHILD, "return_at": 100, "episode": episode}],
        [works(1)],
        policy([unit_pool()], end=900, episode=rules()),
    )
    assert world.spans(Activity.INTERVIEW) == [(108, 138)]
    assert world.spans(Activity.WRITING) == [(50, 54), (138, 144)]
    assert world.spans(Activity.ENQUIRY) == []
    case = world.case(1)
    assert (case["end"], case["safe_at"]) == (CaseEnd.RETURNED, 100)
    assert (case["interviewed_at"], case["interviewed_by"], case["ppn_at"]) == (138, 0, 144)
    assert world.of(1)["seen_at"] == 108


def test_a_return_withdraws_a_line_that_waits_or_travels() -> None:
    """Asked at 150, set off at 150, back at 155 on the way: the unit turns to the visit."""
    report = {**CHILD, "return_at": 155, "lines": [{"base_travel_seconds": 20}]}
    world = play_episodes([report], [works(1)], policy([unit_pool()], end=900, episode=rules()))
    rows = [(row.start, row.end, row.why) for row in world.rows(Activity.TRAVEL)][1:]
    assert rows == [(150, 155, Why.RETURNED), (155, 155, Why.DONE)]
    assert world.spans(Activity.ENQUIRY) == []
    assert world.spans(Activity.INTERVIEW) == [(155, 185)]
    assert world.case(1)["lines"] == 0


def test_a_return_withdraws_a_line_that_is_queued() -> None:
    """The unit is busy from 60 to 660; the line asked for at 150 stops waiting at 200."""
    busy = {"grade": 1, "reported_at": 60, "scene_seconds": 600, "interview_seconds": 0}
    world = play_episodes(
        [{**CHILD, "return_at": 200}, busy],
        [works(1)],
        policy([unit_pool()], end=700, episode=rules()),
    )
    rows = world.rows(Activity.WAIT_ENQUIRY)
    assert [(row.start, row.end, row.why) for row in rows] == [(150, 200, Why.RETURNED)]
    assert world.spans(Activity.WAIT_VISIT) == [(200, 660)]


def test_work_on_a_line_that_has_begun_is_finished_to_no_effect() -> None:
    """At work from 150 to 160, back at 155: it finds nobody; another unit visits at once."""
    report = {**CHILD, "return_at": 155, "lines": [{"finds": 1}]}
    world = play_episodes(
        [report], [works(1), works(2)], policy([unit_pool()], end=900, episode=rules())
    )
    assert world.spans(Activity.ENQUIRY) == [(150, 160)]
    assert [(row.unit, row.start) for row in world.rows(Activity.INTERVIEW)] == [(2, 155)]
    assert world.case(1)["found_at"] == NEVER
    assert [row.attempt for row in world.rows(Activity.INTERVIEW)] == [2]


def test_a_return_during_the_first_attendance_is_followed_by_the_interview() -> None:
    """At the scene from 0 to 50, back at 20: interview 50 to 80, protection 80 to 90."""
    report = {**CHILD, "return_at": 20, "episode": {"protection_seconds": 10, "ppn_seconds": 6}}
    world = play_episodes([report], [works(1)], policy([unit_pool()], end=900, episode=rules()))
    assert world.spans(Activity.SCENE) == [(0, 50)]
    assert world.spans(Activity.INTERVIEW) == [(50, 80)]
    assert world.spans(Activity.PROTECTION) == [(80, 90)]
    # The job's own writing and the PPN in one piece.
    assert world.spans(Activity.WRITING) == [(90, 100)]
    assert world.of(1)["seen_at"] == 20
    case = world.case(1)
    assert (case["interviewed_at"], case["ppn_at"], case["enquiry_at"]) == (80, 100, NEVER)


def test_a_return_in_the_second_in_which_work_ends_comes_after_it() -> None:
    """Rule 11.1: under enquiry for no time, then a visit."""
    world = play_episodes(
        [{**CHILD, "return_at": 50}], [works(1)], policy([unit_pool()], end=900, episode=rules())
    )
    assert world.case(1)["enquiry_at"] == 50
    assert world.spans(Activity.OWNED_BY_RESPONSE) == []
    # The unit first writes its report, 50 to 54.
    assert world.spans(Activity.INTERVIEW) == [(54, 84)]


def test_a_return_before_anybody_arrives_makes_the_first_attendance_the_interview() -> None:
    """Rules 9.1 and 12.5: its writing is the PPN."""
    report = {
        **CHILD,
        "base_travel_seconds": 20,
        "return_at": 5,
        "episode": {"ppn_seconds": 60, "protection_seconds": 7},
    }
    world = play_episodes([report], [works(1)], policy([unit_pool()], end=900, episode=rules()))
    assert world.spans(Activity.SCENE) == [(20, 50)]
    assert world.spans(Activity.PROTECTION) == [(50, 57)]
    assert world.spans(Activity.WRITING) == [(57, 61)]
    assert world.spans(Activity.INTERVIEW) == []
    case = world.case(1)
    assert (case["interviewed_at"], case["ppn_at"], case["safe_at"]) == (50, 61, 5)


def test_a_child_who_is_found_is_brought_home_and_interviewed() -> None:
    """Found at 160; transport to 172, interview to 202; the return at 500 is void."""
    report = {
        **CHILD,
        "return_at": 500,
        "lines": [{"finds": 1}],
        "episode": {"transport_seconds": 12},
    }
    world = play_episodes([report], [works(1)], policy([unit_pool()], end=900, episode=rules()))
    assert world.spans(Activity.TRANSPORT) == [(160, 172)]
    assert world.spans(Activity.INTERVIEW) == [(172, 202)]
    case = world.case(1)
    assert (case["end"], case["found_at"], case["safe_at"]) == (CaseEnd.FOUND, 160, 160)
    assert (world.of(1)["seen_at"], case["lines"]) == (160, 1)
    assert len(world.rows(Activity.WAIT_VISIT)) == 0


def test_a_child_whom_a_desk_finds_is_visited() -> None:
    """Found by telephone at 160, seen by the visit that arrives at 165."""
    report = {
        **CHILD,
        "return_at": NEVER,
        "lines": [{"finds": 1, "desk": 1}],
        "episode": {"interview_travel_seconds": 5},
    }
    world = play_episodes([report], [works(1)], policy([unit_pool()], end=900, episode=rules()))
    assert world.case(1)["found_at"] == 160
    assert world.spans(Activity.INTERVIEW) == [(165, 195)]
    assert world.of(1)["seen_at"] == 165
    assert world.spans(Activity.TRANSPORT) == []


def test_a_return_in_the_second_of_the_arrival_is_seen_and_comes_after_it() -> None:
    """Known when graded at 0, before the unit arrives in the next round: scene, then interview."""
    report = {**CHILD, "return_at": 0, "episode": {"ppn_seconds": 6}}
    world = play_episodes([report], [works(1)], policy([unit_pool()], end=900, episode=rules()))
    assert world.spans(Activity.SCENE) == [(0, 50)]
    assert world.spans(Activity.INTERVIEW) == [(50, 80)]
    assert world.spans(Activity.WRITING) == [(80, 90)]
    assert world.of(1)["seen_at"] == 0


def test_a_line_to_no_effect_that_loses_its_units_is_over() -> None:
    """At work 150 to 200, back at 155, diverted at 160: it does not wait to be finished."""
    rule = policy_with_diversion(end=900, episode=rules(interviewers=(((),), ((),))))
    report = {**CHILD, "return_at": 155, "lines": [{"work_seconds": 50}]}
    urgent = {"grade": 1, "reported_at": 160, "scene_seconds": 20, "interview_seconds": 0}
    world = play_episodes([report, urgent], [works(1)], rule)
    rows = world.rows(Activity.ENQUIRY, incident=1)
    assert [(row.start, row.end, row.why) for row in rows] == [(150, 160, Why.DIVERTED)]
    assert world.rows(Activity.WAIT_ENQUIRY, incident=1) == []
    assert world.case(1)["lines"] == 0


def test_a_line_to_no_effect_is_not_handed_over() -> None:
    """The shift ends at 160: its work ends with it; a line that is still wanted goes on."""
    rule = policy(
        [unit_pool()], end=900, shift_end=ShiftEnd.HAND_OVER, handover_seconds=5, episode=rules()
    )
    people = [works(1, off_at=160), works(2, on_at=160)]
    report = {**CHILD, "return_at": 155, "lines": [{"work_seconds": 50}, {"gap_seconds": 900}]}
    world = play_episodes([report], people, rule)
    rows = world.rows(Activity.ENQUIRY)
    assert [(row.unit, row.end, row.why) for row in rows] == [(1, 160, Why.HANDED_OVER)]
    wanted = play_episodes([{**report, "return_at": NEVER}], people, rule)
    # 40 s are left at 160, and 5 s to tell it.
    rows = wanted.rows(Activity.ENQUIRY)
    assert [(row.unit, row.start, row.end) for row in rows] == [(1, 150, 160), (2, 160, 205)]
    assert wanted.case(1)["lines"] == 1


def test_a_return_while_a_dispatcher_allocates_a_line_withdraws_it() -> None:
    """Allocated 150 to 170, back at 160: the dispatcher finishes, the unit is free at 160.

    The visit is allocated after that, by the same dispatcher, 170 to 190.
    """
    rule = policy([unit_pool(), desk_pool("dispatch")], end=900, dispatchers=(1,), episode=rules())
    report = {**CHILD, "return_at": 160, "scene_seconds": 30}
    world = play_episodes([report], [works(1), works(2, pool=1)], rule, dispatch_seconds=(20,))
    assert world.spans(Activity.DISPATCH) == [(0, 20), (150, 170), (170, 190)]
    assert world.spans(Activity.WAIT_DISPATCHER) == [(160, 170)]
    rows = world.rows(Activity.EARMARKED)
    assert [(row.start, row.end, row.why) for row in rows] == [
        (0, 20, Why.DONE),
        (150, 160, Why.RETURNED),
        (160, 190, Why.DONE),
    ]
    assert world.spans(Activity.INTERVIEW) == [(190, 220)]


def test_a_return_drops_a_line_whose_dispatch_nobody_has_begun() -> None:
    """The dispatcher is away from 60 to 300: the line's task ends its wait at 160, returned."""
    rule = policy([unit_pool(), desk_pool("dispatch")], end=900, dispatchers=(1,), episode=rules())
    people = [works(1), works(2, pool=1, off_at=60), works(3, pool=1, on_at=300)]
    report = {**CHILD, "return_at": 160, "scene_seconds": 30}
    world = play_episodes([report], people, rule, dispatch_seconds=(20,))
    rows = world.rows(Activity.WAIT_DISPATCHER)
    assert [(row.start, row.end, row.why, row.attempt) for row in rows] == [
        (150, 160, Why.RETURNED, 1),
        (160, 300, Why.DONE, 2),
    ]


def test_a_return_while_a_first_attendance_is_diverted_is_seen_by_the_next_to_arrive() -> None:
    """At the scene to 30; back at 60, the very second in which the unit is there again."""
    rule = policy_with_diversion(end=900, episode=rules())
    urgent = {"grade": 1, "reported_at": 30, "scene_seconds": 30, "interview_seconds": 0}
    world = play_episodes([{**CHILD, "return_at": 60}, urgent], [works(1)], rule)
    # The return is of the first round of that second, the arrival of the next but one.
    assert world.of(1)["seen_at"] == 60


def test_units_with_a_child_are_not_diverted() -> None:
    """Rule 12.4: a grade 1 at 110 waits until the interview is over at 130."""
    rule = policy_with_diversion(end=900, most=3, episode=rules())
    report = {**CHILD, "return_at": 100, "writing_seconds": 0}
    urgent = {"grade": 1, "reported_at": 110, "scene_seconds": 5, "interview_seconds": 0}
    world = play_episodes([report, urgent], [works(1)], rule)
    assert world.spans(Activity.INTERVIEW, incident=1) == [(100, 130)]
    assert world.of(2)["claimed_at"] == 130


def test_units_with_a_child_stay_after_their_shift() -> None:
    """Rule 12.4: where others hand over, they finish the interview in overtime."""
    rule = policy(
        [unit_pool()], end=900, shift_end=ShiftEnd.HAND_OVER, handover_seconds=5, episode=rules()
    )
    world = play_episodes(
        [{**CHILD, "return_at": 100}], [works(1, off_at=110), works(2, on_at=110)], rule
    )
    rows = world.rows(Activity.INTERVIEW)
    assert [(row.unit, row.start, row.end) for row in rows] == [(1, 100, 130)]


def test_interviews_may_be_the_teams_alone() -> None:
    """Rule 12.3: response is free, but the visit waits for the team, on duty from 300."""
    episode = rules((0,), (1,), interviewers=(((1,),), ((1,),)))
    rule = policy([unit_pool(), unit_pool("team")], end=900, attends=(((0,),),), episode=episode)
    world = play_episodes(
        [{**CHILD, "return_at": 100}], [works(1), works(2, pool=1, on_at=300)], rule
    )
    rows = world.rows(Activity.INTERVIEW)
    assert [(row.unit, row.start) for row in rows] == [(2, 300)]
    assert world.case(1)["interviewed_by"] == 1


def test_a_ppn_that_is_broken_off_is_sent_when_it_is_written() -> None:
    """Rule 12.5 with 5.3: 2 of 6 s at 132; a grade 1 to 152; the rest with it, 152 to 156."""
    rule = policy(
        [unit_pool()],
        end=900,
        writing_interrupted=(True,) + (False,) * 4,
        episode=rules(),
    )
    report = {**CHILD, "return_at": 100, "episode": {"ppn_seconds": 6}}
    urgent = {"grade": 1, "reported_at": 132, "scene_seconds": 20}
    world = play_episodes([report, urgent], [works(1)], rule)
    assert world.case(1)["ppn_at"] == 156


def test_a_ppn_that_was_not_sent_is_asked_for() -> None:
    """Interview to 130, prompt due 100 s later, 230 to 240 at MASH, then 9 s to write it."""
    report = {**CHILD, "return_at": 100, "episode": {"ppn_sent": 0, "ppn_seconds": 9}}
    pools = [unit_pool(), desk_pool("mash_supervisor")]
    asked = rules(mash_supervisor=1, prompt_after_seconds=100, prompt_seconds=10)
    people = [works(1), works(2, pool=1)]
    world = play_episodes([report], people, policy(pools, end=900, episode=asked))
    assert world.spans(Activity.PROMPT) == [(230, 240)]
    assert world.case(1)["ppn_at"] == 249
    never = play_episodes([report], people, policy(pools, end=900, episode=rules()))
    assert never.case(1)["ppn_at"] == NEVER


def test_a_return_while_the_job_waits_again_is_followed_by_the_interview() -> None:
    """At the scene to 30, diverted to 60 elsewhere; back at 40; 20 s of work, then 30 s."""
    rule = policy_with_diversion(end=900, episode=rules())
    report = {**CHILD, "return_at": 40, "writing_seconds": 0}
    urgent = {"grade": 1, "reported_at": 30, "scene_seconds": 30, "interview_seconds": 0}
    world = play_episodes([report, urgent], [works(1)], rule)
    assert world.spans(Activity.SCENE, incident=1) == [(0, 30), (60, 80)]
    assert world.spans(Activity.INTERVIEW, incident=1) == [(80, 110)]
    assert world.of(1)["seen_at"] == 60
    assert world.case(2)["interviewed_by"] == NONE


def protection_begun(at: int, followed: dict[str, Any], **episode: int) -> list[tuple[int, int]]:
    """Spans of protection after an interview that ends at a second: 10 by day, 25 out of hours."""
    lengths = {"protection_seconds": 10, "protection_night_seconds": 25}
    report = {
        **CHILD,
        "return_at": 20,
        "scene_seconds": at - 30,
        "episode": {**lengths, **episode},
    }
    world = play_episodes(
        [report], [works(1)], policy([unit_pool()], end=900, episode=rules(**followed))
    )
    return world.spans(Activity.PROTECTION)


OPEN = {"placement_from": 100, "placement_until": 200}


@pytest.mark.parametrize(
    ("at", "until"), [(99, 99 + 25), (100, 100 + 10), (199, 199 + 10), (200, 200 + 25)]
)
def test_protection_lasts_by_the_hour_in_which_it_begins(at: int, until: int) -> None:
    """Rule 12.4a: placements are found from 100 to 200."""
    assert protection_begun(at, OPEN) == [(at, until)]


@pytest.mark.parametrize(
    ("at", "until"),
    # Over at 85 and held to 100; over at 100, when placements are found; over at 115, and held to
    # 100 of the next day, but 300 at most.
    [(60, 100), (75, 100), (90, 90 + 300)],
)
def test_a_child_without_a_placement_is_held_until_one_can_be_found(at: int, until: int) -> None:
    """Rules 12.4b and c."""
    most = {**OPEN, "protection_most_seconds": 300}
    assert protection_begun(at, most, no_placement=1) == [(at, until)]


def test_nobody_is_held_for_a_placement_who_is_not_under_protection() -> None:
    """Rule 12.4a: 0 by day is no protection, whatever the hour."""
    assert protection_begun(60, OPEN, no_placement=1, protection_seconds=0) == []


def test_without_hours_of_placement_protection_has_one_length() -> None:
    """Rules 12.4a to c are off: neither the hour, nor a placement, nor a limit counts."""
    off = {"protection_most_seconds": 5}
    assert protection_begun(200, off, no_placement=1) == [(200, 210)]
