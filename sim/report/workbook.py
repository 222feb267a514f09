"""The results as an Excel workbook: numbers as numbers, a sheet for each question, no formulas."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from sim.report.numbers import too_few
from sim.results import CATALOGUE, CHILDREN, Context, Document, Row
from sim.scenario.paths import lookup, parsed
from sim.scenario.resolve import resolved_data
from sim.scenario.toml import toml_value

if TYPE_CHECKING:
    from sim.scenario.loading import Loaded

Cell: TypeAlias = str | float | int | None

SHEETS: Final = (
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
        _write_read_me(book.add_worksheet(SHEETS[0][0]), _read_me(document, loaded), formats)
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
    yield "Empty cells", "A cut that is empty is over all of it; a figure cannot be estimated."
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
    yield from SHEETS[1:]
    if any(CATALOGUE[measure].about == "cases" for measure in measures):
        yield CASES_SHEET
    yield "Measures", None
    for measure, record in CATALOGUE.items():
        if measure in measures:
            yield measure, record.meaning


def _sheets(document: Document, loaded: Sequence[Loaded]) -> Iterator[_Sheet]:
    headline, differences, stages, pools, curve, week, differs, sources = (
        name for name, _ in SHEETS[1:]
    )
    context = document.context
    everyone = [(part.name, row) for part in document.scenarios for row in part.rows]
    yield _table(
        headline,
        [("Scenario", 26), ("Measure", 36), ("Minutes", 9), ("Stage", 12), ("Clock", 14)],
        [
            _figures([name, row.measure, row.minutes, row.stage, _clock(row)], row)
            for name, row in everyone
            if _is_headline(row, context) and row.hour is None and row.measure not in _CURVE
        ],
    )
    yield _differences(differences, document)
    yield _table(
        stages,
        [("Scenario", 26), ("Stream", 18), ("Grade", 7), ("Stage", 12)],
        [
            _figures([name, row.stream, row.grade, row.stage], row)
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
                    row.pool,
                    row.area,
                    row.grade,
                    row.measure,
                    row.hour,
                    row.stage,
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
                [name, row.stream, row.grade, _weekday(row.measure, row.hour), row.hour % 24], row
            )
            for name, row in everyone
            if row.measure in ("arrived_within_target", _BY_HOUR_OF_DAY) and row.hour is not None
        ],
    )
    cases = [(name, row) for name, row in everyone if row.about.about == "cases"]
    if cases:
        yield _cases(cases)
    yield _what_differs(differs, context)
    yield _sources(sources, loaded)


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
        return "cannot be estimated"
    if row.unit != "share" or row.measure in _POOLS or signed:
        return None
    if row.n < LEAST_CASES:
        return f"fewer than {LEAST_CASES} cases"
    return "too few to compare" if too_few(row) else None


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
                part.name,
                part.baseline,
                row.measure,
                *(_cut(getattr(row, cut)) for cut in _CUTS),
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


def _cut(value: Cell) -> Cell:
    # A truth value would stand as a number among the figures.
    return ("yes" if value else "no") if isinstance(value, bool) else value


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
                place = (part.name, row.stream, row.grade, row.minutes)
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


def _cases(rows: Iterable[tuple[str, Row]]) -> _Sheet:
    """Every figure of cases after arrival, a line each."""
    cuts = ("stream", "risk", "care", "area", "hours", "pool", "hour", "stage", "minutes")
    titles = ("Stream", "Risk", "In care", "Area", "Hours", "Pool", "Hour", "Stage", "Minutes")
    widths = (18, 12, 9, 12, 8, 26, 8, 18, 9)
    return _table(
        CASES_SHEET[0],
        [("Scenario", 26), ("Measure", 34), *zip(titles, widths, strict=True)],
        [
            _figures([name, row.measure, *(_cut(getattr(row, cut)) for cut in cuts)], row)
            for name, row in rows
        ],
    )


def _what_differs(name: str, context: Context) -> _Sheet:
    figures = ("Posts", "Paid hours a week", "Pounds a week")
    lines = [
        _Line([one.scenario, "what its rota comes to", None, None,
               one.posts, one.paid_hours, one.pounds])
        for one in context.staffing
    ]  # fmt: skip
    lines += [
        _Line([scenario, change.path, change.baseline, change.other, None, None, None])
        for scenario, changes in (context.changes or {}).items()
        for change in changes
    ]
    columns = [("Scenario", 26), ("Key in the scenario's file", 58)]
    columns += [("In the baseline", _WIDE), ("In the scenario", _WIDE)]
    return _Sheet(name, columns + [(title, 12) for title in figures], frozenset(figures), lines)


def _sources(name: str, loaded: Sequence[Loaded]) -> _Sheet:
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
                lines.append(_Line([one.name, *cells], "General"))
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
