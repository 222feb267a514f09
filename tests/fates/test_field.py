"""Arrivals are a Poisson process with the rate asked for, and only grow with it."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from sim.fates.field import (
    EPISODE_BITS,
    LAYER_PER_HOUR,
    NUMBER_BITS,
    SECONDS_PER_HOUR,
    points_by_number,
    points_under,
    values_for,
)
from sim.scenario.checks import MOST_REPORTS_AN_HOUR
from sim.streams import Streams

ALPHA = 1e-4
HOUR = SECONDS_PER_HOUR
WEEK = 168 * HOUR

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


def weekly_rate(start: int, end: int, mean: float) -> FloatArray:
    """Return a rate with a daily wave and busier weekends, by hour of [start, end)."""
    hour = np.arange(start // HOUR, end // HOUR)
    wave = 1.0 + 0.6 * np.sin(2.0 * np.pi * (hour % 24) / 24.0)
    weekend = np.where(hour // 24 % 7 >= 5, 1.2, 0.92)
    rate: FloatArray = mean * wave * weekend
    return rate


def draw(
    seed: int, start: int, end: int, mean: float, stream: str = "priority"
) -> tuple[IntArray, IntArray]:
    """Return the points under the weekly rate of one mean."""
    return points_under(Streams(seed, 0), stream, weekly_rate(start, end, mean), start, end)


def test_points_by_number_are_the_same_points() -> None:
    """Numbers ascend, and each has the second that it has in the order of time."""
    rate = weekly_rate(-2 * WEEK, 2 * WEEK, 3.0)
    number, second = points_by_number(Streams(4, 0), "priority", rate, -2 * WEEK, 2 * WEEK)
    assert (np.diff(number) > 0).all()
    other, time = draw(4, -2 * WEEK, 2 * WEEK, 3.0)
    assert dict(zip(number.tolist(), second.tolist(), strict=True)) == dict(
        zip(other.tolist(), time.tolist(), strict=True)
    )
    assert (np.diff(time) >= 0).all()


@pytest.mark.parametrize("mean", [0.3, 3.0, 11.0])
def test_raising_the_rate_only_adds_points(mean: float) -> None:
    """With 2 % more volume each old arrival is there, at its time, with its values."""
    streams = Streams(4, 0)
    number, time = draw(4, -4 * WEEK, 5 * WEEK, mean)
    more, more_time = draw(4, -4 * WEEK, 5 * WEEK, 1.02 * mean)
    kept = np.isin(more, number)
    assert more.size > number.size == kept.sum()
    assert np.array_equal(more[kept], number)
    assert np.array_equal(more_time[kept], time)
    values = values_for(streams, "priority", "travel", number)
    assert np.array_equal(values_for(streams, "priority", "travel", more)[kept], values)


def test_a_longer_window_only_adds_points() -> None:
    """Growing the window at both ends alters nothing inside the old one."""
    number, time = draw(9, -WEEK, 2 * WEEK, 4.0)
    longer, longer_time = draw(9, -5 * WEEK, 20 * WEEK, 4.0)
    inside = (longer_time >= -WEEK) & (longer_time < 2 * WEEK)
    assert np.array_equal(longer[inside], number)
    assert np.array_equal(longer_time[inside], time)


def test_a_window_after_time_0_is_a_part_of_one_that_begins_there() -> None:
    """The points of a later window are those of the whole one that fall in it."""
    number, time = draw(9, 0, 3 * WEEK, 4.0)
    part, part_time = draw(9, WEEK, 2 * WEEK, 4.0)
    inside = (time >= WEEK) & (time < 2 * WEEK)
    assert np.array_equal(part, number[inside])
    assert np.array_equal(part_time, time[inside])


def test_streams_and_replications_have_fields_of_their_own() -> None:
    """Another stream or replication has other times, and drawing it changes nothing."""
    streams = Streams(3, 0)
    rate = weekly_rate(-WEEK, WEEK, 2.0)
    before = points_under(streams, "scheduled", rate, -WEEK, WEEK)
    other = points_under(streams, "immediate", rate, -WEEK, WEEK)
    replicate = points_under(Streams(3, 1), "scheduled", rate, -WEEK, WEEK)
    after = points_under(streams, "scheduled", rate, -WEEK, WEEK)
    assert np.array_equal(before, after)
    # About 660 arrivals over 1.2 million seconds: chance shares a few tenths of a second.
    assert np.isin(before[1], other[1]).sum() < 10
    assert np.isin(before[1], replicate[1]).sum() < 10


def test_rows_are_in_order_and_numbers_fit() -> None:
    """Rows are ordered by time and number; numbers are unique, of 47 bits, with episode 0."""
    number, time = draw(5, -8 * WEEK, 8 * WEEK, 30.0)
    assert np.array_equal(np.lexsort((number, time)), np.arange(number.size))
    assert np.unique(number).size == number.size
    assert number.min() >= 0
    assert number.max() < 1 << NUMBER_BITS == 1 << 47
    assert not (number & ((1 << EPISODE_BITS) - 1)).any()
    assert time.min() >= -8 * WEEK
    assert time.max() < 8 * WEEK


def test_hours_without_rate_have_no_arrivals() -> None:
    """Arrivals stop and start at the very second at which the rate does."""
    hour = np.arange(-168, 168)
    rate = np.where(hour % 2 == 0, 40.0, 0.0)
    _, time = points_under(Streams(6, 0), "immediate", rate, -WEEK, WEEK)
    assert time.size > 6_000
    assert not (time // HOUR % 2).any()


def test_nothing_lies_under_no_rate() -> None:
    """A rate of 0 and an empty window give no rows."""
    assert points_under(Streams(1, 0), "s", np.zeros(336), -WEEK, WEEK)[0].size == 0
    assert points_under(Streams(1, 0), "s", np.empty(0), 0, 0)[0].size == 0


def test_arrivals_follow_the_rate_by_hour_of_the_week() -> None:
    """Counts by hour of the week agree with the integrated rate, not with one tilted by 3 %."""
    observed = np.zeros(168)
    for seed in range(150):
        _, time = draw(seed, -2 * WEEK, 2 * WEEK, 5.0)
        observed += np.bincount(time // HOUR % 168, minlength=168)
    expected = weekly_rate(0, WEEK, 5.0) * 4 * 150
    limit = stats.chi2.isf(ALPHA, 168)
    assert ((observed - expected) ** 2 / expected).sum() < limit
    tilted = expected * np.where(np.arange(168) % 24 < 12, 1.03, 0.97)
    assert ((observed - tilted) ** 2 / tilted).sum() > limit


def test_counts_vary_as_a_poisson_count_does() -> None:
    """Over seeds, halves of a window have Poisson mean and dispersion and no correlation."""
    seeds = 600
    counts = np.empty((seeds, 2))
    for seed in range(seeds):
        _, time = draw(seed, -48 * HOUR, 48 * HOUR, 1.5)
        counts[seed] = (time < 0).sum(), (time >= 0).sum()
    rate = weekly_rate(-48 * HOUR, 48 * HOUR, 1.5)
    expected = np.array([rate[:48].sum(), rate[48:].sum()])
    # A mean of `seeds` Poisson counts has standard error sqrt(expected / seeds).
    z = (counts.mean(axis=0) - expected) / np.sqrt(expected / seeds)
    assert np.abs(z).max() < stats.norm.isf(ALPHA / 4)
    dispersion = ((counts - expected) ** 2 / expected).sum()
    assert stats.chi2.ppf(ALPHA / 2, 2 * seeds) < dispersion < stats.chi2.isf(ALPHA / 2, 2 * seeds)
    correlation = stats.pearsonr(counts[:, 0], counts[:, 1]).statistic
    assert abs(correlation) < stats.norm.isf(ALPHA / 2) / math.sqrt(seeds)


def test_volume_is_as_expected_and_a_planted_error_is_caught() -> None:
    """The yearly count agrees with the yearly rate, and not with one 3 % higher."""
    rate = weekly_rate(0, 52 * WEEK, 6.0)
    _, time = points_under(Streams(2022, 0), "priority", rate, 0, 52 * WEEK)
    limit = stats.norm.isf(ALPHA / 2)
    expected = rate.sum()
    assert abs(time.size - expected) < limit * math.sqrt(expected)
    assert abs(time.size - 1.03 * expected) > limit * math.sqrt(1.03 * expected)


def test_gaps_are_exponential_across_time_0() -> None:
    """At a constant rate the gaps between arrivals of all layers and both ways are exponential."""
    _, time = points_under(Streams(8, 0), "s", np.full(20 * 168, 4.7), -10 * WEEK, 10 * WEEK)
    gap = np.diff(time) / HOUR
    # Whole seconds move the distribution by at most 4.7 / 3600, far below the bound.
    assert stats.kstest(gap, "expon", args=(0.0, 1.0 / 4.7)).statistic < stats.kstwo.isf(
        ALPHA, gap.size
    )


def test_another_layer_height_is_another_field_of_the_same_rate() -> None:
    """Cutting the field finer moves the points and keeps their mean number."""
    rate = np.full(52 * 168, 3.0)
    _, coarse = points_under(Streams(1, 0), "s", rate, 0, 52 * WEEK)
    _, fine = points_under(Streams(1, 0), "s", rate, 0, 52 * WEEK, LAYER_PER_HOUR / 4)
    assert not np.array_equal(coarse, fine)
    # The difference of two counts of mean m has standard error sqrt(2 m).
    assert abs(coarse.size - fine.size) < stats.norm.isf(ALPHA / 2) * math.sqrt(2 * rate.sum())


def test_value_depends_on_the_number_alone() -> None:
    """Reading fewer rows, or in another order, gives each number the value it had."""
    streams = Streams(3, 2)
    number, _ = draw(3, -WEEK, WEEK, 7.0)
    episodes = np.concatenate((number, number + 1, number + 99))
    values = values_for(streams, "priority", "risk", episodes)
    some = np.random.default_rng(0).permutation(episodes.size)[:200]
    assert np.array_equal(values_for(streams, "priority", "risk", episodes[some]), values[some])


def test_columns_are_uniform_and_independent_over_arrivals() -> None:
    """Columns, episodes and the time of arrival are uniform and uncorrelated over arrivals."""
    streams = Streams(21, 0)
    rate = np.full(20 * 168, 6.5)
    number, time = points_under(streams, "s", rate, -10 * WEEK, 10 * WEEK)
    rows = np.array(
        [
            values_for(streams, "s", "first", number),
            values_for(streams, "s", "second", number),
            values_for(streams, "s", "first", number + 1),
            values_for(streams, "s", "first", number + 2),
            (time + 10 * WEEK) / (20 * WEEK),
        ]
    )
    for row in rows:
        assert stats.kstest(row, "uniform").pvalue > ALPHA / len(rows)
    correlation = np.corrcoef(rows)[np.triu_indices(len(rows), 1)]
    bound = stats.norm.isf(ALPHA / 2 / correlation.size) / math.sqrt(number.size)
    assert np.abs(correlation).max() < bound


@pytest.mark.parametrize(
    ("rate", "start", "end", "message"),
    [
        (np.ones(1), 0, 3599, "whole hours"),
        (np.ones(2), 0, 3600, "1 values"),
        (np.array([-1.0]), 0, 3600, "at least 0"),
        (np.array([np.nan]), 0, 3600, "finite"),
        (np.array([2049.0]), 0, 3600, "at most 2047"),
    ],
)
def test_impossible_windows_and_rates_are_refused(
    rate: FloatArray, start: int, end: int, message: str
) -> None:
    """A window of part hours, or a rate that does not fit it, is an error."""
    with pytest.raises(ValueError, match=message):
        points_under(Streams(1, 0), "s", rate, start, end)


def test_numbers_out_of_range_are_refused() -> None:
    """A number with a sign or a stream code above it is an error."""
    with pytest.raises(ValueError, match="2\\*\\*47"):
        values_for(Streams(1, 0), "s", "c", np.array([1 << 47]))
    with pytest.raises(ValueError, match="2\\*\\*47"):
        values_for(Streams(1, 0), "s", "c", np.array([-1]))


def test_the_most_reports_that_a_scenario_may_ask_for_can_be_drawn() -> None:
    """What the scenario's checks let pass fits the numbers; 5 standard deviations are allowed."""
    _, time = points_under(Streams(1, 0), "s", np.array([float(MOST_REPORTS_AN_HOUR)]), 0, HOUR)
    assert abs(time.size - MOST_REPORTS_AN_HOUR) < 5 * math.sqrt(MOST_REPORTS_AN_HOUR)
