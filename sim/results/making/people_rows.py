"""Rows about pools and queues: who was busy, who worked late, what waited."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.measures import Cut, Labels, Replication
from sim.measures.pools import ERRANDS
from sim.results.catalogue import Unit
from sim.results.making.stacked import Stacked
from sim.results.row import Row, row
from sim.statistics import (
    mean_interval,
    paired_mean_difference,
    paired_ratio_difference,
    ratio_interval,
)
from sim.tables import DAY, HOUR, NONE, WORK, Activity

Floats = NDArray[np.float64]

_DAY_HOURS = 24
_WORK = sorted(int(kind) for kind in WORK)


class _Times:
    """Pool times of each replication, the replication first.

    `kinds` is by pool and kind of work; all others end with the hour of the day.
    """

    def __init__(self, replications: Sequence[Replication]) -> None:
        self.count = len(replications)
        self.window_seconds = replications[0].window_seconds
        names = ("on_duty", "overtime", "waiting", "queued", "errands", "kinds", "busy")
        stacks = {name: Stacked(self.count) for name in names}
        for one in replications:
            pools = one.pools
            for name in names[:5]:
                stacks[name].add(getattr(pools, name))
            stacks["kinds"].add(pools.busy.sum(axis=2))
            stacks["busy"].add(pools.busy[:, _WORK].sum(axis=1))
        self._whole = {name: stack.whole for name, stack in stacks.items()}

    def of(self, name: str, place: int | slice) -> Floats:
        """Of one pool (`queued` and `errands`: area) or of several; overtime in hours."""
        whole: Floats = self._whole[name][:, place].astype(np.float64)
        return whole / HOUR if name == "overtime" else whole


def people_rows(replications: Sequence[Replication], level: float) -> Iterator[Row]:
    """Utilisation, overtime and queues of one scenario, in all and by hour of the day.

    Overtime is in hours within the measured window of a replication; queues are means over time.
    A break is neither busy nor idle: utilisation without a stage leaves it out.
    """
    labels, times = replications[0].labels, _Times(replications)
    for place, pool in enumerate(labels.pools):
        if times.of("on_duty", place).any():
            yield from _pool_rows(times, place, pool, level)
    for area, name in enumerate(labels.areas):
        pool_of_area = response_pool(labels, area)
        by_grade = times.of("queued", area)
        errands = times.of("errands", area)
        if not by_grade.any() and not errands.any():
            continue
        everything = by_grade.sum(axis=1) + errands.sum(axis=1)
        yield from _queue(times, everything, level, Cut(area=name), pool_of_area)
        for place, kind in enumerate(ERRANDS):
            if errands[:, place].any():
                length = mean_interval(errands[:, place].sum(axis=1) / times.window_seconds, level)
                yield row(
                    "queue_length",
                    length,
                    Cut(area=name),
                    pool=pool_of_area,
                    stage=kind.name.lower(),
                )
        for grade in range(1, labels.grades + 1):
            queued = by_grade[:, grade - 1]
            if queued.any():
                cut = Cut(area=name, grade=grade)
                yield from _queue(times, queued, level, cut, pool_of_area)


def overtime_rows(
    replications: Sequence[Replication], prices: Mapping[str, float], level: float
) -> Iterator[Row]:
    """Pounds a week for work after the end of shifts, of all pools and of each."""
    labels, times = replications[0].labels, _Times(replications)
    pounds = _overtime_pounds(times, labels, prices)
    yield row("overtime_pounds", mean_interval(pounds.sum(axis=1), level))
    for place, pool in enumerate(labels.pools):
        if times.of("on_duty", place).any():
            yield row("overtime_pounds", mean_interval(pounds[:, place], level), pool=pool)


def overtime_differences(
    baseline: Sequence[Replication],
    other: Sequence[Replication],
    prices: tuple[Mapping[str, float], Mapping[str, float]],
    level: float,
) -> Iterator[Row]:
    """The paired difference of pounds a week for overtime, of all pools together.

    Parameters
    ----------
    baseline, other
        Replications of the same numbers, in order.
    prices
        Pounds for an hour of overtime, by pool, of either.
    level
        Confidence level.
    """
    before, after = (
        _overtime_pounds(_Times(side), side[0].labels, own).sum(axis=1)
        for side, own in zip((baseline, other), prices, strict=True)
    )
    yield row("overtime_pounds", paired_mean_difference(before, after, level))


def _overtime_pounds(times: _Times, labels: Labels, prices: Mapping[str, float]) -> Floats:
    """Pounds a week by replication and pool: shape (replications, pools)."""
    weeks = times.window_seconds / (7 * DAY)
    rates = np.array([prices.get(pool, 0.0) for pool in labels.pools])
    pounds: Floats = times.of("overtime", slice(None)).sum(axis=2) * rates / weeks
    return pounds


def people_differences(
    baseline: Sequence[Replication], other: Sequence[Replication], level: float
) -> Iterator[Row]:
    """Paired differences of utilisation and overtime of the pools that both scenarios have."""
    before, after = _Times(baseline), _Times(other)
    pools_before, pools_after = baseline[0].labels.pools, other[0].labels.pools
    for pool in pools_before:
        if pool not in pools_after:
            continue
        old, new = pools_before.index(pool), pools_after.index(pool)
        duty_before = before.of("on_duty", old).sum(axis=1)
        duty_after = after.of("on_duty", new).sum(axis=1)
        if not duty_before.any() or not duty_after.any():
            continue
        # Not a share of cases: seconds are many, but they are no independent events.
        utilisation = paired_ratio_difference(
            before.of("busy", old).sum(axis=1),
            duty_before,
            after.of("busy", new).sum(axis=1),
            duty_after,
            level,
        )
        yield row("utilisation", utilisation, pool=pool, n=before.count)
        overtime = paired_mean_difference(
            before.of("overtime", old).sum(axis=1), after.of("overtime", new).sum(axis=1), level
        )
        yield row("overtime_hours", overtime, pool=pool)


def response_pool(labels: Labels, area: int) -> str | None:
    """The response pool of an area: its own, or one for all areas."""
    for wanted in (area, NONE):
        for pool, role, pool_area in zip(
            labels.pools, labels.roles, labels.pool_areas, strict=True
        ):
            if role == "response" and pool_area == wanted:
                return pool
    return None


def _pool_rows(times: _Times, place: int, pool: str, level: float) -> Iterator[Row]:
    on_duty, busy = times.of("on_duty", place), times.of("busy", place)
    kinds = times.of("kinds", place)

    def utilised(
        top: Floats, bottom: Floats, hour: int | None = None, stage: str | None = None
    ) -> Row:
        interval = ratio_interval(top, bottom, level, share=True, count=times.count)
        return row("utilisation", interval, pool=pool, hour=hour, stage=stage)

    yield utilised(busy.sum(axis=1), on_duty.sum(axis=1))
    for hour in range(_DAY_HOURS):
        if on_duty[:, hour].any():
            yield utilised(busy[:, hour], on_duty[:, hour], hour=hour)
    for kind in (*_WORK, int(Activity.BREAK)):
        spent = kinds[:, kind]
        if spent.any():
            yield utilised(spent, on_duty.sum(axis=1), stage=Activity(kind).name.lower())
    overtime = times.of("overtime", place)
    yield row("overtime_hours", mean_interval(overtime.sum(axis=1), level), pool=pool)
    for hour in range(_DAY_HOURS):
        if overtime[:, hour].any():
            interval = mean_interval(overtime[:, hour], level)
            yield row("overtime_hours", interval, pool=pool, hour=hour)
    if times.of("waiting", place).any():
        yield from _queue(times, times.of("waiting", place), level, Cut(), pool, "tasks")


def _queue(
    times: _Times,
    seconds: Floats,
    level: float,
    cut: Cut,
    pool: str | None,
    unit: Unit | None = None,
) -> Iterator[Row]:
    """Mean number waiting, over all hours and by hour of the day."""
    overall = mean_interval(seconds.sum(axis=1) / times.window_seconds, level)
    yield row("queue_length", overall, cut, pool=pool, unit=unit)
    for hour in range(_DAY_HOURS):
        length = seconds[:, hour] * _DAY_HOURS / times.window_seconds
        interval = mean_interval(length, level)
        yield row("queue_length", interval, cut, pool=pool, hour=hour, unit=unit)
