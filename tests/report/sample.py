"""A made-up document of rows, as `compare` would give for three scenarios."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.report.sentences import Context, FileChange, Staffing, Sweep
from sim.statistics import Interval

BASELINE = "dorset-2022"
SHARES = {BASELINE: 0.232, "deploy-at-grading": 0.561, "hold-for-ratification": 0.053}
REPORTS = 3812
MINUTES = (5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 360, 480, 600)


def row(
    measure: str, value: float | None, half: float | None = None, **cuts: Any
) -> dict[str, Any]:
    """A row over everything but the named cuts."""
    low = None if value is None or half is None else value - half
    high = None if value is None or half is None else value + half
    base: dict[str, Any] = dict.fromkeys(
        ("stream", "grade", "risk", "care", "area", "hours", "pool", "hour", "stage", "clock")
    )
    base |= {"measure": measure, "value": value, "low": low, "high": high}
    base |= {"unit": "share", "n": REPORTS, "adjusted": False}
    return base | cuts


def scenario_rows(share: float) -> list[dict[str, Any]]:
    """Rows of a scenario with this share of missing-child reports reached in time."""
    child = {"stream": "missing_child", "grade": 2}
    late = 1 - share
    rows = [
        row("arrived_within_target", share, 0.018, **child),
        row("arrived_within_target", min(1, share + 0.18), 0.02, **child, clock="graded"),
        row("reachable_within_target", min(0.75, share + 0.2), 0.01, **child),
        row("delay_mean", 90 * late, 4, **child, unit="minutes"),
        row("delay_p50", 52 * late, 2.4, **child, unit="minutes"),
        row("delay_p90", 240 * late, 14, **child, unit="minutes"),
        row("delay_p95", 437 * late, 61, **child, unit="minutes"),
        row("waited_over_60_minutes", 0.5 * late, 0.02, **child),
        row("waited_over_600_minutes", 0.01 * late, 0.004, **child),
        row("returned_first", 0.11, 0.011, **child),
        row("idle_while_waiting", 0.64 * late, 0.03, **child),
    ]
    rows += [
        row("stage_mean", mean * late, 0.6, **child, stage=stage, unit="minutes")
        for stage, mean in (
            ("call", 8.2),
            ("decision", 31.0),
            ("dispatcher", 4.0),
            ("no_unit", 22.0),
            ("travel", 11.0),
        )
    ]
    for minute in MINUTES:
        arrived = min(0.9, share * (minute / 20) ** 0.5)
        rows.append(row(f"arrived_by_{minute}_minutes", arrived, 0.02, **child))
        returned = 0.1 * minute / 600
        rows.append(row(f"returned_first_by_{minute}_minutes", returned, 0.01, **child))
    rows += [
        row(
            "arrived_within_target",
            max(0.0, share - 0.2 * (hour % 24 > 18)),
            0.1,
            **child,
            hour=hour,
            n=12 if hour % 24 < 6 else 45,
        )
        for hour in range(168)
    ]
    for pool, use in (("response_bcp", 0.74), ("response_county", 0.66), ("dispatchers", 0.41)):
        rows.append(row("utilisation", use, 0.012, pool=pool))
        rows.append(row("overtime_hours", 31.0, 3.3, pool=pool, unit="hours"))
        rows += [row("utilisation", use, 0.03, pool=pool, hour=hour) for hour in range(24)]
    return rows


def difference_rows(change: float) -> list[dict[str, Any]]:
    """Paired differences: the headline's change, and what two other kinds of work pay."""
    child = {"stream": "missing_child", "grade": 2}
    other = {"stream": "immediate", "grade": 1}
    wait = row("delay_mean", -40 * change, 3, stream="priority", grade=2, unit="minutes")
    return [
        row("arrived_within_target", change, 0.02, **child, adjusted=True),
        row("arrived_within_target", change, 0.022, **child, clock="graded", adjusted=True),
        row("arrived_within_target", -0.012, 0.004, **other),
        row("arrived_within_target", 0.001, 0.006, stream="priority", grade=2),
        wait,
    ]


def document(names: Sequence[str] = tuple(SHARES)) -> dict[str, Any]:
    """The whole document, with these scenarios; the first one is the baseline."""
    return {
        "format": 1,
        "level": 0.95,
        "scenarios": [
            {"name": name, "file": f"scenarios/{name}.toml", "rows": scenario_rows(SHARES[name])}
            for name in names
        ],
        "differences": [
            {
                "name": name,
                "baseline": names[0],
                "rows": difference_rows(SHARES[name] - SHARES[names[0]]),
            }
            for name in names[1:]
        ],
        "run": {"seed": 2022, "replications": 30, "days": 28, "engine": "reference",
                "seconds": 12.3, "versions": {}},
    }  # fmt: skip


def context() -> Context:
    """What surrounds the sample's rows."""
    points = tuple(
        (held / 10, Interval(0.56 - 0.05 * held, 0.54 - 0.05 * held, 0.58 - 0.05 * held, 900, 0.95))
        for held in range(0, 11, 2)
    )
    return Context(
        forces=["Dorset"],
        changes={
            "deploy-at-grading": [
                FileChange("policy.gate.deploy_on", '"ratification"', '"grading"')
            ],
            "hold-for-ratification": [FileChange("policy.gate.share_held", "0.5", "1.0")],
        },
        staffing=[Staffing(name, 585.25, 23410.0, 812345.0) for name in SHARES],
        sweeps=[Sweep("dorset-2022, 10 replications", points, own=0.4)],
        warnings=["pools.duty_inspector: nobody is on duty from 22:00 to 07:00"],
    )
