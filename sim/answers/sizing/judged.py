"""Designs played on the same luck, each once, and how each stands to what is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import numpy as np

from sim.answers.sizing.aim import Figure, Floats, Kept, Target
from sim.answers.sizing.levers import Design, Space
from sim.statistics import Interval, paired_ratio_difference
from sim.study import Images, Luck, Settings, evaluate

Told: TypeAlias = Callable[[int], None]
"""Called with how many designs have been judged."""

_LEAST_ERROR: Final = 1e-12
_DESIGNS_AT_A_TIME: Final = 16


@dataclass(frozen=True)
class Asked:
    """What is asked of a rota.

    Attributes
    ----------
    target
        What it has to reach, or what is to be as good as can be.
    kept
        What may not get worse than today.
    """

    target: Target
    kept: tuple[Kept, ...] = ()

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All figures that are counted, the target's first."""
        return (self.target.figure, *(one.figure for one in self.kept))


@dataclass(frozen=True, eq=False)
class Judged:
    """One design, played.

    Attributes
    ----------
    design
        Which; None: today's rota.
    tallies
        Of each figure what is above and below the line, shape (replications,) each.
    """

    design: Design | None
    tallies: tuple[tuple[Floats, Floats], ...]

    @property
    def value(self) -> float:
        """The target's figure; 0 of no incident."""
        tops, bottoms = self.tallies[0]
        return float(tops.sum() / max(bottoms.sum(), 1.0))

    def interval(self, figure: Figure, level: float) -> Interval:
        """The target's figure with its interval."""
        return figure.interval(*self.tallies[0], level)

    @property
    def error(self) -> float:
        """The standard error of the target's figure, by the spread over replications."""
        return _error(*self.tallies[0])


class Judge:
    """Plays designs on one set of luck, and remembers them.

    Parameters
    ----------
    space
        The designs.
    asked
        What is counted of them.
    settings
        Days, seed and threads.
    replications
        Their numbers.
    told
        Told after each batch.
    """

    def __init__(
        self,
        space: Space,
        asked: Asked,
        settings: Settings,
        replications: Sequence[int],
        told: Told | None = None,
    ) -> None:
        self.space = space
        self.asked = asked
        self._settings = settings
        self._replications = tuple(replications)
        self._told = told
        self._images = Images[Luck]()
        self._known: dict[Design | None, Judged] = {}

    @property
    def judged(self) -> list[Judged]:
        """All designs that were played, in the order in which they were, today's rota left out."""
        return [one for one in self._known.values() if one.design is not None]

    @property
    def today(self) -> Judged:
        """Today's rota."""
        return self.of([None])[0]

    def knows(self, design: Design) -> bool:
        """Whether it was played."""
        return design in self._known

    def of(self, designs: Iterable[Design | None]) -> list[Judged]:
        """Return designs as they were played; those that were not are played now.

        Raises
        ------
        Interrupted
            On Ctrl-C; what was played before stays known.
        """
        wanted = list(designs)
        new = [one for one in dict.fromkeys(wanted) if one not in self._known]
        for first in range(0, len(new), _DESIGNS_AT_A_TIME):
            self._play(new[first : first + _DESIGNS_AT_A_TIME])
        return [self._known[one] for one in wanted]

    def _play(self, designs: Sequence[Design | None]) -> None:
        figures = self.asked.figures
        counts = tuple(dict.fromkeys(count for one in figures for count in one.counts))
        scenarios = [
            self.space.scenario if one is None else self.space.made(one) for one in designs
        ]
        found = evaluate(
            scenarios,
            replace(self._settings, replications=len(self._replications)),
            counts,
            cuts=[one.cut for one in figures],
            replications=self._replications,
            images=self._images,
        )
        for place, design in enumerate(designs):
            tallies = tuple(one.tallies(found, place) for one in figures)
            self._known[design] = Judged(design, tallies)
        if self._told is not None:
            self._told(len(self.judged))

    def slack(self, one: Judged) -> float:
        """By how many standard errors a design meets what is asked; negative: it misses.

        Of several conditions the one that is met least.
        """
        short = self.asked.target.short_of(one.value)
        return min([-short / max(one.error, _LEAST_ERROR), *self._rooms(one)])

    def keeps(self, one: Judged) -> bool:
        """Whether other work is made no worse than it may be, as far as this luck shows."""
        return all(room >= 0 for room in self._rooms(one))

    def _rooms(self, one: Judged) -> list[float]:
        """What is left of what may get worse, in standard errors of the paired difference."""
        found = []
        today = self.today if self.asked.kept else one
        for place, kept in enumerate(self.asked.kept, start=1):
            before, after = today.tallies[place], one.tallies[place]
            error = _paired_error(before, after)
            room = kept.by - kept.worse(before, after)
            found.append(float(room / error if error > _LEAST_ERROR else np.copysign(np.inf, room)))
        return found


def _error(tops: Floats, bottoms: Floats) -> float:
    total = bottoms.sum()
    if not total or tops.size < 2:
        return 0.0
    residuals = (tops - tops.sum() / total * bottoms) / total
    return float(np.sqrt(tops.size / (tops.size - 1) * (residuals**2).sum()))


def _paired_error(before: tuple[Floats, Floats], after: tuple[Floats, Floats]) -> float:
    found = paired_ratio_difference(*before, *after, 0.6827)
    return 0.0 if found.half_width is None else found.half_width
