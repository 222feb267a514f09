"""Where a series has settled."""

import math

import numpy as np
import numpy.typing as npt
import pytest

from sim.statistics import grows, mser5, without_cycle
from tests.statistics.coverage import at_least, held

Floats = npt.NDArray[np.float64]
WEEK = 168


def weekly(weeks: int, generator: np.random.Generator) -> Floats:
    """Hours of a stationary series with a daily wave, busier weekends, and noise."""
    hours = np.arange(WEEK * weeks)
    wave = 3 * np.sin(2 * math.pi * hours / 24) + 2 * (hours % WEEK >= 120)
    return np.asarray(10 + wave + generator.normal(size=hours.size), dtype=np.float64)


def test_a_step_is_cut_off_by_hand() -> None:
    """Two batches of 9 before eight batches that alternate 0 and 1."""
    # Leaving out both, the eight have variance 1/4: 1/4 / 8 = 0.03125. Leaving out one: nine
    # values, mean 13/9, mean square (81 + 4) / 9, variance 7.358: 0.818. Leaving out none:
    # variance (162 + 4) / 10 - 2.2 ** 2 = 11.76: 1.176. Three (a 0 gone): 7 values with three 0,
    # 12/49 / 7 = 0.035; four: 1/4 / 6 = 0.0417; five: 6/25 / 5 = 0.048.
    series = np.repeat([9.0, 9.0, 0, 1, 0, 1, 0, 1, 0, 1], 5)
    result = mser5(series)
    assert (result.point, result.length, result.reached) == (10, 50, True)


def test_a_constant_series_has_settled_at_once() -> None:
    """Nothing is left out where nothing changes, whatever the constant."""
    assert mser5(np.full(100, 0.1)).point == 0


def test_what_fills_no_batch_is_not_used() -> None:
    """Three observations at the end make no fifth batch member."""
    assert mser5([*np.repeat([9.0, 9, 0, 1, 0, 1, 0, 1, 0, 1], 5), 99.0, 99.0, 99.0]).length == 50


def test_a_series_that_still_drifts_has_not_settled() -> None:
    """A steady climb has no truncation point in its first half."""
    result = mser5(np.arange(200.0))
    assert (result.point, result.reached) == (None, False)


def test_a_short_series_has_not_settled() -> None:
    """Nine batches are too few to say."""
    assert not mser5(np.zeros(49)).reached
    assert mser5(np.zeros(50)).reached


@pytest.mark.parametrize("series", [[1.0, math.nan], [[1.0]]])
def test_a_series_with_gaps_is_refused(series: list[object]) -> None:
    """NaN and matrices are mistakes of the caller."""
    with pytest.raises(ValueError, match=r"NaN|dimensions"):
        mser5(series)  # type: ignore[arg-type]


def test_a_planted_transient_is_found_under_the_weekly_cycle() -> None:
    """An empty start of four days is cut off, little more, and the cycle is not taken for it."""
    found = []
    for seed in range(200):
        series = weekly(6, np.random.default_rng([121, seed]))
        # It starts 6 under its level, which it nears by half each day.
        series -= 6 * 0.5 ** (np.arange(series.size) / 24)
        point = mser5(without_cycle(series, WEEK)).point
        found.append(point is not None and 36 <= point <= WEEK)
    assert at_least(held(found), 0.95)


def test_a_stationary_series_needs_no_truncation() -> None:
    """With the cycle taken out, hardly any stationary series loses more than its first week."""
    settled = []
    for seed in range(200):
        series = weekly(4, np.random.default_rng([122, seed]))
        point = mser5(without_cycle(series, WEEK)).point
        settled.append(point is not None and point <= WEEK)
    assert at_least(held(settled), 0.97)


def test_profile_residuals_left_unequal_would_be_caught() -> None:
    """A profile subtracted without more, from two weeks of four, makes MSER cut half of them."""
    settled = []
    for seed in range(200):
        series = weekly(4, np.random.default_rng([122, seed]))
        profile = series[2 * WEEK :].reshape(2, WEEK).mean(axis=0)
        point = mser5(series - np.tile(profile, 4)).point
        settled.append(point is not None and point <= WEEK)
    assert not at_least(held(settled), 0.97)


def test_a_pure_cycle_leaves_its_level() -> None:
    """A series that is all profile becomes its mean, also where it starts amid a period."""
    cycle = np.tile([1.0, 2.0, 6.0], 7)
    assert without_cycle(cycle, 3) == pytest.approx(np.full(21, 3.0))
    assert without_cycle(cycle[1:], 3) == pytest.approx(np.full(20, 3.0))


def test_the_profile_is_that_of_the_later_half_by_hand() -> None:
    """Period 2 in eight values: the later half is (1, 5, 3, 7), its profile (2, 6)."""
    # Level 4. Earlier: 0 - 2 + 4 = 2 and 0 - 6 + 4 = -2, twice. Later residuals -1, -1, 1, 1
    # are stretched by sqrt((3 - 2 / 2) / 1) = 1.41421.
    result = without_cycle([0, 0, 0, 0, 1, 5, 3, 7], 2)
    root = math.sqrt(2)
    assert result == pytest.approx([2, -2, 2, -2, 4 - root, 4 - root, 4 + root, 4 + root])


def test_noise_has_one_variance_before_and_after() -> None:
    """Neither half looks calmer than the other once the profile is out."""
    noise = np.random.default_rng(123).normal(size=(2000, 16))
    flat = np.array([without_cycle(row, 2) for row in noise])
    # Later halves hold four periods of two. Earlier values keep 1 + 1/4 * 1/2 = 1.125, later
    # residuals (1 - 1/4) * 4/3 = 1, and the level adds 1/8 to them. The ratio of two variances
    # of 16,000 values each has a standard error of about 0.016.
    assert flat[:, :8].var() / flat[:, 8:].var() == pytest.approx(1.0, abs=0.1)


def test_a_cycle_of_one_observation_is_no_cycle() -> None:
    """There is no profile within one observation, so the series stays as it is."""
    series = np.random.default_rng(124).normal(size=30)
    assert without_cycle(series, 1) == pytest.approx(series)


@pytest.mark.parametrize("period", [0, 6])
def test_a_cycle_that_is_hardly_seen_cannot_be_taken_out(period: int) -> None:
    """Four periods are needed, so that the later half holds two."""
    with pytest.raises(ValueError, match="period"):
        without_cycle(np.zeros(23), period)


def test_a_quantity_that_rises_every_week_grows() -> None:
    """Ten replications of 5, 10, 15 and 20, each a little off, rise at every step."""
    off = np.linspace(-1, 1, 10)[:, np.newaxis] * [1.0, -1.0, 1.0, -1.0]
    assert grows(np.array([5.0, 10.0, 15.0, 20.0]) + off)


@pytest.mark.parametrize(
    "weeks",
    [
        [5.0, 10.0, 9.0, 20.0],  # one fall
        [100.0, 101.0, 102.0, 103.0],  # a rise that is no matter
        [5.0, 10.0],  # two weeks say nothing
        [0.0, 0.0, 0.0],  # nobody waits
    ],
)
def test_what_does_not_rise_every_week_and_by_half_does_not_grow(weeks: list[float]) -> None:
    """Each of the conditions alone keeps the word from being said."""
    off = np.linspace(-0.1, 0.1, 10)[:, np.newaxis]
    # The same in all weeks of a replication, so that each rise is known exactly.
    assert not grows(np.array(weeks) + off)


def test_one_replication_does_not_show_growth() -> None:
    """A rise has no interval there."""
    assert not grows([[5.0, 10.0, 15.0, 20.0]])
    with pytest.raises(ValueError, match="dimensions"):
        grows([5.0, 10.0])


def test_luck_is_seldom_taken_for_growth() -> None:
    """Weeks of one law with a wide spread: at most the stated 1 in 100 of 2,000 tables."""
    generator = np.random.default_rng(20221)
    # Normal with mean 1 and deviation 2, so that a rise by half is common and the interval decides.
    # At most 20 are expected; over 40 have a chance below 1e-4 (Poisson).
    tables = generator.normal(1.0, 2.0, size=(2_000, 10, 3))
    assert sum(grows(table) for table in tables) <= 40
