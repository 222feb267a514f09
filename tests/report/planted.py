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
    rows.append(row("answered_in_ten_seconds", 0.74, 0.005, n=22_000))
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


POOLS = {"response_bcp": 0.68, "response_county": 0.66, "mash_supervisor": 0.0}


def filled(document: Document) -> Document:
    """The document with rows for every section: curves, stages, hours, people and cases."""
    context = document.context
    keys: dict[str, Any] = {"stream": context.stream, "grade": context.grade}
    scenarios = []
    for part in document.scenarios:
        rows = [*part.rows, *_curves(keys), *_hours(keys), *_people(), *_cases(context.stream)]
        rows += _high_risk(context.stream)
        rows += concerns()
        rows += _placed()
        scenarios.append(part.model_copy(update={"rows": tuple(rows)}))
    differences = [
        part.model_copy(update={"rows": (*part.rows, *_changed(context.stream))})
        for part in document.differences
    ]
    return document.model_copy(
        update={"scenarios": tuple(scenarios), "differences": tuple(differences)}
    )


def _curves(keys: dict[str, Any]) -> list[Row]:
    rows = [
        row("idle_while_waiting", 0.33, **keys),
        row("allocated_just_after_ratification", 0.6, **keys),
        row("returned_first", 0.16, **keys),
    ]
    for minute in (0, 5, 10, 15, 20, 30, 60, 120, 240, 600, 720):
        rows.append(row("arrived_by", min(0.84, minute / 90), minutes=minute, **keys))
        rows.append(row("returned_first_by", min(0.16, minute / 900), minutes=minute, **keys))
    for stage, mean in (
        ("call", 7.5), ("decision", 13.0), ("queue", 29.0), ("dispatcher", 1.4), ("travel", 8.8),
    ):  # fmt: skip
        rows.append(row("stage_mean", mean, 0.5, stage=stage, unit="minutes", **keys))
        over = {"minutes": 600, "stage": stage, "unit": "minutes", "n": 24}
        rows.append(row("stage_mean_over", 20 * mean, 9.0, **over, **keys))
    for part, mean in (
        ("assessment", 6.0), ("waiting_for_ratifier", 3.0), ("ratifying", 4.0), ("all_busy", 5.0),
        ("too_few_together", 4.0), ("reserve", 18.0), ("queued_behind", 2.0),
        ("no_dispatcher", 0.4), ("dispatching", 1.0),
    ):  # fmt: skip
        rows.append(row("stage_part_mean", mean, 0.5, stage=part, unit="minutes", **keys))
        over = {"minutes": 600, "stage": part, "unit": "minutes", "n": 24}
        rows.append(row("stage_part_mean_over", 20 * mean, 9.0, **over, **keys))
    return rows


def _hours(keys: dict[str, Any]) -> list[Row]:
    share = [0.05 if 1 <= hour < 6 else 0.24 for hour in range(24)]
    rows = [
        row("arrived_within_target_by_hour_of_day", share[hour], 0.03, hour=hour, n=250, **keys)
        for hour in range(24)
    ]
    for hour in range(168):
        counted = {"hour": hour, "n": 12 if hour % 24 < 6 else 45}
        rows.append(row("arrived_within_target", share[hour % 24], 0.03, **counted, **keys))
    for hours, missed in (("team", 0.21), ("other", 0.35)):
        rows.append(row("arrived_within_target", 0.2, hours=hours, **keys))
        rows.append(row("waited_over", missed, hours=hours, minutes=60, **keys))
    return rows


def _people() -> list[Row]:
    rows = []
    for pool, busy in POOLS.items():
        rows.append(row("utilisation", busy, 0.0 if busy == 0 else 0.01, pool=pool, n=30))
        rows.append(row("overtime_hours", 300 * busy, 9.0, pool=pool, unit="hours", n=30))
        rows += [row("utilisation", busy, 0.02, pool=pool, hour=hour, n=30) for hour in range(24)]
    rows.append(row("overtime_pounds", 36_558.0, 750.0, unit="pounds", n=30))
    return rows


def _cases(stream: str) -> list[Row]:
    hours: dict[str, Any] = {"stream": stream, "unit": "hours"}
    rows = [
        row("case_end", share, stream=stream, stage=stage)
        for stage, share in (("returned", 0.73), ("found", 0.26), ("still_missing", 0.01))
    ]
    rows += [
        row("clock_mean", mean, 0.7, stage=stage, **hours)
        for stage, mean in (("officer_with", 1.16), ("child_seen", 20.0), ("child_safe", 19.2))
    ]
    rows += [
        row("unworked_hours_per_case", idle, 0.6, stage=stage, **hours)
        for stage, idle in ((None, 20.0), ("team", 10.0), ("response", 9.3), ("night", 8.3))
    ]
    rows += [
        row("enquiry_hours_per_case", 25.0, 1.5, **hours),
        row("officer_hours_per_case", 8.8, 0.2, **hours),
        row("officer_hours_per_case", 6.1, 0.4, risk="low", **hours),
        row("officer_hours_per_case", 18.0, 1.1, risk="high", **hours),
        row("unworked_share", 0.78, 0.004, stream=stream),
        row("cases_open_over", 4.2, 0.3, stream=stream, unit="cases", minutes=1440, n=30),
        row("return_interview_within", 0.44, 0.03, stream=stream, minutes=72 * 60),
    ]
    for hour in range(24):
        rows.append(row("unworked_share", 0.8, 0.02, stream=stream, hour=hour))
    for hours_after in (1, 8, 24, 48):
        minutes = 60 * hours_after
        rows.append(row("returned_by", min(0.7, hours_after / 20), stream=stream, minutes=minutes))
        rows.append(row("found_by", min(0.2, hours_after / 100), stream=stream, minutes=minutes))
    return rows


def _high_risk(stream: str) -> list[Row]:
    keys: dict[str, Any] = {"stream": stream, "risk": "high", "n": 800}
    rows = [
        row("arrived_within_target", share, 0.04, clock=clock, **keys)
        for clock, share in ((None, 0.66), ("received", 0.66), ("graded", 0.92))
    ]
    rows += [
        row(measure, hours, 0.5, stage="child_seen", unit="hours", **keys)
        for measure, hours in (("clock_mean", 17.0), ("clock_p50", 7.0))
    ]
    return rows


def concerns() -> list[Row]:
    """Rows of welfare concerns that are followed."""
    keys: dict[str, Any] = {"stream": "welfare_concern", "n": 900}
    rows = [
        row("concern_seen_first", 0.71, 0.06, **keys),
        row("concern_seen", 0.97, 0.01, **keys),
        row("revisits_per_concern", 0.8, 0.2, unit="times", **keys),
        row("revisit_officer_hours", 0.5, 0.1, unit="hours", **keys),
        row("concern_seen_after_p50", 2.4, 0.2, unit="hours", **keys),
        row("concern_seen_after_p90", 120.0, 24.0, unit="hours", **keys),
        row("concern_seen_later_p50", 52.0, 4.0, unit="hours", **keys),
        row("concern_seen_later_p90", 170.0, 24.0, unit="hours", **keys),
    ]
    for days, share in ((1, 0.74), (3, 0.85), (7, 0.93)):
        rows.append(row("concern_seen_within", share, 0.02, minutes=1440 * days, **keys))
    return rows


def _placed() -> list[Row]:
    rows = []
    for whose, share, later in (("another_authority", 0.16, 1.6), ("own_authority", 0.24, 1.0)):
        keys: dict[str, Any] = {"stage": whose, "n": 400}
        rows += [
            row("placed_here", share, 0.02, **keys),
            row("placed_arrived_after", 51.0 * later, 6.0, unit="minutes", **keys),
            row("placed_researched_after", 40.0 * later, 5.0, unit="minutes", **keys),
            row("placed_discussed", 0.97, 0.02, **keys),
            row("placed_discussed_after", 14.0 * later, 2.0, unit="hours", **keys),
            row("placed_interviewed", 0.31, 0.05, **keys),
        ]
    return rows


def _changed(stream: str) -> list[Row]:
    return [
        row("arrived_within_target", -0.21, 0.05, stream=stream, risk="high", n=800),
        row("clock_mean", -0.2, 0.05, stream=stream, stage="officer_with", unit="hours"),
        row("clock_mean", 0.0, 0.1, stream=stream, stage="child_safe", unit="hours"),
        row("delay_mean", -0.6, 0.5, stream="priority", grade=2, unit="minutes"),
        row("concern_seen", 0.02, 0.01, stream="welfare_concern", n=900),
        row("concern_seen_within", 0.03, 0.04, stream="welfare_concern", minutes=4320, n=900),
    ]
