"""Whether the warm-up is long enough.

A simulation begins with nothing queued and nobody at work. The hourly means across replications of
jobs that wait and of units at work, with the profile of the week taken out, show when it has
forgotten that (MSER-5).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from sim.measures import WEEK_HOURS, Replication
from sim.scenario.loading import Loaded
from sim.statistics import Truncation, grows, mser5, without_cycle
from sim.study.running import check, collect
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
    growth
        Why the scenario never settles, as sentences; empty where nothing shows that.
    """

    days: int
    simulated_days: int
    replications: int
    series: tuple[Series, ...]
    interrupted: bool = False
    growth: tuple[str, ...] = ()

    @property
    def enough(self) -> bool:
        """Whether everything had settled by the end of the warm-up."""
        points = [one.settled.point for one in self.series]
        return not self.growth and all(
            point is not None and point <= self.days * 24 for point in points
        )

    @property
    def sentences(self) -> tuple[str, ...]:
        """The finding in words, the answer first."""
        if self.growth:
            advice = (
                "Each day begins with a longer queue than the one before, so a delay says how many "
                "days were simulated, not what the staffing does."
            )
            rests_on = (
                f"Seen in {self.replications} replications of {self.simulated_days} days."
                if self.replications
                else "Known from the demand and the people on duty alone; nothing was simulated."
            )
            return (
                "This scenario does not settle, and no warm-up is long enough.",
                *self.growth,
                f"{advice} Change the demand or the people on duty first.",
                rests_on,
            )
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
        As for `run`; its precision is left aside, and at least 28 days are measured.
    progress
        Told after each replication.

    Returns
    -------
    WarmUp
        Without a simulation where a pool is asked for more than it can do: a queue that grows
        without end takes ever longer to simulate and settles nowhere.

    Raises
    ------
    ScenarioErrors
        If work is sent to pools where nobody is ever on duty.
    Interrupted
        If it was stopped before any replication was whole.
    """
    settings = replace(settings, days=max(settings.days, _LEAST_DAYS), precision=None)
    plan = Plan((loaded.name,), (loaded.scenario,), settings)
    simulated_days = (plan.until - plan.start) // DAY
    overloads = check([loaded], settings).overloads
    if overloads:
        return WarmUp(settings.warm_up_days, simulated_days, 0, (), growth=overloads)
    collected = collect(plan, progress)
    (tallies,) = collected.by_scenario()
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
        simulated_days,
        len(tallies),
        tuple(series),
        collected.interrupted,
        tuple(queue_growth(tallies)),
    )


def queue_growth(replications: Sequence[Replication]) -> list[str]:
    """Say that the queue for units grew in every measured week, where it did.

    A pool may be asked for less than it can do and still fall behind: second journeys, reviews and
    breaks are seen in a run only.

    Parameters
    ----------
    replications
        Of one scenario.

    Returns
    -------
    list of str
        A sentence, or nothing; nothing of fewer than three whole weeks either.
    """
    first = replications[0]
    weeks = first.window_seconds // HOUR // WEEK_HOURS
    begin = -first.first_hour
    jobs = np.stack([one.unallocated for one in replications]) / HOUR
    measured = jobs[:, begin : begin + weeks * WEEK_HOURS]
    by_week = measured.reshape(len(replications), weeks, WEEK_HOURS).mean(axis=2)
    if not grows(by_week):
        return []
    means = by_week.mean(axis=0)
    sentence = (
        "The queue of jobs waiting for a unit grew from week to week, from "
        f"{means[0]:,.0f} jobs on average in the first to {means[-1]:,.0f} in week {weeks}."
    )
    return [sentence]
