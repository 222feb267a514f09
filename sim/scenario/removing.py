"""What a file takes away from the file that it extends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sim.errors import InputError
from sim.scenario.findings import nearest
from sim.scenario.paths import (
    MISSING,
    KeyPath,
    counted,
    dotted,
    is_table_list,
    lookup,
    named,
    parsed,
)

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
        ``pools.response.shifts.night``, or by place).
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
        spelt = parsed(text)
        path = None if spelt is None else counted(base, spelt)
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


def _nothing_there(
    base: Mapping[str, Any], text: str, path: KeyPath | None, file: str, place: str, base_file: str
) -> InputError:
    return InputError(
        "this is not a path" if path is None else f"nothing stands there in {base_file}",
        file=file,
        path=place,
        found=text,
        allowed="the path of what is inherited, such as pools.NAME or pools.NAME.shifts.NAME; "
        "title and about never are",
        suggestion=None if path is None else nearest_path(base, path),
    )


def nearest_path(base: Mapping[str, Any], path: KeyPath) -> str | None:
    """Return the path that was probably meant: its first part that is not there put right."""
    for length, part in enumerate(path):
        there = lookup(base, path[:length])
        if lookup(there, (part,)) is not MISSING:
            continue
        if isinstance(there, Mapping):
            known = [key for key in there if key != "sources"]
        else:
            items = there if isinstance(there, list) else []
            known = [name for item in items if isinstance(name := lookup(item, ("name",)), str)]
        near = nearest(part, known)
        if near is None:
            return None
        return dotted((*named(base, path[:length]), near, *path[length + 1 :]))
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
