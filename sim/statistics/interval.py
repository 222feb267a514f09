"""What every estimate is handed on as, and the arithmetic that all intervals share.

An estimate over replications is written as a value and, for each replication (or group
of replications), a *contribution*: by how much that unit moves the value, to first order.
For a mean of ``n`` values it is ``(x_r - mean) / n``; for a ratio of sums,
``(numerator_r - ratio * denominator_r) / sum(denominators)``. Contributions of independent
units give the variance ``m / (m - 1) * sum(contribution ** 2)``, with ``m`` the units that
had anything to contribute, and Student's t with ``m - 1`` degrees of freedom the width.
A difference of two estimates over the same units has the differences of their
contributions, and so is paired without a further formula.
"""

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from sim.statistics.distributions import student_t_quantile

LEAST_SKEWED = 10
"""Of fewer units the skewness that is seen says little of that which there is."""

LEAST_FOR_RANGES = 10
"""Of fewer replications ranges rest on the spread of a handful, and nothing is called clear."""

_NO_SKEWNESS = 1e-6

Vector: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate and its confidence interval.

    Parameters
    ----------
    value, low, high
        The estimate and its limits, in the unit of what was estimated. None where it
        cannot be estimated: no units at all (all three), or one replication only (limits).
    n
        Count of units behind the value: replications for a mean over replications,
        the cases counted for a ratio or a pooled quantile.
    level
        Confidence level of the statement that the interval belongs to, between 0 and 1.
    adjusted
        True where `level` holds for a whole family of intervals at once.
    too_few
        True where it rests on too little to be compared: a share on fewer than
        `sim.statistics.RARE_EVENTS` events, a quantile or a tail mean on too few times beyond it
        (which is then withheld: no value either).

    Raises
    ------
    ValueError
        If a number is NaN or infinite, or the limits do not enclose the value.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    level: float
    adjusted: bool = False
    too_few: bool = False

    def __post_init__(self) -> None:
        check_level(self.level)
        if self.n < 0:
            raise ValueError(f"n is {self.n}; it must not be negative")
        for name in ("value", "low", "high"):
            number = getattr(self, name)
            if number is not None and not math.isfinite(number):
                raise ValueError(f"{name} is {number}; what cannot be estimated is None")
        if (self.low is None) != (self.high is None):
            raise ValueError("low and high are both given or both None")
        if self.low is not None and self.high is not None:
            if self.value is None:
                raise ValueError("an interval without a value")
            if not self.low <= self.value <= self.high:
                raise ValueError(f"{self.low} <= {self.value} <= {self.high} does not hold")

    @property
    def half_width(self) -> float | None:
        """Half the distance between the limits, or None where there are none."""
        if self.low is None or self.high is None:
            return None
        return (self.high - self.low) / 2

    def scaled(self, factor: float) -> "Interval":
        """Return the interval in another unit: each number times a positive factor."""
        value, low, high = (
            None if number is None else number * factor
            for number in (self.value, self.low, self.high)
        )
        return Interval(value, low, high, self.n, self.level, self.adjusted, self.too_few)

    def excludes(self, number: float) -> bool:
        """Whether `number` lies outside the limits; False where there are none."""
        if self.low is None or self.high is None:
            return False
        return not self.low <= number <= self.high


def check_level(level: float) -> None:
    """Raise ValueError unless `level` lies strictly between 0 and 1."""
    if not 0 < level < 1:
        raise ValueError(f"level is {level}; it must lie between 0 and 1")


def family_level(level: float, comparisons: int) -> float:
    """Return the level at which each of `comparisons` must hold, after Bonferroni."""
    check_level(level)
    if comparisons < 1:
        raise ValueError(f"comparisons is {comparisons}; it must be at least 1")
    return 1 - (1 - level) / comparisons


def t_critical(level: float, degrees_of_freedom: int, comparisons: int = 1) -> float:
    """Return the two-sided critical value of Student's t, after Bonferroni."""
    each = family_level(level, comparisons)
    return student_t_quantile((1 + each) / 2, degrees_of_freedom)


def as_vector(values: npt.ArrayLike, name: str) -> Vector:
    """Return `values` as a one-dimensional array of finite floats.

    Raises
    ------
    ValueError
        If it has another shape, or holds NaN or an infinity.
    """
    vector = np.asarray(values, dtype=np.float64)
    if vector.ndim != 1:
        raise ValueError(f"{name} has {vector.ndim} dimensions; it must have one")
    if not np.isfinite(vector).all():
        raise ValueError(f"{name} holds NaN or an infinity")
    return vector


def same_length(**vectors: Vector) -> None:
    """Raise ValueError unless all named vectors have one length."""
    if len({vector.size for vector in vectors.values()}) > 1:
        sizes = ", ".join(f"{name} {vector.size}" for name, vector in vectors.items())
        raise ValueError(f"one entry for each replication is needed everywhere: {sizes}")


def interval_from_contributions(
    value: float,
    contributions: Vector,
    n: int,
    level: float,
    comparisons: int = 1,
    critical: float | None = None,
    besides: float = 0.0,
    *,
    skewed: bool = False,
) -> Interval:
    """Put an interval around `value` from the contributions of the units that had any.

    Parameters
    ----------
    value
        The estimate.
    contributions
        Shape (m,): those of the units that had anything to contribute.
    n
        Count to report.
    level, comparisons
        Confidence level, and how many intervals must hold together at it (Bonferroni).
    critical
        A critical value in place of Student's, such as `max_t_bootstrap` gives; it marks
        the interval as adjusted. Infinity leaves the limits None.
    besides
        A standard error that is independent of what was seen, and added to it.
    skewed
        Correct the limits for the skewness of the contributions, from `LEAST_SKEWED` units on.

    Returns
    -------
    Interval
        Limits are None with fewer than two units.

    Notes
    -----
    Sums of long waits are skewed: Student's symmetric limits then miss a large truth more often
    than they should. Skewness is removed by Hall's cubic transformation of the studentised
    estimate (Hall 1992, "On the removal of skewness by transformation", *Journal of the Royal
    Statistical Society B* 54(1), 221-228), which is turned back for the limits.
    """
    check_level(level)
    if critical is not None and comparisons != 1:
        raise ValueError("give comparisons or critical, not both: each adjusts for the family")
    if critical is not None and not critical > 0:
        raise ValueError(f"critical is {critical}; it must be positive")
    adjusted = comparisons > 1 or critical is not None
    units = contributions.size
    if units < 2 or critical == math.inf:
        return Interval(value, None, None, n, level, adjusted)
    if critical is None:
        critical = t_critical(level, units - 1, comparisons)
    error = math.hypot(standard_error(contributions), besides)
    below = above = critical * error
    if skewed and units >= LEAST_SKEWED and error > 0:
        below, above = _hall_widths(contributions, critical, error)
    return Interval(value, value - below, value + above, n, level, adjusted)


def _hall_widths(contributions: Vector, critical: float, error: float) -> tuple[float, float]:
    """How far the limits lie below and above, once skewness is removed and put back."""
    units = contributions.size
    skewness = float((contributions**3).mean() / (contributions**2).mean() ** 1.5)
    if abs(skewness) < _NO_SKEWNESS:
        return critical * error, critical * error
    scale = error * math.sqrt(units)
    ends = (
        3 / skewness * (math.cbrt(1 + skewness * (end - skewness / (6 * units))) - 1)
        for end in (critical / math.sqrt(units), -critical / math.sqrt(units))
    )
    below, above = (scale * end for end in ends)
    return max(0.0, below), max(0.0, -above)


def standard_error(contributions: Vector) -> float:
    """Return the standard error that contributions of two or more units give; 0 of fewer."""
    units = contributions.size
    if units < 2:
        return 0.0
    return math.sqrt(units / (units - 1) * float(contributions @ contributions))


def no_estimate(level: float, adjusted: bool) -> Interval:
    """Return the interval of something that nothing was counted for."""
    return Interval(None, None, None, 0, level, adjusted)
