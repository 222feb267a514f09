"""The section on cases after arrival in a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from sim.report import after_arrival as told
from sim.report.console.page import Page, tenth

_HOURS = 24


def after_arrival(page: Page) -> Iterator[RenderableType]:
    """Sentences, tables by scenario, the baseline by risk and by hour, and what changes."""
    context = page.context
    followed = [part for part in page.scenarios if told.is_told(part, context)]
    if not followed:
        return
    yield page.heading(told.HEADING)
    for sentence in told.sentences(page.document):
        yield page.line(sentence)
    for table in told.TABLES:
        found = [(line, [line.row(part, context) for part in followed]) for line in table.lines]
        lines = [
            (line.title, line.texts(rows, page.to)) for line, rows in found if line.is_told(rows)
        ]
        if lines:
            yield Text("")
            yield page.heading(table.caption)
            yield from page.columns([context.scenario(part.name) for part in followed], lines)
    yield page.line(told.PER_CASE, "dim")
    yield from _by_risk(page)
    yield from _by_hour(page)
    yield from _changes(page)


def _by_risk(page: Page) -> Iterator[RenderableType]:
    part = next(one for one in page.scenarios if told.is_told(one, page.context))
    levels = told.risks(part, page.context)
    if len(levels) < 2:
        return
    lines = []
    for line in told.BY_RISK:
        found = [line.row(part, page.context, risk) for risk in levels]
        lines.append((line.title, line.texts(found, page.to)))
    yield Text("")
    yield page.heading(f"By risk as first assessed, under {page.context.scenario(part.name)}")
    yield from page.columns([risk.replace("_", " ") for risk in levels], lines, repeat=False)


def _by_hour(page: Page) -> Iterator[RenderableType]:
    strips = []
    for part in page.scenarios:
        hours = part.along("unworked_share", "hour", stream=page.context.stream)
        if hours:
            strip = "".join(tenth(hours.get(hour)) for hour in range(_HOURS))
            strips.append((page.glyphs.text(page.context.scenario(part.name)), strip))
    if not strips:
        return
    label = max(len(name) for name, _ in strips) + 2
    label = min(label, page.width - _HOURS)
    yield Text("")
    yield page.line("Time under enquiry that nobody works, by hour, in tenths (9: 90% or more):")
    yield Text(" " * label + "".join(f"{hour:02d}".ljust(6) for hour in (0, 6, 12, 18)).rstrip())
    for name, strip in strips:
        yield Text(name[: label - 1].ljust(label) + strip, no_wrap=True)


def _changes(page: Page) -> Iterator[RenderableType]:
    found = [part for part in page.differences if told.is_told(part, page.context)]
    changes = [(line, [line.row(part, page.context) for part in found]) for line in told.CHANGES]
    lines = [(line.title, line.changes(rows)) for line, rows in changes if line.is_told(rows)]
    if not found or not lines:
        return
    yield Text("")
    yield page.heading("What changes after arrival")
    titles = [page.context.scenario(part.name) for part in found]
    yield from page.columns(titles, lines, repeat=False)
    yield page.line("* the range leaves out no change.", "dim")
