"""What might help on such a night, each as one more scenario: lend, hold on, call in.

All of them bring as many people for as many hours, so that what is compared is who and when. Those
who are lent leave their own pool for these hours; those who are held on or called in are paid
overtime.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal, TypeAlias

from sim.answers.night.asked import Short, absent_on
from sim.scenario.calendar import date_of, shift_dates
from sim.scenario.models import Scenario
from sim.scenario.people import Pool, Shift
from sim.tables import DAY, HOUR, MINUTE

Way: TypeAlias = Literal["lend", "hold on", "call in"]

HOURS: Final = 3
MOST_PEOPLE: Final = 2
_NAME: Final = "short_night_help"


@dataclass(frozen=True)
class Help:
    """One thing that might help.

    Attributes
    ----------
    way
        Which of the three.
    people
        How many.
    from_pool, from_shift
        Whose people; of those called in, the pool itself and no shift.
    since, until
        Seconds from midnight of the first day.
    scenario
        The short night with it.
    pounds
        Overtime for it; None: overtime has no price in the scenario.
    """

    way: Way
    people: int
    from_pool: str
    from_shift: str | None
    since: int
    until: int
    scenario: Scenario
    pounds: float | None


def helps(scenario: Scenario, short: Short) -> list[Help]:
    """Return what might help on the short night.

    Parameters
    ----------
    scenario
        With the shift short.
    short
        Which.
    """
    people = min(MOST_PEOPLE, short.people)
    windows = list(_windows(short))
    found = [
        *_lent(scenario, short, people, windows),
        *_held_on(scenario, short, people),
        *_called_in(scenario, short, people, windows),
    ]
    return [one for one in found if one.since < short.until and one.until > short.since]


def _windows(short: Short) -> Iterator[tuple[int, int]]:
    """The first hours of the shift, its middle and its last."""
    length = min(HOURS * HOUR, short.until - short.since)
    room = short.until - short.since - length
    for since in dict.fromkeys((short.since, short.since + room // 2 // HOUR * HOUR)):
        yield since, since + length
    if room:
        yield short.until - length, short.until


def _lent(
    scenario: Scenario, short: Short, people: int, windows: list[tuple[int, int]]
) -> Iterator[Help]:
    own = scenario.pools[short.pool]
    for name, pool in scenario.pools.items():
        if name == short.pool or (pool.kind, pool.role) != (own.kind, own.role):
            continue
        for since, until in windows:
            lender = _on_duty(scenario, pool, since, until, people)
            if lender is not None:
                shift, on = lender
                made = _with_lender_short(scenario, name, shift, on, people, since, until)
                made = _with_more(made, short.pool, people, since, until)
                yield Help("lend", people, name, shift.name, since, until, made, 0.0)


def _held_on(scenario: Scenario, short: Short, people: int) -> Iterator[Help]:
    """Those whose shift ends within the night stay for some hours more."""
    pool = scenario.pools[short.pool]
    for shift in pool.shifts:
        if shift.name == short.shift:
            continue
        for begins in _begins(scenario, shift, short):
            ends = begins + shift.length_minutes * MINUTE
            if short.since <= ends <= short.until - HOURS * HOUR and shift.people >= people:
                until = ends + HOURS * HOUR
                made = _with_more(scenario, short.pool, people, ends, until)
                price = _overtime(scenario, pool, people * HOURS)
                yield Help("hold on", people, short.pool, shift.name, ends, until, made, price)


def _called_in(
    scenario: Scenario, short: Short, people: int, windows: list[tuple[int, int]]
) -> Iterator[Help]:
    """People who are off duty come for some hours."""
    pool = scenario.pools[short.pool]
    for since, until in windows:
        made = _with_more(scenario, short.pool, people, since, until)
        price = _overtime(scenario, pool, people * (until - since) / HOUR)
        yield Help("call in", people, short.pool, None, since, until, made, price)


def _overtime(scenario: Scenario, pool: Pool, hours: float) -> float | None:
    factor = scenario.costs.overtime_factor
    return None if factor is None else factor * hours * pool.pounds_per_hour


def _begins(scenario: Scenario, shift: Shift, short: Short) -> Iterator[int]:
    """When a shift begins that may be on duty in the night, in seconds."""
    first = short.since // DAY - 1
    dates = [date_of(scenario.calendar, day) for day in range(first, first + 3)]
    for day, on in enumerate(dates, start=first):
        if list(shift_dates(shift, scenario.calendar, on, on)):
            yield day * DAY + shift.start * MINUTE


def _on_duty(
    scenario: Scenario, pool: Pool, since: int, until: int, people: int
) -> tuple[Shift, date] | None:
    """The shift with most people that is on duty in all of these hours, and its date."""
    best: tuple[Shift, date] | None = None
    first = since // DAY - 1
    for day in range(first, first + 3):
        on = date_of(scenario.calendar, day)
        for shift in pool.shifts:
            begins = day * DAY + shift.start * MINUTE
            covers = begins <= since and until <= begins + shift.length_minutes * MINUTE
            worked = covers and list(shift_dates(shift, scenario.calendar, on, on))
            if worked and shift.people > people and (best is None or shift.people > best[0].people):
                best = shift, on
    return best


def _with_lender_short(
    scenario: Scenario, pool: str, shift: Shift, on: date, people: int, since: int, until: int
) -> Scenario:
    """Take people off a shift for some of its hours; before and after they are there."""
    made = absent_on(scenario, pool, shift.name, on, people)
    day = (on - scenario.calendar.first_day).days
    begins = day * DAY + shift.start * MINUTE
    ends = begins + shift.length_minutes * MINUTE
    for number, (first, last) in enumerate(((begins, since), (until, ends))):
        if last > first:
            made = _with_more(made, pool, people, first, last, f"_{number}")
    return made


def _with_more(
    scenario: Scenario, pool: str, people: int, since: int, until: int, suffix: str = ""
) -> Scenario:
    """Put so many more people on duty in a pool for some hours; all of them come."""
    on = scenario.calendar.first_day + timedelta(days=since // DAY)
    own = scenario.pools[pool]
    shift = Shift.model_validate(
        {
            "name": f"{_NAME}{suffix}",
            "start": _clock(since),
            "end": _clock(until),
            "people": people,
            "crew_size": min(people, max(one.crew_size for one in own.shifts)),
            "abstraction": 0.0,
            "from_date": on,
            "until_date": on,
        }
    )
    changed = own.model_copy(update={"shifts": [*own.shifts, shift]})
    return scenario.model_copy(update={"pools": {**scenario.pools, pool: changed}})


def _clock(seconds: int) -> str:
    minutes = seconds % DAY // MINUTE
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
