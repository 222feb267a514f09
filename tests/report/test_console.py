"""Pictures in characters, colour and odd titles: what a terminal gets beside words and tables."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import Any

import pytest
from rich.console import Console

from sim.report.console import Wanted, shown
from sim.results import Document, Sweep, SweepPoint
from tests.report.planted import Plant, filled, planted

TODAY = Plant("today", "Dorset, spring 2022 (illustrative)")
BETTER = Plant("better", "Teams until 02:00", 0.223, (0.023, 0.006), 0.21, (-0.053, 0.012))


def read(
    made: Document, *show: str, width: int = 80, ascii_only: bool = False, terminal: bool = False
) -> str:
    """The text that a terminal of this width would show of named sections, or of all."""
    file = io.StringIO()
    console = Console(
        file=file,
        width=width,
        force_terminal=terminal,
        highlight=False,
        color_system="truecolor" if terminal else None,
    )
    wanted = Wanted(show=show) if show else Wanted(full=True)
    console.print(shown(made, wanted, width=width, ascii_only=ascii_only))
    return file.getvalue()


def study(*plants: Plant, **context: Any) -> Document:
    """A run or a comparison with rows for every section."""
    return filled(planted(*(plants or (TODAY,)), **context))


def test_no_color_leaves_no_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    """With NO_COLOR a terminal gets no colour codes, and the text tells all the same."""
    coloured = read(study(TODAY, BETTER), terminal=True)
    monkeypatch.setenv("NO_COLOR", "1")
    plain = read(study(TODAY, BETTER), terminal=True)
    colour = re.compile(r"\x1b\[[0-9;]*3[0-7][0-9;]*m")
    assert colour.search(coloured)
    assert not colour.search(plain)
    without_codes = re.sub(r"\x1b\[[0-9;]*m", "", plain)
    assert without_codes == re.sub(r"\x1b\[[0-9;]*m", "", coloured)


def test_ascii_means_ascii() -> None:
    """No character outside ASCII, whatever a scenario is called; pounds are GBP."""
    text = read(study(replace(TODAY, title="café–night")), ascii_only=True)
    assert text.isascii()
    assert "cafe-night" in text
    assert re.search(r"Cost a week +GBP 498,210", text)
    assert "20% (19-21)" in text


def test_a_title_cannot_steer_the_terminal() -> None:
    """Control characters of a title are not passed on."""
    text = read(study(replace(TODAY, title="Odd\x1b[2J title\r\n\tof two lines")))
    assert "\x1b" not in text
    assert "\r" not in text


def test_the_target_is_marked_in_the_curve() -> None:
    """All rows of the picture carry the mark in one column, over the target's label."""
    lines = read(study(), "attendance", ascii_only=True).splitlines()
    top = next(i for i, line in enumerate(lines) if line.startswith(" 100% "))
    column = lines[top].index("|")
    assert [line[column] for line in lines[top : top + 4]] == ["|"] * 4
    assert lines[top + 4][column : column + 2] == "20"


def test_the_curve_rises_with_the_share_attended() -> None:
    """At the end the picture of 84 % attended fills three rows and a third of the fourth."""
    lines = read(study(), "attendance", ascii_only=True).splitlines()
    top = next(i for i, line in enumerate(lines) if line.startswith(" 100% "))
    last = [line[-1] for line in lines[top : top + 4] if len(line) == len(lines[top + 3])]
    # 0.84 of four rows is 3.36: three full ones, and 0.36 of the fourth is over one third.
    assert last == [".", "#", "#", "#"]


def test_stage_bars_are_made_of_letters() -> None:
    """Bars carry their legend's letters in the proportion of the means."""
    lines = read(study(), "stages", ascii_only=True).splitlines()
    bar = next(line.strip() for line in lines if re.fullmatch(r"\s+C+G+Q+D+T+", line))
    # Of 59.7 minutes 13 pass in grading and hold, and 29 in the queue.
    assert bar.count("G") / len(bar) == pytest.approx(13.0 / 59.7, abs=0.02)
    assert bar.count("Q") / len(bar) == pytest.approx(29.0 / 59.7, abs=0.02)


def test_hours_of_few_reports_are_not_shaded() -> None:
    """Hours with under 30 reports get the mark of too few, the others a shade."""
    text = read(study(), "hour-of-week", ascii_only=True)
    monday = next(line for line in text.splitlines() if line.startswith("Mon "))
    # The sample has 12 reports in each hour before 06:00; from then on 76 in 100 are late.
    assert monday.split() == ["Mon", "." * 6 + "#" * 18]


def test_who_is_busy_is_given_by_pool_and_hour() -> None:
    """Each pool has its share of time in work, its overtime and a strip over the day."""
    text = read(study(), "people")
    assert re.search(r"response bcp +68% \(67–69\)", text)
    assert re.search(r"response bcp +6{24}", text)
    assert re.search(r"response bcp +204 \(195–213\)", text)
    assert re.search(r"mash supervisor +not simulated", text)


@pytest.mark.parametrize(("own", "marked"), [(0.5, "50"), (None, None)])
def test_the_share_held_is_a_bar_for_each(own: float | None, marked: str | None) -> None:
    """Bars shrink from none held to all, and the scenario's own is marked."""
    points = tuple(
        SweepPoint(share=held / 4, value=0.4 - held / 10, low=0.0, high=0.5, n=900)
        for held in range(5)
    )
    made = study(sweeps=(Sweep(title="Dorset", points=points, own=own),))
    lines = [
        line for line in read(made, "share-held").splitlines() if re.match(r" +\d+% held", line)
    ]
    lengths = [line.count("█") for line in lines]
    assert lengths == sorted(lengths, reverse=True)
    found = [line.split("%")[0].strip() for line in lines if line.endswith("<")]
    assert found == ([marked] if marked else [])


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("others", [1, 3, 7])
def test_tables_fit_with_titles_whatever_is_compared(width: int, others: int) -> None:
    """Long names of many scenarios are broken, never cut, and no line runs over."""
    variants = [
        replace(BETTER, name=f"v{place}", title=f"Second night supervisor and dispatcher {place}")
        for place in range(others)
    ]
    text = read(study(TODAY, *variants), width=width)
    assert max(len(line) for line in text.splitlines()) <= width
    assert "…" not in text
