"""The page's sections on cases after arrival."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from sim.report import after_arrival as told
from sim.report import sentences as say
from sim.report.charts.cases import safe_points, unworked_hours
from sim.report.page.figures import Figure, Grid, figure
from sim.report.page.section import Section
from sim.report.sentences import Row
from sim.report.view import Part, View

_TOLD_HOURS: Final = (1, 2, 4, 8, 12, 24, 48, 72, 168)


def after_arrival(view: View) -> Iterator[Section]:
    """Until the child is safe, and the hours in which nobody works; none without such rows."""
    followed = [part for part in view.scenarios if told.is_told(part.rows, view.context)]
    if not followed:
        return
    yield Section(
        "after-arrival",
        told.HEADING,
        told.sentences(view.document, view.context),
        "after-arrival" if len(safe_points(view, view.baseline)) > 2 else None,
        _safe_text(view),
        f"{_cases(view)}. {told.PER_CASE} * the range leaves out no change.",
        [*_tables(view, followed), *_by_risk(view, followed[0]), *_changes(view), _curve(view)],
    )
    if any(unworked_hours(view, part) for part in followed):
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
            _unworked_text(view),
            f"{_cases(view)}. Of the time under enquiry in each hour of the day: the share in "
            "which neither a unit nor a desk did any work for the case.",
            [_by_hour(view, followed)],
        )


def _cases(view: View) -> str:
    row = view.baseline.rows.get("officer_hours_per_case", stream=view.context.stream)
    level = round(100 * view.document["level"])
    count = "" if row is None else f"{row['n']:,} simulated cases under {view.called}; "
    return f"{count}ranges hold with {level}% confidence"


def _cells(view: View, rows: Sequence[Row | None], texts: Sequence[str]) -> list[Figure]:
    return [
        Figure("–") if row is None else Figure(text, view.pointer(row))
        for row, text in zip(rows, texts, strict=True)
    ]


def _titles(view: View, parts: Sequence[Part]) -> list[str]:
    return [view.context.scenario(part.name) for part in parts]


def _tables(view: View, followed: list[Part]) -> Iterator[Grid]:
    for table in told.TABLES:
        lines = []
        for line in table.lines:
            rows = [line.row(part.rows, view.context) for part in followed]
            if line.is_told(rows):
                lines.append((line.title.strip(), _cells(view, rows, line.texts(rows, "–"))))
        if lines:
            yield Grid(table.caption, _titles(view, followed), lines)


def _by_risk(view: View, part: Part) -> Iterator[Grid]:
    levels = told.risks(part.rows, view.context)
    if len(levels) < 2:
        return
    lines = []
    for line in told.BY_RISK:
        rows = [
            part.rows.get(line.measure, stream=view.context.stream, risk=risk, **line.cuts)
            for risk in levels
        ]
        lines.append((line.title.strip(), _cells(view, rows, line.texts(rows, "–"))))
    caption = f"By risk as first assessed, under {view.context.scenario(part.name)}"
    yield Grid(caption, [risk.replace("_", " ") for risk in levels], lines)


def _changes(view: View) -> Iterator[Grid]:
    found = [part for part in view.differences if told.is_told(part.rows, view.context)]
    lines = []
    for line in told.CHANGES:
        rows = [line.row(part.rows, view.context) for part in found]
        if line.is_told(rows):
            lines.append((line.title.strip(), _cells(view, rows, line.changes(rows))))
    if lines:
        caption = f"Changes against {view.context.scenario(view.baseline.name)}"
        yield Grid(caption, _titles(view, found), lines)


def _curve(view: View) -> Grid:
    points = safe_points(view, view.baseline)
    lines = [
        (
            f"{hour} h",
            [figure(view, points[hour].get(what)) for what in ("returned", "found")],
        )
        for hour in _TOLD_HOURS
        if hour in points
    ]
    return Grid(
        f"Returned and found by hours since the report, under {view.called}",
        ["Returned", "Found by an enquiry"],
        lines,
    )


def _by_hour(view: View, followed: list[Part]) -> Grid:
    hours = [unworked_hours(view, part) for part in followed]
    lines = [
        (f"{hour:02d}:00", [figure(view, rows.get(hour)) for rows in hours]) for hour in range(24)
    ]
    return Grid(
        "Share of the time under enquiry that nobody works",
        _titles(view, followed),
        lines,
    )


def _safe_text(view: View) -> str:
    points = safe_points(view, view.baseline)
    said = [
        (
            "Areas of the share of cases whose child has returned and has been found, by hours "
            f"since the report, under {view.called}; what is left is still missing."
        )
    ]
    for hour in (8, 24, 48):
        kinds = points.get(hour, {})
        if "returned" in kinds and "found" in kinds:
            said.append(
                f"By {hour} hours {say.percent(kinds['returned'])} returned and "
                f"{say.percent(kinds['found'])} found."
            )
    return " ".join(said)


def _unworked_text(view: View) -> str:
    said = ["Lines of the share of the time under enquiry that nobody works, by hour of the day."]
    for part in view.scenarios:
        hours = unworked_hours(view, part)
        if 3 in hours and 15 in hours:
            said.append(
                f"{view.context.spoken(part.name)}: {say.percent(hours[3])} from 03:00 to 04:00, "
                f"{say.percent(hours[15])} from 15:00 to 16:00."
            )
    return " ".join(said)
