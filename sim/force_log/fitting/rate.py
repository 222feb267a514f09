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
from sim.force_log.replaying.work import Work

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
        features = features_of(
            self.grades, grade, waited, minute, busy, ahead, knots=len(self.clock)
        )
        beta = np.concatenate([self.base.ravel(), self.clock, self.busy, self.ahead])
        return np.asarray(np.exp(np.clip(features @ beta, _LOW, _HIGH)))


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
        was, all the time.

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
    explained by its own allocation.
    """
    rows = minutes_of(work, crews, child=child)
    if rows.gone.sum() < FEWEST:
        message = (
            f"a dispatcher's rate cannot be told: {int(rows.gone.sum())} jobs have a time of "
            f"allocation; it takes {FEWEST} or more"
        )
        raise InputError(message)
    one_of_each, which = alike(rows)
    chance = np.ones(len(which)) if weights is None else np.maximum(weights, 1e-6)
    count = summed(which, chance)
    gone = summed(which, chance * rows.gone)
    grades = tuple(int(one) for one in np.unique(rows.grade))
    features = features_of_rows(grades, one_of_each)
    cells, n = len(grades) * len(WAITED), len(grades)
    start = np.zeros(features.shape[1])
    start[:cells] = np.log(gone.sum() / count.sum())
    found: tuple[float, Floats, Floats] | None = None
    for rough in ROUGH:
        penalty = penalty_of(n, KNOTS, rough)
        begin = None if found is None else found[1]
        beta, error = most_likely(features, count, gone, penalty, start, begin)
        criterion = _criterion(features, count, gone, penalty, beta)
        if found is None or criterion < found[0]:
            found = criterion, beta, error
    assert found is not None
    _, beta, error = found
    load = cells + KNOTS
    return Rate(
        grades=grades,
        base=beta[:cells].reshape(n, len(WAITED)),
        clock=beta[cells:load],
        busy=beta[load : load + n],
        ahead=beta[load + n :],
        busy_error=error[load : load + n],
        ahead_error=error[load + n :],
        minutes=len(rows.gone),
    )


def most_likely(
    features: Floats,
    count: Floats,
    gone: Floats,
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
    count, gone
        Of each row so many minutes, of which so many ended in an allocation, shape (n,).
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
        pull, weight, _ = _slopes(features, count, gone, beta)
        curvature = (features.T * weight) @ features + penalty
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


def _slopes(
    features: Floats, count: Floats, gone: Floats, beta: Floats
) -> tuple[Floats, Floats, float]:
    """Return first and second slopes of the log likelihood by row, shape (n,), and its value."""
    hazard = np.exp(np.clip(features @ beta, _LOW, _HIGH))
    probability = np.maximum(-np.expm1(-hazard), 1e-12)
    pull = gone * hazard * np.exp(-hazard) / probability - (count - gone) * hazard
    weight = count * np.maximum(hazard**2 * np.exp(-hazard) / probability, 1e-9)
    height = float((gone * np.log(probability) - (count - gone) * hazard).sum())
    return pull, weight, height


def _criterion(
    features: Floats, count: Floats, gone: Floats, penalty: Floats, beta: Floats
) -> float:
    """Akaike's criterion of a penalised fit."""
    _, weight, height = _slopes(features, count, gone, beta)
    told = (features.T * weight) @ features
    return float(2 * np.trace(np.linalg.solve(told + penalty, told)) - 2 * height)


def penalty_of(grades: int, knots: int, rough: float) -> Floats:
    """Return the penalty of a rate's values, shape (p, p): a small one, and of a rough clock."""
    cells = grades * len(WAITED)
    penalty = np.full(cells + knots + 2 * grades, _RIDGE_LOAD)
    penalty[: cells + knots] = _RIDGE_BASE
    whole = np.diag(penalty)
    step = np.eye(knots) - np.roll(np.eye(knots), 1, axis=1)
    whole[cells : cells + knots, cells : cells + knots] += rough * step.T @ step
    return np.asarray(whole)


def features_of_rows(grades: tuple[int, ...], rows: JobMinutes, knots: int = KNOTS) -> Floats:
    """Return the features of minutes, shape (n, p)."""
    return features_of(
        grades, rows.grade, rows.waited, rows.minute, rows.busy, rows.ahead, knots=knots
    )


def features_of(
    grades: tuple[int, ...],
    grade: Ints,
    waited: Floats,
    minute: Floats,
    busy: Floats,
    ahead: Ints,
    *,
    knots: int = KNOTS,
) -> Floats:
    """Return what a rate's values are multiplied by, shape (n, p); see `Rate.a_minute`."""
    rows, n = np.arange(len(grade)), len(grades)
    place = np.searchsorted(np.asarray(grades), grade)
    base = np.zeros((len(grade), n * len(WAITED)))
    base[rows, place * len(WAITED) + np.searchsorted(WAITED, waited, "right") - 1] = 1
    at = minute % DAY_MINUTES / DAY_MINUTES * knots
    knot = np.floor(at).astype(np.int64)
    clock = np.zeros((len(grade), knots))
    clock[rows, knot % knots] += 1 - (at - knot)
    clock[rows, (knot + 1) % knots] += at - knot
    load = np.zeros((len(grade), 2 * n))
    load[rows, place] = busy
    load[rows, n + place] = np.log1p(np.minimum(ahead, MOST_AHEAD))
    return np.concatenate([base, clock, load], axis=1)


def factor_of(rate: Rate, work: Work, crews: Mapping[str, Floats]) -> float | None:
    """Return how many times the rate of others missing-child jobs have; None with fewer than ten.

    It is shrunk towards one as if ten more had been let go at the rate of others: what few jobs
    say of it is mostly luck.
    """
    rows = minutes_of(work, crews)
    own = rows.child == 1
    if rows.gone[own].sum() < _FEWEST_CHILDREN:
        return None
    a_minute = rate.a_minute(
        rows.grade[own], rows.waited[own], rows.minute[own], rows.busy[own], rows.ahead[own]
    )
    return float((rows.gone[own].sum() + _AS_OTHERS) / (a_minute.sum() + _AS_OTHERS))
