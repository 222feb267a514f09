"""Rotas by cycle: teams that work one pattern after another, written as shifts.

    [pools.response.cycle]
    pattern = "2 early, 2 late, 2 night, 4 off"
    teams = 5
    people = 12

Each team works the pattern, a few days after the team before it. The shifts that it names say when
they begin and end; how many work them is the team's number.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TypeVar

from sim.scenario.paths import KeyPath, dotted, parsed
from sim.scenario.patterns import pattern_days, step_of, team_shift
from sim.scenario.people import Cycle, Pool, Shift, TeamCycle

_Source = TypeVar("_Source")


def as_shifts(pools: Mapping[str, Pool], first_day: date) -> dict[str, Pool]:
    """Return pools in which those with a cycle have the shifts of their teams instead.

    Parameters
    ----------
    pools
        As they are written, each sound by itself.
    first_day
        Where a cycle does not say when it starts: the first team begins its pattern on this day.

    Notes
    -----
    The shift `early` of team 3 is called ``early_3``.
    """
    return {
        name: pool if pool.cycle is None else _worked(pool, pool.cycle, first_day)
        for name, pool in pools.items()
    }


def as_spoken_of(sources: Mapping[str, _Source], pools: Mapping[str, Pool]) -> dict[str, _Source]:
    """Return sources by the paths that are there once the teams' shifts are written.

    Parameters
    ----------
    sources
        By path, as the file spells it.
    pools
        As they are written.

    Notes
    -----
    What is said of a shift is said of it in every team, and so is what is said of the teams'
    people. What is said of anything else in a cycle is said of the pool's shifts, unless something
    is said of those already.
    """
    spoken: dict[str, _Source] = {}
    of_cycles: dict[str, _Source] = {}
    for key, source in sources.items():
        path = parsed(key) or ()
        places = _in_teams(path, pools)
        if places is None:
            spoken[key] = source
        elif places:
            spoken |= dict.fromkeys(map(dotted, places), source)
        else:
            of_cycles[dotted((*path[:2], "shifts"))] = source
    return of_cycles | spoken


def _in_teams(path: KeyPath, pools: Mapping[str, Pool]) -> list[KeyPath] | None:
    """Return where teams have it; nothing: it is of the cycle as a whole; None: of no cycle."""
    match path:
        case ("pools", str() as name, "cycle" | "shifts" as part, *rest) if name in pools:
            pool = pools[name]
        case _:
            return None
    cycle = pool.cycle
    if cycle is None or (part == "shifts" and not rest):
        return None
    if part == "shifts":
        names = [one.name for place, one in enumerate(pool.shifts) if rest[0] in (one.name, place)]
        below = rest[1:]
    elif rest == ["people"] and isinstance(cycle.people, int):
        names, below = [one.name for one in pool.shifts], rest
    else:
        return []
    teams = range(1, cycle.teams + 1)
    shifts = [team_shift(one, team) for one in names for team in teams]
    return [("pools", name, "shifts", one, *below) for one in shifts] or None


def _worked(pool: Pool, cycle: TeamCycle, first_day: date) -> Pool:
    days = pattern_days(cycle.pattern)
    step = step_of(len(days), cycle.teams, cycle.stagger_days)
    shifts = [
        _of_team(shift, team, people, days, (cycle.starts or first_day) + timedelta(step * team))
        for shift in pool.shifts
        for team, people in enumerate(cycle.by_team)
    ]
    return pool.model_copy(update={"shifts": shifts, "cycle": None})


def _of_team(shift: Shift, team: int, people: int, days: list[str], starts: date) -> Shift:
    on_days = [place for place, day in enumerate(days, start=1) if day == shift.name]
    return shift.model_copy(
        update={
            "name": team_shift(shift.name, team + 1),
            "people": people,
            "cycle": Cycle(length_days=len(days), on_days=on_days, starts=starts),
        }
    )
