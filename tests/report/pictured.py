"""Documents to be pictured: the made-up sample with its context, and small real studies."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from sim import cli
from sim.report.background import Background, OnDuty, Scene, Sourced, as_data
from sim.report.timelines import Shift, Span, Timeline
from sim.scenario.template import template
from tests.report.sample import SHARES, context, document


def background() -> Background:
    """What stands behind the sample."""
    return Background(
        scenes=[Scene(name, f"Title of {name}", "What it asks.", "0" * 64) for name in SHARES],
        on_duty=[
            OnDuty("dorset-2022", "response_bcp", "response", "bcp", hour, 9.8, 8.0, 12.0)
            for hour in range(24)
        ],
        sources=[
            Sourced("dorset-2022", "a.b", "1.0", "HMICFRS", None, "2022", "A", None, None),
            Sourced("dorset-2022", "a.c", "2.0", None, "A guess.", None, None, 1.0, 3.0),
        ],
        timelines=[
            Timeline(
                key=7,
                title="missing-child report, grade 2, bcp, reported 4 April 2022",
                reported=1438.0,
                unattended_minutes=125.0,
                became="attended",
                spans=[
                    Span("Call", False, 0, 6, "Mon 23:58", "Tue 00:04", "call, 6 min"),
                    Span("No unit free", True, 6, 110, "Tue 00:04", "01:48", "waits 104 min"),
                    Span("Travel", False, 110, 125, "Tue 01:48", "02:03", "unit travels, 15 min"),
                ],
                shifts=[Shift("response_bcp", 0, 62, 9), Shift("response_bcp", 62, 125, 4)],
            )
        ],
        command=["run_sim.py", "compare", "scenarios/dorset-2022.toml"],
    )


def pictured(names: tuple[str, ...] = tuple(SHARES)) -> dict[str, Any]:
    """The sample's document with its context."""
    made = document(names)
    made["context"] = as_data(context(), background())
    if len(names) == 1:
        made["context"]["changes"] = {}
    return made


@cache
def compared(folder: Path) -> Path:
    """A folder in which a small study was compared and kept as ``kept``, with its page beside it.

    The page is ``page.html``; force.toml and held.toml were compared.
    """
    (folder / "force.toml").write_text(template(), encoding="utf-8")
    (folder / "held.toml").write_text(
        'format = 1\ntitle = "Held"\nextends = "force.toml"\n'
        '[policy.gate]\ndeploy_on = "ratification"\n',
        encoding="utf-8",
    )
    words = ["compare", str(folder / "force.toml"), str(folder / "held.toml")]
    words += ["--days", "4", "--warm-up-days", "1", "--replications", "3", "--workers", "1"]
    words += ["--output", str(folder / "kept"), "--html", str(folder / "page.html")]
    words += ["--quiet", "--json"]
    assert cli.main(words) == 0
    return folder


def kept_document(folder: Path) -> dict[str, Any]:
    """The document of the kept study."""
    found: dict[str, Any] = json.loads((folder / "kept" / "summary.json").read_text("utf-8"))
    return found
