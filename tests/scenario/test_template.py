"""The scenario that a planner begins with."""

import tomllib
from pathlib import Path

from sim.feasibility import Findings
from sim.results.making.people_rows import people_rows
from sim.scenario.loading import load
from sim.scenario.paths import KeyPath, dotted, leaves
from sim.scenario.template import template
from sim.study import Settings, check
from sim.study.running import collect
from sim.study.worlds import Plan


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
    assert loaded.unsourced == ()


def test_the_template_is_a_sensible_force(tmp_path: Path) -> None:
    """Officers are busy, and not more than a force could bear; nobody idles by an oversight."""
    path = tmp_path / "new.toml"
    path.write_text(template(), encoding="utf-8")
    loaded = load(path)
    settings = Settings(replications=4, days=14, warm_up_days=3, workers=1)
    assert check([loaded], settings) == Findings()
    (tallies,) = collect(Plan(("new",), (loaded.scenario,), settings)).by_scenario()
    busy = {
        row.pool: row.value
        for row in people_rows(tallies, 0.95)
        if row.measure == "utilisation" and row.hour is None and row.stage is None
    }
    assert set(busy) == set(loaded.scenario.pools)
    assert 0.6 <= (busy["response"] or 0) <= 0.8
    assert 0.4 <= (busy["supervisors"] or 0) <= 0.7
    assert all((share or 0) > 0.05 for share in busy.values())


def test_the_template_has_a_gate_that_may_be_asked_about() -> None:
    """Deployment waits for ratification in a share of reports, and a team and response attend."""
    data = tomllib.loads(template())
    assert data["policy"]["gate"]["deploy_on"] == "ratification"
    assert 0 < data["policy"]["gate"]["share_held"] < 1
    asked = data["policy"]["attendance"]["streams"]["missing_child"]
    assert asked == ["missing_person", "response"]


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
