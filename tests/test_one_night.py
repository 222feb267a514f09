"""docs/one-night.md tells what the trace tells, of what was drawn, by rules that there are."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from sim.scenario.loading import load
from sim.study.settings import Settings
from sim.study.worlds import World, one_world

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = (ROOT / "docs" / "one-night.md").read_text(encoding="utf-8")
MODEL: Final = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
REFERENCE: Final = ROOT / "sim" / "engines" / "reference"
ENGINE: Final = (REFERENCE / "__init__.py").read_text(encoding="utf-8")


def cells(columns: int) -> Iterator[list[str]]:
    """The rows of the page's tables with so many columns, but for their heads."""
    for line in PAGE.splitlines():
        row = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and len(row) == columns and row[0] not in {"when", "column"}:
            yield row


@cache
def told(columns: int) -> str:
    """What the page's own command prints on a screen so many columns wide."""
    found = re.search(r"^\.venv/bin/python (run_sim\.py trace .+)$", PAGE, re.MULTILINE)
    assert found is not None
    done = subprocess.run(
        [sys.executable, *found[1].split()],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": str(columns), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout


@pytest.fixture(scope="module")
def world() -> World:
    """The replication in which the night is."""
    return one_world(load(ROOT / "scenarios" / "dorset-2022.toml"), Settings(), 1)


def test_every_step_is_a_line_of_the_trace() -> None:
    """Clock and words, as they are printed."""
    lines = told(400).splitlines()
    steps = [f"{when}  {words}" for when, words, _, _ in cells(4)]
    assert len(steps) > 30
    assert [one for one in steps if not any(line.startswith(one) for line in lines)] == []


def test_the_timeline_is_the_trace_s_own() -> None:
    """At eighty columns."""
    shown = re.search(r"```text\n(.+?)```", PAGE, re.DOTALL)
    assert shown is not None
    assert shown[1].count("\n") > 5
    assert shown[1] in "\n".join(line.rstrip() for line in told(80).splitlines())


def test_every_rule_that_is_cited_is_there_with_its_letter() -> None:
    """A rule that is renumbered, or parted anew, is found here."""
    parted = re.split(r"^(\d+\.\d+) ", MODEL, flags=re.MULTILINE)
    rules = dict(zip(parted[1::2], parted[2::2], strict=True))
    cited = [rule for _, _, cited, _ in cells(4) for rule in cited.split(", ")]
    assert len(set(cited)) > 30
    for rule in cited:
        number, letter = re.fullmatch(r"(\d+\.\d+)([a-z]?)", rule).groups()  # type: ignore[union-attr]
        assert number in rules
        assert not letter or f"- **{letter}.** " in rules[number], rule


def test_what_was_drawn_is_what_the_tables_hold(world: World) -> None:
    """Each number of the first table, of lines of enquiry the first three."""
    key = int(re.search(r"^Full key (\d+)$", told(80), re.MULTILINE)[1])  # type: ignore[index]
    rows = list(cells(3))
    assert len(rows) > 15
    for column, numbers, _ in rows:
        table, name = column.strip("`").split(".")
        drawn = getattr(world, table)
        own = drawn[name][drawn["key"] == key].tolist()
        expected = [int(number) for number in numbers.split(", ")]
        assert own[: len(expected)] == expected, column


def test_a_report_until_officers_leave_is_an_hour_s_reading() -> None:
    """Sections 1 to 9, rules that are off and tables passed over, and the engine's seven files.

    At 250 words and 25 lines a minute. What is added there makes it longer: a rule that is off
    goes into a file of its own.
    """
    sections = re.split(r"^## ", MODEL, flags=re.MULTILINE)[1:10]
    off = passed_over()
    assert off
    words = 0
    for paragraph in "\n\n".join(sections).split("\n\n"):
        number = re.match(r"\d+\.\d+", paragraph)
        if not paragraph.startswith("|") and (number is None or number[0] not in off):
            words += len(paragraph.split())
    files = re.findall(r"^\d\. `(\w+)`", ENGINE, re.MULTILINE)[:7]
    lines = sum(
        bool(line.strip())
        for name in files
        for line in (REFERENCE / f"{name}.py").read_text(encoding="utf-8").splitlines()
    )
    assert len(files) == 7
    assert words / 250 + lines / 25 < 60


def passed_over() -> set[str]:
    """The rules that are off, as the model names them: "Rules 4.4 to 4.6 are off"."""
    found = re.findall(
        r"^Rules? (\d+)\.(\d+)(?: to \d+\.(\d+))? (?:is|are) off", MODEL, re.MULTILINE
    )
    return {
        f"{section}.{number}"
        for section, first, last in found
        for number in range(int(first), int(last or first) + 1)
    }
