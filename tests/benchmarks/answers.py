"""What answers cost: ``python -m tests.benchmarks.answers``.

`explain` with six causes and thirty replications of the baseline, and `sensitivity` of a hundred
of its ranges, each as its command has it. Each is asked at half its size, too: what grows with the
work costs half as much. Seconds are told by the clock and of the processors, since others may be at
work: on a quiet machine the clock's are those of the processors over their number.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sim.answers.explain.causes import DEFAULT
from sim.answers.explain.explaining import explain
from sim.answers.sensitivity.asking import sensitivity
from sim.scenario.loaded import Loaded
from sim.scenario.loading import load
from sim.scenario.models import Scenario
from sim.scenario.ranges import ranges_of
from sim.study import Settings, evaluate
from tests.loaded import as_loaded

BASELINE: Final = Path(__file__).parents[2] / "scenarios" / "dorset-2022.toml"
CAUSES: Final = 6
RANGES: Final = 100
REPLICATIONS: Final = 30
DAYS: Final = 28


@dataclass(frozen=True)
class Cost:
    """What one answer took.

    Attributes
    ----------
    what
        In words.
    clock, processors
        Seconds.
    """

    what: str
    clock: float
    processors: float

    def told(self) -> str:
        """A line."""
        return f"{self.what}: {self.clock:.1f} s by the clock, {self.processors:.1f} of processors"


def with_ranges(loaded: Loaded, number: int) -> Loaded:
    """The scenario with so many of the things that are not known, evenly from all of them."""
    scenario = loaded.scenario
    together = ranges_of(scenario).together
    step = len(together) / number
    kept = {one.path for place in range(number) for one in together[int(place * step)]}
    sources = {path: one for path, one in scenario.sources.items() if path in kept}
    return as_loaded(scenario.model_copy(update={"sources": sources}), loaded.name)


def timed(what: str, ask: Callable[[], object]) -> Cost:
    """What asking takes."""
    clock, processors = time.perf_counter(), time.process_time()
    ask()
    return Cost(what, time.perf_counter() - clock, time.process_time() - processors)


def costs(loaded: Loaded, *, causes: int, ranges: int, replications: int, days: int) -> list[Cost]:
    """What both answers take, at half of the size and at the whole."""
    made_ready(loaded.scenario)
    found = []
    for part in (2, 1):
        own = Settings(replications=max(2, replications // part), days=days)
        names = DEFAULT[:causes]
        found.append(
            timed(
                f"explain, {len(names)} causes, {own.replications} replications",
                lambda own=own, names=names: explain(loaded, own, causes=names),  # type: ignore[misc]
            )
        )
    for part in (2, 1):
        number = max(2, ranges // part)
        few = with_ranges(loaded, number)
        own = Settings(replications=replications, days=days)
        found.append(
            timed(
                f"sensitivity, {number} ranges",
                lambda few=few, own=own: sensitivity([few], own),  # type: ignore[misc]
            )
        )
    return found


def made_ready(scenario: Scenario) -> None:
    """Compile what has to be compiled, which is no cost of an answer."""
    evaluate([scenario], Settings(replications=1, days=1, warm_up_days=0, engine="compiled"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--causes", type=int, default=CAUSES)
    parser.add_argument("--ranges", type=int, default=RANGES)
    parser.add_argument("--replications", type=int, default=REPLICATIONS)
    parser.add_argument("--days", type=int, default=DAYS)
    asked = parser.parse_args(arguments)
    found = costs(
        load(BASELINE),
        causes=asked.causes,
        ranges=asked.ranges,
        replications=asked.replications,
        days=asked.days,
    )
    for one in found:
        print(one.told())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
