"""The command night: one night with people short."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.answers.frame import Given, command, give
from sim.cli.edge import edge, log_to_standard_error
from sim.cli.files import load_all
from sim.cli.options import (
    AsJson,
    Charts,
    Engine,
    Force,
    Full,
    Html,
    Output,
    Quiet,
    ScenarioFile,
    Seed,
    Set,
    Verbose,
    WarmUpDays,
    Workers,
)


@edge()
def night(  # noqa: PLR0913, PLR0917 (an option each)
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
    """Say what one night is like with people short, and what would help most.

    Example: run_sim.py night scenarios/dorset-2022.toml --on 2022-05-06
    --short pools.response_bcp.shifts.night=3
    """
    from sim.answers.night.asked import short_of
    from sim.answers.night.asking import STEPS
    from sim.answers.night.asking import night as asked
    from sim.api.answered import Answered
    from sim.study import Settings

    log_to_standard_error(verbose)
    given = Given(output, html, charts, full, as_json, quiet, force)
    loaded = load_all([scenario], levers)
    settings = Settings(
        replications=nights,
        days=1,
        warm_up_days=warm_up_days,
        seed=seed,
        workers=workers,
        engine=engine,
    )
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
    )
