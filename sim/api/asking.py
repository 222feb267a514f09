"""The planner's questions, asked from Python."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.api.answered import Answered, AnswerOptions, loaded_all
from sim.study import Settings

if TYPE_CHECKING:
    from datetime import date
    from typing import Unpack

    from sim.answers import AnswerDocument, Told
    from sim.answers.explain.document import Explanation
    from sim.answers.how_often.document import Recurrence
    from sim.answers.night.document import Night
    from sim.answers.sensitivity.document import Sensitivity
    from sim.answers.sizing.document import Sizing
    from sim.answers.sizing.working import Question
    from sim.measures import Cut
    from sim.scenario.loading import Loaded


def explain(
    scenario: Loaded | str | os.PathLike[str],
    *,
    measure: str = "in-time",
    cut: Cut | None = None,
    causes: Sequence[str] | None = None,
    files: Mapping[str, str | os.PathLike[str]] | None = None,
    command: Sequence[str] = (),
    **options: Unpack[AnswerOptions],
) -> Answered[Explanation]:
    """Say why targets are missed: what goes wrong, shared out among causes.

    Parameters
    ----------
    scenario
        As `sim.load` gives it, or a file.
    measure
        in-time, in-time-from-grading, over-1h, over-10h, unattended or child-seen.
    cut
        Of which reports (`sim.measures.Cut`); None: the headline's.
    causes
        Names of causes: hold, ratifiers, control_room, response, reserve, teams, rank, writing.
        None: those that are usual and are there.
    files
        Scenario files by the names of further causes: what differs there is gone.
    command
        Program and arguments, where a command asks.
    **options
        As `AnswerOptions` lists them, such as ``days=7``.

    Raises
    ------
    sim.errors.SimulatorError
        If the scenario is wrong, a cause cannot go, or the answer cannot be kept.
    TypeError
        If there is no such option.
    """
    from sim.answers.explain.explaining import explain as explained

    loaded = loaded_all([scenario])
    paths = {name: Path(path) for name, path in (files or {}).items()}
    return answered(
        loaded,
        options,
        lambda settings, told: explained(
            loaded[0],
            settings,
            measure=measure,
            cut=cut,
            causes=causes,
            files=paths,
            command=command,
            told=told,
        ),
    )


def sensitivity(
    baseline: Loaded | str | os.PathLike[str],
    *others: Loaded | str | os.PathLike[str],
    measure: str = "in-time",
    trajectories: int | None = None,
    top: int | None = None,
    sobol: bool = False,
    command: Sequence[str] = (),
    **options: Unpack[AnswerOptions],
) -> Answered[Sensitivity]:
    """Say what the headline hangs on: every range of the baseline's ``[sources]``.

    Parameters
    ----------
    baseline, *others
        As `sim.load` gives them, or files; of others, their difference from the baseline.
    measure
        in-time, in-time-from-grading, over-1h, over-10h, unattended or child-seen.
    trajectories
        How often every range is moved in the screening; None: as the command has it.
    top
        How many of the foremost are played one at a time; None: as the command has it.
    sobol
        Whether the shares of the variance of the foremost are told, too.
    command
        Program and arguments, where a command asks.
    **options
        As `AnswerOptions` lists them; `replications` of each end that is played one at a time.

    Raises
    ------
    sim.errors.SimulatorError
        If a scenario is wrong, the baseline has no ranges, or the answer cannot be kept.
    TypeError
        If there is no such option.
    """
    from sim.answers.sensitivity import asking

    loaded = loaded_all([baseline, *others])
    return answered(
        loaded,
        options,
        lambda settings, told: asking.sensitivity(
            loaded,
            settings,
            measure=measure,
            trajectories=asking.TRAJECTORIES if trajectories is None else trajectories,
            top=asking.TOP if top is None else top,
            sobol=sobol,
            command=command,
            told=told,
        ),
    )


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
    return answered(
        loaded,
        options,
        lambda settings, told: (
            sized(loaded[0], question, settings, write=place, told=told).document
        ),
    )


def night(
    scenario: Loaded | str | os.PathLike[str],
    on: str | date,
    short: str,
    *,
    nights: int = 500,
    **options: Unpack[AnswerOptions],
) -> Answered[Night]:
    """Say what one night is like with people short, and what would help most.

    Parameters
    ----------
    scenario
        As `sim.load` gives it, or a file.
    on
        The date on which the shift begins.
    short
        Which shift lacks how many of those who parade as a rule:
        "pools.response_bcp.shifts.night=3".
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
        If there is no such option.
    """
    from sim.answers.night.asked import short_of
    from sim.answers.night.asking import night as asked

    loaded = loaded_all([scenario])
    lacking = short_of(short, str(on), loaded[0].scenario)
    options |= {"replications": nights, "days": 1}
    return answered(
        loaded,
        options,
        lambda settings, told: asked(loaded[0], lacking, settings, told=told),
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


def answered(
    loaded: Sequence[Loaded],
    options: AnswerOptions,
    ask: Any,  # noqa: ANN401 (from settings and a report of progress to a document of its kind)
) -> Answered[Any]:
    """Work an answer out with the usual options, and keep it where that is asked for."""
    from sim.answers.told import nobody

    output, force = options.pop("output", None), options.pop("force", False)
    told: Told = options.pop("progress", None) or nobody
    document: AnswerDocument = ask(Settings(**options), told)  # type: ignore[misc]
    found = Answered(document, tuple(loaded))
    if output is not None:
        found.save(output, force=force)
    return found
