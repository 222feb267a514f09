"""What quantiles have in common, however they are read off their times: interval and difference.

A difference of two quantiles takes its limits from those of the two and from how far the two move
together over replications (the method of variance estimates recovery). They may lie further on one
side than on the other, as the limits of a tail do.

Zou (2007), "Toward using confidence intervals to compare correlations", *Psychological Methods* 12,
399-413.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Generic, NamedTuple, Protocol, TypeVar

import numpy as np

from sim.statistics.interval import Interval, Vector, family_level, no_estimate


class Times(Protocol):
    """Times of independent units."""

    @property
    def count(self) -> int:
        """Times in all."""

    @property
    def units(self) -> int:
        """Units, those without a time included."""


T = TypeVar("T", bound=Times)


class Found(NamedTuple):
    """A quantile in seconds.

    Attributes
    ----------
    value
        It.
    limits
        Its limits; None where fewer than two units have any time.
    moves
        By how much each unit moves the share that it was read off, shape (units,).
    """

    value: int
    limits: tuple[int, int] | None
    moves: Vector


@dataclass(frozen=True, slots=True)
class Quantile(ABC, Generic[T]):
    """The time that a share `probability` does not exceed.

    Parameters
    ----------
    probability
        Above 0 and under 1.
    unit
        Seconds in the unit that it is told in.
    """

    probability: float
    unit: int = 1

    @abstractmethod
    def found(self, times: T, level: float, comparisons: int) -> Found | None:
        """Read it off at least one time; None: it is withheld."""

    def interval(self, times: T, level: float, comparisons: int = 1) -> Interval:
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
            `n` counts the times. Withheld with too few of them; limits are None where fewer than
            two units have any.
        """
        family_level(level, comparisons)
        adjusted = comparisons > 1
        if times.count == 0:
            return no_estimate(level, adjusted)
        found = self.found(times, level, comparisons)
        if found is None:
            return Interval(None, None, None, times.count, level, adjusted, too_few=True)
        low, high = (None, None) if found.limits is None else (e / self.unit for e in found.limits)
        return Interval(found.value / self.unit, low, high, times.count, level, adjusted)

    def difference(self, before: T, after: T, level: float, comparisons: int = 1) -> Interval:
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
        paired(before, after)
        family_level(level, comparisons)
        count, adjusted = min(before.count, after.count), comparisons > 1
        if count == 0:
            return no_estimate(level, adjusted)
        old, new = (self.found(side, level, comparisons) for side in (before, after))
        if old is None or new is None:
            return Interval(None, None, None, count, level, adjusted, too_few=True)
        value = (new.value - old.value) / self.unit
        if old.limits is None or new.limits is None:
            return Interval(value, None, None, count, level, adjusted)
        if before == after:
            return Interval(value, value, value, count, level, adjusted)
        together = _correlation(old.moves, new.moves)
        down = _combined(new.value - new.limits[0], old.limits[1] - old.value, together)
        up = _combined(new.limits[1] - new.value, old.value - old.limits[0], together)
        low, high = value - down / self.unit, value + up / self.unit
        return Interval(value, low, high, count, level, adjusted)


def paired(before: Times, after: Times) -> None:
    """Ensure that two scenarios have the same units.

    Raises
    ------
    ValueError
        If the numbers of units differ.
    """
    if before.units != after.units:
        raise ValueError(f"{before.units} units cannot be paired with {after.units}")


def _correlation(first: Vector, second: Vector) -> float:
    scale = math.sqrt(float(first @ first) * float(second @ second))
    return float(np.clip(first @ second / scale, -1, 1)) if scale > 0 else 0.0


def _combined(own: float, other: float, correlation: float) -> float:
    return math.sqrt(max(0.0, own**2 + other**2 - 2 * correlation * own * other))
