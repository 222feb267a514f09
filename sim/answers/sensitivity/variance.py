"""What part of the variance over settings each of the foremost things makes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from pydantic import ValidationError

from sim.errors import Interrupted
from sim.statistics import VarianceShares, variance_shares
from sim.streams import settings_generator
from sim.study import Laying, play_points

if TYPE_CHECKING:
    from sim.answers.headlines import Headline
    from sim.answers.told import Told
    from sim.scenario.models import Scenario
    from sim.scenario.ranges import Ranges
    from sim.statistics.screening import FloatArray
    from sim.study import Settings

VARIANCE: Final = "shares of the variance"
MOST: Final = 8
"""Things whose shares are told; the others stay as the file has them."""
ROWS: Final = 64

_BLOCK: Final = 8
_LEAST_ROWS: Final = 16


def parts_of_variance(
    scenario: Scenario,
    ranges: Ranges,
    settings: Settings,
    asked: Headline,
    places: Sequence[int],
    processes: int,
    told: Told,
) -> tuple[VarianceShares | None, int, bool]:
    """Play rows of settings of some things, and part the variance among them.

    Parameters
    ----------
    scenario
        The baseline.
    ranges, settings, asked, processes, told
        As for `sim.answers.sensitivity.screening.screen`.
    places
        Of the things.

    Returns
    -------
    tuple
        The shares, None where too little was played; how many rows they rest on; and whether
        Ctrl-C left some out.
    """
    from scipy.stats.qmc import Sobol

    laying, things = Laying([scenario], ranges.together), len(ranges.together)
    points = Sobol(2 * len(places), rng=settings_generator(settings.seed)).random(ROWS)
    rows: list[FloatArray] = []
    stopped = False
    told(VARIANCE, 0, 0)
    for first in range(0, ROWS, _BLOCK):
        made = [
            (row, _row(points[row], places, things))
            for row in range(first, min(first + _BLOCK, ROWS))
        ]
        try:
            built = [[laying.at(levels) for levels in each] for _, each in made]
        except ValidationError:
            continue
        flat = [point for row in built for point in row]
        numbers = [[row] for row, each in made for _ in each]
        try:
            sums = play_points(flat, settings, processes, numbers, (asked.top, asked.bottom))
        except (Interrupted, KeyboardInterrupt):
            stopped = True
            break
        figures = np.array([one[0, 0, 0] / max(one[0, 0, 1], 1) for one in sums]) / asked.scale
        rows += list(figures.reshape(len(made), -1))
        told(VARIANCE, first + len(made), ROWS)
    if len(rows) < _LEAST_ROWS:
        return None, len(rows), stopped
    table = np.array(rows)
    found = variance_shares(table[:, 0], table[:, 1], table[:, 2:].T, settings.level)
    return found, len(rows), stopped


def _row(point: FloatArray, places: Sequence[int], things: int) -> list[FloatArray]:
    """Settings A, B, and A with one thing as in B; what is not varied stays as it is."""
    number = len(places)
    first, second = (np.full(things, np.nan) for _ in range(2))
    first[list(places)], second[list(places)] = point[:number], point[number:]
    mixed = []
    for place in places:
        one = first.copy()
        one[place] = second[place]
        mixed.append(one)
    return [first, second, *mixed]
