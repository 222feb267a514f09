"""One stream's uniforms, and the simplest things made of them: choices, shares and lengths.

Every column has a uniform of its own, named by (stream, column) and placed by the incident's
lasting number, so that a value depends on nothing else: not on the other incidents, columns,
streams or rows. Shares are thresholds on such a uniform, so that a larger share takes in the whole
of a smaller one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from sim.fates.durations import minutes_at, rounded
from sim.fates.field import places_of
from sim.scenario.fields import Constant, Duration
from sim.streams import Places, Streams
from sim.tables import PARTS, SUM_PARTS

__all__ = ["Columns", "Luck", "chosen", "full", "parts_of", "picked_by", "placed", "reported_at"]

FloatArray: TypeAlias = npt.NDArray[np.float64]
IntArray: TypeAlias = npt.NDArray[np.int64]
BoolArray: TypeAlias = npt.NDArray[np.bool_]
Columns: TypeAlias = dict[str, IntArray | int]
"""Drawn columns of one stream; a plain number stands for a column of that number throughout."""


_FEW: Final = 1 / 32
"""A smaller share of the rows is looked up for itself; of a larger one all rows are drawn, which
costs hardly more, as neighbouring numbers are drawn together."""


_FEW_EDGES: Final = 8


@dataclass(frozen=True)
class Luck:
    """The uniforms of one stream's rows, by column.

    Parameters
    ----------
    streams : Streams
        Source of the uniforms: one study seed and replication.
    stream : str
        Name of the stream.
    number : ndarray of int64, shape (n,)
        Lasting number of each row, or of its child. Where methods take ``rows``, indices into
        it, shape (m,), they answer for these rows only, in this order.
    ahead : mapping of str to ndarray of float64, shape (n,)
        Uniforms of columns that have been drawn already.
    """

    streams: Streams
    stream: str
    number: IntArray
    ahead: Mapping[str, FloatArray] = field(default_factory=dict, kw_only=True)

    @cached_property
    def places(self) -> Places:
        """Where the values of all rows stand."""
        return places_of(self.number)

    def drawn_ahead(self, columns: Sequence[str]) -> Luck:
        """Return the same luck with some columns drawn together.

        That pays where numbers are scattered, as those of repeated episodes are.
        """
        return replace(self, ahead=dict(zip(columns, self._columns(columns), strict=True)))

    def uniform(self, column: str, rows: IntArray | None = None) -> FloatArray:
        """Return a column's uniforms in (0, 1)."""
        if rows is not None and rows.size < _FEW * self.number.size and column not in self.ahead:
            return Luck(self.streams, self.stream, self.number[rows]).uniform(column)
        whole = self.ahead.get(column)
        if whole is None:
            whole = self._columns((column,))[0]
        return whole if rows is None else whole[rows]

    def _columns(self, columns: Sequence[str]) -> FloatArray:
        names = [f"incident.{column}" for column in columns]
        return self.streams.columns_at(self.stream, names, self.places)

    def below(self, share: float, column: str, rows: IntArray | None = None) -> BoolArray:
        """Return where a column's uniform lies under a share."""
        if share in (0.0, 1.0):
            size = self.number.size if rows is None else rows.size
            return np.full(size, share == 1.0)
        chosen: BoolArray = self.uniform(column, rows) < share
        return chosen

    def minutes(
        self, duration: Duration | None, column: str, rows: IntArray | None = None
    ) -> FloatArray:
        """Return lengths in minutes, 0 where there is no duration."""
        if duration is None or isinstance(duration, Constant):
            size = self.number.size if rows is None else rows.size
            uniform = np.full(size, 0.5)
        else:
            uniform = self.uniform(column, rows)
        return np.zeros(uniform.size) if duration is None else minutes_at(duration, uniform)

    def seconds(
        self, duration: Duration | None, column: str, rows: IntArray | None = None
    ) -> IntArray:
        """Return lengths in whole seconds, 0 where there is no duration."""
        return rounded(self.minutes(duration, column, rows))

    def scattered(self, duration: Duration | None, column: str, rows: IntArray) -> IntArray | int:
        """Return lengths at some rows, in seconds, and 0 at the others."""
        if duration is None or rows.size == 0:
            return 0
        return placed(self.number.size, rows, self.seconds(duration, column, rows))


def chosen(
    shares: Mapping[int, float], luck: Luck, column: str, rows: IntArray | None = None
) -> IntArray | int:
    """Return a choice for each row; a plain number where there is but one."""
    possible = [value for value, share in shares.items() if share > 0]
    if len(possible) == 1:
        return possible[0]
    return picked_by(shares, luck.uniform(column, rows))


def picked_by(shares: Mapping[int, float], uniform: FloatArray) -> IntArray:
    """Return the value whose stretch of (0, 1), in the mapping's order, holds each uniform."""
    values = np.array([value for value, share in shares.items() if share > 0], dtype=np.int64)
    # Without the last edge: the sum may fall short of 1 by rounding.
    edges = np.cumsum([share for share in shares.values() if share > 0])[:-1]
    if edges.size > _FEW_EDGES:
        picked: IntArray = values[np.searchsorted(edges, uniform, side="right")]
        return picked
    # To compare all with each edge costs less than to look each up among them.
    passed = np.zeros(uniform.shape, dtype=np.int8)
    for edge in edges.tolist():
        passed += uniform >= edge
    return values[passed]


def parts_of(uniform: FloatArray) -> IntArray:
    """Return uniforms as whole parts per million, in [0, 1,000,000); shape kept."""
    parts: IntArray = np.floor(uniform * PARTS).astype(np.int64)
    return parts


def sums_of(uniform: FloatArray) -> IntArray:
    """Return how far a rate adds up before what it is of happens, in thousand-millionths.

    That is exponential of mean one, whatever the rate does meanwhile.
    """
    sums: IntArray = np.rint(-np.log1p(-uniform) * SUM_PARTS).astype(np.int64)
    return sums


def placed(size: int, rows: IntArray, values: IntArray, fill: int = 0) -> IntArray:
    """Return a column of a size that holds values at some rows and ``fill`` at the others."""
    column = np.full(size, fill, dtype=np.int64)
    column[rows] = values
    return column


def full(column: IntArray | int, size: int) -> IntArray:
    """Return a column as an array of a size."""
    return np.full(size, column, dtype=np.int64) if isinstance(column, int) else column


def reported_at(columns: Columns) -> IntArray:
    """Return the column of report times, which is never a plain number."""
    reported = columns["reported_at"]
    assert not isinstance(reported, int)
    return reported
