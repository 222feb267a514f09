"""The commands that explain a scenario or its results: trace, warm-up, report and stress."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.answers.frame import show_kept
from sim.cli.asking import Asked, ensure_one
from sim.cli.edge import edge, log_to_standard_error
from sim.cli.files import Pictures, ensure_new, load_all, own_page, say_made
from sim.cli.groups import Heard, Played, spread
from sim.cli.options import (
    AsJson,
    Charts,
    Days,
    Engine,
    Force,
    OnePage,
    Output,
    Precision,
    Replications,
    ScenarioFile,
    Seed,
    Set,
    Slides,
    Verbose,
    WarmUpDays,
)
from sim.cli.printing import print_drawn, print_lines, write_json, write_utf8
from sim.cli.progress import steps
from sim.errors import InputError, Interrupted
from sim.places import write_whole

if TYPE_CHECKING:
    from sim.report.story.listing import Child, Wait
    from sim.report.story.world import World
    from sim.results import Document


@edge()
def trace(  # noqa: PLR0913, PLR0917 (an option each)
    scenario: ScenarioFile,
    levers: Set = None,
    incident: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            show_default="worst, or a scenario's scripted report",
            help='Short name or key of an incident, or "worst": longest unattended.',
        ),
    ] = None,
    child: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", show_default=False, help="Tell this simulated child's year instead."
        ),
    ] = None,
    listing: Annotated[
        bool, typer.Option("--list", help="List the longest waits, to pick from.")
    ] = False,
    list_children: Annotated[
        bool, typer.Option("--list-children", help="List the children reported most often.")
    ] = False,
    stream: Annotated[
        str | None,
        typer.Option(
            metavar="STREAM", show_default="of the headline", help='Of this stream, or "any".'
        ),
    ] = None,
    grade: Annotated[
        int | None,
        typer.Option(
            metavar="GRADE", show_default="of the headline", help="Of this grade; 0: any."
        ),
    ] = None,
    count: Annotated[int, typer.Option(min=1, help="How many lines a list has.")] = 20,
    replication: Annotated[
        int | None,
        typer.Option(min=0, show_default="0, or what a name says", help="Which replication."),
    ] = None,
    days: Days = 28,
    warm_up_days: WarmUpDays = 7,
    seed: Seed = 2022,
    engine: Engine = "auto",
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Tell one simulated incident step by step, and what was waited for.

    Names such as MC-R0-1P400C-1 stand in the lists, in timelines and in kept files. They hold for
    one seed, whatever the scenario's volume.

    Example: run_sim.py trace scenarios/dorset-2022.toml --list
    """
    from sim import study
    from sim.fates.naming import read_name
    from sim.report.story import listing as lists
    from sim.report.story import trace as tell
    from sim.report.story.world import World
    from sim.tables import DAY

    log_to_standard_error(verbose)
    ensure_one(incident=incident, child=child, list=listing, list_children=list_children)
    if as_json and not (listing or list_children):
        raise InputError("only a list is given as JSON", path="--json", allowed="--list --json")
    (loaded,) = load_all([scenario], levers)
    settings = study.Settings(
        replications=1, days=days, warm_up_days=warm_up_days, seed=seed, engine=engine
    )
    if replication is None:
        named = read_name(child or incident or "")
        replication = 0 if named is None else named.replication
    world = World.of(study.one_world(loaded, settings, replication), loaded, replication)
    until = days * DAY
    about = study.definition_of(loaded.scenario, 0, until)
    picked = stream is not None or grade is not None
    of_stream = None if stream == "any" else stream or about.headline_stream
    of_grade = about.headline_grade if grade is None and stream is None else grade or None
    if child is not None:
        key = world.child(child)
        history = study.child_history(loaded, settings, replication, key)
        print_lines(lists.child_told(world, key, history, 0, until))
    elif listing:
        waits = lists.waits(world, of_stream, of_grade, 0, until, count)
        _show_list(world, waits, lists.waits_told(world, waits), as_json)
    elif list_children:
        whose = None if stream == "any" else stream
        children = lists.children(world, whose, 0, until, count)
        _show_list(world, children, lists.children_told(world, children), as_json)
    elif incident not in {None, "worst"}:
        _show_incident(world, world.incident(str(incident)), ())
    else:
        scripted = tell.scripted(world, loaded, 0, until)
        if incident is None and scripted and not picked:
            _show_incident(world, scripted[0], scripted[1:])
        else:
            _show_incident(world, tell.worst(world, of_stream, of_grade, 0, until), ())


def _show_list(
    world: World, found: Sequence[Wait] | Sequence[Child], lines: Sequence[str], as_json: bool
) -> None:
    from sim.report.story import listing as lists

    if as_json:
        write_json(lists.as_data(world, found))
    else:
        print_lines(lines)


def _show_incident(world: World, key: int, others: Sequence[int]) -> None:
    from sim.report.story import trace as tell
    from sim.report.story.strip import strip_lines
    from sim.report.story.timelines import timeline

    head = tell.headed(world, key)
    head += [f"Also scripted: {world.name(world.row(other))}" for other in others]
    strip = timeline(world, key)
    print_lines(
        [*head, "", "", *tell.steps_told(world, key)],
        {len(head) + 1: lambda width, ascii_only: strip_lines(strip, width, ascii_only)},
    )


@edge()
@spread
def warm_up(
    scenario: ScenarioFile,
    levers: Set = None,
    replications: Replications = 30,
    days: Days = 28,
    *,
    played: Played,
    heard: Heard,
) -> None:
    """Show that the warm-up is long enough: what a longer one would change, with the same luck.

    Example: run_sim.py warm-up scenarios/dorset-2022.toml
    """
    from sim import study

    log_to_standard_error(heard.verbose)
    loaded = load_all([scenario], levers)
    settings = played.settings(replications, days)
    with steps(heard.quiet, (study.REPLICATIONS,)) as line:
        found = study.warm_up(loaded[0], settings, line.told((loaded[0].name,)))
    print_lines(found.sentences)
    if found.interrupted:
        sys.stdout.flush()
        raise Interrupted(found.replications, replications)


@edge()
@spread
def report(
    directory: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="Folder that --output has kept.", show_default=False),
    ],
    html: Annotated[
        Path | None,
        typer.Option(metavar="FILE", show_default="DIR.html here", help="The page: one HTML file."),
    ] = None,
    one_page: OnePage = False,
    charts: Charts = None,
    slides: Slides = None,
    *,
    asked: Asked,
    verbose: Verbose = False,
    force: Force = False,
) -> None:
    """Print the answer of a kept folder of results, and make its page or charts.

    Nothing is simulated. With --full, --show or --about only what is named is made.

    Example: run_sim.py report results --html results.html
    """
    from sim.report.console import shown
    from sim.store import Kept

    log_to_standard_error(verbose)
    wanted = asked.wanted(counted=False)
    kept = Kept(directory)
    kept.check()
    if "kind" in kept.document:
        refused = {
            "--one-page": one_page, "--slides": slides,
            "--show": asked.show, "--about": asked.about,
        }  # fmt: skip
        _ensure_study(directory, [name for name, given in refused.items() if given])
        show_kept(kept.document, directory, html=html, charts=charts, full=asked.full, force=force)
        return
    document = _read(kept.document, directory / "summary.json")
    left = None
    if html is None and (one_page or (charts is slides is None and not asked.is_more)):
        # A page that was asked for in so many words is refused, and not left out.
        html, left = own_page(directory, force=force or one_page)
    pictures = Pictures(html, charts, directory, one_page, slides)
    pictures.ensure_free(force=force)
    print_drawn(
        lambda width, ascii_only: shown(document, wanted, width=width, ascii_only=ascii_only)
    )
    pictures.write(document)
    say_made((html, charts, slides), left)


def _ensure_study(directory: Path, given: Sequence[str]) -> None:
    """Refuse options that only the results of run and compare have.

    Raises
    ------
    InputError
        If any is given.
    """
    if given:
        raise InputError(
            "this folder holds the answer to a question, which has no such form",
            file=directory,
            path=", ".join(given),
            allowed="--html, --charts, --full, --force",
        )


def _read(data: dict[str, Any], file: Path) -> Document:
    """The kept document, typed.

    Raises
    ------
    InputError
        If it is of an earlier format, or of another form than this version writes.
    """
    from pydantic import ValidationError

    from sim.results import FORMAT, Document

    if data.get("format") != FORMAT:
        raise InputError(
            "these results were kept by another version of the simulator",
            file=file,
            path="format",
            found=data.get("format"),
            allowed=f"{FORMAT}; run the study again with --output",
        )
    strange = InputError(
        "these results are of another form than this version reads",
        file=file,
        allowed="a folder that this version's --output has written",
    )
    try:
        document = Document.model_validate(data)
    except ValidationError as error:
        raise strange from error
    if document.model_dump(mode="json") != data:
        # What is absent would be taken for its default.
        raise strange
    return document


@edge()
def stress(  # noqa: PLR0913, PLR0917 (an option each)
    scenario: ScenarioFile,
    levers: Set = None,
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
    (loaded,) = load_all([scenario], levers)
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
    ensure_new(file, force=force)
    write_whole(file, text)
    print_lines([f"{file.as_posix()} is there. Look for: To be written by the analyst."])
