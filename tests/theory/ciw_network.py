"""A two-area network simulated in Ciw, independently of the project's engines.

Calls come to one central stage (call takers); each is then routed to one of two areas by
probability. Every stage has shifts that change over the day, and work waits by priority without
interruption. The parameters stand in one frozen object, so that a scenario for an engine can be
built from the same figures.

What a Ciw schedule means
-------------------------
Read from the source of Ciw 3.2.7 and confirmed by a test against the Kolmogorov equations:
``Schedule(numbers_of_servers=..., shift_end_dates=..., preemption=False)`` is the cohort rule.

- At *every* boundary, all servers of the shift that ends are replaced, also where the next shift
  has the same number: the idle leave at once, the busy are marked off duty, finish the job in
  hand, and are removed at that moment without taking another.
- The new shift brings its full number, whatever is still being finished, and takes waiting work
  at once, in the order of the queue. So for a while more people may work than are rostered.
- Boundaries repeat with the last of ``shift_end_dates``. A night shift over midnight can't be
  written as two pieces: that would relieve everybody at midnight. `Stage` therefore begins its
  cycle at its first shift's start, with Ciw's ``offset``; before that, on day 0, nobody is on
  duty. Begin at minute 0 or leave it to the warm-up.
- One node has one shift at a time, so overlapping shifts can't be expressed.
- When several events of a node fall together, a shift change comes before the end of a service
  (the reverse of the project's rule); among nodes the order is random. With continuous times
  neither ever matters.

Ciw's schedule of arrivals, ``PoissonIntervals``, draws the number in each interval and spreads
it uniformly, so no peak is skipped. It draws when it is made: a network is built anew for every
replication, after seeding.
"""

import random
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import ciw
import numpy as np
import numpy.typing as npt

DAY_MINUTES = 1440
NODES = 3


@dataclass(frozen=True)
class Shift:
    """One shift of every day.

    Attributes
    ----------
    start_minute, end_minute : int
        Minutes from midnight; `end_minute` is above `start_minute`, so above 1440 where the
        shift ends on the next day.
    people : int
        Number on duty, none included.
    """

    start_minute: int
    end_minute: int
    people: int


@dataclass(frozen=True)
class Stage:
    """A pool with its rota and its exponential service.

    Attributes
    ----------
    shifts : tuple of Shift
        End to end over exactly 24 hours, in order.
    service_mean_minutes : float
        The same for every priority.
    """

    shifts: tuple[Shift, ...]
    service_mean_minutes: float

    def __post_init__(self) -> None:
        """Check that the shifts fill the day once."""
        gaps = [a.end_minute != b.start_minute for a, b in pairwise(self.shifts)]
        whole_day = self.shifts[-1].end_minute - self.shifts[0].start_minute == DAY_MINUTES
        if any(gaps) or not whole_day or any(s.end_minute <= s.start_minute for s in self.shifts):
            raise ValueError("shifts must follow one another over exactly 24 hours")


@dataclass(frozen=True)
class TwoAreaNetwork:
    """All parameters of the network.

    Attributes
    ----------
    calls_per_hour : tuple of float, length 24
        Poisson rate in each hour of every day, all priorities together.
    priority_shares : tuple of float
        Share of calls of each priority, most urgent first; they add to 1.
    call_taking : Stage
        The central first stage.
    areas : tuple of two Stage
        The second stages.
    first_area_share : float
        Probability that a call belongs to the first area.
    calls_by_priority : bool
        Whether priority counts in the queue for call takers too. If not, calls are taken first
        come, first served, and the priority is decided at the end of the call.
    warm_up_days, days, follow_up_days : int
        Measured are the calls received in the `days` after the warm-up; calls go on during the
        follow-up.
    """

    calls_per_hour: tuple[float, ...] = (5.0,) * 8 + (12.0,) * 8 + (14.0,) * 8
    priority_shares: tuple[float, ...] = (0.2, 0.5, 0.3)
    call_taking: Stage = Stage((Shift(0, 420, 2), Shift(420, 900, 3), Shift(900, 1440, 3)), 8.0)
    areas: tuple[Stage, Stage] = (
        Stage((Shift(0, 480, 5), Shift(480, 960, 9), Shift(960, 1440, 10)), 60.0),
        Stage((Shift(0, 480, 3), Shift(480, 960, 7), Shift(960, 1440, 7)), 60.0),
    )
    first_area_share: float = 0.6
    calls_by_priority: bool = False
    warm_up_days: int = 2
    days: int = 7
    follow_up_days: int = 2

    def __post_init__(self) -> None:
        """Check lengths and sums."""
        if len(self.calls_per_hour) != 24:
            raise ValueError("calls_per_hour must have 24 entries")
        if abs(sum(self.priority_shares) - 1.0) > 1e-12:
            raise ValueError("priority_shares must add to 1")

    @property
    def stages(self) -> tuple[Stage, Stage, Stage]:
        """The call takers, the first area and the second."""
        return (self.call_taking, *self.areas)


@dataclass(frozen=True)
class Estimate:
    """A mean over replications.

    Attributes
    ----------
    mean : float
        Ratio estimate: all minutes waited over all incidents.
    standard_error : float
        Of that ratio, from the spread between replications.
    incidents : int
        Number counted.
    """

    mean: float
    standard_error: float
    incidents: int


@dataclass(frozen=True)
class NetworkWaits:
    """Waits of measured incidents, added up by replication and cut.

    Attributes
    ----------
    minutes : ndarray of float64, shape (replications, 3, priorities, 24)
        Minutes waited, by node (call takers, first area, second area), priority and hour of the
        day in which the *call was received*.
    incidents : ndarray of int64, shape (replications, 3, priorities, 24)
        Number that waited there, those who waited 0 minutes included.
    unfinished : ndarray of int64, shape (replications,)
        Measured incidents not finished at the end of the follow-up. They are in no other number:
        lengthen the follow-up if there are any.
    """

    minutes: npt.NDArray[np.float64]
    incidents: npt.NDArray[np.int64]
    unfinished: npt.NDArray[np.int64]

    def mean_wait(
        self, node: int, priority: int | None = None, hours: slice = slice(None)
    ) -> Estimate:
        """Return the mean wait at a node, in minutes.

        Parameters
        ----------
        node : int
            0 for the call takers, 1 and 2 for the areas.
        priority : int or None
            From 0, the most urgent; None for all together.
        hours : slice
            Hours of the day in which the call was received.

        Returns
        -------
        Estimate
            Ratio estimate with its standard error.
        """
        levels = slice(None) if priority is None else slice(priority, priority + 1)
        minutes = self.minutes[:, node, levels, hours].sum(axis=(1, 2))
        incidents = self.incidents[:, node, levels, hours].sum(axis=(1, 2))
        mean = float(minutes.sum() / incidents.sum())
        residuals = minutes - mean * incidents
        error = residuals.std(ddof=1) / np.sqrt(residuals.size) / incidents.mean()
        return Estimate(mean, float(error), int(incidents.sum()))


def simulate_network(network: TwoAreaNetwork, replications: int, seed: int) -> NetworkWaits:
    """Simulate the network in Ciw, each replication from empty.

    Parameters
    ----------
    network : TwoAreaNetwork
        Parameters.
    replications : int
        Independent runs.
    seed : int
        Non-negative. Ciw's generators are global; Python's own is put back afterwards.

    Returns
    -------
    NetworkWaits
        Sums and counts of every replication.
    """
    shape = (replications, NODES, len(network.priority_shares), 24)
    minutes = np.zeros(shape)
    incidents = np.zeros(shape, dtype=np.int64)
    unfinished = np.zeros(replications, dtype=np.int64)
    first = network.warm_up_days * DAY_MINUTES
    last = first + network.days * DAY_MINUTES
    names = _priority_names(network)
    state = random.getstate()
    try:
        for number, word in enumerate(np.random.SeedSequence(seed).generate_state(replications)):
            ciw.seed(int(word))
            simulation = ciw.Simulation(_network(network))
            simulation.simulate_until_max_time(last + network.follow_up_days * DAY_MINUTES)
            for individual in simulation.get_all_individuals():
                records = individual.data_records
                received = records[0].arrival_date if records else individual.arrival_date
                if not first <= received < last:
                    continue
                if len(records) < 2:
                    unfinished[number] += 1
                    continue
                priority = names.index(individual.customer_class)
                hour = int(received % DAY_MINUTES // 60)
                for record in records:
                    cell = (number, record.node - 1, priority, hour)
                    minutes[cell] += record.waiting_time
                    incidents[cell] += 1
    finally:
        random.setstate(state)
    return NetworkWaits(minutes, incidents, unfinished)


def _priority_names(network: TwoAreaNetwork) -> list[str]:
    return [f"priority {number}" for number in range(len(network.priority_shares))]


def _network(network: TwoAreaNetwork) -> Any:
    names = _priority_names(network)
    shares = dict(zip(names, network.priority_shares, strict=True))
    levels = {name: level for level, name in enumerate(names)}
    arrivals = {name: [_calls(network, shares[name]), None, None] for name in names}
    changes = None
    if not network.calls_by_priority:
        # Calls are of one class, and re-classed as they end. At the areas the matrix changes
        # nothing but must be given: only there does Ciw note in which queue a person now stands.
        arrivals = {name: [None, None, None] for name in names}
        arrivals["call"] = [_calls(network, 1.0), None, None]
        levels["call"] = 0
        stay = {name: {other: float(name == other) for other in levels} for name in levels}
        decide = {name: {"call": 0.0, **shares} for name in levels}
        changes = [decide, stay, stay]
    services = [ciw.dists.Exponential(1 / stage.service_mean_minutes) for stage in network.stages]
    share = network.first_area_share
    routes = [[0.0, share, 1.0 - share], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]
    return ciw.create_network(
        arrival_distributions=arrivals,
        service_distributions=dict.fromkeys(levels, services),
        number_of_servers=[_schedule(stage) for stage in network.stages],
        routing=dict.fromkeys(levels, routes),
        priority_classes=levels,
        class_change_matrices=changes,
    )


def _calls(network: TwoAreaNetwork, share: float) -> Any:
    days = network.warm_up_days + network.days + network.follow_up_days
    return ciw.dists.PoissonIntervals(
        rates=[share * rate / 60 for rate in network.calls_per_hour],
        endpoints=[60.0 * (hour + 1) for hour in range(24)],
        max_sample_date=float(days * DAY_MINUTES),
    )


def _schedule(stage: Stage) -> Any:
    start = stage.shifts[0].start_minute
    return ciw.Schedule(
        numbers_of_servers=[shift.people for shift in stage.shifts],
        shift_end_dates=[shift.end_minute - start for shift in stage.shifts],
        preemption=False,
        offset=float(start),
    )
