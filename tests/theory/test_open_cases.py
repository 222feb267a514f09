"""Cases open at midnight against M/G/infinity: nobody is short, and no child comes twice."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import poisson

from sim.measures.arrays import Ints
from sim.measures.episode import OPEN_HOURS
from sim.tables import CaseEnd
from tests.measures.followed import of, tally, world
from tests.measures.tables import DAY, HOUR, arrived, definition

A_DAY = 400.0
MEAN_HOURS = 12.0
WARM_UP_DAYS = 12
REPLICATIONS = 5
ALPHA = 1e-4


def census(number: int) -> Ints:
    """Cases open at one midnight, by how long at least, in one replication of Poisson reports."""
    generator = np.random.Generator(np.random.Philox(key=[2022, number]))
    count = int(generator.poisson(A_DAY * (WARM_UP_DAYS + 1)))
    reported = np.sort(generator.integers(-WARM_UP_DAYS * DAY, DAY, count))
    stay = np.rint(generator.exponential(MEAN_HOURS * HOUR, count)).astype(np.int64)
    back = reported + stay + 1
    rules = world(end=30 * DAY, start=-WARM_UP_DAYS * DAY)
    found = of(
        tally(
            [
                {"reported_at": int(at), "return_at": int(home)}
                for at, home in zip(reported, back, strict=True)
            ],
            [arrived(int(at)) for at in reported],
            [{"end": CaseEnd.RETURNED, "safe_at": int(home)} for home in back],
            (),
            definition(),
            rules,
        )
    )
    totals: Ints = found.census.sum(axis=0)
    return totals


@pytest.fixture(scope="module")
def counted() -> list[int]:
    """Sums over the replications, each of one midnight, by how long cases have been open."""
    total = sum(census(number) for number in range(REPLICATIONS))
    return [int(number) for number in np.asarray(total)]


@pytest.mark.parametrize("place", range(len(OPEN_HOURS)))
def test_open_cases_are_poisson_with_the_mean_of_the_formula(
    counted: list[int], place: int
) -> None:
    """For longer than x: the rate times the integral of P(stay > u) from x, E[S] exp(-x / E[S]).

    Eick, Massey and Whitt (1993): the number in M/G/infinity is Poisson, and so is that of those
    who came before a time.
    """
    mean = REPLICATIONS * A_DAY * MEAN_HOURS / 24 * math.exp(-OPEN_HOURS[place] / MEAN_HOURS)
    low, high = poisson.ppf(ALPHA / 2, mean), poisson.isf(ALPHA / 2, mean)
    assert low <= counted[place] <= high


def test_a_planted_error_is_caught(counted: list[int]) -> None:
    """Were stays counted a sixth too long, the number of all open cases would stand outside."""
    mean = REPLICATIONS * A_DAY * MEAN_HOURS / 24
    assert 7 / 6 * counted[0] > poisson.isf(ALPHA / 2, mean)
