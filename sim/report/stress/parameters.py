"""Every value of a scenario as a parameter of the sheet, with the file and source that gave it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from sim.provenance import portable_path
from sim.scenario.paths import KeyPath, dotted, is_table_list, leaves, lookup
from sim.scenario.resolve import DEFAULT, resolved_data
from sim.scenario.toml import toml_value

if TYPE_CHECKING:
    from sim.scenario.loading import Loaded
    from sim.scenario.models import Source

_WEEKDAYS: Final = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}


def inputs(subject: Loaded) -> Iterator[tuple[str, str, str, str]]:
    """Key, value, file and source of each."""
    data = resolved_data(subject.scenario)
    for path in _rows_of(data, ()):
        if path[0] in {"format", "title", "about", "sources"}:
            continue
        value = lookup(data, path)
        yield (
            f"`{dotted(path)}`",
            toml_value(value),
            _origin(subject, path, value),
            _source(subject.scenario.sources, path),
        )


def _rows_of(value: Any, path: KeyPath) -> Iterator[KeyPath]:  # noqa: ANN401
    """Paths of what is one parameter: a value, a duration, a shift, or a table of plain values."""
    if isinstance(value, Mapping) and value and _is_several(value, path):
        for key, below in value.items():
            yield from _rows_of(below, (*path, key))
    elif is_table_list(value):
        for place, below in enumerate(value):
            yield from _rows_of(below, (*path, place))
    else:
        yield path


def _is_several(table: Mapping[str, Any], path: KeyPath) -> bool:
    if "family" in table or (path and isinstance(path[-1], int)):
        return False
    # Shares and minutes by grade, area or weekday are one parameter; named settings are several.
    keyed = all(str(key)[:1].isdigit() for key in table) or set(table) <= _WEEKDAYS
    return not keyed or any(isinstance(below, Mapping) for below in table.values())


def _origin(subject: Loaded, path: KeyPath, value: Any) -> str:  # noqa: ANN401
    below = next((dotted((*path, *rest)) for rest, _ in leaves(value)), dotted(path))
    origin = subject.origins.get(below, "")
    return origin if origin in {"", DEFAULT} else portable_path(origin)


def _source(sources: Mapping[str, Source], path: KeyPath) -> str:
    for length in range(len(path), 0, -1):
        found = sources.get(dotted(path[:length]))
        if found is not None and found.source is not None:
            details = [str(one) for one in (found.year, found.confidence) if one is not None]
            return found.source + (f" ({', '.join(details)})" if details else "")
        if found is not None:
            return "assumption, section 3.4"
    return ""
