"""When it goes wrong, who was on duty then, and who is busy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import altair as alt

from sim.report.charts.common import Figure, Values, data, in_lines, legend
from sim.report.charts.palette import Palette
from sim.results import Document

LEAST_CASES: Final = 30
"""Cells with fewer cases are not shaded."""

DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_NAMES_WIDTH: Final = 165
_MISSED: Final = ("under 60%", "60 to 70%", "70 to 80%", "80 to 90%", "90% or more")
_MISSED_FROM: Final = (0.0, 0.6, 0.7, 0.8, 0.9)
_BUSY_FROM: Final = (0.0, 0.2, 0.4, 0.6, 0.8)
_BUSY: Final = ("under 20%", "20 to 40%", "40 to 60%", "60 to 80%", "80% or more")
_STAFFED_FROM: Final = (0.0, 0.5, 0.85)
_STAFFED: Final = ("under half of its most", "half or more", "85% or more")
_CELL: Final = 23
_LETTERS: Final = 100
_NARROW_CELL: Final = 14
_NARROW_ROW: Final = 40
_NARROW_LETTERS: Final = 42


def week(document: Document, palette: Palette) -> Figure | None:
    """Share missed by hour of the week, above the people on duty by hour of the day."""
    hours = document.along(document.baseline, "arrived_within_target", "hour")
    if not hours:
        return None
    values: Values = []
    for hour, row in hours.items():
        day, of_day = divmod(int(hour), 24)
        few = row.n < LEAST_CASES or row.value is None
        missed = None if few else 1 - row.number
        values.append(
            {
                "day": DAYS[day],
                "hour": of_day,
                "step": None if missed is None else _step(missed, _MISSED_FROM),
                "text": "·" if missed is None else f"{100 * missed:.0f}",
            }
        )
    title = f"Share of {document.context.reports} missing the target, by hour of the report (%)"
    chart = alt.vconcat(
        legend(palette, [*_steps(_MISSED, "heat"), (f"· under {LEAST_CASES} cases", None)], 92),
        _cells(values, palette, "heat", list(DAYS), "day", title),
        spacing=6,
    )
    bands = _bands(document, palette)
    joined: Figure = chart if bands is None else alt.vconcat(chart, bands, spacing=18)
    return joined


def busy(document: Document, palette: Palette) -> Figure | None:
    """Share of time on duty spent on work, by pool and hour of the day, of the baseline."""
    values: Values = []
    pools = list(document.pools(document.baseline))
    for pool in pools:
        for hour, row in document.baseline.along("utilisation", "hour", pool=pool).items():
            if row.value is None:
                continue
            values.append(
                {
                    "pool": document.context.pool(pool),
                    "hour": hour,
                    "step": _step(row.value, _BUSY_FROM),
                    "text": f"{100 * row.value:.0f}",
                }
            )
    if not values:
        return None
    title = "Share of time on duty spent on work, by hour of the day (%)"
    names = [document.context.pool(pool) for pool in pools]
    chart: Figure = alt.vconcat(
        legend(palette, [*_steps(_BUSY, "load"), ("empty: nobody", None)], 92),
        _cells(values, palette, "load", names, "pool", title),
        spacing=6,
    )
    return chart


def _steps(words: Sequence[str], scale: str) -> list[tuple[str, str | None]]:
    return [(word, f"{scale}-{place}") for place, word in enumerate(words)]


def missed_step(missed: float) -> int:
    """Shade of a share that misses the target, from 0."""
    return _step(missed, _MISSED_FROM)


def busy_step(share: float) -> int:
    """Shade of a share of time in work, from 0."""
    return _step(share, _BUSY_FROM)


def _bands(document: Document, palette: Palette) -> Figure | None:
    rows = [row for row in document.background.on_duty if row.scenario == document.baseline.name]
    if not rows:
        return None
    most = {row.pool: max(other.high for other in rows if other.pool == row.pool) for row in rows}
    pools = list(dict.fromkeys(row.pool for row in rows))
    values: Values = [
        {
            "pool": document.context.pool(row.pool),
            "hour": row.hour,
            "step": _step(row.value / most[row.pool], _STAFFED_FROM),
            "text": f"{row.value:.0f}" if row.value >= 10 else f"{round(row.value, 1):g}",
        }
        for row in rows
        if row.value > 0
    ]
    names = [document.context.pool(pool) for pool in pools]
    base = alt.Chart(data(values)).encode(x=_hours(palette), y=_rows("pool", names, palette))
    steps = list(range(len(_STAFFED)))
    fill = alt.Scale(domain=steps, range=palette.scale("load", 5)[1:4])
    ink = alt.Scale(domain=steps, range=palette.scale("on-load", 5)[1:4])
    bands = base.mark_bar(height=_CELL - 5, yOffset=_lower(palette)).encode(
        color=alt.Color("step:O", scale=fill, legend=None)
    )
    texts = base.mark_text(fontSize=_font(palette), yOffset=_lower(palette)).encode(
        text="text:N", color=alt.Color("step:O", scale=ink, legend=None)
    )
    drawn = alt.layer(bands, texts, *_above("pool", names, palette)).resolve_scale(
        color="independent"
    )
    key = [(words, f"load-{place + 1}") for place, words in enumerate(_STAFFED)]
    rota = drawn.properties(
        **_size(palette, len(names)),
        title=_title(
            "On duty in those hours: people, leave and sickness taken off (mean of the week)",
            palette,
        ),
    )
    return alt.vconcat(legend(palette, key, 170), rota, spacing=6)


def _cells(
    values: Values, palette: Palette, scale: str, names: list[str], field: str, title: str
) -> Figure:
    """Cells by hour of the day, shaded in steps, each with its number."""
    steps = list(range(5))
    base = alt.Chart(data(values)).encode(x=_hours(palette), y=_rows(field, names, palette))
    fill = alt.Scale(domain=steps, range=palette.scale(scale, 5))
    ink = alt.Scale(domain=steps, range=palette.scale(f"on-{scale}", 5))
    shaded = base.transform_filter("datum.step !== null")
    few = base.transform_filter("datum.step === null")
    layers = [
        shaded.mark_bar(
            height=_CELL - 1, stroke=palette["paper"], strokeWidth=1, yOffset=_lower(palette)
        ).encode(color=alt.Color("step:O", scale=fill, legend=None)),
        shaded.mark_text(fontSize=_font(palette), yOffset=_lower(palette)).encode(
            text="text:N", color=alt.Color("step:O", scale=ink, legend=None)
        ),
        few.mark_text(fontSize=13, yOffset=_lower(palette)).encode(
            text="text:N", color=alt.value(palette["muted"])
        ),
        *_above(field, names, palette),
    ]
    cells: Figure = (
        alt.layer(*layers)
        .resolve_scale(color="independent")
        .properties(**_size(palette, len(names)), title=_title(title, palette))
    )
    return cells


def _rows(field: str, names: list[str], palette: Palette) -> alt.Y:
    """A line for each name; in a narrow picture the names stand above their lines."""
    axis = alt.Axis(title=None, labelLimit=_NAMES_WIDTH, minExtent=_NAMES_WIDTH, ticks=False)
    return alt.Y(
        f"{field}:N",
        sort=names,
        scale=alt.Scale(domain=names),
        axis=None if palette.narrow else axis,
    )


def _above(field: str, names: list[str], palette: Palette) -> list[alt.Chart]:
    """The names above their lines, in a narrow picture."""
    if not palette.narrow:
        return []
    values: Values = [{field: name} for name in names]
    words = alt.Chart(data(values)).mark_text(
        align="left", fontSize=11, yOffset=-_NARROW_ROW / 4, color=palette["ink"]
    )
    return [
        words.encode(x=alt.value(0), y=_rows(field, names, palette), text=alt.Text(f"{field}:N"))
    ]


def _lower(palette: Palette) -> float:
    """How far marks stand under the middle of their line, to make room for its name."""
    return _NARROW_ROW / 5 if palette.narrow else 0.0


def _size(palette: Palette, lines: int) -> dict[str, int]:
    if palette.narrow:
        return {"width": 24 * _NARROW_CELL, "height": _NARROW_ROW * lines}
    return {"width": 24 * _CELL, "height": _CELL * lines}


def _font(palette: Palette) -> float:
    return 8.5 if palette.narrow else 10.5


def _title(words: str, palette: Palette) -> list[str]:
    return in_lines(words, _NARROW_LETTERS if palette.narrow else _LETTERS)


def _hours(palette: Palette) -> alt.X:
    shown = list(range(0, 24, 3)) if palette.narrow else list(range(24))
    return alt.X(
        "hour:O",
        scale=alt.Scale(domain=list(range(24))),
        axis=alt.Axis(
            title="Hour of the day (00: midnight to 01:00)",
            labelAngle=0,
            values=shown,
            labelExpr="pad(datum.label, 2, '0', 'left')",
        ),
    )


def _step(value: float, edges: tuple[float, ...]) -> int:
    return max(place for place, edge in enumerate(edges) if value >= edge)
