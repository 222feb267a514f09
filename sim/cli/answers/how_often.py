"""The command how-often: how often such a wait comes back."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.answers.frame import Given, command, give
from sim.cli.asking import Asked
from sim.cli.edge import edge, log_to_standard_error
from sim.cli.files import load_all
from sim.cli.options import (
    About,
    AsJson,
    Charts,
    Days,
    Engine,
    Force,
    Full,
    Html,
    Output,
    Quiet,
    Replications,
    ScenarioFile,
    Seed,
    Set,
    Verbose,
    WarmUpDays,
    Workers,
)


@edge()
def how_often(  # noqa: PLR0913, PLR0917 (an option each)
    scenario: ScenarioFile,
    levers: Set = None,
    over: Annotated[
        str, typer.Option(metavar="TIME", help="The wait: unattended for more than 10h, or 90m.")
    ] = "10h",
    about: About = None,
    replications: Replications = 60,
    days: Days = 28,
    warm_up_days: WarmUpDays = 7,
    seed: Seed = 2022,
    workers: Workers = 0,
    engine: Engine = "auto",
    output: Output = None,
    html: Html = None,
    charts: Charts = None,
    full: Full = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    force: Force = False,
) -> None:
    """Say how often such a wait comes back: nights a year, and the chance in a month.

    Example: run_sim.py how-often scenarios/dorset-2022.toml --over 10h
    """
    from sim.answers.how_often.asking import STEPS, minutes_of
    from sim.answers.how_often.asking import how_often as asked
    from sim.api.answered import Answered
    from sim.study import Settings

    log_to_standard_error(verbose)
    given = Given(output, html, charts, full, as_json, quiet, force)
    minutes = minutes_of(over)
    loaded = load_all([scenario], levers)
    settings = Settings(
        replications=replications,
        days=days,
        warm_up_days=warm_up_days,
        seed=seed,
        workers=workers,
        engine=engine,
    )
    cut = next(iter(Asked(about=about).cuts(loaded)), None)
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
    )
