"""The resolved scenario, and differences between scenarios."""

from pathlib import Path

import pytest

from sim.scenario.loading import Loaded, load
from sim.scenario.resolve import Difference, difference, resolved_toml
from sim.scenario.template import template
from tests.scenario.invalid import ROOT, SOUND
from tests.scenario.test_extending import write

SHIPPED = [p for p in sorted((ROOT / "scenarios").rglob("*.toml")) if "mappings" not in p.parts]


def loaded_again(loaded: Loaded, folder: Path) -> Loaded:
    """Write a scenario resolved and load what was written."""
    path = folder / "resolved.toml"
    path.write_text(resolved_toml(loaded), encoding="utf-8")
    return load(path)


@pytest.mark.parametrize(
    "path",
    [path for path in SHIPPED if path.parent.name != "invalid" or path.name == SOUND.name],
    ids=lambda path: path.stem,
)
def test_a_resolved_scenario_loads_to_an_equal_one(path: Path, tmp_path: Path) -> None:
    """Writing out every value and reading it back changes nothing, not even the hash."""
    loaded = load(path)
    again = loaded_again(loaded, tmp_path)
    assert again.scenario == loaded.scenario
    assert again.sha256 == loaded.sha256


def test_odd_text_survives(tmp_path: Path) -> None:
    """Quotes, backslashes, line ends and signs beyond ASCII come back as they were."""
    path = write(tmp_path, "odd.toml", 'about = "a \\"b\\" \\\\ \\n\\t é – \\u00ad #"\n')
    loaded = load(path)
    assert loaded_again(loaded, tmp_path).scenario.about == 'a "b" \\ \n\t é – \u00ad #'


def test_each_value_says_where_it_came_from(tmp_path: Path) -> None:
    """A trailing comment names the file or the default, then the source or the assumption."""
    (tmp_path / "base.toml").write_text((ROOT / SOUND).read_text("utf-8"), encoding="utf-8")
    own = write(
        tmp_path,
        "own.toml",
        "[policy.gate]\nshare_held = 0.3\n[sources]\n"
        '"policy.gate.share_held" = { source = "force log", year = 2022, confidence = "B" }\n',
        "base.toml",
    )
    lines = resolved_toml(load(own)).splitlines()
    assert "share_held = 0.3  # own.toml; source: force log (2022, B)" in lines
    assert "hold_high_risk = false  # default" in lines
    assert "volume_per_year = 500.0  # base.toml; assumption, 100 to 900: made up" in lines


def test_what_is_no_number_is_told_without_a_range(tmp_path: Path) -> None:
    """An assumption about hours of the day, or a name, has none."""
    (tmp_path / "base.toml").write_text((ROOT / SOUND).read_text("utf-8"), encoding="utf-8")
    own = write(
        tmp_path,
        "own.toml",
        '[policy.gate]\ndeploy_on = "grading"\n[sources]\n'
        '"policy.gate.deploy_on" = { assumption = "As the force says." }\n',
    )
    assert "assumption: As the force says." in resolved_toml(load(own))


def test_a_scenario_does_not_differ_from_itself() -> None:
    """Nothing differs, titles and sources apart."""
    assert difference(load(SOUND_PATH), load(SOUND_PATH)) == []


SOUND_PATH = ROOT / SOUND


def test_differences_are_listed_as_written(tmp_path: Path) -> None:
    """Changed values stand side by side, as TOML writes them."""
    own = write(
        tmp_path, "own.toml", '[policy.gate]\ndeploy_on = "ratification"\nshare_held = 0.5\n'
    )
    assert difference(load(SOUND_PATH), load(own)) == [
        Difference("policy.gate.deploy_on", '"grading"', '"ratification"'),
        Difference("policy.gate.share_held", "1.0", "0.5"),
    ]


def test_shifts_are_matched_by_name(tmp_path: Path) -> None:
    """A shift put in front of another makes one difference, not one for each key."""
    own = write(
        tmp_path,
        "own.toml",
        "[pools.supervisors]\nshifts = [\n"
        '    { name = "second", start = "22:00", end = "06:00", people = 1 },\n'
        '    { name = "all_day", start = "00:00", end = "24:00", people = 2 },\n]\n',
    )
    people, second = difference(load(SOUND_PATH), load(own))
    assert people == ("pools.supervisors.shifts.all_day.people", "1", "2")
    assert (second.path, second.before) == ("pools.supervisors.shifts.second", None)
    assert second.after is not None
    assert second.after.startswith('{ name = "second", start = "22:00", end = "06:00", people = 1')


def test_template_round_trip(tmp_path: Path) -> None:
    """The template's resolved form is equal to it."""
    path = tmp_path / "new.toml"
    path.write_text(template(), encoding="utf-8")
    loaded = load(path)
    assert loaded_again(loaded, tmp_path).scenario == loaded.scenario
