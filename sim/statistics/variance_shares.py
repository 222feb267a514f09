"""What part of a figure's variance over settings each thing makes: Sobol's indices, luck taken off.

Rows of settings A and B are drawn apart, and A with one column of B in its place, for each thing.
All settings of a row meet the same luck, and every row luck of its own, so that luck moves all
figures of a row alike: what the figures under A and under B have in common is luck, and it counts
in no share.

Saltelli and others (2010), *Variance based sensitivity analysis of model output*, Computer Physics
Communications 181; Jansen (1999) for the total.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.statistics.interval import Interval, interval_from_contributions

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class VarianceShares:
    """Parts of the variance over settings.

    Attributes
    ----------
    alone
        By thing: what it makes by itself (first order).
    total
        By thing: what it makes by itself and together with others.
    settings, luck
        Variances: of the settings, and of the luck of one replication.
    """

    alone: tuple[Interval, ...]
    total: tuple[Interval, ...]
    settings: float
    luck: float


def variance_shares(
    first: FloatArray, second: FloatArray, mixed: FloatArray, level: float
) -> VarianceShares | None:
    """Part the variance of a figure over settings.

    Parameters
    ----------
    first, second
        Shape (rows,): the figure in the settings A and B.
    mixed
        Shape (things, rows): in the settings A with one thing as in B.
    level
        Confidence level; the limits come from leaving out one row after the other.

    Returns
    -------
    VarianceShares or None
        None where settings make no variance beyond luck's.
    """
    rows = first.size
    settings, luck = _variances(first, second)
    if rows < 3 or settings <= 0:
        return None
    values = _shares(first, second, mixed, settings)
    left_out = []
    for row in range(rows):
        kept = np.arange(rows) != row
        own, _ = _variances(first[kept], second[kept])
        if own <= 0:
            return None
        left_out.append(_shares(first[kept], second[kept], mixed[:, kept], own))
    # Pseudo-values: by how much each row moves the estimate.
    moved = (rows - 1) / rows * (values - np.array(left_out))
    alone, total = (
        tuple(
            interval_from_contributions(
                float(values[order, thing]), moved[:, order, thing], rows, level
            )
            for thing in range(len(mixed))
        )
        for order in (0, 1)
    )
    return VarianceShares(alone, total, settings, luck)


def _variances(first: FloatArray, second: FloatArray) -> tuple[float, float]:
    """Variance over settings and over luck: the two of a row have luck alone in common."""
    covariance = np.cov(first, second)
    luck = max(0.0, float(covariance[0, 1]))
    return float(covariance[0, 0] + covariance[1, 1]) / 2 - luck, luck


def _shares(
    first: FloatArray, second: FloatArray, mixed: FloatArray, settings: float
) -> FloatArray:
    """First-order and total shares, shape (2, things)."""
    middle = (first.mean() + second.mean()) / 2
    alone = ((second - middle) * (mixed - first)).mean(axis=1)
    total = ((first - mixed) ** 2).mean(axis=1) / 2
    return np.array([alone, total]) / settings
