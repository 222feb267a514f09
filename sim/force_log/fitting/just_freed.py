"""The minutes that jobs waited, cut where a crew of their own area has just cleared.

A clearing is what `sim.force_log.replaying.coupling` counts: a job of the area ended. A moment is
just after one if it is that moment, or at most sixty seconds later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from sim.force_log.fitting.concurrency import allocated, in_hand
from sim.force_log.fitting.job_minutes import JobMinutes
from sim.force_log.replaying.coupling import WITHIN_SECONDS
from sim.force_log.replaying.work import Work

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]

_MINUTE: Final = 60
_NEVER: Final = 1 << 60


@dataclass(frozen=True, slots=True)
class Parts:
    """Parts of job-minutes, each of which lies just after a clearing wholly or not at all.

    Attributes
    ----------
    row
        Number of the minute among those that were cut, shape (n,).
    freed
        Whether a crew has just cleared, 0 or 1.
    length
        Minutes, above 0 and at most 1.
    gone
        Whether the job was allocated in this part, 0 or 1. What comes after it has no part.
    """

    row: Ints
    freed: Ints
    length: Floats
    gone: Floats


def parts_of(rows: JobMinutes, work: Work, areas: Sequence[str]) -> Parts:
    """Cut minutes where a crew has just cleared from where none has.

    Parameters
    ----------
    rows
        As `sim.force_log.fitting.job_minutes.minutes_of` returns them, or some of them.
    work
        What they are of. Jobs of its lead-in clear too.
    areas
        By number, as the log names them.

    Notes
    -----
    The log's moments are whole seconds, or whole minutes where its times of allocation all are.
    Each moment at which a job waited is just after a clearing by the rule that holds for the
    moment of its allocation; so where clearings change nothing, nothing is found.
    """
    assigned = allocated(work)["assigned"].to_numpy().astype(np.int64)
    tick = 1 if (assigned % _MINUTE).any() else _MINUTE
    at_work = in_hand(work)
    parts = []
    for place in np.unique(rows.place):
        own = np.flatnonzero(rows.place == place)
        cut = _Spans(at_work[areas[place]].ended, tick).cut(rows.some(own))
        parts.append(Parts(own[cut.row], cut.freed, cut.length, cut.gone))
    return Parts(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in Parts.__slots__)
    )


class _Spans:
    """The spans of one area's moments that lie just after a clearing, each from first to last.

    Parameters
    ----------
    ended
        Clearings in seconds, ascending, shape (n,).
    tick
        Seconds from one moment to the next.
    """

    def __init__(self, ended: Ints, tick: int) -> None:
        first, last = -(-ended // tick), (ended + WITHIN_SECONDS) // tick
        begins = np.flatnonzero(np.append(True, first[1:] > last[:-1] + 1))
        self._tick = tick
        # A span before all and one after all, so that each moment has one on either side.
        self._first = np.concatenate([[-_NEVER], first[begins], [_NEVER]])
        self._last = np.concatenate(
            [[-_NEVER], last[np.append(begins[1:], len(last)) - 1], [_NEVER]]
        )
        self._before = np.concatenate([[0], np.cumsum(self._last - self._first + 1)[:-1]])

    def cut(self, rows: JobMinutes) -> Parts:
        """Return the parts of minutes; `Parts.row` is the place among these."""
        begun = np.round(rows.minute * _MINUTE).astype(np.int64)
        first, last = begun // self._tick + 1, (begun + _MINUTE) // self._tick
        went = rows.gone > 0
        own = np.flatnonzero(went)
        # A job that was allocated as it was graded was so at the first moment of all.
        at = np.clip(rows.let_go_at[own] // self._tick, first[own], last[own])
        span = np.searchsorted(self._first, at, "right") - 1
        freed = at <= self._last[span]
        begins = np.where(freed, self._first[span], self._last[span] + 1)
        ends = np.where(freed, self._last[span], self._first[span + 1] - 1)
        begins, ends = np.maximum(begins, first[own]), np.minimum(ends, last[own])
        until = last.copy()
        until[own] = begins - 1
        after = self._until(until) - self._until(first - 1)
        whole = until - first + 1
        row = np.arange(len(begun))
        length = np.concatenate([after, whole - after, ends - begins + 1])
        parts = Parts(
            row=np.concatenate([row, row, own]),
            freed=np.concatenate([np.ones_like(row), np.zeros_like(row), freed.astype(np.int64)]),
            length=length * self._tick / _MINUTE,
            gone=np.concatenate([np.zeros(2 * len(row)), np.ones(len(own))]),
        )
        there = length > 0
        return Parts(*(getattr(parts, name)[there] for name in Parts.__slots__))

    def _until(self, moment: Ints) -> Ints:
        """Count the moments just after a clearing up to some moments, these among them."""
        span = np.searchsorted(self._first, moment, "right") - 1
        within = np.minimum(moment, self._last[span]) - self._first[span] + 1
        return np.asarray(self._before[span] + within, dtype=np.int64)
