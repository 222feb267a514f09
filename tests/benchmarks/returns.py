"""Whether how-often reaches beyond what it saw: ``python -m tests.benchmarks.returns``.

The rate of a wait that sixty replications of the baseline hardly show is read off their tail, with
its limits, and held against what seven hundred others count.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from sim.answers.how_often import asking
from sim.answers.how_often.asking import how_often
from sim.scenario.loading import load
from sim.study import Settings

BASELINE: Final = Path(__file__).parents[2] / "scenarios" / "dorset-2022.toml"
OVER_HOURS: Final = 20.0
OTHER_SEED: Final = 7


def main(arguments: Sequence[str] | None = None) -> int:
    """Print both; 1 where the count lies outside of the tail's limits."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replications", type=int, default=60)
    parser.add_argument("--others", type=int, default=700)
    parser.add_argument("--days", type=int, default=28)
    parser.add_argument("--over", type=float, default=OVER_HOURS, help="hours")
    given = parser.parse_args(arguments)
    loaded, minutes = load(BASELINE), given.over * 60
    few = Settings(replications=given.replications, days=given.days)
    many = Settings(replications=given.others, days=given.days, seed=OTHER_SEED)
    # Whatever was seen, the tail is asked.
    asking.LEAST_NIGHTS = 10**6  # type: ignore[misc]
    told = how_often(loaded, minutes, few)
    counted = how_often(loaded, minutes, many).rates[1].a_year
    tail = told.tail
    if tail is None or tail.a_year.low is None or tail.a_year.high is None:
        print(f"{given.replications} replications have no tail: {told.tail_missing}")
        return 1
    print(
        f"{given.replications} replications, {told.rates[1].seen} nights seen: by the tail "
        f"{tail.a_year.number:.2f} times a year over {given.over:g} hours "
        f"({tail.a_year.low:.2f} to {tail.a_year.high:.2f})"
    )
    print(
        f"{given.others} others count {counted.number:.2f} nights a year "
        f"({counted.low:.2f} to {counted.high:.2f})"
    )
    return 0 if tail.a_year.low <= counted.number <= tail.a_year.high else 1


if __name__ == "__main__":
    raise SystemExit(main())
