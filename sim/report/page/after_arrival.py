"""The page's sections on cases after arrival."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from sim.report import after_arrival as told
from sim.report import numbers
from sim.report.charts.cases import safe_points, unworked_hours
from sim.report.page.figures import Figure, Grid, figure
from sim.report.page.section import Section
from sim.results import Document, Part, Row

_TOLD_HOURS: Final = (1, 2, 4, 8, 12, 24, 48, 72, 168)


def after_arrival(document: Document) -> Iterator[Section]:
    """Until the child is safe, and the hours in which nobody works; none without such rows."""
    followed = [part for part in document.scenarios if told.is_told(part, document.context)]
    if not followed:
        return
    yield Section(
        "after-arrival",
        told.HEADING,
        told.sentences(document),
        "after-arrival" if len(safe_points(document, document.baseline)) > 2 else None,
        _safe_text(document),
        f"{_cases(document)}. {told.PER_CASE} * the range leaves out no change.",
        [
            *_tables(document, followed),
            *_by_risk(document, followed[0]),
            *_changes(document),
            _curve(document),
        ],
    )
    if any(unworked_hours(document, part) for part in followed):
        yield Section(
            "unworked",
            "When nobody works on a case",
            [
                (
                    "A case is the missing-person team's while it is on duty, and response's at "
                    "other hours. What is not done costs no officer-hours, and is no saving."
                )
            ],
            "unworked",
            _unworked_text(document),
            f"{_cases(document)}. Of the time under enquiry in each hour of the day: the share in "
            "which neither a unit nor a desk did any work for the case.",
            [_by_hour(document, followed)],
        )


def _cases(document: Document) -> str:
    row = document.baseline.row("officer_hours_per_case", stream=document.context.stream)
    level = round(100 * document.level)
    count = "" if row is None else f"{row.n:,} simulated cases under {document.spoken}; "
    return f"{count}ranges hold with {level}% confidence"


def _cells(document: Document, rows: Sequence[Row | None], texts: Sequence[str]) -> list[Figure]:
    return [
        Figure("–") if row is None else Figure(text, document.pointer(row))
        for row, text in zip(rows, texts, strict=True)
    ]


def _titles(document: Document, parts: Sequence[Part]) -> list[str]:
    return [document.context.scenario(part.name) for part in parts]


def _tables(document: Document, followed: Sequence[Part]) -> Iterator[Grid]:
    for table in told.TABLES:
        lines = []
        for line in table.lines:
            rows = [line.row(part, document.context) for part in followed]
            if line.is_told(rows):
                lines.append((line.title.strip(), _cells(document, rows, line.texts(rows, "–"))))
        if lines:
            yield Grid(table.caption, _titles(document, followed), lines)


def _by_risk(document: Document, part: Part) -> Iterator[Grid]:
    levels = told.risks(part, document.context)
    if len(levels) < 2:
        return
    lines = []
    for line in told.BY_RISK:
        rows = [line.row(part, document.context, risk) for risk in levels]
        lines.append((line.title.strip(), _cells(document, rows, line.texts(rows, "–"))))
    caption = f"By risk as first assessed, under {document.context.scenario(part.name)}"
    yield Grid(caption, [risk.replace("_", " ") for risk in levels], lines)


def _changes(document: Document) -> Iterator[Grid]:
    found = [part for part in document.differences if told.is_told(part, document.context)]
    lines = []
    for line in told.CHANGES:
        rows = [line.row(part, document.context) for part in found]
        if line.is_told(rows):
            lines.append((line.title.strip(), _cells(document, rows, line.changes(rows))))
    if lines:
        caption = f"Changes against {document.context.scenario(document.baseline.name)}"
        yield Grid(caption, _titles(document, found), lines)


def _curve(document: Document) -> Grid:
    points = safe_points(document, document.baseline)
    lines = [
        (
            f"{hour} h",
            [figure(document, points[hour].get(what)) for what in ("returned", "found")],
        )
        for hour in _TOLD_HOURS
        if hour in points
    ]
    return Grid(
        f"Returned and found by hours since the report, under {document.spoken}",
        ["Returned", "Found by an enquiry"],
        lines,
    )


def _by_hour(document: Document, followed: Sequence[Part]) -> Grid:
    hours = [unworked_hours(document, part) for part in followed]
    lines = [
        (f"{hour:02d}:00", [figure(document, rows.get(hour)) for rows in hours])
        for hour in range(24)
    ]
    return Grid(
        "Share of the time under enquiry that nobody works",
        _titles(document, followed),
        lines,
    )


def _safe_text(document: Document) -> str:
    points = safe_points(document, document.baseline)
    said = [
        (
            "Areas of the share of cases whose child has returned and has been found, by hours "
            f"since the report, under {document.spoken}; what is left is still missing."
        )
    ]
    for hour in (8, 24, 48):
        kinds = points.get(hour, {})
        if "returned" in kinds and "found" in kinds:
            said.append(
                f"By {hour} hours {numbers.percent(kinds['returned'])} returned and "
                f"{numbers.percent(kinds['found'])} found."
            )
    return " ".join(said)


def _unworked_text(document: Document) -> str:
    said = ["Lines of the share of the time under enquiry that nobody works, by hour of the day."]
    for part in document.scenarios:
        hours = unworked_hours(document, part)
        if 3 in hours and 15 in hours:
            said.append(
                f"{document.context.spoken(part.name)}: {numbers.percent(hours[3])} from 03:00 to "
                f"04:00, {numbers.percent(hours[15])} from 15:00 to 16:00."
            )
    return " ".join(said)
