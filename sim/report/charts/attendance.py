"""How the reports fare over the minutes: attendance, and what competes with it."""

from __future__ import annotations

from typing import Final

import altair as alt

from sim.report.answer.question import Question
from sim.report.answer.subject import headline_of
from sim.report.charts.common import (
    KEY_LINE,
    Figure,
    Series,
    Values,
    data,
    in_lines,
    limits,
    percent_axis,
)
from sim.report.charts.palette import Palette
from sim.report.sections.figures import cell
from sim.results import Document, Part

_HELD: Final = "Share of reports held until the risk assessment is ratified (%)"
_HELD_NARROW: Final = "Reports held for ratification (%)"
_OWN: Final = {False: "the baseline's own share,", True: "its own"}
_SCREEN: Final = 640
"""Units across the curve, which stands beside the causes on the first screen."""
_HEIGHT: Final = 250
_NARROW_HEIGHT: Final = 128
_AXIS_ROOM: Final = 62
_LABEL_ROOM: Final = 132
_LABEL_LETTERS: Final = 19
_LETTER_ROOM: Final = 16
_TITLE_LINES: Final = 3
_PANEL_LETTERS: Final = 38
_AXES: Final = (30, 60, 90, 120, 180, 240, 360, 480, 720)
_BANDS: Final = 3


def clock_words(document: Document) -> str:
    """From when the minutes of the curve are counted."""
    begins = {
        "received": "the call was received",
        "answered": "the call was answered",
        "graded": "the report was graded",
    }
    # The curve is by the target's own clock.
    return begins[document.context.starts if document.context.targets else "received"]


def attendance(document: Document, palette: Palette) -> Figure | None:
    """Share of reports with an officer there by minute, the target, and the no-queue ceiling."""
    curves = [
        (part, points) for part in document.scenarios if len(points := document.curve(part)) > 2
    ]
    if not curves:
        return None
    names = [part.name for part, _ in curves]
    last = _last_minute(document)
    lines = [
        {"scenario": part.name, "minute": point.minute, **limits(point.arrived)}
        for part, points in curves
        for point in points
        if point.minute <= last
    ]
    series = Series(names, palette)
    room = _LETTER_ROOM if palette.narrow else _LABEL_ROOM
    height = _NARROW_HEIGHT if palette.narrow else _HEIGHT
    x = alt.X(
        "minute:Q",
        scale=alt.Scale(domain=[0, last], nice=False),
        axis=_minutes_axis(document, last, 7 if palette.narrow else 9, titled=not palette.narrow),
    )
    y = alt.Y("value:Q", scale=alt.Scale(domain=[0, 1]), axis=percent_axis("Officer there (%)"))
    layers: list[alt.Chart] = []
    if len(names) <= _BANDS:
        layers.append(
            alt.Chart(data(lines))
            .mark_area(opacity=0.16)
            .encode(x=x, y=alt.Y("low:Q").scale(domain=[0, 1]), y2="high:Q", color=series.colour())
        )
    layers += _target(document, palette, last)
    layers.append(
        alt.Chart(data(lines))
        .mark_line(strokeWidth=2.4, clip=True)
        .encode(x=x, y=y, color=series.colour(), strokeDash=series.dash())
    )
    # One inside the other, so that equal ones are seen.
    for place, ceiling in enumerate(_ceilings(document, names)):
        size = max(12, 44 - 8 * place)
        layers.append(
            alt.Chart(data([ceiling]))
            .mark_tick(orient="horizontal", size=size, thickness=3.2, opacity=1)
            .encode(x=x, y=y, color=series.colour())
        )
    width = (palette.width if palette.narrow else _SCREEN) - room - _AXIS_ROOM
    picture = alt.layer(*layers).properties(width=width, height=height)
    joined: Figure = alt.hconcat(
        picture, _labels(document, lines, series, (room, height), narrow=palette.narrow), spacing=2
    )
    return joined


def _labels(
    document: Document, lines: Values, series: Series, size: tuple[int, int], *, narrow: bool
) -> Figure:
    """The series by letter and title where their lines end, none over another."""
    width, height = size
    ends = {str(line["scenario"]): float(line["value"]) for line in lines}
    most = 1 if len(ends) > _BANDS else _TITLE_LINES
    told = {}
    for column in Question(document, headline_of(document.context)).columns:
        title = column.title if len(document.names) > 1 else "officer there"
        letter = f"{column.letter} " if len(document.names) > 1 else ""
        words = in_lines(f"{letter}{title}", _LABEL_LETTERS)
        if len(words) > most:
            words = [*words[: most - 1], f"{words[most - 1][: _LABEL_LETTERS - 1].rstrip()}…"]
        told[column.name] = ([column.letter] if letter else [""]) if narrow else words
    placed: Values = []
    below = 0.0
    for name in sorted(ends, key=lambda name: -ends[name]):
        middle = max(height * (1 - ends[name]), below + KEY_LINE * len(told[name]) / 2)
        below = middle + KEY_LINE * len(told[name]) / 2 + 3
        placed.append({"scenario": name, "y": middle, "name": told[name]})
    over = max(0.0, below - height - KEY_LINE)
    for one in placed:
        one["y"] -= over + KEY_LINE * (len(one["name"]) - 1) / 2
    drawn: Figure = (
        alt.Chart(data(placed))
        .mark_text(align="left", baseline="middle", fontWeight="bold", lineHeight=KEY_LINE)
        .encode(
            x=alt.value(2),
            y=alt.Y("y:Q", scale=alt.Scale(domain=[height, 0]), axis=None),
            text="name:N",
            color=series.colour(),
        )
        .properties(width=width, height=height)
    )
    return drawn


def _target(document: Document, palette: Palette, last: float) -> list[alt.Chart]:
    shown = [minutes for minutes in document.context.targets if minutes <= last]
    if not shown:
        return []
    x = alt.X("minute:Q")
    rules = data([{"minute": minutes} for minutes in shown])
    label = data([{"minute": shown[-1], "text": f"target {document.context.target}"}])
    return [
        alt.Chart(rules).mark_rule(color=palette["target"], strokeWidth=1.6).encode(x=x),
        alt.Chart(label)
        .mark_text(baseline="bottom", color=palette["target"])
        .encode(x=x, y=alt.value(-4), text="text:N"),
    ]


def _ceilings(document: Document, names: list[str]) -> Values:
    if not document.context.targets:
        return []
    found = []
    for part in document.scenarios:
        row = document.headline(part, "reachable_within_target", document.context.starts)
        if part.name in names and row is not None and row.value is not None:
            found.append(
                {"scenario": part.name, "minute": document.context.targets[-1], **limits(row)}
            )
    return found


def risks(document: Document, palette: Palette) -> Figure | None:
    """Arrived, returned first, still waiting: a panel for each scenario."""
    panels = []
    last = _last_minute(document, least_ended=0.93)
    several = len(document.scenarios) > 1 and not palette.narrow
    width = (palette.width - 150) // 2 if several else palette.width - 90
    for place, part in enumerate(document.scenarios):
        points = [point for point in document.curve(part) if point.minute <= last]
        if len(points) < 3:
            continue
        panels.append(
            _panel(document, palette, part, width, labelled=not several or place % 2 == 0)
        )
    if not panels:
        return None
    if len(panels) == 1:
        return panels[0]
    across = 2 if several else 1
    rows = [
        alt.hconcat(*panels[at : at + across], spacing=18) for at in range(0, len(panels), across)
    ]
    stacked: Figure = alt.vconcat(*rows, spacing=16)
    return stacked


def _panel(
    document: Document, palette: Palette, part: Part, width: int, *, labelled: bool
) -> Figure:
    last = _last_minute(document, least_ended=0.93)
    values: Values = []
    for point in document.curve(part):
        if point.minute > last:
            continue
        values.append({"minute": point.minute, "what": "arrived", **limits(point.arrived)})
        if point.returned is not None:
            values.append({"minute": point.minute, "what": "returned", **limits(point.returned)})
    colours = alt.Scale(
        domain=["arrived", "returned"], range=[palette["stage-0"], palette["stage-4"]]
    )
    x = alt.X(
        "minute:Q",
        scale=alt.Scale(domain=[0, last], nice=False),
        axis=_minutes_axis(document, last, 7),
    )
    title = "Share of reports (%)" if labelled else None
    areas = (
        alt.Chart(data(values))
        .mark_area(opacity=1, line={"strokeWidth": 1.2})
        .encode(
            x=x,
            y=alt.Y(
                "value:Q",
                stack="zero",
                scale=alt.Scale(domain=[0, 1]),
                axis=percent_axis(title),
            ),
            color=alt.Color("what:N", scale=colours, legend=None),
            order=alt.Order("what:N"),
        )
    )
    labels = _direct_labels(document, part, last, palette)
    n = document.curve(part)[0].arrived.n
    return alt.layer(areas, *_target(document, palette, last), *labels).properties(
        width=width,
        height=210,
        title=alt.Title(
            in_lines(document.context.scenario(part.name), _PANEL_LETTERS),
            subtitle=f"{n:,} reports",
            subtitleColor=palette["muted"],
        ),
    )


def _direct_labels(
    document: Document, part: Part, last: float, palette: Palette
) -> list[alt.Chart]:
    """Words inside the areas, at the right where they are tallest."""
    ends = [point for point in document.curve(part) if point.minute <= last][-1]
    arrived = ends.arrived.number
    returned = 0.0 if ends.returned is None else ends.returned.number
    n = cell(ends.arrived).text
    texts = [(arrived / 2, f"arrived {n}", palette["on-stage-0"], 0.12)]
    if ends.returned is not None:
        share = cell(ends.returned).text
        texts.append((arrived + returned / 2, f"returned {share}", palette["on-stage-4"], 0.07))
    drawn = []
    rooms = (arrived, returned)
    for (y, text, colour, least), room in zip(texts, rooms, strict=False):
        if room < least:
            continue
        drawn.append(
            alt.Chart(data([{"minute": last, "y": y, "text": text}]))
            .mark_text(align="right", dx=-8, color=colour)
            .encode(x="minute:Q", y="y:Q", text="text:N")
        )
    beyond = next((minutes for minutes in document.context.targets if minutes <= last), 0)
    waiting = alt.Chart(data([{"minute": beyond, "y": 0.95, "text": "still waiting"}]))
    drawn.append(
        waiting.mark_text(align="left", dx=8, color=palette["ink"]).encode(
            x="minute:Q", y="y:Q", text="text:N"
        )
    )
    return drawn


def held(document: Document, palette: Palette) -> Figure | None:
    """The same answer for every share of reports held for ratification."""
    sweeps = [sweep for sweep in document.context.sweeps if len(sweep.points) > 1]
    if not sweeps:
        return None
    sweep = sweeps[0]
    values: Values = []
    for point in sweep.points:
        if point.value is not None:
            text = cell(point).text
            values.append({"share": point.share, "text": text, **limits(point)})
    x = alt.X(
        "share:Q",
        scale=alt.Scale(domain=[-0.04, 1.3 if palette.narrow else 1.1], nice=False),
        axis=alt.Axis(
            title="Reports held for ratification (%)"
            if palette.narrow
            else "Share of reports held until the risk assessment is ratified (%)",
            format=".0%",
            values=[point.share for point in sweep.points],
            grid=False,
        ),
    )
    y = alt.Y(
        "value:Q",
        scale=alt.Scale(domain=[0, 1]),
        axis=percent_axis(f"Officer there in {document.context.target} (%)"),
    )
    base = alt.Chart(data(values))
    colour = palette["series-1"]
    layers = [
        base.mark_line(color=colour, strokeWidth=2.4).encode(x=x, y=y),
        base.mark_rule(color=colour, strokeWidth=1.6).encode(x=x, y=alt.Y("low:Q"), y2="high:Q"),
        base.mark_point(color=colour, filled=True, size=60, opacity=1).encode(x=x, y=y),
        base.mark_text(align="left", dx=9, dy=-9).encode(x=x, y=y, text="text:N"),
    ]
    if sweep.own is not None:
        own = data([{"share": sweep.own, "text": f"{_OWN[palette.narrow]} {sweep.own:.0%}"}])
        layers += [
            alt.Chart(own)
            .mark_rule(color=palette["target"], strokeWidth=1.4, strokeDash=[5, 3])
            .encode(x=x),
            alt.Chart(own)
            .mark_text(align="left", dx=6, baseline="top", color=palette["target"])
            .encode(x=x, y=alt.value(2), text="text:N"),
        ]
    chart: Figure = alt.layer(*layers).properties(width=palette.width - 90, height=250)
    return chart


def _minutes_axis(document: Document, last: float, most: int, *, titled: bool = True) -> alt.Axis:
    step = next(step for step in (5, 10, 15, 20, 30, 60, 120, 240) if last / step <= most)
    ticks = [step * place for place in range(int(last / step) + 1)]
    title = f"Minutes since {clock_words(document)}" if titled else None
    return alt.Axis(title=title, grid=False, values=ticks)


def _last_minute(document: Document, least_ended: float = 0.75) -> float:
    """Where an axis ends: well beyond the target, and where most reports have ended."""
    longest = 3 * document.context.targets[-1] if document.context.targets else 60
    curves = [points for part in document.scenarios if (points := document.curve(part))]
    for last in _AXES:
        ended = [
            max(
                (
                    point.arrived.number
                    + (0.0 if point.returned is None else point.returned.number)
                    for point in points
                    if point.minute <= last
                ),
                default=0.0,
            )
            for points in curves
        ]
        if last >= longest and all(share >= least_ended for share in ended):
            return last
    return _AXES[-1]
