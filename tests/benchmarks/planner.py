"""What a planner waits for: ``python -m tests.benchmarks.planner``.

`run` of the baseline and README's comparison, as whole commands at a terminal: seconds until the
running line first tells the share in time, to the headline of all replications and to the end, and
processor time with all processes. Warm, with the engine compiled; then cold, with an empty cache,
held against warm plus one compiling. Then README's comparison against a textbook model in SimPy, in
processor time. With ``--steps`` only where the processor time goes, each command in one process.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from io import FileIO
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple

from sim.scenario.loading import load
from tests.benchmarks.textbook import ThreeStageNetwork, run_textbook
from tests.loopback import ROOT

BASELINE: Final = "scenarios/dorset-2022.toml"
OTHERS: Final = ("scenarios/deploy-at-grading.toml", "scenarios/hold-for-ratification.toml")
INCIDENTS: Final = 154_000
"""That the textbook model plays: 25 replications of 28 days."""
_FIRST: Final = b"% in time"
_HEADLINE: Final = b"In time, in 100 reports"
_NOTHING_KEPT: Final = "PYTHONDONTWRITEBYTECODE"
_COMPILE: Final = "from sim.engines import compiled; compiled.make_ready()"


class Waited(NamedTuple):
    """Seconds: on the clock to what is first told, to the headline and the end; of processors."""

    first: float
    headline: float
    whole: float
    processor: float


def waited(words: Sequence[str], cache: str | None = None) -> Waited:
    """Run the command to its end, with another folder for compiled code where one is named."""
    before, began = os.times(), time.monotonic()
    seen = dict.fromkeys((_FIRST, _HEADLINE), 0.0)
    ours, terminal = os.openpty()
    command = subprocess.Popen(
        [sys.executable, "run_sim.py", *words],
        cwd=ROOT,
        env=_environment(cache),
        stdout=subprocess.DEVNULL,
        stderr=terminal,
    )
    os.close(terminal)
    # Linux tells by an error that nobody has the other end open any more.
    with FileIO(ours) as lines, suppress(OSError):
        while written := lines.read(1 << 16):
            for told_by, at in seen.items():
                if not at and told_by in written:
                    seen[told_by] = time.monotonic() - began
    if command.wait() != 0 or not all(seen.values()):
        raise RuntimeError(f"{' '.join(words)} failed, or told no headline")
    return Waited(seen[_FIRST], seen[_HEADLINE], time.monotonic() - began, _spent(before))


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


def steps(scenarios: Sequence[Path], replications: int = 30, days: int = 28) -> dict[str, float]:
    """Return the processor seconds of each step of a command, of this process from its start."""
    from sim import api, study
    from sim.report.console import shown

    marks: list[tuple[str, float]] = []

    def begin(step: str) -> None:
        if not marks or marks[-1][0] != step:
            marks.append((step, time.process_time()))

    begin("reading the files")
    at_first = marks[0][1]
    loaded = [load(file) for file in scenarios]
    settings = study.Settings(replications=replications, days=days, workers=1, engine="compiled")
    begin("looking for what cannot work")
    findings = api.check(loaded, settings)
    begin(study.REPLICATIONS)
    made = api.simulate(
        loaded,
        settings,
        findings=findings,
        sweep=None,
        long_waits=False,
        progress=lambda now: begin(now.step),
    )
    begin("drawing the screen")
    shown(made.document, width=80)
    ends = [at for _, at in marks[1:]] + [time.process_time()]
    spent = {name: end - at for (name, at), end in zip(marks, ends, strict=True)}
    return {"start, and loading libraries": at_first} | spent


def told(name: str, found: Sequence[Waited]) -> str:
    """Put the medians of some rounds into a line."""
    first, headline, whole, processor = (median(column) for column in zip(*found, strict=True))
    return (
        f"{name}: first told after {first:.1f} s, headline after {headline:.1f} s, "
        f"done after {whole:.1f} s, {processor:.1f} s of processors"
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
    parser.add_argument("--steps", action="store_true")
    chosen = parser.parse_args(arguments)
    if chosen.steps:
        for name, spent in steps([Path(one) for one in chosen.scenarios]).items():
            print(f"{name:36} {spent:6.2f} s of a processor")
        return 0
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
        for name, words in commands.items():
            ran_warm = median(one.processor for one in warm[name])
            print(_cold(name, words, ran_warm, chosen.cold_rounds))
    compared = median(one.processor for one in list(warm.values())[-1])
    by_hand = median(textbook(chosen.incidents) for _ in range(chosen.rounds))
    print(
        f"the comparison takes {compared / by_hand:.1f} times the processor time of a textbook "
        f"model of {chosen.incidents:,} incidents ({by_hand:.1f} s)"
    )
    return 0


def _cold(name: str, words: Sequence[str], warm: float, rounds: int) -> str:
    found = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as cache:
            found.append(waited(words, cache))
    once = compiling()
    ratio = median(one.processor for one in found) / (warm + once)
    return (
        f"{told(f'{name} on a fresh computer', found)}; {ratio:.2f} times a warm one and one "
        f"compiling ({once:.1f} s)"
    )


def _environment(cache: str | None) -> Mapping[str, str]:
    # A planner's Python keeps what it has made of the sources, whatever tests are told.
    kept = {name: told for name, told in os.environ.items() if name != _NOTHING_KEPT}
    return kept if cache is None else kept | {"NUMBA_CACHE_DIR": cache}


def _spent(before: os.times_result) -> float:
    after = os.times()
    user = after.children_user - before.children_user
    return user + after.children_system - before.children_system


if __name__ == "__main__":
    raise SystemExit(main())
