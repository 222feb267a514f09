"""From the plain dictionaries of format 1 to the typed document; until all is made typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from sim.results.document import Document

_BEHIND: Final = ("scenarios", "on_duty", "sources", "timelines", "command")
_TIMED: Final = (
    (r"^waited_over_(\d+)_minutes$", "waited_over", 1),
    (r"^stage_mean_over_(\d+)_minutes$", "stage_mean_over", 1),
    (r"^(arrived|returned_first|returned|found)_by_(\d+)_minutes$", None, 1),
    (r"^cases_open_over_(\d+)_hours$", "cases_open_over", 60),
    (r"^return_interview_in_(\d+)_hours$", "return_interview_within", 60),
)


def document_of(plain: Mapping[str, Any]) -> Document:
    """The typed document of a plain one with its context."""
    found = {**plain, "format": 2}
    for kind in ("scenarios", "differences"):
        found[kind] = [
            {**part, "rows": [_timed(row) for row in part["rows"]]} for part in plain[kind]
        ]
    if "context" in plain:
        whole = plain["context"]
        found["context"] = {key: value for key, value in whole.items() if key not in _BEHIND}
        found["background"] = {key: whole[key] for key in _BEHIND if key in whole}
    return Document.model_validate(found)


def _timed(row: Mapping[str, Any]) -> dict[str, Any]:
    for pattern, name, factor in _TIMED:
        match = re.match(pattern, row["measure"])
        if match is not None:
            minutes = int(match[match.lastindex or 1]) * factor
            return {**row, "measure": name or f"{match[1]}_by", "minutes": minutes}
    return dict(row)
