"""A variance parted into luck and settings, in planted worlds where both are known."""

from __future__ import annotations

import numpy as np
import pytest

from sim.statistics import movers, parted

SETTINGS = 3_000


def linear_world(luck: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Levels of three things, and figures of all settings and again of a third of them.

    A figure is 0.2 + 0.4 of the first - 0.1 of the second, and luck; the third is idle.
    """
    made = np.random.default_rng(14)
    levels = made.permuted(
        (np.arange(SETTINGS)[:, np.newaxis] + made.random((SETTINGS, 3))) / SETTINGS, axis=0
    )
    true = 0.2 + 0.4 * levels[:, 0] - 0.1 * levels[:, 1]
    figures = true + luck * made.standard_normal(SETTINGS)
    again = true[: SETTINGS // 3] + luck * made.standard_normal(SETTINGS // 3)
    return levels, figures, again


@pytest.mark.parametrize("luck", [0.0, 0.05, 0.2])
def test_luck_is_taken_off_and_the_range_is_that_of_the_settings(luck: float) -> None:
    """Both variances, and the range without luck, are those planted, however large luck is."""
    _, figures, again = linear_world(luck)
    found = parted(figures, again)
    assert found is not None
    # Sampling errors are a third of the tolerances or less.
    assert found.luck == pytest.approx(luck**2, rel=0.2, abs=1e-12)
    assert found.settings == pytest.approx((0.4**2 + 0.1**2) / 12, rel=0.25)
    assert found.middle == pytest.approx(0.35, abs=0.02)
    # 0.4 u - 0.1 v, a trapezium, has 2.5 % below -0.1 + sqrt(2 * 0.025 * 0.4 * 0.1).
    edge = 0.1 + (2 * 0.025 * 0.4 * 0.1) ** 0.5
    assert found.low == pytest.approx(edge, abs=0.05)
    assert found.high == pytest.approx(0.7 - edge, abs=0.05)


def test_where_all_is_luck_no_range_is_left() -> None:
    """Settings that change nothing have hardly a range, though each figure differs."""
    made = np.random.default_rng(3)
    figures = 0.3 + 0.05 * made.standard_normal(2_000)
    found = parted(figures, 0.3 + 0.05 * made.standard_normal(1_000))
    assert found is not None
    assert found.settings < 0.1 * found.luck
    assert found.high - found.low < 0.4 * np.ptp(np.quantile(figures, (0.025, 0.975)))


def test_too_few_settings_have_no_range() -> None:
    """Of two settings, or none met twice, nothing is parted."""
    assert parted(np.array([0.1, 0.2]), np.array([0.1])) is None
    assert parted(np.array([0.1, 0.2, 0.3]), np.array([])) is None


def test_what_moves_a_figure_is_found_in_order_and_the_idle_one_is_not_clear() -> None:
    """The first thing before the second, one rising and one falling; the third is chance."""
    levels, figures, _ = linear_world(0.05)
    first, second, third = movers(levels, figures)
    assert [one.place for one in (first, second, third)] == [0, 1, 2]
    assert (first.rises, second.rises) == (True, False)
    assert (first.clear, second.clear, third.clear) == (True, True, False)
    # 0.16 / 12 of the whole (0.17 / 12 + 0.0025), nearly: ranks are not the figures themselves.
    assert first.share == pytest.approx(0.16 / (0.17 + 12 * 0.0025), abs=0.05)


def test_a_figure_that_never_moves_is_moved_by_nothing() -> None:
    """Where all settings give the same there is no share to tell."""
    assert movers(np.random.default_rng(1).random((20, 2)), np.full(20, 0.5)) == ()
