"""Tables that a file begins by mistake: the name of one that it inherits, misspelt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sim.scenario.findings import Finding, listed, nearest
from sim.scenario.paths import MISSING, KeyPath, lookup

# By section: what each of its tables is called, what a new one has at least one of, and in words.
_NEW: Final[Mapping[str, tuple[str, tuple[KeyPath, ...], str]]] = {
    "areas": ("area", (("travel", "family"),), "title and travel"),
    "targets": ("target", (("grade",),), "grade and minutes"),
    "profiles": ("profile", (("hours",), ("week",)), "hours or week"),
    "streams": ("stream", (("kind",),), "kind and the rest"),
    "pools": ("pool", (("kind",), ("role",)), "kind and role"),
}


def strangers(base: Mapping[str, Any], own: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield the tables of a file that are neither inherited nor begin something new.

    Parameters
    ----------
    base
        What the file inherits.
    own
        Its own values.
    """
    for section, (what, begins, words) in _NEW.items():
        tables, known = own.get(section), base.get(section)
        if not isinstance(tables, Mapping) or not isinstance(known, Mapping):
            continue
        for name, table in tables.items():
            near = nearest(name, known)
            if name in known or near is None or not isinstance(table, Mapping):
                continue
            if all(lookup(table, path) is MISSING for path in begins):
                yield Finding(
                    (section, name),
                    f"there is no {what} of this name",
                    allowed=f"{listed(known)}, or a new {what} with {words}",
                    suggestion=near,
                )
