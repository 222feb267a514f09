"""The page's sections: for each a heading, sentences, a picture, and its figures as tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sim.report import numbers
from sim.report import sentences as say
from sim.report.charts.people import DAYS, LEAST_CASES, missed_step
from sim.report.charts.waits import STAGES
from sim.report.numbers import Places
from sim.report.page.after_arrival import after_arrival
from sim.report.page.figures import Figure, Grid, by_scenario, change, count, figure, named, rows_of
from sim.report.page.section import Section
from sim.report.page.wording import chart_text
from sim.results import Document, Row, measure_of

_TOLD_MINUTES: Final = (*range(0, 31, 5), 40, 50, 60, 90, 120, 180, 240, 360, 480, 600, 720)


def sections(document: Document) -> dict[str, Section]:
    """Every section that the rows can feed, by its name, in the page's order."""
    made = (
        _attendance(document),
        _delays(document),
        _beside(document),
        _risks(document),
        _stages(document),
        _held(document),
        _week(document),
        _day(document),
        _busy(document),
        *after_arrival(document),
        _other_work(document),
        _signs(document),
    )
    return {section.name: section for section in made if section is not None}


def _reports(document: Document) -> str:
    row = document.headline(document.baseline, "arrived_within_target")
    return f"{count(row)} simulated reports in each scenario" if row is not None else ""


def _ranges(document: Document) -> str:
    return f"ranges hold with {round(100 * document.level)}% confidence"


def _attendance(document: Document) -> Section | None:
    if not any(document.curve(part) for part in document.scenarios):
        return None
    return Section(
        "attendance",
        "Attendance over time",
        [],
        "attendance",
        chart_text("attendance", document),
        f"{_reports(document)}; {_ranges(document)}. Short bars on the target line: the "
        "ceiling, the same reports with unlimited people.",
        [_curve_grid(document, "arrived", "Share with an officer there, by minute")],
    )


def _curve_grid(document: Document, what: str, caption: str) -> Grid:
    curves = {
        part.name: {point.minute: point for point in document.curve(part)}
        for part in document.scenarios
    }
    told: list[tuple[str, dict[str, Row | None]]] = []
    for minute in _TOLD_MINUTES:
        rows: dict[str, Row | None] = {}
        for name in document.names:
            point = curves[name].get(minute)
            if point is not None:
                rows[name] = point.arrived if what == "arrived" else point.returned
        told.append((f"{minute} min", rows))
    return by_scenario(document, caption, told)


def _delays(document: Document) -> Section:
    wanted: tuple[tuple[str, str | None, int | None], ...] = (
        ("arrived_within_target", "received", None),
        ("arrived_within_target", "graded", None),
        ("reachable_within_target", "received", None),
        ("reachable_within_target", "graded", None),
        ("delay_mean", None, None),
        ("delay_p50", None, None),
        ("delay_p90", None, None),
        ("delay_p95", None, None),
        ("delay_p99", None, None),
        ("waited_over", None, 60),
        ("waited_over", None, say.TEN_HOURS),
        ("returned_first", None, None),
        ("arrived_then_left", None, None),
        ("open_at_end", None, None),
    )
    headline = {
        part.name: document.headline(part, "arrived_within_target") for part in document.differences
    }
    told = [
        (
            measure_of(measure).long_label(clock=clock, minutes=minutes),
            rows_of(document, measure, clock or "received", minutes=minutes),
        )
        for measure, clock, minutes in wanted
    ]
    at = numbers.places(row for _, rows in (*told, ("", headline)) for row in rows.values())
    whole = by_scenario(
        document,
        f"{_capital(document.context.reports)}: delay against the target",
        told,
        at,
    )
    lines = list(whole.lines)
    if headline:
        cells = [change(document, headline.get(name), at) for name in document.names]
        lines.insert(1, ("Change, percentage points", cells))
    counts = [
        Figure(count(document.headline(part, "arrived_within_target")) or "–")
        for part in document.scenarios
    ]
    lines.insert(0, ("Reports counted", counts))
    return Section(
        "delays",
        "The figures side by side",
        say.answer(document) if document.differences else [],
        None,
        "",
        f"{_capital(_ranges(document))}. Unattended: from the call to the first "
        "of arrival, return and end of follow-up. * the range leaves out no change.",
        [Grid(whole.caption, whole.headers, lines)],
    )


def _beside(document: Document) -> Section | None:
    """Streams that are shown beside the headline."""
    grids = []
    for stream in document.context.beside:
        wanted = (
            ("In time, from the call", "arrived_within_target", None),
            ("Waited over 60 minutes", "waited_over", 60),
            ("Waited over 10 hours", "waited_over", say.TEN_HOURS),
        )
        told = [
            (title, rows_of(document, measure, stream=stream, minutes=minutes))
            for title, measure, minutes in wanted
        ]
        changed = {
            part.name: say.over_ten_hours(part, document.context, stream)
            for part in document.differences
        }
        at = numbers.places(row for _, rows in (*told, ("", changed)) for row in rows.values())
        grid = by_scenario(document, _capital(document.context.reports_of(stream)), told, at)
        if not grid.lines:
            continue
        counts = [Figure(count(told[-1][1].get(name)) or "–") for name in document.names]
        lines = [("Reports counted", counts), *grid.lines]
        if any(changed.values()):
            cells = [change(document, changed.get(name), at) for name in document.names]
            lines.append(("Change of over 10 hours, percentage points", cells))
        grids.append(Grid(grid.caption, grid.headers, lines))
    if not grids:
        return None
    return Section(
        "beside",
        "Other reports that the question is about",
        say.beside(document),
        None,
        "",
        f"{_capital(_ranges(document))}, each by itself. * the range leaves out no change.",
        grids,
    )


def _capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def _risks(document: Document) -> Section | None:
    if not any(document.curve(part) for part in document.scenarios):
        return None
    return Section(
        "competing-risks",
        "Who gets there first",
        [
            (
                "A child may come home before anyone arrives. That is neither a success of the "
                "response nor a saving: the child still has to be seen."
            )
        ],
        "competing-risks",
        chart_text("competing-risks", document),
        f"{_reports(document)}; {_ranges(document)}. What is neither arrived nor returned is still "
        "waiting. The shares in words are those at the right edge.",
        [
            _curve_grid(document, "arrived", "Officers arrived, by minute"),
            _curve_grid(document, "returned", "Child returned first, by minute"),
        ],
    )


def _stages(document: Document) -> Section | None:
    found = {part.name: document.along(part, "stage_mean", "stage") for part in document.scenarios}
    if not any(found.values()):
        return None
    longest = say.longest_stage(document)
    grid = by_scenario(
        document,
        "Mean minutes in which each stage alone blocks arrival",
        [
            (
                f"{words[:1].upper()}{words[1:]}",
                {name: rows.get(stage) for name, rows in found.items()},
            )
            for stage, words in STAGES.items()
        ],
    )
    return Section(
        "stages",
        "Where the time goes",
        [longest] * bool(longest) + say.ceiling(document),
        "stages",
        chart_text("stages", document),
        f"{_reports(document)}; {_ranges(document)}, in the table for each stage. A stage "
        "counts only while it alone blocks arrival.",
        [grid],
    )


def _held(document: Document) -> Section | None:
    sweeps = [sweep for sweep in document.context.sweeps if len(sweep.points) > 1]
    if not sweeps:
        return None
    sweep = sweeps[0]
    lines = []
    at = numbers.places(sweep.points)
    for place, point in enumerate(sweep.points):
        text = numbers.percent(point, "–", at)
        cells = [Figure(text, f"/context/sweeps/0/points/{place}"), Figure(f"{point.n:,}")]
        lines.append((f"{point.share:.0%} held", cells))
    meaning, own_row = say.gate_of_sweep(document)
    sentences = [say.share_held(sweep, document.context)]
    if own_row is not None:
        cells = [figure(document, own_row, at), Figure(f"{own_row.n:,}")]
        lines.append((f"{document.spoken} itself", cells))
        sentences.append(f"Beside them stands {meaning}")
    elif sweep.own is not None:
        sentences.append(f"The mark at {sweep.own:.0%} is {meaning}")
    grid = Grid("Reached in time from the call, by the share held", ["In time", "Reports"], lines)
    return Section(
        "share-held",
        "The answer across the share held",
        sentences,
        "share-held",
        chart_text("share-held", document),
        f"{sweep.title}; {sweep.points[0].n:,} simulated reports at each point; "
        f"{_ranges(document)}.",
        [grid],
    )


def _week(document: Document) -> Section | None:
    hours = document.along(document.baseline, "arrived_within_target", "hour")
    if not hours:
        return None
    lines = []
    at = numbers.places(hours.values())
    for hour in range(24):
        cells = []
        for day in range(7):
            row = hours.get(day * 24 + hour)
            cell = figure(document, row, at)
            n = "" if row is None else f"n={row.n}"
            cells.append(Figure(cell.text, cell.pointer, n))
        lines.append((f"{hour:02d}:00", cells))
    grids = [Grid(f"Share reached in time under {document.spoken}", DAYS, lines)]
    rota = _rota_grid(document)
    total = sum(row.n for row in hours.values())
    return Section(
        "hour-of-week",
        "When it goes wrong, and who was on duty",
        [],
        "hour-of-week",
        chart_text("hour-of-week", document),
        f"{document.titles[0]}; {total:,} simulated reports in all, {_ranges(document)} in the "
        "table for each hour. The rota is what the scenario sets, so it has no range.",
        grids if rota is None else [*grids, rota],
    )


def _day(document: Document) -> Section | None:
    """By hour of the day, and with the missing-person team on and off duty."""
    grids = []
    hours = {
        part.name: document.along(part, "arrived_within_target_by_hour_of_day", "hour")
        for part in document.scenarios
    }
    if any(hours.values()):
        at = numbers.places(row for rows in hours.values() for row in rows.values())
        lines = [
            (
                f"{hour:02d}:00",
                [_shaded(document, rows.get(hour), at) for rows in hours.values()],
            )
            for hour in range(24)
        ]
        caption = "Share reached in time, by hour of the report; darker: fewer in time"
        grids.append(Grid(caption, document.titles, lines))
    told: list[tuple[str, dict[str, Row | None]]] = [
        (
            f"Team {words}, {title}",
            rows_of(document, measure, hours=kept, minutes=minutes),
        )
        for kept, words in (("team", "on duty"), ("other", "off duty"))
        for title, measure, minutes in (
            ("in time from the call", "arrived_within_target", None),
            ("waited over 60 minutes", "waited_over", 60),
        )
    ]
    team = by_scenario(
        document, "While the area's missing-person team is on duty, and while it is not", told
    )
    if team.lines:
        rows_of_line = dict(told)
        lines = [
            (
                title,
                [
                    Figure(cell.text, cell.pointer, f"n={count(rows_of_line[title][name])}")
                    if cell.pointer
                    else cell
                    for name, cell in zip(document.names, cells, strict=True)
                ],
            )
            for title, cells in team.lines
        ]
        grids.append(Grid(team.caption, team.headers, lines))
    if not grids:
        return None
    return Section(
        "hour-of-day",
        "By hour of the day, and with the team on and off duty",
        [],
        None,
        "",
        f"{_capital(_ranges(document))}, each by itself; n: reports. Cells of under {LEAST_CASES} "
        "reports are not shaded.",
        grids,
    )


def _shaded(document: Document, row: Row | None, at: Places) -> Figure:
    cell = figure(document, row, at)
    if row is None or row.value is None:
        return cell
    step = None if row.n < LEAST_CASES else missed_step(1 - row.value)
    return Figure(cell.text, cell.pointer, f"n={row.n:,}", step)


def overtime(document: Document) -> list[Figure]:
    """Pounds a week for overtime, by scenario of the table of posts; empty where nobody has any."""
    rows = {part.name: part.row("overtime_pounds") for part in document.scenarios}
    if not any(rows.values()):
        return []
    cells = []
    for one in document.context.staffing:
        cell = figure(document, rows.get(one.scenario), {"number": 1.0})
        cells.append(Figure(f"£{cell.text}", cell.pointer) if cell.pointer else cell)
    return cells


def _rota_grid(document: Document) -> Grid | None:
    mine = [row for row in document.background.on_duty if row.scenario == document.baseline.name]
    if not mine:
        return None
    pools = list(dict.fromkeys(row.pool for row in mine))
    places = {
        (row.pool, row.hour): place
        for place, row in enumerate(document.background.on_duty)
        if row.scenario == document.baseline.name
    }
    lines = []
    for hour in range(24):
        cells = []
        for pool in pools:
            place = places.get((pool, hour))
            if place is None:
                cells.append(Figure("–"))
                continue
            row = document.background.on_duty[place]
            text = f"{round(row.value, 1):g}"
            if row.high > row.low:
                text += f" ({round(row.low, 1):g}–{round(row.high, 1):g})"
            cells.append(Figure(text, f"/background/on_duty/{place}"))
        lines.append((f"{hour:02d}:00", cells))
    caption = "People on duty, leave and sickness taken off: mean of the week (least to most)"
    return Grid(caption, [document.context.pool(pool) for pool in pools], lines)


def _busy(document: Document) -> Section | None:
    pools = {part.name: document.pools(part) for part in document.scenarios}
    names = list(dict.fromkeys(pool for rows in pools.values() for pool in rows))
    if not names:
        return None
    overall = by_scenario(
        document,
        "Share of time on duty spent on work",
        [
            (document.context.pool(pool), {name: rows.get(pool) for name, rows in pools.items()})
            for pool in names
        ],
    )
    hours = {
        pool: document.baseline.along("utilisation", "hour", pool=pool)
        for pool in pools[document.baseline.name]
    }
    at = numbers.places(row for rows in hours.values() for row in rows.values())
    lines = [
        (f"{hour:02d}:00", [figure(document, rows.get(hour), at) for rows in hours.values()])
        for hour in range(24)
    ]
    by_hour = Grid(
        f"The same by hour of the day under {document.spoken}",
        [document.context.pool(pool) for pool in hours],
        lines,
    )
    overtime = by_scenario(
        document,
        f"Overtime, hours in {document.run.days} days",
        [
            (
                document.context.pool(pool),
                {part.name: part.row("overtime_hours", pool=pool) for part in document.scenarios},
            )
            for pool in names
        ],
        {"number": 1.0},
    )
    run = document.run
    return Section(
        "who-is-busy",
        "Who is busy",
        [],
        "who-is-busy",
        chart_text("who-is-busy", document),
        f"{document.titles[0]}; {run.replications} replications of {run.days} days; "
        f"{_ranges(document)} in the tables. Breaks are neither work nor idle time.",
        [grid for grid in (overall, overtime, by_hour) if grid.lines],
    )


def _other_work(document: Document) -> Section | None:
    grids = list(_change_grids(document))
    if not grids:
        return None
    return Section(
        "other-work",
        "What other work pays",
        say.other_work(document),
        "other-work",
        chart_text("other-work", document),
        f"Paired differences against {document.spoken}; {_ranges(document)}, each by itself. The "
        "number of cases stands in the table.",
        grids,
    )


def _change_grids(document: Document) -> Iterator[Grid]:
    for measure, caption in (
        ("arrived_within_target", "Change of the share reached in time, percentage points"),
        ("delay_mean", "Change of the mean time unattended, minutes"),
    ):
        found = [named(part, document, measure) for part in document.differences]
        kinds = list(dict.fromkeys(kind for rows in found for kind in rows))
        at = numbers.places(row for rows in found for row in rows.values())
        lines = []
        for kind in kinds:
            first = next(rows[kind] for rows in found if kind in rows)
            cells = [change(document, rows.get(kind), at) for rows in found]
            lines.append((kind, [Figure(count(first)), *cells]))
        if lines:
            headers = ["Cases", *document.titles[1:]]
            yield Grid(f"{caption} (* the range leaves out no change)", headers, lines)


def _signs(document: Document) -> Section:
    return Section(
        "signs",
        "What would tell a rule from a low place in the queue",
        say.telling_signs(document),
        None,
        "",
        "",
        [],
    )
