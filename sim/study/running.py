"""A study: replications until there are enough, however they are shared out."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from sim import feasibility
from sim.errors import (
    ClusterError,
    InputError,
    InternalError,
    Interrupted,
    OutOfMemory,
    OutputError,
    ScenarioErrors,
    SimulatorError,
    is_lack_of_memory,
)
from sim.feasibility import Findings
from sim.measures import HEADLINE_MEASURES, Count, Cut, Packed, Replication
from sim.scenario.loading import Loaded
from sim.statistics import (
    Interval,
    Precision,
    PrecisionStop,
    paired_ratio_difference,
    share_interval,
)
from sim.store import Done, numbers_left
from sim.study.compiling import compiling
from sim.study.engines import settled
from sim.study.settings import Progress, Report, Settings
from sim.study.sharing import Tallies, shared_out
from sim.study.worlds import Plan, definition_of, inputs_of_all

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
        Stopped on request, or by what `lost` says.
    precise
        With a precision: whether it was reached. None without.
    engine
        That was used.
    seconds
        Wall-clock time.
    lost
        What ended the study early, where it was not a request: a cluster that was lost, memory or
        a disk that ran out.
    engines
        How many replications each engine made: two of them where one was compiled meanwhile.
    """

    loaded: tuple[Loaded, ...]
    settings: Settings
    replications: tuple[Sequence[Replication], ...]
    planned: int
    interrupted: bool
    precise: bool | None
    engine: str
    seconds: float
    lost: SimulatorError | None = None
    engines: Mapping[str, int] = field(default_factory=dict)

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


class Keeper(Protocol):
    """What keeps replications as they are done: `sim.store.Journal` and `sim.store.Unasked`."""

    @property
    def workspace(self) -> Path | None:
        """Where whoever makes a replication writes it; None: it is noted afterwards."""

    @property
    def done(self) -> Mapping[int, Done]:
        """Those that were made before."""

    def note(self, number: int, done: Done) -> None:
        """Take note of one that has been made."""


class Collected(NamedTuple):
    """Replications in the order of their numbers, and why there are no more."""

    tallies: list[Tallies]
    interrupted: bool
    precise: bool | None
    lost: SimulatorError | None = None
    engines: Mapping[str, int] = {}

    def by_scenario(self) -> tuple[Packed, ...]:
        """The same, by scenario."""
        return tuple(Packed(own) for own in zip(*self.tallies, strict=True))


def run(
    loaded: Sequence[Loaded],
    settings: Settings,
    progress: Report | None = None,
    *,
    keeper: Keeper | None = None,
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
    keeper
        Has what was done before, and keeps what is done; None: tables are dropped.

    Returns
    -------
    Study
        Numbers depend neither on the number of workers nor on what was done before. After Ctrl-C,
        or where a cluster is lost, or memory or the disk runs out: the whole replications that
        were done, without a gap, with `interrupted` set.

    Raises
    ------
    InputError
        If the scenarios cannot be compared.
    OutputError
        If nothing can be written before any replication is whole.
    Interrupted
        If it was stopped before any replication was whole.
    ClusterError
        If the cluster cannot be used, or was lost before any replication was whole.
    OutOfMemory
        If memory runs out before any replication is whole.
    InternalError
        If the simulator is at fault.
    """
    began = time.monotonic()
    _comparable(loaded)
    scenarios = tuple(one.scenario for one in loaded)
    names = tuple(one.name for one in loaded)
    plan = Plan(names, scenarios, settled(scenarios, settings))
    if keeper is not None:
        plan = replace(plan, workspace=keeper.workspace)
    collected = collect(plan, progress, keeper=keeper)
    precision = plan.settings.precision
    return Study(
        loaded=tuple(loaded),
        settings=plan.settings,
        replications=collected.by_scenario(),
        planned=plan.settings.replications if precision is None else _most(plan.settings),
        interrupted=collected.interrupted,
        precise=collected.precise,
        engine=_engines_in_words(collected.engines),
        seconds=time.monotonic() - began,
        lost=collected.lost,
        engines=collected.engines,
    )


def check(loaded: Sequence[Loaded], settings: Settings) -> Findings:
    """Say before a run what cannot work, as sentences.

    Figures are of the draws of replication 0, followed up as in the study. Where there are several
    scenarios each sentence begins with its scenario's name; what all share is said once.

    Raises
    ------
    ScenarioErrors
        If work is sent to pools where nobody is ever on duty.
    """
    overloads: dict[str, list[str]] = {}
    warnings: dict[str, list[str]] = {}
    refused: list[InputError] = []
    plan = Plan(tuple(one.name for one in loaded), tuple(one.scenario for one in loaded), settings)
    for one, given in zip(loaded, inputs_of_all(plan, 0), strict=True):
        try:
            found = feasibility.check(
                *given,
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


def collect(
    plan: Plan,
    progress: Report | None = None,
    *,
    stops: bool = True,
    keeper: Keeper | None = None,
) -> Collected:
    """Run replications until there are enough.

    Parameters
    ----------
    plan
        The study.
    progress
        Told after each further replication in the order of their numbers.
    stops
        Whether the settings' precision counts.
    keeper
        Has what was done before, and keeps what is done.

    Returns
    -------
    Collected
        An unbroken run from replication 0, at least one.

    Raises
    ------
    Interrupted
        If it was stopped before replication 0 was whole.
    ClusterError, OutputError, OutOfMemory
        If the cluster cannot be used, or it, the disk or memory was lost before that.
    """
    settings = plan.settings
    rule = _stopping_rule(plan) if stops else None
    planned = settings.replications if rule is None else _most(settings)
    tallies: list[Tallies] = []
    early: dict[int, Tallies] = {}
    told = _Told(progress, planned, settings.level)
    played_by: dict[int, str] = {}
    interrupted, stop, lost = False, None, None
    try:
        with closing(_made(plan, planned, played_by, keeper, told.first)) as results:
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
        compiling.stop()
        if not tallies:
            raise Interrupted(0, planned) from None
    except Exception as error:
        compiling.stop()
        interrupted, lost = True, _as_lost(error, len(tallies), planned)
        if lost is None:
            raise
        if not tallies:
            raise lost from None
    if not interrupted and stop is None and len(tallies) < planned:
        raise InternalError(f"only {len(tallies)} of {planned} replications came back")
    made = tallies[:stop]
    engines = Counter[str](played_by[number] for number in range(len(made)))
    precise = None if rule is None else stop is not None
    return Collected(made, interrupted, precise, lost, engines)


def _made(
    plan: Plan,
    planned: int,
    played_by: dict[int, str],
    keeper: Keeper | None,
    told: Callable[[bytes], None],
) -> Generator[tuple[int, Tallies], None, None]:
    """Yield what was done before, then the rest as it is made and kept."""
    done = {} if keeper is None else keeper.done
    for number in sorted(done):
        if number < planned:
            played_by[number] = done[number].engine
            yield number, done[number].tallies
    left = numbers_left(done, planned)
    if not left:
        return
    with closing(shared_out(plan, left, played_by, told)) as results:
        for number, tallies in results:
            if keeper is not None:
                keeper.note(number, Done(played_by[number], tallies))
            yield number, tallies


def _as_lost(error: Exception, done: int, planned: int) -> SimulatorError | None:
    """Return what ended a study early, with how far it came where nothing else says that.

    None where it is a fault, of which nothing can be told.
    """
    if is_lack_of_memory(error):
        return OutOfMemory(f"only {done} of {planned} replications could be made")
    if isinstance(error, ClusterError) and done:
        why = f"{error.message}; {done} of {planned} replications are done"
        return ClusterError(why, str(error.found), error.allowed)
    return error if isinstance(error, (ClusterError, OutputError, OutOfMemory)) else None


def headline_share(
    replications: Sequence[Replication], level: float, comparisons: int = 1
) -> Interval:
    """Return the share of the headline's reports reached in time, from call received."""
    tops, bottoms = headline_counts(replications)
    return share_interval(tops, bottoms, level, comparisons)


FROM_RECEIVED: Final = (Count.ARRIVED_FROM_RECEIVED, Count.ATTENDANCE_TARGETED)
BY_OWN_CLOCK: Final = (Count.ARRIVED, Count.TARGETED)


def headline_counts(
    replications: Sequence[Replication], counts: tuple[Count, Count] = FROM_RECEIVED
) -> tuple[list[int], list[int]]:
    """Return, by replication, the headline's reports reached in time, and all of them."""
    tops: list[int] = []
    bottoms: list[int] = []
    for one in replications:
        cut = Cut(stream=one.labels.headline_stream, grade=one.labels.headline_grade)
        for column, count in zip((tops, bottoms), counts, strict=True):
            column.append(one.total(count, cut))
    return tops, bottoms


def _engines_in_words(engines: Mapping[str, int]) -> str:
    """Name the engine, or each with its number of replications, in the order in which they came."""
    if len(engines) == 1:
        return next(iter(engines))
    return ", then ".join(f"{name} ({number})" for name, number in engines.items())


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
    """Return the precision's rule, judged on the paired differences where there are any.

    What is judged is what is shown first of the results: the share reached in time counted from
    the call. Where that is the target's own clock, its differences are headline measures and so
    hold together with the others; else they hold one by one.
    """
    target, level = plan.settings.precision, plan.settings.level
    if target is None:
        return None
    others = len(plan.scenarios) - 1
    definition = definition_of(plan.scenarios[0], plan.since, plan.until)
    of_grade = definition.target_of(definition.headline_grade)
    own_clock = of_grade is not None and of_grade.starts == "received"
    counts = BY_OWN_CLOCK if own_clock else FROM_RECEIVED
    comparisons = others * len(HEADLINE_MEASURES) if own_clock else 1

    def judge(results: Sequence[Tallies]) -> list[Precision]:
        scenarios = [Packed(own) for own in zip(*results, strict=True)]
        baseline = headline_counts(scenarios[0], counts)
        intervals = [
            paired_ratio_difference(
                *baseline, *headline_counts(other, counts), level, comparisons, share=True
            )
            for other in scenarios[1:]
        ] or [share_interval(*baseline, level)]
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
        self._tell(len(self._tops), self._tops, self._bottoms)

    def first(self, tally: bytes) -> None:
        """Tell of the first scenario of one that is not whole yet, where nothing was told so far.

        On a fresh computer the rest of it takes as long again for each further scenario.
        """
        if self._progress is not None and not self._tops:
            self._tell(0, *headline_counts(Packed([tally])))

    def _tell(self, completed: int, tops: Sequence[int], bottoms: Sequence[int]) -> None:
        if self._progress is not None:
            headline = share_interval(tops, bottoms, self._level)
            self._progress(Progress(completed, self._planned, headline))
