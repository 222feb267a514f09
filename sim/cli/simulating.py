"""The commands that simulate a study: run and compare."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.asking import Printed
from sim.cli.edge import edge, log_to_standard_error, program, say
from sim.cli.files import load_all
from sim.cli.groups import Heard, Made, StudySize, spread
from sim.cli.options import Explained, NoUnknowns, ScenarioFile, Set
from sim.cli.printing import print_drawn, write_json
from sim.cli.progress import steps
from sim.errors import GoesOn, Interrupted, OutputError

if TYPE_CHECKING:
    from sim.scenario.loading import Loaded


@edge()
@spread
def run(
    scenario: ScenarioFile,
    levers: Set = None,
    *,
    size: StudySize,
    made: Made,
    asked: Printed,
    no_unknowns: NoUnknowns = False,
    explain: Explained = False,
    heard: Heard,
) -> None:
    """Simulate one scenario: delays against the target, where the time goes, who is busy.

    Example: run_sim.py run scenarios/dorset-2022.toml --days 7
    """
    log_to_standard_error(heard.verbose)
    with size.workers_begun():
        made.hold()
        loaded = load_all([scenario], levers)
        beside = _Beside(unknowns=not no_unknowns, explain=explain)
        _simulate(loaded, size, made, asked, beside, quiet=heard.quiet)


@edge()
@spread
def compare(
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
    *,
    size: StudySize,
    made: Made,
    asked: Printed,
    no_unknowns: NoUnknowns = False,
    explain: Explained = False,
    heard: Heard,
) -> None:
    """Simulate several scenarios with the same luck, and say what differs.

    What --set says is set in every OTHER, and never in the baseline.

    Example: run_sim.py compare scenarios/dorset-2022.toml scenarios/surge.toml
    """
    log_to_standard_error(heard.verbose)
    with size.workers_begun():
        made.hold()
        loaded = load_all([baseline, *(others or ())], levers, compared=True)
        beside = _Beside(unknowns=not no_unknowns, explain=explain)
        _simulate(loaded, size, made, asked, beside, quiet=heard.quiet)


@dataclass(frozen=True, slots=True)
class _Beside:
    """What is told beside the rows on request."""

    unknowns: bool
    explain: bool


def _simulate(
    loaded: Sequence[Loaded],
    size: StudySize,
    made: Made,
    asked: Printed,
    beside: _Beside,
    *,
    quiet: bool,
) -> None:
    """Run a study, keep it where that was asked for, and print what came of it."""
    from sim import api, study
    from sim.report.console import shown

    wanted = asked.wanted(counted=True)
    cuts = asked.cuts(loaded)
    settings = size.settings()
    # Before the work, not after it.
    pictures = made.pictures()
    remarks = study.remarks(settings, loaded)
    findings = api.check(loaded, settings)
    if not quiet:
        for remark in remarks:
            say(f"Note: {remark}")
        for warning in (*findings.overloads, *findings.warnings):
            say(f"Warning: {warning}")
    sweep = _is_swept(made, asked)
    names = api.steps(
        sweep=sweep,
        long_waits=made.is_pictured,
        unknowns=beside.unknowns,
        explain=beside.explain,
    )
    with steps(quiet, names) as line:
        results = api.simulate(
            loaded,
            settings,
            findings=findings,
            keep=made.keep(say),
            sweep=sweep,
            long_waits=made.is_pictured,
            unknowns=beside.unknowns,
            explain=beside.explain,
            command=(program(), *sys.argv[1:]),
            progress=line.told(tuple(one.name for one in loaded)),
            also=cuts,
        )
    document = results.document
    if asked.as_json:
        write_json(document.model_dump(mode="json"))
    else:
        warned = _on_one_screen() and not quiet
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


def _is_swept(made: Made, asked: Printed) -> bool | None:
    """Whether the share held is swept; None: where there is no range of what is not known."""
    if made.is_pictured or asked.full or "share-held" in (asked.show or ""):
        return True
    return False if asked.as_json else None


def _on_one_screen() -> bool:
    """Whether standard output and standard error are read together."""
    return sys.stdout.isatty() and sys.stderr.isatty()
