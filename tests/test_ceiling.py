"""What no staffing can better, counted alone."""

from pathlib import Path

import pytest

from sim.measures import Count, Cut
from sim.scenario.loading import load
from sim.study import Settings, ceiling, definition_of
from sim.study.worlds import Plan, replicate
from sim.tables import DAY

SCENARIOS = Path(__file__).parents[1] / "scenarios"
SHORT = Settings(replications=2, days=2, warm_up_days=1, engine="reference", workers=1)


@pytest.mark.parametrize("name", ["dorset-2022", "derbyshire-2021-like", "interviews-by-team"])
def test_ceiling_is_that_of_a_study(name: str) -> None:
    """In time with everybody free are as many as a study calls reachable, stream by stream."""
    loaded = load(SCENARIOS / f"{name}.toml")
    plan = Plan((loaded.name,), (loaded.scenario,), SHORT)
    about = definition_of(loaded.scenario, 0, DAY)
    streams = [Cut(stream=name) for name in loaded.scenario.streams]
    cuts = [Cut(stream=about.headline_stream, grade=about.headline_grade), *streams]
    pairs = {
        Count.ATTENDANCE_TARGETED: Count.ATTENDANCE_TARGETED,
        Count.ARRIVED_FROM_RECEIVED: Count.REACHABLE_FROM_RECEIVED,
        Count.ARRIVED_FROM_GRADED: Count.REACHABLE_FROM_GRADED,
    }
    found = ceiling(loaded.scenario, SHORT, tuple(pairs), cuts)
    for number in range(SHORT.replications):
        tally = replicate(plan, number)[0]
        expected = [[tally.total(count, cut) for count in pairs.values()] for cut in cuts]
        assert found[number].tolist() == expected
    assert found[:, 0, 1].sum() > 0
