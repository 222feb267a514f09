"""Made-up typed documents whose answer is known: each scenario is planted by a few figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.results import (
    Context,
    DifferenceRows,
    Document,
    FileChange,
    Row,
    Rule,
    Run,
    ScenarioRows,
    Staffing,
    Titles,
)

REPORTS = 6000


@dataclass(frozen=True)
class Plant:
    """One scenario: shares, and their changes against the baseline, each with its half-width."""

    name: str
    title: str = ""
    in_time: float | None = 0.2
    change: tuple[float, float] | None = None
    over: float | None = 0.26
    over_change: tuple[float, float] | None = None
    ceiling: float | None = 0.36
    posts: float = 359.5
    pounds: float = 498_210.0
    others: Mapping[tuple[str, int], tuple[float, float]] = field(default_factory=dict)
    rule: Rule | None = None
    changes: tuple[FileChange, ...] = ()
    reports: int = REPORTS
    few: bool = False


def row(measure: str, value: float | None, half: float | None = 0.01, **keys: Any) -> Row:
    """A row with limits on both sides at this distance."""
    unit = keys.pop("unit", "share")
    n = keys.pop("n", REPORTS)
    low = None if value is None or half is None else value - half
    high = None if value is None or half is None else value + half
    return Row(measure=measure, value=value, low=low, high=high, unit=unit, n=n, **keys)


def planted(*plants: Plant, grade: int = 2, **context: Any) -> Document:
    """The document of these scenarios, the first being the baseline."""
    names = [one.name for one in plants]
    own: dict[str, Any] = {
        "grade": grade,
        "forces": ("Dorset",),
        "titles": Titles(scenarios={one.name: one.title or one.name for one in plants}),
        "staffing": tuple(_staffing(one) for one in plants),
        "rules": {one.name: one.rule for one in plants if one.rule is not None},
        "changes": {one.name: one.changes for one in plants[1:]},
    }
    return Document(
        scenarios=tuple(
            ScenarioRows(name=one.name, file=f"{one.name}.toml", rows=tuple(_rows(one, grade)))
            for one in plants
        ),
        differences=tuple(
            DifferenceRows(name=one.name, baseline=names[0], rows=tuple(_differences(one, grade)))
            for one in plants[1:]
        ),
        context=Context.model_validate(own | context),
        run=Run(seed=2022, replications=30, days=28, engine="compiled", seconds=20.0),
    )


def _staffing(one: Plant) -> Staffing:
    return Staffing(
        scenario=one.name,
        posts=one.posts,
        paid_hours=40 * one.posts,
        pounds=one.pounds,
        overtime_factor=1.33,
    )


def _rows(one: Plant, grade: int) -> list[Row]:
    if not one.reports:
        return []
    keys: dict[str, Any] = {"stream": "missing_child", "grade": grade, "n": one.reports}
    rows = []
    if one.in_time is not None:
        reached = row("arrived_within_target", one.in_time, **keys)
        if one.few:
            # Of few events only the exact upper limit is told.
            reached = reached.model_copy(update={"low": None, "high": 2 * one.in_time})
        graded = min(1.0, one.in_time + 0.1)
        rows += [reached, row("arrived_within_target", graded, clock="graded", **keys)]
        if one.ceiling is not None:
            rows.append(row("reachable_within_target", one.ceiling, **keys))
    rows += [
        row("delay_mean", 60.0, 2.0, unit="minutes", **keys),
        row("delay_p50", 36.0, 1.0, unit="minutes", **keys),
        row("delay_p90", 124.0, 7.0, unit="minutes", **keys),
    ]
    if one.over is not None:
        rows += [
            row("waited_over", one.over, minutes=60, **keys),
            row("waited_over", 0.004, 0.001, minutes=600, **keys),
        ]
    return rows


def _differences(one: Plant, grade: int) -> list[Row]:
    keys: dict[str, Any] = {"stream": "missing_child", "grade": grade, "adjusted": True}
    rows = []
    if one.change is not None and one.in_time is None:
        rows.append(row("delay_mean", *one.change, unit="minutes", **keys))
    elif one.change is not None:
        rows.append(row("arrived_within_target", *one.change, **keys))
    if one.over_change is not None:
        rows.append(row("waited_over", *one.over_change, minutes=60, **keys))
    for (stream, own), change in one.others.items():
        rows.append(row("arrived_within_target", *change, stream=stream, grade=own))
    return rows
