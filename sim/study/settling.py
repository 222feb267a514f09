"""Whether the warm-up is long enough.

A simulation begins with nothing queued and nobody at work. The hourly means across replications of
jobs that wait and of units at work, with the profile of the week taken out, show when it has
forgotten that (MSER-5).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from sim.measures import WEEK_HOURS
from sim.scenario.loading import Loaded
from sim.statistics import Truncation, mser5, without_cycle
from sim.study.running import collect
from sim.study.settings import Report, Settings
from sim.study.worlds import Plan
from sim.tables import DAY, HOUR

_LEAST_DAYS: Final = 28
"""The profile of the week is taken from at least four weeks."""


@dataclass(frozen=True, eq=False)
class Series:
    """One quantity, hour by hour from the beginning of the simulation.

    Parameters
    ----------
    name
        In words.
    means
        Shape (hours,): mean across replications.
    settled
        Where it had settled, in hours from the beginning.
    """

    name: str
    means: npt.NDArray[np.float64]
    settled: Truncation


@dataclass(frozen=True, eq=False)
class WarmUp:
    """The finding.

    Parameters
    ----------
    days
        The warm-up asked for.
    simulated_days
        Days looked at, warm-up included.
    replications
        Replications behind the means.
    series
        What was looked at.
    interrupted
        Stopped on request, before all replications that were asked for.
    """

    days: int
    simulated_days: int
    replications: int
    series: tuple[Series, ...]
    interrupted: bool = False

    @property
    def enough(self) -> bool:
        """Whether everything had settled by the end of the warm-up."""
        points = [one.settled.point for one in self.series]
        return all(point is not None and point <= self.days * 24 for point in points)

    @property
    def sentences(self) -> tuple[str, ...]:
        """The finding in words, the answer first."""
        days = f"{self.days} day{'' if self.days == 1 else 's'}"
        answer = "is long enough" if self.enough else "is not shown to be long enough"
        told = [f"A warm-up of {days} {answer}."]
        for one in self.series:
            point = one.settled.point
            if point is None:
                told.append(
                    f"{one.name} had not settled within the first half of "
                    f"{self.simulated_days} days: simulate more days, or look whether a queue "
                    "grows without end."
                )
            else:
                told.append(f"{one.name} had settled after {point / 24:.1f} days.")
        told.append(
            f"MSER-5 on hourly means over {self.replications} replications, "
            "the profile of the week taken out."
        )
        return tuple(told)


def warm_up(loaded: Loaded, settings: Settings, progress: Report | None = None) -> WarmUp:
    """Show whether a scenario has settled by the end of its warm-up.

    Parameters
    ----------
    loaded
        The scenario.
    settings
        As for `run`; its precision and output are left aside, and at least 28 days are measured.
    progress
        Told after each replication.

    Raises
    ------
    Interrupted
        If it was stopped before any replication was whole.
    """
    settings = replace(settings, days=max(settings.days, _LEAST_DAYS), precision=None, output=None)
    plan = Plan((loaded.name,), (loaded.scenario,), settings)
    collected = collect(plan, progress)
    tallies = [own[0] for own in collected.tallies]
    hours = (plan.until - plan.start) // HOUR
    quantities = (
        ("The number of jobs waiting for a unit", [own.unallocated for own in tallies]),
        ("The number of units at work", [own.busy_units for own in tallies]),
    )
    series = []
    for name, counted in quantities:
        means = np.mean(np.stack(counted), axis=0)[:hours] / HOUR
        series.append(Series(name, means, mser5(without_cycle(means, WEEK_HOURS))))
    return WarmUp(
        settings.warm_up_days,
        hours * HOUR // DAY,
        len(tallies),
        tuple(series),
        collected.interrupted,
    )
