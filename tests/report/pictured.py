"""Documents to be pictured: the made-up sample with its context, and small real studies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim import cli
from sim.results import (
    Background,
    Document,
    OnDuty,
    ScenarioFile,
    Sourced,
    Timeline,
    TimelineShift,
    TimelineSpan,
)
from sim.scenario.template import template
from tests.report.sample import SHARES, document


def background() -> Background:
    """What stands behind the sample."""
    return Background(
        scenarios=tuple(
            ScenarioFile(
                name=name, title=f"Title of {name}", about="What it asks.", sha256="0" * 64
            )
            for name in SHARES
        ),
        on_duty=tuple(
            OnDuty(
                scenario="dorset-2022",
                pool="response_bcp",
                role="response",
                area="bcp",
                hour=hour,
                value=9.8,
                low=8.0,
                high=12.0,
            )
            for hour in range(24)
        ),
        sources=(
            Sourced(
                scenario="dorset-2022",
                path="a.b",
                value="1.0",
                source="HMICFRS",
                year="2022",
                confidence="A",
            ),
            Sourced(
                scenario="dorset-2022",
                path="a.c",
                value="2.0",
                assumption="A guess.",
                low=1.0,
                high=3.0,
            ),
        ),
        timelines=(
            Timeline(
                key=7,
                title="missing-child report, grade 2, bcp, reported 4 April 2022",
                reported=1438.0,
                unattended_minutes=125.0,
                became="attended",
                spans=tuple(
                    TimelineSpan(
                        lane=lane,
                        waiting=waiting,
                        start=start,
                        end=end,
                        at=at,
                        until=until,
                        text=text,
                    )
                    for lane, waiting, start, end, at, until, text in (
                        ("Call", False, 0, 6, "Mon 23:58", "Tue 00:04", "call, 6 min"),
                        ("In the queue", True, 6, 110, "Tue 00:04", "01:48", "waits 104 min"),
                        ("Travel", False, 110, 125, "Tue 01:48", "02:03", "unit travels, 15 min"),
                    )
                ),
                shifts=(
                    TimelineShift(pool="response_bcp", start=0, end=62, units=9),
                    TimelineShift(pool="response_bcp", start=62, end=125, units=4),
                ),
            ),
        ),
        command=("run_sim.py", "compare", "scenarios/dorset-2022.toml"),
    )


def pictured(names: tuple[str, ...] = tuple(SHARES), **surroundings: Any) -> Document:
    """The sample's document with what stands behind it."""
    if len(names) == 1:
        surroundings = {"changes": {}, **surroundings}
    return document(names, **surroundings).model_copy(update={"background": background()})


def kept_comparison(folder: Path) -> Path:
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


def kept_document(folder: Path) -> Document:
    """The document of the kept study."""
    return Document.model_validate_json((folder / "kept" / "summary.json").read_bytes())
