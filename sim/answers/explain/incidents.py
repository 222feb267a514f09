"""Report by report: what one cause, several together, or none of them would have mended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.answers.explain.document import Mended
from sim.study import ABSENT

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class ByIncident:
    """What would have mended each report that went wrong.

    Attributes
    ----------
    mended
        In sum.
    mends
        By cause: reports that it alone would have mended.
    mends_only
        By cause: of these, reports that no other cause alone would have mended.
    """

    mended: Mended
    mends: tuple[int, ...]
    mends_only: tuple[int, ...]


def by_incident(wrong: Sequence[Ints], counted: Sequence[Ints], causes: int) -> ByIncident | None:
    """Look at each report under all sets of causes.

    Parameters
    ----------
    wrong
        By replication, shape (2^causes, n): 1 where a report goes wrong with that set of causes
        gone.
    counted
        By replication, shape (2^causes, n): 1 where it counts, `ABSENT` where it was not met.
    causes
        How many.

    Returns
    -------
    ByIncident or None
        None where demand differs, so that some reports are not met under every set.
    """
    if any((one == ABSENT).any() for one in counted):
        return None
    whole = np.concatenate([one.astype(np.bool_) for one in wrong], axis=1)
    counts = np.concatenate([one.astype(np.bool_) for one in counted], axis=1)[0]
    whole = whole[:, counts]
    missed = whole[:, whole[0]]
    single: Flags = ~missed[[1 << cause for cause in range(causes)]]
    by_one = single.any(axis=0)
    ever = ~missed.all(axis=0)
    alone = single.sum(axis=0) == 1
    return ByIncident(
        Mended(
            wrong=missed.shape[1],
            by_one=int(by_one.sum()),
            together=int((ever & ~by_one).sum()),
            by_none=int((~ever).sum()),
            harmed=int((whole[-1] & ~whole[0]).sum()),
        ),
        tuple(int(one.sum()) for one in single),
        tuple(int((one & alone).sum()) for one in single),
    )
