"""Rotas from a spreadsheet: a CSV file with a row for each shift of a pool.

Columns (the first four are needed; an empty cell means that the key is absent):

==================  ==============================================================
name                name of the shift
start, end          times of day, ``07:00``; ``7:00`` and ``07:00:00`` will do
people              officers or staff rostered
crew_size           1 or 2
days                ``mon tue wed``, ``mon-wed`` or the days' full names
cycle_length        days in the rota cycle
cycle_on            days of the cycle on which the shift is worked, ``1 2 5-6``
cycle_starts        a date that is day 1, ``2022-04-25`` or ``25/04/2022``
abstraction         in place of the pool's
break_after_hours   when the break is due
break_minutes       how long it is
==================  ==============================================================

The separator may be a comma, a semicolon or a tab, and a byte-order mark may lead, as Excel
writes them. With semicolons or tabs a decimal comma is read as one.

All that is wrong is told at once. A column whose name is nearly right is read as the one that it
was meant to be, so that a slip in the header does not hide the faults of the cells below it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from sim.errors import InputError, ScenarioErrors
from sim.scenario.fields import WEEKDAYS
from sim.scenario.findings import listed, nearest
from sim.scenario.paths import KeyPath
from sim.scenario.text import read_bytes, refuse_workbook, utf_16

_NEEDED: Final = ("name", "start", "end", "people")
_KEYS: Final[dict[str, tuple[str, ...]]] = {
    "name": ("name",),
    "start": ("start",),
    "end": ("end",),
    "people": ("people",),
    "crew_size": ("crew_size",),
    "days": ("days",),
    "cycle_length": ("cycle", "length_days"),
    "cycle_on": ("cycle", "on_days"),
    "cycle_starts": ("cycle", "starts"),
    "abstraction": ("abstraction",),
    "break_after_hours": ("break_after_hours",),
    "break_minutes": ("break_minutes",),
}
_DAY_NAMES: Final = dict(
    zip(
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        WEEKDAYS,
        strict=True,
    )
)
COLUMNS: Final = tuple(_KEYS)
"""The columns of a rota's file, in the order in which they are documented."""

_TIME: Final = re.compile(r"(\d{1,2}):(\d{2})(?::00)?")
_BRITISH_DATE: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


@dataclass(frozen=True, slots=True)
class Rota:
    """The shifts of one CSV file.

    Attributes
    ----------
    file
        The file as shown to people.
    shifts
        Tables as a scenario file would hold them. A cell that cannot be read stays text, so
        that the models report it.
    rows
        Row of the file that each shift stands in, the header being row 1.
    lacking
        Needed columns that the header has not; every row would miss them again.
    faults
        What is wrong with the header, and rows that have no sense as such.
    """

    file: str
    shifts: list[dict[str, Any]]
    rows: list[int]
    lacking: frozenset[str] = frozenset()
    faults: list[InputError] = field(default_factory=list)

    def place(self, path: KeyPath) -> str:
        """Return row and column of a path that begins at the list of shifts."""
        if not path or not isinstance(path[0], int):
            return ""
        row = self.rows[path[0]]
        column = self._column(path)
        return f"row {row}" if column is None else f"row {row}, column {column}"

    def lacks(self, path: KeyPath) -> bool:
        """Tell whether a path, from the list of shifts on, lies in a column that is not there."""
        return self._column(path) in self.lacking

    @staticmethod
    def _column(path: KeyPath) -> str | None:
        keys = tuple(part for part in path[1:] if isinstance(part, str))
        columns = (column for column, names in _KEYS.items() if keys[: len(names)] == names)
        return next(columns, None)


def read_rota(path: Path, file: str) -> Rota:
    """Read the shifts of a CSV file, as `parse_rota` does, and raise what is wrong inside it.

    Raises
    ------
    sim.errors.InputError
        If the file cannot be read or is no text.
    sim.errors.ScenarioErrors
        With every fault of its header and rows. Cells are for the models to judge.
    """
    try:
        rota = parse_rota(path, file)
    except FileNotFoundError:
        raise InputError("there is no such file", file=file) from None
    if rota.faults:
        raise ScenarioErrors(rota.faults)
    return rota


def parse_rota(path: Path, file: str) -> Rota:
    """Read the shifts of a CSV file, faulty or not.

    Parameters
    ----------
    path
        The file.
    file
        The same as shown to people.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    sim.errors.InputError
        If it cannot be read or is no text. What is wrong inside it stands in ``faults``.
    """
    text = _decoded(read_bytes(path, file), file)
    separator = max(",;\t", key=text.split("\n", 1)[0].count)
    number = _decimal_comma if separator != "," else _number
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows: list[tuple[int, list[str]]] = []
    faults: list[InputError] = []
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells):
                rows.append((reader.line_num, cells))
    except csv.Error as error:
        # What follows it cannot be told apart into rows.
        faults.append(
            InputError(
                f"this row cannot be read ({error})", file=file, path=f"row {reader.line_num}"
            )
        )
    if not rows:
        if not faults:
            words = f"a header with {', '.join(_NEEDED)}, and rows"
            faults.append(InputError("the file is empty", file=file, allowed=words))
        return Rota(file, [], [], faults=faults)
    line, header = rows[0]
    columns, wrong = _columns(header, file, line)
    lacking = frozenset(column for column in _NEEDED if column not in columns)
    faults = [*wrong, *faults, *_too_long(rows[1:], header, file)]
    if len(rows) == 1 and not faults:
        faults.append(
            InputError(
                "there is no row below the header", file=file, allowed="a row for each shift"
            )
        )
    return Rota(
        file,
        [_shift(dict(zip(columns, cells, strict=False)), number) for _, cells in rows[1:]],
        [number for number, _ in rows[1:]],
        lacking,
        faults,
    )


def _too_long(
    rows: list[tuple[int, list[str]]], header: list[str], file: str
) -> Iterator[InputError]:
    for number, cells in rows:
        if any(cells[len(header) :]):
            yield InputError(
                f"this row has {len(cells)} cells, and the header {len(header)}",
                file=file,
                path=f"row {number}",
            )


def _decoded(content: bytes, file: str) -> str:
    refuse_workbook(
        content,
        file,
        needed="a rota is read from a CSV file",
        allowed='the sheet saved as CSV (File, Save As, "CSV UTF-8"), and that file\'s name',
    )
    text = utf_16(content)
    if text is not None:
        return text
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Excel's plain "CSV" on Windows.
        return content.decode("cp1252", errors="replace")


def _columns(cells: list[str], file: str, row: int) -> tuple[list[str], list[InputError]]:
    """Return the column that each place of a header stands for ("": none), and its faults."""
    header = [cell.lower().replace(" ", "_") for cell in cells]
    columns: list[str] = []
    faults = []
    for cell, name in zip(cells, header, strict=True):
        column = name if name in _KEYS else ""
        if name and not column:
            near = nearest(name, _KEYS)
            faults.append(
                InputError(
                    "unknown column",
                    file=file,
                    path=f"row {row}",
                    found=cell,
                    allowed=listed(_KEYS),
                    suggestion=near,
                )
            )
            column = near if near is not None and near not in header else ""
        if column and column in columns:
            faults.append(
                InputError("this column stands twice", file=file, path=f"row {row}", found=cell)
            )
            column = ""
        columns.append(column)
    faults += [
        InputError(f'the column "{column}" is missing', file=file, path=f"row {row}")
        for column in _NEEDED
        if column not in columns
    ]
    return columns, faults


def _shift(cells: dict[str, str], number: Callable[[str], object]) -> dict[str, Any]:
    shift: dict[str, Any] = {}
    for column, cell in cells.items():
        if not cell or not column:
            continue
        *tables, key = _KEYS[column]
        target = shift
        for table in tables:
            target = target.setdefault(table, {})
        target[key] = _READERS.get(column, number)(cell)
    return shift


def _text(cell: str) -> object:
    return cell


def _number(cell: str) -> object:
    for kind in (int, float):
        try:
            return kind(cell)
        except ValueError:
            continue
    return cell


def _decimal_comma(cell: str) -> object:
    return _number(cell.replace(",", "."))


def _time(cell: str) -> object:
    time = _TIME.fullmatch(cell)
    return f"{int(time[1]):02d}:{time[2]}" if time else cell


def _date(cell: str) -> object:
    british = _BRITISH_DATE.fullmatch(cell)
    try:
        if british:
            return date(int(british[3]), int(british[2]), int(british[1]))
        return date.fromisoformat(cell)
    except ValueError:
        return cell


def _days(cell: str) -> object:
    days: list[object] = []
    for part in re.split(r"[\s,;/+]+", cell.lower()):
        first, dash, last = (_DAY_NAMES.get(day, day) for day in part.partition("-"))
        if dash and first in WEEKDAYS and last in WEEKDAYS:
            start, end = WEEKDAYS.index(first), WEEKDAYS.index(last)
            days += [WEEKDAYS[day % 7] for day in range(start, start + (end - start) % 7 + 1)]
        else:
            days.append(_DAY_NAMES.get(part, part))
    return days


def _cycle_days(cell: str) -> object:
    days: list[object] = []
    for part in re.split(r"[\s,;/+]+", cell):
        first, dash, last = part.partition("-")
        # A cycle has at most 366 days; three digits keep a slip from making a huge list.
        if dash and re.fullmatch(r"\d{1,3}", first) and re.fullmatch(r"\d{1,3}", last):
            days += range(int(first), int(last) + 1)
        else:
            days.append(_number(part))
    return days


_READERS: Final[dict[str, Callable[[str], object]]] = {
    "name": _text,
    "start": _time,
    "end": _time,
    "days": _days,
    "cycle_on": _cycle_days,
    "cycle_starts": _date,
}
