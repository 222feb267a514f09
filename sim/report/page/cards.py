"""The four cards of the first screen: in time, over an hour, cost, and other calls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from sim.report.answer.question import IN_TIME, UNATTENDED, Question
from sim.report.answer.subject import Subject
from sim.report.answer.verdicts import foremost, ranked
from sim.report.price import Option, in_two_figures, options
from sim.report.rounding import with_minus
from sim.report.sections.figures import (
    clear,
    in_100,
    in_words,
    is_gain,
    known,
    listed,
    number,
    signed_change,
    slight,
    spoken_change,
    spoken_range,
)
from sim.report.sections.words import calls as kind_of_call

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sim.report.answer import Answer, Verdict
    from sim.report.sections.section import Source
    from sim.results import Document, Row

Tone: TypeAlias = Literal["good", "bad", "cost", "plain"]
"""What a card's colour says; its words say the same."""

_MOST_OTHERS = 4
_SHORT = {"too few to compare": "too few", " points": ""}


@dataclass(frozen=True, slots=True)
class Card:
    """One of the four figures that matter.

    Attributes
    ----------
    title
        What it is about.
    value
        In large type.
    tone
        Whether that is good news.
    note
        Its range and where it starts from.
    source
        The record that the value is; None: words, or made of several records.
    others
        The same of further variants in a line; "" where there are none.
    """

    title: str
    value: str
    tone: Tone
    note: str
    source: Source | None = None
    others: str = ""


def cards(document: Document, answer: Answer) -> tuple[Card, ...]:
    """The change under the variant that the heading tells of; of one scenario alone, its levels."""
    question = Question(document, answer.subject)
    if not question.reports():
        return ()
    if not answer.verdicts:
        return tuple(_levels(question, answer))
    first = foremost(answer.verdicts)
    best = [one for one in ranked(answer.verdicts) if one is not first][:_MOST_OTHERS]
    rest = sorted(best, key=answer.verdicts.index)
    bought = {one.column.name: one for one in options(question)}
    return (
        _in_time(question, first, rest),
        _over(question, first, rest),
        _cost(first, rest, bought),
        _calls(first, rest),
    )


def _in_time(question: Question, first: Verdict, rest: Sequence[Verdict]) -> Card:
    title = "Reached in time" if question.has_target else "Mean until there"
    unit = "points" if question.has_target else "minutes"
    return _change(question, title, question.measure, None, unit, first, rest)


def _over(question: Question, first: Verdict, rest: Sequence[Verdict]) -> Card:
    return _change(question, "Waiting over an hour", "waited_over", 60, "points", first, rest)


def _change(
    question: Question,
    title: str,
    measure: str,
    minutes: int | None,
    unit: str,
    first: Verdict,
    rest: Sequence[Verdict],
) -> Card:
    value, tone, note, row = _changed(question, first, measure, minutes, unit)
    others = _others(
        rest, lambda one: _shortened(_changed(question, one, measure, minutes, unit)[0])
    )
    before = question.row(question.baseline, measure, minutes=minutes)
    after = question.row(question.part(first.column), measure, minutes=minutes)
    if known(before) and known(after):
        of = " in 100" if before.unit == "share" else " minutes"
        levels = f"from {in_100(before)} to {in_100(after)}{of}"
        note = f"{note}; {levels}" if note else levels
    return Card(title, value, tone, note, row, others)


def _changed(
    question: Question, one: Verdict, measure: str, minutes: int | None, unit: str
) -> tuple[str, Tone, str, Row | None]:
    """The change in large type, its tone, its range, and its row."""
    row = question.change(one.column, measure, minutes=minutes)
    if row is None or row.low is None or question.rare(one.column, measure, minutes):
        return "too few to compare", "plain", "", None
    if row.value == row.low == row.high == 0:
        return "no change", "plain", "", row
    less, of = ("fewer", " in 100") if unit == "points" else ("less", " minutes")
    if not clear(row):
        between = spoken_range(row, "more", less)
        return "no clear change", "plain", f"{between}{of}" if between else "", row
    if slight(row):
        size, _ = spoken_change(row, "more", less)
        return "next to nothing", "plain", f"{size}{of}", row
    value, span = map(with_minus, signed_change(row))
    points = unit.removesuffix("s") if value[1:] == "1" else unit
    return f"{value} {points}", "good" if is_gain(row) else "bad", span, row


def _shortened(value: str) -> str:
    """A value in large type as it stands beside those of other variants."""
    for long, short in _SHORT.items():
        value = value.replace(long, short)
    return value


def _cost(first: Verdict, rest: Sequence[Verdict], bought: dict[str, Option]) -> Card:
    option = bought[first.column.name]
    value, tone = _price(first)
    note = []
    if first.posts is not None and round(first.posts, 1):
        note.append(f"{abs(first.posts):,.1f} posts {'more' if first.posts > 0 else 'fewer'}")
    each = option.pounds_each
    if each is not None:
        mid, low, high = (f"£{number(in_two_figures(one), 0)}" for one in each)
        note.append(f"{mid} ({low} to {high}) for each child more in time")
    if not note and option.staffing is not None and option.staffing.pounds:
        note.append(f"£{number(option.staffing.pounds, 0)} a week")
    others = _others(rest, lambda one: _price(one)[0])
    return Card("Cost a week", value, tone, "; ".join(note), option.staffing, others)


def _price(one: Verdict) -> tuple[str, Tone]:
    if one.pounds is None:
        if one.posts is None:
            return "not known", "plain"
        posts = round(one.posts, 1)
        return (with_minus(f"{posts:+,.1f} posts"), "cost") if posts else ("same", "plain")
    pounds = round(one.pounds)
    if not pounds:
        return "the same", "plain"
    sign = "+" if pounds > 0 else "−"
    return f"{sign}£{number(abs(pounds), 0)}", "cost" if pounds > 0 else "good"


def _calls(first: Verdict, rest: Sequence[Verdict]) -> Card:
    calls = first.calls
    if not calls.looked_at:
        return Card("Other calls", "none", "plain", "no other kind of call is simulated")
    tone: Tone = "plain"
    if calls.gain or calls.lose:
        tone = "bad" if calls.lose else "good"
    told = [*calls.lose, *calls.gain][:2]
    parts = [f"{kind_of_call(str(row.stream), int(row.grade or 0))} {_short(row)}" for row in told]
    more = len(calls.lose) + len(calls.gain) - len(told)
    note = "; ".join([*parts, *([f"{more} more"] if more > 0 else [])])
    kinds = "kind" if calls.looked_at == 1 else "kinds"
    note = note or f"of {calls.looked_at} {kinds} looked at"
    others = _others(rest, _counts)
    return Card("Other calls", _counts(first), tone, note, None, others)


def _counts(one: Verdict) -> str:
    if not one.calls.gain and not one.calls.lose:
        return "no clear change"
    better, worse = len(one.calls.gain), len(one.calls.lose)
    if better and worse:
        return f"{better} better, {worse} worse"
    count, word = (better, "better") if better else (worse, "worse")
    return f"{count} {'kind' if count == 1 else 'kinds'} {word}"


def _others(rest: Sequence[Verdict], write: Callable[[Verdict], str]) -> str:
    """The same of further variants, those that read alike together: "C: +3; D and E: unclear"."""
    said: dict[str, list[str]] = {}
    for one in rest:
        said.setdefault(write(one), []).append(one.column.letter)
    return "; ".join(f"{listed(letters)}: {text}" for text, letters in said.items())


def _short(row: Row) -> str:
    if slight(row):
        return "a little better" if is_gain(row) else "a little worse"
    value = with_minus(signed_change(row)[0])
    return f"{value} {'points' if row.unit == 'share' else 'minutes'}"


def _levels(question: Question, answer: Answer) -> Iterator[Card]:
    """Of one scenario alone: how things stand."""
    row = question.row(question.baseline, question.measure)
    if known(row):
        other = question.row(question.baseline, IN_TIME, question.other_clock)
        clock = "grading" if question.other_clock == "graded" else "the call"
        also = f"; from {clock} {in_100(other)}" if known(other) and question.has_target else ""
        title = "Reached in time" if question.has_target else "Mean until there"
        yield _level(title, row, also)
    over = question.row(question.baseline, "waited_over", minutes=60)
    if known(over):
        longest = question.row(question.baseline, "delay_p90")
        also = f"; 9 in 10 within {in_100(longest)} minutes" if known(longest) else ""
        yield _level("Waiting over an hour", over, also)
    own = question.staffing(answer.baseline)
    if own is not None:
        posts = f"{own.posts:,.1f} posts"
        cost = f"£{number(own.pounds, 0)}" if own.pounds else posts
        yield Card("Cost a week", cost, "plain", posts if own.pounds else "no prices set", own)
    for stream in question.context.beside:
        beside = Subject(stream, question.context.grade)
        row = beside.row(question.baseline, IN_TIME)
        if known(row) and beside != question.subject:
            name = kind_of_call(stream, question.context.grade)
            yield _level("Other calls in time", row, f"; {name}")
            return
    mean = question.row(question.baseline, UNATTENDED)
    if known(mean) and question.has_target:
        yield _level("Mean until there", mean, "")


def _level(title: str, row: Row, also: str) -> Card:
    unit = " in 100" if row.unit == "share" else " min"
    range_ = in_words(row).partition("(")[2].rstrip(")")
    return Card(title, f"{in_100(row)}{unit}", "plain", f"{range_}{also}".lstrip("; "), row)
