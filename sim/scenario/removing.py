"""What a file takes away from the file that it extends."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from sim.errors import InputError
from sim.scenario.findings import nearest
from sim.scenario.paths import MISSING, KeyPath, dotted, is_table_list, lookup, parsed

_BY_NAME: Final = re.compile(r"(?P<list>.+)\[(?P<name>[a-z][a-z0-9_]*)\]")
_ALLOWED: Final = 'a list of paths in quotes, such as ["pools.night_team", "areas.county"]'


def removals(
    base: Mapping[str, Any], wanted: object, file: str, base_file: str
) -> tuple[list[KeyPath], list[InputError]]:
    """Return the paths that a file removes from what it inherits, and what is wrong with them.

    Parameters
    ----------
    base
        What the file inherits.
    wanted
        What it has under ``remove``: paths of tables, keys, or shifts (by name,
        ``pools.response.shifts[night]``, or by place).
    file, base_file
        The file, and the one that it extends, as shown to people.
    """
    if not isinstance(wanted, list) or not all(isinstance(item, str) for item in wanted):
        fault = InputError(
            "a list of paths is needed here",
            file=file,
            path="remove",
            found=wanted,
            allowed=_ALLOWED,
        )
        return [], [fault]
    removed: list[KeyPath] = []
    faults = []
    for place, text in enumerate(wanted):
        path = path_of(base, text)
        if path is None or lookup(base, path) is MISSING:
            faults.append(_nothing_there(base, text, path, file, f"remove[{place}]", base_file))
        elif isinstance(path[-1], int) and not is_table_list(lookup(base, path[:-1])):
            faults.append(
                InputError(
                    "one value of a list cannot be removed",
                    file=file,
                    path=f"remove[{place}]",
                    found=text,
                    allowed=f"{dotted(path[:-1])}, whole; or write that list again as it should be",
                )
            )
        elif path not in removed:
            removed.append(path)
    # From the last place of a list, so that the places of the others hold.
    removed.sort(key=lambda path: (_places(path), len(path)), reverse=True)
    return removed, faults


def without(data: Mapping[str, Any], removed: Iterable[KeyPath]) -> dict[str, Any]:
    """Return values without what stands at some paths, taken away in their order."""
    left: Any = dict(data)
    for path in removed:
        left = _taken(left, path)
    return dict(left)


def path_of(base: Mapping[str, Any], text: str) -> KeyPath | None:
    """Return the path that a text spells, a shift named or counted; None where it spells none."""
    by_name = _BY_NAME.fullmatch(text)
    if by_name is None:
        return parsed(text)
    above = parsed(by_name["list"])
    items = MISSING if above is None else lookup(base, above)
    if above is None or not isinstance(items, list):
        return None
    names = [lookup(item, ("name",)) for item in items]
    return (*above, names.index(by_name["name"])) if by_name["name"] in names else None


def named(data: Mapping[str, Any], path: KeyPath) -> str:
    """Return a path as text, an item of a list by its name where it has one."""
    name = lookup(data, (*path, "name")) if isinstance(path[-1], int) else MISSING
    return f"{dotted(path[:-1])}[{name}]" if isinstance(name, str) else dotted(path)


def _nothing_there(
    base: Mapping[str, Any], text: str, path: KeyPath | None, file: str, place: str, base_file: str
) -> InputError:
    is_path = path is not None or _BY_NAME.fullmatch(text) is not None
    return InputError(
        f"nothing stands there in {base_file}" if is_path else "this is not a path",
        file=file,
        path=place,
        found=text,
        allowed="the path of what is inherited, such as pools.NAME or pools.NAME.shifts[NAME]; "
        "title and about never are",
        suggestion=_nearest_path(base, text, path),
    )


def _nearest_path(base: Mapping[str, Any], text: str, path: KeyPath | None) -> str | None:
    """Return the path whose last part was probably meant, in the first table that is there."""
    by_name = _BY_NAME.fullmatch(text)
    if by_name is not None:
        items = lookup(base, parsed(by_name["list"]) or ("",))
        names = [lookup(item, ("name",)) for item in items] if isinstance(items, list) else []
        near = nearest(by_name["name"], [name for name in names if isinstance(name, str)])
        return None if near is None else f"{by_name['list']}[{near}]"
    for length in range(len(path or ())):
        assert path is not None
        table = lookup(base, path[:length])
        if isinstance(table, Mapping) and path[length] not in table:
            near = nearest(path[length], [key for key in table if key != "sources"])
            return None if near is None else dotted((*path[:length], near, *path[length + 1 :]))
    return None


def _places(path: KeyPath) -> tuple[int, ...]:
    return tuple(part for part in path if isinstance(part, int))


def _taken(data: Any, path: KeyPath) -> Any:  # noqa: ANN401
    """Return data without what stands at a path; nothing is changed in place."""
    first, *rest = path
    if isinstance(data, list):
        items = list(data)
        assert isinstance(first, int)
        if not rest:
            del items[first]
        else:
            items[first] = _taken(items[first], tuple(rest))
        return items
    if not isinstance(data, Mapping) or first not in data:
        return data  # a table above it is gone already
    if not rest:
        return {key: value for key, value in data.items() if key != first}
    return {**data, first: _taken(data[first], tuple(rest))}
