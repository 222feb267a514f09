"""The command size: the cheapest rota that reaches a target, or the best for the money."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.answers.frame import Given, command, give
from sim.cli.edge import edge, log_to_standard_error
from sim.cli.files import load_all
from sim.cli.groups import Heard, Played, spread
from sim.cli.options import Days, Replications, ScenarioFile, Set

if TYPE_CHECKING:
    from sim.answers.sizing.working import Question
    from sim.scenario.loading import Loaded


@dataclass(frozen=True, slots=True)
class Sought:
    """Which rota is looked for, and among which."""

    target: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT",
            show_default=False,
            help='What is to be reached: "arrived_within_target from graded >= 0.5", "waited_over '
            '60 <= 0.2 area bcp", "delay_mean <= 45 of priority grade 2".',
        ),
    ] = None
    vary: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH=RANGE",
            show_default=False,
            help="What may move: pools.NAME.shifts.NAME.people=9..20, .start=14:00,15:00, "
            ".end=22:00,02:00 or .hours=8,10. May be given again.",
        ),
    ] = None
    no_worse: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TEXT",
            show_default=False,
            help='What may not get worse than today: "delay_mean of priority grade 2 by 2". May be '
            "given again.",
        ),
    ] = None
    budget: Annotated[
        str | None,
        typer.Option(
            metavar="same|POUNDS",
            show_default=False,
            help="The best rota for today's money, or for so many pounds a week more.",
        ),
    ] = None
    confidence: Annotated[
        float | None,
        typer.Option(show_default="0.95", help="With which the answer has to hold."),
    ] = None
    designs: Annotated[int, typer.Option(min=1, help="Rotas that the search may judge.")] = 500

    def question(self, loaded: Loaded) -> Question:
        """What the search is asked.

        Raises
        ------
        sim.errors.InputError
            If something of it cannot be read, or does not go together.
        """
        from sim.answers.sizing.levers import levers_of
        from sim.answers.sizing.sizing import question_of

        return question_of(
            loaded,
            target=self.target,
            vary=levers_of(self.vary or ()),
            no_worse=self.no_worse,
            budget=self.budget,
            confidence=self.confidence,
            designs=self.designs,
        )


@edge()
@spread
def size(
    scenario: ScenarioFile,
    levers: Set = None,
    *,
    sought: Sought,
    write: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", show_default=False, help="Write the answer as a scenario file."
        ),
    ] = None,
    replications: Replications = 30,
    days: Days = 28,
    played: Played,
    given: Given,
    heard: Heard,
) -> None:
    """Find the cheapest rota that reaches a target, or the best for the money.

    Example: run_sim.py size scenarios/dorset-2022.toml --target "waited_over 60 <= 0.22"
    --vary pools.response_bcp.shifts.night.people=13..20
    """
    from sim.answers.sizing.sizing import STEPS
    from sim.api.rotas_asked import sized
    from sim.cli.answers.written import ensure_writable

    log_to_standard_error(heard.verbose)
    loaded = load_all([scenario], levers)
    settings = played.settings(replications, days)
    # Before the work, not after it.
    question = sought.question(loaded[0])
    ensure_writable(write, loaded[0], force=given.force)
    give(
        "size",
        loaded,
        settings,
        given,
        STEPS,
        lambda told: sized(
            loaded[0], question, settings, write=write, command=command(), told=told
        ),
        quiet=heard.quiet,
    )
