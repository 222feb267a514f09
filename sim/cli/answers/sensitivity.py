"""The command sensitivity: what the answer hangs on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.answers.frame import Given, command, give
from sim.cli.edge import edge, log_to_standard_error
from sim.cli.files import load_all
from sim.cli.options import (
    AsJson,
    Charts,
    Days,
    Engine,
    Force,
    Full,
    Html,
    Measure,
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
def sensitivity(  # noqa: PLR0913, PLR0917 (an option each)
    baseline: ScenarioFile,
    others: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[OTHER...]",
            help="Scenario files whose difference from it is asked about, too.",
            show_default=False,
        ),
    ] = None,
    levers: Set = None,
    measure: Measure = "in-time",
    trajectories: Annotated[
        int, typer.Option(min=3, max=1_000, help="Times that every range is moved at first.")
    ] = 6,
    top: Annotated[
        int, typer.Option(min=1, max=40, help="The foremost that are then moved one at a time.")
    ] = 10,
    sobol: Annotated[
        bool,
        typer.Option("--sobol", help="Tell the foremost's shares of the variance, too."),
    ] = False,
    replications: Annotated[
        int, typer.Option(min=2, help="Times that each end of the foremost is simulated.")
    ] = 30,
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
    """Say what the answer hangs on: every range of [sources], and the foremost one at a time.

    What --set says is set in every scenario.

    Example: run_sim.py sensitivity scenarios/dorset-2022.toml scenarios/deploy-at-grading.toml
    """
    from sim.answers.headlines import headline
    from sim.answers.sensitivity import asking
    from sim.api.answered import Answered
    from sim.study import Settings

    log_to_standard_error(verbose)
    given = Given(output, html, charts, full, as_json, quiet, force)
    loaded = load_all([baseline, *(others or ())], levers)
    settings = Settings(
        replications=replications,
        days=days,
        warm_up_days=warm_up_days,
        seed=seed,
        workers=workers,
        engine=engine,
    )
    # Before the work, not after it.
    headline(measure)
    asking.ensured_ranges(loaded[0])
    give(
        "sensitivity",
        loaded,
        settings,
        given,
        asking.steps(sobol=sobol),
        lambda told: Answered(
            asking.sensitivity(
                loaded,
                settings,
                measure=measure,
                trajectories=trajectories,
                top=top,
                sobol=sobol,
                command=command(),
                told=told,
            ),
            tuple(loaded),
        ),
    )
