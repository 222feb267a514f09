"""The first screen in a terminal: the answer, its table, and what stands under it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from rich.text import Text

from sim.report.console.lines import Terminal, joined

if TYPE_CHECKING:
    from sim.report.answer import Answer

_LABELS: Final = 15
_TITLES: Final = 2
_LEAST_HEADING: Final = 12


def screen(answer: Answer, terminal: Terminal) -> Iterator[Text]:
    """All lines of the first screen."""
    yield from joined(
        (
            _head(answer, terminal),
            _finding(answer, terminal),
            _table(answer, terminal),
            _paragraphs(answer, terminal),
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


def _paragraphs(answer: Answer, terminal: Terminal) -> Iterator[Text]:
    for one in answer.paragraphs:
        yield from terminal.labelled(one.heading.upper(), " ".join(one.sentences), _LABELS)
    following = [f"{what} {gives}" for what, gives in answer.following]
    yield from terminal.labelled("NEXT", following, _LABELS)
    yield from terminal.words(" ".join(answer.footing), "dim")
