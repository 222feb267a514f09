"""The scenario that a planner begins with."""

import tomllib
from pathlib import Path

from sim.scenario.loading import load
from sim.scenario.paths import KeyPath, dotted, leaves
from sim.scenario.template import template


def is_a_figure(path: KeyPath, value: object) -> bool:
    """Tell a number that is a claim about the world from one that only names a grade."""
    numbers = value if isinstance(value, list) else [value]
    is_number = all(isinstance(n, int | float) and not isinstance(n, bool) for n in numbers)
    return bool(numbers) and is_number and path != ("format",) and path[-1] != "grade"


def test_the_template_loads(tmp_path: Path) -> None:
    """It is a complete scenario of one area, with nothing to be said against it."""
    path = tmp_path / "new.toml"
    path.write_text(template(), encoding="utf-8")
    loaded = load(path)
    assert list(loaded.scenario.areas) == ["north"]
    assert loaded.notices == ()


def test_every_number_of_the_template_has_its_source() -> None:
    """Each figure, or the table that it stands in, has an entry in [sources]."""
    data = tomllib.loads(template())
    sources = data.pop("sources")
    figures = [path for path, value in leaves(data) if is_a_figure(path, value)]
    assert figures
    for path in figures:
        assert any(dotted(path[:length]) in sources for length in range(1, len(path) + 1)), path


def test_the_template_points_an_editor_to_the_schema() -> None:
    """The first line names the schema where it is asked for, and only then."""
    assert template("docs/scenario.schema.json").startswith("#:schema docs/scenario.schema.json\n")
    assert template().startswith("format = 1\n")
