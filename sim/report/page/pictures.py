"""Each chart of a page twice: as wide as a desk's column, and for a phone; the style shows one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.report.charts import specifications
from sim.report.charts.drawn import svg_for_page
from sim.report.charts.palette import PAGE, PHONE

if TYPE_CHECKING:
    from sim.results import Document


@dataclass(frozen=True, slots=True)
class Picture:
    """One chart as two SVGs; both are named and told by the same elements of the page."""

    wide: str
    phone: str


def pictures(
    document: Document, wanted: Collection[str], *, long_waits: bool = True
) -> Mapping[str, Picture]:
    """The wanted charts by name, and the strips of the longest waits."""
    drawn = {}
    for palette in (PAGE, PHONE):
        ending = "-phone" if palette.narrow else ""
        drawn[palette.narrow] = {
            name: svg_for_page(spec, name, ending)
            for name, spec in specifications(document, palette, wanted, long_waits=long_waits)
        }
    return {name: Picture(svg, drawn[True][name]) for name, svg in drawn[False].items()}


def drawn_once(drawn: Mapping[str, Picture]) -> Mapping[str, Picture]:
    """The pictures without a phone's form, except the curve of the first screen."""
    return {
        name: picture if name == "attendance" else Picture(picture.wide, "")
        for name, picture in drawn.items()
    }
