"""The compiled engine beside a textbook SimPy model on three stages with priorities."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from tests.benchmarks.engine_model import run_engine
from tests.benchmarks.textbook import IncidentWaits, ThreeStageNetwork, run_textbook
from tests.theory.agreement import Estimate, estimate

Model = Callable[[ThreeStageNetwork, int], IncidentWaits]
STAGES = 3


def _means(
    model: Model, network: ThreeStageNetwork, replications: int, seed: int
) -> list[Estimate]:
    """Mean waits by priority and stage."""
    priorities = len(network.priority_shares)
    sums, counts = [], []
    for number in range(replications):
        waits = model(network, seed + number)
        own = [waits.priority == priority for priority in range(priorities)]
        sums.append([waits.wait_minutes[jobs].sum(axis=0) for jobs in own])
        counts.append([jobs.sum() for jobs in own])
    waited, number_of = np.array(sums), np.array(counts)
    return [
        estimate(waited[:, priority, stage], number_of[:, priority])
        for priority in range(priorities)
        for stage in range(STAGES)
    ]


def _disagree(engine: list[Estimate], textbook: list[Estimate]) -> list[Estimate]:
    differences = [one.minus(other) for one, other in zip(engine, textbook, strict=True)]
    return [one for one in differences if not one.agrees(0.0, len(differences))]


def test_three_stages_wait_as_in_the_textbook() -> None:
    """Over some short months the mean waits differ by no more than chance."""
    network = ThreeStageNetwork(days=7)
    engine = _means(run_engine, network, 20, seed=100)
    assert _disagree(engine, _means(run_textbook, network, 20, seed=200)) == []


@pytest.mark.slow
def test_three_stages_wait_as_in_the_textbook_closely() -> None:
    """Over many months, too, where services 3 % longer in the engine alone would show."""
    network = ThreeStageNetwork()
    textbook = _means(run_textbook, network, 80, seed=2000)
    assert _disagree(_means(run_engine, network, 80, seed=1000), textbook) == []
    first, second, scene = (1.03 * mean for mean in network.service_means)
    slower = replace(
        network,
        service_means=(first, second, scene),
        writing_mean=1.03 * network.writing_mean,
    )
    assert _disagree(_means(run_engine, slower, 80, seed=1000), textbook)
