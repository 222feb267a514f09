"""What a file takes away from the file that it extends."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import ScenarioErrors
from sim.scenario.loading import load
from sim.scenario.resolve import difference, resolved_toml
from tests.scenario.invalid import ROOT, SOUND
from tests.scenario.test_extending import write

ONE_AREA = """
remove = [
    "areas.west",
    "pools.response_west",
    "streams.missing_child.areas.west",
    "streams.other_incidents.areas.west",
]
[streams]
missing_child.areas.east = 1.0
other_incidents.areas.east = 1.0
"""


def test_an_area_may_be_dropped_with_what_names_it(tmp_path: Path) -> None:
    """A force of two areas becomes one of one area; nothing else moves."""
    scenario = load(write(tmp_path, "one.toml", ONE_AREA)).scenario
    assert list(scenario.areas) == ["east"]
    assert list(scenario.pools) == ["response_east", "missing_person_east", "supervisors"]
    assert scenario.streams["missing_child"].areas == {"east": 1.0}  # type: ignore[union-attr]


def test_a_shift_may_be_dropped_by_its_name(tmp_path: Path) -> None:
    """As `compare` writes it; the other shifts stay as they are."""
    own = write(tmp_path, "own.toml", 'remove = ["pools.response_east.shifts[night]"]\n')
    assert [shift.name for shift in load(own).scenario.pools["response_east"].shifts] == ["day"]


def test_several_shifts_of_one_rota_may_be_dropped(tmp_path: Path) -> None:
    """Their places hold, whatever the order in which they are named."""
    paths = ["pools.missing_person_east.shifts[0]", "pools.missing_person_east.shifts[late]"]
    own = write(tmp_path, "own.toml", f"remove = {paths}\n")
    assert load(own).scenario.pools["missing_person_east"].shifts == []


def test_a_dropped_key_has_its_default(tmp_path: Path) -> None:
    """What was set in the file extended is as if it had never been."""
    (tmp_path / "base.toml").write_text(
        (ROOT / SOUND).read_text("utf-8") + "\n[costs]\ncontract_hours_per_week = 37\n", "utf-8"
    )
    own = write(tmp_path, "own.toml", 'remove = ["costs.contract_hours_per_week"]\n', "base.toml")
    loaded = load(own)
    assert loaded.scenario.costs.contract_hours_per_week == 40
    assert loaded.origins["costs.contract_hours_per_week"] == "default"


def test_what_is_dropped_and_written_again_is_new(tmp_path: Path) -> None:
    """A table that is removed and written holds nothing of the inherited one."""
    body = (
        'remove = ["pools.missing_person_east"]\n'
        '[pools.missing_person_east]\nkind = "units"\nrole = "missing_person"\n'
        'shifts = [{ name = "x", start = "08:00", end = "16:00", people = 1 }]\n'
    )
    pool = load(write(tmp_path, "own.toml", body)).scenario.pools["missing_person_east"]
    assert pool.area is None  # the inherited pool is of the area east


def test_a_source_goes_with_what_is_dropped(tmp_path: Path) -> None:
    """Otherwise it would speak of a value that is not there."""
    base = (
        (ROOT / SOUND)
        .read_text("utf-8")
        .replace("[sources]", '[sources]\n"pools.response_west.shifts" = { source = "rota" }')
    )
    (tmp_path / "base.toml").write_text(base, "utf-8")
    own = write(tmp_path, "own.toml", ONE_AREA, "base.toml")
    assert list(load(own).scenario.sources) == ["streams.missing_child.volume_per_year"]


def test_rows_of_a_rota_keep_their_numbers(tmp_path: Path) -> None:
    """After its first shift is dropped, the second is still told to come from row 3."""
    (tmp_path / "rota.csv").write_text(
        "name,start,end,people\nday,07:00,19:00,3\nnight,19:00,07:00,2\n", "utf-8"
    )
    write(tmp_path, "base.toml", '[pools.response_east]\nrota_file = "rota.csv"\n')
    own = write(tmp_path, "own.toml", 'remove = ["pools.response_east.shifts[day]"]\n', "base.toml")
    assert load(own).origins["pools.response_east.shifts[0].people"] == "rota.csv row 3"


def test_removals_are_shown_where_files_are_compared_and_resolved(tmp_path: Path) -> None:
    """A comparison shows what is gone; the resolved file says which file took it away."""
    own = write(tmp_path, "one.toml", ONE_AREA)
    before, after = load(ROOT / SOUND), load(own)
    gone = {one.path for one in difference(before, after) if one.after is None}
    assert {"areas.west", "pools.response_west"} <= gone
    text = resolved_toml(after)
    assert "# one.toml removes areas.west\n" in text
    assert "# one.toml removes streams.other_incidents.areas.west\n" in text


def test_a_default_in_the_place_of_what_is_gone_says_so(tmp_path: Path) -> None:
    """In the resolved file such a value is not taken for one that nobody has ever set."""
    (tmp_path / "base.toml").write_text(
        (ROOT / SOUND).read_text("utf-8") + "\n[costs]\ncontract_hours_per_week = 37\n", "utf-8"
    )
    own = write(tmp_path, "own.toml", 'remove = ["costs"]\n', "base.toml")
    line = "contract_hours_per_week = 40.0  # default; own.toml removes what was here"
    assert line in resolved_toml(load(own))


def test_what_an_inherited_file_removes_may_come_back(tmp_path: Path) -> None:
    """The last file of a chain decides."""
    write(tmp_path, "middle.toml", 'remove = ["policy.gate.streams"]\n')
    own = write(tmp_path, "own.toml", '[policy.gate]\nstreams = ["missing_child"]\n', "middle.toml")
    assert load(own).scenario.policy.gate.streams == ["missing_child"]


def test_a_fault_that_a_removal_makes_is_told_of_the_file_that_removes(tmp_path: Path) -> None:
    """The entry stands in the file extended, which is sound; both are named, and a way out."""
    own = write(tmp_path, "own.toml", 'remove = ["streams.missing_child"]\n')
    with pytest.raises(ScenarioErrors) as caught:
        load(own)
    base = (ROOT / SOUND).as_posix()
    assert [(error.file, error.path) for error in caught.value.errors] == [
        (own.as_posix(), f"policy.gate.streams[0] (from {base})"),
        (own.as_posix(), f"policy.attendance.streams.missing_child (from {base})"),
    ]
    assert caught.value.errors[1].allowed is not None
    assert 'remove = ["policy.attendance.streams.missing_child"]' in caught.value.errors[1].allowed


def test_a_fault_of_the_file_extended_stays_its_own(tmp_path: Path) -> None:
    """An heir that changes something else in the same table is not blamed for what is missing."""
    (tmp_path / "base.toml").write_text(
        (ROOT / SOUND)
        .read_text("utf-8")
        .replace('thrive = { family = "constant", minutes = 3 }', ""),
        "utf-8",
    )
    own = write(
        tmp_path, "own.toml", "[streams.other_incidents]\nvolume_per_year = 10\n", "base.toml"
    )
    with pytest.raises(ScenarioErrors) as caught:
        load(own)
    (error,) = caught.value.errors
    assert (Path(error.file or "").name, error.path) == (
        "base.toml",
        "streams.other_incidents.thrive",
    )
