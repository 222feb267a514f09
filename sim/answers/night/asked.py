"""The night, the shift that is short, and by how many: read, checked, and made a scenario."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sim.errors import InputError
from sim.rota import people_by_shift
from sim.scenario.calendar import day_of, shift_dates
from sim.scenario.findings import nearest
from sim.scenario.models import Scenario
from sim.scenario.paths import parsed
from sim.scenario.patterns import shift_and_team
from sim.scenario.people import Shift
from sim.tables import DAY, HOUR, MINUTE

_DAYS: Final = 364
"""After the first day: bank and school holidays are known for a year."""
_BEGINS, _ENDS = 22, 31
"""Hours of a night of which no shift is named, from midnight of the date."""
_EXAMPLE: Final = "such as pools.response_bcp.shifts.night=3"


@dataclass(frozen=True)
class OneNight:
    """The hours of one night.

    Attributes
    ----------
    on
        The date on which it begins.
    since, until
        Seconds from midnight of the first day: its hours, as whole hours.
    """

    on: date
    since: int
    until: int


@dataclass(frozen=True)
class Short(OneNight):
    """A shift of one date that is short of people; its hours are the night's.

    Attributes
    ----------
    pool, shift
        Names.
    people
        How many of those who would parade do not.
    parades
        People who parade on it as a rule.
    """

    pool: str
    shift: str
    people: int
    parades: float

    def shift_of(self, scenario: Scenario) -> Shift:
        """The shift in a scenario."""
        return next(one for one in scenario.pools[self.pool].shifts if one.name == self.shift)


def night_of(on: str, scenario: Scenario) -> OneNight:
    """Read on which night; of nobody who is short it is from 22:00 to 07:00.

    Raises
    ------
    InputError
        If the date is none, or lies outside of the calendar's year.
    """
    day = _day(on, scenario)
    midnight = day_of(scenario.calendar, day) * DAY
    return OneNight(day, midnight + _BEGINS * HOUR, midnight + _ENDS * HOUR)


def night_asked(short: str | None, on: str, scenario: Scenario) -> OneNight:
    """Read which night is asked for: one that is short of people, or with None one as it is.

    Raises
    ------
    InputError
        As `short_of` and `night_of` raise it.
    """
    return night_of(on, scenario) if short is None else short_of(short, on, scenario)


def alike_in(asked: OneNight, scenario: Scenario) -> OneNight:
    """The same night in another scenario: the same shift lacks as many.

    Raises
    ------
    InputError
        If it has no such shift on that date, or fewer parade on it than are short.
    """
    short = None
    if isinstance(asked, Short):
        short = f"pools.{asked.pool}.shifts.{asked.shift}={asked.people}"
    return night_asked(short, str(asked.on), scenario)


def short_of(text: str, on: str, scenario: Scenario) -> Short:
    """Read what is short and on which night.

    Parameters
    ----------
    text
        ``pools.NAME.shifts.NAME=N``.
    on
        A date, ``2022-05-06``.
    scenario
        Whose rota it is.

    Raises
    ------
    InputError
        If there is no such shift, it does not begin on that date, the date lies outside of the
        calendar's year, or more are short than parade.
    """
    path, equals, number = (part.strip() for part in text.partition("="))
    keys = parsed(path)
    if not equals or keys is None or len(keys) != 4 or (keys[0], keys[2]) != ("pools", "shifts"):
        raise InputError(
            "this names no shift and number", path="--short", found=text, allowed=_EXAMPLE
        )
    pool, name = str(keys[1]), str(keys[3])
    _ensure_known(pool, list(scenario.pools), "pool", text)
    name = _of_team(name, pool, on, scenario)
    _ensure_known(name, [one.name for one in scenario.pools[pool].shifts], "shift", text)
    if not number.isdigit() or int(number) < 1:
        raise InputError(
            "this is no number of people", path="--short", found=number, allowed="1 or more"
        )
    shift = next(one for one in scenario.pools[pool].shifts if one.name == name)
    day = _date(on, shift, scenario)
    parades = next(
        one.parading for one in people_by_shift(scenario) if (one.pool, one.shift) == (pool, name)
    )
    if int(number) > int(parades):
        raise InputError(
            f"{parades:.1f} people parade on this shift as a rule, of {shift.people} rostered",
            path="--short",
            found=int(number),
            allowed=f"1 to {int(parades)}" if parades >= 1 else "a shift on which somebody parades",
        )
    begins = day_of(scenario.calendar, day) * DAY + shift.start * MINUTE
    ends = begins + shift.length_minutes * MINUTE
    since, until = begins // HOUR * HOUR, -(-ends // HOUR) * HOUR
    return Short(
        on=day,
        since=since,
        until=until,
        pool=pool,
        shift=name,
        people=int(number),
        parades=parades,
    )


def _of_team(name: str, pool: str, on: str, scenario: Scenario) -> str:
    """The shift of the team that works it on that date, where teams work the pool's shifts."""
    shifts = scenario.pools[pool].shifts
    teams = [one for one in shifts if (shift_and_team(one.name) or ("",))[0] == name]
    if not teams or any(one.name == name for one in shifts):
        return name
    day = _day(on, scenario)
    at_work = [one for one in teams if list(shift_dates(one, scenario.calendar, day, day))]
    return (at_work or teams)[0].name


def with_short(scenario: Scenario, short: OneNight) -> Scenario:
    """The scenario with so many fewer on that one shift; they are away and paid."""
    if not isinstance(short, Short):
        return scenario
    return absent_on(scenario, short.pool, short.shift, short.on, short.people)


def absent_on(scenario: Scenario, pool: str, name: str, on: date, people: int) -> Scenario:
    """The scenario with so many more absent from one shift on one date."""
    shifts = []
    for shift in scenario.pools[pool].shifts:
        if shift.name == name:
            gone = min(shift.absent_on(on) + people, shift.people)
            # Only this night is simulated, so what holds of all other dates need not be kept.
            shifts.append(shift.model_copy(update={"absent": {on: gone}}))
        else:
            shifts.append(shift)
    changed = scenario.pools[pool].model_copy(update={"shifts": shifts})
    return scenario.model_copy(update={"pools": {**scenario.pools, pool: changed}})


def _ensure_known(word: str, known: list[str], what: str, text: str) -> None:
    if word not in known:
        near = nearest(word, known)
        raise InputError(
            f"there is no {what} of this name",
            path="--short",
            found=word,
            allowed=", ".join(known),
            suggestion=None if near is None else text.replace(word, near),
        )


def _date(text: str, shift: Shift, scenario: Scenario) -> date:
    on, calendar = _day(text, scenario), scenario.calendar
    if not list(shift_dates(shift, calendar, on, on)):
        following = shift_dates(shift, calendar, on, on + timedelta(days=28))
        raise InputError(
            f"the shift {shift.name} is not worked on this date",
            path="--on",
            found=text,
            allowed=f"such as {next(following, 'a date on which it is')}",
        )
    return on


def _day(text: str, scenario: Scenario) -> date:
    calendar = scenario.calendar
    first, last = calendar.first_day, calendar.first_day + timedelta(days=_DAYS)
    try:
        on = date.fromisoformat(text)
    except ValueError:
        raise InputError(
            "this is no date", path="--on", found=text, allowed=f"such as {first}"
        ) from None
    if not first <= on <= last:
        raise InputError(
            "this date lies outside of the calendar's year",
            path="--on",
            found=text,
            allowed=f"{first} to {last}",
        )
    return on
