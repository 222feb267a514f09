"""A sheet as it is written: its columns, lines and cells, and how they look."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from sim.results import Row

FORMATS: Final = {"share": "0.0%", "whole": "#,##0", "other": "#,##0.0"}
SIGNED: Final = {"share": "+0.0%;-0.0%;0.0%", "other": "+#,##0.0;-#,##0.0;0.0"}
NARROW: Final = 40
"""Columns that are wider wrap their text."""
TEXT_WIDTH: Final = 110
_TOPIC_WIDTH: Final = 38
_LINE_HEIGHT: Final = 15
_TITLE_HEIGHT: Final = 22


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that is worked out from others, and what it comes to."""

    text: str
    value: float | None


Cell: TypeAlias = str | float | int | Formula | None


@dataclass(frozen=True)
class Line:
    """A line of a sheet, and how its figures are shown."""

    cells: Sequence[Cell]
    figures: str = FORMATS["other"]


@dataclass(frozen=True)
class Sheet:
    """A table with a header: title and width of each column, and which of them hold figures."""

    name: str
    columns: Sequence[tuple[str, int]]
    figures: frozenset[str]
    lines: Iterable[Line]
    patterns: Mapping[str, str] = field(default_factory=dict)
    """Of columns whose numbers are shown alike on every line."""


class Formats:
    """Cell formats, made once each."""

    def __init__(self, add: Callable[[Mapping[str, Any]], Any]) -> None:
        self._add = add
        self._made: dict[str, Any] = {}
        self.header = add({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self.title = add({"bold": True, "font_size": 14})
        self.bold = add({"bold": True, "text_wrap": True, "valign": "top"})
        self.wrapped = add({"text_wrap": True, "valign": "top"})
        self.text = add({"valign": "top"})
        self.left = add({"align": "left", "valign": "top"})

    def number(self, pattern: str) -> Any:  # noqa: ANN401 (xlsxwriter publishes no types)
        """The format of a number."""
        if pattern not in self._made:
            self._made[pattern] = self._add({"num_format": pattern, "valign": "top"})
        return self._made[pattern]


def write_sheet(worksheet: Any, sheet: Sheet, formats: Formats) -> None:  # noqa: ANN401
    """Write a table with its header, which stays in sight and can be filtered."""
    for place, (title, width) in enumerate(sheet.columns):
        worksheet.set_column(place, place, width)
        worksheet.write_string(0, place, title, formats.header)
    # The button of the filter takes room in each heading, and bold letters are wide.
    worksheet.set_row(0, max(height(title, max(4, width - 4)) for title, width in sheet.columns))
    last = 0
    whole = formats.number(FORMATS["whole"])
    for last, line in enumerate(sheet.lines, 1):
        figures = formats.number(line.figures)
        pairs = zip(line.cells, sheet.columns, strict=True)
        heights = [height(cell, width) for cell, (_, width) in pairs if width > NARROW]
        if heights:
            worksheet.set_row(last, max(heights))
        for place, (cell, (title, width)) in enumerate(zip(line.cells, sheet.columns, strict=True)):
            if isinstance(cell, str):
                worksheet.write_string(
                    last, place, cell, formats.wrapped if width > NARROW else formats.text
                )
            elif cell is not None:
                number = figures if title in sheet.figures else whole
                if title in sheet.patterns:
                    number = formats.number(sheet.patterns[title])
                if isinstance(cell, Formula):
                    value = "" if cell.value is None else cell.value
                    worksheet.write_formula(last, place, cell.text, number, value)
                else:
                    worksheet.write_number(last, place, cell, number)
    worksheet.freeze_panes(1, 0)
    worksheet.repeat_rows(0)
    if last:
        worksheet.autofilter(0, 0, last, len(sheet.columns) - 1)


def write_read_me(
    worksheet: Any,  # noqa: ANN401
    lines: Iterable[tuple[str, Cell]],
    formats: Formats,
) -> None:
    """Write topics with their texts; a topic without text is a heading."""
    worksheet.set_column(0, 0, _TOPIC_WIDTH)
    worksheet.set_column(1, 1, TEXT_WIDTH)
    for place, (topic, text) in enumerate(lines):
        if text is None:
            worksheet.set_row(place, _TITLE_HEIGHT)
            worksheet.write_string(place, 0, topic, formats.title)
            continue
        worksheet.set_row(place, max(height(topic, _TOPIC_WIDTH - 4), height(text, TEXT_WIDTH)))
        worksheet.write_string(place, 0, topic, formats.bold)
        if isinstance(text, str):
            worksheet.write_string(place, 1, text, formats.wrapped)
        else:
            worksheet.write_number(place, 1, text, formats.left)
    worksheet.freeze_panes(1, 0)


def limits(row: Row) -> tuple[Cell, Cell, Cell]:
    """A row's figure and its limits as three cells."""
    return row.value, row.low, row.high


def height(cell: Cell, width: int) -> int:
    """Points that a wrapped text takes: not every program finds it out when it opens the file."""
    # Words do not fill a line to its end.
    return _LINE_HEIGHT * max(1, -(-len(str(cell)) // round(0.9 * width)))
