"""Quantiles and tail means of times pooled over replications, and their differences.

A quantile's limits are those of a share, read off the times: the share of times at or under the
quantile is estimated with the replications as units, its limits are taken on the logit scale, and
the times at these shares are the limits of the quantile (Woodruff). The estimate of a
replication's own quantile, which is biased where it has few times, is never used.

A difference of two quantiles takes its limits from those of the two and from how far the two move
together over replications (the method of variance estimates recovery). They may lie further on one
side than on the other, as the limits of a tail do.

What rests on too few times is withheld: no value, no limits, and `Interval.too_few`. For a
quantile that is under `LEAST_BEYOND` times beyond it, on the side where there are fewer, and from
`TAIL` on under `LEAST_BEYOND_A_UNIT` times beyond it for each unit; for a tail mean under
`LEAST_IN_TAIL_A_UNIT` times in the tail for each unit, since it moves with each of them. Times
beyond a quantile are ``(1 - probability) * count``, whatever ties there are.

Woodruff (1952), "Confidence intervals for medians and other position measures", *Journal of the
American Statistical Association* 47, 635-646; Francisco and Fuller (1991), "Quantile estimation
with a complex survey design", *Annals of Statistics* 19, 454-469. Zou (2007), "Toward using
confidence intervals to compare correlations", *Psychological Methods* 12, 399-413, for the
difference of two estimates that are correlated. Rockafellar and Uryasev (2002), "Conditional
value-at-risk for general loss distributions", *Journal of Banking & Finance* 26, 1443-1471.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from sim.statistics.interval import (
    Interval,
    Vector,
    family_level,
    interval_from_contributions,
    no_estimate,
    standard_error,
    t_critical,
)
from sim.statistics.pooled import PooledTimes
from sim.statistics.rare import logit_limits

LEAST_BEYOND: Final = 10
TAIL: Final = 0.99
LEAST_BEYOND_A_UNIT: Final = 2
LEAST_IN_TAIL_A_UNIT: Final = 3


@dataclass(frozen=True, slots=True)
class TimeQuantile:
    """The time that a share `probability` of all times do not exceed.

    Parameters
    ----------
    probability
        Above 0 and under 1.
    unit
        Seconds in the unit that it is told in.
    """

    probability: float
    unit: int = 1

    def interval(self, times: PooledTimes, level: float, comparisons: int = 1) -> Interval:
        """Estimate it, with limits that allow for times of one unit being alike.

        Parameters
        ----------
        times
            Of independent units.
        level, comparisons
            Confidence level, and how many intervals must hold together at it (Bonferroni).

        Returns
        -------
        Interval
            `n` counts the times. Withheld with too few of them, see above; limits are None where
            fewer than two units have any.
        """
        family_level(level, comparisons)
        if times.count == 0:
            return no_estimate(level, comparisons > 1)
        if self._is_withheld(times):
            return _withheld(times.count, level, comparisons)
        value, limits, _ = self._limits(times, level, comparisons)
        low, high = (None, None) if limits is None else limits
        return Interval(
            value / self.unit,
            None if low is None else low / self.unit,
            None if high is None else high / self.unit,
            times.count,
            level,
            comparisons > 1,
        )

    def difference(
        self, before: PooledTimes, after: PooledTimes, level: float, comparisons: int = 1
    ) -> Interval:
        """Estimate the difference, *after* less *before*, of the same units under two scenarios.

        Parameters
        ----------
        before, after
            Unit k of one is paired with unit k of the other.
        level, comparisons
            As in `interval`.

        Returns
        -------
        Interval
            `n` is the smaller of the two counts of times. Withheld where either would be.
            Scenarios that agree in every time differ by exactly 0, with limits 0.

        Raises
        ------
        ValueError
            If the numbers of units differ.
        """
        _paired(before, after)
        family_level(level, comparisons)
        count = min(before.count, after.count)
        if count == 0:
            return no_estimate(level, comparisons > 1)
        if self._is_withheld(before) or self._is_withheld(after):
            return _withheld(count, level, comparisons)
        old, new = (self._limits(side, level, comparisons) for side in (before, after))
        adjusted, same = comparisons > 1, before == after
        return difference_of_limits(old, new, count, level, adjusted, self.unit, same=same)

    def _is_withheld(self, times: PooledTimes) -> bool:
        beyond = min(self.probability, 1 - self.probability) * times.count
        least = LEAST_BEYOND
        if self.probability >= TAIL:
            least = max(least, LEAST_BEYOND_A_UNIT * times.units)
        return _is_less(beyond, least)

    def _limits(
        self, times: PooledTimes, level: float, comparisons: int
    ) -> tuple[int, tuple[int, int] | None, Vector]:
        """Return the quantile, its limits, and by how much each unit moves the share under it."""
        value = times.ranked(math.ceil(self.probability * times.count))
        moves = _moves(times.at_most(value), times)
        active = moves[times.totals > 0]
        if active.size < 2:
            return value, None, moves
        critical = t_critical(level, active.size - 1, comparisons)
        low, high = logit_limits(self.probability, critical * standard_error(active))
        limits = (
            times.ranked(math.floor(low * times.count)),
            times.ranked(math.ceil(high * times.count)),
        )
        return value, limits, moves


@dataclass(frozen=True, slots=True)
class TailMean:
    """The mean of the worst ``1 - probability`` share of all times.

    Parameters
    ----------
    probability
        At least 0 and under 1.
    unit
        Seconds in the unit that it is told in.
    """

    probability: float
    unit: int = 1

    def interval(self, times: PooledTimes, level: float, comparisons: int = 1) -> Interval:
        """Estimate it; parameters and result as in `TimeQuantile.interval`."""
        family_level(level, comparisons)
        if times.count == 0:
            return no_estimate(level, comparisons > 1)
        if self._is_withheld(times):
            return _withheld(times.count, level, comparisons)
        value, moves = self._estimate(times)
        active = moves[times.totals > 0]
        return interval_from_contributions(value, active, times.count, level, comparisons)

    def difference(
        self, before: PooledTimes, after: PooledTimes, level: float, comparisons: int = 1
    ) -> Interval:
        """Estimate the difference; parameters and result as in `TimeQuantile.difference`."""
        _paired(before, after)
        family_level(level, comparisons)
        count = min(before.count, after.count)
        if count == 0:
            return no_estimate(level, comparisons > 1)
        if self._is_withheld(before) or self._is_withheld(after):
            return _withheld(count, level, comparisons)
        old, old_moves = self._estimate(before)
        new, new_moves = self._estimate(after)
        active = (new_moves - old_moves)[(before.totals > 0) | (after.totals > 0)]
        return interval_from_contributions(new - old, active, count, level, comparisons)

    def _is_withheld(self, times: PooledTimes) -> bool:
        return _is_less((1 - self.probability) * times.count, LEAST_IN_TAIL_A_UNIT * times.units)

    def _estimate(self, times: PooledTimes) -> tuple[float, Vector]:
        """Return the tail mean, and by how much each unit moves it, to first order."""
        begin = times.ranked(math.ceil(self.probability * times.count))
        excess = times.excess(begin)
        scale = (1 - self.probability) * self.unit
        value = begin / self.unit + float(excess.sum()) / times.count / scale
        return value, _moves(excess, times) / scale


def difference_of_limits(
    before: tuple[int, tuple[int, int] | None, Vector],
    after: tuple[int, tuple[int, int] | None, Vector],
    count: int,
    level: float,
    adjusted: bool,
    unit: int,
    *,
    same: bool,
) -> Interval:
    """Put limits around the difference of two times from those of each.

    Parameters
    ----------
    before, after
        The time, its limits, and by how much each unit moves what they were made of.
    count, level, adjusted
        Of the result.
    unit
        Seconds in the unit of the result.
    same
        Whether the two agree in every time, and so differ by exactly 0.
    """
    (old, old_limits, old_moves), (new, new_limits, new_moves) = before, after
    value = (new - old) / unit
    if old_limits is None or new_limits is None:
        return Interval(value, None, None, count, level, adjusted)
    if same:
        return Interval(value, value, value, count, level, adjusted)
    together = _correlation(old_moves, new_moves)
    down = _combined(new - new_limits[0], old_limits[1] - old, together) / unit
    up = _combined(new_limits[1] - new, old - old_limits[0], together) / unit
    return Interval(value, value - down, value + up, count, level, adjusted)


def _moves(sums: Vector, times: PooledTimes) -> Vector:
    """Return by how much each unit moves a mean over all times, from its own sum."""
    return (sums - float(sums.sum()) / times.count * times.totals) / times.count


def _correlation(first: Vector, second: Vector) -> float:
    scale = math.sqrt(float(first @ first) * float(second @ second))
    return float(np.clip(first @ second / scale, -1, 1)) if scale > 0 else 0.0


def _combined(own: float, other: float, correlation: float) -> float:
    return math.sqrt(max(0.0, own**2 + other**2 - 2 * correlation * own * other))


def _is_less(beyond: float, least: float) -> bool:
    """Whether there are too few, without counting the last digit's rounding as one less."""
    return beyond < least * (1 - 1e-9)


def _paired(before: PooledTimes, after: PooledTimes) -> None:
    if before.units != after.units:
        raise ValueError(f"{before.units} units cannot be paired with {after.units}")


def _withheld(count: int, level: float, comparisons: int) -> Interval:
    return Interval(None, None, None, count, level, comparisons > 1, too_few=True)
