"""Where the time goes, and the effect on other calls."""

from __future__ import annotations

from typing import Final

import altair as alt

from sim.report.charts.common import (
    Figure,
    Values,
    data,
    in_lines,
    in_minutes,
    legend,
    limits,
    name_axis,
    names_room,
)
from sim.report.charts.palette import Palette, shapes
from sim.report.sections.figures import cell, plain
from sim.results import Context, Document, Part, Row

STAGES: Final = {
    "call": "call",
    "decision": "rule and grading",
    "queue": "queue",
    "dispatcher": "dispatcher",
    "travel": "travel",
}
"""What blocks arrival, in the order in which a report meets it."""

_NAMES_WIDTH: Final = 190
_STAGES_WIDE: Final = (
    "Mean minutes from the call until somebody is there or the child is back; line below: interval "
    "of the mean"
)
_STAGES_NARROW: Final = "Mean minutes until somebody is there"
_KEY_LETTERS: Final = 40
_KEY_COLUMN: Final = 285
_KEY_LINE: Final = 14


def stages(document: Document, palette: Palette) -> Figure | None:
    """Mean minutes in which each stage alone blocks arrival, as a bar for each scenario."""
    values: Values = []
    totals: Values = []
    for part in document.scenarios:
        found = document.along(part, "stage_mean", "stage")
        before = 0.0
        for place, stage in enumerate(STAGES):
            row = found.get(stage)
            if row is None or row.value is None:
                continue
            minutes = in_minutes(row)["value"] or 0.0
            values.append(
                {
                    "scenario": part.name,
                    "stage": STAGES[stage],
                    "place": place,
                    "from": before,
                    "to": before + minutes,
                    "middle": before + minutes / 2,
                    "text": _short(row),
                    "value": minutes,
                }
            )
            before += minutes
        total = document.headline(part, "delay_mean", document.context.starts)
        if before and total is not None and total.value is not None:
            text = f"{cell(total).text} min"
            totals.append({"scenario": part.name, "text": text, **in_minutes(total)})
    if not totals:
        return None
    names = [total["scenario"] for total in totals]
    longest = max(max(total["high"] or 0.0, total["value"]) for total in totals)
    domain = [0.0, longest * (1.6 if palette.narrow else 1.22)]
    x = alt.X(
        "from:Q",
        scale=alt.Scale(domain=domain, nice=False),
        axis=alt.Axis(
            title=_STAGES_NARROW if palette.narrow else _STAGES_WIDE,
            tickCount=5 if palette.narrow else 10,
        ),
    )
    titles = {name: document.context.scenario(name) for name in names}
    y = alt.Y("scenario:N", sort=names, axis=name_axis(titles, palette, _NAMES_WIDTH))
    fills = alt.Scale(domain=list(STAGES.values()), range=palette.scale("stage", len(STAGES)))
    inks = alt.Scale(domain=list(STAGES.values()), range=palette.scale("on-stage", len(STAGES)))
    base = alt.Chart(data(values))
    bars = base.mark_bar(stroke=palette["paper"], strokeWidth=1.5, height=26).encode(
        x=x,
        x2="to:Q",
        y=y,
        color=alt.Color("stage:N", scale=fills, legend=None),
    )
    room = longest / (11 if palette.narrow else 26)
    shown = data([value for value in values if value["value"] > room])
    texts = (
        alt.Chart(shown)
        .mark_text()
        .encode(
            x="middle:Q",
            y=y,
            text="text:N",
            color=alt.Color("stage:N", scale=inks, legend=None),
        )
    )
    ends = alt.Chart(data(totals))
    whisker = ends.mark_rule(strokeWidth=2.2, yOffset=18, color=palette["ink"]).encode(
        x="low:Q", x2="high:Q", y=y
    )
    label = ends.mark_text(align="left", dx=7).encode(x="high:Q", y=y, text="text:N")
    chart = alt.layer(bars, texts, whisker, label).resolve_scale(color="independent")
    room_left = palette.width - names_room(palette, _NAMES_WIDTH) - 40
    sized = chart.properties(width=room_left, height=(58 if palette.narrow else 44) * len(names))
    picture: Figure = alt.vconcat(
        legend(palette, [(word, f"stage-{n}") for n, word in enumerate(STAGES.values())], 118),
        sized,
        spacing=8,
    )
    return picture


def _short(row: Row) -> str:
    """A mean in minutes without its limits, which stand in the table."""
    return plain(row).text


def other_work(document: Document, palette: Palette) -> Figure | None:
    """Changes of other work's share in time and mean wait, with their intervals."""
    panels = []
    for measure, title, short in (
        (
            "arrived_within_target",
            "Change of the share reached in time (percentage points)",
            "Change in time (points)",
        ),
        (
            "delay_mean",
            "Change of the mean time unattended (minutes)",
            "Change unattended (minutes)",
        ),
    ):
        panel = _changes(document, palette, measure, short if palette.narrow else title)
        if panel is not None:
            panels.append(panel)
    if not panels:
        return None
    joined: Figure = alt.vconcat(_names(document, palette), *panels, spacing=18)
    return joined


def _names(document: Document, palette: Palette) -> Figure:
    """The scenarios by colour and shape, two to a line."""
    names = [document.context.scenario(part.name) for part in document.differences]
    marks = shapes(len(names) + 1)[1:]
    colours = palette.scale("series", len(names) + 1)[1:]
    layers: list[alt.Chart] = []
    words = [
        in_lines(word, _KEY_LETTERS) for word in (*names, "filled: the range leaves out no change")
    ]
    below = 0
    across = 1 if palette.narrow else 2
    for place, word in enumerate(words):
        column = place % across
        base = alt.Chart(data([{"text": word}])).encode(y=alt.value(9 + below))
        if place < len(names):
            layers.append(
                base.mark_point(
                    shape=marks[place], size=60, opacity=1, strokeWidth=1.8, color=colours[place]
                ).encode(x=alt.value(6 + _KEY_COLUMN * column))
            )
        layers.append(
            base.mark_text(align="left", lineHeight=_KEY_LINE).encode(
                x=alt.value(18 + _KEY_COLUMN * column), text="text:N"
            )
        )
        if column == across - 1 or place == len(words) - 1:
            below += 5 + _KEY_LINE * max(map(len, words[place - column : place + 1]))
    return alt.layer(*layers).properties(width=across * _KEY_COLUMN, height=below)


def _changes(document: Document, palette: Palette, measure: str, title: str) -> Figure | None:
    values: Values = []
    kinds: list[str] = []
    for part in document.differences:
        for kind, row in _other_work_rows(part, measure, document.context):
            scaled = limits(row, 100.0) if measure == "arrived_within_target" else in_minutes(row)
            low, high = scaled["low"], scaled["high"]
            if kind not in kinds:
                kinds.append(kind)
            clear = low is not None and high is not None and (low > 0 or high < 0)
            values.append({"kind": kind, "scenario": part.name, "clear": clear, **scaled})
    if not values:
        return None
    names = [part.name for part in document.differences]
    series = palette.scale("series", len(names) + 1)[1:]
    colour = alt.Color("scenario:N", scale=alt.Scale(domain=names, range=series), legend=None)
    shape = alt.Shape(
        "scenario:N",
        scale=alt.Scale(domain=names, range=shapes(len(names) + 1)[1:]),
        legend=None,
    )
    x = alt.X("value:Q", axis=alt.Axis(title=title))
    y = alt.Y(
        "kind:N",
        sort=kinds,
        axis=name_axis({kind: kind for kind in kinds}, palette, _NAMES_WIDTH, grid=True),
        scale=alt.Scale(paddingInner=0.1),
    )
    offset = alt.YOffset("scenario:N", sort=names)
    base = alt.Chart(data(values))
    zero = alt.Chart(data([{"at": 0}])).mark_rule(color=palette["muted"], strokeWidth=1.4)
    layers = [
        zero.encode(x=alt.X("at:Q", axis=alt.Axis(title=title))),
        base.mark_rule(strokeWidth=1.8).encode(
            x=alt.X("low:Q", axis=alt.Axis(title=title)),
            x2="high:Q",
            y=y,
            yOffset=offset,
            color=colour,
        ),
        base.mark_point(size=52, opacity=1, strokeWidth=1.8).encode(
            x=x,
            y=y,
            yOffset=offset,
            color=colour,
            shape=shape,
            fill=alt.condition(
                "datum.clear",
                alt.Fill("scenario:N", scale=alt.Scale(domain=names, range=series), legend=None),
                alt.value(palette["paper"]),
            ),
        ),
    ]
    least = 34 if palette.narrow else 22
    return alt.layer(*layers).properties(
        width=palette.width - names_room(palette, _NAMES_WIDTH) - 40,
        height=alt.Step(max(11, least / len(names))),
    )


def _other_work_rows(part: Part, measure: str, context: Context) -> list[tuple[str, Row]]:
    """Rows of one measure for other streams and grades than the headline's, with their names."""
    found: list[tuple[str, Row]] = []
    for row in part.of(measure):
        headline = (row.stream, row.grade) == (context.stream, context.grade)
        if headline or row.stream is None or row.grade is None or row.value is None:
            continue
        if not row.is_only("stream", "grade"):
            continue
        name = f"{row.stream.replace('_', ' ')}, grade {row.grade}"
        found.append((name, row))
    return found
