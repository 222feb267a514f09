"""The common three-stage network as drawn tables: what the textbook models do, fed to an engine."""

from __future__ import annotations

import numpy as np

from sim.tables import ATTEMPTS, INCIDENTS, NEVER, NONE, ROTA, Gate, Policy, Table
from tests.benchmarks.textbook import ThreeStageNetwork
from tests.engines.hand import desk_pool, policy, unit_pool


def tables(network: ThreeStageNetwork, seed: int) -> tuple[Table, Table, Table, Policy]:
    """Incidents, attempts, rota and policy of one run of the network."""
    generator = np.random.default_rng(seed)
    until = round(network.days * 86_400)
    # Like the textbook model, go on until all that was reported is finished.
    end = until + 30 * 86_400
    count = generator.poisson(network.incidents_per_day * network.days)
    reported = np.sort(generator.integers(0, until, count))

    def seconds(mean_minutes: float) -> np.ndarray:
        return np.rint(generator.exponential(mean_minutes * 60, count)).astype(np.int64)

    # What does not occur in this network is the same for all: such columns may share an array.
    none, never = np.full(count, NONE), np.full(count, NEVER)
    columns = {column.name: np.zeros(count, dtype=column.dtype) for column in INCIDENTS.columns}
    grade = 1 + generator.choice(3, size=count, p=network.priority_shares)
    columns |= {
        "key": np.arange(1, count + 1),
        "desk_pool": none,
        "child": none,
        "age_band": none,
        "reported_at": reported,
        "origin": grade - 1,
        "last_seen_at": never,
        "return_at": never,
        "escalates_at": never,
        "grade": grade,
        "ratified_grade": grade,
        "deploys": np.ones(count, dtype=np.int64),
        "thrive_seconds": seconds(network.service_means[0]),
        "assessment_seconds": never,
        "research_seconds": never,
        "ratification_seconds": seconds(network.service_means[1]),
        "officers": np.ones(count, dtype=np.int64),
        "scene_seconds": seconds(network.service_means[2]),
        "writing_seconds": seconds(network.writing_mean),
    }
    incidents = Table(INCIDENTS, columns)
    attempts = Table(
        ATTEMPTS,
        {
            "key": columns["key"],
            "attempt": np.zeros(count),
            "dispatch_seconds": np.zeros(count),
        },
    )
    people = [pool for pool, number in enumerate(network.servers) for _ in range(number)]
    rota = Table(
        ROTA,
        {
            "key": np.arange(len(people)),
            "pool": people,
            "shift": np.zeros(len(people)),
            "on_at": np.zeros(len(people)),
            "off_at": np.full(len(people), end + 1),
            "break_at": np.full(len(people), NEVER),
            "break_seconds": np.zeros(len(people)),
            "officers": np.ones(len(people)),
        },
    )
    rules = policy(
        [desk_pool("call_takers"), desk_pool("supervisors"), unit_pool()],
        end=end,
        call_takers=0,
        ratifiers=(((1,),) * 24,) * 4,
        gate=Gate.RATIFICATION,
        held_parts=1_000_000,
    )
    return incidents, attempts, rota, rules
