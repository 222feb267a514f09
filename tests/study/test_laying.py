"""Settings laid over scenarios."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from sim.scenario.loading import load
from sim.scenario.models import Scenario
from sim.scenario.ranges import Range, applied, ranges_of
from sim.scenario.resolve import resolved_data
from sim.study import Laying

SCENARIOS = Path(__file__).parents[2] / "scenarios"
NAMES = ("dorset-2022", "summer", "second-night-supervisor", "teams-to-0200", "philomena-forms")


def test_a_setting_makes_what_the_whole_document_makes_of_it() -> None:
    """Scenarios that differ in demand, people, lengths and rules: all of them, to the last digit.

    Each is checked as a whole here, from the document with all numbers moved.
    """
    scenarios = [load(SCENARIOS / f"{name}.toml").scenario for name in NAMES]
    together = ranges_of(scenarios[0]).together
    documents = [{**resolved_data(one), "sources": {}} for one in scenarios]
    laying = Laying(scenarios, together)
    settings = list(np.random.default_rng(29).random((4, len(together))))
    few = np.full(len(together), np.nan)
    few[7] = 0.9
    for levels in [*settings, few, np.full(len(together), np.nan)]:
        moves = [
            (one, one.at(float(level)))
            for group, level in zip(together, levels, strict=True)
            if not np.isnan(level)
            for one in group
        ]
        for made, document in zip(laying.at(levels), documents, strict=True):
            whole = Scenario.model_validate(applied(document, documents[0], moves))
            assert made == whole
            assert made.model_dump_json() == whole.model_dump_json()


def test_what_is_alike_and_what_stays_is_the_same_model() -> None:
    """So that it is neither made nor checked once more."""
    scenarios = [load(SCENARIOS / f"{name}.toml").scenario for name in NAMES[:3]]
    together = ranges_of(scenarios[0]).together
    laying = Laying(scenarios, together)
    as_it_is = laying.at(np.full(len(together), np.nan))[0]
    baseline, summer, supervisor = laying.at(np.full(len(together), 0.2))
    assert baseline.calendar is as_it_is.calendar
    assert baseline.profiles["calls"] is as_it_is.profiles["calls"]
    assert supervisor.streams["priority"] is baseline.streams["priority"]
    assert supervisor.pools["dispatcher"] is baseline.pools["dispatcher"]
    assert supervisor.pools["control_room_supervisor"] != baseline.pools["control_room_supervisor"]
    assert summer.calendar != baseline.calendar
    assert baseline.streams["priority"] != as_it_is.streams["priority"]


def test_an_impossible_setting_is_refused() -> None:
    """Whichever scenario it is impossible in."""
    scenario = load(SCENARIOS / "dorset-2022.toml").scenario
    path = "streams.missing_adult.ends_without_deployment"
    beyond = Range(path, 0.0, 2.0, "number", 0.1, whole=False, source="")
    with pytest.raises(ValidationError, match="ends_without_deployment"):
        Laying([scenario], [[beyond]]).at(np.array([0.99]))
