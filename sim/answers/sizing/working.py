"""From a question to the rota: the ceiling, the search, the play-off, and other work."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import product
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import numpy as np

from sim.answers.sizing.aim import Floats
from sim.answers.sizing.finals import (
    FINALISTS,
    FIRST_FRESH,
    LOOKS,
    Finalist,
    Finals,
    candidates,
    play_off,
)
from sim.answers.sizing.judged import Asked, Judge, Judged
from sim.answers.sizing.levers import Design, Space
from sim.answers.sizing.search import MOST_DESIGNS, Search, Searched
from sim.answers.sizing.start import start_of
from sim.errors import InputError, Interrupted
from sim.measures import Count, Cut
from sim.scenario.demand import DeskWork
from sim.statistics import Interval
from sim.study import Settings, ceiling, evaluate

if TYPE_CHECKING:
    from sim.answers.told import Told

Outcome: TypeAlias = Literal["found", "not possible", "beyond the ranges", "not shown", "stopped"]

CEILING: Final = "what nobody could better"
SEARCH: Final = "the search"
PLAY_OFF: Final = "the cheapest few on luck that the search has not seen"
OTHERS: Final = "other calls"

_MOST_CORNERS: Final = 24
_HOPELESS: Final = 4.0
"""Standard errors by which even the largest design misses, one in 30,000 by chance."""
_CHANCE: Final = 0.001
"""With which a target that can be reached is refused."""
_GRADES_OF_OTHERS: Final = (1, 2)


@dataclass(frozen=True)
class Question:
    """What is asked.

    Attributes
    ----------
    space
        What may move.
    asked
        What it has to reach, and what may not get worse.
    confidence
        With which all that is said of the finalists holds together.
    budget
        Pounds a week beyond today's rota, at most so many: the best for the money is looked for,
        and the target's number is left aside. None: the cheapest that reaches the target.
    most_designs
        How many may be played in the search.
    looks
        Replications of the finalists at which it is looked whether more are needed; None: `LOOKS`
        times those of the search.
    """

    space: Space
    asked: Asked
    confidence: float = 0.95
    budget: float | None = None
    most_designs: int = MOST_DESIGNS
    looks: tuple[int, ...] | None = None


@dataclass(frozen=True)
class OtherWork:
    """What the answer does to other work, against today, paired.

    Attributes
    ----------
    stream, grade
        Which.
    change
        Of its mean time unattended in minutes; limits hold for all of them together.
    """

    stream: str
    grade: int
    change: Interval


@dataclass(frozen=True)
class Sized:
    """What came of it.

    Attributes
    ----------
    question
        What was asked.
    outcome
        How it ended.
    today
        Today's figure, on the search's luck; on fresh luck where there was a play-off.
    ceiling
        The figure with everybody always free.
    tried
        Every design of the search with the standard errors by which it meets what is asked, in the
        order in which they were played.
    searched
        What the search came to; None: there was none.
    finals
        What came of the finalists on fresh luck.
    answer
        The rota; None: none is known to do it.
    others
        What it does to other work.
    """

    question: Question
    outcome: Outcome
    today: Interval
    ceiling: Interval
    tried: tuple[tuple[Judged, float], ...] = ()
    searched: Searched | None = None
    finals: Finals | None = None
    answer: Finalist | None = None
    others: tuple[OtherWork, ...] = field(default=())

    @property
    def most(self) -> Judged | None:
        """Of all that was tried, what does most."""
        short = self.question.asked.target.short_of
        return min((one for one, _ in self.tried), key=lambda one: short(one.value), default=None)


def sized(question: Question, settings: Settings, told: Told) -> Sized:
    """Look for the cheapest rota that reaches the target, or the best for the money.

    Parameters
    ----------
    question
        What is asked.
    settings
        Days, seed, threads, and the replications of the search.
    told
        Told as it goes on.

    Returns
    -------
    Sized
        Ends early where no staffing, or nothing in the ranges, reaches the target. On Ctrl-C what
        is known so far.

    Raises
    ------
    Interrupted
        On Ctrl-C before anything is known.
    """
    figure, level = question.asked.target.figure, settings.level
    told(CEILING, 0, 0)
    free = _free(question, settings)
    if not free[1].sum():
        raise InputError(
            "no such report has this figure: there is none, or its grade has no target",
            path="--target",
            found=question.asked.target.text,
            allowed="other reports, or more --days",
        )
    judge = Judge(
        question.space,
        question.asked,
        settings,
        range(settings.replications),
        lambda done: told(SEARCH, done, question.most_designs, _so_far(judge)),
    )
    found = Sized(
        question,
        "stopped",
        judge.today.interval(figure, level),
        figure.interval(*free, level),
    )
    target = question.asked.target
    if question.budget is None and target.is_refuted(*target.limits(*free, _CHANCE)):
        return replace(found, outcome="not possible")
    told(SEARCH, 0, 0)
    try:
        searched = _searched(question, judge, settings)
    except Interrupted:
        return replace(found, tried=_tried(judge))
    found = replace(found, tried=_tried(judge), searched=searched)
    if searched is None:
        return replace(found, outcome="beyond the ranges")
    if searched.stopped:
        return found
    return _decided(found, judge, settings, told)


def _searched(question: Question, judge: Judge, settings: Settings) -> Searched | None:
    """Search; None where even the largest designs miss by far."""
    search = Search(judge, question.most_designs)
    start = start_of(question.space, settings)
    if question.budget is not None:
        return search.best_for(question.budget, start)
    largest = judge.of(question.space.largest(_MOST_CORNERS))
    if max(judge.slack(one) for one in largest) < -_HOPELESS:
        return None
    return search.cheapest(start)


def _decided(found: Sized, judge: Judge, settings: Settings, told: Told) -> Sized:
    """Play the finalists off on fresh luck, and look at other work."""
    question = found.question
    designs = (
        candidates(judge)
        if question.budget is None
        else _best_within(judge, question.budget, FINALISTS)
    )
    if not designs:
        return replace(found, outcome="beyond the ranges")
    told(PLAY_OFF, 0, 0)
    try:
        finals = play_off(
            question.space,
            question.asked,
            settings,
            designs,
            confidence=question.confidence,
            looks=question.looks or [times * settings.replications for times in LOOKS],
            against_today=question.budget is not None,
            told=lambda done, planned: told(PLAY_OFF, done, planned),
        )
    except Interrupted:
        return found
    answer = finals.answer
    found = replace(found, finals=finals, today=finals.today, answer=answer)
    if finals.stopped:
        return found
    if answer is None:
        return replace(found, outcome="not shown")
    told(OTHERS, 0, 0)
    try:
        others = _others(question, answer.design, settings, finals.replications)
    except Interrupted:
        return found
    return replace(found, outcome="found", others=others)


def _best_within(judge: Judge, budget: float, most: int) -> list[Design]:
    """Return the designs within the money that do most on the search's luck, the best first."""
    within = [
        (judge.asked.target.short_of(one.value), one.design)
        for one in judge.judged
        if one.design is not None
        and judge.space.pounds(one.design) <= budget
        and judge.keeps(one)
        and one.design != judge.space.today
    ]
    return [design for _, design in sorted(within)[:most]]


def _others(
    question: Question, design: Design, settings: Settings, replications: int
) -> tuple[OtherWork, ...]:
    """Hold the mean time unattended of other work against today's, on the finalists' luck."""
    scenario = question.space.scenario
    about = question.asked.target.figure.cut
    cuts = [
        Cut(stream=name, grade=grade)
        for (name, stream), grade in product(scenario.streams.items(), _GRADES_OF_OTHERS)
        if not isinstance(stream, DeskWork)
        and grade in scenario.grades
        and (name, grade) != (about.stream, about.grade)
    ]
    numbers = [FIRST_FRESH + number for number in range(replications)]
    found = evaluate(
        [scenario, question.space.made(design)],
        replace(settings, replications=replications),
        (Count.DELAY_SECONDS, Count.NEEDED),
        cuts=cuts,
        replications=numbers,
    )
    seen = [one for one in cuts if found.of(Count.NEEDED, one).sum() > 0]
    result = []
    for cut in seen:
        change = found.difference(
            1,
            Count.DELAY_SECONDS,
            Count.NEEDED,
            cut,
            level=settings.level,
            comparisons=len(seen),
        )
        assert cut.stream is not None
        assert cut.grade is not None
        result.append(OtherWork(cut.stream, cut.grade, _in_minutes(change)))
    return tuple(result)


def _in_minutes(change: Interval) -> Interval:
    def minutes(seconds: float | None) -> float | None:
        return None if seconds is None else seconds / 60

    return replace(
        change, value=minutes(change.value), low=minutes(change.low), high=minutes(change.high)
    )


def _free(question: Question, settings: Settings) -> tuple[Floats, Floats]:
    """What is above and below the line of the target's figure with everybody always free."""
    figure = question.asked.target.figure
    sums = ceiling(question.space.scenario, settings, figure.counts, (figure.cut,))
    return sums[:, 0, 0] / figure.measure.divisor, sums[:, 0, 1].astype(np.float64)


def _tried(judge: Judge) -> tuple[tuple[Judged, float], ...]:
    return tuple((one, judge.slack(one)) for one in judge.judged)


def _so_far(judge: Judge) -> str:
    met = [one for one in judge.judged if judge.slack(one) >= 0 and one.design is not None]
    if not met:
        return "none does it so far"
    least = min(judge.space.pounds(one.design) for one in met if one.design is not None)
    return (
        f"cheapest so far £{least:,.0f} a week more"
        if least >= 0
        else (f"cheapest so far £{-least:,.0f} a week less")
    )
