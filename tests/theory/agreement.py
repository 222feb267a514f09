"""Means over replications, with control variates, held against a figure of theory.

Every statement made with this module is wrong with probability at most `ALPHA` where model and
theory agree: a tenth of the 1e-4 that a test may have, so that the skewness of waits, which
Student's t doesn't know of, has room.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.stats import norm
from scipy.stats import t as student

FloatArray: TypeAlias = npt.NDArray[np.float64]

ALPHA: Final = 1e-5
POWER: Final = 0.999


@dataclass(frozen=True)
class Estimate:
    """A mean with its standard error.

    Attributes
    ----------
    mean, standard_error : float
        In the unit of what was measured.
    degrees_of_freedom : int
        Of Student's t.
    """

    mean: float
    standard_error: float
    degrees_of_freedom: int

    def margin(self, comparisons: int = 1) -> float:
        """Half the width of the interval that holds together with others (Bonferroni)."""
        quantile = student.ppf(1 - ALPHA / comparisons / 2, self.degrees_of_freedom)
        return float(quantile) * self.standard_error

    def agrees(self, theory: float, comparisons: int = 1) -> bool:
        """Whether the interval holds this figure."""
        return abs(self.mean - theory) <= self.margin(comparisons)

    def would_catch(self, shift: float, comparisons: int = 1) -> bool:
        """Whether a shift as large as this is caught with probability `POWER` or more."""
        ample = self.margin(comparisons) + float(norm.ppf(POWER)) * self.standard_error
        return abs(shift) > ample

    def minus(self, other: "Estimate") -> "Estimate":
        """The difference of two independent estimates, with the smaller degrees of freedom."""
        return Estimate(
            self.mean - other.mean,
            float(np.hypot(self.standard_error, other.standard_error)),
            min(self.degrees_of_freedom, other.degrees_of_freedom),
        )


def estimate(
    sums: npt.ArrayLike, counts: npt.ArrayLike, controls: npt.ArrayLike | None = None
) -> Estimate:
    """Estimate a mean as all that was summed over all that was counted.

    Parameters
    ----------
    sums, counts : array_like, shape (replications,)
        What each replication adds to numerator and denominator.
    controls : array_like, shape (replications, controls), optional
        Control variates less their expectations, which must be known.

    Returns
    -------
    Estimate
        The intercept of a regression on the controls: what the mean would be, had chance given
        every control its expectation.

    References
    ----------
    Lavenberg, S. S. and Welch, P. D. (1981). Management Science 27(3), 322-335.
    """
    numerators = np.asarray(sums, dtype=np.float64)
    denominators = np.asarray(counts, dtype=np.float64)
    ratio = numerators.sum() / denominators.sum()
    # To first order, each replication's own estimate of the ratio of expectations.
    values = ratio + (numerators - ratio * denominators) / denominators.mean()
    design = np.ones((values.size, 1))
    if controls is not None:
        known = np.asarray(controls, dtype=np.float64)
        spread = known.std(axis=0)
        design = np.hstack([design, known[:, spread > 0] / spread[spread > 0]])
    solution, _, rank, _ = np.linalg.lstsq(design, values, rcond=None)
    freedom = values.size - int(rank)
    variance = float(np.sum((values - design @ solution) ** 2)) / freedom
    spread_of_intercept = np.linalg.pinv(design.T @ design)[0, 0]
    return Estimate(float(solution[0]), float(np.sqrt(variance * spread_of_intercept)), freedom)
