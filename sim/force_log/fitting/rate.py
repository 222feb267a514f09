"""The rate at which a dispatcher lets jobs go, from a log, by its likelihood.

What delays a job and is no lack of a crew (a decision, a handover, a call back) comes at a rate
that depends on its grade, on how long it has waited, on the clock, on how many of its own area's
crews are busy and on how many jobs are ahead of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from sim.errors import InputError
from sim.force_log.fitting.concurrency import InHand, allocated, in_hand
from sim.force_log.replaying.work import Work

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]

WAITED: Final = (0, 1, 2, 4, 8, 16, 32, 64, 128, 256)
"""Minutes waited at which the base rate may change."""

KNOTS: Final = 24
"""Of the clock's curve, one an hour; between them it is a straight line."""

MOST_AHEAD: Final = 20
"""Jobs ahead beyond these make no further difference."""

FEWEST: Final = 200
"""Allocations from which a rate can be told."""

_AS_OTHERS: Final = 10.0
_FEWEST_CHILDREN: Final = 10
_LONGEST: Final = 2880
_MINUTE: Final = 60
_HOUR: Final = 3600
_DAY_MINUTES: Final = 1440
_QUARTER: Final = 15
_QUARTERS: Final = _DAY_MINUTES // _QUARTER
_SHARES: Final = 50
_LOW, _HIGH = -12.0, 2.5
_ROUNDS: Final = 60
_NEAR: Final = 1e-6
_LARGEST_STEP: Final = 2.0
_RIDGE_BASE: Final = 0.05
_RIDGE_CLOCK: Final = 1.0
_RIDGE_LOAD: Final = 0.01


@dataclass(frozen=True, slots=True)
class Rate:
    """A dispatcher's rate, all coefficients on the scale of its logarithm.

    Attributes
    ----------
    grades
        Those that it was fitted to, ascending.
    base
        By grade and minutes waited, shape (grades, 10): the logarithm of the rate a minute with
        nobody busy and none ahead.
    clock
        By hour, shape (24,), added to the base; between the hours a straight line.
    busy
        By grade: what is added when all of the own area's crews are busy, in proportion.
    ahead
        By grade: what is added for each unit of log(1 + jobs ahead).
    busy_error, ahead_error
        Their standard errors.
    minutes
        Job-minutes that it was fitted to.
    """

    grades: tuple[int, ...]
    base: Floats
    clock: Floats
    busy: Floats
    ahead: Floats
    busy_error: Floats
    ahead_error: Floats
    minutes: int

    def a_minute(
        self, grade: Ints, waited: Floats, minute: Floats, busy: Floats, ahead: Ints
    ) -> Floats:
        """Return the rate of these jobs in one minute, all of shape (n,).

        Parameters
        ----------
        grade
            One of `grades` each.
        waited
            Minutes since grading.
        minute
            Minute of play, of which the clock is the part within a day.
        busy
            Share of the own area's crews that are busy, 0 to 1.
        ahead
            Jobs of the own area waiting that are as urgent or more so.
        """
        features = _features(self.grades, grade, waited, minute, busy, ahead)
        beta = np.concatenate([self.base.ravel(), self.clock, self.busy, self.ahead])
        return np.asarray(np.exp(np.clip(features @ beta, _LOW, _HIGH)))


@dataclass(frozen=True, slots=True)
class _Minutes:
    """One row for each minute that a job waited, and whether it was allocated in it.

    Minutes are counted from its grading, so that the first is no part of one.
    """

    grade: Ints
    waited: Floats
    minute: Floats
    busy: Floats
    ahead: Ints
    gone: Floats
    child: Ints


def rate_of(work: Work, crews: Mapping[str, Floats], *, child: bool = True) -> Rate:
    """Fit a dispatcher's rate to a log's work.

    Parameters
    ----------
    work
        Of the fitted days. Jobs of its lead-in are in hand and ahead, and not fitted.
    crews
        By area and hour of the day, shape (24,), as `crews_at_least` returns them. Jobs of other
        areas are left out.
    child
        Whether missing-child jobs are fitted as others are; else they are only ahead and in hand.

    Raises
    ------
    sim.errors.InputError
        If fewer than 200 jobs were allocated, or the search for the most likely rate does not end.

    Notes
    -----
    A complementary log-log regression by minutes waited, which is a proportional rate seen at
    whole minutes (Prentice and Gloeckler 1978). A ridge keeps the clock smooth where the log says
    little; Newton's method finds the most likely values. Busy crews and jobs ahead are counted
    at the beginning of each minute, so that no job is explained by its own allocation.
    """
    rows = _minutes(work, crews, child=child)
    if rows.gone.sum() < FEWEST:
        message = (
            f"a dispatcher's rate cannot be told: {int(rows.gone.sum())} jobs have a time of "
            f"allocation; it takes {FEWEST} or more"
        )
        raise InputError(message)
    minutes, (rows, count, gone) = len(rows.gone), _alike(rows)
    grades = tuple(int(one) for one in np.unique(rows.grade))
    features = _features(grades, rows.grade, rows.waited, rows.minute, rows.busy, rows.ahead)
    cells, n = len(grades) * len(WAITED), len(grades)
    ridge = np.full(features.shape[1], _RIDGE_LOAD)
    ridge[:cells], ridge[cells : cells + KNOTS] = _RIDGE_BASE, _RIDGE_CLOCK
    start = np.zeros(features.shape[1])
    start[:cells] = np.log(gone.sum() / minutes)
    beta, error = _most_likely(features, count, gone, ridge, start)
    load = cells + KNOTS
    return Rate(
        grades=grades,
        base=beta[:cells].reshape(n, len(WAITED)),
        clock=beta[cells:load],
        busy=beta[load : load + n],
        ahead=beta[load + n :],
        busy_error=error[load : load + n],
        ahead_error=error[load + n :],
        minutes=minutes,
    )


def _alike(rows: _Minutes) -> tuple[_Minutes, Floats, Floats]:
    """Put minutes together that are alike: one of each, how many there are, how many ended it.

    Alike are those of a grade, a row of the base, a quarter of an hour (taken as its middle), a
    share of crews busy within two in a hundred, and as many jobs ahead.
    """
    waited = np.searchsorted(WAITED, rows.waited, "right") - 1
    quarter = np.floor(rows.minute / _QUARTER).astype(np.int64) % _QUARTERS
    busy = np.round(rows.busy * _SHARES).astype(np.int64)
    ahead = np.minimum(rows.ahead, MOST_AHEAD)
    number = (rows.grade * len(WAITED) + waited) * _QUARTERS + quarter
    number = (number * (_SHARES + 1) + busy) * (MOST_AHEAD + 1) + ahead
    _, first, which = np.unique(number, return_index=True, return_inverse=True)
    one_of_each = _Minutes(
        grade=rows.grade[first],
        waited=rows.waited[first],
        minute=np.asarray((quarter[first] + 0.5) * _QUARTER, dtype=np.float64),
        busy=busy[first] / _SHARES,
        ahead=ahead[first],
        gone=rows.gone[first],
        child=rows.child[first],
    )
    gone = np.bincount(which, rows.gone).astype(np.float64)
    return one_of_each, np.bincount(which).astype(np.float64), gone


def _most_likely(
    features: Floats, count: Floats, gone: Floats, ridge: Floats, start: Floats
) -> tuple[Floats, Floats]:
    """Return the values of the largest penalised likelihood, and their standard errors.

    Of each row of the features there are `count` minutes, of which `gone` ended in an allocation.
    """
    # The ridge holds the base near its mean: a bin that no job reached is then no rate of 1.
    beta = start.copy()
    for _ in range(_ROUNDS):
        hazard = np.exp(np.clip(features @ beta, _LOW, _HIGH))
        probability = np.maximum(-np.expm1(-hazard), 1e-12)
        pull = gone * hazard * np.exp(-hazard) / probability - (count - gone) * hazard
        weight = count * np.maximum(hazard**2 * np.exp(-hazard) / probability, 1e-9)
        curvature = (features.T * weight) @ features + np.diag(ridge)
        step = np.linalg.solve(curvature, features.T @ pull - ridge * (beta - start))
        beta = beta + np.clip(step, -_LARGEST_STEP, _LARGEST_STEP)
        if np.abs(step).max() < _NEAR:
            return beta, np.sqrt(np.diag(np.linalg.inv(curvature)))
    message = f"a dispatcher's rate cannot be told: no most likely rate after {_ROUNDS} rounds"
    raise InputError(message)


def _features(
    grades: tuple[int, ...], grade: Ints, waited: Floats, minute: Floats, busy: Floats, ahead: Ints
) -> Floats:
    rows, n = np.arange(len(grade)), len(grades)
    place = np.searchsorted(np.asarray(grades), grade)
    base = np.zeros((len(grade), n * len(WAITED)))
    base[rows, place * len(WAITED) + np.searchsorted(WAITED, waited, "right") - 1] = 1
    at = minute % _DAY_MINUTES / _DAY_MINUTES * KNOTS
    knot = np.floor(at).astype(np.int64)
    clock = np.zeros((len(grade), KNOTS))
    clock[rows, knot % KNOTS] += 1 - (at - knot)
    clock[rows, (knot + 1) % KNOTS] += at - knot
    load = np.zeros((len(grade), 2 * n))
    load[rows, place] = busy
    load[rows, n + place] = np.log1p(np.minimum(ahead, MOST_AHEAD))
    return np.concatenate([base, clock, load], axis=1)


def factor_of(rate: Rate, work: Work, crews: Mapping[str, Floats]) -> float | None:
    """Return how many times the rate of others missing-child jobs have; None with fewer than ten.

    It is shrunk towards one as if ten more had been let go at the rate of others: what few jobs
    say of it is mostly luck.
    """
    rows = _minutes(work, crews)
    own = rows.child == 1
    if rows.gone[own].sum() < _FEWEST_CHILDREN:
        return None
    a_minute = rate.a_minute(
        rows.grade[own], rows.waited[own], rows.minute[own], rows.busy[own], rows.ahead[own]
    )
    return float((rows.gone[own].sum() + _AS_OTHERS) / (a_minute.sum() + _AS_OTHERS))


def _minutes(work: Work, crews: Mapping[str, Floats], *, child: bool = True) -> _Minutes:
    jobs, at_work = allocated(work), in_hand(work)
    parts = [
        _of_area(own, at_work[str(area)], crews[str(area)])
        for (area,), own in sorted(jobs.group_by("area"), key=lambda one: str(one[0][0]))
        if str(area) in crews
    ]
    names = _Minutes.__slots__
    rows = [np.concatenate([getattr(part, name) for part in parts]) for name in names]
    if not child:
        kept = rows[names.index("child")] == 0
        rows = [one[kept] for one in rows]
    return _Minutes(*rows)


def _of_area(jobs: pl.DataFrame, at_work: InHand, crews: Floats) -> _Minutes:
    graded = jobs["graded"].to_numpy().astype(np.int64)
    assigned = np.maximum(jobs["assigned"].to_numpy().astype(np.int64), graded)
    grade = jobs["grade"].to_numpy().astype(np.int64)
    child = (jobs["stream"] == "missing_child").to_numpy().astype(np.int64)
    last = np.maximum(-(-(assigned - graded) // _MINUTE) - 1, 0)
    own = np.flatnonzero(~jobs["lead_in"].to_numpy())
    length = np.minimum(last, _LONGEST)[own] + 1
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
    hour = begun // _HOUR % 24
    return _Minutes(
        grade=grade[job],
        waited=passed.astype(np.float64),
        minute=begun / _MINUTE,
        busy=np.clip(at_work.at(begun) / crews[hour], 0.0, 1.0),
        ahead=np.maximum(ahead, 0),
        gone=(passed == last[job]).astype(np.float64),
        child=child[job],
    )
