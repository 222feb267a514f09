"""Rotas by cycle: teams in a pattern, written as the shifts that everybody else knows."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from sim.errors import ScenarioErrors
from sim.report.rota_grid import grid, teams_of
from sim.rota import paraded, people_by_shift, rostered_hours
from sim.scenario.calendar import shift_dates
from sim.scenario.loading import load
from sim.scenario.models import Scenario
from sim.scenario.paths import dotted
from sim.scenario.patterns import pattern_days
from sim.scenario.ranges import ranges_of
from sim.scenario.resolve import resolved_data, resolved_toml
from sim.streams import Streams
from sim.tables import DAY
from tests.worlds import small_scenario

ROOT = Path(__file__).parents[2]
SHIFTS = [
    {"name": "early", "start": "07:00", "end": "17:00", "break_after_hours": 4.0},
    {"name": "late", "start": "15:00", "end": "01:00"},
    {"name": "night", "start": "22:00", "end": "07:00"},
]

NAMES = ("early", "late", "night")
TEAMS = range(1, 6)


def by_teams(**cycle: Any) -> Scenario:
    """The small world with response in teams: a ten-day 2-2-2-4 of five unless said otherwise."""
    own = {"pattern": "2 early, 2 late, 2 night, 4 off", "teams": 5, "people": 6} | cycle
    return small_scenario(
        1, pools={"response_north": {"shifts": SHIFTS, "cycle": own, "pounds_per_hour": 38.0}}
    )


def of_the_baseline(folder: Path) -> Path:
    """A file that puts the baseline's response of one area into five teams."""
    file = folder / "teams.toml"
    file.write_text(
        'format = 1\ntitle = "Teams"\n'
        f'extends = "{(ROOT / "scenarios/dorset-2022.toml").as_posix()}"\n'
        "[pools.response_bcp.cycle]\n"
        'pattern = "2 early, 2 late, 2 night, 4 off"\nteams = 5\npeople = 22\n',
        encoding="utf-8",
    )
    return file


def test_five_teams_put_one_on_each_shift_every_day() -> None:
    """On each of 70 days one team of six is on early, one on late, one on night."""
    scenario = by_teams()
    pool = scenario.pools["response_north"]
    assert pool.cycle is None
    assert len(pool.shifts) == 15
    first = scenario.calendar.first_day
    for day in range(70):
        on = first + timedelta(days=day)
        worked = [
            shift for shift in pool.shifts if list(shift_dates(shift, scenario.calendar, on, on))
        ]
        assert sorted(shift.name.split("_")[0] for shift in worked) == ["early", "late", "night"]
        assert len({shift.name.split("_")[1] for shift in worked}) == 3
        assert all(shift.people == 6 for shift in worked)


def test_each_team_works_the_pattern_two_days_after_the_one_before() -> None:
    """Team 1 begins on the first day: two earlies, two lates, two nights, four days off."""
    scenario = by_teams()
    teams = teams_of(scenario.pools["response_north"], scenario.calendar)
    one = ["early", "early", "late", "late", "night", "night", None, None, None, None]
    assert [team.name for team in teams] == [f"Team {number}" for number in range(1, 6)]
    for number, team in enumerate(teams):
        assert list(team.days) == one[-2 * number :] + one[: -2 * number] if number else one


def test_hours_pay_and_rest_are_those_of_hand_arithmetic() -> None:
    """2 x 10 + 2 x 10 + 2 x 9 hours in ten days; rest of 14 hours; two weekends in ten off."""
    scenario = by_teams()
    (team, *_) = teams_of(scenario.pools["response_north"], scenario.calendar)
    assert team.paid_hours_per_week == pytest.approx(58 * 7 / 10)
    # Early to early 14 hours, late to late 14, late's 01:00 to night's 22:00 21, night to night 15.
    assert team.shortest_rest_hours == 14
    assert team.short_rests == 0
    # The last night ends on the first day off, so three days are clear: two weekends in ten fit.
    assert team.weekends_off == pytest.approx(0.2)
    # Six on each of three shifts, every day.
    assert rostered_hours(scenario)["response_north"] == pytest.approx(6 * (10 + 10 + 9) * 7)
    assert sum(
        one.shifts_per_week for one in people_by_shift(scenario) if one.pool == "response_north"
    ) == pytest.approx(21)


def test_a_rest_of_six_hours_is_named() -> None:
    """From a late that ends at 01:00 to an early at 07:00."""
    scenario = by_teams(pattern="late, early, night, off", teams=4)
    teams = teams_of(scenario.pools["response_north"], scenario.calendar)
    assert {team.shortest_rest_hours for team in teams} == {6.0}
    lines = list(grid(scenario, "response_north"))
    assert "Rest under 11 hours between two shifts: Team 1, Team 2, Team 3, Team 4" in lines[-1]
    assert "the shortest is 6 hours" in lines[-1]


def test_the_grid_shows_who_is_on_when() -> None:
    """A letter a day from the first day on, people, hours, rest and weekends; 80 columns."""
    lines = list(grid(by_teams(), "response_north"))
    assert lines[0] == "response north (response_north): 1,218 rostered hours a week"
    assert lines[1].split()[:3] == ["from", "2022-04-25", "MTWTFSSMTW"]
    assert lines[2].split() == ["Team", "1", "EELLNN....", "6", "40.6", "14", "h", "20", "%"]
    assert lines[3].split()[:3] == ["Team", "2", "..EELLNN.."]
    assert "18 people come on each day" in " ".join(lines)
    assert lines[-1] == "  No rest between two shifts is under 11 hours."
    assert max(map(len, lines[1:7])) <= 80


def test_a_rota_without_teams_is_shown_by_weekday() -> None:
    """People on each shift and weekday; dots where it is not worked."""
    scenario = small_scenario(
        1,
        pools={
            "response_north": {
                "shifts": [
                    {"name": "day", "start": "07:00", "end": "19:00", "people": 4},
                    {
                        "name": "weekend",
                        "start": "19:00",
                        "end": "03:00",
                        "people": 2,
                        "days": ["fri", "sat"],
                    },
                ]
            }
        },
    )
    lines = list(grid(scenario, "response_north"))
    assert lines[2].split() == ["day", "07:00-19:00", *["4"] * 7]
    assert lines[3].split() == ["weekend", "19:00-03:00", ".", ".", ".", ".", "2", "2", "."]


def test_teams_may_differ_in_number_and_begin_when_they_like() -> None:
    """One number for each team; from a date of its own; three days apart."""
    scenario = by_teams(
        pattern="early, late, night, 3 off",
        teams=2,
        people=[4, 7],
        starts=date(2022, 4, 27),
        stagger_days=3,
    )
    shifts = {shift.name: shift for shift in scenario.pools["response_north"].shifts}
    assert (shifts["early_1"].people, shifts["early_2"].people) == (4, 7)
    assert shifts["early_1"].cycle is not None
    assert shifts["early_2"].cycle is not None
    assert shifts["early_1"].cycle.starts == date(2022, 4, 27)
    assert shifts["early_2"].cycle.starts == date(2022, 4, 30)
    # What else the shift says, its teams keep.
    assert shifts["early_2"].break_after_hours == 4.0


def test_what_engines_are_given_is_who_parades() -> None:
    """Without leave the rota of ten days holds each team's people on its six shifts."""
    scenario = by_teams()
    rota = paraded(scenario, Streams(1, 0), 0, 10 * DAY)
    place = list(scenario.pools).index("response_north")
    own = (rota["pool"] == place) & (rota["on_at"] >= 0)
    counted = Counter((rota["on_at"][own] // 3_600 % 24).tolist())
    assert counted == {7: 60, 15: 60, 22: 60}


def test_written_out_it_loads_to_the_same(tmp_path: Path) -> None:
    """Resolved, a rota by cycle is its shifts, and reads back as that."""
    file = of_the_baseline(tmp_path)
    loaded = load(file)
    assert len(loaded.scenario.pools["response_bcp"].shifts) == 15
    assert loaded.scenario.pools["response_bcp"].shifts[0].break_minutes == 45.0
    text = resolved_toml(loaded)
    assert "# teams.toml cycle" in text
    other = tmp_path / "resolved.toml"
    other.write_text(text, encoding="utf-8")
    assert load(other).sha256 == loaded.sha256
    again = Scenario.model_validate(resolved_data(loaded.scenario))
    assert again.pools == loaded.scenario.pools


def test_levers_reach_the_teams_and_the_shifts_that_they_work(tmp_path: Path) -> None:
    """People of the teams, also by how much; a shift by the name that the file gives it."""
    file = of_the_baseline(tmp_path)
    more = load(file, {"pools.response_bcp.cycle.people": "+2"})
    assert {one.people for one in more.scenario.pools["response_bcp"].shifts} == {24}
    sooner = load(file, {"pools.response_bcp.shifts.early.start": "06:00"})
    assert sooner.scenario.pools["response_bcp"].shifts[0].start == 360
    with pytest.raises(ScenarioErrors, match="no shift of this name"):
        load(file, {"pools.response_bcp.shifts.early_1.start": "06:00"})


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("early, off", ["early", "off"]),
        ("2 Early, 1 off", ["early", "early", "off"]),
        ("2early,off", ["early", "early", "off"]),
    ],
)
def test_a_pattern_is_read_day_by_day(text: str, days: list[str]) -> None:
    """Numbers before names, with or without a space; capitals do not count."""
    assert pattern_days(text) == days


@pytest.mark.parametrize(
    ("cycle", "message"),
    [
        ({"pattern": "2 early; 2 late"}, "no pattern of days"),
        ({"pattern": "0 early, late, night"}, "no pattern of days"),
        ({"pattern": "300 early, 300 late, night"}, "601 days"),
        ({"pattern": "2 early, 2 late, 2 nigth, 4 off"}, "names nigth"),
        ({"pattern": "2 early, 2 late, 6 off"}, "nobody works the shift night"),
        ({"teams": 4}, "do not share out a pattern of 10 days evenly"),
        ({"people": [6, 6]}, "5 teams and 2 numbers"),
    ],
)
def test_what_no_teams_can_work_is_refused(cycle: dict[str, Any], message: str) -> None:
    """With what is wrong, and at its own key."""
    with pytest.raises(ValidationError, match=message):
        by_teams(**cycle)


def test_a_shift_that_no_team_works_says_how_many_do() -> None:
    """Without a cycle nobody else says it: a shift with no people written is refused."""
    with pytest.raises(ValidationError, match="this key is missing"):
        small_scenario(1, pools={"response_north": {"shifts": SHIFTS}})


def test_what_is_said_of_teams_is_said_of_their_shifts(tmp_path: Path) -> None:
    """Sources of people and of a shift reach every team, and what else is said all the shifts."""
    file = of_the_baseline(tmp_path)
    sentence = '{{ assumption = "{0}", low = {1}, high = {2} }}\n'
    file.write_text(
        file.read_text(encoding="utf-8")
        + "[sources]\n"
        + '"pools.response_bcp.cycle.people" = '
        + sentence.format("As many as parade today.", 18, 26)
        + '"pools.response_bcp.shifts.late.break_minutes" = '
        + sentence.format("A meal.", 30, 60)
        + '"pools.response_bcp.cycle.teams" = { source = "The rota in use.", confidence = "A" }\n',
        encoding="utf-8",
    )
    loaded = load(file)
    said = {
        key: source.assumption
        for key, source in loaded.scenario.sources.items()
        if key.startswith("pools.response_bcp.shifts.")
    }
    people = {f"pools.response_bcp.shifts.{one}_{team}.people" for one in NAMES for team in TEAMS}
    breaks = {f"pools.response_bcp.shifts.late_{team}.break_minutes" for team in TEAMS}
    assert {key for key, text in said.items() if text == "As many as parade today."} == people
    assert {key for key, text in said.items() if text == "A meal."} == breaks
    assert not loaded.unsourced
    moving = [
        {one.source for one in group}
        for group in ranges_of(loaded.scenario).together
        if {dotted(one.key) for one in group} == people
    ]
    assert len(moving) == 1
