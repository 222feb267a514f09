"""A comparison of two scenarios whose cases are followed, from cases worked by hand."""

from __future__ import annotations

from typing import Any

from sim.results import (
    Background,
    Context,
    DifferenceRows,
    Document,
    Run,
    ScenarioFile,
    ScenarioRows,
)
from sim.results.making import difference_rows, scenario_rows
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


def compared(**surroundings: Any) -> Document:
    """The document: the second scenario works two hours more at night on one case."""
    base, other = _replications(()), _replications((LINE,))
    return Document(
        scenarios=tuple(
            ScenarioRows(name=name, file=f"{name}.toml", rows=tuple(scenario_rows(own)))
            for name, own in zip(NAMES, (base, other), strict=True)
        ),
        differences=(
            DifferenceRows(
                name=NAMES[1], baseline=NAMES[0], rows=tuple(difference_rows(base, other))
            ),
        ),
        context=Context(**surroundings),
        background=Background(
            scenarios=tuple(
                ScenarioFile(name=name, title=name, about="", sha256="0" * 64) for name in NAMES
            )
        ),
        run=Run(seed=1, replications=6, days=1, engine="reference", seconds=1.0),
    )
