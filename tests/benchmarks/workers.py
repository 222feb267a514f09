"""What several workers do in the time of one: ``python -m tests.benchmarks.workers``.

Each round makes the same replications of a scenario three times: in this process alone, in
processes as `sim.workers` starts them, and in as many threads of this process. Throughput is
counted from when each worker has handed in its first replication, so that what it takes to start
processes is left out; that is given apart. Beside the time on the clock, which other programs on
the machine lengthen, stands the processor time of a replication, which they hardly do: where it
grows with the workers, they are in each other's way.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

from sim.measures import packed
from sim.scenario.loading import load
from sim.study import Settings
from sim.study.engines import made_ready
from sim.study.settings import EngineName
from sim.study.worlds import Plan, replicate
from sim.workers import completed
from tests.loopback import ROOT

ALONE: Final = "one alone"
PROCESSES: Final = "processes"
THREADS: Final = "threads"
WAYS: Final = (ALONE, PROCESSES, THREADS)
_OF_OURS: Final = 1
"""Programs beyond one for each core that may be our own, such as the process that waits."""


@dataclass(frozen=True)
class Round:
    """One way of making some replications.

    Parameters
    ----------
    a_second
        Replications a second, once each worker had handed in its first.
    start_up
        Seconds to the first one handed in, less those of a replication.
    processor_seconds
        Median of a replication.
    """

    a_second: float
    start_up: float
    processor_seconds: float


def tallied(plan: Plan, number: int) -> tuple[float, int]:
    """Make a replication; return processor seconds of this thread, and the bytes handed in."""
    began = time.thread_time()
    size = sum(len(packed(one)) for one in replicate(plan, number))
    return time.thread_time() - began, size


def in_threads(plan: Plan, numbers: Iterable[int], workers: int) -> Iterable[tuple[float, int]]:
    """Yield what `tallied` returns, as threads hand it in."""
    with ThreadPoolExecutor(workers) as pool:
        for done in as_completed([pool.submit(tallied, plan, number) for number in numbers]):
            yield done.result()


def measured(made: Iterable[tuple[float, int]], workers: int, clock: Callable[[], float]) -> Round:
    """Time replications as they come in; there must be more of them than workers."""
    began = clock()
    at, spent = [], []
    for processor, _ in made:
        at.append(clock())
        spent.append(processor)
    each = (at[-1] - at[workers - 1]) / (len(at) - workers)
    return Round(1 / each, at[0] - began - each * workers, median(spent))


def rounds(
    plan: Plan,
    workers: int,
    replications: int,
    count: int,
    clock: Callable[[], float] = time.perf_counter,
) -> list[dict[str, Round]]:
    """Measure each way, round by round, each round in another order of the ways."""
    # What is done only once, such as loading the engine, is no part of a replication.
    made_ready(plan.settings.engine)
    tallied(plan, 0)
    numbers = range(1, replications + 1)
    makers: dict[str, Callable[[], Iterable[tuple[float, int]]]] = {
        ALONE: lambda: (tallied(plan, number) for number in numbers),
        PROCESSES: lambda: (made for _, made in completed(tallied, plan, numbers, workers)),
        THREADS: lambda: in_threads(plan, numbers, workers),
    }
    found = []
    for number in range(count):
        first = number % len(WAYS)
        found.append(
            {
                way: measured(makers[way](), 1 if way == ALONE else workers, clock)
                for way in (*WAYS[first:], *WAYS[:first])
            }
        )
    return found


def table_of(found: Sequence[dict[str, Round]], workers: int) -> str:
    """Medians of the rounds, as text; ratios are of ways in the same round."""
    lines = ["way          replications/s   against one   processor ms   start-up s"]
    for way in WAYS:
        own = [one[way] for one in found]
        ratio = median(one[way].a_second / one[ALONE].a_second for one in found)
        lines.append(
            f"{way:11}  {median(one.a_second for one in own):14.2f}  {ratio:12.2f}  "
            f"{1000 * median(one.processor_seconds for one in own):13.0f}  "
            f"{max(median(one.start_up for one in own), 0.0):11.1f}"
        )
    lines.append(f"{len(found)} rounds, {workers} workers; {_load()}")
    return "\n".join(lines)


def _load() -> str:
    cores = os.cpu_count() or 1
    if not hasattr(os, "getloadavg"):
        return f"{cores} cores"
    wanted = os.getloadavg()[0]
    told = f"{cores} cores, {wanted:.1f} programs wanted one in the last minute"
    # Linux shares a busy machine out by session: a second worker takes its time from the first.
    busy = wanted > cores + _OF_OURS
    return f"{told}: too many to tell what workers gain" if busy else told


def main(words: Sequence[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.workers", description="Several workers against one."
    )
    parser.add_argument("--scenario", type=Path, default=ROOT / "scenarios" / "dorset-2022.toml")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--replications", type=int, default=40, help="of each way in each round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--days", type=int, default=28)
    parser.add_argument("--engine", default="compiled")
    asked = parser.parse_args(words)
    if asked.replications <= asked.workers:
        parser.error("there must be more replications than workers")
    engine: EngineName = asked.engine
    loaded = load(asked.scenario)
    plan = Plan((loaded.name,), (loaded.scenario,), Settings(days=asked.days, engine=engine))
    print(table_of(rounds(plan, asked.workers, asked.replications, asked.rounds), asked.workers))
    return 0


if __name__ == "__main__":
    sys.exit(main())
