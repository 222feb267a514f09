"""Quantiles of every family of duration, and how they become seconds."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.fates.durations import minutes_at, rounded, seconds_at
from sim.scenario.fields import (
    Constant,
    Duration,
    Exponential,
    Gamma,
    Lognormal,
    Quantiles,
    Uniform,
)

CENTURY_SECONDS = 100 * 365 * 86_400

FAMILIES: list[Duration] = [
    Constant(family="constant", minutes=7.5),
    Exponential(family="exponential", mean_minutes=10.0),
    Lognormal(family="lognormal", median_minutes=12.0, sigma=0.5),
    Gamma(family="gamma", mean_minutes=30.0, variation=0.7),
    Uniform(family="uniform", low_minutes=5.0, high_minutes=15.0),
    Quantiles(family="quantiles", levels=[0.0, 0.5, 1.0], minutes=[0.0, 10.0, 60.0]),
]


@pytest.mark.parametrize(
    ("duration", "level", "minutes"),
    [
        (Constant(family="constant", minutes=7.5), 0.9, 7.5),
        # The median of an exponential is ln 2 of its mean.
        (Exponential(family="exponential", mean_minutes=10.0), 0.5, 10.0 * math.log(2.0)),
        (Lognormal(family="lognormal", median_minutes=12.0, sigma=0.5), 0.5, 12.0),
        # Phi(1.959964) = 0.975.
        (
            Lognormal(family="lognormal", median_minutes=12.0, sigma=0.5),
            0.975,
            12.0 * math.exp(0.5 * 1.959963984540054),
        ),
        # A gamma whose deviation is its mean is an exponential.
        (Gamma(family="gamma", mean_minutes=10.0, variation=1.0), 0.5, 10.0 * math.log(2.0)),
        # Variation 1/sqrt(2): shape 2, scale 5. Its distribution function at x = 5t is
        # 1 - (1 + t) e^-t; at t = 1 that is 1 - 2/e.
        (
            Gamma(family="gamma", mean_minutes=10.0, variation=math.sqrt(0.5)),
            1.0 - 2.0 / math.e,
            5.0,
        ),
        (Uniform(family="uniform", low_minutes=5.0, high_minutes=15.0), 0.25, 7.5),
        # A quarter lies half way from 0 to 0.5; three quarters half way from 0.5 to 1.
        (FAMILIES[5], 0.25, 5.0),
        (FAMILIES[5], 0.75, 35.0),
    ],
)
def test_known_quantiles(duration: Duration, level: float, minutes: float) -> None:
    """A family's length at a level is the quantile that theory gives."""
    assert minutes_at(duration, np.array([level]))[0] == pytest.approx(minutes, rel=1e-12)


@pytest.mark.parametrize("duration", FAMILIES[:5], ids=lambda family: family.family)
def test_means(duration: Duration) -> None:
    """The mean over a fine grid of levels is the family's mean, which needs no luck."""
    means = {
        "constant": 7.5,
        "exponential": 10.0,
        "lognormal": 12.0 * math.exp(0.5**2 / 2),
        "gamma": 30.0,
        "uniform": 10.0,
    }
    levels = (np.arange(1_000_000) + 0.5) / 1_000_000
    assert minutes_at(duration, levels).mean() == pytest.approx(means[duration.family], rel=1e-5)


def test_gamma_spread() -> None:
    """A gamma's standard deviation is its mean times its variation."""
    duration = Gamma(family="gamma", mean_minutes=30.0, variation=0.7)
    levels = (np.arange(1_000_000) + 0.5) / 1_000_000
    assert minutes_at(duration, levels).std() == pytest.approx(21.0, rel=1e-4)


@pytest.mark.parametrize("duration", FAMILIES, ids=lambda family: family.family)
@given(
    levels=st.lists(
        st.floats(min_value=2.0**-53, max_value=1.0 - 2.0**-53), min_size=2, max_size=30
    )
)
def test_higher_levels_are_never_shorter(duration: Duration, levels: list[float]) -> None:
    """A length does not fall, and is no negative or endless one, as the uniform rises."""
    seconds = seconds_at(duration, np.array(sorted(levels)))
    assert (np.diff(seconds) >= 0).all()
    assert seconds[0] >= 0
    assert seconds[-1] < 10**9


def test_longer_draws_are_cut() -> None:
    """A length above ``at_most_minutes`` is cut to it, and others are left."""
    duration = Exponential(family="exponential", mean_minutes=10.0, at_most_minutes=20.0)
    # Levels at which the mean-10 exponential is 10 and 30 minutes.
    levels = 1.0 - np.exp([-1.0, -3.0])
    assert minutes_at(duration, levels) == pytest.approx([10.0, 20.0])


def test_nearest_second() -> None:
    """Seconds are the nearest, halves up: 0.4 s is 0, 0.5 s is 1, 59.6 s is 60."""
    assert rounded(np.array([0.4, 0.5, 1.49, 59.6]) / 60.0).tolist() == [0, 1, 1, 60]


def test_rounding_leaves_the_mean() -> None:
    """Rounding moves the mean of a 10-second exponential by under 0.1 %, where a floor takes 5 %.

    The floor of an exponential of mean m seconds has mean 1 / (e^(1/m) - 1), 9.508 at m = 10;
    rounded, it is e^(1/2m) times as much, 9.996.
    """
    duration = Exponential(family="exponential", mean_minutes=10.0 / 60.0)
    levels = (np.arange(1_000_000) + 0.5) / 1_000_000
    theory = math.exp(0.05) / (math.exp(0.1) - 1.0)
    assert seconds_at(duration, levels).mean() == pytest.approx(theory, rel=1e-4)


def test_factor_comes_after_the_cut_and_before_the_rounding() -> None:
    """Half of a length that was cut to 1.5 minutes is 45 seconds, and a third of it 30."""
    duration = Constant(family="constant", minutes=9.0, at_most_minutes=1.5)
    seconds = seconds_at(duration, np.array([0.5, 0.5]), np.array([0.5, 1.0 / 3.0]))
    assert seconds.tolist() == [45, 30]


def test_no_length_outgrows_its_column() -> None:
    """A century is the longest; an ``int64`` that overflows would come out negative."""
    endless = Constant(family="constant", minutes=1e7)
    assert seconds_at(endless, np.array([0.5]), 1e12).tolist() == [CENTURY_SECONDS]
    assert rounded(np.array([np.inf, 1.0])).tolist() == [CENTURY_SECONDS, 60]
