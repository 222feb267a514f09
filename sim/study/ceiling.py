"""A few counts with everybody always free: what no staffing can better."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.fates.incidents import draw
from sim.measures import Count, Cut, labels_of, played_freely, tally_outcomes
from sim.policy import compiled as rules_of
from sim.rota import paraded
from sim.scenario.models import Scenario
from sim.streams import Streams
from sim.study.counting import Asked, Ints
from sim.study.engines import ENGINES, engine_for, incidents_of, made_ready
from sim.study.settings import Settings
from sim.study.worlds import Plan, definition_of
from sim.tables import NONE, Draws, End, Engine, Policy, Table


def ceiling(
    scenario: Scenario,
    settings: Settings,
    measures: Sequence[Count],
    cuts: Sequence[Cut],
    *,
    replications: Sequence[int] | None = None,
) -> Ints:
    """Count things of a scenario in which nobody ever waits for anybody.

    Parameters
    ----------
    scenario
        Demand and rules. Its rota is read for one thing alone: which missing episodes are never
        reported under it (rules 13.7 and 13.8).
    settings
        Days, seed and engine.
    measures
        Of `sim.measures.OF_NEEDED`.
    cuts
        Of which incidents.
    replications
        Their numbers; None: as many as the settings say, from 0.

    Returns
    -------
    ndarray
        Shape (replications, cuts, measures). In time are as many as `reachable_within_target`
        tells (docs/measures.md): the same incidents, played as `sim.measures.reachable` does.
    """
    numbers = range(settings.replications) if replications is None else replications
    plan = Plan(("",), (scenario,), settings)
    engine = engine_for(incidents_of([scenario], settings) * len(numbers), settings.engine)
    made_ready(engine)
    asked = Asked(tuple(measures), tuple(cuts))
    policy = rules_of(scenario, plan.start, plan.end)
    definition = definition_of(scenario, plan.since, plan.until)
    labels = labels_of(policy, definition)
    # Where nobody waits for anybody, no report moves another: only those asked for are played.
    named = {one.stream for one in cuts}
    streams = [place for place, name in enumerate(labels.streams) if name in named]
    sums = np.zeros((len(numbers), len(cuts), len(measures)), dtype=np.int64)
    for place, number in enumerate(numbers):
        draws = draw(scenario, Streams(settings.seed, number), plan.start, plan.end)
        incidents = _reported(draws, scenario, number, plan, policy, ENGINES[engine])
        reported = incidents["reported_at"]
        counted = (incidents["desk_pool"] == NONE) & (incidents["deploys"] == 1)
        counted &= (reported >= plan.since) & (reported < plan.until)
        if all(one.stream is not None for one in cuts):
            counted &= np.isin(incidents["stream"], streams)
        rows = np.flatnonzero(counted)
        episodes = None if scenario.episode is None else draws.episodes
        played = played_freely(incidents, rows, draws.attempts, policy, ENGINES[engine], episodes)
        tally = tally_outcomes(
            incidents.take(rows),
            played.outcomes,
            policy,
            definition,
            labels,
            asked.measures,
            asked.by,
        )
        inside = np.array([labels.mask(tally.codes, cut) for cut in cuts], dtype=np.int64)
        sums[place] = inside.reshape(len(cuts), tally.codes.size) @ tally.sums
    return sums


def _reported(
    draws: Draws, scenario: Scenario, number: int, plan: Plan, policy: Policy, engine: Engine
) -> Table:
    """The incidents without missing episodes that are never reported under the scenario's rota."""
    rules = policy.episode
    none_hidden = not (draws.episodes["recorded"] == 0).any()
    if rules is None or (none_hidden and rules.prevented_parts == 0):
        return draws.incidents
    streams = Streams(plan.settings.seed, number)
    rota = paraded(scenario, streams, plan.start, plan.end)
    end = engine(draws, rota, policy).outcomes["end"]
    return draws.incidents.take((end != End.PREVENTED) & (end != End.UNRECORDED))
