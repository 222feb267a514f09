"""A figure shared out among causes that may act together, exactly (Shapley).

The figure is a ratio of sums over replications, known with every set of causes gone: 2^k ratios
of k causes, all on the same luck. A cause's share is by how much the figure falls when the cause
goes, averaged over all orders in which the causes might go one after the other. Shares add up to
the fall from all causes there to none. Each is a contrast of ratios, so its influence by
replication is that contrast of theirs, and its interval is Student's.

Song, Nelson and Staum (2016), *Shapley effects for global sensitivity analysis: theory and
computation*, SIAM/ASA Journal on Uncertainty Quantification 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

import numpy as np
import numpy.typing as npt

from sim.statistics.interval import Interval, Vector, interval_from_contributions

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Attribution:
    """A figure shared out.

    Attributes
    ----------
    shares
        By cause: its share.
    alone
        By cause: the fall if it alone goes.
    last
        By cause: the fall if it goes when all others have gone.
    """

    shares: tuple[Interval, ...]
    alone: tuple[Interval, ...]
    last: tuple[Interval, ...]


def set_sizes(causes: int) -> npt.NDArray[np.int64]:
    """How many causes are gone in each set, shape (2^causes,); bit i of its number: cause i is."""
    sets = np.arange(1 << causes)
    return np.array([int(one).bit_count() for one in sets], dtype=np.int64)


def share_weights(causes: int, cause: int) -> Vector:
    """The contrast that is a cause's share, over all sets: shape (2^causes,).

    A set without the cause counts with 1 / (causes * C(causes - 1, size)), and with it the set
    that the cause has joined counts as much the other way.
    """
    sizes, sets = set_sizes(causes), np.arange(1 << causes)
    weights = np.zeros(sets.size)
    without = sets[(sets >> cause) & 1 == 0]
    each = np.array([1 / (causes * comb(causes - 1, int(size))) for size in sizes[without]])
    weights[without] = each
    weights[without | (1 << cause)] = -each
    return weights


def attributed(tops: npt.ArrayLike, bottoms: npt.ArrayLike, level: float) -> Attribution:
    """Share a ratio out among causes.

    Parameters
    ----------
    tops, bottoms
        Shape (2^causes, replications): sums above and below the line with each set of causes gone;
        bit i of a set's number says that cause i is. The same luck throughout.
    level
        Confidence level of each interval.

    Raises
    ------
    ValueError
        If there are not 2^causes sets, or nothing was counted in one of them.
    """
    above = np.asarray(tops, dtype=np.float64)
    below = np.asarray(bottoms, dtype=np.float64)
    causes = above.shape[0].bit_length() - 1
    if above.shape != below.shape or above.shape[0] != 1 << causes:
        raise ValueError(f"sets of shape {above.shape} and {below.shape}; 2^causes are wanted")
    count, full = round(float(below[0].sum())), (1 << causes) - 1

    def fall(before: int, after: int) -> Interval:
        weights = np.zeros(above.shape[0])
        weights[before], weights[after] = 1.0, -1.0
        return contrast(weights, above, below, level, count)

    places = range(causes)
    return Attribution(
        tuple(contrast(share_weights(causes, one), above, below, level, count) for one in places),
        tuple(fall(0, 1 << one) for one in places),
        tuple(fall(full ^ (1 << one), full) for one in places),
    )


def contrast(weights: Vector, tops: Matrix, bottoms: Matrix, level: float, n: int) -> Interval:
    """A weighted sum of ratios on the same luck, with the interval of its influences.

    Parameters
    ----------
    weights
        Shape (ratios,).
    tops, bottoms
        Shape (ratios, replications).
    level
        Confidence level.
    n
        Count to report.

    Raises
    ------
    ValueError
        If the bottoms of a ratio that counts sum to nothing.
    """
    used = weights != 0
    above, below, factors = tops[used], bottoms[used], weights[used]
    totals = below.sum(axis=1)
    if (totals <= 0).any():
        raise ValueError("nothing was counted under the line of a ratio")
    ratios = above.sum(axis=1) / totals
    influences = factors @ ((above - ratios[:, None] * below) / totals[:, None])
    active = influences[(bottoms != 0).any(axis=0) | (tops != 0).any(axis=0)]
    return interval_from_contributions(float(factors @ ratios), active, n, level)
