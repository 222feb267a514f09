"""The finding in sentences: each variant, its price, and who else gains or pays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sim.report.answer import phrases
from sim.report.answer.model import Column, Verdict
from sim.report.answer.question import IN_TIME, Question
from sim.report.answer.verdicts import foremost, ranked
from sim.report.sections.certainty import clearly, is_enough, nothing_stands_out
from sim.report.sections.figures import in_words, known, listed, spoken_pounds
from sim.report.sections.words import capital

MOST_TOLD: Final = 3
"""Variants that have a sentence each; of more, the best is told and the rest counted."""

_NEARLY_PER_CENT: Final = 1.0
_CLEAR: Final = ("better", "mixed", "worse")
_NUMBERS: Final = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def finding(question: Question, found: Sequence[Verdict]) -> tuple[str, ...]:
    """The finding in sentences, with letters for scenarios."""
    if not question.reports():
        return (_nothing(question),)
    if not found:
        return _alone(question)
    if len(found) > MOST_TOLD:
        return _of_many(question, found)
    row = question.row(question.baseline, question.measure)
    base = [f"Under {question.columns[0].letter} {phrases.before(row)}."] if known(row) else []
    price = (*_rotas(question, found), *_same_price(found), *_overtime(found))
    return (*base, *_said(found), *price, *_calls(question, found))


def heading(question: Question, found: Sequence[Verdict]) -> str:
    """The finding in one line, with titles for scenarios: what heads a page or a slide."""
    if not question.reports():
        return _nothing(question).removesuffix(".")
    if not found:
        return _alone(question)[0].removesuffix(".")
    first = foremost(found)
    if first.outcome not in _CLEAR and len(found) > 1:
        return f"None of the {_counted(len(found))} makes a clear difference"
    price = f", {first.price}" if first.price else ""
    return f"{first.column.title}: {first.brief}{price}"


def _rotas(question: Question, found: Sequence[Verdict]) -> tuple[str, ...]:
    """Whether two rotas cost the same, where one of them is worked by teams in a cycle."""
    if len(found) != 1:
        return ()
    (other,) = found
    base = question.staffing(question.columns[0])
    changes = question.context.changes.get(other.column.name, ())
    by_cycle = any(
        ".shifts." in one.path and "cycle" in f"{one.path} {one.baseline} {one.other}"
        for one in changes
    )
    if not by_cycle or base is None or not base.pounds or other.pounds is None:
        return ()
    apart = abs(other.pounds)
    if round(apart) == 0:
        return ("The two rotas cost the same.",)
    share = 100 * apart / base.pounds
    near = "cost nearly" if share < _NEARLY_PER_CENT else "do not cost"
    more = "more" if other.pounds > 0 else "less"
    how_much = f"£{apart:,.0f} a week ({share:.1f}%) {more}"
    return (f"The two rotas {near} the same: {other.column.letter} {how_much}.",)


def _said(found: Sequence[Verdict]) -> list[str]:
    """A sentence for each variant, or one for all where none is clearly another."""
    names = [_lettered(one.column) for one in found]
    if len(found) > 1 and all(one.outcome == "unknown" and not one.price for one in found):
        return [f"There are too few reports to compare {listed(names)} with A."]
    unclear = all(one.outcome in ("unclear", "same") and not one.price for one in found)
    if len(found) == 1 or not unclear:
        return [_sentence(one) for one in found]
    who = f"Neither {' nor '.join(names)}" if len(found) == 2 else f"None of {listed(names)}"
    change = found[0].change
    in_time = change is None or change.measure == IN_TIME
    return [f"{who} makes a clear difference{' in time' if in_time else ''}."]


def _sentence(one: Verdict) -> str:
    price = f", {one.price}" if one.price else ""
    return f"{_lettered(one.column)} {one.said}{price}."


def _lettered(column: Column) -> str:
    return f"{column.letter} ({column.title})"


def _same_price(found: Sequence[Verdict]) -> tuple[str, ...]:
    """That variants take no more posts, once for all that do not."""
    same = [one.column.letter for one in found if one.posts is not None and not one.price]
    if not same:
        return ()
    if len(found) == 1:
        who = "It" if found[0].overtime is None else "The rota"
        return (f"{who} takes no more posts or pounds.",)
    if len(same) == len(found):
        return (f"{'Neither' if len(found) == 2 else 'None'} takes more posts or pounds.",)
    return (f"{listed(same)} {'takes' if len(same) == 1 else 'take'} no more posts or pounds.",)


def _overtime(found: Sequence[Verdict]) -> tuple[str, ...]:
    """What overtime costs more or less, where that is clear."""
    told = [
        f"{' '.join(each)} under {one.column.letter}"
        for one in found
        if one.overtime is not None
        for each in [spoken_pounds(one.overtime)]
    ]
    return (f"Overtime a week: {listed(told)}.",) if told else ()


def _calls(question: Question, found: Sequence[Verdict]) -> tuple[str, ...]:
    """What other kinds of call gain or lose, once for all variants where none does."""
    told = [one for one in found if one.calls.looked_at]
    if not told:
        return ()
    quiet = [one.column.letter for one in told if not one.others]
    if len(quiet) == len(told):
        kinds = max(one.calls.looked_at for one in told)
        return (nothing_stands_out(question.document, kinds),)
    said = [f"Other calls under {one.column.letter}: {one.others}." for one in told if one.others]
    if quiet and is_enough(question.document):
        said.append(f"Under {listed(quiet, 'or')} no other kind of call clearly gains or loses.")
    return tuple(said)


def _of_many(question: Question, found: Sequence[Verdict]) -> tuple[str, ...]:
    best = ranked(found)
    better, worse, mixed = (
        sum(one.outcome == word for one in found) for word in ("better", "worse", "mixed")
    )
    word = clearly(question.document)
    parts = [f"{_counted(better)} {'is' if better == 1 else 'are'} {word}better than A"]
    parts.append(f"{_counted(worse)} {word}worse")
    if mixed:
        parts.append(f"{_counted(mixed)} better in one way and worse in another")
    parts.append(f"{_counted(len(found) - better - worse - mixed)} not {word}either")
    said = [f"Of {len(found)} variants {listed(parts)}."]
    if best[0].outcome in ("better", "mixed"):
        said += [f"Best: {_sentence(best[0])}", *_same_price(best[:1]), *_calls(question, best[:1])]
    return tuple(said)


def _alone(question: Question) -> tuple[str, ...]:
    row = question.row(question.baseline, question.measure)
    said = []
    if not known(row):
        said.append("How long they wait cannot be estimated from these reports.")
    elif question.has_target:
        within = f"within {question.target} of {question.start}" if question.target else "in time"
        said.append(f"{capital(in_words(row))} are reached {within}.")
        other = question.row(question.baseline, IN_TIME, question.other_clock)
        if known(other):
            clock = "grading" if question.other_clock == "graded" else "the call"
            said.append(f"Counted from {clock} it is {in_words(other)}.")
    else:
        said.append(f"Nobody is there for {in_words(row)} minutes on average.")
    over = question.row(question.baseline, "waited_over", minutes=60)
    if known(over):
        said.append(f"{capital(in_words(over))} wait over an hour.")
    return tuple(said)


def _nothing(question: Question) -> str:
    whom = question.subject.whom(question.context)
    return f"No report of {whom[:1].lower()}{whom[1:]} fell in the measured days."


def _counted(value: int) -> str:
    return _NUMBERS[value] if value < len(_NUMBERS) else str(value)
