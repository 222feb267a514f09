"""What may stand at a path, in plain English, read off the JSON Schema of the models."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from sim.scenario.fields import CLOCK_PATTERN, DATE_PATTERN
from sim.scenario.findings import listed
from sim.scenario.models import Scenario
from sim.scenario.paths import KeyPath

Node = Mapping[str, Any]

_NAME: Final = "a name of small letters, digits and _, beginning with a small letter"
_DIGIT: Final = "^[1-9]$"
_JSON_TYPES: Final = (
    ("boolean", bool),
    ("integer", int),
    ("number", (int, float)),
    ("string", str),
    ("array", list),
    ("object", Mapping),
)


@cache
def model_schema() -> dict[str, Any]:
    """Return the JSON Schema of a complete scenario, as the models give it."""
    return Scenario.model_json_schema(mode="validation")


def node_at(data: Any, path: KeyPath) -> Node | None:  # noqa: ANN401
    """Return the schema of what stands, or would stand, at a path; None for an unknown key.

    Parameters
    ----------
    data
        The whole scenario as read; it decides which of several kinds of table is meant.
    path
        Keys and indices from the top.
    """
    node: Node | None = _chosen(model_schema(), data)
    for part in path:
        if node is None:
            return None
        if isinstance(part, int):
            node = node.get("items")
            data = data[part] if isinstance(data, list) and part < len(data) else None
        else:
            node = _below(node, part)
            data = data.get(part) if isinstance(data, Mapping) else None
        node = None if node is None else _chosen(node, data)
    return node


def known_keys(node: Node | None) -> list[str]:
    """Return the keys that a table may have, where they are a fixed set."""
    return list(node.get("properties", ())) if node else []


def describe(node: Node | None) -> str | None:
    """Return what may stand somewhere, as a noun phrase."""
    if node is None:
        return None
    node = _dereferenced(node)
    if "const" in node:
        return listed([node["const"]]) if isinstance(node["const"], str) else str(node["const"])
    if "enum" in node:
        return listed(node["enum"])
    if "discriminator" in node:
        key = node["discriminator"]["propertyName"]
        return f"a table with {key} = {listed(node['discriminator']['mapping'])}"
    if "anyOf" in node:
        kinds = [describe(kind) for kind in node["anyOf"] if kind.get("type") != "null"]
        return ", or ".join(kind for kind in kinds if kind)
    return _simple(node)


def describe_keys(node: Node | None) -> str | None:
    """Return what the keys of a table may be, as a noun phrase."""
    if node is None:
        return None
    if node.get("properties"):
        return listed(node["properties"])
    if "enum" in node.get("propertyNames", {}):
        return listed(node["propertyNames"]["enum"])
    if is_by_number(node):
        return "a whole number from 1 to 9"
    if _is_by_date(node):
        return "a date, year first, such as 2022-04-25"
    return f"{_NAME}, at most 40 letters long"


def is_by_number(node: Node | None) -> bool:
    """Tell whether the keys of a table are grades or numbers of officers."""
    return _DIGIT in (node or {}).get("patternProperties", {})


def _is_by_date(node: Node) -> bool:
    return DATE_PATTERN in node.get("patternProperties", {})


def is_share(node: Node | None) -> bool:
    """Tell whether a share, from 0 to 1, stands somewhere."""
    node = None if node is None else _dereferenced(node)
    if node is not None and "anyOf" in node:
        return any(is_share(kind) for kind in node["anyOf"])
    return node is not None and (node.get("minimum"), node.get("maximum")) == (0, 1)


def allowed_keys(node: Node | None) -> list[str]:
    """Return the words that a table takes as keys, where they are a fixed set."""
    return known_keys(node) or list((node or {}).get("propertyNames", {}).get("enum", ()))


def _simple(node: Node) -> str | None:
    kind = node.get("type")
    if kind == "string":
        return _text(node)
    if kind == "integer":
        return _number("a whole number", node)
    if kind == "number":
        return _number("a number", node)
    if kind == "boolean":
        return "true or false"
    if kind == "array":
        least, most = node.get("minItems"), node.get("maxItems")
        count = "one or more values" if least else "values"
        if least is not None and least == most:
            count = f"{least} values"
        return f"a list of {count}, each {describe(node['items'])}"
    return _table(node) if kind == "object" else None


def _table(node: Node) -> str:
    values = list(node.get("patternProperties", {}).values())
    values += [v for v in [node.get("additionalProperties")] if isinstance(v, Mapping)]
    if not values:
        return "a table"
    each = describe(values[0]) or "a value"
    if each.startswith("a table"):
        return "a table of tables"
    return f"a table: for each {'date' if _is_by_date(node) else 'key'} {each}"


def _text(node: Node) -> str:
    if node.get("pattern") == CLOCK_PATTERN:
        return 'a time of day in quotes, from "00:00" to "24:00"'
    if node.get("format") == "date":
        return "a date without quotes, such as 2022-04-25"
    if node.get("format") == "date-time":
        return "a date and time without quotes, such as 2022-04-26T09:15:00"
    if "pattern" in node:
        return _NAME
    most = node.get("maxLength")
    return "text in quotes" if most is None else f"text in quotes, at most {most:,} characters"


def _number(what: str, node: Node) -> str:
    least, above, most = (node.get(k) for k in ("minimum", "exclusiveMinimum", "maximum"))
    highest = None if most is None else f"{most:,.12g}"
    if least is not None:
        return f"{what} from {least} to {highest}" if highest else f"{what}, {least} or more"
    if above is not None:
        return f"{what} above {above}" + (f", at most {highest}" if highest else "")
    return what


def _below(node: Node, key: str) -> Node | None:
    if key in node.get("properties", {}):
        below: Node = node["properties"][key]
        return below
    for values in node.get("patternProperties", {}).values():
        below = values
        return below
    further = node.get("additionalProperties")
    return further if isinstance(further, Mapping) else None


def _chosen(node: Node, data: Any) -> Node:  # noqa: ANN401
    """Follow references, and of several kinds take the one that the data is of, if any is."""
    node = _dereferenced(node)
    if "anyOf" in node:
        kinds = [_dereferenced(k) for k in node["anyOf"] if k.get("type") != "null"]
        fitting = [kind for kind in kinds if _fits(kind, data)]
        if len(kinds) == 1:
            return _chosen(kinds[0], data)
        if len(fitting) == 1 and isinstance(data, Mapping | list):
            return _chosen(fitting[0], data)
    if "discriminator" in node and isinstance(data, Mapping):
        tag = data.get(node["discriminator"]["propertyName"])
        mapping = node["discriminator"]["mapping"]
        if isinstance(tag, str) and tag in mapping:
            return _dereferenced({"$ref": mapping[tag]})
    return node


def _fits(node: Node, data: Any) -> bool:  # noqa: ANN401
    return any(
        isinstance(data, python)
        for json, python in _JSON_TYPES
        if json == node.get("type", "object")
    )


def _dereferenced(node: Node) -> Node:
    while "$ref" in node:
        node = model_schema()["$defs"][node["$ref"].rsplit("/", 1)[1]]
    return node
