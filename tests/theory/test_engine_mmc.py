"""The compiled engine as M/M/c: Erlang C at a desk, at the call takers and at a unit pool."""

import numpy as np
import pytest

from tests.theory.agreement import Estimate
from tests.theory.formulas import mmc_mean_wait, mmc_wait_exceeds
from tests.theory.queues import (
    SERVICE_MEAN,
    Jobs,
    Place,
    lognormal,
    play,
    poisson,
    steady_rota,
    whole,
)
from tests.theory.steady import LATE, Sample, SteadyQueue, recursion_waits, replicate

PLANTED = 1.03

LIGHT = (SteadyQueue(2, 0.65), SteadyQueue(5, 0.7))
HEAVY = (SteadyQueue(1, 0.6), SteadyQueue(3, 0.7), SteadyQueue(14, 0.8))


def _named(queue: SteadyQueue) -> str:
    return f"{queue.servers} at {queue.load}"


def _held_against(sample: Sample, queue: SteadyQueue) -> list[tuple[Estimate, float, float]]:
    """Each estimate, the figure of Erlang C, and the shift that a planted error would make."""

    def theory(slower: float) -> tuple[float, float]:
        rates = (queue.servers, queue.arrival_rate, 1 / (slower * SERVICE_MEAN))
        # Waits are whole seconds: more than 1,800 is 1,801 or more, so 1,800.5 before rounding.
        return mmc_mean_wait(*rates), mmc_wait_exceeds(LATE + 0.5, *rates)

    right, wrong = theory(1.0), theory(PLANTED)
    found = (sample.mean_wait(), sample.exceeds(LATE))
    return [(one, a, b - a) for one, a, b in zip(found, right, wrong, strict=True)]


@pytest.mark.parametrize("place", Place)
@pytest.mark.parametrize("queue", LIGHT, ids=_named)
def test_waits_are_erlangs(queue: SteadyQueue, place: Place) -> None:
    """The mean wait and the share that waits over half an hour are those of Erlang C."""
    sample = replicate(queue, place, 50, 300, seed=1917)
    for found, theory, _ in _held_against(sample, queue):
        assert found.agrees(theory, comparisons=2)


@pytest.mark.parametrize("place", Place)
def test_planted_error_is_caught(place: Place) -> None:
    """Were every service 3 % too long, the light test would all but certainly fail."""
    queue = LIGHT[1]
    sample = replicate(queue, place, 50, 300, seed=1917, slower=PLANTED)
    compared = _held_against(sample, queue)
    assert any(found.would_catch(shift, comparisons=2) for found, _, shift in compared)
    assert not all(found.agrees(theory, comparisons=2) for found, theory, _ in compared)


@pytest.mark.parametrize("place", Place)
@pytest.mark.parametrize("mean", [SERVICE_MEAN, 3.0], ids=["hours", "seconds"])
@pytest.mark.parametrize(("servers", "levels"), [(1, 1), (4, 1), (1, 3), (4, 3)])
def test_waits_are_those_of_the_recursion(
    servers: int, levels: int, mean: float, place: Place
) -> None:
    """Job by job, the wait is that of twenty lines of heap, also when much falls in one second."""
    generator = np.random.default_rng(1955)
    count = 400
    reported_at = whole(poisson(generator, 0.9 * servers / mean, count))
    work = whole(lognormal(1.5, mean)(generator, count))
    level = generator.integers(0, levels, count)
    end = int(reported_at[-1] + work.sum() + 60)
    found = play(place, Jobs(reported_at, work, level), steady_rota(servers, end), end)
    waits = recursion_waits(reported_at.astype(np.float64), work.astype(np.float64), servers, level)
    assert found.waits.tolist() == waits.tolist()


@pytest.mark.slow
@pytest.mark.parametrize("place", Place)
@pytest.mark.parametrize("queue", HEAVY, ids=_named)
def test_waits_are_erlangs_closely(queue: SteadyQueue, place: Place) -> None:
    """The same over long runs, which would catch a planted 3 % on every figure."""
    sample = replicate(queue, place, 100, 2000, seed=1909)
    for found, theory, shift in _held_against(sample, queue):
        assert found.would_catch(shift, comparisons=2)
        assert found.agrees(theory, comparisons=2)


@pytest.mark.slow
@pytest.mark.parametrize("queue", HEAVY, ids=_named)
def test_planted_error_is_caught_on_every_figure(queue: SteadyQueue) -> None:
    """Over long runs, services 3 % too long put mean and exceedance outside their intervals."""
    sample = replicate(queue, Place.UNITS, 100, 2000, seed=1909, slower=PLANTED)
    for found, theory, _ in _held_against(sample, queue):
        assert not found.agrees(theory, comparisons=2)
