"""Slides: three, to be edited, with charts that hold the rows' own numbers."""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pptx import Presentation
from pptx.chart.chart import Chart

from sim import cli
from sim.report.answer import answer
from sim.report.slides import slides
from sim.results import CHILDREN
from sim.scenario.template import template
from tests.report.pictured import pictured
from tests.report.sample import with_rows


def deck(**changes: Any) -> list[Any]:
    """The sample's slides, read."""
    return list(Presentation(BytesIO(slides(pictured(**changes)))).slides)


def chart_of(slide: Any) -> Chart:
    """The one chart of a slide."""
    charts: list[Chart] = [shape.chart for shape in slide.shapes if shape.has_chart]
    assert len(charts) == 1
    return charts[0]


def words_of(slide: Any) -> str:
    """Every word outside charts and tables."""
    return " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def test_the_finding_heads_three_slides() -> None:
    """Finding, table, and how sure; on each what it is not."""
    found = deck()
    assert len(found) == 3
    assert found[0].shapes.title.text_frame.text == answer(pictured()).heading
    assert all(CHILDREN in words_of(slide) for slide in found)
    (sure,) = (one for one in answer(pictured()).paragraphs if one.name == "sure")
    assert sure.sentences[0] in words_of(found[2])


def test_the_curve_is_a_chart_of_the_rows() -> None:
    """A series for each scenario with every point up to an hour and a half."""
    made = pictured()
    plot = chart_of(deck()[0]).plots[0]
    assert len(plot.series) == len(made.names)
    for part, series in zip(made.scenarios, plot.series, strict=True):
        rows = [point.arrived.value for point in made.curve(part) if point.minute <= 90]
        assert list(series.values) == pytest.approx(rows)


def test_the_table_is_the_answer_s() -> None:
    """Each line's label and cells, as the console has them."""
    (table,) = [shape.table for shape in deck()[1].shapes if shape.has_table]
    found = answer(pictured()).table
    assert found is not None
    for row, line in enumerate(found.lines, 1):
        cells = [table.cell(row, column).text for column in range(len(line.cells) + 1)]
        assert cells == [
            f"{'   ' if line.inset else ''}{line.label}",
            *("–" if cell.text == "-" else cell.text for cell in line.cells),
        ]


def test_the_causes_are_a_chart_that_adds_up() -> None:
    """Bars of whole reports, together those that miss."""
    made = answer(pictured())
    (series,) = chart_of(deck()[2]).plots[0].series
    assert sum(series.values) == sum(one.in_100 for one in made.causes) > 0


def test_a_study_without_reports_has_slides() -> None:
    """No chart, and a sentence in place of the table's figures."""
    made = with_rows(pictured(("dorset-2022",), staffing=()), "dorset-2022", ())
    found = list(Presentation(BytesIO(slides(made))).slides)
    assert len(found) == 3
    assert not [shape for slide in found for shape in slide.shapes if shape.has_chart]
    assert answer(made).finding[0] in words_of(found[1])


def test_a_missing_package_is_said_before_anything_is_simulated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence, status 2, and nothing written."""
    monkeypatch.setitem(sys.modules, "pptx", None)
    file = tmp_path / "force.toml"
    file.write_text(template(), encoding="utf-8")
    words = ["run", str(file), "--slides", str(tmp_path / "deck.pptx"), "--quiet"]
    assert cli.main(words) == 2
    told = capsys.readouterr().err
    assert "--slides: slides need the package python-pptx, which is not installed" in told
    assert [one.name for one in tmp_path.iterdir()] == ["force.toml"]
