"""The headline over what is not known: many settings of a scenario's ranges, few replications each.

A Latin hypercube over the ranges of the baseline's ``[sources]``: each range is cut into as many
even parts as there are settings, and each part is used once. A setting is laid over every scenario
alike, and all of them meet the same luck in it; the next setting meets luck of its own. A third of
the settings is played a second time with other luck, which tells how much of the spread luck is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import numpy as np
from pydantic import ValidationError

from sim.measures import Count
from sim.scenario.models import Scenario
from sim.scenario.ranges import Ranges, ranges_of
from sim.statistics import Moved, Parted, movers, parted
from sim.streams import settings_generator
from sim.study.allocation import set_up_memory
from sim.study.counting import Ints
from sim.study.engines import engine_for, incidents_of, made_ready
from sim.study.laying import Laying, Levels
from sim.study.points import play_points, processes_for
from sim.study.settings import Settings

Told: TypeAlias = Callable[[int, int], None]
"""Called with how many settings have been played, and how many that will be."""

MOST_SETTINGS: Final = 60
LEAST_SETTINGS: Final = 12
"""Of fewer nobody can tell a range."""

_PLAYS_FOR_A_REPLICATION: Final = 2
"""One play costs less than half a replication of the study, so this many cost no more than it."""
_TRIES_FOR_A_SETTING: Final = 20
_MOST_SECONDS: Final = 60.0
_SECONDS_AN_INCIDENT: Final = 100e-6
"""Of the reference engine, on two processors of 2022; only its order of size counts."""

_ASKED: Final = (
    Count.ATTENDANCE_TARGETED,
    Count.ARRIVED_FROM_RECEIVED,
    Count.NEEDED,
    Count.OVER_60,
)


@dataclass(frozen=True, eq=False)
class Varied:
    """What came of all settings.

    Attributes
    ----------
    ranges
        What was varied, and what was not, with the reason.
    levels
        Shape (settings, things): where in its range each thing that is not known stood, 0 to 1.
    sums
        Shape (scenarios, settings, 4): reports with a target, those in time from the call, reports
        that needed somebody, those that waited over an hour; one replication for each setting.
    again
        Of the first settings, with other luck.
    redrawn
        Settings that made an impossible scenario, and were drawn again.
    """

    ranges: Ranges
    levels: Levels
    sums: Ints
    again: Ints
    redrawn: int

    @property
    def settings(self) -> int:
        """How many were played."""
        return len(self.levels)

    def in_time(self, scenario: int) -> Parted | None:
        """The share reached in time from the call, over all settings."""
        return parted(_share(self.sums[scenario], 1, 0), _share(self.again[scenario], 1, 0))

    def over_60(self, scenario: int) -> Parted | None:
        """The share that waited more than an hour, over all settings."""
        return parted(_share(self.sums[scenario], 3, 2), _share(self.again[scenario], 3, 2))

    def better(self, scenario: int) -> int:
        """In how many settings a larger share is reached in time than in the baseline."""
        own, base = (_share(self.sums[place], 1, 0) for place in (scenario, 0))
        return int((own > base).sum())

    def same(self, scenario: int) -> int:
        """In how many settings the same share is reached in time as in the baseline."""
        own, base = (_share(self.sums[place], 1, 0) for place in (scenario, 0))
        return int((own == base).sum())

    def moved(self, scenario: int = 0) -> Sequence[Moved]:
        """What the share in time goes with, that which goes furthest first."""
        return movers(self.levels, _share(self.sums[scenario], 1, 0))


def vary(
    scenarios: Sequence[Scenario],
    settings: Settings,
    *,
    points: int | None = None,
    told: Told | None = None,
) -> Varied | str:
    """Play scenarios in many settings of what is not known.

    Parameters
    ----------
    scenarios
        The baseline, whose ranges are varied, first.
    settings
        Of the study: days, seed, engine, processes, and the replications that bound the cost.
    points
        How many settings; None: as many as cost no more than the replications, at most
        `MOST_SETTINGS`.
    told
        Told after each setting that was played.

    Returns
    -------
    Varied or str
        Or a sentence that says why there is none. Numbers do not depend on the number of processes.

    Raises
    ------
    Interrupted
        On Ctrl-C.
    """
    ranges = ranges_of(scenarios[0])
    if not scenarios[0].sources:
        return "Nothing says how far each number may be wrong: the scenario has no [sources]."
    if not ranges.together:
        return "Nothing says how far each number may be wrong: no range in [sources] can be varied."
    plays = _PLAYS_FOR_A_REPLICATION * settings.replications
    count = min(MOST_SETTINGS, plays * 3 // 4) if points is None else points
    if count < LEAST_SETTINGS:
        least = -(-LEAST_SETTINGS * 4 // (3 * _PLAYS_FOR_A_REPLICATION))
        return f"What is not known is varied from {least} replications on."
    second = -(-count // 3)
    incidents = incidents_of(scenarios, settings) * (count + second)
    engine = engine_for(incidents, settings.engine)
    if engine == "reference" and incidents * _SECONDS_AN_INCIDENT > _MOST_SECONDS:
        return "What is not known is varied with the compiled engine only: this one is too slow."
    made_ready(engine)
    set_up_memory()
    drawn = _drawn(scenarios, ranges, count, settings.seed)
    if len(drawn.points) < LEAST_SETTINGS:
        return (
            f"What is not known could not be varied: {drawn.redrawn} settings of the ranges in "
            "[sources] make impossible scenarios."
        )
    one_thread = replace(settings, workers=1, cluster=None, precision=None, engine=engine)
    processes = processes_for(incidents, count, settings, engine)
    second = min(second, len(drawn.points))
    # A point's own luck, and that which some of them meet besides.
    numbers = [
        [at, len(drawn.points) + at][: 2 if at < second else 1] for at in range(len(drawn.points))
    ]
    sums = play_points(drawn.points, one_thread, processes, numbers, _ASKED, told)
    return Varied(
        ranges=ranges,
        levels=np.array(drawn.levels),
        sums=np.stack([one[:, 0] for one in sums], axis=1),
        again=np.stack([one[:, 1] for one in sums[:second]], axis=1),
        redrawn=drawn.redrawn,
    )


@dataclass(frozen=True)
class _Drawn:
    levels: list[Levels]
    points: list[list[Scenario]]
    redrawn: int


def _drawn(scenarios: Sequence[Scenario], ranges: Ranges, count: int, seed: int) -> _Drawn:
    """Draw settings; those that make an impossible scenario are drawn again."""
    laying = Laying(scenarios, ranges.together)
    levels: list[Levels] = []
    points: list[list[Scenario]] = []
    redrawn = 0
    for row in _rows(len(ranges.together), count, seed):
        try:
            made = laying.at(row)
        except ValidationError:
            redrawn += 1
        else:
            levels.append(row)
            points.append(made)
        if len(points) == count:
            break
    return _Drawn(levels, points, redrawn)


def _rows(things: int, count: int, seed: int) -> Iterator[Levels]:
    """Yield the settings of a Latin hypercube, and then others one by one."""
    from scipy.stats.qmc import LatinHypercube

    hypercube = LatinHypercube(things, rng=settings_generator(seed))
    yield from hypercube.random(count)
    for _ in range((_TRIES_FOR_A_SETTING - 1) * count):
        yield hypercube.random(1)[0]


def _share(sums: Ints, top: int, bottom: int) -> Levels:
    """Return a share for each setting; that of no reports is 0."""
    shares: Levels = sums[:, top] / np.maximum(sums[:, bottom], 1)
    return shares
