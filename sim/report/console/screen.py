"""The first screen in a terminal: the answer, its table, and what stands under it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from rich.text import Text

from sim.report.console.lines import Sheet, joined

if TYPE_CHECKING:
    from sim.report.answer import Answer

_LABELS: Final = 15
_TITLES: Final = 2
_LEAST_HEADING: Final = 12


def screen(answer: Answer, sheet: Sheet) -> Iterator[Text]:
    """All lines of the first screen."""
    yield from joined(
        (
            _head(answer, sheet),
            _finding(answer, sheet),
            _table(answer, sheet),
            _paragraphs(answer, sheet),
        )
    )


def _head(answer: Answer, sheet: Sheet) -> Iterator[Text]:
    for one in answer.cautions:
        yield from sheet.words(one, "bold red")
    yield from sheet.words(f"{answer.whom.upper()}: {answer.what}", "bold")
    yield from sheet.words(answer.statement)
    for one in answer.warnings:
        yield from sheet.words(f"Warning: {one}", "bold yellow")


def _finding(answer: Answer, sheet: Sheet) -> Iterator[Text]:
    yield from sheet.labelled("ANSWER", " ".join(answer.finding), _LABELS)


def _table(answer: Answer, sheet: Sheet) -> Iterator[Text]:
    if answer.table is None:
        return
    lettered = len(answer.columns) > 1 and len(answer.table.columns) == len(answer.columns)
    if len(answer.columns) == 1:
        yield from sheet.table(answer.table, headings=[answer.columns[0].title])
    elif lettered:
        keys = "; ".join(f"{one.letter} {one.title}" for one in answer.columns)
        yield from sheet.words(f"{keys}. A is the baseline. {answer.key}".rstrip())
        yield from sheet.table(answer.table)
    else:
        yield from sheet.table(answer.table)
        if answer.key:
            yield from sheet.words(answer.key, "dim")


def _paragraphs(answer: Answer, sheet: Sheet) -> Iterator[Text]:
    for one in answer.paragraphs:
        yield from sheet.labelled(one.heading.upper(), " ".join(one.sentences), _LABELS)
    following = [f"{what} {gives}" for what, gives in answer.following]
    yield from sheet.labelled("NEXT", following, _LABELS)
    yield from sheet.words(" ".join(answer.footing), "dim")
