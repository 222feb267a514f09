"""Markdown of the sheet: parts, bullets, tables, and what is left to the analyst."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

ANALYST: Final = "To be written by the analyst"
"""Marks what only a person can write."""


def joined(*parts: str) -> str:
    """All parts that say anything, with an empty line between them."""
    return "\n\n".join(part for part in parts if part) + "\n"


def by_analyst(what: str) -> str:
    """A place for what only a person can write."""
    return f"**{ANALYST}:** {what}"


def bullets(items: Iterable[str]) -> str:
    """A list of those that say anything."""
    return "\n".join(f"- {item}" for item in items if item)


def listed(names: Iterable[str]) -> str:
    """Names as code, with commas."""
    return ", ".join(f"`{name}`" for name in names)


def plain(text: str) -> str:
    """Text in one line."""
    return " ".join(text.split())


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; what would end a cell or begin a tag is escaped."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(value: object) -> str:
    # A bar would end the cell, and an angle bracket begin a tag.
    return plain(str(value)).replace("|", "\\|").replace("<", "&lt;")
