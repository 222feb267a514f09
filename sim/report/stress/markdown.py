"""Markdown of the sheet: how its template writes names, shares, cells and paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from jinja2 import Template

_AS_IT_STANDS: Final = ("#", "|", "    ")
_ITEM: Final = "- "


@cache
def template() -> Template:
    """The sheet."""
    from jinja2 import Environment, StrictUndefined

    # Markdown is no HTML: what would end a cell is escaped there.
    environment = Environment(
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters |= {
        "cell": cell,
        "clock": lambda minutes: f"{minutes // 60:02d}:{minutes % 60:02d}",
        "listed": listed,
        "percent": lambda share: f"{share:.0%}",
        "plain": plain,
        "short": lambda number: f"{number:g}",
        "words": lambda name: name.replace("_", " "),
    }
    return environment.from_string(
        files(__package__).joinpath("sheet.md.j2").read_text(encoding="utf-8")
    )


def unwrapped(text: str) -> str:
    """Paragraphs and items in a line each, and one empty line between blocks."""
    blocks = [block for block in re.split(r"\n\s*\n", text.strip("\n")) if block.strip()]
    return "\n\n".join(_block(block.strip("\n")) for block in blocks) + "\n"


def _block(block: str) -> str:
    if block.startswith(_AS_IT_STANDS):
        return "\n".join(line.rstrip() for line in block.splitlines())
    lines: list[str] = []
    for line in block.splitlines():
        if not lines or line.startswith(_ITEM):
            lines.append(line.strip())
        else:
            lines[-1] = f"{lines[-1]} {line.strip()}".strip()
    return "\n".join(lines)


def listed(names: Iterable[str]) -> str:
    """Names as code, with commas."""
    return ", ".join(f"`{name}`" for name in names)


def plain(text: str) -> str:
    """Text in one line."""
    return " ".join(text.split())


def cell(value: object) -> str:
    """A table's cell; what would end it, or begin a tag, is escaped."""
    return plain(str(value)).replace("|", "\\|").replace("<", "&lt;")
