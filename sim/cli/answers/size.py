"""The command size: the cheapest rota that reaches a target, or the best for the money."""

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
def size(  # noqa: PLR0913, PLR0917 (an option each)
    scenario: ScenarioFile,
    levers: Set = None,
    target: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT",
            show_default=False,
            help='What is to be reached: "arrived_within_target from graded >= 0.5", "waited_over '
            '60 <= 0.2 area bcp", "delay_mean <= 45 of priority grade 2".',
        ),
    ] = None,
    vary: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH=RANGE",
            show_default=False,
            help="What may move: pools.NAME.shifts.NAME.people=9..20, .start=14:00,15:00, "
            ".end=22:00,02:00 or .hours=8,10. May be given again.",
        ),
    ] = None,
    no_worse: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TEXT",
            show_default=False,
            help='What may not get worse than today: "delay_mean of priority grade 2 by 2". May be '
            "given again.",
        ),
    ] = None,
    budget: Annotated[
        str | None,
        typer.Option(
            metavar="same|POUNDS",
            show_default=False,
            help="The best rota for today's money, or for so many pounds a week more.",
        ),
    ] = None,
    confidence: Annotated[
        float | None,
        typer.Option(show_default="0.95", help="With which the answer has to hold."),
    ] = None,
    designs: Annotated[int, typer.Option(min=1, help="Rotas that the search may judge.")] = 500,
    write: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", show_default=False, help="Write the answer as a scenario file."
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
    """Find the cheapest rota that reaches a target, or the best for the money.

    Example: run_sim.py size scenarios/dorset-2022.toml --target "waited_over 60 <= 0.22"
    --vary pools.response_bcp.shifts.night.people=13..20
    """
    from sim.answers.sizing.sizing import STEPS, question_of
    from sim.api.rotas_asked import sized
    from sim.cli.answers.written import ensure_writable
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
    # Before the work, not after it.
    question = question_of(
        loaded[0],
        target=target,
        vary=_levers(vary or ()),
        no_worse=no_worse,
        budget=budget,
        confidence=confidence,
        designs=designs,
    )
    ensure_writable(write, loaded[0], force=force)
    give(
        "size",
        loaded,
        settings,
        given,
        STEPS,
        lambda told: sized(
            loaded[0], question, settings, write=write, command=command(), told=told
        ),
    )


def _levers(words: list[str] | tuple[str, ...]) -> dict[str, object]:
    from sim.errors import InputError

    found: dict[str, object] = {}
    for word in words:
        path, equals, values = (part.strip() for part in word.partition("="))
        if not equals or not path or not values or path in found:
            raise InputError(
                "this names a lever twice" if path in found else "this says not what may move",
                path="--vary",
                found=word,
                allowed="pools.NAME.shifts.NAME.people=9..20",
            )
        found[path] = values
    return found
