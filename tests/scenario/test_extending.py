"""Scenario files that extend others."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import ScenarioErrors
from sim.scenario.extending import extend, merge
from sim.scenario.loading import load
from tests.scenario.invalid import ROOT, SOUND

KEYS = st.sampled_from(["a", "b", "c"])
TREES = st.dictionaries(
    KEYS,
    st.recursive(
        st.integers() | st.lists(st.integers(), max_size=2),
        lambda inner: st.dictionaries(KEYS, inner, max_size=3),
        max_leaves=6,
    ),
    max_size=3,
)


def write(folder: Path, name: str, body: str, extends: str | None = None) -> Path:
    """Write a scenario file of the folder; it extends the sound one if nothing else is said."""
    base = (ROOT / SOUND).as_posix() if extends is None else extends
    path = folder / name
    path.write_text(f'format = 1\ntitle = "{name}"\nextends = "{base}"\n{body}', encoding="utf-8")
    return path


@given(TREES, TREES, TREES)
def test_merging_is_associative_without_tables_in_the_place_of_values(
    first: dict[str, Any], second: dict[str, Any], third: dict[str, Any]
) -> None:
    """A chain may be merged from either end, if what is a table in one is one in all."""

    def alike(one: Any, other: Any) -> bool:
        if isinstance(one, dict) != isinstance(other, dict):
            return False
        if not isinstance(one, dict):
            return True
        return all(alike(one[key], other[key]) for key in one.keys() & other.keys())

    pairs = ((first, second), (second, third), (first, third))
    if all(alike(one, other) for one, other in pairs):
        left = merge(merge(first, second), third)
        assert left == merge(first, merge(second, third))


@given(TREES)
def test_an_empty_file_changes_nothing(tree: dict[str, Any]) -> None:
    """Merging with nothing gives the same values, whichever way round."""
    assert merge(tree, {}) == merge({}, tree) == tree


def test_tables_merge_and_lists_are_replaced() -> None:
    """A table keeps what the file does not mention; a list is taken as a whole."""
    base = {"policy": {"gate": {"share_held": 0.5, "streams": ["a", "b"]}}}
    own = {"policy": {"gate": {"streams": ["c"]}}}
    assert merge(base, own) == {"policy": {"gate": {"share_held": 0.5, "streams": ["c"]}}}


def test_a_duration_of_another_family_replaces_the_whole() -> None:
    """The parameters of one family mean nothing to another, so none is inherited."""
    base = {"scene": {"family": "constant", "minutes": 5}}
    own = {"scene": {"family": "exponential", "mean_minutes": 4}}
    assert merge(base, own) == own


def test_a_duration_of_the_same_family_merges() -> None:
    """One parameter may be changed by itself."""
    base = {"scene": {"family": "gamma", "mean_minutes": 5, "variation": 1}}
    own = {"scene": {"family": "gamma", "mean_minutes": 6}}
    merged = {"scene": {"family": "gamma", "mean_minutes": 6, "variation": 1}}
    assert merge(base, own) == merged


@pytest.mark.parametrize(
    ("base", "own"),
    [({"hours": [1], "days": [2]}, {"week": [3]}), ({"week": [3]}, {"hours": [1]})],
)
def test_the_two_forms_of_a_profile_replace_each_other(
    base: dict[str, Any], own: dict[str, Any]
) -> None:
    """A profile by week drops an inherited one by hours, and the other way round."""
    assert merge({"profiles": {"p": base}}, {"profiles": {"p": own}}) == {"profiles": {"p": own}}


def test_title_and_about_are_not_inherited() -> None:
    """A file speaks for itself: neither title nor description comes from another."""
    merged = extend({"format": 1, "title": "a", "about": "b", "x": 1}, {"format": 1})
    assert merged == {"format": 1, "x": 1}


def test_a_source_goes_with_the_value_that_it_spoke_of() -> None:
    """A changed value drops the inherited source; an unchanged one keeps it."""
    base = {
        "a": {"x": 1, "y": 2, "z": [{"w": 3}]},
        "sources": {"a.x": {"source": "s"}, "a.y": {"source": "t"}, "a.z[0].w": {"source": "u"}},
    }
    merged = extend(base, {"a": {"x": 5, "y": 2, "z": [{"w": 4}]}})
    assert merged["sources"] == {"a.y": {"source": "t"}}


def test_a_source_of_its_own_replaces_the_inherited_one() -> None:
    """A source is one record: nothing of the other's low, high or year is left in it."""
    base = {"a": 1, "sources": {"a": {"assumption": "s", "low": 0, "high": 2}}}
    own = {"a": 5, "sources": {"a": {"source": "rota", "year": 2024}}}
    assert extend(base, own)["sources"] == {"a": {"source": "rota", "year": 2024}}


def test_each_value_knows_the_file_it_came_from(tmp_path: Path) -> None:
    """Along a chain of three, a value's origin is the last file that gave it."""
    (tmp_path / "base.toml").write_text((ROOT / SOUND).read_text("utf-8"), encoding="utf-8")
    write(tmp_path, "middle.toml", "[policy.gate]\nshare_held = 0.3\n", "base.toml")
    own = write(tmp_path, "own.toml", "[pools.supervisors]\nabstraction = 0.1\n", "middle.toml")
    origins = load(own).origins
    assert origins["policy.gate.share_held"] == "middle.toml"
    assert origins["pools.supervisors.abstraction"] == "own.toml"
    assert origins["pools.supervisors.shifts[0].people"] == "base.toml"
    assert origins["policy.gate.hold_high_risk"] == "default"
    assert origins["title"] == "own.toml"


def test_each_file_of_a_chain_needs_a_title(tmp_path: Path) -> None:
    """A file that others extend is held to the same form."""
    (tmp_path / "base.toml").write_text("format = 1\n", encoding="utf-8")
    own = write(tmp_path, "own.toml", "", "base.toml")
    with pytest.raises(ScenarioErrors) as caught:
        load(own)
    assert ("title", "base.toml") in [
        (error.path, Path(error.file or "").name) for error in caught.value.errors
    ]


def test_a_chain_has_an_end(tmp_path: Path) -> None:
    """More than ten files in a row are refused."""
    (tmp_path / "0.toml").write_text((ROOT / SOUND).read_text("utf-8"), encoding="utf-8")
    paths = [write(tmp_path, f"{n}.toml", "", f"{n - 1}.toml") for n in range(1, 11)]
    assert load(paths[8]).name == "9"
    with pytest.raises(ScenarioErrors, match="more than 10 files"):
        load(paths[9])


def test_a_byte_order_mark_is_tolerated(tmp_path: Path) -> None:
    """A file saved by Notepad loads."""
    path = tmp_path / "bom.toml"
    path.write_text((ROOT / SOUND).read_text("utf-8"), encoding="utf-8-sig")
    assert load(path).sha256 == load(ROOT / SOUND).sha256


def test_the_same_meaning_has_the_same_hash(tmp_path: Path) -> None:
    """Writing a default out changes nothing; changing a value or the order of pools does."""
    text = (ROOT / SOUND).read_text("utf-8")
    path = tmp_path / "one.toml"

    def hash_of(changed: str) -> str:
        path.write_text(changed, encoding="utf-8")
        return load(path).sha256

    same = hash_of(text)
    assert hash_of(text + "\n[costs]\ncontract_hours_per_week = 40\n") == same
    assert hash_of(text.replace("people = 6", "people = 7")) != same
    assert hash_of(text.replace("volume_per_year = 9000", "volume_per_year = 9001")) != same


def test_a_pool_that_nobody_staffs_is_said(tmp_path: Path) -> None:
    """A pool may be left empty on purpose, where nobody depends on it, and this is said."""
    path = write(tmp_path, "closed.toml", "[pools.missing_person_east]\nshifts = []\n")
    assert load(path).notices == ("Nobody is ever on duty in the pool missing_person_east.",)


def test_a_name_that_the_system_cannot_take_is_a_fault_of_the_file(tmp_path: Path) -> None:
    """Too long a name, for another scenario or for a rota, is told and no accident."""
    long = "a" * 300
    with pytest.raises(ScenarioErrors, match="cannot be read"):
        load(write(tmp_path, "own.toml", "", f"{long}.toml"))
    rota = f'[pools.response_east]\nrota_file = "{long}.csv"\n'
    with pytest.raises(ScenarioErrors, match="there is no such file"):
        load(write(tmp_path, "rota.toml", rota))


def test_a_link_to_itself_is_a_fault_of_the_file(tmp_path: Path) -> None:
    """A loop of links is told, as the scenario itself and as what another one extends."""
    loop = tmp_path / "loop.toml"
    loop.symlink_to(loop)
    for path in (loop, write(tmp_path, "own.toml", "", "loop.toml")):
        with pytest.raises(ScenarioErrors, match=r"loop\.toml: the file cannot be read"):
            load(path)


def test_a_link_that_leads_nowhere_is_not_suggested(tmp_path: Path) -> None:
    """It cannot be read either."""
    (tmp_path / "force.toml").symlink_to("absent.toml")
    with pytest.raises(ScenarioErrors) as refused:
        load(tmp_path / "forces.toml")
    assert "did you mean" not in str(refused.value)
