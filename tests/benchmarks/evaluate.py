"""What it costs to evaluate scenarios: ``python -m tests.benchmarks.evaluate``.

First one scenario at a time: each round lays people and rules over the luck of a replication,
plays and counts, and times the play of it apart. Then many designs, which differ in the people of
every shift, are evaluated on all cores: those asked for, and what a larger number would take at
this pace.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Final
from unittest.mock import patch

import numpy as np

from sim.engines.compiled import images
from sim.engines.compiled.engine import until_played
from sim.engines.compiled.jit import Memory
from sim.measures import Cut
from sim.scenario.loading import load
from sim.scenario.models import Scenario
from sim.study import ATTENDANCE, Images, Luck, Settings, evaluate
from sim.study.allocation import set_up_memory
from sim.study.counting import Asked, Counter
from sim.study.engines import made_ready
from sim.study.worlds import Plan
from sim.tables import Table

BASELINE: Final = Path(__file__).parents[2] / "scenarios" / "dorset-2022.toml"
DESIGNS: Final = 500
"""Of a search for a rota, each with `REPLICATIONS`: what it is aimed to make possible."""
REPLICATIONS: Final = 30
_MOST_MORE: Final = 3
"""People on a shift beside those of the baseline."""


def designs(scenario: Scenario, number: int) -> list[Scenario]:
    """Return the scenario and others, each with other people on every shift of its units."""
    rng = np.random.Generator(np.random.Philox(2022))
    made = [scenario]
    while len(made) < number:
        pools = dict(scenario.pools)
        for name, pool in pools.items():
            if pool.kind == "units":
                shifts = [
                    shift.model_copy(
                        update={"people": shift.people + int(rng.integers(_MOST_MORE + 1))}
                    )
                    for shift in pool.shifts
                ]
                pools[name] = pool.model_copy(update={"shifts": shifts})
        made.append(scenario.model_copy(update={"pools": pools}))
    return made


def against_the_play(
    scenario: Scenario,
    settings: Settings,
    rounds: int,
    clock: Callable[[], float] = time.thread_time,
) -> list[float]:
    """Return by round what an evaluation on a kept image takes, as multiples of the play in it."""
    plan = Plan(("baseline",), (scenario,), settings)
    cuts = tuple(Cut(stream=stream) for stream in scenario.streams)
    counter = Counter(plan, Asked(ATTENDANCE, cuts), "compiled", Images[Luck]())
    luck, pools = counter.luck(0, 0), dict[bytes, Table]()
    counter.counts(luck, 0, 0, pools)
    plays = []

    def timed(memory: Memory) -> Memory:
        began = clock()
        played = until_played(memory)
        plays.append(clock() - began)
        return played

    ratios = []
    with patch.object(images, "until_played", timed):
        for _ in range(rounds):
            began = clock()
            counter.counts(luck, 0, 0, pools)
            ratios.append((clock() - began) / plays[-1])
    return ratios


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line for the ratio, and one for the designs."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.evaluate", description="Many scenarios on the same luck."
    )
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--days", type=int, default=28)
    parser.add_argument("--designs", type=int, default=DESIGNS // 10)
    parser.add_argument("--replications", type=int, default=REPLICATIONS)
    parser.add_argument("--workers", type=int, default=0)
    chosen = parser.parse_args(arguments)
    scenario = load(BASELINE).scenario
    settings = Settings(
        replications=chosen.replications,
        days=chosen.days,
        workers=chosen.workers,
        engine="compiled",
    )
    made_ready("compiled")
    set_up_memory()
    ratio = median(against_the_play(scenario, settings, chosen.rounds))
    print(f"an evaluation on kept luck: {ratio:.2f} times its play")
    began = time.process_time()
    found = evaluate(designs(scenario, chosen.designs), settings)
    spent = time.process_time() - began
    plays = chosen.designs * chosen.replications
    threads = settings.processes(plays)
    print(
        f"{chosen.designs} designs × {chosen.replications} replications: {found.seconds:.1f} s on "
        f"the clock with {threads} threads, {1000 * spent / plays:.1f} ms of processor time each"
    )
    whole = DESIGNS * REPLICATIONS / plays / 60
    print(
        f"at this pace {DESIGNS} × {REPLICATIONS} take {found.seconds * whole:.1f} minutes; "
        f"if all {threads} processors were free, {spent / threads * whole:.1f}"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
