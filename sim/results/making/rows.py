"""From replications to rows: one scenario's, and the differences between two."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np

from sim.measures import CURVE_MINUTES, Count, Cut, Fate, Replication
from sim.measures.replication import Ints
from sim.results.catalogue import Measure, Sums, headline_measures, measures_about
from sim.results.making.case_rows import case_differences, case_rows
from sim.results.making.concern_rows import concern_differences, concern_rows
from sim.results.making.cuts import cuts_shown, headline, is_margin, is_missing
from sim.results.making.estimates import estimator
from sim.results.making.people_rows import (
    overtime_differences,
    overtime_rows,
    people_differences,
    people_rows,
)
from sim.results.making.placed_rows import placed_differences, placed_rows
from sim.results.making.report_tallies import ReportTallies
from sim.results.row import Row, row
from sim.statistics import (
    Interval,
    design_effect,
    mean_interval,
    paired_mean_difference,
    paired_ratio_difference,
    ratio_interval,
    share_interval,
    unless_few,
)
from sim.tables import HOUR, MINUTE

CURVE = (*range(61), *range(65, 181, 5), *range(210, CURVE_MINUTES + 1, 30))
"""Minutes at which the attendance curve is told."""

_REPORTS = measures_about("reports")
_RATIOS = tuple((one, sums) for one in _REPORTS for sums in one.sums)
_QUANTILES = tuple(one for one in _REPORTS if one.quantile is not None or one.tail is not None)


def scenario_rows(
    replications: Sequence[Replication],
    level: float = 0.95,
    *,
    overtime_prices: Mapping[str, float] | None = None,
    also: Collection[Cut] = (),
) -> list[Row]:
    """All rows of one scenario.

    Parameters
    ----------
    replications
        In the order of their numbers.
    level
        Confidence level; each row's limits hold by themselves.
    overtime_prices
        Pounds for an hour of overtime, by pool; None: overtime has no price.
    also
        Cuts that are told besides, as fully as the headline's.

    Returns
    -------
    list of Row
        Nothing is told of a cut that holds no incident, nor a share of no case.

    Raises
    ------
    ValueError
        If there is no replication, or they are not of one scenario and one window.
    """
    tallies = ReportTallies(replications)
    rows: list[Row] = []
    for cut in cuts_shown(tallies.labels, also):
        sums = tallies.sums(cut)
        if not sums[:, Count.REPORTED].any():
            continue
        rows += [
            row(
                measure.name,
                _ratio(measure, ratio, sums, level),
                cut,
                stage=ratio.stage,
                clock=ratio.clock,
                minutes=ratio.minutes,
            )
            for measure, ratio in _RATIOS
            if sums[:, ratio.bottom].any() and _is_told(measure, cut, also)
        ]
        if sums[:, Count.NEEDED].any():
            idle = mean_interval(sums[:, Count.IDLE_SECONDS] / HOUR, level)
            rows.append(row("idle_while_waiting_hours", idle, cut))
            if is_margin(cut) or is_missing(tallies.labels, cut) or cut in also:
                rows += _distribution(tallies, cut, level)
            if is_margin(cut) and _is_pictured(tallies, cut):
                rows += _curve(tallies, cut, sums[:, Count.NEEDED], level)
                rows += _week(tallies, cut, level)
    # It may be large, and is done with.
    del tallies
    rows += people_rows(replications, level)
    rows += case_rows(replications, level)
    rows += concern_rows(replications, level)
    rows += placed_rows(replications, level)
    if overtime_prices is not None:
        rows += overtime_rows(replications, overtime_prices, level)
    return rows


def difference_rows(
    baseline: Sequence[Replication],
    other: Sequence[Replication],
    level: float = 0.95,
    *,
    scenarios: int = 1,
    declared: Sequence[str] | None = None,
    overtime_prices: tuple[Mapping[str, float] | None, Mapping[str, float] | None] = (None, None),
    also: Collection[Cut] = (),
) -> list[Row]:
    """Paired differences, *other* less *baseline*, and the effect on other calls.

    Rows of other streams and grades (`arrived_within_target`, `delay_mean`, `waited_over`) show
    displacement.

    Parameters
    ----------
    baseline, other
        Replications of the same numbers, in order.
    level
        Confidence level. The headline measures of the headline cut, by their own clock, hold
        together at it; all other rows hold one by one.
    scenarios
        How many scenarios are compared with the baseline.
    declared
        Headline measures, declared before the run; None: those of the catalogue.
    overtime_prices
        Pounds for an hour of overtime, by pool, under the baseline and under the other; None:
        overtime has no price.
    also
        Cuts that are told besides, as fully as the headline's.

    Raises
    ------
    ValueError
        If the numbers of replications differ.
    """
    if len(baseline) != len(other):
        raise ValueError(f"{len(baseline)} and {len(other)} replications cannot be paired")
    before, after = ReportTallies(baseline), ReportTallies(other)
    labels = before.labels
    if declared is None:
        declared = [one.name for one in headline_measures()]
    family = max(1, scenarios * len(declared))
    rows: list[Row] = []
    for cut in cuts_shown(labels, also):
        sums = before.sums(cut), after.sums(cut)
        subject = is_missing(labels, cut) or cut in also
        for measure, ratio in _RATIOS:
            everywhere = measure.everywhere and ratio.clock is None and is_margin(cut)
            compared = measure.compared and (subject or everywhere)
            compared = compared and _is_told(measure, cut, also)
            if not compared or not all(side[:, ratio.bottom].any() for side in sums):
                continue
            together = (
                cut == headline(labels)
                and measure.name in declared
                and ratio.headline
                and ratio.clock is None
            )
            interval = _ratio_difference(measure, ratio, *sums, level, family if together else 1)
            rows.append(
                row(
                    measure.name,
                    interval,
                    cut,
                    stage=ratio.stage,
                    clock=ratio.clock,
                    minutes=ratio.minutes,
                )
            )
        if not subject or not all(side[:, Count.NEEDED].any() for side in sums):
            continue
        idle = paired_mean_difference(
            sums[0][:, Count.IDLE_SECONDS] / HOUR, sums[1][:, Count.IDLE_SECONDS] / HOUR, level
        )
        rows.append(row("idle_while_waiting_hours", idle, cut))
        times = before.delays(cut), after.delays(cut)
        for measure in _QUANTILES:
            together = cut == headline(labels) and measure.name in declared
            interval = estimator(measure).difference(*times, level, family if together else 1)
            rows.append(row(measure.name, interval, cut))
    del before, after
    rows += people_differences(baseline, other, level)
    rows += case_differences(baseline, other, level)
    rows += concern_differences(baseline, other, level)
    rows += placed_differences(baseline, other, level)
    old, new = overtime_prices
    if old is not None and new is not None:
        rows += overtime_differences(baseline, other, (old, new), level)
    return rows


def _is_told(measure: Measure, cut: Cut, also: Collection[Cut]) -> bool:
    return not measure.by_margin or is_margin(cut) or cut in also


def _ratio(measure: Measure, ratio: Sums, sums: Ints, level: float) -> Interval:
    top, bottom = sums[:, ratio.top], sums[:, ratio.bottom]
    if measure.unit != "share":
        mean = ratio_interval(top / measure.divisor, bottom, level, count=int(bottom.sum()))
        return unless_few(mean, bottom) if _is_of_all(ratio) else mean
    least = 1.0
    if ratio.least_from is not None:
        least = max(1.0, design_effect(sums[:, ratio.least_from], bottom) or 1.0)
    return share_interval(top, bottom, level, least_design_effect=least)


def _ratio_difference(
    measure: Measure, ratio: Sums, before: Ints, after: Ints, level: float, comparisons: int
) -> Interval:
    share = measure.unit == "share"
    difference = paired_ratio_difference(
        before[:, ratio.top] / measure.divisor,
        before[:, ratio.bottom],
        after[:, ratio.top] / measure.divisor,
        after[:, ratio.bottom],
        level,
        comparisons,
        share=share,
    )
    if share or not _is_of_all(ratio):
        return difference
    return unless_few(difference, before[:, ratio.bottom], after[:, ratio.bottom])


def _is_of_all(ratio: Sums) -> bool:
    """Whether a mean is of all waits; of the long ones alone there are few by their nature."""
    return ratio.bottom == Count.NEEDED


def _distribution(tallies: ReportTallies, cut: Cut, level: float) -> Iterator[Row]:
    times = tallies.delays(cut)
    for measure in _QUANTILES:
        yield row(measure.name, estimator(measure).interval(times, level), cut)
    # The largest of a sample grows with the sample: it estimates nothing.
    value = times.ranked(times.count) / MINUTE if times.count else None
    yield row("delay_max", Interval(value, None, None, times.count, level), cut)


def _is_pictured(tallies: ReportTallies, cut: Cut) -> bool:
    """Curves and maps are told of missing children, and of each grade over all streams."""
    return is_missing(tallies.labels, cut) or (cut.stream is None and cut.grade is not None)


def _curve(tallies: ReportTallies, cut: Cut, needed: Ints, level: float) -> Iterator[Row]:
    """Arrived, and returned first, by minute: competing risks; the rest is still waiting."""
    seconds = np.array(CURVE, dtype=np.int64) * MINUTE
    cases = tallies.grouped(needed)
    for measure, fate in (("arrived_by", Fate.ARRIVED), ("returned_first_by", Fate.RETURNED)):
        events = tallies.until(cut, fate, seconds)
        for place, minute in enumerate(CURVE):
            interval = share_interval(events[:, place], cases, level)
            yield row(measure, interval, cut, minutes=minute)


def _week(tallies: ReportTallies, cut: Cut, level: float) -> Iterator[Row]:
    """Within target by hour of the week, and of the day, of the report."""
    cases, missed = tallies.heat(cut)
    for hour in np.flatnonzero(cases.any(axis=0)).tolist():
        interval = share_interval(cases[:, hour] - missed[:, hour], cases[:, hour], level)
        yield row("arrived_within_target", interval, cut, hour=hour)
    days = (tallies.size, -1, 24)
    cases, missed = (array.reshape(days).sum(axis=1) for array in (cases, missed))
    for hour in np.flatnonzero(cases.any(axis=0)).tolist():
        interval = share_interval(cases[:, hour] - missed[:, hour], cases[:, hour], level)
        yield row("arrived_within_target_by_hour_of_day", interval, cut, hour=hour)
