"""The sheets of figures: a line for each row of the document, or each minute of the curve."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from sim.report.sections.figures import few
from sim.report.sections.stages import STAGES
from sim.report.workbook.names import CASES_SHEET, LEAST_CASES, SHEETS
from sim.report.workbook.sheet import FORMATS, SIGNED, Cell, Line, Sheet, limits
from sim.results import Context, Document, Row

_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_CUTS: Final = ("stream", "grade", "risk", "care", "area", "hours", "pool", "hour", "stage")
_CURVE: Final = ("arrived_by", "returned_first_by")
_BY_HOUR_OF_DAY: Final = "arrived_within_target_by_hour_of_day"
_OWN_CLOCK: Final = ("arrived_within_target", "reachable_within_target", _BY_HOUR_OF_DAY)
_POOLS: Final = ("utilisation", "overtime_hours", "overtime_pounds", "queue_length")


def figure_sheets(document: Document) -> Iterator[Sheet]:
    """The sheets in their order; cases only where a scenario follows them."""
    headline, differences, stages, pools, curve, week = (name for name, _ in SHEETS[2:-2])
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
    of_cases = ("cases", "concerns", "placed")
    cases = [(name, row) for name, row in everyone if row.about.about in of_cases]
    if cases:
        yield _cases(cases, context)


def _table(name: str, columns: Sequence[tuple[str, int]], lines: Iterable[Line]) -> Sheet:
    """A sheet whose last columns are a figure and its limits."""
    figures = [("Value", 12), ("Lower", 12), ("Upper", 12)]
    rest = [("Unit", 9), ("Cases", 11), ("Note", 22)]
    return Sheet(name, [*columns, *figures, *rest], frozenset(title for title, _ in figures), lines)


def _figures(cells: Sequence[Cell], row: Row, *, signed: bool = False) -> Line:
    """A line that ends with a row's figure, its limits, unit and cases."""
    patterns = SIGNED if signed else FORMATS
    pattern = patterns.get(row.unit, patterns["other"])
    return Line([*cells, *limits(row), row.unit, row.n, _note(row, signed)], pattern)


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


def _differences(name: str, document: Document) -> Sheet:
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


def _curve(name: str, document: Document) -> Sheet:
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
            cells += (None, None, None) if fate is None else limits(fate)
        waiting = None
        if arrived is not None and returned is not None and arrived.value is not None:
            waiting = 1 - arrived.value - (returned.value or 0)
        cells += [waiting, None if arrived is None else arrived.n]
        lines.append(Line(cells, FORMATS["share"]))
    return Sheet(
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


def _cases(rows: Iterable[tuple[str, Row]], context: Context) -> Sheet:
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
