"""Figures as the pages about a log write them: a text, and the row that it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """What a table's cell says.

    Attributes
    ----------
    text
        The figure with its interval.
    pointer
        JSON pointer to its row; empty for words.
    n
        Cases behind it, as words; empty where they are told elsewhere.
    step
        Shade of its cell, from 0; None: unshaded.
    """

    text: str
    pointer: str = ""
    n: str = ""
    step: int | None = None


@dataclass(frozen=True)
class Grid:
    """A table: a caption, headers, and lines whose first cell is a header."""

    caption: str
    headers: Sequence[str]
    lines: Sequence[tuple[str, Sequence[Figure]]]
