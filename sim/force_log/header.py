"""The header of a CSV log: titles above it, its separator, the names in it."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import polars as pl

from sim.errors import InputError, ScenarioErrors
from sim.force_log.mapping import LogFile
from sim.scenario.findings import Written, listed, nearest
from sim.scenario.toml import toml_value

_LISTED_COLUMNS: Final = 40
_DATED: Final = r"(\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}[/.-]\d{1,2}[/.-]\d{1,2})"

_LOOKED_AT: Final = 40


def guessed_separator(line: str) -> str:
    """The mark that most probably stands between the fields of a header."""
    return max((",", ";", "\t", "|"), key=line.count)


def header_line(text: str, separator: str | None) -> tuple[int, str, str]:
    """How many lines stand above the header, the header, and the mark between its fields.

    A title has far fewer cells than the rows below it, or is blank but for one; anything else that
    stands first is the header.
    """
    lines = [line.strip("\r") for line in text.split("\n" if "\n" in text else "\r", _LOOKED_AT)]
    if len(lines) > _LOOKED_AT:
        lines.pop()
    separator = separator or guessed_separator(max(lines, key=lambda one: len(_marks_of(one))))
    filled = [fields_of(line, separator) for line in lines]
    widths = [len(fields) for fields in filled if any(fields)]
    usual = max(set(widths), key=lambda width: (widths.count(width), width), default=0)
    for place, fields in enumerate(filled):
        cells = sum(map(bool, fields))
        if cells > usual / 2 or (cells and usual <= 1):
            return place, lines[place], separator
    return 0, lines[0], separator


def _marks_of(line: str) -> str:
    return max((re.sub(f"[^{re.escape(mark)}]", "", line) for mark in ",;\t|"), key=len)


def fields_of(line: str, separator: str) -> list[str]:
    """The fields of a line, without blanks around them."""
    row = next(csv.reader([line.strip("\r\n")], delimiter=separator), [])
    return [name.strip() for name in row]


def check_names(header: Sequence[str], path: Path) -> None:
    """Refuse a first line that is a row: its values are not to be taken for names of columns."""
    dated = sum(bool(re.match(_DATED, name)) for name in header)
    if dated:
        # The values themselves are not shown.
        raise InputError(
            f"the first line holds values, and no names of columns: {dated} of its "
            f"{len(header)} fields are dates",
            file=path.as_posix(),
            allowed="an export with its header, a name for each column",
        )


def check_separator(header: list[str], lines: pl.Series, file: LogFile, path: Path) -> None:
    """Refuse a header that another mark parts than the mapping says."""
    guessed = guessed_separator(str(lines[0])) if len(lines) else file.separator
    if len(header) == 1 and guessed != file.separator and guessed in str(lines[0]):
        raise InputError(
            f'the header has no "{file.separator}" between its fields',
            file=path.as_posix(),
            found=file.separator,
            allowed=f"separator = {toml_value(guessed)} in [file] of the mapping, it seems",
        )


def check_columns(header: list[str], wanted: Sequence[tuple[str, str]], path: Path) -> None:
    """Refuse a file whose header lacks a wanted column, or has it twice.

    Raises
    ------
    sim.errors.InputError, sim.errors.ScenarioErrors
        With the columns that there are, and the nearest name.
    """
    errors = []
    if not {name for _, name in wanted} & set(header):
        raise InputError(
            "the header has none of the columns that the mapping names",
            file=path.as_posix(),
            found=Written(", ".join(f'"{name}"' for name in header[:_LISTED_COLUMNS])),
            allowed=listed([name for _, name in wanted][:_LISTED_COLUMNS]),
        )
    used = {name for _, name in wanted}
    unused = [name for name in header if name not in used]
    for key, name in wanted:
        if header.count(name) == 1:
            continue
        twice = name in header
        shown = header[:_LISTED_COLUMNS]
        more = f" and {len(header) - len(shown)} more" if len(header) > len(shown) else ""
        errors.append(
            InputError(
                "the header has this column twice" if twice
                else "the header has no such column",
                file=path.as_posix(),
                path=f"{key} of the mapping",
                found=name,
                allowed=None if twice else listed(shown) + more,
                suggestion=None if twice else nearest(name, unused),
            )
        )  # fmt: skip
    if errors:
        raise ScenarioErrors(errors)
