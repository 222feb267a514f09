"""What a noisy figure hangs on: Ishigami's function with noise, dummies, and luck alone."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from sim.statistics import (
    LEAST_TRAJECTORIES,
    screened,
    trajectories,
    variance_shares,
)
from sim.statistics.screening import FloatArray

THINGS = 5
"""Ishigami's three, and two that do nothing."""
NOISE = 1.0
# Of Ishigami's function with a = 7, b = 0.1 (Ishigami and Homma 1990), by its closed form.
ALONE = (0.3139, 0.4424, 0.0)
TOTAL = (0.5576, 0.4424, 0.2437)


def ishigami(levels: FloatArray) -> FloatArray:
    """Ishigami's function of the first three things, whose range is from -pi to pi."""
    x, y, z = (np.pi * (2 * levels[..., place] - 1) for place in range(3))
    figures: FloatArray = np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x)
    return figures


def noisy(
    number: int, things: int, generator: np.random.Generator, *, noise: float, plain: bool = False
) -> tuple[list[FloatArray], list[FloatArray]]:
    """Trajectories, and the figure with independent noise under each of two lucks."""
    levels = list(islice(trajectories(things, generator), number))
    figures = [
        (0.0 if plain else ishigami(one)[:, None])
        + noise * generator.standard_normal((things + 1, 2))
        for one in levels
    ]
    return levels, figures


def test_a_trajectory_moves_each_thing_once() -> None:
    """By two thirds of its range, up or down, from one of four levels to another."""
    generator = np.random.default_rng(1)
    starts = []
    for levels in islice(trajectories(6, generator), 200):
        steps = np.diff(levels, axis=0)
        assert (np.abs(steps) > 0).sum(axis=1).tolist() == [1] * 6
        assert (np.abs(steps) > 0).sum(axis=0).tolist() == [1] * 6
        assert np.allclose(np.abs(steps[steps != 0]), 2 / 3)
        assert np.isin(np.round(levels * 3), (0, 1, 2, 3)).all()
        starts.append(levels[0])
    # 1,200 starts on four levels: 300 each, with a standard deviation of 15.
    counts = np.bincount(np.round(np.array(starts) * 3).astype(int).ravel(), minlength=4)
    assert (np.abs(counts - 300) < 75).all()


def test_ishigami_is_ranked_and_dummies_are_noise() -> None:
    """All three of the function stand out, and nothing that does nothing is near them."""
    found = screened(*noisy(60, THINGS, np.random.default_rng(2022), noise=NOISE))
    assert {one.place for one in found[:3]} == {0, 1, 2}
    assert all(one.clear for one in found[:3])
    assert not any(one.clear for one in found[3:])
    # The noise of a dummy's effects alone has a root mean square of 1.5 * sqrt(2) = 2.1.
    assert all(one.size < 1.0 for one in found[3:])
    # The second acts both ways: a large size beside a mean near nought.
    second = next(one for one in found if one.place == 1)
    assert abs(second.mean) < 0.3 * second.size


def test_sizes_are_free_of_luck() -> None:
    """The mean squared effect of a known line, whatever the noise: 3 over its whole range."""
    generator = np.random.default_rng(7)
    levels = list(islice(trajectories(2, generator), 4_000))
    figures = [3 * one[:, [0]] + 2.0 * generator.standard_normal((3, 2)) for one in levels]
    first, second = sorted(screened(levels, figures), key=lambda one: one.place)
    # The product of two effects has variance of about (9 + 18)^2, so its mean of 4,000 one of
    # 27 / 63 = 0.43, and a root of 9 + 4 * 0.43 is 3.3.
    assert 2.7 < first.size < 3.3
    assert second.size < 1.4
    assert not second.clear


def test_luck_alone_stands_out_in_one_study_of_twenty() -> None:
    """Of ten things that all do nothing, with six trajectories: at most 38 of 400 studies.

    At one in twenty 20 are expected, with a standard deviation of 4.4: a false alarm in fewer than
    one of 10,000.
    """
    generator = np.random.default_rng(11)
    alarms = sum(
        any(one.clear for one in screened(*noisy(6, 10, generator, noise=1.0, plain=True)))
        for _ in range(400)
    )
    assert 3 < alarms < 39


def test_too_few_trajectories_are_refused() -> None:
    """Two effects do not tell an effect from luck."""
    levels, figures = noisy(LEAST_TRAJECTORIES - 1, 3, np.random.default_rng(1), noise=1.0)
    with pytest.raises(ValueError, match="trajectories"):
        screened(levels, figures)


def rows(number: int, noise: float, seed: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Figures of Ishigami's function in A, B and the mixed settings; luck is of the row."""
    generator = np.random.default_rng(seed)
    first, second = generator.random((2, number, THINGS))
    luck = noise * generator.standard_normal(number)
    mixed = []
    for thing in range(THINGS):
        one = first.copy()
        one[:, thing] = second[:, thing]
        mixed.append(ishigami(one) + luck)
    return ishigami(first) + luck, ishigami(second) + luck, np.array(mixed)


def test_variance_shares_are_ishigamis_with_luck_taken_off() -> None:
    """By themselves and in all, within intervals of 99.99 %; what does nothing has nothing."""
    first, second, mixed = rows(2_000, 3.0, 2022)
    found = variance_shares(first, second, mixed, 0.9999)
    assert found is not None
    for place in range(3):
        assert not found.alone[place].excludes(ALONE[place])
        assert not found.total[place].excludes(TOTAL[place])
    for place in (3, 4):
        assert found.total[place].value == 0.0
        assert not found.alone[place].excludes(0.0)
    # Its variance by the closed form is 13.84, and luck's is 9.
    assert found.settings == pytest.approx(13.84, rel=0.2)
    assert found.luck == pytest.approx(9.0, rel=0.2)


def test_luck_that_is_not_taken_off_is_noticed() -> None:
    """Were luck counted as variance of settings, the shares would be a third too small."""
    first, second, mixed = rows(2_000, 3.0, 2022)
    found = variance_shares(first, second, mixed, 0.9999)
    assert found is not None
    spoilt = found.settings / (found.settings + found.luck)
    assert found.total[0].excludes(TOTAL[0] * spoilt)


def test_no_variance_over_settings_has_no_shares() -> None:
    """Where settings move nothing, and where there are too few rows."""
    luck = np.random.default_rng(3).standard_normal(50)
    assert variance_shares(luck, luck, np.tile(luck, (2, 1)), 0.95) is None
    assert variance_shares(luck[:2], -luck[:2], np.zeros((1, 2)), 0.95) is None
