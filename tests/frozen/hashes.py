"""The hashes that are committed, and what differs from them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

_FILE: Final = Path(__file__).with_name("hashes.json")


def hashed(shown: Mapping[str, str]) -> dict[str, str]:
    """A short hash of each text."""
    return {
        part: hashlib.sha256(text.encode("utf-8")).hexdigest()[:16] for part, text in shown.items()
    }


def frozen() -> dict[str, dict[str, str]]:
    """What is committed: by run and part."""
    found: dict[str, dict[str, str]] = json.loads(_FILE.read_text(encoding="utf-8"))
    return found


def write(found: Mapping[str, Mapping[str, str]]) -> None:
    """Replace what is committed."""
    text = json.dumps(found, indent=1, sort_keys=True) + "\n"
    _FILE.write_text(text, encoding="utf-8", newline="\n")


def differences(run: str, found: Mapping[str, str]) -> Iterator[str]:
    """Yield the parts of a run that differ from what is frozen."""
    before = frozen().get(run, {})
    for part in sorted({*before, *found}):
        if part not in found:
            yield f"{run}/{part}: not shown any more"
        elif part not in before:
            yield f"{run}/{part}: new"
        elif before[part] != found[part]:
            yield f"{run}/{part}: differs"
