"""What a rota has to reach, and what it may not make worse, as a planner writes it.

``arrived_within_target from graded >= 0.5``, ``waited_over 60 <= 0.2 of missing_child grade 2``,
``delay_mean <= 45 area bcp``; of other work ``delay_mean of priority grade 2 by 2``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from sim.errors import InputError
from sim.measures import RISKS, Count, Cut
from sim.results.catalogue import CATALOGUE, Measure, Sums
from sim.scenario.findings import nearest
from sim.scenario.models import Scenario
from sim.statistics import (
    Interval,
    paired_ratio_difference,
    ratio_interval,
    share_interval,
)
from sim.study import COUNTABLE, Evaluation, definition_of
from sim.tables import HOUR

Sense: TypeAlias = Literal[">=", "<="]
Floats: TypeAlias = npt.NDArray[np.float64]

_CLOCKS: Final = ("received", "answered", "graded")
_WORDS: Final = re.compile(r">=|<=|[^\s<>=]+|[<>=]+")
_EXAMPLE: Final = 'such as "arrived_within_target from graded >= 0.5" or "waited_over 60 <= 0.2"'
_EXAMPLE_KEPT: Final = 'such as "delay_mean of priority grade 2 by 2"'


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of some incidents: a sum over a sum.

    Attributes
    ----------
    measure
        Its record in the catalogue.
    sums
        Which of the measure's: by clock and minutes.
    cut
        Of which incidents.
    """

    measure: Measure
    sums: Sums
    cut: Cut

    @property
    def counts(self) -> tuple[Count, Count]:
        """What is above and below the line."""
        top, bottom = self.sums.top, self.sums.bottom
        assert isinstance(top, Count)
        assert isinstance(bottom, Count)
        return top, bottom

    @property
    def is_share(self) -> bool:
        """Whether it counts some of the incidents."""
        return self.measure.unit == "share"

    def tallies(self, found: Evaluation, scenario: int) -> tuple[Floats, Floats]:
        """What is above and below the line in each replication, in the figure's unit."""
        top, bottom = self.counts
        above = found.of(top, self.cut)[scenario] / self.measure.divisor
        return above, found.of(bottom, self.cut)[scenario].astype(np.float64)

    def interval(self, tops: Floats, bottoms: Floats, level: float) -> Interval:
        """The figure with its interval, from what `tallies` gives."""
        estimate = share_interval if self.is_share else ratio_interval
        return estimate(tops, bottoms, level)

    @property
    def words(self) -> str:
        """What it is called, such as "In time, from grading"."""
        return self.measure.long_label(minutes=self.sums.minutes, clock=self.sums.clock)


@dataclass(frozen=True, slots=True)
class Target:
    """A figure and what it has to reach.

    Attributes
    ----------
    figure
        Of which incidents, and what.
    sense
        Whether it has to be at least or at most `bound`.
    bound
        In the figure's unit; of a share 0 to 1.
    text
        As it was written.
    """

    figure: Figure
    sense: Sense
    bound: float
    text: str

    def short_of(self, value: float) -> float:
        """By how much a value misses it; negative where it is met with room to spare."""
        return self.bound - value if self.sense == ">=" else value - self.bound

    def limits(self, tops: Floats, bottoms: Floats, chance: float) -> tuple[float, float]:
        """The figure's two one-sided limits, each of which is wrong with at most this chance.

        Minus and plus infinity where too little was counted to give one.
        """
        found = self.figure.interval(tops, bottoms, 1 - 2 * chance)
        if found.too_few:
            # A limit of a rare share has one side only, and its level is that side's.
            found = self.figure.interval(tops, bottoms, 1 - chance)
        low = -np.inf if found.low is None else found.low
        return low, np.inf if found.high is None else found.high

    def is_shown(self, low: float, high: float) -> bool:
        """Whether limits show that it is met."""
        return low >= self.bound if self.sense == ">=" else high <= self.bound

    def is_refuted(self, low: float, high: float) -> bool:
        """Whether limits show that it is missed."""
        return high < self.bound if self.sense == ">=" else low > self.bound


@dataclass(frozen=True, slots=True)
class Kept:
    """A figure of other work that may not get worse than it is today by more than so much.

    Attributes
    ----------
    figure
        Of which incidents, and what.
    by
        In the figure's unit; of a share 0.01 is one point.
    text
        As it was written.
    """

    figure: Figure
    by: float
    text: str

    def worse(self, before: tuple[Floats, Floats], after: tuple[Floats, Floats]) -> float:
        """By how much it is worse after a change, in the figure's unit; negative: better."""
        was, now = (tops.sum() / max(bottoms.sum(), 1.0) for tops, bottoms in (before, after))
        return float(was - now if self.figure.measure.better == "more" else now - was)

    def limits(
        self, before: tuple[Floats, Floats], after: tuple[Floats, Floats], chance: float
    ) -> tuple[float, float]:
        """One-sided limits of how much worse it is, paired: each wrong with at most this chance."""
        found = paired_ratio_difference(*before, *after, 1 - 2 * chance)
        low = -np.inf if found.low is None else found.low
        high = np.inf if found.high is None else found.high
        return (-high, -low) if self.figure.measure.better == "more" else (low, high)


def target_of(text: str, scenario: Scenario, path: str = "--target") -> Target:
    """Read a target.

    Parameters
    ----------
    text
        A measure, perhaps a time in minutes and ``from CLOCK``, ``>=`` or ``<=`` with a number, and
        which incidents: ``of STREAM``, ``grade N``, ``risk LEVEL``, ``care yes|no``, ``area NAME``.
        What is not named is the headline's stream and grade.
    scenario
        Whose names they are.
    path
        Where it was written, for messages.

    Raises
    ------
    InputError
        If there is no such figure, or it cannot be counted for so many rotas.
    """
    words = _WORDS.findall(text)
    place = next((at for at, word in enumerate(words) if word in (">=", "<=")), None)
    if place is None or place + 1 >= len(words):
        raise InputError(
            "this target says neither at least nor at most", path=path, found=text, allowed=_EXAMPLE
        )
    bound = _number(words[place + 1], text, path, _EXAMPLE)
    figure = _figure([*words[:place], *words[place + 2 :]], scenario, text, path, _EXAMPLE)
    if figure.is_share and not 0 <= bound <= 1:
        raise InputError(
            "a share lies between 0 and 1", path=path, found=words[place + 1], allowed="0 to 1"
        )
    sense: Sense = ">=" if words[place] == ">=" else "<="
    wanted = {"more": ">=", "less": "<="}.get(figure.measure.better or "", sense)
    if sense != wanted:
        raise InputError(
            f"of {figure.measure.name} {'more' if wanted == '>=' else 'less'} is better",
            path=path,
            found=text,
            allowed=text.replace(sense, wanted),
        )
    return Target(figure, sense, bound, text)


def kept_of(text: str, scenario: Scenario, path: str = "--no-worse") -> Kept:
    """Read what may not get worse: a figure as in `target_of`, and ``by`` how much at most.

    Raises
    ------
    InputError
        As `target_of`, or if nothing says which way is worse.
    """
    words = _WORDS.findall(text)
    if "by" not in words[:-1]:
        raise InputError(
            "this says not by how much it may get worse",
            path=path,
            found=text,
            allowed=_EXAMPLE_KEPT,
        )
    place = words.index("by")
    by = _number(words[place + 1], text, path, _EXAMPLE_KEPT)
    if by < 0:
        raise InputError("this is no number to allow", path=path, found=words[place + 1])
    rest = [*words[:place], *words[place + 2 :]]
    figure = _figure(rest, scenario, text, path, _EXAMPLE_KEPT)
    if figure.measure.better is None:
        raise InputError(
            f"nobody can say which way {figure.measure.name} is worse",
            path=path,
            found=text,
            allowed=", ".join(one.name for one in _countable() if one.better is not None),
        )
    return Kept(figure, by, text)


def _countable() -> list[Measure]:
    """The measures that can be counted for thousands of rotas."""
    return [one for one in CATALOGUE.values() if any(map(_is_countable, one.sums))]


def _is_countable(sums: Sums) -> bool:
    both = (sums.top, sums.bottom)
    return all(isinstance(one, Count) and one in COUNTABLE for one in both) and sums.stage is None


def _figure(words: Sequence[str], scenario: Scenario, text: str, path: str, example: str) -> Figure:
    countable = {one.name: one for one in _countable()}
    if not words or words[0] not in countable:
        found = words[0] if words else text
        raise InputError(
            "this cannot be counted for so many rotas"
            if found in CATALOGUE
            else "there is no such measure",
            path=path,
            found=found,
            allowed=", ".join(countable),
            suggestion=nearest(found, countable),
        )
    measure = countable[words[0]]
    about = definition_of(scenario, 0, HOUR)
    cut: dict[str, Any] = {"stream": about.headline_stream, "grade": about.headline_grade}
    clock: str | None = None
    minutes: int | None = None
    rest = iter(words[1:])
    for word in rest:
        if word.isdigit():
            minutes = int(word)
            continue
        value = next(rest, None)
        if word == "from":
            clock = _one_of(value, _CLOCKS, path, text)
        elif word == "of":
            cut["stream"] = _one_of(value, scenario.streams, path, text)
        elif word == "grade":
            grade = _one_of(value, [*map(str, scenario.grades), "any"], path, text)
            cut["grade"] = None if grade == "any" else int(grade)
        elif word == "risk":
            cut["risk"] = _one_of(value, RISKS, path, text)
        elif word == "care":
            cut["care"] = _one_of(value, ("yes", "no"), path, text) == "yes"
        elif word == "area":
            cut["area"] = _one_of(value, scenario.areas, path, text)
        else:
            raise InputError("this word is not known here", path=path, found=word, allowed=example)
    return Figure(measure, _sums(measure, clock, minutes, path, text), Cut(**cut))


def _sums(measure: Measure, clock: str | None, minutes: int | None, path: str, text: str) -> Sums:
    fitting = [one for one in measure.sums if _is_countable(one)]
    for one in fitting:
        # A target's own clock needs no name.
        if one.clock == clock and one.minutes == minutes:
            return one
    known = [
        " ".join(
            filter(
                None,
                (
                    measure.name,
                    None if one.minutes is None else str(one.minutes),
                    None if one.clock is None else f"from {one.clock}",
                ),
            )
        )
        for one in fitting
    ]
    raise InputError(
        "this measure is not told so", path=path, found=text, allowed=", or ".join(known)
    )


def _one_of(word: str | None, known: Iterable[str], path: str, text: str) -> str:
    names = list(known)
    if word in names:
        return str(word)
    raise InputError(
        "there is no such name here",
        path=path,
        found=word or text,
        allowed=", ".join(names),
        suggestion=nearest(word or "", names),
    )


def _number(word: str, text: str, path: str, example: str) -> float:
    try:
        value = float(word)
    except ValueError:
        value = np.nan
    if not np.isfinite(value):
        raise InputError("this is no number", path=path, found=text, allowed=example)
    return value
