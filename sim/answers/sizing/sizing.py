"""From a scenario and what is asked to the answer, typed."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from sim.answers.document import Whom, asked_of
from sim.answers.estimated import Estimated
from sim.answers.sizing.aim import Figure, kept_of, target_of
from sim.answers.sizing.document import Candidate, Moved, OtherChange, Sizing
from sim.answers.sizing.judged import Asked, Judged
from sim.answers.sizing.levers import Design, Space, nothing_may_move, space_of
from sim.answers.sizing.search import MOST_DESIGNS
from sim.answers.sizing.variant import clock
from sim.answers.sizing.working import CEILING, OTHERS, PLAY_OFF, SEARCH, Question, Sized, sized
from sim.answers.told import nobody
from sim.errors import InputError, ScenarioErrors
from sim.provenance import portable_command, versions
from sim.results.document import Run
from sim.results.making import context_of
from sim.rota import posts
from sim.scenario.paths import parsed
from sim.statistics import Interval
from sim.study.engines import engine_for, incidents_of

if TYPE_CHECKING:
    from sim.answers.told import Told
    from sim.scenario.loading import Loaded
    from sim.study import Settings

STEPS: Final = (CEILING, SEARCH, PLAY_OFF, OTHERS)
"""What `size` does, in order, as its progress names it."""

SAME: Final = "same"


def question_of(
    loaded: Loaded,
    *,
    target: str | None = None,
    vary: Mapping[str, object] | None = None,
    no_worse: Sequence[str] | None = None,
    budget: str | float | None = None,
    confidence: float | None = None,
    designs: int = MOST_DESIGNS,
) -> Question:
    """Read what is asked; what is not given is as the file's ``[size]`` has it.

    Parameters
    ----------
    loaded
        Today's scenario.
    target
        As `target_of` reads it.
    vary
        As `space_of` reads it.
    no_worse
        Of each, as `kept_of` reads it.
    budget
        "same" as today's, or pounds a week beyond today's: the best for the money is asked for.
    confidence
        With which the answer is to hold; None: 0.95.
    designs
        How many rotas may be judged.

    Raises
    ------
    InputError
        If something is missing, or cannot be read.
    """
    scenario, own = loaded.scenario, loaded.scenario.size
    in_file = own is not None
    words = target if target is not None else (own.target if own is not None else None)
    levers: Mapping[str, object] = vary or (own.vary if own is not None else {})
    where = "--vary" if vary or not in_file else "size.vary"
    if words is None:
        no_target = InputError(
            "nothing says what is to be reached",
            path="--target",
            allowed='such as "waited_over 60 <= 0.2", here or as target under [size] in the file',
        )
        raise ScenarioErrors([no_target] if levers else [no_target, nothing_may_move(where)])
    kept = no_worse if no_worse is not None else (own.no_worse if own is not None else [])
    sure = confidence if confidence is not None else (own.confidence if own is not None else 0.95)
    if not 0.5 <= sure < 1:
        raise InputError(
            "this is no confidence", path="--confidence", found=sure, allowed="0.5 to below 1"
        )
    if designs < 1:
        raise InputError("this is no number", path="--designs", found=designs, allowed="1 or more")
    _ensure_no_single_team(loaded, levers, where)
    money = budget if budget is not None else (own.budget if own is not None else None)
    return Question(
        space=space_of(scenario, levers, where),
        asked=Asked(
            target_of(words, scenario, "--target" if target is not None else "size.target"),
            tuple(
                kept_of(one, scenario, "--no-worse" if no_worse is not None else "size.no_worse")
                for one in kept
            ),
        ),
        confidence=sure,
        budget=_budget(money),
        most_designs=designs,
    )


def size(
    loaded: Loaded,
    question: Question,
    settings: Settings,
    *,
    command: Sequence[str] = (),
    told: Told = nobody,
) -> tuple[Sizing, Design | None]:
    """Look for the cheapest rota that does it, or the best for the money.

    Parameters
    ----------
    loaded
        Today's scenario.
    question
        As `question_of` reads it.
    settings
        Days, seed, engine, threads, and the replications of the search.
    command
        Program and arguments, as typed.
    told
        Told as the work goes on.

    Returns
    -------
    Sizing
        After Ctrl-C what is known so far, with `stopped` set.
    Design or None
        The answer, for `sim.answers.sizing.variant`.

    Raises
    ------
    Interrupted
        On Ctrl-C before anything is known.
    """
    began = time.monotonic()
    found = sized(question, settings, told)
    target, figure = question.asked.target, question.asked.target.figure
    stopped = ""
    if found.outcome == "stopped":
        stopped = (
            f"Stopped on request: {len(found.tried)} rotas were judged"
            f"{'' if found.finals else ', and none of them on luck that the search has not seen'}."
        )
    done = settings.replications
    document = Sizing(
        level=settings.level,
        scenarios=asked_of([loaded]),
        context=context_of([loaded], warnings=loaded.notices),
        run=Run(
            seed=settings.seed,
            replications=done,
            days=settings.days,
            engine=engine_for(incidents_of([loaded.scenario], settings) * done, settings.engine),
            seconds=round(time.monotonic() - began, 1),
            versions=versions(),
        ),
        stopped=stopped,
        command=tuple(portable_command(command)),
        target=target.text,
        figure=figure.words,
        measure=figure.measure.name,
        clock=figure.sums.clock,
        minutes=figure.sums.minutes,
        sense=target.sense,
        bound=target.bound,
        whom=Whom.of(figure.cut),
        no_worse=tuple(one.text for one in question.asked.kept),
        budget=question.budget,
        confidence=question.confidence,
        vary=tuple(one.path for one in question.space.shifts),
        designs=question.space.size,
        outcome=found.outcome,
        today=_told(found.today, figure),
        ceiling=_told(found.ceiling, figure),
        proven=found.searched is not None and found.searched.proven,
        fresh_replications=0 if found.finals is None else found.finals.replications,
        candidates=_candidates(found, settings.level),
        others=tuple(
            OtherChange(
                stream=one.stream, grade=one.grade, change=Estimated.of(one.change, "minutes")
            )
            for one in found.others
        ),
    )
    return document, None if found.answer is None else found.answer.design


def _ensure_no_single_team(loaded: Loaded, levers: Mapping[str, object], where: str) -> None:
    """Refuse a lever on one team's shift, which no file could hold by itself."""
    pools = loaded.raw.get("pools", {})
    for name in levers:
        keys = parsed(name) or ()
        if len(keys) == 5 and "cycle" in pools.get(keys[1], {}):
            raise InputError(
                "teams work these shifts in a pattern, all with the same people",
                path=where,
                found=name,
                allowed=f"pools.{keys[1]}.cycle.people=9..20",
            )


def _budget(money: str | float | None) -> float | None:
    if money is None:
        return None
    if money == SAME:
        return 0.0
    try:
        return float(money)
    except ValueError:
        raise InputError(
            "this is no budget",
            path="--budget",
            found=money,
            allowed="same, or pounds a week beyond today's, such as 5000",
        ) from None


def _told(interval: Interval, figure: Figure) -> Estimated:
    return Estimated.of(interval, figure.measure.unit)


def _candidates(found: Sized, level: float) -> tuple[Candidate, ...]:
    space, figure = found.question.space, found.question.asked.target.figure
    finals = {} if found.finals is None else {one.design: one for one in found.finals.finalists}
    front = set(_frontier(found))
    posts_today = sum(posts(space.scenario).values())
    made = []
    for judged, slack in found.tried:
        design = judged.design
        assert design is not None
        final = finals.get(design)
        made.append(
            Candidate(
                moved=_moved(space, design),
                posts=round(_posts(space, design) - posts_today, 2),
                pounds=space.pounds(design),
                searched=_told(judged.interval(figure, level), figure),
                slack=round(slack, 3) if abs(slack) < 1e6 else (1e6 if slack > 0 else -1e6),
                on_frontier=design in front,
                fresh=None if final is None else _told(final.interval, figure),
                limit=None if final is None else final.limit,
                change=None if final is None else _told(final.change, figure),
                verdict=None if final is None else final.verdict,
                is_answer=found.answer is not None and found.answer.design == design,
            )
        )
    return tuple(sorted(made, key=lambda one: (one.pounds, -one.slack)))


def _posts(space: Space, design: Design) -> float:
    return sum(posts(space.made(design), as_in=space.scenario).values())


def _frontier(found: Sized) -> list[Design]:
    """Designs that no cheaper one outdoes on the search's luck."""
    space, short = found.question.space, found.question.asked.target.short_of
    best, front = float("inf"), []

    def rank(one: Judged) -> tuple[float, float]:
        return space.pounds(one.design or ()), short(one.value)

    for judged in sorted((one for one, _ in found.tried), key=rank):
        if short(judged.value) < best and judged.design is not None:
            best = short(judged.value)
            front.append(judged.design)
    return front


def _moved(space: Space, design: Design) -> tuple[Moved, ...]:
    moved = []
    for shift, option in space.options(design):
        now = shift.now(space.scenario)
        before = f"{clock(now.start)}-{clock(now.end % 1440)}"
        hours = f"{clock(option.start)}-{clock(option.end)}"
        if (option.people, hours) != (now.people, before):
            moved.append(
                Moved(
                    pool=shift.pool,
                    shift="each team" if shift.of_teams else shift.shift,
                    people_before=now.people,
                    people=option.people,
                    hours_before=before,
                    hours=hours,
                )
            )
    return tuple(moved)
