"""Where a search for crews begins, and which guesses lie beside another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from sim.force_log.fitting.candidate import PATTERNS, Candidate, World
from sim.force_log.fitting.quiet import jobs_in_hand, others_make_room
from sim.force_log.replaying.work import Work

Floats: TypeAlias = npt.NDArray[np.float64]

_LESS_DELAY: Final = (0.25, 0.0)
_LEAST_CREWS: Final = 0.5
_MOST_CREWS: Final = 4.0
"""Times the jobs in hand at the busiest hour: with more, no job ever waits for a crew."""


class Moves:
    """The guesses that may be made at one force.

    Parameters
    ----------
    world, work
        What is guessed at, and the real incidents.
    """

    def __init__(self, world: World, work: Work) -> None:
        self._world = world
        # Grade 1 waits for nobody that others wait for, and keeps the delay that it has.
        self._first = 2 if others_make_room(work) else 1
        self._load = jobs_in_hand(work, np.arange(24.0))

    def start(self, **kind: Any) -> Candidate:  # noqa: ANN401
        """Begin with rather more crews than there are jobs in hand, hour by hour."""
        from scipy.optimize import nnls

        plan = self._world.plan
        enough = self._load + np.sqrt(self._load)
        delay = (1.0,) * len(self._world.demand.grades)
        if not plan.has_rota:
            start = Candidate((), delay).but(**kind)
            by_hour = np.roll(enough, -start.first_hour)
            crews, _ = nnls(_on_duty(start.pattern), by_hour)
            return self.allowed(start.but(free=tuple(crews.tolist())))
        free = []
        for group, _ in enumerate(plan.names):
            own = [s for s, g in zip(plan.shifts, plan.groups, strict=True) if g == group]
            people = float(np.mean([shift["people"] for shift in own]))
            need = float(enough[[_middle_hour(shift) for shift in own]].mean())
            free.append(float(np.clip(need / max(people, 1), 0.1, 0.95)))
        return Candidate(tuple(free), delay).but(**kind)

    def neighbours(self, best: Candidate, step: float) -> Iterator[Candidate]:
        """Yield guesses that differ in one number by a step up or down, or in all crews alike."""
        for number in range(len(best.free)):
            for factor in (1 / step, step):
                free = list(best.free)
                free[number] *= factor
                yield self.allowed(best.but(free=tuple(free)))
        if len(best.free) > 1:
            for factor in (1 / step, step):
                yield self.allowed(best.but(free=tuple(factor * one for one in best.free)))
        if best.weekend_factor != 1:
            for factor in (1 / step, step):
                yield best.but(weekend_factor=round(best.weekend_factor * factor, 4))
        for grade in range(self._first, len(best.delay) + 1):
            if grade in self._world.waits:
                for factor in (1 / step, step):
                    delay = list(best.delay)
                    delay[grade - 1] *= factor
                    yield best.but(delay=tuple(delay))

    def allowed(self, candidate: Candidate) -> Candidate:
        """Return the nearest guess with crews that a force may have, rounded."""
        most = 1.0 if self._world.plan.has_rota else _MOST_CREWS * float(self._load.max()) + 2
        least = 0.02 if self._world.plan.has_rota else _LEAST_CREWS
        return candidate.but(
            free=tuple(round(float(np.clip(one, least, most)), 4) for one in candidate.free)
        )

    def less_delay(self, candidate: Candidate) -> list[Candidate]:
        """The same with little delay or none from the first grade on that may have another."""
        kept = candidate.delay[: self._first - 1]
        others = candidate.delay[self._first - 1 :]
        return [
            candidate.but(delay=(*kept, *(factor * one for one in others)))
            for factor in _LESS_DELAY
        ]


def ahead(before: Candidate, after: Candidate) -> Candidate:
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
