"""The sheets about the scenarios' files: in what they differ, and where each number comes from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from sim.report.workbook.sheet import Cell, Line, Sheet
from sim.results import Context
from sim.scenario.paths import lookup, parsed
from sim.scenario.resolve import resolved_data
from sim.scenario.toml import toml_value

if TYPE_CHECKING:
    from sim.scenario.loading import Loaded

_WIDE: Final = 60


def what_differs(name: str, context: Context) -> Sheet:
    """What each rota comes to, and each value that is not as in the baseline."""
    figures = ("Posts", "Paid hours a week", "Pounds a week")
    lines = [
        Line([context.scenario(one.scenario), "what its rota comes to", None, None,
               one.posts, one.paid_hours, one.pounds])
        for one in context.staffing
    ]  # fmt: skip
    lines += [
        Line(
            [
                context.scenario(scenario),
                change.path,
                change.baseline,
                change.other,
                None,
                None,
                None,
            ]
        )
        for scenario, changes in (context.changes or {}).items()
        for change in changes
    ]
    columns = [("Scenario", 26), ("Key in the scenario's file", 58)]
    columns += [("In the baseline", _WIDE), ("In the scenario", _WIDE)]
    return Sheet(name, columns + [(title, 12) for title in figures], frozenset(figures), lines)


def sources(name: str, loaded: Sequence[Loaded], context: Context) -> Sheet:
    """What the files say of their numbers; of the others only what the baseline does not say."""
    lines = []
    told: set[tuple[Cell, ...]] = set()
    for one in loaded:
        data = resolved_data(one.scenario)
        for path, source in one.scenario.sources.items():
            keys = parsed(path)
            value = toml_value(lookup(data, keys)) if keys else None
            cells: tuple[Cell, ...] = (
                path,
                value,
                "source" if source.assumption is None else "assumption",
                source.source or source.assumption,
                None if source.year is None else str(source.year),
                source.confidence,
                source.low,
                source.high,
            )
            if cells not in told:
                told.add(cells)
                lines.append(Line([context.scenario(one.name), *cells], "General"))
    columns = [
        ("Scenario", 26),
        ("Key in the scenario's file", 50),
        ("Value", _WIDE),
        ("Kind", 11),
        ("Where it comes from, or why it was assumed", 90),
        ("Year", 10),
        ("Confidence (A best, E worst)", 12),
        ("Low", 10),
        ("High", 10),
    ]
    return Sheet(name, columns, frozenset(("Low", "High")), lines)
