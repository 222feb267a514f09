"""All that docs/performance.md quotes, in a row: ``python -m tests.benchmarks.quiet``.

For a machine that has nothing else to do; its load is printed before and after.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from typing import Final

from tests.loopback import ROOT

MEASURED: Final[tuple[tuple[str, ...], ...]] = (
    ("planner",),
    ("planner", "--steps"),
    ("planner", "--steps", "--scenarios", "scenarios/dorset-2022.toml"),
    ("scale", "--engine", "compiled", "--pieces", "0", "--replications", "15"),
    ("auto",),
    ("evaluate",),
    ("workers",),
    ("compare",),
    ("full_baseline", "--rounds", "3"),
    ("parts",),
    ("floor",),
    ("force_log",),
    ("fit",),
)
"""Each a module of this package, with its words."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one after another; the status says whether all came to their end."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.quiet", description="All benchmarks that are quoted."
    )
    names = list(dict.fromkeys(name for name, *_ in MEASURED))
    parser.add_argument("--only", nargs="+", choices=names, default=names)
    chosen = parser.parse_args(arguments)
    _tell_machine()
    failed = False
    for name, *words in MEASURED:
        if name not in chosen.only:
            continue
        print(f"\n# python -m tests.benchmarks.{' '.join((name, *words))}", flush=True)
        command = [sys.executable, "-m", f"tests.benchmarks.{name}", *words]
        failed |= subprocess.run(command, cwd=ROOT, check=False).returncode != 0
    print()
    _tell_machine()
    return int(failed)


def _tell_machine() -> None:
    load = f"; load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    made_of = f"{platform.machine()}, Python {platform.python_version()}"
    print(f"{os.cpu_count()} processors, {made_of}{load}", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
