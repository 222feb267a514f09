"""Days that differ: the factor on a stream's rate for each date."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from sim.fates.days import day_factors
from sim.fates.incidents import draw
from sim.fates.reports import child_reports, point_reports
from sim.scenario.calendar import busiest_hour, day_factor
from sim.scenario.demand import DeskWork, IncidentStream, MissingChild
from sim.scenario.models import Scenario
from sim.streams import Streams
from sim.tables import DAY
from tests.fates.test_incidents import assert_rows_kept, incidents, of_stream, one_stream
from tests.worlds import small_scenario

STREAMS: Final = Streams(seed=2022, replication=0)
ALPHA: Final = 1e-4
# Two-sided, of a normal law.
FAR: Final = float(stats.norm.isf(ALPHA / 2))
DAYS: Final = 4_000
VOLUME: Final = 20_000.0
MEAN: Final = VOLUME / 365

Counts = npt.NDArray[np.float64]


def daily_counts(scenario: Scenario, name: str, days: int, streams: Streams = STREAMS) -> Counts:
    """Return the reports of each day."""
    stream = scenario.streams[name]
    if isinstance(stream, MissingChild):
        columns, _ = child_reports(scenario, streams, name, stream, 0, days * DAY)
    else:
        assert isinstance(stream, IncidentStream | DeskWork)
        columns, _ = point_reports(scenario, streams, name, stream, 0, days * DAY)
    return np.bincount(columns["reported_at"] // DAY, minlength=days).astype(np.float64)


def with_variation(name: str, variation: float, **changes: Any) -> Scenario:
    """Return a world of one stream whose days differ."""
    return one_stream(name, profile="flat", day_variation=variation, **changes)


def deviations(counts: Counts, mean: float, variation: float) -> tuple[float, float]:
    """Return how far mean and variance are from those of the negative binomial law, in errors."""
    shape = 1 / variation**2
    law = stats.nbinom(shape, shape / (shape + mean))
    spread, tails = law.stats(moments="v"), law.stats(moments="k")
    of_mean = (counts.mean() - mean) / math.sqrt(spread / counts.size)
    # The variance of a sample's variance, from the law's fourth moment.
    error = spread * math.sqrt((tails + 2) / counts.size)
    return float(of_mean), float((counts.var(ddof=1) - spread) / error)


@pytest.mark.parametrize(("variation", "planted"), [(0.1, 1.25), (0.3, 1.1)])
def test_daily_counts_are_negative_binomial(variation: float, planted: float) -> None:
    """Mean and variance are the law's; errors of 3 % of the mean, or of the size, are caught."""
    counts = daily_counts(with_variation("immediate", variation, volume_per_year=VOLUME),
                          "immediate", DAYS)  # fmt: skip
    of_mean, of_spread = deviations(counts, MEAN, variation)
    assert abs(of_mean) < FAR
    assert abs(of_spread) < FAR
    assert abs(deviations(counts * 1.03, MEAN, variation)[0]) > FAR
    assert abs(deviations(counts, MEAN, variation * planted)[1]) > FAR
    # Bins of about equal chance under the law; each day's count falls into one.
    shape = 1 / variation**2
    law = stats.nbinom(shape, shape / (shape + MEAN))
    edges = np.unique(law.ppf(np.linspace(0.05, 0.95, 19)))
    chances = np.diff(np.concatenate(([0.0], law.cdf(edges), [1.0])))
    found = np.bincount(np.searchsorted(edges, counts), minlength=chances.size)
    assert stats.chisquare(found, chances * counts.size).pvalue > ALPHA


def test_without_variation_nothing_is_drawn_otherwise() -> None:
    """At 0, as without the key, every table is what it was."""
    streams = {name: {"day_variation": 0.0} for name in small_scenario().streams}
    for one, other in zip(
        draw(small_scenario(), STREAMS, -7 * DAY, 30 * DAY),
        draw(small_scenario(streams=streams), STREAMS, -7 * DAY, 30 * DAY),
        strict=True,
    ):
        assert one.differences(other) == []


@pytest.mark.parametrize("name", ["immediate", "missing_child"])
def test_a_higher_volume_still_only_adds(name: str) -> None:
    """Every report under a volume is there under a tenth more, with all that was drawn for it."""
    fewer, more = (
        incidents(with_variation(name, 0.4, volume_per_year=volume)) for volume in (2_000, 2_200)
    )
    assert len(more) > len(fewer)
    ignored = {"previous_90_days"} if name == "missing_child" else set()
    assert_rows_kept(fewer, more, ignored)


def test_the_days_of_one_stream_are_nobody_elses() -> None:
    """The other streams' rows are the same, key for key."""
    quiet = small_scenario()
    busy = small_scenario(streams={"immediate": {"day_variation": 0.5}})
    for name in quiet.streams:
        one, other = (of_stream(world, name) for world in (quiet, busy))
        assert (one.differences(other) == []) == (name != "immediate")


def test_a_busy_day_is_busy_whatever_the_size() -> None:
    """One level for each date: the order of days holds, and so do they in a longer window."""
    little, much = (day_factors(STREAMS, "immediate", size, -400, 400) for size in (0.1, 0.8))
    assert (np.argsort(little) == np.argsort(much)).all()
    assert (day_factors(STREAMS, "immediate", 0.1, -3, 5) == little[397:405]).all()
    assert (day_factors(STREAMS, "immediate", 0.0, -3, 5) == 1).all()
    others = day_factors(STREAMS, "welfare", 0.1, -400, 400)
    assert abs(float(stats.spearmanr(little, others)[0])) < FAR / math.sqrt(799)


def test_missing_children_have_busy_days_too() -> None:
    """Reports of every order follow the day's factor; the volume stays.

    Children who are missing again tie days together, so replications are what is compared.
    """
    variation, days = 0.5, 1_000
    world = with_variation("missing_child", variation, volume_per_year=VOLUME)
    left, slopes = [], []
    for replication in range(20):
        streams = Streams(seed=2022, replication=replication)
        counts = daily_counts(world, "missing_child", days, streams)
        factors = day_factors(streams, "missing_child", variation, 0, days)
        left.append(float(np.mean(counts - MEAN * factors)))
        slopes.append(float(stats.linregress(factors, counts).slope))
    assert stats.ttest_1samp(left, 0.0).pvalue > ALPHA
    assert stats.ttest_1samp(slopes, MEAN).pvalue > ALPHA
    assert stats.ttest_1samp(slopes, 1.03 * MEAN).pvalue < ALPHA


def test_other_desk_work_may_have_busy_days() -> None:
    """Its daily counts vary by the same law."""
    work = small_scenario(
        streams={"supervisor_review": {"volume_per_year": VOLUME, "day_variation": 0.3}}
    )
    of_mean, of_spread = deviations(daily_counts(work, "supervisor_review", DAYS), MEAN, 0.3)
    assert abs(of_mean) < FAR
    assert abs(of_spread) < FAR


def test_no_day_is_busier_than_the_check_of_a_scenario_allows_for() -> None:
    """The highest factor is that of the highest level that a uniform can have."""
    world = with_variation("immediate", 0.5, volume_per_year=VOLUME)
    stream = world.streams["immediate"]
    most = busiest_hour(stream, world.profiles["flat"], False, False)
    factors = day_factors(STREAMS, "immediate", 0.5, 0, DAYS)
    assert factors.max() * VOLUME / 8_760 < most
    assert most == pytest.approx(VOLUME / 8_760 * float(day_factor(0.5, 1 - 2.0**-53)))
