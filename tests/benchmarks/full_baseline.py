"""Our engines on the full baseline: ``python -m tests.benchmarks.full_baseline``.

Each round plays one replication of ``scenarios/dorset-2022.toml``, or of another file, on every
engine, from the same tables, which are drawn beforehand. With ``--verify`` the reference plays once
more and looks after each hand-out whether its state is as the rules say.
"""

from __future__ import annotations

import argparse
import gc
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from time import process_time

import numpy as np
import numpy.typing as npt

from sim.engines import reference
from sim.scenario.loading import load
from sim.study.settings import Settings
from sim.study.worlds import one_world
from sim.tables import Draws
from tests.benchmarks.engine_model import ENGINES, REFERENCE, Engine

BASELINE = Path(__file__).parents[2] / "scenarios" / "dorset-2022.toml"
VERIFIED = {"verified": partial(reference.run, verify=True)}


def seconds(
    rounds: int,
    days: int,
    file: Path = BASELINE,
    engines: Mapping[str, Engine] = ENGINES,
    clock: Callable[[], float] = process_time,
) -> tuple[npt.NDArray[np.float64], int]:
    """Processor seconds by round and engine, in the order of `engines`, and rows played a round.

    Raises
    ------
    ValueError
        If two engines make different tables.
    """
    loaded, settings = load(file), Settings(days=days)
    found = np.zeros((rounds, len(engines)))
    rows = 0
    for number in range(rounds):
        world = one_world(loaded, settings, number)
        draws = Draws(
            world.incidents, world.attempts, world.episodes, world.enquiries, world.concerns
        )
        rows += len(world.incidents)
        made = [world.outcomes, world.activities, world.cases]
        for place, engine in enumerate(engines.values()):
            gc.collect()
            began = clock()
            played = engine(draws, world.rota, world.policy)
            found[number, place] = clock() - began
            if any(one.differences(other) for one, other in zip(made, played, strict=True)):
                raise ValueError("two engines make different tables")
    return found, rows // rounds


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line for each engine."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.full_baseline", description="Engines on the baseline."
    )
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--days", type=int, default=28)
    parser.add_argument("--scenario", type=Path, default=BASELINE)
    parser.add_argument("--verify", action="store_true")
    chosen = parser.parse_args(arguments)
    engines: dict[str, Engine] = {**ENGINES, **(VERIFIED if chosen.verify else {})}
    # What is done only once, such as loading code, is nobody's speed.
    seconds(1, 1, chosen.scenario)
    found, rows = seconds(chosen.rounds, chosen.days, chosen.scenario, engines)
    told = list(engines).index(REFERENCE)
    print(f"{rows:,} rows a replication; medians of {chosen.rounds} replications")
    for place, name in enumerate(engines):
        ratio = float(np.median(found[:, told] / found[:, place]))
        print(
            f"{name:10}  {1000 * np.median(found[:, place]):8.1f} ms  × {ratio:.2f} the reference"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
