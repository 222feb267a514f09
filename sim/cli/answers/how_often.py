"""The command how-often: how often such a wait comes back."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.answers.frame import Given, command, give
from sim.cli.asking import Asked
from sim.cli.edge import edge, log_to_standard_error
from sim.cli.files import load_all
from sim.cli.groups import Heard, Played, spread
from sim.cli.options import About, Days, Replications, ScenarioFile, Set


@edge()
@spread
def how_often(
    scenario: ScenarioFile,
    levers: Set = None,
    over: Annotated[
        str, typer.Option(metavar="TIME", help="The wait: unattended for more than 10h, or 90m.")
    ] = "10h",
    about: About = None,
    replications: Replications = 60,
    days: Days = 28,
    *,
    played: Played,
    given: Given,
    heard: Heard,
) -> None:
    """Say how often such a wait comes back: nights a year, and the chance in a month.

    Example: run_sim.py how-often scenarios/dorset-2022.toml --over 10h
    """
    from sim.answers.how_often.asking import STEPS, minutes_of
    from sim.answers.how_often.asking import how_often as asked
    from sim.api.answered import Answered

    log_to_standard_error(heard.verbose)
    minutes = minutes_of(over)
    loaded = load_all([scenario], levers)
    settings = played.settings(replications, days)
    cut = Asked(about=about).cut(loaded)
    give(
        "how-often",
        loaded,
        settings,
        given,
        STEPS,
        lambda told: Answered(
            asked(loaded[0], minutes, settings, cut=cut, command=command(), told=told),
            tuple(loaded),
        ),
        quiet=heard.quiet,
    )
