"""What ``--engine auto`` costs against an engine by hand: ``python -m tests.benchmarks.auto``.

Each round runs the command once with each, workers included, one after another.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from statistics import median
from typing import Final

from tests.loopback import ROOT

ENGINES: Final = ("auto", "compiled", "reference")


def processor_seconds(words: Sequence[str]) -> float:
    """Run the command to its end; return what it and its processes took."""
    before = os.times()
    subprocess.run(
        [sys.executable, "run_sim.py", *words], cwd=ROOT, capture_output=True, check=True
    )
    after = os.times()
    user = after.children_user - before.children_user
    return user + after.children_system - before.children_system


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line for each size of the work."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.auto", description="The engine that auto comes to."
    )
    parser.add_argument("--replications", nargs="+", default=["2", "30"])
    parser.add_argument("--days", default="28")
    parser.add_argument("--scenario", default="scenarios/dorset-2022.toml")
    parser.add_argument("--engines", nargs="+", default=list(ENGINES[:2]), choices=ENGINES)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args(arguments)
    for replications in chosen.replications:
        words = ["run", chosen.scenario, "--replications", replications]
        words += ["--days", chosen.days, "--workers", "2", "--engine"]
        taken: dict[str, list[float]] = {engine: [] for engine in chosen.engines}
        for _ in range(chosen.rounds):
            for engine, own in taken.items():
                own.append(processor_seconds([*words, engine]))
        told = ", ".join(f"{engine} {median(own):.1f} s" for engine, own in taken.items())
        print(f"{replications} replications: {told}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
