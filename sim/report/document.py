"""The JSON document of a run or a comparison, as plain dicts and lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sim.report.row import Row

FORMAT: Final = 1
"""Format number of the document."""


@dataclass(frozen=True)
class ScenarioResult:
    """One scenario's rows; `file` as the planner named it."""

    name: str
    file: str
    rows: Sequence[Row]


@dataclass(frozen=True)
class DifferenceResult:
    """The rows of a scenario less those of the baseline."""

    name: str
    baseline: str
    rows: Sequence[Row]


@dataclass(frozen=True)
class RunResult:
    """How it was run; `versions` by name of the software."""

    seed: int
    replications: int
    days: int
    engine: str
    seconds: float
    versions: Mapping[str, str]


def document(
    scenarios: Sequence[ScenarioResult],
    differences: Sequence[DifferenceResult],
    run: RunResult,
    level: float = 0.95,
    context: Mapping[str, object] | None = None,
) -> dict[str, object]:
    """The document that ``docs/output.schema.json`` describes.

    What surrounds the rows (`sim.report.background.as_data`) stands in it where it is given.

    NaN never appears: a row refuses it, and what cannot be estimated is None.
    """
    return {
        "format": FORMAT,
        "level": level,
        "scenarios": [
            {
                "name": one.name,
                "file": one.file,
                "rows": [each.as_dict() for each in one.rows],
            }
            for one in scenarios
        ],
        "differences": [
            {
                "name": one.name,
                "baseline": one.baseline,
                "rows": [each.as_dict() for each in one.rows],
            }
            for one in differences
        ],
        **({} if context is None else {"context": dict(context)}),
        "run": {
            "seed": run.seed,
            "replications": run.replications,
            "days": run.days,
            "engine": run.engine,
            "seconds": run.seconds,
            "versions": dict(run.versions),
        },
    }
