"""What a replication costs step by step, and what a national study would.

``python -m tests.benchmarks.scale`` times the steps of a replication of the baseline, the cost of
handing a piece of work to a cluster on loopback, and prints both with the table of
``docs/scale.md``. With ``--engine`` it times another engine.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final
from unittest.mock import patch

from sim.measures import packed
from sim.scenario.loading import load
from sim.study import Settings, worlds
from sim.study.cluster import connected
from sim.study.settings import EngineName
from sim.tables import DAY
from tests.loopback import ROOT, Loopback

FORCES: Final = 43
ROTAS: Final = 200
YEARS: Final = 1000
_DAYS_A_YEAR: Final = 365
_PIECES: Final = 400
_STEPS: Final = ("draws", "rota", "policy", "engine", "measures", "packing", "tables")
"""The engine's holds whatever no other step has; tables are written with ``--output`` alone."""
_FUNCTIONS: Final = {
    "draws": "draw",
    "rota": "paraded",
    "policy": "_rules",
    "measures": "measure",
    "tables": "write_pieces",
}


@dataclass(frozen=True)
class Cost:
    """Of one replication: CPU milliseconds of each step, and bytes of what is kept of it.

    Parameters
    ----------
    steps
        Medians, by step.
    packed_bytes
        Of its tallies.
    measured_days, simulated_days
        Of the replication.
    """

    steps: dict[str, float]
    packed_bytes: int
    measured_days: int
    simulated_days: float

    @property
    def kept(self) -> float:
        """CPU milliseconds of a replication whose tables are dropped."""
        return sum(self.steps.values()) - self.steps["tables"]

    def core_hours(self, years: float) -> float:
        """Hours of one core for so many measured years of one force and one rota."""
        return self.kept / 3.6e6 * years * _DAYS_A_YEAR / self.measured_days


def cost(
    scenario: Path,
    settings: Settings,
    replications: int,
    processor: Callable[[], float] = time.process_time,
) -> Cost:
    """Time the steps of some replications, after one that warms up."""
    loaded = load(scenario)
    taken: dict[str, list[float]] = {step: [] for step in _STEPS}
    size = 0
    with tempfile.TemporaryDirectory() as folder, ExitStack() as patched:
        (Path(folder) / "pieces").mkdir()
        plan = worlds.Plan((loaded.name,), (loaded.scenario,), settings, Path(folder))
        spent = dict.fromkeys(_STEPS, 0.0)
        for step, name in _FUNCTIONS.items():
            timed = _timed(getattr(worlds, name), step, spent, processor)
            patched.enter_context(patch.object(worlds, name, timed))
        for number in range(replications + 1):
            spent.update(dict.fromkeys(_STEPS, 0.0))
            began = processor()
            (tally,) = worlds.replicate(plan, number)
            spent["engine"] = processor() - began - sum(spent.values())
            began = processor()
            size = len(packed(tally))
            spent["packing"] = processor() - began
            for step in _STEPS:
                taken[step] += [1000 * spent[step]] if number else []
    return Cost(
        {step: median(values) for step, values in taken.items()},
        size,
        settings.days,
        (plan.end - plan.start) / DAY,
    )


def _timed(
    function: Callable[..., Any],
    step: str,
    spent: dict[str, float],
    processor: Callable[[], float],
) -> Callable[..., Any]:
    """Return the function, which adds what it takes to its step."""

    def within(*values: object, **named: object) -> object:
        began = processor()
        try:
            return function(*values, **named)
        finally:
            spent[step] += processor() - began

    return within


def milliseconds_a_piece(pieces: int) -> float:
    """Return what it takes to hand a piece to one of two workers and have it back."""
    with tempfile.TemporaryDirectory() as folder, Loopback(Path(folder)) as made:
        for _ in range(2):
            made.add_worker()
        made.await_workers(2)
        with connected(made.address) as cluster:
            began = time.perf_counter()
            done = list(cluster.completed(echoed, b"", range(pieces)))
            return 1000 * (time.perf_counter() - began) / len(done)


def echoed(_: bytes, number: int) -> int:
    """Return the number: a piece that costs nothing but its handling."""
    return number


def table_of(found: Cost, piece: float | None) -> str:
    """What was measured, and what follows for a national study, as text."""
    lines = ["step        CPU ms a replication"]
    lines += [f"{step:10}  {found.steps[step]:20.1f}" for step in _STEPS]
    times = found.kept / found.steps["engine"]
    lines.append(f"all but tables {found.kept:17.1f}, {times:.2f} times the engine")
    lines.append(
        f"{found.measured_days} measured days ({found.simulated_days:g} simulated); "
        f"tallies of {found.packed_bytes / 1024:.0f} KiB come back"
    )
    if piece is not None:
        lines.append(f"a cluster on loopback takes {piece:.1f} ms to hand out a piece")
    year = found.core_hours(1) * 3600
    whole = FORCES * ROTAS * found.core_hours(YEARS)
    lines.append(f"one measured year of one force and one rota: {year:.1f} s of a core")
    lines.append(
        f"{YEARS:,} years of one force and one rota: {found.core_hours(YEARS):,.1f} core-hours"
    )
    lines.append(
        f"{FORCES} forces x {ROTAS} rotas x {YEARS:,} years: {whole:,.0f} core-hours, "
        f"{whole / 1000 / 24:,.1f} days on 1,000 cores"
    )
    return "\n".join(lines)


def main(words: Sequence[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.scale", description="Time the steps of a replication."
    )
    parser.add_argument("--scenario", type=Path, default=ROOT / "scenarios" / "dorset-2022.toml")
    parser.add_argument("--replications", type=int, default=9)
    parser.add_argument("--days", type=int, default=28)
    parser.add_argument("--engine", default="auto")
    parser.add_argument("--pieces", type=int, default=_PIECES, help="0: no cluster is started")
    asked = parser.parse_args(words)
    engine: EngineName = asked.engine
    found = cost(asked.scenario, Settings(days=asked.days, engine=engine), asked.replications)
    print(table_of(found, milliseconds_a_piece(asked.pieces) if asked.pieces else None))
    return 0


if __name__ == "__main__":
    sys.exit(main())
