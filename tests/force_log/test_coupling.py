"""How far allocations hang on a crew's clearing, held against hand arithmetic and made-up logs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from sim.force_log.fitting.closeness import Coupled, cells_of, observed_waits
from sim.force_log.fitting.rate import Rate, rate_of
from sim.force_log.fitting.rate_table import table_of
from sim.force_log.fitting.rate_told import just_freed_of
from sim.force_log.replaying.coupling import FEWEST, Clearings, Coupling, coupling, share_of
from sim.force_log.replaying.playing import waits_of
from sim.force_log.replaying.work import Work, work_of
from sim.scenario.models import Scenario
from sim.scenario.policies import DispatchRate
from sim.streams import bootstrap_generator
from tests.force_log.simulated import force, log_of
from tests.force_log.test_rate import work_from

DAYS = 14
CREWS_ON_DUTY = 25
# Of the limits of three grades: a false alarm in 30,000 runs.
LEVEL = 1 - 1e-5


def test_sums_are_those_of_hand_arithmetic() -> None:
    """One clearing at 1,000 s; of three jobs graded at 0 one is let go 30 s after it.

    After the first 300 s they wait 730, 900 and 0 s; the minute after 1,000 s covers 30 s of the
    first and all of the second's 60 s. The third is let go within five minutes and does not count.
    """
    # (grade, graded, assigned, length): the first clears at 1,000 s, the others much later.
    rows = [(2, 0, 100, 900), (2, 0, 1030, 9000), (2, 0, 1200, 9000), (2, 0, 200, 9000)]
    work = with_days(work_from(rows, days=1))
    clearings = Clearings(work, np.array([False, True, True, True]))
    sums = clearings.by_day(assigned_of(work))
    assert sums[:, 0].tolist() == [2.0, 1.0, 730.0 + 900.0, 30.0 + 60.0]
    assert share_of(sums)[0] == pytest.approx(1 / 2 - 90 / 1630)


def queue(crews: int, rate: float, seed: int) -> Work:
    """Three weeks of jobs: let go when a crew is free, after a delay of that rate a minute."""
    rng = np.random.Generator(np.random.Philox(seed))
    free = np.zeros(crews)
    graded = np.cumsum(rng.exponential(900.0, 2_000))
    rows = []
    for at in graded:
        crew = int(free.argmin())
        start = max(at + rng.exponential(60 / rate), free[crew])
        length = rng.exponential(2_400.0)
        free[crew] = start + length
        rows.append((2, int(at), int(start), int(length)))
    return with_days(work_from(rows, days=21))


def with_days(work: Work) -> Work:
    """The same with each job's day and hour."""
    graded = pl.col("graded")
    days = pl.lit(work.first_day) + pl.duration(days=graded // 86_400)
    return replace(
        work, jobs=work.jobs.with_columns(day=days, hour=(graded // 3600 % 24).cast(pl.Int64))
    )


def assigned_of(work: Work) -> np.ndarray:
    """Seconds of allocation."""
    return work.jobs["assigned"].to_numpy().astype(np.float64)


def test_a_queue_for_crews_is_coupled_and_a_delay_is_not() -> None:
    """Three crews, nearly always busy: most follow a clearing; with sixty hardly any do."""
    for crews, rate, lowest, highest in ((3, 60.0, 0.6, 1.0), (60, 0.05, -0.05, 0.05)):
        work = queue(crews, rate, 4)
        assigned = assigned_of(work)
        clearings = Clearings(work, np.ones(len(assigned), dtype=bool))
        rng = np.random.Generator(np.random.Philox(1))
        found = coupling(clearings, assigned, assigned[None], rng)
        assert found is not None
        assert lowest <= found.observed <= highest
        assert found.low <= found.observed <= found.high
        # The log itself is as near as can be.
        assert found.predicted == pytest.approx(found.observed)
        assert found.near


def test_few_waits_tell_nothing() -> None:
    """Fewer than a hundred allocations after five minutes have no coupling."""
    rows = [(2, 900 * i, 900 * i + 600, 600) for i in range(FEWEST - 1)]
    work = with_days(work_from(rows, days=2))
    assigned = assigned_of(work)
    clearings = Clearings(work, np.ones(len(rows), dtype=bool))
    rng = np.random.Generator(np.random.Philox(1))
    assert coupling(clearings, assigned, assigned[None], rng) is None


def test_waits_that_hang_less_on_crews_lie_further_from_the_log() -> None:
    """The log's own waits are no distance from it; the same drawn in another order are far."""
    work = queue(3, 60.0, 4)
    rng = np.random.Generator(np.random.Philox(2))
    found = next(one for one in cells_of(work, rng) if isinstance(one, Coupled))
    waits = observed_waits(work)
    assert found.far(waits[None]) == pytest.approx(0.0)
    assert found.far(rng.permutation(waits)[None]) > 25.0


def force_with(just_freed: float) -> Scenario:
    """A force with crews to spare, who hear of the next job by a dispatcher's rate."""
    scenario = force(held=0.0, volume=55_000.0)
    grades = [str(grade) for grade in range(1, 6)]
    rate = {
        "waited_minutes": [0.0],
        "a_minute": {grade: [2.0 if grade == "1" else 0.05] for grade in grades},
        "just_freed": dict.fromkeys(grades, just_freed),
    }
    policy = scenario.policy.model_copy(update={"dispatch_rate": DispatchRate.model_validate(rate)})
    pool = scenario.pools["response"]
    shifts = [one.model_copy(update={"people": CREWS_ON_DUTY}) for one in pool.shifts]
    pools = {"response": pool.model_copy(update={"shifts": shifts, "abstraction": 0.0})}
    return scenario.model_copy(update={"policy": policy, "pools": pools})


def fitted_to(scenario: Scenario, folder: Path) -> tuple[Rate, Coupling]:
    """The rate fitted to two weeks of its log, and the coupling that it predicts of them."""
    log = log_of(scenario, folder, days=DAYS)
    rng = bootstrap_generator(1, "test")
    work = work_of(log.public, log.period[0] + timedelta(days=1), rng)
    rate = rate_of(work, {"north": np.full(24, float(CREWS_ON_DUTY))})
    table = table_of(rate, sorted(scenario.grades))
    policy = scenario.policy.model_copy(
        update={"dispatch_rate": DispatchRate.model_validate(table)}
    )
    own = scenario.model_copy(update={"policy": policy})
    made = waits_of(work, own, seed=2, replications=4, engine="compiled")
    known = ~work.jobs["lead_in"].to_numpy()
    graded = work.jobs["graded"].to_numpy()
    found = coupling(Clearings(work, known), assigned_of(work), graded + 60 * made, rng)
    assert found is not None
    return rate, found


def test_a_force_that_looks_up_when_a_crew_clears_is_found_and_predicted(tmp_path: Path) -> None:
    """Three times the rate for a minute: inside its limits, one outside, and coupled as the log."""
    rate, found = fitted_to(force_with(3.0), tmp_path)
    told = {one.grade: one for one in just_freed_of(rate, LEVEL)}
    assert set(told) >= {2, 3}
    for grade in (2, 3):
        assert told[grade].low < 3.0 < told[grade].high
        assert told[grade].clear
    assert found.low > 0.08
    assert found.near


def test_a_force_that_does_not_is_told_no_effect(tmp_path: Path) -> None:
    """The rate is the same whoever has cleared: no grade is clear of one, and none coupled."""
    rate, found = fitted_to(force_with(1.0), tmp_path)
    told = just_freed_of(rate, LEVEL)
    assert {one.grade for one in told} >= {2, 3}
    assert not any(one.clear for one in told)
    assert max(one.high for one in told if one.grade in (2, 3)) < 2.0
    assert abs(found.predicted) < 0.02
