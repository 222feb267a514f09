"""The results as an Excel workbook: numbers as numbers and plain names, a sheet for each question.

Only the first sheet has formulas: whoever pays may put in another price and see what comes of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from sim.report.answer.question import Question
from sim.report.answer.subject import headline_of
from sim.report.price import options
from sim.report.sections.figures import clear, few
from sim.report.sections.stages import STAGES
from sim.results import CATALOGUE, CHILDREN, Context, Document, Row
from sim.scenario.paths import lookup, parsed
from sim.scenario.resolve import resolved_data
from sim.scenario.toml import toml_value

if TYPE_CHECKING:
    from sim.scenario.loading import Loaded


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that is worked out from others, and what it comes to."""

    text: str
    value: float | None


Cell: TypeAlias = str | float | int | Formula | None

SHEETS: Final = (
    ("Finance", "each option's posts, pounds and children reached in time; its sums are formulas"),
    ("Read me", "what this is, how to read it, and what each measure means"),
    ("Headline", "the reports that the answer is about, by scenario"),
    ("Differences", "each scenario less the baseline, with the same luck; the headline first"),
    ("Stages", "where the time goes: mean minutes in which each stage alone blocks arrival"),
    ("Utilisation", "how busy each pool is, its overtime and its queue"),
    ("Attendance curve", "arrived, returned first and still waiting, by minute"),
    ("Hour of week", "share reached in time by weekday (or all) and hour of the report"),
    ("What differs", "values in which the scenarios' files differ, and what their rotas come to"),
    ("Sources", "where each number comes from, or why it was assumed and within what range"),
)
"""Name of each sheet, in order, and what is on it."""

CASES_SHEET: Final = (
    "Cases",
    "missing episodes after arrival: clocks, hours that nobody worked, officer-hours, partners",
)
"""Stands before "What differs", where a scenario follows its cases."""

LEAST_CASES: Final = 30
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_FORMATS: Final = {"share": "0.0%", "whole": "#,##0", "other": "#,##0.0"}
_SIGNED: Final = {"share": "+0.0%;-0.0%;0.0%", "other": "+#,##0.0;-#,##0.0;0.0"}
_CUTS: Final = ("stream", "grade", "risk", "care", "area", "hours", "pool", "hour", "stage")
_CURVE: Final = ("arrived_by", "returned_first_by")
_BY_HOUR_OF_DAY: Final = "arrived_within_target_by_hour_of_day"
_OWN_CLOCK: Final = ("arrived_within_target", "reachable_within_target", _BY_HOUR_OF_DAY)
_POOLS: Final = ("utilisation", "overtime_hours", "overtime_pounds", "queue_length")
_NARROW: Final = 40
"""Columns that are wider wrap their text."""
_WIDE: Final = 60
_TEXT_WIDTH: Final = 110
_LINE_HEIGHT: Final = 15
_TITLE_HEIGHT: Final = 22
# As the parts of the file have it: a workbook of the same results is the same bytes.
_CREATED: Final = datetime(1980, 1, 1)


@dataclass(frozen=True)
class _Line:
    """A line of a sheet, and how its figures are shown."""

    cells: Sequence[Cell]
    figures: str = _FORMATS["other"]


@dataclass(frozen=True)
class _Sheet:
    """A table with a header: title and width of each column, and which of them hold figures."""

    name: str
    columns: Sequence[tuple[str, int]]
    figures: frozenset[str]
    lines: Iterable[_Line]
    patterns: Mapping[str, str] = field(default_factory=dict)
    """Of columns whose numbers are shown alike on every line."""


def workbook(document: Document, loaded: Sequence[Loaded]) -> bytes:
    """The workbook of a run or a comparison, as the bytes of an .xlsx file.

    Parameters
    ----------
    document
        What is told.
    loaded
        The scenarios, the baseline first.

    Returns
    -------
    bytes
        Equal for equal results: neither when nor how long it was made is in it.
    """
    from xlsxwriter import Workbook

    stream = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(stream, options) as book:
        title = f"Results: {', '.join(one.name for one in loaded)}"
        book.set_properties({"title": title, "comments": CHILDREN, "created": _CREATED})
        formats = _Formats(book.add_format)
        footing = f"&L{CHILDREN}&RPage &P of &N"
        _write_sheet(book.add_worksheet(SHEETS[0][0]), _finance(document), formats)
        _write_read_me(book.add_worksheet(SHEETS[1][0]), _read_me(document, loaded), formats)
        for sheet in _sheets(document, loaded):
            _write_sheet(book.add_worksheet(sheet.name), sheet, formats)
        for worksheet in book.worksheets():
            worksheet.set_landscape()
            worksheet.set_paper(9)
            worksheet.fit_to_pages(1, 0)
            worksheet.set_footer(footing)
    return stream.getvalue()


class _Formats:
    """Cell formats, made once each."""

    def __init__(self, add: Callable[[Mapping[str, Any]], Any]) -> None:
        self._add = add
        self._made: dict[str, Any] = {}
        self.header = add({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self.title = add({"bold": True, "font_size": 14})
        self.bold = add({"bold": True, "valign": "top"})
        self.wrapped = add({"text_wrap": True, "valign": "top"})
        self.text = add({"valign": "top"})
        self.left = add({"align": "left", "valign": "top"})

    def number(self, pattern: str) -> Any:  # noqa: ANN401 (xlsxwriter publishes no types)
        """The format of a number."""
        if pattern not in self._made:
            self._made[pattern] = self._add({"num_format": pattern, "valign": "top"})
        return self._made[pattern]


def _write_sheet(worksheet: Any, sheet: _Sheet, formats: _Formats) -> None:  # noqa: ANN401
    for place, (title, width) in enumerate(sheet.columns):
        worksheet.set_column(place, place, width)
        worksheet.write_string(0, place, title, formats.header)
    last = 0
    whole = formats.number(_FORMATS["whole"])
    for last, line in enumerate(sheet.lines, 1):
        figures = formats.number(line.figures)
        pairs = zip(line.cells, sheet.columns, strict=True)
        heights = [_height(cell, width) for cell, (_, width) in pairs if width > _NARROW]
        if heights:
            worksheet.set_row(last, max(heights))
        for place, (cell, (title, width)) in enumerate(zip(line.cells, sheet.columns, strict=True)):
            if isinstance(cell, str):
                worksheet.write_string(
                    last, place, cell, formats.wrapped if width > _NARROW else formats.text
                )
            elif cell is not None:
                number = figures if title in sheet.figures else whole
                if title in sheet.patterns:
                    number = formats.number(sheet.patterns[title])
                if isinstance(cell, Formula):
                    value = "" if cell.value is None else cell.value
                    worksheet.write_formula(last, place, cell.text, number, value)
                else:
                    worksheet.write_number(last, place, cell, number)
    worksheet.freeze_panes(1, 0)
    worksheet.repeat_rows(0)
    if last:
        worksheet.autofilter(0, 0, last, len(sheet.columns) - 1)


def _write_read_me(
    worksheet: Any,  # noqa: ANN401
    lines: Iterable[tuple[str, Cell]],
    formats: _Formats,
) -> None:
    worksheet.set_column(0, 0, 34)
    worksheet.set_column(1, 1, _TEXT_WIDTH)
    for place, (topic, text) in enumerate(lines):
        if text is None:
            worksheet.set_row(place, _TITLE_HEIGHT)
            worksheet.write_string(place, 0, topic, formats.title)
            continue
        worksheet.set_row(place, _height(text, _TEXT_WIDTH))
        worksheet.write_string(place, 0, topic, formats.bold)
        if isinstance(text, str):
            worksheet.write_string(place, 1, text, formats.wrapped)
        else:
            worksheet.write_number(place, 1, text, formats.left)
    worksheet.freeze_panes(1, 0)


def _height(cell: Cell, width: int) -> int:
    """Points that a wrapped text takes: not every program finds it out when it opens the file."""
    # Words do not fill a line to its end.
    return _LINE_HEIGHT * max(1, -(-len(str(cell)) // round(0.9 * width)))


def _read_me(document: Document, loaded: Sequence[Loaded]) -> Iterator[tuple[str, Cell]]:
    """Topic and text of each line; a line without text is a heading."""
    run, statement = document.run, document.context.statement
    yield "Missing-child operational risk simulator: results", None
    yield "What this is", CHILDREN
    if statement is not None:
        yield "", statement
    yield (
        "",
        (
            "How long simulated missing children wait for a police officer under different "
            "staffing and rules. The same figures are in summary.csv and summary.json beside this "
            "file."
        ),
    )
    yield "Scenarios", None
    for place, one in enumerate(loaded):
        role = " (the baseline)" if place == 0 and len(loaded) > 1 else ""
        yield one.name, f"{one.scenario.title}{role}"
    yield "How it was run", None
    yield "Seed", run.seed
    yield "Replications", run.replications
    yield "Measured days of each", run.days
    yield "Engine", run.engine
    for name, version in run.versions.items():
        yield f"Version of {name}", version
    yield "How to read it", None
    level = f"{100 * document.level:g}%"
    yield (
        "Lower and Upper",
        (
            f"Limits that hold with {level} confidence over the luck of the simulation. They do "
            "not cover what is assumed: see the sheet Sources for the range of each assumption."
        ),
    )
    yield (
        "Too few to compare",
        "A share with only one limit has fewer than 20 events (or non-events); the limit is exact.",
    )
    yield (
        "Holds together",
        (
            "yes: the limits of the headline differences hold for all compared scenarios at once. "
            "Others hold one by one; of many of them, some will stand clear of nought by chance."
        ),
    )
    yield (
        "Cases",
        (
            "Reports behind a share, a mean or a quantile; replications behind utilisation, hours "
            f"and queues. Figures of fewer than {LEAST_CASES} reports are no ground to plan on."
        ),
    )
    yield (
        "Empty cells",
        (
            "A cut that is empty is over all of it. Why there is no figure stands in its note: too "
            "few cases, or not known within the time that cases are followed."
        ),
    )
    yield "Clock", "What starts the target's clock: the call received, or grading."
    yield "Shares", "Shown as percentages; the cell holds the fraction, 0.25 for 25%."
    yield (
        "Low and High (Sources)",
        (
            "The range of an assumption: of the number itself where the key is a number; else of a "
            "factor on the numbers of its table or list, or on the first of shares that sum to 1."
        ),
    )
    measures = {row.measure for part in document.scenarios for row in part.rows}
    yield "Sheets", None
    yield SHEETS[0]
    yield from SHEETS[2:]
    if any(CATALOGUE[measure].about == "cases" for measure in measures):
        yield CASES_SHEET
    yield "Measures", None
    for measure, record in CATALOGUE.items():
        if measure in measures:
            yield record.long.replace("{minutes}", "so many minutes"), record.meaning


def _sheets(document: Document, loaded: Sequence[Loaded]) -> Iterator[_Sheet]:
    headline, differences, stages, pools, curve, week, differs, sources = (
        name for name, _ in SHEETS[2:]
    )
    context = document.context
    everyone = [
        (context.scenario(part.name), row) for part in document.scenarios for row in part.rows
    ]
    yield _table(
        headline,
        [("Scenario", 26), ("Measure", 36), ("Minutes", 9), ("Stage", 12), ("Clock", 14)],
        [
            _figures([name, _measure(row), row.minutes, _stage(row), _clock(row)], row)
            for name, row in everyone
            if _is_headline(row, context) and row.hour is None and row.measure not in _CURVE
        ],
    )
    yield _differences(differences, document)
    yield _table(
        stages,
        [("Scenario", 26), ("Stream", 18), ("Grade", 7), ("Stage", 12)],
        [
            _figures([name, _words(row.stream), row.grade, _stage(row)], row)
            for name, row in everyone
            if row.measure == "stage_mean" and _is_margin(row)
        ],
    )
    yield _table(
        pools,
        [
            ("Scenario", 26),
            ("Pool", 28),
            ("Area", 12),
            ("Grade", 7),
            ("Measure", 18),
            ("Hour of day", 8),
            ("Kind of work", 14),
        ],
        [
            _figures(
                [
                    name,
                    None if row.pool is None else context.pool(row.pool),
                    _area(row, context),
                    row.grade,
                    _measure(row),
                    row.hour,
                    _words(row.stage),
                ],
                row,
            )
            for name, row in everyone
            if row.measure in _POOLS
        ],
    )
    yield _curve(curve, document)
    yield _table(
        week,
        [("Scenario", 26), ("Stream", 18), ("Grade", 7), ("Weekday", 12), ("Hour", 7)],
        [
            _figures(
                [
                    name,
                    _words(row.stream),
                    row.grade,
                    _weekday(row.measure, row.hour),
                    row.hour % 24,
                ],
                row,
            )
            for name, row in everyone
            if row.measure in ("arrived_within_target", _BY_HOUR_OF_DAY) and row.hour is not None
        ],
    )
    cases = [(name, row) for name, row in everyone if row.about.about == "cases"]
    if cases:
        yield _cases(cases, context)
    yield _what_differs(differs, context)
    yield _sources(sources, loaded, context)


def _table(name: str, columns: Sequence[tuple[str, int]], lines: Iterable[_Line]) -> _Sheet:
    """A sheet whose last columns are a figure and its limits."""
    figures = [("Value", 12), ("Lower", 12), ("Upper", 12)]
    rest = [("Unit", 9), ("Cases", 11), ("Note", 22)]
    return _Sheet(
        name, [*columns, *figures, *rest], frozenset(title for title, _ in figures), lines
    )


def _figures(cells: Sequence[Cell], row: Row, *, signed: bool = False) -> _Line:
    """A line that ends with a row's figure, its limits, unit and cases."""
    patterns = _SIGNED if signed else _FORMATS
    pattern = patterns.get(row.unit, patterns["other"])
    return _Line([*cells, *_limits(row), row.unit, row.n, _note(row, signed)], pattern)


def _limits(row: Row) -> tuple[Cell, Cell, Cell]:
    return row.value, row.low, row.high


def _note(row: Row, signed: bool) -> str | None:
    if row.value is None:
        return row.note
    if row.unit != "share" or row.measure in _POOLS or signed:
        return None
    if row.n < LEAST_CASES:
        return f"fewer than {LEAST_CASES} cases"
    return "too few to compare" if few(row) else None


def _weekday(measure: str, hour: int) -> str:
    return "all" if measure == _BY_HOUR_OF_DAY else _DAYS[hour // 24]


def _clock(row: Row) -> str | None:
    if row.clock is None:
        return "target's own" if row.measure in _OWN_CLOCK else None
    return str(row.clock)


def _is_headline(row: Row, context: Context) -> bool:
    others = (row.risk, row.care, row.area, row.hours, row.pool)
    mine = (row.stream, row.grade) == (context.stream, context.grade)
    return mine and others == (None,) * len(others)


def _is_margin(row: Row) -> bool:
    return row.is_only("stream", "grade", "stage")


def _differences(name: str, document: Document) -> _Sheet:
    titles = ("Stream", "Grade", "Risk", "In care", "Area", "Hours", "Pool", "Hour of day", "Stage")
    widths = (18, 7, 12, 9, 12, 8, 26, 8, 12)
    columns = [
        ("Scenario", 26),
        ("Baseline", 26),
        ("Measure", 34),
        *zip(titles, widths, strict=True),
        ("Minutes", 9),
        ("Clock", 14),
        ("Holds together", 10),
    ]
    rows = [(part, row) for part in document.differences for row in part.rows]
    rows.sort(key=lambda pair: not _is_headline(pair[1], document.context))
    lines = [
        _figures(
            [
                document.context.scenario(part.name),
                document.context.scenario(part.baseline),
                _measure(row),
                *(_cut(row, cut, document.context) for cut in _CUTS),
                row.minutes,
                _clock(row),
                "yes" if row.adjusted else "no",
            ],
            row,
            signed=True,
        )
        for part, row in rows
    ]
    return _table(name, columns, lines)


def _cut(row: Row, cut: str, context: Context) -> Cell:
    """One of a row's cuts in plain words."""
    if cut == "care":
        # A truth value would stand as a number among the figures.
        return None if row.care is None else "yes" if row.care else "no"
    if cut == "pool":
        return None if row.pool is None else context.pool(row.pool)
    if cut == "area":
        return _area(row, context)
    if cut == "stage":
        return _stage(row)
    value: str | int | None = getattr(row, cut)
    return _words(value) if isinstance(value, str) else value


def _measure(row: Row) -> str:
    """What is measured, in words."""
    return row.about.long_label(minutes=row.minutes)


def _stage(row: Row) -> str | None:
    """A stage in words."""
    return None if row.stage is None else STAGES.get(row.stage, _words(row.stage))


def _area(row: Row, context: Context) -> str | None:
    return None if row.area is None else context.titles.areas.get(row.area, row.area)


def _words(name: str | None) -> str | None:
    """A name of the scenario's file as people say it."""
    return None if name is None else name.replace("_", " ")


def _curve(name: str, document: Document) -> _Sheet:
    """A line for each minute: the three fates side by side."""
    figures = (
        "Arrived", "Arrived, lower", "Arrived, upper",
        "Returned first", "Returned first, lower", "Returned first, upper", "Still waiting",
    )  # fmt: skip
    points: dict[tuple[str, str | None, int | None, int | None], dict[str, Row]] = {}
    for part in document.scenarios:
        for measure in _CURVE:
            for row in part.of(measure):
                title = document.context.scenario(part.name)
                place = (title, _words(row.stream), row.grade, row.minutes)
                points.setdefault(place, {})[measure] = row
    lines = []
    for place, fates in points.items():
        arrived, returned = (fates.get(measure) for measure in _CURVE)
        cells: list[Cell] = [*place]
        for fate in (arrived, returned):
            cells += (None, None, None) if fate is None else _limits(fate)
        waiting = None
        if arrived is not None and returned is not None and arrived.value is not None:
            waiting = 1 - arrived.value - (returned.value or 0)
        cells += [waiting, None if arrived is None else arrived.n]
        lines.append(_Line(cells, _FORMATS["share"]))
    return _Sheet(
        name,
        [
            ("Scenario", 26),
            ("Stream", 18),
            ("Grade", 7),
            ("Minutes since the clock's start", 12),
            *((title, 12) for title in figures),
            ("Cases", 11),
        ],
        frozenset(figures),
        lines,
    )


def _cases(rows: Iterable[tuple[str, Row]], context: Context) -> _Sheet:
    """Every figure of cases after arrival, a line each."""
    cuts = ("stream", "risk", "care", "area", "hours", "pool", "hour", "stage", "minutes")
    titles = ("Stream", "Risk", "In care", "Area", "Hours", "Pool", "Hour", "Stage", "Minutes")
    widths = (18, 12, 9, 12, 8, 26, 8, 18, 9)
    return _table(
        CASES_SHEET[0],
        [("Scenario", 26), ("Measure", 34), *zip(titles, widths, strict=True)],
        [
            _figures([name, _measure(row), *(_cut(row, cut, context) for cut in cuts)], row)
            for name, row in rows
        ],
    )


def _finance(document: Document) -> _Sheet:
    """What each option takes and reaches; sums and prices are formulas over the other cells."""
    question = Question(document, headline_of(document.context))
    lines = []
    for place, one in enumerate(options(question), 2):
        own, change = one.staffing, one.change
        pounds = own.pounds if own is not None and own.pounds else None
        overtime = None if one.overtime is None else one.overtime.value
        total = None if pounds is None else pounds + (overtime or 0.0)
        priced = total is not None and one.base is not None
        more = one.extra_children
        each = one.pounds_each
        lines.append(
            _Line(
                [
                    one.column.title,
                    None if own is None else own.posts,
                    None if own is None else own.paid_hours,
                    pounds,
                    overtime,
                    None if total is None else Formula(f"=D{place}+E{place}", total),
                    Formula(f"=F{place}-F$2", one.net) if priced else None,
                    one.reports_a_week,
                    *((None,) * 3 if change is None else _limits(change)),
                    None if change is None else "yes" if clear(change) else "no",
                    None if more is None else Formula(f"=H{place}*I{place}", more),
                    *(
                        (None,) * 3
                        if change is None or not priced
                        else (
                            Formula(_per_child(place, end), value)
                            for end, value in zip("IKJ", each or (None,) * 3, strict=True)
                        )
                    ),
                ]
            )
        )
    pounds_, shares = "£#,##0;-£#,##0", _SIGNED["share"]
    patterns = {
        "Posts": "#,##0.0",
        "Rota, pounds a week": pounds_,
        "Overtime, pounds a week": pounds_,
        "Rota and overtime": pounds_,
        "Net of the baseline": "+£#,##0;-£#,##0;£0",
        "Reports a week": "#,##0.0",
        "Change in time": shares,
        "Change, lower": shares,
        "Change, upper": shares,
        "More children in time a week": "+#,##0.00;-#,##0.00;0.00",
        "Pounds for each child more": pounds_,
        "at the best": pounds_,
        "at the worst": pounds_,
    }
    titles = ("Option", "Posts", "Paid hours a week", *list(patterns)[1:9], "Clear change")
    titles += tuple(list(patterns)[9:])
    return _Sheet(
        SHEETS[0][0],
        [(title, 34 if title == "Option" else 13) for title in titles],
        frozenset(patterns),
        lines,
        patterns,
    )


def _per_child(place: int, end: str) -> str:
    """Net pounds over children more in time, where the rota is dearer and the change is clear."""
    known = f'AND(L{place}="yes",J{place}>0,D{place}>D$2,G{place}>0)'
    return f'=IF({known},G{place}/(H{place}*{end}{place}),"")'


def _what_differs(name: str, context: Context) -> _Sheet:
    figures = ("Posts", "Paid hours a week", "Pounds a week")
    lines = [
        _Line([context.scenario(one.scenario), "what its rota comes to", None, None,
               one.posts, one.paid_hours, one.pounds])
        for one in context.staffing
    ]  # fmt: skip
    lines += [
        _Line(
            [
                context.scenario(scenario),
                change.path,
                change.baseline,
                change.other,
                None,
                None,
                None,
            ]
        )
        for scenario, changes in (context.changes or {}).items()
        for change in changes
    ]
    columns = [("Scenario", 26), ("Key in the scenario's file", 58)]
    columns += [("In the baseline", _WIDE), ("In the scenario", _WIDE)]
    return _Sheet(name, columns + [(title, 12) for title in figures], frozenset(figures), lines)


def _sources(name: str, loaded: Sequence[Loaded], context: Context) -> _Sheet:
    """What the files say of their numbers; of the others only what the baseline does not say."""
    lines = []
    told: set[tuple[Cell, ...]] = set()
    for one in loaded:
        data = resolved_data(one.scenario)
        for path, source in one.scenario.sources.items():
            keys = parsed(path)
            value = toml_value(lookup(data, keys)) if keys else None
            cells: tuple[Cell, ...] = (
                path,
                value,
                "source" if source.assumption is None else "assumption",
                source.source or source.assumption,
                None if source.year is None else str(source.year),
                source.confidence,
                source.low,
                source.high,
            )
            if cells not in told:
                told.add(cells)
                lines.append(_Line([context.scenario(one.name), *cells], "General"))
    columns = [
        ("Scenario", 26),
        ("Key in the scenario's file", 50),
        ("Value", _WIDE),
        ("Kind", 11),
        ("Where it comes from, or why it was assumed", 90),
        ("Year", 10),
        ("Confidence (A best, E worst)", 12),
        ("Low", 10),
        ("High", 10),
    ]
    return _Sheet(name, columns, frozenset(("Low", "High")), lines)
