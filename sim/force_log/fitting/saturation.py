"""Crews from jobs that waited while so many others were in hand.

While fewer jobs are in hand than there are crews, dispatchers let a waiting job go at their rate;
while as many are, hardly ever. So a number at which jobs stood still speaks for so many crews, and
jobs let go above it against it; where jobs never stood still, a log does not tell how many more
crews there were.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from sim.force_log.fitting.job_minutes import WAITED, JobMinutes, alike, summed
from sim.force_log.fitting.rate import (
    Seen,
    features_of_rows,
    hazard_of,
    most_likely,
    penalty_of,
)

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]

_KNOTS: Final = 24
_ROUGH: Final = 3.0
_HOURS: Final = 24
_HOUR_MINUTES: Final = 60
_MOST: Final = 250
_SPREADS: Final = (0.05, 0.1, 0.2, 0.4)
"""Variance of the crews on duty over their mean, among which the log chooses."""
_PARTS: Final = (0.02, 0.1)
"""Times the rate while all crews have a job: diversions, and ends that a log tells late."""
_STEPS: Final = (1.5, 1.2, 1.1, 1.05, 1.02)
_PROFILE: Final = (1.03, 1.06, 1.1, 1.15, 1.2, 1.3, 1.45, 1.7, 2.2, 3.0)
_WIDENED: Final = 2.0
"""Times the fall of the likelihood that theory asks for. A job whose crew was taken from it is
still in hand, and crews of one run of hours are not quite one draw: of 135 numbers of 45 simulated
forces 119 lay inside 95 % limits without it."""
_FURTHER_DOWN: Final = (4.5, 7.0, 12.0)
"""Where a log does not tell, the likeliest number may be one of a great many."""
_ROUNDS: Final = 8
_SETTLED: Final = 0.1
_NEWTON: Final = 4


@dataclass(frozen=True, slots=True, eq=False)
class CrewsTold:
    """What a log tells of crews.

    Attributes
    ----------
    value
        The likeliest numbers.
    low, high
        Their limits; None: no number is too few, or too many, for the log.
    free
        Of each minute the chance that a crew was free, shape (n,).
    """

    value: tuple[float, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]
    free: Floats


@dataclass(frozen=True, slots=True)
class _State:
    """Numbers of crews, how much they vary, the part of the rate that is left, and the rate."""

    numbers: tuple[float, ...]
    spread: float
    part: float
    rate: Floats
    height: float


def crews_told(
    rows: JobMinutes, basis: Sequence[Floats], begin: Sequence[float], *, level: float
) -> CrewsTold:
    """Find the likeliest numbers of crews, and how far each can move.

    Parameters
    ----------
    rows
        As `minutes_of` returns them.
    basis
        By number of an area, shape (numbers, 24): the crews on duty at each hour for one of each
        fitted number.
    begin
        Numbers that the search begins with.
    level
        Of the limits.

    Notes
    -----
    The crews on duty in one run of hours with the same shifts are one draw, whose mean the numbers
    give. The rate of the time when a crew is free, and the numbers, are found in turn (an
    expectation and maximisation, Dempster, Laird and Rubin 1977); limits are those of the profile
    likelihood, the rate and the other numbers fitted anew.
    """
    from scipy.special import chdtri

    search = _Search(rows, basis)
    best = search.found(tuple(begin))
    limit = best.height - _WIDENED * float(chdtri(1, 1 - level)) / 2
    ends = [
        [search.end(best, number, way, limit) for number in range(len(begin))] for way in (-1, 1)
    ]
    return CrewsTold(best.numbers, tuple(ends[0]), tuple(ends[1]), search.free(best))


class _Search:
    def __init__(self, rows: JobMinutes, basis: Sequence[Floats]) -> None:
        self._gone = rows.gone > 0
        most = min(int(rows.in_hand.max(initial=0)) + 1, _MOST)
        self._count = np.clip(rows.in_hand, 0, most - 1)
        self._most = most
        # Only how it goes with jobs in hand is asked, not with any number of crews.
        usual = float(np.quantile(self._count, 0.95)) + 1.0
        ones, self._which = alike(replace(rows, busy=self._count / usual))
        grades = tuple(int(one) for one in np.unique(rows.grade))
        self._features = features_of_rows(grades, ones, knots=_KNOTS)
        self._penalty = penalty_of(len(grades), _KNOTS, _ROUGH)
        self._start = np.zeros(self._features.shape[1])
        cells = len(grades) * len(WAITED)
        self._start[:cells] = np.log(self._gone.sum() / len(self._gone))
        self._block, self._kind, self._basis = _blocks(rows, basis)
        self._blocks = len(self._kind)
        self._let_go = self._by_block(self._gone.astype(np.float64))

    def _by_block(self, values: Floats) -> Floats:
        """Sum over the rows of each block with so many jobs in hand or more."""
        number = self._block * self._most + self._count
        sums = np.bincount(number, values, self._blocks * self._most)
        sums = sums.reshape(self._blocks, self._most)
        return np.asarray(sums[:, ::-1].cumsum(axis=1)[:, ::-1])

    def found(self, begin: tuple[float, ...]) -> _State:
        """Return the likeliest of all."""
        state = _State(begin, _SPREADS[1], _PARTS[0], self._rated(np.ones(len(self._gone))), 0.0)
        state = self._numbers(state)
        for _ in range(_ROUNDS):
            before = state.height
            state = self._numbers(self._with_rate(state))
            if abs(state.height - before) < _SETTLED:
                break
        return state

    def end(self, best: _State, number: int, way: int, limit: float) -> float | None:
        """Move one number a way until the log speaks against it; None: it does not."""
        near, above = best.numbers[number], best.height
        state = best
        for times in _PROFILE if way > 0 else (*_PROFILE, *_FURTHER_DOWN):
            moved = list(state.numbers)
            moved[number] = best.numbers[number] * times**way
            state = self._with_rate(replace(state, numbers=tuple(moved)))
            state = self._numbers(state, fixed=number, steps=_STEPS[2::2])
            if state.height < limit:
                part = (above - limit) / max(above - state.height, 1e-9)
                return float(near + part * (moved[number] - near))
            near, above = moved[number], min(state.height, above)
        return None

    def free(self, state: _State) -> Floats:
        """Return the chance that a crew was free, of each row."""
        return 1 - self._all_busy(state)

    def _all_busy(self, state: _State) -> Floats:
        chance, _ = self._weighed(state, self._gain(state))
        at_most = np.cumsum(chance, axis=1)
        return np.asarray(at_most[self._block, self._count])

    def _with_rate(self, state: _State) -> _State:
        """Fit the rate to the minutes in which a crew was free."""
        weight = 1 - (1 - state.part) * self._all_busy(state)
        return replace(state, rate=self._rated(np.maximum(weight, 1e-6), state.rate))

    def _rated(self, weight: Floats, begin: Floats | None = None) -> Floats:
        gone = summed(self._which, np.where(self._gone, weight, 0.0))
        stood = summed(self._which, np.where(self._gone, 0.0, weight))
        seen = Seen(stood, np.arange(len(gone)), np.ones(len(gone)), gone)
        # The next step moves it again: near is enough.
        rate, _ = most_likely(
            self._features, seen, self._penalty, self._start, begin,
            rounds=_NEWTON if begin is not None else 4 * _NEWTON,
        )  # fmt: skip
        return rate

    def _hazard(self, rate: Floats) -> Floats:
        return np.asarray(hazard_of(self._features, rate)[self._which])

    def _gain(self, state: _State) -> Floats:
        """What so many crews add to the likelihood, by block, shape (blocks, most + 1)."""
        stood = self._by_block(np.where(self._gone, 0.0, self._hazard(state.rate)))
        gain = (1 - state.part) * stood + np.log(state.part) * self._let_go
        return np.concatenate([gain, np.zeros((self._blocks, 1))], axis=1)

    def _weighed(self, state: _State, gain: Floats) -> tuple[Floats, float]:
        """Return the chance of each number of crews in each block, and the log likelihood."""
        mean = np.maximum(np.asarray(state.numbers) @ self._basis, 0.2)[:, None]
        count = np.arange(self._most + 1)
        # With more crews than jobs were ever in hand they are never all busy: the last is for all.
        upper = np.append(count[:-1] + 0.5, np.inf)
        lower = np.append(-np.inf, count[1:] - 0.5)
        error = np.sqrt(np.maximum(state.spread * mean, 0.02))
        prior = _normal((upper - mean) / error) - _normal((lower - mean) / error)
        height = np.log(np.maximum(prior, 1e-300))[self._kind] + gain
        top = height.max(axis=1, keepdims=True)
        weight = np.exp(height - top)
        total = weight.sum(axis=1, keepdims=True)
        return weight / total, float((top + np.log(total)).sum())

    def _numbers(
        self, state: _State, fixed: int | None = None, steps: Sequence[float] = _STEPS
    ) -> _State:
        """Return the likeliest numbers, spread and part of the rate, given the rate."""
        hazard = self._hazard(state.rate)
        alone = float(np.where(self._gone, np.log(-np.expm1(-hazard)), -hazard).sum())
        apart = state.rate - self._start
        alone -= 0.5 * float(apart @ self._penalty @ apart)
        gains = {part: self._gain(replace(state, part=part)) for part in _PARTS}

        def height(other: _State) -> float:
            return self._weighed(other, gains[other.part])[1]

        best, top = state, height(state)
        moved = [one for one in range(len(state.numbers)) if one != fixed]
        for step in steps:
            for _ in range(_ROUNDS):
                before = top
                others = [replace(best, spread=one) for one in _SPREADS if one != best.spread]
                others += [replace(best, part=one) for one in _PARTS if one != best.part]
                for number in moved:
                    for times in (step, 1 / step):
                        numbers = list(best.numbers)
                        numbers[number] *= times
                        others.append(replace(best, numbers=tuple(numbers)))
                for other in others:
                    other_height = height(other)
                    if other_height > top:
                        best, top = other, other_height
                if top <= before + 1e-9:
                    break
        return replace(best, height=alone + top)


def _blocks(rows: JobMinutes, basis: Sequence[Floats]) -> tuple[Ints, Ints, Floats]:
    """Return the block of each row, the kind of each block, and the crews of each kind.

    A block is one run of hours with the same shifts in one area.
    """
    hours = np.floor(rows.minute / _HOUR_MINUTES).astype(np.int64)
    hours -= hours.min(initial=0)
    first = int(np.floor(rows.minute.min(initial=0.0) / _HOUR_MINUTES)) % _HOURS
    run = np.zeros(len(hours), dtype=np.int64)
    kinds: list[Floats] = []
    total = 0
    for place, crews in enumerate(basis):
        own = rows.place == place
        clock = (first + np.arange(int(hours.max(initial=0)) + 1)) % _HOURS
        by_hour = crews[:, clock]
        begins = np.append(True, (by_hour[:, 1:] != by_hour[:, :-1]).any(axis=0))
        if begins.sum() == 1:
            begins |= clock == 0
        number = np.cumsum(begins) - 1
        run[own] = total + number[hours[own]]
        for start in np.flatnonzero(begins):
            kinds.append(by_hour[:, start])
        total += int(begins.sum())
    columns, kind = np.unique(np.stack(kinds, axis=1), axis=1, return_inverse=True)
    used, block = np.unique(run, return_inverse=True)
    return block.astype(np.int64), kind.ravel()[used].astype(np.int64), columns


def _normal(values: Floats) -> Floats:
    from scipy.special import ndtr

    return np.asarray(ndtr(values), dtype=np.float64)
