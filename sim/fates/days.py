"""Days that differ: a factor on a stream's rate for each date.

Counts of a day vary by more than a Poisson law allows: a fine evening, a match, a storm. Each
stream has a gamma factor of mean 1 for each date, so its daily counts are negative binomial, with
a variance of the mean plus the mean's square times the factor's variance. The factor is drawn by
the date and by nothing else, and multiplies the rate under which the stream's points are counted:
the same days are busy under every scenario, and a higher volume still only adds reports.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from sim.scenario.calendar import day_factor
from sim.streams import Streams

__all__ = ["day_factors"]

FloatArray = npt.NDArray[np.float64]

_COLUMN: Final = "day.factor"
_OFFSET: Final = 1 << 20
"""Days before the first that a place may name."""


def day_factors(
    streams: Streams, stream: str, variation: float, first: int, last: int
) -> FloatArray:
    """Return the factors of a run of days.

    Parameters
    ----------
    streams : Streams
        Source of the uniforms: one study seed and replication.
    stream : str
        Name of the stream; each has factors of its own.
    variation : float
        Standard deviation of the factors, at least 0; their mean is 1.
    first, last : int
        Number of the first day, and of the one after the last, counted from the scenario's first.

    Returns
    -------
    ndarray of float64, shape (last - first,)
        All 1 where `variation` is 0. By inverse transform: a day that is busier than another stays
        so whatever the variation.
    """
    level = streams.uniforms(stream, _COLUMN, block=0, start=first + _OFFSET, count=last - first)
    return day_factor(variation, level)
