"""Pictures of a force's own log: its delays, and what a scenario predicted of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import altair as alt

from sim.force_log import Diagnosis
from sim.force_log.diagnosis import EXTRA_STAGES
from sim.force_log.replaying.held_against import Compared
from sim.force_log.replaying.replay import BLOCK_HOURS, Replay
from sim.force_log.replaying.verdict import WAIT
from sim.report.charts.common import WIDTH, Figure, Values, data, legend, styled
from sim.report.charts.drawn import svg_for_page
from sim.report.charts.palette import PAGE, Palette
from sim.report.log.summaries import PLACES, STAGES

_NAMES_WIDTH: Final = 210
_LEAST_MINUTES: Final = 0.5
_TICKS: Final = (0.5, 1, 2, 5, 10, 20, 60, 120, 300, 600, 1440, 4320)
_DIGITS: Final = "~r"


def replay_charts(found: Replay) -> dict[str, str]:
    """Pictures of a replay by name, as SVG for a page."""
    drawn = {"by-grade": by_grade(found, PAGE), "by-hour": by_hour(found, PAGE)}
    return _for_page(drawn)


def diagnosis_charts(found: Diagnosis) -> dict[str, str]:
    """Pictures of a diagnosis by name, as SVG for a page."""
    drawn = {"extra-wait": extra_wait(found, PAGE), "waits-by-hour": waits_by_hour(found, PAGE)}
    return _for_page(drawn)


def by_grade(found: Replay, palette: Palette) -> Figure | None:
    """Observed quantiles beside predicted ones with their limits, by grade, on a log scale."""
    panels = []
    for stage, words in STAGES.items():
        rows = [row for row in found.rows if row.stage == stage and row.first_hour is None]
        if rows:
            names = [_name(row) for row in rows]
            panels.append(_against(rows, names, f"Minutes {words}", 26, palette))
    return _below_legend(panels, palette)


def by_hour(found: Replay, palette: Palette) -> Figure | None:
    """Observed and predicted typical waits by four hours of the call, a panel for each grade."""
    panels = []
    for grade in sorted({row.grade for row in found.rows}):
        rows = [
            row
            for row in found.rows
            if row.stage == WAIT and row.grade == grade and row.place == "p50"
            and row.first_hour is not None
        ]  # fmt: skip
        if rows:
            names = [hours_of(row.first_hour or 0) for row in rows]
            title = f"Grade {grade}: minutes from grading to allocation, half within"
            panels.append(_against(rows, names, title, 22, palette))
    return _below_legend(panels, palette)


def extra_wait(found: Diagnosis, palette: Palette) -> Figure | None:
    """How many times as long missing-child jobs wait, with intervals; 1 is no difference."""
    values: Values = [
        {
            "name": f"{STAGES.get(str(one.stage), str(one.stage).replace('_', ' '))}, "
            + ("all grades" if one.grade is None else f"grade {one.grade}"),
            "value": one.value, "low": one.low, "high": one.high,
            "text": f"{one.value:g}",
        }
        for stage in EXTRA_STAGES
        for one in found.figures
        if one.measure == "extra_wait_ratio" and one.stage == stage and one.value
        and one.low and one.high
    ]  # fmt: skip
    if not values:
        return None
    ends = [float(one[key]) for one in values for key in ("low", "high")]
    x = alt.X(
        "value:Q",
        scale=alt.Scale(type="log", domain=[min(0.5, *ends), max(2.0, *ends) * 1.1], nice=False),
        axis=alt.Axis(
            title="Times as long as other jobs of the grade, hour and place (1: no longer)",
            values=[0.25, 0.5, 1, 2, 3, 5, 8, 12, 20], format=_DIGITS,
        ),
    )  # fmt: skip
    names = [one["name"] for one in values]
    y = alt.Y("name:N", sort=names, axis=_names_axis())
    base = alt.Chart(data(values))
    even = alt.Chart(data([{"value": 1.0}])).mark_rule(color=palette["target"], strokeWidth=1.6)
    chart: Figure = alt.layer(
        even.encode(x=alt.X("value:Q")),
        base.mark_rule(strokeWidth=2.4, color=palette["series-1"]).encode(
            x=alt.X("low:Q"), x2="high:Q", y=y
        ),
        base.mark_point(filled=True, size=70, opacity=1, color=palette["series-0"]).encode(
            x=x, y=y
        ),
        base.mark_text(dy=-10).encode(x=x, y=y, text="text:N"),
    ).properties(width=WIDTH - _NAMES_WIDTH - 40, height=34 * len(values) + 10)
    return chart


def waits_by_hour(found: Diagnosis, palette: Palette) -> Figure | None:
    """Typical waits for allocation by hour of the call, a panel for each grade."""
    panels = []
    for grade, waits in hours_by_grade(found):
        values: Values = [
            {"hour": hour, "end": hour + 1, "value": wait, "zero": 0.0}
            for hour, wait in enumerate(waits)
            if wait is not None
        ]
        x = alt.X(
            "hour:Q",
            scale=alt.Scale(domain=[0, 24], nice=False),
            axis=alt.Axis(title="Hour of the call", values=list(range(0, 25, 3)), format="d"),
        )
        y = alt.Y("value:Q", axis=alt.Axis(title=f"Grade {grade}, minutes", tickCount=4))
        panels.append(
            alt.Chart(data(values))
            .mark_rect(color=palette["series-1"], stroke=palette["paper"])
            .encode(x=x, x2="end:Q", y=y, y2="zero:Q")
            .properties(width=WIDTH - 90, height=90)
        )
    return alt.vconcat(*panels, spacing=12) if panels else None


def hours_by_grade(found: Diagnosis) -> Iterator[tuple[int, list[float | None]]]:
    """Yield each grade with its typical waits for allocation by hour of the call, shape (24,)."""
    grades = sorted({one.grade for one in found.figures if one.grade is not None})
    for grade in grades:
        for stage in EXTRA_STAGES[:2]:
            cells = [
                found.find("delay_p50", stage=stage, grade=grade, hour=hour) for hour in range(24)
            ]
            waits = [None if cell is None else cell.value for cell in cells]
            if any(wait is not None for wait in waits):
                yield grade, waits
                break


def hours_of(first: int) -> str:
    """Hours of a block in words, such as "16:00 to 20:00"."""
    return f"{first:02d}:00 to {first + BLOCK_HOURS:02d}:00"


def _name(row: Compared) -> str:
    return f"Grade {row.grade}, {PLACES[row.place]}"


def _names_axis() -> alt.Axis:
    return alt.Axis(title=None, labelLimit=_NAMES_WIDTH, minExtent=_NAMES_WIDTH)


def _minutes(rows: Sequence[Compared], title: str) -> tuple[alt.Scale, alt.Axis]:
    ends = [max(value, _LEAST_MINUTES) for row in rows for value in (row.low, row.high,
                                                                     row.observed)]  # fmt: skip
    low, high = min(ends) * 0.9, max(ends) * 1.15
    ticks = [tick for tick in _TICKS if low <= tick <= high]
    return (
        alt.Scale(type="log", domain=[low, high], nice=False, clamp=True),
        alt.Axis(title=title, format=_DIGITS, values=ticks),
    )


def _against(
    rows: Sequence[Compared], names: Sequence[str], title: str, row_height: int, palette: Palette
) -> Figure:
    """A point for what was observed over a bar for what was predicted."""
    values: Values = [
        {
            "name": name,
            **{
                key: max(getattr(row, key), _LEAST_MINUTES)
                for key in ("observed", "predicted", "low", "high")
            },
        }
        for row, name in zip(rows, names, strict=True)
    ]
    base = alt.Chart(data(values))
    y = alt.Y("name:N", sort=list(names), axis=_names_axis())
    scale, axis = _minutes(rows, title)
    x, low, seen = (
        alt.X(f"{key}:Q", scale=scale, axis=axis) for key in ("predicted", "low", "observed")
    )
    layers: Figure = alt.layer(
        base.mark_rule(strokeWidth=9, opacity=0.4, color=palette["series-1"]).encode(
            x=low, x2="high:Q", y=y
        ),
        base.mark_tick(thickness=3, size=16, opacity=1, color=palette["series-1"]).encode(x=x, y=y),
        base.mark_point(shape="circle", filled=True, size=64, opacity=1, color=palette["series-0"])
        .encode(x=seen, y=y),
    ).properties(width=WIDTH - _NAMES_WIDTH - 40, height=row_height * len(names))  # fmt: skip
    return layers


def _below_legend(panels: Sequence[Figure], palette: Palette) -> Figure | None:
    if not panels:
        return None
    words = [("observed, in the log", "series-0"), ("predicted, with limits", "series-1")]
    picture: Figure = alt.vconcat(legend(palette, words, 190), *panels, spacing=12)
    return picture


def _for_page(drawn: dict[str, Figure | None]) -> dict[str, str]:
    return {
        name: svg_for_page(styled(figure, PAGE), name)
        for name, figure in drawn.items()
        if figure is not None
    }
