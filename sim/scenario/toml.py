"""TOML in and out: syntax errors in words, and values as they are written."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from sim.errors import InputError
from sim.scenario.findings import Written
from sim.scenario.text import read_bytes, refuse_workbook, utf_16

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_POSITION: Final = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
# Slips that tomllib reports by their symptom; the first pattern that a line holds is named. What
# the groups of a pattern hold stands in the words in their order.
_SLIPS: Final = (
    (r"=\s*\d{1,2}:\d{2}\s*(?:#|,|}|$)", 'a time of day is written in quotes, such as "22:00"'),
    ("[\u201c\u201d\u2018\u2019]", 'quotes are straight ones, ", not the curled ones of a letter'),
    (r"=\s*(?:True|False|yes|no|Yes|No|TRUE|FALSE)\b", "write true or false, in small letters"),
    (r"=\s*(-?\d{1,3}(?:,\d{3})+(?:\.\d+)?)\s*(?:#|}|$)", "no comma stands between thousands"),
    (r"=\s*(-?\d+,\d+)\s*(?:#|}|$)", "a decimal point is a full stop"),
    (r"=\s*(\d+(?:[.,]\d+)?\s*%)", "a share is written as a fraction of 1"),
    (r"=\s*\d{1,2}/\d{1,2}/\d{4}", "a date is written year first, such as 2022-04-25"),
    (r"=\s*0\d", "a number does not begin with 0"),
    (r"^\s*[A-Za-z0-9_.-]+\s*:", "a key and its value are joined by =, not by a colon"),
    (r"=\s*[A-Za-z_][\w-]*(?:\s|$)", 'text is written in quotes, such as "response"'),
    (r"=\s*(?:#|$)", "there is no value after ="),
)
_KEY_TWICE: Final = "this key stands twice in its table"
_TABLE_TWICE: Final = "this table stands twice"
_CAUSES: Final = (
    ("Cannot overwrite a value", _KEY_TWICE),
    ("Duplicate inline table key", _KEY_TWICE),
    ("Cannot declare", _TABLE_TWICE),
    ("Cannot mutate immutable", "a table in braces is complete; it cannot be added to below"),
    ("Expected ']'", "a closing bracket ] is missing"),
    ("Unclosed array", "a closing bracket ] is missing, or a comma between two values"),
    ("Unclosed inline table", "a closing brace } is missing, or a comma between two values"),
    ("Unterminated string", "a closing quote is missing"),
    ("Illegal character", "a closing quote is missing, or there is a character that cannot be"),
    ("Unescaped '\\'", r"a backslash in quotes is written twice, \\, or use single quotes"),
    ("Expected '=' after a key", "a key needs = and a value"),
    ("Expected newline", "something follows the value that does not belong to it"),
    ("Invalid date", "there is no such date"),
    ("Invalid value", "there is no value after =, or none that can be read"),
    ("Invalid statement", "this line is neither a table's heading nor a key with a value"),
)


def read_toml(path: Path, file: str) -> dict[str, Any]:
    """Read a TOML file.

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
        If it cannot be read; for bad syntax with line, column and, where it can be told, the slip.
    """
    text = _decoded(read_bytes(path, file), file)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(str(error), text, file) from None
    except RecursionError:
        raise InputError("tables or lists are nested too deeply", file=file) from None
    except ValueError as error:
        # A date such as 2022-02-30 has the form of one and is none.
        raise InputError(f"a value cannot be read: {error}", file=file) from None


def _decoded(content: bytes, file: str) -> str:
    refuse_workbook(
        content,
        file,
        needed="a text file is needed",
        allowed="a TOML file; a scenario's rotas may come from a spreadsheet, saved as CSV "
        "and named by rota_file",
    )
    if utf_16(content) is not None:
        raise InputError(
            "the file is saved as UTF-16",
            file=file,
            allowed='a text file saved with the encoding "UTF-8"',
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"the file is not saved as UTF-8 (at byte {error.start + 1})",
            file=file,
            allowed='a text file saved with the encoding "UTF-8"',
        ) from None


def _syntax_error(message: str, text: str, file: str) -> InputError:
    position = _POSITION.search(message)
    lines = text.replace("\r\n", "\n").split("\n")
    if position is None or position[1] is None:
        number, place = len(text.rstrip().split("\n")), "at the end of the file"
    else:
        number = int(position[1])
        place = f"line {number}, column {position[2]}"
    line = lines[number - 1] if number <= len(lines) else ""
    cause = next((words for start, words in _CAUSES if message.startswith(start)), None)
    slip = None
    if cause in {_KEY_TWICE, _TABLE_TWICE}:
        # The parser stops where the line ends, or at what is below the second heading.
        first = _first_of_two(lines, number)
        place = f"line {number}"
        cause += "" if first is None else f"; the first is in line {first}"
    else:
        slip = _slip(line)
    return InputError(
        slip or cause or "this cannot be read",
        file=file,
        path=place,
        found=Written(line.strip()) if line.strip() else None,
    )


def _slip(line: str) -> str | None:
    for pattern, words in _SLIPS:
        found = re.search(pattern, line)
        if found is not None:
            written = as_number(found[1]) if found.groups() else None
            return words if written is None else f"{words}: write {written}"
    return None


def _first_of_two(lines: list[str], number: int) -> int | None:
    """Return the number of the line above that has the same key in its table, or heading."""
    line = lines[number - 1].split("#")[0].strip()
    heading = line.startswith("[")
    key = line if heading else line.split("=")[0].strip()
    for above in range(number - 1, 0, -1):
        other = lines[above - 1].split("#")[0].strip()
        if not heading and other.startswith("[") and "=" not in other:
            return None
        if key and (other if heading else other.split("=")[0].strip()) == key:
            return above
    return None


def as_number(text: str) -> str | None:
    """Return how a number is written in TOML that a planner wrote as people do.

    ``7,000`` is 7000 or 7_000, ``0,5`` is 0.5 and ``30 %`` is 0.3. None: it is no number.
    """
    text = text.strip()
    percent = re.fullmatch(r"(\d+(?:[.,]\d+)?)\s*%", text)
    if percent:
        return f"{float(percent[1].replace(',', '.')) / 100:.12g}"
    if re.fullmatch(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?", text):
        return f"{text.replace(',', '')} or {text.replace(',', '_')}"
    if re.fullmatch(r"-?\d+,\d+", text):
        return text.replace(",", ".")
    return text if re.fullmatch(r"-?\d+(?:\.\d+)?", text) else None


def toml_key(key: str) -> str:
    """Return a key as TOML writes it: in quotes where it has to be."""
    return key if _BARE.fullmatch(key) else _quoted(key)


def toml_value(value: Any) -> str:  # noqa: ANN401
    """Return a value as TOML writes it, on one line; tables stand in braces.

    Raises
    ------
    TypeError
        If the value is of a type that a scenario does not hold.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return f"[{', '.join(toml_value(item) for item in value)}]"
    if isinstance(value, Mapping):
        pairs = [f"{toml_key(key)} = {toml_value(item)}" for key, item in value.items()]
        return f"{{ {', '.join(pairs)} }}" if pairs else "{}"
    raise TypeError(f"no TOML for {type(value).__name__}")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
