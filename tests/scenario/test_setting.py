"""Levers by name: values that are set over what a scenario's files say."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import ScenarioErrors
from sim.scenario.levers import levers_of
from sim.scenario.loading import load
from sim.scenario.resolve import difference, resolved_data, resolved_toml
from tests.scenario.invalid import ROOT, SOUND
from tests.scenario.test_extending import write

SOUND_PATH = ROOT / SOUND
NIGHT = "pools.response_east.shifts.night.people"


def message(*words: str) -> str:
    """Return what is said of words after ``--set`` that cannot be set."""
    with pytest.raises(ScenarioErrors) as caught:
        load(SOUND_PATH, levers_of(words))
    return str(caught.value).replace(ROOT.as_posix() + "/", "")


@pytest.mark.parametrize(
    ("word", "before", "after"),
    [
        (f"{NIGHT}=8", "5", "8"),
        (f"{NIGHT}=+3", "5", "8"),
        (f"{NIGHT} = -2", "5", "3"),
        (f"{NIGHT}=+20%", "5", "6"),
        # A tenth of five officers is half of one, which is rounded up.
        (f"{NIGHT}=+10%", "5", "6"),
        ("pools.response_east.shifts[night].people=8", "5", "8"),
        ("pools.response_east.shifts[1].people=8", "5", "8"),
        ("pools.response_east.shifts.night.end=06:30", '"07:00"', '"06:30"'),
        ("pools.response_east.shifts.night.absent.2024-04-05=2", None, "{ 2024-04-05 = 2 }"),
        ("streams.missing_child.volume_per_year=-10%", "500.0", "450.0"),
        ("policy.gate.share_held=-0.7", "1.0", "0.3"),
        ("policy.gate.deploy_on=ratification", '"grading"', '"ratification"'),
        ("policy.gate.hold_high_risk=true", "false", "true"),
        ('policy.gate.streams=["other_incidents"]', '["missing_child"]', '["other_incidents"]'),
        ("policy.gate.streams[0]=other_incidents", '["missing_child"]', '["other_incidents"]'),
        ("calendar.first_day=2024-04-08", "2024-04-01", "2024-04-08"),
        ("areas.east.travel.minutes=12", "10.0", "12.0"),
    ],
)
def test_one_value_is_set(word: str, before: str | None, after: str) -> None:
    """It is the only difference; it stands in the resolved scenario, with the option beside it."""
    loaded = load(SOUND_PATH, levers_of([word]))
    (found,) = difference(load(SOUND_PATH), loaded)
    assert (found.before, found.after) == (before, after)
    assert sum("  # --set" in line for line in resolved_toml(loaded).splitlines()) == 2  # and title


def test_a_scenario_with_something_set_has_a_name_and_a_title_of_its_own() -> None:
    """Both say what was set; two that differ in what is set differ in both."""
    one, other = (load(SOUND_PATH, {NIGHT: value}) for value in (8, "+2"))
    assert one.name == "base response_east.night.people=8"
    assert other.name == "base response_east.night.people=+2"
    assert one.scenario.title.endswith("; response east: night people 8, not 5")
    assert one.scenario.about == load(SOUND_PATH).scenario.about
    assert [lever.argument for lever in other.levers] == [f"{NIGHT}=+2"]
    beside = load(SOUND_PATH, {NIGHT: 8}, as_variant=True)
    assert beside.scenario.title == "response east: night people 8, not 5"
    called = load(SOUND_PATH, {NIGHT: 8, "title": "Three more at night"})
    assert called.scenario.title == "Three more at night"
    assert called.name == one.name


def test_long_values_and_titles_are_cut(tmp_path: Path) -> None:
    """What was set stands whole in the difference; name and title stay readable."""
    months = {"streams.other_incidents.month_factors": [1.25] * 12}
    loaded = load(SOUND_PATH, months)
    assert (
        loaded.name == "base other_incidents.month_factors=[1.25, 1.25, 1.25, 1.25, 1.25, 1.25, ..."
    )
    assert "month factors [1.25, 1.25, 1.25, 1.25, 1.25, 1.25, ..., not [1" in loaded.scenario.title
    long = write(tmp_path, "own.toml", "")
    long.write_text(long.read_text("utf-8").replace('"own.toml"', f'"{"x" * 195}"'), "utf-8")
    assert load(long, {NIGHT: 8}).scenario.title == "response east: night people 8, not 5"


def test_nothing_set_is_the_file_itself() -> None:
    """An empty set of levers leaves name, title and hash."""
    assert load(SOUND_PATH, {}) == load(SOUND_PATH)


def test_values_may_be_set_from_python() -> None:
    """Numbers, lists and text as they are; signed text changes what is there."""
    levers = {NIGHT: 8, "policy.gate.share_held": "-10%", "pools.supervisors.abstraction": 0.1}
    data = resolved_data(load(SOUND_PATH, levers).scenario)
    assert data["pools"]["response_east"]["shifts"][1]["people"] == 8
    assert data["policy"]["gate"]["share_held"] == 0.9
    assert data["pools"]["supervisors"]["abstraction"] == 0.1


def test_what_is_set_lies_over_all_files_of_a_chain(tmp_path: Path) -> None:
    """Also over a shift that the planner's own file changes by name."""
    own = write(tmp_path, "own.toml", "[pools.response_east.shifts.night]\npeople = 9\n")
    loaded = load(own, {NIGHT: "+1", "pools.response_east.shifts.day.people": 4})
    assert [one.people for one in loaded.scenario.pools["response_east"].shifts] == [4, 10]
    assert loaded.origins["pools.response_east.shifts[1].people"] == "--set"
    assert loaded.origins["title"] == "--set"
    assert loaded.origins["format"] == "own.toml"
    assert loaded.unsourced == tuple(f"pools.response_east.shifts[{n}].people" for n in (1, 0))


def test_a_value_that_is_there_already_is_a_notice() -> None:
    """Whoever sets it may have meant another shift."""
    (notice,) = load(SOUND_PATH, {NIGHT: 5}).notices
    assert notice == f"--set {NIGHT}=5 changes nothing: it is 5 already."


@pytest.mark.parametrize(
    ("word", "told"),
    [
        (
            f"{NIGHT}=-7",
            (
                f"--set on {SOUND}, {NIGHT}: this is too low\n"
                "  found: -2\n  allowed: a whole number from 0 to 250"
            ),
        ),
        (
            f"{NIGHT}=2.5",
            (
                f"--set on {SOUND}, {NIGHT}: a whole number is needed here, not a number with a "
                "fraction\n  found: 2.5\n  allowed: a whole number from 0 to 250"
            ),
        ),
        (
            "policy.gate.share_held=30%",
            (
                f"--set on {SOUND}, policy.gate.share_held: a share is written as a fraction of 1: "
                'write 0.3\n  found: "30%"\n  allowed: a number from 0 to 1'
            ),
        ),
        (
            "policy.gate.share_hold=0.3",
            (
                f"--set on {SOUND}, policy.gate.share_hold: unknown key\n"
                '  allowed: "deploy_on", "share_held", "streams", "hold_high_risk" or "telephone"\n'
                '  did you mean "share_held"?'
            ),
        ),
    ],
)
def test_a_value_that_no_file_could_hold_gets_the_file_s_message(word: str, told: str) -> None:
    """With the option, and the file over which it was to be set."""
    assert message(word) == told


@pytest.mark.parametrize(
    ("word", "told", "meant"),
    [
        ("pools.respons_east.abstraction=0.1", "no pool", "pools.response_east.abstraction"),
        (f"{NIGHT.replace('night', 'nihgt')}=3", "no shift", NIGHT),
        ("streams.mising_child.vulnerable=true", "no stream", "streams.missing_child.vulnerable"),
        ("areas.est.title=x", "no area", "areas.east.title"),
    ],
)
def test_a_misspelt_name_is_named_with_the_nearest(word: str, told: str, meant: str) -> None:
    """A path that leads nowhere would otherwise begin something new that lacks most of its keys."""
    said = message(word)
    assert f"there is {told} of this name" in said
    assert said.endswith(f'did you mean "{meant}"?')


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["x"], '--set: this sets nothing\n  found: "x"'),
        (["=3"], "--set: this sets nothing"),
        ([f"{NIGHT}="], "--set: this sets nothing"),
        ([f"{NIGHT}=1", f"{NIGHT}=2"], "--set: this is set twice"),
        ([f"{NIGHT}=1", f"{NIGHT[:-7]}={{ people = 2 }}"], "set the same value"),
        (["policy.attendance.default=[response"], "--set policy.attendance.default: this value"),
        (["a b=3"], "a b: this is not a path"),
        (["sources.x=3"], "sources.x: this is not set from outside"),
        (["policy.attendance.default[4]=x"], "default[4]: nothing stands there"),
        (["areas.east.travel=+10%"], "only a number that is there can be raised or lowered"),
        (["policy.gate.hold_high_risk=+1"], "only a number that is there"),
        (["pools.response_east.shifts.day.abstraction=+0.1"], "only a number that is there"),
        ([f"{NIGHT}=+5%"], "+5% of 5 is less than half of one, so it changes nothing"),
        (["pools.supervisors.abstraction=+5%"], "+5% of 0 changes nothing\n"),
        (["pools.response_east.shifts.night=6"], "a table is needed here: what differs"),
    ],
)
def test_what_cannot_be_set_is_refused(words: list[str], told: str) -> None:
    """What is no lever, one that is given twice, and a change to what is no number."""
    assert told in message(*words)
