"""The headline over what is not known: settings drawn, played and counted."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from sim import study
from sim.errors import Interrupted
from sim.scenario.models import Scenario
from sim.study import Settings, Varied, unknowns
from tests.worlds import small_scenario

SMALL = Settings(replications=12, days=3, warm_up_days=1, engine="compiled", workers=1)


def ranged(low: float, high: float) -> dict[str, Any]:
    """An entry of [sources]."""
    return {"assumption": f"Not known: {low:g} to {high:g}.", "low": low, "high": high}


SOURCES = {
    "policy.gate.share_held": ranged(0.0, 1.0),
    "streams.missing_child.volume_per_year": ranged(2_000.0, 6_000.0),
    "streams.immediate.scene": ranged(0.5, 2.0),
    "pools.response_north.reserve": ranged(0.0, 3.0),
    "streams.plain_call.month_factors": {"assumption": "No range."},
}


def world(**changes: Any) -> Scenario:
    """A small world that is not sure of four things."""
    return small_scenario(
        **{
            "sources": SOURCES,
            "streams": {"missing_child": {"volume_per_year": 4_000.0}},
            **changes,
        }
    )


def varied(scenarios: list[Scenario], settings: Settings = SMALL) -> Varied:
    """What came of their settings, which there must be."""
    found = study.vary(scenarios, settings)
    assert isinstance(found, Varied), found
    return found


@cache
def three() -> tuple[Scenario, ...]:
    """The world, the same, and one in which all are held."""
    return world(), world(), world(policy={"gate": {"share_held": 1.0}})


def test_it_costs_no_more_than_the_replications() -> None:
    """Plays, those for luck among them, are twice the replications or fewer, 80 at the most."""
    for replications in (8, 12, 30, 40, 500):
        settings = min(unknowns.MOST_SETTINGS, 2 * replications * 3 // 4)
        assert settings + -(-settings // 3) <= 2 * replications
    found = varied([world()])
    assert found.settings == 18
    assert found.sums.shape == (1, 18, 4)
    assert found.again.shape == (1, 6, 4)


def test_all_scenarios_meet_the_same_settings_and_luck() -> None:
    """A variant that is the same as the baseline has its very counts in each setting."""
    found = varied(list(three()))
    assert (found.sums[0] == found.sums[1]).all()
    assert (found.again[0] == found.again[1]).all()
    assert found.better(1) == 0
    assert found.same(1) == found.settings
    assert found.better(2) + found.same(2) < found.settings
    assert (found.sums[0] != found.sums[2]).any()
    # One luck for each setting: where demand is varied hardly two have the same reports.
    assert len(set(found.sums[0, :, 0].tolist())) > found.settings // 2


def test_a_latin_hypercube_uses_each_part_of_a_range_once() -> None:
    """In each of as many even parts as there are settings lies one level of each thing."""
    found = varied([world()])
    parts = np.floor(found.levels * found.settings).astype(int)
    assert parts.shape == (18, 4)
    for column in parts.T:
        assert sorted(column.tolist()) == list(range(18))


def test_numbers_do_not_depend_on_threads_and_do_on_the_seed() -> None:
    """One thread and three give the same; another seed gives others."""
    found = varied(list(three()))
    again = varied(list(three()), replace(SMALL, workers=3))
    assert (found.levels == again.levels).all()
    assert (found.sums == again.sums).all()
    assert (found.again == again.again).all()
    assert (found.levels != varied([world()], replace(SMALL, seed=1)).levels).all()


def test_the_share_held_moves_the_answer_and_not_where_a_variant_sets_it() -> None:
    """With reports held for longer than the target, the share held is what it hangs on."""
    held = {"streams.missing_child.ratification": ranged(0.5, 2.0)}
    slow = {"missing_child": {"volume_per_year": 8_000.0, "ratification": _minutes(60.0)}}
    sources = {"policy.gate.share_held": ranged(0.0, 1.0), **held}
    base = world(sources=sources, streams=slow)
    all_held = world(sources=sources, streams=slow, policy={"gate": {"share_held": 1.0}})
    found = varied([base, all_held])
    first = found.moved()[0]
    (one,) = found.ranges.together[first.place]
    assert one.path == "policy.gate.share_held"
    assert (first.clear, first.rises) == (True, False)
    own, kept = found.in_time(0), found.in_time(1)
    assert own is not None
    assert kept is not None
    assert own.high - own.low > 0.3
    assert kept.high < 0.05


def _minutes(minutes: float) -> dict[str, Any]:
    return {"family": "constant", "minutes": minutes}


def test_impossible_settings_are_drawn_again_and_counted() -> None:
    """A share that may be up to 2 makes a quarter of the settings impossible; none is played."""
    path = "streams.immediate.custody_share"
    found = varied([world(sources={**SOURCES, path: ranged(0.0, 2.0)})])
    assert found.settings == 18
    # Above 1 lies the upper 9/19 of the half above 0.1, so 26 % of settings.
    assert 1 <= found.redrawn <= 18
    place = next(at for at, (one,) in enumerate(found.ranges.together) if one.path == path)
    (one,) = found.ranges.together[place]
    assert all(one.at(level) <= 1.0 for level in found.levels[:, place])


@pytest.mark.parametrize(
    ("sources", "replications", "said"),
    [
        ({}, 12, "has no [sources]"),
        ({"policy.gate.share_held": {"assumption": "Why."}}, 12, "no range in [sources]"),
        (SOURCES, 7, "from 8 replications on"),
        ({"areas.north.travel": ranged(1.0, 1e30)}, 12, "impossible scenarios"),
    ],
)
def test_why_there_is_none_is_said(sources: dict[str, Any], replications: int, said: str) -> None:
    """No sources, no range, too few replications, nothing but impossible settings."""
    found = study.vary([world(sources=sources)], replace(SMALL, replications=replications))
    assert isinstance(found, str)
    assert said in found


def test_eight_replications_are_enough() -> None:
    """The fewest that the sentence names do have settings."""
    assert varied([world()], replace(SMALL, replications=8)).settings == 12


def test_the_reference_engine_gives_the_same_and_is_left_out_where_it_is_slow() -> None:
    """Both engines count alike; a large study is not varied with the one that is read."""
    settings = replace(SMALL, replications=8, days=1)
    both = [varied([world()], replace(settings, engine=one)) for one in ("compiled", "reference")]
    assert (both[0].sums == both[1].sums).all()
    large = study.vary([world()], replace(SMALL, days=3_000, engine="reference"))
    assert isinstance(large, str)
    assert "compiled engine" in large


def test_ctrl_c_stops_it() -> None:
    """It ends with `Interrupted`, and tells nothing more."""
    told: list[int] = []

    def stop(completed: int, planned: int) -> None:
        told.append(completed)
        raise KeyboardInterrupt

    with pytest.raises(Interrupted):
        study.vary([world()], SMALL, told=stop)
    assert len(told) == 1
