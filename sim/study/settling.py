"""Whether the warm-up is long enough.

A simulation begins with nothing queued and nobody at work. The same days are simulated again, with
the same luck, after a longer warm-up: by what their figures then differ, the shorter one is biased,
and that is known closely, since nothing but the start differs. Where a queue grows for ever no
warm-up is long enough, so what each pool is asked for is looked at first. A queue that grows over
the measured days and is no longer for a longer warm-up has settled: those days ask for more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Final

import numpy as np
import numpy.typing as npt

from sim.measures import WEEK_HOURS, Count, Cut, Replication
from sim.scenario.loading import Loaded
from sim.scenario.models import Scenario
from sim.statistics import (
    Interval,
    PooledTimes,
    SecondsHistogram,
    TimeQuantile,
    grows,
    is_raised,
    paired_ratio_difference,
)
from sim.study.demand import Growth, growth
from sim.study.engines import settled
from sim.study.running import check, collect
from sim.study.settings import Progress, Report, Settings
from sim.study.worlds import Plan
from sim.tables import HOUR, MINUTE, WORK

LONGER_DAYS: Final = 42
"""By so many days the other warm-up is longer."""

_POINTS: Final = 1.0
_PART: Final = 0.05
_PART_OF_TAIL: Final = 0.1
_POINTS_BUSY: Final = 2.0


class Verdict(Enum):
    """What can be said of a warm-up, or of one figure after it."""

    ENOUGH = "is long enough"
    SHORT = "is too short"
    UNTOLD = "cannot be told to be long enough"
    GROWS = "is not long enough, and none is"


@dataclass(frozen=True)
class Bias:
    """By how much a figure is off for the warm-up being no longer.

    Parameters
    ----------
    name
        Of the figure, in words.
    unit
        Of its numbers.
    settled
        The figure after the longer warm-up; None: it cannot be estimated.
    interval
        The figure after the shorter one, less that.
    tolerance
        A bias that is no matter.
    decides
        Whether the answer hangs on it; else it is told beside it.
    """

    name: str
    unit: str
    settled: float | None
    interval: Interval
    tolerance: float
    decides: bool = True

    @property
    def verdict(self) -> Verdict:
        """Enough where all of the range is no matter, too short where none of it is."""
        low, high = self.interval.low, self.interval.high
        if low is None or high is None:
            return Verdict.UNTOLD
        if max(-low, high) <= self.tolerance:
            return Verdict.ENOUGH
        short = low > self.tolerance or high < -self.tolerance
        return Verdict.SHORT if short else Verdict.UNTOLD

    @property
    def sentence(self) -> str:
        """The bias with its range, and what it means."""
        off, low, high = self.interval.value, self.interval.low, self.interval.high
        if self.settled is None or off is None or low is None or high is None:
            return f"{self.name}: too few cases to tell."
        ending = {
            Verdict.SHORT: ", which is too much",
            Verdict.UNTOLD: ", which is too wide a range to tell",
        }.get(self.verdict, "")
        return (
            f"{self.name}: {self.settled:,.1f} {self.unit}; off by {off:+,.1f} "
            f"({low:+,.1f} to {high:+,.1f}){ending}."
        )


@dataclass(frozen=True, eq=False)
class WarmUp:
    """The finding.

    Parameters
    ----------
    days
        The warm-up asked for.
    measured_days
        Days after it that were looked at.
    replications
        Replications behind the biases.
    biases
        Of each figure that was looked at.
    interrupted
        Stopped on request, before all replications that were asked for.
    growth
        Pools that are asked for about as much as they can do, or more.
    seen
        A queue that was seen to grow from week to week, as a sentence, where one was.
    built_up
        Whether it was longer for the longer warm-up, too.
    """

    days: int
    measured_days: int
    replications: int
    biases: tuple[Bias, ...] = ()
    interrupted: bool = False
    growth: Growth = field(default_factory=Growth)
    seen: tuple[str, ...] = ()
    built_up: bool = False

    @property
    def verdict(self) -> Verdict:
        """The worst of what is known of the figures that decide; one of too few cases does not."""
        deciding = [one for one in self.biases if one.decides and not one.interval.too_few]
        found = {one.verdict for one in deciding}
        seen = bool(self.seen) and self.built_up
        if self.growth.certain or seen or (self.growth.likely and Verdict.SHORT in found):
            return Verdict.GROWS
        if Verdict.SHORT in found:
            return Verdict.SHORT
        in_doubt = bool(self.growth.likely or self.growth.untold) or not found
        return Verdict.UNTOLD if in_doubt or Verdict.UNTOLD in found else Verdict.ENOUGH

    @property
    def enough(self) -> bool:
        """Whether a longer warm-up is shown to change nothing that matters."""
        return self.verdict is Verdict.ENOUGH

    @property
    def sentences(self) -> tuple[str, ...]:
        """The finding in words, the answer first."""
        days = f"{self.days} day{'' if self.days == 1 else 's'}"
        told = [f"A warm-up of {days} {self.verdict.value}."]
        if self.verdict is Verdict.GROWS:
            told = ["This scenario does not settle, and no warm-up is long enough."]
        told += [*self.growth.certain, *self.growth.likely, *self.growth.untold, *self.seen]
        if self.seen and not self.built_up:
            told.append(
                f"A warm-up {LONGER_DAYS} days longer leaves it no longer at the start: these "
                "weeks ask for more from one to the next, and a delay is that of these weeks, not "
                "of the year."
            )
        told += [one.sentence for one in self.biases if one.decides]
        beside = [one.sentence for one in self.biases if not one.decides]
        told += ["Beside the answer:", *beside] if beside else []
        if self.verdict is Verdict.GROWS:
            told.append(
                "Each day begins with a longer queue than the one before, so a delay says how many "
                "days were simulated, not what the staffing does. Change the demand or the people "
                "on duty first."
            )
        elif self.verdict is Verdict.SHORT:
            told.append("Ask again with more --warm-up-days.")
        elif self.verdict is Verdict.UNTOLD:
            told.append("Ask again with more --replications, or with more --warm-up-days.")
        if not self.replications:
            return (*told, "Known from the demand and the people on duty; nothing was simulated.")
        told.append(
            f"The same {self.measured_days} days after {self.days} and after "
            f"{self.days + LONGER_DAYS} days of warm-up, with the same luck: off by, with its "
            f"range, over {self.replications} replications. No matter: a point of a share, "
            "5 % of a mean, 10 % of the 95th centile, two points of busy time."
        )
        return tuple(told)


def warm_up(loaded: Loaded, settings: Settings, progress: Report | None = None) -> WarmUp:
    """Show whether a scenario has settled by the end of its warm-up.

    Parameters
    ----------
    loaded
        The scenario.
    settings
        As for `run`; its precision is left aside.
    progress
        Told after each replication of either warm-up.

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
        If it was stopped before any replication of both was whole.
    """
    settings = replace(settings, precision=None)
    check([loaded], settings)
    plan = Plan((loaded.name,), (loaded.scenario,), settings)
    expected = growth(plan)
    if expected.certain:
        return WarmUp(settings.warm_up_days, settings.days, 0, growth=expected)
    settings = settled(plan.scenarios, settings)
    told = _InTwo(progress, settings.replications)
    more = replace(settings, warm_up_days=settings.warm_up_days + LONGER_DAYS)
    long = collect(replace(plan, settings=more), told.first)
    # As many of the shorter one as there are to be paired.
    as_many = replace(settings, replications=len(long.tallies))
    short = collect(replace(plan, settings=as_many), told.second)
    whole = len(short.tallies)
    before, after = long.by_scenario()[0][:whole], short.by_scenario()[0]
    return WarmUp(
        settings.warm_up_days,
        settings.days,
        whole,
        tuple(_biases(loaded.scenario, before, after, settings.level)),
        short.interrupted or long.interrupted,
        expected,
        tuple(queue_growth(before)),
        has_built_up(before, after),
    )


class _InTwo:
    """Tells of two rounds of replications as of one."""

    def __init__(self, progress: Report | None, replications: int) -> None:
        self._progress = progress
        self._replications = replications

    def first(self, progress: Progress) -> None:
        """Tell of the first round."""
        self._tell(progress, 0)

    def second(self, progress: Progress) -> None:
        """Tell of the second round."""
        self._tell(progress, self._replications)

    def _tell(self, progress: Progress, before: int) -> None:
        if self._progress is not None:
            completed, both = before + progress.completed, 2 * self._replications
            self._progress(replace(progress, completed=completed, planned=both))


def _biases(
    scenario: Scenario, long: Sequence[Replication], short: Sequence[Replication], level: float
) -> Iterator[Bias]:
    """Yield the bias of each headline measure, and of the workers of the local authorities."""
    labels = long[0].labels
    cut = Cut(stream=labels.headline_stream, grade=labels.headline_grade)
    sides = long, short

    def total(count: Count) -> list[list[int]]:
        return [[one.total(count, cut) for one in side] for side in sides]

    def share(name: str, top: Count, bottom: Count) -> Bias:
        return _ratio(name, "%", (total(top), total(bottom)), 100.0, _POINTS, level)

    yield share("In time", Count.ARRIVED, Count.TARGETED)
    yield share("Waited over 60 minutes", Count.OVER_60, Count.NEEDED)
    delays = total(Count.DELAY_SECONDS), total(Count.NEEDED)
    yield _ratio("Mean wait", "minutes", delays, 1 / MINUTE, None, level)
    times = [PooledTimes([SecondsHistogram(one.delays(cut)) for one in side]) for side in sides]
    tail = TimeQuantile(0.95, MINUTE)
    settled = tail.interval(times[0], level).value
    difference = tail.difference(times[0], times[1], level)
    tolerance = _PART_OF_TAIL * (settled or 0.0)
    yield Bias("95 in 100 wait at most", "minutes", settled, difference, tolerance)
    for pool in _authorities(scenario):
        place = labels.pools.index(pool)
        busy = [[int(one.pools.busy[place][sorted(WORK)].sum()) for one in side] for side in sides]
        on_duty = [[int(one.pools.on_duty[place].sum()) for one in side] for side in sides]
        title = scenario.pools[pool].title or pool
        yield _ratio(f"{title}, busy", "%", (busy, on_duty), 100.0, _POINTS_BUSY, level, False)


def _ratio(
    name: str,
    unit: str,
    sums: tuple[list[list[int]], list[list[int]]],
    scale: float,
    tolerance: float | None,
    level: float,
    decides: bool = True,
) -> Bias:
    """Return the bias of a ratio; without a tolerance, a part of the figure is taken for it."""
    (top_long, top_short), (bottom_long, bottom_short) = sums
    whole = sum(bottom_long)
    settled = scale * sum(top_long) / whole if whole else None
    interval = paired_ratio_difference(top_long, bottom_long, top_short, bottom_short, level)
    if tolerance is None:
        tolerance = _PART * (settled or 0.0)
    return Bias(name, unit, settled, interval.scaled(scale), tolerance, decides)


def _authorities(scenario: Scenario) -> list[str]:
    """Return the pools of the local authorities' return-interview workers, each once."""
    if scenario.episode is None or scenario.episode.return_interview is None:
        return []
    return list(dict.fromkeys(scenario.episode.return_interview.workers.values()))


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
    queue = _by_week(replications)
    if not grows(queue):
        return []
    means = queue.mean(axis=0)
    sentence = (
        "The queue of jobs waiting for a unit grew from week to week, from "
        f"{means[0]:,.0f} jobs on average in the first to {means[-1]:,.0f} in week {len(means)}."
    )
    return [sentence]


def has_built_up(long: Sequence[Replication], short: Sequence[Replication]) -> bool:
    """Whether the first measured week has a longer queue after the longer warm-up."""
    first = [_by_week(side)[:, :1].sum(axis=1) for side in (short, long)]
    return is_raised(*first)


def _by_week(replications: Sequence[Replication]) -> npt.NDArray[np.float64]:
    """Return jobs waiting for a unit by measured week, shape (replications, whole weeks)."""
    first = replications[0]
    weeks = first.window_seconds // HOUR // WEEK_HOURS
    begin = -first.first_hour
    jobs = np.stack([one.unallocated for one in replications]) / HOUR
    measured = jobs[:, begin : begin + weeks * WEEK_HOURS]
    return np.asarray(measured.reshape(len(replications), weeks, WEEK_HOURS).mean(axis=2))
