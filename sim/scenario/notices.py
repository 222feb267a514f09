"""What is legal in a scenario and worth knowing before a run, a sentence each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sim.scenario.calendar import shift_dates
from sim.scenario.coverage import hours_without
from sim.scenario.demand import IncidentStream
from sim.scenario.episode_checks import used_roles
from sim.scenario.models import Calendar, Scenario
from sim.scenario.paths import MISSING, KeyPath, counted, dotted, leaves, lookup, named, parsed
from sim.scenario.people import Shift
from sim.scenario.plausible import absurd, far_from_inherited
from sim.scenario.resolve import resolved_data
from sim.scenario.staffing import attending_roles, is_staffed, sends_anybody

FITTED: Final = "Fitted by simulation to"
"""How the source of a number begins that no log holds."""

_LONG_HOURS: Final = 16
_DAY_NAMES: Final = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)
_LOST_WITH_A_ROTA: Final = {
    "break_after_hours": "a break",
    "abstraction": "an abstraction of its own",
    "crew_size": "a crew size",
}
# Numbers that name something and measure nothing need no source.
_NAMING: Final[tuple[KeyPath, ...]] = (
    ("format",),
    ("policy", "diversion", "travelling"),
    ("policy", "diversion", "at_scene"),
    ("policy", "committed"),
)


@dataclass(frozen=True, slots=True)
class Own:
    """What the planner's own file holds, and what it extends.

    Attributes
    ----------
    data
        Its own values.
    base
        All values of the file that it extends; None where it extends none.
    base_file
        That file as shown to people.
    """

    data: Mapping[str, Any]
    base: Mapping[str, Any] | None = None
    base_file: str = ""


def notices(scenario: Scenario, own: Own) -> Iterator[str]:
    """Yield what is legal and worth knowing before a run, a sentence each.

    Parameters
    ----------
    scenario
        A sound scenario.
    own
        The planner's own file.
    """
    for name, pool in scenario.pools.items():
        if not is_staffed(pool, scenario):
            yield f"Nobody is ever on duty in the pool {name}."
    yield from _without_effect(scenario, own)
    yield from _shifts(scenario)
    yield from _ratifiers(scenario)
    yield from _attendance(scenario)
    yield from _rhythm(scenario, own)
    yield from _desks(scenario)
    yield from _lost_with_a_rota(scenario, own)
    if own.base is not None:
        yield from far_from_inherited(own.data, own.base, own.base_file)
    yield from absurd(scenario, resolved_data(scenario))
    yield from _fitted(scenario)


def unsourced(scenario: Scenario, own: Mapping[str, Any], base: Mapping[str, Any]) -> list[str]:
    """Return the paths of the numbers of a planner's own file that no entry of sources speaks of.

    What is copied unchanged from the file that it extends has its source there.

    Parameters
    ----------
    scenario
        A sound scenario.
    own
        The values of the file.
    base
        All values of the file that it extends; empty where it extends none.
    """
    data = resolved_data(scenario)
    entries = own.get("sources", {})
    spoken_of = {counted(data, path) for key in entries if (path := parsed(key)) is not None}
    written = {key: value for key, value in own.items() if key != "sources"}
    # A shift may stand at another place in the file's own list than in the whole.
    paths = [(counted(data, named(written, path)), value) for path, value in leaves(written)]
    return [
        dotted(path)
        for path, value in paths
        if _is_number(value)
        and path[-1] != "grade"
        and lookup(base, named(data, path)) != value
        and not any(path[: len(prefix)] == prefix for prefix in _NAMING)
        and not any(path[:length] in spoken_of for length in range(1, len(path) + 1))
    ]


def _is_number(value: object) -> bool:
    values = value if isinstance(value, list) else [value]
    return bool(values) and all(
        isinstance(one, int | float) and not isinstance(one, bool) for one in values
    )


def _fitted(scenario: Scenario) -> Iterator[str]:
    """What was fitted fits some weeks, which is not to say that it predicts others."""
    if any((source.source or "").startswith(FITTED) for source in scenario.sources.values()):
        yield (
            "Numbers of this scenario were fitted to a log. Plan only with grades whose waits "
            "`replay` found may be believed, and with changes that their ranges in [sources] bear."
        )


def _without_effect(scenario: Scenario, own: Own) -> Iterator[str]:
    """Levers that are set and move nothing."""
    gate = scenario.policy.gate
    written = lookup(own.data, ("policy", "gate", "share_held")) is not MISSING
    if gate.deploy_on == "grading" and written:
        yield (
            f"policy.gate.share_held = {gate.share_held:g} has no effect while "
            f'policy.gate.deploy_on is "grading".'
        )
    asked = {role for name in scenario.streams for role in attending_roles(scenario, name)}
    asked |= {role for _, roles in used_roles(scenario.episode) for role in roles}
    for name, pool in scenario.pools.items():
        if pool.kind == "units" and pool.role not in asked and is_staffed(pool, scenario):
            yield (
                f"The pool {name} attends nothing: no entry of policy.attendance"
                f"{'' if scenario.episode is None else ' or of episode'} names its role, "
                f"{pool.role}."
            )


def _shifts(scenario: Scenario) -> Iterator[str]:
    """Shifts that are legal and seldom meant."""
    for name, pool in scenario.pools.items():
        for shift in pool.shifts:
            place = f"pools.{name}.shifts.{shift.name}"
            clock = f"from {_clock(shift.start)} to {_clock(shift.end)}"
            hours = shift.length_minutes / 60
            if shift.start == shift.end:
                yield (
                    f"{place} runs {clock}, which is 24 hours; a shift of no hours is people = 0."
                )
            elif hours >= _LONG_HOURS and not (pool.kind == "desk" and hours == 24):
                # A desk from 00:00 to 24:00 is a post that is always filled.
                yield f"{place} runs {clock}: {hours:g} hours."
            yield from _cycle(place, shift)
            yield from _absent(place, shift, scenario.calendar)


def _cycle(place: str, shift: Shift) -> Iterator[str]:
    """A cycle of whole weeks whose day 1 is no Monday is seldom what its days were counted from."""
    cycle = shift.cycle
    if cycle is None or cycle.length_days % 7 or cycle.starts.weekday() == 0:
        return
    yield (
        f"{place}: day 1 of its cycle of {cycle.length_days} days is a "
        f"{_DAY_NAMES[cycle.starts.weekday()]} ({cycle.starts}), and no Monday."
    )


def _absent(place: str, shift: Shift, calendar: Calendar) -> Iterator[str]:
    """A date with absent people on which the shift does not begin is a slip."""
    for on in shift.absent if isinstance(shift.absent, dict) else ():
        if next(shift_dates(shift, calendar, on, on), None) is None:
            yield f"{place}: absent has no effect on {on}, when this shift is not worked."


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _ratifiers(scenario: Scenario) -> Iterator[str]:
    """Hours at which held deployments wait for a ratifier to come on duty."""
    gate, rules = scenario.policy.gate, scenario.policy.ratification
    if gate.deploy_on != "ratification" or gate.share_held == 0 or not gate.streams:
        return
    lists = {"low": rules.low, "medium": rules.medium}
    if gate.hold_high_risk:
        lists["high"] = rules.high
    levels: dict[tuple[str, ...], list[str]] = {}
    for level, pools in lists.items():
        levels.setdefault(tuple(pools), []).append(level)
    for names, asked in levels.items():
        hours = hours_without((scenario.pools[name] for name in names), scenario.calendar)
        if names and hours is not None:
            yield (
                f"Nobody who ratifies {' and '.join(asked)} risk ({', '.join(names)}) is on duty "
                f"{hours}, and held deployments wait for them (policy.gate)."
            )


def _attendance(scenario: Scenario) -> Iterator[str]:
    """Hours at which nobody may be sent to a stream, which others than its area's might be."""
    alone: dict[tuple[str, str], list[str]] = {}
    for name, stream in scenario.streams.items():
        if not isinstance(stream, IncidentStream) or stream.reports_at or not sends_anybody(stream):
            continue
        roles = attending_roles(scenario, name)
        for area, share in stream.areas.items():
            pools = tuple(
                pool_name
                for pool_name, pool in scenario.pools.items()
                if pool.kind == "units" and pool.role in roles and pool.area in {None, area}
            )
            hours = hours_without((scenario.pools[one] for one in pools), scenario.calendar)
            if share > 0 and hours is not None:
                alone.setdefault((", ".join(pools), hours), []).append(f"{name} in {area}")
    for (pools_named, hours), jobs in alone.items():
        yield f"Nobody of {pools_named} is on duty {hours}: {_some(jobs)} must wait until then."


def _rhythm(scenario: Scenario, own: Own) -> Iterator[str]:
    """Team hours and the pace of enquiries that do not go together."""
    episode = scenario.episode
    if episode is None:
        return
    teams = {
        name: pool
        for name, pool in scenario.pools.items()
        if pool.kind == "units" and pool.role == scenario.team_role
    }
    if episode.team_night_rhythm < 1:
        for name, pool in teams.items():
            for shift in pool.shifts:
                end = shift.start + shift.length_minutes
                hours = range(shift.start // 60, -(-end // 60))
                if shift.people and any(episode.is_night(hour % 24) for hour in hours):
                    yield (
                        f"pools.{name}.shifts.{shift.name} is on duty at night, when its enquiries "
                        f"go at {episode.team_night_rhythm:.0%} of the day's pace "
                        "(episode.team_night_rhythm)."
                    )
    of_response = [
        key
        for key in ("night_rhythm", "response_day_rhythm")
        if lookup(own.data, ("episode", key)) is not MISSING
    ]
    always = teams and all(
        hours_without(
            (one for one in teams.values() if one.area in {None, area}), scenario.calendar
        )
        is None
        for area in scenario.areas
    )
    if of_response and always:
        yield (
            f"episode.{of_response[0]} has no effect: a pool of the role {scenario.team_role} is "
            "always on duty, so no case is response's."
        )


def _some(jobs: list[str]) -> str:
    return ", ".join(jobs) if len(jobs) < 4 else f"{', '.join(jobs[:2])} and {len(jobs) - 2} more"


def _desks(scenario: Scenario) -> Iterator[str]:
    """Hours at which a desk that holds everything up is empty."""
    room, reviews = scenario.policy.control_room, scenario.policy.reviews
    rooms = room.dispatchers
    telephone = scenario.policy.gate.telephone
    dispatchers = [rooms] if isinstance(rooms, str) else list((rooms or {}).values())
    tasks = [
        ((room.switchboard or room.call_takers,), "no call is answered"),
        *([((room.call_takers,), "no call is taken")] if room.switchboard else []),
        *([((telephone.pool,), "no enquiry is made by telephone")] if telephone else []),
        *(((one,), "nothing is allocated") for one in dict.fromkeys(dispatchers)),
        *(
            ((one, *reviews.stand_ins.get(one, [])), "reviews passed up to them wait")
            for one in dict.fromkeys(reviews.levels)
        ),
    ]
    for names, what in tasks:
        pools = [scenario.pools[name] for name in names if name is not None]
        hours = hours_without(pools, scenario.calendar) if pools else None
        # That nobody ever is has been said already.
        if hours is not None and is_staffed(pools[0], scenario):
            yield f"Nobody of {', '.join(map(str, names))} is on duty {hours}: {what}."


def _lost_with_a_rota(scenario: Scenario, own: Own) -> Iterator[str]:
    """What the shifts of an inherited rota had, and those that replace them have not."""
    pools = own.data.get("pools")
    if own.base is None or not isinstance(pools, Mapping):
        return
    for name in pools:
        shifts = lookup(pools, (name, "shifts"))
        before = lookup(own.base, ("pools", name, "shifts"))
        if not isinstance(shifts, list) or not isinstance(before, list) or not before:
            continue
        for key, what in _LOST_WITH_A_ROTA.items():
            # What is set by a shift's name in the command lies over the inherited rota.
            kept = {one.name for one in scenario.pools[name].shifts if key in one.model_fields_set}
            lost = [
                str(shift["name"])
                for shift in shifts
                if shift["name"] not in kept and _has_lost(shift, key, before)
            ]
            if lost:
                yield (
                    f"pools.{name}.shifts replaces the rota of {own.base_file}, where they had "
                    f"{what}, and {' and '.join(lost)} {'has' if len(lost) == 1 else 'have'} none: "
                    f"write {key} beside people if they should."
                )


def _has_lost(shift: Mapping[str, Any], key: str, before: list[Mapping[str, Any]]) -> bool:
    if key in shift:
        return False
    same = [old for old in before if old.get("name") == shift["name"]]
    return all(key in old for old in same or before)
