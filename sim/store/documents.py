"""The document of results and the manifest: as JSON, as rows, and their checksum."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sim.errors import InputError
from sim.store.contents import SUMMARY_COLUMNS


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
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(
            "this is no folder of results, or it is damaged",
            file=path,
            allowed="a folder that --output has written",
        ) from error
    if not isinstance(found, dict):
        raise InputError("this is not what --output writes", file=path)
    return found


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Write a document."""
    path.write_text(json_text(value), encoding="utf-8", newline="\n")


def json_text(value: Mapping[str, Any]) -> str:
    """A document as it is written."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def write_csv(path: Path, document: Mapping[str, Any]) -> None:
    """Write a document's rows, in `SUMMARY_COLUMNS`."""
    text = io.StringIO()
    writer = csv.DictWriter(text, SUMMARY_COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(_tidy(document))
    written = text.getvalue()
    # Excel takes a file without the mark for one of its own code page.
    encoding = "utf-8" if written.isascii() else "utf-8-sig"
    path.write_text(written, encoding=encoding, newline="")


def _tidy(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a document's rows, each with its scenario, and the baseline it is compared with."""
    kinds: Iterable[tuple[str, str | None]] = (("scenarios", None), ("differences", "baseline"))
    for kind, key in kinds:
        for part in document.get(kind, ()):
            against = None if key is None else part[key]
            for row in part["rows"]:
                yield {"scenario": part["name"], "baseline": against, **row}
