"""Welfare concerns that are followed: is the child seen, after how long, what re-visits take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from sim.report.sections.figures import Figured, cell, clear, in_100, in_words, known, spoken_change
from sim.report.sections.headings import changed
from sim.report.sections.people import busier
from sim.report.sections.registry import declare
from sim.report.sections.section import Cell, Line, Section, Table
from sim.report.sections.tables import (
    at,
    by_scenario,
    changes,
    figures,
    leading,
    present,
    ranges,
)
from sim.report.sections.words import plural
from sim.results import Document, Part

_DAY: Final = 24 * 60
_DAYS: Final = (1, 3, 7, 13)
_IN_DAYS: Final = 1 / 24


def _in_days(row: Figured | None) -> Cell:
    return cell(row, factor=_IN_DAYS)


def _tell(document: Document, part: Part, _: Sequence[str]) -> Iterator[str]:
    """What a scenario adds that follows its welfare concerns."""
    for stream in part.along("concern_seen", "stream"):
        yield from _seen(part, stream)
    yield from busier(document, part)


@declare(
    "concerns",
    112,
    "welfare concerns: the child seen or not, days until then, re-visits",
    fills={"concern_seen": ("concern",)},
    tell=_tell,
)
def concerns(document: Document) -> Section | None:
    """A table for each stream that is followed, and what changes."""
    streams = list(
        dict.fromkeys(
            stream for part in document.scenarios for stream in part.along("concern_seen", "stream")
        )
    )
    if not streams:
        return None
    find = at("concern_seen", stream=streams[0])
    part = leading(document, find)
    seen = None if part is None else find(part)
    if part is None or not known(seen):
        return None
    alone = part is not document.baseline
    said = f"Of {plural(streams[0])} {in_words(seen)} end with the child seen"
    tables = present(*(_table(document, stream) for stream in streams))
    rest = f" under {document.context.spoken(part.name)}" if alone else ""
    return Section(
        "concerns",
        f"{said}{rest or changed(document, find, tables=tables)}",
        (
            *_seen(part, streams[0]),
            *_takes(part, streams[0]),
            *_changed(document, streams[0]),
            *(busier(document, part) if alone else ()),
        ),
        tables,
        note=(
            "Seen is seen and spoken to by police. A concern counts where officers were to be "
            "sent; one that is not over by the end of follow-up counts as not seen, and for the "
            "days until seen as long as it was followed. Days run from the report. "
            f"{ranges(document, starred=True)}"
        ),
        see=("people", "other-calls") if alone else (),
    )


def _table(document: Document, stream: str) -> Table | None:
    def find(measure: str, minutes: int | None = None) -> list[Line]:
        one = at(measure, stream=stream, minutes=minutes)
        if not any(known(one(part)) for part in document.scenarios):
            return []
        days = measure.startswith(("concern_seen_after", "concern_seen_later"))
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
        *find("concern_seen_after_p90"),
        *find("concern_seen_later_p50"),
        *find("concern_seen_later_p90"),
        *find("revisits_per_concern"),
        *find("revisit_officer_hours"),
    ]
    return by_scenario(document, plural(stream).capitalize(), lines)


_LABELS: Final = {
    "concern_seen_first": "Seen at the first attendance",
    "concern_seen": "Seen in the end",
    "concern_seen_within": "Seen within {}",
    "concern_seen_after_p90": "9 in 10 of all seen within, days",
    "concern_seen_later_p50": "Not seen at first: half within, days",
    "concern_seen_later_p90": "Not seen at first: 9 in 10 within, days",
    "revisits_per_concern": "Re-visits a concern",
    "revisit_officer_hours": "Officer-hours of re-visits a concern",
}


def _days(minutes: int | None) -> str:
    days = 0 if minutes is None else minutes // _DAY
    return "a day" if days == 1 else f"{days} days"


def _seen(part: Part, stream: str) -> Iterator[str]:
    """Who is seen at first and in the end, and how long the others wait."""
    first, end, half = (
        part.row(measure, stream=stream)
        for measure in ("concern_seen_first", "concern_seen", "concern_seen_later_p50")
    )
    if not known(first):
        return
    in_the_end = f" and {in_100(end)} in the end" if known(end) else ""
    others = (
        f"; of those not seen at first half are within {in_words(half, _IN_DAYS)} days"
        if known(half)
        else ""
    )
    yield (
        f"Of children of {plural(stream)} {in_100(first)} in 100 are seen at the first attendance"
        f"{in_the_end}{others}."
    )


def _takes(part: Part, stream: str) -> Iterator[str]:
    """What re-visits take of officers' time."""
    again, hours = (
        part.row(measure, stream=stream)
        for measure in ("revisits_per_concern", "revisit_officer_hours")
    )
    if known(again) and known(hours):
        yield (
            f"Re-visits: {in_words(again)} a concern, which take {in_words(hours)} officer-hours."
        )


def _changed(document: Document, stream: str) -> Iterator[str]:
    """What is clear of the others."""
    for other in document.differences:
        change = other.row("concern_seen", stream=stream)
        if known(change) and clear(change):
            size, least_most = spoken_change(change)
            name = document.context.spoken(other.name)
            yield f"Under {name} {size} in 100 are seen in the end ({least_most})."
