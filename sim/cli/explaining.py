"""The commands that explain a scenario or its results: trace, warm-up, report and stress."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.beside import DAY_SECONDS
from sim.cli.edge import edge, log_to_standard_error
from sim.cli.files import ensure_free_pictures, load_all, picture, write_whole
from sim.cli.options import (
    Charts,
    Days,
    Engine,
    Force,
    Output,
    Precision,
    Quiet,
    Replications,
    ScenarioFile,
    Seed,
    Verbose,
    WarmUpDays,
    Workers,
)
from sim.cli.printing import print_lines, progress_bar, write_utf8
from sim.errors import InputError, Interrupted, OutputError


@edge()
def trace(
    scenario: ScenarioFile,
    incident: Annotated[
        str,
        typer.Option(metavar="KEY", help='Key of an incident, or "worst": longest unattended.'),
    ] = "worst",
    child: Annotated[
        int | None,
        typer.Option(metavar="KEY", show_default=False, help="List this child's episodes instead."),
    ] = None,
    replication: Annotated[int, typer.Option(min=0, help="Which replication.")] = 0,
    days: Days = 28,
    warm_up_days: WarmUpDays = 7,
    seed: Seed = 2022,
    engine: Engine = "auto",
    verbose: Verbose = False,
) -> None:
    """Tell one simulated incident step by step, and what was waited for.

    Example: run_sim.py trace scenarios/dorset-2022.toml --incident worst
    """
    from sim import study
    from sim.report import trace as tell

    log_to_standard_error(verbose)
    if incident != "worst" and re.fullmatch(r"-?[0-9]{1,30}", incident) is None:
        raise InputError(
            "this is no incident",
            path="--incident",
            found=incident,
            allowed='a key of the incidents table, or "worst"',
        )
    (loaded,) = load_all([scenario])
    settings = study.Settings(
        replications=1, days=days, warm_up_days=warm_up_days, seed=seed, engine=engine
    )
    played = study.one_world(loaded, settings, replication)
    world = tell.World(
        played.incidents,
        played.outcomes,
        played.activities,
        played.rota,
        played.policy,
        loaded.scenario.calendar.first_day,
        loaded.scenario.illustrative,
        loaded.scenario.force,
    )
    until = days * DAY_SECONDS
    if child is not None:
        print_lines(tell.episodes(world, child, 0, until))
        return
    about = study.definition_of(loaded.scenario, 0, until)
    key = (
        tell.worst(world, about.headline_stream, about.headline_grade, 0, until)
        if incident == "worst"
        else int(incident)
    )
    print_lines(tell.told(world, key))


@edge()
def warm_up(
    scenario: ScenarioFile,
    replications: Replications = 30,
    days: Days = 28,
    warm_up_days: WarmUpDays = 7,
    seed: Seed = 2022,
    workers: Workers = 0,
    engine: Engine = "auto",
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Show that the warm-up is long enough (MSER-5, the weekly cycle taken out).

    Example: run_sim.py warm-up scenarios/dorset-2022.toml
    """
    from sim import study

    log_to_standard_error(verbose)
    loaded = load_all([scenario])
    settings = study.Settings(
        replications=replications,
        days=days,
        warm_up_days=warm_up_days,
        seed=seed,
        workers=workers,
        engine=engine,
    )
    with progress_bar(quiet) as progress:
        found = study.warm_up(loaded[0], settings, progress)
    print_lines(found.sentences)
    if found.interrupted:
        sys.stdout.flush()
        raise Interrupted(found.replications, replications)


@edge()
def report(
    directory: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="Folder that --output has kept.", show_default=False),
    ],
    html: Annotated[
        Path | None,
        typer.Option(metavar="FILE", show_default="DIR.html here", help="The page: one HTML file."),
    ] = None,
    charts: Charts = None,
    verbose: Verbose = False,
    force: Force = False,
) -> None:
    """Make the page, or charts, from a kept folder of results; nothing is simulated.

    Example: run_sim.py report results --html results.html
    """
    from sim.report.document import FORMAT
    from sim.store import Kept

    log_to_standard_error(verbose)
    kept = Kept(directory)
    kept.check()
    document = kept.document
    if document.get("format") != FORMAT or "context" not in document:
        raise InputError(
            "these results were kept by another version of the simulator",
            file=directory / "summary.json",
            path="format",
            found=document.get("format"),
            allowed=f"{FORMAT}, with its context; run the study again with --output",
        )
    if html is None and charts is None:
        html = Path(f"{directory.resolve().name}.html")
    ensure_free_pictures(html, charts, force)
    try:
        picture(document, html, charts)
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            "these results are of another form than this version reads",
            file=directory / "summary.json",
            allowed="a folder that this version's --output has written",
        ) from error
    made = [place.as_posix() for place in (html, charts) if place is not None]
    print_lines([f"Made: {' and '.join(made)}"])


@edge()
def stress(
    scenario: ScenarioFile,
    replications: Replications = 30,
    days: Days = 28,
    warm_up_days: WarmUpDays = 7,
    seed: Seed = 2022,
    precision: Precision = None,
    output: Output = None,
    verbose: Verbose = False,
    force: Force = False,
) -> None:
    """Write the STRESS-DES sheet of a scenario as Markdown: the model, for others to judge.

    What only a person can write is marked "To be written by the analyst". Nothing is simulated.

    Example: run_sim.py stress scenarios/dorset-2022.toml --output kept
    """
    from sim import study
    from sim.report.stress import base_of, stress_des
    from sim.store import STRESS_DES

    log_to_standard_error(verbose)
    (loaded,) = load_all([scenario])
    settings = study.Settings(
        replications=replications,
        days=days,
        warm_up_days=warm_up_days,
        seed=seed,
        precision=precision,
    )
    text = stress_des(loaded, settings, base=base_of(loaded))
    if output is None:
        # UTF-8 whatever the terminal, for Markdown is read elsewhere.
        write_utf8(text)
        return
    file = output / STRESS_DES
    if os.path.lexists(file) and not force:
        raise OutputError.exists(file)
    write_whole(file, text)
    print_lines([f"{file.as_posix()} is there. Look for: To be written by the analyst."])
