"""By how much days differ, from the counts of a log's days."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.force_log.fitting.days import days_differ
from sim.streams import bootstrap_generator

WEEK = np.array([1.0, 0.9, 0.9, 1.0, 1.2, 1.3, 0.7])
LEVEL = 0.95


def counted(days: int, mean: float, size: float, number: int) -> npt.NDArray[np.float64]:
    """Counts of days with a weekday's factor, a trend and a gamma factor of each day."""
    luck = bootstrap_generator(number, "made days")
    rate = mean * WEEK[np.arange(days) % 7] * np.linspace(0.9, 1.1, days)
    if size:
        rate = rate * luck.gamma(size**-2, size**2, days)
    return luck.poisson(rate).astype(np.float64)


def test_a_made_size_is_found() -> None:
    """Of 100 logs of 26 weeks the limits hold 0.2 in 80 and more, and the mean is near it.

    Were the limits to hold in 90 % of logs, 79 or fewer would do so in one of 700; the seed is
    fixed.
    """
    weekdays = np.arange(182) % 7
    found = [days_differ("a", counted(182, 60.0, 0.2, k), weekdays, LEVEL, k) for k in range(100)]
    told = [one for one in found if one is not None]
    assert len(told) == 100
    assert abs(np.mean([one.value for one in told]) - 0.2) < 0.02
    assert sum(one.low <= 0.2 <= one.high for one in told) >= 80


def test_days_that_differ_by_chance_alone_are_left_so() -> None:
    """Weekdays and a trend are no difference of days: at most one log of ten is told of any."""
    weekdays = np.arange(182) % 7
    found = [days_differ("a", counted(182, 60.0, 0.0, k), weekdays, LEVEL, k) for k in range(40)]
    assert sum(one is not None for one in found) <= 4


def test_few_days_or_few_reports_say_nothing() -> None:
    """Under four weeks, or under one report a day."""
    assert days_differ("a", counted(27, 60.0, 0.5, 1), np.arange(27) % 7, LEVEL, 1) is None
    assert days_differ("a", counted(182, 0.5, 0.5, 1), np.arange(182) % 7, LEVEL, 1) is None


def test_a_day_more_or_less_does_not_show() -> None:
    """What leaves is made of a variance in halves: one report on one day moves nothing."""
    daily, weekdays = counted(182, 60.0, 0.2, 3), np.arange(182) % 7
    one = days_differ("a", daily, weekdays, LEVEL, 1)
    daily[17] += 1
    other = days_differ("a", daily, weekdays, LEVEL, 1)
    assert one is not None
    assert other is not None
    assert one.value == other.value
