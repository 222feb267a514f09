"""Tornado charts: how far a figure, or a difference, moves over the range of each thing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import altair as alt

from sim.report.charts.common import Figure, Values, data, name_axis, names_room
from sim.report.scale import scale_of

if TYPE_CHECKING:
    from sim.answers import Estimated
    from sim.answers.sensitivity.document import Sensitivity
    from sim.report.charts.palette import Palette
    from sim.report.scale import Scale

_NAMES_WIDTH: Final = 230
_ROW: Final = 36
_MOST: Final = 12


def tornado(document: Sensitivity, palette: Palette) -> Figure | None:
    """Change of the baseline's figure with each thing at either end of its range."""
    things = [one for one in document.things if one.low is not None or one.high is not None]
    bars = [(one.what, one.low, one.high) for one in things[:_MOST]]
    scale = scale_of(document.own)
    return _drawn(bars, palette, scale, f"{scale.of_reports}: change from the file's own")


def tornado_of_difference(document: Sensitivity, palette: Palette) -> Figure | None:
    """The first other scenario's difference from the baseline with each thing at either end."""
    found = [
        (one.what, one.differences[0].low, one.differences[0].high)
        for one in document.things
        if one.differences
    ]
    found.sort(key=lambda bar: abs(bar[1].number - bar[2].number), reverse=True)
    scale = scale_of(document.own)
    return _drawn(
        found[:_MOST], palette, scale, f"{scale.of_reports}: difference from the baseline"
    )


def _drawn(
    bars: Sequence[tuple[str, Estimated | None, Estimated | None]],
    palette: Palette,
    scale: Scale,
    title: str,
) -> Figure | None:
    if not bars:
        return None
    values: Values = []
    for place, (_, low, high) in enumerate(bars):
        for end, one, fill in (("low", low, "series-2"), ("high", high, "series-1")):
            if one is None or one.value is None:
                continue
            times = scale.times
            values.append(
                {
                    "thing": str(place),
                    "end": end,
                    "value": one.value * times,
                    "least": (one.value if one.low is None else one.low) * times,
                    "most": (one.value if one.high is None else one.high) * times,
                    "fill": palette[fill],
                    "text": end,
                }
            )
    said = {str(place): f"{what[:1].upper()}{what[1:]}" for place, (what, _, _) in enumerate(bars)}
    x = alt.X("value:Q", axis=alt.Axis(title=title, tickCount=6))
    y = alt.Y("thing:N", sort=list(said), axis=name_axis(said, palette, _NAMES_WIDTH))
    base = alt.Chart(data(values))
    spans: Values = [
        {
            "thing": name,
            "from": min(one["value"] for one in values if one["thing"] == name),
            "to": max(one["value"] for one in values if one["thing"] == name),
        }
        for name in said
        if any(one["thing"] == name for one in values)
    ]
    low_word = alt.datum.end == "low"
    chart: Figure = alt.layer(
        alt.Chart(data(spans))
        .mark_bar(height=10, color=palette["muted"], opacity=0.35)
        .encode(x=alt.X("from:Q", axis=alt.Axis(title=title, tickCount=6)), x2="to:Q", y=y),
        base.mark_rule(strokeWidth=1.5).encode(
            x="least:Q", x2="most:Q", y=y, color=alt.Color("fill:N", scale=None)
        ),
        base.transform_filter(low_word)
        .mark_point(filled=True, size=70, shape="circle", opacity=1)
        .encode(x=x, y=y, color=alt.Color("fill:N", scale=None)),
        base.transform_filter(alt.datum.end == "high")
        .mark_point(filled=True, size=70, shape="square", opacity=1)
        .encode(x=x, y=y, color=alt.Color("fill:N", scale=None)),
    ).properties(
        width=palette.width - names_room(palette, _NAMES_WIDTH) - 30,
        height=_ROW * len(said),
        title=alt.TitleParams(
            "Circle: low end of the range. Square: high end.", fontSize=12, fontWeight="normal"
        ),
    )
    return chart
