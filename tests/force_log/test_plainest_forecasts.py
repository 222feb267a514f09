"""The score that forecasts of waits are held to, the plainest of them, and the course of waits."""

import numpy as np
import polars as pl
import pytest

from sim.force_log.replaying.course import days_told, slope
from sim.force_log.replaying.plainest import past_of, scored
from sim.force_log.replaying.scores import score_of_each, score_of_own, skill


def generator() -> np.random.Generator:
    """A generator of this file's own."""
    return np.random.Generator(np.random.Philox(9))


def test_a_score_is_that_of_theory() -> None:
    """The score of many normal draws is the closed form's, and few draws score the same on average.

    Of log(1 + minutes) standard normal, at its centre: (2 pdf(0) - 1/sqrt(pi)) = 0.2337 (Gneiting
    and Raftery 2007, JASA 102:359-378).
    """
    rng = generator()
    many = np.expm1(rng.normal(0, 1, 200_000))
    centre = np.zeros(1)
    assert score_of_each(many, centre)[0] == pytest.approx(0.2337, abs=0.005)
    few = np.expm1(rng.normal(0, 1, (4, 60_000)))
    assert score_of_own(few, np.zeros(60_000)).mean() == pytest.approx(0.2337, abs=0.01)
    one = np.expm1(rng.normal(0, 1, 7))
    waits = np.expm1(rng.normal(0, 1, 5))
    own = score_of_own(np.tile(one[:, None], 5), waits)
    assert own == pytest.approx(score_of_each(one, waits))


def week(rng: np.random.Generator, days: int = 28) -> pl.DataFrame:
    """A log whose waits hang on the hour: an hour's median in minutes is one more than the hour."""
    count = 40 * days
    seconds = np.sort(rng.integers(0, days * 86_400, count))
    received = pl.Series(seconds * 1_000_000).cast(pl.Datetime("us", "Europe/London"))
    wait = (1 + seconds % 86_400 // 3600) * np.exp(rng.normal(0, 0.3, count))
    return pl.DataFrame({"received": received, "graded": received}).with_columns(
        assigned=received + pl.Series((wait * 60_000_000).astype(np.int64)).cast(pl.Duration("us")),
        grade=pl.lit(2),
    )


def test_waits_that_hang_on_the_hour_are_forecast_better_by_the_hour() -> None:
    """The forecast by grade and hour has skill over that by grade where hours differ."""
    past, later = past_of(week(generator()), 4), past_of(week(generator()), 4)
    plain, by_hour = scored(past, later.minutes, later.grade, later.hour, later.weekend)
    assert skill(by_hour, plain, later.day, generator()).low > 0.3


def test_a_grade_without_a_past_is_not_forecast() -> None:
    """A grade of which the days before have nothing has no score."""
    past = past_of(week(generator()), 4)
    found = scored(past, np.ones(2), np.array([2, 3]), np.array([4, 4]), np.zeros(2, np.int64))
    assert np.isfinite(found[:, 0]).all()
    assert np.isnan(found[:, 1]).all()


def test_the_slope_of_departures_is_recovered() -> None:
    """A prediction that moves twice as much as the log has a slope of a half, its limits round it.

    Days of a forecast that moves at random have a slope of none, and are told no oftener than not.
    """
    rng = generator()
    days = np.repeat(np.arange(200), 60)
    hour = np.tile(np.repeat(np.arange(0, 24, 4), 10), 200)
    grade = np.full(len(days), 2)
    moved = rng.normal(0, 0.5, 200)[days]
    observed = np.expm1(np.maximum(3 + moved + rng.normal(0, 0.2, len(days)), 0))
    found = slope(observed, 3 + 2 * moved, grade, hour, days, rng)
    assert found is not None
    assert found.low <= 0.5 <= found.high
    assert found.high - found.low < 0.1
    assert days_told(observed, 3 + 2 * moved, grade, days) > 0.95
    other = rng.normal(0, 0.5, 200)[days]
    none = slope(observed, 3 + other, grade, hour, days, rng)
    assert none is not None
    assert abs(none.value) < 0.3
    assert days_told(observed, 3 + other, grade, days) == pytest.approx(0.5, abs=0.15)
    assert slope(observed, np.full(len(days), 3.0), grade, hour, days, rng) is None
