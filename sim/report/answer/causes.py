"""Why the baseline misses: from the ceiling, and from a run without the hold where there is one.

Where the misses were shared out among causes, on runs without each set of them, that is told.

Nothing is called a cause here without a run without it. The ceiling is a run in which everybody is
always free; a compared scenario that differs from the baseline in its hold alone, which is off, is
a run without the hold, and its own ceiling one without both.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Literal

from sim.report.answer.model import Cause, Column, Paragraph
from sim.report.answer.question import CEILING, IN_TIME, Question
from sim.report.sections.figures import clear, few, known, listed
from sim.results import Shared

_NOTED: Final = ("work", "rule", "either")
_HELD_UNTIL: Final = {
    "grading": "the report is graded",
    "assessment": "the risk is assessed",
    "research": "research is done",
    "ratification": "a supervisor has ratified the risk",
}


def causes(question: Question) -> tuple[Cause, ...]:
    """The parts of the baseline's misses, in 100 reports; they add up to all of them.

    None are told of a share that rests on too few events.
    """
    base = question.row(question.baseline, IN_TIME)
    ceiling = question.row(question.baseline, CEILING)
    shared = _shared(question)
    if shared is not None and known(base) and not few(base):
        return _shared_out(shared, 1 - base.number)
    if not known(base) or not known(ceiling) or few(base):
        return ()
    missed, people = 1 - base.number, ceiling.number - base.number
    free = _without_hold(question)
    part = None if free is None else question.part(free)
    without = question.row(part, IN_TIME)
    neither = question.row(part, CEILING)
    if not known(without) or not known(neither):
        said = "talk and travel alone"
        if _holds(question):
            said = f"talk, travel and {_hold(question)}"
        note = "no staffing mends these"
        return _whole(
            missed,
            [
                (Cause("work", "work", 0, said, note), missed - people),
                (Cause("people", "people", 0, "too few people", "posts"), people),
            ],
        )
    rule = without.number - base.number
    both = missed - (1 - neither.number) - rule - people
    parts = [
        (
            Cause("work", "work", 0, "talk and travel alone", "no staffing mends these"),
            1 - neither.number,
        )
    ]
    if both >= 0:
        parts += [
            (Cause("rule", "rule", 0, f"{_hold(question)} alone", "a rule"), rule),
            (Cause("people", "people", 0, "too few people alone", "posts"), people),
            (Cause("both", "both", 0, "hold and people together", "only if both change"), both),
        ]
    else:
        parts += [
            (Cause("rule", "rule", 0, f"{_hold(question)} alone", "a rule"), rule + both),
            (Cause("people", "people", 0, "too few people alone", "posts"), people + both),
            (Cause("either", "either", 0, "hold or people", "either change mends them"), -both),
        ]
    return _whole(missed, parts)


def why(question: Question, found: Sequence[Cause]) -> Paragraph | None:
    """The causes in a sentence."""
    missed = sum(one.in_100 for one in found)
    if not missed:
        return None
    said = [
        f"{one.in_100} for {one.said}{f' ({one.note})' if one.name in _NOTED else ''}"
        for one in found
        if one.in_100
    ]
    sentences = [f"{missed} in 100 miss: {listed(said)}."]
    if _shared(question) is not None:
        sentences.append("Every set of causes was taken away to tell.")
    elif any(_hold(question) in one.said for one in found if one.in_100):
        sentences.append(f"Held: no officer is sent before {_HELD_UNTIL[_deploys_on(question)]}.")
    alone = len(question.columns) == 1
    who = "they miss" if alone else f"{question.columns[0].letter} misses"
    return Paragraph("why", f"Why {who}", tuple(sentences))


def _shared(question: Question) -> Shared | None:
    """The misses shared out, which is done of the headline's reports alone."""
    return question.context.shared if question.subject.is_headline(question.context) else None


def _shared_out(shared: Shared, missed: float) -> tuple[Cause, ...]:
    parts = [
        (
            Cause("work", "work", 0, "talk and travel", "nothing tried mends these"),
            shared.rest,
        )
    ]
    for one in shared.causes:
        said = f"{one.title[:1].lower()}{one.title[1:]}"
        # Beside a number a state wants its verb.
        said = f"being {said}" if said.startswith("held ") else said
        kind: Literal["rule", "people"] = "rule" if one.rule else "people"
        note = "a rule" if one.rule else "people"
        parts.append((Cause(one.name, kind, 0, said, note), one.share))
    return _whole(missed, parts)


def _without_hold(question: Question) -> Column | None:
    """A variant that differs from the baseline in its hold alone, which it has not.

    Where its change is not clear it tells nothing.
    """
    if not _holds(question):
        return None
    for column in question.columns[1:]:
        rule = question.context.rules.get(column.name)
        off = rule is not None and (rule.deploy_on == "grading" or rule.share_held == 0)
        alone = question.context.differs_only_in(column.name, "policy.gate.")
        if off and alone and clear(question.change(column, IN_TIME)):
            return column
    return None


def _deploys_on(question: Question) -> str:
    """What the baseline's deployment waits for."""
    rule = question.context.rules.get(question.columns[0].name)
    return "ratification" if rule is None else rule.deploy_on


def _hold(question: Question) -> str:
    """What holds the baseline's reports back, such as "the hold for ratification"."""
    return f"the hold for {_deploys_on(question)}"


def _holds(question: Question) -> bool:
    """Whether the baseline holds some of the subject's jobs before officers are sent."""
    rule = question.context.rules.get(question.columns[0].name)
    if rule is None or rule.deploy_on == "grading" or rule.share_held == 0:
        return False
    if question.subject.risk == "high" and not rule.hold_high_risk:
        return False
    return not rule.streams or question.subject.stream in rule.streams


def _whole(missed: float, parts: Sequence[tuple[Cause, float]]) -> tuple[Cause, ...]:
    """The parts in whole numbers that add up to the rounded whole, by largest remainders."""
    total = round(100 * missed)
    wanted = [max(0.0, 100 * value) for _, value in parts]
    numbers = [math.floor(value) for value in wanted]
    order = sorted(range(len(parts)), key=lambda one: numbers[one] - wanted[one])
    for place in order[: max(0, total - sum(numbers))]:
        numbers[place] += 1
    while sum(numbers) > total:
        # Where luck made one part less than nothing, the largest gives it back.
        numbers[numbers.index(max(numbers))] -= 1
    return tuple(
        replace(cause, in_100=value) for (cause, _), value in zip(parts, numbers, strict=True)
    )
