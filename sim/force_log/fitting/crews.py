"""The search for crews: guesses simulated until their waits are as near the log's as they get."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from sim.force_log.fitting.candidate import PATTERNS, Candidate, World
from sim.force_log.fitting.closeness import Cell, distance
from sim.force_log.fitting.quiet import jobs_in_hand
from sim.force_log.replaying.playing import waits_of
from sim.force_log.replaying.work import Work

_STEPS: Final = (1.4, 1.2, 1.1, 1.05)
_BEATS: Final = (3,)
_BORROW_AFTER: Final = (0.0, 30.0, 240.0)
_SPREADS: Final = (0.1, 0.4)
_FIRST_HOURS: Final = (6, 8)
_PROFILE: Final = (1.05, 1.1, 1.2, 1.35, 1.6, 2.0, 2.5)
_LESS_DELAY: Final = (0.25, 0.0)
_FEWER: Final = 0.85
_LEAST_CREWS: Final = 0.5
_MOST_CREWS: Final = 4.0
"""Times the jobs in hand at the busiest hour: with more, no job ever waits for a crew."""
_WORTH: Final = 0.1
"""A guess has to come nearer by this much: less is luck, and would lead to crews without end."""
_OTHERWISE: Final = 3.0
"""Other shifts, places or borrowing have to come nearer by this much, and by as much again for
each number more: what is more to choose from fits better by luck."""
_REPLICATIONS: Final = 2

Floats: TypeAlias = npt.NDArray[np.float64]
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Free:
    """Crews free on one shift.

    Attributes
    ----------
    shift
        Its name.
    value, low, high
        Crews free on average (with a rota: share of its people). `low` or `high` None: no
        number tried was too few, or too many, so the log does not bound it on that side.
    """

    shift: str
    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Crews:
    """What the search found.

    Attributes
    ----------
    candidate
        The nearest guess.
    free
        By fitted number.
    distance, cells
        How near it is, and of how many cells the distance is the sum.
    tried
        Guesses simulated.
    """

    candidate: Candidate
    free: tuple[Free, ...]
    distance: float
    cells: int
    tried: int


class Search:
    """A search over candidates; each guess meets the same luck, so that guesses are paired.

    Parameters
    ----------
    world, work, cells
        What is guessed at, the real incidents, and what guesses are held against.
    seed
        The luck.
    told
        Called with the number of guesses after each.
    """

    def __init__(
        self,
        world: World,
        work: Work,
        cells: list[Cell],
        *,
        seed: int,
        told: Progress | None = None,
    ) -> None:
        self._world = world
        self._work = work
        self._cells = cells
        self._seed = seed
        self._told = told
        self._known: dict[Candidate, float] = {}
        self._load = jobs_in_hand(work, np.arange(24.0))

    def find(self, level: float, *, thorough: bool = True) -> Crews:
        """Search, and say how well each number is known.

        Without `thorough` only numbers are tried, not what else could be otherwise, and with
        coarser steps.
        """
        start = self._start()
        best = self._descend(start, _STEPS[: 3 if thorough else 2])
        if thorough:
            for other in self._other_starts(start):
                best = self._nearer(best, self._descend(other, _STEPS[:3]))
        # Waits of quiet hours may be waits for a crew all the same.
        best = self._with_less_delay(best)
        if thorough:
            for pattern in self._patterns():
                other = self._spread_over(best, pattern)
                best = self._nearer(best, self._descend(other, _STEPS[1:3]))
            for changes in self._structures(best):
                best = self._nearer(best, self._descend(best.but(**changes), _STEPS[1:2]))
            best = self._with_less_delay(best)
        best = self._descend(best, _STEPS[2:] if thorough else _STEPS[2:3])
        free = tuple(self._bounded(best, number, level) for number in range(len(best.free)))
        return Crews(best, free, self.of(best), len(self._cells), len(self._known))

    def of(self, candidate: Candidate) -> float:
        """Return how far a guess is from the log."""
        if candidate not in self._known:
            scenario = self._world.scenario(candidate)
            waits = waits_of(self._work, scenario, self._seed, _REPLICATIONS)
            self._known[candidate] = distance(self._cells, waits)
            if self._told is not None:
                self._told(len(self._known))
        return self._known[candidate]

    def _with_less_delay(self, best: Candidate) -> Candidate:
        """Try fewer crews and less delay beside them, which explain much the same waits."""
        for less in _less_delay(best):
            fewer = tuple(_FEWER * one for one in best.free)
            other = self._descend(self._allowed(less.but(free=fewer)), _STEPS[1:3])
            best = self._nearer(best, other)
        return best

    def _nearer(self, best: Candidate, other: Candidate) -> Candidate:
        structure = [(one.beats, one.borrow_after, one.spread, one.pattern, one.first_hour)
                     for one in (best, other)]  # fmt: skip
        worth = _WORTH
        if structure[0] != structure[1]:
            worth = _OTHERWISE * (1 + max(0, len(other.free) - len(best.free)))
        return other if self.of(other) < self.of(best) - worth else best

    def _other_starts(self, start: Candidate) -> Iterator[Candidate]:
        """Yield other beginnings: no delay but for crews, and areas that keep theirs."""
        without = _less_delay(start)[-1]
        yield without
        areas = self._world.demand.areas
        if areas is not None and len(areas) > 1:
            yield without.but(borrow_after=_BORROW_AFTER[-1])

    def _patterns(self) -> list[str]:
        """Shifts to try beside the first; none where a rota says them."""
        return [] if self._world.plan.has_rota else list(PATTERNS)[1:]

    def _spread_over(self, best: Candidate, pattern: str) -> Candidate:
        """The same crews by hour of the day, as near as the shifts of another pattern can be."""
        from scipy.optimize import nnls

        free, _ = nnls(_on_duty(pattern), _on_duty(best.pattern) @ np.array(best.free))
        return self._allowed(best.but(pattern=pattern, free=tuple(free.tolist())))

    def _structures(self, best: Candidate) -> Iterator[dict[str, Any]]:
        """Yield what else could be otherwise: places, borrowing, and with no rota the shifts."""
        areas = self._world.demand.areas
        if areas is None:
            yield from ({"beats": beats} for beats in _BEATS)
        elif len(areas) > 1:
            yield from ({"borrow_after": minutes} for minutes in _BORROW_AFTER)
        if not self._world.plan.has_rota:
            yield from ({"first_hour": hour} for hour in _FIRST_HOURS)
            yield from ({"spread": spread} for spread in _SPREADS if spread != best.spread)

    def _start(self) -> Candidate:
        """Begin with rather more crews than there are jobs in hand."""
        plan = self._world.plan
        grades = len(self._world.demand.grades)
        free = []
        for group, _ in enumerate(plan.names):
            own = [s for s, g in zip(plan.shifts, plan.groups, strict=True) if g == group]
            people = float(np.mean([shift["people"] for shift in own]))
            load = float(self._load[[_middle_hour(shift) for shift in own]].mean())
            free.append(float(np.clip((1.4 * load + 1) / max(people, 1), 0.1, 0.95)))
        start = Candidate(tuple(free), (1.0,) * grades)
        if plan.has_rota:
            return start
        shifts = _on_duty(start.pattern).astype(bool).T
        by_hour = np.roll(self._load, -start.first_hour)
        crews = [max(1.4 * float(by_hour[on].mean()) + 1, _LEAST_CREWS) for on in shifts]
        return start.but(free=tuple(crews))

    def _descend(self, best: Candidate, steps: Sequence[float]) -> Candidate:
        """Move one number at a time, up or down by a step, as long as it comes nearer."""
        for step in steps:
            moved = True
            rounds = 0
            while moved and rounds < 3:
                moved, rounds = False, rounds + 1
                for other in self._neighbours(best, step):
                    while self.of(other) < self.of(best) - _WORTH:
                        ahead = _ahead(best, other)
                        best, moved = other, True
                        other = self._allowed(ahead)  # noqa: PLW2901 (further the same way)
        return best

    def _neighbours(self, best: Candidate, step: float) -> Iterator[Candidate]:
        for number in range(len(best.free)):
            for factor in (1 / step, step):
                free = list(best.free)
                free[number] *= factor
                yield self._allowed(best.but(free=tuple(free)))
        # Grade 1 waits for nobody that others wait for, and keeps the delay that it has.
        for grade in range(2, len(best.delay) + 1):
            if grade in self._world.waits:
                for factor in (1 / step, step):
                    delay = list(best.delay)
                    delay[grade - 1] *= factor
                    yield best.but(delay=tuple(delay))

    def _allowed(self, candidate: Candidate) -> Candidate:
        most = 1.0 if self._world.plan.has_rota else _MOST_CREWS * float(self._load.max()) + 2
        least = 0.02 if self._world.plan.has_rota else _LEAST_CREWS
        return candidate.but(
            free=tuple(round(float(np.clip(one, least, most)), 4) for one in candidate.free)
        )

    def _bounded(self, best: Candidate, number: int, level: float) -> Free:
        """Find how far one number can move before the log speaks against it.

        Where it does, the others are first moved to make up for it. Who happened to parade
        in these weeks, in the log and as simulated, is added in quadrature. The bound is the
        chi-squared quantile of one number, widened where even the nearest guess is further away
        than luck explains.
        """
        from scipy.special import chdtri

        freedom = max(1.5 * len(self._cells) - len(best.free) - len(best.delay), 1.0)
        widened = max(1.0, self.of(best) / freedom)
        limit = self.of(best) + float(chdtri(1, 1 - level)) * widened
        ends: list[float | None] = []
        for direction in (-1, 1):
            end: float | None = None
            before = best.free[number]
            for factor in _PROFILE:
                free = list(best.free)
                free[number] *= factor**direction
                other = self._allowed(best.but(free=tuple(free)))
                if self.of(other) > limit and not self._made_up(other, number, limit):
                    end = other.free[number]
                    break
                if other.free[number] == before:
                    break
                before = other.free[number]
            ends.append(end)
        value = best.free[number]
        # Whatever else was tried and is as near bounds it too.
        near = [
            one.free[number]
            for one, far in self._known.items()
            if far <= limit and (one.first_hour, one.pattern) == (best.first_hour, best.pattern)
        ]
        if ends[0] is not None:
            ends[0] = min(ends[0], *near)
        if ends[1] is not None:
            ends[1] = max(ends[1], *near)
        luck = float(np.sqrt(chdtri(1, 1 - level))) * self._parade_error(best, number)
        low, high = (
            None if end is None else value + sign * float(np.hypot(end - value, luck))
            for sign, end in zip((-1, 1), ends, strict=True)
        )
        if self._world.plan.has_rota and high is not None and high >= 1:
            high = None
        low = None if low is None else round(max(low, 0.0), 3)
        plan = self._world.plan
        names = plan.names or tuple(name for name, _, _ in PATTERNS[best.pattern])
        return Free(names[number], value, low, None if high is None else round(high, 3))

    def _parade_error(self, best: Candidate, number: int) -> float:
        """Return the standard error of a mean over shifts: in the log's weeks, and as simulated."""
        value, plan = best.free[number], self._world.plan
        if plan.has_rota:
            own = [s for s, g in zip(plan.shifts, plan.groups, strict=True) if g == number]
            people = sum(float(shift["people"]) for shift in own)
            variance = max(value * (1 - value), 0.05) / max(people, 1.0)
        else:
            variance = value * best.spread
        shifts = max(self._work.days, 1)
        return float(np.sqrt(variance / shifts * (1 + 1 / _REPLICATIONS)))

    def _made_up(self, candidate: Candidate, fixed: int, limit: float) -> bool:
        """Whether a guess comes as near as a limit once the numbers other than one are moved."""
        best = candidate
        moves = self._neighbours(candidate, _STEPS[1])
        for other in (*_less_delay(candidate), *moves):
            free = tuple(
                held if number == fixed else step
                for number, (held, step) in enumerate(zip(candidate.free, other.free, strict=True))
            )
            moved = other.but(free=free)
            if self.of(moved) < self.of(best):
                best = moved
            if self.of(best) <= limit:
                return True
        return False


def _less_delay(candidate: Candidate) -> list[Candidate]:
    """The same with little delay or none; grade 1 keeps its own."""
    first, *others = candidate.delay
    return [
        candidate.but(delay=(first, *(factor * one for one in others))) for factor in _LESS_DELAY
    ]


def _ahead(before: Candidate, after: Candidate) -> Candidate:
    """The same move once more."""
    return after.but(
        free=tuple(b * b / a if a else b for a, b in zip(before.free, after.free, strict=True)),
        delay=tuple(b * b / a if a else b for a, b in zip(before.delay, after.delay, strict=True)),
    )


def _on_duty(pattern: str) -> Floats:
    """Which shifts of a pattern are on duty in each hour after its first, shape (24, shifts)."""
    hour = np.arange(24)[:, None]
    turns = np.array([(after, hours) for _, after, hours in PATTERNS[pattern]])
    return np.asarray((hour - turns[:, 0]) % 24 < turns[:, 1], dtype=np.float64)


def _middle_hour(shift: object) -> int:
    assert isinstance(shift, dict)
    start, end = (int(str(shift[key])[:2]) for key in ("start", "end"))
    return int(start + ((end - start) % 24 or 24) / 2) % 24
