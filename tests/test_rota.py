"""Who parades, when they take their break, and what is paid for."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.errors import InputError
from sim.rota import (
    LeaveChange,
    leave_changes,
    paid_hours,
    paraded,
    people_by_shift,
    posts,
    rostered_hours,
)
from sim.scenario.models import Scenario
from sim.streams import Streams
from sim.tables import DAY, HOUR, NEVER, Table
from tests.worlds import FIRST_DAY, desk, small_document, small_scenario

STREAMS = Streams(seed=2022, replication=0)
ALPHA = 1e-4
SHARES = np.linspace(0.3, 1.0, 401).tolist()
# Found by trying shift_0, shift_1 and so on.
COLLIDING = ("shift_2031", "shift_5533")


def one_pool(*shifts: dict[str, Any], kind: str = "units", **pool: Any) -> Scenario:
    """Return a scenario whose missing-person team has these shifts; nobody else has any."""
    team = {"kind": kind, "role": "missing_person", "shifts": list(shifts), **pool}
    pools: dict[str, Any] = {
        name: {"shifts": []} for name in ("call_takers", "supervisors", "response_north")
    }
    return small_scenario(pools={**pools, "missing_person_north": team})


def shift(start: str = "08:00", end: str = "16:00", people: int = 2, **more: Any) -> dict[str, Any]:
    """Return a shift."""
    return {"name": "early", "start": start, "end": end, "people": people, **more}


def on_days(table: Table) -> list[int]:
    """Return the days on which units come on."""
    return sorted(set((table["on_at"] // DAY).tolist()))


# When.


def test_a_shift_is_a_cohort() -> None:
    """Two officers from 08:00 to 16:00 for three days are six units of one officer each."""
    table = paraded(one_pool(shift()), STREAMS, 0, 3 * DAY)
    table.check()
    assert len(table) == 6
    assert table["on_at"].tolist() == [day * DAY + 8 * HOUR for day in (0, 0, 1, 1, 2, 2)]
    assert (table["off_at"] - table["on_at"] == 8 * HOUR).all()
    assert (table["officers"] == 1).all()
    assert (table["break_at"] == NEVER).all()


def test_shifts_that_straddle_the_start_are_on_duty() -> None:
    """A night shift from 22:00 to 06:00 that began the day before is in until 06:00, not after."""
    night = one_pool(shift("22:00", "06:00"))
    assert on_days(paraded(night, STREAMS, 0, DAY)) == [-1, 0]
    assert on_days(paraded(night, STREAMS, 6 * HOUR - 1, DAY)) == [-1, 0]
    assert on_days(paraded(night, STREAMS, 6 * HOUR, DAY)) == [0]
    # One that begins at the end is out.
    assert on_days(paraded(night, STREAMS, 6 * HOUR, 22 * HOUR)) == []


def test_a_shift_of_24_hours() -> None:
    """From 07:00 to 07:00 is a whole day."""
    table = paraded(one_pool(shift("07:00", "07:00")), STREAMS, 0, DAY)
    assert (table["off_at"] - table["on_at"] == DAY).all()
    assert on_days(table) == [-1, 0]


def test_warm_up_lies_before_the_first_day() -> None:
    """Days before time 0 are on the same calendar."""
    table = paraded(one_pool(shift(days=["sun"])), STREAMS, -7 * DAY, 7 * DAY)
    # The first day is a Monday, so Sundays are days -8, -1 and 6.
    assert on_days(table) == [-1, 6]


def test_cycle_of_ten_days() -> None:
    """Two days on at the start of a cycle of ten that began a day before the first day."""
    cycle = {"length_days": 10, "on_days": [1, 2], "starts": FIRST_DAY - timedelta(days=1)}
    table = paraded(one_pool(shift(cycle=cycle)), STREAMS, 0, 20 * DAY)
    assert on_days(table) == [0, 9, 10, 19]


def test_order_and_keys() -> None:
    """Rows are in the order (on_at, key), and no key stands twice in a busy rota."""
    table = paraded(small_scenario(2), STREAMS, -7 * DAY, 30 * DAY)
    table.check()
    order = np.lexsort((table["key"], table["on_at"]))
    assert (order == np.arange(len(table))).all()
    assert (table["key"] >= 0).all()


# Who.


def test_abstraction_share() -> None:
    """At 30 % abstraction, 70 % of the rostered parade."""
    table = paraded(one_pool(shift(people=100), abstraction=0.3), STREAMS, 0, 100 * DAY)
    assert stats.binomtest(len(table), 10_000, 0.7).pvalue > ALPHA


def test_abstraction_is_drawn_apart_for_each_day_and_slot() -> None:
    """Numbers that parade have the binomial's spread: neither whole shifts nor fixed people."""
    table = paraded(one_pool(shift(people=100), abstraction=0.3), STREAMS, 0, 400 * DAY)
    present = np.zeros((400, 100))
    present[table["on_at"] // DAY, table["key"] & 255] = 1
    for axis, size in ((1, 100), (0, 400)):
        counts = present.sum(axis=axis)
        spread = ((counts - 0.7 * size) ** 2).sum() / (size * 0.21)
        low = stats.chi2.ppf(ALPHA / 4, counts.size)
        assert low < spread < stats.chi2.ppf(1 - ALPHA / 4, counts.size)


def test_abstraction_nests() -> None:
    """Whoever parades at 40 % abstraction does so at 20 % and at none."""
    keys = []
    for share in (0.0, 0.2, 0.4):
        scenario = one_pool(shift(people=20), abstraction=share)
        keys.append(set(paraded(scenario, STREAMS, 0, 30 * DAY)["key"].tolist()))
    assert keys[0] > keys[1] > keys[2]
    assert len(keys[0]) == 600


def test_a_shifts_own_abstraction_goes_before_the_pools() -> None:
    """A shift that nobody is taken from parades whole in a pool that loses half."""
    table = paraded(one_pool(shift(people=20, abstraction=0.0), abstraction=0.5), STREAMS, 0, DAY)
    assert len(table) == 20


def test_more_officers_keep_the_others_fates() -> None:
    """Two more officers add units and move neither keys, breaks nor abstraction of the rest."""
    more = shift(people=7, break_after_hours=2.0, break_minutes=30.0)
    fewer = {**more, "people": 5}
    first = paraded(one_pool(fewer, abstraction=0.3), STREAMS, 0, 30 * DAY)
    second = paraded(one_pool(more, abstraction=0.3), STREAMS, 0, 30 * DAY)
    assert len(second) > len(first)
    assert second.take(second["key"] & 255 < 5).differences(first) == []


def test_a_new_pool_or_shift_changes_nobody() -> None:
    """A pool and a shift put before all others move only the places in the scenario's lists."""
    document = small_document(2)
    for pool in document["pools"].values():
        pool["abstraction"] = 0.25
    before = paraded(Scenario.model_validate(document), STREAMS, 0, 20 * DAY)
    late = {"name": "late", "start": "14:00", "end": "23:00", "people": 3}
    document["pools"]["response_north"]["shifts"].insert(0, late)
    document["pools"] = {"research": desk("fib24", 2), **document["pools"]}
    after = paraded(Scenario.model_validate(document), STREAMS, 0, 20 * DAY)
    kept = after.take(np.isin(after["key"], before["key"]))
    assert len(after) > len(before) + 60
    for name in set(before.schema.names) - {"pool", "shift"}:
        assert (kept[name] == before[name]).all(), name


def test_window_only_picks_rows() -> None:
    """A later window holds exactly the units of the longer one that are on duty in it."""
    scenario = small_scenario(2, pools={"response_north": {"abstraction": 0.3}})
    long = paraded(scenario, STREAMS, -7 * DAY, 30 * DAY)
    start, end = 5 * DAY + 1, 9 * DAY
    inside = (long["off_at"] > start) & (long["on_at"] < end)
    assert long.take(inside).differences(paraded(scenario, STREAMS, start, end)) == []


# Crews.


@pytest.mark.parametrize(
    ("people", "crews"), [(0, []), (1, [1]), (2, [2]), (3, [3]), (4, [2, 2]), (7, [2, 2, 3])]
)
def test_double_crews(people: int, crews: list[int]) -> None:
    """Half as many crews as officers, rounded down; an odd one joins the last, or is alone."""
    table = paraded(one_pool(shift(people=people, crew_size=2)), STREAMS, 0, DAY)
    assert table["officers"].tolist() == crews


def test_crews_form_from_those_who_parade() -> None:
    """With 30 % away, each day's crews hold as many officers as parade in single crews."""
    single = paraded(one_pool(shift(people=9), abstraction=0.3), STREAMS, 0, 60 * DAY)
    double = paraded(one_pool(shift(people=9, crew_size=2), abstraction=0.3), STREAMS, 0, 60 * DAY)
    for day in range(60):
        paraded_then = int((single["on_at"] // DAY == day).sum())
        crews = double["officers"][double["on_at"] // DAY == day].tolist()
        assert sum(crews) == paraded_then
        assert len(crews) == max(paraded_then // 2, min(paraded_then, 1))
    # A crew is known by its first officer.
    assert set(double["key"].tolist()) <= set(single["key"].tolist())


def test_a_desk_has_no_crews() -> None:
    """At a desk a crew size is of no meaning: each works alone."""
    table = paraded(one_pool(shift(people=5, crew_size=2), kind="desk"), STREAMS, 0, DAY)
    assert table["officers"].tolist() == [1] * 5


# Breaks.


def test_breaks_are_staggered_within_two_hours() -> None:
    """Four hours in, 45 minutes each: 0, 45 and 90 minutes later, then 135 - 120 = 15."""
    early = shift(people=4, break_after_hours=4.0, break_minutes=45.0)
    table = paraded(one_pool(early), STREAMS, 0, DAY).sorted_by("key")
    late = (table["break_at"] - 12 * HOUR) // 60
    assert late.tolist() == [0, 45, 90, 15]
    assert (table["break_seconds"] == 45 * 60).all()


def test_a_staggered_break_still_ends_before_the_shift() -> None:
    """From 15:00, with 30 minutes each and off at 16:00, nobody begins after 15:30."""
    early = shift(people=4, break_after_hours=7.0, break_minutes=30.0)
    table = paraded(one_pool(early), STREAMS, 0, DAY).sorted_by("key")
    assert ((table["break_at"] - 15 * HOUR) // 60).tolist() == [0, 30, 30, 30]


def test_a_break_due_before_the_start_has_been_had() -> None:
    """A night shift's break at 02:00 is gone for a start at 03:00, and due for one at 01:00."""
    night = one_pool(shift("22:00", "06:00", people=1, break_after_hours=4.0, break_minutes=45.0))
    table = paraded(night, STREAMS, 3 * HOUR, DAY)
    assert table["break_at"].tolist() == [NEVER, DAY + 2 * HOUR]
    assert table["break_seconds"].tolist() == [0, 45 * 60]
    assert paraded(night, STREAMS, HOUR, DAY)["break_at"][0] == 2 * HOUR


# Hours.


def test_rostered_hours_count_the_abstracted() -> None:
    """Two officers for eight hours on seven days are 112 paid hours, whoever is away."""
    scenario = one_pool(shift(), abstraction=0.5)
    assert rostered_hours(scenario) == {
        "call_takers": 0.0,
        "supervisors": 0.0,
        "response_north": 0.0,
        "missing_person_north": 112.0,
    }
    # At 40 hours a week.
    assert posts(scenario)["missing_person_north"] == pytest.approx(2.8)


def test_people_at_work_take_more_posts_than_they_work_hours() -> None:
    """With a quarter away, 112 hours at work are 149.3 paid ones; not where the rota holds them."""
    scenario = one_pool(shift())
    costs = scenario.costs.model_copy(update={"abstraction": 0.25})
    at_work = scenario.model_copy(update={"costs": costs})
    assert paid_hours(at_work)["missing_person_north"] == pytest.approx(112 / 0.75)
    # A post of 40 hours works 30 of them: 112 / 30.
    assert posts(at_work)["missing_person_north"] == pytest.approx(112 / 30)
    rostered = one_pool(shift(), abstraction=0.5).model_copy(update={"costs": costs})
    assert paid_hours(rostered)["missing_person_north"] == pytest.approx(112)


@pytest.mark.parametrize(
    ("more", "hours"),
    [
        # Three of seven days.
        ({"days": ["mon", "tue", "sat"]}, 3 * 16.0),
        # Six of ten days, 4.2 a week.
        ({"cycle": {"length_days": 10, "on_days": [1, 2, 3, 4, 5, 6], "starts": FIRST_DAY}}, 67.2),
        # Mondays on every other day: one in two weeks.
        ({"days": ["mon"], "cycle": {"length_days": 2, "on_days": [1], "starts": FIRST_DAY}}, 8.0),
        # 26 of the 52 weeks.
        ({"until_date": FIRST_DAY + timedelta(days=26 * 7 - 1)}, 56.0),
        # Two of the four bank holidays within 52 weeks are not Mondays.
        ({"days": ["mon"], "bank_holidays": "off"}, 16.0 - 2 * 16.0 / 52),
        ({"days": ["mon"], "bank_holidays": "only"}, 2 * 16.0 / 52),
        ({"bank_holidays": "only"}, 4 * 16.0 / 52),
    ],
)
def test_rostered_hours_average_over_whole_cycles(more: dict[str, Any], hours: float) -> None:
    """A cycle counts by its own length, and what is limited by its dates in 52 weeks."""
    holidays = [date(2022, 5, 2), date(2022, 6, 2), date(2022, 6, 3), date(2022, 8, 29)]
    scenario = one_pool(shift(**more))
    calendar = scenario.calendar.model_copy(update={"bank_holidays": holidays})
    scenario = scenario.model_copy(update={"calendar": calendar})
    assert rostered_hours(scenario)["missing_person_north"] == pytest.approx(hours)


def test_people_of_a_shift_are_paid_though_some_are_away() -> None:
    """Ten rostered at a fifth away are ten paid and eight who come; a shift may have its own."""
    scenario = one_pool(
        {**shift(), "name": "early", "people": 10},
        {**shift(), "name": "late", "people": 4, "abstraction": 0.5, "days": ["sat", "sun"]},
        abstraction=0.2,
    )
    early, late = people_by_shift(scenario)
    assert (early.pool, early.shift, late.shift) == ("missing_person_north", "early", "late")
    assert (early.paid, early.parading) == (10, 8.0)
    assert (late.paid, late.parading) == (4, 2.0)
    assert (early.shifts_per_week, late.shifts_per_week) == (7.0, 2.0)
    # Eight hours each: 10 x 8 x 7 and 4 x 8 x 2.
    assert (early.paid_hours_per_week, late.paid_hours_per_week) == (560.0, 64.0)
    assert late.parading_hours_per_week == 32.0
    assert rostered_hours(scenario)["missing_person_north"] == 624.0


def test_the_absent_are_those_whom_more_abstraction_would_take() -> None:
    """Day by day three fewer parade, the others are the same, and none is the same as no key."""
    team: dict[str, Any] = {"people": 12}
    whole = paraded(one_pool(shift(**team), abstraction=0.3), STREAMS, 0, 30 * DAY)
    none = paraded(one_pool(shift(**team, absent=0), abstraction=0.3), STREAMS, 0, 30 * DAY)
    assert none.differences(whole) == []
    left = set(whole["key"].tolist())
    for absent in range(1, 5):
        table = paraded(
            one_pool(shift(**team, absent=absent), abstraction=0.3), STREAMS, 0, 30 * DAY
        )
        come = set(table["key"].tolist())
        assert come < left
        left = come
        for day in range(30):
            before, after = ((one["on_at"] // DAY == day).sum() for one in (whole, table))
            assert after == max(before - absent, 0)
    # Some larger share would take the same people of a day, and nobody else.
    shares = [paraded(one_pool(shift(**team), abstraction=a), STREAMS, 0, DAY) for a in SHARES]
    short = paraded(one_pool(shift(**team, absent=4), abstraction=0.3), STREAMS, 0, DAY)
    assert any(short["key"].tolist() == one["key"].tolist() for one in shares)


def test_people_absent_on_a_date_are_absent_on_that_date() -> None:
    """Whether the shift that begins on it is over midnight or not; no other date changes."""
    on = FIRST_DAY + timedelta(days=2)
    night = shift("22:00", "06:00", people=5)
    table = paraded(one_pool({**night, "absent": {str(on): 2}}), STREAMS, 0, 4 * DAY)
    assert [(table["on_at"] // DAY == day).sum() for day in range(-1, 4)] == [5, 5, 5, 3, 5]


def test_the_absent_are_paid() -> None:
    """Posts, hours and how leave is counted stay as they are; only fewer come."""
    scenario = one_pool(shift(people=5))
    costs = scenario.costs.model_copy(update={"abstraction": 0.25})
    whole = scenario.model_copy(update={"costs": costs})
    short = one_pool(shift(people=5, absent=2)).model_copy(update={"costs": costs})
    assert posts(short) == posts(whole)
    assert paid_hours(short) == paid_hours(whole)
    assert people_by_shift(short)[0].paid == 5
    assert people_by_shift(short)[0].parading == 3.0
    # Of two rostered at one half none, one or two would come, a quarter, half and a quarter of the
    # time; with one absent 0, 0 and 1 do.
    (half,) = people_by_shift(one_pool(shift(people=2, absent=1), abstraction=0.5))
    assert half.parading == pytest.approx(0.25)
    # On one of the 364 days of 52 weeks.
    on = FIRST_DAY + timedelta(days=9)
    (once,) = people_by_shift(one_pool(shift(people=5, absent={str(on): 2})))
    assert once.parading == pytest.approx(5 - 2 / 364)


@pytest.mark.parametrize(("was", "now"), [(0.0, 0.05), (0.05, 0.0), (0.3, 0.2), (0.2, 0.3)])
@pytest.mark.parametrize("of_shift", [True, False])
def test_a_changed_abstraction_is_no_saving(was: float, now: float, of_shift: bool) -> None:
    """Neither posts nor pounds move: who is away more or less was said, and nobody was hired."""

    def world(away: float) -> Scenario:
        own: dict[str, Any] = {"abstraction": away} if of_shift else {}
        scenario = one_pool(shift(people=5, **own), abstraction=0.0 if of_shift else away)
        costs = scenario.costs.model_copy(update={"abstraction": 0.25})
        return scenario.model_copy(update={"costs": costs})

    before, after = world(was), world(now)
    assert paid_hours(after, before) == paid_hours(before) == paid_hours(before, before)
    assert posts(after, before) == posts(before)
    (change,) = leave_changes(before, after)
    assert change[:5] == ("abstraction", "missing_person_north", "early", was, now)
    assert (change.parading_before, change.parading_after) == (280 * (1 - was), 280 * (1 - now))


def test_a_changed_share_of_paid_hours_away_is_no_saving() -> None:
    """It prices the same people otherwise; the change of a variant is that of its people."""
    before = one_pool(shift(people=5))
    costs = before.costs.model_copy(update={"abstraction": 0.2})
    before = before.model_copy(update={"costs": costs})
    costs = before.costs.model_copy(update={"abstraction": 0.0})
    after = one_pool(shift(people=4)).model_copy(update={"costs": costs})
    # Four fifths of the baseline's, and no fifth of them less.
    assert posts(after, before)["missing_person_north"] == pytest.approx(
        0.8 * posts(before)["missing_person_north"]
    )
    assert leave_changes(before, after) == [LeaveChange("costs.abstraction", None, None, 0.2, 0.0)]


def test_absence_and_what_is_not_in_both_are_told_apart() -> None:
    """A shift that only one has is a change of people; fewer of them through absence is not."""
    on = FIRST_DAY + timedelta(days=3)
    before = one_pool(shift(people=5))
    extra = {**shift("16:00", "20:00"), "name": "extra", "abstraction": 0.5}
    after = one_pool(shift(people=5, absent={str(on): 2}), extra)
    (change,) = leave_changes(before, after)
    assert change.key == "absent"
    assert change.before == 0.0
    assert change.after == pytest.approx(2 / 364)
    assert leave_changes(before, before) == []


# Faults.


def test_shifts_that_share_a_code_are_refused() -> None:
    """Two names whose codes are equal are told, with the pool; both hash to the same 24 bits."""
    one, other = COLLIDING
    scenario = one_pool({**shift(), "name": one}, {**shift(), "name": other})
    with pytest.raises(InputError, match="share one lasting number") as caught:
        paraded(scenario, STREAMS, 0, DAY)
    assert caught.value.path == "pools.missing_person_north.shifts"
    assert caught.value.found == other


def test_a_rota_beyond_its_keys_is_refused() -> None:
    """A window of more than 16,384 days cannot be named by a key."""
    with pytest.raises(ValueError, match="16384 days"):
        paraded(small_scenario(), STREAMS, 0, 17_000 * DAY)
