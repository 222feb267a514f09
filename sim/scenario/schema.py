"""JSON Schema of scenario files, for editors that complete and check TOML as it is typed."""

from __future__ import annotations

import copy
import json
from typing import Any, Final

from sim.scenario.describing import model_schema

SCHEMA_FILE: Final = "scenario.schema.json"
"""Name of the copy in ``docs/`` that the shipped files point to."""

_DIALECT: Final = "http://json-schema.org/draft-07/schema#"
_DROPPED: Final = ("title", "discriminator")
_AS_IS: Final = ("default", "enum", "required", "const")
_EXTENDS: Final = {
    "description": "Scenario file that this one extends, relative to it; write only what differs.",
    "type": "string",
}


_REMOVE: Final = {
    "description": "Paths of what this file takes away from the one that it extends, such as "
    "pools.night_team, areas.county or pools.response.shifts.late.",
    "type": "array",
    "items": {"type": "string"},
}


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 7) of scenario files.

    A file that extends another needs only ``format``, ``title`` and ``extends``: the top level
    describes every table with nothing required, and a file without ``extends`` has to satisfy
    the complete description besides. Dates are strings here, as TOML editors hand them over.
    """
    complete = copy.deepcopy(model_schema())
    definitions = {name: _tidied(node) for name, node in complete.pop("$defs").items()}
    _take_shifts_by_name(definitions)
    whole = _tidied(complete)
    partial = {name: _partial(node) for name, node in definitions.items()}
    top = _partial(whole)
    return {
        "$schema": _DIALECT,
        "title": "Scenario of the missing-child operational risk simulator",
        "description": whole["description"],
        "type": "object",
        "properties": _in_front(top["properties"]),
        "required": ["format", "title"],
        "additionalProperties": False,
        "dependencies": {"remove": ["extends"]},
        "if": {"required": ["extends"]},
        "else": {"$ref": "#/definitions/Scenario"},
        "definitions": {
            "Scenario": whole,
            **definitions,
            **{f"{name}Part": node for name, node in partial.items()},
        },
    }


def schema_text() -> str:
    """Return the schema as the text of its file."""
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


def _take_shifts_by_name(definitions: dict[str, Any]) -> None:
    """Let a pool's shifts be a table by name too, as files may have them."""
    shift = definitions["Shift"]
    shifts = definitions["Pool"]["properties"]["shifts"]
    required = [key for key in shift["required"] if key != "name"]
    definitions["ShiftByName"] = {**shift, "required": required}
    definitions["Pool"]["properties"]["shifts"] = {
        "description": "The whole rota as a list; or by name, new shifts and what differs in "
        "those that are inherited.",
        "default": shifts["default"],
        "anyOf": [
            {"type": "array", "items": shifts["items"]},
            {
                "type": "object",
                "propertyNames": {"pattern": shift["properties"]["name"]["pattern"]},
                "additionalProperties": {"$ref": "#/definitions/ShiftByName"},
            },
        ],
    }


def _in_front(properties: dict[str, Any]) -> dict[str, Any]:
    first = {
        "format": properties["format"],
        "title": properties["title"],
        "extends": _EXTENDS,
        "remove": _REMOVE,
    }
    return {**first, **properties}


def _tidied(node: Any) -> Any:  # noqa: ANN401
    """Return a node without generated titles, without null (TOML has none), and closed."""
    if isinstance(node, list):
        return [_tidied(item) for item in node]
    if not isinstance(node, dict):
        return node
    tidy: dict[str, Any] = {}
    for key, value in node.items():
        if key not in _DROPPED and not (key == "default" and value is None):
            tidy[key] = _tidied_value(key, value)
    if "patternProperties" in tidy:
        tidy["additionalProperties"] = False
    if "anyOf" in tidy:
        kinds = [kind for kind in tidy["anyOf"] if kind != {"type": "null"}]
        if len(kinds) > 1:
            return {**tidy, "anyOf": kinds}
        del tidy["anyOf"]
        return {**kinds[0], **tidy}
    return tidy


def _tidied_value(key: str, value: Any) -> Any:  # noqa: ANN401
    if key == "properties":
        return {name: _tidied(item) for name, item in value.items()}
    if key == "$ref":
        return value.replace("#/$defs/", "#/definitions/")
    if key == "description":
        return " ".join(value.split("\n\n")[0].split()).replace("``", "`")
    if key == "propertyNames":
        # pydantic's own words for the bounds of whole-number keys mean nothing here.
        return {k: v for k, v in value.items() if k not in {"ge", "le"}}
    return value if key in _AS_IS else _tidied(value)


def _partial(node: Any) -> Any:  # noqa: ANN401
    """Return a node with nothing required, for a file that gives only what differs."""
    if isinstance(node, list):
        return [_partial(item) for item in node]
    if not isinstance(node, dict):
        return node
    part: dict[str, Any] = {}
    for key, value in node.items():
        if key == "properties":
            part[key] = {name: _partial(item) for name, item in value.items()}
        elif key == "$ref":
            part[key] = f"{value}Part"
        elif key in {"required", "minProperties"}:
            continue
        elif key == "oneOf":
            # Without its kind a part of a table may be of several.
            part["anyOf"] = _partial(value)
        elif key == "items":
            # Lists are replaced whole, so what is in them is complete.
            part[key] = value
        else:
            part[key] = _partial(value) if key not in _AS_IS else value
    return part
