"""What is wrong with a scenario's data, before it is known which file it came from."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sim.scenario.paths import KeyPath


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: where, and what a planner has to know to mend it.

    Attributes
    ----------
    path
        Where it is; it may end in a key that is missing.
    message, allowed
        As for `sim.errors.InputError`.
    found
        The value that stands there; None where showing it would not help.
    suggestion
        The nearest known key or name.
    """

    path: KeyPath
    message: str
    found: Any = None
    allowed: str | None = None
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A value as it stands in a file, to be shown without further quotes."""

    text: str

    def __str__(self) -> str:
        return self.text


def nearest(word: object, known: Iterable[str]) -> str | None:
    """Return the known word that a misspelt one was probably meant to be, if any is near."""
    if not isinstance(word, str):
        return None
    near = difflib.get_close_matches(word, list(known), n=3, cutoff=0.6)

    def closeness(other: str) -> tuple[float, bool]:
        # Of equally near words one with the same first letter: slips come later in a word.
        return difflib.SequenceMatcher(None, other, word).ratio(), other[0] == word[0]

    return max(near, key=closeness) if near else None


def listed(words: Iterable[str]) -> str:
    """Return words in quotes as a list in English; the last is joined by "or"."""
    quoted = [f'"{word}"' for word in words]
    if len(quoted) < 2:
        return "".join(quoted)
    return f"{', '.join(quoted[:-1])} or {quoted[-1]}"
