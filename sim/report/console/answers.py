"""What a terminal shows of an answer: the first screen, and with --full all behind it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from rich.console import Group, RenderableType
from rich.text import Text

from sim.report.console.lines import LEAST_WIDTH, Terminal, joined
from sim.report.console.sections import headed, told
from sim.report.sections.answers import sheet_of
from sim.report.terminal import ASCII, UNICODE

if TYPE_CHECKING:
    from sim.answers import AnswerDocument
    from sim.report.sections.answers import Sheet

_LABELS: Final = 10


def answer_shown(
    document: AnswerDocument, *, width: int, full: bool = False, ascii_only: bool = False
) -> RenderableType:
    """What a terminal shows of an answer.

    Parameters
    ----------
    document
        The answer.
    width
        Columns; no line is longer. Under 40 is taken as 40.
    full
        Also what stands behind the first screen.
    ascii_only
        Use no character outside ASCII.
    """
    terminal = Terminal(max(LEAST_WIDTH, width), ASCII if ascii_only else UNICODE)
    return Group(*_lines(sheet_of(document), terminal, full=full))


def _lines(sheet: Sheet, terminal: Terminal, *, full: bool) -> Iterator[Text]:
    first = (told(section, terminal) for section in sheet.first)
    yield from joined((_head(sheet, terminal), _finding(sheet, terminal), *first))
    if sheet.notes or sheet.following or sheet.footing:
        yield Text("")
        yield from _foot(sheet, terminal)
    if full:
        for section in sheet.further:
            yield Text("")
            yield from headed(section, terminal)


def _head(sheet: Sheet, terminal: Terminal) -> Iterator[Text]:
    yield from terminal.words(sheet.question, "bold")
    if sheet.statement:
        yield from terminal.words(sheet.statement)
    for one in sheet.warnings:
        yield from terminal.words(one, "bold yellow")


def _finding(sheet: Sheet, terminal: Terminal) -> Iterator[Text]:
    yield from terminal.labelled("ANSWER", " ".join(sheet.finding), _LABELS)


def _foot(sheet: Sheet, terminal: Terminal) -> Iterator[Text]:
    for one in sheet.notes:
        yield from terminal.labelled(one.heading.upper(), " ".join(one.sentences), _LABELS)
    if sheet.following:
        yield from terminal.steps("NEXT", sheet.following, _LABELS)
    yield from terminal.words(" ".join(sheet.footing), "dim")
