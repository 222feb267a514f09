"""Welfare concerns that are followed: is the child seen, after how long, what re-visits take."""

from __future__ import annotations

from typing import Final

from sim.report.sections.figures import Figured, cell, clear, in_100, in_words, known, spoken_change
from sim.report.sections.headings import changed
from sim.report.sections.registry import declare
from sim.report.sections.section import Cell, Line, Section, Table
from sim.report.sections.tables import at, by_scenario, changes, figures, present, ranges
from sim.report.sections.words import plural
from sim.results import Document

_DAY: Final = 24 * 60
_DAYS: Final = (1, 3, 7, 13)


def _in_days(row: Figured | None) -> Cell:
    return cell(row, factor=1 / 24)


@declare("concerns", 112, "welfare concerns: the child seen or not, days until then, re-visits")
def concerns(document: Document) -> Section | None:
    """A table for each stream that is followed, and what changes."""
    streams = list(document.baseline.along("concern_seen", "stream"))
    if not streams:
        return None
    first = at("concern_seen", stream=streams[0])
    seen = first(document.baseline)
    if not known(seen):
        return None
    said = f"Of {plural(streams[0])} {in_words(seen)} end with the child seen"
    return Section(
        "concerns",
        f"{said}{changed(document, first)}",
        tuple(_sentences(document, streams[0])),
        present(*(_table(document, stream) for stream in streams)),
        note=(
            "Seen is seen and spoken to by police. A concern counts where officers were to be "
            "sent; one that is not over by the end of follow-up counts as not seen, and for the "
            f"days until seen as long as it was followed. {ranges(document)}"
        ),
    )


def _table(document: Document, stream: str) -> Table | None:
    def find(measure: str, minutes: int | None = None) -> list[Line]:
        one = at(measure, stream=stream, minutes=minutes)
        if not any(known(one(part)) for part in document.scenarios):
            return []
        days = measure.startswith("concern_seen_after")
        write = _in_days if days else cell
        lines = [figures(document, _LABELS[measure].format(_days(minutes)), one, write=write)]
        # A change of days would be written in hours.
        if not days and any(known(one(part)) for part in document.differences):
            lines.append(changes(document, "change", one))
        return lines

    lines = [
        *find("concern_seen_first"),
        *find("concern_seen"),
        *(line for days in _DAYS for line in find("concern_seen_within", days * _DAY)),
        *find("concern_seen_after_p50"),
        *find("concern_seen_after_p90"),
        *find("revisits_per_concern"),
        *find("revisit_officer_hours"),
    ]
    return by_scenario(document, plural(stream).capitalize(), lines)


_LABELS: Final = {
    "concern_seen_first": "Seen at the first attendance",
    "concern_seen": "Seen in the end",
    "concern_seen_within": "Seen within {}",
    "concern_seen_after_p50": "Until seen, half within, days",
    "concern_seen_after_p90": "Until seen, 9 in 10 within, days",
    "revisits_per_concern": "Re-visits a concern",
    "revisit_officer_hours": "Officer-hours of re-visits a concern",
}


def _days(minutes: int | None) -> str:
    days = 0 if minutes is None else minutes // _DAY
    return "a day" if days == 1 else f"{days} days"


def _sentences(document: Document, stream: str) -> list[str]:
    """What the baseline's first visits miss, and what is clear of the others."""
    part = document.baseline
    first, half = (
        part.row(measure, stream=stream)
        for measure in ("concern_seen_first", "concern_seen_after_p90")
    )
    said = []
    if known(first):
        told = f"At the first attendance {in_100(first)} in 100 of these children are seen"
        if known(half):
            told += f"; nine in ten within {in_words(half)} hours of the report"
        said.append(f"{told}.")
    for other in document.differences:
        change = other.row("concern_seen", stream=stream)
        if known(change) and clear(change):
            size, least_most = spoken_change(change)
            name = document.context.spoken(other.name)
            said.append(f"Under {name} {size} in 100 are seen in the end ({least_most}).")
    return said
