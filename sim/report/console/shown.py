"""What a terminal shows of a study: the first screen, named sections, or all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from rich.console import Group, RenderableType
from rich.text import Text

from sim.report.answer import Answer, Subject, about, answer, headline_of, target_of
from sim.report.console.lines import LEAST_WIDTH, Terminal, joined
from sim.report.console.screen import screen
from sim.report.console.sections import drawn
from sim.report.sections import Section, entry, sections
from sim.report.terminal import ASCII, UNICODE
from sim.results import Document

_LABELS: Final = 10


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a planner asks to see.

    Attributes
    ----------
    full
        All sections after the first screen.
    show
        Sections by name, in place of the first screen.
    about
        Cuts that the answer is about; None: the headline's.
    counted
        The study counted these very cuts, so that no row means no report.

    Raises
    ------
    InputError
        If there is no section of a name; the nearest one is in it.
    """

    full: bool = False
    show: tuple[str, ...] = ()
    about: str | None = None
    counted: bool = False

    def __post_init__(self) -> None:
        for name in self.show:
            entry(name)


def shown(
    document: Document,
    wanted: Wanted | None = None,
    *,
    width: int,
    ascii_only: bool = False,
    warned: bool = False,
) -> RenderableType:
    """What a terminal shows.

    Parameters
    ----------
    document
        Of a run or a comparison.
    wanted
        What is asked for; None: the first screen.
    width
        Columns; no line is longer. Under 40 is taken as 40.
    ascii_only
        Use no character outside ASCII.
    warned
        The warnings stand above it already.

    Raises
    ------
    InputError
        If `wanted.about` names no cut of the document.
    """
    wanted = wanted or Wanted()
    if warned:
        silent = document.context.model_copy(update={"warnings": ()})
        document = document.model_copy(update={"context": silent})
    subject = None
    if wanted.about is not None:
        subject = about(wanted.about, document, counted=wanted.counted)
    made = answer(document, subject)
    terminal = Terminal(max(LEAST_WIDTH, width), ASCII if ascii_only else UNICODE)
    return Group(*_lines(document, made, wanted, terminal))


def _lines(document: Document, made: Answer, wanted: Wanted, terminal: Terminal) -> Iterator[Text]:
    if not wanted.show:
        yield from screen(made, terminal)
    else:
        yield from terminal.words(made.statement)
    if not wanted.full and not wanted.show:
        return
    yield Text("")
    told = _about(document, made.subject)
    whole = headline_of(told.context)
    if made.subject != whole:
        words = whole.whom(told.context)
        yield from terminal.words(f"The sections below are about {words[:1].lower()}{words[1:]}.")
        yield Text("")
    found = sections(told, None if wanted.full else wanted.show)
    missing = [] if wanted.full else [name for name in wanted.show if name not in found]
    parts = [drawn(section, told, terminal) for section in found.values()]
    parts += [terminal.words(f"{name}: these results have nothing for it.") for name in missing]
    yield from joined(parts)
    if wanted.show:
        yield Text("")
        further = [name for name in _beside(found.values()) if name not in found]
        if further and not wanted.full:
            told_of = [(f"--show {name}", entry(name).about) for name in further]
            yield from terminal.steps("SEE ALSO", told_of, _LABELS)
        yield from terminal.words(" ".join(made.footing), "dim")


def _beside(found: Iterable[Section]) -> list[str]:
    """The sections that others name, each once."""
    return list(dict.fromkeys(name for section in found for name in section.see))


def _about(document: Document, subject: Subject) -> Document:
    """The document whose headline is another stream or grade: sections are about no further cut."""
    context = document.context
    stream, grade = subject.stream or context.stream, subject.grade or context.grade
    if (stream, grade) == (context.stream, context.grade):
        return document
    target = target_of(context, Subject(stream, grade))
    other = context.model_copy(
        update={
            "stream": stream,
            "grade": grade,
            "target_minutes": None if target is None else target.minutes,
            "starts": "received" if target is None else target.starts,
        }
    )
    return document.model_copy(update={"context": other})
