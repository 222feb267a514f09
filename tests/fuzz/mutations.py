"""Changes to what a command reads, such as people, programs and bad disks make them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from hypothesis import strategies as st

from sim.scenario.paths import KeyPath, leaves
from sim.scenario.toml import toml_value

ODD: Final[tuple[Any, ...]] = (
    *(0, -1, 1, 2, 7, 24, 25, 1e-300, 1e300, -0.0, 0.5, 1.0000001, 10**18, -(10**30)),
    *(float("inf"), float("nan"), True, False, "", " ", "0", "22:00", "24:00", "25:00", "7"),
    *(
        "=1+1",
        "\u202eabc",
        "a\u0301",
        "\u2028",
        "\U0001f6a8",
        "x" * 300,
        "%s {0} $(id)",
        "../..",
        "[a]*",
    ),
    *(
        [],
        [1],
        ["a", "a"],
        [[]],
        {},
        {"a": 1},
        {"shape": "x"},
        date(2022, 2, 28),
        date(9999, 12, 31),
    ),
)
"""Values that stand where another is meant."""

KEYS: Final = (
    "",
    "a",
    "NAME",
    "a.b",
    "é",
    "extends",
    "format",
    "x" * 100,
    "people",
    "median_minutes",
)
TEXTS: Final = (
    *("", " ", "0", "-1", "1e9", "NaN", "=cmd", "@x", "\t", "1900-01-01", "31/02/2022 10:00"),
    *(
        "2022-04-25 10:00",
        "2022-04-25T10:00:00Z",
        "10:00",
        "24:00",
        "115",
        "1650892200000",
        '"',
        "'",
    ),
    *(
        "\u0000",
        "\u202e",
        "é",
        "\U0001f6a8",
        "x" * 5_000,
        "a;b",
        "a,b",
        "Smith, John",
        "None",
        "NULL",
    ),
)
"""The same for the cells of a table."""


@st.composite
def changed_values(draw: st.DrawFn, data: Mapping[str, Any], most: int = 3) -> dict[str, Any]:
    """Draw nested values with some of them replaced, taken away, renamed, doubled or added."""
    found: dict[str, Any] = copied(data)
    for _ in range(draw(st.integers(1, most))):
        paths = [path for path, _ in leaves(found) if path]
        if not paths:
            return found
        path = draw(st.sampled_from(paths))
        # Sometimes a whole table, and not one of its values.
        path = path[: draw(st.integers(1, len(path)))]
        draw(st.sampled_from(_CHANGES))(draw, found, path)
    return found


def copied(value: Any) -> Any:
    """Return nested values that may be changed without the first ones changing."""
    if isinstance(value, Mapping):
        return {str(key): copied(item) for key, item in value.items()}
    return [copied(item) for item in value] if isinstance(value, list) else value


def _above(data: Any, path: KeyPath) -> Any:
    for part in path[:-1]:
        data = data[part]
    return data


def _replace(draw: st.DrawFn, data: Any, path: KeyPath) -> None:
    _above(data, path)[path[-1]] = copied(draw(st.sampled_from(ODD)))


def _scale(draw: st.DrawFn, data: Any, path: KeyPath) -> None:
    place = _above(data, path)
    value = place[path[-1]]
    if isinstance(value, int | float) and not isinstance(value, bool):
        place[path[-1]] = value * draw(st.sampled_from((0, -1, 1e-6, 0.1, 10, 1_000, 1_000_000)))


def _take_away(_: st.DrawFn, data: Any, path: KeyPath) -> None:
    del _above(data, path)[path[-1]]


def _rename(draw: st.DrawFn, data: Any, path: KeyPath) -> None:
    place = _above(data, path)
    if isinstance(place, dict):
        place[draw(st.sampled_from(KEYS))] = place.pop(path[-1])


def _double(_: st.DrawFn, data: Any, path: KeyPath) -> None:
    place = _above(data, path)
    last = path[-1]
    if isinstance(place, list) and isinstance(last, int):
        place.append(copied(place[last]))


def _add(draw: st.DrawFn, data: Any, path: KeyPath) -> None:
    place = _above(data, path)
    value = copied(draw(st.sampled_from(ODD)))
    if isinstance(place, dict):
        place[draw(st.sampled_from(KEYS))] = value
    else:
        place.append(value)


def _exchange(draw: st.DrawFn, data: Any, path: KeyPath) -> None:
    """Put a value of the same file there."""
    others = [value for _, value in leaves(data)]
    _above(data, path)[path[-1]] = copied(draw(st.sampled_from(others)))


_CHANGES: Final[tuple[Callable[[st.DrawFn, Any, KeyPath], None], ...]] = (
    _replace,
    _scale,
    _take_away,
    _rename,
    _double,
    _add,
    _exchange,
)


def toml_of(data: Mapping[str, Any]) -> str:
    """Write nested values as a file of TOML, each table of the first level in one line."""
    return "".join(f"{_key(key)} = {toml_value(value)}\n" for key, value in data.items())


def _key(key: str) -> str:
    return toml_value(key)


@st.composite
def changed_text(draw: st.DrawFn, text: str | bytes, most: int = 3) -> bytes:
    """Draw the bytes of a text or a file with some cut out, doubled, exchanged or put in."""
    found = text.encode("utf-8") if isinstance(text, str) else text
    for _ in range(draw(st.integers(1, most))):
        start = draw(st.integers(0, len(found)))
        end = min(len(found), start + draw(st.integers(0, 200)))
        put = draw(
            st.sampled_from(
                (
                    b"",
                    b"\x00",
                    b"\xff\xfe",
                    b"\xef\xbb\xbf",
                    b'"',
                    b"[",
                    b"}",
                    b"=",
                    b"\n",
                    b"\r",
                    b"#",
                )
            )
            | st.binary(max_size=8)
        )
        found = (
            found[:start] + put + draw(st.sampled_from((b"", found[start:end] * 2))) + found[end:]
        )
    return found


@st.composite
def changed_table(draw: st.DrawFn, rows: list[list[str]], most: int = 4) -> str:
    """Draw a CSV with cells, columns and rows changed, and sometimes with other separators."""
    found = [list(row) for row in rows]
    for _ in range(draw(st.integers(1, most))):
        row = draw(st.integers(0, len(found) - 1))
        column = draw(st.integers(0, max(0, len(found[row]) - 1)))
        change = draw(st.sampled_from(_CHANGES_OF_ROWS))
        change(found, row, column, draw(st.sampled_from(TEXTS)))
    separator = draw(st.sampled_from((",", ",", ",", ";", "\t")))
    end = draw(st.sampled_from(("\n", "\n", "\r\n", "\r")))
    lines = (separator.join(_cell(cell, separator) for cell in row) for row in found)
    return end.join(lines) + draw(st.sampled_from((end, "", end * 3)))


def _set_cell(rows: list[list[str]], row: int, column: int, text: str) -> None:
    rows[row][column : column + 1] = [text]


def _set_heading(rows: list[list[str]], _: int, column: int, text: str) -> None:
    rows[0][column : column + 1] = [text]


def _set_column(rows: list[list[str]], _: int, column: int, text: str) -> None:
    for one in rows[1:]:
        one[column : column + 1] = [text]


def _take_column(rows: list[list[str]], _: int, column: int, __: str) -> None:
    for one in rows:
        del one[column : column + 1]


def _double_column(rows: list[list[str]], _: int, column: int, __: str) -> None:
    for one in rows:
        one[column:column] = one[column : column + 1]


def _double_row(rows: list[list[str]], row: int, _: int, __: str) -> None:
    rows.insert(row, list(rows[row]))


def _cut(rows: list[list[str]], row: int, _: int, __: str) -> None:
    del rows[row + 1 :]


def _turn(rows: list[list[str]], _: int, __: int, ___: str) -> None:
    rows[1:] = rows[:0:-1]


_CHANGES_OF_ROWS: Final = (
    _set_cell,
    _set_heading,
    _set_column,
    _take_column,
    _double_column,
    _double_row,
    _cut,
    _turn,
)


def _cell(text: str, separator: str) -> str:
    if any(sign in text for sign in (separator, '"', "\n", "\r")):
        return '"' + text.replace('"', '""') + '"'
    return text
