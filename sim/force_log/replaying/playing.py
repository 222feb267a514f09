"""A log's work played through the model's engine under a scenario's people and rules."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from sim.force_log.replaying.work import Work, given, rules_of, tables_of
from sim.policy import compiled
from sim.rota import paraded
from sim.scenario.models import Scenario
from sim.streams import Streams
from sim.study.engines import ENGINES, engine_of
from sim.study.settings import EngineName
from sim.tables import NEVER, Draws, Table


def played(
    work: Work,
    scenario: Scenario,
    seed: int,
    replications: int,
    engine: EngineName = "reference",
) -> Iterator[Table]:
    """Yield the outcomes of the real work under a scenario, in order of the work's rows.

    Parameters
    ----------
    work
        As `sim.force_log.replaying.work.work_of` makes it.
    scenario
        Its people and rules; its calendar begins on the work's first day.
    seed, replications
        The luck of who parades and of what a log does not hold; the incidents stay the same.
    engine
        Who plays; all make the same outcomes. ``auto`` is the reference engine.
    """
    if scenario.calendar.first_day != work.first_day:
        calendar = scenario.calendar.model_copy(update={"first_day": work.first_day})
        scenario = scenario.model_copy(update={"calendar": calendar})
    start, end = work.start, work.end
    play = ENGINES[engine_of(engine)]
    rules = rules_of(compiled(scenario, start, end))
    fixed = given(work, scenario)
    for number in range(replications):
        streams = Streams(seed, number)
        draws = Draws(*tables_of(fixed, scenario, streams))
        rota = paraded(scenario, streams, start, end)
        outcomes, _, _ = play(draws, rota, rules)
        yield outcomes.sorted_by("key")


def waits_of(
    work: Work,
    scenario: Scenario,
    seed: int,
    replications: int,
    engine: EngineName = "reference",
) -> npt.NDArray[np.float64]:
    """Return simulated minutes from grading to allocation, shape (replications, n).

    A job that is still waiting at the end has waited until then.
    """
    graded = work.jobs["graded"].to_numpy()
    found = [
        np.where(one["claimed_at"] == NEVER, work.end, one["claimed_at"]) - graded
        for one in played(work, scenario, seed, replications, engine)
    ]
    return np.asarray(np.maximum(np.stack(found), 0) / 60, dtype=np.float64)
