"""Hours in which a case was under enquiry and nobody worked on it, by whose case it was."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.errors import InternalError
from sim.measures.arrays import Columns, Ints, of_kinds
from sim.tables import OWNERSHIP, RESPONSE, TEAM, WORK, Activity


@dataclass(frozen=True, eq=False)
class Stretches:
    """Stretches of time [start, end) of cases, each under one owner: shape (n,) each.

    Parameters
    ----------
    case
        Place of the case.
    owner
        `sim.tables.RESPONSE` or `TEAM`.
    start, end
        Seconds.
    """

    case: Ints
    owner: Ints
    start: Ints
    end: Ints

    @property
    def seconds(self) -> Ints:
        """Their lengths."""
        length: Ints = self.end - self.start
        return length

    def total(self, cases: int) -> Ints:
        """Seconds of each case: shape (cases,)."""
        return np.bincount(self.case, weights=self.seconds, minlength=cases).astype(np.int64)


def owned(activities: Columns, places: Ints, start: Ints, stop: Ints) -> Stretches:
    """Who owned each case, and when.

    Parameters
    ----------
    activities
        What happened.
    places
        Shape (activities,): place of each activity's case, or -1.
    start, stop
        Shape (cases,): under enquiry from and until; alike where it never was.

    Returns
    -------
    Stretches
        In the order of cases and of time.

    Raises
    ------
    InternalError
        The owners of a case do not follow one another over the whole time under enquiry.
    """
    rows = np.flatnonzero((places >= 0) & of_kinds(activities, OWNERSHIP))
    rows = rows[np.lexsort((activities["end"][rows], activities["start"][rows], places[rows]))]
    team = activities["kind"][rows] == Activity.OWNED_BY_TEAM
    found = Stretches(
        places[rows],
        np.where(team, TEAM, RESPONSE).astype(np.int64),
        activities["start"][rows],
        activities["end"][rows],
    )
    # A stretch begins where the case's last one ended, its first with the enquiry.
    follows = np.zeros(rows.size, dtype=np.bool_)
    follows[1:] = found.case[1:] == found.case[:-1]
    due = np.where(follows, np.roll(found.end, 1), start[found.case])
    gap = found.start != due
    short = found.total(start.size) != stop - start
    if gap.any() or short.any():
        case = int(found.case[gap][0] if gap.any() else np.flatnonzero(short)[0])
        raise InternalError(
            f"the owners of case {case} of those counted hold it for "
            f"{found.total(start.size)[case]} s, and it is under enquiry for "
            f"{(stop - start)[case]} s; they are to follow one another"
        )
    return found


def unworked(activities: Columns, places: Ints, owners: Stretches) -> Stretches:
    """The parts of owned time in which nobody did any work for the case.

    Work is any of `sim.tables.WORK`: of units and at desks, travel and writing too. Work of
    several people at once covers a second once.

    Parameters
    ----------
    activities
        What happened.
    places
        Shape (activities,): place of each activity's case, or -1.
    owners
        As `owned` gives them.
    """
    work = np.flatnonzero((places >= 0) & of_kinds(activities, WORK))
    work = work[activities["end"][work] > activities["start"][work]]
    kept = owners.seconds > 0
    case, owner = owners.case[kept], owners.owner[kept]
    if not case.size:
        return Stretches(case, owner, owners.start[kept], owners.end[kept])
    # All cases stand one after another on one line, so that nothing of two cases touches.
    times = np.concatenate(
        [owners.start, owners.end, activities["start"][work], activities["end"][work]]
    )
    first = int(times.min())
    width = int(times.max()) - first + 1
    begun = owners.start[kept] + case * width - first
    ended = owners.end[kept] + case * width - first
    low, high = _union(
        activities["start"][work] + places[work] * width - first,
        activities["end"][work] + places[work] * width - first,
    )
    points = np.sort(np.concatenate([begun, ended, low, high]))
    points = points[np.diff(points, prepend=points[0] - 1) > 0]
    at, until = points[:-1], points[1:]
    order = np.argsort(begun, kind="stable")
    place = np.searchsorted(begun[order], at, side="right") - 1
    inside = (place >= 0) & (at < ended[order][np.maximum(place, 0)])
    inside &= ~_covered(at, low, high)
    mine = order[place[inside]]
    shift = case[mine] * width - first
    return Stretches(case[mine], owner[mine], at[inside] - shift, until[inside] - shift)


def _union(starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """Intervals that hold the same seconds, ascending, none touching another."""
    if not starts.size:
        return starts, ends
    order = np.argsort(starts, kind="stable")
    starts, reach = starts[order], np.maximum.accumulate(ends[order])
    new = np.concatenate([[True], starts[1:] > reach[:-1]])
    last = np.concatenate([np.flatnonzero(new)[1:] - 1, [starts.size - 1]])
    return starts[new], reach[last]


def _covered(points: Ints, low: Ints, high: Ints) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    if not low.size:
        return np.zeros(points.shape, dtype=np.bool_)
    place = np.searchsorted(low, points, side="right") - 1
    return (place >= 0) & (points < high[np.maximum(place, 0)])
