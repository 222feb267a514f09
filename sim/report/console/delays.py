"""Delays against the target: tables with a column for each scenario."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType

from sim.report import numbers
from sim.report import sentences as say
from sim.report.console.page import Page, count
from sim.results import Row


def headline(page: Page) -> Iterator[RenderableType]:
    """Shares in time, delays and ends of the headline's reports."""
    received, graded = page.context.headline("received"), page.context.headline("graded")
    found: list[tuple[str, list[Row | None]]] = [
        (label, [part.row(measure, **keys) for part in page.scenarios])
        for label, measure, keys in (
            ("In time, from the call", "arrived_within_target", received),
            ("In time, from grading", "arrived_within_target", graded),
            ("  ceiling from the call", "reachable_within_target", received),
            ("  ceiling from grading", "reachable_within_target", graded),
        )
    ]
    found += [
        (label, page.figures(measure, minutes=minutes))
        for label, measure, minutes in (
            ("Unattended, mean min", "delay_mean", None),
            ("  half within, min", "delay_p50", None),
            ("  9 in 10 within, min", "delay_p90", None),
            ("  19 in 20 within, min", "delay_p95", None),
            ("  99 in 100 within, min", "delay_p99", None),
            ("Waited over 60 min", "waited_over", 60),
            ("Waited over 10 h", "waited_over", say.TEN_HOURS),
            ("Returned first", "returned_first", None),
            ("Left for another job", "arrived_then_left", None),
            ("Open at the end", "open_at_end", None),
        )
    ]
    changes = _change_lines(page)
    # One precision for all shares of the table, and for their changes.
    at = numbers.places(row for _, rows in (*found, *changes) for row in rows)
    lines = [(label, [page.cell(row, at) for row in rows]) for label, rows in found]
    told = [(label, [page.change(row, at) for row in rows]) for label, rows in changes]
    counts = ["-" if row is None else f"{row.n:,}" for row in found[0][1]]
    lines = [("Reports counted", counts), *lines[:2], *told, *lines[2:]]
    lines = [line for line in lines if set(line[1]) != {"-"}]
    if not lines:
        return
    yield page.heading("Delay against the target")
    yield from page.columns(page.titles, lines)
    yield page.line(
        "Ceiling: the same reports with unlimited people. Unattended: from the call to the "
        "first of arrival, return and end of follow-up."
        + (" * the range leaves out no change." if told else ""),
        "dim",
    )


def _change_lines(page: Page) -> list[tuple[str, list[Row | None]]]:
    """The headline's differences against the baseline, under the scenarios that have one."""
    return [
        (label, rows)
        for label, clock in (
            ("  change, points", "received"),
            ("  change from grading", "graded"),
        )
        if any(rows := page.changes("arrived_within_target", **page.context.headline(clock)))
    ]


def beside(page: Page) -> Iterator[RenderableType]:
    """Streams that are shown beside the headline, as short tables."""
    for stream in page.context.beside:
        wanted = (
            ("In time, from the call", "arrived_within_target", None),
            ("Waited over 60 min", "waited_over", 60),
            ("Waited over 10 h", "waited_over", say.TEN_HOURS),
        )
        rows = [
            (label, page.figures(measure, stream=stream, minutes=minutes))
            for label, measure, minutes in wanted
        ]
        changed = (
            page.changes(
                "waited_over", stream=stream, grade=page.context.grade, minutes=say.TEN_HOURS
            )
            if page.differences
            else []
        )
        at = numbers.places(row for _, found in (*rows, ("", changed)) for row in found)
        lines = [(label, [page.cell(row, at) for row in found]) for label, found in rows]
        if any(changed):
            lines.append(("  change, points", [page.change(row, at) for row in changed]))
        counts = [f"{row.n:,}" if row is not None else "-" for row in rows[-1][1]]
        lines = [line for line in [("Reports counted", counts), *lines] if set(line[1]) != {"-"}]
        if lines:
            yield page.heading(f"Beside them: {page.context.reports_of(stream)}")
            yield from page.columns(page.titles, lines)


def team_hours(page: Page) -> Iterator[RenderableType]:
    """Reports made while the missing-person team of the area is on duty, and the others."""
    rows = [
        (label, page.figures(measure, hours=hours, minutes=minutes))
        for hours, words in (("team", "on duty"), ("other", "off duty"))
        for label, measure, minutes in (
            (f"Team {words}: in time", "arrived_within_target", None),
            ("  over 60 min", "waited_over", 60),
        )
    ]
    if not any(row for _, found in rows[::2] for row in found):
        return
    at = numbers.places(row for _, found in rows for row in found)
    lines: list[tuple[str, list[str]]] = []
    for place, (label, found) in enumerate(rows):
        lines.append((label, [page.cell(row, at) for row in found]))
        if place % 2:
            counted = rows[place - 1][1]
            lines.append(("  reports", [count(row).removeprefix("n=") for row in counted]))
    yield page.heading("While the area's missing-person team is on duty, and while it is not")
    yield from page.columns(page.titles, lines)
