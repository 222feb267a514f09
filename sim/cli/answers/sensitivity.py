"""The command sensitivity: what the answer hangs on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.answers.frame import Given, command, give
from sim.cli.edge import edge, log_to_standard_error
from sim.cli.files import load_all
from sim.cli.groups import Heard, Played, spread
from sim.cli.options import Days, Measure, ScenarioFile, Set


@dataclass(frozen=True, slots=True)
class Moved:
    """Which figure is asked about, and how often what is not known is moved."""

    measure: Measure = "in-time"
    trajectories: Annotated[
        int, typer.Option(min=3, max=1_000, help="Times that every range is moved at first.")
    ] = 6
    top: Annotated[
        int, typer.Option(min=1, max=40, help="The foremost that are then moved one at a time.")
    ] = 10
    sobol: Annotated[
        bool,
        typer.Option("--sobol", help="Tell the foremost's shares of the variance, too."),
    ] = False


@edge()
@spread
def sensitivity(
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
    *,
    moved: Moved,
    replications: Annotated[
        int, typer.Option(min=2, help="Times that each end of the foremost is simulated.")
    ] = 30,
    days: Days = 28,
    played: Played,
    given: Given,
    heard: Heard,
) -> None:
    """Say what the answer hangs on: every range of [sources], and the foremost one at a time.

    What --set says is set in every scenario.

    Example: run_sim.py sensitivity scenarios/dorset-2022.toml scenarios/deploy-at-grading.toml
    """
    from sim.answers.headlines import headline
    from sim.answers.sensitivity import asking
    from sim.api.answered import Answered

    log_to_standard_error(heard.verbose)
    loaded = load_all([baseline, *(others or ())], levers)
    settings = played.settings(replications, days)
    # Before the work, not after it.
    headline(moved.measure)
    asking.ensured_ranges(loaded[0])
    give(
        "sensitivity",
        loaded,
        settings,
        given,
        asking.steps(sobol=moved.sobol),
        lambda told: Answered(
            asking.sensitivity(
                loaded,
                settings,
                measure=moved.measure,
                trajectories=moved.trajectories,
                top=moved.top,
                sobol=moved.sobol,
                command=command(),
                told=told,
            ),
            tuple(loaded),
        ),
        quiet=heard.quiet,
    )
