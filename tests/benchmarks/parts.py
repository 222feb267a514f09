"""Where the compiled engine's time goes: ``python -m tests.benchmarks.parts``.

Tables into the memory, the play itself, and tables out of it again, on the common network and on
one replication of the full baseline, in processor time.
"""

from __future__ import annotations

import argparse
import gc
from collections.abc import Callable, Sequence
from time import process_time

import numpy as np
import numpy.typing as npt

from sim.engines.compiled import make_ready
from sim.scenario.loading import load
from sim.study.settings import Settings
from sim.study.worlds import one_world
from sim.tables import Draws, Policy, Table
from tests.benchmarks.common_network import tables
from tests.benchmarks.full_baseline import BASELINE
from tests.benchmarks.textbook import ThreeStageNetwork

World = tuple[Draws, Table, Policy]


def seconds(
    world: World, rounds: int, clock: Callable[[], float] = process_time
) -> tuple[npt.NDArray[np.float64], int]:
    """Return seconds, shape (rounds, 3), for load, play and results; and rows of activities."""
    from sim.engines.compiled import building, loading, play, results

    draws, rota, policy = world
    found = np.zeros((rounds, 3))
    rows = 0
    for number in range(rounds):
        gc.collect()
        times = [clock()]
        loaded = loading.loaded(draws, rota, policy)
        m = loaded.memory
        times.append(clock())
        while play.play(m) == play.NEEDS_ROOM:
            m = loading.with_more_room(m)
        times.append(clock())
        played = results.played(loaded, m, draws, policy)
        building.give_back(m)
        times.append(clock())
        found[number] = np.diff(times)
        rows = len(played.activities)
    return found, rows


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line for each world."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.parts", description="The compiled engine's time by part."
    )
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--days", type=int, default=28)
    chosen = parser.parse_args(arguments)
    incidents, attempts, people, rules = tables(ThreeStageNetwork(days=chosen.days), 0)
    world = one_world(load(BASELINE), Settings(days=chosen.days), 0)
    draws = Draws(world.incidents, world.attempts, world.episodes, world.enquiries, world.concerns)
    worlds: dict[str, World] = {
        "common network": (Draws(incidents, attempts), people, rules),
        "full baseline": (draws, world.rota, world.policy),
    }
    make_ready()
    for name, one in worlds.items():
        found, rows = seconds(one, chosen.rounds)
        load_ms, play_ms, results_ms = 1000 * np.median(found, axis=0)
        count = len(one[0].incidents)
        print(
            f"{name}: {count:,} incidents, {rows / count:.1f} rows of activities each; "
            f"load {load_ms:.2f} ms, play {play_ms:.2f} ms, results {results_ms:.2f} ms"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
