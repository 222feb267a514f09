"""What the sheet tells of the written rules: their subjects and numbers, and which are assumed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

_MODEL: Final = Path(__file__).parents[3] / "docs" / "model.md"
_SECTION: Final = re.compile(r"^## (\d+)\. (.+)$", re.MULTILINE)
_RULE: Final = re.compile(r"^(\d+)\.(\d+) (.+)$", re.MULTILINE)


def rules_by_subject() -> list[tuple[str, str]]:
    """Sections of the rules and the numbers in each, where the documentation is at hand."""
    if not _MODEL.is_file():
        return []
    text = _MODEL.read_text(encoding="utf-8")
    numbers: dict[str, list[str]] = {}
    for section, number, _ in _RULE.findall(text):
        numbers.setdefault(section, []).append(f"{section}.{number}")
    return [
        (title, f"{numbers[section][0]} to {numbers[section][-1]}")
        for section, title in _SECTION.findall(text)
        if section in numbers
    ]


def assumed_rules() -> list[str]:
    """Numbers of the rules that rest on assumption, where the documentation is at hand."""
    if not _MODEL.is_file():
        return []
    text = _MODEL.read_text(encoding="utf-8")
    return [f"{a}.{b}" for a, b, rule in _RULE.findall(text) if "[assumption" in rule]
