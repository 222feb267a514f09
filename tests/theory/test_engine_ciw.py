"""The compiled engine beside Ciw, an independent simulator, on the two-area network."""

import numpy as np
import pytest

from sim.engines.compiled import run
from sim.tables import DAY, INCIDENTS, NEVER, Draws, Table
from tests.theory import agreement
from tests.theory.ciw_network import NODES, NetworkWaits, TwoAreaNetwork, simulate_network
from tests.theory.ciw_replay import replay
from tests.theory.queues import whole
from tests.theory.two_areas import play_network, tables

SHORT = TwoAreaNetwork(calls_by_priority=True, warm_up_days=1, days=4, follow_up_days=1)
HOURS = (slice(0, 8), slice(8, 16), slice(16, 24))


def _estimate(waits: NetworkWaits, node: int, level: int, hours: slice) -> agreement.Estimate:
    cut = waits.mean_wait(node, level, hours)
    return agreement.Estimate(cut.mean, cut.standard_error, len(waits.unfinished) - 1)


def _differences(one: NetworkWaits, other: NetworkWaits) -> list[agreement.Estimate]:
    """Mean waits by node, priority and shift of report: the one's less the other's."""
    levels = range(one.minutes.shape[2])
    return [
        _estimate(one, node, level, hours).minus(_estimate(other, node, level, hours))
        for node in range(NODES)
        for level in levels
        for hours in HOURS
    ]


def _disagree(differences: list[agreement.Estimate]) -> list[agreement.Estimate]:
    return [one for one in differences if not one.agrees(0.0, len(differences))]


def _paired(
    network: TwoAreaNetwork, replications: int, seed: int, slower: float = 1.0
) -> list[agreement.Estimate]:
    """Mean waits by node and priority, the engine's less Ciw's, on the same incidents.

    Where two things fall in one second the two may choose otherwise, and Ciw's queue for units
    goes by when a job joined it, the engine's by when it was reported. Neither looks at a
    service still to come, so that neither moves a mean.
    """
    generator = np.random.default_rng(seed)
    first = network.warm_up_days * DAY
    last = first + network.days * DAY
    sums, counts = [], []
    for _ in range(replications):
        incidents, attempts, rota, rules = tables(network, generator)
        alone = np.diff(incidents["reported_at"], prepend=-1) > 0
        incidents, attempts = incidents.take(alone), attempts.take(alone)
        given = dict(incidents.columns)
        given["scene_seconds"] = whole(slower * incidents["scene_seconds"])
        outcomes, _, _ = run(Draws(Table(INCIDENTS, given), attempts), rota, rules)
        waits = np.stack(
            [
                outcomes["answered_at"] - incidents["reported_at"],
                outcomes["claimed_at"] - outcomes["ready_at"],
            ],
            axis=1,
        )
        measured = (incidents["reported_at"] >= first) & (incidents["reported_at"] < last)
        assert (outcomes["claimed_at"][measured] != NEVER).all()
        difference = waits - replay(network, incidents)
        cells = [
            (node > 0, measured & (incidents["grade"] == grade) & at_node)
            for grade in range(1, 1 + len(network.priority_shares))
            for node, at_node in enumerate(
                [measured, incidents["area"] == 0, incidents["area"] == 1]
            )
        ]
        sums.append([difference[jobs, int(stage)].sum() for stage, jobs in cells])
        counts.append([jobs.sum() for _, jobs in cells])
    return [
        agreement.estimate(column, number)
        for column, number in zip(np.array(sums).T, np.array(counts).T, strict=True)
    ]


def test_engine_and_ciw_wait_alike_on_the_same_incidents() -> None:
    """Given the same incidents, services and areas, the two give the same mean waits."""
    assert _disagree(_paired(SHORT, 25, seed=8)) == []


@pytest.mark.slow
def test_planted_error_is_caught_beside_ciw() -> None:
    """Over many weeks, too; and services 3 % too long in the engine show in its waits."""
    right = _paired(SHORT, 100, seed=9)
    wrong = _paired(SHORT, 100, seed=9, slower=1.03)
    assert _disagree(right) == []
    assert _disagree(wrong)
    shifts = [late.mean - one.mean for late, one in zip(wrong, right, strict=True)]
    assert any(one.would_catch(shift, len(right)) for one, shift in zip(wrong, shifts, strict=True))


@pytest.mark.slow
@pytest.mark.parametrize("calls_by_priority", [False, True])
def test_engine_plays_the_network_as_ciw_does_closely(calls_by_priority: bool) -> None:
    """Over many weeks too, by node, priority and time of day; no job is left over in either."""
    network = TwoAreaNetwork(calls_by_priority=calls_by_priority)
    ciw, engine = simulate_network(network, 60, seed=5), play_network(network, 100, seed=6)
    assert not ciw.unfinished.any()
    assert not engine.unfinished.any()
    counts = [waits.incidents.sum(axis=(1, 2, 3)) for waits in (engine, ciw)]
    arrivals = agreement.estimate(counts[0], np.ones(100)).minus(
        agreement.estimate(counts[1], np.ones(60))
    )
    assert arrivals.agrees(0.0)
    assert _disagree(_differences(engine, ciw)) == []
