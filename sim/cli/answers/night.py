"""The command night: one night with people short."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.answers.frame import Given, command, give
from sim.cli.edge import edge, log_to_standard_error
from sim.cli.files import load_all
from sim.cli.groups import Heard, Played, spread
from sim.cli.options import ScenarioFile, Set


@edge()
@spread
def night(
    scenario: ScenarioFile,
    on: Annotated[
        str, typer.Option(metavar="DATE", show_default=False, help="The date on which it begins.")
    ],
    short: Annotated[
        str,
        typer.Option(
            metavar="pools.NAME.shifts.NAME=N",
            show_default=False,
            help="Which shift lacks how many of those who parade as a rule.",
        ),
    ],
    levers: Set = None,
    nights: Annotated[int, typer.Option(min=2, help="Such nights that are simulated.")] = 500,
    *,
    played: Played,
    given: Given,
    heard: Heard,
) -> None:
    """Say what one night is like with people short, and what would help most.

    Example: run_sim.py night scenarios/dorset-2022.toml --on 2022-05-06
    --short pools.response_bcp.shifts.night=3
    """
    from sim.answers.night.asked import short_of
    from sim.answers.night.asking import STEPS
    from sim.answers.night.asking import night as asked
    from sim.api.answered import Answered

    log_to_standard_error(heard.verbose)
    loaded = load_all([scenario], levers)
    settings = played.settings(nights, days=1)
    # Before the work, not after it.
    lacking = short_of(short, on, loaded[0].scenario)
    give(
        "night",
        loaded,
        settings,
        given,
        STEPS,
        lambda told: Answered(
            asked(loaded[0], lacking, settings, command=command(), told=told), tuple(loaded)
        ),
        quiet=heard.quiet,
    )
