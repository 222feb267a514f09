"""Scripted reports: where a scenario says when somebody rings, and draws the rest as ever."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import numpy as np
import pytest

from sim.fates.field import points_under, scripted_numbers
from sim.fates.incidents import draw
from sim.scenario.models import Scenario
from sim.streams import Streams
from sim.tables import DAY, HOUR, MINUTE, NONE, Table
from tests.worlds import small_scenario

STREAMS: Final = Streams(seed=2022, replication=0)
START, END = -7 * DAY, 30 * DAY
# The small world's first day is Monday, 25 April 2022.
TUESDAY: Final = datetime(2022, 4, 26, 9, 20)
SUNDAY_BEFORE: Final = datetime(2022, 4, 24, 23, 59, 30)


def scripted(name: str, *times: datetime, **changes: Any) -> Scenario:
    """Return the small world with one of its streams scripted."""
    script = {"volume_per_year": 0.0, "reports_at": list(times), **changes}
    return small_scenario(2, streams={name: script})


def rows(scenario: Scenario, name: str, start: int = START, end: int = END) -> Table:
    """Return the incidents of one stream."""
    table = draw(scenario, STREAMS, start, end).incidents
    return table.take(table["stream"] == list(scenario.streams).index(name))


@pytest.mark.parametrize("name", ["missing_child", "immediate"])
def test_reports_come_when_the_scenario_says(name: str) -> None:
    """A report stands at each second listed, before day 0 too, and nowhere else."""
    table = rows(scripted(name, TUESDAY, SUNDAY_BEFORE), name)
    # Tuesday is day 1; the other is 30 seconds before time 0.
    assert table["reported_at"].tolist() == [-30, DAY + 9 * HOUR + 20 * MINUTE]
    table.check()


def test_reports_outside_the_window_are_left_out() -> None:
    """A window picks scripted reports as it picks drawn ones: from its start up to its end."""
    scenario = scripted("immediate", TUESDAY, SUNDAY_BEFORE)
    at = DAY + 9 * HOUR + 20 * MINUTE
    assert rows(scenario, "immediate", 0, at)["reported_at"].tolist() == []
    assert rows(scenario, "immediate", 0, at + 1)["reported_at"].tolist() == [at]


@pytest.mark.parametrize("name", ["missing_child", "immediate"])
def test_a_report_that_is_moved_keeps_its_luck(name: str) -> None:
    """Listed at another time, a report has the same key, travel, lengths and return."""
    later = TUESDAY.replace(hour=22)
    one, other = (rows(scripted(name, at), name) for at in (TUESDAY, later))
    shift = int((later - TUESDAY).total_seconds())
    for column in one.schema.names:
        moved = shift if column in {"reported_at", "return_at", "last_seen_at"} else 0
        unset = one[column] == np.iinfo(np.int64).min
        assert ((one[column] + moved == other[column]) | unset).all(), column


def test_a_further_report_alters_none() -> None:
    """A report added at the end of the list, even an earlier one, leaves the others alone."""
    before = rows(scripted("missing_child", TUESDAY), "missing_child")
    after = rows(scripted("missing_child", TUESDAY, SUNDAY_BEFORE), "missing_child")
    kept = after.take(np.isin(after["key"], before["key"]))
    assert len(before) == 1
    assert len(after) == 2
    for column in before.schema.names:
        assert kept[column].tolist() == before[column].tolist(), column


def test_nobody_else_is_moved_by_a_script() -> None:
    """Other streams have the same rows whether one stream is scripted or drawn."""
    whole = draw(small_scenario(2), STREAMS, START, END).incidents
    script = draw(scripted("missing_child", TUESDAY), STREAMS, START, END).incidents
    others, still = (table.take(table["stream"] != 0) for table in (whole, script))
    assert len(others) > 1_000
    for column in others.schema.names:
        assert (others[column] == still[column]).all(), column


def test_scripted_children_are_missing_once_each() -> None:
    """Each scripted report is another child's first and only episode."""
    table = rows(scripted("missing_child", TUESDAY, SUNDAY_BEFORE, TUESDAY), "missing_child")
    assert table["episode"].tolist() == [0, 0, 0]
    assert len(set(table["child"].tolist()) - {NONE}) == 3
    assert len(set(table["key"].tolist())) == 3
    assert (table["return_at"] > table["reported_at"]).all()


def test_who_is_in_care_follows_the_share() -> None:
    """Of 2,000 scripted children as many are in care as the scenario's share says."""
    several = [TUESDAY] * 2_000
    children = {"children": {"in_care": 0.25}}
    table = rows(scripted("missing_child", *several, **children), "missing_child")
    # Standard error sqrt(0.25 * 0.75 / 2000) = 0.0097; 4.5 of them is a false alarm of 1e-5.
    assert table["in_care"].mean() == pytest.approx(0.25, abs=4.5 * 0.0097)


def test_no_point_has_a_scripted_number() -> None:
    """Points that would reach the layer kept for scripts are refused, and numbers never clash."""
    kept = scripted_numbers(1_000)
    assert np.unique(kept).size == 1_000
    number, _ = points_under(STREAMS, "busy", np.full(2, 2_047.0), 0, 2 * HOUR)
    assert number.size > 3_000
    assert number.max() < kept.min()
    earlier, _ = points_under(STREAMS, "busy", np.full(2, 2_047.0), -2 * HOUR, 0)
    assert earlier.min() > kept.max()
    with pytest.raises(ValueError, match="at most 2047"):
        points_under(STREAMS, "busy", np.full(2, 2_047.5), 0, 2 * HOUR)
