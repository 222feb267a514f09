"""The search for crews: guesses simulated until their waits are as near the log's as they get."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sim.force_log.fitting.bounds import Bounds, Free
from sim.force_log.fitting.candidate import PATTERNS, WEEKENDS, Candidate
from sim.force_log.fitting.guesses import Guesses
from sim.force_log.fitting.moves import Moves, ahead
from sim.force_log.fitting.progress import Teller

_STEPS: Final = (1.2, 1.1, 1.05)
_BEATS: Final = (3,)
_BORROW_AFTER: Final = (0.0, 30.0, 240.0)
_SPREADS: Final = (0.1, 0.25, 0.4)
_FIRST_HOURS: Final = (7, 6, 8)
_RESERVES: Final = (1, 2)
_LAST_CALLS: Final = (10.0, 20.0)
_WEEKEND_FACTORS: Final = (0.8, 1.25)
_FEWER: Final = 0.85
_ROUNDS: Final = 6
"""Times that all numbers are gone through with one step, as long as any of them moves."""
_WORTH: Final = 0.1
"""A guess has to come nearer by this much: less is luck, and would lead to crews without end."""
_OTHERWISE: Final = 3.0
"""Other shifts, places or borrowing have to come nearer by this much, and by as much again for
each number more: what is more to choose from fits better by luck."""
_LEVELS: Final = (0.8, 1.0, 1.25, 1.6)
"""Times the crews that a search begins with, which are those at work and the root of these."""
_STARTS: Final = 3

_TOLD: Final = {
    "last_call": "no new job shortly before a shift ends",
    "reserve": "crews kept for grade 1",
    "beats": "places that the log does not name",
    "borrow_after": "crews lent to other areas",
    "first_hour": "other hours at which shifts begin",
    "weekend_factor": "other crews at weekends",
}
"""How what is tried is told."""


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
    """A search over guesses.

    Parameters
    ----------
    guesses
        How far each is from the log.
    teller
        Told of what is tried.
    """

    def __init__(self, guesses: Guesses, teller: Teller | None = None) -> None:
        self._guesses = guesses
        self._world = guesses.world
        self._moves = Moves(guesses.world, guesses.work)
        self._teller = teller or Teller()

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
        best = self._descend(best, _STEPS[1:] if thorough else _STEPS[1:2], self._guesses.of)
        tell.begin("how far each number can move", 0.95)
        bounds, free = Bounds(self._guesses, self._moves, best, level), []
        for number in range(len(best.free)):
            tell.step("how far each number can move", number, len(best.free))
            free.append(bounds.of(number))
        far, cells = self._guesses.of(best), len(self._guesses.cells)
        return Crews(best, tuple(free), far, cells, self._guesses.tried)

    def _begun(self, start: Candidate, *, thorough: bool) -> Candidate:
        """Find the way from a beginning, also over the ridge of crews and delay.

        Few crews and little delay explain much the same waits as more of both, so that moving one
        number at a time ends on the way.
        """
        best = self._descended(start, _STEPS[:2])
        for _ in range(_ROUNDS if thorough else 0):
            before = best
            for less in self._moves.less_delay(before):
                for times in (1.0, _FEWER):
                    free = tuple(times * one for one in less.free)
                    other = self._descended(self._moves.allowed(less.but(free=free)), _STEPS[:2])
                    best = min(best, other, key=self._guesses.roughly)
            if self._guesses.roughly(best) > self._guesses.roughly(before) - _OTHERWISE:
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
        for less in self._moves.less_delay(best):
            fewer = tuple(_FEWER * one for one in best.free)
            other = self._descended(self._moves.allowed(less.but(free=fewer)), _STEPS[:2])
            best = self._nearer(best, other)
        return best

    def _simpler(self, best: Candidate) -> Candidate:
        """Take back other crews at weekends, if without them it is as near by now."""
        if best.weekend_factor == 1:
            return best
        without = self._descended(best.but(weekend_factor=1.0), _STEPS[1:2])
        return (
            without if self._guesses.of(without) < self._guesses.of(best) + 2 * _OTHERWISE else best
        )

    def _nearer(self, best: Candidate, other: Candidate) -> Candidate:
        structure = [
            replace(one, free=(), delay=(), weekend_factor=float(one.weekend_factor == 1))
            for one in (best, other)
        ]
        numbers = [len(one.free) + (one.weekend_factor != 1) for one in (best, other)]
        worth = _WORTH
        if structure[0] != structure[1]:
            worth = _OTHERWISE * (1 + max(0, numbers[1] - numbers[0]))
        return other if self._guesses.of(other) < self._guesses.of(best) - worth else best

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
            start = self._moves.start(**kind)
            tried = [
                self._moves.allowed(
                    start.but(free=tuple(level * one for one in start.free), delay=delay)
                )
                for level in _LEVELS
                for delay in (start.delay, *(one.delay for one in self._moves.less_delay(start)))
            ]
            best = min(tried, key=self._guesses.roughly)
            name = (best.pattern, best.borrow_after)
            found[name] = min(found.get(name, best), best, key=self._guesses.roughly)
        nearest = sorted(found.values(), key=self._guesses.roughly)
        # Lending is a basin of its own: another number of crews goes with it.
        first = {one.borrow_after: one for one in reversed(nearest)}
        others = [one for one in nearest if one not in first.values()]
        kept = [*first.values(), *others][: max(_STARTS, len(first))]
        return sorted(kept, key=self._guesses.roughly)

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
        """Yield what else could be otherwise: when there are crews, what they are kept from, where.

        When comes first: shifts at wrong hours are else made up for by what crews are kept from.
        """
        if not self._world.plan.has_rota:
            yield from ({"first_hour": h} for h in _FIRST_HOURS if h != best.first_hour)
            for days in WEEKENDS:
                yield from (
                    {"weekend": days, "weekend_factor": factor} for factor in _WEEKEND_FACTORS
                )
        yield from ({"last_call": minutes} for minutes in _LAST_CALLS)
        if 1 in self._world.demand.grades and len(self._world.demand.grades) > 1:
            yield from ({"reserve": crews} for crews in _RESERVES)
        areas = self._world.demand.areas
        if areas is None:
            yield from ({"beats": beats} for beats in _BEATS)
        elif len(areas) > 1:
            yield from ({"borrow_after": minutes} for minutes in _BORROW_AFTER)

    def _descended(self, best: Candidate, steps: Sequence[float]) -> Candidate:
        """Find the way roughly; what is found so has to be nearer closely, too."""
        return self._descend(best, steps, self._guesses.roughly)

    def _descend(
        self, best: Candidate, steps: Sequence[float], far: Callable[[Candidate], float]
    ) -> Candidate:
        """Move one number at a time, up or down by a step, as long as it comes nearer."""
        for step in steps:
            moved = True
            rounds = 0
            while moved and rounds < _ROUNDS:
                moved, rounds = False, rounds + 1
                for other in self._moves.neighbours(best, step):
                    while far(other) < far(best) - _WORTH:
                        further = ahead(best, other)
                        best, moved = other, True
                        other = self._moves.allowed(further)  # noqa: PLW2901 (further the same way)
        return best


def _told_of(changes: Mapping[str, Any]) -> str:
    return " and ".join(_TOLD[name] for name in changes if name in _TOLD)
