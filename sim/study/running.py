"""A study: replications until there are enough, however they are shared out."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

from sim import feasibility
from sim.errors import (
    ClusterError,
    InputError,
    InternalError,
    Interrupted,
    ScenarioErrors,
)
from sim.feasibility import Findings
from sim.measures import Count, Cut, Packed, Replication
from sim.scenario.loading import Loaded
from sim.statistics import (
    Interval,
    Precision,
    PrecisionStop,
    paired_ratio_difference,
    ratio_interval,
    share_interval,
)
from sim.study.engines import settled
from sim.study.settings import Progress, Report, Settings
from sim.study.sharing import Tallies, shared_out
from sim.study.worlds import Plan, inputs

_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Study:
    """What came of a study.

    Parameters
    ----------
    loaded
        The scenarios, baseline first.
    settings
        What was asked.
    replications
        By scenario, then in the order of their numbers: the same replications for all.
    planned
        Replications that were to be made; more than were made where it was interrupted, or where
        the precision was reached before.
    interrupted
        Stopped on request, or the cluster was lost.
    precise
        With a precision: whether it was reached. None without.
    engine
        That was used.
    seconds
        Wall-clock time.
    lost
        How the cluster was lost, where it was.
    """

    loaded: tuple[Loaded, ...]
    settings: Settings
    replications: tuple[Sequence[Replication], ...]
    planned: int
    interrupted: bool
    precise: bool | None
    engine: str
    seconds: float
    lost: ClusterError | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the scenarios, baseline first."""
        return tuple(one.name for one in self.loaded)

    @property
    def completed(self) -> int:
        """Replications made."""
        return len(self.replications[0])

    def headline(self, place: int = 0) -> Interval:
        """Share of the headline's reports reached in time, from call received."""
        return headline_share(self.replications[place], self.settings.level)


class Collected(NamedTuple):
    """Replications in the order of their numbers, and why there are no more."""

    tallies: list[Tallies]
    interrupted: bool
    precise: bool | None
    lost: ClusterError | None = None

    def by_scenario(self) -> tuple[Packed, ...]:
        """The same, by scenario."""
        return tuple(Packed(own) for own in zip(*self.tallies, strict=True))


def run(
    loaded: Sequence[Loaded],
    settings: Settings,
    progress: Report | None = None,
    *,
    workspace: Path | None = None,
) -> Study:
    """Simulate scenarios with the same luck.

    Parameters
    ----------
    loaded
        The scenarios, baseline first; at least one.
    settings
        How much.
    progress
        Told after each replication.
    workspace
        `sim.store.Draft.workspace`, to write each replication's tables to; None: they are dropped.

    Returns
    -------
    Study
        Numbers do not depend on the number of workers. After Ctrl-C, or where a cluster is lost:
        the whole replications that were done, without a gap, with `interrupted` set.

    Raises
    ------
    InputError
        If the scenarios cannot be compared.
    OutputError
        If a table cannot be written.
    Interrupted
        If it was stopped before any replication was whole.
    ClusterError
        If the cluster cannot be used, or was lost before any replication was whole.
    InternalError
        If a worker process dies, or the simulator is at fault.
    """
    began = time.monotonic()
    _comparable(loaded)
    scenarios = tuple(one.scenario for one in loaded)
    names = tuple(one.name for one in loaded)
    plan = Plan(names, scenarios, settled(scenarios, settings), workspace)
    collected = collect(plan, progress)
    precision = plan.settings.precision
    return Study(
        loaded=tuple(loaded),
        settings=plan.settings,
        replications=collected.by_scenario(),
        planned=plan.settings.replications if precision is None else _most(plan.settings),
        interrupted=collected.interrupted,
        precise=collected.precise,
        engine=plan.settings.engine,
        seconds=time.monotonic() - began,
        lost=collected.lost,
    )


def check(loaded: Sequence[Loaded], settings: Settings) -> Findings:
    """Say before a run what cannot work, as sentences.

    Figures are of the draws of replication 0. Where there are several scenarios each sentence
    begins with its scenario's name; what all share is said once.

    Raises
    ------
    ScenarioErrors
        If work is sent to pools where nobody is ever on duty.
    """
    overloads: dict[str, list[str]] = {}
    warnings: dict[str, list[str]] = {}
    refused: list[InputError] = []
    for one in loaded:
        plan = Plan((one.name,), (one.scenario,), settings)
        incidents, attempts, rota, policy = inputs(plan, 0, 0)
        try:
            found = feasibility.check(
                incidents,
                attempts,
                rota,
                policy,
                since=plan.since,
                until=plan.until,
                file=str(one.path),
            )
        except ScenarioErrors as errors:
            refused += errors.errors
            continue
        for told, sentences in ((overloads, found.overloads), (warnings, found.warnings)):
            for sentence in sentences:
                told.setdefault(sentence, []).append(one.name)
    if refused:
        raise ScenarioErrors(refused)
    return Findings(*(_with_names(told, len(loaded)) for told in (overloads, warnings)))


def _with_names(told: Mapping[str, Sequence[str]], scenarios: int) -> tuple[str, ...]:
    return tuple(
        sentence if len(names) == scenarios else f"{', '.join(names)}: {sentence}"
        for sentence, names in told.items()
    )


def collect(plan: Plan, progress: Report | None = None, *, stops: bool = True) -> Collected:
    """Run replications until there are enough.

    Parameters
    ----------
    plan
        The study.
    progress
        Told after each further replication in the order of their numbers.
    stops
        Whether the settings' precision counts.

    Returns
    -------
    Collected
        An unbroken run from replication 0, at least one.

    Raises
    ------
    Interrupted
        If it was stopped before replication 0 was whole.
    ClusterError
        If the cluster cannot be used, or was lost before that.
    """
    settings = plan.settings
    rule = _stopping_rule(plan) if stops else None
    planned = settings.replications if rule is None else _most(settings)
    tallies: list[Tallies] = []
    early: dict[int, Tallies] = {}
    told = _Told(progress, planned, settings.level)
    interrupted, stop, lost = False, None, None
    try:
        with closing(shared_out(plan, planned)) as results:
            for number, result in results:
                early[number] = result
                while len(tallies) in early:
                    tallies.append(early.pop(len(tallies)))
                    told.next(tallies[-1])
                if rule is not None:
                    stop = rule.add(number, result)
                if stop is not None:
                    break
    except KeyboardInterrupt:
        interrupted = True
        if not tallies:
            raise Interrupted(0, planned) from None
    except ClusterError as error:
        if not tallies:
            raise
        why = f"{error.message}; {len(tallies)} of {planned} replications are done"
        interrupted, lost = True, ClusterError(why, str(error.found), error.allowed)
    if not interrupted and stop is None and len(tallies) < planned:
        raise InternalError(f"only {len(tallies)} of {planned} replications came back")
    return Collected(tallies[:stop], interrupted, None if rule is None else stop is not None, lost)


def headline_share(
    replications: Sequence[Replication], level: float, comparisons: int = 1
) -> Interval:
    """Return the share of the headline's reports reached in time, from call received."""
    tops, bottoms = headline_counts(replications)
    return share_interval(tops, bottoms, level, comparisons)


def headline_counts(replications: Sequence[Replication]) -> tuple[list[int], list[int]]:
    """Return, by replication, the headline's reports reached in time, and all of them."""
    tops, bottoms = [], []
    for one in replications:
        cut = Cut(stream=one.labels.headline_stream, grade=one.labels.headline_grade)
        tops.append(one.total(Count.ARRIVED_FROM_RECEIVED, cut))
        bottoms.append(one.total(Count.ATTENDANCE_TARGETED, cut))
    return tops, bottoms


def _comparable(loaded: Sequence[Loaded]) -> None:
    """Refuse scenarios whose incidents cannot be counted by the baseline's grades and areas."""
    if not loaded:
        raise ValueError("there is no scenario to simulate")
    faults = []
    baseline = loaded[0].scenario
    for one in loaded[1:]:
        for key in ("areas", "grades"):
            own, first = list(getattr(one.scenario, key)), list(getattr(baseline, key))
            if own != first:
                faults.append(
                    InputError(
                        "this cannot be compared with the baseline, which has others",
                        file=one.path,
                        path=key,
                        found=", ".join(str(name) for name in own),
                        allowed=", ".join(str(name) for name in first),
                    )
                )
    names = sorted(one.name for one in loaded)
    faults += [
        InputError("two scenarios of this name cannot be told apart", found=name)
        for name, following in pairwise(names)
        if name == following
    ]
    if faults:
        raise ScenarioErrors(faults)


def _most(settings: Settings) -> int:
    return max(settings.replications, settings.most_replications)


def _stopping_rule(plan: Plan) -> PrecisionStop[Tallies] | None:
    """Return the precision's rule, judged on the paired differences where there are any."""
    target, level = plan.settings.precision, plan.settings.level
    if target is None:
        return None
    others = len(plan.scenarios) - 1

    def judge(results: Sequence[Tallies]) -> list[Precision]:
        scenarios = [Packed(own) for own in zip(*results, strict=True)]
        baseline = headline_counts(scenarios[0])
        # Limits are not cut at 0 and 1 here: what is cut is no more precise for it.
        intervals = [
            paired_ratio_difference(*baseline, *headline_counts(other), level, others)
            for other in scenarios[1:]
        ] or [ratio_interval(*baseline, level)]
        return [Precision(interval, target) for interval in intervals]

    at_least = max(30, plan.settings.replications)
    return PrecisionStop(judge, at_least=at_least)


class _Told:
    """What is told after each replication: the headline's counts, kept as they come."""

    def __init__(self, progress: Report | None, planned: int, level: float) -> None:
        self._progress = progress
        self._planned = planned
        self._level = level
        self._tops: list[int] = []
        self._bottoms: list[int] = []

    def next(self, tallies: Tallies) -> None:
        """Tell of one more."""
        if self._progress is None:
            return
        top, bottom = headline_counts(Packed(tallies[:1]))
        self._tops += top
        self._bottoms += bottom
        headline = share_interval(self._tops, self._bottoms, self._level)
        self._progress(Progress(len(self._tops), self._planned, headline))
