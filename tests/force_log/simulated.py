"""A simulated force whose numbers are known, for what is fitted to its log to be held against."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sim.force_log import Log, read_log
from sim.force_log.mapping import LoadedMapping, mapping_from
from sim.force_log.writing import mapping_of, simulated_log
from sim.scenario.models import Scenario
from tests.worlds import REMOVED, constant, lognormal, small_document, small_scenario

CREWS = {"early": 3, "late": 4, "night": 3}
ABSTRACTION = 0.2


def force(*, held: float, volume: float = 11_000.0, children: float = 2_000.0) -> Scenario:
    """A force of one area in which each job takes one crew, and nothing else is waited for.

    `held` is the share of missing-child jobs that wait for ratification.
    """
    shifts = [
        {"name": name, "start": start, "end": end, "people": CREWS[name]}
        for name, start, end in (
            ("early", "07:00", "15:00"), ("late", "15:00", "23:00"), ("night", "23:00", "07:00"),
        )
    ]  # fmt: skip
    pools: dict[str, Any] = dict.fromkeys(small_document()["pools"], REMOVED)
    pools["response"] = {
        "kind": "units", "role": "response", "area": "north", "abstraction": ABSTRACTION,
        "shifts": shifts,
    }  # fmt: skip
    streams: dict[str, Any] = dict.fromkeys(("supervisor_review", "plain_call"), REMOVED)
    streams["immediate"] = {
        "volume_per_year": 0.1 * volume, "custody": REMOVED, "custody_share": 0.0,
        "officers": {"1": 1.0, "2": 0.0},
    }  # fmt: skip
    streams["welfare"] = {
        "volume_per_year": 0.9 * volume, "grades": {"2": 0.6, "3": 0.4},
        "origins": {"999": 0.0, "101": 1.0, "online": 0.0}, "ends_without_deployment": 0.0,
        "scene": lognormal(40.0, 0.7),
    }  # fmt: skip
    streams["missing_child"] = children_of(children)
    return small_scenario(streams=streams, pools=pools, policy=policy_of("ratification", held))


def children_of(volume_per_year: float) -> dict[str, Any]:
    """Missing children of grade 2, nothing of whose risk changes, and who stay away for hours."""
    return {
        "volume_per_year": volume_per_year, "assessment": constant(0.0), "research": REMOVED,
        "lacking_detail": {"share": 0.0}, "regrade": {"upgraded": 0.0, "downgraded": 0.0},
        "ratification": lognormal(25.0, 0.4), "writing": REMOVED, "escalation": REMOVED,
        "risk": {"low": 0.0, "medium": 1.0, "high": 0.0}, "grades": {"1": 0.0, "2": 1.0},
        "grades_by_risk": REMOVED, "natural_return": constant(20_000.0),
    }  # fmt: skip


def policy_of(deploy_on: str, share_held: float) -> dict[str, Any]:
    """A gate, nobody's time for ratification or in the control room, and diversion by grade 1."""
    return {
        "gate": {"deploy_on": deploy_on, "share_held": share_held},
        "ratification": {"low": [], "medium": [], "high": []},
        "control_room": REMOVED,
        "attendance": REMOVED,
        "diversion": {"travelling": {"1": [2, 3]}, "at_scene": {"1": [2, 3]}, "at_most": 2},
    }


def search_little(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a fit try a few guesses only: what is tested then is that it runs."""
    monkeypatch.setattr("sim.force_log.fitting.crews._STEPS", (1.4, 1.4, 1.4, 1.4))
    monkeypatch.setattr("sim.force_log.fitting.guesses.REPLICATIONS", 2)
    monkeypatch.setattr("sim.force_log.fitting.guesses._ROUGHLY", 2)
    monkeypatch.setattr("sim.force_log.fitting.bounds._PROFILE", (2.0,))


def log_of(
    scenario: Scenario,
    folder: Path,
    *,
    days: int,
    seed: int = 1,
    changed: Callable[[pl.DataFrame], pl.DataFrame] = lambda export: export,
) -> Log:
    """Write a scenario's log to a folder, changed or as it is, and read it back."""
    path = folder / "log.csv"
    changed(simulated_log(scenario, days=days, seed=seed)).write_csv(path)
    return read_log(path, LoadedMapping(mapping_from(mapping_of(scenario), "map.toml"), "map.toml"))
