"""From a chart's specification to SVG and PNG, with no network and no browser."""

from __future__ import annotations

import re
from typing import Any, Final

import vl_convert

from sim.report.charts.common import FONT
from sim.report.charts.palette import with_variables

_VEGA_LITE: Final = "6.1"
_PNG_SCALE: Final = 2.0
_FONT: Final = f' font-family="{FONT}"'
_NUMBER: Final = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")
_ARIA: Final = re.compile(r' (?:aria-[a-z]+|role|pointer-events)="[^"]*"')
_CLIP: Final = re.compile(r"\bclip(\d+)\b")
_EMPTY: Final = re.compile(r'<path class="(?:back|fore)ground" d="(?:M0,0h0v0h0Z)?"[^>]*/>')
_GROUP: Final = re.compile(
    r'<g class="mark-[^"]*"([^>]*)>((?:<(?:text|path|line)[^>]*(?:/>|>[^<]*</text>))+)</g>'
)
_MARK: Final = re.compile(r"<(?:text|path|line)[^>]*>")
_INHERITED: Final = re.compile(
    r' (?:fill|stroke|stroke-width|text-anchor|font-size|font-weight)="[^"]*"'
)
_CLASS: Final = re.compile(r' class="[^"]*"')
_PATH: Final = re.compile(r' (?:d|transform)="[^"]*"')
_PLACE: Final = re.compile(r"-?\d+\.\d{2,}")
_OPEN: Final = re.compile(r'<svg [^>]*?viewBox="([^"]*)"[^>]*>')


def svg_file(spec: dict[str, Any]) -> str:
    """A chart as an SVG file, in the colours of its specification."""
    svg = vl_convert.vegalite_to_svg(spec, vl_version=_VEGA_LITE, allowed_base_urls=[])
    # The renderer counts them over all pictures of a process; here each begins at 0.
    numbers: dict[str, int] = {}
    return _CLIP.sub(lambda clip: f"clip{numbers.setdefault(clip[1], len(numbers))}", svg)


def png_file(svg: str) -> bytes:
    """An SVG file as PNG, two pixels to a unit, as for a slide or a printed page."""
    return vl_convert.svg_to_png(svg, scale=_PNG_SCALE)


def svg_for_page(spec: dict[str, Any], name: str, ending: str = "") -> str:
    """A chart drawn in `PAGE` as SVG to be put into a page.

    Parameters
    ----------
    spec
        Its specification.
    name
        Unlike any other's on the page: names inside the picture begin with it. The page is to
        hold elements ``NAME-title`` and ``NAME-text``, which name the picture and tell it.
    ending
        Of names inside the picture, where it is drawn twice.
    """
    svg = with_variables(svg_file(spec))
    # A reader is told the picture as a whole and offered its table, not each of its marks.
    svg = _ARIA.sub("", svg)
    svg = _EMPTY.sub("", svg)
    # Once for the whole picture, not for each of hundreds of words.
    svg = svg.replace(_FONT, "").replace(' opacity="1"', "")
    svg = _CLIP.sub(rf"{name}{ending}-clip\1", svg)
    svg = _NUMBER.sub(_shorter, svg)
    svg = _GROUP.sub(_hoisted, svg)
    svg = _CLASS.sub("", _PATH.sub(lambda path: _PLACE.sub(_tenth, path[0]), svg))
    return _OPEN.sub(
        rf'<svg xmlns="http://www.w3.org/2000/svg" viewBox="\1" role="img"{_FONT} '
        rf'aria-labelledby="{name}-title" aria-describedby="{name}-text">',
        svg,
        count=1,
    )


def _shorter(number: re.Match[str]) -> str:
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".") or "0"


def _hoisted(group: re.Match[str]) -> str:
    """A group of marks, with what all of them have alike said once, for the group."""
    marks = group[2]
    each = [set(_INHERITED.findall(mark)) for mark in _MARK.findall(marks)]
    alike = set.intersection(*each)
    for attribute in alike:
        marks = marks.replace(attribute, "")
    return f"<g{group[1]}{''.join(sorted(alike))}>{marks}</g>"


def _tenth(place: re.Match[str]) -> str:
    return f"{round(float(place[0]), 1):g}"
