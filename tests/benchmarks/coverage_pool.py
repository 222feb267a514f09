"""Many replications of a few scenarios with the same luck, kept as small files.

Studies are formed from disjoint sets of them, so that hundreds cost no more than their
replications. A file holds some replications of one world: its scenario and two changes to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import Final

import numpy as np
import numpy.typing as npt

from sim.fates.incidents import draw
from sim.measures.clocks import clock_start, counted_cases, stops_of, within_target
from sim.measures.definition import Definition
from sim.measures.lookup import Done, Links
from sim.policy import compiled
from sim.rota import paraded
from sim.scenario.loading import load
from sim.scenario.models import Scenario
from sim.streams import Streams
from sim.study import Settings, definition_of
from sim.study.engines import ENGINES
from sim.study.worlds import Plan
from sim.tables import DAY, WORK

Columns = Mapping[str, npt.NDArray[np.int64]]

SCENARIOS: Final = Path(__file__).parents[2] / "scenarios"
WORLDS: Final = {"quiet": "dorset-2022", "busy": "surge"}
"""The baseline, and a quarter more calls and incidents with nobody more on duty."""

CHANGES: Final = ("deploy-at-grading", "one-fewer-response")
SEED: Final = 14
DAYS: Final = (7, 28)
A_FILE: Final = 50

_CASES: Final = ("day", "grade", "risk", "area", "seconds", "in_time")


@dataclass(frozen=True)
class World:
    """A scenario and its changes, the scenario first, and what is measured of them."""

    name: str
    scenarios: tuple[Scenario, ...]
    plan: Plan
    definition: Definition
    days: tuple[int, ...]
    """Lengths of the windows for which pools are told, the longest being what is simulated."""


def world(name: str, workspace: Path, days: tuple[int, ...] = DAYS) -> World:
    """Load a world; a change of another scenario than the baseline is written to `workspace`."""
    base = SCENARIOS / f"{WORLDS[name]}.toml"
    files = [base]
    for change in CHANGES:
        file = SCENARIOS / f"{change}.toml"
        if WORLDS[name] != "dorset-2022":
            told = file.read_text(encoding="utf-8")
            told = told.replace('extends = "dorset-2022.toml"', f'extends = "{base.as_posix()}"')
            file = workspace / f"{name}-{change}.toml"
            file.write_text(told, encoding="utf-8")
        files.append(file)
    loaded = [load(file) for file in files]
    scenarios = tuple(one.scenario for one in loaded)
    settings = Settings(days=max(days), seed=SEED, engine="compiled")
    plan = Plan(tuple(one.name for one in loaded), scenarios, settings)
    return World(name, scenarios, plan, definition_of(scenarios[0], plan.since, plan.until), days)


def replicate(of: World, replication: int) -> list[Columns]:
    """Play one replication of all scenarios of a world, and keep what the studies need.

    Returns
    -------
    list of mapping
        By scenario: of each missing child that officers were needed for, day of the report,
        first grade, risk, area, seconds unattended, and whether the target was met; and for
        each of the world's windows the seconds that each pool was on duty and busy.
    """
    plan = of.plan
    streams = Streams(plan.settings.seed, replication)
    draws = draw(of.scenarios[0], streams, plan.start, plan.end)
    made: list[Columns] = []
    for scenario in of.scenarios:
        rota = paraded(scenario, streams, plan.start, plan.end)
        policy = compiled(scenario, plan.start, plan.end)
        outcomes, activities, _ = ENGINES["compiled"](draws, rota, policy)
        links = Links.of(draws.incidents, rota, activities)
        cases = counted_cases(draws.incidents, outcomes, policy, of.definition)
        starts = {
            clock: clock_start(cases.incidents, cases.outcomes, clock)
            for clock in ("received", "answered", "graded")
        }
        done = Done(activities, cases.places[links.incident], links.kinds)
        stops = stops_of(cases, done, policy)
        in_time = within_target(cases, of.definition, stops, starts)["own"]
        subject = policy.streams.index(of.definition.headline_stream)
        rows = cases.needed & (cases.incidents["stream"] == subject)
        columns = {
            "day": cases.incidents["reported_at"] // DAY,
            "grade": cases.grade,
            "risk": cases.incidents["risk"],
            "area": cases.incidents["area"],
            "seconds": cases.delay,
            "in_time": in_time,
        }
        kept = {name: column[rows].astype(np.int64) for name, column in columns.items()}
        work = np.flatnonzero((links.unit >= 0) & np.isin(activities["kind"], sorted(WORK)))
        unit = links.unit[work]
        shifts = rota["pool"], rota["on_at"], rota["off_at"]
        worked = rota["pool"][unit], activities["start"][work], activities["end"][work]
        pools = len(policy.pools)
        for days in of.days:
            kept[f"on_duty_{days}"] = _seconds(*shifts, days * DAY, pools)
            within = worked[0], worked[1], np.minimum(worked[2], rota["off_at"][unit])
            kept[f"busy_{days}"] = _seconds(*within, days * DAY, pools)
        made.append(kept)
    return made


def _seconds(
    pool: npt.NDArray[np.int64],
    start: npt.NDArray[np.int64],
    end: npt.NDArray[np.int64],
    until: int,
    pools: int,
) -> npt.NDArray[np.int64]:
    """Sum by pool what spans have in common with the window [0, until)."""
    inside = np.maximum(np.clip(end, 0, until) - np.clip(start, 0, until), 0)
    return np.bincount(pool, weights=inside, minlength=pools).astype(np.int64)


def fill(
    folder: Path,
    names: Sequence[str],
    replications: int,
    seconds: float,
    days: tuple[int, ...] = DAYS,
) -> int:
    """Play what a folder lacks, for so many seconds, and return how many it holds of each world.

    A broken-off file is made anew: none is counted before it is whole.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ends = monotonic() + seconds
    for first in range(0, replications, A_FILE):
        for name in names:
            file = _file(folder, name, first)
            if file.exists():
                continue
            if monotonic() > ends:
                return first
            of = world(name, folder, days)
            parts = [replicate(of, number) for number in range(first, first + A_FILE)]
            _write(file, parts)
    return replications


def _file(folder: Path, name: str, first: int) -> Path:
    return folder / f"{name}-{first:05}.npz"


def _write(file: Path, parts: Sequence[Sequence[Columns]]) -> None:
    held: dict[str, npt.NDArray[np.int32]] = {}
    for place in range(len(parts[0])):
        for name in parts[0][place]:
            columns = [one[place][name] for one in parts]
            held[f"{place}_{name}"] = np.concatenate(columns).astype(np.int32)
    held["cases"] = np.array([one[0]["day"].size for one in parts], dtype=np.int32)
    unfinished = file.with_suffix(".part.npz")
    np.savez_compressed(unfinished, **held)  # type: ignore[arg-type]
    unfinished.replace(file)


@dataclass(frozen=True)
class Pool:
    """All replications of one scenario of a world.

    Attributes
    ----------
    starts
        Shape (replications + 1,): where the cases of each begin.
    columns
        By name, the cases of all: shape (cases,) each.
    on_duty, busy
        By days: seconds by replication and pool.
    """

    starts: npt.NDArray[np.int64]
    columns: Columns
    on_duty: Mapping[int, npt.NDArray[np.int64]]
    busy: Mapping[int, npt.NDArray[np.int64]]

    @property
    def size(self) -> int:
        """Replications."""
        return self.starts.size - 1

    def where(self, rows: npt.NDArray[np.bool_]) -> Pool:
        """Keep some of the cases."""
        passed = np.concatenate([[0], np.cumsum(rows)])
        columns = {name: column[rows] for name, column in self.columns.items()}
        return replace(self, starts=passed[self.starts], columns=columns)

    def of(self, replication: int) -> slice:
        """Return the places of a replication's cases."""
        return slice(int(self.starts[replication]), int(self.starts[replication + 1]))


def read(folder: Path, name: str) -> list[Pool]:
    """Read the whole files of a world from the first on: its scenario and the two changes."""
    parts = list(_parts(folder, name))
    if not parts:
        raise FileNotFoundError(f"{folder} holds no replication of the {name} world")
    cases = np.concatenate([part["cases"] for part in parts])
    starts = np.concatenate([[0], np.cumsum(cases)])
    windows = [days for days in DAYS if f"0_busy_{days}" in parts[0]]
    return [
        Pool(
            starts,
            {
                column: np.concatenate([part[f"{place}_{column}"] for part in parts])
                for column in _CASES
            },
            *(
                {
                    days: np.concatenate(
                        [
                            part[f"{place}_{kind}_{days}"].reshape(part["cases"].size, -1)
                            for part in parts
                        ]
                    )
                    for days in windows
                }
                for kind in ("on_duty", "busy")
            ),
        )
        for place in range(1 + len(CHANGES))
    ]


def _parts(folder: Path, name: str) -> Iterator[Columns]:
    first = 0
    while (file := _file(folder, name, first)).exists():
        with np.load(file) as held:
            yield {key: held[key].astype(np.int64) for key in held.files}
        first += A_FILE
