"""Who parades: from shifts, calendar and abstraction to the units of the rota table.

Abstraction (leave, sickness, court, training) is one uniform for each pool, shift, date and slot,
held against the share. So more officers, another pool or another shift change nobody who was
there, and whoever is away at 20 % is away at 30 % too. Those who are absent besides are the ones
whom a larger share would take next, so whoever is away with two absent is away with three.

A unit's key is its pool, day, shift and the slot of its first officer:

====== ====== =====================================================
bits   name   meaning
====== ====== =====================================================
47-61  pool   code of the pool's name
32-46  day    days from the scenario's first day, plus 16,384
8-31   shift  code of the shift's name
0-7    slot   place in the shift's list, from 0
====== ====== =====================================================
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from sim.errors import InputError
from sim.scenario.calendar import date_of, day_of, shift_dates
from sim.scenario.models import Calendar, Scenario
from sim.scenario.names import name_code
from sim.scenario.people import Pool, Shift
from sim.streams import Streams
from sim.tables import DAY, HOUR, MINUTE, NEVER, ROTA, Table, joined

__all__ = [
    "LeaveChange",
    "ShiftPeople",
    "leave_changes",
    "paid_hours",
    "paraded",
    "paraded_of_pool",
    "people_by_shift",
    "posts",
    "pounds_a_week",
    "rostered_hours",
    "rota_of",
]

IntArray: TypeAlias = npt.NDArray[np.int64]

_SLOT_BITS: Final = 8
_SHIFT_BITS: Final = 24
_DAY_BITS: Final = 15
_SLOTS: Final = 1 << _SLOT_BITS
_DAY_OFFSET: Final = 1 << (_DAY_BITS - 1)
_BREAKS_WITHIN: Final = 2 * HOUR
_WEEKS_PER_YEAR: Final = 52


def paraded(scenario: Scenario, streams: Streams, start: int, end: int) -> Table:
    """Return the units and desk workers on duty at any time in a window.

    Parameters
    ----------
    scenario : Scenario
        Pools, their shifts, and the calendar.
    streams : Streams
        Source of the abstraction's uniforms.
    start, end : int
        Seconds from local midnight of the first day. A shift that is under way at the start is
        in, as is each that begins before the end.

    Returns
    -------
    Table
        Of schema ``ROTA``, in the order (on_at, key).

    Raises
    ------
    InputError
        If two shifts of a pool have names of the same code.
    ValueError
        If the window reaches further than 16,384 days from the first day.

    Notes
    -----
    Crews form from those who parade, in the order of their slots: with a crew size of 2 there are
    half as many crews as officers, rounded down, but one if there is an officer at all; an odd
    officer joins the last crew. A desk has no crews.

    Breaks are staggered (assumption): slot s takes its own s break lengths later than
    ``break_after_hours``, modulo two hours, and never so late that it outlasts the shift if an
    earlier one does not. A break that was due before the start has been had.
    """
    pools = [paraded_of_pool(scenario, name, streams, start, end) for name in scenario.pools]
    return rota_of(pools)


def rota_of(pools: Iterable[Table]) -> Table:
    """Return the units of several pools as a rota, in its order."""
    return joined(ROTA, pools).sorted_by("on_at", "key")


def paraded_of_pool(scenario: Scenario, name: str, streams: Streams, start: int, end: int) -> Table:
    """Return the units of one pool as `paraded` does those of all, in no order.

    They depend on the pool, its place among the pools, and the calendar alone.
    """
    first, last = start // DAY - 1, -(-end // DAY)
    if first < -_DAY_OFFSET or last >= _DAY_OFFSET:
        raise ValueError(f"a rota reaches {_DAY_OFFSET} days from the first, got {first} to {last}")
    place, pool = list(scenario.pools).index(name), scenario.pools[name]
    tables = []
    codes = _shift_codes(name, pool.shifts)
    for number, (shift, code) in enumerate(zip(pool.shifts, codes, strict=True)):
        days = _days(shift, scenario.calendar, first, last)
        on_at = days * DAY + shift.start * MINUTE
        days = days[(on_at < end) & (on_at + shift.length_minutes * MINUTE > start)]
        if days.size and shift.people:
            absent = _absent(shift, scenario.calendar, days)
            table = _cohorts(streams, name, pool, shift, days, absent, code)
            table["pool"][:] = place
            table["shift"][:] = number
            had = table["break_at"] < start
            table["break_at"][had] = NEVER
            table["break_seconds"][had] = 0
            tables.append(table)
    return joined(ROTA, tables)


def rostered_hours(scenario: Scenario) -> dict[str, float]:
    """Return the rostered hours a week of each pool, whoever is abstracted.

    Parameters
    ----------
    scenario : Scenario
        Pools and calendar.

    Returns
    -------
    dict of str to float
        By pool, in the scenario's order: the average over whole rota cycles. Bank holidays and
        the dates that a shift is limited to count as they fall in the 52 weeks from the first day.
    """
    hours = dict.fromkeys(scenario.pools, 0.0)
    for one in people_by_shift(scenario):
        hours[one.pool] += one.paid_hours_per_week
    return hours


def paid_hours(scenario: Scenario, as_in: Scenario | None = None) -> dict[str, float]:
    """Return the paid hours a week of each pool, those away on leave, sick or training included.

    Parameters
    ----------
    scenario : Scenario
        Pools, calendar and costs.
    as_in : Scenario, optional
        Where what is changed in it is to be priced: leave and sickness are counted as there, so
        that a changed abstraction is neither a saving nor a cost. Give the baseline.

    Notes
    -----
    Where a shift has an abstraction, its rostered people hold those who are away. Where it has
    none they are the people at work, and `costs.abstraction` of the paid hours comes on top.
    People who are `absent` are paid.
    """
    counted = scenario if as_in is None else as_in
    hours = dict.fromkeys(scenario.pools, 0.0)
    for one in people_by_shift(scenario):
        holds_those_away = _abstraction_in(counted, one) > 0
        away = 0.0 if holds_those_away else counted.costs.abstraction
        hours[one.pool] += one.paid_hours_per_week / (1 - away)
    return hours


def pounds_a_week(scenario: Scenario, as_in: Scenario | None = None) -> dict[str, float]:
    """Return what each pool costs a week: paid hours times the cost of one, without overtime.

    As for `paid_hours`, leave and sickness are counted as in another scenario where one is given.
    """
    return {
        name: hours * scenario.pools[name].pounds_per_hour
        for name, hours in paid_hours(scenario, as_in).items()
    }


def posts(scenario: Scenario, as_in: Scenario | None = None) -> dict[str, float]:
    """Return the full-time posts of each pool: hours worked over those that a post works.

    A post works its contract less its abstraction, so this is paid hours over the contract. As for
    `paid_hours`, leave and sickness are counted as in another scenario where one is given.
    """
    contract = scenario.costs.contract_hours_per_week
    return {name: hours / contract for name, hours in paid_hours(scenario, as_in).items()}


class LeaveChange(NamedTuple):
    """What another scenario says otherwise of who is away; no post and no pound of it is saved.

    Attributes
    ----------
    key
        ``abstraction`` or ``absent`` of a shift, or ``costs.abstraction``.
    pool, shift
        Names; None for ``costs.abstraction``, which is of all pools without an abstraction.
    before, after
        What stands there: shares, or people; people absent by date are given as their mean over
        the days on which the shift is worked in the 52 weeks from the first day.
    parading_before, parading_after
        Hours a week in which somebody of the shift is there, on average, with the people of each
        scenario; None for ``costs.abstraction``, which moves nobody.
    """

    key: str
    pool: str | None
    shift: str | None
    before: float
    after: float
    parading_before: float | None = None
    parading_after: float | None = None


def leave_changes(before: Scenario, after: Scenario) -> list[LeaveChange]:
    """Return how leave, sickness and absence differ between two scenarios.

    Parameters
    ----------
    before, after : Scenario
        The baseline, and another.

    Returns
    -------
    list of LeaveChange
        In the order of the baseline's shifts, those that both have; then the costs.
    """
    others = {(one.pool, one.shift): one for one in people_by_shift(after)}
    found = []
    for one in people_by_shift(before):
        other = others.get((one.pool, one.shift))
        if other is None:
            continue
        for key, was, now in (
            ("abstraction", one.abstraction, other.abstraction),
            ("absent", one.absent, other.absent),
        ):
            if was != now:
                there = one.parading_hours_per_week, other.parading_hours_per_week
                found.append(LeaveChange(key, one.pool, one.shift, was, now, *there))
    was, now = before.costs.abstraction, after.costs.abstraction
    if was != now:
        found.append(LeaveChange("costs.abstraction", None, None, was, now))
    return found


class ShiftPeople(NamedTuple):
    """One shift of a pool: whom it costs, and whom it brings.

    Attributes
    ----------
    pool, shift
        Names.
    starts, ends
        Minutes after midnight; an end at or before the start is on the next day.
    hours
        Length of one shift.
    shifts_per_week
        How often it is worked, on average over whole rota cycles and the year's bank holidays.
    paid
        People rostered for each; all of them are paid.
    parading
        People who come, on average: those rostered less the share abstracted, and less those who
        are absent besides, over the 52 weeks from the first day.
    abstraction
        Share of the rostered who are abstracted.
    absent
        People who are absent besides, on average over the same 52 weeks.
    """

    pool: str
    shift: str
    starts: int
    ends: int
    hours: float
    shifts_per_week: float
    paid: int
    parading: float
    abstraction: float
    absent: float

    @property
    def paid_hours_per_week(self) -> float:
        """Hours a week that are paid, whoever is away."""
        return self.paid * self.hours * self.shifts_per_week

    @property
    def parading_hours_per_week(self) -> float:
        """Hours a week in which somebody is there, on average."""
        return self.parading * self.hours * self.shifts_per_week


def people_by_shift(scenario: Scenario) -> list[ShiftPeople]:
    """Return who is paid and who parades on each shift.

    Parameters
    ----------
    scenario : Scenario
        Pools and calendar.

    Returns
    -------
    list of ShiftPeople
        In the scenario's order. Sums of its paid hours by pool are `rostered_hours`.
    """
    return [
        ShiftPeople(
            pool=name,
            shift=shift.name,
            starts=shift.start,
            ends=shift.end,
            hours=shift.length_minutes / 60,
            shifts_per_week=_shifts_per_week(shift, scenario.calendar),
            paid=shift.people,
            parading=_parading(pool, shift, scenario.calendar),
            abstraction=_abstraction(pool, shift),
            absent=_mean_absent(shift, scenario.calendar),
        )
        for name, pool in scenario.pools.items()
        for shift in pool.shifts
    ]


def _abstraction(pool: Pool, shift: Shift) -> float:
    return pool.abstraction if shift.abstraction is None else shift.abstraction


def _abstraction_in(scenario: Scenario, one: ShiftPeople) -> float:
    """Return the abstraction of a shift as another scenario has it; its own where that has none."""
    pool = scenario.pools.get(one.pool)
    if pool is None:
        return one.abstraction
    same = (shift for shift in pool.shifts if shift.name == one.shift)
    shift = next(same, None)
    return pool.abstraction if shift is None else _abstraction(pool, shift)


def _mean_absent(shift: Shift, calendar: Calendar) -> float:
    if not shift.absent:
        return 0.0
    absent = _absent(shift, calendar, _days(shift, calendar, 0, _WEEKS_PER_YEAR * 7 - 1))
    return float(absent.mean()) if absent.size else 0.0


def _parading(pool: Pool, shift: Shift, calendar: Calendar) -> float:
    """Return how many people come to a shift, on average."""
    here = 1 - _abstraction(pool, shift)
    come = shift.people * here
    if not shift.absent:
        return come
    absent = _absent(shift, calendar, _days(shift, calendar, 0, _WEEKS_PER_YEAR * 7 - 1))
    # Of those who would come, no more than there are can be absent: the mean of the lesser is the
    # sum of the chances that more than 0, 1, 2 ... would have come.
    chances = [
        math.comb(shift.people, number) * here**number * (1 - here) ** (shift.people - number)
        for number in range(shift.people + 1)
    ]
    lost = np.concatenate(([0.0], np.cumsum(1 - np.cumsum(chances))))
    return max(come - float(lost[absent].mean()), 0.0) if absent.size else come


def _cohorts(
    streams: Streams,
    pool_name: str,
    pool: Pool,
    shift: Shift,
    days: IntArray,
    absent: IntArray,
    shift_code: int,
) -> Table:
    """Return the units of one shift on each of its days, pool and shift numbers left at 0."""
    # No slot behind the last person's is looked at.
    slots = np.arange(min(shift.people, _SLOTS))
    places = ((days + _DAY_OFFSET) * _SLOTS)[:, np.newaxis] + slots
    uniform = streams.uniforms_at(
        f"rota.{pool_name}",
        f"abstraction.{shift.name}",
        blocks=np.zeros(places.size, dtype=np.int64),
        places=places.ravel(),
    ).reshape(places.shape)
    crew_size = shift.crew_size if pool.kind == "units" else 1
    officers = _crews(_present(uniform, _abstraction(pool, shift), absent), crew_size)
    row, slot = np.nonzero(officers)
    day = days[row]
    on_at = day * DAY + shift.start * MINUTE
    off_at = on_at + shift.length_minutes * MINUTE
    break_at, break_seconds = _break(shift, on_at, off_at, slot // crew_size)
    return Table(
        ROTA,
        {
            "key": name_code(pool_name) << (_DAY_BITS + _SHIFT_BITS + _SLOT_BITS)
            | (day + _DAY_OFFSET) << (_SHIFT_BITS + _SLOT_BITS)
            | shift_code << _SLOT_BITS
            | slot,
            "pool": np.zeros(row.size),
            "shift": np.zeros(row.size),
            "on_at": on_at,
            "off_at": off_at,
            "break_at": break_at,
            "break_seconds": break_seconds,
            "officers": officers[row, slot],
        },
    )


def _absent(shift: Shift, calendar: Calendar, days: IntArray) -> IntArray:
    """Return how many of those who would parade on each day do not, shape (days,)."""
    if not shift.absent:
        return np.zeros(days.shape, dtype=np.int64)
    dates = (date_of(calendar, day) for day in days.tolist())
    return np.array([shift.absent_on(on) for on in dates], dtype=np.int64)


def _present(
    uniform: npt.NDArray[np.float64], abstraction: float, absent: IntArray
) -> npt.NDArray[np.bool_]:
    """Return who parades, shape (days, slots): neither abstracted nor, then, absent."""
    present = uniform >= abstraction
    if not absent.any():
        return present
    # Who is abstracted has the lower uniforms, so ranks count on from them.
    rank = uniform.argsort(axis=1).argsort(axis=1)
    abstracted = (~present).sum(axis=1)
    here: npt.NDArray[np.bool_] = rank >= (abstracted + absent)[:, np.newaxis]
    return here


def _crews(present: npt.NDArray[np.bool_], crew_size: int) -> IntArray:
    """Return the officers of the crew that each slot leads, shape (days, slots); 0: leads none."""
    if crew_size == 1:
        return present.astype(np.int64)
    there = present.sum(axis=1, keepdims=True)
    crews = np.maximum(there // crew_size, np.minimum(there, 1))
    before: IntArray = np.cumsum(present, axis=1) - present
    crew = before // crew_size
    leads = present & (before % crew_size == 0) & (crew < crews)
    left_over = np.where(crew == crews - 1, there - crews * crew_size, 0)
    officers: IntArray = np.where(leads, crew_size + left_over, 0)
    return officers


def _break(
    shift: Shift, on_at: IntArray, off_at: IntArray, turn: IntArray
) -> tuple[IntArray, IntArray]:
    """Return when each unit's break is due, and its length."""
    length = math.floor(shift.break_minutes * MINUTE + 0.5)
    if shift.break_after_hours is None or length == 0:
        return np.full(on_at.shape, NEVER), np.zeros(on_at.shape, dtype=np.int64)
    earliest = on_at + math.floor(shift.break_after_hours * HOUR + 0.5)
    staggered = earliest + turn * length % _BREAKS_WITHIN
    due = np.maximum(earliest, np.minimum(staggered, off_at - length))
    return due, np.full(on_at.shape, length)


def _days(shift: Shift, calendar: Calendar, first: int, last: int) -> IntArray:
    """Return the days on which a shift begins, counted from the first day, ends included."""
    cycle = shift.cycle
    read = (
        None if shift.days is None else tuple(shift.days),
        None if cycle is None else (cycle.starts, cycle.length_days, tuple(cycle.on_days)),
        shift.bank_holidays,
        shift.from_date,
        shift.until_date,
        calendar.first_day,
        tuple(calendar.bank_holidays),
    )
    return _days_known(_Dates(read, shift, calendar), first, last)


@dataclass(frozen=True)
class _Dates:
    """A shift and a calendar, known by all of them that says on which dates it begins."""

    read: tuple[object, ...]
    shift: Shift = field(compare=False)
    calendar: Calendar = field(compare=False)


@lru_cache(maxsize=1024)
def _days_known(dates: _Dates, first: int, last: int) -> IntArray:
    # Asked in each replication, and the same in most scenarios that are held against each other.
    shift, calendar = dates.shift, dates.calendar
    on = shift_dates(shift, calendar, date_of(calendar, first), date_of(calendar, last))
    days = np.array([day_of(calendar, one) for one in on], dtype=np.int64)
    days.setflags(write=False)
    return days


def _shift_codes(pool: str, shifts: list[Shift]) -> list[int]:
    """Return the code of each shift's name, wide enough for a roster of hundreds."""
    holders: dict[int, str] = {}
    for shift in shifts:
        digest = hashlib.blake2b(shift.name.encode("utf-8"), digest_size=_SHIFT_BITS // 8).digest()
        other = holders.setdefault(int.from_bytes(digest, "big"), shift.name)
        if other != shift.name:
            raise InputError(
                f'this name and "{other}" happen to share one lasting number',
                path=f"pools.{pool}.shifts",
                found=shift.name,
                allowed="any other name",
            )
    return list(holders)


def _shifts_per_week(shift: Shift, calendar: Calendar) -> float:
    pattern = shift.model_copy(
        update={"bank_holidays": "as_usual", "from_date": None, "until_date": None}
    )
    length = 7 if shift.cycle is None else math.lcm(7, shift.cycle.length_days)
    shifts_a_week = 7 * len(_days(pattern, calendar, 0, length - 1)) / length
    year = range(_WEEKS_PER_YEAR * 7)
    if shift.bank_holidays != "as_usual":
        worked = set(_days(pattern, calendar, year[0], year[-1]).tolist())
        holidays = {day_of(calendar, on) for on in calendar.bank_holidays}
        on_holidays = len(worked & holidays) / _WEEKS_PER_YEAR
        only = shift.bank_holidays == "only"
        shifts_a_week = on_holidays if only else shifts_a_week - on_holidays
    if shift.from_date is None and shift.until_date is None:
        return shifts_a_week
    in_force = sum(_in_force(shift, date_of(calendar, day)) for day in year) / len(year)
    return shifts_a_week * in_force


def _in_force(shift: Shift, day: date) -> bool:
    begun = shift.from_date is None or day >= shift.from_date
    return begun and (shift.until_date is None or day <= shift.until_date)
