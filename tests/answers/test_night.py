"""One night with people short: what parades, what is the same, what helps, and what is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jsonschema import Draft202012Validator

import sim
from sim import cli
from sim.answers import Estimated
from sim.answers.kinds import KINDS
from sim.answers.night import asking
from sim.answers.night.asked import alike_in, night_of, short_of, with_short
from sim.answers.night.asking import night
from sim.answers.night.document import Night
from sim.answers.night.helping import helps
from sim.errors import InputError
from sim.rota import paraded, pounds_a_week
from sim.scenario.models import Scenario
from sim.scenario.template import template
from sim.streams import Streams
from sim.study import AllWaits, Settings, Window, waits
from sim.tables import DAY, HOUR
from tests.loaded import as_loaded
from tests.worlds import small_scenario

NIGHTS = Settings(replications=60, days=1, warm_up_days=2, engine="compiled", workers=2)
SHORT = "pools.response_north.shifts.night=3"
ON = "2022-05-06"


@cache
def world() -> Scenario:
    """Two areas, leave and sickness, a price for overtime, and an early shift to be held on."""
    return small_scenario(
        2,
        pools={
            name: {
                "abstraction": 0.2,
                "pounds_per_hour": 38.0,
                "shifts": [
                    {"name": "day", "start": "07:00", "end": "19:00", "people": 7},
                    {"name": "late", "start": "14:00", "end": "00:00", "people": 4},
                    {"name": "night", "start": "19:00", "end": "07:00", "people": 6},
                ],
            }
            for name in ("response_north", "response_south")
        },
        streams={
            "immediate": {"volume_per_year": 9_000.0},
            "welfare": {"volume_per_year": 12_000.0},
        },
        costs={"overtime_factor": 1.5},
    )


@cache
def found() -> Night:
    """Three short in the north."""
    return night(as_loaded(world()), short_of(SHORT, ON, world()), NIGHTS)


def test_three_fewer_parade_on_that_shift_and_nobody_else_is_away() -> None:
    """Of those who would come: the rota of the night lacks three, all other shifts are the same."""
    short = short_of(SHORT, ON, world())
    # Six rostered, a fifth away.
    assert short.parades == pytest.approx(4.8)
    # Friday, eleven days after the first day, from 19:00 to 07:00.
    assert (short.since, short.until) == (11 * DAY + 19 * HOUR, 12 * DAY + 7 * HOUR)
    for number in range(20):
        full, lacking = (
            paraded(one, Streams(2022, number), 9 * DAY, 13 * DAY)
            for one in (world(), with_short(world(), short))
        )
        gone = set(full["key"].tolist()) - set(lacking["key"].tolist())
        rows = np.isin(full["key"], list(gone))
        there = (full["on_at"] == short.since) & (full["pool"] == full["pool"][rows][0])
        assert len(gone) == min(3, int(there.sum()))
        assert (full["on_at"][rows] == short.since).all()
        assert set(lacking["key"].tolist()) <= set(full["key"].tolist())


def test_a_clear_change_that_is_next_to_nothing_says_so() -> None:
    """Three hundredths of a minute fewer are no "0.0 minutes", and one minute is no "minutes"."""
    for value, half, words in (
        (-0.03, 0.01, "less than 0.1 minutes sooner (a change, but next to nothing)"),
        (1.4, 1.2, "1 minute later"),
        (6.0, 3.0, "6 minutes later"),
    ):
        moved = Estimated(value=value, low=value - half, high=value + half, unit="minutes", n=60)
        lines = tuple(
            one.model_copy(update={"change": moved}) if one.name == "half_within" else one
            for one in found().lines
        )
        document = found().model_copy(update={"lines": lines})
        text = " ".join(sim.Answered(document, (as_loaded(world()),)).summary().split())
        assert f"half are reached {words}" in text


def test_being_short_saves_no_pound() -> None:
    """Those who are away are paid, and the screen says so."""
    short = short_of(SHORT, ON, world())
    assert pounds_a_week(with_short(world(), short)) == pounds_a_week(world())
    text = " ".join(sim.Answered(found(), (as_loaded(world()),)).summary().split())
    assert "being short saves no pound and no post" in text


def test_only_reports_of_that_night_count() -> None:
    """From 19:00 to 07:00, the same reports full and short; nobody waits less for it on average."""
    window = Window(11 * DAY + 19 * HOUR, 12 * DAY + 7 * HOUR, 2)
    short = short_of(SHORT, ON, world())
    played = waits([world(), with_short(world(), short)], NIGHTS, window)
    for full, lacking in played.waits:
        assert np.array_equal(full.reported_at, lacking.reported_at)
        assert full.reported_at.min() >= window.since
        assert full.reported_at.max() < window.until
    sums = np.array([[one.seconds.sum() for one in both] for both in played.waits])
    assert sums[:, 1].mean() > sums[:, 0].mean()


def test_a_longer_warm_up_changes_nothing_clearly() -> None:
    """Two days before the night or six, with the same luck: paired, the mean wait is the same.

    Off by more than 4 standard errors in fewer than one of 10,000.
    """
    short = short_of(SHORT, ON, world())
    means = []
    for days in (2, 6):
        window = Window(short.since, short.until, days)
        played = waits([with_short(world(), short)], replace(NIGHTS, replications=120), window)
        means.append(np.array([one.seconds.sum() / 60 for (one,) in played.waits]))
    apart = means[1] - means[0]
    error = apart.std(ddof=1) / np.sqrt(apart.size)
    assert abs(apart.mean()) <= 4 * error
    # It is the same luck: most nights are the same to the second.
    assert np.median(np.abs(apart)) < 0.2 * means[0].mean()


def test_the_lines_are_those_of_the_nights() -> None:
    """Reports, half within, any over two hours, shares over an hour: by hand from the waits."""
    short = short_of(SHORT, ON, world())
    window = Window(short.since, short.until, NIGHTS.warm_up_days)
    played = waits([world(), with_short(world(), short)], NIGHTS, window)
    lines = {one.name: one for one in found().lines}
    child = list(world().streams).index("missing_child")
    for place, side in enumerate(("full", "short")):
        nights = [both[place] for both in played.waits]
        counts = [int((one.stream == child).sum()) for one in nights]
        assert getattr(lines["reports"], side).number == pytest.approx(np.mean(counts))
        over = [bool((one.seconds[one.stream == child] > 7_200).any()) for one in nights]
        assert getattr(lines["any_over_120"], side).number == pytest.approx(np.mean(over))
        two = np.concatenate([one.seconds[one.grade == 2] for one in nights])
        assert getattr(lines["over_60"], side).number == pytest.approx((two > 3_600).mean())
    assert lines["reports"].full == lines["reports"].short
    assert len(found().by_hour) == 12
    assert [one.hour for one in found().by_hour][:6] == [19, 20, 21, 22, 23, 0]


def test_each_help_brings_as_many_people_for_as_long() -> None:
    """Two for three hours: lent by the other area, held on from the late shift, or called in."""
    short = short_of(SHORT, ON, world())
    lacking = with_short(world(), short)
    options = helps(lacking, short)
    assert {one.way for one in options} == {"lend", "hold on", "call in"}
    before = paraded(lacking, Streams(1, 0), 9 * DAY, 14 * DAY)

    def on_duty(scenario: Scenario, pool: str, at: int) -> int:
        rota = paraded(scenario, Streams(1, 0), 9 * DAY, 14 * DAY)
        place = list(scenario.pools).index(pool)
        here = (rota["pool"] == place) & (rota["on_at"] <= at) & (rota["off_at"] > at)
        return int(here.sum())

    assert len(before) > 0
    for one in options:
        assert one.until - one.since == 3 * HOUR
        middle = one.since + HOUR
        own = [on_duty(each, short.pool, middle) for each in (lacking, one.scenario)]
        assert own[1] - own[0] == 2, one
        for outside in (one.since - HOUR, one.until + HOUR):
            assert on_duty(one.scenario, short.pool, outside) == on_duty(
                lacking, short.pool, outside
            )
        if one.way == "lend":
            lender = [on_duty(each, one.from_pool, middle) for each in (lacking, one.scenario)]
            assert lender[0] - lender[1] == 2
            for outside in (one.since - HOUR // 2, one.until + HOUR // 2):
                assert on_duty(one.scenario, one.from_pool, outside) == on_duty(
                    lacking, one.from_pool, outside
                )
            assert one.pounds == 0
        else:
            # Two people, three hours, £38, time and a half.
            assert one.pounds == pytest.approx(2 * 3 * 38 * 1.5)


def test_the_best_help_saves_most_and_none_is_told_of_a_job() -> None:
    """Sorted by what it saves; the best first; nothing on the screen is about one report."""
    options = found().helps
    saves = [one.saves.number for one in options]
    assert saves == sorted(saves, reverse=True)
    assert [one.is_best for one in options] == [True] + [False] * (len(options) - 1)
    text = sim.Answered(found(), (as_loaded(world()),)).summary(full=True)
    said = " ".join(text.split())
    assert "By hour and over the night only, never about a job." in said
    assert "not for deciding a live call" in said
    assert "What would help, each by a run of its own" in said


def test_its_screen_can_be_read_aloud() -> None:
    """At most 35 lines of 80 columns, headed by the day, the hours and who parades."""
    lines = sim.Answered(found(), (as_loaded(world()),)).summary().splitlines()
    assert len(lines) <= 35
    assert max(map(len, lines)) <= 80
    assert " ".join(lines[:2]).startswith("FRIDAY 6 MAY 2022 19:00-07:00: response north 3 short")
    names = [name for name, _ in sim.Answered(found(), (as_loaded(world()),)).charts()]
    assert names == ["night-by-hour.svg", "night-by-hour.png"]


def test_its_document_is_as_the_schema_says() -> None:
    """JSON that the published schema takes, and that reads back as itself."""
    schema = json.loads((Path(__file__).parents[2] / "docs/answers.schema.json").read_text())
    data = json.loads(found().model_dump_json())
    Draft202012Validator(schema).validate(data)
    assert KINDS["night"].model_validate(data) == found()
    Draft202012Validator(schema).validate(json.loads(beside().model_dump_json()))


@pytest.mark.parametrize(
    ("short", "on", "message"),
    [
        (SHORT, "2022-04-24", "outside of the calendar's year"),
        (SHORT, "2023-04-25", "outside of the calendar's year"),
        (SHORT, "6 May", "no date"),
        ("pools.response_north.shifts.night=5", ON, "4.8 people parade"),
        ("pools.response_north.shifts.night=0", ON, "no number of people"),
        ("pools.response_north.shifts.night", ON, "no shift and number"),
        ("pools.response_nort.shifts.night=1", ON, "no pool"),
        ("pools.response_north.shifts.nigt=1", ON, "no shift of this name"),
        ("pools.response_north.reserve=1", ON, "no shift and number"),
    ],
)
def test_what_makes_no_night_is_refused(short: str, on: str, message: str) -> None:
    """A date outside the calendar, more short than parade, a shift that is not there."""
    with pytest.raises(InputError, match=message) as refused:
        short_of(short, on, world())
    assert refused.value.path in {"--on", "--short"}


def test_a_shift_that_is_not_worked_on_that_date_is_refused() -> None:
    """With the next date on which it is."""
    weekly = small_scenario(
        1,
        pools={
            "response_north": {
                "shifts": [
                    {"name": "all", "start": "00:00", "end": "24:00", "people": 4},
                    {
                        "name": "fri",
                        "start": "19:00",
                        "end": "03:00",
                        "people": 4,
                        "days": ["fri"],
                    },
                ]
            }
        },
    )
    with pytest.raises(InputError, match="not worked on this date") as refused:
        short_of("pools.response_north.shifts.fri=1", "2022-05-05", weekly)
    assert refused.value.allowed == "such as 2022-05-06"
    assert short_of("pools.response_north.shifts.fri=1", ON, weekly).on == date(2022, 5, 6)


@cache
def stronger() -> Scenario:
    """The same with two more on the late shift in the north."""
    pool = world().pools["response_north"]
    day, late, night_shift = pool.shifts
    shifts = [day, late.model_copy(update={"people": late.people + 2}), night_shift]
    pools = {**world().pools, "response_north": pool.model_copy(update={"shifts": shifts})}
    return world().model_copy(update={"pools": pools})


@cache
def beside(short: str | None = None) -> Night:
    """The night under both, side by side."""
    asked = night_of(ON, world()) if short is None else short_of(short, ON, world())
    first, second = as_loaded(world(), "today"), as_loaded(stronger(), "more")
    return night(first, asked, NIGHTS, other=second)


def test_two_scenarios_stand_side_by_side_over_the_same_nights() -> None:
    """From 22:00 to 07:00, the same reports; the lines are those of either by itself."""
    found = beside()
    window = Window(11 * DAY + 22 * HOUR, 12 * DAY + 7 * HOUR, NIGHTS.warm_up_days)
    assert (found.hours, found.other, found.people) == ("22:00-07:00", "more", 0)
    played = waits([world(), stronger()], NIGHTS, window)
    lines = {one.name: one for one in found.lines}
    for place, side in enumerate(("full", "short")):
        two = np.concatenate([both[place].seconds[both[place].grade == 2] for both in played.waits])
        assert getattr(lines["over_60"], side).number == pytest.approx((two > 3_600).mean())
    assert lines["reports"].full == lines["reports"].short
    assert found.helps == ()
    text = sim.Answered(found, ()).summary(full=True)
    said = " ".join(text.split())
    assert said.startswith("FRIDAY 6 MAY 2022 22:00-07:00: A ")
    assert "Reports from 22:00 to 07:00 count, however long they wait." in said
    assert "more posts" in said
    assert len(sim.Answered(found, ()).summary().splitlines()) <= 45
    assert [name for name, _ in sim.Answered(found, ()).charts()]


def test_as_many_are_short_under_both_scenarios() -> None:
    """The window is the short shift's, and the second scenario lacks as many."""
    found = beside(SHORT)
    window = Window(11 * DAY + 19 * HOUR, 12 * DAY + 7 * HOUR, NIGHTS.warm_up_days)
    short = short_of(SHORT, ON, world())
    played = waits([with_short(one, short) for one in (world(), stronger())], NIGHTS, window)
    children = list(world().streams).index("missing_child")
    for place, side in enumerate(("full", "short")):
        over = [
            bool((both[place].seconds[both[place].stream == children] > 7_200).any())
            for both in played.waits
        ]
        line = next(one for one in found.lines if one.name == "any_over_120")
        assert getattr(line, side).number == pytest.approx(np.mean(over))
    text = " ".join(sim.Answered(found, ()).summary().split())
    assert "response north 3 short under both" in text


def test_the_same_scenario_twice_differs_in_nothing() -> None:
    """No change, and a sentence that says so."""
    twice = as_loaded(world(), "today"), as_loaded(world(), "again")
    found = night(twice[0], night_of(ON, world()), NIGHTS, other=twice[1])
    changes = [one.change for one in found.lines if one.change is not None]
    assert changes
    assert all(one.number == 0 for one in changes)
    assert "nothing clearly differs from A" in sim.Answered(found, ()).summary()


def test_a_second_scenario_without_the_short_shift_is_refused() -> None:
    """By the name of the shift; and a night of nobody short and nothing beside it, too."""
    with pytest.raises(InputError, match="no pool"):
        alike_in(short_of("pools.response_south.shifts.night=3", ON, world()), small_scenario(1))
    with pytest.raises(TypeError, match="who is short, or a second scenario"):
        sim.night(as_loaded(world()), ON)


def test_a_night_of_one_scenario_needs_somebody_short(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status 2, and what would make it a question."""
    file = tmp_path / "force.toml"
    file.write_text(template(), encoding="utf-8")
    assert cli.main(["night", str(file), "--on", "2022-05-06"]) == 2
    assert "or a second scenario file, or both" in " ".join(capsys.readouterr().err.split())


def test_what_was_done_before_ctrl_c_is_said_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thirty of sixty nights, and a sentence that says so."""

    def stopped(*given: Any, **named: Any) -> AllWaits:
        played = waits(*given, **named)
        return replace(played, waits=played.waits[:30])

    monkeypatch.setattr(asking, "waits", stopped)
    answer = night(as_loaded(world()), short_of(SHORT, ON, world()), NIGHTS)
    assert answer.stopped == "Stopped on request: this rests on 30 of 60 nights."
    assert answer.nights == 30


def test_of_teams_the_one_is_short_that_works_on_that_date() -> None:
    """Named as in the file: `night`, and not the team that happens to be on."""
    cycle = {"pattern": "2 day, 2 night, 4 off", "teams": 4, "people": 6}
    shifts = [
        {"name": "day", "start": "07:00", "end": "19:00"},
        {"name": "night", "start": "19:00", "end": "07:00"},
    ]
    pools = {"response_north": {"shifts": shifts, "cycle": cycle}}
    scenario = small_scenario(1, pools=pools)
    first = scenario.calendar.first_day
    found = [
        short_of(SHORT, str(first + timedelta(days=later)), scenario).shift for later in range(8)
    ]
    # A pattern of eight days, each team two days behind the one before.
    assert found == [f"night_{team}" for team in (4, 4, 1, 1, 2, 2, 3, 3)]
