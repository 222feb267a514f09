"""What is to be measured: the window, the targets, and what makes compared scenarios alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.tables import HOUR, NONE, Policy, Table

Start: TypeAlias = Literal["received", "answered", "graded"]
Stop: TypeAlias = Literal["first_enquiry", "officer_at_address", "child_seen", "child_safe"]
Intervals: TypeAlias = tuple[tuple[int, int], ...]

HEADLINE_MEASURES: Final = (
    "arrived_within_target",
    "delay_mean",
    "delay_p95",
    "waited_over",
)
"""Declared before the run; their differences hold together, by Bonferroni's adjustment.

Only measures stand here whose intervals were seen to hold together (docs/verification.md).
"""


@dataclass(frozen=True)
class Target:
    """A promise for a grade.

    Parameters
    ----------
    grade
        The grade that it holds for.
    seconds
        By area: time allowed.
    starts, stops
        The clock. A target of attendance stops with ``officer_at_address``.
    """

    grade: int
    seconds: tuple[int, ...]
    starts: Start = "received"
    stops: Stop = "officer_at_address"


@dataclass(frozen=True, eq=False)
class FirstGrades:
    """The grade first drawn for each incident, by its lasting number.

    Parameters
    ----------
    keys, grades
        Shape (n,): keys, in any order, and the grade of each.
    """

    keys: NDArray[np.int64]
    grades: NDArray[np.int64]

    @classmethod
    def of(cls, incidents: Table) -> FirstGrades:
        """Those of an incidents table."""
        return cls(incidents["key"], incidents["grade"].astype(np.int64))


@dataclass(frozen=True, eq=False)
class Definition:
    """What is measured, the same for all scenarios of a comparison.

    Parameters
    ----------
    since, until
        Incidents reported in [since, until) are counted; whole hours.
    first_weekday
        Weekday of time 0, Monday 0.
    targets
        At most one is used for a grade: the first that stops with an officer at the address,
        or else the first.
    headline_stream, headline_grade
        What the answer is about.
    team_hours
        By area: when the *baseline's* missing-person team is on duty, as intervals
        [start, end) in ascending order that do not touch; see `team_hours`.
    first_grades
        The *baseline's*; an incident that it does not hold, or any where this is None, counts
        by the grade of its own row.

    Raises
    ------
    ValueError
        If the window does not lie between whole hours, or is empty.
    """

    since: int
    until: int
    first_weekday: int
    targets: tuple[Target, ...]
    headline_stream: str = "missing_child"
    headline_grade: int = 2
    team_hours: tuple[Intervals, ...] = ()
    first_grades: FirstGrades | None = None

    def __post_init__(self) -> None:
        if self.since % HOUR or self.until % HOUR or self.since >= self.until:
            raise ValueError("the window runs from a whole hour to a later whole hour")

    def target_of(self, grade: int) -> Target | None:
        """The target used for a grade, if it has one."""
        own = [target for target in self.targets if target.grade == grade]
        attendance = [target for target in own if target.stops == "officer_at_address"]
        return next(iter(attendance or own), None)


def team_hours(rota: Table, policy: Policy, role: str) -> tuple[Intervals, ...]:
    """When anybody of a role is on duty, by area.

    Parameters
    ----------
    rota
        The baseline's rota of one replication.
    policy
        The baseline's; names the pools, their roles and areas.
    role
        Such as ``missing_person``. A pool without an area counts for each.

    Returns
    -------
    tuple of tuple of (int, int)
        By area: intervals [start, end) in seconds, ascending, merged where they touch.
    """
    result = []
    for area in range(len(policy.areas)):
        pools = [
            place
            for place, pool in enumerate(policy.pools)
            if pool.role == role and pool.area in {area, NONE}
        ]
        rows = np.isin(rota["pool"], pools)
        result.append(_merged(zip(rota["on_at"][rows], rota["off_at"][rows], strict=True)))
    return tuple(result)


def _merged(intervals: Iterable[tuple[int, int]]) -> Intervals:
    merged: list[tuple[int, int]] = []
    for start, end in sorted((int(start), int(end)) for start, end in intervals):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def in_team_hours(
    times: NDArray[np.int64], areas: NDArray[np.int64], hours: tuple[Intervals, ...]
) -> NDArray[np.bool_]:
    """Whether each time lies in the hours of its area's team: shape as `times`, which ascend."""
    inside = np.zeros(times.shape, dtype=np.bool_)
    for area, intervals in enumerate(hours):
        if not intervals:
            continue
        # Far fewer intervals than times: they are looked up among those.
        first, last = np.searchsorted(times, np.array(intervals, dtype=np.int64).T)
        size = times.size + 1
        begun = np.bincount(first, minlength=size) - np.bincount(last, minlength=size)
        inside |= (np.cumsum(begun)[:-1] > 0) & (areas == area)
    return inside
