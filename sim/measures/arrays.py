"""The arrays that tallies are made of, and how those with keys are added up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]


def tallied(keys: Ints, values: Ints) -> tuple[Ints, Ints]:
    """Distinct keys in ascending order, and the sums of their values (first axis)."""
    if not keys.size:
        return keys, values
    order = np.argsort(keys, kind="stable")
    ascending = keys[order]
    starts = np.flatnonzero(np.concatenate([[True], ascending[1:] != ascending[:-1]]))
    return ascending[starts], np.add.reduceat(values[order], starts, axis=0)


def tallied_together(tallies: Sequence[tuple[Ints, Ints]]) -> tuple[Ints, Ints]:
    """Several tallies as one: distinct keys in ascending order, and the sums of their values."""
    keys, values = zip(*tallies, strict=True)
    return tallied(np.concatenate(keys), np.concatenate(values))


def added(arrays: list[Ints]) -> Ints:
    """The sum of arrays of one shape."""
    total: Ints = np.sum(np.stack(arrays), axis=0)
    return total
