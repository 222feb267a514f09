"""Options and arguments that several commands share."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import typer

EngineName: TypeAlias = Literal["reference", "compiled", "auto"]
ScenarioFile: TypeAlias = Annotated[
    Path, typer.Argument(metavar="SCENARIO", help="Scenario file (TOML).", show_default=False)
]
Set: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        show_default=False,
        help="Set a value over the file's, such as pools.NAME.shifts.NAME.people=18, =+3 or =-10%. "
        "May be given again.",
    ),
]
Replications: TypeAlias = Annotated[
    int, typer.Option(min=1, help="Times that the measured days are simulated anew.")
]
Days: TypeAlias = Annotated[int, typer.Option(min=1, help="Measured days.")]
WarmUpDays: TypeAlias = Annotated[
    int, typer.Option(min=0, help="Days simulated before the measured ones.")
]
Seed: TypeAlias = Annotated[int, typer.Option(min=0, help="The luck: the same seed, the same.")]
Precision: TypeAlias = Annotated[
    float | None,
    typer.Option(
        min=0.0001,
        max=0.5,
        show_default=False,
        help="Stop once the headline is known to this half-width (0.02: 2 percentage points); "
        "--replications is then the fewest that are made.",
    ),
]
Workers: TypeAlias = Annotated[
    int, typer.Option(min=0, help="Processes; 0: one for each processor. Never changes a number.")
]
Cluster: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        show_default=False,
        help="Use the workers of the dask scheduler at this address (tcp://host:8786; needs the "
        "extra cluster). Never changes a number either.",
    ),
]
TlsCaFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        show_default=False,
        help="With --cluster tls://…: certificates of those that are believed (PEM).",
    ),
]
TlsCert: TypeAlias = Annotated[
    Path | None,
    typer.Option(metavar="FILE", show_default=False, help="This computer's own certificate (PEM)."),
]
TlsKey: TypeAlias = Annotated[
    Path | None,
    typer.Option(metavar="FILE", show_default=False, help="The key that belongs to it (PEM)."),
]
Engine: TypeAlias = Annotated[
    EngineName,
    typer.Option(help="Engine; all give the same numbers. auto: the one that is done sooner."),
]
Output: TypeAlias = Annotated[
    Path | None,
    typer.Option(metavar="DIR", show_default=False, help="Keep tables and figures in this folder."),
]
Html: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", show_default=False, help="Write the page for a meeting: one HTML file."
    ),
]
OnePage: TypeAlias = Annotated[
    bool,
    typer.Option("--one-page", help="Write the page's first screen alone, one sheet of A4."),
]
Slides: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        show_default=False,
        help="Write three slides to be edited: one .pptx file (needs the extra slides).",
    ),
]
LogPage: TypeAlias = Annotated[
    Path | None,
    typer.Option(metavar="FILE", show_default=False, help="Write it as a page too: one HTML file."),
]
Charts: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR", show_default=False, help="Write the charts into this folder, PNG and SVG."
    ),
]
Full: TypeAlias = Annotated[
    bool, typer.Option("--full", help="Print every section after the first screen.")
]
Show: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--show",
        metavar="NAME,...",
        show_default=False,
        help="Print these sections in place of the first screen, such as delays,people.",
    ),
]
About: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--about",
        metavar="CUT=VALUE,...",
        show_default=False,
        help="Whose delays the answer is about, such as risk=high,care=yes; cuts are stream, "
        "grade, risk, care, area and hours.",
    ),
]
Measure: TypeAlias = Annotated[
    str,
    typer.Option(
        metavar="NAME",
        help="Which figure: in-time, in-time-from-grading, over-1h, over-10h, unattended or "
        "child-seen.",
    ),
]
NoUnknowns: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--no-unknowns",
        help="Leave out the range of what is not known, which takes as long as the replications.",
    ),
]
Explained: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--explain",
        help="Share the baseline's misses out among causes, as explain does, in place of an "
        "estimate; takes some minutes.",
    ),
]
AsJson: TypeAlias = Annotated[
    bool, typer.Option("--json", help="Print one JSON document and nothing else.")
]
Quiet: TypeAlias = Annotated[
    bool, typer.Option("--quiet", help="No progress and no warnings on standard error.")
]
Verbose: TypeAlias = Annotated[
    bool, typer.Option("--verbose", help="Say on standard error what is being done.")
]
Force: TypeAlias = Annotated[
    bool, typer.Option("--force", help="Replace what exists; without it nothing is overwritten.")
]
Fresh: TypeAlias = Annotated[
    bool,
    typer.Option("--fresh", help="Begin anew, also where a study that is kept could go on."),
]
LogFile: TypeAlias = Annotated[
    Path,
    typer.Argument(
        metavar="LOG", help="Export of a command-and-control system (CSV, Parquet).",
        show_default=False,
    ),
]  # fmt: skip
MappingFile: TypeAlias = Annotated[
    Path,
    typer.Option(
        "--mapping", metavar="FILE", help="What the log's columns hold (TOML); see new --mapping.",
        show_default=False,
    ),
]  # fmt: skip
CasesFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--cases", metavar="FILE", show_default=False,
        help="Missing-person records to join on the log's number (COMPACT, Niche; CSV, Parquet).",
    ),
]  # fmt: skip
CasesMapping: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--cases-mapping", metavar="FILE", show_default=False,
        help="What their columns hold (TOML); see scenarios/mappings/cases.",
    ),
]  # fmt: skip
FirstDay: TypeAlias = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"], help="First day of receipt; the log's where absent.",
        show_default=False,
    ),
]  # fmt: skip
LastDay: TypeAlias = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"], help="Last day of receipt; the log's where absent.",
        show_default=False,
    ),
]  # fmt: skip
