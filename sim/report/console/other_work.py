"""What other work pays for a change."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType

from sim.report import numbers
from sim.report import sentences as say
from sim.report.console.page import Page
from sim.report.terminal import spaced


def other_work(page: Page) -> Iterator[RenderableType]:
    """Differences of all other work against the baseline: share in time, and mean time."""
    paid = "What other work pays: change of the"
    reached = _changes(page, f"{paid} share reached in time, points", "arrived_within_target")
    waited = _changes(page, f"{paid} mean time unattended, minutes", "delay_mean")
    told = (page.line(said) for said in say.other_work(page.document))
    yield from spaced((reached, waited, told))


def _changes(page: Page, heading: str, measure: str) -> Iterator[RenderableType]:
    """One measure's differences for all other work, with what a star means."""
    found = [dict(say.other_work_rows(part, measure, page.context)) for part in page.differences]
    kinds = list(dict.fromkeys(kind for rows in found for kind in rows))
    if not kinds:
        return
    at = numbers.places(row for rows in found for row in rows.values())
    yield page.heading(heading)
    lines = [(kind, [page.change(rows.get(kind), at) for rows in found]) for kind in kinds]
    yield from page.columns(page.titles[1:], lines, repeat=False)
    yield page.line("* the range leaves out no change.", "dim")
