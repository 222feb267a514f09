"""When it goes wrong: by hour of the week and of the day, and with the team on and off duty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sim.report.sections.figures import cell, in_100, in_100_of, known, span
from sim.report.sections.registry import declare
from sim.report.sections.section import NOTHING, Cell, Line, Section, Table
from sim.report.sections.tables import at, by_scenario, figures, ranges
from sim.results import Document, Keys, Part, Row

LEAST_CASES: Final = 30
"""Hours with fewer reports are not shaded."""

HOURS: Final = tuple(f"{hour:02d}" for hour in range(24))
"""Headings of a day's hours."""

_DAY_NAMES: Final = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)
DAYS: Final = tuple(name[:3] for name in _DAY_NAMES)
_SHADES: Final = (
    f"Darker: more miss the target. Hours of under {LEAST_CASES} reports are not shaded."
)


@declare("hour-of-week", 70, "when it goes wrong, by hour of the week")
def hour_of_week(document: Document) -> Section | None:
    """The share reached in time by hour of the week, a map for each scenario."""
    tables = []
    for part in document.scenarios:
        hours = part.along("arrived_within_target", "hour", **document.context.subject)
        if hours:
            tables.append(_week(document.context.scenario(part.name), hours))
    if not tables:
        return None
    return Section(
        "hour-of-week",
        _week_heading(document),
        tables=tuple(tables),
        chart="hour-of-week",
        picture=_picture(document),
        note=f"{_SHADES} {ranges(document)}",
    )


@declare("hour-of-day", 75, "when it goes wrong, by hour of the day")
def hour_of_day(document: Document) -> Section | None:
    """The share reached in time by hour of the day, a line for each scenario."""
    lines = []
    for part in document.scenarios:
        hours = _by_day(part, document)
        if hours:
            cells = tuple(shaded(hours.get(hour)) for hour in range(24))
            lines.append(Line(document.context.scenario(part.name), cells))
    if not lines:
        return None
    table = Table("Share reached in time, by hour of the report", HOURS, tuple(lines), strip=True)
    return Section(
        "hour-of-day",
        _heading(document),
        tables=(table,),
        chart="hour-of-day",
        picture="A line for each scenario: the share reached in time by hour of the report.",
        note=f"{_SHADES} {ranges(document)}",
    )


@declare("team-hours", 80, "with the missing-person team on and off duty")
def team_hours(document: Document) -> Section | None:
    """Reports made while the area's missing-person team is on duty, and the others."""
    context = document.context
    lines = []
    for hours, words in (("team", "on duty"), ("other", "off duty")):
        keys: Keys = {**context.headline("received"), "hours": hours}
        own: Keys = {**context.subject, "hours": hours, "minutes": 60}
        counted = [part.row("waited_over", **own) for part in document.scenarios]
        lines += [
            figures(document, f"Team {words}: in time", at("arrived_within_target", **keys)),
            figures(document, "over 1 hour", at("waited_over", **own), inset=True),
            Line("reports", tuple(_count(row) for row in counted), inset=True),
        ]
    table = by_scenario(
        document, "While the area's missing-person team is on duty, and while it is not", lines
    )
    if table is None:
        return None
    return Section("team-hours", _team_heading(document), tables=(table,), note=ranges(document))


def shaded(row: Row | None) -> Cell:
    """An hour's share in time, shaded by the share that misses."""
    written = cell(row)
    if not known(row):
        return written
    enough = row.n >= LEAST_CASES
    return Cell(
        written.text,
        row,
        shade=1 - row.number if enough else None,
        note=f"n={row.n:,}",
    )


def _week(title: str, hours: Mapping[int, Row]) -> Table:
    lines = [
        Line(name, tuple(shaded(hours.get(24 * day + hour)) for hour in range(24)))
        for day, name in enumerate(DAYS)
    ]
    return Table(f"Share reached in time: {title}", HOURS, tuple(lines), strip=True)


def _by_day(part: Part, document: Document) -> Mapping[int, Row]:
    return part.along("arrived_within_target_by_hour_of_day", "hour", **document.context.subject)


def _heading(document: Document) -> str:
    """The worst hours of the day, where enough reports tell them."""
    hours = {
        hour: row
        for hour, row in _by_day(document.baseline, document).items()
        if known(row) and row.n >= LEAST_CASES
    }
    if not hours:
        return "By hour of the report"
    worst = min(hours, key=lambda hour: hours[hour].number)
    best = max(hours, key=lambda hour: hours[hour].number)
    return (
        f"By hour of the report: from {in_100(hours[worst])} in 100 in time at {worst:02d}:00 to "
        f"{in_100(hours[best])} at {best:02d}:00"
    )


def _week_heading(document: Document) -> str:
    """The worst day of the week."""
    found = document.baseline.along("arrived_within_target", "hour", **document.context.subject)
    shares = {}
    for day, name in enumerate(_DAY_NAMES):
        rows = [row for hour, row in found.items() if hour // 24 == day and known(row)]
        cases = sum(row.n for row in rows)
        if cases >= LEAST_CASES:
            shares[name] = sum(row.number * row.n for row in rows) / cases
    if len(shares) < len(_DAY_NAMES):
        return "By hour of the week"
    worst, best = (pick(shares, key=lambda name: shares[name]) for pick in (min, max))
    return (
        f"Day by day: from {in_100_of(shares[worst])} in 100 in time on {worst}s to "
        f"{in_100_of(shares[best])} on {best}s"
    )


def _picture(document: Document) -> str:
    hours = document.baseline.along("arrived_within_target", "hour", **document.context.subject)
    enough = {hour: row for hour, row in hours.items() if known(row) and row.n >= LEAST_CASES}
    said = (
        "A map of the days of the week by the hours of the day under "
        f"{document.context.spoken(document.baseline.name)}: the share that misses the target. "
        "Below it, who is on duty in those hours."
    )
    if not enough:
        return f"{said} Every hour has under {LEAST_CASES} reports: too few to shade."
    worst, best = (pick(enough, key=lambda hour: enough[hour].number) for pick in (min, max))
    return (
        f"{said} Of {len(enough)} hours with {LEAST_CASES} reports or more the worst is "
        f"{_hour(worst)}, with {span([enough[worst]])} in time; the best is {_hour(best)}, with "
        f"{span([enough[best]])}."
    )


def _hour(hour: int) -> str:
    day, of_day = divmod(hour, 24)
    return f"{DAYS[day]} {of_day:02d}:00"


def _count(row: Row | None) -> Cell:
    return NOTHING if row is None else Cell(f"{row.n:,}", row)


def _team_heading(document: Document) -> str:
    team: Keys = {**document.context.subject, "minutes": 60, "hours": "team"}
    other: Keys = {**document.context.subject, "minutes": 60, "hours": "other"}
    on, off = (document.baseline.row("waited_over", **keys) for keys in (team, other))
    if not known(on) or not known(off):
        return "With the missing-person team on duty, and without"
    return (
        f"Over an hour wait {in_100(on)} in 100 with the team on duty, and {in_100(off)} with it "
        "off duty"
    )
