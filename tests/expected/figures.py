"""Figures with their intervals: the sanity checks, the answer in a cell, what a move changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.measures import Count, Cut, Replication
from sim.measures.lookup import places_of
from sim.results.making.people_rows import people_rows
from sim.results.making.report_tallies import ReportTallies
from sim.scenario.loading import Loaded, load
from sim.scenario.models import Scenario
from sim.statistics import (
    Interval,
    PooledTimes,
    SecondsHistogram,
    TimeQuantile,
    mean_interval,
    ratio_interval,
    share_interval,
)
from sim.study.running import collect
from sim.study.settings import Settings
from sim.study.worlds import Plan, World, one_world
from sim.tables import DAY, HOUR, MINUTE, NEVER, Activity, Origin
from sim.workers import completed
from tests.expected.variations import BASELINE, Move, moved

Ints = npt.NDArray[np.int64]
Unit = Literal["share", "minutes", "rows"]

LEVEL: Final = 0.95
CHILD: Final = Cut(stream="missing_child", grade=2)
BASELINE_CASE: Final = "the baseline"


class Figure(NamedTuple):
    """One figure, as a row of the file; limits are None where they cannot be estimated."""

    table: str
    case: str
    measure: str
    unit: Unit
    value: float | None
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True)
class Observed:
    """What one replication of the baseline shows beside its tallies, in seconds."""

    emergency_answers: SecondsHistogram
    other_answers: SecondsHistogram
    other_waits: SecondsHistogram
    hung_up: int
    night_ratifications: SecondsHistogram
    day_ratifications: SecondsHistogram
    rows: int


def played(moves: Mapping[str, Move], settings: Settings) -> list[tuple[Replication, ...]]:
    """Simulate the baseline with each move made, all with the same luck; by move."""
    scenarios = tuple(moved(move) for move in moves.values())
    return of_scenarios(scenarios, settings)


def of_scenarios(
    scenarios: Sequence[Scenario], settings: Settings
) -> list[tuple[Replication, ...]]:
    """Simulate scenarios with the same luck; the replications of each."""
    names = tuple(f"{place}" for place in range(len(scenarios)))
    return [tuple(own) for own in collect(Plan(names, tuple(scenarios), settings)).by_scenario()]


def observed(settings: Settings) -> list[Observed]:
    """Simulate the baseline and look at its desks, replication by replication."""
    processes = settings.processes(settings.replications)
    numbers = range(settings.replications)
    found = dict(completed(_observed, (load(BASELINE), settings), numbers, processes))
    return [found[number] for number in numbers]


def _observed(asked: tuple[Loaded, Settings], replication: int) -> Observed:
    loaded, settings = asked
    world = one_world(loaded, settings, replication)
    incidents, outcomes = world.incidents, world.outcomes
    reported = incidents["reported_at"]
    counted = (reported >= 0) & (reported < settings.days * DAY)
    answered = counted & (outcomes["answered_at"] != NEVER) & (incidents["desk_pool"] < 0)

    def answers(origin: Origin) -> SecondsHistogram:
        rows = answered & (incidents["origin"] == origin)
        return SecondsHistogram((outcomes["answered_at"] - reported)[rows])

    by_101 = answered & (incidents["origin"] == Origin.NON_EMERGENCY)
    at, waits = _ratification_waits(world, counted)
    night = ((at // HOUR) % 24 >= 23) | ((at // HOUR) % 24 < 7)
    return Observed(
        answers(Origin.EMERGENCY),
        answers(Origin.NON_EMERGENCY),
        SecondsHistogram(_call_taker_waits(world)[by_101 & (incidents["passed_at_once"] == 0)]),
        int((by_101 & (outcomes["hung_up_at"] != NEVER)).sum()),
        SecondsHistogram(waits[night]),
        SecondsHistogram(waits[~night]),
        len(incidents),
    )


def _call_taker_waits(world: World) -> Ints:
    """Return how long each caller waited for a call taker in all, who hung up too."""
    rows = world.activities["kind"] == Activity.WAIT_CALL_TAKER
    rows &= world.activities["pool"] == world.policy.call_takers
    waits = (world.activities["end"] - world.activities["start"])[rows]
    result = np.zeros(len(world.incidents), dtype=np.int64)
    places = places_of(world.incidents["key"], world.activities["incident"][rows])
    np.add.at(result, places, waits)
    return result


def _ratification_waits(world: World, counted: npt.NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Return when ratification was asked for, and how long it waited to be begun.

    Of missing children assessed as of medium or low risk: those that control-room supervisors
    ratify.
    """
    incidents, outcomes = world.incidents, world.outcomes
    child = list(world.policy.streams).index("missing_child")
    rows = counted & (incidents["stream"] == child) & (incidents["grade"] == 2)
    rows &= (outcomes["ratified_at"] != NEVER) & (outcomes["assessed_at"] != NEVER)
    asked = outcomes["assessed_at"][rows]
    begun = outcomes["ratified_at"][rows] - incidents["ratification_seconds"][rows]
    return asked, begun - asked


def sanity(replications: Sequence[Replication], desks: Sequence[Observed]) -> Iterator[Figure]:
    """Yield the sanity checks that the baseline was set by."""
    gathered = ReportTallies(replications)
    all_grades = {grade: gathered.sums(Cut(grade=grade)) for grade in (1, 2, 3)}
    child = gathered.sums(CHILD)
    other = all_grades[2] - child
    late = other + all_grades[3]

    def figure(measure: str, unit: Unit, interval: Interval) -> Figure:
        return _figure("sanity", BASELINE_CASE, measure, unit, interval)

    def share(measure: str, sums: Ints, top: Count, bottom: Count) -> Figure:
        return figure(measure, "share", share_interval(sums[:, top], sums[:, bottom], LEVEL))

    def mean(measure: str, sums: Ints) -> Figure:
        delays = sums[:, Count.DELAY_SECONDS] / MINUTE
        return figure(measure, "minutes", ratio_interval(delays, sums[:, Count.NEEDED], LEVEL))

    for row in people_rows(replications, LEVEL):
        if row.measure == "utilisation" and row.hour is None and row.stage is None:
            name = f"utilisation of {row.pool}"
            yield Figure(
                "sanity", BASELINE_CASE, name, "share", row.value, row.low, row.high, row.n
            )
    arrived, targeted = Count.ARRIVED, Count.TARGETED
    yield share("grade 1 in target", all_grades[1], arrived, targeted)
    county = gathered.sums(Cut(grade=1, area="county"))
    yield mean("mean to grade 1 in the county", county)
    yield share("other grade 2 in 20 minutes", other, arrived, targeted)
    yield share("missing child, grade 2, in 20 minutes", child, arrived, targeted)
    yield mean("mean to other grade 2", other)
    yield mean("mean to grade 3", all_grades[3])
    yield mean("mean to other grade 2 and grade 3", late)
    for name, sums in (("other grade 2", other), ("missing child, grade 2", child)):
        yield share(f"{name}, over 60 minutes", sums, Count.OVER_60, Count.NEEDED)
        yield share(f"{name}, over 10 hours", sums, Count.OVER_600, Count.NEEDED)
    yield share("grade 3, over 10 hours", all_grades[3], Count.OVER_600, Count.NEEDED)
    delays = gathered.delays(Cut(grade=2))
    yield figure("95 % of grade 2 within", "minutes", _quantile(delays, 0.95))
    yield figure("99 % of grade 2 within", "minutes", _quantile(delays, 0.99))

    emergency = [one.emergency_answers for one in desks]
    at_once = [one.count - one.count_over(10) for one in emergency]
    calls = [one.count for one in emergency]
    yield figure("999 answered in 10 seconds", "share", share_interval(at_once, calls, LEVEL))
    yield figure("mean wait of a 999 call", "minutes", _mean_minutes(emergency))
    beyond = [one.count_over(60) for one in emergency]
    yield figure("999 answered after a minute", "share", share_interval(beyond, calls, LEVEL))
    others = [one.other_answers for one in desks]
    calls = [one.count for one in others]
    soon = [one.count - one.count_over(60) for one in others]
    yield figure("101 answered in 60 seconds", "share", share_interval(soon, calls, LEVEL))
    queued = [one.other_waits for one in desks]
    yield figure("mean wait by 101 for a call taker", "minutes", _mean_minutes(queued))
    hung_up = [one.hung_up for one in desks]
    yield figure("callers by 101 who hang up", "share", share_interval(hung_up, calls, LEVEL))
    for name, waits in (
        ("23:00 to 07:00", [one.night_ratifications for one in desks]),
        ("07:00 to 23:00", [one.day_ratifications for one in desks]),
    ):
        middle = _quantile(PooledTimes(waits), 0.5)
        yield figure(f"median wait for ratification, {name}", "minutes", middle)
        tail = _quantile(PooledTimes(waits), 0.9)
        yield figure(f"90 % of waits for ratification, {name}", "minutes", tail)
    rows = mean_interval([one.rows for one in desks], LEVEL)
    yield figure("rows of a replication", "rows", rows)


def answer(case: str, replications: Sequence[Replication]) -> Iterator[Figure]:
    """Yield the answer about missing children of grade 2 under one case."""
    gathered = ReportTallies(replications)
    sums = gathered.sums(CHILD)

    def share(measure: str, top: Count, bottom: Count = Count.NEEDED) -> Figure:
        interval = share_interval(sums[:, top], sums[:, bottom], LEVEL)
        return _figure("cells", case, measure, "share", interval)

    yield share("in 20 minutes", Count.ARRIVED, Count.TARGETED)
    groups = gathered.delays(CHILD)
    for name, probability in (("median", 0.5), ("p95", 0.95)):
        yield _figure("cells", case, name, "minutes", _quantile(groups, probability))
    yield share("over 60 minutes", Count.OVER_60)
    yield share("over 10 hours", Count.OVER_600)
    yield share("idle while waiting", Count.IDLE_INCIDENTS)
    yield share(
        "allocated just after ratification", Count.CLAIMED_SOON_AFTER, Count.RATIFIED_THEN_CLAIMED
    )


def _figure(table: str, case: str, measure: str, unit: Unit, interval: Interval) -> Figure:
    return Figure(
        table, case, measure, unit, interval.value, interval.low, interval.high, interval.n
    )


def _quantile(times: PooledTimes, probability: float) -> Interval:
    return TimeQuantile(probability, MINUTE).interval(times, LEVEL)


def _mean_minutes(waits: Sequence[SecondsHistogram]) -> Interval:
    sums = [(one.mean or 0.0) * one.count / MINUTE for one in waits]
    return ratio_interval(sums, [one.count for one in waits], LEVEL)
