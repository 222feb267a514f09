"""All things that are not known, screened by Morris's elementary effects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
from pydantic import ValidationError

from sim.errors import InputError, Interrupted
from sim.statistics import LEAST_TRAJECTORIES, Screened, screened, trajectories
from sim.streams import settings_generator
from sim.study import Laying, play_points

if TYPE_CHECKING:
    from sim.answers.headlines import Headline
    from sim.answers.told import Told
    from sim.scenario.models import Scenario
    from sim.scenario.ranges import Ranges
    from sim.statistics.screening import FloatArray
    from sim.study import Settings
    from sim.study.counting import Ints

SCREENING: Final = "every range"

LUCKS: Final = 2
_TRIES: Final = 10
"""Times as many trajectories are drawn as are wanted, before it is given up."""


@dataclass
class Screening:
    """What came of it.

    Attributes
    ----------
    levels
        By trajectory, shape (things + 1, things).
    sums
        By trajectory, shape (things + 1, scenarios, lucks, 2): above and below the line.
    redrawn
        Trajectories that came to an impossible scenario.
    stopped
        Whether Ctrl-C left some out.
    """

    levels: list[FloatArray] = field(default_factory=list)
    sums: list[Ints] = field(default_factory=list)
    redrawn: int = 0
    stopped: bool = False

    def figures(self, asked: Headline, scenario: int = 0) -> list[FloatArray]:
        """One scenario's figure, by trajectory of shape (things + 1, lucks)."""
        return [_ratio(one[:, scenario], asked) for one in self.sums]

    def ranked(self, asked: Headline) -> tuple[Screened, ...]:
        """The things by how far the baseline's figure moves with them."""
        return screened(self.levels, self.figures(asked))

    def better(self, asked: Headline, scenario: int) -> tuple[int, int, int]:
        """In how many settings a scenario is better than the baseline, in how many it is the same.

        The third number is that of all settings.
        """
        better, same, count = 0, 0, 0
        for sums in self.sums:
            # Both lucks of a setting together.
            own, base = (_ratio(sums[:, one].sum(axis=1), asked) for one in (scenario, 0))
            gain = own - base if asked.missing else base - own
            better, same = better + int((gain > 0).sum()), same + int((gain == 0).sum())
            count += gain.size
        return better, same, count


def screen(
    scenarios: Sequence[Scenario],
    ranges: Ranges,
    settings: Settings,
    asked: Headline,
    count: int,
    processes: int,
    told: Told,
) -> Screening:
    """Move every thing that is not known, one after the other, from many random settings.

    Parameters
    ----------
    scenarios
        The baseline, whose ranges they are, first.
    ranges
        Of the baseline.
    settings
        Days, seed and engine, for one thread.
    asked
        The figure.
    count
        Trajectories.
    processes
        Settings that are played at a time.
    told
        Told as it goes on.

    Raises
    ------
    InputError
        If hardly any setting makes a possible scenario.
    Interrupted
        On Ctrl-C before `LEAST_TRAJECTORIES` are done.
    """
    found = Screening()
    laying = Laying(scenarios, ranges.together)
    things = len(ranges.together)
    planned = count * (things + 1)
    told(SCREENING, 0, 0)
    for levels in trajectories(things, settings_generator(settings.seed)):
        if len(found.sums) == count:
            break
        try:
            points = [laying.at(row) for row in levels]
        except ValidationError:
            found.redrawn += 1
            if found.redrawn > _TRIES * count:
                raise _impossible(found.redrawn) from None
            continue
        done = len(found.sums)
        numbers = [[LUCKS * done + luck for luck in range(LUCKS)]] * len(points)
        try:
            sums = play_points(
                points,
                settings,
                processes,
                numbers,
                (asked.top, asked.bottom),
                lambda now, _, done=done: told(SCREENING, done * (things + 1) + now, planned),  # type: ignore[misc]
            )
        except (Interrupted, KeyboardInterrupt):
            if done < LEAST_TRAJECTORIES:
                raise Interrupted from None
            found.stopped = True
            break
        found.levels.append(levels)
        found.sums.append(np.stack(sums))
    return found


def _ratio(sums: Ints, asked: Headline) -> FloatArray:
    """Above over below the line, on the last axis; of no reports it is nought."""
    figures: FloatArray = sums[..., 0] / np.maximum(sums[..., 1], 1) / asked.scale
    return figures


def _impossible(number: int) -> InputError:
    return InputError(
        f"{number} settings of the ranges in [sources] make impossible scenarios",
        path="sources",
        allowed="ranges within which most scenarios are possible",
    )
