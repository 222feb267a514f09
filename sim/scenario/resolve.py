"""The whole scenario written out: every value, where it came from, and what differs in another."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from sim.scenario.loaded import Loaded
from sim.scenario.models import Scenario, Source
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
from sim.scenario.toml import toml_key, toml_value

DEFAULT = "default"
ABSENT = "(absent)"
"""Stands in place of a value that one of two scenarios has not."""
NO_SOURCE = "no source"
"""Stands beside a number of the planner's own file that no entry of ``sources`` speaks of."""

_NOT_COMPARED = ("title", "about", "force", "size", "sources")


class Difference(NamedTuple):
    """A value in which two scenarios differ; both as TOML writes them, None where absent."""

    path: str
    before: str | None
    after: str | None

    @property
    def written(self) -> tuple[str, str]:
        """Both, with `ABSENT` in place of what is not there."""
        return self.before or ABSENT, self.after or ABSENT


def resolved_data(scenario: Scenario) -> dict[str, Any]:
    """Return a scenario as the tables of a TOML file, defaults filled in."""
    data: dict[str, Any] = _with_text_keys(scenario.model_dump(exclude_none=True))
    return data


def resolved_sha256(data: Mapping[str, Any]) -> str:
    """Return the SHA-256 of resolved data as hexadecimal digits.

    The order of tables counts, since areas, queues and desks are served in it.
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def resolved_toml(loaded: Loaded) -> str:
    """Return the whole scenario as a TOML file that loads to an equal one.

    Each value has a comment: the file that gave it, or "default", then its source or assumption.
    What a file removes is named at the top, and where a default stands in its place.
    """
    lines = [f"# {file} removes {path}" for path, file in loaded.removed]
    data = resolved_data(loaded.scenario)
    _write_table(data, (), _Remarks.of(loaded, data), lines)
    return "\n".join(lines).lstrip("\n") + "\n"


def difference(before: Loaded, after: Loaded) -> list[Difference]:
    """Return the values in which two scenarios differ, in the order of the first.

    Titles, sources and what `size` is asked are left out. Shifts are matched by name, and stand
    in the path by name, as in ``pools.supervisors.shifts.night.people``. A table that only one of
    them has is one difference.
    """
    return difference_of_data(resolved_data(before.scenario), resolved_data(after.scenario))


def difference_of_data(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Return the same of resolved data, which may have been through JSON."""
    found: list[Difference] = []
    one, other = (
        {key: value for key, value in data.items() if key not in _NOT_COMPARED}
        for data in (before, after)
    )
    _compare(one, other, "", found)
    return found


def _with_text_keys(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, Mapping):
        return {str(key): _with_text_keys(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_text_keys(item) for item in value]
    return value


class _Remarks(NamedTuple):
    """What is said of the values of a scenario: the scenario, its tables, and sources by path."""

    loaded: Loaded
    data: Mapping[str, Any]
    sources: Mapping[KeyPath, Source]

    @classmethod
    def of(cls, loaded: Loaded, data: Mapping[str, Any]) -> _Remarks:
        """Put the entries of ``sources`` at the places that they name."""
        given = loaded.scenario.sources.items()
        paths = ((parsed(key), source) for key, source in given)
        return cls(loaded, data, {counted(data, p): source for p, source in paths if p is not None})


def _write_table(
    table: Mapping[str, Any], path: KeyPath, remarks: _Remarks, lines: list[str]
) -> None:
    below = []
    for key, value in table.items():
        if (isinstance(value, Mapping) and value) or is_table_list(value):
            below.append((key, value))
        else:
            place = (*path, key)
            lines.append(f"{toml_key(key)} = {toml_value(value)}  # {_comment(place, remarks)}")
    for key, value in below:
        place = (*path, key)
        heading = ".".join(toml_key(part) for part in place if isinstance(part, str))
        if isinstance(value, list):
            for index, item in enumerate(value):
                lines += ["", f"[[{heading}]]"]
                _write_table(item, (*place, index), remarks, lines)
        else:
            if not all(isinstance(item, Mapping) and item for item in value.values()):
                lines += ["", f"[{heading}]"]
            _write_table(value, place, remarks, lines)


def _comment(path: KeyPath, remarks: _Remarks) -> str:
    loaded = remarks.loaded
    parts = [loaded.origins[dotted(path)]]
    if parts == [DEFAULT]:
        name = dotted(named(remarks.data, path))
        removers = [file for gone, file in loaded.removed if name.startswith(gone)]
        parts += [f"{file} removes what was here" for file in removers]
    if dotted(path) in loaded.unsourced:
        return "; ".join([*parts, NO_SOURCE])
    # A source may speak of a single value or of the table that it stands in.
    above = (remarks.sources.get(path[:length]) for length in range(len(path), 0, -1))
    source = next((one for one in above if one is not None), None)
    return "; ".join(parts if source is None else [*parts, _said_by(source)])


def _said_by(source: Source) -> str:
    if source.source is None:
        # What is no number has no range.
        span = "" if source.low is None else f", {source.low:g} to {source.high:g}"
        text = f"assumption{span}: {source.assumption}"
    else:
        details = [str(d) for d in (source.year, source.confidence) if d is not None]
        text = f"source: {source.source}" + (f" ({', '.join(details)})" if details else "")
    return " ".join(text.split())


def _compare(one: Any, other: Any, path: str, found: list[Difference]) -> None:  # noqa: ANN401
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        joined = "{}.{}" if path else "{}{}"
        for key in [*one, *(key for key in other if key not in one)]:
            below = joined.format(path, toml_key(key))
            _compare(one.get(key, MISSING), other.get(key, MISSING), below, found)
    elif _is_named(one) and _is_named(other):
        ones, others = ({item["name"]: item for item in items} for items in (one, other))
        for name in [*ones, *(name for name in others if name not in ones)]:
            below = f"{path}.{toml_key(name)}"
            _compare(ones.get(name, MISSING), others.get(name, MISSING), below, found)
    elif one is MISSING or other is MISSING or one != other:
        texts = (None if value is MISSING else toml_value(value) for value in (one, other))
        found.append(Difference(path, *texts))


def _is_named(value: object) -> bool:
    return value == [] or (
        is_table_list(value)
        and isinstance(value, list)
        and all(lookup(item, ("name",)) is not MISSING for item in value)
    )
