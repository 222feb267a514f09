"""The planner's questions, asked from Python."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.api.answered import Answered, AnswerOptions, loaded_all
from sim.study import Settings

if TYPE_CHECKING:
    from typing import Unpack

    from sim.answers import AnswerDocument, Told
    from sim.answers.explain.document import Explanation
    from sim.answers.sensitivity.document import Sensitivity
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
