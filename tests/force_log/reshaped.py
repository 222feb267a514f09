"""A simulated log in the shapes that exports really have, and its figures for comparison."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import polars as pl

from sim.force_log import Log, load_mapping, new_mapping, read_log
from sim.force_log.mapping import LoadedMapping, mapping_from
from sim.force_log.writing import mapping_of, simulated_log
from sim.scenario.loading import load

ROOT = Path(__file__).parents[2]
STAMP = "%d/%m/%Y %H:%M:%S"
TIMES = {
    "received": "Call_Received", "answered": "Call_Answered", "graded": "Grading_Time",
    "ratified": "Supervisor_Ratified", "assigned": "Resource_Allocated",
    "travelling": "Resource_Mobile", "arrived": "Resource_At_Scene",
    "cleared": "Resource_Cleared", "closed": "Incident_Closed",
}  # fmt: skip
COLUMNS = tuple(TIMES.values())
ZONE = "Europe/London"
Write = Callable[[str], pl.Expr]


@cache
def sample(days: int = 10) -> pl.DataFrame:
    """What `sample-log` writes of the shipped baseline, as text; empty cells are null."""
    scenario = load(ROOT / "scenarios" / "dorset-2022.toml").scenario
    log = simulated_log(scenario, days=days)
    return log.with_columns(pl.col(pl.String).replace("", None))


@cache
def moments(days: int = 10) -> pl.DataFrame:
    """The same log, its times as local moments."""
    return sample(days).with_columns(pl.col(COLUMNS).str.to_datetime(STAMP))


def shown(form: str) -> Write:
    """Write a column of times in a format."""
    return lambda column: pl.col(column).dt.strftime(form)


def rewritten(write: Write, columns: tuple[str, ...] = COLUMNS, days: int = 10) -> pl.DataFrame:
    """The log with some of its times written in another way, and the others as before."""
    others = [pl.col(column).dt.strftime(STAMP) for column in COLUMNS if column not in columns]
    return moments(days).with_columns(*others, *(write(column).alias(column) for column in columns))


def guessed(path: Path, *, change: Callable[[str], str] = str) -> Log:
    """Read a log with the mapping that is written for it, perhaps with a change."""
    mapping = path.with_suffix(".toml")
    mapping.write_text(change(new_mapping(path)), encoding="utf-8")
    return read_log(path, load_mapping(mapping))


def said(path: Path, *formats: str, file: object = None, columns: object = None) -> Log:
    """Read a log with the mapping of its scenario, other date formats and other columns."""
    scenario = load(ROOT / "scenarios" / "dorset-2022.toml").scenario
    data = mapping_of(scenario)
    data["file"] = {"time_zone": ZONE, "date_formats": list(formats), **(file or {})}  # type: ignore[dict-item]
    data["columns"] = {**data["columns"], **(columns or {})}  # type: ignore[dict-item]
    return read_log(path, LoadedMapping(mapping_from(data, "map.toml"), "map.toml"))


def at_home(text: str) -> str:
    """A mapping whose clocks stand where the sample was made."""
    return text.replace("America/New_York", ZONE)


def same(found: Log, folder: Path, unit: str = "1us") -> bool:
    """Whether a log holds the incidents of the sample, its times to a unit."""
    path = folder / "truth.csv"
    if not path.exists():
        sample().write_csv(path)
    truth = said(path, STAMP).incidents
    cut = pl.col(list(TIMES)).dt.truncate(unit)
    names = ["number", *TIMES, "grade", "stream", "area", "risk", "officer_initiated"]
    return (
        found.incidents.select(names)
        .with_columns(cut)
        .equals(truth.select(names).with_columns(cut))
    )
