"""How long a year's log of a force takes to read and to diagnose.

``python -m tests.benchmarks.force_log`` writes a made-up log of 200,000 incidents, a row each, and
prints seconds of the clock and of processors.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.force_log import diagnose, read_log
from tests.force_log.made_up import force, mapping, written

INCIDENTS = 200_000
_A_DAY = 548


@dataclass(frozen=True)
class Timed:
    """Seconds of one step, by the clock and of all processors."""

    step: str
    clock: float
    processor: float


def timed(
    incidents: int,
    folder: Path,
    *,
    clock: Callable[[], float] = time.perf_counter,
    processor: Callable[[], float] = time.process_time,
) -> list[Timed]:
    """Read and diagnose a made-up log of so many incidents, and time both."""
    days = max(14, round(incidents / _A_DAY))
    path = written(folder, force(incidents, days=days, children=0.02))
    found: list[Timed] = []
    start = clock(), processor()
    log = read_log(path, mapping())
    between = clock(), processor()
    diagnosis = diagnose(log)
    end = clock(), processor()
    assert diagnosis.figures
    found.append(Timed("read", between[0] - start[0], between[1] - start[1]))
    found.append(Timed("diagnose", end[0] - between[0], end[1] - between[1]))
    return found


def main(words: Sequence[str] | None = None) -> int:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--incidents", type=int, default=INCIDENTS)
    asked = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as folder:
        steps = timed(asked.incidents, Path(folder))
    print(f"{asked.incidents:,} incidents      clock   processors")
    for one in steps:
        print(f"{one.step:<20}{one.clock:>8.2f} s{one.processor:>10.2f} s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
