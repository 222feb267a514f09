"""How well a log bounds each number that was fitted to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from sim.force_log.fitting.candidate import PATTERNS, Candidate
from sim.force_log.fitting.guesses import REPLICATIONS, Guesses
from sim.force_log.fitting.moves import Moves

_PROFILE: Final = (1.05, 1.1, 1.2, 1.35, 1.6, 2.0, 2.5)
"""Times and parts of its value that a number is moved to."""

_OTHERS: Final = 1.2
"""By how much the others are moved to make up for it."""


@dataclass(frozen=True, slots=True)
class Free:
    """Crews free on one shift.

    Attributes
    ----------
    shift
        Its name.
    value, low, high
        Crews free on average (with a rota: share of its people). `low` or `high` None: not known
        yet (`crew_limits` gives every number both).
    high_from
        Whether the upper end is the log's, all of the rota, or assumed.
    range_of_high
        Where it is assumed: what else it might be.
    """

    shift: str
    value: float
    low: float | None
    high: float | None
    high_from: Literal["log", "rota", "assumed"] = "log"
    range_of_high: tuple[float, float] | None = None


class Bounds:
    """How far each number of the nearest guess can move before the log speaks against it.

    The bound is the chi-squared quantile of one number, widened where even the nearest guess is
    further away than luck explains.

    Parameters
    ----------
    guesses, moves
        What was tried, and what can be.
    best
        The nearest guess.
    level
        Of the intervals.
    """

    def __init__(self, guesses: Guesses, moves: Moves, best: Candidate, level: float) -> None:
        from scipy.special import chdtri

        self._guesses = guesses
        self._moves = moves
        self._best = best
        self._plan = guesses.world.plan
        quantile = float(chdtri(1, 1 - level))
        freedom = max(1.5 * len(guesses.cells) - len(best.free) - len(best.delay), 1.0)
        self._limit = guesses.of(best) + quantile * max(1.0, guesses.of(best) / freedom)
        self._errors = float(np.sqrt(quantile))

    def of(self, number: int) -> Free:
        """Return one number's interval.

        Who happened to parade in these weeks, in the log and as simulated, is added in quadrature.
        """
        best, value = self._best, self._best.free[number]
        ends = [self._end(number, direction) for direction in (-1, 1)]
        # Whatever else was tried and is as near bounds it too.
        near = [
            one.free[number]
            for one in self._guesses.within(self._limit)
            if (one.first_hour, one.pattern, one.weekend_factor == 1)
            == (best.first_hour, best.pattern, best.weekend_factor == 1)
        ]
        luck = self._errors * self._parade_error(number)
        low, high = (
            None if end is None else value + sign * float(np.hypot(most(end, *near) - value, luck))
            for sign, end, most in zip((-1, 1), ends, (min, max), strict=True)
        )
        if self._plan.has_rota and high is not None and high >= 1:
            high = None
        low = None if low is None else round(max(low, 0.0), 3)
        names = self._plan.names or tuple(name for name, _, _ in PATTERNS[best.pattern])
        return Free(names[number], value, low, None if high is None else round(high, 3))

    def _end(self, number: int, direction: int) -> float | None:
        """Move a number one way until no move of the others makes up for it; None: never."""
        before = self._best.free[number]
        for factor in _PROFILE:
            free = list(self._best.free)
            free[number] *= factor**direction
            other = self._moves.allowed(self._best.but(free=tuple(free)))
            if self._guesses.of(other) > self._limit and not self._made_up(other, number):
                return other.free[number]
            if other.free[number] == before:
                return None
            before = other.free[number]
        return None

    def _parade_error(self, number: int) -> float:
        """Return the standard error of a mean over shifts: in the log's weeks, and as simulated."""
        value, plan = self._best.free[number], self._plan
        if plan.has_rota:
            own = [s for s, g in zip(plan.shifts, plan.groups, strict=True) if g == number]
            people = sum(float(shift["people"]) for shift in own)
            variance = max(value * (1 - value), 0.05) / max(people, 1.0)
        else:
            variance = value * self._best.spread
        shifts = max(self._guesses.work.days, 1)
        return float(np.sqrt(variance / shifts * (1 + 1 / REPLICATIONS)))

    def _made_up(self, candidate: Candidate, fixed: int) -> bool:
        """Whether a guess comes near enough once the numbers other than one are moved."""
        best = candidate
        moves = self._moves.neighbours(candidate, _OTHERS)
        for other in (*self._moves.less_delay(candidate), *moves):
            free = tuple(
                held if number == fixed else step
                for number, (held, step) in enumerate(zip(candidate.free, other.free, strict=True))
            )
            moved = other.but(free=free)
            if self._guesses.of(moved) < self._guesses.of(best):
                best = moved
            if self._guesses.of(best) <= self._limit:
                return True
        return False
