"""Where the time goes: a bar for each scenario."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rich.console import RenderableType
from rich.text import Text

from sim.report import numbers
from sim.report import sentences as say
from sim.report.console.page import Page
from sim.results import Row

STAGES: Final = {
    "call": ("C", "call", "cyan"),
    "decision": ("G", "gate and grading", "magenta"),
    "dispatcher": ("D", "no dispatcher", "yellow"),
    "no_unit": ("U", "no unit", "red"),
    "travel": ("T", "travel", "blue"),
}


def stages(page: Page) -> Iterator[RenderableType]:
    """Mean minutes in which each alone blocks arrival, as bars and as figures."""
    found = [
        (part.name, page.document.along(part, "stage_mean", "stage")) for part in page.scenarios
    ]
    found = [(name, rows) for name, rows in found if rows]
    if not found:
        return
    bars = [(name, [_in_minutes(rows.get(stage)) for stage in STAGES]) for name, rows in found]
    longest = max(sum(lengths) for _, lengths in bars) or 1.0
    yield page.heading("Where the time goes: mean minutes in which each alone blocks arrival")
    if sentence := say.longest_stage(page.document):
        yield page.line(sentence)
    for name, lengths in bars:
        yield page.line(page.context.scenario(name))
        bar = Text("  ")
        done, drawn = 0.0, 0
        for (letter, _, style), length in zip(STAGES.values(), lengths, strict=True):
            done += length
            end = round(done / longest * (page.width - 4))
            bar.append(letter * (end - drawn), style)
            drawn = end
        yield bar
    at = numbers.places(rows.get(stage) for _, rows in found for stage in STAGES)
    lines = [
        (f"{letter} {title}", [page.cell(rows.get(stage), at) for _, rows in found])
        for stage, (letter, title, _) in STAGES.items()
    ]
    yield from page.columns([page.context.scenario(name) for name, _ in found], lines)


def _in_minutes(row: Row | None) -> float:
    if row is None or row.value is None:
        return 0.0
    return row.value * numbers.minute_scale(row)
