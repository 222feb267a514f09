"""How long `fit` takes on some weeks of a force's log, with a dispatcher's rate and without one.

``python -m tests.benchmarks.fit`` simulates four weeks of the baseline force's log, reads it
and fits it twice without a rota, which is when most is tried: as the command does, and with a log
that is said to be too thin for a dispatcher's rate. It prints seconds of the clock and of
processors. Its status says whether each keeps within `AIM_SECONDS` of processors. A fit is one
process, so on a machine with two processors free the clock shows the same.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from unittest.mock import patch

from sim.force_log import Log, read_log
from sim.force_log.fitting import Fit, fit
from sim.force_log.mapping import LoadedMapping, mapping_from
from sim.force_log.writing import mapping_of, simulated_log
from sim.scenario.loading import load
from sim.study.engines import made_ready
from sim.study.settings import EngineName
from tests.loopback import ROOT

AIM_SECONDS: Final = 180.0
DAYS: Final = 28
STEPS: Final = ("as it is", "without a rate")
_NEVER: Final = sys.maxsize

Fitting = Callable[[Log], Fit]


@dataclass(frozen=True)
class Timed:
    """Seconds of one fit, by the clock and of all processors, and whether it has a rate."""

    step: str
    clock: float
    processor: float
    by_rate: bool


def sample(days: int, folder: Path) -> Log:
    """Simulate the log of the baseline's force, and read it."""
    scenario = load(ROOT / "scenarios" / "dorset-2022.toml").scenario
    path = folder / "log.csv"
    simulated_log(scenario, days=days).write_csv(path)
    return read_log(path, LoadedMapping(mapping_from(mapping_of(scenario), "map.toml"), "map.toml"))


def timed(
    log: Log,
    fitting: Fitting,
    *,
    clock: Callable[[], float] = time.perf_counter,
    processor: Callable[[], float] = time.process_time,
) -> list[Timed]:
    """Fit a log as it is, and as if it told no rate; time each."""
    found = []
    for step, fewest in zip(STEPS, (None, _NEVER), strict=True):
        at = clock(), processor()
        if fewest is None:
            made = fitting(log)
        else:
            with patch("sim.force_log.fitting.rate.FEWEST", fewest):
                made = fitting(log)
        found.append(Timed(step, clock() - at[0], processor() - at[1], made.by_rate))
    return found


def main(words: Sequence[str] | None = None) -> int:
    """Print a table, and whether the aim is kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--roughly", action="store_true", help="Leave out the thorough search.")
    asked = parser.parse_args(words)
    engine: EngineName = "auto"
    with tempfile.TemporaryDirectory() as folder:
        log = sample(asked.days, Path(folder))
    made_ready("compiled")

    def fitting(log: Log) -> Fit:
        return fit(log, *log.period, thorough=not asked.roughly, engine=engine)

    steps = timed(log, fitting)
    print(f"{log.incidents.height:,} incidents of {asked.days} days      clock   processors")
    for one in steps:
        kept = "a rate is kept" if one.by_rate else "no rate is kept"
        print(f"{one.step:<16}{one.clock:>8.1f} s{one.processor:>10.1f} s   {kept}")
    worst = max(one.processor for one in steps)
    print(f"at most {worst:.0f} s of processors, of {AIM_SECONDS:g} allowed for a fit")
    return int(worst > AIM_SECONDS)


if __name__ == "__main__":
    raise SystemExit(main())
