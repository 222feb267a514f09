"""The attendance curve, drawn in characters."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from rich.console import RenderableType
from rich.text import Text

from sim.report.console.page import Page
from sim.report.terminal import Glyphs
from sim.results import Document, Part

_TICKS: Final = (0, 10, 30, 60, 120, 240, 360, 600, 1440)


def curve(page: Page) -> Iterator[RenderableType]:
    """Attended, returned first and still waiting by minute, a picture for each scenario."""
    curves = [(part.name, _attendance(page.document, part)) for part in page.scenarios]
    curves = [(name, points) for name, points in curves if len(points) > 2]
    if not curves:
        return
    minutes = page.context.target_minutes
    # Where areas differ the longest is marked.
    target = max(minutes.values()) if isinstance(minutes, Mapping) else minutes
    yield page.heading("Share of reports with an officer there, by minutes since the call")
    height = 4 if len(curves) <= 3 else 2
    axis = _Axis(page.width - 7, max(points[-1][0] for _, points in curves), target)
    for name, points in curves:
        yield page.line(page.context.scenario(name))
        for row in range(height - 1, -1, -1):
            left = {height - 1: "100%", 0: "0%"}.get(row, "")
            drawn = "".join(
                page.glyphs.target
                if column == axis.target_column
                else _cell(page.glyphs, points, axis.minute(column), row, height)
                for column in range(axis.width)
            )
            yield Text(f"{left:>5} ") + Text(drawn.rstrip(), "green")
    for ticks in axis.tick_lines():
        yield Text(" " * 6 + ticks)
    returned = page.glyphs.returned
    mark = f" {page.glyphs.target} the target." if target is not None else ""
    yield page.line(
        f"{page.glyphs.levels[-1]} attended, {returned} returned first, blank still waiting."
        f"{mark} The axis is narrower to the right.",
        "dim",
    )


def _cell(
    glyphs: Glyphs, points: Sequence[tuple[int, float, float]], minute: float, row: int, height: int
) -> str:
    _, arrived, returned = max(
        (point for point in points if point[0] <= minute), default=(0, 0.0, 0.0)
    )
    levels = glyphs.levels
    filled = arrived * height - row
    if filled >= 1:
        return levels[-1]
    if filled * len(levels) >= 1:
        return levels[int(filled * len(levels)) - 1]
    return glyphs.returned if (arrived + returned) * height - row >= 0.5 else " "


class _Axis:
    """Minutes on a line that is wide at the start and narrow at the end.

    A column stands for the minutes up to its right edge; columns are even in log(1 + t / 10).
    """

    def __init__(self, width: int, last: float, target: float | None) -> None:
        self.width = width
        self.last = last
        self.target = target
        self.target_column = -1 if target is None else self.column(target)

    def column(self, minute: float) -> int:
        place = math.log1p(minute / 10) / math.log1p(self.last / 10)
        return min(self.width - 1, int(place * self.width))

    def minute(self, column: int) -> float:
        return 10 * math.expm1((column + 1) / self.width * math.log1p(self.last / 10))

    def tick_lines(self) -> Iterator[str]:
        """The labels of the axis, the target's first, then as many as find room."""
        line = [" "] * self.width
        wanted = [] if self.target is None else [(self.target_column, f"{self.target:g}")]
        wanted += [
            (self.column(tick), f"{tick}" if tick < 60 else f"{tick // 60}h")
            for tick in _TICKS
            if tick <= self.last
        ]
        for column, label in wanted:
            start = min(column, self.width - len(label))
            around = line[max(0, start - 1) : start + len(label) + 1]
            if all(sign == " " for sign in around):
                line[start : start + len(label)] = label
        yield "".join(line).rstrip()


def _attendance(document: Document, part: Part) -> list[tuple[int, float, float]]:
    """Points (minute, share attended, share returned first) of the curve, by minute."""
    return [
        (
            point.minute,
            point.arrived.number,
            0.0 if point.returned is None else point.returned.number,
        )
        for point in document.curve(part)
    ]
