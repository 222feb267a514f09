"""What is wrong with a scenario before it runs: nobody to do the work, or never enough of them.

The figures come from one replication's draws, not from formulas, so that they hold for any profile,
rota and duration. They leave out work that only a run can show (reviews, second journeys, waits
for a second crew), and what eases a load there (overtime, children who return before anybody is
sent), so units that are a little over their capacity here may still keep up in the run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from sim.errors import InputError, ScenarioErrors
from sim.tables import DAY, HOUR, NEVER, NONE, PER_MILLE, Origin, Policy, Table

__all__ = ["CERTAIN_OVERLOAD", "Findings", "Load", "check", "loads"]

FloatArray: TypeAlias = npt.NDArray[np.float64]
IntArray: TypeAlias = npt.NDArray[np.int64]
BoolArray: TypeAlias = npt.NDArray[np.bool_]

CERTAIN_OVERLOAD: Final = 1.1
"""Up to this share of capacity overtime, and children who return first, may keep up."""
_LEAST_SHARE_TOLD: Final = 0.005
"""A smaller share of reports that come while nobody is on duty is not worth a warning."""


@dataclass(frozen=True)
class Findings:
    """What was found before the run, as sentences.

    Parameters
    ----------
    overloads
        Pools that are asked for more than they can do, so that their queue grows all the time and
        no delay is a property of the staffing: it depends on how long is simulated.
    warnings
        Units that are asked for hardly more than they can do, where overtime and work that ends by
        itself may still keep up; reports that come while nobody who may attend is on duty; pools
        that are named and never staffed, where others do their work.
    """

    overloads: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def check(
    incidents: Table,
    attempts: Table,
    rota: Table,
    policy: Policy,
    *,
    since: int,
    until: int,
    file: str | None = None,
) -> Findings:
    """Look for work that nobody can do, or not all of it.

    Parameters
    ----------
    incidents, attempts, rota, policy
        As an engine would be given them, of one replication.
    since, until
        The window that is looked at, in seconds.
    file
        The scenario's file, for messages.

    Returns
    -------
    Findings
        Each a sentence with its figure.

    Raises
    ------
    ScenarioErrors
        If work is sent to pools and nobody is ever on duty there to do it.
    """
    world = _World(incidents, attempts, rota, policy, since, until)
    refusals = [*_desks_without_people(world, file), *_streams_without_people(world, file)]
    if refusals:
        raise ScenarioErrors(refusals)
    overloads, tight = _unit_overloads(world)
    return Findings(
        (*_desk_overloads(world), *overloads),
        (*_never_staffed(world), *tight, *_hours_without_people(world)),
    )


@dataclass(frozen=True)
class Load:
    """What some pools are asked to do in a window, and what they can do.

    Parameters
    ----------
    pools
        Names; work that only these may do.
    units
        Whether they are units: overtime, and children who return first, may ease their load.
    work, capacity
        Seconds. Those of a desk include what its people stay on for at the ends of their shifts
        where all are at work: the rest of a task that is broken off at a random moment.
    """

    pools: tuple[str, ...]
    units: bool
    work: float
    capacity: float


def loads(
    incidents: Table, attempts: Table, rota: Table, policy: Policy, *, since: int, until: int
) -> list[Load]:
    """Return the load of each desk pool, and of each group of unit pools, of one replication.

    Parameters are those of `check`. What only a run can show is left out, as there.
    """
    world = _World(incidents, attempts, rota, policy, since, until)
    desks = []
    for pool, sent in sorted(_desk_loads(world).items()):
        capacity = world.capacity(pool) + world.shift_ends(pool) * sent.rest_of_a_task
        desks.append(Load((world.name(pool),), False, sent.seconds, capacity))
    units = [
        Load(tuple(world.name(pool) for pool in sorted(group)), True, work, capacity)
        for group, work, capacity in _unit_loads(world)
    ]
    return desks + units


@dataclass(frozen=True)
class _World:
    incidents: Table
    attempts: Table
    rota: Table
    policy: Policy
    since: int
    until: int

    @property
    def days(self) -> float:
        return (self.until - self.since) / DAY

    def name(self, pool: int) -> str:
        return self.policy.pools[pool].name

    def staffed(self, pool: int) -> bool:
        """Whether anybody of a pool is on duty within the window."""
        return self.capacity(pool) > 0

    def capacity(self, pool: int) -> float:
        """Seconds that a pool's people are on duty within the window, breaks taken off."""
        rows = self.rota["pool"] == pool
        on = np.maximum(self.rota["on_at"][rows], self.since)
        off = np.minimum(self.rota["off_at"][rows], self.until)
        on_duty = np.maximum(off - on, 0)
        breaks = np.minimum(self.rota["break_seconds"][rows], on_duty)
        return float((on_duty - breaks).sum())

    def shift_ends(self, pool: int) -> int:
        """Shifts of a pool that end within the window."""
        off = self.rota["off_at"][self.rota["pool"] == pool]
        return int(((off > self.since) & (off <= self.until)).sum())

    def counted(self) -> Table:
        """Incidents and desk tasks reported in the window."""
        at = self.incidents["reported_at"]
        return self.incidents.take((at >= self.since) & (at < self.until))


@dataclass(frozen=True)
class _Sent:
    """Work sent to a desk pool: seconds, tasks, and the sum of their squared seconds."""

    seconds: float = 0.0
    tasks: int = 0
    squares: float = 0.0

    @property
    def rest_of_a_task(self) -> float:
        """Mean seconds left of a task that is under way at a random moment."""
        return self.squares / (2 * self.seconds) if self.seconds else 0.0


def _desk_loads(world: _World) -> dict[int, _Sent]:
    """Return the work sent to each desk pool."""
    policy, rows = world.policy, world.counted()
    loads: dict[int, _Sent] = {}

    def add(pool: int, seconds: FloatArray | IntArray) -> None:
        if pool != NONE and seconds.size:
            had = loads.get(pool, _Sent())
            loads[pool] = _Sent(
                had.seconds + float(seconds.sum()),
                had.tasks + seconds.size,
                had.squares + float((seconds.astype(np.float64) ** 2).sum()),
            )

    incident = rows["desk_pool"] == NONE
    called = incident & (rows["origin"] != Origin.DIRECT)
    assessment = np.where(rows["assessment_seconds"] == NEVER, 0, rows["assessment_seconds"])
    call = rows["thrive_seconds"] + assessment + rows["wrap_seconds"]
    add(policy.call_takers, call[called])
    researched = incident & (rows["research_seconds"] != NEVER)
    if policy.call_takers != NONE:
        switched = incident & (rows["origin"] <= Origin.NON_EMERGENCY)
        add(policy.switchboard, rows["switch_seconds"][switched])
    add(policy.research, rows["research_seconds"][researched])
    telephoned = rows["uncertain_parts"] < policy.telephone_parts
    add(policy.telephone_desk, rows["telephone_seconds"][incident & telephoned])
    for pool in range(len(policy.pools)):
        add(pool, rows["desk_seconds"][rows["desk_pool"] == pool])
    deployed = rows.take(incident & (rows["deploys"] != 0))
    first = world.attempts.take(world.attempts["attempt"] == 0)
    work = _looked_up(deployed["key"], first["key"], first["dispatch_seconds"])
    for area, pool in enumerate(policy.dispatchers):
        add(pool, work[deployed["area"] == area])
    ratified = rows.take(incident & (rows["ratification_seconds"] != NEVER))
    asked = _ratifiers_asked(world, ratified)
    for pool in np.unique(asked).tolist():
        add(pool, ratified["ratification_seconds"][asked == pool])
    return loads


def _ratifiers_asked(world: _World, rows: Table) -> IntArray:
    """Return the pool that each row's ratification falls to, by who is on duty at its report."""
    asked = np.full(len(rows), NONE, dtype=np.int64)
    if not world.policy.ratifiers:
        return asked
    for risk, by_hour in enumerate(world.policy.ratifiers):
        for hour, pools in enumerate(by_hour):
            here = (rows["risk"] == risk) & (rows["reported_at"] % DAY // HOUR == hour)
            if not pools or not here.any():
                continue
            times = rows["reported_at"][here]
            chosen = np.full(times.shape, pools[-1], dtype=np.int64)
            for pool in reversed(pools):
                chosen[_on_duty(world, [pool], times)] = pool
            asked[here] = chosen
    return asked


def _desks_without_people(world: _World, file: str | None) -> Iterator[InputError]:
    for pool, sent in sorted(_desk_loads(world).items()):
        if not world.staffed(pool):
            yield InputError(
                f"nobody is ever on duty here, and {_per_day(sent.tasks, world)} are sent to it",
                file=file,
                path=f"pools.{world.name(pool)}",
                allowed="a pool with people on at least one shift of the simulated days",
            )


def _streams_without_people(world: _World, file: str | None) -> Iterator[InputError]:
    for stream, area, rows in _attended(world):
        pools = _may_attend(world.policy, stream, area)
        if not any(world.staffed(pool) for pool in pools):
            names = ", ".join(world.name(pool) for pool in pools) or "no pool"
            yield InputError(
                f"nobody who may attend it in {world.policy.areas[area]} is ever on duty "
                f"({names}), and {_per_day(len(rows), world)} need somebody",
                file=file,
                path=f"streams.{world.policy.streams[stream]}",
                allowed="a stream whose attending roles have people on duty in each of its areas",
            )


def _never_staffed(world: _World) -> Iterator[str]:
    """Pools of units that are asked first or second and are never there."""
    asked = {
        pool
        for stream, area, _ in _attended(world)
        for pool in _may_attend(world.policy, stream, area)
    }
    stand_ins = chain(world.policy.review_stand_ins, repeat(()))
    levels = {
        level
        for level, others in zip(world.policy.review_levels, stand_ins, strict=False)
        if not any(world.staffed(other) for other in others)
    }
    for pool in sorted((asked | levels | {world.policy.rethrive_pool}) - {NONE}):
        if not world.staffed(pool):
            yield f"{world.name(pool)}: nobody is ever on duty, and work is sent to it."


def _desk_overloads(world: _World) -> Iterator[str]:
    for pool, sent in sorted(_desk_loads(world).items()):
        share = sent.seconds / world.capacity(pool)
        if share >= 1:
            yield (
                f"{world.name(pool)}: {share:.0%} of capacity on average "
                f"({_per_day(sent.tasks, world)}); its queue grows all the time."
            ).replace("%", " %")


def _unit_overloads(world: _World) -> tuple[list[str], list[str]]:
    """Groups of unit pools that are asked for more than they can do, and for hardly more."""
    told: list[frozenset[int]] = []
    overloads: list[str] = []
    tight: list[str] = []
    for group, load, capacity in _unit_loads(world):
        if any(part <= group for part in told):
            continue  # of more pools it says no more
        if load >= capacity:
            told.append(group)
            names = ", ".join(world.name(pool) for pool in sorted(group))
            share = f"{load / capacity:.0%}".replace("%", " %")
            begun = f"{names}: {share} of capacity on average for work that nobody else may do;"
            if load >= CERTAIN_OVERLOAD * capacity:
                overloads.append(f"{begun} its queue grows all the time.")
            else:
                tight.append(f"{begun} its queue grows unless overtime keeps up.")
    return overloads, tight


def _unit_loads(world: _World) -> list[tuple[frozenset[int], float, float]]:
    """Return groups of unit pools, the smallest first, with the work for them and their capacity.

    Work that only the pools of a set may do is held against the capacity of that set. Sets looked
    at are those that some stream names for an area, and all pools that share work.
    """
    work: dict[frozenset[int], float] = {}
    for stream, area, rows in _attended(world):
        pools = frozenset(_may_attend(world.policy, stream, area))
        work[pools] = work.get(pools, 0.0) + _unit_seconds(world, rows, area, pools)
    groups = sorted({*work, *_linked(work)}, key=lambda pools: (len(pools), sorted(pools)))
    return [
        (
            group,
            sum(seconds for pools, seconds in work.items() if pools <= group),
            sum(world.capacity(pool) for pool in group),
        )
        for group in groups
    ]


def _unit_seconds(world: _World, rows: Table, area: int, pools: frozenset[int]) -> float:
    """Return the seconds of units that attending some incidents once takes, at the least."""
    policy = world.policy
    sizes = world.rota["officers"][np.isin(world.rota["pool"], list(pools))]
    units = -(-rows["officers"].astype(np.int64) // int(sizes.max(initial=1)))
    factor = np.full(len(rows), 1.0)
    if policy.area_factor:
        factor *= policy.area_factor[area][area] / PER_MILLE
    if policy.grade_factor:
        factor *= np.array(policy.grade_factor)[rows["grade"] - 1] / PER_MILLE
    factor *= np.array(policy.hour_factor)[rows["reported_at"] % DAY // HOUR] / PER_MILLE
    busy = (
        rows["base_travel_seconds"] * factor
        + rows["scene_seconds"]
        + rows["custody_seconds"]
        + rows["writing_seconds"]
    )
    return float((busy * units).sum())


def _hours_without_people(world: _World) -> Iterator[str]:
    for stream, area, rows in _attended(world):
        pools = _may_attend(world.policy, stream, area)
        alone = ~_on_duty(world, pools, rows["reported_at"])
        share = float(alone.mean())
        if share >= _LEAST_SHARE_TOLD:
            yield (
                f"{world.policy.streams[stream]} in {world.policy.areas[area]}: {share:.0%} of "
                "its reports come while nobody who may attend is on duty."
            ).replace("%", " %")


def _attended(world: _World) -> Iterator[tuple[int, int, Table]]:
    """Yield the rows of each stream and area that somebody is to be sent to, if any."""
    rows = world.counted()
    rows = rows.take((rows["desk_pool"] == NONE) & (rows["deploys"] != 0))
    for stream in range(len(world.policy.streams)):
        for area in range(len(world.policy.areas)):
            here = rows.take((rows["stream"] == stream) & (rows["area"] == area))
            if len(here):
                yield stream, area, here


def _may_attend(policy: Policy, stream: int, area: int) -> tuple[int, ...]:
    """Return the pools that may attend, those that may be borrowed after them."""
    own = policy.attends[stream][area] if policy.attends else ()
    lent = any(wait != NEVER for wait in policy.borrow_after_seconds) and policy.borrows
    return (*own, *(policy.borrows[stream][area] if lent else ()))


def _linked(sets: Iterable[frozenset[int]]) -> set[frozenset[int]]:
    """Return the sets united where they share a pool, until none does."""
    groups: list[frozenset[int]] = []
    for pools in sets:
        touching = [group for group in groups if group & pools]
        groups = [group for group in groups if not group & pools]
        groups.append(frozenset.union(pools, *touching))
    return set(groups)


def _on_duty(world: _World, pools: Iterable[int], times: IntArray) -> BoolArray:
    """Return whether anybody of some pools is on duty at each time: shape as ``times``."""
    rows = np.isin(world.rota["pool"], list(pools))
    on, off = np.sort(world.rota["on_at"][rows]), np.sort(world.rota["off_at"][rows])
    begun = np.searchsorted(on, times, side="right")
    ended = np.searchsorted(off, times, side="right")
    there: BoolArray = begun > ended
    return there


def _looked_up(wanted: IntArray, keys: IntArray, values: IntArray) -> IntArray:
    """Return the value of each wanted key, 0 where it has none; shape as ``wanted``."""
    found = np.zeros(wanted.shape, dtype=np.int64)
    if keys.size:
        order = np.argsort(keys, kind="stable")
        place = np.minimum(np.searchsorted(keys[order], wanted), keys.size - 1)
        there = keys[order][place] == wanted
        found[there] = values[order][place[there]]
    return found


def _per_day(count: int, world: _World) -> str:
    a_day = count / world.days
    return f"{a_day:.0f} a day" if a_day >= 10 else f"{a_day:.1f} a day"
