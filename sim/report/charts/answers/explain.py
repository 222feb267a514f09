"""Causes of what goes wrong, a bar with its range for each."""

from __future__ import annotations

from typing import Final

import altair as alt

from sim.answers.explain.document import Explanation
from sim.report.charts.common import Figure, Values, data, name_axis, names_room
from sim.report.charts.palette import Palette
from sim.report.scale import scale_of

_NAMES_WIDTH: Final = 190
_ROW: Final = 46


def causes(document: Explanation, palette: Palette) -> Figure | None:
    """The share of each cause, and what is left with every cause gone."""
    scale = scale_of(document.whole)
    times = scale.times
    values: Values = [
        {
            "cause": name,
            "value": figure.number * times,
            "low": (figure.number if figure.low is None else figure.low) * times,
            "high": (figure.number if figure.high is None else figure.high) * times,
            "fill": palette[fill],
        }
        for name, figure, fill in (
            *((one.name, one.share, "series-1") for one in document.causes),
            ("rest", document.rest, "muted"),
        )
    ]
    said = {one.name: one.title for one in document.causes} | {"rest": "Nothing tried here mends"}
    least = min(0.0, *(value["low"] for value in values))
    x_scale = alt.Scale(domainMin=least, nice=False)
    x = alt.X("value:Q", scale=x_scale, axis=alt.Axis(title=scale.of_reports, tickCount=5))
    y = alt.Y("cause:N", sort=list(said), axis=name_axis(said, palette, _NAMES_WIDTH))
    base = alt.Chart(data(values))
    chart: Figure = alt.layer(
        base.mark_bar(height=16).encode(x=x, y=y, color=alt.Color("fill:N", scale=None)),
        base.mark_rule(strokeWidth=1.5, color=palette["ink"]).encode(x="low:Q", x2="high:Q", y=y),
    ).properties(
        width=palette.width - names_room(palette, _NAMES_WIDTH) - 30, height=_ROW * len(said)
    )
    return chart
