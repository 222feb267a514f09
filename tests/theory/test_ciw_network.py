"""Ciw, before it is used as a judge: what its schedules mean, and that its network adds up."""

import random
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import t as student

from tests.theory.ciw_network import (
    DAY_MINUTES,
    NetworkWaits,
    Shift,
    Stage,
    TwoAreaNetwork,
    simulate_network,
)
from tests.theory.formulas import mmc_mean_wait
from tests.theory.kolmogorov import Cohort, Rate, repeat_daily, solve

REPLICATIONS = 60
ALPHA = 1e-4


@pytest.fixture(scope="module")
def long_jobs() -> tuple[TwoAreaNetwork, NetworkWaits]:
    """Calls as long as half a shift, so that much is finished after shifts' ends."""
    network = TwoAreaNetwork(
        calls_per_hour=(3.0,) * 24,
        call_taking=Stage(tuple(Shift(n, n + 240, 5) for n in range(0, 1440, 240)), 90.0),
        areas=(Stage((Shift(0, 1440, 9),), 10.0), Stage((Shift(0, 1440, 9),), 10.0)),
        warm_up_days=0,
        days=4,
        follow_up_days=1,
    )
    return network, simulate_network(network, REPLICATIONS, seed=2022)


def _quantile(comparisons: int = 1) -> float:
    return float(student.ppf(1 - ALPHA / comparisons / 2, REPLICATIONS - 1))


def test_ciw_schedule_is_the_cohort_rule(long_jobs: tuple[TwoAreaNetwork, NetworkWaits]) -> None:
    """Ciw's mean wait is that of the Kolmogorov equations with cohorts, not that of M/M/5."""
    _, waits = long_jobs
    cohorts, rates = repeat_daily([Cohort(n, n + 240, 5) for n in range(0, 1440, 240)],
                                  [Rate(0, 3 / 60)], 5)  # fmt: skip
    theory = solve(cohorts, rates, 90.0, 5 * DAY_MINUTES, step=10.0, longest_queue=80)
    assert theory.missing_mass < 1e-6
    found = waits.mean_wait(0)
    margin = _quantile() * found.standard_error
    assert abs(found.mean - theory.wait_mean_between(0, 4 * DAY_MINUTES)) < margin
    # Five people who never leave, at 4.5 erlangs: the test would tell the rules apart.
    assert mmc_mean_wait(5, 3 / 60, 1 / 90) - found.mean > margin


def test_calls_follow_their_hourly_rates() -> None:
    """The count of calls in each hour is Poisson with its own rate, peaks included."""
    network = TwoAreaNetwork(days=3, warm_up_days=0, follow_up_days=1)
    waits = simulate_network(network, 20, seed=5)
    expected = 20 * network.days * np.array(network.calls_per_hour)
    scores = (waits.incidents[:, 0].sum(axis=(0, 1)) - expected) / np.sqrt(expected)
    # Hourly means are 300 and more, so that scores are near enough to normal.
    assert np.abs(scores).max() < student.ppf(1 - ALPHA / 24 / 2, 1e6)


@pytest.mark.parametrize("calls_by_priority", [False, True])
def test_network_conserves_and_ranks(calls_by_priority: bool) -> None:
    """Everyone who calls reaches one area, none is left over, and urgent work waits least."""
    network = TwoAreaNetwork(calls_by_priority=calls_by_priority)
    waits = simulate_network(network, 10, seed=11)
    assert not waits.unfinished.any()
    assert np.array_equal(waits.incidents[:, 0], waits.incidents[:, 1] + waits.incidents[:, 2])
    for area in (1, 2):
        means = [waits.mean_wait(area, level).mean for level in range(3)]
        assert means == sorted(means)


def test_unmeasured_ends_are_counted() -> None:
    """Work that the follow-up does not finish is counted as unfinished, not dropped."""
    hopeless = Stage((Shift(0, 1440, 0),), 60.0)
    network = replace(TwoAreaNetwork(), areas=(hopeless, TwoAreaNetwork().areas[1]))
    waits = simulate_network(network, 2, seed=1)
    assert waits.incidents[:, 1].sum() == 0
    # Six of ten calls go to the area that nobody staffs.
    assert np.all(waits.unfinished > waits.incidents[:, 2].sum(axis=(1, 2)))


def test_ciw_leaves_the_callers_generator_alone() -> None:
    """Ciw seeds Python's global generator; a run puts back what it found."""
    random.seed(1)
    expected = random.random()
    random.seed(1)
    simulate_network(TwoAreaNetwork(days=1, warm_up_days=0, follow_up_days=0), 1, seed=3)
    assert random.random() == expected


def test_shifts_must_fill_the_day_once() -> None:
    """A gap, an overlap or a day of other length is refused."""
    with pytest.raises(ValueError, match="24 hours"):
        Stage((Shift(0, 480, 2), Shift(500, 1440, 2)), 10.0)
    with pytest.raises(ValueError, match="24 hours"):
        Stage((Shift(0, 480, 2), Shift(480, 1200, 2)), 10.0)
