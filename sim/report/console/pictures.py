"""Pictures in characters, by the name of the chart that a section asks for."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from rich.text import Text

from sim.report.console.lines import Terminal
from sim.results import Document, Part

Picture: TypeAlias = Callable[[Document, Terminal], Iterator[Text]]
"""Draws lines from a document, for a width and an alphabet."""

_TICKS: Final = (0, 10, 30, 60, 120, 240, 360, 600, 1440)
_MARGIN: Final = 7
_STAGES: Final = {
    "call": ("C", "call", "cyan"),
    "decision": ("G", "grading and hold", "magenta"),
    "queue": ("Q", "queue", "red"),
    "dispatcher": ("D", "dispatcher", "yellow"),
    "travel": ("T", "travel", "blue"),
}
_BAR_ROOM: Final = 24


def attendance(document: Document, terminal: Terminal) -> Iterator[Text]:
    """Attended, returned first and still waiting by minute, a picture for each scenario."""
    curves = [(part.name, _points(part, document)) for part in document.scenarios]
    curves = [(name, points) for name, points in curves if len(points) > 2]
    if not curves:
        return
    glyphs = terminal.glyphs
    # Where areas differ the longest is marked.
    target = document.context.targets[-1] if document.context.targets else None
    height = 4 if len(curves) <= 3 else 2
    axis = _Axis(terminal.width - _MARGIN, max(points[-1][0] for _, points in curves), target)
    for name, points in curves:
        yield from terminal.words(document.context.scenario(name))
        for row in range(height - 1, -1, -1):
            left = {height - 1: "100%", 0: "0%"}.get(row, "")
            drawn = "".join(
                glyphs.target
                if column == axis.target_column
                else _cell(terminal, points, axis.minute(column), row, height)
                for column in range(axis.width)
            )
            yield _trimmed(Text(f"{left:>5} ").append(drawn, "green"))
    for ticks in axis.tick_lines():
        yield Text(" " * 6 + ticks)
    mark = f" {glyphs.target} the target." if target is not None else ""
    yield from terminal.words(
        f"{glyphs.levels[-1]} attended, {glyphs.returned} returned first, blank still waiting."
        f"{mark} The axis is narrower to the right.",
        "dim",
    )


def stages(document: Document, terminal: Terminal) -> Iterator[Text]:
    """A bar for each scenario, divided into what alone blocks arrival."""
    bars = []
    for part in document.scenarios:
        rows = part.along("stage_mean", "stage", **document.context.subject)
        lengths = [max(0.0, rows[one].value or 0.0) if one in rows else 0.0 for one in _STAGES]
        if any(lengths):
            bars.append((part.name, lengths))
    longest = max((sum(lengths) for _, lengths in bars), default=0.0)
    for name, lengths in bars:
        yield from terminal.words(document.context.scenario(name))
        bar = Text("  ")
        done, drawn = 0.0, 0
        for (letter, _, style), length in zip(_STAGES.values(), lengths, strict=True):
            done += length
            end = round(done / longest * (terminal.width - 4))
            bar.append(letter * (end - drawn), style)
            drawn = end
        yield bar
    if bars:
        legend = ", ".join(f"{letter} {words}" for letter, words, _ in _STAGES.values())
        yield from terminal.words(legend, "dim")


def share_held(document: Document, terminal: Terminal) -> Iterator[Text]:
    """A bar for each share held."""
    sweep = next((one for one in document.context.sweeps if len(one.points) > 1), None)
    if sweep is None:
        return
    room = max(8, terminal.width - _BAR_ROOM)
    for one in sweep.points:
        text = Text(f"{one.share:>5.0%} held ")
        text.append(terminal.glyphs.levels[-1] * round((one.value or 0.0) * room), "green")
        own = sweep.own is not None and abs(one.share - sweep.own) < 1e-9
        yield _trimmed(text.append(" <" if own else ""))
    if sweep.own is not None:
        yield from terminal.words("< the share held of the scenario itself", "dim")


PICTURES: Final[Mapping[str, Picture]] = {
    "attendance": attendance,
    "stages": stages,
    "share-held": share_held,
}
"""Those charts that characters can draw; of others the tables tell all."""


def _points(part: Part, document: Document) -> list[tuple[int, float, float]]:
    """Points (minute, share attended, share returned first) of the curve, by minute."""
    arrived, returned = (
        part.along(measure, "minutes", **document.context.subject)
        for measure in ("arrived_by", "returned_first_by")
    )
    return [
        (minute, row.number, (returned[minute].value or 0.0) if minute in returned else 0.0)
        for minute, row in sorted(arrived.items())
        if row.value is not None
    ]


def _cell(
    terminal: Terminal,
    points: Sequence[tuple[int, float, float]],
    minute: float,
    row: int,
    height: int,
) -> str:
    _, arrived, returned = max(
        (point for point in points if point[0] <= minute), default=(0, 0.0, 0.0)
    )
    levels = terminal.glyphs.levels
    filled = arrived * height - row
    if filled >= 1:
        return levels[-1]
    if filled * len(levels) >= 1:
        return levels[int(filled * len(levels)) - 1]
    return terminal.glyphs.returned if (arrived + returned) * height - row >= 0.5 else " "


def _trimmed(text: Text) -> Text:
    text.rstrip()
    return text


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
