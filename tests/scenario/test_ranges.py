"""What is not known of a scenario: how each range of [sources] acts, and what has none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sim.scenario.factors import scaled
from sim.scenario.loading import load
from sim.scenario.models import Scenario
from sim.scenario.ranges import Range, applied, ranges_of
from sim.scenario.resolve import resolved_data
from tests.worlds import lognormal, small_scenario

SCENARIOS = Path(__file__).parents[2] / "scenarios"


def ranged(low: float, high: float, said: str = "Not known.") -> dict[str, Any]:
    """An entry of [sources]."""
    return {"assumption": said, "low": low, "high": high}


def only(**sources: dict[str, Any]) -> Range:
    """The one range of a small scenario; dots of its path are written as two underscores."""
    given = {path.replace("__", "."): entry for path, entry in sources.items()}
    found = ranges_of(small_scenario(sources=given))
    ((one,),) = found.together
    return one


@pytest.mark.parametrize(
    ("value", "by", "expected"),
    [
        (0.4, 2.0, 0.8),
        (3, 0.5, 2),
        (3, 0.49, 1),
        (lognormal(12.0, 0.5), 2.0, lognormal(24.0, 0.5)),
        (
            {"family": "quantiles", "levels": [0.0, 1.0], "minutes": [2.0, 20.0]},
            2.0,
            {"family": "quantiles", "levels": [0.0, 1.0], "minutes": [4.0, 40.0]},
        ),
        ([{"people": 3, "crew_size": 2}], 0.5, [{"people": 2, "crew_size": 2}]),
        ([{"people": 1}, {"people": 0}], 0.1, [{"people": 1}, {"people": 0}]),
        ({"share": 0.2, "after": lognormal(5.0, 1.0)}, 2.0,
         {"share": 0.4, "after": lognormal(5.0, 1.0)}),
        ({"first": ["visit"], "gap": lognormal(5.0, 1.0)}, 2.0,
         {"first": ["visit"], "gap": lognormal(10.0, 1.0)}),
        ({"1": 15.0, "2": 60.0}, 2.0, {"1": 30.0, "2": 120.0}),
        ([1.0, 0.9], 2.0, [2.0, 1.8]),
        ({"1": 0.25, "2": 0.5, "3": 0.25}, 2.0, {"1": 0.5, "2": 1 / 3, "3": 1 / 6}),
        ({"high": {"1": 1.0}, "low": {"2": 0.5, "3": 0.5}}, 0.5,
         {"high": {"1": 1.0}, "low": {"2": 0.25, "3": 0.75}}),
    ],
)  # fmt: skip
def test_a_factor_acts_on_lengths_people_or_numbers(value: Any, by: float, expected: Any) -> None:
    """A duration's length, people (one is left), else numbers at hand, else those below."""
    assert scaled(value, by) == expected


def test_a_number_lies_about_what_the_file_says() -> None:
    """Half of all levels lie below the scenario's own value, the ends at the ends."""
    share = only(policy__gate__share_held=ranged(0.2, 1.0))
    assert [share.at(level) for level in (0.0, 0.25, 0.5, 0.75, 1.0)] == pytest.approx(
        [0.2, 0.35, 0.5, 0.75, 1.0]
    )


def test_a_value_at_an_end_is_varied_evenly() -> None:
    """What is 0 and may be 0 to 0.4 is not 0 half of the time."""
    share = only(streams__immediate__custody_share=ranged(0.1, 0.5))
    assert [share.at(level) for level in (0.0, 0.5, 1.0)] == pytest.approx([0.1, 0.3, 0.5])


def test_whole_numbers_stay_whole_and_all_of_them_come() -> None:
    """A reserve of 0 to 3 is 0, 1, 2 and 3, the ends no less often than others at the end."""
    reserve = only(pools__response_north__reserve=ranged(0, 3))
    assert reserve.whole
    levels = [(at + 0.5) / 400 for at in range(400)]
    found = [reserve.at(level) for level in levels]
    assert [found.count(number) for number in (0, 1, 2, 3)] == [100, 100, 100, 100]


def test_the_same_thing_in_two_areas_moves_together() -> None:
    """Ranges with the same sentence, ends and key are one; another sentence makes two."""
    paths = ("pools.response_north.abstraction", "pools.response_south.abstraction")
    alike = small_scenario(2, sources={path: ranged(0.0, 0.3) for path in paths})
    assert [[one.path for one in group] for group in ranges_of(alike).together] == [list(paths)]
    other = small_scenario(2, sources={path: ranged(0.0, 0.3, f"Of {path}.") for path in paths})
    assert len(ranges_of(other).together) == 2


@pytest.mark.parametrize(
    ("path", "entry", "why"),
    [
        ("policy.gate.share_held", {"assumption": "Why."}, "has no range"),
        ("policy.gate.share_held", {"assumption": "Why.", "low": 0.1}, "only one end"),
        ("policy.gate.share_held", ranged(0.6, 0.9), "0.5 is not in"),
        ("policy.gate.share_held", ranged(0.5, 0.5), "certain"),
        ("policy.gate.deploy_on", ranged(0.0, 1.0), "is no number"),
        ("streams.immediate.scene", ranged(10.0, 20.0), "the factor 1 is not in"),
        ("streams.immediate.grades", ranged(0.5, 1.0), "nothing that a factor"),
        ("profiles.flat", ranged(0.5, 1.5), "in proportion"),
        ("policy.gate.streams", ranged(0.5, 1.5), "nothing that a factor"),
        ("streams.immediate.day_variation", ranged(0.0, 0.4), "switch on days that differ"),
        ("targets.grade_2.minutes", ranged(10.0, 30.0), "is an aim"),
        ("pools.call_takers.pounds_per_hour", ranged(0.0, 30.0), "is a price"),
        ("pools.nobody.reserve", ranged(0.0, 3.0), "is not in the scenario"),
    ],
)  # fmt: skip
def test_what_cannot_be_varied_is_listed_with_the_reason(
    path: str, entry: dict[str, Any], why: str
) -> None:
    """No range, a wrong one, no number, shares of one, a rule, an aim, a price."""
    found = ranges_of(small_scenario(sources={path: entry}))
    assert found.together == ()
    ((one,)) = found.without
    assert one.path == path
    assert why in one.why


def test_how_far_days_differ_is_varied_where_they_do() -> None:
    """Off it is a rule; on it is a number like another."""
    path = "streams.immediate.day_variation"
    own = {"immediate": {"day_variation": 0.2}}
    (group,) = ranges_of(small_scenario(sources={path: ranged(0.0, 0.4)}, streams=own)).together
    assert [(one.path, one.own) for one in group] == [(path, 0.2)]


def test_a_lever_stays_and_a_factor_acts_on_what_each_scenario_has() -> None:
    """A number that a variant sets is kept; one fewer than the baseline is one fewer at a tenth."""
    base = small_scenario()
    data = resolved_data(base)
    fewer = resolved_data(small_scenario(policy={"gate": {"share_held": 1.0}}))
    fewer["pools"]["response_north"]["shifts"][0]["people"] -= 1
    held = only(policy__gate__share_held=ranged(0.0, 1.0))
    people = only(pools__response_north__shifts=ranged(0.5, 2.0))
    moves = [(held, 0.25), (people, 2.0)]
    moved, variant = (applied(one, data, moves) for one in (data, fewer))
    assert moved["policy"]["gate"]["share_held"] == 0.25
    assert variant["policy"]["gate"]["share_held"] == 1.0
    at_work = [one["pools"]["response_north"]["shifts"][0]["people"] for one in (moved, variant)]
    assert at_work == [2 * data["pools"]["response_north"]["shifts"][0]["people"], at_work[0] - 2]
    assert data == resolved_data(base)


def test_every_range_of_the_baseline_makes_a_sound_scenario_at_its_ends() -> None:
    """What is shipped can be varied: each range alone, low and high."""
    scenario = load(SCENARIOS / "dorset-2022.toml").scenario
    data, found = resolved_data(scenario), ranges_of(scenario)
    assert len(found.together) > 100
    assert any(
        one.path == "pools.response_bcp.reserve" for group in found.together for one in group
    )
    for group in found.together:
        for level in (0.0, 1.0):
            moved = applied(data, data, [(one, one.at(level)) for one in group])
            Scenario.model_validate(moved)
