"""The search for crews: guesses simulated until their waits are as near the log's as they get."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from sim.force_log.fitting.candidate import PATTERNS, WEEKENDS, Candidate, World
from sim.force_log.fitting.closeness import Cell, cells_of, distance
from sim.force_log.fitting.progress import Teller
from sim.force_log.fitting.quiet import jobs_in_hand, others_make_room
from sim.force_log.replaying.playing import waits_of
from sim.force_log.replaying.work import Work
from sim.streams import bootstrap_generator
from sim.study.settings import EngineName

_STEPS: Final = (1.2, 1.1, 1.05)
_BEATS: Final = (3,)
_BORROW_AFTER: Final = (0.0, 30.0, 240.0)
_SPREADS: Final = (0.1, 0.25, 0.4)
_FIRST_HOURS: Final = (7, 6, 8)
_RESERVES: Final = (1, 2)
_LAST_CALLS: Final = (10.0, 20.0)
_WEEKEND_FACTORS: Final = (0.8, 1.25)
_PROFILE: Final = (1.05, 1.1, 1.2, 1.35, 1.6, 2.0, 2.5)
_LESS_DELAY: Final = (0.25, 0.0)
_FEWER: Final = 0.85
_ROUNDS: Final = 6
"""Times that all numbers are gone through with one step, as long as any of them moves."""
_LEAST_CREWS: Final = 0.5
_MOST_CREWS: Final = 4.0
"""Times the jobs in hand at the busiest hour: with more, no job ever waits for a crew."""
_WORTH: Final = 0.1
"""A guess has to come nearer by this much: less is luck, and would lead to crews without end."""
_OTHERWISE: Final = 3.0
"""Other shifts, places or borrowing have to come nearer by this much, and by as much again for
each number more: what is more to choose from fits better by luck."""
_REPLICATIONS: Final = 24
"""From two replications to the next the distance of one guess moves by more than what is compared
differs; from twenty-four to the next by a quarter of that, and the same luck meets all guesses."""
_ROUGHLY: Final = 6
"""Replications that numbers are first moved by."""
_LEVELS: Final = (0.8, 1.0, 1.25, 1.6)
"""Times the crews that a search begins with, which are those at work and the root of these."""

_TOLD: Final = {
    "last_call": "no new job shortly before a shift ends",
    "reserve": "crews kept for grade 1",
    "beats": "places that the log does not name",
    "borrow_after": "crews lent to other areas",
    "first_hour": "other hours at which shifts begin",
    "weekend_factor": "other crews at weekends",
}
"""How what is tried is told."""

_STARTS: Final = 3
_PILOT_JOBS: Final = 4_000
_PILOT_SHARE: Final = 0.7
"""Numbers are first moved on the last whole weeks that hold so many jobs, unless that is nearly all
there is."""

Floats: TypeAlias = npt.NDArray[np.float64]


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
    engine
        Who plays; all give the same numbers.
    teller
        Told of what is tried, and of each guess.
    """

    def __init__(
        self,
        world: World,
        work: Work,
        cells: list[Cell],
        *,
        seed: int,
        engine: EngineName = "reference",
        teller: Teller | None = None,
    ) -> None:
        self._world = world
        self._work = work
        self._cells = cells
        self._seed = seed
        self._engine = engine
        self._teller = teller or Teller()
        self._known: dict[Candidate, float] = {}
        self._rough: dict[Candidate, float] = {}
        pilot = pilot_of(work)
        self._pilot = pilot or work
        self._pilot_cells = cells
        if pilot is not None:
            self._pilot_cells = cells_of(pilot, bootstrap_generator(seed, "pilot"))
        # Grade 1 waits for nobody that others wait for, and keeps the delay that it has.
        self._first = 2 if others_make_room(work) else 1
        self._load = jobs_in_hand(work, np.arange(24.0))

    def find(self, level: float, *, thorough: bool = True) -> Crews:
        """Search, and say how well each number is known.

        Without `thorough` only numbers are tried, not what else could be otherwise, and with
        coarser steps.
        """
        tell, rota = self._teller, self._world.plan.has_rota
        tell.begin("numbers of crews to begin with", 0.15)
        starts = self._screened(thorough=thorough)
        tell.begin("numbers of crews", 0.35)
        found = []
        for number, start in enumerate(starts):
            what = "crews of the rota that are free" if rota else f"shifts, {start.pattern}"
            tell.step(what, number, len(starts))
            found.append(self._steadied(self._begun(start, thorough=thorough), thorough=thorough))
        best, *others = found
        for other in others:
            best = self._nearer(best, other)
        if thorough:
            tell.begin("what else could be otherwise", 0.55)
            varied = self._varied(best, _STEPS[:1])
            if varied != best:
                # What did not help before may help beside what did.
                tell.begin("what else could be otherwise, once more", 0.7)
                varied = self._steadied(varied, thorough=thorough)
                varied = self._varied(varied, _STEPS[:2])
            best = varied
        # Waits of quiet hours may be waits for a crew all the same.
        tell.begin("fewer crews and less delay", 0.75)
        best = self._with_less_delay(best)
        best = self._simpler(best)
        tell.begin("numbers in finer steps", 0.85)
        best = self._descend(best, _STEPS[1:] if thorough else _STEPS[1:2], self.of)
        tell.begin("how far each number can move", 0.95)
        free = []
        for number in range(len(best.free)):
            tell.step("how far each number can move", number, len(best.free))
            free.append(self._bounded(best, number, level))
        return Crews(best, tuple(free), self.of(best), len(self._cells), self.tried)

    @property
    def tried(self) -> int:
        """Guesses simulated, on some of the jobs or on all."""
        return len(self._known) + len(self._rough)

    def of(self, candidate: Candidate) -> float:
        """Return how far a guess is from the log."""
        if candidate not in self._known:
            scenario = self._world.scenario(candidate)
            waits = waits_of(self._work, scenario, self._seed, _REPLICATIONS, self._engine)
            self._known[candidate] = distance(self._cells, waits)
            self._teller.guessed()
        return self._known[candidate]

    def _roughly(self, candidate: Candidate) -> float:
        """How far a guess is from the log, or its last weeks, in little luck: to find the way."""
        if candidate not in self._rough:
            scenario = self._world.scenario(candidate)
            waits = waits_of(self._pilot, scenario, self._seed, _ROUGHLY, self._engine)
            self._rough[candidate] = distance(self._pilot_cells, waits)
            self._teller.guessed()
        return self._rough[candidate]

    def _begun(self, start: Candidate, *, thorough: bool) -> Candidate:
        """Find the way from a beginning, also over the ridge of crews and delay.

        Few crews and little delay explain much the same waits as more of both, so that moving one
        number at a time ends on the way.
        """
        best = self._descended(start, _STEPS[:2])
        for _ in range(_ROUNDS if thorough else 0):
            before = best
            for less in _less_delay(before, self._first):
                for times in (1.0, _FEWER):
                    free = tuple(times * one for one in less.free)
                    other = self._descended(self._allowed(less.but(free=free)), _STEPS[:2])
                    best = min(best, other, key=self._roughly)
            if self._roughly(best) > self._roughly(before) - _OTHERWISE:
                break
        return best

    def _varied(self, best: Candidate, steps: Sequence[float]) -> Candidate:
        """Try what else could be otherwise, one thing after the other."""
        structures = list(self._structures(best))
        for number, changes in enumerate(structures):
            self._teller.step(_told_of(changes), number, len(structures))
            other = best.but(**changes)
            if other != best:
                best = self._nearer(best, self._descended(other, steps))
        return best

    def _with_less_delay(self, best: Candidate) -> Candidate:
        """Try fewer crews and less delay beside them, which explain much the same waits."""
        for less in _less_delay(best, self._first):
            fewer = tuple(_FEWER * one for one in best.free)
            other = self._descended(self._allowed(less.but(free=fewer)), _STEPS[:2])
            best = self._nearer(best, other)
        return best

    def _simpler(self, best: Candidate) -> Candidate:
        """Take back other crews at weekends, if without them it is as near by now."""
        if best.weekend_factor == 1:
            return best
        without = self._descended(best.but(weekend_factor=1.0), _STEPS[1:2])
        return without if self.of(without) < self.of(best) + 2 * _OTHERWISE else best

    def _nearer(self, best: Candidate, other: Candidate) -> Candidate:
        structure = [
            replace(one, free=(), delay=(), weekend_factor=float(one.weekend_factor == 1))
            for one in (best, other)
        ]
        numbers = [len(one.free) + (one.weekend_factor != 1) for one in (best, other)]
        worth = _WORTH
        if structure[0] != structure[1]:
            worth = _OTHERWISE * (1 + max(0, numbers[1] - numbers[0]))
        return other if self.of(other) < self.of(best) - worth else best

    def _screened(self, *, thorough: bool) -> list[Candidate]:
        """Return the beginnings from which a search is worth it, the nearest first.

        Of each pattern of shifts, several first hours, levels of crews and of delay are tried.
        """
        rota = self._world.plan.has_rota
        areas = self._world.demand.areas or {}
        kinds: list[dict[str, Any]] = [{}]
        if thorough and not rota:
            kinds = [
                {"pattern": name, "first_hour": hour} for name in PATTERNS for hour in _FIRST_HOURS
            ]
        if thorough and len(areas) > 1:
            # Areas may be all but forces of their own, or no more than a label of the job.
            lent = [{"borrow_after": minutes} for minutes in (_BORROW_AFTER[0], _BORROW_AFTER[-1])]
            kinds = [{**kind, **own} for kind in kinds for own in ({}, *lent)]
        found: dict[object, Candidate] = {}
        for kind in kinds:
            start = self._start(**kind)
            tried = [
                self._allowed(start.but(free=tuple(level * one for one in start.free), delay=delay))
                for level in _LEVELS
                for delay in (start.delay, *(one.delay for one in _less_delay(start, self._first)))
            ]
            best = min(tried, key=self._roughly)
            name = (best.pattern, best.borrow_after)
            found[name] = min(found.get(name, best), best, key=self._roughly)
        nearest = sorted(found.values(), key=self._roughly)
        # Lending is a basin of its own: another number of crews goes with it.
        first = {one.borrow_after: one for one in reversed(nearest)}
        others = [one for one in nearest if one not in first.values()]
        kept = [*first.values(), *others][: max(_STARTS, len(first))]
        return sorted(kept, key=self._roughly)

    def _steadied(self, best: Candidate, *, thorough: bool) -> Candidate:
        """The same shifts with crews that vary more, or less, from day to day."""
        if thorough and not self._world.plan.has_rota:
            start = best
            for spread in _SPREADS:
                if spread == start.spread:
                    continue
                best = self._nearer(best, self._descended(start.but(spread=spread), _STEPS[:1]))
        return best

    def _structures(self, best: Candidate) -> Iterator[dict[str, Any]]:
        """Yield what else could be otherwise: what crews are kept from, where they are, when."""
        yield from ({"last_call": minutes} for minutes in _LAST_CALLS)
        if 1 in self._world.demand.grades and len(self._world.demand.grades) > 1:
            yield from ({"reserve": crews} for crews in _RESERVES)
        areas = self._world.demand.areas
        if areas is None:
            yield from ({"beats": beats} for beats in _BEATS)
        elif len(areas) > 1:
            yield from ({"borrow_after": minutes} for minutes in _BORROW_AFTER)
        if not self._world.plan.has_rota:
            yield from ({"first_hour": h} for h in _FIRST_HOURS if h != best.first_hour)
            for days in WEEKENDS:
                yield from (
                    {"weekend": days, "weekend_factor": factor} for factor in _WEEKEND_FACTORS
                )

    def _start(self, **kind: Any) -> Candidate:  # noqa: ANN401
        """Begin with rather more crews than there are jobs in hand, hour by hour."""
        from scipy.optimize import nnls

        plan = self._world.plan
        enough = self._load + np.sqrt(self._load)
        delay = (1.0,) * len(self._world.demand.grades)
        if not plan.has_rota:
            start = Candidate((), delay).but(**kind)
            by_hour = np.roll(enough, -start.first_hour)
            crews, _ = nnls(_on_duty(start.pattern), by_hour)
            return self._allowed(start.but(free=tuple(crews.tolist())))
        free = []
        for group, _ in enumerate(plan.names):
            own = [s for s, g in zip(plan.shifts, plan.groups, strict=True) if g == group]
            people = float(np.mean([shift["people"] for shift in own]))
            need = float(enough[[_middle_hour(shift) for shift in own]].mean())
            free.append(float(np.clip(need / max(people, 1), 0.1, 0.95)))
        return Candidate(tuple(free), delay).but(**kind)

    def _descended(self, best: Candidate, steps: Sequence[float]) -> Candidate:
        """Find the way roughly; what is found so has to be nearer closely, too."""
        return self._descend(best, steps, self._roughly)

    def _descend(
        self, best: Candidate, steps: Sequence[float], far: Callable[[Candidate], float]
    ) -> Candidate:
        """Move one number at a time, up or down by a step, as long as it comes nearer."""
        for step in steps:
            moved = True
            rounds = 0
            while moved and rounds < _ROUNDS:
                moved, rounds = False, rounds + 1
                for other in self._neighbours(best, step):
                    while far(other) < far(best) - _WORTH:
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
        if len(best.free) > 1:
            for factor in (1 / step, step):
                yield self._allowed(best.but(free=tuple(factor * one for one in best.free)))
        if best.weekend_factor != 1:
            for factor in (1 / step, step):
                yield best.but(weekend_factor=round(best.weekend_factor * factor, 4))
        for grade in range(self._first, len(best.delay) + 1):
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
            if far <= limit
            and (one.first_hour, one.pattern, one.weekend_factor == 1)
            == (best.first_hour, best.pattern, best.weekend_factor == 1)
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
        moves = self._neighbours(candidate, _STEPS[0])
        for other in (*_less_delay(candidate, self._first), *moves):
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


def _told_of(changes: Mapping[str, Any]) -> str:
    return " and ".join(_TOLD[name] for name in changes if name in _TOLD)


def pilot_of(work: Work) -> Work | None:
    """Return the last whole weeks that hold enough jobs; None where they are nearly all of it."""
    jobs, last = work.jobs, work.first_day + timedelta(days=work.days - 1)
    for weeks in range(1, work.days // 7 + 1):
        first = last - timedelta(days=7 * weeks - 1)
        own = jobs.filter(pl.col("day") >= first - timedelta(days=1)).with_columns(
            lead_in=pl.col("day") < first
        )
        if own.height > _PILOT_SHARE * jobs.height:
            return None
        if own.height - int(own["lead_in"].sum()) >= _PILOT_JOBS:
            return replace(work, jobs=own)
    return None


def _less_delay(candidate: Candidate, first: int) -> list[Candidate]:
    """The same with little delay or none from the first grade on that may have another."""
    kept, others = candidate.delay[: first - 1], candidate.delay[first - 1 :]
    return [
        candidate.but(delay=(*kept, *(factor * one for one in others))) for factor in _LESS_DELAY
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
