"""Missing children come back as themselves, as often as sources say, in equilibrium."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats
from scipy.special import ndtri

from sim.fates.children import (
    HISTORY_SECONDS,
    ChildEpisodes,
    ChildPopulation,
    NaturalDuration,
    OperationalClock,
    child_of,
    draw_child_episodes,
    episode_probabilities,
)
from sim.fates.field import SECONDS_PER_HOUR, points_under, values_for
from sim.streams import Streams

ALPHA = 1e-4
HOUR = SECONDS_PER_HOUR
DAY = 24 * HOUR
YEAR = 365 * DAY
STREAM = "missing_child"

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

DORSET = ChildPopulation(
    incidents_per_year=3000.0,
    care_share_of_incidents=0.40,
    care_exponent=0.81,
    care_decay=0.07,
    other_exponent=2.3,
    other_decay=0.03,
    episodes_most=100,
    gap_median_days=40.0,
    gap_sigma=1.3,
    gap_frailty_power=0.95,
    longest_spell_days=330.0,
)

# Spells of one or two episodes, ten days apart, none in care.
PLAIN = ChildPopulation(
    incidents_per_year=600.0,
    care_share_of_incidents=0.0,
    care_exponent=0.0,
    care_decay=0.0,
    other_exponent=0.0,
    other_decay=0.0,
    episodes_most=2,
    gap_median_days=10.0,
    gap_sigma=0.0,
    gap_frailty_power=0.0,
    longest_spell_days=365.0,
)


def evening_shape(start: int, end: int) -> FloatArray:
    """Return the sourced six-hour shares of a day with a busier end of the week, mean 1."""
    hour = np.arange(start // HOUR, end // HOUR)
    by_hour = 4.0 * np.repeat([0.12, 0.23, 0.26, 0.39], 6)
    by_day = np.array([1.0, 0.95, 0.95, 0.95, 1.05, 1.1, 1.0])
    shape: FloatArray = by_hour[hour % 24] * by_day[hour // 24 % 7] / by_day.mean()
    return shape


def four_hours(streams: Streams) -> NaturalDuration:
    """Return lognormal durations of median four hours and sigma 1.5, keyed by number."""

    def seconds(number: IntArray, in_care: BoolArray) -> IntArray:
        score = ndtri(values_for(streams, STREAM, "natural_duration", number))
        duration: IntArray = np.rint(4 * HOUR * np.exp(1.5 * score)).astype(np.int64)
        return duration

    return seconds


def draw(
    seed: int,
    population: ChildPopulation = DORSET,
    start: int = -HISTORY_SECONDS,
    end: int = YEAR,
) -> ChildEpisodes:
    """Return the episodes of one seed under the evening shape."""
    streams = Streams(seed, 0)
    return draw_child_episodes(
        streams,
        STREAM,
        population,
        evening_shape(start, end),
        four_hours(streams),
        start=start,
        end=end,
    )


def draw_plain(population: ChildPopulation, end: int = YEAR) -> ChildEpisodes:
    """Return episodes of exactly one hour at a constant intensity."""

    def one_hour(number: IntArray, in_care: BoolArray) -> IntArray:
        return np.full(number.shape, HOUR, dtype=np.int64)

    shape = np.ones(2 * 365 * 24)[: (HISTORY_SECONDS + end) // HOUR]
    return draw_child_episodes(
        Streams(1, 0), STREAM, population, shape, one_hour, start=-HISTORY_SECONDS, end=end
    )


def by_child(drawn: ChildEpisodes) -> tuple[IntArray, BoolArray]:
    """Return the rows in the order (child, episode), and which of them follow one before."""
    order = np.lexsort((drawn.episode, drawn.child))
    follows = np.zeros(order.size, dtype=np.bool_)
    follows[1:] = np.diff(drawn.child[order]) == 0
    return order, follows


def test_mean_episodes_by_hand() -> None:
    """A power law without cut-off over two values has the mean worked by hand."""
    # Weights 1 and 1/2: probabilities 2/3 and 1/3, mean 2/3 + 2 * 1/3 = 4/3.
    assert episode_probabilities(1.0, 0.0, 2) == pytest.approx([2 / 3, 1 / 3])
    population = replace(DORSET, other_exponent=1.0, other_decay=0.0, episodes_most=2)
    assert population.other_mean_episodes == pytest.approx(4 / 3)


def test_children_in_care_by_hand() -> None:
    """Half of the incidents from spells twice as long come from a third of the children."""
    # Care: 1, 2 or 3 episodes alike, mean 2. Other: nearly always 1, mean 1.
    population = replace(
        PLAIN,
        care_share_of_incidents=0.5,
        episodes_most=3,
        other_exponent=200.0,
    )
    # 300 incidents / 2 = 150 children in care; 300 / 1 = 300 others.
    assert population.children_per_year == pytest.approx(450.0)
    assert population.care_share_of_children == pytest.approx(1 / 3)


def test_gap_runs_from_return_to_report() -> None:
    """Without spread, at constant intensity, a second report comes ten days after the return."""
    drawn = draw_plain(PLAIN)
    order, follows = by_child(drawn)
    second = np.flatnonzero(follows)
    gap = drawn.reported[order[second]] - drawn.returns[order[second - 1]]
    assert gap.size > 100
    # A reading between two seconds is named by the one that holds it.
    assert np.abs(gap - 10 * DAY).max() <= 1


def test_a_long_spell_is_shortened_in_proportion() -> None:
    """Gaps that together outlast the longest spell shrink by one factor."""
    population = replace(PLAIN, episodes_most=4, gap_median_days=100.0, longest_spell_days=150.0)
    drawn = draw_plain(population)
    order, follows = by_child(drawn)
    second = np.flatnonzero(follows)
    gap_days = (drawn.reported[order[second]] - drawn.returns[order[second - 1]]) / DAY
    # Two episodes: 100 days. Three: 200 become 150, so 75 each. Four: 300 become 150, 50 each.
    kinds, counts = np.unique(gap_days.round(3), return_counts=True)
    assert kinds.tolist() == [50.0, 75.0, 100.0]
    assert counts.min() > 50


def test_median_gap_shrinks_with_frailty() -> None:
    """Spells of eight have a gap a quarter of that of spells of two, at power one."""
    population = replace(PLAIN, episodes_most=8, gap_median_days=20.0, gap_frailty_power=1.0)
    drawn = draw_plain(population)
    order, follows = by_child(drawn)
    second = np.flatnonzero(follows)
    gap_days = (drawn.reported[order[second]] - drawn.returns[order[second - 1]]) / DAY
    # 20 * 2 / k for k = 8, 7, ... 2.
    expected = [5.0, 5.714, 6.667, 8.0, 10.0, 13.333, 20.0]
    assert np.unique(gap_days.round(3)) == pytest.approx(expected, abs=0.001)


def test_operational_clock_by_hand() -> None:
    """Operational time runs at the relative intensity, stands still at 0, and turns back."""
    # Hours from -2: intensities 1, 3, 2, 0, 4. Readings at the edges: -4, -3, 0, 2, 2, 6.
    clock = OperationalClock(np.array([1.0, 3.0, 2.0, 0.0, 4.0]), -2 * HOUR)
    times = np.array([-2 * HOUR, -1800, 0, 1800, HOUR, HOUR + 900, 2 * HOUR + 900])
    readings = [-4.0, -1.5, 0.0, 1.0, 2.0, 2.0, 3.0]
    assert clock.operational(times).tolist() == readings
    back = clock.second_of(np.array([-1.5, 1.0, 3.0, 5.999, 6.0, 50.0]), 99_999)
    # 2.0 operational hours are reached at the end of the still hour, not in it.
    assert back.tolist()[:3] == [-1800, 1800, 2 * HOUR + 900]
    assert back.tolist()[4:] == [99_999, 99_999]
    assert clock.second_of(np.array([2.0]), 99_999).tolist() == [2 * HOUR]


def test_no_child_is_missing_twice_at_once() -> None:
    """Each report of a child comes after the natural return before it; episodes count up."""
    for seed in range(10):
        drawn = draw(seed)
        order, follows = by_child(drawn)
        later = np.flatnonzero(follows)
        assert (drawn.reported[order[later]] > drawn.returns[order[later - 1]]).all()
        assert (np.diff(drawn.episode[order])[later - 1] == 1).all()
        assert (drawn.episode[order[~follows]] == 1).all()


def test_numbers_name_child_and_episode() -> None:
    """An incident's number is its child's plus the episode, and rows are in order."""
    drawn = draw(3)
    assert np.array_equal(drawn.number, drawn.child + drawn.episode)
    assert np.array_equal(child_of(drawn.number), drawn.child)
    assert np.unique(drawn.number).size == drawn.number.size
    assert np.array_equal(np.lexsort((drawn.number, drawn.reported)), np.arange(drawn.number.size))


def test_more_volume_only_adds_children() -> None:
    """With 2 % more volume every old episode is there, unchanged."""
    drawn = draw(6)
    more = draw(6, replace(DORSET, incidents_per_year=1.02 * DORSET.incidents_per_year))
    kept = np.isin(more.child, drawn.child)
    assert more.number.size > drawn.number.size == kept.sum()
    for name in ("number", "reported", "returns", "in_care", "previous_90_days"):
        assert np.array_equal(getattr(more, name)[kept], getattr(drawn, name))


def test_a_longer_window_only_adds_episodes() -> None:
    """A later end alters nothing before the old end."""
    drawn = draw(6, end=35 * DAY)
    longer = draw(6, end=70 * DAY)
    inside = longer.reported < 35 * DAY
    assert np.array_equal(longer.number[inside], drawn.number)
    assert np.array_equal(longer.reported[inside], drawn.reported)


def test_an_earlier_start_only_adds_spells() -> None:
    """A longer history alters no episode of the children already drawn."""
    drawn = draw(6, end=35 * DAY)
    longer = draw(6, start=-HISTORY_SECONDS - 28 * DAY, end=35 * DAY)
    kept = np.isin(longer.child, drawn.child)
    assert np.array_equal(longer.number[kept], drawn.number)
    assert np.array_equal(longer.reported[kept], drawn.reported)


def test_another_stream_changes_nothing() -> None:
    """Drawing other work in between leaves every child as they were."""
    before = draw(2)
    streams = Streams(2, 0)
    points_under(streams, "priority", np.full(24, 5.0), 0, DAY)
    values_for(streams, STREAM, "a_new_column", before.number)
    after = draw(2)
    assert np.array_equal(before.number, after.number)
    assert np.array_equal(before.reported, after.reported)


def test_history_counts_match_counting_by_hand() -> None:
    """Earlier reports in 90 and 365 days equal a plain count over each child's rows."""
    drawn = draw(11, end=28 * DAY)
    for days, counted in ((90, drawn.previous_90_days), (365, drawn.previous_365_days)):
        for row in np.flatnonzero(drawn.episode % 3 == 0)[:300]:
            since = drawn.reported[row] - drawn.reported[drawn.child == drawn.child[row]]
            assert counted[row] == ((since > 0) & (since <= days * DAY)).sum()


def test_no_volume_has_no_children() -> None:
    """A volume of 0 gives empty arrays."""
    drawn = draw(1, replace(DORSET, incidents_per_year=0.0), end=DAY)
    assert drawn.number.size == drawn.previous_365_days.size == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("incidents_per_year", -1.0),
        ("care_share_of_incidents", 1.1),
        ("episodes_most", 128),
        ("gap_sigma", math.nan),
        ("gap_median_days", math.inf),
    ],
)
def test_values_out_of_range_are_refused(name: str, value: Any) -> None:
    """A population outside its ranges is an error that names the value."""
    with pytest.raises(ValueError, match=name):
        replace(DORSET, **{name: value})


def test_windows_without_time_0_and_negative_durations_are_refused() -> None:
    """The window must hold time 0, and no child returns before the report."""
    streams = Streams(1, 0)
    with pytest.raises(ValueError, match="time 0"):
        draw_child_episodes(
            streams, STREAM, DORSET, np.ones(24), four_hours(streams), start=DAY, end=2 * DAY
        )
    with pytest.raises(ValueError, match="natural_duration"):
        draw_child_episodes(
            streams,
            STREAM,
            DORSET,
            np.ones(24 * 30),
            lambda number, in_care: np.full(number.shape, -1),
            start=-30 * DAY,
            end=0,
        )


@dataclass(frozen=True)
class Years:
    """What many simulated years show: named figures by replication, and pooled counts."""

    figures: dict[str, FloatArray]
    by_hour_of_week: FloatArray


def share_of_top(ranked: IntArray, part: float) -> float:
    """Return the share of incidents of the given part of children, from cumulated counts."""
    return float(ranked[round(part * ranked.size) - 1] / ranked[-1])


def observe(replications: int) -> Years:
    """Return the figures of as many years after a year of history."""
    rows: list[dict[str, float]] = []
    by_hour = np.zeros(168)
    for seed in range(replications):
        drawn = draw(seed)
        year = drawn.reported >= 0
        reported = drawn.reported[year]
        _, child, counts = np.unique(drawn.child[year], return_inverse=True, return_counts=True)
        ranked = np.sort(counts)[::-1].cumsum()
        order = np.lexsort((reported, child))
        first = (np.cumsum(counts) - counts)[counts > 1]
        wait = reported[order[first + 1]] - reported[order[first]]
        rows.append(
            {
                "incidents": reported.size,
                "children": counts.size,
                "repeat_share": counts[counts > 1].sum() / reported.size,
                "care_share": drawn.in_care[year].mean(),
                "top_4_percent": share_of_top(ranked, 0.04),
                "top_5_percent": share_of_top(ranked, 0.05),
                "top_6_percent": share_of_top(ranked, 0.06),
                "first_repeat_in_28_days": (wait <= 28 * DAY).mean(),
                "most_by_a_child": counts.max(),
                "most_in_90_days": drawn.previous_90_days[year].max() + 1,
                "first_less_last_28_days": (reported < 28 * DAY).sum()
                - (reported >= YEAR - 28 * DAY).sum(),
            }
        )
        # 364 days are whole weeks.
        whole = reported[reported < 364 * DAY]
        by_hour += np.bincount(whole // HOUR % 168, minlength=168)
    figures = {name: np.array([row[name] for row in rows], dtype=np.float64) for name in rows[0]}
    return Years(figures, by_hour)


@pytest.fixture(scope="module")
def years() -> Years:
    """Two hundred years of the Dorset population."""
    return observe(200)


def interval(values: FloatArray) -> tuple[float, float]:
    """Return the interval for a mean that misses it with probability `ALPHA`."""
    half = stats.t.isf(ALPHA / 2, values.size - 1) * values.std(ddof=1) / math.sqrt(values.size)
    return float(values.mean() - half), float(values.mean() + half)


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        # Sidebottom and others (2020): 4 % of children, 28 % of incidents; 6 %, 33 %.
        # Devon 2020/21: 6 % of children, 37 % of episodes.
        ("top_4_percent", 0.28, 0.37),
        ("top_5_percent", 0.30, 0.36),
        ("top_6_percent", 0.28, 0.37),
        # Sidebottom and others (2020): 65 to 75 %; Devon 68 %.
        ("repeat_share", 0.65, 0.75),
        # 1,006 in Dorset; 1,475 for 3,352 incidents (59 are 4 %), so 1,320 for 3,000.
        ("children", 1000.0, 1350.0),
        # Sidebottom and others (2020): over half.
        ("first_repeat_in_28_days", 0.50, 0.75),
        # Durham: 40 %.
        ("care_share", 0.38, 0.42),
        # The most in Dorset was 105 in a year; the top of the published tables is 21 to 50.
        ("most_by_a_child", 30.0, 105.0),
        # Three sampled by inspectors: 34, 28 and 16.
        ("most_in_90_days", 25.0, 45.0),
    ],
)
def test_year_agrees_with_sources(years: Years, name: str, low: float, high: float) -> None:
    """The whole interval of each figure lies in the range that the sources give."""
    below, above = interval(years.figures[name])
    assert low <= below
    assert above <= high


def test_year_has_its_volume(years: Years) -> None:
    """The mean count agrees with the yearly volume, and not with one 3 % higher."""
    below, above = interval(years.figures["incidents"])
    assert below <= 3000.0 <= above < 3090.0


def test_window_is_in_equilibrium(years: Years) -> None:
    """The first and the last 28 days have the same expected number of reports."""
    below, above = interval(years.figures["first_less_last_28_days"])
    assert below <= 0.0 <= above


def test_equilibrium_needs_the_history() -> None:
    """Without the year before, the first 28 days fall short: the check can fail."""
    first = np.array([draw(seed, start=0, end=28 * DAY).number.size for seed in range(100)])
    assert interval(first.astype(np.float64))[1] < 0.8 * 3000.0 * 28 / 365


def profile_distance(observed: FloatArray, profile: FloatArray) -> float:
    """Return Pearson's statistic of counts against a profile."""
    expected = observed.sum() * profile / profile.sum()
    return float(((observed - expected) ** 2 / expected).sum())


def test_reports_keep_their_weekly_profile(years: Years) -> None:
    """Reports of every order together keep the profile, and a tilt of 3 % would show.

    Children return at random points of the week, so counts vary as those of single reports do.
    """
    profile = evening_shape(0, 168 * HOUR)
    limit = stats.chi2.isf(ALPHA, 167)
    assert profile_distance(years.by_hour_of_week, profile) < limit
    tilted = profile * np.where(np.arange(168) % 24 < 12, 1.03, 0.97)
    assert profile_distance(years.by_hour_of_week, tilted) > limit


@pytest.mark.slow
def test_first_days_have_their_volume_over_many_seeds() -> None:
    """Over 3,000 replications the first 28 days have their volume, to within 2 %."""
    counts = np.array(
        [(draw(seed, end=28 * DAY).reported >= 0).sum() for seed in range(3000)], dtype=np.float64
    )
    below, above = interval(counts)
    expected = 3000.0 * 28 / 365
    assert below <= expected <= above
    assert (above - below) / 2 < 0.02 * expected


@pytest.mark.slow
def test_profile_and_concentration_hold_over_many_seeds() -> None:
    """Over 2,000 years equilibrium, profile and volume still hold."""
    many = observe(2000)
    below, above = interval(many.figures["first_less_last_28_days"])
    assert below <= 0.0 <= above
    below, above = interval(many.figures["incidents"])
    assert below <= 3000.0 <= above
    assert profile_distance(many.by_hour_of_week, evening_shape(0, 168 * HOUR)) < stats.chi2.isf(
        ALPHA, 167
    )
