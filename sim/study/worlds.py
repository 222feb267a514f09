"""One replication of all scenarios: draws, rota, policy, engine, tallies."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, TypeAlias

from sim.fates.incidents import draw
from sim.measures import Definition, FirstGrades, Followed, Replication, Target, measure, team_hours
from sim.policy import compiled as rules_of
from sim.rota import paraded
from sim.scenario.demand import DeskWork, MissingChild
from sim.scenario.loading import Loaded
from sim.scenario.models import Scenario
from sim.scenario.same import Same
from sim.store import piece_files, write_pieces
from sim.streams import Streams
from sim.study.allocation import set_up_memory
from sim.study.engines import ENGINES, engine_of, settled
from sim.study.settings import Settings
from sim.tables import DAY, HOUR, MINUTE, Draws, Policy, Table

# What no draw depends on. Everything that is not named here is taken to matter.
_NOT_DRAWN: Final = {
    "title": True,
    "about": True,
    "illustrative": True,
    "force": True,
    "costs": True,
    "follow_up_hours": True,
    "size": True,
    "sources": True,
    "targets": True,
    "team_role": True,
    "concern": {"visits_from", "visits_until", "grade", "attend"},
    "policy": {
        "gate": {"deploy_on", "share_held", "streams", "hold_high_risk"},
        "ratification": True,
        "queue": True,
        "attendance": True,
        "borrowing": True,
        "shift_ends": True,
        "committed": True,
        "travel": True,
        "reviews": True,
    },
}
_NOT_DRAWN_OF_POOLS: Final = {
    "shifts",
    "abstraction",
    "reserve",
    "last_call_margin_minutes",
    "pounds_per_hour",
    "title",
}


@dataclass(frozen=True)
class Plan:
    """What all replications of a study share; may be pickled.

    Parameters
    ----------
    names
        Of the scenarios, baseline first.
    scenarios
        In the same order.
    settings
        What is asked.
    workspace
        The folder of a `sim.store.Journal`, to write each replication to; None: tables are dropped.
    """

    names: tuple[str, ...]
    scenarios: tuple[Scenario, ...]
    settings: Settings
    workspace: Path | None = None

    @property
    def since(self) -> int:
        """First second of the measured window."""
        return 0

    @property
    def until(self) -> int:
        """Second after the measured window."""
        return self.settings.days * DAY

    @property
    def start(self) -> int:
        """First simulated second: the warm-up lies before time 0."""
        return -self.settings.warm_up_days * DAY

    @property
    def end(self) -> int:
        """End of follow-up: the baseline's for all, so that delays are cut alike; whole hours."""
        return self.until + math.ceil(self.scenarios[0].follow_up_hours) * HOUR


@dataclass(frozen=True)
class World:
    """The tables of one replication of one scenario."""

    incidents: Table
    attempts: Table
    rota: Table
    policy: Policy
    outcomes: Table
    activities: Table
    episodes: Table
    enquiries: Table
    concerns: Table
    cases: Table


def one_world(loaded: Loaded, settings: Settings, replication: int) -> World:
    """Simulate one replication of one scenario and return all its tables."""
    alone = replace(settings, replications=1, workers=1, cluster=None)
    settings = settled([loaded.scenario], alone)
    plan = Plan((loaded.name,), (loaded.scenario,), settings)
    return _played(plan, _Dealt(plan, replication), 0)


Inputs: TypeAlias = tuple[Table, Table, Table, Policy]
"""What an engine is given: incidents, attempts, rota and policy."""


def inputs(plan: Plan, replication: int, place: int) -> Inputs:
    """Return what an engine would be given of a scenario."""
    return _given(plan, _Dealt(plan, replication), place)


def inputs_of_all(plan: Plan, replication: int) -> Iterator[Inputs]:
    """Yield the same of each scenario; what several have alike is drawn once."""
    dealt = _Dealt(plan, replication)
    for place in range(len(plan.scenarios)):
        yield _given(plan, dealt, place)


def replicate(plan: Plan, replication: int) -> tuple[Replication, ...]:
    """Simulate one replication of all scenarios, with the same luck, and tally it.

    Parameters
    ----------
    plan
        The study.
    replication
        Its number, from 0.

    Returns
    -------
    tuple of Replication
        By scenario. Denominators are the baseline's: its first grades, and its team's hours as
        this replication's abstraction leaves them.
    """
    return tuple(replicated(plan, replication))


def replicated(plan: Plan, replication: int) -> Iterator[Replication]:
    """Yield what `replicate` returns, scenario by scenario, each as soon as it is made."""
    for place, world, tally in _tallied(plan, replication, range(len(plan.scenarios))):
        if plan.workspace is not None:
            kept = _kept(plan, world)
            name, streams = plan.names[place], world.policy.streams
            write_pieces(plan.workspace, name, place, replication, kept, streams=streams)
        yield tally


@dataclass(frozen=True)
class Parts:
    """A study in which several parts of scenarios make a replication; may be pickled.

    Parameters
    ----------
    plan
        The study, without a workspace: whoever makes a part may have no disk in common with us.
    number
        Parts of each replication; at most the scenarios.
    kept
        Whether tables are to be sent back.
    """

    plan: Plan
    number: int
    kept: bool

    def places(self, part: int) -> range:
        """Return the places of the scenarios in a part."""
        scenarios = len(self.plan.scenarios)
        return range(scenarios * part // self.number, scenarios * (part + 1) // self.number)


@dataclass(frozen=True, eq=False)
class Part:
    """What comes of one part.

    Parameters
    ----------
    tallies
        By scenario of the part.
    files
        Name and content of what `sim.store.put_piece` is to write.
    """

    tallies: tuple[Replication, ...]
    files: tuple[tuple[str, bytes], ...]


def replicate_part(parts: Parts, number: int) -> Part:
    """Simulate a part of a replication, as `replicate` does the whole.

    Parameters
    ----------
    parts
        The study.
    number
        The replication's number times the parts of each, and the part's number from 0.
    """
    replication, part = divmod(number, parts.number)
    plan = parts.plan
    tallies: list[Replication] = []
    files: list[tuple[str, bytes]] = []
    for place, world, tally in _tallied(plan, replication, parts.places(part)):
        tallies.append(tally)
        if parts.kept:
            kept = _kept(plan, world)
            name, streams = plan.names[place], world.policy.streams
            files += piece_files(name, place, replication, kept, streams=streams)
    return Part(tuple(tallies), tuple(files))


def _tallied(
    plan: Plan, replication: int, places: Iterable[int]
) -> Iterator[tuple[int, World, Replication]]:
    """Simulate one replication of the scenarios at these places, and tally it."""
    set_up_memory()
    dealt = _Dealt(plan, replication)
    baseline = plan.scenarios[0]
    hours = team_hours(
        dealt.rota(0), _rules(Same(baseline), plan.start, plan.end), baseline.team_role
    )
    definition = replace(definition_of(baseline, plan.since, plan.until), team_hours=hours)
    for place in places:
        # With the baseline's draws the baseline's first grades are a scenario's own.
        own = dealt.draws(place) is dealt.draws(0)
        first_grades = None if own else FirstGrades.of(dealt.draws(0).incidents)
        scenario = plan.scenarios[place]
        world = _played(plan, dealt, place)
        first_weekday = scenario.calendar.first_day.weekday()
        tally = measure(
            incidents=world.incidents,
            attempts=world.attempts,
            rota=world.rota,
            policy=world.policy,
            outcomes=world.outcomes,
            activities=world.activities,
            engine=ENGINES[engine_of(plan.settings.engine)],
            followed=_followed(scenario, world),
            visits=None if scenario.concern is None else world.concerns,
            definition=replace(definition, first_weekday=first_weekday, first_grades=first_grades),
        )
        yield place, world, tally


def _kept(plan: Plan, world: World) -> list[Table]:
    kept = [world.incidents, world.outcomes, world.activities]
    # A table is kept of all scenarios or of none.
    if any(one.episode is not None for one in plan.scenarios):
        kept += [world.episodes, world.enquiries, world.cases]
    return kept


def definition_of(scenario: Scenario, since: int, until: int) -> Definition:
    """Return what is measured of a scenario: its targets, and what the answer is about.

    That is grade 2 of the first stream of missing children, or what comes nearest: another stream
    where there are none, the least urgent grade where there is no second.
    """
    children = [name for name, one in scenario.streams.items() if isinstance(one, MissingChild)]
    others = [name for name, one in scenario.streams.items() if not isinstance(one, DeskWork)]
    return Definition(
        since=since,
        until=until,
        first_weekday=scenario.calendar.first_day.weekday(),
        targets=tuple(
            Target(
                grade=target.grade,
                seconds=tuple(
                    _seconds(
                        target.minutes[area] if isinstance(target.minutes, dict) else target.minutes
                    )
                    for area in scenario.areas
                ),
                starts=target.starts,
                stops=target.stops,
            )
            for target in scenario.targets.values()
        ),
        headline_stream=(children or others or list(scenario.streams))[0],
        headline_grade=min(2, max(scenario.grades)),
    )


class _Dealt:
    """Draws and rotas of one replication; drawn once for scenarios that have them alike."""

    def __init__(self, plan: Plan, replication: int) -> None:
        self._plan = plan
        self._streams = Streams(plan.settings.seed, replication)
        self._draws: dict[str, Draws] = {}
        self._rotas: dict[str, Table] = {}

    def draws(self, place: int) -> Draws:
        scenario, plan = self._plan.scenarios[place], self._plan
        key = _read_by_draws(Same(scenario))
        if key not in self._draws:
            self._draws[key] = draw(scenario, self._streams, plan.start, plan.end)
        return self._draws[key]

    def rota(self, place: int) -> Table:
        scenario, plan = self._plan.scenarios[place], self._plan
        key = _read_by_rota(Same(scenario))
        if key not in self._rotas:
            self._rotas[key] = paraded(scenario, self._streams, plan.start, plan.end)
        return self._rotas[key]


def _given(plan: Plan, dealt: _Dealt, place: int) -> Inputs:
    draws, rota = dealt.draws(place), dealt.rota(place)
    policy = _rules(Same(plan.scenarios[place]), plan.start, plan.end)
    return draws.incidents, draws.attempts, rota, policy


def read_by_draws(scenario: Scenario) -> str:
    """Return all of a scenario that its draws may depend on, in its order, as text."""
    pools = dict.fromkeys(scenario.pools, _NOT_DRAWN_OF_POOLS)
    left_out: dict[str, Any] = {**_NOT_DRAWN, "pools": pools}
    return scenario.model_dump_json(exclude=left_out)


@lru_cache(maxsize=64)
def _rules(scenario: Same[Scenario], start: int, end: int) -> Policy:
    """Return a scenario's rules: the same in each replication."""
    return rules_of(scenario.it, start, end)


@lru_cache(maxsize=64)
def _read_by_draws(scenario: Same[Scenario]) -> str:
    return read_by_draws(scenario.it)


@lru_cache(maxsize=64)
def _read_by_rota(scenario: Same[Scenario]) -> str:
    return scenario.it.model_dump_json(include={"calendar", "pools"})


def _played(plan: Plan, dealt: _Dealt, place: int) -> World:
    draws = dealt.draws(place)
    rota = dealt.rota(place)
    policy = _rules(Same(plan.scenarios[place]), plan.start, plan.end)
    engine = ENGINES[engine_of(plan.settings.engine)]
    outcomes, activities, cases = engine(draws, rota, policy)
    return World(
        incidents=draws.incidents,
        attempts=draws.attempts,
        rota=rota,
        policy=policy,
        outcomes=outcomes,
        activities=activities,
        episodes=draws.episodes,
        enquiries=draws.enquiries,
        concerns=draws.concerns,
        cases=cases,
    )


def _followed(scenario: Scenario, world: World) -> Followed | None:
    if scenario.episode is None:
        return None
    pounds = tuple(pool.pounds_per_hour for pool in scenario.pools.values())
    return Followed(world.episodes, world.cases, pounds)


def _seconds(minutes: float) -> int:
    return math.floor(minutes * MINUTE + 0.5)
