"""How an engine's cost grows: ``python -m tests.benchmarks.growth``.

Plays the common network with more days, more incidents a day with as many more people, more
replications, and a longer queue, and prints microseconds for an incident. A cost that is linear
leaves them level; a queue that is a heap adds the logarithm of its length.
"""

from __future__ import annotations

import argparse
import gc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from time import process_time
from typing import Final

import numpy as np

from tests.benchmarks.engine_model import ENGINES, REFERENCE, drawn
from tests.benchmarks.textbook import ThreeStageNetwork

Clock = Callable[[], float]

FACTORS: Final = (1, 2, 4, 8)
BACKLOGS: Final = (1_000, 4_000, 16_000, 64_000)
SHORT: Final = ThreeStageNetwork(days=7)
# Work so short that even the longest queue is done before the end of play.
BRIEF_WORK: Final = replace(SHORT, service_means=(0.1, 0.1, 0.5), writing_mean=0.1, days=1 / 86_400)


@dataclass(frozen=True)
class Cost:
    """What some incidents cost.

    Attributes
    ----------
    of
        What grows.
    size
        How far.
    incidents
        Played.
    microseconds
        Of one processor, for each of them; the median of the rounds.
    """

    of: str
    size: float
    incidents: int
    microseconds: float


def costs(engine: str, rounds: int, largest: int, clock: Clock = process_time) -> Iterator[Cost]:
    """Yield what an incident costs as each thing grows.

    Parameters
    ----------
    engine
        Of `ENGINES`.
    rounds
        Of each size, each with luck of its own.
    largest
        Factors and backlogs beyond the `largest`-th are left out.
    clock
        Tells seconds.
    """
    for factor in FACTORS[:largest]:
        longer = replace(SHORT, days=SHORT.days * factor)
        yield _cost("days", longer.days, engine, [longer], rounds, clock)
    for factor in FACTORS[:largest]:
        first, second, third = (number * factor for number in SHORT.servers)
        busier = replace(
            SHORT,
            incidents_per_day=SHORT.incidents_per_day * factor,
            servers=(first, second, third),
        )
        of = "incidents a day, with as many more people"
        yield _cost(of, busier.incidents_per_day, engine, [busier], rounds, clock)
    for factor in FACTORS[:largest]:
        yield _cost("replications", factor, engine, [SHORT] * factor, rounds, clock)
    for backlog in BACKLOGS[:largest]:
        at_once = replace(BRIEF_WORK, incidents_per_day=backlog / BRIEF_WORK.days)
        yield _cost("incidents reported at once", backlog, engine, [at_once], rounds, clock)


def _cost(
    of: str,
    size: float,
    engine: str,
    networks: Sequence[ThreeStageNetwork],
    rounds: int,
    clock: Clock,
) -> Cost:
    found, played = [], 0
    for turn in range(rounds):
        models = [
            drawn(network, turn * len(networks) + place, engine)
            for place, network in enumerate(networks)
        ]
        gc.collect()
        began = clock()
        incidents = sum(model().priority.size for model in models)
        found.append(1e6 * (clock() - began) / incidents)
        played += incidents
    return Cost(of, size, played, float(np.median(found)))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table for each thing that grows."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.growth", description="Cost as the work grows."
    )
    parser.add_argument("--engine", choices=sorted(ENGINES), default=REFERENCE)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sizes", type=int, default=len(FACTORS))
    chosen = parser.parse_args(arguments)
    # What is done only once, such as loading code, is no cost of any size.
    drawn(ThreeStageNetwork(days=1), 0, chosen.engine)()
    told = ""
    for cost in costs(chosen.engine, chosen.rounds, chosen.sizes):
        if cost.of != told:
            print(f"{cost.of}, {chosen.engine} engine")
            told = cost.of
        print(f"  {cost.size:>9,.0f}  {cost.microseconds:8.2f} µs an incident")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
