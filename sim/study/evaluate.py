"""Many scenarios on the same luck, of which nothing is asked but a few counts.

What chance decides is drawn once for each replication and kept as an image; rules and rota of each
scenario are laid over it, it is played, and what is asked is counted off the engine's memory. No
tables are made and no tallies kept. Threads share the images: the engine lets go of the
interpreter's lock.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import product
from queue import Empty, SimpleQueue
from typing import Final, NamedTuple, TypeAlias

import numpy as np

from sim.errors import InputError, Interrupted
from sim.measures import Count, Cut
from sim.scenario.models import Scenario
from sim.statistics import Interval, paired_ratio_difference, ratio_interval, share_interval
from sim.study.allocation import set_up_memory
from sim.study.counting import NOTHING_COUNTED, Asked, Counted, Counter, Ints, Luck
from sim.study.engines import engine_for, fetched, incidents_of
from sim.study.images import Images
from sim.study.settings import EngineName, Settings
from sim.study.worlds import Plan, definition_of
from sim.tables import Table

ATTENDANCE: Final = (
    Count.NEEDED,
    Count.ATTENDANCE_TARGETED,
    Count.ARRIVED_FROM_RECEIVED,
    Count.ARRIVED_FROM_GRADED,
    Count.OVER_60,
    Count.OVER_600,
    Count.DELAY_SECONDS,
)
"""Attendance from the call and from grading, long waits, and time unattended."""

Told: TypeAlias = Callable[[int, int], None]
"""Called with how often a scenario has been played, and how often that is to be."""

ABSENT: Final = -1
"""In place of a measure of an incident that a scenario has not met."""

_SECONDS_TO_LOOK: Final = 0.2
"""Between two looks for Ctrl-C, which does not wake a thread that waits on every system."""
_PIECES_FOR_A_THREAD: Final = 4
_SHARED_BYTES: Final = 64 << 20
"""Where nobody keeps images: room for those that several threads play at a time."""


@dataclass(frozen=True, eq=False)
class Each:
    """The incidents of one cut in one replication, one by one.

    Parameters
    ----------
    keys
        Shape (n,): those of the first scenario.
    values
        Shape (scenarios, measures, n): each measure of each of them, `ABSENT` where a scenario has
        not met the incident.
    """

    keys: Ints
    values: Ints


@dataclass(frozen=True, eq=False)
class Evaluation:
    """What was counted.

    Parameters
    ----------
    replications
        Their numbers, in the order of the second axis.
    cuts, measures
        What was asked.
    sums
        Shape (scenarios, replications, cuts, measures): a study's tallies, to the last digit.
    headline
        The cut that the answer is about: a stream and a grade of the first scenario.
    engine
        That played.
    seconds
        Wall-clock time.
    drawn
        How often luck was drawn: once for each replication and kind of demand, less what was kept
        from before, more what there was no room for.
    each
        By replication, the incidents of one cut, where that was asked for.
    """

    replications: tuple[int, ...]
    cuts: tuple[Cut, ...]
    measures: tuple[Count, ...]
    sums: Ints
    headline: Cut
    engine: EngineName
    seconds: float
    drawn: int
    each: tuple[Each, ...] = ()

    def of(self, measure: Count, cut: Cut | None = None) -> Ints:
        """One measure of one cut, shape (scenarios, replications); None is the headline's.

        Raises
        ------
        ValueError
            If it was not asked for.
        """
        place = self.cuts.index(self.headline if cut is None else cut)
        return self.sums[:, :, place, self.measures.index(measure)]

    def share(
        self,
        scenario: int,
        measure: Count,
        among: Count = Count.ATTENDANCE_TARGETED,
        cut: Cut | None = None,
        *,
        level: float = 0.95,
        comparisons: int = 1,
    ) -> Interval:
        """Estimate which share of some incidents a measure holds, in one scenario."""
        top, bottom = self.of(measure, cut)[scenario], self.of(among, cut)[scenario]
        return share_interval(top, bottom, level, comparisons)

    def mean(
        self,
        scenario: int,
        measure: Count = Count.DELAY_SECONDS,
        among: Count = Count.NEEDED,
        cut: Cut | None = None,
        *,
        level: float = 0.95,
        comparisons: int = 1,
    ) -> Interval:
        """Estimate a measure for each of some incidents, in one scenario."""
        top, bottom = self.of(measure, cut)[scenario], self.of(among, cut)[scenario]
        return ratio_interval(top, bottom, level, comparisons)

    def difference(
        self,
        scenario: int,
        measure: Count,
        among: Count = Count.ATTENDANCE_TARGETED,
        cut: Cut | None = None,
        *,
        against: int = 0,
        level: float = 0.95,
        comparisons: int = 1,
    ) -> Interval:
        """Estimate by how much a share or mean is higher in one scenario than against another."""
        tops, bottoms = self.of(measure, cut), self.of(among, cut)
        first, second = against, scenario
        return paired_ratio_difference(
            tops[first], bottoms[first], tops[second], bottoms[second], level, comparisons
        )


def evaluate(
    scenarios: Sequence[Scenario],
    settings: Settings,
    measures: Sequence[Count] = ATTENDANCE,
    *,
    cuts: Sequence[Cut] | None = None,
    replications: Sequence[int] | None = None,
    images: Images[Luck] | None = None,
    told: Told | None = None,
    each: Cut | None = None,
) -> Evaluation:
    """Play scenarios with the same luck, and count a few things of each.

    Parameters
    ----------
    scenarios
        The baseline first: incidents count by its grades and targets, as in a study.
    settings
        Days, seed, engine, and how many threads there may be (`workers`). Precision, cluster and
        output are left aside.
    measures
        Of `sim.study.COUNTABLE`.
    cuts
        Of which incidents: by stream, grade, risk, care and area. None: of each stream and grade
        of the baseline. The headline's is counted in any case.
    replications
        Their numbers; None: as many as the settings say, from 0.
    images
        Luck kept from earlier evaluations, and kept for later ones; None: none is kept.
    told
        Told after each scenario that was played.
    each
        Of which incidents the measures are told one by one, too; None: of none.

    Returns
    -------
    Evaluation
        Numbers depend neither on the number of threads, nor on the engine, nor on what was kept.

    Raises
    ------
    InputError
        If something cannot be counted without a study (what can is named), or a scenario has other
        areas or grades than the baseline.
    Interrupted
        On Ctrl-C.

    Notes
    -----
    Scenarios that differ in rules and people alone share their luck. Where demand or lengths
    differ each kind has its own, drawn when it is its turn. A thread holds one replication's luck
    at a time besides what `images` keeps, so memory grows with `sums` alone: scenarios times
    replications times cuts times measures, eight bytes each.
    """
    began = time.monotonic()
    if not scenarios:
        raise ValueError("there is no scenario to evaluate")
    _ensure_alike(scenarios)
    numbers = tuple(range(settings.replications) if replications is None else replications)
    plan = Plan(tuple(map(str, range(len(scenarios)))), tuple(scenarios), settings)
    about = definition_of(scenarios[0], plan.since, plan.until)
    headline = Cut(stream=about.headline_stream, grade=about.headline_grade)
    wanted = _each_stream_and_grade(scenarios[0]) if cuts is None else tuple(cuts)
    asked = Asked(
        tuple(dict.fromkeys(measures)),
        tuple(dict.fromkeys((headline, *wanted, *(() if each is None else (each,))))),
        each,
    )
    if Count.ARRIVED in asked.measures and any(
        target.stops == "first_enquiry" for target in about.targets
    ):
        raise InputError(
            "a target that stops with the first enquiry cannot be judged without a study",
            path="measures",
            found=Count.ARRIVED.name,
            allowed="ARRIVED_FROM_RECEIVED or ARRIVED_FROM_GRADED",
        )
    engine = engine_for(incidents_of(scenarios, settings) * len(numbers), settings.engine)
    fetched(engine)
    # The reference engine holds the interpreter's lock, so a second thread would only wait.
    threads = settings.processes(len(scenarios) * len(numbers)) if engine == "compiled" else 1
    kept = Images[Luck](_SHARED_BYTES) if images is None else images
    made_before = kept.made
    counter = Counter(plan, asked, engine, kept)
    shape = len(scenarios), len(numbers), len(asked.cuts), len(asked.measures)
    work = _Work(counter, numbers, np.zeros(shape, dtype=np.int64))
    set_up_memory()
    _work_off(work, threads, told)
    return Evaluation(
        replications=numbers,
        cuts=asked.cuts,
        measures=asked.measures,
        sums=work.sums,
        headline=headline,
        engine=engine,
        seconds=time.monotonic() - began,
        drawn=kept.made - made_before,
        each=() if each is None else tuple(map(_side_by_side, work.each)),
    )


def joined(parts: Sequence[Evaluation]) -> Evaluation:
    """Evaluations of the same scenarios in different replications, as one.

    Raises
    ------
    ValueError
        If there is none, or they are not of the same cuts and measures.
    """
    if not parts:
        raise ValueError("there is no evaluation to join")
    first = parts[0]
    if any((one.cuts, one.measures) != (first.cuts, first.measures) for one in parts):
        raise ValueError("evaluations of the same cuts and measures can be joined")
    return replace(
        first,
        replications=tuple(number for one in parts for number in one.replications),
        sums=np.concatenate([one.sums for one in parts], axis=1),
        seconds=sum(one.seconds for one in parts),
        drawn=sum(one.drawn for one in parts),
        each=tuple(each for one in parts for each in one.each),
    )


def _side_by_side(counted: Sequence[Counted]) -> Each:
    """One replication's incidents under all scenarios, in the order of the first one's."""
    keys = counted[0].keys
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    shape = len(counted), len(counted[0].each), keys.size
    values = np.full(shape, ABSENT, dtype=np.int64)
    for place, one in enumerate(counted):
        at = np.searchsorted(ordered, one.keys)
        known = at < keys.size
        known[known] = ordered[at[known]] == one.keys[known]
        values[place][:, order[at[known]]] = one.each[:, known]
    return Each(keys, values)


class _Piece(NamedTuple):
    """Scenarios that meet the same luck in one replication."""

    column: int
    places: Sequence[int]


class _Work:
    """What is done piece by piece, by threads or here, until it is done or they are to stop."""

    def __init__(self, counter: Counter, numbers: Sequence[int], sums: Ints) -> None:
        self.sums = sums
        self.stop = threading.Event()
        self.done: SimpleQueue[BaseException | None] = SimpleQueue()
        self.each: list[list[Counted]] = [
            [NOTHING_COUNTED] * sums.shape[0] for _ in range(sums.shape[1])
        ]
        self._counter = counter
        self._numbers = numbers

    def pieces(self, threads: int) -> Iterator[_Piece]:
        """Yield all pieces, enough of them for so many threads, replication by replication."""
        groups = self._counter.by_demand()
        pieces = max(1, len(self._numbers) * len(groups))
        parts = -(-_PIECES_FOR_A_THREAD * threads // pieces) if threads > 1 else 1
        for column, places in product(range(len(self._numbers)), groups):
            length = max(1, -(-len(places) // parts))
            for first in range(0, len(places), length):
                yield _Piece(column, places[first : first + length])

    def played(self, piece: _Piece) -> Iterator[None]:
        """Play a piece's scenarios, put down what is counted, and yield after each."""
        if self.stop.is_set():
            return
        number, pools = self._numbers[piece.column], dict[bytes, Table]()
        luck = self._counter.luck(number, piece.places[0])
        for place in piece.places:
            if self.stop.is_set():
                return
            counted = self._counter.counts(luck, number, place, pools)
            self.sums[place, piece.column] = counted.sums
            self.each[piece.column][place] = counted
            yield

    def do(self, piece: _Piece) -> None:
        """Play a piece's scenarios, and tell after each, or why there are no more."""
        try:
            for _ in self.played(piece):
                self.done.put(None)
        except BaseException as error:
            self.stop.set()
            self.done.put(error)


def _work_off(work: _Work, threads: int, told: Told | None) -> None:
    """Do all pieces, tell how far it has come, and stop where one fails or Ctrl-C is pressed."""
    planned = work.sums.shape[0] * work.sums.shape[1]
    with closing(_by_threads(work, threads, planned) if threads > 1 else _here(work)) as played:
        try:
            for completed, _ in enumerate(played, 1):
                if told is not None:
                    told(completed, planned)
        except KeyboardInterrupt:
            raise Interrupted from None


def _here(work: _Work) -> Generator[None, None, None]:
    """Do all pieces in this thread, which keeps the engine's memory from one to the next."""
    for piece in work.pieces(1):
        yield from work.played(piece)


def _by_threads(work: _Work, threads: int, planned: int) -> Generator[None, None, None]:
    """Share all pieces out between threads."""
    with ThreadPoolExecutor(threads, thread_name_prefix="evaluate") as executor:
        try:
            for piece in work.pieces(threads):
                executor.submit(work.do, piece)
            completed = 0
            while completed < planned:
                try:
                    done = work.done.get(timeout=_SECONDS_TO_LOOK)
                except Empty:
                    continue
                if done is not None:
                    raise done
                completed += 1
                yield
        finally:
            work.stop.set()
            executor.shutdown(cancel_futures=True)


def _each_stream_and_grade(scenario: Scenario) -> tuple[Cut, ...]:
    return tuple(
        Cut(stream=stream, grade=grade)
        for stream, grade in product(scenario.streams, sorted(scenario.grades))
    )


def _ensure_alike(scenarios: Sequence[Scenario]) -> None:
    """Refuse scenarios whose incidents cannot be counted by the baseline's grades and areas."""
    for number, one in enumerate(scenarios):
        for key in ("areas", "grades"):
            own, first = list(getattr(one, key)), list(getattr(scenarios[0], key))
            if own != first:
                raise InputError(
                    f"scenario {number} cannot be held against the baseline, which has others",
                    path=key,
                    found=", ".join(map(str, own)),
                    allowed=", ".join(map(str, first)),
                )
