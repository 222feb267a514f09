"""What money buys: each rota's price against its figure, and the best at each price."""

from __future__ import annotations

import altair as alt

from sim.answers.sizing.document import Sizing
from sim.report.charts.common import Figure, Values, data
from sim.report.charts.palette import Palette

_HEIGHT = 260


def frontier(document: Sizing, palette: Palette) -> Figure | None:
    """Pounds a week beyond today's against the figure: all that were judged, the best joined."""
    if not document.candidates:
        return None
    share = document.today.unit == "share"
    times = 100.0 if share else 1.0
    values: Values = [
        {
            "pounds": one.pounds,
            "value": (one.fresh if one.is_answer and one.fresh else one.searched).number * times,
            "kind": "answer" if one.is_answer else ("best" if one.on_frontier else "judged"),
        }
        for one in document.candidates
    ]
    front: Values = [
        {"pounds": one.pounds, "value": one.searched.number * times}
        for one in document.candidates
        if one.on_frontier
    ]
    unit = (
        "Reports in 100" if share else f"{document.today.unit[:1].upper()}{document.today.unit[1:]}"
    )
    x = alt.X("pounds:Q", axis=alt.Axis(title="Pounds a week beyond today's", format="+,.0f"))
    y = alt.Y("value:Q", scale=alt.Scale(zero=False), axis=alt.Axis(title=unit, tickCount=5))
    fills = alt.Scale(
        domain=["judged", "best", "answer"],
        range=[palette["muted"], palette["series-1"], palette["series-2"]],
    )
    asked: Values = [{"value": document.bound * times, "said": "asked for"}]
    answers: Values = [one | {"said": "the answer"} for one in values if one["kind"] == "answer"]
    first: Values = [one | {"said": "best at each price, search"} for one in front[-1:]]
    layers = [
        alt.Chart(data(values))
        .mark_circle(size=34, opacity=0.7)
        .encode(x=x, y=y, color=alt.Color("kind:N", scale=fills, legend=None)),
        alt.Chart(data(front)).mark_line(color=palette["series-1"]).encode(x=x, y=y),
        alt.Chart(data(first))
        .mark_text(align="right", dx=-8, dy=12, color=palette["series-1"])
        .encode(x=x, y=y, text="said:N"),
        alt.Chart(data(answers))
        .mark_point(size=160, filled=True, color=palette["series-2"], shape="diamond")
        .encode(x=x, y=y),
        alt.Chart(data(answers))
        .mark_text(align="left", dx=10, fontWeight="bold", color=palette["series-2"])
        .encode(x=x, y=y, text="said:N"),
    ]
    if document.budget is None:
        line = alt.Chart(data(asked))
        layers += [
            line.mark_rule(strokeDash=[4, 3], color=palette["ink"]).encode(y=y),
            line.mark_text(align="right", dy=-6, color=palette["ink"]).encode(
                x=alt.value("width"), y=y, text="said:N"
            ),
        ]
    chart: Figure = alt.layer(*layers).properties(width=palette.width - 60, height=_HEIGHT)
    return chart
