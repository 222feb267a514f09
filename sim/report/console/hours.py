"""When it goes wrong: maps of the week, and the hours of the day."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rich.console import RenderableType
from rich.text import Text

from sim.report import numbers
from sim.report.console.page import GAP, Page, broken, count
from sim.report.terminal import Glyphs
from sim.results import Row

LEAST_CASES: Final = 30
"""Cells of the hour-of-week map with fewer cases are not shaded."""

BY_HOUR_OF_DAY: Final = "arrived_within_target_by_hour_of_day"
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def week(page: Page) -> Iterator[RenderableType]:
    """The share reached in time as shades, by hour of the week, a map for each scenario."""
    # By the target's own clock, whichever that is.
    maps = [
        (
            part.name,
            page.document.along(part, "arrived_within_target", "hour"),
            page.document.along(part, BY_HOUR_OF_DAY, "hour"),
        )
        for part in page.scenarios
    ]
    maps = [each for each in maps if each[1] or each[2]]
    if not maps:
        return
    yield page.heading("When it goes wrong: share reached in time, by hour of the week")
    if all(row.n < LEAST_CASES for _, *both in maps for of in both for row in of.values()):
        yield page.line(
            f"Every hour has under {LEAST_CASES} reports: too few to shade. Ask for more "
            "replications."
        )
        return
    cell = 2 if len(maps) == 1 else 1
    blocks = [_map(page, *each, cell) for each in maps]
    yield from _side_by_side(page, blocks)
    legend = ", ".join(
        f"{shade} {words}"
        for shade, words in zip(
            page.glyphs.shades,
            ("75% or more", "50 to 75%", "25 to 50%", "under 25%"),
            strict=True,
        )
    )
    yield page.line(
        f"{legend}, {page.glyphs.few} under {LEAST_CASES} reports. All: every day together.",
        "dim",
    )


def _map(page: Page, name: str, week: dict[int, Row], day: dict[int, Row], cell: int) -> list[str]:
    size = 4 + 24 * cell
    marks = "".join(f"{hour:02d}".ljust(6 * cell) for hour in (0, 6, 12, 18))
    lines = [*broken(page.glyphs.text(page.context.scenario(name)), size), " " * 4 + marks]

    def strip(hours: dict[int, Row], first: int) -> str:
        return "".join(_shade(page.glyphs, hours.get(first + hour)) * cell for hour in range(24))

    if any(row.n >= LEAST_CASES for row in week.values()):
        lines += [f"{label} {strip(week, 24 * place)}" for place, label in enumerate(_DAYS)]
    if day:
        lines.append(f"All {strip(day, 0)}")
    return lines


def _shade(glyphs: Glyphs, row: Row | None) -> str:
    if row is None or row.value is None or row.n < LEAST_CASES:
        return glyphs.few
    return glyphs.shades[3 - min(3, int(row.value * 4))]


def _side_by_side(page: Page, blocks: list[list[str]]) -> Iterator[RenderableType]:
    widest = max(len(line) for block in blocks for line in block)
    at_once = max(1, (page.width + GAP) // (widest + GAP))
    for first in range(0, len(blocks), at_once):
        group = blocks[first : first + at_once]
        height = max(len(block) for block in group)
        # Names of several lines grow upwards, so that the maps stand level.
        level = [[""] * (height - len(block)) + block for block in group]
        for lines in zip(*level, strict=True):
            text = (" " * GAP).join(line.ljust(widest) for line in lines)
            yield Text(text.rstrip(), no_wrap=True)


def day(page: Page) -> Iterator[RenderableType]:
    """The baseline by hour of the day in figures, eight hours under each other."""
    part = page.document.baseline
    hours = page.document.along(part, BY_HOUR_OF_DAY, "hour")
    if not hours:
        return
    title = page.context.scenario(part.name)
    yield page.heading(f"By hour of the day under {title}: share in time, range, reports")
    at = numbers.places(hours.values())
    cells = [
        f"{hour:02d} {page.cell(hours.get(hour), at)} {count(hours.get(hour))}"
        for hour in range(24)
    ]
    widest = max(len(cell) for cell in cells) + GAP
    blocks = max(1, min(3, page.width // widest))
    height = -(-24 // blocks)
    for place in range(height):
        line = "".join(cell.ljust(widest) for cell in cells[place::height])
        yield Text(page.glyphs.text(line.rstrip()), no_wrap=True)
