"""Share held and rank of missing-child jobs, tried side by side: what can be told apart.

A long wait that a gate explains and one that low rank explains look alike in waits alone. Where
the log has times of ratification, the share of jobs allocated before it tells them apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from sim.force_log.disclosure import LEAST, rounded
from sim.force_log.fitting.candidate import Candidate, World
from sim.force_log.fitting.closeness import Cell, Coupled, cells_of, distance
from sim.force_log.fitting.progress import Teller
from sim.force_log.replaying.playing import played
from sim.force_log.replaying.work import Work
from sim.study.settings import EngineName
from sim.tables import NEVER, Table

HELD: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
NEXT_GRADE: Final = (0.0, 0.5, 1.0)
_FEWEST: Final = 10
_REPLICATIONS: Final = 4
_BY_LUCK: Final = 0.001
_TIMES: Final = 3.0
"""So many times what chi square allows once in 1,000, since the errors of few jobs are themselves
guessed. Of 30 logs made by a share of 0, a half or all held, two were beyond once that limit, and
none beyond 1.2 times it; logs sent four hours late were at 30 times."""


@dataclass(frozen=True, slots=True)
class Point:
    """One pair: share held, share ranked with the next grade, and how far it is from the log."""

    held: float
    next_grade: float
    distance: float
    possible: bool


@dataclass(frozen=True, slots=True)
class Children:
    """What the log says of the missing-child jobs' share held and rank.

    Attributes
    ----------
    points
        All pairs tried.
    jobs
        Missing-child jobs, to the nearest five.
    candidate
        The best guess with the nearest pair. Where every pair is possible, and a factor on the
        rate says how long these jobs wait, nobody is held and nobody ranked lower.
    can_be_made
        Whether the nearest pair is as near to the log as luck allows: if not, neither a gate nor
        rank makes these jobs wait as they do.
    """

    points: tuple[Point, ...]
    jobs: int
    candidate: Candidate
    can_be_made: bool

    def range_of(self, name: str) -> tuple[float, float]:
        """The lowest and the highest value that some possible pair has."""
        values = [getattr(point, name) for point in self.points if point.possible]
        return min(values), max(values)


def children(
    world: World,
    work: Work,
    best: Candidate,
    *,
    level: float,
    seed: int,
    rng: np.random.Generator,
    engine: EngineName = "reference",
    teller: Teller | None = None,
) -> Children | None:
    """Try pairs of share held and rank; None with fewer than ten missing-child jobs."""
    from scipy.special import chdtri

    jobs = work.jobs
    own = np.flatnonzero(((jobs["stream"] == "missing_child") & ~jobs["lead_in"]).to_numpy())
    if "missing_child" not in world.demand.streams or len(own) < _FEWEST:
        return None
    cells = cells_of(work, rng, child=True)
    if not cells:
        return None
    before = _before_ratification(work, own)
    teller = teller or Teller()
    pairs = [(share, rank) for share in HELD for rank in NEXT_GRADE]
    found: list[tuple[float, Candidate]] = []
    for number, (share, rank) in enumerate(pairs):
        teller.step("shares of missing-child jobs held and ranked lower", number, len(pairs))
        other = best.but(held=share, next_grade=rank)
        made = played(work, world.scenario(other), seed, _REPLICATIONS, engine)
        found.append((_far(made, work, cells, own, before), other))
        teller.guessed()
    least, candidate = min(found, key=lambda pair: pair[0])
    freedom = max(1.5 * len(cells) + (before is not None) - 2, 1.0)
    limit = least + float(chdtri(2, 1 - level)) * max(1.0, least / freedom)
    points = tuple(
        Point(one.held, one.next_grade, round(far, 1), far <= limit) for far, one in found
    )
    factors = {} if world.rate is None else world.rate.get("streams", {})
    if "missing_child" in factors and all(one.possible for one in points):
        # The nearest of pairs that the log cannot tell apart would be luck.
        candidate = best.but(held=HELD[0], next_grade=NEXT_GRADE[0])
    can_be_made = least <= _TIMES * float(chdtri(freedom, _BY_LUCK))
    return Children(points, rounded(len(own)) or 0, candidate, can_be_made)


def _before_ratification(work: Work, own: npt.NDArray[np.int64]) -> tuple[float, float] | None:
    """Share of ratified missing-child jobs allocated before ratification, and its error."""
    known, early = _early(work, own, work.jobs["assigned"].to_numpy())
    count = int(known.sum())
    if count < 4 * LEAST:
        return None
    share = float(early[known].mean())
    return share, max(float(np.sqrt(max(share * (1 - share), 1 / count) / count)), 0.02)


def _early(
    work: Work, own: npt.NDArray[np.int64], assigned: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    ratified = work.jobs["ratified"].to_numpy().astype(np.float64)[own]
    wait = (assigned - work.jobs["graded"].to_numpy())[own]
    return np.isfinite(ratified) & np.isfinite(wait), wait < ratified


def _far(
    made: Iterable[Table],
    work: Work,
    cells: Sequence[Cell | Coupled],
    own: npt.NDArray[np.int64],
    before: tuple[float, float] | None,
) -> float:
    graded = work.jobs["graded"].to_numpy()
    claimed = np.stack(
        [
            np.where(one["claimed_at"] == NEVER, work.end, one["claimed_at"]).astype(np.float64)
            for one in made
        ]
    )
    far = distance(cells, np.maximum(claimed - graded, 0) / 60)
    if before is not None:
        shares = []
        for one in claimed:
            known, early = _early(work, own, one)
            shares.append(early[known].mean())
        far += float(((np.mean(shares) - before[0]) / before[1]) ** 2)
    return far
