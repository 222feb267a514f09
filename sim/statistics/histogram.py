"""Exact distributions of whole seconds in bounded memory."""

import math
from collections.abc import Iterable
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Counts: TypeAlias = npt.NDArray[np.int64]

PENDING_VALUES = 65_536
"""Values held back before they are counted: half a megabyte at most."""


class SecondsHistogram:
    """How often each number of seconds occurred; exact, mergeable, bounded in memory.

    Distinct values are kept in ascending order beside their counts, 16 bytes for each, so
    the memory is bounded by the longest wait and not by the number of cases: waits of up to
    three days take at most 4 MB however many there are, and a few hundred waits a few
    kilobytes. There is no cap, and nothing is rounded.

    All that is computed from it is a function of the counts alone; neither the order in
    which values came nor that of merging matters. Where it is empty, what cannot be computed
    is None.

    Parameters
    ----------
    values
        Whole seconds, none negative.
    """

    __slots__ = ("_counts", "_pending", "_pending_size", "_seconds")

    def __init__(self, values: npt.ArrayLike = ()) -> None:
        self._seconds: Counts = np.empty(0, dtype=np.int64)
        self._counts: Counts = np.empty(0, dtype=np.int64)
        self._pending: list[Counts] = []
        self._pending_size = 0
        self.add(values)

    @classmethod
    def merged(cls, histograms: Iterable["SecondsHistogram"]) -> "SecondsHistogram":
        """Return a new histogram of all values of `histograms`, which keep theirs."""
        result = cls()
        parts = list(histograms)
        for part in parts:
            part._settle()
        if parts:
            result._seconds, result._counts = _tally(
                np.concatenate([part._seconds for part in parts]),
                np.concatenate([part._counts for part in parts]),
            )
        return result

    def add(self, values: npt.ArrayLike) -> None:
        """Count further values.

        Parameters
        ----------
        values
            Shape (any,): whole seconds, none negative. May be empty.

        Raises
        ------
        ValueError
            If a value is negative or the array is not of whole numbers in one dimension.
        """
        array = np.asarray(values)
        if array.ndim != 1:
            raise ValueError(f"values have {array.ndim} dimensions; they must have one")
        if array.size == 0:
            return
        if array.dtype.kind not in "iu":
            raise ValueError(f"values are {array.dtype}; whole seconds are needed")
        if (array < 0).any():
            raise ValueError("a value is negative")
        self._pending.append(array.astype(np.int64, copy=True))
        self._pending_size += array.size
        if self._pending_size >= PENDING_VALUES:
            self._settle()

    def merge(self, other: "SecondsHistogram") -> None:
        """Count all values of `other` too."""
        self._settle()
        other._settle()
        self._seconds, self._counts = _tally(
            np.concatenate([self._seconds, other._seconds]),
            np.concatenate([self._counts, other._counts]),
        )

    @property
    def seconds(self) -> Counts:
        """Distinct values in ascending order, shape (distinct,)."""
        self._settle()
        return self._seconds.copy()

    @property
    def counts(self) -> Counts:
        """How often each of `seconds` occurred, shape (distinct,)."""
        self._settle()
        return self._counts.copy()

    @property
    def count(self) -> int:
        """Number of values."""
        self._settle()
        return int(self._counts.sum())

    @property
    def mean(self) -> float | None:
        """Mean in seconds."""
        count = self.count
        return int(self._seconds @ self._counts) / count if count else None

    @property
    def maximum(self) -> int | None:
        """Largest value."""
        self._settle()
        return int(self._seconds[-1]) if self._seconds.size else None

    def quantile(self, probability: float) -> int | None:
        """Invert the empirical distribution: always a value that occurred.

        The smallest value that at least a share `probability` of all values do not exceed,
        that is the value of rank ``ceil(probability * count)``, and the smallest value at 0
        (type 1 of Hyndman and Fan, 1996; numpy's ``inverted_cdf``).

        Raises
        ------
        ValueError
            If `probability` is not between 0 and 1.
        """
        if not 0 <= probability <= 1:
            raise ValueError(f"probability is {probability}; it must lie between 0 and 1")
        count = self.count
        if count == 0:
            return None
        rank = max(1, math.ceil(probability * count))
        return int(self._seconds[np.searchsorted(np.cumsum(self._counts), rank)])

    def tail_mean(self, probability: float) -> float | None:
        """Average the worst ``1 - probability`` share of values; the result is in seconds.

        Where the boundary of that share falls inside a value that occurred often, only the
        part of it that belongs to the share is taken (conditional value at risk for discrete
        distributions: Rockafellar and Uryasev, 2002, proposition 8).

        Raises
        ------
        ValueError
            If `probability` is not at least 0 and less than 1.
        """
        if not 0 <= probability < 1:
            raise ValueError(f"probability is {probability}; it must be at least 0, less than 1")
        count = self.count
        if count == 0:
            return None
        below = probability * count
        within = np.clip(np.cumsum(self._counts) - below, 0, self._counts)
        return float(within @ self._seconds) / float(within.sum())

    def count_over(self, seconds: float) -> int:
        """Count the values greater than `seconds`."""
        self._settle()
        return int(self._counts[np.searchsorted(self._seconds, seconds, side="right") :].sum())

    def share_over(self, seconds: float) -> float | None:
        """Return the share of values greater than `seconds`."""
        count = self.count
        return self.count_over(seconds) / count if count else None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SecondsHistogram):
            return NotImplemented
        return np.array_equal(self.seconds, other.seconds) and np.array_equal(
            self.counts, other.counts
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"SecondsHistogram(count={self.count}, maximum={self.maximum})"

    def _settle(self) -> None:
        if not self._pending:
            return
        waiting = np.concatenate(self._pending)
        self._seconds, self._counts = _tally(
            np.concatenate([self._seconds, waiting]),
            np.concatenate([self._counts, np.ones(waiting.size, dtype=np.int64)]),
        )
        self._pending = []
        self._pending_size = 0


def _tally(seconds: Counts, counts: Counts) -> tuple[Counts, Counts]:
    if seconds.size == 0:
        return seconds, counts
    order = np.argsort(seconds, kind="stable")
    ascending = seconds[order]
    starts = np.flatnonzero(np.concatenate([[True], ascending[1:] != ascending[:-1]]))
    return ascending[starts], np.add.reduceat(counts[order], starts)
