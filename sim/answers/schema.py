"""The JSON Schema of the answers, as ``docs/answers.schema.json`` publishes it."""

from __future__ import annotations

import json

from pydantic.json_schema import models_json_schema

from sim.answers.kinds import KINDS
from sim.results.schema import plain


def answers_schema_text() -> str:
    """The schema as text: one document of any kind."""
    named, schema = models_json_schema(
        [(one, "serialization") for one in KINDS.values()],
        ref_template="#/$defs/{model}",
    )
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Answers to the planner's questions",
        "oneOf": [named[one, "serialization"] for one in KINDS.values()],
    }
    return json.dumps(head | plain(schema), indent=1) + "\n"
