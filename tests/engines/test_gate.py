"""Rules 4.1 to 4.3: what is held, and until when."""

from __future__ import annotations

import pytest

from sim.tables import NEVER, PARTS, Activity, Gate, Risk, Why
from tests.engines.hand import policy, unit_pool
from tests.engines.played import Played, play, works

REPORT = {
    "thrive_seconds": 10,
    "assessment_seconds": 20,
    "research_seconds": 50,
    "ratification_seconds": 30,
}


def held(gate: Gate, report: dict[str, int] | None = None, **rules: object) -> Played:
    """One report, held unless the rules or the report say otherwise, one free unit."""
    settings: dict[str, object] = {"gate": gate, "held_parts": PARTS, **rules}
    return play([report or REPORT], [works(1)], policy([unit_pool()], **settings))


@pytest.mark.parametrize(
    ("gate", "ready_at"),
    [
        # Graded at 10; assessed at 10 + 20 = 30; researched at 10 + 50 = 60; ratified at
        # 30 + 30 = 60 too, for ratification does not wait for research here.
        (Gate.GRADING, 10),
        (Gate.ASSESSMENT, 30),
        (Gate.RESEARCH, 60),
        (Gate.RATIFICATION, 60),
    ],
)
def test_each_gate_opens_with_its_step(gate: Gate, ready_at: int) -> None:
    """Rule 4.1: deployed to at grading, assessment, research or ratification."""
    outcome = held(gate).of(1)
    assert outcome["ready_at"] == outcome["claimed_at"] == ready_at
    assert outcome["held"] == (gate != Gate.GRADING)


def test_ratification_may_wait_for_research() -> None:
    """Rules 3.2 and 4.1: asked for at 60, done at 90."""
    world = held(Gate.RATIFICATION, ratification_waits_for_research=True)
    assert world.of(1)["ready_at"] == 90
    assert world.spans(Activity.HELD) == [(10, 90)]


def test_a_gate_at_research_does_not_open_before_the_assessment() -> None:
    """Rule 4.1: research is on the log at 15, the assessment complete at 30."""
    outcome = held(Gate.RESEARCH, {**REPORT, "research_seconds": 5}).of(1)
    assert (outcome["researched_at"], outcome["ready_at"]) == (15, 30)


@pytest.mark.parametrize("gate", [Gate.ASSESSMENT, Gate.RESEARCH, Gate.RATIFICATION])
def test_a_step_that_is_not_made_holds_nothing(gate: Gate) -> None:
    """Rules 3.1, 3.2 and 4.1: with none of the steps every gate opens at grading."""
    world = held(gate, {"thrive_seconds": 10})
    assert world.of(1)["ready_at"] == 10
    assert world.of(1)["held"] == 1
    assert world.rows(Activity.HELD) == []


def test_the_share_held_is_a_threshold() -> None:
    """Rule 4.1: `held_parts` below the share is held, so a greater share holds those and more."""
    reports = [{**REPORT, "held_parts": parts} for parts in (0, 299_999, 300_000, 500_000)]

    def who_is_held(share: int) -> list[int]:
        rules = policy([unit_pool()], gate=Gate.ASSESSMENT, held_parts=share)
        return play(reports, [works(1)], rules).times("held")

    assert who_is_held(0) == [0, 0, 0, 0]
    assert who_is_held(300_000) == [1, 1, 0, 0]
    assert who_is_held(500_000) == [1, 1, 1, 0]


def test_a_stream_that_is_not_gated_is_not_held() -> None:
    """Rule 4.1."""
    assert held(Gate.RATIFICATION, gated=(False,)).of(1)["held"] == 0


def test_high_risk_is_not_held_unless_asked() -> None:
    """Rule 4.1: it goes by the risk as first assessed, whatever ratification makes of it."""
    high = {**REPORT, "risk": Risk.HIGH, "ratified_risk": Risk.LOW}
    medium = {**REPORT, "risk": Risk.MEDIUM, "ratified_risk": Risk.HIGH}
    assert held(Gate.RATIFICATION, high).of(1)["ready_at"] == 10
    assert held(Gate.RATIFICATION, high, hold_high_risk=True).of(1)["ready_at"] == 60
    assert held(Gate.RATIFICATION, medium).of(1)["ready_at"] == 60


def test_a_return_opens_the_gate() -> None:
    """Rule 4.2: at 25, long before ratification at 60, which is made all the same."""
    world = held(Gate.RATIFICATION, {**REPORT, "return_at": 25})
    outcome = world.of(1)
    assert (outcome["ready_at"], outcome["ratified_at"]) == (25, 60)
    assert world.rows(Activity.HELD) == [(1, -1, -1, Activity.HELD, 0, 10, 25, Why.RETURNED)]


def test_a_return_before_the_grade_opens_the_gate_at_the_grade() -> None:
    """Rule 4.2: also in the very second of the grade."""
    for return_at in (3, 10):
        outcome = held(Gate.RATIFICATION, {**REPORT, "return_at": return_at}).of(1)
        assert (outcome["ready_at"], outcome["held"]) == (10, 1)


def test_a_released_job_has_the_age_of_its_report() -> None:
    """Rule 4.3: held to 60, it stands before the job that was reported after it and ready at 6."""
    rules = policy([unit_pool()], gate=Gate.RATIFICATION, held_parts=1)
    reports = [
        {**REPORT, "held_parts": 0, "scene_seconds": 1},
        {"reported_at": 6, "held_parts": 5, "scene_seconds": 1},
        {"reported_at": 1, "grade": 1, "held_parts": 5, "scene_seconds": 100},
    ]
    world = play(reports, [works(1)], rules)
    assert world.times("ready_at") == [60, 6, 1]
    assert world.times("claimed_at") == [101, 102, 1]


def test_held_and_never_released_is_open() -> None:
    """Rules 1.6 and 4.1: written as held to the end of follow-up."""
    world = held(Gate.RATIFICATION, end=40)
    assert world.of(1)["ready_at"] == NEVER
    assert world.rows(Activity.HELD)[0][5:] == (10, 40, Why.STILL_GOING)
