"""Many settings, each of some scenarios on luck of their own: played side by side in processes.

Half of it is drawing and laying, which hold the interpreter's lock: threads would wait for each
other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.errors import Interrupted
from sim.study.engines import SECONDS_AN_INCIDENT, fetched
from sim.study.evaluate import evaluate
from sim.workers import are_idle, completed

if TYPE_CHECKING:
    from sim.measures import Count
    from sim.scenario.models import Scenario
    from sim.study.counting import Ints
    from sim.study.settings import EngineName, Settings


_SECONDS_WORTH_A_START: Final = 4.0
"""Another process takes more than a second to start."""


def processes_for(incidents: float, plays: int, settings: Settings, engine: EngineName) -> int:
    """Return how many processes are worth their start.

    Parameters
    ----------
    incidents
        That are simulated, all plays together.
    plays
        That can be shared out.
    settings
        With the most processes that are asked for.
    engine
        That plays.
    """
    if are_idle() or incidents * SECONDS_AN_INCIDENT[engine] > _SECONDS_WORTH_A_START:
        return settings.processes(plays)
    return 1


def play_points(
    points: Sequence[Sequence[Scenario]],
    settings: Settings,
    processes: int,
    numbers: Sequence[Sequence[int]],
    measures: Sequence[Count],
    told: Callable[[int, int], None] | None = None,
) -> list[Ints]:
    """Play settings, each of some scenarios.

    Parameters
    ----------
    points
        By setting the scenarios, the baseline first; all of a setting meet the same luck.
    settings
        Days, seed and engine; of one thread for each setting.
    processes
        This one and those beside it; they are kept where `sim.workers.begun` keeps them.
    numbers
        By setting, the replications that it is played in.
    measures
        What is counted of the headline's reports.
    told
        Told after each setting.

    Returns
    -------
    list of ndarray
        By setting, shape (scenarios, replications, measures); whatever the number of processes.

    Raises
    ------
    Interrupted
        On Ctrl-C.
    """
    plan = _Points(points, settings, numbers, measures)
    sums: list[Ints] = [np.zeros((0, 0, 0), dtype=np.int64)] * len(points)
    try:
        with closing(completed(_play, plan, range(len(points)), processes, _fetched)) as results:
            for done, (at, counted) in enumerate(results, 1):
                sums[at] = counted
                if told is not None:
                    told(done, len(points))
    except KeyboardInterrupt:
        raise Interrupted from None
    return sums


@dataclass(frozen=True)
class _Points:
    """What the processes share; may be pickled."""

    points: Sequence[Sequence[Scenario]]
    settings: Settings
    numbers: Sequence[Sequence[int]]
    measures: Sequence[Count]


def _fetched(plan: _Points) -> None:
    """Fetch the engine before the first setting, so that this does not wait for it."""
    fetched(plan.settings.engine)


def _play(plan: _Points, at: int) -> Ints:
    """Play one setting, and count it: shape (scenarios, replications, measures)."""
    found = evaluate(
        plan.points[at], plan.settings, plan.measures, cuts=(), replications=plan.numbers[at]
    )
    return np.stack([found.of(count) for count in plan.measures], axis=-1)
