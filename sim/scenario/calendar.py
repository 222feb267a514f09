"""Dates: days of the calendar, the dates on which shifts begin, and hourly rates of demand.

A day is named by its number, counted from the calendar's first day, which is day 0; days before
it, of the warm-up, are negative. Every day has 24 hours: clock changes are ignored.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.scenario.demand import DeskWork, IncidentStream, Profile
from sim.scenario.fields import WEEKDAYS
from sim.scenario.models import Calendar
from sim.scenario.people import Shift

_HOURS_PER_YEAR: Final = 365 * 24
_HIGHEST_LEVEL: Final = 1 - 2.0**-53
"""No uniform is above this."""

_MONTH_DAYS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def date_of(calendar: Calendar, day: int) -> date:
    """Return the date of a day number."""
    return calendar.first_day + timedelta(days=day)


def day_of(calendar: Calendar, on: date) -> int:
    """Return the day number of a date."""
    return (on - calendar.first_day).days


def weekday(calendar: Calendar, day: int) -> int:
    """Return the day of the week of a day number, Monday being 0."""
    return date_of(calendar, day).weekday()


def month(calendar: Calendar, day: int) -> int:
    """Return the month of a day number, 1 to 12."""
    return date_of(calendar, day).month


def is_bank_holiday(calendar: Calendar, day: int) -> bool:
    """Tell whether a day is a bank holiday."""
    return date_of(calendar, day) in calendar.bank_holidays


def is_school_holiday(calendar: Calendar, day: int) -> bool:
    """Tell whether a day lies in the school holidays, first and last day included."""
    on = date_of(calendar, day)
    return any(run.first <= on <= run.last for run in calendar.school_holidays)


def shift_dates(shift: Shift, calendar: Calendar, first: date, last: date) -> Iterator[date]:
    """Yield the dates on which a shift begins.

    A date is given where all that the shift says holds of it: its day of the week is in `days`,
    its day of the cycle in `cycle.on_days`, it is a bank holiday or none as `bank_holidays` asks,
    and it lies from `from_date` to `until_date`. A shift over midnight belongs to the date on
    which it begins.

    Parameters
    ----------
    shift
        The shift.
    calendar
        It says which dates are bank holidays.
    first, last
        The range searched, both included.

    Yields
    ------
    date
        In order.
    """
    start = first if shift.from_date is None else max(first, shift.from_date)
    end = last if shift.until_date is None else min(last, shift.until_date)
    days = set(WEEKDAYS if shift.days is None else shift.days)
    cycle = shift.cycle
    on_days = set() if cycle is None else set(cycle.on_days)
    bank_holidays = set(calendar.bank_holidays)
    for number in range((end - start).days + 1):
        on = start + timedelta(days=number)
        if WEEKDAYS[on.weekday()] not in days:
            continue
        if cycle is not None and (on - cycle.starts).days % cycle.length_days + 1 not in on_days:
            continue
        only = shift.bank_holidays == "only"
        if shift.bank_holidays == "as_usual" or (on in bank_holidays) == only:
            yield on


def hourly_rates(
    stream: DeskWork | IncidentStream,
    profile: Profile,
    calendar: Calendar,
    first_day: int,
    days: int,
) -> npt.NDArray[np.float64]:
    """Return the rate of a stream's reports (or desk tasks) in each hour of a range of days.

    Parameters
    ----------
    stream
        Its yearly volume, season and holiday factors.
    profile
        The spread over the hours of the week.
    calendar
        The dates.
    first_day
        Number of the first day; negative in the warm-up.
    days
        How many days, at least 0.

    Returns
    -------
    ndarray of float64, shape (24 * days,)
        Reports an hour, hour by hour from the first day's midnight.

    Notes
    -----
    The weights of the week are scaled to a mean of 1, and so are the month factors, each month
    counting by its days in a year of 365. Over whole weeks without holidays the mean rate times
    8,760 hours is therefore ``volume_per_year``, up to the season of those weeks. The factors of
    bank and school holidays multiply on top and are not scaled back: a school holiday factor
    above 1 adds to the year's volume. A day that is both has both factors.
    """
    week = np.asarray(profile.weights(), dtype=np.float64).reshape(7, 24)
    season = _season(stream)
    on = _days(
        date_of(calendar, first_day),
        days,
        tuple(calendar.bank_holidays),
        tuple((run.first, run.last) for run in calendar.school_holidays),
    )
    factors = season[on.months]
    factors[on.bank_holidays] *= stream.bank_holiday_factor
    factors[on.school_holidays] *= stream.school_holiday_factor
    mean = stream.volume_per_year / _HOURS_PER_YEAR
    rates = mean * factors[:, np.newaxis] * (week / week.mean())[on.weekdays]
    return np.ascontiguousarray(rates.ravel())


class _Days(NamedTuple):
    """What rates depend on of a run of days, shape (days,) each; shared by all streams."""

    weekdays: npt.NDArray[np.int64]
    months: npt.NDArray[np.int64]
    bank_holidays: npt.NDArray[np.bool_]
    school_holidays: npt.NDArray[np.bool_]


@lru_cache(maxsize=64)
def _days(
    first: date,
    count: int,
    bank_holidays: tuple[date, ...],
    school_holidays: tuple[tuple[date, date], ...],
) -> _Days:
    dates = np.datetime64(first, "D") + np.arange(count)
    in_school_holidays = np.zeros(count, dtype=np.bool_)
    for begins, ends in school_holidays:
        in_school_holidays |= (dates >= np.datetime64(begins)) & (dates <= np.datetime64(ends))
    return _Days(
        (first.weekday() + np.arange(count)) % 7,
        dates.astype("datetime64[M]").astype(np.int64) % 12,
        np.isin(dates, np.array(bank_holidays, dtype="datetime64[D]")),
        in_school_holidays,
    )


def day_factor(variation: float, level: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return the factor of a day: the quantile of a gamma law of mean 1.

    Parameters
    ----------
    variation
        Standard deviation of the factor, at least 0; at 0 every factor is 1.
    level
        Levels in (0, 1), of any shape.

    Returns
    -------
    ndarray of float64
        Of the levels' shape.
    """
    levels = np.asarray(level, dtype=np.float64)
    if variation == 0:
        return np.ones(levels.shape)
    from scipy.special import gammaincinv

    shape = 1 / variation**2
    return np.asarray(gammaincinv(shape, levels) / shape, dtype=np.float64)


def busiest_hour(
    stream: DeskWork | IncidentStream,
    profile: Profile,
    bank_holidays: bool,
    school_holidays: bool,
) -> float:
    """Return the highest rate that a stream may reach, in reports an hour.

    That is the highest of `hourly_rates`, on the busiest day that can be drawn.

    Parameters
    ----------
    stream, profile
        As there; not every month factor 0.
    bank_holidays, school_holidays
        Whether the calendar has any.
    """
    week = np.asarray(profile.weights(), dtype=np.float64)
    highest = stream.volume_per_year / _HOURS_PER_YEAR * week.max() / week.mean()
    highest *= _season(stream).max() * float(day_factor(stream.day_variation, _HIGHEST_LEVEL))
    if bank_holidays:
        highest *= max(1.0, stream.bank_holiday_factor)
    if school_holidays:
        highest *= max(1.0, stream.school_holiday_factor)
    return float(highest)


def _season(stream: DeskWork | IncidentStream) -> npt.NDArray[np.float64]:
    """Return the factors of the months, scaled to a mean of 1 over the days of a year."""
    months = np.asarray(stream.month_factors, dtype=np.float64)
    season: npt.NDArray[np.float64] = months / np.average(months, weights=_MONTH_DAYS)
    return season
