"""What a planner waits for: ``python -m tests.benchmarks.planner``.

`run` of the baseline and README's comparison, as whole commands: seconds to the first headline and
to the end, and processor time with all processes. Warm, with the engine compiled; then cold, with
an empty cache, held against warm plus one compiling. At last README's comparison against a textbook
model in SimPy, in processor time.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Final, NamedTuple

from tests.benchmarks.textbook import ThreeStageNetwork, run_textbook
from tests.loopback import ROOT

BASELINE: Final = "scenarios/dorset-2022.toml"
OTHERS: Final = ("scenarios/deploy-at-grading.toml", "scenarios/hold-for-ratification.toml")
INCIDENTS: Final = 154_000
"""That the textbook model plays: 25 replications of 28 days."""
_HEADLINE: Final = "In time, in 100 reports"
_COMPILE: Final = "from sim.engines import compiled; compiled.make_ready()"


class Waited(NamedTuple):
    """Seconds: on the clock to the headline and to the end, and of processors."""

    headline: float
    whole: float
    processor: float


def waited(words: Sequence[str], cache: str | None = None) -> Waited:
    """Run the command to its end, with another folder for compiled code where one is named."""
    before, began, headline = os.times(), time.monotonic(), None
    command = subprocess.Popen(
        [sys.executable, "run_sim.py", *words],
        cwd=ROOT,
        env=_environment(cache),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert command.stderr is not None
    with command.stderr as lines:
        for line in lines:
            if headline is None and line.startswith(_HEADLINE):
                headline = time.monotonic() - began
    if command.wait() != 0 or headline is None:
        raise RuntimeError(f"{' '.join(words)} failed, or told no headline")
    return Waited(headline, time.monotonic() - began, _spent(before))


def compiling() -> float:
    """Return the processor seconds of one process that compiles the engine and leaves."""
    before = os.times()
    with tempfile.TemporaryDirectory() as cache:
        words = [sys.executable, "-c", _COMPILE]
        subprocess.run(words, cwd=ROOT, env=_environment(cache), check=True)
    return _spent(before)


def textbook(incidents: int) -> float:
    """Return the processor seconds in which the textbook model plays about so many incidents."""
    network = ThreeStageNetwork()
    days = incidents / network.incidents_per_day
    began = time.process_time()
    run_textbook(ThreeStageNetwork(days=days), 2022)
    return time.process_time() - began


def told(name: str, found: Sequence[Waited]) -> str:
    """Put the medians of some rounds into a line."""
    headline, whole, processor = (median(column) for column in zip(*found, strict=True))
    return (
        f"{name}: headline after {headline:.1f} s, done after {whole:.1f} s, "
        f"{processor:.1f} s of processors"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line for each command, and one for each ratio."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.planner", description="What a planner waits for."
    )
    parser.add_argument("--scenarios", nargs="+", default=[BASELINE, *OTHERS])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cold-rounds", type=int, default=1, help="0: nothing is compiled anew")
    parser.add_argument("--incidents", type=int, default=INCIDENTS)
    parser.add_argument("--words", nargs="*", default=[], help="further ones of each command")
    chosen = parser.parse_args(arguments)
    more = [f"--{word}" for word in chosen.words]
    baseline, *others = chosen.scenarios
    commands = {
        "run": ["run", baseline, *more],
        f"compare of {len(chosen.scenarios)}": ["compare", baseline, *others, *more],
    }
    # What is compiled or read for the first time is nobody's wait.
    waited(commands["run"])
    warm = {name: [waited(words) for _ in range(chosen.rounds)] for name, words in commands.items()}
    for name, found in warm.items():
        print(told(name, found))
    if chosen.cold_rounds:
        print(_cold(commands["run"], median(one.processor for one in warm["run"]), chosen))
    compared = median(one.processor for one in list(warm.values())[-1])
    by_hand = median(textbook(chosen.incidents) for _ in range(chosen.rounds))
    print(
        f"the comparison takes {compared / by_hand:.1f} times the processor time of a textbook "
        f"model of {chosen.incidents:,} incidents ({by_hand:.1f} s)"
    )
    return 0


def _cold(words: Sequence[str], warm: float, chosen: argparse.Namespace) -> str:
    found = []
    for _ in range(chosen.cold_rounds):
        with tempfile.TemporaryDirectory() as cache:
            found.append(waited(words, cache))
    once = compiling()
    ratio = median(one.processor for one in found) / (warm + once)
    return (
        f"{told('run on a fresh computer', found)}; {ratio:.2f} times a warm one and one compiling "
        f"({once:.1f} s)"
    )


def _environment(cache: str | None) -> Mapping[str, str]:
    return os.environ if cache is None else os.environ | {"NUMBA_CACHE_DIR": cache}


def _spent(before: os.times_result) -> float:
    after = os.times()
    user = after.children_user - before.children_user
    return user + after.children_system - before.children_system


if __name__ == "__main__":
    raise SystemExit(main())
