"""The command explain: why targets are missed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from sim.cli.answers.frame import Given, command, give
from sim.cli.asking import Asked
from sim.cli.edge import edge, log_to_standard_error
from sim.cli.files import load_all
from sim.cli.groups import Heard, Played, spread
from sim.cli.options import About, Days, Measure, Replications, ScenarioFile, Set


@dataclass(frozen=True, slots=True)
class Missed:
    """What is missed, by whom, and the causes among which it is shared out."""

    measure: Measure = "in-time"
    about: About = None
    causes: Annotated[
        str | None,
        typer.Option(
            metavar="NAME,...",
            show_default="those that are there",
            help="Which causes: hold, ratifiers, control_room, response, reserve, teams, rank, "
            "writing; at most seven.",
        ),
    ] = None
    cause: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=FILE",
            show_default=False,
            help="A cause of your own: what differs in this scenario file is gone. May be given "
            "again.",
        ),
    ] = None

    @property
    def names(self) -> list[str] | None:
        """Those that the simulator defines, by name; None: all that are there."""
        if self.causes is None:
            return None
        return [one.strip() for one in self.causes.split(",") if one.strip()]


@edge()
@spread
def explain(
    scenario: ScenarioFile,
    levers: Set = None,
    *,
    missed: Missed,
    replications: Replications = 30,
    days: Days = 28,
    played: Played,
    given: Given,
    heard: Heard,
) -> None:
    """Say why targets are missed: every set of causes gone, on the same luck.

    Example: run_sim.py explain scenarios/dorset-2022.toml --measure over-10h
    """
    from sim.answers.explain.choosing import chosen, files_of
    from sim.answers.explain.explaining import STEPS
    from sim.answers.explain.explaining import explain as explained
    from sim.answers.headlines import headline
    from sim.api.answered import Answered

    log_to_standard_error(heard.verbose)
    loaded = load_all([scenario], levers)
    settings = played.settings(replications, days)
    files = files_of(missed.cause or ())
    cut = Asked(about=missed.about).cut(loaded)
    # Before the work, not after it.
    headline(missed.measure)
    chosen(loaded[0], missed.names, files)
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
                measure=missed.measure,
                cut=cut,
                causes=missed.names,
                files=files,
                command=command(),
                told=told,
            ),
            tuple(loaded),
        ),
        quiet=heard.quiet,
    )
