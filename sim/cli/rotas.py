"""The command that makes rotas of a force's own duties."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.edge import edge, hold, log_to_standard_error
from sim.cli.files import ensure_new
from sim.cli.options import AsJson, Force, Verbose
from sim.cli.printing import print_drawn, print_lines, write_json
from sim.errors import OutputError
from sim.places import write_whole


@edge(records=True)
def rota(
    export: Annotated[
        Path,
        typer.Argument(
            metavar="EXPORT",
            help="A row for each officer's duty (CSV, Parquet or a workbook).",
            show_default=False,
        ),
    ],
    mapping: Annotated[
        Path,
        typer.Option(
            metavar="FILE",
            help="What its columns hold (TOML); see scenarios/mappings/duties/uk-like.toml.",
            show_default=False,
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Folder for a rota file of each pool, and the lines that a scenario needs.",
            show_default=False,
        ),
    ] = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
    force: Force = False,
) -> None:
    """Make the rota of each pool from a force's own duties, and measure who is away.

    Example: run_sim.py rota duties.xlsx --mapping duties.toml --out rotas
    """
    from sim.force_log import duties
    from sim.force_log.duties.writing import SNIPPET, rota_csv, scenario_lines
    from sim.report.log.rotas import rotas_summary

    log_to_standard_error(verbose)
    if out is not None and out.exists() and not out.is_dir():
        raise OutputError("this is a file; a folder is asked for", out, "Name another place.")
    hold(out)
    loaded = duties.load_duty_mapping(mapping)
    files: dict[Path, str] = {}
    if out is not None:
        pools = sorted({pool for pool in loaded.mapping.roles.values() if pool})
        for name in (*(f"{pool}.csv" for pool in pools), SNIPPET):
            if out.is_dir():
                ensure_new(out / name, force=force)
    found = duties.rotas_of(duties.read_duties(export, loaded), loaded.mapping.title)
    if out is not None:
        files = {out / f"{one.pool}.csv": rota_csv(one) for one in found.pools}
        files[out / SNIPPET] = scenario_lines(found)
        out.mkdir(parents=True, exist_ok=True)
        for file, text in files.items():
            write_whole(file, text)
    if as_json:
        write_json(found.as_dict())
        return
    print_drawn(lambda width, ascii_only: rotas_summary(found, width=width, ascii_only=ascii_only))
    if out is not None:
        names = ", ".join(file.name for file in files)
        told = (
            f"In {out.as_posix()}: {names}. {SNIPPET} holds what a scenario beside them says to "
            "take these rotas; fit --rota takes the folder."
        )
        print_lines(["", told])
