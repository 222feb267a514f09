"""Rotas from a spreadsheet: a CSV file with a row for each shift of a pool.

Columns (the first four are needed; an empty cell means that the key is absent):

==================  ==============================================================
name                name of the shift
start, end          times of day, ``07:00``; ``7:00`` and ``07:00:00`` will do
people              officers or staff rostered
crew_size           1 or 2
days                ``mon tue wed`` or ``mon-wed``
cycle_length        days in the rota cycle
cycle_on            days of the cycle on which the shift is worked, ``1 2 5-6``
cycle_starts        a date that is day 1, ``2022-04-25`` or ``25/04/2022``
abstraction         in place of the pool's
break_after_hours   when the break is due
break_minutes       how long it is
==================  ==============================================================

The separator may be a comma, a semicolon or a tab, and a byte-order mark may lead, as Excel
writes them. With semicolons or tabs a decimal comma is read as one.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from sim.errors import InputError
from sim.scenario.fields import WEEKDAYS
from sim.scenario.findings import listed, nearest
from sim.scenario.paths import KeyPath

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
    """

    file: str
    shifts: list[dict[str, Any]]
    rows: list[int]

    def place(self, path: KeyPath) -> str:
        """Return row and column of a path that begins at the list of shifts."""
        if not path or not isinstance(path[0], int):
            return ""
        keys = tuple(part for part in path[1:] if isinstance(part, str))
        for column, names in _KEYS.items():
            if keys[: len(names)] == names:
                return f"row {self.rows[path[0]]}, column {column}"
        return f"row {self.rows[path[0]]}"


def read_rota(path: Path, file: str) -> Rota:
    """Read the shifts of a CSV file.

    Parameters
    ----------
    path
        The file.
    file
        The same as shown to people.

    Raises
    ------
    sim.errors.InputError
        If the file cannot be read, or its rows have not the columns above.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise InputError("there is no such file", file=file) from None
    except OSError as error:
        raise InputError(f"the file cannot be read ({error.strerror})", file=file) from None
    text = _decoded(content)
    separator = max(",;\t", key=text.split("\n", 1)[0].count)
    number = _decimal_comma if separator != "," else _number
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    header: list[str] | None = None
    rota = Rota(file, [], [])
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            if header is None:
                header = _header(cells, file)
                continue
            if len(cells) > len(header) and any(cells[len(header) :]):
                raise InputError(
                    f"this row has {len(cells)} cells, and the header {len(header)}",
                    file=file,
                    path=f"row {reader.line_num}",
                )
            rota.shifts.append(_shift(dict(zip(header, cells, strict=False)), number))
            rota.rows.append(reader.line_num)
    except csv.Error as error:
        raise InputError(
            f"this row cannot be read ({error})", file=file, path=f"row {reader.line_num}"
        ) from None
    if header is None:
        raise InputError(
            "the file is empty", file=file, allowed=f"a header with {', '.join(_NEEDED)}, and rows"
        )
    return rota


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Excel's plain "CSV" on Windows.
        return content.decode("cp1252", errors="replace")


def _header(cells: list[str], file: str) -> list[str]:
    header = [cell.lower() for cell in cells]
    for column in header:
        if column and column not in _KEYS:
            raise InputError(
                "unknown column",
                file=file,
                path="row 1",
                found=column,
                allowed=listed(_KEYS),
                suggestion=nearest(column, _KEYS),
            )
        if column and header.count(column) > 1:
            raise InputError("this column stands twice", file=file, path="row 1", found=column)
    for column in _NEEDED:
        if column not in header:
            raise InputError(f'the column "{column}" is missing', file=file, path="row 1")
    return header


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
        first, dash, last = part.partition("-")
        if dash and first in WEEKDAYS and last in WEEKDAYS:
            start, end = WEEKDAYS.index(first), WEEKDAYS.index(last)
            days += [WEEKDAYS[day % 7] for day in range(start, start + (end - start) % 7 + 1)]
        else:
            days.append(part)
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
