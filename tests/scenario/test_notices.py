"""What is legal and worth knowing before a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import ScenarioErrors
from sim.scenario.loading import load
from sim.scenario.notices import FITTED
from sim.scenario.resolve import resolved_toml
from tests.scenario.test_extending import write

SHIPPED = Path(__file__).parents[2] / "scenarios"


def _variant(tmp_path: Path, text: str) -> tuple[str, ...]:
    base = (SHIPPED / "dorset-2022.toml").as_posix()
    file = tmp_path / "mine.toml"
    file.write_text(f'format = 1\ntitle = "Mine"\nextends = "{base}"\n{text}', encoding="utf-8")
    return load(file).notices


@pytest.mark.parametrize(("words", "told"), [(FITTED, 1), ("A survey of", 0)])
def test_numbers_that_were_fitted_are_a_notice(tmp_path: Path, words: str, told: int) -> None:
    """Where they may be believed only `replay` says; other sources need no such word."""
    key = '[sources."streams.missing_child.volume_per_year"]'
    notes = _variant(tmp_path, f'{key}\nsource = "{words} weeks 1 to 4."\nconfidence = "C"\n')
    assert sum("were fitted to a log" in note for note in notes) == told


def test_a_share_held_for_nothing_is_a_notice(tmp_path: Path) -> None:
    """Holding a share of deployments for their own grading changes nothing."""
    told = _variant(tmp_path, '[policy.gate]\ndeploy_on = "grading"\nshare_held = 0.3\n')
    assert told == (
        'policy.gate.share_held = 0.3 has no effect while policy.gate.deploy_on is "grading".',
    )


def test_a_pool_that_nothing_asks_for_is_a_notice(tmp_path: Path) -> None:
    """A team whose role no policy names would stand idle without a word."""
    (told,) = _variant(
        tmp_path,
        """
[pools.neighbourhood_bcp]
role = "neighbours"
""",
    )
    assert "neighbourhood_bcp attends nothing" in told
    assert told.endswith("no entry of policy.attendance or of episode names its role, neighbours.")


def test_who_only_looks_for_children_is_no_notice(tmp_path: Path) -> None:
    """A team that attends no report and takes lines of enquiry has something to do."""
    told = _variant(
        tmp_path,
        """
[policy.attendance.streams]
missing_child = ["response"]
missing_adult = ["response"]
""",
    )
    assert told == ()


def _told(tmp_path: Path, body: str) -> tuple[str, ...]:
    """Return what is told of a file that extends the small sound one."""
    return load(write(tmp_path, "own.toml", body)).notices


def _shift(start: str, end: str, **more: object) -> str:
    extra = "".join(f", {key} = {value}" for key, value in more.items())
    return f'{{ name = "x", start = "{start}", end = "{end}", people = 2{extra} }}'


@pytest.mark.parametrize(
    ("shift", "told"),
    [
        (_shift("10:00", "10:00"), "from 10:00 to 10:00, which is 24 hours"),
        (_shift("07:00", "23:00"), "from 07:00 to 23:00: 16 hours."),
        (_shift("07:00", "22:00"), None),
    ],
)
def test_a_shift_that_is_seldom_meant_is_a_notice(
    tmp_path: Path, shift: str, told: str | None
) -> None:
    """A shift that ends when it begins lasts a day; one of 16 hours or more is a slip, mostly."""
    notices = _told(tmp_path, f"[pools.missing_person_east]\nshifts = [{shift}]\n")
    place = "pools.missing_person_east.shifts.x runs "
    assert notices == (() if told is None else (f"{place}{told}" + _NO_HOURS.get(told, ""),))


_NO_HOURS = {
    "from 10:00 to 10:00, which is 24 hours": "; a shift of no hours is people = 0.",
}


def test_a_post_that_is_always_filled_is_no_notice(tmp_path: Path) -> None:
    """A desk may be manned from 00:00 to 24:00; people who travel may not, without a word."""
    desk = f"[pools.supervisors]\nshifts = [{_shift('00:00', '24:00')}]\n"
    assert _told(tmp_path, desk) == ()
    units = f"[pools.missing_person_east]\nshifts = [{_shift('00:00', '24:00')}]\n"
    assert len(_told(tmp_path, units)) == 1


@pytest.mark.parametrize(
    ("starts", "length", "told"),
    [("2024-04-04", 14, True), ("2024-04-01", 14, False), ("2024-04-04", 10, False)],
)
def test_a_cycle_of_weeks_that_begins_on_no_monday_is_a_notice(
    tmp_path: Path, starts: str, length: int, told: bool
) -> None:
    """Only where its days are days of the week: a cycle of ten days may begin on any."""
    cycle = f"{{ length_days = {length}, on_days = [1, 2, 3, 4, 5], starts = {starts} }}"
    notices = _told(
        tmp_path,
        f"[pools.missing_person_east]\nshifts = [{_shift('08:00', '16:00', cycle=cycle)}]\n",
    )
    expected = (
        (
            "pools.missing_person_east.shifts.x: day 1 of its cycle of 14 days is a Thursday "
            "(2024-04-04), and no Monday."
        ),
    )
    assert notices == (expected if told else ())


def test_hours_without_a_ratifier_are_named_where_deployment_waits(tmp_path: Path) -> None:
    """The gate holds jobs through them; where nothing is held they do not matter."""
    desk = f"[pools.supervisors]\nshifts = [{_shift('07:00', '02:00')}]\n"
    (long, notice) = _told(tmp_path, f'{desk}[policy.gate]\ndeploy_on = "ratification"\n')
    assert "19 hours" in long
    assert notice == (
        "Nobody who ratifies low and medium risk (supervisors) is on duty from 02:00 to 07:00 "
        "every day, and held deployments wait for them (policy.gate)."
    )
    assert _told(tmp_path, f'{desk}[policy.gate]\ndeploy_on = "assessment"\n') == (long,)


def test_a_second_ratifier_fills_the_gap(tmp_path: Path) -> None:
    """Who ratifies is the first of the list on duty, so only hours without any of them count."""
    notices = _told(
        tmp_path,
        f"[pools.supervisors]\nshifts = [{_shift('07:00', '19:00')}]\n"
        f'[pools.manager]\nkind = "desk"\nrole = "manager"\n'
        f"shifts = [{_shift('19:00', '07:00')}]\n"
        '[policy.ratification]\nlow = ["supervisors", "manager"]\n'
        'medium = ["supervisors", "manager"]\n'
        '[policy.gate]\ndeploy_on = "ratification"\n',
    )
    assert notices == ()


def test_hours_at_which_nobody_can_be_sent_are_named(tmp_path: Path) -> None:
    """By the pools that would have to go, with the streams that wait for them."""
    notices = _told(
        tmp_path,
        "[pools.response_west]\nshifts = [{ name = 'day', start = '07:00', end = '19:00', "
        "people = 4, days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat'] }]\n",
    )
    assert notices == (
        (
            "Nobody of response_west is on duty from 19:00 to 07:00 on Mondays, Tuesdays, "
            "Wednesdays, Thursdays and Fridays, and for 36 hours from 19:00 on Saturdays: "
            "missing_child in west, other_incidents in west must wait until then."
        ),
    )


def test_an_empty_desk_is_named_with_what_it_holds_up(tmp_path: Path) -> None:
    """Nothing is allocated without a dispatcher, and no review is made by a level that is away."""
    notices = _told(
        tmp_path,
        f'[pools.dispatchers]\nkind = "desk"\nrole = "d"\nshifts = [{_shift("08:00", "20:00")}]\n'
        '[policy.control_room]\ndispatchers = "dispatchers"\n'
        'dispatch = { family = "constant", minutes = 1 }\n'
        '[policy.reviews]\nafter_minutes = { 2 = 60 }\nlevels = ["supervisors", "dispatchers"]\n',
    )
    assert notices == (
        "Nobody of dispatchers is on duty from 20:00 to 08:00 every day: nothing is allocated.",
        (
            "Nobody of dispatchers is on duty from 20:00 to 08:00 every day: reviews passed up to "
            "them wait."
        ),
    )


def test_one_who_stands_in_for_a_level_fills_its_hours(tmp_path: Path) -> None:
    """A review goes to whoever stands in, so nothing waits."""
    notices = _told(
        tmp_path,
        f'[pools.inspector]\nkind = "desk"\nrole = "i"\nshifts = [{_shift("08:00", "20:00")}]\n'
        '[policy.reviews]\nafter_minutes = { 2 = 60 }\nlevels = ["inspector"]\n'
        'stand_ins = { inspector = ["supervisors"] }\n',
    )
    assert notices == ()


def test_a_level_that_is_never_there_may_be_stood_in_for(tmp_path: Path) -> None:
    """Its work goes to whoever stands in; without anyone the file is refused."""
    body = (
        '[pools.inspector]\nkind = "desk"\nrole = "i"\n'
        '[policy.reviews]\nafter_minutes = { 2 = 60 }\nlevels = ["inspector"]\n'
    )
    with pytest.raises(ScenarioErrors, match=r"policy\.reviews\.levels\[0\] gives it work"):
        _told(tmp_path, body)
    notices = _told(tmp_path, f'{body}stand_ins = {{ inspector = ["supervisors"] }}\n')
    assert notices == ("Nobody is ever on duty in the pool inspector.",)


RESTED = """
[pools.response_east]
abstraction = 0.2
[[pools.response_east.shifts]]
name = "day"
start = "07:00"
end = "19:00"
people = 6
break_after_hours = 4
break_minutes = 40
[[pools.response_east.shifts]]
name = "night"
start = "19:00"
end = "07:00"
people = 5
abstraction = 0.1
"""


def test_breaks_that_go_with_a_replaced_rota_are_a_notice(tmp_path: Path) -> None:
    """A list is replaced whole, so what its shifts had is gone unless it is written again."""
    write(tmp_path, "base.toml", RESTED)
    own = write(
        tmp_path,
        "own.toml",
        "[pools.response_east]\nshifts = [\n"
        '    { name = "day", start = "07:00", end = "19:00", people = 7 },\n'
        '    { name = "night", start = "19:00", end = "07:00", people = 5 },\n]\n',
        "base.toml",
    )
    assert load(own).notices == (
        (
            "pools.response_east.shifts replaces the rota of base.toml, where they had a break, "
            "and day has none: write break_after_hours beside people if they should."
        ),
        (
            "pools.response_east.shifts replaces the rota of base.toml, where they had an "
            "abstraction of its own, and night has none: write abstraction beside people if "
            "they should."
        ),
    )


def test_a_shift_changed_in_the_command_keeps_its_break(tmp_path: Path) -> None:
    """One number of an inherited shift replaces no rota, also of a file that extends another."""
    write(tmp_path, "base.toml", RESTED)
    own = write(tmp_path, "own.toml", "follow_up_hours = 24.0\n", "base.toml")
    loaded = load(own, {"pools.response_east.shifts.day.people": "+1"})
    (day,) = (one for one in loaded.scenario.pools["response_east"].shifts if one.name == "day")
    assert day.break_after_hours is not None
    assert loaded.notices == ()


def test_a_replaced_rota_that_says_it_has_no_breaks_is_no_notice(tmp_path: Path) -> None:
    """What is written is meant, and a new shift owes nothing to shifts that differ."""
    write(tmp_path, "base.toml", RESTED)
    own = write(
        tmp_path,
        "own.toml",
        "[pools.response_east]\nshifts = [\n"
        '    { name = "day", start = "07:00", end = "19:00", people = 7, break_after_hours = 5 },\n'
        '    { name = "eve", start = "19:00", end = "07:00", people = 5 },\n]\n',
        "base.toml",
    )
    assert load(own).notices == ()


def test_numbers_without_a_source_are_counted_and_marked(tmp_path: Path) -> None:
    """They are no notice of a run; `validate` has one line for them, and --resolve marks each."""
    own = write(
        tmp_path,
        "own.toml",
        "[policy.gate]\nshare_held = 0.3\n[streams.missing_child]\nvolume_per_year = 600\n"
        '[sources]\n"policy.gate.share_held" = { assumption = "a guess", low = 0, high = 1 }\n',
    )
    loaded = load(own)
    assert loaded.unsourced == ("streams.missing_child.volume_per_year",)
    assert "volume_per_year = 600.0  # own.toml; no source\n" in resolved_toml(loaded)


@pytest.mark.parametrize("name", ["dorset-2022", "deploy-at-grading", "hold-for-ratification"])
def test_the_first_command_gives_no_notice(name: str) -> None:
    """What a newcomer runs first has nothing to be excused."""
    assert load(SHIPPED / f"{name}.toml").notices == ()


def test_a_team_at_night_with_a_slow_pace_is_a_notice(tmp_path: Path) -> None:
    """Team hours and the pace of enquiries belong together."""
    night = 'pools.missing_person_bcp.shifts.late.end = "23:00"\n'
    (told,) = _variant(tmp_path, f"{night}[episode]\nteam_night_rhythm = 0.6\n")
    assert told == (
        "pools.missing_person_bcp.shifts.late is on duty at night, when its enquiries go at 60% of "
        "the day's pace (episode.team_night_rhythm)."
    )
    assert _variant(tmp_path, night) == ()


def test_a_pace_of_response_that_never_has_a_case_is_a_notice(tmp_path: Path) -> None:
    """With teams round the clock no case is response's."""
    shifts = "".join(
        f'[pools.missing_person_{area}.shifts.night]\nstart = "22:00"\nend = "08:00"\npeople = 3\n'
        "break_after_hours = 4.5\nbreak_minutes = 45.0\n"
        for area in ("bcp", "county")
    )
    assert _variant(tmp_path, shifts) == ()
    (told,) = _variant(tmp_path, f"[episode]\nnight_rhythm = 0.5\n{shifts}")
    assert told == (
        "episode.night_rhythm has no effect: a pool of the role missing_person is always on duty, "
        "so no case is response's."
    )
