"""The foremost things at both ends of their ranges, one at a time, on the same luck."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from pydantic import ValidationError

from sim.answers.estimated import Estimated
from sim.answers.sensitivity.document import Difference
from sim.errors import Interrupted
from sim.statistics import contrast
from sim.study import Laying, play_points

if TYPE_CHECKING:
    from sim.answers.headlines import Headline
    from sim.answers.told import Told
    from sim.scenario.models import Scenario
    from sim.scenario.ranges import Ranges
    from sim.statistics import Interval
    from sim.study import Settings
    from sim.study.counting import Ints

ENDS: Final = "the foremost, one at a time"

_BLOCK: Final = 4
"""Things that are played together: Ctrl-C keeps whole blocks."""


@dataclass(frozen=True, eq=False)
class Ends:
    """What came of it.

    Attributes
    ----------
    base
        Shape (scenarios, replications, 2): above and below the line as the files have it.
    sums
        By place of a thing the same at its low and at its high end; None where that is impossible.
    stopped
        Whether Ctrl-C left some out.
    """

    base: Ints
    sums: dict[int, tuple[Ints | None, Ints | None]]
    stopped: bool


def play_ends(
    scenarios: Sequence[Scenario],
    ranges: Ranges,
    settings: Settings,
    asked: Headline,
    places: Sequence[int],
    processes: int,
    told: Told,
) -> Ends:
    """Play the scenarios as they are, and with each of some things at either end.

    Parameters
    ----------
    scenarios, ranges, settings, asked, processes, told
        As for `sim.answers.sensitivity.screening.screen`.
    places
        Of the things, the foremost first.

    Raises
    ------
    Interrupted
        On Ctrl-C before the scenarios as they are have been played.
    """
    laying = Laying(scenarios, ranges.together)
    things = len(ranges.together)
    planned = 1 + 2 * len(places)
    told(ENDS, 0, 0)
    numbers = list(range(settings.replications))
    counts = asked.top, asked.bottom

    def at(place: int, level: float) -> list[Scenario] | None:
        levels = np.full(things, np.nan)
        levels[place] = level
        try:
            return laying.at(levels)
        except ValidationError:
            return None

    def played(points: Sequence[Sequence[Scenario]], done: int) -> list[Ints]:
        # Split over replications, so that few points keep all processes busy.
        parts = [numbers[first::processes] for first in range(processes)]
        each = [(point, part) for point in points for part in parts if part]
        found = play_points(
            [point for point, _ in each],
            settings,
            processes,
            [part for _, part in each],
            counts,
            lambda now, all_: told(ENDS, done + now * len(points) // all_, planned),
        )
        whole = []
        for point in points:
            sums = np.zeros((len(scenarios), len(numbers), len(counts)), dtype=np.int64)
            for (own, part), made in zip(each, found, strict=True):
                if own is point:
                    sums[:, part] = made
            whole.append(sums)
        return whole

    (base,) = played([list(scenarios)], 0)
    sums: dict[int, tuple[Ints | None, Ints | None]] = {}
    for first in range(0, len(places), _BLOCK):
        block = places[first : first + _BLOCK]
        made = [(place, end, at(place, level)) for place in block for end, level in _LEVELS]
        possible = [(place, end, point) for place, end, point in made if point is not None]
        try:
            found = played([point for _, _, point in possible], 1 + 2 * first)
        except (Interrupted, KeyboardInterrupt):
            return Ends(base, sums, stopped=True)
        by_end = {(place, end): own for (place, end, _), own in zip(possible, found, strict=True)}
        sums |= {place: (by_end.get((place, 0)), by_end.get((place, 1))) for place in block}
    return Ends(base, sums, stopped=False)


_LEVELS: Final = ((0, 0.0), (1, 1.0))


def change(
    ends: Ends, own: Ints | None, asked: Headline, level: float, comparisons: int
) -> Estimated | None:
    """By how much the baseline's figure changes at an end; limits hold for all bars together."""
    if own is None:
        return None
    ratios = [own[0], ends.base[0]]
    return _figure(_contrast((1.0, -1.0), ratios, level, comparisons), asked)


def differences(
    ends: Ends,
    at: tuple[Ints | None, Ints | None],
    names: Sequence[str],
    asked: Headline,
    level: float,
    comparisons: int,
) -> tuple[Difference, ...]:
    """By how much other scenarios are above the baseline at both ends, and what that changes."""
    low, high = at
    if low is None or high is None:
        return ()
    found = []
    for place, name in enumerate(names[1:], 1):
        told = {}
        for key, own in (("low", low), ("high", high)):
            plain = [own[place], own[0]]
            told[key] = _figure(_contrast((1.0, -1.0), plain, level, comparisons), asked)
            four = [*plain, ends.base[place], ends.base[0]]
            told[f"{key}_change"] = _figure(
                _contrast((1.0, -1.0, -1.0, 1.0), four, level, comparisons), asked
            )
        found.append(Difference(scenario=name, **told))
    return tuple(found)


def difference_as_filed(ends: Ends, place: int, asked: Headline, level: float) -> Estimated:
    """By how much another scenario's figure is above the baseline's as the files have it."""
    return _figure(_contrast((1.0, -1.0), [ends.base[place], ends.base[0]], level, 1), asked)


def _contrast(
    weights: Sequence[float], ratios: Sequence[Ints], level: float, comparisons: int
) -> Interval:
    sums = np.array(ratios, dtype=np.float64)
    each = 1 - (1 - level) / comparisons
    count = round(float(sums[0, :, 1].sum()))
    return contrast(np.array(weights), sums[:, :, 0], sums[:, :, 1], each, count)


def _figure(interval: Interval, asked: Headline) -> Estimated:
    return Estimated.of(interval.scaled(1 / asked.scale), asked.unit)
