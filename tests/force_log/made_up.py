"""Made-up logs: no incident in them ever happened."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from sim.force_log.mapping import LoadedMapping, mapping_from

STAMP = "%Y-%m-%d %H:%M:%S"
MAPPING: dict[str, Any] = {
    "format": 1,
    "title": "made up",
    "file": {"time_zone": "Europe/London"},
    "columns": {
        "received": "t_received",
        "graded": "t_graded",
        "ratified": "t_ratified",
        "assigned": "t_assigned",
        "arrived": "t_arrived",
        "cleared": "t_cleared",
        "priority": "grade",
        "kind": "kind",
        "area": "lpa",
        "origin": "channel",
        "unit": "callsign",
        "incident": "urn",
    },
    "grades": {"1": 1, "2": 2, "3": 3},
    "kinds": {"missing child": "missing_child", "*": "other"},
    "areas": {"N": "north", "S": "south"},
    "origins": {"999": "999", "101": "101", "officer": "officer_initiated"},
    "targets": {"grade_2": {"grade": 2, "minutes": 20.0}},
}


def mapping(changes: Mapping[str, Any] | None = None) -> LoadedMapping:
    """The mapping of a made-up log; tables in `changes` replace those of the same name."""
    return LoadedMapping(mapping_from({**MAPPING, **(changes or {})}, "map.toml"), "map.toml")


def force(
    size: int,
    *,
    seed: int = 1,
    days: int = 28,
    held: float = 0.0,
    child_factor: float = 1.0,
    children: float = 0.1,
    start: str = "2025-05-05",
) -> pl.DataFrame:
    """A log of a small force, as text, in the columns of `MAPPING`.

    A job is allocated after a lognormal wait (median 8 minutes, at night half as much), times
    `child_factor` for a missing child. Ratification comes 15 to 60 minutes after grading, whatever
    happens meanwhile; of the share `held` no allocation comes before it, and then within minutes.
    """
    draw = np.random.Generator(np.random.Philox(seed))
    received = np.sort(draw.uniform(0, days * 1440, size))
    child = draw.random(size) < children
    night = (received % 1440 < 360) | (received % 1440 > 1320)
    graded = received + draw.uniform(1, 5, size)
    ratified = graded + draw.uniform(15, 60, size)
    wait = np.exp(np.log(8.0) + draw.normal(0, 1.2, size)) * np.where(night, 0.5, 1.0)
    assigned = graded + wait * np.where(child, child_factor, 1.0)
    gated = child & (draw.random(size) < held)
    assigned = np.where(
        gated, np.maximum(assigned, ratified + draw.uniform(0.2, 6, size)), assigned
    )
    arrived = assigned + draw.uniform(3, 15, size)
    cleared = arrived + draw.uniform(20, 90, size)
    origin = datetime.fromisoformat(start)

    def text(minutes: np.ndarray[Any, Any]) -> pl.Series:
        moments = pl.Series([origin]).new_from_index(0, size) + pl.Series(
            (minutes * 60e6).astype(np.int64)
        ).cast(pl.Duration("us"))
        return moments.dt.strftime(STAMP)

    return pl.DataFrame(
        {
            "urn": pl.Series([f"U{number:07d}" for number in range(size)]),
            "t_received": text(received),
            "t_graded": text(graded),
            "t_ratified": text(ratified),
            "t_assigned": text(assigned),
            "t_arrived": text(arrived),
            "t_cleared": text(cleared),
            "grade": draw.choice(["1", "2", "3"], size, p=[0.1, 0.6, 0.3]),
            "kind": np.where(child, "missing child", "burglary"),
            "lpa": draw.choice(["N", "S"], size),
            "channel": draw.choice(["999", "101", "officer"], size, p=[0.4, 0.5, 0.1]),
            "callsign": draw.choice([f"XR{number}" for number in range(10, 40)], size),
        }
    )


def written(folder: Path, log: pl.DataFrame, name: str = "log.csv") -> Path:
    """Write a log and return where."""
    path = folder / name
    if name.endswith(".parquet"):
        log.write_parquet(path)
    else:
        log.write_csv(path)
    return path
