"""What an interval is, and the arithmetic that all intervals share."""

import math

import numpy as np
import pytest

from sim.statistics import Interval
from sim.statistics.interval import family_level, interval_from_contributions, t_critical


def test_half_width_is_half_the_distance_between_the_limits() -> None:
    """An interval from 2 to 5 has a half-width of 1.5, wherever its value lies."""
    assert Interval(3.0, 2.0, 5.0, n=10, level=0.95).half_width == 1.5


def test_without_limits_there_is_no_half_width_and_nothing_is_excluded() -> None:
    """One replication gives a value and no claim about any other."""
    interval = Interval(3.0, None, None, n=1, level=0.95)
    assert interval.half_width is None
    assert not interval.excludes(100.0)


def test_a_number_outside_the_limits_is_excluded_and_a_limit_is_not() -> None:
    """The limits belong to the interval."""
    interval = Interval(3.0, 2.0, 5.0, n=10, level=0.95)
    assert [interval.excludes(x) for x in (1.9, 2.0, 5.0, 5.1)] == [True, False, False, True]


@pytest.mark.parametrize(
    ("value", "low", "high", "n", "level"),
    [
        (math.nan, None, None, 1, 0.95),
        (1.0, -math.inf, 2.0, 1, 0.95),
        (1.0, 0.0, None, 1, 0.95),
        (None, 0.0, 1.0, 1, 0.95),
        (3.0, 0.0, 1.0, 1, 0.95),
        (1.0, None, None, -1, 0.95),
        (1.0, None, None, 1, 1.0),
        (1.0, None, None, 1, math.nan),
    ],
)
def test_an_impossible_interval_is_refused(
    value: float | None, low: float | None, high: float | None, n: int, level: float
) -> None:
    """NaN, infinities, half an interval and limits beside the value never get about."""
    with pytest.raises(ValueError, match=r"is|without|hold|both"):
        Interval(value, low, high, n, level)


def test_bonferroni_divides_what_may_go_wrong() -> None:
    """Ten intervals that hold together at 95 % hold each at 99.5 %."""
    assert family_level(0.95, 10) == pytest.approx(0.995)


def test_the_critical_value_is_that_of_printed_tables() -> None:
    """Student's t: 2.045 with 29 degrees of freedom, 12.706 with one, at 95 %."""
    assert t_critical(0.95, 29) == pytest.approx(2.045, abs=5e-4)
    assert t_critical(0.95, 1) == pytest.approx(12.706, abs=5e-4)
    # Five at 95 % are one at 99 %, two-sided: 2.756 with 29 degrees of freedom.
    assert t_critical(0.95, 29, comparisons=5) == pytest.approx(2.756, abs=5e-4)


def test_a_given_critical_value_replaces_students_and_marks_the_interval() -> None:
    """Contributions -1/4 and 1/4 have the standard error sqrt(2 / 1 * 2 / 16) = 1/2."""
    contributions = np.array([-0.25, 0.25])
    interval = interval_from_contributions(1.0, contributions, 4, 0.95, critical=3.0)
    assert (interval.low, interval.high, interval.adjusted) == (-0.5, 2.5, True)


def test_an_infinite_critical_value_leaves_no_limits() -> None:
    """Where no finite value holds for the family, nothing is claimed."""
    interval = interval_from_contributions(1.0, np.zeros(3), 3, 0.95, critical=math.inf)
    assert (interval.value, interval.low, interval.adjusted) == (1.0, None, True)


@pytest.mark.parametrize(("comparisons", "critical"), [(2, 3.0), (0, None), (1, -1.0)])
def test_contradictory_adjustments_are_refused(comparisons: int, critical: float | None) -> None:
    """A family is adjusted for once, and by a positive number."""
    with pytest.raises(ValueError, match=r"comparisons|critical"):
        interval_from_contributions(1.0, np.zeros(3), 3, 0.95, comparisons, critical)
