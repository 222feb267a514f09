"""A gate is found where it was put in, and none where there was none, whatever the luck."""

from pathlib import Path

import pytest

from sim.force_log import read_log
from sim.force_log.gate import FOUND_AT, Bunching, bunching
from tests.force_log import made_up
from tests.force_log.simulated import force, log_of

pytestmark = pytest.mark.slow

SEEDS = 200


def outcome(folder: Path, seed: int, held: float) -> Bunching:
    """What is found in a made-up log's missing-child jobs."""
    path = made_up.written(folder, made_up.force(2_000, seed=seed, held=held, children=0.3))
    found = bunching(read_log(path, made_up.mapping()).public, "missing_child", 0.95)
    assert found is not None
    return found


def test_without_a_gate_false_alarms_are_as_rare_as_they_should_be(tmp_path: Path) -> None:
    """Of 200 logs without a gate, next to none is said to have one, and p is what it says.

    At 1 in 1,000 each, four or more of 200 come once in 17,000 times; at 1 in 20 each, 25 or more
    once in 30,000.
    """
    found = [outcome(tmp_path, seed, 0.0) for seed in range(SEEDS)]
    assert FOUND_AT == 0.001
    assert sum(one.found for one in found) <= 3
    assert sum(one.probability < 0.05 for one in found) <= 24


def test_a_gate_for_a_third_of_deployments_is_always_found(tmp_path: Path) -> None:
    """Held deployments bunch after ratification, whichever incidents they are."""
    assert all(outcome(tmp_path, seed, 0.35).found for seed in range(20))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("held", [0.0, 0.5, 1.0])
def test_the_simulators_own_logs_show_their_gate_or_none(
    tmp_path: Path, seed: int, held: float
) -> None:
    """Queues, shifts and priorities around it neither hide a gate nor make one."""
    log = log_of(force(held=held), tmp_path, days=70, seed=100 + seed)
    found = bunching(log.public, "missing_child", 0.95)
    assert found is not None
    assert found.found is (held > 0)
