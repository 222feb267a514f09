"""The waits of single incidents, in any hours: each report with its time unattended.

`evaluate` counts over whole days; here every incident that somebody was to be sent to is told by
itself, in a window of any whole hours, such as one night.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from sim.errors import Interrupted
from sim.measures import Count, Cut
from sim.scenario.models import Scenario
from sim.study.allocation import set_up_memory
from sim.study.counting import Asked, Counter, Ints, Luck
from sim.study.engines import engine_for, incidents_of, made_ready
from sim.study.images import Images
from sim.study.settings import EngineName, Settings
from sim.study.worlds import Plan
from sim.tables import DAY, HOUR, Table

Told: TypeAlias = Callable[[int, int], None]
"""Called with how many replications are done, and how many there are to be."""

_SECONDS_TO_LOOK: Final = 0.2
_AHEAD: Final = 2
"""Replications begun for each thread."""


@dataclass(frozen=True)
class Window:
    """Hours in which reports count, in seconds from midnight of the first day.

    Parameters
    ----------
    since, until
        Whole hours.
    warm_up_days
        Simulated before.
    """

    since: int
    until: int
    warm_up_days: int


@dataclass(frozen=True, eq=False)
class Waits:
    """Incidents of one scenario in one replication that somebody was to be sent to.

    Parameters
    ----------
    streams
        Names that `stream` counts.
    stream, grade, reported_at, seconds
        Shape (n,): which stream, the grade first drawn, when it was reported, and how long it was
        unattended; in the order of reports.
    risk, in_care, area
        Shape (n,), as in the incidents table.
    parading
        By pool: people on duty at some time in the window.
    """

    streams: tuple[str, ...]
    stream: Ints
    grade: Ints
    reported_at: Ints
    seconds: Ints
    risk: Ints
    in_care: Ints
    area: Ints
    parading: Ints

    def of(self, cut: Cut, areas: Sequence[str], risks: Sequence[str]) -> npt.NDArray[np.bool_]:
        """Which of them belong to a cut; its hours are left aside."""
        inside = np.ones(self.stream.size, dtype=np.bool_)
        for column, value in (
            (self.stream, None if cut.stream is None else self.streams.index(cut.stream)),
            (self.grade, cut.grade),
            (self.risk, None if cut.risk is None else risks.index(cut.risk)),
            (self.in_care, None if cut.care is None else int(cut.care)),
            (self.area, None if cut.area is None else areas.index(cut.area)),
        ):
            if value is not None:
                inside &= column == value
        return inside


@dataclass(frozen=True, eq=False)
class AllWaits:
    """Waits of several scenarios that met the same luck.

    Parameters
    ----------
    waits
        By replication, by scenario; only those that were done, in the order of their numbers.
    planned
        How many there were to be.
    engine
        That played.
    """

    waits: tuple[tuple[Waits, ...], ...]
    planned: int
    engine: EngineName

    @property
    def stopped(self) -> bool:
        """Whether Ctrl-C left some out."""
        return len(self.waits) < self.planned


def waits(
    scenarios: Sequence[Scenario],
    settings: Settings,
    window: Window | None = None,
    *,
    told: Told | None = None,
) -> AllWaits:
    """Play scenarios with the same luck, and tell each incident's wait.

    Parameters
    ----------
    scenarios
        Alike in demand, areas and grades: they differ in rules and people alone.
    settings
        Replications, seed, engine and threads; days and warm-up where there is no window.
    window
        When reports count; None: the settings' days.
    told
        Told after each replication.

    Returns
    -------
    AllWaits
        After Ctrl-C, of the replications that were done.

    Raises
    ------
    Interrupted
        On Ctrl-C before any was done.
    """
    hours = Window(0, settings.days * DAY, settings.warm_up_days) if window is None else window
    names = tuple(str(place) for place in range(len(scenarios)))
    plan = _Hours(names, tuple(scenarios), settings, window=hours)
    days = math.ceil((hours.until - hours.since) / DAY)
    sized = replace(settings, days=days, warm_up_days=hours.warm_up_days)
    incidents = incidents_of(scenarios, sized) * settings.replications
    engine = engine_for(incidents, settings.engine)
    made_ready(engine)
    threads = settings.processes(settings.replications) if engine == "compiled" else 1
    # Nothing is kept: no replication is asked for twice.
    counter = Counter(plan, Asked((Count.NEEDED,), (Cut(),)), engine, Images[Luck](0))
    set_up_memory()
    done = _in_order(
        lambda number: _replication(counter, plan, number), settings.replications, threads, told
    )
    if not done:
        raise Interrupted
    return AllWaits(tuple(done), settings.replications, engine)


@dataclass(frozen=True)
class _Hours(Plan):
    """A plan whose window is given in hours."""

    window: Window = Window(0, DAY, 0)

    @property
    def since(self) -> int:
        return self.window.since

    @property
    def until(self) -> int:
        return self.window.until

    @property
    def start(self) -> int:
        return self.window.since // DAY * DAY - self.window.warm_up_days * DAY

    @property
    def end(self) -> int:
        return self.until + math.ceil(self.scenarios[0].follow_up_hours) * HOUR


def _replication(counter: Counter, plan: Plan, number: int) -> tuple[Waits, ...]:
    luck, pools = counter.luck(number, 0), dict[bytes, Table]()
    found = []
    for place, scenario in enumerate(plan.scenarios):
        cases, rota = counter.cases(luck, number, place, pools)
        rows = np.flatnonzero(cases.needed)
        here = (rota["on_at"] < plan.until) & (rota["off_at"] > plan.since)
        mine = cases.incidents
        found.append(
            Waits(
                streams=tuple(scenario.streams),
                stream=mine["stream"][rows].astype(np.int64),
                grade=cases.grade[rows],
                reported_at=mine["reported_at"][rows],
                seconds=cases.delay[rows],
                risk=mine["risk"][rows].astype(np.int64),
                in_care=mine["in_care"][rows].astype(np.int64),
                area=mine["area"][rows].astype(np.int64),
                parading=np.bincount(
                    rota["pool"][here],
                    weights=np.maximum(rota["officers"][here], 1),
                    minlength=len(scenario.pools),
                ).astype(np.int64),
            )
        )
    return tuple(found)


def _in_order(
    make: Callable[[int], tuple[Waits, ...]], count: int, threads: int, told: Told | None
) -> list[tuple[Waits, ...]]:
    """Make replications on threads; after Ctrl-C, the unbroken run of those that are done."""
    made: dict[int, tuple[Waits, ...]] = {}
    numbers = iter(range(count))
    with ThreadPoolExecutor(threads, thread_name_prefix="waits") as executor:

        def begin(many: int) -> dict[Future[tuple[Waits, ...]], int]:
            some: Iterable[int] = islice(numbers, many)
            return {executor.submit(make, number): number for number in some}

        try:
            waiting = begin(_AHEAD * threads)
            while waiting:
                ready, _ = wait(waiting, _SECONDS_TO_LOOK, FIRST_COMPLETED)
                for one in ready:
                    made[waiting.pop(one)] = one.result()
                waiting |= begin(len(ready))
                if ready and told is not None:
                    told(len(made), count)
        except (KeyboardInterrupt, Interrupted):
            executor.shutdown(cancel_futures=True)
    unbroken: list[tuple[Waits, ...]] = []
    while len(unbroken) in made:
        unbroken.append(made[len(unbroken)])
    return unbroken
