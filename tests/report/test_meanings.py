"""The words for measures."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sim.report.meanings import MEANINGS, curve_point, meaning

ROOT = Path(__file__).parents[2]


def test_the_schema_and_the_files_use_the_same_words() -> None:
    """Whoever reads the schema and whoever reads the workbook is told the same."""
    schema = json.loads((ROOT / "docs" / "output.schema.json").read_text(encoding="utf-8"))
    measure = schema["$defs"]["row"]["properties"]["measure"]
    assert measure["meanings"] == MEANINGS
    assert measure["anyOf"][0]["enum"] == list(MEANINGS)


def test_a_point_of_the_curve_names_its_minute() -> None:
    """Its name is taken apart, and its meaning holds the minute."""
    assert curve_point("returned_first_by_180_minutes") == ("returned_first", 180)
    assert curve_point("delay_mean") is None
    assert "20 minutes" in meaning("arrived_by_20_minutes")
    assert meaning("delay_mean") == MEANINGS["delay_mean"]


def test_an_unknown_measure_has_no_meaning() -> None:
    """A name that nobody has described is not passed over in silence."""
    with pytest.raises(KeyError):
        meaning("hours_saved")


def test_why_a_child_is_safe_before_being_seen_is_said() -> None:
    """The mean until safe is below the mean until seen: a child may return, and be seen later."""
    assert "safe before police see them" in MEANINGS["clock_mean"]
