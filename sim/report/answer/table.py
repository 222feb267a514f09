"""The first screen's table: the change first, then how long, how many wait, and the price."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sim.report.answer.finding import MOST_TOLD
from sim.report.answer.model import Column, Verdict
from sim.report.answer.question import CEILING, CLOCKS, IN_TIME, UNATTENDED, Question
from sim.report.answer.verdicts import ranked
from sim.report.sections.certainty import star
from sim.report.sections.figures import (
    change_cell,
    clear,
    held_against,
    known,
    more_pounds,
    number,
    plain,
    plain_pounds,
)
from sim.report.sections.section import NOTHING, Cell, Line, Table
from sim.results import Row, Staffing

_HOUR: Final = 60
_TEN_HOURS: Final = 600


def table(question: Question, found: Sequence[Verdict]) -> Table | None:
    """Scenarios side by side or, of more than three variants, their changes with the best first."""
    if not question.reports() and not question.context.staffing:
        return None
    if len(found) > MOST_TOLD:
        return _sorted(question, found)
    lines = [*_in_time(question), *_waits(question)]
    posts = _posts(question)
    if posts is not None:
        lines.append(posts)
    lines += _overtime(question, found, inset=posts is not None)
    lines = [line for line in lines if any(one is not NOTHING for one in line.cells)]
    if not lines:
        return None
    return Table(
        "The answer, side by side",
        tuple(one.letter for one in question.columns),
        tuple(lines),
        baseline_first=True,
    )


def key(question: Question, shown: Table | None) -> str:
    """What the marks of the table mean; "" where it has none."""
    if shown is None:
        return ""
    marked = any(one.text.endswith("*") for line in shown.lines for one in line.cells)
    return star(question.document, question.columns[0].letter) if marked else ""


def _in_time(question: Question) -> list[Line]:
    if not question.has_target:
        return [
            _line(question, "Mean until there, min", UNATTENDED),
            _changes(question, UNATTENDED),
        ]
    own = CLOCKS[question.starts]
    other = question.other_clock
    return [
        _line(question, f"In time, {own}", IN_TIME, star=False),
        _changes(question, IN_TIME),
        _line(question, CLOCKS[other], IN_TIME, clock=other, inset=True),
        Line(
            "with nobody ever queued",
            tuple(plain(question.row(question.part(one), CEILING)) for one in question.columns),
            inset=True,
        ),
    ]


def _waits(question: Question) -> list[Line]:
    return [
        _line(question, "Half attended or back, min", "delay_p50"),
        _line(question, "9 in 10, min", "delay_p90", inset=True),
        _line(question, "Over 1 hour", "waited_over", minutes=_HOUR),
        _off_duty(question),
        _line(question, "Over 10 hours", "waited_over", minutes=_TEN_HOURS),
    ]


def _line(
    question: Question,
    label: str,
    measure: str,
    *,
    clock: str | None = None,
    minutes: int | None = None,
    inset: bool = False,
    star: bool = True,
) -> Line:
    """One figure of each scenario, with a star where a variant's is clearly another."""
    cells = []
    for column in question.columns:
        row = question.row(question.part(column), measure, clock, minutes)
        change = question.change(column, measure, clock, minutes) if star else None
        rare = question.rare(column, measure, minutes)
        cells.append(held_against(row, change, rare=rare))
    return Line(label, tuple(cells), inset)


def _changes(question: Question, measure: str) -> Line:
    cells = [
        change_cell(question.change(one, measure), rare=question.rare(one, measure), short=True)
        for one in question.columns
    ]
    return Line("change from A", tuple(cells), inset=True)


def _off_duty(question: Question) -> Line:
    """The same while no missing-person team is on duty."""
    cells = []
    for column in question.columns:
        part, difference = question.part(column), question.document.difference(column.name)
        found: list[Row | None] = [
            question.subject.narrowed(one, "waited_over", _HOUR, "other") if one else None
            for one in (part, difference)
        ]
        row, change = found
        written = plain(row)
        if change is not None and clear(change) and not question.rare(column, "waited_over", _HOUR):
            written = Cell(f"{written.text}*", row, held_against(row, change).emphasis)
        cells.append(written)
    return Line("while the team is off", tuple(cells), inset=True)


def _posts(question: Question) -> Line | None:
    """Posts and pounds, the variants' as changes; None where a sentence says that all are alike."""
    own = [question.staffing(one) for one in question.columns]
    base = own[0]
    if base is None:
        return None
    cells = [Cell(_staffing(base), base)]
    for one in own[1:]:
        cells.append(NOTHING if one is None else Cell(_more(base, one), one))
    if len(cells) > 1 and all(one.text == "same" for one in cells[1:]):
        return None
    pounds = any(one.pounds for one in own if one is not None)
    return Line(f"Posts{'; cost a week' if pounds else ''}", tuple(cells))


def _overtime(question: Question, found: Sequence[Verdict], *, inset: bool) -> list[Line]:
    """Pounds a week for overtime, the variants' as changes, where one is clear."""
    base = question.baseline.row("overtime_pounds")
    if not known(base) or all(one.overtime is None for one in found):
        return []
    cells = [plain_pounds(base)]
    for one in found:
        cells.append(Cell("not clear") if one.overtime is None else more_pounds(one.overtime))
    return [Line("overtime a week" if inset else "Overtime a week", tuple(cells), inset)]


def _staffing(one: Staffing) -> str:
    posts = number(one.posts, 1)
    return f"{posts}; £{number(one.pounds, 0)}" if one.pounds else posts


def _more(base: Staffing, one: Staffing) -> str:
    posts, pounds = one.posts - base.posts, one.pounds - base.pounds
    told = []
    if number(abs(posts), 1) != "0.0":
        told.append(f"{posts:+,.1f}")
    if number(abs(pounds), 0) != "0":
        told.append(f"{'+' if pounds > 0 else '-'}£{number(abs(pounds), 0)}")
    return "; ".join(told) or "same"


def _sorted(question: Question, found: Sequence[Verdict]) -> Table:
    """A line for each variant, the best first, under the baseline's own."""
    measure = question.measure
    in_time = "In time" if question.has_target else "Mean, min"
    lines = [_baseline(question, measure)]
    for one in ranked(found):
        rare = question.rare(one.column, measure)
        cells = (
            plain(one.after),
            change_cell(one.change, rare=rare, short=True),
            change_cell(one.over, rare=question.rare(one.column, "waited_over", _HOUR), short=True),
            _pounds(question, one.column),
            _calls(one),
        )
        lines.append(Line(f"{one.column.letter} {one.column.title}", cells))
    columns = (in_time, "change from A", "over 1 hour", "cost a week", "other calls")
    return Table("Variants, the best first", columns, tuple(lines))


def _baseline(question: Question, measure: str) -> Line:
    column = question.columns[0]
    own = question.staffing(column)
    price = NOTHING if own is None or not own.pounds else Cell(f"£{number(own.pounds, 0)}", own)
    over = plain(question.row(question.baseline, "waited_over", minutes=_HOUR))
    row = question.row(question.baseline, measure)
    return Line(f"{column.letter} {column.title}", (plain(row), NOTHING, over, price, NOTHING))


def _pounds(question: Question, column: Column) -> Cell:
    base, own = question.staffing(question.columns[0]), question.staffing(column)
    if base is None or own is None:
        return NOTHING
    pounds = own.pounds - base.pounds
    if number(abs(pounds), 0) == "0":
        return Cell("same", own)
    return Cell(f"{'+' if pounds > 0 else '-'}£{number(abs(pounds), 0)}", own)


def _calls(one: Verdict) -> Cell:
    if not one.calls.looked_at:
        return NOTHING
    told = [
        f"{len(rows)} {word}"
        for rows, word in ((one.calls.gain, "gain"), (one.calls.lose, "lose"))
        if rows
    ]
    return Cell(", ".join(told) or "none")
