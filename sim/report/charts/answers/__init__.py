"""Charts of the planner's questions, by kind of answer: one definition each, for page and files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from sim.report.charts.answers import explain, night, sensitivity, size
from sim.report.charts.common import Figure, in_lines, styled
from sim.report.charts.drawn import png_file, svg_file
from sim.report.charts.palette import PRINT
from sim.report.sections.answers import sheet_of

if TYPE_CHECKING:
    from sim.answers import AnswerDocument
    from sim.report.charts.palette import Palette

Chart: TypeAlias = "Callable[[Any, Palette], Figure | None]"
"""Draws one chart of an answer; None where it has nothing to show."""

CHARTS: Final[Mapping[str, Mapping[str, Chart]]] = {
    "explain": {"causes-of-misses": explain.causes},
    "night": {"night-by-hour": night.by_hour},
    "size": {"pounds-against-attendance": size.frontier},
    "sensitivity": {
        "tornado": sensitivity.tornado,
        "tornado-of-difference": sensitivity.tornado_of_difference,
    },
}
"""By kind of answer, each chart by its name, as sections name it."""

_TITLE_LETTERS: Final = 88


def answer_specifications(
    document: AnswerDocument, palette: Palette
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield name and Vega-Lite specification of every chart of an answer."""
    for name, chart in CHARTS.get(document.kind, {}).items():
        figure = chart(document, palette)
        if figure is not None:
            yield name, styled(figure, palette)


def answer_file_names(kind: str) -> list[str]:
    """Names of all files that `answer_chart_files` may write."""
    return [f"{name}.{ending}" for name in CHARTS.get(kind, {}) for ending in ("svg", "png")]


def answer_chart_files(document: AnswerDocument) -> Iterator[tuple[str, bytes]]:
    """Yield file name and content of every chart, as SVG and as PNG, in the light theme.

    A file stands alone, so each has its section's message over it.
    """
    sheet = sheet_of(document)
    said = {one.chart: one.heading for one in (*sheet.first, *sheet.further) if one.chart}
    for name, spec in answer_specifications(document, PRINT):
        if name in said:
            spec["title"] = {"text": in_lines(said[name], _TITLE_LETTERS), "fontSize": 14}
        svg = svg_file(spec)
        yield f"{name}.svg", svg.encode("utf-8")
        yield f"{name}.png", png_file(svg)
