"""Delays against the target, from the call to the first of arrival, return and the end."""

from __future__ import annotations

from typing import Final

from sim.report.sections.figures import in_words, known
from sim.report.sections.headings import changed
from sim.report.sections.registry import declare, entry
from sim.report.sections.section import NOTHING, Cell, Line, Section
from sim.report.sections.tables import Finder, by_scenario, changes, figures, present, ranges
from sim.report.sections.words import capital
from sim.results import Document, Keys

_LINES: Final = (
    ("Unattended, mean minutes", "delay_mean", None, False),
    ("half within, minutes", "delay_p50", None, True),
    ("9 in 10 within, minutes", "delay_p90", None, True),
    ("19 in 20 within, minutes", "delay_p95", None, True),
    ("99 in 100 within, minutes", "delay_p99", None, True),
    ("longest 20th, mean minutes", "delay_cvar95", None, True),
    ("Waited over 1 hour", "waited_over", 60, False),
    ("Waited over 10 hours", "waited_over", 600, False),
    ("Attended in the end", "attended", None, False),
    ("Returned before anyone came", "returned_first", None, False),
    ("Officers left for another job", "arrived_then_left", None, False),
    ("Open at the end", "open_at_end", None, False),
)


@declare("delays", 30, "delays against the target, and what became of the reports")
def delays(document: Document) -> Section | None:
    """Shares in time, lengths of time unattended, and ends of the headline's reports."""
    context = document.context
    lines: list[Line] = []
    for clock, start in (("received", "the call"), ("graded", "grading")):
        for measure, label in (
            ("arrived_within_target", f"In time, from {start}"),
            ("reachable_within_target", "with nobody ever queued"),
        ):
            find = _headline(document, measure, clock)
            lines.append(figures(document, label, find, inset=measure.startswith("reach")))
            if measure == "arrived_within_target" and document.differences:
                lines.append(changes(document, "change, in 100", find))
    for label, measure, minutes, inset in _LINES:
        lines.append(figures(document, label, _subject(document, measure, minutes), inset=inset))
    counts = [part.row("waited_over", **_hour(document)) for part in document.scenarios]
    cells = tuple(Cell(f"{row.n:,}", row) if row is not None else NOTHING for row in counts)
    lines.insert(0, Line("Reports counted", cells))
    table = by_scenario(document, f"{capital(context.reports)}: delay against the target", lines)
    if table is None:
        return None
    in_time = _headline(document, "arrived_within_target", "received")
    row = in_time(document.baseline)
    heading = "Delay against the target"
    if known(row):
        heading = (
            f"{in_words(row)} are reached within {context.target} of the call"
            f"{changed(document, in_time, tables=[table])}"
        )
    return Section(
        "delays",
        heading,
        tables=present(table),
        note=(
            "Unattended: from the call to the first of arrival, return and end of follow-up. "
            "Nobody ever queued: the same reports with everybody always free. "
            f"{ranges(document, starred=True)}"
        ),
        see=("telephone",) if entry("telephone").is_filled_in(document) else (),
    )


def _hour(document: Document) -> Keys:
    return {**document.context.subject, "minutes": 60}


def _headline(document: Document, measure: str, clock: str) -> Finder:
    keys = document.context.headline(clock)
    return lambda part: part.row(measure, **keys)


def _subject(document: Document, measure: str, minutes: int | None) -> Finder:
    context = document.context
    return lambda part: part.row(
        measure, stream=context.stream, grade=context.grade, minutes=minutes
    )
