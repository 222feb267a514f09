"""The compiled engine as M/G/1, held against Pollaczek and Khinchine."""

import numpy as np
import pytest

from sim.engines.compiled import run
from sim.tables import Draws
from tests.theory.agreement import estimate
from tests.theory.formulas import pollaczek_khinchine_mean_wait
from tests.theory.queues import (
    SERVICE_MEAN,
    Place,
    attempts_of,
    constant,
    gamma,
    incidents_of,
    lognormal,
    poisson,
    policy_at,
    steady_rota,
    whole,
)
from tests.theory.steady import LESS_WORK, SteadyQueue, recursion_waits, replicate

PLANTED = 1.03
SERVICES = (
    SteadyQueue(1, 0.6, service=constant(), variation=0.0),
    SteadyQueue(1, 0.6, service=lognormal(0.8), variation=0.8),
)
IDS = ("constant", "lognormal")


def _theory(queue: SteadyQueue, slower: float = 1.0) -> float:
    mean = slower * SERVICE_MEAN
    variance = (queue.variation * mean) ** 2
    return pollaczek_khinchine_mean_wait(queue.arrival_rate, mean, variance)


@pytest.mark.parametrize("place", Place)
@pytest.mark.parametrize("queue", SERVICES, ids=IDS)
def test_mean_wait_is_pollaczeks(queue: SteadyQueue, place: Place) -> None:
    """One server's mean wait depends on the variance of its services as the formula says."""
    found = replicate(queue, place, 50, 400, seed=1930).mean_wait()
    assert found.agrees(_theory(queue))
    assert found.would_catch(_theory(queue, PLANTED) - _theory(queue))


@pytest.mark.parametrize("queue", SERVICES, ids=IDS)
def test_planted_error_is_caught(queue: SteadyQueue) -> None:
    """Services that are 3 % too long put the mean wait outside its interval."""
    found = replicate(queue, Place.UNITS, 50, 400, seed=1930, slower=PLANTED).mean_wait()
    assert not found.agrees(_theory(queue))


@pytest.mark.slow
@pytest.mark.parametrize("place", Place)
@pytest.mark.parametrize(
    "queue",
    [
        SteadyQueue(1, 0.75, service=constant(), variation=0.0),
        SteadyQueue(1, 0.7, service=lognormal(1.2), variation=1.2),
    ],
    ids=IDS,
)
def test_mean_wait_is_pollaczeks_closely(queue: SteadyQueue, place: Place) -> None:
    """The same over long runs at higher loads."""
    found = replicate(queue, place, 100, 2500, seed=1932).mean_wait()
    assert found.agrees(_theory(queue))
    assert found.would_catch(_theory(queue, PLANTED) - _theory(queue))


def test_everything_that_a_job_brings_holds_its_unit() -> None:
    """Travel, scene, custody and writing are one service to those who wait for the unit."""
    generator = np.random.default_rng(1936)
    # Means of 12, 28, 6 and 14 minutes make the hour. With variation 0 for travel, 0.8, 0.5 and
    # 0.3 for the rest the variance is (0.8 x 28)^2 + (0.5 x 6)^2 + (0.3 x 14)^2 minutes squared.
    parts = {
        "base_travel_seconds": constant(12 * 60),
        "scene_seconds": lognormal(0.8, 28 * 60),
        "custody_seconds": gamma(0.5, 6 * 60),
        "writing_seconds": gamma(0.3, 14 * 60),
    }
    variance = ((0.8 * 28) ** 2 + (0.5 * 6) ** 2 + (0.3 * 14) ** 2) * 3600
    variation = variance**0.5 / SERVICE_MEAN
    queue = SteadyQueue(1, 0.6, variation=variation)
    count = queue.warm_up + 400
    waits, controls = [], []
    # The same queue with work a twentieth shorter is a control whose mean is known.
    shorter = pollaczek_khinchine_mean_wait(
        queue.arrival_rate, LESS_WORK * SERVICE_MEAN, LESS_WORK**2 * variance
    )
    for _ in range(50):
        reported_at = poisson(generator, queue.arrival_rate, count)
        drawn = {name: service(generator, count) for name, service in parts.items()}
        table = incidents_of(
            whole(reported_at), **{name: whole(seconds) for name, seconds in drawn.items()}
        )
        end = int(reported_at[-1]) + 200 * 3600
        draws = Draws(table, attempts_of(table))
        outcomes, _, _ = run(draws, steady_rota(1, end).table, policy_at(Place.UNITS, end))
        work = np.sum(list(drawn.values()), axis=0)
        waits.append((outcomes["claimed_at"] - table["reported_at"])[queue.warm_up :].mean())
        lindley = recursion_waits(reported_at, LESS_WORK * work, 1)[queue.warm_up :]
        controls.append([lindley.mean() - shorter, work[queue.warm_up :].mean() - SERVICE_MEAN])
    found = estimate(waits, np.ones(50), controls)
    assert found.agrees(_theory(queue))
    assert found.would_catch(_theory(queue, PLANTED) - _theory(queue))
