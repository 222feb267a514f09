"""Whether memory grows with replications.

``python -m tests.benchmarks.memory`` runs the scenario that ``new`` writes, one measured day, with
30 and with 1,000 replications, in a process of its own each, and prints the most memory that each
held at a time. It ends with status 1 where the longer run took more than 1.2 times the shorter's.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.loopback import ROOT

ALLOWED: Final = 1.2
_KIB_IN_MIB: Final = 1024


def peak_mib(scenario: Path, replications: int) -> float:
    """Return the most memory that ``run`` of a scenario holds in one process, in MiB."""
    words = [
        sys.executable, "run_sim.py", "run", str(scenario), "--replications", str(replications),
        "--days", "1", "--warm-up-days", "0", "--workers", "1", "--json", "--quiet",
    ]  # fmt: skip
    process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"the run ended with status {process.returncode}")
    return usage.ru_maxrss / _KIB_IN_MIB


def main(words: Sequence[str] | None = None) -> int:
    """Print the peaks and their ratio; 1 where memory grows."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.memory", description="Compare peaks of memory."
    )
    parser.add_argument("--replications", type=int, nargs=2, default=[30, 1000])
    asked = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as folder:
        scenario = Path(folder) / "force.toml"
        subprocess.run(
            [sys.executable, "run_sim.py", "new", str(scenario)],
            cwd=ROOT, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        few, many = (peak_mib(scenario, number) for number in asked.replications)
    for number, peak in zip(asked.replications, (few, many), strict=True):
        print(f"{number:,} replications: {peak:.0f} MiB at most")
    print(f"ratio {many / few:.2f}, of {ALLOWED} allowed")
    return int(many > ALLOWED * few)


if __name__ == "__main__":
    sys.exit(main())
