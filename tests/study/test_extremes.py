"""Each number of a scenario at its limits: both engines agree, and every rule holds."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any, Final

import pytest
from pydantic import ValidationError

from sim.engines import compiled, reference
from sim.fates.incidents import draw
from sim.policy import compiled as policy_of
from sim.rota import paraded
from sim.scenario.checks import check
from sim.scenario.declared import Names
from sim.scenario.models import Scenario
from sim.scenario.paths import KeyPath, dotted, leaves
from sim.scenario.resolve import resolved_data
from sim.streams import Streams
from sim.study.settings import Settings
from sim.study.worlds import Plan, replicate
from sim.tables import DAY
from tests.worlds import small_scenario

_SMALLEST: Final = (0, 1e-9, 1e-6, 0.001, 0.01, 0.1, 0.5, 1)
_LARGEST: Final = (20_000, 10_000, 5_000, 1_440, 1_000, 600, 168, 100, 50, 24, 10, 5, 1)
"""Tried in turn. What is allowed beyond 20,000 is more of the same: of volumes some fifty reports a
day, of times two weeks in a world of one day."""
_CHAINS: Final = 4
_IN_THE_SUITE: Final = 8


def base() -> dict[str, Any]:
    """Return a small world of one day and an hour's follow-up, with its defaults written out."""
    return resolved_data(small_scenario(2, follow_up_hours=1.0))


def numbers() -> list[KeyPath]:
    """Return the paths of all numbers of it; what names a format or a grade is none."""
    return [
        path
        for path, value in leaves(base())
        if isinstance(value, int | float)
        and not isinstance(value, bool)
        and path[0] not in {"format", "sources", "calendar"}
        and path[-1] != "grade"
    ]


def with_value(path: KeyPath, value: float) -> Scenario | None:
    """Return the world with one number replaced; None where that is no sound scenario."""
    data = base()
    place: Any = data
    for part in path[:-1]:
        place = place[part]
    whole = isinstance(place[path[-1]], int) and value == int(value)
    place[path[-1]] = int(value) if whole else value
    _made_whole(place, path[-1])
    try:
        scenario = Scenario.model_validate(data)
    except ValidationError:
        return None
    return None if check(scenario, Names.of(data), whole=True) else scenario


def _made_whole(place: Any, key: str | int) -> None:
    """Let the other shares of a table of shares give way to one, as far as they can."""
    if not isinstance(place, dict) or len(place) < 2:
        return
    others = [name for name in place if name != key]
    if not all(isinstance(place[name], float) for name in (key, *others)):
        return
    rest = sum(place[name] for name in others)
    if rest and 0 <= place[key] <= 1:
        for name in others:
            place[name] *= (1 - place[key]) / rest


def extremes(path: KeyPath) -> list[Scenario]:
    """Return the world with one number as small and as large as it may be."""
    found = []
    for tried in (_SMALLEST, _LARGEST):
        sound = (with_value(path, value) for value in tried)
        found += [one for one in [next((one for one in sound if one is not None), None)] if one]
    return found


def hold_to_account(scenario: Scenario) -> None:
    """Play a day on both engines, the reference looking at itself, and tally it."""
    streams = Streams(2022, 0)
    end = DAY + 3_600
    draws = draw(scenario, streams, 0, end)
    rota = paraded(scenario, streams, 0, end)
    policy = policy_of(scenario, 0, end)
    for one, other in zip(
        reference.run(draws, rota, policy, verify=True),
        compiled.run(draws, rota, policy),
        strict=True,
    ):
        assert one.differences(other) == []
    settings = Settings(replications=1, days=1, warm_up_days=0, workers=1, engine="compiled")
    plan = Plan(("extreme",), (scenario,), settings)
    (tally,) = replicate(replace(plan), 0)
    assert tally.replications == 1


def held(paths: list[KeyPath]) -> int:
    """Hold all extremes of these numbers to account; return how many there were."""
    played = 0
    for path in paths:
        for scenario in extremes(path):
            try:
                hold_to_account(scenario)
            except Exception as error:
                error.add_note(f"with {dotted(path)} at a limit")
                raise
            played += 1
    return played


def test_some_numbers_at_their_limits() -> None:
    """Drawn once for all from all of the world's; most may be both small and large."""
    drawn = random.Random(18).sample(numbers(), _IN_THE_SUITE)
    assert held(drawn) >= _IN_THE_SUITE


@pytest.mark.slow
@pytest.mark.parametrize("chain", range(_CHAINS))
def test_every_number_at_its_limits(chain: int) -> None:
    """All of the world's, in four parts."""
    part = numbers()[chain::_CHAINS]
    assert held(part) >= len(part)
