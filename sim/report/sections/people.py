"""Who is busy and who works late."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from sim.report.sections.figures import (
    cell,
    clear,
    held_against,
    in_words,
    known,
    plain,
    spoken_change,
)
from sim.report.sections.headings import changed
from sim.report.sections.hours import HOURS
from sim.report.sections.registry import declare
from sim.report.sections.section import Cell, Line, Section, Table
from sim.report.sections.tables import at, by_scenario, present, ranges
from sim.results import Document, Part, Row

_LEAST_BUSIER: Final = 0.001
"""A smaller share of time on duty is no burden worth a word."""
_MOST_BUSIER: Final = 2
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
                tuple(_busy(document, part, pool) for part in document.scenarios),
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
    tables = present(busy, _by_hour(document, pools), overtime)
    return Section(
        "people",
        _heading(document, pools, tables),
        tables=tables,
        chart="who-is-busy",
        picture=(
            "A map of pools by hours of the day under "
            f"{document.context.spoken(document.baseline.name)}: the share of time on duty spent "
            "on work."
        ),
        note=f"{note} {ranges(document, starred=True)}",
    )


def busier(document: Document, part: Part) -> Iterator[str]:
    """Whose people a variant keeps clearly busier, as a sentence; nothing of the baseline."""
    difference = document.difference(part.name)
    found = {} if difference is None else difference.along("utilisation", "pool")
    rows = {pool: row for pool, row in found.items() if clear(row) and row.number > _LEAST_BUSIER}
    most = sorted(rows, key=lambda pool: rows[pool].number, reverse=True)[:_MOST_BUSIER]
    if not most:
        return
    told = [f"{document.context.pool(pool)} by {spoken_change(rows[pool], '')[0]}" for pool in most]
    yield f"Busier, in 100 hours on duty: {'; '.join(one.strip() for one in told)}."


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


def _busy(document: Document, part: Part, pool: str) -> Cell:
    row, difference = part.row("utilisation", pool=pool), document.difference(part.name)
    if _is_idle(row):
        return Cell(NOT_SIMULATED, row, "faint")
    return held_against(row, difference.row("utilisation", pool=pool) if difference else None)


def _is_idle(row: Row | None) -> bool:
    return known(row) and row.number < _IDLE


def _has(row: Row | None) -> bool:
    return known(row) and row.number > 0


def _heading(document: Document, pools: list[str], tables: Iterable[Table]) -> str:
    told = {
        pool: row for pool in pools if known(row := document.baseline.row("utilisation", pool=pool))
    }
    if not told:
        return "Who is busy"
    busiest = max(told, key=lambda pool: told[pool].number)
    words = in_words(told[busiest]).replace(" in 100", "% of their time on duty", 1)
    find = at("utilisation", pool=busiest)
    rest = changed(document, find, lambda row: plain(row).text, tables)
    return f"Busiest: {document.context.pool(busiest)}, {words}{rest}"
