"""One simulated incident as a strip of stages on a clock, with who was on duty behind it."""

from __future__ import annotations

from typing import Final

import altair as alt

from sim.report.charts.common import Figure, Values, data, legend, name_axis, names_room
from sim.report.charts.palette import Palette
from sim.results import Context, Timeline

_NAMES_WIDTH: Final = 190
_LANE: Final = 28
_NARROW_LANE: Final = 44
_STEPS: Final = (5, 10, 15, 30, 60, 120, 180, 240, 360, 720)


def strip(timeline: Timeline, context: Context, palette: Palette) -> Figure:
    """A lane for each wait and each piece of work, then who was on duty meanwhile."""
    lanes = list(dict.fromkeys(span.lane for span in timeline.spans))
    pools = list(dict.fromkeys(shift.pool for shift in timeline.shifts))
    duty = {pool: f"On duty: {context.pool(pool)}" for pool in pools}
    names = [*lanes, *duty.values()]
    begin, end = timeline.reported, timeline.reported + timeline.unattended_minutes
    spans: Values = [
        {
            "lane": span.lane,
            "from": begin + span.start,
            "to": begin + span.end,
            "what": "wait" if span.waiting else "work",
        }
        for span in timeline.spans
    ]
    shifts: Values = [
        {
            "lane": duty[shift.pool],
            "from": begin + shift.start,
            "to": begin + shift.end,
            "middle": begin + (shift.start + shift.end) / 2,
            "text": str(shift.units),
        }
        for shift in timeline.shifts
        if shift.units
    ]
    most = 4 if palette.narrow else 9
    step = next((step for step in _STEPS if (end - begin) / step <= most), _STEPS[-1])
    first = int(begin // step) * step
    ticks = [first + step * place for place in range(int((end - first) // step) + 2)]
    x = alt.X(
        "from:Q",
        scale=alt.Scale(domain=[first, max(ticks[-1], end)], nice=False),
        axis=alt.Axis(
            title="Clock (hours and minutes)",
            values=ticks,
            labelExpr="pad(floor(datum.value / 60) % 24, 2, '0', 'left') + ':' + "
            "pad(datum.value % 60, 2, '0', 'left')",
        ),
    )
    y = alt.Y(
        "lane:N",
        sort=names,
        scale=alt.Scale(domain=names, paddingInner=0.18),
        axis=name_axis({name: name for name in names}, palette, _NAMES_WIDTH, ticks=False),
    )
    colours = alt.Scale(domain=["wait", "work"], range=[palette["stage-1"], palette["stage-0"]])
    marks = data(
        [
            {"from": begin, "text": "reported"},
            {"from": end, "text": timeline.became},
        ]
    )
    room = (end - begin) / 22
    layers: list[alt.Chart] = [
        alt.Chart(data(shifts))
        .mark_bar(color=palette["load-1"], stroke=palette["paper"], strokeWidth=2)
        .encode(x=x, x2="to:Q", y=y),
        alt.Chart(data([s for s in shifts if s["to"] - s["from"] > room]))
        .mark_text(fontSize=11, color=palette["on-load-1"])
        .encode(x="middle:Q", y=y, text="text:N"),
        alt.Chart(data(spans))
        .mark_bar(stroke=palette["ink"], strokeWidth=0.8, minBandSize=2)
        .encode(x=x, x2="to:Q", y=y, color=alt.Color("what:N", scale=colours, legend=None)),
        alt.Chart(marks).mark_rule(strokeDash=[4, 3], color=palette["ink"]).encode(x=x),
    ]
    chart = alt.layer(*layers).properties(
        width=palette.width - names_room(palette, _NAMES_WIDTH) - 50,
        height=(_NARROW_LANE if palette.narrow else _LANE) * len(names),
    )
    key = [("waiting", "stage-1"), ("being worked on", "stage-0"), ("units on duty", "load-1")]
    picture: Figure = alt.vconcat(
        legend(palette, key, 118 if palette.narrow else 150), chart, spacing=8
    )
    return picture
