"""docs/coverage.md names only what exists, and gives a reason where it names nothing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

from sim.report.sections import entries
from sim.results.catalogue import CATALOGUE
from sim.scenario.loading import load
from sim.scenario.paths import MISSING, lookup, parsed
from sim.scenario.resolve import resolved_data
from sim.tables import Activity

ROOT: Final = Path(__file__).parents[1]
DOCUMENT: Final = (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8")
MODEL: Final = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
# Stages of measures of cases, and of work.
STAGES: Final = {"child_seen"} | {one.name.lower() for one in Activity}
# What the head of the document calls things by.
FORMS: Final = {"a.b.c", "name.toml", "code", "--show name", "scenarios/"}
ROW: Final = re.compile(r"^\| (\d+) \| (.+?) \| (.+) \|$", re.MULTILINE)


def references() -> list[str]:
    """Return everything that stands in code quotes."""
    return [one for one in re.findall(r"`([^`]+)`", DOCUMENT) if one not in FORMS]


def test_every_rule_number_is_a_rule() -> None:
    """Numbers after the word rule, to the end of the list, open a paragraph of model.md."""
    lists = re.findall(r"[Rr]ules? (\d[\d., a-z]*\d)", DOCUMENT)
    numbers = {one for each in lists for one in re.findall(r"\d+\.\d+", each)}
    assert len(numbers) > 30
    rules = set(re.findall(r"^(\d+\.\d+) ", MODEL, re.MULTILINE))
    assert numbers - rules == set()


def test_every_scenario_is_shipped_and_every_shipped_one_is_named() -> None:
    """Files that no paragraph asks for are those that the inspectors did not speak of."""
    named = {one.removeprefix("scenarios/") for one in references() if one.endswith(".toml")}
    folder = ROOT / "scenarios"
    shipped = {path.relative_to(folder).as_posix() for path in folder.glob("*.toml")}
    shipped |= {path.relative_to(folder).as_posix() for path in folder.glob("cases/*.toml")}
    assert named - shipped == set()
    of_planners = {
        "summer.toml",
        "surge.toml",
        "double-crewed-nights.toml",
        "twelve-hour-shifts.toml",
        "extra-dispatcher.toml",
        "one-fewer-response.toml",
        "second-night-supervisor.toml",
        "missing-child-level.toml",
    }
    assert shipped - named == of_planners


def test_every_key_is_in_the_baseline() -> None:
    """Dotted paths lead to a value of the resolved baseline."""
    data: dict[str, Any] = resolved_data(load(ROOT / "scenarios" / "dorset-2022.toml").scenario)
    keys = [one for one in references() if "." in one and not one.endswith(".toml")]
    assert len(keys) > 25
    for key in keys:
        path = parsed(key)
        assert path is not None, key
        assert lookup(data, path) is not MISSING, key


def test_every_measure_and_section_exists() -> None:
    """Single words are measures or stages, and --show names a section."""
    words = [one for one in references() if "." not in one and not one.startswith("--show ")]
    assert {one for one in words if one not in STAGES} <= set(CATALOGUE)
    shown = [one.removeprefix("--show ") for one in references() if one.startswith("--show ")]
    assert set(shown) <= set(entries())
    assert len(words) > 15
    assert len(shown) >= 6


def test_what_is_not_modelled_has_a_reason() -> None:
    """Each row says where it is, or why it is nowhere; paragraphs are counted from 1."""
    rows = ROW.findall(DOCUMENT)
    assert len(rows) > 90
    before = 0
    for number, paragraph, place in rows:
        assert int(number) in (before + 1, 1)
        before = int(number)
        assert paragraph
        if place.startswith("Not modelled"):
            assert re.match(r"Not modelled[a-z ]*: .{8,}", place), paragraph
