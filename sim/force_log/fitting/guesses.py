"""Guesses at a force, and how far from the log each is: every one is simulated once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

import polars as pl

from sim.force_log.fitting.candidate import Candidate, World
from sim.force_log.fitting.closeness import Cell, Coupled, cells_of, distance
from sim.force_log.fitting.progress import Teller
from sim.force_log.replaying.playing import waits_of
from sim.force_log.replaying.work import Work
from sim.streams import bootstrap_generator
from sim.study.settings import EngineName

REPLICATIONS: Final = 24
"""From two replications to the next the distance of one guess moves by more than what is compared
differs; from twenty-four to the next by a quarter of that, and the same luck meets all guesses."""
_ROUGHLY: Final = 6
"""Replications that numbers are first moved by."""
_PILOT_JOBS: Final = 4_000
_PILOT_SHARE: Final = 0.7
"""Numbers are first moved on the last whole weeks that hold so many jobs, unless that is nearly all
there is."""


class Guesses:
    """How far guesses are from the log; each meets the same luck, so that guesses are paired.

    Parameters
    ----------
    world, work, cells
        What is guessed at, the real incidents, and what guesses are held against.
    seed
        The luck.
    engine
        Who plays; all give the same numbers.
    teller
        Told of each guess.
    """

    def __init__(
        self,
        world: World,
        work: Work,
        cells: Sequence[Cell | Coupled],
        *,
        seed: int,
        engine: EngineName = "reference",
        teller: Teller | None = None,
    ) -> None:
        self.world = world
        self.work = work
        self.cells = cells
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

    @property
    def tried(self) -> int:
        """Guesses simulated, on some of the jobs or on all."""
        return len(self._known) + len(self._rough)

    def of(self, candidate: Candidate) -> float:
        """Return how far a guess is from the log."""
        if candidate not in self._known:
            scenario = self.world.scenario(candidate)
            waits = waits_of(self.work, scenario, self._seed, REPLICATIONS, self._engine)
            self._known[candidate] = distance(self.cells, waits)
            self._teller.guessed()
        return self._known[candidate]

    def roughly(self, candidate: Candidate) -> float:
        """How far a guess is from the log, or its last weeks, in little luck: to find the way."""
        if candidate not in self._rough:
            scenario = self.world.scenario(candidate)
            waits = waits_of(self._pilot, scenario, self._seed, _ROUGHLY, self._engine)
            self._rough[candidate] = distance(self._pilot_cells, waits)
            self._teller.guessed()
        return self._rough[candidate]

    def within(self, limit: float) -> Iterator[Candidate]:
        """Yield every guess so far that is no further from the log than this."""
        return (one for one, far in self._known.items() if far <= limit)


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
