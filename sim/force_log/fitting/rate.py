"""The rate at which a dispatcher lets jobs go, from a log, by its likelihood.

What delays a job and is no lack of a crew (a decision, a handover, a call back) comes at a rate
that depends on its grade, on how long it has waited, on the clock, on how many of its own area's
crews are busy, on how many jobs are ahead of it and on whether one of these crews has just cleared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from sim.errors import InputError
from sim.force_log.fitting.job_minutes import (
    DAY_MINUTES,
    MOST_AHEAD,
    WAITED,
    JobMinutes,
    alike,
    minutes_of,
    summed,
)
from sim.force_log.fitting.just_freed import Parts, parts_of
from sim.force_log.replaying.work import Work

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Features: TypeAlias = "csr_array[np.float64]"
Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]

KNOTS: Final = 96
"""Of the clock's curve, one a quarter of an hour; between them it is a straight line."""

ROUGH: Final = (3.0, 10.0, 30.0, 100.0)
"""What a step of the clock from one knot to the next may cost: the log chooses."""

FEWEST: Final = 200
"""Allocations from which a rate can be told."""

_AS_OTHERS: Final = 10.0
_FEWEST_CHILDREN: Final = 10
_LOW, _HIGH = -12.0, 2.5
_ROUNDS: Final = 60
_NEAR: Final = 1e-6
_LARGEST_STEP: Final = 2.0
_RIDGE_BASE: Final = 0.05
_RIDGE_LOAD: Final = 0.01
_STRETCHES: Final = 12
"""Stretches in which jobs were let go are alike within so many parts of a minute."""


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
        By quarter of an hour, shape (96,), added to the base; between them a straight line.
    busy
        By grade: what is added when all of the own area's crews are busy, in proportion.
    ahead
        By grade: what is added for each unit of log(1 + jobs ahead).
    just_freed
        By grade: what is added up to a minute after a crew of the own area has cleared.
    busy_error, ahead_error, just_freed_error
        Their standard errors.
    minutes
        Job-minutes that it was fitted to.
    let_go_just_freed
        By grade: jobs that were let go up to a minute after a crew had cleared.
    """

    grades: tuple[int, ...]
    base: Floats
    clock: Floats
    busy: Floats
    ahead: Floats
    just_freed: Floats
    busy_error: Floats
    ahead_error: Floats
    just_freed_error: Floats
    minutes: int
    let_go_just_freed: Ints

    def a_minute(
        self,
        grade: Ints,
        waited: Floats,
        minute: Floats,
        busy: Floats,
        ahead: Ints,
        freed: Ints,
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
        freed
            Whether a crew of the own area has just cleared, 0 or 1.
        """
        features = features_of(
            self.grades, grade, waited, minute, busy, ahead, freed, knots=len(self.clock)
        )
        beta = np.concatenate(
            [self.base.ravel(), self.clock, self.busy, self.ahead, self.just_freed]
        )
        return hazard_of(features, beta)


def rate_of(
    work: Work,
    crews: Mapping[str, Floats],
    *,
    child: bool = True,
    weights: Floats | None = None,
) -> Rate:
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
    weights
        Of each minute, as `minutes_of` returns them, the chance that a crew was free; None: one
        was, all the time. With them a crew that has just cleared makes no difference to the rate:
        that it takes the next job is the queue for crews, which such a rate leaves to them.

    Raises
    ------
    sim.errors.InputError
        If fewer than 200 jobs were allocated, or the search for the most likely rate does not end.

    Notes
    -----
    A complementary log-log regression by minutes waited, which is a proportional rate seen at
    whole minutes (Prentice and Gloeckler 1978). Newton's method finds the most likely values. How
    smooth the clock is, so that it says little where the log does and has a lull where there is
    one, is chosen by Akaike's criterion with effective degrees of freedom (Hastie and Tibshirani
    1990). Busy crews and jobs ahead are counted at the beginning of each minute, so that no job is
    explained by its own allocation. A minute in part of which a crew had just cleared is two rows,
    each as long as it lasted.
    """
    rows = minutes_of(work, crews, child=child)
    if rows.gone.sum() < FEWEST:
        message = (
            f"a dispatcher's rate cannot be told: {int(rows.gone.sum())} jobs have a time of "
            f"allocation; it takes {FEWEST} or more"
        )
        raise InputError(message)
    grades = tuple(int(one) for one in np.unique(rows.grade))
    parts = parts_of(rows, work, sorted(crews))
    chance = np.ones(len(parts.row))
    if weights is not None:
        chance = np.maximum(weights[parts.row], 1e-6)
        parts = replace(parts, freed=np.zeros_like(parts.freed))
    features, seen = _together(grades, rows, parts, chance)
    cells, n = len(grades) * len(WAITED), len(grades)
    start = np.zeros(features.shape[1])
    start[:cells] = np.log(seen.gone.sum() / (chance * parts.length).sum())
    found: tuple[float, Floats, Floats] | None = None
    for rough in ROUGH:
        penalty = penalty_of(n, KNOTS, rough, loads=3)
        begin = None if found is None else found[1]
        beta, error = most_likely(features, seen, penalty, start, begin)
        criterion = _criterion(features, seen, penalty, beta)
        if found is None or criterion < found[0]:
            found = criterion, beta, error
    assert found is not None
    _, beta, error = found
    load = cells + KNOTS
    busy, ahead, just_freed = beta[load:].reshape(3, n)
    busy_error, ahead_error, just_freed_error = error[load:].reshape(3, n)
    return Rate(
        grades=grades,
        base=beta[:cells].reshape(n, len(WAITED)),
        clock=beta[cells:load],
        busy=busy,
        ahead=ahead,
        just_freed=just_freed,
        busy_error=busy_error,
        ahead_error=ahead_error,
        just_freed_error=just_freed_error,
        minutes=len(rows.gone),
        let_go_just_freed=_let_go_just_freed(grades, rows, parts),
    )


def _let_go_just_freed(grades: tuple[int, ...], rows: JobMinutes, parts: Parts) -> Ints:
    grade = rows.grade[parts.row[(parts.gone > 0) & (parts.freed == 1)]]
    return np.asarray([(grade == one).sum() for one in grades], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Seen:
    """How long jobs stood and how many were let go, by row of the features, of n.

    Attributes
    ----------
    stood
        Minutes that ended with the job still waiting, shape (n,).
    row, length, gone
        So many (`gone`) jobs were let go in a stretch of `length` minutes, all with the features
        of `row`; shape (m,).
    """

    stood: Floats
    row: Ints
    length: Floats
    gone: Floats


def _together(
    grades: tuple[int, ...], rows: JobMinutes, parts: Parts, chance: Floats
) -> tuple[Features, Seen]:
    """Put parts of minutes together that are alike; return their features and what was seen."""
    one_of_each, which = alike(rows)
    kind, place = np.unique(which[parts.row] * 2 + parts.freed, return_inverse=True)
    features = features_of_rows(grades, one_of_each.some(kind // 2), freed=kind % 2)
    went = parts.gone > 0
    stretch = np.maximum(np.round(parts.length[went] * _STRETCHES), 1).astype(np.int64)
    number, ended = np.unique(place[went] * (_STRETCHES + 1) + stretch, return_inverse=True)
    seen = Seen(
        stood=summed(place, np.where(went, 0.0, chance * parts.length)),
        row=number // (_STRETCHES + 1),
        length=number % (_STRETCHES + 1) / _STRETCHES,
        gone=summed(ended, chance[went]),
    )
    return features, seen


def most_likely(
    features: Features,
    seen: Seen,
    penalty: Floats,
    start: Floats,
    begin: Floats | None = None,
    *,
    rounds: int | None = None,
) -> tuple[Floats, Floats]:
    """Return the values of the largest penalised likelihood, and their standard errors.

    Parameters
    ----------
    features
        Shape (n, p).
    seen
        Of each row of them.
    penalty
        Shape (p, p), for departing from `start`, shape (p,): a bin that no job reached is then
        no rate of one.
    begin
        Where the search begins; None: at `start`.
    rounds
        After which it ends, wherever it is; None: when it has settled.

    Raises
    ------
    sim.errors.InputError
        If it does not settle.
    """
    beta = (start if begin is None else begin).copy()
    for _ in range(rounds or _ROUNDS):
        pull, weight, _ = _slopes(features, seen, beta)
        curvature = _told(features, weight) + penalty
        step = np.linalg.solve(curvature, features.T @ pull - penalty @ (beta - start))
        beta = beta + np.clip(step, -_LARGEST_STEP, _LARGEST_STEP)
        if np.abs(step).max() < _NEAR:
            break
    else:
        if rounds is None:
            message = (
                f"a dispatcher's rate cannot be told: no most likely rate after {_ROUNDS} rounds"
            )
            raise InputError(message)
    return beta, np.sqrt(np.diag(np.linalg.inv(curvature)))


def _slopes(features: Features, seen: Seen, beta: Floats) -> tuple[Floats, Floats, float]:
    """Return first and second slopes of the log likelihood by row, shape (n,), and its value."""
    hazard = hazard_of(features, beta)
    own = hazard[seen.row] * seen.length
    probability = np.maximum(-np.expm1(-own), 1e-12)
    # Of log(1 - exp(-own)), on the scale of the logarithm of the rate.
    rise = own * np.exp(-own) / probability
    bend = rise * (own / probability - 1)
    rows = len(hazard)
    pull = np.bincount(seen.row, seen.gone * rise, rows) - seen.stood * hazard
    weight = np.bincount(seen.row, seen.gone * bend, rows) + seen.stood * hazard
    height = float((seen.gone * np.log(probability)).sum() - (seen.stood * hazard).sum())
    return pull, np.maximum(weight, 1e-9), height


def hazard_of(features: Features, beta: Floats) -> Floats:
    """Return the rate a minute of each row, shape (n,), with these values of its logarithm."""
    return np.asarray(np.exp(np.clip(np.asarray(features @ beta), _LOW, _HIGH)))


def _told(features: Features, weight: Floats) -> Floats:
    """Return what rows of such weights tell of the values together, shape (p, p)."""
    from scipy.sparse import diags_array

    return np.asarray((features.T @ (diags_array(weight) @ features)).toarray())


def _criterion(features: Features, seen: Seen, penalty: Floats, beta: Floats) -> float:
    """Akaike's criterion of a penalised fit."""
    _, weight, height = _slopes(features, seen, beta)
    told = _told(features, weight)
    return float(2 * np.trace(np.linalg.solve(told + penalty, told)) - 2 * height)


def penalty_of(grades: int, knots: int, rough: float, *, loads: int = 2) -> Floats:
    """Return the penalty of a rate's values, shape (p, p): a small one, and of a rough clock."""
    cells = grades * len(WAITED)
    penalty = np.full(cells + knots + loads * grades, _RIDGE_LOAD)
    penalty[: cells + knots] = _RIDGE_BASE
    whole = np.diag(penalty)
    step = np.eye(knots) - np.roll(np.eye(knots), 1, axis=1)
    whole[cells : cells + knots, cells : cells + knots] += rough * step.T @ step
    return np.asarray(whole)


def features_of_rows(
    grades: tuple[int, ...], rows: JobMinutes, freed: Ints | None = None, knots: int = KNOTS
) -> Features:
    """Return the features of minutes, shape (n, p)."""
    return features_of(
        grades, rows.grade, rows.waited, rows.minute, rows.busy, rows.ahead, freed, knots=knots
    )


def features_of(
    grades: tuple[int, ...],
    grade: Ints,
    waited: Floats,
    minute: Floats,
    busy: Floats,
    ahead: Ints,
    freed: Ints | None = None,
    *,
    knots: int = KNOTS,
) -> Features:
    """Return what a rate's values are multiplied by, shape (n, p); see `Rate.a_minute`.

    Without `freed` there is no column for a crew that has just cleared.
    """
    from scipy.sparse import csr_array

    n, cells = len(grades), len(grades) * len(WAITED)
    place = np.searchsorted(np.asarray(grades), grade)
    waits = np.searchsorted(WAITED, waited, "right") - 1
    at = minute % DAY_MINUTES / DAY_MINUTES * knots
    knot = np.floor(at).astype(np.int64)
    loads = [busy, np.log1p(np.minimum(ahead, MOST_AHEAD))]
    if freed is not None:
        loads.append(freed)
    columns = [
        place * len(WAITED) + waits,
        cells + knot % knots,
        cells + (knot + 1) % knots,
        *(cells + knots + number * n + place for number in range(len(loads))),
    ]
    values = [np.ones(len(grade)), 1 - (at - knot), at - knot, *loads]
    return csr_array(
        (
            np.stack(values, axis=1).ravel(),
            np.stack(columns, axis=1).ravel(),
            np.arange(len(grade) + 1) * len(columns),
        ),
        shape=(len(grade), cells + knots + len(loads) * n),
    )


def factor_of(rate: Rate, work: Work, crews: Mapping[str, Floats]) -> float | None:
    """Return how many times the rate of others missing-child jobs have; None with fewer than ten.

    It is shrunk towards one as if ten more had been let go at the rate of others: what few jobs
    say of it is mostly luck.
    """
    rows = minutes_of(work, crews)
    own = rows.some(rows.child == 1)
    if own.gone.sum() < _FEWEST_CHILDREN:
        return None
    parts = parts_of(own, work, sorted(crews))
    cut = own.some(parts.row)
    a_minute = rate.a_minute(cut.grade, cut.waited, cut.minute, cut.busy, cut.ahead, parts.freed)
    expected = float((a_minute * parts.length).sum())
    return float((own.gone.sum() + _AS_OTHERS) / (expected + _AS_OTHERS))
