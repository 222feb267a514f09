"""The benchmark models are right before they are timed."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.stats import t as student

from tests.benchmarks.ciw_model import run_ciw
from tests.benchmarks.textbook import (
    IncidentWaits,
    ThreeStageNetwork,
    incidents_per_second,
    run_textbook,
)
from tests.theory.formulas import mmc_mean_wait, nonpreemptive_mean_waits

Model = Callable[[ThreeStageNetwork, int], IncidentWaits]
NETWORK = ThreeStageNetwork(days=14)
REPLICATIONS = 12


@pytest.mark.parametrize("model", [run_textbook, run_ciw])
def test_first_two_stages_agree_with_theory(model: Model) -> None:
    """Waits are those of non-preemptive M/M/6, and of M/M/2 fed by its Poisson departures."""
    rate = NETWORK.incidents_per_day / 1440
    by_class = [share * rate for share in NETWORK.priority_shares]
    expected = np.array(
        [
            *nonpreemptive_mean_waits(6, by_class, 1 / 12),
            # Burke: the departures of the first stage are Poisson, but which priority leaves
            # when is not independent of the queue. So only the mean of all is exact here.
            mmc_mean_wait(2, rate, 1 / 8),
        ]
    )
    runs = [model(NETWORK, 100 + number) for number in range(REPLICATIONS)]
    found = np.array(
        [[*run.mean_by_priority()[:, 0], run.wait_minutes[:, 1].mean()] for run in runs]
    )
    errors = found.std(axis=0, ddof=1) / np.sqrt(REPLICATIONS)
    quantile = student.ppf(1 - 1e-4 / expected.size / 2, REPLICATIONS - 1)
    assert np.all(np.abs(found.mean(axis=0) - expected) < quantile * errors)


@pytest.mark.parametrize("model", [run_textbook, run_ciw])
def test_benchmark_runs_and_counts_every_incident(model: Model) -> None:
    """A short run finishes what arrives in each priority and yields a speed."""
    day = ThreeStageNetwork(days=2)
    waits = model(day, 7)
    # Poisson of mean 440, sd 21: within five of it.
    assert abs(waits.priority.size - 440) < 105
    assert waits.wait_minutes.shape == (waits.priority.size, 3)
    assert set(waits.priority) == {0, 1, 2}
    assert np.all(waits.wait_minutes >= 0)
    assert incidents_per_second(model, day, runs=1) > 0
