"""Parts of sentences and cells that several answers use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.answers import Estimated
from sim.report.answer.subject import Subject
from sim.report.rounding import NEXT_TO_NOTHING, Written, is_nought, place, rounded, signed
from sim.report.scale import Scale, unit_scale
from sim.report.sections.figures import length
from sim.report.sections.section import NOTHING, Cell
from sim.results import CHILDREN

if TYPE_CHECKING:
    from sim.answers import AnswerDocument, Whom

_BARS: Final = "#"
_SMALL: Final = 10.0


def statement(document: AnswerDocument, reports: int | None = None) -> str:
    """That it is illustrative, and how many reports it rests on."""
    own = document.context.statement
    counted = "" if reports is None else f"{reports:,} simulated report{plural(reports)}."
    return " ".join(part for part in (own, counted) if part)


def warnings(document: AnswerDocument) -> tuple[str, ...]:
    """What is to be read before the answer: that it was stopped."""
    return (document.stopped,) if document.stopped else ()


def footing(document: AnswerDocument) -> tuple[str, ...]:
    """What all of it rests on, and what it is not."""
    run, level = document.run, round(100 * document.level)
    size = (
        f"{run.replications} replication{plural(run.replications)} of {run.days} "
        f"day{plural(run.days)}, seed {run.seed}, {level}% ranges."
    )
    return (size, CHILDREN)


def whom(document: AnswerDocument, cut: Whom) -> str:
    """Whom it is about, such as "Grade 2 missing children in care"."""
    subject = Subject(cut.stream, cut.grade, cut.risk, cut.care, cut.area)
    return subject.whom(document.context)


def plural(number: int) -> str:
    """The ending of what is counted."""
    return "" if number == 1 else "s"


def figure(one: Estimated, scale: Scale | None = None) -> Written:
    """A figure and its limits as they are written.

    On a scale, or by its own unit: shares in 100, others as they are.
    """
    times = (scale or unit_scale(one.unit)).times
    value = one.number * times
    low = None if one.low is None else one.low * times
    high = None if one.high is None else one.high * times
    fine = low is not None and high is not None and abs(value) < _SMALL
    unit = place(value, (value + low) / 2, (value + high) / 2) if fine else None  # type: ignore[operator]
    return rounded(value, low, high, unit)


def clearly(one: Estimated) -> bool:
    """Whether a figure's range leaves out nought."""
    if one.low is None or one.high is None:
        return False
    return one.low > 0 or one.high < 0


def with_range(one: Estimated, scale: Scale | None = None) -> Cell:
    """A figure with its range: "25 (24–26)"."""
    if one.value is None:
        return NOTHING
    written = figure(one, scale)
    if written.low is None or written.high is None or one.low == one.high:
        return Cell(written.value, one)
    return Cell(written.in_cell(), one)


def change(one: Estimated, scale: Scale | None = None) -> tuple[str, str]:
    """A change and its range, each number with its sign: ("-4", "-6 to -3")."""
    way = ("+" if one.number > 0 else "-") if clearly(one) else ""
    return figure(one, scale).as_change(way)


def gained(one: Estimated, scale: Scale | None = None) -> Cell:
    """A change without its range: "+20"; "0" where its range holds nought."""
    if one.value is None:
        return NOTHING
    written = signed(figure(one, scale).value)
    if is_nought(written) or (one.low is not None and not clearly(one)):
        return Cell("0", one)
    return Cell(written, one)


def said(one: Estimated, scale: Scale | None = None) -> str:
    """A figure with its range in words: "25 (24 to 26)"."""
    written = figure(one, scale)
    if written.low is None or written.high is None:
        return written.value
    return f"{written.value} ({written.low} to {written.high})"


def said_change(one: Estimated, scale: Scale) -> str:
    """A clear change without its sign, in words: "6 (3 to 9) in 100"."""
    size, between = figure(one, scale).sized()
    if between == NEXT_TO_NOTHING:
        return f"{size} {scale.words} ({between})"
    return f"{size} ({between}) {scale.words}"


def bar(part: float, whole: float, room: int) -> Cell:
    """A bar of so many signs in its room, so that all begin at the same place."""
    if whole <= 0:
        return Cell("")
    # A last sign that nobody sees keeps the room.
    return Cell((_BARS * round(room * max(0.0, part) / whole)).ljust(room))


def other_figure(measure: str, *, long: bool) -> tuple[str, str]:
    """The headline to ask for next, by which is told of already."""
    waits = ("over-10h", "over-1h") if long else ("over-1h", "over-10h")
    return (f"--measure {waits[measure == waits[0]]}", "another figure")


def waits(measure: str) -> str:
    """What goes wrong, as the end of a sentence about a report: "miss their target"."""
    return _WRONG[measure]


_WRONG: Final = {
    "in-time": "miss their target, counted from the call",
    "in-time-from-grading": "miss their target, counted from grading",
    "over-1h": f"wait more than {length(60)}",
    "over-10h": f"wait more than {length(600)}",
    "unattended": "minutes with nobody there, on average",
    "child-seen": "minutes until police have seen the child, on average",
}
