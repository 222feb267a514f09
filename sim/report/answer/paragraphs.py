"""What stands under the first screen's table: when, high risk, other calls, after arrival."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from sim.report.answer.model import Column, Paragraph
from sim.report.answer.question import IN_TIME, Question
from sim.report.answer.subject import Subject, headline_of
from sim.report.rounding import NEXT_TO_NOTHING
from sim.report.sections.certainty import clearly
from sim.report.sections.figures import (
    clear,
    differ_at_most,
    in_100,
    in_words,
    known,
    listed,
    number,
    span,
    spoken_change,
)
from sim.report.sections.hours import LEAST_CASES
from sim.report.sections.words import calls as kind_of_call
from sim.report.sections.words import capital
from sim.results import Keys, Part, Row

_BAD: Final = 0.6
"""An hour is among the worst where it has at most this part of the whole day's share."""
_MOST_SPANS: Final = 2


def same(question: Question) -> Paragraph | None:
    """Posts and cost, once for all scenarios that take the same."""
    own = [question.staffing(one) for one in question.columns]
    told = [one for one in own if one is not None]
    if len(told) < 2 or len(told) < len(own):
        return None
    written = {(number(one.posts, 1), number(one.pounds, 0)) for one in told}
    if len(written) > 1:
        return None
    posts, pounds = written.pop()
    cost = f" and £{pounds} a week" if told[0].pounds else ""
    return Paragraph("same", "Posts and cost", (f"{posts} posts{cost} under {_all(question)}.",))


def worst_hours(question: Question) -> Paragraph | None:
    """The hours of the day with the smallest share in time under the baseline."""
    keys = question.subject
    if not question.has_target or keys != headline_of(question.context):
        return None
    found = question.baseline.along(
        f"{IN_TIME}_by_hour_of_day", "hour", stream=keys.stream, grade=keys.grade
    )
    whole = question.row(question.baseline, IN_TIME)
    if not found or not known(whole):
        return None
    if sorted(row.n for row in found.values())[len(found) // 2] < LEAST_CASES:
        # Of too few reports an hour says nothing, good or bad.
        return None
    bad = {hour: row for hour, row in found.items() if _is_bad(row, whole)}
    if not bad:
        return Paragraph("hours", "Worst hours", ("No hour of the day is far below the rest.",))
    spans = sorted(_spans(bad), key=lambda one: sum(row.number for row in one.values()) / len(one))
    told = sorted(spans[:_MOST_SPANS], key=lambda one: next(iter(one)))
    said = listed([_hours(one) for one in told])
    return Paragraph(
        "hours", "Worst hours", (capital(f"{_under(question)}fewest are in time from {said}."),)
    )


def high_risk(question: Question) -> Paragraph | None:
    """High-risk children of the headline's stream, and where they are all of grade 1."""
    subject = question.subject
    if subject.risk is not None or subject.grade == 1 or subject.stream is None:
        return None
    risk = Subject(subject.stream, None, risk="high")
    first = Subject(subject.stream, 1)
    by_risk, by_grade = (one.row(question.baseline, IN_TIME) for one in (risk, first))
    if known(by_risk) and known(by_grade) and by_risk.n == by_grade.n:
        name, whom, told, row = "High risk", "Grade 1: ", first, by_grade
    elif known(by_risk):
        name, whom, told, row = "High risk", "", risk, by_risk
    elif known(by_grade):
        name, whom, told, row = "Grade 1", "", first, by_grade
    else:
        return None
    graded = told.row(question.baseline, IN_TIME, "graded")
    under = _under(question)
    said = f"{whom}{under[:1].lower()}{under[1:]}{in_words(row)} in time"
    if known(graded):
        said += f", {in_100(graded)} from grading"
    sentence = f"{said}{_also(question, _changes(question, told))}."
    return Paragraph("high-risk", name, (capital(sentence),))


def calls(question: Question) -> Paragraph | None:
    """Streams that the question is about too."""
    sentences = []
    for stream in question.context.beside:
        beside = Subject(stream, question.context.grade)
        row = beside.row(question.baseline, IN_TIME)
        if known(row) and beside != question.subject:
            name = capital(kind_of_call(stream, question.context.grade))
            under = _under(question)
            said = f"{name}: {under[:1].lower()}{under[1:]}{in_words(row)} in time"
            sentences.append(f"{said}{_also(question, _changes(question, beside))}.")
    return Paragraph("calls", "Other calls", tuple(sentences)) if sentences else None


def after_arrival(question: Question) -> Paragraph | None:
    """How long until the child is safe, on average."""
    subject = question.subject
    cut = replace(subject, grade=None)
    found = [_safe(question.part(one), cut) for one in question.columns]
    base = found[0]
    if not known(base):
        return None

    def change(column: Column) -> Row | None:
        row = _safe(question.document.difference(column.name), cut)
        return row if known(row) else None

    said = f"{_under(question)}the child is safe {in_words(base)} hours after the report"
    told = f"{said} on average{_also(question, change, ('later', 'sooner', 'hours'))}."
    return Paragraph("after", "After arrival", (capital(told),))


def unrecorded(question: Question) -> Paragraph | None:
    """Children who are never looked for, under each scenario that has any."""
    stream = question.subject.stream
    said = []
    for column in question.columns:
        part = question.part(column)
        if part is None:
            continue
        lost = part.row("case_end", stream=stream, stage="unrecorded")
        hours = part.row("unrecorded_hours_a_week", stream=stream)
        if known(lost) and lost.number:
            under = "" if len(question.columns) == 1 else f"under {column.letter} "
            told = f", {in_words(hours)} hours missing a week" if known(hours) else ""
            said.append(f"{under}{in_words(lost)} episodes{told}")
    if not said:
        return None
    sentence = f"{capital(listed(said))}, in no other figure here. Fewer reports are no saving."
    return Paragraph("unrecorded", "Not recorded", (sentence,))


def _safe(part: Part | None, cut: Subject) -> Row | None:
    """Mean time until the child is safe."""
    keys: Keys = {**cut.keys, "stage": "child_safe"}
    return None if part is None else part.row("clock_mean", **keys)


def _under(question: Question) -> str:
    """Under which scenario a sentence is said; "" where there is one alone."""
    return "" if len(question.columns) == 1 else f"Under {question.columns[0].letter} "


def _also(
    question: Question,
    change: Callable[[Column], Row | None],
    ways: tuple[str, str, str] = ("more in 100", "fewer in 100", ""),
) -> str:
    """How the variants differ from the baseline: each clear change, or none."""
    compared = [(one, change(one)) for one in question.columns[1:]]
    told = [(one, row) for one, row in compared if row is not None]
    if not told:
        return ""
    said = [
        f"{size} under {column.letter}{f' ({between})' if between == NEXT_TO_NOTHING else ''}"
        for column, row in told
        if clear(row)
        for size, between in [spoken_change(row, *ways)]
    ]
    if said:
        return f"; {clearly(question.document)}{listed(said)}"
    ranged = [row for _, row in told if row.low is not None and row.high is not None]
    if len(ranged) < len(told):
        return f"; too few to compare under {_others(question)}"
    widest = max(ranged, key=_reach)
    return f"; under {_others(question)} {differ_at_most(widest, ways[2] or 'in 100')}"


def _reach(change: Row) -> float:
    """How far a change's range goes, either way."""
    return max((abs(end) for end in (change.low, change.high) if end is not None), default=0.0)


def _all(question: Question) -> str:
    counted = {2: "both", 3: "all three"}.get(len(question.columns), "all")
    return question.columns[0].letter if len(question.columns) == 1 else counted


def _others(question: Question) -> str:
    letters = [one.letter for one in question.columns[1:]]
    return listed(letters, "or") if len(letters) <= 3 else "any other"


def _changes(question: Question, subject: Subject) -> Callable[[Column], Row | None]:
    """The change of a subject's share in time under a variant."""

    def change(column: Column) -> Row | None:
        difference = question.document.difference(column.name)
        row = subject.row(difference, IN_TIME) if difference is not None else None
        return row if known(row) else None

    return change


def _is_bad(row: Row, whole: Row) -> bool:
    if not known(row) or row.high is None:
        return False
    return row.high < whole.number and row.number <= _BAD * whole.number


def _spans(bad: dict[int, Row]) -> Iterable[dict[int, Row]]:
    """Runs of hours that follow each other, also over midnight, each in its order."""
    runs: list[dict[int, Row]] = []
    for hour in sorted(bad):
        if runs and hour - 1 in runs[-1]:
            runs[-1][hour] = bad[hour]
        else:
            runs.append({hour: bad[hour]})
    if len(runs) > 1 and 0 in runs[0] and 23 in runs[-1]:
        runs[-1].update(runs.pop(0))
    return runs


def _hours(run: dict[int, Row]) -> str:
    first, last = next(iter(run)), list(run)[-1]
    return f"{first:02d}:00 to {(last + 1) % 24:02d}:00 ({span(list(run.values()))})"
