"""The document of results and the manifest: as JSON, and their checksum."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from sim.errors import InputError
from sim.scenario.text import refuse_no_file

OF_RESULTS: Final = "a folder that --output has written"
"""What may be read as results."""


def document_sha256(document: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a document but for the time its run took, which no two runs share."""
    run = {key: value for key, value in document.get("run", {}).items() if key != "seconds"}
    text = json.dumps({**document, "run": run}, ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def read_json(path: Path) -> dict[str, Any]:
    """Read a document of a folder of results.

    Raises
    ------
    InputError
        If it cannot be read, or is no document.
    """
    try:
        refuse_no_file(path, path.as_posix())
        text = path.read_text(encoding="utf-8")
        found = json.loads(text, parse_float=_number, parse_constant=_number)
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(
            "this is no folder of results, or it is damaged",
            file=path,
            allowed=OF_RESULTS,
        ) from error
    if not isinstance(found, dict):
        raise InputError("this is not what --output writes", file=path)
    return found


def _number(text: str) -> float:
    """Return a number; JSON knows none that is infinite, or none at all."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is no number of JSON")
    return number


def json_text(value: Mapping[str, Any]) -> str:
    """A document as it is written."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1) + "\n"
