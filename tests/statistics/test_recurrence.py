"""Rates of events that come in runs."""

import math

import numpy as np
import pytest

from sim.statistics import chance_of_any, dispersion, rate_interval


def test_limits_of_single_events_are_garwoods() -> None:
    """Ten events, singly: 4.80 and 18.39, the tables' exact Poisson limits."""
    # Ten spans with one event each vary less than Poisson: no dispersion is taken to be under 1.
    found = rate_interval(np.ones(10), 1.0, 0.95)
    assert found.value == 1.0
    assert found.low is not None
    assert found.high is not None
    assert 10 * found.low == pytest.approx(4.795, abs=0.001)
    assert 10 * found.high == pytest.approx(18.390, abs=0.001)


def test_no_event_has_the_rule_of_three() -> None:
    """Nothing in 100 years: at 95 %, two-sided, up to 3.69 in a hundred."""
    found = rate_interval(np.zeros(100), 1.0, 0.95)
    assert (found.value, found.low) == (0.0, 0.0)
    assert found.high is not None
    assert 100 * found.high == pytest.approx(-math.log(0.025), rel=1e-6)


def test_events_in_runs_widen_the_limits() -> None:
    """The same number of events, all in one span: the limits allow for it."""
    single = rate_interval(np.ones(20), 1.0, 0.95)
    runs = rate_interval(np.array([10.0, 10.0, *[0.0] * 18]), 1.0, 0.95)
    assert dispersion(np.ones(20)) == 0.0
    assert single.value == runs.value == 1.0
    assert runs.low is not None
    assert single.low is not None
    assert runs.high is not None
    assert single.high is not None
    assert runs.low < single.low
    assert runs.high > 1.5 * single.high


def test_coverage_over_two_hundred_blocks() -> None:
    """Of 200 blocks of runs 95 % limits hold the true rate in at least 177.

    If they hold it in 95 % of blocks the number is binomial, and under 177 with a chance of 1e-4.
    """
    rng = np.random.default_rng(20_22)

    def block(size: int) -> bool:
        # Nights come as Poisson events, three in two spans; each brings 1 + Poisson(1) waits.
        nights = rng.poisson(1.5, size=30)
        waits = np.array([(1 + rng.poisson(1.0, size=one)).sum() for one in nights], dtype=float)
        found = rate_interval(waits, 1.0, 0.95)
        assert found.low is not None
        assert found.high is not None
        return found.low <= 3.0 <= found.high

    held = sum(block(30) for _ in range(200))
    assert held >= 177


def test_the_chance_of_any_is_that_of_poisson() -> None:
    """A rate of a tenth a day: in ten days 1 - 1/e."""
    assert chance_of_any(0.1, 10) == pytest.approx(1 - math.exp(-1))


def test_what_makes_no_sense_is_refused() -> None:
    """A negative count, or a span of no length."""
    with pytest.raises(ValueError, match="span is above 0"):
        rate_interval(np.ones(3), 0.0, 0.95)
    with pytest.raises(ValueError, match="at least 0"):
        rate_interval(np.array([1.0, -1.0]), 1.0, 0.95)
    assert rate_interval(np.array([2.0]), 1.0, 0.95).low is None
