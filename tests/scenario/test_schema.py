"""The JSON Schema for editors."""

import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from sim.scenario.schema import schema, schema_text
from sim.scenario.template import template
from tests.scenario.invalid import ROOT, SOUND

VALIDATOR = jsonschema.Draft7Validator(schema())
SMALL = {"format": 1, "title": "x", "extends": "base.toml"}
NO_SCENARIOS = {"invalid", "mappings"}
SHIPPED = [
    path
    for path in sorted((ROOT / "scenarios").rglob("*.toml"))
    if not NO_SCENARIOS.intersection(path.parts)
]


def as_json(value: Any) -> Any:
    """Return what a TOML editor hands to a schema: dates as text."""
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def accepts(data: dict[str, Any]) -> bool:
    """Tell whether the schema accepts what a TOML file says."""
    return bool(VALIDATOR.is_valid(as_json(data)))


def test_the_schema_is_a_schema() -> None:
    """The document itself is sound."""
    jsonschema.Draft7Validator.check_schema(schema())


def test_the_copy_in_docs_is_current() -> None:
    """What editors read is what the models say; the command `schema` writes it again."""
    assert (ROOT / "docs" / "scenario.schema.json").read_text("utf-8") == schema_text()


@pytest.mark.parametrize("path", [ROOT / SOUND, *SHIPPED], ids=lambda path: path.stem)
def test_sound_files_are_accepted(path: Path) -> None:
    """Each shipped file and the one that the broken ones extend satisfy the schema."""
    assert accepts(tomllib.loads(path.read_text("utf-8")))


def test_the_template_is_accepted() -> None:
    """An editor has nothing to say against the template."""
    assert accepts(tomllib.loads(template()))


@pytest.mark.parametrize(
    "part",
    [
        {},
        {"policy": {"gate": {"share_held": 0.5}}},
        {"streams": {"missing_child": {"volume_per_year": 400}}},
        {"streams": {"missing_child": {"scene": {"median_minutes": 40}}}},
        {"pools": {"supervisors": {"abstraction": 0.2}}},
    ],
)
def test_a_file_that_extends_gives_only_what_differs(part: dict[str, Any]) -> None:
    """Nothing else is required of it."""
    assert accepts({**SMALL, **part})


@pytest.mark.parametrize(
    "part",
    [
        {"polcy": {}},
        {"policy": {"gate": {"share_hold": 0.5}}},
        {"policy": {"gate": {"share_held": 1.5}}},
        {"pools": {"supervisors": {"abstracton": 0.2}}},
        {"pools": {"Supervisors": {"abstraction": 0.2}}},
        {"pools": {"supervisors": {"shifts": [{"name": "day", "start": "07:00", "people": 1}]}}},
        {"streams": {"missing_child": {"volume": 400}}},
        {"targets": {"priority": {"grade": "2"}}},
        {"grades": {"ten": {"title": "x"}}},
    ],
)
def test_a_slip_is_refused(part: dict[str, Any]) -> None:
    """Misspelt keys, values out of range and incomplete shifts are marked as they are typed."""
    assert not accepts({**SMALL, **part})


@pytest.mark.parametrize("key", ["calendar", "areas", "pools", "streams"])
def test_a_file_that_extends_nothing_is_complete(key: str) -> None:
    """Without `extends` every needed table is asked for."""
    data = tomllib.loads((ROOT / SOUND).read_text("utf-8"))
    del data[key]
    assert not accepts(data)
    assert accepts({**data, "extends": "base.toml"})


def test_descriptions_are_kept() -> None:
    """An editor shows what a key means."""
    shift = json.loads(schema_text())["definitions"]["Shift"]["properties"]
    assert shift["people"]["description"].startswith("Officers or staff rostered")
