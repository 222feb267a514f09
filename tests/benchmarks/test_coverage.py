"""The coverage benchmark counts what the results count, and a small part of it is held."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.special import bdtr

from sim.measures import Count, Cut
from sim.scenario.loading import load
from sim.study import Settings
from sim.study.worlds import Plan
from sim.study.worlds import replicate as tallied
from sim.tables import WORK
from tests.benchmarks.coverage import Held, report, studies
from tests.benchmarks.coverage_pool import A_FILE, SCENARIOS, SEED, fill, read, replicate, world

ALPHA = 1e-4


def test_a_kept_replication_is_what_results_are_made_of(tmp_path: Path) -> None:
    """Cases, delays, targets and busy people are those of the tallies of the same luck."""
    of = world("quiet", tmp_path, (1,))
    kept = replicate(of, 3)
    names = ("dorset-2022", "deploy-at-grading", "one-fewer-response")
    scenarios = tuple(load(SCENARIOS / f"{name}.toml").scenario for name in names)
    plan = Plan(names, scenarios, Settings(days=1, seed=SEED, engine="compiled"))
    for mine, tally in zip(kept, tallied(plan, 3), strict=True):
        child = Cut(stream="missing_child")
        assert mine["day"].size == tally.total(Count.NEEDED, child)
        assert (
            np.sort(mine["seconds"]).tolist() == tally.delays(child).tolist()[-mine["day"].size :]
        )
        assert mine["in_time"].sum() == tally.total(Count.ARRIVED, child)
        pools = tally.pools
        assert mine["on_duty_1"].tolist() == pools.on_duty.sum(axis=1).tolist()
        busy = pools.busy[:, sorted(WORK)].sum(axis=(1, 2))
        assert mine["busy_1"].tolist() == busy.tolist()


def test_what_holds_is_counted() -> None:
    """A table line tells coverage with its limits, and what was withheld."""
    held = Held(studies=100, held=95, withheld=100)
    # Clopper and Pearson for 95 of 100: 88.7 to 98.4.
    (line,) = (line for line in report({("p50", "all", "one"): held}) if "p50" in line)
    assert "95.0 ( 88.7 to  98.4)" in line
    assert "50%" in line


@pytest.mark.slow
def test_intervals_of_forty_studies_hold(tmp_path: Path) -> None:
    """Of 40 studies of 30 x 7 days, no kind of interval holds clearly under 93 in 100."""
    size, number = 30, 40
    wanted = -(-size * number // A_FILE) * A_FILE
    assert fill(tmp_path, ["busy"], wanted, 1_800, (7,)) == wanted
    found = studies(read(tmp_path, "busy"), 7, size, number)
    # Studies are independent; cuts and pools of one are not, so they are judged one by one.
    whole = {key: held for key, held in found.items() if key[1] == "all"}
    judged = {key: held for key, held in whole.items() if held.studies >= 30}
    assert {kind for kind, _, _ in judged} >= {
        "in time", "mean", "over 60 minutes", "p50", "p90", "p95", "family of 4, with p95",
    }  # fmt: skip
    for key, held in judged.items():
        assert bdtr(held.held, held.studies, 0.93) > ALPHA / len(judged), key
    # Of 1,500 cases fifteen lie beyond the p99, and 75 in the worst twentieth: neither is told.
    for kind in ("p99", "tail mean"):
        assert whole[kind, "all", "one"].withheld == number
