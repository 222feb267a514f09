"""How long a year's log of a force takes until it is diagnosed.

``python -m tests.benchmarks.force_log`` writes a made-up log of 200,000 incidents, a row each, and
prints seconds of the clock and of processors for a new mapping, for reading and for the diagnosis.
Its status says whether all three together keep within `AIM_SECONDS` of processors, which other
programs on the machine hardly change. What a fit takes `tests.benchmarks.fit` says.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from sim.force_log import diagnose, new_mapping, read_log
from tests.force_log.made_up import force, mapping, written

INCIDENTS = 200_000
AIM_SECONDS = 15.0
"""Of processors, for a year."""
STEPS = ("new mapping", "read", "diagnose")
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
    """Begin a mapping for a made-up log of so many incidents, read and diagnose it; time each."""
    days = max(14, round(incidents / _A_DAY))
    path = written(folder, force(incidents, days=days, children=0.02))
    at = [(clock(), processor())]
    assert new_mapping(path)
    at.append((clock(), processor()))
    log = read_log(path, mapping())
    at.append((clock(), processor()))
    assert diagnose(log).figures
    at.append((clock(), processor()))
    return [
        Timed(step, end[0] - start[0], end[1] - start[1])
        for step, (start, end) in zip(STEPS, pairwise(at), strict=True)
    ]


def main(words: Sequence[str] | None = None) -> int:
    """Print a table, and whether the aim is kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--incidents", type=int, default=INCIDENTS)
    asked = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as folder:
        steps = timed(asked.incidents, Path(folder))
    print(f"{asked.incidents:,} incidents      clock   processors")
    for one in steps:
        print(f"{one.step:<20}{one.clock:>8.2f} s{one.processor:>10.2f} s")
    spent = sum(one.processor for one in steps)
    print(f"{spent:.1f} s of processors, of {AIM_SECONDS:g} allowed for a year")
    return int(spent > AIM_SECONDS)


if __name__ == "__main__":
    raise SystemExit(main())
