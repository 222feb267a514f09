"""The two-area network of `tests.theory.ciw_network` as drawn tables, played by an engine."""

import numpy as np

from sim.engines.compiled import run
from sim.tables import DAY, NEVER, Draws, Origin, Policy, Table
from tests.engines.hand import desk_pool, policy, unit_pool
from tests.theory.ciw_network import (
    DAY_MINUTES,
    NODES,
    NetworkWaits,
    Stage,
    TwoAreaNetwork,
)
from tests.theory.kolmogorov import Cohort, Rate, repeat_daily
from tests.theory.queues import (
    attempts_of,
    incidents_of,
    poisson_with_rates,
    rota_of,
    whole,
)


def tables(
    network: TwoAreaNetwork, generator: np.random.Generator
) -> tuple[Table, Table, Table, Policy]:
    """Draw incidents, attempts, rota and policy of one replication."""
    days = network.warm_up_days + network.days + network.follow_up_days
    hourly = [Rate(60 * hour, rate / 60) for hour, rate in enumerate(network.calls_per_hour)]
    _, rates = repeat_daily((), hourly, days)
    reported_at = whole(poisson_with_rates(generator, rates, days * DAY_MINUTES))
    reported_at = reported_at[reported_at < days * DAY]
    count = reported_at.size
    levels = generator.choice(len(network.priority_shares), count, p=network.priority_shares)
    area = (generator.random(count) >= network.first_area_share).astype(np.int64)
    talk, *scenes = (
        whole(generator.exponential(60 * stage.service_mean_minutes, count))
        for stage in network.stages
    )
    table = incidents_of(
        reported_at,
        origin=levels if network.calls_by_priority else Origin.EMERGENCY,
        grade=levels + 1,
        area=area,
        thrive_seconds=talk,
        scene_seconds=np.where(area == 0, *scenes),
    )
    rota = rota_of(*(_cohorts(stage, days) for stage in network.stages))
    rules = policy(
        [desk_pool("call_takers"), unit_pool("first", 0), unit_pool("second", 1)],
        areas=("first", "second"),
        end=days * DAY,
        call_takers=0,
    )
    return table, attempts_of(table), rota.table, rules


def play_network(network: TwoAreaNetwork, replications: int, seed: int) -> NetworkWaits:
    """Let the compiled engine play the network; the same sums as `simulate_network` gives."""
    generator = np.random.default_rng(seed)
    shape = (replications, NODES, len(network.priority_shares), 24)
    minutes = np.zeros(shape)
    incidents = np.zeros(shape, dtype=np.int64)
    unfinished = np.zeros(replications, dtype=np.int64)
    first = network.warm_up_days * DAY
    last = first + network.days * DAY
    for number in range(replications):
        table, attempts, rota, rules = tables(network, generator)
        outcomes, _, _ = run(Draws(table, attempts), rota, rules)
        measured = (table["reported_at"] >= first) & (table["reported_at"] < last)
        finished = outcomes["finished_at"] != NEVER
        unfinished[number] = (measured & ~finished).sum()
        for node in range(NODES):
            if node == 0:
                here = measured & finished
                waits = outcomes["answered_at"] - table["reported_at"]
            else:
                here = measured & finished & (table["area"] == node - 1)
                waits = outcomes["claimed_at"] - outcomes["ready_at"]
            cell = (table["grade"][here] - 1, table["reported_at"][here] % DAY // 3600)
            np.add.at(minutes[number, node], cell, waits[here] / 60)
            np.add.at(incidents[number, node], cell, 1)
    return NetworkWaits(minutes, incidents, unfinished)


def _cohorts(stage: Stage, days: int) -> tuple[Cohort, ...]:
    shifts = [Cohort(one.start_minute, one.end_minute, one.people) for one in stage.shifts]
    cohorts, _ = repeat_daily(shifts, (), days)
    # Ciw has nobody on duty before the first shift of day 0 begins.
    return tuple(cohort for cohort in cohorts if cohort.start >= 0)
