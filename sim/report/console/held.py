"""The answer for every share of reports that are held."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from rich.console import RenderableType
from rich.text import Text

from sim.report import numbers
from sim.report import sentences as say
from sim.report.console.page import Page
from sim.results import Estimate, Sweep, SweepPoint

_SAME: Final = 1e-9


def share_held(page: Page) -> Iterator[RenderableType]:
    """A bar for each share held; the scenario's own is marked."""
    for sweep in page.context.sweeps:
        title = f" ({sweep.title})" if sweep.title else ""
        yield page.heading(f"In time from the call, by the share held{title}")
        meaning, own_row = say.gate_of_sweep(page.document)
        bars: list[tuple[float, str, Estimate]] = [
            (point.share, f"{point.share:>5.0%} held", point) for point in sweep.points
        ]
        if own_row is not None:
            bars.append((math.inf, "   itself", own_row))
        elif sweep.own is not None and not _marked(sweep):
            # Between the points on either side: its share, and no figure.
            none = SweepPoint(share=sweep.own, value=None, low=None, high=None, n=0)
            bars.append((sweep.own, f"{sweep.own:>5.0%} held", none))
        at = numbers.places(row for _, _, row in bars)
        longest = page.width - 40
        for share, label, row in sorted(bars, key=lambda bar: bar[0]):
            text = Text(f"{label:<11}", no_wrap=True)
            text.append(page.glyphs.levels[-1] * round((row.value or 0) * longest), "green")
            own = share == math.inf or (sweep.own is not None and abs(share - sweep.own) < _SAME)
            text.append(f" {page.cell(row, at)}{' <' if own else ''}")
            yield text
        yield page.line(say.share_held(sweep, page.context))
        if own_row is not None or sweep.own is not None:
            yield page.line(f"< {meaning}", "dim")


def _marked(sweep: Sweep) -> bool:
    """Whether the scenario's own share is among those that were simulated."""
    return sweep.own is not None and any(
        abs(point.share - sweep.own) < _SAME for point in sweep.points
    )
