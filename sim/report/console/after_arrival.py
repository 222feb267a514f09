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
    followed = [(name, rows) for name, rows in page.scenarios if told.is_told(rows, context)]
    if not followed:
        return
    yield page.heading(told.HEADING)
    for sentence in told.sentences(page.document, context):
        yield page.line(sentence)
    for table in told.TABLES:
        found = [(line, [line.row(rows, context) for _, rows in followed]) for line in table.lines]
        lines = [
            (line.title, line.texts(rows, page.to)) for line, rows in found if line.is_told(rows)
        ]
        if lines:
            yield Text("")
            yield page.heading(table.caption)
            yield from page.columns([context.scenario(name) for name, _ in followed], lines)
    yield page.line(told.PER_CASE, "dim")
    yield from _by_risk(page)
    yield from _by_hour(page)
    yield from _changes(page)


def _by_risk(page: Page) -> Iterator[RenderableType]:
    name, rows = next(each for each in page.scenarios if told.is_told(each[1], page.context))
    levels = told.risks(rows, page.context)
    if len(levels) < 2:
        return
    lines = []
    for line in told.BY_RISK:
        found = [
            rows.get(line.measure, stream=page.context.stream, risk=risk, **line.cuts)
            for risk in levels
        ]
        lines.append((line.title, line.texts(found, page.to)))
    yield Text("")
    yield page.heading(f"By risk as first assessed, under {page.context.scenario(name)}")
    yield from page.columns([risk.replace("_", " ") for risk in levels], lines, repeat=False)


def _by_hour(page: Page) -> Iterator[RenderableType]:
    strips = []
    for name, rows in page.scenarios:
        hours = rows.along("unworked_share", "hour", stream=page.context.stream)
        if hours:
            strip = "".join(tenth(hours.get(hour)) for hour in range(_HOURS))
            strips.append((page.glyphs.text(page.context.scenario(name)), strip))
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
    found = [(name, rows) for name, rows in page.differences if told.is_told(rows, page.context)]
    changes = [(line, [line.row(rows, page.context) for _, rows in found]) for line in told.CHANGES]
    lines = [(line.title, line.changes(rows)) for line, rows in changes if line.is_told(rows)]
    if not found or not lines:
        return
    yield Text("")
    yield page.heading("What changes after arrival")
    titles = [page.context.scenario(name) for name, _ in found]
    yield from page.columns(titles, lines, repeat=False)
    yield page.line("* the range leaves out no change.", "dim")
