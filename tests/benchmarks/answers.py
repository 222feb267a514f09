"""What answers cost: ``python -m tests.benchmarks.answers``.

`explain` with six causes and thirty replications of the baseline, `sensitivity` of a hundred
of its ranges, and the search of `size` through five hundred rotas of thirty replications, each as
its command has it. Each is asked at half its size, too: what grows with the work costs half as
much. Seconds are told by the clock and of the processors, since others may be at
work: on a quiet machine the clock's are those of the processors over their number.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

from sim.answers.explain.causes import DEFAULT
from sim.answers.explain.explaining import explain
from sim.answers.sensitivity.asking import sensitivity
from sim.answers.sizing.aim import target_of
from sim.answers.sizing.judged import Asked, Judge
from sim.answers.sizing.levers import space_of
from sim.answers.sizing.search import Search
from sim.answers.sizing.start import start_of
from sim.scenario.loaded import Loaded
from sim.scenario.loading import load
from sim.scenario.models import Scenario
from sim.scenario.ranges import ranges_of
from sim.study import Settings, evaluate
from tests.loaded import as_loaded

BASELINE: Final = Path(__file__).parents[2] / "scenarios" / "dorset-2022.toml"
CAUSES: Final = 6
RANGES: Final = 100
DESIGNS: Final = 500
LEVERS: Final = {
    f"pools.{pool}.shifts.{shift}.people": f"{people - 2}..{people + 6}"
    for pool, shift, people in (
        ("response_bcp", "early", 23),
        ("response_bcp", "late", 29),
        ("response_bcp", "night", 15),
        ("response_county", "late", 21),
        ("response_county", "night", 9),
        ("missing_person_bcp", "late", 3),
        ("missing_person_county", "late", 3),
        ("control_room_supervisor", "night", 2),
    )
}
"""Many millions of rotas: no search comes to its end within `DESIGNS`."""
TARGET: Final = "waited_over 60 <= 0.21"
REPLICATIONS: Final = 30
DAYS: Final = 28
ANSWERS: Final = ("explain", "sensitivity", "size")


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


def searched(loaded: Loaded, settings: Settings, designs: int) -> None:
    """Search for the cheapest rota, among so many at most."""
    space = space_of(loaded.scenario, LEVERS)
    asked = Asked(target_of(TARGET, loaded.scenario))
    judge = Judge(space, asked, settings, range(settings.replications))
    Search(judge, designs).cheapest(start_of(space, settings))
    if len(judge.judged) < designs:
        raise SystemExit(f"The search came to its end after {len(judge.judged)} rotas.")


def costs(loaded: Loaded, asked: argparse.Namespace) -> Iterator[Cost]:
    """What the answers take, at half of the size and at the whole, each as it is known."""
    made_ready(loaded.scenario)
    own = Settings(replications=asked.replications, days=asked.days)
    for part in (2, 1) if "explain" in asked.only else ():
        fewer = replace(own, replications=max(2, own.replications // part))
        names = DEFAULT[: asked.causes]
        yield timed(
            f"explain, {len(names)} causes, {fewer.replications} replications",
            partial(explain, loaded, fewer, causes=names),
        )
    for part in (2, 1) if "sensitivity" in asked.only else ():
        number = max(2, asked.ranges // part)
        few = with_ranges(loaded, number)
        yield timed(f"sensitivity, {number} ranges", partial(sensitivity, [few], own))
    for part in (2, 1) if "size" in asked.only else ():
        number = max(2, asked.designs // part)
        yield timed(
            f"size, {number} rotas, {own.replications} replications",
            partial(searched, loaded, own, number),
        )


def made_ready(scenario: Scenario) -> None:
    """Compile what has to be compiled, which is no cost of an answer."""
    evaluate([scenario], Settings(replications=1, days=1, warm_up_days=0, engine="compiled"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--causes", type=int, default=CAUSES)
    parser.add_argument("--ranges", type=int, default=RANGES)
    parser.add_argument("--designs", type=int, default=DESIGNS)
    parser.add_argument("--replications", type=int, default=REPLICATIONS)
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--only", nargs="+", choices=ANSWERS, default=ANSWERS)
    asked = parser.parse_args(arguments)
    for one in costs(load(BASELINE), asked):
        print(one.told(), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
