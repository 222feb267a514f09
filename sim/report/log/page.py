"""Pages about a force's own log: what it shows, and how far a scenario may be believed of it.

Self-contained like the page of a study, and in its style. Only what disclosure control has let
through is placed here; each figure carries the JSON pointer of its row in ``--json``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sim.force_log import Diagnosis, LogFigure
from sim.force_log.diagnosis import EXTRA_STAGES
from sim.force_log.replaying.course import SLOPE
from sim.force_log.replaying.replay import Replay
from sim.force_log.replaying.verdict import WAIT
from sim.report.log.charts import diagnosis_charts, hours_of, replay_charts
from sim.report.log.diagnosis import (
    CHILD_STAGES,
    DISCLOSURE,
    PEOPLE,
    STREAMS,
    cell_name,
    child_cells,
    diagnosis_sentences,
)
from sim.report.log.summaries import PLACES, STAGES, replay_sentences
from sim.report.page.shades import shade_class
from sim.report.page.templates import style, template
from sim.report.sections.section import NOTHING, At, Cell, Line, Section, Source, Table

_ATTENDANCE: Final = "received_to_arrived"
_WITHHELD: Final = Cell("withheld")
_DISTANCE: Final = (
    "Kolmogorov and Smirnov's distance is the largest difference between the shares of jobs "
    "reached by any minute, observed and predicted. Luck alone exceeds the last column once in "
    "twenty, days drawn anew from the prediction."
)
_HEADERS: Final = ("Jobs", "Observed", "Predicted", "Limits", "Error")


def replay_page(found: Replay, command: Sequence[str], versions: Mapping[str, str]) -> str:
    """The page that says how far a scenario may be believed of a log.

    Parameters
    ----------
    found
        As `sim.force_log.replaying.replay.replay` returns it.
    command
        The words that made it.
    versions
        Of the libraries.
    """
    judged = (
        "Believed are waits whose level luck explains, whose forecasts score better than that "
        "waits will be as before (continuous ranked probability score of log(1 + minutes), lower "
        "90 % limit above zero, days drawn anew), and which move "
        f"{SLOPE[0]:g} to {SLOPE[1]:g} times as much as the log's by blocks of four hours."
    )
    return _page(
        title=f"How far the model may be believed: {found.title}",
        lead=replay_sentences(found),
        bounds_heading="What this cannot show",
        bounds=[judged, *found.notes],
        sections=list(_replay_sections(found)),
        charts=replay_charts(found),
        command=command,
        facts=[
            ("Days predicted", f"{found.first_day} to {found.last_day}"),
            ("Days fitted", "not said by the scenario" if found.fitted_days is None
             else f"{found.fitted_days[0]} to {found.fitted_days[1]}"),
            ("Scenario", found.scenario),
            ("Luck", f"what a log does not hold was drawn {found.replications} times"),
            *_made(versions),
        ],
    )  # fmt: skip


def diagnosis_page(found: Diagnosis, command: Sequence[str], versions: Mapping[str, str]) -> str:
    """The page that says what a log shows by itself.

    Parameters
    ----------
    found
        As `sim.force_log.diagnose` returns it.
    command
        The words that made it.
    versions
        Of the libraries.
    """
    return _page(
        title=f"What the log shows: {found.title}",
        lead=diagnosis_sentences(found),
        bounds_heading="What this log cannot tell",
        bounds=list(found.cannot_tell),
        sections=list(_diagnosis_sections(found)),
        charts=diagnosis_charts(found),
        command=command,
        facts=[
            ("Days", f"{found.first_day} to {found.last_day}"),
            ("Incidents from the public", _count(found.incidents)),
            ("Rows of the file", _count(found.rows)),
            *_made(versions),
        ],
    )


def _page(**parts: Any) -> str:  # noqa: ANN401 (what the template names)
    html: str = template("log/page.html.j2").render(
        statement=PEOPLE, style=style(), pointer=_pointer, shade_class=shade_class, **parts
    )
    return html


def _pointer(source: Source | None) -> str:
    """Where a written figure stands in the document; empty for words."""
    return source.pointer if isinstance(source, At) else ""


def _made(versions: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield "Versions", ", ".join(f"{name} {version}" for name, version in versions.items())
    yield "Disclosure", DISCLOSURE


def _replay_sections(found: Replay) -> Iterator[Section]:
    level = f"{found.level:.0%}"
    tables = []
    for stage, words in STAGES.items():
        lines = tuple(
            Line(f"Grade {row.grade}, {PLACES[row.place]}", _against(found, place))
            for place, row in enumerate(found.rows)
            if row.stage == stage and row.first_hour is None
        )
        if lines:
            tables.append(Table(f"Minutes {words}", _HEADERS, lines))
    yield Section(
        "by-grade",
        "Predicted against observed, by grade",
        tables=tuple(tables),
        chart="by-grade",
        picture=(
            "For each grade a point for the observed delay and a bar for the predicted one; the "
            "figures are in the table below."
        ),
        note=(
            f"Limits ({level}) hold the luck of who paraded and of which days came. Minutes on a "
            "logarithmic scale."
        ),
    )
    lines = tuple(
        Line(
            f"Grade {row.grade}, {hours_of(row.first_hour)}, {PLACES[row.place]}",
            _against(found, place),
        )
        for place, row in enumerate(found.rows)
        if row.stage == WAIT and row.first_hour is not None
    )
    if lines:
        yield Section(
            "by-hour",
            "Predicted against observed, by hour of the call",
            tables=(
                Table("Minutes from grading to allocation by hour of the call", _HEADERS, lines),
            ),
            chart="by-hour",
            picture=(
                "For each grade and four hours of the day a point for the observed median wait and "
                "a bar for the predicted one; the figures are in the table below."
            ),
            note=f"Limits ({level}) as above. Hours with fewer than fifty jobs are left out.",
        )
    tested = tuple(
        Line(
            f"Grade {one.grade}, {STAGES[one.stage]}",
            (
                Cell(f"{one.n:,}", At(f"/distances/{place}/n")),
                Cell(f"{one.value:.3f}", At(f"/distances/{place}/value")),
                Cell(f"{one.expected:.3f}", At(f"/distances/{place}/expected")),
            ),
        )
        for place, one in enumerate(found.distances)
    )
    columns = ("Jobs", "Distance", "By luck under")
    yield Section(
        "distance",
        "Whole distributions",
        (_DISTANCE,),
        (Table("Kolmogorov-Smirnov distance", columns, tested),),
    )


def _against(found: Replay, place: int) -> tuple[Cell, ...]:
    row, at = found.rows[place], f"/rows/{place}"
    error = NOTHING if row.error is None else Cell(f"{row.error:+.0%}", At(f"{at}/error"))
    return (
        Cell(f"{row.n:,}", At(f"{at}/n")),
        Cell(f"{row.observed:g}", At(f"{at}/observed")),
        Cell(f"{row.predicted:g}", At(f"{at}/predicted")),
        Cell(f"{row.low:g} to {row.high:g}"),
        error,
    )


def _diagnosis_sections(found: Diagnosis) -> Iterator[Section]:
    grades = [one.grade for one in found.figures if one.measure == "incidents" and one.n]
    columns = tuple(f"Grade {grade}" for grade in grades)
    yield from _extra_wait(found)
    caption = "By grade: shares, and minutes between two moments"
    by_grade = Table(caption, columns, tuple(_grade_lines(found, grades)))
    yield Section("delays", "Delays by grade", tables=(by_grade,))
    stage = _wait_stage(found)
    hours = tuple(
        Line(
            f"{hour:02d}:00",
            tuple(
                _found(found, "delay_p50", stage=stage, grade=grade, hour=hour) for grade in grades
            ),
        )
        for hour in range(24)
    )
    if any(cell.source is not None for line in hours for cell in line.cells):
        yield Section(
            "waits-by-hour",
            "Typical wait for allocation by hour of the call",
            tables=(Table("Median minutes", columns, hours),),
            chart="waits-by-hour",
            picture="A panel for each grade; the figures are in the table below.",
            note="Median minutes; hours with too few jobs are left out.",
        )
    children = [{**cell, "stream": "missing_child"} for cell in child_cells(found)]
    if children:
        lines = tuple(Line(cell_name(cell), _child_figures(found, cell)) for cell in children)
        by_child = Table("By risk and hours of the call", _child_columns(), lines)
        tables = (by_child, *_child_hours(found))
        yield Section("missing-child-jobs", "Missing-child jobs of all grades", tables=tables)
    for cut, heading in (("stream", "By kind"), ("area", "By area"), ("risk", "By risk")):
        lines = tuple(_cut_lines(found, grades, cut))
        if lines:
            of_cut = Table(heading, ("Jobs", "In time", "Half within", "Nine in ten within"), lines)
            yield Section(cut, f"{heading}: from the call to arrival", tables=(of_cut,))
    if found.faults:
        said = tuple(
            f"{fault['where']}: {fault['what']} ({_fault_count(fault)}); {fault['done']}."
            for fault in found.faults
        )
        yield Section("faults", "What was wrong with the log, and what was done", said)


def _extra_wait(found: Diagnosis) -> Iterator[Section]:
    extra = [one for one in found.figures if one.measure == "extra_wait_ratio"]
    if not any(one.value is not None for one in extra):
        return
    lines = []
    for one in extra:
        whose = "all grades" if one.grade is None else f"grade {one.grade}"
        stage = STAGES.get(str(one.stage), str(one.stage).replace("_", " "))
        cells = (_n(found, one), _ratio(found, one), _minutes(found, one))
        lines.append(Line(f"{stage[:1].upper()}{stage[1:]}, {whose}", cells))
    caption = "Extra wait of missing-child jobs, as a ratio and in minutes"
    columns = ("Missing-child jobs", "Ratio", "Minutes more")
    yield Section(
        "extra-wait",
        "How much longer missing-child jobs wait",
        tables=(Table(caption, columns, tuple(lines)),),
        chart="extra-wait",
        picture=(
            "For each stage and grade a point for the ratio and a bar for its interval; the "
            "figures are in the table below."
        ),
        note=(
            f"Times as long as other jobs of the grade, adjusted for {found.adjusted_for}; "
            f"{found.level:.0%} intervals, days or weeks drawn anew. No ratio is given where the "
            "others' median is under a minute."
        ),
    )


def _child_columns() -> tuple[str, ...]:
    return (
        "Jobs",
        "In time",
        *(
            f"{share} {words}"
            for words in CHILD_STAGES.values()
            for share in ("Half", "Nine in ten")
        ),
    )


def _child_hours(found: Diagnosis) -> Iterator[Table]:
    columns = ("Jobs", *(f"Half {words}" for words in CHILD_STAGES.values()))
    lines = []
    for hour in range(24):
        cell: dict[str, object] = {"stream": "missing_child", "hour": hour}
        jobs = _n(found, found.find("missing_child_jobs_by_hour", **cell))
        waits = [_found(found, "delay_p50", stage=stage, **cell) for stage in CHILD_STAGES]
        lines.append(Line(f"{hour:02d}:00", (jobs, *waits)))
    if any(cell.source is not None for line in lines for cell in line.cells):
        yield Table("By hour of the call", columns, tuple(lines))


def _child_figures(found: Diagnosis, cell: Mapping[str, str | None]) -> tuple[Cell, ...]:
    return (
        _n(found, found.find("missing_child_jobs", **cell)),
        _found(found, "arrived_within_target", stage=_ATTENDANCE, **cell),
        *(
            _found(found, measure, stage=stage, **cell)
            for stage in CHILD_STAGES
            for measure in ("delay_p50", "delay_p90")
        ),
    )


def _fault_count(fault: Mapping[str, object]) -> str:
    if fault["code"] == "recording_change":
        return f"{_count(fault['of'])} to {_count(fault['count'])} a week"
    return f"{_count(fault['count'])} of {_count(fault['of'])}"


def _wait_stage(found: Diagnosis) -> str:
    known = {one.stage for one in found.figures}
    return next((stage for stage in EXTRA_STAGES if stage in known), EXTRA_STAGES[-1])


def _grade_lines(found: Diagnosis, grades: Sequence[int | None]) -> Iterator[Line]:
    wanted: list[tuple[str, str, str | None]] = [
        ("Attended in time", "arrived_within_target", _ATTENDANCE),
        ("No arrival recorded", "no_arrival_recorded", None),
    ]
    counts = (_n(found, found.find("incidents", grade=grade)) for grade in grades)
    yield Line("Incidents", tuple(counts))
    stages = dict.fromkeys(one.stage for one in found.figures if one.measure == "delay_p50")
    for stage in stages:
        words = str(stage).replace("_to_", " to ").capitalize()
        wanted += [(f"{words}, half within", "delay_p50", stage),
                   (f"{words}, nine in ten within", "delay_p90", stage)]  # fmt: skip
    for title, measure, stage in wanted:
        cells = tuple(_found(found, measure, stage=stage, grade=grade) for grade in grades)
        if any(cell != NOTHING for cell in cells):
            yield Line(title, cells)


def _cut_lines(found: Diagnosis, grades: Sequence[int | None], cut: str) -> Iterator[Line]:
    names = dict.fromkeys(
        str(value) for one in found.figures if (value := getattr(one, cut)) is not None
    )
    for grade in grades:
        for name in names:
            cuts = {"stage": _ATTENDANCE, "grade": grade, cut: name}
            measures = ("arrived_within_target", "delay_p50", "delay_p90")
            cells = (
                _n(found, found.find("delay_p50", **cuts)),
                *(_found(found, measure, **cuts) for measure in measures),
            )
            if any(cell != NOTHING for cell in cells):
                label = f"Grade {grade}, {STREAMS.get(name, name.replace('_', ' '))}"
                yield Line(label, cells)


def _found(found: Diagnosis, measure: str, **cuts: object) -> Cell:
    return _cell(found, found.find(measure, **cuts))


def _ratio(found: Diagnosis, one: LogFigure) -> Cell:
    """A ratio of waits; none, and not withheld, where the others hardly wait."""
    return NOTHING if one.value is None and not one.withheld else _cell(found, one)


def _minutes(found: Diagnosis, one: LogFigure) -> Cell:
    """The extra minutes beside a ratio of the same stage and grade."""
    return _found(found, "extra_wait_minutes", stage=one.stage, stream=one.stream, grade=one.grade)


def _cell(found: Diagnosis, one: LogFigure | None) -> Cell:
    if one is None:
        return NOTHING
    if one.value is None:
        return _WITHHELD
    scale, unit = (100, "%") if one.unit == "share" else (1, "")
    text = f"{round(scale * one.value, 1):g}{unit}"
    if one.low is not None and one.high is not None:
        text += f" ({round(scale * one.low, 1):g} to {round(scale * one.high, 1):g})"
    return Cell(text, At(f"/figures/{found.figures.index(one)}"))


def _n(found: Diagnosis, one: LogFigure | None) -> Cell:
    if one is None:
        return NOTHING
    # Beside a small count a larger one may be withheld, so "under 5" would be wrong of it.
    text = "withheld" if one.n is None else _count(one.n)
    return Cell(text, At(f"/figures/{found.figures.index(one)}/n"))


def _count(number: object) -> str:
    return f"{number:,}" if isinstance(number, int) else "under 5"
