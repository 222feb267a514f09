"""When nobody of some pools is on duty, in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final, NamedTuple

import numpy as np

from sim.scenario.calendar import date_of, shift_dates
from sim.scenario.fields import WEEKDAYS
from sim.scenario.models import Calendar
from sim.scenario.people import Pool

_DAYS: Final = 28
"""Days from the first that are looked at: whole weeks, and long enough for most rota cycles."""

_BESIDE: Final = 7
"""Days before and after them, so that a gap over midnight is seen whole."""

_DAY: Final = 1440
_MOST_TOLD: Final = 2
_NAMES: Final = dict(
    zip(
        WEEKDAYS,
        ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"),
        strict=True,
    )
)


class _Gap(NamedTuple):
    """A stretch of minutes without anybody: minute of the day, length, and the days it begins."""

    start: int
    length: int
    days: tuple[int, ...]


def hours_without(pools: Iterable[Pool], calendar: Calendar) -> str | None:
    """Return when nobody of some pools is on duty in the first four weeks.

    Parameters
    ----------
    pools
        Pools of which any one will do.
    calendar
        It says which date is the first day, and which are bank holidays.

    Returns
    -------
    str or None
        Such as "from 02:00 to 07:00 every day"; None where somebody always is.
    """
    there = _covered(pools, calendar)
    if there.all():
        return None
    if not there.any():
        return "at any time"
    gaps = _gaps(there)
    told = [_in_words(gap, calendar) for gap in gaps[:_MOST_TOLD]]
    if len(gaps) > _MOST_TOLD:
        told.append("at other times")
    return ", and ".join(told) if told else None


def _covered(
    pools: Iterable[Pool], calendar: Calendar
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return whether anybody is on duty, minute by minute from `_BESIDE` days before the first."""
    there = np.zeros((_DAYS + 2 * _BESIDE) * _DAY, dtype=np.bool_)
    begin = date_of(calendar, -_BESIDE)
    for pool in pools:
        for shift in pool.shifts:
            away = pool.abstraction if shift.abstraction is None else shift.abstraction
            if shift.people == 0 or away == 1:
                continue
            last = date_of(calendar, _DAYS + _BESIDE - 1)
            for on in shift_dates(shift, calendar, begin - timedelta(days=1), last):
                if shift.absent_on(on) == shift.people:
                    continue
                start = (on - begin).days * _DAY + shift.start
                there[max(start, 0) : max(start + shift.length_minutes, 0)] = True
    return there


def _gaps(there: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> list[_Gap]:
    """Return the gaps of the first four weeks, those that cost most hours first."""
    edges = np.flatnonzero(np.diff(np.concatenate(([1], there.view(np.int8), [1]))))
    days: dict[tuple[int, int], list[int]] = defaultdict(list)
    for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        day = start // _DAY - _BESIDE
        if 0 <= day < _DAYS:
            days[start % _DAY, end - start].append(day)
    gaps = [_Gap(start, length, tuple(begun)) for (start, length), begun in days.items()]
    return sorted(gaps, key=lambda gap: (-gap.length * len(gap.days), gap.start))


def _in_words(gap: _Gap, calendar: Calendar) -> str:
    clock = f"{gap.start // 60:02d}:{gap.start % 60:02d}"
    if gap.length < _DAY:
        end = (gap.start + gap.length) % _DAY or _DAY
        hours = f"from {clock} to {end // 60:02d}:{end % 60:02d}"
    else:
        hours = f"for {gap.length / 60:g} hours from {clock}"
    return f"{hours} {_which_days(gap.days, calendar)}"


def _which_days(days: Sequence[int], calendar: Calendar) -> str:
    if len(days) == _DAYS:
        return "every day"
    counts = np.bincount([date_of(calendar, day).weekday() for day in days], minlength=7)
    if set(counts.tolist()) <= {0, _DAYS // 7}:
        names = [_NAMES[WEEKDAYS[place]] for place in np.flatnonzero(counts).tolist()]
        return f"on {_joined(names)}"
    return f"on {len(days)} of the first {_DAYS} days"


def _joined(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
