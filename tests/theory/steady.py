"""Steady queues: independent runs of an engine, and controls whose expectation theory gives."""

import math
from dataclasses import dataclass, field
from heapq import heappop, heappush, heapreplace
from itertools import accumulate, groupby
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from tests.theory.agreement import Estimate, estimate
from tests.theory.formulas import (
    mmc_mean_wait,
    mmc_wait_exceeds,
    nonpreemptive_mean_waits,
    pollaczek_khinchine_mean_wait,
)
from tests.theory.queues import (
    SERVICE_MEAN,
    Jobs,
    Place,
    Service,
    exponential,
    play,
    poisson,
    steady_rota,
    whole,
)

FloatArray: TypeAlias = npt.NDArray[np.float64]

LATE: Final = 1800
"""Seconds whose exceedance is of interest: half the mean service."""
LESS_WORK: Final = 0.95
"""Factor on services in the control queues."""
_AFTER: Final = 100
"""Jobs that come after the last measured one, so that it meets the work that would overtake it."""
_LONGER: Final = 200 * 3600
"""Seconds that the simulation goes on after the last report."""


@dataclass(frozen=True)
class SteadyQueue:
    """Poisson arrivals at servers that never leave; services of one hour on average.

    Attributes
    ----------
    servers : int
        Number of servers.
    load : float
        Of one server, below 1.
    shares : tuple of float
        Share of arrivals of each priority, most urgent first.
    service : Service
        Draws services.
    variation : float
        Standard deviation of a service over its mean.
    """

    servers: int
    load: float
    shares: tuple[float, ...] = (1.0,)
    service: Service = field(default_factory=exponential)
    variation: float = 1.0

    @property
    def arrival_rate(self) -> float:
        """Arrivals a second."""
        return self.servers * self.load / SERVICE_MEAN

    @property
    def by_class(self) -> list[float]:
        """Arrivals a second of each priority."""
        return [share * self.arrival_rate for share in self.shares]

    @property
    def warm_up(self) -> int:
        """Jobs until an empty start is forgotten, to exp(-10).

        M/M/c forgets at the rate ``c mu (1 - sqrt(rho))^2``, in which time ``c mu rho`` arrive.
        Services that vary more (or less) slow it down (or not) about as they do the wait.
        """
        slower = max(1.0, (1 + self.variation**2) / 2)
        return math.ceil(10 * slower * self.load / (1 - math.sqrt(self.load)) ** 2)


@dataclass(frozen=True)
class Sample:
    """Measured jobs of independent runs.

    Attributes
    ----------
    level, waits, sojourns : ndarray, shape (replications, jobs)
        Priority of each job, and its seconds.
    controls : ndarray of float64, shape (replications, controls)
        From the drawn tables alone; each has expectation 0.
    """

    level: npt.NDArray[np.int64]
    waits: npt.NDArray[np.int64]
    sojourns: npt.NDArray[np.int64]
    controls: FloatArray

    def mean_wait(self, level: int = 0) -> Estimate:
        """Mean seconds waited by jobs of a priority."""
        return self._mean(self.waits, level)

    def mean_sojourn(self, level: int = 0) -> Estimate:
        """Mean seconds from report to end of service of jobs of a priority."""
        return self._mean(self.sojourns, level)

    def exceeds(self, seconds: float, level: int = 0) -> Estimate:
        """Share of jobs of a priority that wait longer than this."""
        return self._mean(self.waits > seconds, level)

    def _mean(self, values: npt.NDArray[Any], level: int) -> Estimate:
        own = self.level == level
        return estimate((values * own).sum(axis=1), own.sum(axis=1), self.controls)


def replicate(
    queue: SteadyQueue,
    place: Place,
    replications: int,
    jobs: int,
    seed: int,
    slower: float = 1.0,
    **rules: Any,
) -> Sample:
    """Let the compiled engine play a queue again and again.

    Parameters
    ----------
    queue : SteadyQueue
        Parameters.
    place : Place
        Where the servers sit.
    replications, jobs : int
        Independent runs, and measured jobs in each.
    seed : int
        Of all runs together.
    slower : float
        Factor on every service that the engine is given: 1.03 plants an error of 3 %.
    **rules
        Fields of the policy that differ from every rule off.

    Returns
    -------
    Sample
        The measured jobs.
    """
    generator = np.random.default_rng(seed)
    # First come, first served: nobody who comes later matters.
    count = queue.warm_up + jobs + _AFTER * (len(queue.shares) > 1)
    measured = slice(queue.warm_up, queue.warm_up + jobs)
    level, waits, sojourns, controls = [], [], [], []
    for _ in range(replications):
        reported_at = poisson(generator, queue.arrival_rate, count)
        work = queue.service(generator, count)
        levels = generator.choice(len(queue.shares), size=count, p=queue.shares).astype(np.int64)
        drawn = Jobs(whole(reported_at), whole(work), levels)
        end = int(reported_at[-1]) + _LONGER
        played = play(place, drawn.slower(slower), steady_rota(queue.servers, end), end, **rules)
        level.append(levels[measured])
        waits.append(played.waits[measured])
        sojourns.append(played.sojourns[measured])
        controls.append(_controls(queue, reported_at, work, levels, measured))
    return Sample(np.array(level), np.array(waits), np.array(sojourns), np.array(controls))


def recursion_waits(
    reported_at: FloatArray, work: FloatArray, servers: int, level: npt.ArrayLike = 0
) -> FloatArray:
    """Waits from empty: a server that is free takes the most urgent job, then the oldest.

    With one level it is the workload recursion: each job takes the server that is free first.

    References
    ----------
    Kiefer, J. and Wolfowitz, J. (1955). Transactions of the American Mathematical Society 78(1),
    1-18; for one server it is Lindley's.
    """
    times, works = reported_at.tolist(), work.tolist()
    levels = np.broadcast_to(level, reported_at.shape).tolist()
    free_at = [-np.inf] * servers
    waiting: list[tuple[int, int]] = []
    begun = [0.0] * len(times)

    def begin_first(moment: float) -> None:
        _, job = heappop(waiting)
        begun[job] = moment
        heapreplace(free_at, moment + works[job])

    for now, together in groupby(range(len(times)), key=times.__getitem__):
        while waiting and free_at[0] < now:
            begin_first(free_at[0])
        # Whoever comes in the same second is seen before anybody chooses.
        for job in together:
            heappush(waiting, (levels[job], job))
        while waiting and free_at[0] <= now:
            begin_first(now)
    while waiting:
        begin_first(free_at[0])
    return np.array(begun) - reported_at


def _controls(
    queue: SteadyQueue,
    reported_at: FloatArray,
    work: FloatArray,
    levels: npt.NDArray[np.int64],
    measured: slice,
) -> list[float]:
    """Figures of the draws that vary as waits do, less their expectations.

    They are the gaps between reports, the work that each priority brings, and waits by
    `recursion_waits` in queues other than that tested: with a twentieth less work, and with the
    most urgent priorities alone and all of them level.
    """
    at = np.zeros(reported_at.size, dtype=np.bool_)
    at[measured] = True
    own = [at & (levels == level) for level in range(len(queue.shares))]
    total = float(at.sum())
    found = [float(np.diff(reported_at)[measured].mean()) * queue.arrival_rate - 1]
    for jobs, share in zip(own, queue.shares, strict=True):
        found.append(float(jobs.sum()) / total - share)
        found.append(float(work[jobs].sum()) / total / SERVICE_MEAN - share)

    mean = LESS_WORK * SERVICE_MEAN
    waits = recursion_waits(reported_at, LESS_WORK * work, queue.servers, levels)
    if queue.servers == 1 and len(own) == 1:
        found.append(
            float(waits[at].mean())
            - pollaczek_khinchine_mean_wait(queue.arrival_rate, mean, (queue.variation * mean) ** 2)
        )
        return found
    theory = nonpreemptive_mean_waits(queue.servers, queue.by_class, 1 / mean)
    for jobs, share, wait in zip(own, queue.shares, theory.tolist(), strict=True):
        found.append(float(waits[jobs].sum()) / total - share * wait)
    if len(own) == 1:
        late = mmc_wait_exceeds(LATE, queue.servers, queue.arrival_rate, 1 / mean)
        found.append(float((waits[at] > LATE).mean()) - late)
        return found
    for level, rate in enumerate(accumulate(queue.by_class)):
        urgent = levels <= level
        # One level alone, with all of its work, might be the very queue that is tested.
        factor = LESS_WORK if level == 0 else 1.0
        together = recursion_waits(reported_at[urgent], factor * work[urgent], queue.servers)
        wait = mmc_mean_wait(queue.servers, rate, 1 / (factor * SERVICE_MEAN))
        found.append(float((together - wait)[at[urgent]].sum()) / total)
    return found
