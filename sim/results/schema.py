"""The JSON Schema of the document, as ``docs/output.schema.json`` publishes it."""

from __future__ import annotations

import json
from typing import Any

from sim.results.document import Document


def schema_text() -> str:
    """The schema as text; every key is there, null where a figure is over all of it."""
    schema = plain(Document.model_json_schema(mode="serialization"))
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Results of run and compare",
    }
    return json.dumps(head | schema, indent=1) + "\n"


def plain(node: Any) -> Any:  # noqa: ANN401 (JSON)
    """Without the titles that repeat names, and with each description in one line."""
    if isinstance(node, list):
        return [plain(one) for one in node]
    if not isinstance(node, dict):
        return node
    return {
        key: " ".join(value.split())
        if key == "description" and isinstance(value, str)
        else plain(value)
        for key, value in node.items()
        if not (key == "title" and isinstance(value, str))
    }
