"""The planner's questions about rotas and nights, asked from Python."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sim.api.answered import Answered, AnswerOptions, loaded_all
from sim.api.asking import answered

if TYPE_CHECKING:
    from typing import Unpack

    from sim.answers import Told
    from sim.answers.how_often.document import Recurrence
    from sim.answers.night.document import Night
    from sim.answers.sizing.document import Sizing
    from sim.answers.sizing.working import Question
    from sim.measures import Cut
    from sim.scenario.loading import Loaded
    from sim.study import Settings


def size(
    scenario: Loaded | str | os.PathLike[str],
    *,
    target: str | None = None,
    vary: Mapping[str, object] | None = None,
    no_worse: Sequence[str] | None = None,
    budget: str | float | None = None,
    confidence: float | None = None,
    designs: int = 500,
    write: str | os.PathLike[str] | None = None,
    **options: Unpack[AnswerOptions],
) -> Answered[Sizing]:
    """Find the cheapest rota that reaches a target, or the best for the money.

    Parameters
    ----------
    scenario
        As `sim.load` gives it, or a file. What is not given here is as its ``[size]`` has it.
    target
        Such as "waited_over 60 <= 0.2" or "arrived_within_target from graded >= 0.5".
    vary
        What may move: by path of a shift's people, start, end or hours, a range "9..20" or a list.
    no_worse
        Other work, such as "delay_mean of priority grade 2 by 2".
    budget
        "same", or pounds a week beyond today's: the best for the money.
    confidence
        With which the answer has to hold.
    designs
        Rotas that the search may judge.
    write
        Where to write the answer as a scenario file.
    **options
        As `AnswerOptions` lists them; `replications` are those of the search.

    Raises
    ------
    sim.errors.SimulatorError
        If something cannot be read, or the answer cannot be kept.
    TypeError
        If there is no such option.
    """
    from sim.answers.sizing.sizing import question_of
    from sim.store import ensure_free_file

    loaded = loaded_all([scenario])
    question = question_of(
        loaded[0],
        target=target,
        vary=vary,
        no_worse=no_worse,
        budget=budget,
        confidence=confidence,
        designs=designs,
    )
    place = None if write is None else Path(write)
    if place is not None:
        ensure_free_file(place, force=options.get("force", False))
    return answered(
        loaded,
        options,
        lambda settings, told: (
            sized(loaded[0], question, settings, write=place, told=told).document
        ),
    )


def how_often(
    scenario: Loaded | str | os.PathLike[str],
    over: str = "10h",
    *,
    cut: Cut | None = None,
    **options: Unpack[AnswerOptions],
) -> Answered[Recurrence]:
    """Say how often a wait comes back: nights a year, and the chance of one in a month.

    Parameters
    ----------
    scenario
        As `sim.load` gives it, or a file.
    over
        The wait, such as "10h" or "90m".
    cut
        Of which reports (`sim.measures.Cut`); None: the headline's.
    **options
        As `AnswerOptions` lists them.

    Raises
    ------
    sim.errors.SimulatorError
        If the scenario is wrong, there is no such wait, or the answer cannot be kept.
    TypeError
        If there is no such option.
    """
    from sim.answers.how_often.asking import how_often as asked
    from sim.answers.how_often.asking import minutes_of

    loaded, minutes = loaded_all([scenario]), minutes_of(over)
    return answered(
        loaded,
        options,
        lambda settings, told: asked(loaded[0], minutes, settings, cut=cut, told=told),
    )


def night(
    scenario: Loaded | str | os.PathLike[str],
    on: str | date,
    short: str | None = None,
    *,
    other: Loaded | str | os.PathLike[str] | None = None,
    nights: int = 500,
    **options: Unpack[AnswerOptions],
) -> Answered[Night]:
    """Say what one night is like with people short, and what would help; or under two scenarios.

    Parameters
    ----------
    scenario
        As `sim.load` gives it, or a file.
    on
        The date on which the shift begins.
    short
        Which shift lacks how many of those who parade as a rule:
        "pools.response_bcp.shifts.night=3". None, with `other` alone: nobody, and the night is
        from 22:00 to 07:00.
    other
        A second scenario: the same nights under both, side by side.
    nights
        How many such nights are simulated.
    **options
        As `AnswerOptions` lists them; replications and days are left aside.

    Raises
    ------
    sim.errors.SimulatorError
        If the scenario is wrong, there is no such shift on that date, more are short than parade,
        or the answer cannot be kept.
    TypeError
        If there is no such option, or neither `short` nor `other` is given.
    """
    from sim.answers.night.asked import night_asked
    from sim.answers.night.asking import night as asked

    if short is None and other is None:
        raise TypeError("night needs who is short, or a second scenario")
    loaded = loaded_all([scenario] if other is None else [scenario, other])
    asked_for = night_asked(short, str(on), loaded[0].scenario)
    beside = None if other is None else loaded[1]
    options |= {"replications": nights, "days": 1}
    return answered(
        loaded,
        options,
        lambda settings, told: asked(loaded[0], asked_for, settings, other=beside, told=told),
    )


def sized(
    loaded: Loaded,
    question: Question,
    settings: Settings,
    *,
    write: Path | None = None,
    command: Sequence[str] = (),
    told: Told | None = None,
) -> Answered[Sizing]:
    """Work `size` out of a question that was read before, and write the answer's file."""
    from sim.answers.sizing.sizing import size as searched
    from sim.answers.sizing.variant import variant_toml
    from sim.answers.told import nobody
    from sim.store import put_files

    document, design = searched(loaded, question, settings, command=command, told=told or nobody)
    if write is not None and design is not None and document.answer is not None:
        about = (
            f"The answer of size to: {document.target}. Checked on {document.fresh_replications} "
            "replications of luck that the search had not seen."
        )
        text = variant_toml(loaded, question.space, design, write, about)
        put_files(write.absolute().parent, [(write.name, text.encode("utf-8"))])
        document = document.model_copy(update={"written": write.as_posix()})
    return Answered(document, (loaded,))
