"""What all charts share: sizes, fonts, axes, and series that are told apart without colour."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import altair as alt

from sim.report.charts.palette import PRINT, Palette, dashes, shapes
from sim.results import Estimate

Figure: TypeAlias = (
    alt.Chart | alt.LayerChart | alt.FacetChart | alt.HConcatChart | alt.VConcatChart
)
Values: TypeAlias = list[dict[str, Any]]

WIDTH: Final = PRINT.width
"""Units across a whole picture; the page scales it to the column."""
KEY_WIDTH: Final = 215
"""Units across the key beside a picture."""
KEY_LETTERS: Final = 25
"""Letters of a title in one line of it."""
KEY_LINE: Final = 14
"""Units from one such line to the next."""

# Measured by the renderer and found on any system; the page's own font would move the labels.
FONT: Final = "Arial, Helvetica, sans-serif"
_SMALL: Final = 12
_LEGEND_LINE: Final = 18
_NARROW_NAMES: Final = 100
_LETTER: Final = 7
_TITLE: Final = 12.5


@dataclass(frozen=True)
class Series:
    """Colour, dash and shape for each of some names; the baseline's is solid and darkest."""

    names: Sequence[str]
    palette: Palette

    def colour(self, field: str = "scenario") -> alt.Color:
        """Encode colour."""
        scale = alt.Scale(
            domain=list(self.names), range=self.palette.scale("series", len(self.names))
        )
        return alt.Color(f"{field}:N", scale=scale, legend=None)

    def dash(self, field: str = "scenario") -> alt.StrokeDash:
        """Encode dash."""
        scale = alt.Scale(domain=list(self.names), range=dashes(len(self.names)))
        return alt.StrokeDash(f"{field}:N", scale=scale, legend=None)

    def shape(self, field: str = "scenario") -> alt.Shape:
        """Encode shape."""
        scale = alt.Scale(domain=list(self.names), range=shapes(len(self.names)))
        return alt.Shape(f"{field}:N", scale=scale, legend=None)


def in_lines(words: str, width: int) -> list[str]:
    """Words in lines of at most so many letters, as a chart writes them one below the other."""
    return textwrap.wrap(words, width) or [""]


def data(values: Values) -> alt.InlineData:
    """Rows as a chart takes them: as text, for altair copies its parts again and again."""
    return alt.InlineData(values=json.dumps(values), format=alt.JsonDataFormat(type="json"))


def styled(chart: Figure, palette: Palette) -> dict[str, Any]:
    """A chart's whole specification, in the colours of a palette."""
    ink, muted, grid = palette["ink"], palette["muted"], palette["grid"]
    finished = (
        chart.configure(font=FONT, background=palette["paper"], padding=6)
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=ink,
            titleColor=ink,
            labelFontSize=_SMALL,
            titleFontSize=_TITLE,
            titleFontWeight="normal",
            titlePadding=8,
            gridColor=grid,
            domainColor=muted,
            tickColor=muted,
        )
        .configure_text(font=FONT, fontSize=_SMALL, color=ink)
        .configure_title(color=ink, fontSize=13, fontWeight="bold", anchor="start", offset=6)
        .configure_header(labelColor=ink, titleColor=ink, labelFontSize=13)
        .configure_concat(spacing=14)
    )
    spec: dict[str, Any] = finished.to_dict(validate=False)
    return spec


def legend(palette: Palette, fills: Sequence[tuple[str, str | None]], step: int) -> Figure:
    """Squares with words, in a line; a word without a colour stands alone.

    Parameters
    ----------
    palette
        Colours by name.
    fills
        Words, and the name of their colour.
    step
        Units from one to the next; those that have no room in a line stand below.
    """
    across = max(1, min(len(fills), palette.width // step))
    values: Values = [
        {
            "x": place % across * step,
            "y": 9 + _LEGEND_LINE * (place // across),
            "text": words,
            "fill": colour,
        }
        for place, (words, colour) in enumerate(fills)
    ]
    height = _LEGEND_LINE * (1 + (len(fills) - 1) // across)
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, step * across]), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[height, 0]), axis=None)
    layers = [
        alt.Chart(data([value]))
        .mark_point(
            shape="square", filled=True, size=150, opacity=1, xOffset=6, strokeWidth=0.8,
            color=palette[value["fill"]], stroke=palette["muted"],
        )
        .encode(x=x, y=y)
        for value in values
        if value["fill"] is not None
    ]  # fmt: skip
    words = alt.Chart(data(values)).mark_text(align="left", dx=19).encode(x=x, y=y, text="text:N")
    return alt.layer(*layers, words).properties(width=step * across, height=height)


def name_axis(names: Mapping[str, str], palette: Palette, width: int, **more: Any) -> alt.Axis:  # noqa: ANN401
    """An axis of names, each in as many lines as it needs.

    Parameters
    ----------
    names
        What is said, by what the rows say.
    palette
        Of its picture; a narrow one has less room.
    width
        Units for the names in a wide picture.
    """
    room = names_room(palette, width)
    lines = {name: in_lines(said, room // _LETTER) for name, said in names.items()}
    return alt.Axis(
        title=None,
        labelLimit=room,
        minExtent=room,
        labelExpr=f"({json.dumps(lines)})[datum.value]",
        **more,
    )


def names_room(palette: Palette, width: int) -> int:
    """Units for names beside a picture."""
    return min(width, _NARROW_NAMES) if palette.narrow else width


def key_of(
    values: Values, series: Series, height: int, point_size: int
) -> tuple[alt.Chart, list[alt.Chart]]:
    """The series by name, so that no colour needs to be matched.

    Parameters
    ----------
    values
        ``scenario``, ``name`` in lines and ``y`` of each, and what further layers show.
    series
        Colours, dashes and shapes.
    height
        Of the key, in units; it is `KEY_WIDTH` wide.
    point_size
        Of the points, in square units.

    Returns
    -------
    base
        To draw further layers on, each at `key_x`.
    layers
        Line, point and name.
    """
    base = alt.Chart(data(values)).encode(
        y=alt.Y("y:Q", scale=alt.Scale(domain=[height, 0]), axis=None)
    )
    line = base.mark_rule(strokeWidth=2.4).encode(
        x=key_x(2), x2=alt.X2Datum(34), color=series.colour(), strokeDash=series.dash()
    )
    point = base.mark_point(size=point_size, filled=True, opacity=1).encode(
        x=key_x(18), color=series.colour(), shape=series.shape()
    )
    name = base.mark_text(align="left", fontWeight="bold", lineHeight=KEY_LINE).encode(
        x=key_x(42), text="name:N"
    )
    return base, [line, point, name]


def key_x(place: int) -> alt.X:
    """So many units from the left of a key."""
    scale = alt.Scale(domain=[0, KEY_WIDTH])
    return alt.X(datum=place, scale=scale, type="quantitative", axis=None)


def limits(row: Estimate, scale: float = 1.0) -> dict[str, float | None]:
    """Value, low and high of a row in a chart's unit."""
    ends = {"value": row.value, "low": row.low, "high": row.high}
    return {key: None if end is None else end * scale for key, end in ends.items()}


def in_minutes(row: Estimate) -> dict[str, float | None]:
    """Value, low and high of a time in minutes."""
    return limits(row, 60.0 if row.unit == "hours" else 1.0)


def percent_axis(title: str | None, **more: Any) -> alt.Axis:  # noqa: ANN401
    """An axis of shares, written as percentages."""
    return alt.Axis(title=title, format=".0%", tickCount=5, **more)
