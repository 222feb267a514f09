"""The command night: one night with people short, or under two scenarios."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.answers.frame import Given, command, give
from sim.cli.edge import edge, log_to_standard_error
from sim.cli.files import load_all
from sim.cli.groups import Heard, Played, spread
from sim.cli.options import ScenarioFile, Set
from sim.errors import InputError


@edge()
@spread
def night(
    scenario: ScenarioFile,
    other: Annotated[
        Path | None,
        typer.Argument(
            metavar="[OTHER]",
            help="A second scenario file: the same nights under both, side by side.",
            show_default=False,
        ),
    ] = None,
    *,
    on: Annotated[
        str, typer.Option(metavar="DATE", show_default=False, help="The date on which it begins.")
    ],
    short: Annotated[
        str | None,
        typer.Option(
            metavar="pools.NAME.shifts.NAME=N",
            show_default=False,
            help="Which shift lacks how many of those who parade as a rule; with OTHER it may be "
            "left out, and the night is from 22:00 to 07:00.",
        ),
    ] = None,
    levers: Set = None,
    nights: Annotated[int, typer.Option(min=2, help="Such nights that are simulated.")] = 500,
    played: Played,
    given: Given,
    heard: Heard,
) -> None:
    """Say what one night is like with people short, and what would help; or under two scenarios.

    Example: run_sim.py night scenarios/dorset-2022.toml --on 2022-05-06
    --short pools.response_bcp.shifts.night=3
    """
    from sim.answers.night.asked import alike_in, night_asked
    from sim.answers.night.asking import STEPS
    from sim.answers.night.asking import night as asked
    from sim.api.answered import Answered

    log_to_standard_error(heard.verbose)
    loaded = load_all([scenario] if other is None else [scenario, other], levers)
    settings = played.settings(nights, days=1)
    # Before the work, not after it.
    if short is None and other is None:
        raise InputError(
            "nobody is short, and there is nothing to hold the night against",
            path="--short",
            allowed="--short pools.NAME.shifts.NAME=N, or a second scenario file, or both",
        )
    asked_for = night_asked(short, on, loaded[0].scenario)
    beside = loaded[1] if other is not None else None
    if beside is not None:
        alike_in(asked_for, beside.scenario)
    give(
        "night",
        loaded,
        settings,
        given,
        STEPS,
        lambda told: Answered(
            asked(loaded[0], asked_for, settings, other=beside, command=command(), told=told),
            tuple(loaded),
        ),
        quiet=heard.quiet,
    )
