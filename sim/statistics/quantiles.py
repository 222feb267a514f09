"""Quantiles and tail means of times pooled over replications, and their differences.

A quantile's limits are those of a share, read off the times: the share of times at or under the
quantile is estimated with the replications as units, its limits are taken on the logit scale, and
the times at these shares are the limits of the quantile (Woodruff). The estimate of a
replication's own quantile, which is biased where it has few times, is never used.

What rests on too few times is withheld: no value, no limits, and `Interval.too_few`. For a
quantile that is under `LEAST_BEYOND` times beyond it, on the side where there are fewer, and from
`TAIL` on under `LEAST_BEYOND_A_UNIT` times beyond it for each unit; for a tail mean under
`LEAST_IN_TAIL_A_UNIT` times in the tail for each unit, since it moves with each of them. Times
beyond a quantile are ``(1 - probability) * count``, whatever ties there are.

Woodruff (1952), "Confidence intervals for medians and other position measures", *Journal of the
American Statistical Association* 47, 635-646; Francisco and Fuller (1991), "Quantile estimation
with a complex survey design", *Annals of Statistics* 19, 454-469. Rockafellar and Uryasev (2002),
"Conditional value-at-risk for general loss distributions", *Journal of Banking & Finance* 26,
1443-1471.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

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
from sim.statistics.quantile import Found, Quantile, paired
from sim.statistics.rare import logit_limits

LEAST_BEYOND: Final = 10
TAIL: Final = 0.99
LEAST_BEYOND_A_UNIT: Final = 2
LEAST_IN_TAIL_A_UNIT: Final = 3


@dataclass(frozen=True, slots=True)
class TimeQuantile(Quantile[PooledTimes]):
    """The time that a share `probability` of all times do not exceed."""

    def found(self, times: PooledTimes, level: float, comparisons: int) -> Found | None:
        """Read it off at least one time; None: there are too few of them, see above."""
        beyond = min(self.probability, 1 - self.probability) * times.count
        least = LEAST_BEYOND
        if self.probability >= TAIL:
            least = max(least, LEAST_BEYOND_A_UNIT * times.units)
        if _is_less(beyond, least):
            return None
        value = times.ranked(math.ceil(self.probability * times.count))
        moves = _moves(times.at_most(value), times)
        active = moves[times.totals > 0]
        if active.size < 2:
            return Found(value, None, moves)
        critical = t_critical(level, active.size - 1, comparisons)
        low, high = logit_limits(self.probability, critical * standard_error(active))
        limits = (
            times.ranked(math.floor(low * times.count)),
            times.ranked(math.ceil(high * times.count)),
        )
        return Found(value, limits, moves)


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
        """Estimate it; parameters and result as in `Quantile.interval`."""
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
        """Estimate the difference; parameters and result as in `Quantile.difference`."""
        paired(before, after)
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


def _moves(sums: Vector, times: PooledTimes) -> Vector:
    """Return by how much each unit moves a mean over all times, from its own sum."""
    return (sums - float(sums.sum()) / times.count * times.totals) / times.count


def _is_less(beyond: float, least: float) -> bool:
    """Whether there are too few, without counting the last digit's rounding as one less."""
    return beyond < least * (1 - 1e-9)


def _withheld(count: int, level: float, comparisons: int) -> Interval:
    return Interval(None, None, None, count, level, comparisons > 1, too_few=True)
