"""Crews for what follows the first attendance, which the crews that a log shows do not do.

Crews are fitted to the jobs of a log, so they are those free for calls. Looking for a child,
bringing one home and speaking with one take crews as well; so many are added to each shift.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from sim.fates.incidents import draw
from sim.force_log.fitting.candidate import MOST_PEOPLE
from sim.policy import compiled
from sim.rota import paraded
from sim.scenario.models import Scenario
from sim.streams import Streams
from sim.study.engines import ENGINES, engine_of
from sim.study.settings import EngineName
from sim.tables import DAY, NEVER, NONE, Activity, Table

Floats: TypeAlias = npt.NDArray[np.float64]

_DAYS: Final = 28
_WARM_UP_DAYS: Final = 7
_REPLICATIONS: Final = 2
_HOUR: Final = 3600


def with_crews_for_enquiries(
    document: Mapping[str, Any], *, seed: int, engine: EngineName
) -> dict[str, Any]:
    """Return a scenario's document with crews for the episode added to response.

    Parameters
    ----------
    document
        With ``episode``, as `sim.force_log.fitting.brief.complete` makes it.
    seed
        The luck of the simulated weeks.
    engine
        Who plays them.
    """
    with_it = Scenario.model_validate(document)
    without = Scenario.model_validate({k: v for k, v in document.items() if k != "episode"})
    more = _busy(with_it, seed, engine) - _busy(without, seed, engine)
    pools = {name: one for name, one in document["pools"].items() if one["role"] == "response"}
    crews = sum((on_duty(shift) for one in pools.values() for shift in one["shifts"]),
                np.zeros(24))  # fmt: skip
    factor = np.maximum(more, 0) / np.maximum(crews, 1.0)
    grown = {
        name: {**one, "shifts": [_grown(shift, factor) for shift in one["shifts"]]}
        for name, one in pools.items()
    }
    return {**document, "pools": {**document["pools"], **grown}}


def waits_by_grade(
    document: Mapping[str, Any], *, seed: int, engine: EngineName
) -> dict[int, Floats]:
    """Minutes from grading to allocation by first grade, in simulated weeks of a whole scenario.

    Returns
    -------
    dict
        By grade, shape (jobs,); what is not allocated has waited until the end of its play.
    """
    scenario = Scenario.model_validate(document)
    found: dict[int, list[Floats]] = {}
    for incidents, outcomes, _, end in _played(scenario, seed, engine):
        at = incidents["reported_at"]
        rows = (incidents["desk_pool"] == NONE) & (incidents["deploys"] == 1)
        rows &= (at >= 0) & (at < _DAYS * DAY) & (outcomes["graded_at"] != NEVER)
        claimed = np.where(outcomes["claimed_at"] == NEVER, end, outcomes["claimed_at"])
        waits = np.maximum(claimed - outcomes["graded_at"], 0) / 60
        for grade in np.unique(incidents["grade"][rows]):
            found.setdefault(int(grade), []).append(waits[rows & (incidents["grade"] == grade)])
    return {grade: np.concatenate(parts) for grade, parts in sorted(found.items())}


def _played(
    scenario: Scenario, seed: int, engine: EngineName
) -> Iterator[tuple[Table, Table, Table, int]]:
    """Yield incidents, outcomes, activities and the last second of each replication."""
    play = ENGINES[engine_of(engine)]
    start, end = -_WARM_UP_DAYS * DAY, (_DAYS + 2) * DAY
    rules = compiled(scenario, start, end)
    for number in range(_REPLICATIONS):
        streams = Streams(seed, number)
        draws = draw(scenario, streams, start, end)
        outcomes, activities, _ = play(draws, paraded(scenario, streams, start, end), rules)
        yield draws.incidents, outcomes, activities, end


def _busy(scenario: Scenario, seed: int, engine: EngineName) -> Floats:
    """Response units at work by hour of the day, on average, shape (24,)."""
    own = [place for place, pool in enumerate(scenario.pools.values()) if pool.role == "response"]
    busy = np.zeros(24)
    for _, _, activities, _ in _played(scenario, seed, engine):
        busy += _hours(activities, own)
    return busy / (_REPLICATIONS * _DAYS)


def _hours(activities: Table, pools: list[int]) -> Floats:
    """Unit-hours of some pools by hour of the day, in the measured days; shape (24,)."""
    rows = np.isin(activities["pool"], pools) & (activities["unit"] != NONE)
    rows &= activities["kind"] != Activity.BREAK
    start = np.clip(activities["start"][rows], 0, _DAYS * DAY)
    end = np.clip(activities["end"][rows], 0, _DAYS * DAY)
    edges = np.arange(24 * _DAYS + 1) * _HOUR

    def before(at: Floats) -> Floats:
        """Seconds that lie before each edge, of all spells that begin at 0 and end so."""
        ordered = np.sort(at)
        place = np.searchsorted(ordered, edges)
        sums = np.concatenate([[0.0], np.cumsum(ordered)])
        return np.asarray(sums[place] + edges * (len(ordered) - place))

    spent = np.diff(before(end) - before(start)) / _HOUR
    return np.asarray(spent.reshape(_DAYS, 24).sum(axis=0))


def on_duty(shift: Mapping[str, Any]) -> Floats:
    """People of a shift by hour of the day, on an average day, shape (24,)."""
    share = len(shift.get("days", range(7))) / 7
    parade = shift["people"] * (1 - shift.get("abstraction", 0.0)) * share
    return np.asarray(_covers(shift) * parade)


def _covers(shift: Mapping[str, Any]) -> Floats:
    first, last = (_hour(str(shift[key])) for key in ("start", "end"))
    length = (last - first) % 24 or 24
    middle = (np.arange(24) + 0.5 - first) % 24
    return np.asarray(middle < length, dtype=np.float64)


def _hour(clock: str) -> float:
    hours, minutes = clock.split(":")[:2]
    return (int(hours) + int(minutes) / 60) % 24


def _grown(shift: Mapping[str, Any], factor: Floats) -> dict[str, Any]:
    """A shift with as many more people as its hours need on average."""
    covers = _covers(shift)
    parade = shift["people"] * (1 - shift.get("abstraction", 0.0))
    needed = parade * (1 + float((factor * covers).sum() / max(covers.sum(), 1.0)))
    people = min(max(shift["people"], math.ceil(needed - 1e-9)), MOST_PEOPLE)
    away = round(min(max(1 - needed / people, 0.0), 1.0), 4)
    return {**shift, "people": people, "abstraction": away}
