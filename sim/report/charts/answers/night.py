"""One night hour by hour, full and short, or under two scenarios."""

from __future__ import annotations

import altair as alt

from sim.answers.night.document import Night
from sim.report.charts.common import Figure, Values, data
from sim.report.charts.palette import Palette
from sim.report.sections.answers.night import sides_of

_HEIGHT = 220


def by_hour(document: Night, palette: Palette) -> Figure | None:
    """Mean minutes unattended by the hour of the report, with ranges."""
    sides = sides_of(document)
    values: Values = [
        {
            "place": place,
            "hour": f"{one.hour:02d}",
            "side": side,
            "value": figure.value,
            "low": figure.value if figure.low is None else figure.low,
            "high": figure.value if figure.high is None else figure.high,
        }
        for place, one in enumerate(document.by_hour)
        for side, figure in zip(sides, (one.full, one.short), strict=True)
        if figure.value is not None
    ]
    if not values:
        return None
    hours = [f"{one.hour:02d}" for one in document.by_hour]
    x = alt.X("hour:N", sort=hours, axis=alt.Axis(title="Hour of the report", labelAngle=0))
    y = alt.Y("value:Q", axis=alt.Axis(title="Minutes", tickCount=5))
    fills = alt.Scale(domain=list(sides), range=[palette["series-1"], palette["series-2"]])
    ends: Values = [one for one in values if one["hour"] == values[-1]["hour"]]
    base = alt.Chart(data(values))
    chart: Figure = alt.layer(
        base.mark_rule(strokeWidth=1.5, opacity=0.5).encode(
            x=x, y="low:Q", y2="high:Q", color=alt.Color("side:N", scale=fills, legend=None)
        ),
        base.mark_line(point=True).encode(
            x=x, y=y, color=alt.Color("side:N", scale=fills, legend=None)
        ),
        alt.Chart(data(ends))
        .mark_text(align="left", dx=8, fontWeight="bold")
        .encode(x=x, y=y, text="side:N", color=alt.Color("side:N", scale=fills, legend=None)),
    ).properties(width=palette.width - 60, height=_HEIGHT)
    return chart
