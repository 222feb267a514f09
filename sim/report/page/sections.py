"""The page's sections: for each a heading, sentences, a picture, and its figures as tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sim.report import sentences as say
from sim.report.charts.people import DAYS, LEAST_CASES, missed_step
from sim.report.charts.waits import STAGES
from sim.report.page.after_arrival import after_arrival
from sim.report.page.figures import Figure, Grid, by_scenario, change, count, figure, named, rows_of
from sim.report.page.section import Section
from sim.report.page.wording import chart_text
from sim.report.sentences import Places, Row
from sim.report.view import Part, View

_TOLD_MINUTES: Final = (*range(0, 31, 5), 40, 50, 60, 90, 120, 180, 240, 360, 480, 600, 720)


def sections(view: View) -> dict[str, Section]:
    """Every section that the rows can feed, by its name, in the page's order."""
    made = (
        _attendance(view),
        _delays(view),
        _beside(view),
        _risks(view),
        _stages(view),
        _held(view),
        _week(view),
        _day(view),
        _busy(view),
        *after_arrival(view),
        _other_work(view),
        _signs(view),
    )
    return {section.name: section for section in made if section is not None}


def _reports(view: View) -> str:
    row = view.headline(view.baseline, "arrived_within_target")
    return f"{count(row)} simulated reports in each scenario" if row is not None else ""


def _ranges(view: View) -> str:
    return f"ranges hold with {round(100 * view.document['level'])}% confidence"


def _attendance(view: View) -> Section | None:
    if not any(view.curve(part) for part in view.scenarios):
        return None
    return Section(
        "attendance",
        "Attendance over time",
        [],
        "attendance",
        chart_text("attendance", view),
        f"{_reports(view)}; {_ranges(view)}. Short bars on the target line: the ceiling, the same "
        "reports with unlimited people.",
        [_curve_grid(view, "arrived", "Share with an officer there, by minute")],
    )


def _curve_grid(view: View, what: str, caption: str) -> Grid:
    curves = {
        part.name: {point.minute: point for point in view.curve(part)} for part in view.scenarios
    }
    told: list[tuple[str, dict[str, Row | None]]] = []
    for minute in _TOLD_MINUTES:
        rows: dict[str, Row | None] = {}
        for name in view.names:
            point = curves[name].get(minute)
            if point is not None:
                rows[name] = point.arrived if what == "arrived" else point.returned
        told.append((f"{minute} min", rows))
    return by_scenario(view, caption, told)


def _delays(view: View) -> Section:
    wanted = (
        ("In time, from the call", "arrived_within_target", "received"),
        ("In time, from grading", "arrived_within_target", "graded"),
        ("Ceiling, from the call", "reachable_within_target", "received"),
        ("Ceiling, from grading", "reachable_within_target", "graded"),
        ("Mean minutes unattended", "delay_mean", "received"),
        ("Half within, minutes", "delay_p50", "received"),
        ("9 in 10 within, minutes", "delay_p90", "received"),
        ("19 in 20 within, minutes", "delay_p95", "received"),
        ("99 in 100 within, minutes", "delay_p99", "received"),
        ("Waited over 60 minutes", "waited_over_60_minutes", "received"),
        ("Waited over 10 hours", "waited_over_600_minutes", "received"),
        ("Returned before anyone arrived", "returned_first", "received"),
        ("Officers left for another job", "arrived_then_left", "received"),
        ("Open at the end", "open_at_end", "received"),
    )
    headline = {
        part.name: view.headline(part, "arrived_within_target") for part in view.differences
    }
    told = [(title, rows_of(view, measure, clock)) for title, measure, clock in wanted]
    at = say.places(row for _, rows in (*told, ("", headline)) for row in rows.values())
    whole = by_scenario(
        view,
        f"{_capital(view.context.reports)}: delay against the target",
        told,
        at,
    )
    lines = list(whole.lines)
    if headline:
        cells = [change(view, headline.get(name), at) for name in view.names]
        lines.insert(1, ("Change, percentage points", cells))
    counts = [
        Figure(count(view.headline(part, "arrived_within_target")) or "–")
        for part in view.scenarios
    ]
    lines.insert(0, ("Reports counted", counts))
    return Section(
        "delays",
        "The figures side by side",
        say.answer(view.document, view.context) if view.differences else [],
        None,
        "",
        f"{_ranges(view)[:1].upper()}{_ranges(view)[1:]}. Unattended: from the call to the first "
        "of arrival, return and end of follow-up. * the range leaves out no change.",
        [Grid(whole.caption, whole.headers, lines)],
    )


def _beside(view: View) -> Section | None:
    """Streams that are shown beside the headline."""
    grids = []
    for stream in view.context.beside:
        wanted = (
            ("In time, from the call", "arrived_within_target"),
            ("Waited over 60 minutes", "waited_over_60_minutes"),
            ("Waited over 10 hours", say.OVER_TEN_HOURS),
        )
        told = [
            (title, {part.name: _row_of(view, part, stream, measure) for part in view.scenarios})
            for title, measure in wanted
        ]
        changed = {
            part.name: _row_of(view, part, stream, say.OVER_TEN_HOURS) for part in view.differences
        }
        at = say.places(row for _, rows in (*told, ("", changed)) for row in rows.values())
        grid = by_scenario(view, _capital(view.context.reports_of(stream)), told, at)
        if not grid.lines:
            continue
        counts = [Figure(count(told[-1][1].get(name)) or "–") for name in view.names]
        lines = [("Reports counted", counts), *grid.lines]
        if any(changed.values()):
            cells = [change(view, changed.get(name), at) for name in view.names]
            lines.append(("Change of over 10 hours, percentage points", cells))
        grids.append(Grid(grid.caption, grid.headers, lines))
    if not grids:
        return None
    return Section(
        "beside",
        "Other reports that the question is about",
        say.beside(view.document, view.context),
        None,
        "",
        f"{_capital(_ranges(view))}, each by itself. * the range leaves out no change.",
        grids,
    )


def _row_of(view: View, part: Part, stream: str, measure: str) -> Row | None:
    cuts = view.context.headline("received", stream)
    return part.rows.get(measure, **cuts) or part.rows.get(measure, **{**cuts, "clock": None})


def _capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def _risks(view: View) -> Section | None:
    if not any(view.curve(part) for part in view.scenarios):
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
        chart_text("competing-risks", view),
        f"{_reports(view)}; {_ranges(view)}. What is neither arrived nor returned is still "
        "waiting. The shares in words are those at the right edge.",
        [
            _curve_grid(view, "arrived", "Officers arrived, by minute"),
            _curve_grid(view, "returned", "Child returned first, by minute"),
        ],
    )


def _stages(view: View) -> Section | None:
    found = {part.name: view.along(part, "stage_mean", "stage") for part in view.scenarios}
    if not any(found.values()):
        return None
    longest = say.longest_stage(view.document, view.context)
    grid = by_scenario(
        view,
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
        [longest] * bool(longest) + say.ceiling(view.document, view.context),
        "stages",
        chart_text("stages", view),
        f"{_reports(view)}; {_ranges(view)}, in the table for each stage. A stage counts only "
        "while it alone blocks arrival.",
        [grid],
    )


def _held(view: View) -> Section | None:
    sweeps = [sweep for sweep in view.context.sweeps if len(sweep.points) > 1]
    if not sweeps:
        return None
    sweep = sweeps[0]
    lines = []
    at = say.places(say.interval_row(interval) for _, interval in sweep.points)
    for place, (share, interval) in enumerate(sweep.points):
        row = say.interval_row(interval)
        text = say.percent(row, "–", at)
        cells = [Figure(text, f"/context/sweeps/0/points/{place}"), Figure(f"{interval.n:,}")]
        lines.append((f"{share:.0%} held", cells))
    meaning, own_row = say.gate_of_sweep(view.document, view.context)
    sentences = [say.share_held(sweep, view.context)]
    if own_row is not None:
        cells = [figure(view, own_row, at), Figure(f"{own_row['n']:,}")]
        lines.append((f"{view.called} itself", cells))
        sentences.append(f"Beside them stands {meaning}")
    elif sweep.own is not None:
        sentences.append(f"The mark at {sweep.own:.0%} is {meaning}")
    grid = Grid("Reached in time from the call, by the share held", ["In time", "Reports"], lines)
    return Section(
        "share-held",
        "The answer across the share held",
        sentences,
        "share-held",
        chart_text("share-held", view),
        f"{sweep.title}; {sweep.points[0][1].n:,} simulated reports at each point; "
        f"{_ranges(view)}.",
        [grid],
    )


def _week(view: View) -> Section | None:
    hours = view.along(view.baseline, "arrived_within_target", "hour")
    if not hours:
        return None
    lines = []
    at = say.places(hours.values())
    for hour in range(24):
        cells = []
        for day in range(7):
            row = hours.get(day * 24 + hour)
            cell = figure(view, row, at)
            n = "" if row is None else f"n={row['n']}"
            cells.append(Figure(cell.text, cell.pointer, n))
        lines.append((f"{hour:02d}:00", cells))
    grids = [Grid(f"Share reached in time under {view.called}", DAYS, lines)]
    rota = _rota_grid(view)
    total = sum(row["n"] for row in hours.values())
    return Section(
        "hour-of-week",
        "When it goes wrong, and who was on duty",
        [],
        "hour-of-week",
        chart_text("hour-of-week", view),
        f"{view.titles[0]}; {total:,} simulated reports in all, {_ranges(view)} in the "
        "table for each hour. The rota is what the scenario sets, so it has no range.",
        grids if rota is None else [*grids, rota],
    )


def _day(view: View) -> Section | None:
    """By hour of the day, and with the missing-person team on and off duty."""
    grids = []
    hours = {
        part.name: view.along(part, "arrived_within_target_by_hour_of_day", "hour")
        for part in view.scenarios
    }
    if any(hours.values()):
        at = say.places(row for rows in hours.values() for row in rows.values())
        lines = [
            (
                f"{hour:02d}:00",
                [_shaded(view, rows.get(hour), at) for rows in hours.values()],
            )
            for hour in range(24)
        ]
        caption = "Share reached in time, by hour of the report; darker: fewer in time"
        grids.append(Grid(caption, view.titles, lines))
    told: list[tuple[str, dict[str, Row | None]]] = [
        (
            f"Team {words}, {title}",
            {part.name: _of_hours(view, part, measure, kept) for part in view.scenarios},
        )
        for kept, words in (("team", "on duty"), ("other", "off duty"))
        for title, measure in (
            ("in time from the call", "arrived_within_target"),
            ("waited over 60 minutes", "waited_over_60_minutes"),
        )
    ]
    team = by_scenario(
        view, "While the area's missing-person team is on duty, and while it is not", told
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
                    for name, cell in zip(view.names, cells, strict=True)
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
        f"{_capital(_ranges(view))}, each by itself; n: reports. Cells of under {LEAST_CASES} "
        "reports are not shaded.",
        grids,
    )


def _of_hours(view: View, part: Part, measure: str, hours: str) -> Row | None:
    cuts = {**view.context.headline("received"), "hours": hours}
    return part.rows.get(measure, **cuts) or part.rows.get(measure, **{**cuts, "clock": None})


def _shaded(view: View, row: Row | None, at: Places) -> Figure:
    cell = figure(view, row, at)
    if row is None or row["value"] is None:
        return cell
    step = None if row["n"] < LEAST_CASES else missed_step(1 - row["value"])
    return Figure(cell.text, cell.pointer, f"n={row['n']:,}", step)


def overtime(view: View) -> list[Figure]:
    """Pounds a week for overtime, by scenario of the table of posts; empty where nobody has any."""
    rows = {part.name: part.rows.get("overtime_pounds") for part in view.scenarios}
    if not any(rows.values()):
        return []
    cells = []
    for one in view.context.staffing:
        cell = figure(view, rows.get(one.scenario), {"number": 1.0})
        cells.append(Figure(f"£{cell.text}", cell.pointer) if cell.pointer else cell)
    return cells


def _rota_grid(view: View) -> Grid | None:
    mine = [row for row in view.background.on_duty if row.scenario == view.baseline.name]
    if not mine:
        return None
    pools = list(dict.fromkeys(row.pool for row in mine))
    places = {
        (row.pool, row.hour): place
        for place, row in enumerate(view.background.on_duty)
        if row.scenario == view.baseline.name
    }
    lines = []
    for hour in range(24):
        cells = []
        for pool in pools:
            place = places.get((pool, hour))
            if place is None:
                cells.append(Figure("–"))
                continue
            row = view.background.on_duty[place]
            text = f"{round(row.value, 1):g}"
            if row.high > row.low:
                text += f" ({round(row.low, 1):g}–{round(row.high, 1):g})"
            cells.append(Figure(text, f"/context/on_duty/{place}"))
        lines.append((f"{hour:02d}:00", cells))
    caption = "People on duty, leave and sickness taken off: mean of the week (least to most)"
    return Grid(caption, [view.context.pool(pool) for pool in pools], lines)


def _busy(view: View) -> Section | None:
    pools = {part.name: view.pools(part) for part in view.scenarios}
    names = list(dict.fromkeys(pool for rows in pools.values() for pool in rows))
    if not names:
        return None
    overall = by_scenario(
        view,
        "Share of time on duty spent on work",
        [
            (view.context.pool(pool), {name: rows.get(pool) for name, rows in pools.items()})
            for pool in names
        ],
    )
    hours = {
        pool: view.baseline.rows.along("utilisation", "hour", pool=pool)
        for pool in pools[view.baseline.name]
    }
    at = say.places(row for rows in hours.values() for row in rows.values())
    lines = [
        (f"{hour:02d}:00", [figure(view, rows.get(hour), at) for rows in hours.values()])
        for hour in range(24)
    ]
    by_hour = Grid(
        f"The same by hour of the day under {view.called}",
        [view.context.pool(pool) for pool in hours],
        lines,
    )
    overtime = by_scenario(
        view,
        f"Overtime, hours in {view.document['run']['days']} days",
        [
            (
                view.context.pool(pool),
                {part.name: part.rows.get("overtime_hours", pool=pool) for part in view.scenarios},
            )
            for pool in names
        ],
        {"number": 1.0},
    )
    run = view.document["run"]
    return Section(
        "who-is-busy",
        "Who is busy",
        [],
        "who-is-busy",
        chart_text("who-is-busy", view),
        f"{view.titles[0]}; {run['replications']} replications of {run['days']} days; "
        f"{_ranges(view)} in the tables. Breaks are neither work nor idle time.",
        [grid for grid in (overall, overtime, by_hour) if grid.lines],
    )


def _other_work(view: View) -> Section | None:
    grids = list(_change_grids(view))
    if not grids:
        return None
    return Section(
        "other-work",
        "What other work pays",
        say.other_work(view.document, view.context),
        "other-work",
        chart_text("other-work", view),
        f"Paired differences against {view.called}; {_ranges(view)}, each by itself. The "
        "number of cases stands in the table.",
        grids,
    )


def _change_grids(view: View) -> Iterator[Grid]:
    for measure, caption in (
        ("arrived_within_target", "Change of the share reached in time, percentage points"),
        ("delay_mean", "Change of the mean time unattended, minutes"),
    ):
        found = [named(part, view, measure) for part in view.differences]
        kinds = list(dict.fromkeys(kind for rows in found for kind in rows))
        at = say.places(row for rows in found for row in rows.values())
        lines = []
        for kind in kinds:
            first = next(rows[kind] for rows in found if kind in rows)
            cells = [change(view, rows.get(kind), at) for rows in found]
            lines.append((kind, [Figure(count(first)), *cells]))
        if lines:
            headers = ["Cases", *view.titles[1:]]
            yield Grid(f"{caption} (* the range leaves out no change)", headers, lines)


def _signs(view: View) -> Section:
    return Section(
        "signs",
        "What would tell a rule from a low place in the queue",
        say.telling_signs(view.document, view.context),
        None,
        "",
        "",
        [],
    )
