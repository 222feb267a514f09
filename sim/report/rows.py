"""From replications to rows: one scenario's, and the differences between two."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from sim.measures import CURVE_MINUTES, HEADLINE_MEASURES, Count, Cut, Fate, Replication
from sim.measures.replication import Ints
from sim.report.after_arrival_rows import after_arrival_differences, after_arrival_rows
from sim.report.cuts import headline, is_margin, is_missing, told_cuts
from sim.report.figures import QUANTILES, RATIOS, Ratio
from sim.report.gathered import Gathered
from sim.report.people_rows import overtime_rows, people_differences, people_rows
from sim.report.row import Row, row
from sim.statistics import (
    Interval,
    PooledTimes,
    design_effect,
    mean_interval,
    paired_mean_difference,
    paired_ratio_difference,
    ratio_interval,
    share_interval,
)
from sim.tables import HOUR, MINUTE

CURVE = (*range(61), *range(65, 181, 5), *range(210, CURVE_MINUTES + 1, 30))
"""Minutes at which the attendance curve is told."""


def scenario_rows(
    replications: Sequence[Replication],
    level: float = 0.95,
    *,
    overtime_prices: Mapping[str, float] | None = None,
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

    Returns
    -------
    list of Row
        Nothing is told of a cut that holds no incident, nor a share of no case.

    Raises
    ------
    ValueError
        If there is no replication, or they are not of one scenario and one window.
    """
    gathered = Gathered(replications)
    rows: list[Row] = []
    for cut in told_cuts(gathered.labels):
        sums = gathered.sums(cut)
        if not sums[:, Count.REPORTED].any():
            continue
        rows += [
            row(
                ratio.measure,
                _ratio(ratio, sums, level),
                ratio.unit,
                cut,
                stage=ratio.stage,
                clock=ratio.clock,
            )
            for ratio in RATIOS
            if sums[:, ratio.bottom].any()
        ]
        if sums[:, Count.NEEDED].any():
            idle = mean_interval(sums[:, Count.IDLE_SECONDS] / HOUR, level)
            rows.append(row("idle_while_waiting_hours", idle, "hours", cut))
            if is_margin(cut) or is_missing(gathered.labels, cut):
                rows += _distribution(gathered, cut, level)
            if is_margin(cut) and _is_pictured(gathered, cut):
                rows += _curve(gathered, cut, sums[:, Count.NEEDED], level)
                rows += _week(gathered, cut, level)
    # It may be large, and is done with.
    del gathered
    rows += people_rows(replications, level)
    rows += after_arrival_rows(replications, level)
    if overtime_prices is not None:
        rows += overtime_rows(replications, overtime_prices, level)
    return rows


def difference_rows(
    baseline: Sequence[Replication],
    other: Sequence[Replication],
    level: float = 0.95,
    *,
    scenarios: int = 1,
    headline_measures: Sequence[str] = HEADLINE_MEASURES,
) -> list[Row]:
    """Paired differences, *other* less *baseline*, and what other work pays.

    Rows of other streams and grades (`arrived_within_target`, `delay_mean`,
    `waited_over_60_minutes`) show displacement.

    Parameters
    ----------
    baseline, other
        Replications of the same numbers, in order.
    level
        Confidence level. The headline measures of the headline cut, by their own clock, hold
        together at it; all other rows hold one by one.
    scenarios
        How many scenarios are compared with the baseline.
    headline_measures
        Declared before the run.

    Raises
    ------
    ValueError
        If the numbers of replications differ.
    """
    if len(baseline) != len(other):
        raise ValueError(f"{len(baseline)} and {len(other)} replications cannot be paired")
    before, after = Gathered(baseline), Gathered(other)
    labels = before.labels
    family = max(1, scenarios * len(headline_measures))
    rows: list[Row] = []
    for cut in told_cuts(labels):
        sums = before.sums(cut), after.sums(cut)
        subject = is_missing(labels, cut)
        for ratio in RATIOS:
            told = ratio.compared and (subject or (ratio.basic and is_margin(cut)))
            if not told or not all(side[:, ratio.bottom].any() for side in sums):
                continue
            declared = (
                cut == headline(labels)
                and ratio.measure in headline_measures
                and ratio.clock is None
            )
            interval = _ratio_difference(ratio, *sums, level, family if declared else 1)
            rows.append(
                row(ratio.measure, interval, ratio.unit, cut, stage=ratio.stage, clock=ratio.clock)
            )
        if not subject or not all(side[:, Count.NEEDED].any() for side in sums):
            continue
        idle = paired_mean_difference(
            sums[0][:, Count.IDLE_SECONDS] / HOUR, sums[1][:, Count.IDLE_SECONDS] / HOUR, level
        )
        rows.append(row("idle_while_waiting_hours", idle, "hours", cut))
        times = PooledTimes(before.delays(cut)), PooledTimes(after.delays(cut))
        for quantile in QUANTILES:
            declared = cut == headline(labels) and quantile.measure in headline_measures
            interval = quantile.of.difference(*times, level, family if declared else 1)
            rows.append(row(quantile.measure, interval, "minutes", cut))
    del before, after
    rows += people_differences(baseline, other, level)
    rows += after_arrival_differences(baseline, other, level)
    return rows


def _ratio(ratio: Ratio, sums: Ints, level: float) -> Interval:
    top, bottom = sums[:, ratio.top], sums[:, ratio.bottom]
    if ratio.unit != "share":
        return ratio_interval(top * ratio.factor, bottom, level, count=int(bottom.sum()))
    least = 1.0
    if ratio.least_from is not None:
        least = max(1.0, design_effect(sums[:, ratio.least_from], bottom) or 1.0)
    return share_interval(top, bottom, level, least_design_effect=least)


def _ratio_difference(
    ratio: Ratio, before: Ints, after: Ints, level: float, comparisons: int
) -> Interval:
    return paired_ratio_difference(
        before[:, ratio.top] * ratio.factor,
        before[:, ratio.bottom],
        after[:, ratio.top] * ratio.factor,
        after[:, ratio.bottom],
        level,
        comparisons,
        share=ratio.unit == "share",
    )


def _distribution(gathered: Gathered, cut: Cut, level: float) -> Iterator[Row]:
    groups = gathered.delays(cut)
    times = PooledTimes(groups)
    for quantile in QUANTILES:
        yield row(quantile.measure, quantile.of.interval(times, level), "minutes", cut)
    longest = [group.maximum for group in groups if group.maximum is not None]
    cases = sum(group.count for group in groups)
    # The largest of a sample grows with the sample: it estimates nothing.
    value = max(longest) / MINUTE if longest else None
    yield row("delay_max", Interval(value, None, None, cases, level), "minutes", cut)


def _is_pictured(gathered: Gathered, cut: Cut) -> bool:
    """Curves and maps are told of missing children, and of each grade over all streams."""
    return is_missing(gathered.labels, cut) or (cut.stream is None and cut.grade is not None)


def _curve(gathered: Gathered, cut: Cut, needed: Ints, level: float) -> Iterator[Row]:
    """Arrived, and returned first, by minute: competing risks; the rest is still waiting."""
    seconds = np.array(CURVE, dtype=np.int64) * MINUTE
    cases = gathered.grouped(needed)
    for measure, fate in (("arrived", Fate.ARRIVED), ("returned_first", Fate.RETURNED)):
        events = gathered.until(cut, fate, seconds)
        for place, minute in enumerate(CURVE):
            interval = share_interval(events[:, place], cases, level)
            yield row(f"{measure}_by_{minute}_minutes", interval, "share", cut)


def _week(gathered: Gathered, cut: Cut, level: float) -> Iterator[Row]:
    """Within target by hour of the week, and of the day, of the report."""
    cases, missed = gathered.heat(cut)
    for hour in np.flatnonzero(cases.any(axis=0)).tolist():
        interval = share_interval(cases[:, hour] - missed[:, hour], cases[:, hour], level)
        yield row("arrived_within_target", interval, "share", cut, hour=hour)
    days = (gathered.size, -1, 24)
    cases, missed = (array.reshape(days).sum(axis=1) for array in (cases, missed))
    for hour in np.flatnonzero(cases.any(axis=0)).tolist():
        interval = share_interval(cases[:, hour] - missed[:, hour], cases[:, hour], level)
        yield row("arrived_within_target_by_hour_of_day", interval, "share", cut, hour=hour)
