"""What stands behind the rows: the rota by hour, sources, long waits, and all of it as data."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sim.report.story.timelines import longest_waits, timeline
from sim.results import Document
from sim.results.making import background_of
from sim.scenario.loading import Loaded, load
from sim.tables import HOUR
from tests.report.pictured import background, pictured
from tests.report.sample import context
from tests.report.test_trace import FIRST, NIGHT, SECOND, world
from tests.worlds import small_scenario

FORCE = """
format = 1
title = "Night"
extends = "force.toml"
"""


@pytest.fixture
def loaded(tmp_path: Path) -> Loaded:
    """The template's force, to be given other pools."""
    from sim.scenario.template import template

    (tmp_path / "force.toml").write_text(template(), encoding="utf-8")
    return load(tmp_path / "force.toml")


def test_context_comes_back_as_it_was() -> None:
    """Written into a document and read again, nothing is lost."""
    made = pictured()
    read = Document.model_validate_json(made.model_dump_json())
    assert (read.context, read.background) == (context(), background())
    assert read == made


def test_a_night_shift_is_counted_in_its_hours(loaded: Loaded) -> None:
    """Four people, a quarter away, 22:30 to 06:00: 1.5 from 22:00, 3 until 06:00, then none."""
    scenario = small_scenario(
        pools={
            "response_north": {
                "abstraction": 0.25,
                "shifts": [
                    {"name": "night", "start": "22:30", "end": "06:00", "people": 4, "crew_size": 1}
                ],
            }
        }
    )
    made = background_of([replace(loaded, scenario=scenario)], days=10)
    nights = {row.hour: row for row in made.on_duty if row.pool == "response_north"}
    assert {hour: row.value for hour, row in nights.items() if row.value} == {
        22: 1.5,
        **dict.fromkeys((23, 0, 1, 2, 3, 4, 5), 3.0),
    }
    assert (nights[23].low, nights[23].high) == (3.0, 3.0)


def test_days_with_fewer_people_are_told(loaded: Loaded) -> None:
    """Two on weekdays and none at weekends: a mean of 10/7, from 0 to 2."""
    scenario = small_scenario(
        pools={
            "response_north": {
                "abstraction": 0.0,
                "shifts": [
                    {"name": "day", "start": "08:00", "end": "16:00", "people": 2, "crew_size": 1,
                     "days": ["mon", "tue", "wed", "thu", "fri"]}
                ],
            }
        }
    )  # fmt: skip
    made = background_of([replace(loaded, scenario=scenario)], days=7)
    noon = next(row for row in made.on_duty if row.pool == "response_north" and row.hour == 12)
    assert noon.value == pytest.approx(10 / 7, abs=0.001)
    assert (noon.low, noon.high) == (0.0, 2.0)


def test_sources_are_told_once(loaded: Loaded, tmp_path: Path) -> None:
    """What another scenario only inherits stands under the baseline alone."""
    (tmp_path / "night.toml").write_text(FORCE, encoding="utf-8")
    both = background_of([loaded, load(tmp_path / "night.toml")], days=7)
    assert {one.scenario for one in both.sources} <= {"force"}
    assert [scenario.name for scenario in both.scenarios] == ["force", "night"]


def test_a_strip_ends_when_somebody_is_there() -> None:
    """Steps are in minutes since the report; what goes on after the arrival is no wait."""
    made = timeline(world(), FIRST)
    assert made.reported == 2 * 60
    assert made.title.startswith("missing-child report, grade 2, bcp, reported 5 April 2022")
    assert made.spans
    assert max(span.end for span in made.spans) <= made.unattended_minutes
    assert any(span.waiting for span in made.spans)
    held = next(span for span in made.spans if span.lane == "Held by the rule")
    assert held.waiting
    assert held.at == "Tue 02:10"
    assert held.until == "03:10"


def test_the_longest_waits_come_first() -> None:
    """Both reports of the window, the longest first; a narrower window holds one."""
    found = longest_waits(world(), "missing_child", 2, 0, 96 * HOUR)
    assert [one.key for one in found] == [FIRST, SECOND]
    assert found[0].unattended_minutes >= found[1].unattended_minutes
    (one,) = longest_waits(world(), "missing_child", 2, 0, NIGHT + HOUR)
    assert one.key == FIRST
    assert one.name == world().name(0)
    assert longest_waits(world(), "missing_child", 2, 0, 1) == []
