"""Paths into a scenario's data, such as ``pools.missing_person_bcp.shifts[1].end``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias

KeyPath: TypeAlias = tuple[str | int, ...]

MISSING: Final = object()
"""Stands for "nothing is there": TOML has no null."""

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_PART: Final = re.compile(r'\.?(?:"(?P<quoted>[^"]*)"|(?P<bare>[A-Za-z0-9_-]+))|\[(?P<index>\d+)\]')


def dotted(path: KeyPath) -> str:
    """Return a path as text; a key that TOML would not take bare stands in quotes."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            key = part if _BARE.fullmatch(part) else f'"{part}"'
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
        if path and part["index"] is None and text[place] != ".":
            return None
        if part["index"] is not None:
            path.append(int(part["index"]))
        else:
            path.append(part["bare"] if part["quoted"] is None else part["quoted"])
        place = part.end()
    return tuple(path) or None


def lookup(data: Any, path: KeyPath) -> Any:  # noqa: ANN401
    """Return what stands at a path of nested tables and lists; MISSING where nothing does."""
    for part in path:
        if isinstance(data, Mapping) and isinstance(part, str):
            data = data.get(part, MISSING)
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            data = data[part]
        else:
            return MISSING
    return data


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
