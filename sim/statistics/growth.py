"""Whether a quantity grows without end."""

import numpy as np
import numpy.typing as npt

from sim.statistics.ratios import mean_interval

LEAST_PERIODS = 3
LEAST_RISE = 1.5
# One-sided 1 in 100.
RISE_LEVEL = 0.98


def is_raised(before: npt.ArrayLike, after: npt.ArrayLike) -> bool:
    """Whether a quantity is higher after than before by half or more, beyond luck.

    Parameters
    ----------
    before, after
        Shape (replications,), with the same luck in each pair.

    Returns
    -------
    bool
        True by luck with a chance of at most 1 in 100; False with fewer than two replications.

    Raises
    ------
    ValueError
        If their shapes differ.
    """
    first, then = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    if first.shape != then.shape:
        raise ValueError(f"shapes {first.shape} and {then.shape}; they must be alike")
    if len(first) < 2 or then.mean() < LEAST_RISE * first.mean():
        return False
    return _is_above_nought(then - first)


def grows(periods: npt.ArrayLike) -> bool:
    """Whether a quantity rises from each period to the next, and by half or more in all.

    The slope of a straight line over the periods is held against nought by its interval over
    replications, Student's t: a quantity that keeps its level is taken for one that grows with a
    chance of at most 1 in 100, and hardly ever where its means over replications lie closer than
    by half.

    Parameters
    ----------
    periods
        Shape (replications, periods): its mean in each. The periods are as long as its cycle.

    Returns
    -------
    bool
        False with fewer than three periods or two replications: nothing can be said.

    Raises
    ------
    ValueError
        If `periods` has another shape.
    """
    table = np.asarray(periods, dtype=np.float64)
    if table.ndim != 2:
        raise ValueError(f"periods has {table.ndim} dimensions; it must have two")
    replications, count = table.shape
    if count < LEAST_PERIODS or replications < 2:
        return False
    means = table.mean(axis=0)
    if means[-1] < LEAST_RISE * means[0] or (np.diff(means) <= 0).any():
        return False
    return _is_above_nought(table @ (np.arange(count) - (count - 1) / 2))


def _is_above_nought(values: npt.NDArray[np.float64]) -> bool:
    low = mean_interval(values, RISE_LEVEL).low
    return low is not None and low > 0
