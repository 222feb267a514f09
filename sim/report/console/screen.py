"""The first screen in a terminal: the answer, its table, and what stands under it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from rich.text import Text

from sim.report.console.lines import Terminal, joined

if TYPE_CHECKING:
    from sim.report.answer import Answer

_LABELS: Final = 15
_WIDTH: Final = 80
_SCENARIOS: Final = 3
_LINES: Final = 45
"""That a screen of 80 columns holds, of so many scenarios."""
_LINES_MORE: Final = 12
"""For each so many beyond."""
_IN_SECTIONS: Final = ("hours", "same", "after", "calls", "high-risk")
"""Paragraphs that --full tells as well, the least needed first."""


def screen(answer: Answer, terminal: Terminal) -> Iterator[Text]:
    """All lines of the first screen.

    Where they would be more than a screen holds, paragraphs that a section tells as well are left
    to it, the least needed first.
    """
    left: list[str] = []
    lines = _drawn(answer, terminal, left)
    for name in _IN_SECTIONS:
        if len(lines) <= _most_lines(answer) or terminal.width < _WIDTH:
            break
        left.append(name)
        lines = _drawn(answer, terminal, left)
    yield from lines


def _most_lines(answer: Answer) -> int:
    beyond = max(0, len(answer.columns) - _SCENARIOS)
    return _LINES + _LINES_MORE * -(-beyond // _SCENARIOS)


def _drawn(answer: Answer, terminal: Terminal, left: Sequence[str]) -> list[Text]:
    """The lines without some of the paragraphs."""
    return list(
        joined(
            (
                _head(answer, terminal),
                _finding(answer, terminal),
                _table(answer, terminal),
                _paragraphs(answer, terminal, left),
            )
        )
    )


def _head(answer: Answer, terminal: Terminal) -> Iterator[Text]:
    for one in answer.cautions:
        yield from terminal.words(one, "bold red")
    yield from terminal.words(f"{answer.whom.upper()}: {answer.what}", "bold")
    yield from terminal.words(answer.statement)
    for one in answer.warnings:
        yield from terminal.words(f"Warning: {one}", "bold yellow")


def _finding(answer: Answer, terminal: Terminal) -> Iterator[Text]:
    yield from terminal.labelled("ANSWER", " ".join(answer.finding), _LABELS)


def _table(answer: Answer, terminal: Terminal) -> Iterator[Text]:
    if answer.table is None:
        return
    lettered = len(answer.columns) > 1 and len(answer.table.columns) == len(answer.columns)
    if len(answer.columns) == 1:
        yield from terminal.table(answer.table, headings=[answer.columns[0].title])
    elif lettered:
        keys = "; ".join(f"{one.letter} {one.title}" for one in answer.columns)
        yield from terminal.words(f"{keys}. A is the baseline. {answer.key}".rstrip())
        yield from terminal.table(answer.table)
    else:
        yield from terminal.table(answer.table)
        if answer.key:
            yield from terminal.words(answer.key, "dim")


def _paragraphs(answer: Answer, terminal: Terminal, left: Sequence[str]) -> Iterator[Text]:
    for one in answer.paragraphs:
        if one.name in left:
            continue
        yield from terminal.labelled(one.heading.upper(), " ".join(one.sentences), _LABELS)
    yield from terminal.steps("NEXT", answer.following, _LABELS)
    yield from terminal.words(" ".join(answer.footing), "dim")
