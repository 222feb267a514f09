"""Pictures of a study: one definition each, for the page and for files.

=============  ============================================================================
`attendance`   the attendance curve, competing risks, the answer across the share held
`waits`        stages, and the effect on other calls
`people`       hour-of-week map with the rota, utilisation by pool and hour
`options`      price against effect, causes of misses, hours of the day, what changed in the rota
`cases`        when children are safe, and hours in which nobody works on a case
`incident`     one long wait as a strip
`answers`      of the planner's questions, by kind of answer
`palette`      colours, dashes and shapes; concrete for files, CSS variables for the page
`common`       what all share: sizes, fonts, axes
`drawn`        specification to SVG and PNG
=============  ============================================================================

All are fed by a document's rows and its ``context``; none computes a figure.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Final

from sim.report.charts.attendance import attendance, held, risks
from sim.report.charts.cases import safe, unworked
from sim.report.charts.common import Figure, in_lines, styled
from sim.report.charts.drawn import png_file, svg_file
from sim.report.charts.incident import strip
from sim.report.charts.options import causes, hours, price, rota
from sim.report.charts.palette import PRINT, Palette
from sim.report.charts.people import busy, week
from sim.report.charts.waits import other_work, stages
from sim.report.sections import sections
from sim.report.story.timelines import HOW_MANY
from sim.results import Document

CHARTS: Final[Mapping[str, Callable[[Document, Palette], Figure | None]]] = {
    "price": price,
    "rota": rota,
    "causes": causes,
    "attendance": attendance,
    "competing-risks": risks,
    "stages": stages,
    "share-held": held,
    "hour-of-week": week,
    "hour-of-day": hours,
    "who-is-busy": busy,
    "after-arrival": safe,
    "unworked": unworked,
    "other-work": other_work,
}
"""Each chart by its name, in the page's order; None where the rows have nothing to show."""


_TITLE_LETTERS: Final = 88


def specifications(
    document: Document,
    palette: Palette,
    wanted: Collection[str] | None = None,
    *,
    long_waits: bool = True,
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield name and Vega-Lite specification of every chart that the rows can feed.

    Parameters
    ----------
    document
        Of a run or a comparison.
    palette
        Colours, and how wide.
    wanted
        Only these charts; None: all.
    long_waits
        False: without the strips of the longest waits.
    """
    for name, chart in CHARTS.items():
        figure = chart(document, palette) if wanted is None or name in wanted else None
        if figure is not None:
            yield name, styled(figure, palette)
    for place, timeline in enumerate(document.background.timelines if long_waits else (), 1):
        yield f"long-wait-{place}", styled(strip(timeline, document.context, palette), palette)


def file_names() -> list[str]:
    """Names of all files that `chart_files` may write."""
    names = [*CHARTS, *(f"long-wait-{place}" for place in range(1, HOW_MANY + 1))]
    return [f"{name}.{kind}" for name in names for kind in ("svg", "png")]


def chart_files(document: Document) -> Iterator[tuple[str, bytes]]:
    """Yield file name and content of every chart, as SVG and as PNG, in the light theme.

    A file stands alone, so each has its section's message over it.
    """
    said = {one.chart: one.heading for one in sections(document).values() if one.chart}
    for name, spec in specifications(document, PRINT):
        if name in said:
            spec["title"] = {"text": in_lines(said[name], _TITLE_LETTERS), "fontSize": 14}
        svg = svg_file(spec)
        yield f"{name}.svg", svg.encode("utf-8")
        yield f"{name}.png", png_file(svg)
