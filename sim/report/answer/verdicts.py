"""What each variant does against the baseline: clearly better or worse, or not clearly either.

A change is clear where its range leaves out no change. Where both shares rest on too few events,
nothing is compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sim.report.answer import phrases
from sim.report.answer.model import Column, OtherCalls, Outcome, Verdict
from sim.report.answer.question import IN_TIME, UNATTENDED, Question
from sim.report.sections.figures import clear, is_gain, known
from sim.results import Row

_RANKS: Final[dict[Outcome, int]] = {
    "better": 2,
    "mixed": 1,
    "unclear": 0,
    "same": 0,
    "worse": -1,
    "unknown": -2,
}


def verdicts(question: Question) -> tuple[Verdict, ...]:
    """What each variant does against the baseline, in the order of the scenarios."""
    return tuple(_verdict(question, column) for column in question.columns[1:])


def ranked(found: Sequence[Verdict]) -> list[Verdict]:
    """Variants with the best first: what is clear, then by the change itself."""
    return sorted(found, key=_goodness, reverse=True)


def foremost(found: Sequence[Verdict]) -> Verdict:
    """The variant that a heading tells of: the best that is clear, else a clear loss, else any."""
    best = ranked(found)
    gains = [one for one in best if one.outcome in ("better", "mixed")]
    losses = [one for one in best if one.outcome == "worse"]
    return (gains or losses or best)[0]


def _verdict(question: Question, column: Column) -> Verdict:
    change = _comparable(question, column, question.measure)
    over = _comparable(question, column, "waited_over", 60)
    outcome = _outcome(change, over)
    after = question.row(question.part(column), question.measure)
    # Beside another variant only what says something else is told of a second measure.
    alone = len(question.columns) == 2 or outcome == "mixed" or not clear(change)
    calls = _other_calls(question, column)
    posts, pounds = _more(question, column)
    return Verdict(
        column=column,
        outcome=outcome,
        change=question.change(column, question.measure),
        over=question.change(column, "waited_over", minutes=60),
        before=question.row(question.baseline, question.measure),
        after=after,
        posts=posts,
        pounds=pounds,
        calls=calls,
        said=phrases.said(outcome, change, over if alone else None, after),
        brief=phrases.brief(outcome, change, over if alone else None),
        overtime=question.overtime(column),
        price=phrases.price(posts, pounds),
        others=phrases.others(calls, 2 if len(question.columns) == 2 else 1),
    )


def _comparable(
    question: Question, column: Column, measure: str, minutes: int | None = None
) -> Row | None:
    """The change of a measure, where there are enough events for one."""
    change = question.change(column, measure, minutes=minutes)
    if change is None or change.low is None or question.rare(column, measure, minutes):
        return None
    return change


def _outcome(change: Row | None, over: Row | None) -> Outcome:
    told = [row for row in (change, over) if row is not None]
    if not told:
        return "unknown"
    signs = {bool(is_gain(row)) for row in told if clear(row)}
    if len(signs) > 1:
        return "mixed"
    if signs:
        return "better" if True in signs else "worse"
    same = all(row.value == row.low == row.high == 0 for row in told)
    return "same" if same else "unclear"


def _more(question: Question, column: Column) -> tuple[float | None, float | None]:
    """Posts and pounds a week beyond the baseline's."""
    base, own = question.staffing(question.columns[0]), question.staffing(column)
    if base is None or own is None:
        return None, None
    priced = base.pounds or own.pounds
    return own.posts - base.posts, own.pounds - base.pounds if priced else None


def _other_calls(question: Question, column: Column) -> OtherCalls:
    """Clear changes of other kinds of call: by their share in time where they have a target."""
    difference = question.document.difference(column.name)
    if difference is None:
        return OtherCalls((), (), 0)
    subject = question.subject
    kinds: dict[tuple[str, int], Row] = {}
    for measure in (IN_TIME, UNATTENDED):
        for row in difference.of(measure):
            if not row.is_only("stream", "grade") or not row.stream or not row.grade:
                continue
            of_subject = row.stream == subject.stream and subject.grade in (None, row.grade)
            if known(row) and not of_subject:
                kinds.setdefault((row.stream, row.grade), row)
    told = [row for row in kinds.values() if clear(row)]
    return OtherCalls(
        tuple(row for row in told if is_gain(row)),
        tuple(row for row in told if not is_gain(row)),
        len(kinds),
    )


def _goodness(one: Verdict) -> tuple[int, float]:
    if one.change is None:
        return _RANKS[one.outcome], 0.0
    way = 1 if one.change.measure == IN_TIME else -1
    return _RANKS[one.outcome], way * one.change.number
