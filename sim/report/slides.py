"""Three slides to be edited: the finding with its curve, the table, and the causes with how sure.

Charts are the program's own, so that whoever shows them may change words, colours and numbers. The
package python-pptx is optional: it comes with the extra ``slides``.
"""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from textwrap import shorten
from typing import TYPE_CHECKING, Any, Final

from sim.errors import InputError
from sim.report.answer import answer
from sim.report.answer.question import STARTS
from sim.report.charts.palette import LIGHT
from sim.report.page.cards import cards
from sim.report.sections.words import capital
from sim.results import CHILDREN

if TYPE_CHECKING:
    from sim.report.answer import Answer
    from sim.report.sections import Table
    from sim.results import Document

_WIDTH: Final = 13.333
_HEIGHT: Final = 7.5
_MARGIN: Final = 0.6
_NAMES: Final = 3.4
_LAST_MINUTE: Final = 90
_MOST_LETTERS: Final = 60
_CREATED: Final = datetime(1980, 1, 1)
_TITLE_ONLY: Final = 5
_COLOURS: Final = {"better": "good", "worse": "bad"}


def ensure_package() -> None:
    """Refuse, before any work, slides that nothing can make.

    Raises
    ------
    InputError
        If python-pptx is not installed.
    """
    try:
        import pptx  # noqa: F401 (whether it is there)
    except ImportError:
        raise InputError(
            "slides need the package python-pptx, which is not installed",
            path="--slides",
            allowed="after: pip install 'missing-child-simulator[slides]'",
        ) from None


def slides(document: Document) -> bytes:
    """The three slides of a run or a comparison, as the bytes of a .pptx file.

    Raises
    ------
    InputError
        If python-pptx is not installed.
    """
    ensure_package()
    from pptx import Presentation
    from pptx.util import Inches

    found = answer(document)
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(_WIDTH), Inches(_HEIGHT)
    deck.core_properties.title = found.heading
    deck.core_properties.comments = CHILDREN
    deck.core_properties.created = deck.core_properties.modified = _CREATED
    deck.core_properties.author = "Missing-child operational risk simulator"
    _finding(_slide(deck, found.heading, document, found), document, found)
    _figures(_slide(deck, "The answer, side by side", document, found), found)
    missed = sum(one.in_100 for one in found.causes)
    title = (
        f"Why {missed} in 100 miss the target, and how sure it is" if missed else "How sure it is"
    )
    _sure(_slide(deck, title, document, found), found)
    stream = BytesIO()
    deck.save(stream)
    return stream.getvalue()


def _slide(deck: Any, title: str, document: Document, found: Answer) -> Any:  # noqa: ANN401
    """A slide with a title, whom it is about, and what it is not."""
    from pptx.util import Inches, Pt

    slide = deck.slides.add_slide(deck.slide_layouts[_TITLE_ONLY])
    shape = slide.shapes.title
    shape.left, shape.top = Inches(_MARGIN), Inches(0.3)
    shape.width, shape.height = Inches(_WIDTH - 2 * _MARGIN), Inches(1.0)
    shape.text_frame.word_wrap = True
    shape.text_frame.text = title
    paragraph = shape.text_frame.paragraphs[0]
    paragraph.font.size, paragraph.font.bold = Pt(28 if len(title) < 90 else 22), True
    whom = f"{capital(found.whom)}: {found.what}."
    counted = found.statement.removeprefix(document.context.statement or "").strip()
    _text(slide, [f"{whom} {counted}"], (_MARGIN, 1.25, _WIDTH - 2 * _MARGIN, 0.4), 14, "muted")
    said = " ".join(part for part in (document.context.statement, CHILDREN) if part)
    _text(slide, [said], (_MARGIN, 6.95, _WIDTH - 2 * _MARGIN, 0.4), 11, "muted")
    return slide


def _text(
    slide: Any,  # noqa: ANN401 (python-pptx publishes no types)
    paragraphs: list[str],
    place: tuple[float, float, float, float],
    size: int,
    colour: str = "ink",
) -> None:
    from pptx.util import Inches, Pt

    left, top, width, height = place
    box = slide.shapes.add_textbox(Inches(left), Inches(top), Inches(width), Inches(height))
    box.text_frame.word_wrap = True
    for number, words in enumerate(paragraphs):
        frame = box.text_frame
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.text = words
        paragraph.font.size, paragraph.font.color.rgb = Pt(size), _colour(colour)
        paragraph.space_after = Pt(6)


def _colour(name: str) -> Any:  # noqa: ANN401
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(LIGHT[name].removeprefix("#").upper())


def _finding(slide: Any, document: Document, found: Answer) -> None:  # noqa: ANN401
    """The curve as a chart, and the four figures beside it."""
    from pptx.chart.data import XyChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
    from pptx.util import Inches, Pt

    data = XyChartData(number_format="0%")
    drawn = 0
    for column in found.columns:
        part = document.scenario(column.name)
        points = [] if part is None else document.curve(part)
        if not points:
            continue
        series = data.add_series(
            shorten(f"{column.letter} {column.title}", _MOST_LETTERS, placeholder="…")
        )
        drawn += 1
        for point in points:
            if point.minute <= _LAST_MINUTE:
                series.add_data_point(point.minute, point.arrived.number)
    if drawn:
        kind = XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS
        frame = slide.shapes.add_chart(
            kind, Inches(_MARGIN), Inches(1.75), Inches(8.2), Inches(5.1), data
        )
        chart = frame.chart
        chart.has_title = False
        chart.has_legend = True
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
        chart.font.size = Pt(12)
        for axis, title in (
            (chart.category_axis, f"Minutes since {_since(document)}"),
            (chart.value_axis, "Share with an officer there"),
        ):
            axis.has_title = True
            axis.axis_title.text_frame.text = title
            axis.axis_title.text_frame.paragraphs[0].font.size = Pt(12)
        chart.category_axis.minimum_scale, chart.category_axis.maximum_scale = 0, _LAST_MINUTE
        chart.category_axis.has_major_gridlines = False
        chart.value_axis.minimum_scale, chart.value_axis.maximum_scale = 0, 1
        chart.value_axis.tick_labels.number_format_is_linked = False
        chart.value_axis.tick_labels.number_format = "0%"
        for place, series in enumerate(chart.plots[0].series):
            series.smooth = False
            series.format.line.width = Pt(2.5)
            series.format.line.color.rgb = _colour(f"series-{place % 6}")
    said = [
        f"{card.title}: {card.value}{f' ({card.note})' if card.note else ''}"
        for card in cards(document, found)
    ]
    _text(slide, said or list(found.finding), (9.1, 1.9, 3.6, 4.6), 16)


def _since(document: Document) -> str:
    """When the curve's minutes start."""
    return STARTS[document.context.starts if document.context.targets else "received"]


def _figures(slide: Any, found: Answer) -> None:  # noqa: ANN401
    """The answer's table, and what the letters and marks mean."""
    if found.table is None:
        _text(slide, list(found.finding), (_MARGIN, 1.9, 12.0, 4.0), 18)
        return
    _table(slide, found.table)
    told = "; ".join(f"{one.letter} {one.title}" for one in found.columns)
    _text(slide, [f"{told}. {found.key}".strip()], (_MARGIN, 6.35, 12.1, 0.6), 12, "muted")


def _table(slide: Any, table: Table) -> None:  # noqa: ANN401
    from pptx.util import Inches, Pt

    rows, columns = len(table.lines) + 1, len(table.columns) + 1
    height = min(4.4, 0.4 * rows)
    frame = slide.shapes.add_table(
        rows, columns, Inches(_MARGIN), Inches(1.8), Inches(_WIDTH - 2 * _MARGIN), Inches(height)
    )
    size = Pt(14 if rows <= 11 else 11)
    names = Inches(_NAMES)
    frame.table.columns[0].width = names
    for column in range(1, columns):
        rest = Inches(_WIDTH - 2 * _MARGIN) - names
        frame.table.columns[column].width = rest // (columns - 1)
    written = [["", *table.columns]]
    written += [
        [f"{'   ' if line.inset else ''}{line.label}", *(cell.text for cell in line.cells)]
        for line in table.lines
    ]
    for row, cells in enumerate(written):
        for column, text in enumerate(cells):
            cell = frame.table.cell(row, column)
            cell.text = "–" if text == "-" else text
            cell.margin_top = cell.margin_bottom = Inches(0.03)
            font = cell.text_frame.paragraphs[0].font
            font.size = size
            if row and column:
                emphasis = table.lines[row - 1].cells[column - 1].emphasis
                if emphasis in _COLOURS:
                    font.bold, font.color.rgb = True, _colour(_COLOURS[emphasis])


def _sure(slide: Any, found: Answer) -> None:  # noqa: ANN401
    """What the misses are made of as a chart, and how sure all of it is."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.util import Inches, Pt

    causes = [one for one in found.causes if one.in_100]
    left = _MARGIN
    if causes:
        data = CategoryChartData()
        # The first category of a bar chart stands at the bottom.
        data.categories = [f"{capital(one.said)} ({one.note})" for one in reversed(causes)]
        data.add_series("Reports in 100", [one.in_100 for one in reversed(causes)])
        kind = XL_CHART_TYPE.BAR_CLUSTERED
        frame = slide.shapes.add_chart(
            kind, Inches(_MARGIN), Inches(1.75), Inches(7.2), Inches(4.9), data
        )
        chart = frame.chart
        chart.has_title, chart.has_legend = False, False
        chart.font.size = Pt(13)
        chart.value_axis.visible, chart.value_axis.has_major_gridlines = False, False
        plot = chart.plots[0]
        plot.gap_width, plot.has_data_labels = 60, True
        plot.data_labels.font.size, plot.data_labels.font.bold = Pt(16), True
        plot.series[0].format.fill.solid()
        plot.series[0].format.fill.fore_color.rgb = _colour("series-1")
        left = 8.0
    sure = [one for one in found.paragraphs if one.name == "sure"]
    said = [sentence for one in sure for sentence in one.sentences]
    said.append(found.footing[0])
    _text(slide, said, (left, 1.9, _WIDTH - _MARGIN - left, 4.6), 16)
