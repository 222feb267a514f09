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

from sim.scenario.patterns import pattern_days, step_of
from sim.scenario.people import Cycle, Pool, Shift, TeamCycle


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
            "name": f"{shift.name}_{team + 1}",
            "people": people,
            "cycle": Cycle(length_days=len(days), on_days=on_days, starts=starts),
        }
    )
