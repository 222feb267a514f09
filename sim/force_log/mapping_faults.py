"""What is wrong with a mapping file, in words for the planner who wrote it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from sim.errors import InputError
from sim.scenario.describing import describe, known_keys
from sim.scenario.fields import Fault
from sim.scenario.findings import Finding, listed, nearest
from sim.scenario.messages import shown
from sim.scenario.paths import MISSING, KeyPath, dotted, lookup

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

MISSING_KEY: Final = "this key is missing"
_A_TIME: Final = '"its column", or ["its date", "its time of day"]'
_A_STATUS: Final = 'or a status { step = ["its label"] }'
_A_LENGTH: Final = 'or a length { lasted = "its column", after = "received", unit = "seconds" }'
_UNION_MEMBERS: Final = (
    "int", "float", "dict", "list", "constrained",
    "one column", "two columns", "a length", "a status",
)  # fmt: skip


def findings_of(
    error: ValidationError, data: Mapping[str, object], schema: Mapping[str, Any]
) -> list[Finding]:
    """Return what the models refused, one finding for each place.

    Parameters
    ----------
    error, data
        What the model of a mapping said of this data.
    schema
        The model's JSON Schema, for what may stand where.
    """
    whole = dict(_inlined(schema, schema["$defs"]))
    found: dict[KeyPath, Finding] = {}
    for details in error.errors(include_url=False, include_input=False):
        finding = _finding(details, data, whole)
        found.setdefault(finding.path, finding)
    return list(found.values())


def as_errors(
    findings: Iterable[Finding], data: Mapping[str, object], file: str
) -> list[InputError]:
    """Say which file the findings are in, in the order of the file; missing keys come last."""
    order = {key: place for place, key in enumerate(data)}
    ranked = sorted(
        findings, key=lambda finding: order.get(str(finding.path[0]) if finding.path else "", 999)
    )
    return [
        InputError(
            finding.message,
            file=file,
            path=dotted(finding.path) or None,
            found=finding.found,
            allowed=finding.allowed,
            suggestion=finding.suggestion,
        )
        for finding in ranked
    ]


def _finding(
    details: ErrorDetails, data: Mapping[str, object], schema: Mapping[str, Any]
) -> Finding:
    kind = details["type"]
    path = _data_path(details, data)
    value = lookup(data, path)
    if kind == "missing":
        node = _node(schema, path)
        of_a_time = path[:1] == ("columns",) and "oneOf" in (node or {})
        return Finding(path, MISSING_KEY, allowed=_ways(path) if of_a_time else describe(node))
    if kind == "extra_forbidden":
        keys = _keys(_node(schema, path[:-1]))
        return Finding(
            path, "unknown key", allowed=listed(keys), suggestion=nearest(path[-1], keys)
        )
    rule = details.get("ctx", {}).get("error")
    if isinstance(rule, Fault):
        where = (*path, *rule.at)
        at = lookup(data, where)
        return Finding(
            where, str(rule), None if isinstance(at, Mapping) else shown(at), rule.allowed
        )
    if path[:1] == ("columns",) and kind == "union_tag_not_found":
        return Finding(path, "this tells no time", shown(value), _ways(path))
    node = _node(schema, path)
    choices = [str(choice) for choice in (node or {}).get("enum", ())]
    message = "this cannot stand here"
    if kind == "literal_error":
        message = "this is not one of the choices"
    elif kind == "too_short" and path == ("grades",):
        message = "no label of the priority has its grade yet"
    elif kind.startswith(("greater_than", "too_short")):
        message = "this is empty" if kind == "too_short" else "this is too low"
    elif kind.startswith(("less_than", "too_long")):
        message = "this is too high" if kind != "too_long" else "there are too many"
    elif kind == "string_pattern_mismatch":
        message = "this is not a name"
    return Finding(path, message, shown(value), describe(node), nearest(value, choices))


def _data_path(details: ErrorDetails, data: Mapping[str, object]) -> KeyPath:
    """Return the path of the data that pydantic's location stands for."""
    path: list[int | str] = []
    here: Any = data
    parts = details["loc"]
    for place, part in enumerate(parts):
        below = lookup(here, (part,)) if isinstance(here, Mapping | list) else MISSING
        if below is not MISSING:
            path.append(part)
            here = below
        elif place == len(parts) - 1 and not str(part).startswith(_UNION_MEMBERS):
            path.append(part)
    return tuple(path[:-1] if path and path[-1] == "[key]" else path)


def _inlined(node: Any, definitions: Mapping[str, Any]) -> Any:  # noqa: ANN401
    if isinstance(node, list):
        return [_inlined(item, definitions) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _inlined(definitions[node["$ref"].rsplit("/", 1)[1]], definitions)
    return {key: _inlined(value, definitions) for key, value in node.items() if key != "$defs"}


def _node(schema: Mapping[str, Any], path: KeyPath) -> dict[str, Any] | None:
    """Return the schema of what stands, or would stand, at a path."""
    node: Any = schema
    for part in path:
        kinds = _members(node)
        below = [_below(kind, part) for kind in kinds]
        node = next((one for one in below if isinstance(one, dict)), None)
        if node is None:
            return None
    return dict(node)


def _ways(path: KeyPath) -> str:
    """How a log may tell a time; that of receipt is no length after another."""
    ways = [_A_TIME, _A_STATUS] if path[-1] == "received" else [_A_TIME, _A_LENGTH, _A_STATUS]
    return ", ".join(ways)


def _members(node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """A schema, and those of what it may be one of."""
    below = [*node.get("anyOf", ()), *node.get("oneOf", ())]
    return [node, *(member for one in below for member in _members(one))]


def _keys(node: Mapping[str, Any] | None) -> list[str]:
    """The keys that may stand in a table, in whichever of its forms."""
    return list(dict.fromkeys(key for one in _members(node or {}) for key in known_keys(dict(one))))


def _below(node: Mapping[str, Any], part: str | int) -> object:
    if isinstance(part, int):
        return node.get("items")
    if part in node.get("properties", {}):
        return node["properties"][part]
    patterns = list(node.get("patternProperties", {}).values())
    return patterns[0] if patterns else node.get("additionalProperties")
