"""A comparison of two scenarios whose cases are followed, from cases worked by hand."""

from __future__ import annotations

from typing import Any

from sim.report.background import Background, Scene, as_data
from sim.report.rows import difference_rows, scenario_rows
from sim.report.sentences import Context
from sim.tables import NONE, Activity, CaseEnd, Risk
from tests.measures.followed import (
    ARRIVED,
    CASE,
    HOME,
    OWNERS,
    REPORT,
    SECOND,
    TEAM_UNIT,
    WORK,
    clock,
    doing,
    tally,
)

LINE = doing(Activity.ENQUIRY, clock(1, 1), clock(1, 3), TEAM_UNIT)
ANOTHER = tuple(
    (2, row[1], row[2] if row[2] == NONE else row[2] + SECOND, *row[3:]) for row in (*WORK, *OWNERS)
)
NAMES = ("dorset-2022", "teams-to-0200")


def _replications(more: tuple[tuple[int, ...], ...]) -> list[Any]:
    """Two children each: one at medium risk, who returns, and one at high risk, who is found."""
    found = {**CASE, "end": CaseEnd.FOUND, "found_at": HOME}
    high = {**REPORT, "risk": Risk.HIGH, "return_at": HOME + 1}
    one = tally(
        [REPORT, high],
        [ARRIVED, {**ARRIVED, "seen_at": HOME}],
        [CASE, found],
        (*WORK, *OWNERS, *ANOTHER, *more),
    )
    other = tally(did=(*WORK, *OWNERS, *more))
    return [one, other] * 3


def compared() -> dict[str, Any]:
    """The document: the second scenario works two hours more at night on one case."""
    base, other = _replications(()), _replications((LINE,))
    document: dict[str, Any] = {
        "format": 1,
        "level": 0.95,
        "scenarios": [
            {"name": name, "file": f"{name}.toml", "rows": [row.as_dict() for row in rows]}
            for name, rows in zip(
                NAMES, (scenario_rows(base), scenario_rows(other)), strict=True
            )
        ],
        "differences": [
            {
                "name": NAMES[1],
                "baseline": NAMES[0],
                "rows": [row.as_dict() for row in difference_rows(base, other)],
            }
        ],
        "run": {"seed": 1, "replications": 6, "days": 1, "engine": "reference", "seconds": 1.0,
                "versions": {}},
    }  # fmt: skip
    scenes = [Scene(name, name, "", "0" * 64) for name in NAMES]
    document["context"] = as_data(Context(), Background(scenes=scenes))
    return document
