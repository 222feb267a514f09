"""A rota as a grid: who is on when, paid hours, rest between shifts, weekends off."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sim.rota import people_by_shift
from sim.scenario.calendar import date_of, shift_dates
from sim.scenario.fields import WEEKDAYS
from sim.scenario.models import Calendar, Scenario
from sim.scenario.patterns import shift_and_team, team_shift
from sim.scenario.people import Pool, Shift

LEAST_REST_HOURS: Final = 11.0
"""Between two shifts: Working Time Regulations 1998, regulation 10; and Police Regulations."""

_LONGEST_CYCLE: Final = 42
_DAY: Final = 1_440
_SATURDAY: Final = 5


@dataclass(frozen=True)
class Team:
    """People who work the same shifts.

    Attributes
    ----------
    name
        Such as "Team 1", or the shift's where nobody says who works what.
    people
        Rostered.
    days
        Shape of the cycle: what is worked on each day, None on days off.
    paid_hours_per_week
        Of one person.
    short_rests
        Rests of less than eleven hours in one cycle.
    shortest_rest_hours
        None where there is no second shift.
    weekends_off
        Share of weekends with no shift that begins or ends on either day.
    """

    name: str
    people: int
    days: tuple[str | None, ...]
    paid_hours_per_week: float
    short_rests: int
    shortest_rest_hours: float | None
    weekends_off: float


def teams_of(pool: Pool, calendar: Calendar) -> list[Team]:
    """Return the teams of a rota by cycle; none where shifts do not say who works them."""
    groups: dict[str, list[Shift]] = {}
    for shift in pool.shifts:
        found = shift_and_team(shift.name)
        if shift.cycle is None or found is None:
            return []
        groups.setdefault(found[1], []).append(shift)
    return [_team(f"Team {number}", shifts, calendar) for number, shifts in groups.items()]


def grid(scenario: Scenario, name: str) -> Iterator[str]:
    """Yield the lines of one pool's rota.

    Parameters
    ----------
    scenario
        Whose.
    name
        The pool.

    Notes
    -----
    Of a rota by cycle each team's days from the calendar's first day on, a letter a day; of any
    other the people on each shift and weekday.
    """
    pool, calendar = scenario.pools[name], scenario.calendar
    title = pool.title or name.replace("_", " ")
    hours = sum(one.paid_hours_per_week for one in people_by_shift(scenario) if one.pool == name)
    yield f"{title} ({name}): {hours:,.0f} rostered hours a week"
    teams = teams_of(pool, calendar)
    yield from _by_team(teams, pool, calendar) if teams else _by_weekday(pool, calendar)


def _by_team(teams: Sequence[Team], pool: Pool, calendar: Calendar) -> Iterator[str]:
    letters = _letters(teams)
    first = calendar.first_day
    length = min(len(teams[0].days), _LONGEST_CYCLE)
    weekdays = "".join(
        WEEKDAYS[(first + timedelta(days=day)).weekday()][0].upper() for day in range(length)
    )
    yield f"  {'from ' + first.isoformat():<16} {weekdays}  people  hours  rest  weekends off"
    for team in teams:
        days = "".join("." if day is None else letters[day] for day in team.days[:length])
        rest = "-" if team.shortest_rest_hours is None else f"{team.shortest_rest_hours:.0f} h"
        yield (
            f"  {team.name:<16} {days}  {team.people:>6}  {team.paid_hours_per_week:>5.1f}"
            f"  {rest:>4}  {team.weekends_off:>4.0%}".replace("%", " %")
        )
    on_day = [
        sum(team.people for team in teams if team.days[day] is not None) for day in range(length)
    ]
    spread = f"{min(on_day)}" if min(on_day) == max(on_day) else f"{min(on_day)} to {max(on_day)}"
    said = [f"{letter}: {_hours(pool, shift)}" for shift, letter in letters.items()]
    yield f"  {'; '.join(said)}. {spread} people come on each day."
    yield from _rest(teams)


def _rest(teams: Sequence[Team]) -> Iterator[str]:
    """Say what rests are too short, if any."""
    short = [team for team in teams if team.short_rests]
    if not short:
        yield f"  No rest between two shifts is under {LEAST_REST_HOURS:.0f} hours."
        return
    least = min(team.shortest_rest_hours or 0.0 for team in short)
    names = ", ".join(team.name for team in short)
    yield (
        f"  Rest under {LEAST_REST_HOURS:.0f} hours between two shifts: {names}; the shortest is "
        f"{least:g} hours."
        if least >= 0
        else f"  Two shifts at once: {names}."
    )


def _by_weekday(pool: Pool, calendar: Calendar) -> Iterator[str]:
    """A line for each shift: its people by weekday in the first week."""
    if not pool.shifts:
        yield "  nobody"
        return
    width = max(len(shift.name) for shift in pool.shifts)
    heads = "".join(f"{day.title():>5}" for day in WEEKDAYS)
    yield f"  {'':<{width}}  {'':<11}{heads}"
    monday = calendar.first_day - timedelta(days=calendar.first_day.weekday())
    for shift in pool.shifts:
        dates = set(shift_dates(shift, calendar, monday, monday + timedelta(days=6)))
        week = [monday + timedelta(days=day) for day in range(7)]
        people = "".join(f"{shift.people if on in dates else '.':>5}" for on in week)
        yield f"  {shift.name:<{width}}  {_clocks(shift)}{people}"


def _letters(teams: Sequence[Team]) -> dict[str, str]:
    """A letter for each shift: its first that no other has."""
    letters: dict[str, str] = {}
    names = dict.fromkeys(day for team in teams for day in team.days if day is not None)
    for name in names:
        free = (sign.upper() for sign in [*name, *"abcdefghijklmnopqrstuvwxyz"] if sign.isalpha())
        letters[name] = next(sign for sign in free if sign not in letters.values())
    return letters


def _team(name: str, shifts: Sequence[Shift], calendar: Calendar) -> Team:
    cycle = shifts[0].cycle
    assert cycle is not None
    length = cycle.length_days
    days: list[str | None] = [None] * length
    worked: list[tuple[int, int]] = []
    span = math.lcm(7, length)
    for shift in shifts:
        plain = shift.model_copy(update={"from_date": None, "until_date": None})
        last = date_of(calendar, span - 1)
        for on in shift_dates(plain, calendar, calendar.first_day, last):
            day = (on - calendar.first_day).days
            begins = day * _DAY + shift.start
            worked.append((begins, begins + shift.length_minutes))
            if day < length:
                found = shift_and_team(shift.name)
                days[day] = shift.name if found is None else found[0]
    worked.sort()
    # The rota begins anew after its span.
    following = [*worked[1:], (worked[0][0] + span * _DAY, 0)] if worked else []
    rests = [(begins - ends) / 60 for (_, ends), (begins, _) in zip(worked, following, strict=True)]
    paid = sum(ends - begins for begins, ends in worked) / 60
    return Team(
        name=name,
        people=shifts[0].people,
        days=tuple(days),
        paid_hours_per_week=paid * 7 / span,
        short_rests=sum(rest < LEAST_REST_HOURS for rest in rests) * length // span,
        shortest_rest_hours=min(rests, default=None),
        weekends_off=_weekends_off(worked, calendar, span),
    )


def _weekends_off(worked: Sequence[tuple[int, int]], calendar: Calendar, span: int) -> float:
    first = (_SATURDAY - calendar.first_day.weekday()) % 7
    free = []
    for saturday in range(first, first + span, 7):
        since, until = saturday * _DAY, (saturday + 2) * _DAY
        # The days run round: the last weekend may reach into the next span.
        hit = any(
            begins + shift < until and ends + shift > since
            for begins, ends in worked
            for shift in (0, span * _DAY)
        )
        free.append(not hit)
    return sum(free) / len(free) if free else 0.0


def _hours(pool: Pool, name: str) -> str:
    shift = next(one for one in pool.shifts if one.name == team_shift(name, 1))
    return f"{name} {_clocks(shift)}"


def _clocks(shift: Shift) -> str:
    return "-".join(
        f"{minutes % _DAY // 60:02d}:{minutes % 60:02d}" for minutes in (shift.start, shift.end)
    )
