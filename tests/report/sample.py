"""A made-up document of rows, as `compare` would give for three scenarios."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sim.results import (
    Context,
    DifferenceRows,
    Document,
    FileChange,
    Row,
    Run,
    ScenarioRows,
    Staffing,
    Sweep,
    SweepPoint,
    measure_of,
)

BASELINE = "dorset-2022"
SHARES = {BASELINE: 0.232, "deploy-at-grading": 0.561, "hold-for-ratification": 0.053}
REPORTS = 3812
MINUTES = (5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 360, 480, 600)


def row(measure: str, value: float | None, half: float | None = None, **changes: Any) -> Row:
    """A row over everything but the named keys, with limits as far from its value as `half`."""
    known = value is not None and half is not None
    plain: dict[str, Any] = {
        "low": value - half if known else None,  # type: ignore[operator]
        "high": value + half if known else None,  # type: ignore[operator]
        "unit": measure_of(measure).unit,
        "n": REPORTS,
    }
    return Row(measure=measure, value=value, **plain | changes)


def scenario_rows(share: float) -> list[Row]:
    """Rows of a scenario with this share of missing-child reports reached in time."""
    child = {"stream": "missing_child", "grade": 2}
    late = 1 - share
    rows = [
        row("arrived_within_target", share, 0.018, **child),
        row("arrived_within_target", min(1, share + 0.18), 0.02, **child, clock="graded"),
        row("reachable_within_target", min(0.75, share + 0.2), 0.01, **child),
        row("delay_mean", 90 * late, 4, **child),
        row("delay_p50", 52 * late, 2.4, **child),
        row("delay_p90", 240 * late, 14, **child),
        row("delay_p95", 437 * late, 61, **child),
        row("waited_over", 0.5 * late, 0.02, **child, minutes=60),
        row("waited_over", 0.01 * late, 0.004, **child, minutes=600),
        row("returned_first", 0.11, 0.011, **child),
        row("idle_while_waiting", 0.64 * late, 0.03, **child),
    ]
    rows += [
        row("stage_mean", mean * late, 0.6, **child, stage=stage)
        for stage, mean in (
            ("call", 8.2),
            ("decision", 31.0),
            ("queue", 22.0),
            ("dispatcher", 4.0),
            ("travel", 11.0),
        )
    ]
    for minute in MINUTES:
        arrived = min(0.9, share * (minute / 20) ** 0.5)
        rows.append(row("arrived_by", arrived, 0.02, **child, minutes=minute))
        returned = 0.1 * minute / 600
        rows.append(row("returned_first_by", returned, 0.01, **child, minutes=minute))
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
        rows.append(row("overtime_hours", 31.0, 3.3, pool=pool))
        rows += [row("utilisation", use, 0.03, pool=pool, hour=hour) for hour in range(24)]
    return rows


def difference_rows(change: float) -> list[Row]:
    """Paired differences: the headline's change, and what two other kinds of work pay."""
    child = {"stream": "missing_child", "grade": 2}
    other = {"stream": "immediate", "grade": 1}
    wait = row("delay_mean", -40 * change, 3, stream="priority", grade=2)
    return [
        row("arrived_within_target", change, 0.02, **child, adjusted=True),
        row("arrived_within_target", change, 0.022, **child, clock="graded", adjusted=True),
        row("arrived_within_target", -0.012, 0.004, **other),
        row("arrived_within_target", 0.001, 0.006, stream="priority", grade=2),
        wait,
    ]


def document(names: Sequence[str] = tuple(SHARES), **surroundings: Any) -> Document:
    """The whole document, with these scenarios; the first one is the baseline.

    `surroundings` are changes of its context.
    """
    return Document(
        scenarios=tuple(
            ScenarioRows(
                name=name, file=f"scenarios/{name}.toml", rows=tuple(scenario_rows(SHARES[name]))
            )
            for name in names
        ),
        differences=tuple(
            DifferenceRows(
                name=name,
                baseline=names[0],
                rows=tuple(difference_rows(SHARES[name] - SHARES[names[0]])),
            )
            for name in names[1:]
        ),
        context=context(**surroundings),
        run=Run(seed=2022, replications=30, days=28, engine="reference", seconds=12.3),
    )


def context(**changes: Any) -> Context:
    """What surrounds the sample's rows."""
    points = tuple(
        SweepPoint(
            share=held / 10,
            value=0.56 - 0.05 * held,
            low=0.54 - 0.05 * held,
            high=0.58 - 0.05 * held,
            n=900,
        )
        for held in range(0, 11, 2)
    )
    return Context(
        **{
            "forces": ("Dorset",),
            "changes": {
                "deploy-at-grading": (
                    FileChange(
                        path="policy.gate.deploy_on", baseline='"ratification"', other='"grading"'
                    ),
                ),
                "hold-for-ratification": (
                    FileChange(path="policy.gate.share_held", baseline="0.5", other="1.0"),
                ),
            },
            "staffing": tuple(
                Staffing(scenario=name, posts=585.25, paid_hours=23410.0, pounds=812345.0)
                for name in SHARES
            ),
            "sweeps": (Sweep(title="dorset-2022, 10 replications", points=points, own=0.4),),
            "warnings": ("pools.duty_inspector: nobody is on duty from 22:00 to 07:00",),
            **changes,
        }
    )


def about(made: Document, **changes: Any) -> Document:
    """The document with some of its context changed."""
    return made.model_copy(update={"context": made.context.model_copy(update=changes)})


def behind(made: Document, **changes: Any) -> Document:
    """The document with some of its background changed."""
    return made.model_copy(update={"background": made.background.model_copy(update=changes)})


def with_rows(made: Document, name: str, rows: Iterable[Row], *, changes: bool = False) -> Document:
    """The document with other rows of a scenario, or (`changes`) of its difference."""
    kind = "differences" if changes else "scenarios"
    parts = tuple(
        part.model_copy(update={"rows": tuple(rows)}) if part.name == name else part
        for part in (made.differences if changes else made.scenarios)
    )
    return made.model_copy(update={kind: parts})


def and_rows(made: Document, name: str, *rows: Row, changes: bool = False) -> Document:
    """The document with further rows of a scenario, or (`changes`) of its difference."""
    part = made.difference(name) if changes else made.scenario(name)
    assert part is not None
    return with_rows(made, name, (*part.rows, *rows), changes=changes)


def each_row(made: Document, name: str, change: Callable[[Row], Row]) -> Document:
    """The document with each row of a scenario changed."""
    part = made.scenario(name)
    assert part is not None
    return with_rows(made, name, map(change, part.rows))


def renamed(made: Document, old: str, new: str) -> Document:
    """The document with a scenario, and its difference, called otherwise."""
    scenarios, differences = (
        tuple(part.model_copy(update={"name": new}) if part.name == old else part for part in parts)
        for parts in (made.scenarios, made.differences)
    )
    return made.model_copy(update={"scenarios": scenarios, "differences": differences})


def with_more(made: Document, names: Iterable[str]) -> Document:
    """The document with further scenarios, each like the second."""
    more = [
        (
            made.scenarios[1].model_copy(update={"name": name}),
            made.differences[0].model_copy(update={"name": name}),
        )
        for name in names
    ]
    return made.model_copy(
        update={
            "scenarios": (*made.scenarios, *(one for one, _ in more)),
            "differences": (*made.differences, *(one for _, one in more)),
        }
    )
