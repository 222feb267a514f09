"""Scenarios of `tests.worlds` as the loader would hand them on."""

from __future__ import annotations

from pathlib import Path

from sim.scenario.loading import Loaded
from sim.scenario.models import Scenario
from sim.scenario.resolve import resolved_data, resolved_sha256


def as_loaded(scenario: Scenario, name: str = "small") -> Loaded:
    """Return a scenario as if it had been read from ``scenarios/<name>.toml``."""
    resolved = resolved_data(scenario)
    return Loaded(
        scenario=scenario,
        path=Path("scenarios") / f"{name}.toml",
        name=name,
        raw=resolved,
        origins={},
        sha256=resolved_sha256(resolved),
        notices=(),
    )
