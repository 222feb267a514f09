"""Paths into a scenario's data, such as ``pools.missing_person_bcp.shifts.late.end``.

What has a name in a list, as a shift has, is found by its name or by its place: ``shifts.late``,
``shifts[late]`` and ``shifts[1]`` are one and the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias

KeyPath: TypeAlias = tuple[str | int, ...]

MISSING: Final = object()
"""Stands for "nothing is there": TOML has no null."""

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPE: Final = re.compile(
    r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U00(?:0[0-9a-fA-F]|10)[0-9a-fA-F]{4}|.)", re.DOTALL
)
_SIGNS: Final = {"n": "\n", "r": "\r", "t": "\t"}
_PART: Final = re.compile(
    r'\.?(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<bare>[A-Za-z0-9_-]+))'
    r"|\[(?:(?P<index>\d{1,9})|(?P<name>[a-z][a-z0-9_]*))\]"
)


def dotted(path: KeyPath) -> str:
    """Return a path as text; a key that TOML would not take bare stands in quotes."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            key = part if _BARE.fullmatch(part) else f'"{_escaped(part)}"'
            text += f".{key}" if text else key
    return text


def parsed(text: str) -> KeyPath | None:
    """Return the path that a text spells, or None where it spells none."""
    path: list[str | int] = []
    place = 0
    while place < len(text):
        part = _PART.match(text, place)
        if part is None or (path == [] and text[place] in ".["):
            return None
        bracketed = text[place] == "["
        if path and not bracketed and text[place] != ".":
            return None
        if part["index"] is not None:
            path.append(int(part["index"]))
        else:
            quoted = part["quoted"]
            key = part["name"] or part["bare"] or ("" if quoted is None else _unescaped(quoted))
            path.append(key)
        place = part.end()
    return tuple(path) or None


def _escaped(key: str) -> str:
    r"""Return a key as it stands in quotes: what is not printed, quotes and \ are spelt out."""
    text = key.replace("\\", "\\\\").replace('"', '\\"')
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text
    )


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(_sign, text)


def _sign(escape: re.Match[str]) -> str:
    spelt = escape[0]
    if len(spelt) > 2:
        return chr(int(f"0x{spelt[2:]}", 0))
    return _SIGNS.get(spelt[1], spelt[1])


def lookup(data: Any, path: KeyPath) -> Any:  # noqa: ANN401
    """Return what stands at a path of nested tables and lists; MISSING where nothing does."""
    for part in path:
        # Nearly all of them, and it is told at once.
        if type(data) is dict:
            data = data.get(part, MISSING)
            continue
        key = _place(data, part)
        if isinstance(data, Mapping) and isinstance(key, str):
            data = data.get(key, MISSING)
        elif isinstance(data, list) and isinstance(key, int) and key < len(data):
            data = data[key]
        else:
            return MISSING
    return data


def counted(data: Any, path: KeyPath) -> KeyPath:  # noqa: ANN401
    """Return a path with the place of what it calls by name in a list, as far as that is there."""
    parts: list[str | int] = []
    for part in path:
        key = part if type(data) is dict else _place(data, part)
        data = lookup(data, (key,))
        parts.append(key)
    return tuple(parts)


def named(data: Any, path: KeyPath) -> KeyPath:  # noqa: ANN401
    """Return a path with the name of what it counts in a list, where that has one."""
    parts: list[str | int] = []
    for part in path:
        data = lookup(data, (part,))
        name = data.get("name") if isinstance(part, int) and isinstance(data, Mapping) else None
        parts.append(name if isinstance(name, str) else part)
    return tuple(parts)


def _place(data: Any, part: str | int) -> str | int:  # noqa: ANN401
    """Return the place of what has a name in a list; of anything else the part as it is."""
    if isinstance(data, list) and isinstance(part, str):
        for place, item in enumerate(data):
            if isinstance(item, Mapping) and item.get("name") == part:
                return place
    return part


def is_table_list(value: object) -> bool:
    """Tell whether a value is a list of tables, one or more."""
    return isinstance(value, list) and bool(value) and all(isinstance(v, Mapping) for v in value)


def leaves(data: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:  # noqa: ANN401
    """Yield (path, value) of every value that is neither a filled table nor a list of tables."""
    if isinstance(data, Mapping) and data:
        for key, value in data.items():
            yield from leaves(value, (*path, key))
    elif is_table_list(data):
        for index, value in enumerate(data):
            yield from leaves(value, (*path, index))
    else:
        yield path, data
