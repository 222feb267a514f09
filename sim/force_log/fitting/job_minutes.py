"""The minutes that a log's jobs waited, with what stood around each of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from sim.force_log.fitting.concurrency import InHand, allocated, in_hand
from sim.force_log.replaying.work import Work
from sim.scenario.policies import QUARTERS

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]

WAITED: Final = (0, 1, 2, 4, 8, 16, 32, 64, 128, 256)
"""Minutes waited at which a rate may change."""

MOST_AHEAD: Final = 20
"""Jobs ahead beyond these make no further difference."""

DAY_MINUTES: Final = 1440
QUARTER: Final = DAY_MINUTES // QUARTERS

LONGEST: Final = 2880
"""Minutes: how long a job waits after that is not looked at."""

_MINUTE: Final = 60
_HOUR: Final = 3600
_SHARES: Final = 50


@dataclass(frozen=True, slots=True)
class JobMinutes:
    """One row for each minute that a job waited, and whether it was allocated in it.

    Minutes are counted from its grading, so that the first is no part of one.

    Attributes
    ----------
    grade
        Of the job.
    waited
        Minutes since grading.
    minute
        Of play, at its beginning.
    busy
        Share of the own area's crews that are busy then, 0 to 1.
    ahead
        Jobs of the own area waiting that are as urgent or more so.
    gone
        Whether it was allocated in this minute, 0 or 1.
    child
        Whether it is about a missing child, 0 or 1.
    place
        Number of its area.
    in_hand
        Jobs of the own area in hand: at the beginning, and in the minute of its allocation just
        before that. Those of crews whose shift is over are not among them.
    let_go_at
        Second of play of the job's allocation.
    """

    grade: Ints
    waited: Floats
    minute: Floats
    busy: Floats
    ahead: Ints
    gone: Floats
    child: Ints
    place: Ints
    in_hand: Ints
    let_go_at: Ints

    def some(self, rows: npt.NDArray[np.bool_] | Ints) -> JobMinutes:
        """Return these rows."""
        return JobMinutes(*(getattr(self, name)[rows] for name in JobMinutes.__slots__))


def minutes_of(
    work: Work,
    crews: Mapping[str, Floats],
    *,
    child: bool = True,
    anew: Sequence[int] = (),
) -> JobMinutes:
    """Return the minutes that jobs waited.

    Parameters
    ----------
    work
        Of the fitted days. Jobs of its lead-in are in hand and ahead, and have no rows.
    crews
        By area and hour of the day, shape (24,). Jobs of other areas are left out; areas are
        numbered in ascending order of their names.
    child
        Whether missing-child jobs have rows.
    anew
        Hours of the day, 0 to 23, at which all crews go home and others begin: what was in hand
        before is seen to its end by those who are off duty.
    """
    jobs, at_work = allocated(work), in_hand(work)
    parts = [
        _of_area(number, jobs.filter(pl.col("area") == area), at_work[area], crews[area], anew)
        for number, area in enumerate(sorted(crews))
        if area in at_work
    ]
    rows = JobMinutes(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in JobMinutes.__slots__)
    )
    return rows if child else rows.some(rows.child == 0)


def _of_area(
    place: int, jobs: pl.DataFrame, at_work: InHand, crews: Floats, anew: Sequence[int]
) -> JobMinutes:
    graded = jobs["graded"].to_numpy().astype(np.int64)
    assigned = np.maximum(jobs["assigned"].to_numpy().astype(np.int64), graded)
    grade = jobs["grade"].to_numpy().astype(np.int64)
    child = (jobs["stream"] == "missing_child").to_numpy().astype(np.int64)
    last = np.maximum(-(-(assigned - graded) // _MINUTE) - 1, 0)
    own = np.flatnonzero(~jobs["lead_in"].to_numpy())
    length = np.minimum(last, LONGEST)[own] + 1
    job = np.repeat(own, length)
    passed = np.arange(len(job)) - np.repeat(np.cumsum(length) - length, length)
    # As it stood when the minute began: a job's own allocation is not among what explains it.
    begun = graded[job] + passed * _MINUTE
    ahead = np.zeros(len(job), dtype=np.int64)
    for one in np.unique(grade):
        as_urgent = grade <= one
        waiting = InHand(np.sort(graded[as_urgent]), np.sort(assigned[as_urgent]))
        rows = grade[job] == one
        ahead[rows] = waiting.at(begun[rows]) - (assigned[job[rows]] > begun[rows])
    gone = passed == last[job]
    count = at_work.at(begun)
    busy = np.clip(count / crews[begun // _HOUR % 24], 0.0, 1.0)
    return JobMinutes(
        grade=grade[job],
        waited=passed.astype(np.float64),
        minute=begun / _MINUTE,
        busy=busy,
        ahead=np.maximum(ahead, 0),
        gone=gone.astype(np.float64),
        child=child[job],
        place=np.full(len(job), place),
        in_hand=np.where(gone, at_work.before(assigned[job]), count)
        - _left_over(jobs, np.where(gone, assigned[job], begun), anew),
        let_go_at=assigned[job],
    )


def _left_over(jobs: pl.DataFrame, at: Ints, anew: Sequence[int]) -> Ints:
    """Count the jobs in hand at some moments that were so when all crews last changed."""
    if not anew:
        return np.zeros(len(at), dtype=np.int64)
    begun = jobs["assigned"].to_numpy().astype(np.int64)
    length = (jobs["travel"] + jobs["scene"]).clip(0).to_numpy().astype(np.int64)
    ended = begun + length
    first = int(min(begun.min(), at.min())) // (_HOUR * 24) - 1
    last = int(max(ended.max(), at.max())) // (_HOUR * 24) + 1
    changes = np.sort(
        np.add.outer(np.arange(first, last) * 24, np.asarray(anew)).ravel() * _HOUR
    ).astype(np.int64)
    lowest = np.searchsorted(changes, begun, "right")
    times = np.maximum(np.searchsorted(changes, ended, "left") - lowest, 0)
    job = np.repeat(np.arange(len(begun)), times)
    change = lowest[job] + np.arange(len(job)) - np.repeat(np.cumsum(times) - times, times)
    # Ordered by change and then by end, in one number.
    span = int(changes[-1] - changes[0]) + int(length.max(initial=0)) + _HOUR
    order = np.sort(change * span + ended[job] - changes[0])
    own = np.searchsorted(changes, at, "right") - 1
    over = np.searchsorted(order, own * span + at - changes[0], "right")
    return np.asarray(np.searchsorted(order, (own + 1) * span, "left") - over, dtype=np.int64)


def alike(rows: JobMinutes) -> tuple[JobMinutes, Ints]:
    """Put minutes together that are alike: return one of each, and which of them each row is.

    Alike are those of a grade, a row of the base, a quarter of an hour (taken as its middle), a
    share of crews busy within two in a hundred, and as many jobs ahead.
    """
    waited = np.searchsorted(WAITED, rows.waited, "right") - 1
    quarter = np.floor(rows.minute / QUARTER).astype(np.int64) % QUARTERS
    busy = np.round(rows.busy * _SHARES).astype(np.int64)
    ahead = np.minimum(rows.ahead, MOST_AHEAD)
    number = (rows.grade * len(WAITED) + waited) * QUARTERS + quarter
    number = (number * (busy.max(initial=0) + 1) + busy) * (MOST_AHEAD + 1) + ahead
    _, first, which = np.unique(number, return_index=True, return_inverse=True)
    one_of_each = rows.some(first)
    middle = np.asarray((quarter[first] + 0.5) * QUARTER, dtype=np.float64)
    one_of_each = replace(
        one_of_each, minute=middle, busy=busy[first] / _SHARES, ahead=ahead[first]
    )
    return one_of_each, which.astype(np.int64)


def summed(which: Ints, values: Floats) -> Floats:
    """Return the sums of values by number, shape (most + 1,)."""
    return np.asarray(np.bincount(which, values), dtype=np.float64)
