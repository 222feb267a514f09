"""Who is busy, and what posts and overtime come to."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from sim.report import numbers
from sim.report import sentences as say
from sim.report.console.page import GAP, Page, broken, tenth
from sim.report.numbers import Places
from sim.report.terminal import spaced


def busy(page: Page) -> Iterator[RenderableType]:
    """Shares of time on duty in work, by pool and by hour of the day, and overtime."""
    busy = _by_pool(page, "Who is busy: share of time on duty in work", "utilisation")
    days = page.document.run.days
    overtime = _by_pool(page, f"Overtime: hours in {days} days", "overtime_hours", {"number": 1.0})
    yield from spaced((busy, _by_hour(page), overtime))


def _by_pool(
    page: Page, heading: str, measure: str, at: Places | None = None
) -> Iterator[RenderableType]:
    by_pool = [part.along(measure, "pool") for part in page.scenarios]
    pools = list(dict.fromkeys(pool for rows in by_pool for pool in rows))
    if not pools:
        return
    at = at or numbers.places(row for rows in by_pool for row in rows.values())
    yield page.heading(heading)
    lines = [
        (page.context.pool(pool), [page.cell(rows.get(pool), at) for rows in by_pool])
        for pool in pools
    ]
    yield from page.columns(page.titles, lines)


def _by_hour(page: Page) -> Iterator[RenderableType]:
    part = page.document.baseline
    strips = {
        pool: part.along("utilisation", "hour", pool=pool) for pool in page.document.pools(part)
    }
    strips = {pool: hours for pool, hours in strips.items() if hours}
    if not strips:
        return
    titles = {pool: page.context.pool(pool) for pool in strips}
    label = min(max(map(len, titles.values())), page.width - 24 - GAP) + GAP
    title = page.context.scenario(part.name)
    yield page.line(f"By hour of the day under {title}, in tenths (9: 90% or more busy):")
    yield Text(" " * label + "".join(f"{hour:02d}".ljust(6) for hour in (0, 6, 12, 18)))
    for pool, hours in strips.items():
        strip = "".join(tenth(hours.get(hour)) for hour in range(24))
        *above, last = broken(page.glyphs.text(titles[pool]), label - GAP)
        for line in above:
            yield Text(line)
        yield Text(last.ljust(label) + strip, no_wrap=True)


def staffing(page: Page) -> Iterator[RenderableType]:
    """Posts, paid hours and pounds of each scenario."""
    staffing = page.context.staffing
    if not staffing:
        return
    lines = [
        ("Posts", [f"{one.posts:,.1f}" for one in staffing]),
        ("Paid hours a week", [f"{one.paid_hours:,.0f}" for one in staffing]),
    ]
    if any(one.pounds for one in staffing):
        pounds = [f"{page.glyphs.pound}{one.pounds:,.0f}" for one in staffing]
        lines.append(("Cost a week", pounds))
        overtime = [part.row("overtime_pounds") for part in page.scenarios]
        if any(overtime):
            cells = [page.pounds(row) for row in overtime]
            lines.append(("  and overtime", cells))
    yield page.heading("Posts, paid hours and pounds")
    names = [page.context.scenario(one.scenario) for one in staffing]
    yield from page.columns(names, lines)
    for note in say.cost_notes(page.context):
        yield page.line(note, "dim")
