"""The finding: what each variant does, at what price, and who else gains or pays.

Sentences are a function of rows. A variant is better or worse only where the range of a change
leaves out no change; else there is "no clear difference".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sim.report.answer.model import Column, OtherCalls, Outcome, Verdict
from sim.report.answer.question import IN_TIME, UNATTENDED, Question
from sim.report.answer.subject import plural
from sim.report.sections.figures import (
    clear,
    in_100,
    in_words,
    known,
    listed,
    number,
    plain,
    spoken_change,
    spoken_range,
)
from sim.results import Row

MOST_TOLD: Final = 3
"""Variants that have a sentence each; of more, the best is told and the rest counted."""

_MOST_CALLS: Final = 2
_NUMBERS: Final = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def verdicts(question: Question) -> tuple[Verdict, ...]:
    """What each variant does against the baseline, in the order of the scenarios."""
    return tuple(_verdict(question, column) for column in question.columns[1:])


def finding(question: Question, found: Sequence[Verdict]) -> tuple[str, ...]:
    """The finding in sentences, with letters for scenarios."""
    if not question.reports():
        return (_nothing(question),)
    if not found:
        return _alone(question)
    if len(found) > MOST_TOLD:
        return _of_many(found)
    said = [_sentence(one, _lettered(one.column)) for one in found]
    return (*_before(question), *said, *_shared_price(found), *_shared_calls(found))


def heading(question: Question, found: Sequence[Verdict]) -> str:
    """The finding in one sentence, with titles for scenarios: what heads a page or a slide."""
    if not question.reports():
        return _nothing(question)
    if not found:
        return _alone(question)[0]
    best = ranked(found)
    told = [one for one in best if one.outcome in ("better", "mixed")] or [
        one for one in best if one.outcome == "worse"
    ]
    if not told:
        return (
            f"{best[0].column.title} makes no clear difference"
            if len(found) == 1
            else f"None of the {_counted(len(found))} makes a clear difference"
        )
    price = f", {told[0].price}" if told[0].price else ""
    return f"{told[0].column.title} {told[0].brief}{price}"


def ranked(found: Sequence[Verdict]) -> list[Verdict]:
    """Variants with the best first."""
    return sorted(found, key=_goodness, reverse=True)


def other_calls(question: Question, column: Column) -> OtherCalls:
    """Clear changes of other kinds of call, those with a target by their share in time."""
    difference = question.document.difference(column.name)
    if difference is None:
        return OtherCalls((), (), 0)
    kinds: dict[tuple[str, int], Row] = {}
    for measure in (IN_TIME, UNATTENDED):
        for row in difference.of(measure):
            other = (row.stream, row.grade) != (question.subject.stream, question.subject.grade)
            if row.is_only("stream", "grade") and other and row.stream and row.grade and known(row):
                kinds.setdefault((row.stream, row.grade), row)
    told = [row for row in kinds.values() if clear(row)]
    return OtherCalls(
        tuple(row for row in told if _is_gain(row)),
        tuple(row for row in told if not _is_gain(row)),
        len(kinds),
    )


def call_change(row: Row) -> str:
    """A clear change of another kind of call: "missing adults, grade 2: 3 more in 100 in time"."""
    if row.measure == IN_TIME:
        size, least_most = spoken_change(row)
        return f"{kind(row)}: {size} in 100 in time ({least_most})"
    size, least_most = spoken_change(row, *_ways(row))
    return f"{kind(row)}: {size} on average ({least_most})"


def kind(row: Row) -> str:
    """A kind of call, such as "missing adults, grade 2"."""
    return f"{plural(str(row.stream))}, grade {row.grade}"


def _verdict(question: Question, column: Column) -> Verdict:
    change = question.change(column, question.measure)
    over = question.change(column, "waited_over", minutes=60)
    base, own = question.staffing(question.columns[0]), question.staffing(column)
    posts = pounds = None
    if base is not None and own is not None:
        posts = own.posts - base.posts
        pounds = own.pounds - base.pounds if base.pounds or own.pounds else None
    outcome = _outcome(question, column, change, over)
    calls = other_calls(question, column)
    before = question.row(question.baseline, question.measure)
    after = question.row(question.part(column), question.measure)
    return Verdict(
        column=column,
        outcome=outcome,
        change=change,
        over=over,
        before=before,
        after=after,
        posts=posts,
        pounds=pounds,
        calls=calls,
        said=_said(question, outcome, change, over, after, ranges=True),
        brief=_said(question, outcome, change, over, after, ranges=False),
        price=_price(posts, pounds),
        others=_others(calls),
    )


def _outcome(question: Question, column: Column, change: Row | None, over: Row | None) -> Outcome:
    rare = question.rare(column, question.measure) or change is None or change.low is None
    rare_over = question.rare(column, "waited_over", 60) or over is None or over.low is None
    if rare and rare_over:
        return "unknown"
    signs = set()
    if change is not None and not rare and clear(change):
        signs.add(_is_gain(change))
    if over is not None and not rare_over and clear(over):
        signs.add(_is_gain(over))
    if signs == {True, False}:
        return "mixed"
    if signs:
        return "better" if True in signs else "worse"
    nought = all(row is None or row.value == row.low == row.high == 0 for row in (change, over))
    return "same" if nought else "unclear"


def _said(
    question: Question,
    outcome: Outcome,
    change: Row | None,
    over: Row | None,
    after: Row | None,
    ranges: bool,
) -> str:
    """What a variant does, to be read after its name."""
    if outcome == "unknown":
        return "has too few reports to be compared"
    if outcome == "same":
        return f"changes nothing {'in time' if question.has_target else 'in how long they wait'}"
    parts = []
    if change is not None and clear(change):
        parts.append(_clear(change, after, ranges))
    elif change is not None and change.low is not None:
        between = spoken_range(change, *_ways(change))
        if outcome in ("better", "worse"):
            parts.append(f"makes no clear difference {_in_what(change)}")
        else:
            what = f" ({between}{_unit(change)})" if between and ranges else ""
            parts.append(f"makes no clear difference {_in_what(change)}{what}")
    # The other headline is told where it says something else, or where there is room.
    one_variant = len(question.columns) == 2
    if (
        over is not None
        and clear(over)
        and (one_variant or outcome == "mixed" or change is None or not clear(change))
    ):
        size, least_most = spoken_change(over)
        word = "but " if outcome == "mixed" or not parts or "no clear" in parts[0] else ""
        span = f" ({least_most})" if ranges else ""
        parts.append(f"{word}leaves {size} in 100 waiting over an hour{span}")
    return " and ".join(parts).replace(" and but ", ", but ") or "makes no clear difference"


def _clear(change: Row, after: Row | None, ranges: bool) -> str:
    size, least_most = spoken_change(change, *_ways(change))
    span = f" ({least_most})" if ranges else ""
    if change.measure == IN_TIME:
        if ranges and known(after):
            return f"reaches {in_100(after)} in 100, {size}{span}"
        return f"reaches {size} in 100 in time{span}"
    return f"has somebody there {size} on average{span}"


def _ways(change: Row) -> tuple[str, str, str]:
    return ("more", "fewer", "") if change.measure == IN_TIME else ("later", "sooner", "minutes")


def _in_what(change: Row) -> str:
    return "in time" if change.measure == IN_TIME else "in how long they wait"


def _unit(change: Row) -> str:
    return " in 100" if change.measure == IN_TIME else ""


def _sentence(one: Verdict, called: str) -> str:
    price = f" {one.price}" if one.price else ""
    return f"{called} {one.said}{price}."


def _before(question: Question) -> tuple[str, ...]:
    """Where the baseline stands."""
    row, letter = question.row(question.baseline, question.measure), question.columns[0].letter
    if not known(row):
        return ()
    if question.has_target:
        return (f"Under {letter} {in_100(row)} in 100 are reached in time.",)
    return (f"Under {letter} nobody is there for {plain(row).text} minutes on average.",)


def _lettered(column: Column) -> str:
    return f"{column.letter} ({column.title})"


def _price(posts: float | None, pounds: float | None) -> str:
    told = []
    if posts is not None and number(abs(posts), 1) != "0.0":
        told.append(f"{number(abs(posts), 1)} {'more' if posts > 0 else 'fewer'} posts")
    if pounds is not None and number(abs(pounds), 0) != "0":
        more = "" if pounds > 0 else " less"
        told.append(f"£{number(abs(pounds), 0)} a week{more}")
    return f"for {' and '.join(told)}" if told else ""


def _others(calls: OtherCalls) -> str:
    told = [*calls.lose, *calls.gain]
    if not told:
        return ""
    said = [call_change(row) for row in told[:_MOST_CALLS]]
    more = len(told) - len(said)
    tail = f"; and {more} more" if more > 0 else ""
    return f"{'; '.join(said)}{tail}"


def _shared_price(found: Sequence[Verdict]) -> tuple[str, ...]:
    """That variants take no more posts, once for all that do not."""
    known_prices = [one for one in found if one.posts is not None]
    same = [one for one in known_prices if not one.price]
    if not same:
        return ()
    if len(same) == len(found):
        who = {1: "It takes", 2: "Neither takes"}.get(len(found), "None takes")
        what = "no more posts or pounds" if len(found) == 1 else "more posts or pounds"
        return (f"{who} {what}.",)
    names = listed([one.column.letter for one in same])
    return (f"{names} {'takes' if len(same) == 1 else 'take'} no more posts or pounds.",)


def _shared_calls(found: Sequence[Verdict]) -> tuple[str, ...]:
    """What other kinds of call gain or lose, once for all variants where none does."""
    told = [one for one in found if one.calls.looked_at]
    if not told:
        return ()
    quiet = [one for one in told if not one.others]
    if len(quiet) == len(told):
        kinds = max(one.calls.looked_at for one in told)
        return (f"None of {kinds} other kinds of call clearly gains or loses.",)
    said = [f"Other calls under {one.column.letter}: {one.others}." for one in told if one.others]
    if quiet:
        names = listed([one.column.letter for one in quiet], "or")
        said.append(f"Under {names} no other kind of call clearly gains or loses.")
    return tuple(said)


def _of_many(found: Sequence[Verdict]) -> tuple[str, ...]:
    best = ranked(found)
    counts = {
        word: sum(one.outcome == word for one in found) for word in ("better", "worse", "mixed")
    }
    rest = len(found) - sum(counts.values())
    parts = [
        f"{_counted(counts['better'])} clearly better than A",
        f"{_counted(counts['worse'])} clearly worse",
    ]
    if counts["mixed"]:
        parts.append(f"{_counted(counts['mixed'])} better in one way and worse in another")
    parts.append(f"{_counted(rest)} not clearly either")
    first = f"Of {len(found)} variants, {listed(parts)}."
    said = [f"{first[:1].upper()}{first[1:]}"]
    if best[0].outcome in ("better", "mixed"):
        said.append(f"Best: {_sentence(best[0], _lettered(best[0].column))}")
        if best[0].others:
            said.append(f"Other calls under {best[0].column.letter}: {best[0].others}.")
        elif best[0].calls.looked_at:
            said.append("Under it no other kind of call clearly gains or loses.")
    return tuple(said)


def _alone(question: Question) -> tuple[str, ...]:
    row = question.row(question.baseline, question.measure)
    over = question.row(question.baseline, "waited_over", minutes=60)
    said = []
    if not known(row):
        said.append("The share in time cannot be estimated from these reports.")
    elif question.has_target:
        within = f"within {question.target} of {question.start}" if question.target else "in time"
        said.append(f"{_capital(in_words(row))} are reached {within}.")
        graded = question.row(question.baseline, IN_TIME, question.other_clock)
        if known(graded):
            clock = "grading" if question.other_clock == "graded" else "the call"
            said.append(f"Counted from {clock} it is {in_words(graded)}.")
    else:
        said.append(f"Nobody is there for {in_words(row)} minutes on average.")
    if known(over):
        said.append(f"{_capital(in_words(over))} wait over an hour.")
    return tuple(said)


def _nothing(question: Question) -> str:
    whom = question.subject.whom(question.context)
    return f"No report of {whom[:1].lower()}{whom[1:]} fell in the measured days."


def _goodness(one: Verdict) -> tuple[int, float]:
    """The clear change in time first, then the change itself; what is not known last."""
    rank = {"better": 2, "mixed": 1, "unclear": 0, "same": 0, "worse": -1, "unknown": -2}
    if one.change is None or one.change.value is None:
        return rank[one.outcome], 0.0
    way = 1 if one.change.measure == IN_TIME else -1
    return rank[one.outcome], way * one.change.value


def _is_gain(row: Row) -> bool:
    return (row.number > 0) == (row.measure == IN_TIME)


def _counted(value: int) -> str:
    return _NUMBERS[value] if value < len(_NUMBERS) else str(value)


def _capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"
