"""The points of the first screen: what helps, what does not, what is new, what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sim.report.answer.question import IN_TIME, Question
from sim.report.answer.verdicts import foremost
from sim.report.rounding import with_minus
from sim.report.sections.certainty import clearly
from sim.report.sections.figures import (
    clear,
    is_gain,
    known,
    listed,
    signed_change,
    slight,
    spoken_change,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.report.answer import Answer, Verdict
    from sim.results import Document, Row

_ASSUMED: Final = "What is assumed and not known comes on top: "
_FEW: Final = 2
"""Unclear changes beside which there is room for the worst hours."""


@dataclass(frozen=True, slots=True)
class Point:
    """One point: a word or two, and what is to be said."""

    heading: str
    said: str


def points(document: Document, answer: Answer) -> tuple[Point, ...]:
    """What is said under the picture of causes; of one scenario alone, when and for whom."""
    question = Question(document, answer.subject)
    if not question.reports():
        return ()
    told = list(_of_variant(question, answer)) if answer.verdicts else list(_alone(answer))
    told += _added(answer)
    hangs = _hangs_on(answer)
    return (*told, Point("What it rests on:", hangs)) if hangs else tuple(told)


def _of_variant(question: Question, answer: Answer) -> Iterator[Point]:
    first = foremost(answer.verdicts)
    which = f"{first.column.letter} h" if len(answer.verdicts) > 1 else "H"
    gains: list[str] = []
    losses: list[str] = []
    rest: list[str] = []
    for what, row, unit in _looked_at(question, first):
        if not clear(row):
            rest.append(what)
            continue
        size = with_minus(signed_change(row)[0])
        if slight(row):
            size = f"by {spoken_change(row, '', '')[0].strip()}"
        said = f"{what} ({size} {unit})"
        (gains if is_gain(row) else losses).append(said)
    if gains:
        yield Point(f"{which}elps:", f"{listed(gains)}.")
    if losses:
        yield Point(f"{which}arms:", f"{listed(losses)}.")
    if not gains and not losses:
        word = clearly(question.document).strip()
        yield Point(f"{which}elps", f"nothing that was looked at {word}".strip() + ".")
    if rest:
        worst = _paragraph(answer, "hours")
        worst = "" if worst.startswith("No hour") else worst
        also = f" {worst}" if worst and len(rest) <= _FEW else ""
        yield Point("No clear change:", f"{listed(rest)}.{also}")


def _looked_at(question: Question, one: Verdict) -> Iterator[tuple[str, Row, str]]:
    """What a variant may change: in words, its change, and its unit."""
    part = question.document.difference(one.column.name)
    if part is None:
        return
    wanted = (
        ("children reached in time", IN_TIME, None, "in 100"),
        ("waits over an hour", "waited_over", 60, "in 100"),
        ("waits over ten hours", "waited_over", 600, "in 100"),
        ("the longest tenth of waits", "delay_p90", None, "min"),
    )
    for what, measure, minutes, unit in wanted:
        row = question.change(one.column, measure, minutes=minutes)
        if (
            row is not None
            and row.low is not None
            and not question.rare(one.column, measure, minutes)
        ):
            yield what, row, unit
    off = question.subject.narrowed(part, "waited_over", 60, "other")
    if known(off) and off.low is not None:
        yield "waits over an hour with the team off duty", off, "in 100"


def _alone(answer: Answer) -> Iterator[Point]:
    for name, heading in (("hours", "Worst hours:"), ("high-risk", "High risk:")):
        said = _paragraph(answer, name)
        if said:
            yield Point(heading, said)


def _added(answer: Answer) -> Iterator[Point]:
    """What only a variant has, as the answer says it."""
    for one in answer.paragraphs:
        if one.name == "added":
            yield Point(f"{one.heading}:", " ".join(one.sentences))


def _hangs_on(answer: Answer) -> str:
    """What is assumed and not known, as the answer says it."""
    sure = next((one.sentences for one in answer.paragraphs if one.name == "sure"), ())
    told = " ".join(sure[1:-1])
    return told.removeprefix(_ASSUMED)


def _paragraph(answer: Answer, name: str) -> str:
    return next((" ".join(one.sentences) for one in answer.paragraphs if one.name == name), "")
