"""A few small runs, and every text that each of them shows or writes.

Only commands are used, as a planner would type them, so that the inside may move.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final
from unittest.mock import patch

from sim import cli
from sim.scenario.template import template
from tests.report.sheets import Book

ROOT: Final = Path(__file__).parents[2]
SCENARIOS: Final = ROOT / "scenarios"
SCREENS: Final = {"80": (80, "utf-8"), "120": (120, "utf-8"), "ascii": (80, "ascii")}
"""Columns and encoding of standard output, by the name of the screen."""

_SIZE: Final = ("--days", "2", "--warm-up-days", "1", "--replications", "2", "--workers", "1")
_LONGER: Final = ("--days", "5", "--warm-up-days", "1", "--replications", "12", "--workers", "1")
_QUIET: Final = ("--engine", "reference", "--quiet")
_PLATFORM: Final = SimpleNamespace(
    **dict.fromkeys(("python_version", "system", "machine", "python_implementation"), lambda: "0")
)
_DIGITS: Final = re.compile(r"-?\d+\.\d{7,}(?:e-?\d+)?")

_OWN: Final = """\
format = 1
title = "A force of its own"
extends = "force.toml"
illustrative = false
[costs]
overtime_factor = 1.33
[streams.missing_child]
volume_per_year = 1100
"""
_HELD: Final = """\
format = 1
title = "Held, with two more at night"
extends = "{base}.toml"
[policy.gate]
deploy_on = "ratification"
share_held = 0.5
"""
_FEW: Final = """\
format = 1
title = "Hardly any children"
extends = "force.toml"
[streams.missing_child]
volume_per_year = 60
"""
_UNTARGETED: Final = """\
format = 1
title = "No target for priority work"
extends = "force.toml"
remove = ["targets.priority"]
"""


def texts(run: str, folder: Path) -> dict[str, str]:
    """All that a run shows, by the name of the part.

    Parameters
    ----------
    run
        One of `RUNS`.
    folder
        Empty; the run works in it.
    """
    with _working_in(folder):
        return {part: _plain(text) for part, text in RUNS[run]()}


def _study(
    words: list[str], size: tuple[str, ...] = _SIZE, *, charts: bool = True
) -> Iterator[tuple[str, str]]:
    """A study's console on each screen, and all that it writes; the page has most charts too."""
    words = [*words, *size, *_QUIET]
    for name, screen in SCREENS.items():
        if name == "80":
            kept = ["--output", "kept", "--html", "page.html"]
            kept += ["--charts", "charts"] if charts else []
            yield f"console-{name}.txt", _printed([*words, *kept], *screen)
        else:
            yield f"console-{name}.txt", _printed(words, *screen)
    document = json.loads(Path("kept/summary.json").read_text(encoding="utf-8"))
    yield "document.json", json.dumps(_lasting(document), indent=1)
    yield "page.html", Path("page.html").read_text(encoding="utf-8")
    yield "summary.csv", Path("kept/summary.csv").read_text(encoding="utf-8-sig")
    yield "workbook.csv", _cells(Path("kept/summary.xlsx").read_bytes())
    yield "events.csv", Path("kept/events.csv").read_text(encoding="utf-8-sig")
    sheet = Path("kept/stress-des.md").read_text(encoding="utf-8")
    yield "stress-des.md", re.sub(r"[\d.]+ seconds", "SECONDS", sheet)
    for chart in sorted(Path("charts").glob("*.svg")):
        yield f"charts-{chart.name}", chart.read_text(encoding="utf-8")
    _printed(["report", "kept", "--html", "again.html"], 80, "utf-8")
    again = Path("again.html").read_text(encoding="utf-8")
    if again != Path("page.html").read_text(encoding="utf-8"):
        yield "page-again.html", again


def _one() -> Iterator[tuple[str, str]]:
    yield from _study(["run", str(SCENARIOS / "dorset-2022.toml")])


def _three() -> Iterator[tuple[str, str]]:
    names = ("dorset-2022", "deploy-at-grading", "hold-for-ratification")
    yield from _study(["compare", *(str(SCENARIOS / f"{name}.toml") for name in names)])


def _own() -> Iterator[tuple[str, str]]:
    _write(force=template(), own=_OWN, held=_HELD.format(base="own"))
    yield from _study(["compare", "own.toml", "held.toml"], _LONGER)


def _few() -> Iterator[tuple[str, str]]:
    _write(force=template(), few=_FEW, held=_HELD.format(base="few"))
    yield from _study(["compare", "few.toml", "held.toml"], charts=False)


def _untargeted() -> Iterator[tuple[str, str]]:
    _write(force=template(), untargeted=_UNTARGETED)
    yield from _study(["run", "untargeted.toml"], charts=False)


def _case() -> Iterator[tuple[str, str]]:
    """What is told of single incidents and children, and the sheet of the model."""
    case = str(SCENARIOS / "cases" / "missing-child-thirty-minutes.toml")
    size = ["--days", "3", "--warm-up-days", "1", "--engine", "reference"]
    for name, screen in SCREENS.items():
        yield f"trace-{name}.txt", _printed(["trace", case, *size], *screen)
    for name, words in (
        ("worst", ["--incident", "worst"]),
        ("list", ["--list"]),
        ("children", ["--list-children"]),
    ):
        yield f"trace-{name}.txt", _printed(["trace", case, *size, *words], 80, "utf-8")
    listed = _printed(["trace", case, *size, "--list-children", "--json"], 80, "utf-8")
    yield "children.json", listed
    child = json.loads(listed)["rows"][0]["name"]
    yield "trace-child.txt", _printed(["trace", case, *size, "--child", child], 80, "utf-8")
    waits = _printed(["trace", case, *size, "--list", "--json"], 80, "utf-8")
    yield "waits.json", waits
    yield "stress.md", _printed(["stress", case, *size[:4]], 80, "utf-8")


def _log() -> Iterator[tuple[str, str]]:
    """What is told of a log."""
    _write(force=template())
    mapping = str(SCENARIOS / "mappings" / "uk-command-and-control.toml")
    _printed(["sample-log", "force.toml", "--out", "log.csv", "--days", "14"], 80, "utf-8")
    log = ["log.csv", "--mapping", mapping]
    played = [*log, "--scenario", "force.toml", "--replications", "2", "--engine", "reference"]
    for command, words in (("diagnose", log), ("replay", played)):
        for name, screen in SCREENS.items():
            page = ["--html", f"{command}.html"] if name == "80" else []
            yield f"{command}-{name}.txt", _printed([command, *words, *page], *screen)
        yield f"{command}.html", Path(f"{command}.html").read_text(encoding="utf-8")


RUNS: Final[Mapping[str, Callable[[], Iterator[tuple[str, str]]]]] = {
    "one": _one,
    "three": _three,
    "own": _own,
    "few": _few,
    "untargeted": _untargeted,
    "case": _case,
    "log": _log,
}


@contextmanager
def _working_in(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        with (
            patch("sim.provenance.version", lambda _: "0"),
            patch("sim.provenance.platform", _PLATFORM),
            patch("sim.__version__", "0"),
        ):
            yield
    finally:
        os.chdir(before)


def _printed(words: list[str], columns: int, encoding: str) -> str:
    """Standard output of a command that ends well, on a screen of this width and alphabet."""
    out = io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="\n")
    with (
        patch.dict(os.environ, {"COLUMNS": str(columns), "LINES": "40"}),
        patch.object(sys, "stdout", out),
        patch.object(sys, "stderr", io.StringIO()) as said,
        patch.object(sys, "argv", ["run_sim.py", *words]),
    ):
        status = cli.main(words)
        if status:
            raise AssertionError(f"{' '.join(words)}: exit status {status}\n{said.getvalue()}")
        out.flush()
        return out.buffer.getvalue().decode(encoding)


def _write(**files: str) -> None:
    for name, text in files.items():
        Path(f"{name}.toml").write_text(text, encoding="utf-8")


def _lasting(document: dict[str, Any]) -> dict[str, Any]:
    """A document less what depends on how and where it was run."""
    run = {
        key: value
        for key, value in document["run"].items()
        if key not in {"engine", "seconds", "versions"}
    }
    behind = {key: value for key, value in document["background"].items() if key != "command"}
    return {**document, "run": run, "background": behind}


def _cells(workbook: bytes) -> str:
    """The cells of each sheet with their number formats, but for how long the run took."""
    book = Book(workbook)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for name, rows in book.sheets.items():
        writer.writerow([f"[{name}]"])
        for row, formats in zip(rows, book.formats[name], strict=True):
            if row[:1] != ["seconds"]:
                writer.writerow(row)
                writer.writerow(formats)
    return text.getvalue()


def _plain(text: str) -> str:
    """The text without the machine's folder and without the last digits of long numbers."""
    text = text.replace(str(ROOT), "ROOT")
    return _DIGITS.sub(lambda found: f"{float(found[0]):.6g}", text)
