"""The commands that simulate a study: run and compare."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from sim.cli.asking import Asked
from sim.cli.edge import edge, log_to_standard_error, program, say
from sim.cli.files import Pictures, load_all
from sim.cli.options import (
    About,
    AsJson,
    Charts,
    Cluster,
    Days,
    Engine,
    EngineName,
    Force,
    Fresh,
    Full,
    Html,
    NoUnknowns,
    OnePage,
    Output,
    Precision,
    Quiet,
    Replications,
    ScenarioFile,
    Seed,
    Set,
    Show,
    Slides,
    Verbose,
    WarmUpDays,
    Workers,
)
from sim.cli.printing import print_drawn, write_json
from sim.cli.progress import steps
from sim.errors import GoesOn, Interrupted, OutputError
from sim.workers import begun, processors

if TYPE_CHECKING:
    from sim.scenario.loading import Loaded

_Size: TypeAlias = tuple[int, int, int, int, float | None, int, str | None, EngineName]
"""Replications, days, warm-up days, seed, precision, workers, cluster, engine."""


@edge()
def run(  # noqa: PLR0913, PLR0917 (an option each)
    scenario: ScenarioFile,
    levers: Set = None,
    replications: Replications = 30,
    days: Days = 28,
    warm_up_days: WarmUpDays = 7,
    seed: Seed = 2022,
    precision: Precision = None,
    workers: Workers = 0,
    cluster: Cluster = None,
    engine: Engine = "auto",
    output: Output = None,
    html: Html = None,
    one_page: OnePage = False,
    charts: Charts = None,
    slides: Slides = None,
    full: Full = False,
    show: Show = None,
    about: About = None,
    no_unknowns: NoUnknowns = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    force: Force = False,
    fresh: Fresh = False,
) -> None:
    """Simulate one scenario: delays against the target, where the time goes, who is busy.

    Example: run_sim.py run scenarios/dorset-2022.toml --days 7
    """
    log_to_standard_error(verbose)
    asked = Asked(full, show, about, as_json)
    size = (replications, days, warm_up_days, seed, precision, workers, cluster, engine)
    kept = (output, as_json, quiet, force, html, one_page, charts, slides, not no_unknowns, fresh)
    places = (output, html, charts, slides)
    with _workers_begun(workers, replications, cluster), _held(*places):
        _simulate(load_all([scenario], levers), size, _Kept(*kept), asked)


@edge()
def compare(  # noqa: PLR0913, PLR0917 (an option each)
    baseline: ScenarioFile,
    others: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[OTHER...]",
            help="Scenario files to hold against it; none: itself, with what --set says.",
            show_default=False,
        ),
    ] = None,
    levers: Set = None,
    replications: Replications = 30,
    days: Days = 28,
    warm_up_days: WarmUpDays = 7,
    seed: Seed = 2022,
    precision: Precision = None,
    workers: Workers = 0,
    cluster: Cluster = None,
    engine: Engine = "auto",
    output: Output = None,
    html: Html = None,
    one_page: OnePage = False,
    charts: Charts = None,
    slides: Slides = None,
    full: Full = False,
    show: Show = None,
    about: About = None,
    no_unknowns: NoUnknowns = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    force: Force = False,
    fresh: Fresh = False,
) -> None:
    """Simulate several scenarios with the same luck, and say what differs.

    What --set says is set in every OTHER, and never in the baseline.

    Example: run_sim.py compare scenarios/dorset-2022.toml scenarios/surge.toml
    """
    log_to_standard_error(verbose)
    asked = Asked(full, show, about, as_json)
    size = (replications, days, warm_up_days, seed, precision, workers, cluster, engine)
    kept = (output, as_json, quiet, force, html, one_page, charts, slides, not no_unknowns, fresh)
    places = (output, html, charts, slides)
    with _workers_begun(workers, replications, cluster), _held(*places):
        loaded = load_all([baseline, *(others or ())], levers, compared=True)
        _simulate(loaded, size, _Kept(*kept), asked)


def _workers_begun(
    workers: int, replications: int, cluster: str | None
) -> AbstractContextManager[None]:
    """Start the processes of a study, which load what they need while this one does."""
    processes = 1 if cluster is not None else min(workers or processors(), replications)
    return begun(processes - 1, "sim.study.sharing")


def _held(*places: Path | None) -> AbstractContextManager[None]:
    """Keep other runs from writing to these places."""
    from sim.store import held

    return held(*places)


@dataclass(frozen=True)
class _Kept:
    """What is to be said, and what kept."""

    output: Path | None
    as_json: bool
    quiet: bool
    force: bool
    html: Path | None
    one_page: bool
    charts: Path | None
    slides: Path | None
    unknowns: bool
    fresh: bool

    @property
    def pictured(self) -> bool:
        """Whether a page or charts are made, now or later from what is kept."""
        return any(
            place is not None for place in (self.output, self.html, self.charts, self.slides)
        )


def _simulate(loaded: Sequence[Loaded], size: _Size, kept: _Kept, asked: Asked) -> None:
    """Run a study, keep it where that was asked for, and print what came of it."""
    from sim import api, study
    from sim.report.console import shown
    from sim.store import ensure_free

    wanted = asked.wanted(counted=True)
    cuts = asked.cuts(loaded)
    replications, days, warm_up_days, seed, precision, workers, cluster, engine = size
    settings = study.Settings(
        replications=replications,
        days=days,
        warm_up_days=warm_up_days,
        seed=seed,
        precision=precision,
        workers=workers,
        cluster=cluster,
        engine=engine,
    )
    # Before the work, not after it.
    if kept.output is not None:
        ensure_free(kept.output, force=kept.force)
    pictures = Pictures(kept.html, kept.charts, kept.output, kept.one_page, kept.slides)
    pictures.ensure_free(force=kept.force)
    remarks = study.remarks(settings, loaded)
    findings = api.check(loaded, settings)
    if not kept.quiet:
        for warning in (*remarks, *findings.overloads, *findings.warnings):
            say(f"Warning: {warning}")
    sweep = _is_swept(kept, asked)
    names = api.steps(sweep=sweep, long_waits=kept.pictured, unknowns=kept.unknowns)
    with steps(kept.quiet, names) as line:
        results = api.simulate(
            loaded,
            settings,
            findings=findings,
            keep=api.Keep(kept.output, kept.force, kept.fresh, say),
            sweep=sweep,
            long_waits=kept.pictured,
            unknowns=kept.unknowns,
            command=(program(), *sys.argv[1:]),
            progress=line.told(tuple(one.name for one in loaded)),
            also=cuts,
        )
    document = results.document
    if kept.as_json:
        write_json(document.model_dump(mode="json"))
    else:
        warned = _on_one_screen() and not kept.quiet
        print_drawn(
            lambda width, ascii_only: shown(
                document, wanted, width=width, ascii_only=ascii_only, warned=warned
            )
        )
    if not isinstance(results.lost, OutputError):
        pictures.write(document)
    if results.stopped or results.lost is not None:
        sys.stdout.flush()
        why = results.lost or Interrupted(results.study.completed, results.study.planned)
        if results.goes_on is not None:
            why.add_note(GoesOn(results.goes_on))
        raise why


def _is_swept(kept: _Kept, asked: Asked) -> bool | None:
    """Whether the share held is swept; None: where there is no range of what is not known."""
    if kept.pictured or asked.full or "share-held" in (asked.show or ""):
        return True
    return False if kept.as_json else None


def _on_one_screen() -> bool:
    """Whether standard output and standard error are read together."""
    return sys.stdout.isatty() and sys.stderr.isatty()
