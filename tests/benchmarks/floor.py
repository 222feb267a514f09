"""The floor under any event-driven engine: ``python -m tests.benchmarks.floor``.

A bare binary heap, compiled, from which as many events are taken and put back as an engine has on
the common network, with as many waiting at a time, and nothing else: no queue, no rule, no record.
Beside it the compiled engine, in turn, on drawn tables.
"""

from __future__ import annotations

import argparse
import gc
from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sim.engines import compiled
from sim.tables import Draws
from tests.benchmarks.common_network import tables
from tests.benchmarks.textbook import ThreeStageNetwork

Ints = npt.NDArray[np.int64]

EVENTS_OF_AN_INCIDENT: Final = 5
"""Its report, and the ends of THRIVE, of ratification, of the scene and of writing."""


def pushed_and_popped(times: Ints, keys: Ints, gaps: Ints) -> int:
    """Take the first event and put it back later, once for each gap.

    Parameters
    ----------
    times, keys
        Shape (events waiting,): the heap, sorted by both; changed.
    gaps
        Shape (events,): seconds until the event taken is due again.

    Returns
    -------
    int
        A sum over what was taken, so that none of it can be left out.
    """
    size = times.size
    total = 0
    for gap in gaps:
        total ^= times[0] + keys[0]
        time, key = times[0] + gap, keys[0] + size
        hole = 0
        while True:
            child = 2 * hole + 1
            if child >= size:
                break
            right = child + 1
            if right < size and (
                times[right] < times[child]
                or (times[right] == times[child] and keys[right] < keys[child])
            ):
                child = right
            if times[child] > time or (times[child] == time and keys[child] > key):
                break
            times[hole], keys[hole] = times[child], keys[child]
            hole = child
        times[hole], keys[hole] = time, key
    return int(total)


def kernel() -> Callable[[Ints, Ints, Ints], int]:
    """Return `pushed_and_popped`, compiled."""
    import numba

    made: Any = numba.njit(nogil=True)(pushed_and_popped)
    made(np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64), np.ones(1, dtype=np.int64))
    return made  # type: ignore[no-any-return]


def heap_of(network: ThreeStageNetwork, incidents: int, seed: int) -> tuple[Ints, Ints, Ints]:
    """Return times and keys of a heap as large as the network keeps, and a gap for each event."""
    generator = np.random.default_rng(seed)
    waiting = sum(network.servers)
    mean = 60 * sum(network.service_means) / len(network.service_means)
    times = np.sort(generator.exponential(mean, waiting)).astype(np.int64)
    gaps = generator.exponential(mean, EVENTS_OF_AN_INCIDENT * incidents).astype(np.int64)
    return times, np.arange(waiting, dtype=np.int64), gaps


def ratios(
    network: ThreeStageNetwork, rounds: int, clock: Callable[[], float] = perf_counter
) -> npt.NDArray[np.float64]:
    """Return, by round, the engine's seconds over those of the bare heap."""
    bare = kernel()
    compiled.make_ready()
    found = []
    for seed in range(rounds):
        incidents, attempts, rota, rules = tables(network, seed)
        heap = heap_of(network, len(incidents), seed)
        gc.collect()
        began = clock()
        bare(*heap)
        between = clock()
        compiled.run(Draws(incidents, attempts), rota, rules)
        found.append((clock() - between) / (between - began))
    return np.array(found)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the median ratio."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.floor", description="The engine against a bare heap."
    )
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--days", type=float, default=28.0)
    chosen = parser.parse_args(arguments)
    ratios(ThreeStageNetwork(days=1), 1)
    found = ratios(ThreeStageNetwork(days=chosen.days), chosen.rounds)
    print(
        f"compiled engine, draws excluded: {np.median(found):.1f} times a bare push and pop of "
        f"{EVENTS_OF_AN_INCIDENT} events an incident at a heap of "
        f"{sum(ThreeStageNetwork().servers)}"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
