"""Crews from jobs in hand, and what is no queue as a dispatcher's rate.

Crews begin at the log's concurrency; the rate is told by its likelihood, given so many crews;
simulation only settles how many more there are, and when shifts begin. Where the log tells crews by
itself, since jobs stood still while so many were in hand, its own numbers are tried as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from sim.force_log.fitting.bounds import Free
from sim.force_log.fitting.candidate import PATTERNS, Candidate, World
from sim.force_log.fitting.closeness import Cell, Coupled, distance, measured, observed_waits
from sim.force_log.fitting.concurrency import SHIFTS_BEGIN, crews_at_least
from sim.force_log.fitting.crew_limits import crews_by_hour, told_by, with_limits
from sim.force_log.fitting.crews import Crews
from sim.force_log.fitting.enquiries import on_duty
from sim.force_log.fitting.progress import Teller
from sim.force_log.fitting.rate import factor_of, rate_of
from sim.force_log.fitting.rate_table import table_of
from sim.force_log.fitting.rate_told import just_freed_of
from sim.force_log.fitting.saturation import CrewsTold
from sim.force_log.replaying.playing import waits_of
from sim.force_log.replaying.scores import score_of_own
from sim.force_log.replaying.work import Work
from sim.study.settings import EngineName

Floats: TypeAlias = npt.NDArray[np.float64]

SCORED_REPLICATIONS: Final = 12
_FIRST_HOURS: Final = (7, 6, 8)
_MORE: Final = (1.1, 1.0, 1.2)
"""Times the crews that jobs in hand ask for: with more they are never all busy, so that none of
them is told by the log."""
_NEARLY: Final = 1.05
"""Times the score up to which crews that the log tells stand before better forecasts: with more
crews a rate that falls the faster tells waits as well, and not what one crew fewer would do."""
_SPREAD: Final = 0.1
_SHIFT_HOURS: Final = 8
_HOURS: Final = 24


@dataclass(frozen=True, slots=True)
class ByRate:
    """The nearest guess with a rate.

    Attributes
    ----------
    world
        What guesses share, with the rate in place of the waits of quiet hours.
    crews
        As a search for crews returns them.
    score
        Of its forecasts of the fitted days' waits (`score`).
    """

    world: World
    crews: Crews
    score: float


def fitted_by_rate(
    world: World,
    work: Work,
    cells: Sequence[Cell | Coupled],
    *,
    level: float = 0.95,
    seed: int,
    engine: EngineName = "reference",
    teller: Teller | None = None,
) -> ByRate:
    """Fit crews and a dispatcher's rate.

    Parameters
    ----------
    world, work, cells
        What is guessed at, the real incidents, and what guesses are held against.
    level
        Of limits.
    seed
        The luck.
    engine
        Who plays.
    teller
        Told of each guess.

    Raises
    ------
    sim.errors.InputError
        If the log tells no rate: it has too few allocations, or no rate is the most likely.
    """
    search = _Search(world, work, level, seed, engine, teller or Teller())
    tried = [search.guess(start, _MORE[0]) for start in search.starts()]
    best = min(tried, key=lambda one: one.score)
    others = [search.guess(best.start, more) for more in _MORE[1:]]
    best = min([best, *others], key=lambda one: one.score)
    told = told_by(world, work, best.candidate, level=level)
    if told is not None and None not in told.high:
        others.append(search.guess_of(told, best.start))
        if others[-1].score < _NEARLY * best.score:
            best = others[-1]
    far = distance(cells, best.waits)
    free = with_limits(tuple(search.bounds(best)), told, best.world, work, best.candidate)
    crews = Crews(best.candidate, free, far, len(cells), len(tried) + len(others))
    return ByRate(best.world, crews, best.score)


def score(work: Work, waits: Floats) -> float:
    """Return the mean score of forecasts of the fitted days' waits; smaller is better.

    Missing-child jobs are left out: what they wait for besides is fitted after crews.

    Parameters
    ----------
    work
        The real incidents.
    waits
        Simulated minutes from grading to allocation, shape (replications, n).
    """
    others = (work.jobs["stream"] != "missing_child").to_numpy()
    rows = np.flatnonzero(measured(work) & others)
    return float(score_of_own(waits[:, rows], observed_waits(work)[rows]).mean())


@dataclass(frozen=True, slots=True, eq=False)
class _Start:
    """Shifts, and the crews on each that jobs in hand ask for (with a rota: shares of it)."""

    candidate: Candidate
    least: tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Guess:
    start: _Start
    candidate: Candidate
    world: World
    waits: Floats
    score: float


class _Search:
    def __init__(
        self,
        world: World,
        work: Work,
        level: float,
        seed: int,
        engine: EngineName,
        teller: Teller,
    ) -> None:
        self._world = world
        self._work = work
        self._level = level
        self._seed = seed
        self._engine: EngineName = engine
        self._teller = teller

    def starts(self) -> Iterator[_Start]:
        """Yield what is first tried: of a rota its own shifts, else three at each first hour."""
        if self._world.plan.has_rota:
            yield self._of_rota()
            return
        for first_hour in _FIRST_HOURS:
            begin = [(first_hour + _SHIFT_HOURS * one) % _HOURS for one in range(3)]
            crews = self._in_hand(tuple(sorted(begin)))
            least = tuple(float(crews[hour]) for hour in begin)
            yield _Start(Candidate(least, first_hour=first_hour, spread=_SPREAD), least)

    def _of_rota(self) -> _Start:
        plan, crews = self._world.plan, self._in_hand(SHIFTS_BEGIN)
        rostered = sum((on_duty(shift) for shift in plan.shifts), np.zeros(_HOURS))
        least = []
        for group, _ in enumerate(plan.names):
            covered = np.zeros(_HOURS)
            for shift, own in zip(plan.shifts, plan.groups, strict=True):
                covered += on_duty(shift) * (own == group)
            needed = float((covered * crews / np.maximum(rostered, 1e-9)).sum())
            least.append(min(needed / max(float(covered.sum()), 1e-9), 1.0))
        return _Start(Candidate(tuple(least)), tuple(least))

    def _in_hand(self, begin: tuple[int, ...]) -> Floats:
        crews: Floats = sum(crews_at_least(self._work, begin).values(), np.zeros(_HOURS))
        return crews

    def guess(self, start: _Start, more: float) -> _Guess:
        """Tell the rate with so many times the crews, and play it."""
        return self._guess(start, tuple(more * one for one in start.least))

    def guess_of(self, told: CrewsTold, start: _Start) -> _Guess:
        """Play the numbers that the log tells, with the rate of the time when a crew was free."""
        return self._guess(start, told.value, told.free)

    def _guess(
        self, start: _Start, free: tuple[float, ...], weights: Floats | None = None
    ) -> _Guess:
        most = 1.0 if self._world.plan.has_rota else np.inf
        free = tuple(round(min(one, most), 4) for one in free)
        candidate = start.candidate.but(free=free)
        crews = crews_by_hour(self._world, candidate)
        # Where ratification is in the log, it is what missing-child jobs wait for.
        rate = rate_of(self._work, crews, child=not self._world.ratified, weights=weights)
        factor = None if self._world.ratified else factor_of(rate, self._work, crews)
        table = table_of(rate, self._world.demand.grades, factor)
        world = replace(
            self._world, waits={}, rate=table, tables={},
            just_freed=just_freed_of(rate, self._level),
        )  # fmt: skip
        scenario = world.scenario(candidate)
        waits = waits_of(self._work, scenario, self._seed, SCORED_REPLICATIONS, self._engine)
        self._teller.guessed()
        return _Guess(start, candidate, world, waits, score(self._work, waits))

    def bounds(self, best: _Guess) -> Iterator[Free]:
        """Yield the crews of each shift, and what jobs in hand ask for."""
        names: Sequence[str] = self._world.plan.names or tuple(
            name for name, _, _ in PATTERNS[best.candidate.pattern]
        )
        for name, value, least in zip(names, best.candidate.free, best.start.least, strict=True):
            yield Free(name, value, round(least, 3), None)
