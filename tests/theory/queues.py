"""Simple queues as drawn tables, for an engine to play with every rule but the queue's own off.

Engines count whole seconds, theory does not. Services here last about an hour, so that rounding
to the nearest second, which moves no mean, changes a wait by less than a part in ten thousand:
far below the standard error of any test that uses this module.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from sim.engines.compiled import run
from sim.tables import (
    ACTIVITIES,
    ATTEMPTS,
    INCIDENTS,
    NEVER,
    NONE,
    ROTA,
    Activity,
    Draws,
    Origin,
    Policy,
    Pool,
    Table,
)
from tests.engines.hand import desk_pool, incidents, policy, unit_pool
from tests.theory.kolmogorov import Cohort, Rate

Seconds: TypeAlias = npt.NDArray[np.int64]
FloatArray: TypeAlias = npt.NDArray[np.float64]
Service: TypeAlias = Callable[[np.random.Generator, int], FloatArray]
"""Draws so many services, in seconds before rounding."""

SERVICE_MEAN: Final = 3600.0


class Place(Enum):
    """Where the queue's servers sit: paths through an engine that share little code."""

    DESK = auto()
    """Other work of a desk, by grade."""
    CALLS = auto()
    """Calls that end without deployment, by origin (999, 101, online)."""
    UNITS = auto()
    """Units that travel, by grade."""


WORK: Final = {
    Place.DESK: Activity.DESK,
    Place.CALLS: Activity.CALL,
    Place.UNITS: Activity.SCENE,
}
WAIT: Final = {
    Place.DESK: Activity.WAIT_DESK,
    Place.CALLS: Activity.WAIT_CALL_TAKER,
    Place.UNITS: Activity.WAIT_UNIT,
}


def whole(seconds: npt.ArrayLike) -> Seconds:
    """Round to the nearest second."""
    return np.rint(np.asarray(seconds, dtype=np.float64)).astype(np.int64)


def exponential(mean: float = SERVICE_MEAN) -> Service:
    """Exponential services."""
    return lambda generator, count: generator.exponential(mean, count)


def constant(mean: float = SERVICE_MEAN) -> Service:
    """Services all alike."""
    return lambda _, count: np.full(count, mean)


def lognormal(variation: float, mean: float = SERVICE_MEAN) -> Service:
    """Lognormal services; `variation` is the standard deviation over the mean."""
    shape = np.sqrt(np.log1p(variation**2))
    place = np.log(mean) - shape**2 / 2
    return lambda generator, count: generator.lognormal(place, shape, count)


def gamma(variation: float, mean: float = SERVICE_MEAN) -> Service:
    """Gamma services; `variation` is the standard deviation over the mean."""
    shape = variation**-2
    return lambda generator, count: generator.gamma(shape, mean / shape, count)


def poisson(generator: np.random.Generator, per_second: float, count: int) -> FloatArray:
    """Times of the first `count` Poisson arrivals, before rounding."""
    return np.cumsum(generator.exponential(1 / per_second, count))


def poisson_with_rates(
    generator: np.random.Generator, rates: Sequence[Rate], end_minute: float
) -> FloatArray:
    """Times, in seconds, of Poisson arrivals whose rate changes: a count, then places, in each."""
    edges = [*(rate.start for rate in rates), end_minute]
    pieces = [
        generator.uniform(start, end, generator.poisson(rate.per_minute * (end - start)))
        for rate, start, end in zip(rates, edges[:-1], edges[1:], strict=True)
    ]
    return np.sort(np.concatenate(pieces)) * 60


@dataclass(frozen=True)
class Rota:
    """A rota, and which cohort each of its people belongs to.

    Attributes
    ----------
    table : Table
        Of `sim.tables.ROTA`; keys are 0, 1, …
    cohort : ndarray of int64, shape (people,)
        By key: place among the cohorts given, those of all pools counted through.
    """

    table: Table
    cohort: Seconds


def rota_of(*pools: Sequence[Cohort]) -> Rota:
    """Make a rota from the cohorts of each pool, in the order of the pools' codes."""
    cohorts = [(code, cohort) for code, own in enumerate(pools) for cohort in own]
    people = [cohort.people for _, cohort in cohorts]
    total = sum(people)
    columns = {
        "key": np.arange(total),
        "pool": np.repeat([code for code, _ in cohorts], people),
        "shift": np.zeros(total),
        "on_at": np.repeat(whole([60 * cohort.start for _, cohort in cohorts]), people),
        "off_at": np.repeat(whole([60 * cohort.end for _, cohort in cohorts]), people),
        "break_at": np.full(total, NEVER),
        "break_seconds": np.zeros(total),
        "officers": np.ones(total),
    }
    table = Table(ROTA, columns).sorted_by("on_at", "key")
    return Rota(table, np.repeat(np.arange(len(cohorts)), people))


def incidents_of(reported_at: Seconds, **columns: npt.ArrayLike) -> Table:
    """Incidents that need nothing but what `columns` say; keys are 1, 2, … in order of report."""
    count = len(reported_at)
    nothing = incidents({})
    filled: dict[str, object] = {name: np.repeat(nothing[name], count) for name in INCIDENTS.names}
    if "grade" in columns:
        columns.setdefault("ratified_grade", columns["grade"])
    filled |= {name: np.broadcast_to(column, count) for name, column in columns.items()}
    filled |= {"key": np.arange(1, count + 1), "reported_at": reported_at}
    return Table(INCIDENTS, filled)


def attempts_of(table: Table, dispatch_seconds: npt.ArrayLike = 0) -> Table:
    """One row of attempts for each incident."""
    count = len(table)
    columns = {
        "key": table["key"],
        "attempt": np.zeros(count),
        "dispatch_seconds": np.broadcast_to(dispatch_seconds, count),
    }
    return Table(ATTEMPTS, columns)


@dataclass(frozen=True)
class Jobs:
    """What comes to one queue.

    Attributes
    ----------
    reported_at : ndarray of int64, shape (jobs,)
        Ascending.
    work : ndarray of int64, shape (jobs,)
        Seconds of service.
    level : ndarray of int64, shape (jobs,)
        Priority, from 0, the most urgent.
    """

    reported_at: Seconds
    work: Seconds
    level: Seconds

    def slower(self, factor: float) -> "Jobs":
        """Return the same jobs with every service longer by a factor: a planted error."""
        return Jobs(self.reported_at, whole(self.work * factor), self.level)


@dataclass(frozen=True)
class Played:
    """What an engine made of a queue; times are NEVER where they lie past the end.

    Attributes
    ----------
    begun_at, finished_at : ndarray of int64, shape (jobs,)
        First start of service, and its end.
    activities : Table
        As the engine wrote it.
    """

    jobs: Jobs
    begun_at: Seconds
    finished_at: Seconds
    activities: Table

    @property
    def waits(self) -> Seconds:
        """Seconds from report to the first start of service; all jobs must have begun."""
        if (self.begun_at == NEVER).any():
            raise ValueError("a job was never begun: let the simulation run on")
        return self.begun_at - self.jobs.reported_at

    @property
    def sojourns(self) -> Seconds:
        """Seconds from report to the end of service; all jobs must have ended."""
        if (self.finished_at == NEVER).any():
            raise ValueError("a job was never finished: let the simulation run on")
        return self.finished_at - self.jobs.reported_at


def pool_at(place: Place, **more: Any) -> Pool:
    """Make the pool that stands at such a place."""
    return unit_pool(**more) if place is Place.UNITS else desk_pool("desk")


def policy_at(place: Place, end: int, **rules: Any) -> Policy:
    """Make the policy of one queue, with the rules given on top."""
    if place is Place.CALLS:
        rules["call_takers"] = 0
    return policy([pool_at(place)], end=end, **rules)


def play(place: Place, jobs: Jobs, rota: Rota, end: int, **rules: Any) -> Played:
    """Let the compiled engine play one queue.

    Parameters
    ----------
    place : Place
        Where its servers sit.
    jobs : Jobs
        What comes; those reported at or after the end are left out, and stay NEVER.
    rota : Rota
        Of one pool.
    end : int
        Second at which the simulation stops.
    **rules
        Fields of the policy that differ from every rule off.

    Returns
    -------
    Played
        Times by job.
    """
    within = jobs.reported_at < end
    reported_at, work, level = (
        column[within] for column in (jobs.reported_at, jobs.work, jobs.level)
    )
    columns: dict[str, npt.ArrayLike] = {"grade": level + 1}
    if place is Place.DESK:
        columns |= {"desk_pool": 0, "desk_seconds": work}
    elif place is Place.CALLS:
        columns |= {"origin": level, "deploys": 0, "thrive_seconds": work}
        assert level.max(initial=0) < Origin.DIRECT
    else:
        columns |= {"scene_seconds": work}
    table = incidents_of(reported_at, **columns)
    rules_here = policy_at(place, end, **rules)
    outcomes, activities, _ = run(Draws(table, attempts_of(table)), rota.table, rules_here)

    begun_at = np.full(within.size, NEVER)
    finished_at = np.full(within.size, NEVER)
    begun = {Place.UNITS: "arrived_at"}.get(place, "answered_at")
    # A call that ends without deployment is over when it is graded, as it has no wrapping up.
    finished = {Place.CALLS: "graded_at"}.get(place, "finished_at")
    begun_at[within] = outcomes[begun]
    finished_at[within] = outcomes[finished]
    return Played(jobs, begun_at, finished_at, activities)


def steady_rota(servers: int, end: int) -> Rota:
    """The same people on duty throughout."""
    return rota_of([Cohort(0, end // 60 + 2, servers)])


def number_at(times: Seconds, starts: Seconds, ends: Seconds) -> Seconds:
    """How many of the intervals [start, end) hold each time; an end of NEVER is not yet."""
    begun = np.searchsorted(np.sort(starts), times, side="right")
    over = np.searchsorted(np.sort(ends[ends != NEVER]), times, side="right")
    return begun - over


def expected_present(rates: Sequence[Rate], service_mean: float, minute: float) -> float:
    """Expected number in service at a minute had everybody a server: M(t)/M/inf from empty."""
    edges = [*(rate.start for rate in rates), np.inf]
    total = 0.0
    for rate, start, end in zip(rates, edges[:-1], edges[1:], strict=True):
        if start < minute:
            last = (min(end, minute) - minute) / service_mean
            first = (start - minute) / service_mean
            total += rate.per_minute * service_mean * (np.exp(last) - np.exp(first))
    return float(total)


def rows_of(activities: Table, kind: Activity) -> Table:
    """The rows of one kind."""
    return activities.take(activities["kind"] == kind)


def busy_by_cohort(activities: Table, kind: Activity, rota: Rota, times: Seconds) -> Seconds:
    """Number at work in each cohort at each time, shape (cohorts, times)."""
    rows = rows_of(activities, kind)
    assert activities.schema is ACTIVITIES
    cohorts = rota.cohort[rows["unit"]]
    assert (rows["unit"] != NONE).all()
    return np.array(
        [
            number_at(times, rows["start"][cohorts == cohort], rows["end"][cohorts == cohort])
            for cohort in range(int(rota.cohort[-1]) + 1)
        ]
    )
