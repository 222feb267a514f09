"""A total variance parted in two: luck, and the settings that it was met in."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

_LEAST: Final = 3


@dataclass(frozen=True)
class Parted:
    """What settings make of a figure, without the luck that each of them was met with.

    Attributes
    ----------
    low, high
        Between them lie 95 % of settings.
    middle
        Half of the settings lie below.
    settings, luck
        Variances: of the settings, and of the luck of one replication.
    """

    low: float
    middle: float
    high: float
    settings: float
    luck: float


def parted(figures: FloatArray, again: FloatArray) -> Parted | None:
    """Part the spread of a figure over settings into the settings' and luck's.

    Parameters
    ----------
    figures : ndarray of float64, shape (n,)
        Of one replication for each setting, each with luck of its own.
    again : ndarray of float64, shape (m,), m <= n
        Of the first `m` settings, with luck anew.

    Returns
    -------
    Parted or None
        None of fewer than three settings, or where none was met twice.

    Notes
    -----
    Half the mean squared difference of two replications in one setting is the variance of luck. The
    variance over settings holds both; luck's is taken off it (at least nothing is left), and the
    figures are drawn together about their mean until they have what is left. Ranges are quantiles
    of those, so they do not count luck.
    """
    if figures.size < _LEAST or again.size == 0:
        return None
    luck = float(np.mean((figures[: again.size] - again) ** 2) / 2)
    total = float(np.var(figures, ddof=1))
    left = max(total - luck, 0.0)
    by = math.sqrt(left / total) if total > 0 else 0.0
    mean = float(np.mean(figures))
    low, middle, high = np.quantile(mean + by * (figures - mean), (0.025, 0.5, 0.975))
    return Parted(float(low), float(middle), float(high), left, luck)


@dataclass(frozen=True)
class Moved:
    """How far one thing that was varied goes with a figure.

    Attributes
    ----------
    place
        Of the thing, from 0.
    share
        Squared rank correlation, from 0 to 1: roughly its share of the spread.
    rises
        Whether the figure is higher where the thing is.
    clear
        Whether chance would hardly give as much to any of them: in fewer than one of twenty sets of
        settings.
    """

    place: int
    share: float
    rises: bool
    clear: bool


def movers(levels: FloatArray, figures: FloatArray) -> Sequence[Moved]:
    """Tell which of the things that were varied goes furthest with a figure, that first.

    Parameters
    ----------
    levels : ndarray of float64, shape (n, k)
        Of `k` things in `n` settings.
    figures : ndarray of float64, shape (n,)
        Of these settings.

    Returns
    -------
    sequence of Moved
        Of all things; none of fewer than three settings, or where the figures are all the same.
    """
    count = figures.size
    if count < _LEAST or np.ptp(figures) == 0:
        return ()
    from scipy.stats import rankdata, t

    ranks = np.apply_along_axis(rankdata, 0, np.column_stack([figures, levels]))
    ranks -= ranks.mean(axis=0)
    spread = np.sqrt((ranks**2).sum(axis=0))
    spread[spread == 0] = np.inf
    found = (ranks[:, 1:].T @ ranks[:, 0]) / (spread[1:] * spread[0])
    limit = t.ppf(1 - 0.05 / levels.shape[1] / 2, count - 2)
    least = limit**2 / (count - 2 + limit**2)
    order = np.argsort(-(found**2), kind="stable")
    return tuple(
        Moved(int(at), float(found[at] ** 2), bool(found[at] > 0), bool(found[at] ** 2 > least))
        for at in order
    )
