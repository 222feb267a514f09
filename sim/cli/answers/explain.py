"""The command explain: why targets are missed."""

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
    Measure,
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
def explain(  # noqa: PLR0913, PLR0917 (an option each)
    scenario: ScenarioFile,
    levers: Set = None,
    measure: Measure = "in-time",
    about: About = None,
    causes: Annotated[
        str | None,
        typer.Option(
            metavar="NAME,...",
            show_default="those that are there",
            help="Which causes: hold, ratifiers, control_room, response, reserve, teams, rank, "
            "writing; at most seven.",
        ),
    ] = None,
    cause: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=FILE",
            show_default=False,
            help="A cause of your own: what differs in this scenario file is gone. May be given "
            "again.",
        ),
    ] = None,
    replications: Replications = 30,
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
    """Say why targets are missed: every set of causes gone, on the same luck.

    Example: run_sim.py explain scenarios/dorset-2022.toml --measure over-10h
    """
    from sim.answers.explain.choosing import chosen, files_of
    from sim.answers.explain.explaining import STEPS
    from sim.answers.explain.explaining import explain as explained
    from sim.answers.headlines import headline
    from sim.api.answered import Answered
    from sim.study import Settings

    log_to_standard_error(verbose)
    given = Given(output, html, charts, full, as_json, quiet, force)
    loaded = load_all([scenario], levers)
    settings = Settings(
        replications=replications,
        days=days,
        warm_up_days=warm_up_days,
        seed=seed,
        workers=workers,
        engine=engine,
    )
    named = None if causes is None else [one.strip() for one in causes.split(",") if one.strip()]
    files = files_of(cause or ())
    cut = next(iter(Asked(about=about).cuts(loaded)), None)
    # Before the work, not after it.
    headline(measure)
    chosen(loaded[0], named, files)
    give(
        "explain",
        loaded,
        settings,
        given,
        STEPS,
        lambda told: Answered(
            explained(
                loaded[0],
                settings,
                measure=measure,
                cut=cut,
                causes=named,
                files=files,
                command=command(),
                told=told,
            ),
            tuple(loaded),
        ),
    )
