"""What a variant's file switches on that the baseline's has not."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sim.results import FileChange
from sim.scenario.resolve import ABSENT

_ANY: Final = "*"


def switches_on(changes: Iterable[FileChange], keys: Iterable[str]) -> bool:
    """Whether a file sets one of these keys, which is off in the baseline's.

    A key is off where it is absent, nought or false. What luck makes of a rule does not count: one
    that both files have on is switched on by neither.

    Parameters
    ----------
    changes
        The values in which the file differs from the baseline's.
    keys
        Paths in the file, such as "policy.gate.telephone.finds"; a part "*" is any name.
    """
    paths = [key.split(".") for key in keys]
    return any(_is_on(one, path) for one in changes for path in paths)


def _is_on(change: FileChange, path: Sequence[str]) -> bool:
    """Whether this one difference switches on what stands at a path."""
    own = change.path.split(".")
    if len(own) > len(path) or not all(_fits(*pair) for pair in zip(own, path, strict=False)):
        return False
    # A table that only one of them has is one difference: what is looked for stands in it.
    before, after = (_values(text, path[len(own) :]) for text in (change.baseline, change.other))
    return any(after) and not any(before)


def _fits(part: str, wanted: str) -> bool:
    return wanted in (_ANY, part)


def _values(text: str, path: Sequence[str]) -> list[Any]:
    """What stands at a path in a value as TOML writes it."""
    if text == ABSENT:
        return []
    found = [tomllib.loads(f"value = {text}")["value"]]
    for part in path:
        tables = [one for one in found if isinstance(one, Mapping)]
        found = [one[key] for one in tables for key in one if _fits(key, part)]
    return found
