"""The cheapest rota: against trying all, on fresh luck, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jsonschema import Draft202012Validator

import sim
from sim.answers.kinds import KINDS
from sim.answers.sizing import judged as judging
from sim.answers.sizing import working
from sim.answers.sizing.aim import kept_of, target_of
from sim.answers.sizing.document import Sizing
from sim.answers.sizing.finals import candidates, play_off
from sim.answers.sizing.judged import Judge
from sim.answers.sizing.levers import space_of
from sim.answers.sizing.programme import Programme
from sim.answers.sizing.search import Search
from sim.answers.sizing.sizing import question_of, size
from sim.answers.sizing.start import load_by_hour, start_of
from sim.answers.sizing.variant import variant_toml
from sim.answers.told import nobody
from sim.errors import InputError, Interrupted
from sim.measures import Count, Cut
from sim.rota import paid_hours, pounds_a_week
from sim.scenario.loading import load
from sim.scenario.models import Scenario
from sim.scenario.resolve import resolved_data
from sim.scenario.toml import toml_key, toml_value
from sim.study import Settings, evaluate
from tests.answers.sizing_world import (
    LEVERS,
    SETTINGS,
    asked,
    cheapest_by_trying_all,
    every_design,
    recalled,
    space,
    world,
)
from tests.loaded import as_loaded
from tests.worlds import small_scenario

NIGHT = "pools.response_north.shifts.night.people"
DAY = "pools.response_north.shifts.day.people"
BRIEF = Settings(replications=6, days=5, warm_up_days=1, engine="compiled", workers=2)


@cache
def found() -> tuple[Sizing, Any]:
    """At most one in twenty over an hour, by the people of both shifts."""
    loaded = as_loaded(world())
    question = question_of(
        loaded, target="waited_over 60 <= 0.05", vary=LEVERS | {NIGHT: "3..8", DAY: "3..8"}
    )
    question = replace(question, looks=(30, 60))
    return size(loaded, question, SETTINGS)


def as_toml(scenario: Scenario) -> str:
    """A scenario as a file, a top-level key a line."""
    data = resolved_data(scenario)
    return "".join(f"{toml_key(key)} = {toml_value(value)}\n" for key, value in data.items())


# -- against trying all ------------------------------------------------------------------------


@pytest.mark.parametrize("share", [0.03, 0.0474, 0.092])
def test_the_search_finds_what_trying_all_256_rotas_finds(share: float) -> None:
    """The same cheapest rota on eight by eight by four, proven, with fewer than half played."""
    best = cheapest_by_trying_all(share)
    assert best is not None
    judge = recalled(share)
    searched = Search(judge).cheapest(start_of(space(), SETTINGS))
    assert searched.best is not None
    assert searched.best.design == best.design
    assert searched.proven
    assert len(judge.judged) < 128


def test_the_search_says_when_no_rota_does_it() -> None:
    """One report in a hundred lies beyond all 256: nothing is found, and that is proven."""
    assert cheapest_by_trying_all(0.01) is None
    searched = Search(recalled(0.01)).cheapest((0, 0, 0))
    assert searched.best is None
    assert searched.proven


def test_the_best_for_the_money_is_that_of_trying_all() -> None:
    """For today's money: no rota that costs no more does better than what is found."""
    among, target = space(), asked(0.05).target
    judge = recalled(0.05)
    searched = Search(judge).best_for(0.0, start_of(among, SETTINGS))
    assert searched.best is not None
    within = [one for one in every_design(among) if among.pounds(one) <= 0]
    values = [target.short_of(one.value) for one in recalled(0.05).of(within)]
    assert target.short_of(searched.best.value) == pytest.approx(min(values))


def test_a_search_stops_at_its_number_of_rotas_and_does_not_claim_proof() -> None:
    """Three may be played, and a first step's neighbours: no proof can come of so few."""
    judge = recalled(0.03)
    searched = Search(judge, most=3).cheapest((0, 0, 0))
    assert len(judge.judged) <= 3 + len(space().shifts)
    assert not searched.proven


# -- its parts ---------------------------------------------------------------------------------


def test_a_rota_costs_what_the_price_section_says() -> None:
    """Pounds of each design are those of paid hours times the price, less today's."""
    among = space()
    today = sum(pounds_a_week(world()).values())
    # By hand: two more by day, 12 hours on 7 days at £38.
    assert among.pounds((3, 1, 1)) == pytest.approx(2 * 12 * 7 * 38.0)
    for design in [(0, 0, 0), (7, 3, 2), (2, 6, 3)]:
        made = among.made(design)
        hours = paid_hours(made, as_in=world())
        pounds = sum(hours[name] * pool.pounds_per_hour for name, pool in made.pools.items())
        assert among.pounds(design) == pytest.approx(pounds - today, abs=0.01)


def test_absence_is_no_saving() -> None:
    """With people absent a rota costs as much as with all there."""
    absent = small_scenario(
        1,
        pools={
            "response_north": {
                "pounds_per_hour": 38.0,
                "abstraction": 0.3,
                "shifts": [
                    {"name": "day", "start": "07:00", "end": "19:00", "people": 4, "absent": 1},
                    {"name": "night", "start": "19:00", "end": "07:00", "people": 4},
                ],
            }
        },
    )
    among = space_of(absent, {DAY: "2..6"})
    assert among.pounds((2,)) == 0
    assert among.pounds((3,)) == pytest.approx(12 * 7 * 38.0)


def test_hours_move_with_their_people() -> None:
    """A start keeps the length, an end keeps the start; each way to staff is an option once."""
    among = space_of(
        world(),
        {NIGHT: [4, 5], "pools.response_north.shifts.night.start": "18:00,19:00"},
    )
    (shift,) = among.shifts
    assert [(one.people, one.start, one.end) for one in shift.options] == [
        (4, 1080, 360),
        (4, 1140, 420),
        (5, 1080, 360),
        (5, 1140, 420),
    ]
    assert among.today == (1,)
    assert shift.options[2].is_within(shift.options[2])
    assert not shift.options[0].is_within(shift.options[3])
    longer = space_of(world(), {"pools.response_north.shifts.day.end": "19:00,21:00"})
    # Four people, two hours more, seven days, at £38.
    assert sorted(one.pounds for one in longer.shifts[0].options) == [0.0, 4 * 2 * 7 * 38.0]


def test_more_people_on_the_same_hours_are_within() -> None:
    """A cover row allows exactly the designs that are not within its own."""
    among = space()
    programme = Programme(among)
    row = programme.cover((3, 2, 1))
    for design in every_design(among):
        assert row.allows(programme.columns(design)) != among.is_within(design, (3, 2, 1))


def test_the_load_of_an_hour_is_work_over_time() -> None:
    """Constant work at an even rate: the people at work are the rate times the length."""
    flat = small_scenario(
        1,
        streams={
            "supervisor_review": {
                "volume_per_year": 8_760.0 * 6,
                "work": {"family": "constant", "minutes": 20.0},
            }
        },
        policy={"ratification": {"low": [], "medium": [], "high": []}},
    )
    load_ = load_by_hour(flat, Settings(days=60, warm_up_days=1))["supervisors"]
    # Six an hour, a third of an hour each: two people; Poisson, 720 an hour of the day.
    assert load_.shape == (24,)
    assert load_.mean() == pytest.approx(2.0, abs=0.05)
    assert np.abs(load_ - 2.0).max() < 0.35


@pytest.mark.parametrize(
    ("text", "top", "bottom", "cut", "sense"),
    [
        (
            "arrived_within_target from graded >= 0.5",
            Count.ARRIVED_FROM_GRADED,
            Count.ATTENDANCE_TARGETED,
            Cut(stream="missing_child", grade=2),
            ">=",
        ),
        (
            "waited_over 600 <= 0.01 of welfare grade any area north",
            Count.OVER_600,
            Count.NEEDED,
            Cut(stream="welfare", area="north"),
            "<=",
        ),
        (
            "delay_mean <= 45 risk high care yes",
            Count.DELAY_SECONDS,
            Count.NEEDED,
            Cut(stream="missing_child", grade=2, risk="high", care=True),
            "<=",
        ),
    ],
)
def test_a_target_names_any_measure_cut_and_clock(
    text: str, top: Count, bottom: Count, cut: Cut, sense: str
) -> None:
    """What is counted above and below the line, of whom, and which way."""
    target = target_of(text, world())
    assert target.figure.counts == (top, bottom)
    assert target.figure.cut == cut
    assert target.sense == sense


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("arrived_within_target", "neither at least nor at most"),
        ("arrived_within_target <= 0.5", "more is better"),
        ("waited_over 60 <= 20", "lies between 0 and 1"),
        ("waited_over 50 <= 0.2", "not told so"),
        ("delay_p90 <= 60", "cannot be counted for so many"),
        ("delay_mode <= 60", "no such measure"),
        ("waited_over 60 <= 0.2 of missing_chld", "no such name"),
        ("waited_over 60 <= much", "no number"),
        ("waited_over 60 <= 0.2 please now", "not known here"),
    ],
)
def test_a_target_that_no_row_has_is_refused(text: str, message: str) -> None:
    """What was found, and what is allowed."""
    with pytest.raises(InputError, match=message) as refused:
        target_of(text, world())
    assert refused.value.path == "--target"
    assert refused.value.found


@pytest.mark.parametrize(
    ("levers", "message"),
    [
        ({}, "nothing may move"),
        ({"pools.response_nort.shifts.day.people": "1..3"}, "no pool of this name"),
        ({"pools.response_north.shifts.dy.people": "1..3"}, "no shift of this name"),
        ({"pools.response_north.shifts.day.reserve": "1..3"}, "no value of a shift"),
        ({"policy.gate.share_held": "0..1"}, "may move"),
        ({DAY: "9..2"}, "holds nothing"),
        ({DAY: "2..900"}, "beyond what a shift can have"),
        ({DAY: "two"}, "cannot be read"),
        ({"pools.response_north.shifts.day.start": "25:00"}, "cannot be read"),
        ({"pools.call_takers.shifts.day.people": "2..4"}, "has no cost"),
        (
            {
                "pools.response_north.shifts.day.end": "19:00",
                "pools.response_north.shifts.day.hours": "8",
            },
            "say the same",
        ),
    ],
)
def test_ranges_that_hold_no_design_are_refused(levers: dict[str, object], message: str) -> None:
    """A range without a number, a name that is not there, a pool without a price."""
    with pytest.raises(InputError, match=message):
        space_of(world(), levers)


def test_what_may_not_get_worse_says_by_how_much() -> None:
    """A measure of which nobody can say which way is worse cannot be kept."""
    assert kept_of("delay_mean of welfare grade 2 by 2", world()).by == 2.0
    with pytest.raises(InputError, match="by how much"):
        kept_of("delay_mean of welfare grade 2", world())
    with pytest.raises(InputError, match="which way"):
        kept_of("returned_first by 0.1", world())


# -- the answer --------------------------------------------------------------------------------


def test_the_answer_holds_on_luck_that_it_was_not_looked_for_on() -> None:
    """At other seeds the share over an hour is met by the answer, by its one-sided limit."""
    document, design = found()
    answer = document.answer
    assert document.outcome == "found"
    assert answer is not None
    assert answer.verdict == "met"
    assert answer.limit is not None
    assert answer.limit <= 0.05
    made = space_of(world(), LEVERS | {NIGHT: "3..8", DAY: "3..8"}).made(design)
    other = evaluate(
        [made], replace(SETTINGS, seed=77, replications=60), (Count.OVER_60, Count.NEEDED)
    )
    assert other.share(0, Count.OVER_60, Count.NEEDED).value < 0.05  # type: ignore[operator]


def test_every_rota_judged_is_told_with_its_price() -> None:
    """The cheapest first; finalists have figures on fresh luck; one of them is the answer."""
    document, _ = found()
    pounds = [one.pounds for one in document.candidates]
    assert pounds == sorted(pounds)
    assert len(document.finalists) >= 1
    assert all(one.verdict is not None for one in document.finalists)
    assert sum(one.is_answer for one in document.candidates) == 1
    front = [one.searched.number for one in document.candidates if one.on_frontier]
    assert front == sorted(front, reverse=True)
    assert all(one.pounds >= document.answer.pounds for one in document.candidates  # type: ignore[union-attr]
               if one.verdict == "met")  # fmt: skip


def test_its_screen_can_be_read_aloud() -> None:
    """At most 40 lines of 80 columns with the price, the limit, the ceiling and other calls."""
    document, _ = found()
    answered = sim.Answered(document, (as_loaded(world()),))
    lines = answered.summary().splitlines()
    assert len(lines) <= 40
    assert max(map(len, lines)) <= 80
    text = " ".join(" ".join(lines).split())
    for words in (
        "THE CHEAPEST ROTA WITH AT MOST 5 IN 100: waited over 60 minutes, grade 2 missing",
        "(95 % sure)",
        "CEILING No staffing gives less than",
        "YES, the cheapest",
        "luck that the search has not seen" if document.stopped else "on fresh luck",
    ):
        assert words in text
    full = answered.summary(full=True)
    assert f"All {len(document.candidates)} rotas that were judged" in full
    assert "a week takes it from" in full
    names = [name for name, _ in answered.charts()]
    assert names == ["pounds-against-attendance.svg", "pounds-against-attendance.png"]
    assert "pounds-against-attendance" in answered.page()


def test_its_document_is_as_the_schema_says() -> None:
    """JSON that the published schema takes, and that reads back as itself."""
    schema = json.loads((Path(__file__).parents[2] / "docs/answers.schema.json").read_text())
    document, _ = found()
    data = json.loads(document.model_dump_json())
    Draft202012Validator(schema).validate(data)
    assert KINDS["size"].model_validate(data) == document


def test_the_answer_is_a_scenario_that_says_the_same(tmp_path: Path) -> None:
    """Written beside today's file it loads to the very rota that was found."""
    file = tmp_path / "today.toml"
    file.write_text(as_toml(world()), encoding="utf-8")
    loaded = load(file)
    among = space_of(loaded.scenario, LEVERS)
    place = tmp_path / "answer.toml"
    place.write_text(variant_toml(loaded, among, (4, 2, 1), place, "A test."), encoding="utf-8")
    answer = load(place)
    assert answer.scenario.pools == among.made((4, 2, 1)).pools
    assert 'extends = "today.toml"' in place.read_text(encoding="utf-8")


def test_size_in_the_file_is_what_is_asked_and_no_run_reads_it(tmp_path: Path) -> None:
    """Target and levers from [size]; the command's go before them; luck stays the same."""
    file = tmp_path / "today.toml"
    text = as_toml(world())
    asked_for = 'target = "waited_over 60 <= 0.1"\nbudget = "same"'
    table = f'\n[size]\n{asked_for}\n[size.vary]\n"{DAY}" = "3..5"\n'
    file.write_text(text + table, encoding="utf-8")
    loaded = load(file)
    question = question_of(loaded)
    assert question.asked.target.text == "waited_over 60 <= 0.1"
    assert question.budget == 0.0
    assert question.space.size == 3
    assert question_of(loaded, target="waited_over 60 <= 0.2").asked.target.bound == 0.2
    without = loaded.scenario.model_copy(update={"size": None})
    asked_of, plain = (evaluate([one], BRIEF).sums for one in (loaded.scenario, without))
    assert np.array_equal(asked_of, plain)


def test_what_no_number_does_is_refused_with_the_ceiling() -> None:
    """Nearly all in time from the call: talk and travel alone take more."""
    loaded = as_loaded(world())
    question = question_of(
        loaded, target="arrived_within_target from received >= 0.97", vary={DAY: "3..60"}
    )
    document, design = size(loaded, question, BRIEF)
    assert document.outcome == "not possible"
    assert design is None
    assert document.candidates == ()
    text = " ".join(sim.Answered(document, (loaded,)).summary().split())
    assert "Not possible by staffing" in text
    assert f"{100 * document.ceiling.number:.0f}" in text


def test_a_target_of_no_report_is_refused() -> None:
    """A grade without a target: nobody is in time or late."""
    loaded = as_loaded(world())
    question = question_of(
        loaded, target="arrived_within_target >= 0.5 of welfare grade 3", vary={NIGHT: "3..5"}
    )
    with pytest.raises(InputError, match="its grade has no target"):
        size(loaded, question, BRIEF)


def test_teams_are_sized_all_alike(tmp_path: Path) -> None:
    """The people of all teams are one lever, priced over all their shifts, and written so."""
    file = tmp_path / "teams.toml"
    document = resolved_data(world())
    pool = document["pools"]["response_north"]
    pool["cycle"] = {"pattern": "2 day, 2 night, 4 off", "teams": 4, "people": 5}
    lines = [f"{toml_key(key)} = {toml_value(value)}" for key, value in document.items()]
    file.write_text("\n".join(lines), encoding="utf-8")
    loaded = load(file)
    target = "waited_over 60 <= 0.05"
    question = question_of(
        loaded, target=target, vary={"pools.response_north.cycle.people": "4..7"}
    )
    among = question.space
    # One more in each team is one more on days and on nights: 24 hours a day at £38.
    assert [one.pounds for one in among.shifts[0].options] == [
        pytest.approx(more * 24 * 7 * 38.0) for more in (-1, 0, 1, 2)
    ]
    place = tmp_path / "answer.toml"
    place.write_text(variant_toml(loaded, among, (2,), place, "A test."), encoding="utf-8")
    assert load(place).scenario.pools == among.made((2,)).pools
    with pytest.raises(InputError, match="in a pattern"):
        question_of(
            loaded, target=target, vary={"pools.response_north.shifts.day_1.people": "4..7"}
        )
    with pytest.raises(InputError, match="no teams work a pattern"):
        question_of(
            as_loaded(world()), target=target, vary={"pools.response_north.cycle.people": "4..7"}
        )


def test_what_the_ranges_do_not_hold_is_said_with_the_most_that_they_do() -> None:
    """Fewer people than today cannot halve the waits: the figure at the top is told."""
    loaded = as_loaded(world())
    question = question_of(loaded, target="waited_over 60 <= 0.03", vary={NIGHT: "1..3"})
    document, _ = size(loaded, question, SETTINGS)
    assert document.outcome == "beyond the ranges"
    assert "Widen --vary" in sim.Answered(document, (loaded,)).summary()


def test_a_target_that_is_met_already_is_answered_with_what_can_be_saved() -> None:
    """Today's rota does it: the cheapest that does it costs less, and that is said."""
    loaded = as_loaded(world())
    question = question_of(loaded, target="waited_over 60 <= 0.3", vary={NIGHT: "2..6"})
    document, _ = size(loaded, replace(question, looks=(30,)), SETTINGS)
    assert document.answer is not None
    assert document.answer.pounds <= 0
    assert "Today's rota does it" in " ".join(sim.Answered(document, (loaded,)).summary().split())


def test_the_best_for_todays_money_is_clearly_better_or_not_told() -> None:
    """From day to night for the same pounds: what is told is better by its paired limit."""
    loaded = as_loaded(world())
    question = question_of(
        loaded, target="waited_over 60 <= 0.05", vary={NIGHT: "3..7", DAY: "3..7"}, budget="same"
    )
    document, _ = size(loaded, replace(question, looks=(30, 60)), SETTINGS)
    assert document.budget == 0.0
    answer = document.answer
    if answer is None:
        assert document.outcome == "not shown"
        return
    assert answer.pounds <= 0
    assert answer.limit is not None
    assert answer.limit > 0
    assert answer.change is not None
    assert answer.change.number < 0


def test_other_work_may_be_kept_from_getting_worse() -> None:
    """A rota that would make it worse than allowed is no answer, and is called so."""
    among = space_of(world(), {DAY: "3..6", NIGHT: "3..6"})
    kept = kept_of("delay_mean of welfare grade 2 by 0.2", world())
    both = replace(asked(0.9), kept=(kept,))
    today = among.today
    assert today is not None
    fewer = (today[0] - 1, today[1] - 1) if min(today) else (0, 0)
    finals = play_off(among, both, BRIEF, [fewer, today], confidence=0.95, looks=(30,))
    assert [one.verdict for one in finals.finalists] == ["makes other work worse", "met"]
    assert finals.answer is not None
    assert finals.answer.design == today


def test_candidates_reach_from_just_missing_to_well_met() -> None:
    """On the search's luck: the dearest of them meets it by some standard errors, none twice."""
    judge = recalled(0.0474)
    Search(judge).cheapest((0, 0, 0))
    chosen = candidates(judge)
    slacks = [judge.slack(one) for one in judge.of(chosen)]
    assert slacks == sorted(slacks)
    assert slacks[0] < 1 < slacks[-1]
    assert len(set(chosen)) == len(chosen) <= 8


# -- being stopped -----------------------------------------------------------------------------


def test_what_was_judged_before_ctrl_c_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped in the search: what is known so far, and that it was not checked."""
    loaded = as_loaded(world())
    question = question_of(loaded, target="waited_over 60 <= 0.05", vary={NIGHT: "3..8"})
    done = 0

    def pressed(scenarios: Sequence[Scenario], *given: Any, **named: Any) -> Any:
        nonlocal done
        done += 1
        if done > 3:
            raise Interrupted
        return evaluate(scenarios, *given, **named)

    monkeypatch.setattr(judging, "evaluate", pressed)
    document, design = size(loaded, question, BRIEF)
    assert document.outcome == "stopped"
    assert design is None
    assert document.stopped.startswith(f"Stopped on request: {len(document.candidates)} rotas")
    assert document.candidates
    assert "none of them on luck that the search has not seen" in document.stopped


def test_ctrl_c_before_anything_is_known_is_an_interruption(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing was judged: nothing is told."""
    loaded = as_loaded(world())
    question = question_of(loaded, target="waited_over 60 <= 0.05", vary={NIGHT: "3..8"})

    def pressed(*_: Any, **__: Any) -> Any:
        raise Interrupted

    monkeypatch.setattr(judging, "evaluate", pressed)
    with pytest.raises(Interrupted):
        size(loaded, question, BRIEF)


def test_numbers_depend_on_neither_threads_nor_engine() -> None:
    """One thread or two, compiled or reference: the same rotas are judged, the same way."""
    among = space_of(world(), {NIGHT: "4..6"})
    brief = replace(BRIEF, days=2)
    ways = (brief, replace(brief, workers=1), replace(brief, workers=1, engine="reference"))
    judges = [Judge(among, asked(0.1), way, range(2)) for way in ways]
    values = [[one.value for one in judge.of(every_design(among))] for judge in judges]
    assert values[0] == values[1] == values[2]


def test_nothing_that_is_told_changes_a_number() -> None:
    """Progress is told of every step in order."""
    loaded = as_loaded(world())
    question = question_of(loaded, target="waited_over 60 <= 0.3", vary={NIGHT: "4..5"})
    steps: list[str] = []
    told = partial(_noted, steps)
    first = working.sized(replace(question, looks=(30,)), BRIEF, told)
    again = working.sized(replace(question, looks=(30,)), BRIEF, nobody)
    assert first.answer == again.answer
    assert list(dict.fromkeys(steps))[:3] == [working.CEILING, working.SEARCH, working.PLAY_OFF]


def _noted(steps: list[str], step: str, done: int, planned: int, estimate: str = "") -> None:
    steps.append(step)
