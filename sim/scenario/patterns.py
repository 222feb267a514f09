"""What a team does day by day, as a planner writes it: "2 early, 2 late, 2 night, 4 off"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from sim.scenario.fields import Fault

OFF: Final = "off"
LONGEST_DAYS: Final = 366

_OF_TEAM: Final = re.compile(r"(.+)_(\d+)")
_PART: Final = re.compile(r"(?:(\d{1,3})\s*)?([a-z][a-z0-9_]*)")
_EXAMPLE: Final = '"2 early, 2 late, 2 night, 4 off": shifts of this pool, and off'


def pattern_days(pattern: str) -> list[str]:
    """Return what a team does on each day: a shift's name, or `OFF`.

    Raises
    ------
    Fault
        If it cannot be read, or is longer than a year.
    """
    days: list[str] = []
    for part in pattern.split(","):
        found = _PART.fullmatch(part.strip().lower())
        if found is None or found[1] == "0":
            raise Fault("this is no pattern of days", "pattern", allowed=_EXAMPLE)
        days += [found[2]] * int(found[1] or 1)
    if len(days) > LONGEST_DAYS:
        raise Fault(
            f"this pattern has {len(days)} days", "pattern", allowed=f"at most {LONGEST_DAYS}"
        )
    return days


def step_of(length: int, teams: int, stagger_days: int | None) -> int:
    """Return the days by which each team is behind the one before it.

    Raises
    ------
    Fault
        If nothing is said and the teams do not share the pattern out evenly.
    """
    if stagger_days is not None:
        return stagger_days
    if length % teams:
        raise Fault(
            f"{teams} teams do not share out a pattern of {length} days evenly",
            "teams",
            allowed=f"a number that divides {length}, or stagger_days beside it",
        )
    return length // teams


def ensure_names(days: Sequence[str], shifts: Sequence[str]) -> None:
    """Refuse a pattern that names a shift that is not there, or leaves one out.

    Raises
    ------
    Fault
        If it does.
    """
    known = ", ".join(shifts) or "none: the pool has no shifts"
    for day in dict.fromkeys(days):
        if day != OFF and day not in shifts:
            raise Fault(
                f"the pattern names {day}, and the pool has no such shift",
                "pattern",
                allowed=f"{known}; and off",
            )
    for one in shifts:
        if one not in days:
            raise Fault(
                f"nobody works the shift {one}: the pattern does not name it",
                "pattern",
                allowed=f"a pattern of {known}; or remove the shift",
            )


def team_shift(shift: str, team: int) -> str:
    """Return what a shift of the pattern is called where a team works it, counted from 1."""
    return f"{shift}_{team}"


def shift_and_team(name: str) -> tuple[str, str] | None:
    """Return the shift and the team of a name as `team_shift` makes it; None of any other."""
    found = _OF_TEAM.fullmatch(name)
    return None if found is None else (found[1], found[2])
