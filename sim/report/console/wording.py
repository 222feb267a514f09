"""The summary's sentences: the answer, what differs in the files, signs and footing."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from sim.report import sentences as say
from sim.report.after_arrival import bought
from sim.report.console.page import Page


def unplannable(page: Page) -> Iterator[RenderableType]:
    """That there are too few people for the work, where there are."""
    reasons = page.context.unplannable
    if not reasons:
        return
    yield page.line(say.UNPLANNABLE, "bold red")
    for reason in reasons:
        yield Padding(page.line(reason), (0, 0, 0, 2), expand=False)
    yield page.line(say.GROWS)


def answer(page: Page) -> Iterator[RenderableType]:
    """How often the reports of the headline are reached in time, and what the changes pay."""
    yield page.heading(f"How often {page.context.reports} are reached in time")
    first, *others = say.answer(page.document)
    paragraphs = (
        # Whoever reads on to the gates has read first what they do not change.
        [first, *say.long_waits(page.document)],
        say.beside(page.document),
        others,
        bought(page.document),
        say.ceiling(page.document),
        [] if page.context.statement is None else [page.context.statement],
    )
    for place, sentences in enumerate(paragraph for paragraph in paragraphs if paragraph):
        if place:
            yield Text("")
        for sentence in sentences:
            style = "bold" if sentence == page.context.statement else ""
            yield page.line(sentence, style)


def warnings(page: Page) -> Iterator[RenderableType]:
    """What the study warned of."""
    for warning in page.context.warnings:
        yield page.line(f"Warning: {warning}", "bold yellow")


def file_changes(page: Page) -> Iterator[RenderableType]:
    """By scenario, what its file says otherwise than the baseline's."""
    if not page.context.changes:
        return
    yield page.heading("What differs in the files")
    for name, changes in page.context.changes.items():
        title = page.context.titles.scenarios.get(name)
        yield page.line(
            (name if title in (None, name) else f"{name}: {title}")
            + ("" if changes else " (nothing)")
        )
        for change in changes:
            told = f"{change.path}: {change.baseline} -> {change.other}"
            yield Padding(page.line(told), (0, 0, 0, 2), expand=False)


def signs(page: Page) -> Iterator[RenderableType]:
    """What would tell a gate from a low rank in a force's own records."""
    yield page.heading("What would tell a gate from a low rank")
    for sentence in say.telling_signs(page.document):
        yield page.line(sentence)


def footing(page: Page) -> Iterator[RenderableType]:
    """What the figures rest on."""
    for sentence in say.footing(page.document):
        yield page.line(sentence)
