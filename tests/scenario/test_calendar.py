"""Dates on which shifts begin, and hourly rates of demand."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from sim.scenario import calendar as dates
from sim.scenario.calendar import busiest_hour, hourly_rates, shift_dates
from sim.scenario.demand import DeskWork, Profile
from sim.scenario.models import Calendar
from sim.scenario.people import Shift

MONDAY = date(2024, 4, 1)
EASTER = Calendar.model_validate(
    {
        "first_day": MONDAY,
        "bank_holidays": [date(2024, 3, 29), MONDAY, date(2024, 5, 6)],
        "school_holidays": [{"first": date(2024, 3, 29), "last": date(2024, 4, 14)}],
    }
)
FLAT = Profile.model_validate({"hours": [1] * 24})


def shift(**keys: Any) -> Shift:
    """Return a shift of one person, 07:00 to 16:00 if nothing else is said."""
    return Shift.model_validate(
        {"name": "s", "start": "07:00", "end": "16:00", "people": 1, **keys}
    )


def begins(of: Shift, first: date, last: date) -> list[date]:
    """Return the dates of a range on which a shift begins."""
    return list(shift_dates(of, EASTER, first, last))


def stream(**keys: Any) -> DeskWork:
    """Return desk work of 8,760 tasks a year, one an hour, if nothing else is said."""
    return DeskWork.model_validate(
        {
            "kind": "desk_work",
            "volume_per_year": 8760,
            "profile": "flat",
            "pool": "desk",
            "work": {"family": "constant", "minutes": 1},
            **keys,
        }
    )


def test_days_are_counted_from_the_first() -> None:
    """Day 0 is the first day; the warm-up lies before it."""
    # 1 April 2024 was a Monday, so day -1 was Sunday, 31 March.
    assert dates.date_of(EASTER, -1) == date(2024, 3, 31)
    assert dates.day_of(EASTER, date(2024, 5, 1)) == 30
    assert (dates.weekday(EASTER, 0), dates.weekday(EASTER, -1)) == (0, 6)
    assert (dates.month(EASTER, -1), dates.month(EASTER, 0)) == (3, 4)


def test_holidays_are_known() -> None:
    """Bank holidays are single days; school holidays hold their first and last day."""
    assert [dates.is_bank_holiday(EASTER, day) for day in (-3, -2, 0, 1)] == [
        True, False, True, False,
    ]  # fmt: skip
    # 29 March is day -3, 14 April is day 13.
    assert [dates.is_school_holiday(EASTER, day) for day in (-4, -3, 13, 14)] == [
        False, True, True, False,
    ]  # fmt: skip


def test_a_shift_begins_every_day_unless_said_otherwise() -> None:
    """A shift without days or cycle begins on each date of the range, both ends included."""
    assert begins(shift(), MONDAY, MONDAY + timedelta(days=2)) == [
        MONDAY, MONDAY + timedelta(days=1), MONDAY + timedelta(days=2),
    ]  # fmt: skip


def test_a_shift_over_midnight_belongs_to_the_date_on_which_it_begins() -> None:
    """A Friday night shift begins on Fridays only, though it ends on Saturdays."""
    night = shift(start="22:00", end="07:00", days=["fri"])
    assert night.length_minutes == 9 * 60
    assert begins(night, MONDAY, MONDAY + timedelta(days=13)) == [
        date(2024, 4, 5), date(2024, 4, 12),
    ]  # fmt: skip


def test_a_ten_day_cycle_goes_on_over_months() -> None:
    """2-2-2-4: two earlies, two lates, two nights, four off; five teams cover each shift once."""
    teams = [MONDAY + timedelta(days=2 * team) for team in range(5)]
    for on_days in ([1, 2], [3, 4], [5, 6]):
        begun = [
            on
            for starts in teams
            for on in begins(
                shift(cycle={"length_days": 10, "on_days": on_days, "starts": starts}),
                date(2024, 4, 20),
                date(2024, 8, 7),
            )
        ]
        # 20 April to 7 August is 11 + 31 + 30 + 31 + 7 = 110 days, and each has one team on.
        assert sorted(begun) == [date(2024, 4, 20) + timedelta(days=n) for n in range(110)]


def test_a_cycle_is_no_week() -> None:
    """Day 1 of a ten-day cycle falls on another day of the week each time."""
    cycle = {"length_days": 10, "on_days": [1], "starts": MONDAY}
    begun = begins(shift(cycle=cycle), MONDAY, date(2024, 4, 30))
    assert begun == [date(2024, 4, 1), date(2024, 4, 11), date(2024, 4, 21)]


def test_a_cycle_runs_before_the_date_it_is_counted_from() -> None:
    """The warm-up has its place in the cycle too."""
    cycle = {"length_days": 4, "on_days": [4], "starts": MONDAY}
    # Day 4 comes just before day 1.
    assert begins(shift(cycle=cycle), date(2024, 3, 27), MONDAY) == [
        date(2024, 3, 27), date(2024, 3, 31),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("as_usual", [1, 2, 3]),
        ("off", [2, 3]),
        ("only", [1]),
    ],
)
def test_bank_holidays_are_worked_as_the_shift_says(rule: str, expected: list[int]) -> None:
    """Easter Monday is worked as usual, not worked, or the only day worked."""
    begun = begins(shift(bank_holidays=rule), MONDAY, date(2024, 4, 3))
    assert [on.day for on in begun] == expected


def test_a_shift_has_its_season() -> None:
    """A shift begins from its first date to its last, both included."""
    summer = shift(from_date=date(2024, 4, 3), until_date=date(2024, 4, 5))
    assert [on.day for on in begins(summer, MONDAY, date(2024, 4, 30))] == [3, 4, 5]


def test_flat_demand_is_the_volume_over_the_hours_of_a_year() -> None:
    """8,760 a year at a flat profile is one an hour."""
    rates = hourly_rates(stream(), FLAT, EASTER, -7, 14)
    np.testing.assert_allclose(rates, np.ones(14 * 24), rtol=1e-12)


def test_the_week_begins_on_monday_whatever_the_first_day() -> None:
    """Weights of the week meet the calendar's own days of the week."""
    week = [0.0] * 168
    week[2 * 24 + 5] = 3.0  # Wednesday, 05:00
    rates = hourly_rates(stream(), Profile.model_validate({"week": week}), EASTER, -4, 10)
    # Day -4 is a Thursday; the one Wednesday in ten days is day 2, the seventh of them.
    # All 168 tasks of the week fall into its one hour.
    assert np.flatnonzero(rates).tolist() == [6 * 24 + 5]
    assert rates[6 * 24 + 5] == pytest.approx(168)


def test_days_and_hours_multiply() -> None:
    """A day's factor applies to each of its hours, and the week's mean stays the volume's."""
    profile = Profile.model_validate({"hours": [1] * 24, "days": [1, 1, 1, 1, 1, 1, 8]})
    rates = hourly_rates(stream(), profile, EASTER, 0, 7).reshape(7, 24)
    # The mean of the factors is 14 / 7 = 2.
    np.testing.assert_allclose(rates[:, 0], [0.5] * 6 + [4.0])
    assert rates.mean() == pytest.approx(1)


def test_season_is_weighted_by_the_days_of_the_months() -> None:
    """Over a year of 365 days the volume is the yearly one, whatever the months' factors."""
    calendar = Calendar.model_validate({"first_day": date(2023, 1, 1)})
    seasonal = stream(month_factors=[0, 5, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2])
    rates = hourly_rates(seasonal, FLAT, calendar, 0, 365)
    assert rates.sum() == pytest.approx(8760)
    # January 0, February 28 · 5, nine months 275 days at 1, December 31 · 2: the mean is 477 / 365.
    assert rates[31 * 24] == pytest.approx(5 * 365 / 477)


def test_holiday_factors_come_on_top() -> None:
    """Bank and school holidays multiply, both where a day is both, and are not scaled back."""
    both = stream(bank_holiday_factor=2, school_holiday_factor=1.5)
    # Easter Monday is both, 2 April is in the school holidays, 6 May is a bank holiday.
    for day, factor in ((0, 3.0), (1, 1.5), (14, 1.0), (35, 2.0)):
        assert hourly_rates(both, FLAT, EASTER, day, 1)[0] == pytest.approx(factor)


def test_no_days_have_no_rates() -> None:
    """An empty range gives an empty array."""
    assert hourly_rates(stream(), FLAT, EASTER, 0, 0).shape == (0,)


@pytest.mark.parametrize(
    ("bank", "school", "highest"),
    [(True, True, 3.0), (True, False, 2.0), (False, True, 1.5), (False, False, 1.0)],
)
def test_the_busiest_hour_counts_the_holidays_there_are(
    bank: bool, school: bool, highest: float
) -> None:
    """On a flat profile of one an hour only the factors are left; one below 1 lowers nothing."""
    both = stream(bank_holiday_factor=2, school_holiday_factor=1.5)
    assert busiest_hour(both, FLAT, bank, school) == pytest.approx(highest)
    quieter = stream(bank_holiday_factor=0.5, school_holiday_factor=0.1)
    assert busiest_hour(quieter, FLAT, bank, school) == pytest.approx(1.0)


def test_no_hour_is_busier_than_the_busiest() -> None:
    """The bound is met in the busiest hour of a week, and covers season and holidays."""
    seasonal = stream(month_factors=[1, 5, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2], bank_holiday_factor=3)
    week = Profile.model_validate({"week": [0.0] * 167 + [1.0]})
    rates = hourly_rates(seasonal, week, EASTER, -90, 730)
    assert rates.max() <= busiest_hour(seasonal, week, True, True) * (1 + 1e-12)
    # February's Sundays are no bank holidays here. February 28 · 5, December 31 · 2 and 306 days
    # at 1 make the mean 508 / 365; the week's 168 tasks fall into one hour.
    assert rates.max() == pytest.approx(168 * 5 * 365 / 508)
