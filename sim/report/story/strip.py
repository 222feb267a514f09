"""A timeline as a strip of text: stages on a clock, with shifts and team hours behind it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from sim.results import Timeline
from sim.tables import DAY

__all__ = ["strip_lines", "year_lines"]

_STEPS: Final = (5, 10, 15, 30, 60, 120, 180, 240, 360, 720, 1_440)
_TICK: Final = 7
_MOST_LABEL: Final = 27
_MOST_CELLS: Final = 100
_DAY_MINUTES: Final = 1_440


def strip_lines(timeline: Timeline, width: int, ascii_only: bool) -> list[str]:
    """A lane for each wait and piece of work, then who was on duty meanwhile.

    Parameters
    ----------
    timeline
        One incident from the report to arrival or return.
    width
        Columns at hand, at least 60.
    ascii_only
        Use no character outside ASCII.

    Returns
    -------
    list of str
        No line is wider than `width`.
    """
    wait, work, on = ("-", "#", ".") if ascii_only else ("░", "█", "·")
    pools = list(dict.fromkeys(shift.pool for shift in timeline.shifts))
    duty = {pool: f"On duty: {pool.replace('_', ' ')}" for pool in pools}
    lanes = list(dict.fromkeys(span.lane for span in timeline.spans))
    widest = max([len("Clock"), *map(len, [*lanes, *duty.values()])])
    label = min(widest, _MOST_LABEL)
    cells = max(min(width - label - 2, _MOST_CELLS), 10)
    minutes = max(timeline.unattended_minutes, 1.0)

    def place(minute: float) -> int:
        return min(max(int(minute / minutes * cells), 0), cells - 1)

    def line(name: str, row: Sequence[str]) -> str:
        short = name if len(name) <= label else name[: label - 1] + "."
        return f"{short:<{label}}  {''.join(row)}".rstrip()

    lines = [line("Clock", _axis(timeline.reported, minutes, cells))]
    for lane in lanes:
        row = [" "] * cells
        for span in timeline.spans:
            if span.lane == lane:
                first = place(span.start)
                last = max(first, place(span.end - minutes / cells / 2))
                row[first : last + 1] = (wait if span.waiting else work) * (last - first + 1)
        lines.append(line(lane, row))
    for pool, name in duty.items():
        row = [" "] * cells
        for shift in timeline.shifts:
            if shift.pool != pool or not shift.units:
                continue
            first, last = place(shift.start), place(shift.end - minutes / cells / 2)
            room = max(last - first + 1, 1)
            number = str(shift.units)
            row[first : first + room] = (number if len(number) <= room else "").ljust(room, on)
        lines.append(line(name, row))
    lines.append(
        f"{wait * 3} waits   {work * 3} is worked on   26{on * 3} units on duty   blank: nobody"
    )
    return lines


def year_lines(days: Sequence[int], first: int, last: int, midnight: date) -> list[str]:
    """Reports of a year as one strip: a sign for each week.

    Parameters
    ----------
    days
        Days of the reports, counted from the scenario's first day.
    first, last
        First and last day shown; day 0 begins a week.
    midnight
        The scenario's first day.
    """
    weeks = range(first // 7, last // 7 + 1)
    counts = [sum(1 for day in days if day // 7 == week) for week in weeks]
    months = [" "] * (len(weeks) + 4)
    for place, week in enumerate(weeks):
        start = midnight + timedelta(days=7 * week)
        if start.day <= 7:
            months[place : place + 3] = f"{start:%b}"
    row = "".join("." if not count else str(min(count, 9)) for count in counts)
    begins = list(weeks).index(0)
    mark = "the measured days begin ^" if begins >= 24 else "^ the measured days begin"
    mark = mark.rjust(begins + 1) if begins >= 24 else " " * begins + mark
    return ["".join(months).rstrip(), row, mark]


def _axis(reported: float, minutes: float, cells: int) -> list[str]:
    """Clock times over a strip, at whole steps of the clock."""
    most = max(cells // _TICK, 1)
    step = next((one for one in _STEPS if minutes / one <= most), DAY // 60)
    row = [" "] * cells
    free = 0
    at = -(-int(reported) // step) * step
    at = at if at >= reported else at + step
    while at <= reported + minutes:
        place = int((at - reported) / minutes * cells)
        clock = int(at) % _DAY_MINUTES
        text = f"{clock // 60:02d}:{clock % 60:02d}"
        if place >= free and place + len(text) <= cells:
            row[place : place + len(text)] = text
            free = place + len(text) + 1
        at += step
    return row
