"""Who is busy and who works late."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from sim.report.sections.figures import cell, in_words, known, plain
from sim.report.sections.headings import changed
from sim.report.sections.hours import HOURS
from sim.report.sections.registry import declare
from sim.report.sections.section import Cell, Line, Section, Table
from sim.report.sections.tables import at, by_scenario, present, ranges
from sim.results import Document, Row

_IDLE: Final = 0.005
"""Below this share of time a pool's own work is not simulated; it is no figure about people."""

NOT_SIMULATED: Final = "not simulated"
"""In place of a share of nothing."""


@declare("people", 90, "who is busy, by pool and hour, and overtime")
def people(document: Document) -> Section | None:
    """Shares of time on duty in work, by pool and by hour of the day, and overtime."""
    pools = list(
        dict.fromkeys(
            pool for part in document.scenarios for pool in part.along("utilisation", "pool")
        )
    )
    if not pools:
        return None
    run = document.run
    busy = by_scenario(
        document,
        "Share of time on duty in work",
        [
            Line(
                document.context.pool(pool),
                tuple(_busy(part.row("utilisation", pool=pool)) for part in document.scenarios),
            )
            for pool in pools
        ],
    )
    overtime = by_scenario(
        document,
        f"Overtime, hours in {run.days} days",
        [
            Line(
                document.context.pool(pool),
                tuple(cell(part.row("overtime_hours", pool=pool)) for part in document.scenarios),
            )
            for pool in pools
            if any(_has(part.row("overtime_hours", pool=pool)) for part in document.scenarios)
        ],
    )
    idle = [pool for pool in pools if _is_idle(document.baseline.row("utilisation", pool=pool))]
    note = "Breaks are neither work nor idle time."
    if idle:
        note += f" {NOT_SIMULATED.capitalize()}: a desk whose own work is not part of this model."
    return Section(
        "people",
        _heading(document, pools),
        tables=present(busy, _by_hour(document, pools), overtime),
        chart="who-is-busy",
        picture=(
            "A map of pools by hours of the day under "
            f"{document.context.spoken(document.baseline.name)}: the share of time on duty spent "
            "on work."
        ),
        note=f"{note} {ranges(document)}",
    )


def _by_hour(document: Document, pools: list[str]) -> Table | None:
    lines = []
    for pool in pools:
        hours = document.baseline.along("utilisation", "hour", pool=pool)
        if hours and not _is_idle(document.baseline.row("utilisation", pool=pool)):
            cells = tuple(tenth(hours.get(hour)) for hour in range(24))
            lines.append(Line(document.context.pool(pool), cells))
    if not lines:
        return None
    title = document.context.scenario(document.baseline.name)
    caption = f"By hour of the day under {title}, in tenths (9: 90% or more busy)"
    return Table(caption, HOURS, tuple(lines), strip=True)


def tenth(row: Row | None) -> Cell:
    """A share of time as a cell whose sign is its tenths; 9 is 0.9 or more."""
    written = cell(row)
    if not known(row):
        return replace(written, sign=" ")
    return Cell(written.text, row, shade=row.number, sign=str(min(9, int(row.number * 10))))


def _busy(row: Row | None) -> Cell:
    return Cell(NOT_SIMULATED, row, "faint") if _is_idle(row) else cell(row)


def _is_idle(row: Row | None) -> bool:
    return known(row) and row.number < _IDLE


def _has(row: Row | None) -> bool:
    return known(row) and row.number > 0


def _heading(document: Document, pools: list[str]) -> str:
    told = {
        pool: row for pool in pools if known(row := document.baseline.row("utilisation", pool=pool))
    }
    if not told:
        return "Who is busy"
    busiest = max(told, key=lambda pool: told[pool].number)
    words = in_words(told[busiest]).replace(" in 100", "% of their time on duty", 1)
    rest = changed(document, at("utilisation", pool=busiest), lambda row: plain(row).text)
    return f"Busiest: {document.context.pool(busiest)}, {words}{rest}"
