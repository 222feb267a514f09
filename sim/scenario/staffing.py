"""Who is ever on duty, and whether anybody is for the work that there is."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sim.scenario.calendar import shift_dates
from sim.scenario.declared import Found, Names
from sim.scenario.demand import IncidentStream
from sim.scenario.findings import Finding, listed
from sim.scenario.models import Scenario
from sim.scenario.paths import KeyPath
from sim.scenario.people import Pool, Shift

_EVER_DAYS: Final = 731
"""Days from the first over which a shift that never begins counts as never staffed."""


def is_staffed(pool: Pool, scenario: Scenario) -> bool:
    """Tell whether anybody of a pool is ever on duty in the two years from the first day."""
    first = scenario.calendar.first_day
    last = first + timedelta(days=_EVER_DAYS)
    return any(
        shift.people > 0
        and (pool.abstraction if shift.abstraction is None else shift.abstraction) < 1
        and any(
            shift.people > shift.absent_on(on)
            for on in shift_dates(shift, scenario.calendar, first, last)
        )
        for shift in pool.shifts
    )


def sends_anybody(stream: object) -> bool:
    """Tell whether units are ever sent to a stream's incidents."""
    return (
        isinstance(stream, IncidentStream)
        and (stream.volume_per_year > 0 or bool(stream.reports_at))
        and stream.ends_without_deployment < 1
    )


def attending_roles(scenario: Scenario, stream: str) -> list[str]:
    """Return the roles that may attend a stream's jobs, first asked first."""
    attendance = scenario.policy.attendance
    return attendance.streams.get(stream, attendance.default)


def shifts(scenario: Scenario, _: Names) -> Found:
    """Find shifts that are at odds with themselves."""
    for name, pool in scenario.pools.items():
        for index, shift in enumerate(pool.shifts):
            yield from _one_shift(("pools", name, "shifts", index), pool, shift)


def _one_shift(path: KeyPath, pool: Pool, shift: Shift) -> Found:
    hours = shift.length_minutes / 60
    if shift.from_date and shift.until_date and shift.until_date < shift.from_date:
        yield Finding(
            (*path, "until_date"),
            f"this lies before from_date ({shift.from_date})",
            found=shift.until_date,
        )
    if pool.kind == "desk" and shift.crew_size > 1:
        yield Finding((*path, "crew_size"), "nobody is crewed at a desk", shift.crew_size, "1")
    after = shift.break_after_hours
    if after is not None and after + shift.break_minutes / 60 > hours:
        yield Finding(
            (*path, "break_after_hours"),
            "the break would outlast the shift, and so be never taken",
            found=after,
            allowed=f"a break that ends within the shift's {hours:g} hours",
        )


def coverage(scenario: Scenario, _: Names) -> Found:
    """Find work to which nobody could ever be sent."""
    empty: dict[str, list[str]] = {}
    roles_known = {pool.role for pool in scenario.pools.values() if pool.kind == "units"}
    for name, stream in scenario.streams.items():
        if not isinstance(stream, IncidentStream) or not sends_anybody(stream):
            continue
        roles = attending_roles(scenario, name)
        if not roles_known.intersection(roles):
            continue  # told as an unknown role
        for area, share in stream.areas.items():
            if area not in scenario.areas or share <= 0:
                continue
            may_attend = {
                pool_name: pool
                for pool_name, pool in scenario.pools.items()
                if pool.kind == "units" and pool.role in roles and pool.area in {None, area}
            }
            if not may_attend:
                yield Finding(
                    ("streams", name, "areas", area),
                    "no pool of this area may attend this stream",
                    allowed=f"areas that have a pool of role {listed(roles)}",
                )
            elif not any(is_staffed(pool, scenario) for pool in may_attend.values()):
                empty.setdefault(next(iter(may_attend)), []).append(f"{name} in {area}")
    for pool_name, jobs in empty.items():
        yield unstaffed(pool_name, f"and nobody else could attend {', '.join(jobs)}")


def unstaffed(pool: str, why: str) -> Finding:
    """Nobody is ever on duty in a pool, and that is a fault for a reason."""
    return Finding(
        ("pools", pool),
        f"nobody is ever on duty in this pool, {why}",
        allowed="a shift with somebody on it",
    )
