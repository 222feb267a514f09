"""Cases after arrival: when the child is safe, and at what hours nobody works on a case."""

from __future__ import annotations

from typing import Final

import altair as alt

from sim.report.charts.common import (
    KEY_LETTERS,
    KEY_LINE,
    KEY_WIDTH,
    Figure,
    Series,
    Values,
    data,
    in_lines,
    key_of,
    limits,
    percent_axis,
)
from sim.report.charts.palette import Palette
from sim.report.sections.figures import cell, known
from sim.results import Document, Part, Row

_KEY_GAP: Final = 16
_TICKS: Final = 12
_NARROW_HEIGHT: Final = 190


def safe_points(document: Document, part: Part) -> dict[int, dict[str, Row]]:
    """Rows of the share returned and the share found, by hours since the report."""
    returned, found = (
        part.along(measure, "minutes", stream=document.context.stream)
        for measure in ("returned_by", "found_by")
    )
    return {
        minutes // 60: {
            what: rows[minutes]
            for what, rows in (("returned", returned), ("found", found))
            if known(rows.get(minutes))
        }
        for minutes, row in sorted(returned.items())
        if known(row)
    }


def unworked_hours(document: Document, part: Part) -> dict[int, Row]:
    """Rows of the share of time under enquiry that nobody works, by hour of the day."""
    return part.along("unworked_share", "hour", stream=document.context.stream)


def safe(document: Document, palette: Palette) -> Figure | None:
    """Returned, found, still missing by hours since the report, of the baseline."""
    points = safe_points(document, document.baseline)
    if len(points) < 3:
        return None
    values: Values = []
    for hour, kinds in points.items():
        for what in ("returned", "found"):
            if what in kinds:
                values.append({"hour": hour, "what": what, **limits(kinds[what])})
    last = max(points)
    colours = alt.Scale(
        domain=["returned", "found"], range=[palette["stage-4"], palette["stage-0"]]
    )
    x = alt.X(
        "hour:Q",
        scale=alt.Scale(domain=[0, last], nice=False),
        axis=alt.Axis(
            title="Hours since the report",
            grid=False,
            values=list(range(0, last + 1, 24 if palette.narrow else _TICKS)),
        ),
    )
    y = alt.Y(
        "value:Q",
        stack="zero",
        scale=alt.Scale(domain=[0, 1]),
        axis=percent_axis("Share of cases (%)"),
    )
    areas = (
        alt.Chart(data(values))
        .mark_area(opacity=1, line={"strokeWidth": 1.2})
        .encode(
            x=x,
            y=y,
            color=alt.Color("what:N", scale=colours, legend=None),
            order=alt.Order("what:N", sort="descending"),
        )
    )
    ends = points[last]
    returned = ends["returned"].number
    found = ends["found"].number if "found" in ends else 0.0
    words = [(returned / 2, f"returned {cell(ends['returned']).text}", "on-stage-4")]
    if found >= 0.07:
        by = "" if palette.narrow else " by an enquiry"
        text = f"found{by} {cell(ends['found']).text}"
        words.append((returned + found / 2, text, "on-stage-0"))
    labels = [
        alt.Chart(data([{"hour": last, "y": height, "text": text}]))
        .mark_text(align="right", dx=-8, color=palette[colour])
        .encode(x="hour:Q", y="y:Q", text="text:N")
        for height, text, colour in words
    ]
    still = (
        alt.Chart(data([{"hour": 0, "y": 0.95, "text": "still missing"}]))
        .mark_text(align="left", dx=8, color=palette["ink"])
        .encode(x="hour:Q", y="y:Q", text="text:N")
    )
    chart: Figure = alt.layer(areas, *labels, still).properties(
        width=palette.width - 70, height=230
    )
    return chart


def unworked(document: Document, palette: Palette) -> Figure | None:
    """Share of the time under enquiry in which nobody worked, by hour, a line a scenario."""
    found = [
        (part, hours) for part in document.scenarios if (hours := unworked_hours(document, part))
    ]
    if not found:
        return None
    names = [part.name for part, _ in found]
    series = Series(names, palette)
    lines: Values = [
        {"scenario": part.name, "hour": int(hour), **limits(row)}
        for part, hours in found
        for hour, row in hours.items()
        if row.value is not None
    ]
    x = alt.X(
        "hour:Q",
        scale=alt.Scale(domain=[0, 23], nice=False),
        axis=alt.Axis(
            title="Hour of the day (00: midnight to 01:00)",
            grid=False,
            values=list(range(0, 24, 6 if palette.narrow else 3)),
            labelExpr="pad(datum.label, 2, '0', 'left')",
        ),
    )
    y = alt.Y(
        "value:Q", scale=alt.Scale(domain=[0, 1]), axis=percent_axis("Nobody works on the case (%)")
    )
    base = alt.Chart(data(lines))
    titles = [in_lines(document.context.scenario(name), KEY_LETTERS) for name in names]
    key_height = sum(KEY_LINE * len(title) + _KEY_GAP for title in titles) + 20
    height = key_height if palette.narrow else max(230, key_height)
    picture = alt.layer(
        base.mark_line(strokeWidth=2.4, clip=True).encode(
            x=x, y=y, color=series.colour(), strokeDash=series.dash()
        ),
        base.mark_point(size=40, filled=True, opacity=1).encode(
            x=x, y=y, color=series.colour(), shape=series.shape()
        ),
    )
    if palette.narrow:
        return alt.vconcat(
            picture.properties(width=palette.width - 70, height=_NARROW_HEIGHT),
            _key(names, titles, series, height),
            spacing=8,
        )
    joined: Figure = alt.hconcat(
        picture.properties(width=palette.width - KEY_WIDTH - 90, height=height),
        _key(names, titles, series, height),
        spacing=6,
    )
    return joined


def _key(names: list[str], titles: list[list[str]], series: Series, height: int) -> Figure:
    """The series by name."""
    values: Values = []
    below = 14
    for name, title in zip(names, titles, strict=True):
        values.append({"scenario": name, "name": title, "y": below})
        below += KEY_LINE * len(title) + _KEY_GAP
    _, layers = key_of(values, series, height, point_size=40)
    return alt.layer(*layers).properties(width=KEY_WIDTH, height=height)
