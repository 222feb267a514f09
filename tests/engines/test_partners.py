"""Rules 12.5 to 13.9: MASH, the daily meeting, return home interviews, and the next time."""

from __future__ import annotations

from typing import Any

import pytest

from sim.tables import DAY, HOUR, NEVER, Activity, CaseEnd, End, Risk
from tests.engines.episodes import play_episodes, rules
from tests.engines.hand import desk_pool, policy, unit_pool
from tests.engines.played import Played, works

UNITS, DESK, OTHER = 0, 1, 2
POOLS = [unit_pool(), desk_pool("desk"), desk_pool("other")]
PEOPLE = [works(1), works(2), works(11, DESK), works(12, OTHER)]
HOME: dict[str, Any] = {"scene_seconds": 50, "interview_seconds": 30, "return_at": 100}
"""Attended 0 to 50, back at 100, visited 100 to 130."""
NOTHING = {"scene_seconds": 0, "interview_seconds": 0}


def world(
    *reports: dict[str, Any], people: Any = PEOPLE, end: int = 5 * HOUR, **more: Any
) -> Played:
    """Cases, two units and two desks of one person each."""
    return play_episodes(reports, people, policy(POOLS, end=end, episode=rules(**more)))


def test_mash_takes_ppns_by_risk() -> None:
    """All three are sent at 130; that of high risk first, then by the grade of the class."""
    episode = {"mash_seconds": 20}
    reports = [
        {**HOME, "risk": Risk.LOW, "grade": 1, "episode": episode},
        {**HOME, "risk": Risk.MEDIUM, "episode": episode},
        {**HOME, "risk": Risk.HIGH, "episode": episode},
    ]
    people = [*PEOPLE, works(3)]
    played = world(*reports, people=people, mash=DESK, enquiry_grade=(3, 3, 2, 2, 2))
    rows = played.rows(Activity.MASH)
    assert [(row.incident, row.start, row.end) for row in rows] == [
        (3, 130, 150),
        (2, 150, 170),
        (1, 170, 190),
    ]
    assert [played.case(key)["shared_at"] for key in (1, 2, 3)] == [190, 170, 150]


def test_mash_without_a_pool_shares_in_nobodys_time() -> None:
    """Sent at 130, shared at 150."""
    played = world({**HOME, "episode": {"mash_seconds": 20}})
    assert (played.case(1)["ppn_at"], played.case(1)["shared_at"]) == (130, 150)
    assert played.rows(Activity.MASH) == []


def test_a_late_ppn_is_written_at_its_desk_and_shared_then() -> None:
    """Interview to 130; prompt due 230, 5 s; the PPN 235 to 244; MASH 244 to 264."""
    episode = {"ppn_sent": 0, "ppn_seconds": 9, "mash_seconds": 20}
    asked = {"mash_supervisor": OTHER, "prompt_after_seconds": 100, "prompt_seconds": 5}
    played = world({**HOME, "episode": episode}, mash=OTHER, late_ppn_pool=DESK, **asked)
    assert played.spans(Activity.PROMPT, pool=OTHER) == [(230, 235)]
    assert played.spans(Activity.PPN, pool=DESK) == [(235, 244)]
    assert played.spans(Activity.MASH, pool=OTHER) == [(244, 264)]
    assert (played.case(1)["ppn_at"], played.case(1)["shared_at"]) == (244, 264)
    assert played.spans(Activity.WRITING) == []


def test_the_meeting_takes_the_cases_reported_by_then() -> None:
    """At 300: those reported at 0 and at 300 (safe or not), by key; that of 301 the day after."""
    reports = [HOME, {**NOTHING, "reported_at": 300}, {**NOTHING, "reported_at": 301}]
    more = {"coordinator": DESK, "meeting_at": 300, "meeting_seconds": 10}
    played = world(*reports, end=2 * DAY, **more)
    rows = played.rows(Activity.MEETING)
    assert [(row.incident, row.attempt, row.start, row.end) for row in rows] == [
        (1, 0, 300, 310),
        (2, 0, 310, 320),
        (3, 0, DAY + 300, DAY + 310),
    ]
    assert [played.case(key)["discussed_at"] for key in (1, 2, 3)] == [310, 320, DAY + 310]


def test_without_anybody_on_duty_there_is_no_meeting_that_day() -> None:
    """The co-ordinator is there until 300 on the first day, and from 300 on the third.

    A shift that ends in the second of the meeting is over; one that begins in it has begun.
    """
    people = [
        *PEOPLE[:2],
        works(11, DESK, off_at=300),
        works(12, DESK, on_at=2 * DAY + 300, off_at=2 * DAY + HOUR),
    ]
    more = {"coordinator": DESK, "meeting_at": 300, "meeting_seconds": 10}
    played = world(HOME, people=people, end=3 * DAY, **more)
    assert played.spans(Activity.MEETING) == [(2 * DAY + 300, 2 * DAY + 310)]
    assert played.rows(Activity.WAIT_DESK) == []


def test_without_a_coordinator_a_case_is_discussed_when_its_child_is_safe() -> None:
    """At 100; with one, and no meetings, never."""
    assert world(HOME).case(1)["discussed_at"] == 100
    assert world(HOME, coordinator=DESK).case(1)["discussed_at"] == NEVER


def test_a_return_before_grading_is_known_at_grading() -> None:
    """Back at 10, graded at 40: safe at 10, and discussed at 40."""
    played = world({**HOME, "return_at": 10, "thrive_seconds": 40})
    assert (played.case(1)["safe_at"], played.case(1)["discussed_at"]) == (10, 40)


@pytest.mark.parametrize(("held", "times"), [(501, (140, 200)), (500, (NEVER, NEVER))])
def test_a_share_of_cases_has_a_strategy_meeting(held: int, times: tuple[int, int]) -> None:
    """Discussed at 100; the meeting 40 s later, its minutes 60 s after that."""
    episode = {"strategy_parts": 500, "strategy_after_seconds": 40, "minutes_after_seconds": 60}
    case = world({**HOME, "episode": episode}, strategy_parts_held=held).case(1)
    assert (case["strategy_at"], case["minutes_at"]) == times


RHI = {"rhi_offered": 1, "rhi_accepted": 1, "rhi_wait_seconds": 20, "rhi_seconds": 30}


def test_return_home_interviews_are_the_workers_of_the_areas_authority() -> None:
    """Offered at 100, asked for at 120; the second waits for the worker until 150."""
    report = {**HOME, "episode": RHI}
    played = world(report, report, interview_workers=(DESK,))
    assert played.spans(Activity.RETURN_INTERVIEW) == [(120, 150), (150, 180)]
    assert played.spans(Activity.WAIT_DESK) == [(120, 150)]
    assert [played.case(key)["offered_at"] for key in (1, 2)] == [100, 100]
    assert [played.case(key)["completed_at"] for key in (1, 2)] == [150, 180]


@pytest.mark.parametrize("workers", [(), (-1,)])
def test_a_return_home_interview_may_take_nobodys_time(workers: tuple[int, ...]) -> None:
    """Complete at 120 + 30."""
    played = world({**HOME, "episode": RHI}, interview_workers=workers)
    assert played.case(1)["completed_at"] == 150
    assert played.rows(Activity.RETURN_INTERVIEW) == []


def test_another_authority_takes_its_own_time() -> None:
    """120 + 500, whatever the area's own workers do."""
    episode = {**RHI, "outside_seconds": 500}
    played = world({**HOME, "episode": episode}, interview_workers=(DESK,))
    assert played.case(1)["completed_at"] == 620
    assert played.rows(Activity.RETURN_INTERVIEW) == []


def test_an_interview_that_is_refused_or_not_offered_is_not_held() -> None:
    """Offered at 100 and refused; or never offered."""
    refused = world({**HOME, "episode": {**RHI, "rhi_accepted": 0}}).case(1)
    assert (refused["offered_at"], refused["completed_at"]) == (100, NEVER)
    never = world({**HOME, "episode": {**RHI, "rhi_offered": 0}}).case(1)
    assert (never["offered_at"], never["completed_at"]) == (NEVER, NEVER)


@pytest.mark.parametrize(("return_at", "offered_at"), [(100, 310), (310, 310), (400, 400)])
def test_the_interview_is_offered_when_discussed_and_safe(return_at: int, offered_at: int) -> None:
    """Discussed from 300 to 310."""
    report = {**HOME, "return_at": return_at, "episode": RHI}
    more = {"coordinator": DESK, "meeting_at": 300, "meeting_seconds": 10}
    assert world(report, **more).case(1)["offered_at"] == offered_at


def test_a_child_who_is_found_is_offered_an_interview_too() -> None:
    """Found at 160."""
    report = {**HOME, "return_at": NEVER, "lines": [{"finds": 1}], "episode": RHI}
    assert world(report).case(1)["offered_at"] == 160


def test_repeated_episodes_are_referred() -> None:
    """The third in 90 days, when it is graded at 40; the task takes 15 s."""
    third = {**HOME, "thrive_seconds": 40, "episode": {"previous_90_days": 2}}
    second = {**HOME, "thrive_seconds": 40, "episode": {"previous_90_days": 1}}
    more = {"referral_after": 3, "referral_pool": DESK, "referral_seconds": 15}
    played = world(third, second, **more)
    assert played.spans(Activity.REFERRAL) == [(40, 55)]
    assert [played.case(key)["referred_at"] for key in (1, 2)] == [55, NEVER]
    alone = world(third, referral_after=3, referral_seconds=15)
    assert alone.case(1)["referred_at"] == 55
    assert alone.rows(Activity.REFERRAL) == []


def told(informs: int, known: int = 500, reported_at: int = 160) -> int:
    """When the research on the second episode of a child is done, of 25 s as drawn."""
    first = {**HOME, "child": 7, "episode": {**RHI, "informs": informs}}
    second = {**NOTHING, "child": 7, "reported_at": reported_at, "research_seconds": 25}
    stranger = {**NOTHING, "child": 8, "reported_at": reported_at, "research_seconds": 25}
    played = world(first, second, stranger, known_per_mille=known)
    assert played.case(1)["completed_at"] == 150
    assert played.of(3)["researched_at"] == reported_at + 25
    return played.of(2)["researched_at"] - reported_at


def test_what_an_interview_told_shortens_the_next_research() -> None:
    """25 s at 500 per mille are 12.5, rounded half up; only from the interview's end on."""
    assert told(1) == 13
    assert told(1, known=499) == 12
    assert told(1, known=0) == 0
    assert told(0) == 25
    assert told(1, reported_at=149) == 25
    # The interview ends in the second of the report, before it.
    assert told(1, reported_at=150) == 13


def again(reported_at: int, **episode: int) -> Played:
    """Two episodes of a child, and one of another, the first's interview complete at 150."""
    first = {**HOME, "child": 7, "episode": {**RHI, "previous_90_days": 2}}
    later = {**HOME, "reported_at": reported_at, "return_at": 900}
    return world(
        first,
        {**later, "child": 7, "episode": {"prevent_parts": 299, **episode}},
        {**later, "child": 8, "episode": {"prevent_parts": 299}},
        prevented_parts=300,
    )


def test_an_interview_may_prevent_the_next_episode() -> None:
    """Nothing happens: no call, no grade, no officers, no return."""
    played = again(200)
    assert played.case(2)["end"] == CaseEnd.PREVENTED
    assert played.case(2)["safe_at"] == NEVER
    assert played.of(2)["end"] == End.PREVENTED
    assert played.of(2)["answered_at"] == NEVER
    assert played.rows(incident=2) == []
    assert played.case(3)["end"] == CaseEnd.RETURNED
    kept = again(200, prevent_parts=300)
    assert kept.case(2)["end"] == CaseEnd.RETURNED


def test_an_interview_prevents_nothing_before_it_is_complete() -> None:
    """Reported at 149; at 150 the interview is complete before the report."""
    assert again(149).case(2)["end"] == CaseEnd.RETURNED
    assert again(150).case(2)["end"] == CaseEnd.PREVENTED


def test_a_referral_prevents_as_an_interview_does() -> None:
    """Referred at 15; the next episode is reported at 20."""
    first = {**HOME, "child": 7, "episode": {"previous_90_days": 2}}
    second = {**HOME, "child": 7, "reported_at": 20, "episode": {"prevent_parts": 0}}
    more = {"referral_after": 3, "referral_seconds": 15}
    assert world(first, second, prevented_parts=1, **more).case(2)["end"] == CaseEnd.PREVENTED
    assert world(first, second, **more).case(2)["end"] == CaseEnd.RETURNED


def test_an_episode_that_is_not_recorded_is_never_looked_for() -> None:
    """Nobody is told and nobody comes, but the child returns."""
    played = world({**HOME, "return_at": 100, "episode": {**RHI, "recorded": 0}})
    assert played.rows() == []
    case = played.case(1)
    assert (case["end"], case["safe_at"], case["discussed_at"]) == (CaseEnd.UNRECORDED, 100, NEVER)
    assert (played.of(1)["end"], played.of(1)["graded_at"]) == (End.UNRECORDED, NEVER)


def test_what_is_prevented_could_not_have_been_recorded() -> None:
    """Rule 13.9: prevented stands first."""
    assert again(200, recorded=0).case(2)["end"] == CaseEnd.PREVENTED
    assert again(200, recorded=0, prevent_parts=300).case(2)["end"] == CaseEnd.UNRECORDED


def test_a_report_that_ends_with_its_call_is_no_case() -> None:
    """Rules 11.1 and 13.9: it has a row, and nothing is done."""
    report = {**HOME, "deploys": 0, "episode": {**RHI, "previous_90_days": 9}}
    more = {"coordinator": DESK, "meeting_at": 300, "meeting_seconds": 10, "referral_after": 1}
    played = world(report, **more)
    case = played.case(1)
    assert (case["end"], case["safe_at"]) == (CaseEnd.RETURNED, 100)
    assert case["discussed_at"] == case["referred_at"] == case["offered_at"] == NEVER
    assert played.of(1)["end"] == End.ENDED_WITHOUT_DEPLOYMENT
