"""What options cost and change: price against effect, causes of misses, and the rota's changes."""

from __future__ import annotations

from typing import Final

import altair as alt

from sim.report.answer.causes import causes as causes_of
from sim.report.answer.question import Question
from sim.report.answer.subject import headline_of
from sim.report.charts.common import (
    Figure,
    Series,
    Values,
    data,
    in_lines,
    limits,
    name_axis,
    names_room,
    percent_axis,
)
from sim.report.charts.palette import Palette
from sim.report.price import options
from sim.report.rounding import with_minus
from sim.report.sections.figures import known
from sim.results import Document

_NAMES_WIDTH: Final = 190
_COLOURS: Final = {
    "work": "muted",
    "rule": "series-1",
    "people": "series-2",
    "both": "series-4",
    "either": "series-3",
}
_LEAST_PEOPLE: Final = 0.05
"""A change of fewer people on duty is no change of the rota."""
_BANDS: Final = 2
_CELL: Final = 23
_NARROW_CELL: Final = 14
_LABEL_LETTERS: Final = 24


def price(document: Document, palette: Palette) -> Figure | None:
    """Change of the share in time against pounds a week, a point with its range for each option."""
    question = Question(document, headline_of(document.context))
    values: Values = []
    for one in options(question):
        if one.net is None or one.change is None or one.change.low is None:
            continue
        words = one.column.letter if palette.narrow else f"{one.column.letter} {one.column.title}"
        values.append(
            {
                "scenario": one.column.name,
                "pounds": one.net,
                "text": in_lines(words, _LABEL_LETTERS),
                **limits(one.change, 100.0),
            }
        )
    if not values:
        return None
    names = [str(value["scenario"]) for value in values]
    colours = palette.scale("series", len(document.names))[1:]
    colour = alt.Color(
        "scenario:N",
        scale=alt.Scale(
            domain=names,
            range=[colours[document.names.index(name) - 1] for name in names],
        ),
        legend=None,
    )
    most = max(abs(value["pounds"]) for value in values) or 1.0
    least = min(0.0, *(value["pounds"] for value in values))
    room = 0.15 if palette.narrow else 0.45
    x = alt.X(
        "pounds:Q",
        scale=alt.Scale(domain=[least - 0.08 * most, most * (1 + room)], nice=False),
        axis=alt.Axis(
            title="Pounds (£) a week more"
            if palette.narrow
            else "Pounds (£) a week more, overtime too",
            format=",.0f",
            tickCount=4 if palette.narrow else 7,
            grid=False,
        ),
    )
    title = "In time (points)" if palette.narrow else "Change in time (percentage points)"
    y = alt.Y("value:Q", axis=alt.Axis(title=title, tickCount=5))
    base = alt.Chart(data(values))
    zero = alt.Chart(data([{"value": 0}]))
    chart: Figure = alt.layer(
        zero.mark_rule(color=palette["muted"], strokeWidth=1.4).encode(y=y),
        base.mark_rule(strokeWidth=2).encode(x=x, y=alt.Y("low:Q"), y2="high:Q", color=colour),
        base.mark_point(size=80, filled=True, opacity=1).encode(x=x, y=y, color=colour),
        base.mark_text(align="left", dx=9, baseline="middle", fontWeight="bold").encode(
            x=x, y=y, text="text:N", color=colour
        ),
    ).properties(width=palette.width - 80, height=190 if palette.narrow else 230)
    return chart


def causes(document: Document, palette: Palette) -> Figure | None:
    """What the baseline's misses are made of, a bar for each cause."""
    question = Question(document, headline_of(document.context))
    found = [one for one in causes_of(question) if one.in_100]
    if not found:
        return None
    said: dict[str, str] = {
        one.name: f"{one.said[:1].upper()}{one.said[1:]} ({one.note})" for one in found
    }
    values: Values = [
        {"cause": one.name, "value": one.in_100, "fill": palette[_COLOURS[one.kind]]}
        for one in found
    ]
    names = [one.name for one in found]
    x = alt.X("value:Q", axis=alt.Axis(title="Reports in 100 that miss the target", tickCount=5))
    y = alt.Y(
        "cause:N",
        sort=names,
        axis=name_axis(said, palette, _NAMES_WIDTH),
    )
    base = alt.Chart(data(values))
    chart: Figure = alt.layer(
        base.mark_bar(height=20).encode(x=x, y=y, color=alt.Color("fill:N", scale=None)),
        base.mark_text(align="left", dx=5, fontWeight="bold").encode(x=x, y=y, text="value:Q"),
    ).properties(
        width=palette.width - names_room(palette, _NAMES_WIDTH) - 50, height=46 * len(found)
    )
    return chart


def hours(document: Document, palette: Palette) -> Figure | None:
    """Share in time by hour of the report, a line for each scenario."""
    subject = document.context.subject
    measure = "arrived_within_target_by_hour_of_day"
    found = {part.name: part.along(measure, "hour", **subject) for part in document.scenarios}
    lines: Values = [
        {"scenario": name, "hour": hour, **limits(row)}
        for name, rows in found.items()
        for hour, row in rows.items()
        if known(row)
    ]
    if not lines:
        return None
    series = Series(list(document.names), palette)
    columns = Question(document, headline_of(document.context)).columns
    letters = {one.name: one.letter for one in columns}
    x = alt.X(
        "hour:Q",
        scale=alt.Scale(domain=[0, 24], nice=False),
        axis=alt.Axis(
            title="Hour of the report (00: midnight to 01:00)",
            grid=False,
            values=list(range(0, 24, 6 if palette.narrow else 2)),
            labelExpr="pad(datum.label, 2, '0', 'left')",
        ),
    )
    most = max(line["high"] or line["value"] for line in lines)
    y = alt.Y(
        "value:Q",
        scale=alt.Scale(domain=[0, min(1.0, most * 1.05)]),
        axis=percent_axis("In time (%)"),
    )
    base = alt.Chart(data(lines))
    layers: list[alt.Chart] = []
    if len(document.names) <= _BANDS:
        layers.append(
            base.mark_area(opacity=0.16).encode(
                x=x, y=alt.Y("low:Q"), y2="high:Q", color=series.colour()
            )
        )
    last: Values = [
        {**line, "text": letters[str(line["scenario"])]} for line in lines if line["hour"] == 23
    ]
    layers += [
        base.mark_line(strokeWidth=2.2).encode(
            x=x, y=y, color=series.colour(), strokeDash=series.dash()
        ),
        base.mark_point(size=30, filled=True, opacity=1).encode(
            x=x, y=y, color=series.colour(), shape=series.shape()
        ),
    ]
    if len(document.names) > 1:
        layers.append(
            alt.Chart(data(last))
            .mark_text(align="left", dx=7, fontWeight="bold")
            .encode(x=x, y=y, text="text:N", color=series.colour())
        )
    chart: Figure = alt.layer(*layers).properties(
        width=palette.width - 80, height=180 if palette.narrow else 230
    )
    return chart


def rota(document: Document, palette: Palette) -> Figure | None:
    """People more or fewer on duty than under the baseline, by pool and hour of the day."""
    own = {(one.scenario, one.pool, one.hour): one.value for one in document.background.on_duty}
    base = document.baseline.name
    letters = {
        one.name: one.letter for one in Question(document, headline_of(document.context)).columns
    }
    values: Values = []
    names: list[str] = []
    pools = list(dict.fromkeys(one.pool for one in document.background.on_duty))
    told = {scenario for scenario, _, _ in own}
    for name in [one for one in document.names[1:] if {one, base} <= told]:
        for pool in pools:
            more = {
                hour: own.get((name, pool, hour), 0.0) - own.get((base, pool, hour), 0.0)
                for hour in range(24)
            }
            if all(abs(change) < _LEAST_PEOPLE for change in more.values()):
                continue
            most = max(more.values(), key=abs)
            title = f"{letters[name]} {document.context.pool(pool)}, up to {_signed(most)}"
            names.append(title)
            values += [
                {
                    "line": title,
                    "hour": hour,
                    "way": "more" if change > 0 else "fewer",
                    "text": "" if palette.narrow else _signed(change),
                }
                for hour, change in more.items()
                if abs(change) >= _LEAST_PEOPLE
            ]
    if not values:
        return None
    cell = _NARROW_CELL if palette.narrow else _CELL
    room = names_room(palette, _NAMES_WIDTH)
    x = alt.X(
        "hour:O",
        scale=alt.Scale(domain=list(range(24))),
        axis=alt.Axis(
            title="Hour of the day (00: midnight to 01:00)",
            labelAngle=0,
            values=list(range(0, 24, 6 if palette.narrow else 1)),
            labelExpr="pad(datum.label, 2, '0', 'left')",
        ),
    )
    y = alt.Y(
        "line:N",
        sort=names,
        scale=alt.Scale(domain=names),
        axis=name_axis({name: name for name in names}, palette, _NAMES_WIDTH, ticks=False),
    )
    fill = alt.Scale(domain=["more", "fewer"], range=[palette["load-1"], palette["heat-1"]])
    ink = alt.Scale(domain=["more", "fewer"], range=[palette["on-load-1"], palette["on-heat-1"]])
    marks = alt.Chart(data(values)).encode(x=x, y=y)
    width = palette.width - room - 34 if palette.narrow else 24 * cell
    chart: Figure = (
        alt.layer(
            marks.mark_bar(height=cell, stroke=palette["paper"], strokeWidth=1).encode(
                color=alt.Color("way:N", scale=fill, legend=None)
            ),
            marks.mark_text(fontSize=8.5).encode(
                text="text:N", color=alt.Color("way:N", scale=ink, legend=None)
            ),
        )
        .resolve_scale(color="independent")
        .properties(width=width, height=(46 if palette.narrow else 27) * len(names))
    )
    return chart


def _signed(people: float) -> str:
    return with_minus(f"{people:+.1f}".removesuffix(".0"))
