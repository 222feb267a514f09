"""A three-stage emergency network as a simulation textbook writes it in SimPy.

One process for each incident, a ``PriorityResource`` at each stage, and random numbers drawn
inside the model, in the order in which the model happens to ask for them. It is the yardstick
for the speed of the reference engine: ``python -m tests.benchmarks.textbook``.
"""

import random
from collections.abc import Callable, Generator
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt
import simpy


@dataclass(frozen=True)
class ThreeStageNetwork:
    """Parameters of the network; times in minutes.

    Attributes
    ----------
    incidents_per_day : float
        Poisson arrivals.
    days : float
        Arrivals stop then; work in hand and queued is finished.
    servers : tuple of int
        Servers of each stage.
    service_means : tuple of float
        Means of the exponential services of each stage.
    writing_mean : float
        Mean of a further exponential time, after the third service, that holds its server.
    priority_shares : tuple of float
        Share of incidents of each priority, most urgent first.
    """

    incidents_per_day: float = 220.0
    days: float = 28.0
    servers: tuple[int, int, int] = (6, 2, 14)
    service_means: tuple[float, float, float] = (12.0, 8.0, 50.0)
    writing_mean: float = 15.0
    priority_shares: tuple[float, float, float] = (0.2, 0.5, 0.3)


@dataclass(frozen=True)
class IncidentWaits:
    """What a run returns, one entry for each incident in order of completion.

    Attributes
    ----------
    priority : ndarray of int64, shape (incidents,)
        From 0, the most urgent.
    wait_minutes : ndarray of float64, shape (incidents, 3)
        Time queued at each stage.
    """

    priority: npt.NDArray[np.int64]
    wait_minutes: npt.NDArray[np.float64]

    def mean_by_priority(self) -> npt.NDArray[np.float64]:
        """Return mean waits, shape (priorities, 3)."""
        levels = range(int(self.priority.max()) + 1)
        return np.array([self.wait_minutes[self.priority == n].mean(axis=0) for n in levels])


def run_textbook(network: ThreeStageNetwork, seed: int) -> IncidentWaits:
    """Simulate the network once, from empty until the last incident is finished.

    Parameters
    ----------
    network : ThreeStageNetwork
        Parameters.
    seed : int
        Seed of the one generator.

    Returns
    -------
    IncidentWaits
        Every incident's priority and waits.
    """
    random_numbers = random.Random(seed)
    env = simpy.Environment()
    stages = [simpy.PriorityResource(env, capacity=number) for number in network.servers]
    priorities: list[int] = []
    waits: list[tuple[float, float, float]] = []

    def incident(priority: int) -> Generator[simpy.Event, Any, None]:
        waited = [0.0, 0.0, 0.0]
        for number, stage in enumerate(stages):
            queued_at = env.now
            with stage.request(priority=priority) as request:
                yield request
                waited[number] = env.now - queued_at
                yield env.timeout(random_numbers.expovariate(1 / network.service_means[number]))
                if number == len(stages) - 1:
                    yield env.timeout(random_numbers.expovariate(1 / network.writing_mean))
        priorities.append(priority)
        waits.append((waited[0], waited[1], waited[2]))

    def arrivals() -> Generator[simpy.Event, Any, None]:
        levels = range(len(network.priority_shares))
        while True:
            yield env.timeout(random_numbers.expovariate(network.incidents_per_day / 1440))
            if env.now >= network.days * 1440:
                return
            env.process(incident(random_numbers.choices(levels, network.priority_shares)[0]))

    env.process(arrivals())
    env.run()
    return IncidentWaits(np.array(priorities), np.array(waits).reshape(-1, 3))


def incidents_per_second(
    model: Callable[[ThreeStageNetwork, int], IncidentWaits],
    network: ThreeStageNetwork,
    runs: int = 3,
) -> float:
    """Return the best of several timed runs, each with a seed of its own.

    Parameters
    ----------
    model : callable
        Takes the network and a seed.
    network : ThreeStageNetwork
        Parameters.
    runs : int
        Number of runs.

    Returns
    -------
    float
        Incidents finished in a second of wall-clock time.
    """
    speeds = []
    for seed in range(runs):
        began = perf_counter()
        finished = model(network, seed).priority.size
        speeds.append(finished / (perf_counter() - began))
    return max(speeds)


if __name__ == "__main__":
    speed = incidents_per_second(run_textbook, ThreeStageNetwork())
    print(f"textbook SimPy: {speed:,.0f} incidents a second")
