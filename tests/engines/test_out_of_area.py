"""Rule 13.10: what takes longer for children whom another authority has placed here."""

from __future__ import annotations

from typing import Any

import pytest

from sim.tables import HOUR, NEVER, Activity, Gate
from tests.engines.episodes import play_episodes, rules
from tests.engines.hand import desk_pool, policy, unit_pool
from tests.engines.played import Played, works

UNITS, DESK = 0, 1
POOLS = [unit_pool(), desk_pool("desk")]
PEOPLE = [works(1), works(2), works(11, DESK)]
HOME: dict[str, Any] = {"scene_seconds": 50, "interview_seconds": 30, "return_at": 100}
"""Attended 0 to 50, back at 100, visited 100 to 130."""
MEETING: dict[str, Any] = {"coordinator": DESK, "meeting_at": 300, "meeting_seconds": 10}
_OF_ROOM = ("research", "gate", "gated", "held_parts", "ratification_waits_for_research")


def world(*reports: dict[str, Any], **more: Any) -> Played:
    """Cases, two units and a desk of one person; some rules of the control room, and of cases."""
    of_room = {name: more.pop(name) for name in _OF_ROOM if name in more}
    plain = policy(POOLS, end=5 * HOUR, episode=rules(**more), **of_room)
    return play_episodes(reports, PEOPLE, plain)


def test_research_is_on_the_log_when_another_force_has_answered() -> None:
    """Researched here from 0 to 20, answered at 65; the research's own row ends at 20."""
    report = {**HOME, "research_seconds": 20, "episode": {"history_seconds": 45}}
    played = world(report, research=DESK)
    assert played.spans(Activity.RESEARCH) == [(0, 20)]
    assert played.of(1)["researched_at"] == 65


def test_without_research_nobody_is_asked() -> None:
    """Rule 3.1: an incident without research counts as researched."""
    played = world({**HOME, "episode": {"history_seconds": 45}})
    assert played.of(1)["researched_at"] == NEVER


@pytest.mark.parametrize(("gate", "ready"), [(Gate.RESEARCH, 65), (Gate.RATIFICATION, 68)])
def test_a_gate_waits_for_the_answer_too(gate: Gate, ready: int) -> None:
    """Research from 0 to 20 and the answer at 65; ratification, which waits for it, takes 3 s."""
    report = {
        **HOME,
        "return_at": 900,
        "held_parts": 0,
        "research_seconds": 20,
        "ratification_seconds": 3,
        "episode": {"history_seconds": 45},
    }
    held: dict[str, Any] = {
        "gate": gate,
        "gated": (True,),
        "held_parts": 1,
        "ratification_waits_for_research": True,
    }
    assert world(report, **held).of(1)["ready_at"] == ready


def test_a_return_opens_the_gate_before_the_answer() -> None:
    """Back at 30: whoever is sent waits for nobody's answer, and research is on the log at 65."""
    report = {**HOME, "return_at": 30, "held_parts": 0, "research_seconds": 20}
    held: dict[str, Any] = {"gate": Gate.RESEARCH, "gated": (True,), "held_parts": 1}
    outcome = world({**report, "episode": {"history_seconds": 45}}, **held).of(1)
    assert (outcome["ready_at"], outcome["researched_at"]) == (30, 65)


def test_what_mash_shares_is_sent_on_to_their_authority() -> None:
    """The PPN at 130; MASH to 150; their authority has it at 190."""
    played = world({**HOME, "episode": {"mash_seconds": 20, "sent_on_seconds": 40}}, mash=DESK)
    assert played.spans(Activity.MASH) == [(130, 150)]
    assert played.case(1)["shared_at"] == 190


def test_their_authority_decides_after_the_meeting() -> None:
    """Told from 300 to 310, answered at 360: a strategy meeting at 400, an interview at 380."""
    episode = {
        "answer_seconds": 50,
        "strategy_parts": 0,
        "strategy_after_seconds": 40,
        "rhi_offered": 1,
        "rhi_accepted": 1,
        "rhi_wait_seconds": 20,
        "outside_seconds": 100,
    }
    case = world({**HOME, "episode": episode}, strategy_parts_held=1, **MEETING).case(1)
    assert (case["discussed_at"], case["strategy_at"]) == (360, 400)
    assert (case["offered_at"], case["completed_at"]) == (360, 360 + 20 + 100)


def test_an_answer_before_the_child_is_safe_is_followed_by_the_offer_then() -> None:
    """Answered at 360; back at 500, and offered then."""
    episode = {"answer_seconds": 50, "rhi_offered": 1}
    case = world({**HOME, "return_at": 500, "episode": episode}, **MEETING).case(1)
    assert (case["discussed_at"], case["offered_at"]) == (360, 500)


def test_a_child_who_comes_back_before_the_answer_is_offered_it_with_the_answer() -> None:
    """Told at 310, back at 330, answered at 360."""
    episode = {"answer_seconds": 50, "rhi_offered": 1}
    case = world({**HOME, "return_at": 330, "episode": episode}, **MEETING).case(1)
    assert (case["discussed_at"], case["offered_at"]) == (360, 360)


def test_without_a_coordinator_their_authority_answers_after_the_child_is_safe() -> None:
    """Back at 100, answered at 150."""
    case = world({**HOME, "episode": {"answer_seconds": 50, "rhi_offered": 1}}).case(1)
    assert (case["discussed_at"], case["offered_at"]) == (150, 150)


@pytest.mark.parametrize(
    ("outside", "of_outside", "held"),
    [(5, 0, False), (5, 501, True), (5, -1, True), (NEVER, 0, True), (NEVER, 501, True)],
)
def test_their_share_of_strategy_meetings_may_be_another(
    outside: int, of_outside: int, held: bool
) -> None:
    """A share of 501 of a million is held of others; -1 says that theirs is the same."""
    episode = {"strategy_parts": 500, "outside_seconds": outside}
    more = {"strategy_parts_held": 501, "strategy_parts_outside": of_outside}
    case = world({**HOME, "episode": episode}, **more).case(1)
    assert (case["strategy_at"] != NEVER) == held
