"""When nobody of some pools is on duty, in words."""

from __future__ import annotations

from datetime import date

import pytest

from sim.scenario.coverage import hours_without
from sim.scenario.models import Calendar
from sim.scenario.people import Pool

# A Wednesday, so that weeks do not begin with the window.
CALENDAR = Calendar(first_day=date(2024, 4, 3), bank_holidays=[date(2024, 4, 10)])


def _pool(*shifts: dict[str, object], abstraction: float = 0.0) -> Pool:
    named = [{"name": f"s{place}", "people": 1, **shift} for place, shift in enumerate(shifts)]
    return Pool.model_validate(
        {"kind": "desk", "role": "r", "abstraction": abstraction, "shifts": named}
    )


DAY: dict[str, object] = {"start": "07:00", "end": "19:00"}
NIGHT: dict[str, object] = {"start": "19:00", "end": "07:00"}


@pytest.mark.parametrize(
    ("shifts", "hours"),
    [
        ([DAY, NIGHT], None),
        ([DAY], "from 19:00 to 07:00 every day"),
        ([{"start": "00:00", "end": "22:30"}], "from 22:30 to 24:00 every day"),
        ([{**DAY, "people": 0}], "at any time"),
        ([{**DAY, "absent": 1}], "at any time"),
        ([DAY, {**NIGHT, "absent": {"2024-04-12": 1}}],
         "from 19:00 to 07:00 on 1 of the first 28 days"),
        ([], "at any time"),
        ([DAY, {**NIGHT, "days": ["mon", "tue", "wed", "thu", "sun"]}],
         "from 19:00 to 07:00 on Fridays and Saturdays"),
        # 10 April is the only bank holiday.
        ([{**DAY, "bank_holidays": "off"}, NIGHT], "from 07:00 to 19:00 on 1 of the first 28 days"),
        # Every other night.
        ([DAY, {**NIGHT, "cycle": {"length_days": 2, "on_days": [1], "starts": date(2024, 4, 3)}}],
         "from 19:00 to 07:00 on 14 of the first 28 days"),
        ([{**DAY, "days": ["mon", "tue", "wed", "thu", "fri"]}, NIGHT],
         "from 07:00 to 19:00 on Saturdays and Sundays"),
    ],
)  # fmt: skip
def test_gaps_are_said_as_people_say_them(
    shifts: list[dict[str, object]], hours: str | None
) -> None:
    """Every day, on days of the week, or on some of the days looked at."""
    assert hours_without([_pool(*shifts)], CALENDAR) == hours


def test_several_pools_fill_each_other_s_gaps() -> None:
    """Any one of them will do."""
    assert hours_without([_pool(DAY), _pool(NIGHT)], CALENDAR) is None


def test_a_pool_of_which_everybody_is_away_is_nobody() -> None:
    """An abstraction of 1 leaves none to parade."""
    assert hours_without([_pool(DAY, NIGHT, abstraction=1.0)], CALENDAR) == "at any time"


def test_many_gaps_are_cut_short() -> None:
    """The longest two are told, the others mentioned."""
    shifts: list[dict[str, object]] = [
        {"start": "00:00", "end": "05:00"},
        {"start": "06:00", "end": "10:00"},
        {"start": "12:00", "end": "15:00"},
        {"start": "18:00", "end": "24:00"},
    ]
    assert hours_without([_pool(*shifts)], CALENDAR) == (
        "from 15:00 to 18:00 every day, and from 10:00 to 12:00 every day, and at other times"
    )
