"""Delays against the target: tables with a column for each scenario."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rich.console import RenderableType

from sim.report import sentences as say
from sim.report.console.page import Page, count, getter
from sim.report.sentences import Row, Rows


def headline(page: Page) -> Iterator[RenderableType]:
    """Shares in time, delays and ends of the headline's reports."""
    received, graded = page.context.headline("received"), page.context.headline("graded")
    here: list[tuple[str, Callable[[Rows], Row | None]]] = [
        ("In time, from the call", lambda rows: rows.get("arrived_within_target", **received)),
        ("In time, from grading", lambda rows: rows.get("arrived_within_target", **graded)),
        (
            "  ceiling from the call",
            lambda rows: rows.get("reachable_within_target", **received),
        ),
        (
            "  ceiling from grading",
            lambda rows: rows.get("reachable_within_target", **graded),
        ),
    ]
    here += [
        (label, getter(measure, received))
        for label, measure in (
            ("Unattended, mean min", "delay_mean"),
            ("  half within, min", "delay_p50"),
            ("  9 in 10 within, min", "delay_p90"),
            ("  19 in 20 within, min", "delay_p95"),
            ("  99 in 100 within, min", "delay_p99"),
            ("Waited over 60 min", "waited_over_60_minutes"),
            ("Waited over 10 h", "waited_over_600_minutes"),
            ("Returned first", "returned_first"),
            ("Left for another job", "arrived_then_left"),
            ("Open at the end", "open_at_end"),
        )
    ]
    found = [(label, [get(rows) for _, rows in page.scenarios]) for label, get in here]
    changes = _change_lines(page)
    # One precision for all shares of the table, and for their changes.
    at = say.places(row for _, rows in (*found, *changes) for row in rows)
    lines = [(label, [page.cell(row, at) for row in rows]) for label, rows in found]
    told = [(label, [page.change(row, at) for row in rows]) for label, rows in changes]
    counts = [
        f"{row['n']:,}" if (row := here[0][1](rows)) is not None else "-"
        for _, rows in page.scenarios
    ]
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
        received = page.context.headline("received", stream)
        wanted = (
            ("In time, from the call", "arrived_within_target"),
            ("Waited over 60 min", "waited_over_60_minutes"),
            ("Waited over 10 h", say.OVER_TEN_HOURS),
        )
        rows = [
            (label, [getter(measure, received)(rows) for _, rows in page.scenarios])
            for label, measure in wanted
        ]
        own = {**received, "clock": None}
        changed = page.changes(say.OVER_TEN_HOURS, **own) if page.differences else []
        at = say.places(row for _, found in (*rows, ("", changed)) for row in found)
        lines = [(label, [page.cell(row, at) for row in found]) for label, found in rows]
        if any(changed):
            lines.append(("  change, points", [page.change(row, at) for row in changed]))
        counts = [f"{row['n']:,}" if row is not None else "-" for row in rows[-1][1]]
        lines = [line for line in [("Reports counted", counts), *lines] if set(line[1]) != {"-"}]
        if lines:
            yield page.heading(f"Beside them: {page.context.reports_of(stream)}")
            yield from page.columns(page.titles, lines)


def team_hours(page: Page) -> Iterator[RenderableType]:
    """Reports made while the missing-person team of the area is on duty, and the others."""
    received = page.context.headline("received")
    rows = [
        (
            label,
            [getter(measure, {**received, "hours": hours})(rows) for _, rows in page.scenarios],
        )
        for hours, words in (("team", "on duty"), ("other", "off duty"))
        for label, measure in (
            (f"Team {words}: in time", "arrived_within_target"),
            ("  over 60 min", "waited_over_60_minutes"),
        )
    ]
    if not any(row for _, found in rows[::2] for row in found):
        return
    at = say.places(row for _, found in rows for row in found)
    lines: list[tuple[str, list[str]]] = []
    for place, (label, found) in enumerate(rows):
        lines.append((label, [page.cell(row, at) for row in found]))
        if place % 2:
            counted = rows[place - 1][1]
            lines.append(("  reports", [count(row).removeprefix("n=") for row in counted]))
    yield page.heading("While the area's missing-person team is on duty, and while it is not")
    yield from page.columns(page.titles, lines)
