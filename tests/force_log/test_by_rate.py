"""Crews from jobs in hand, and a dispatcher's rate in place of a delay drawn for each job."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.force_log import Log
from sim.force_log.fitting import Fit, fit
from sim.force_log.fitting.candidate import Candidate, Plan, World
from sim.force_log.fitting.children import children
from sim.force_log.fitting.crew_limits import crews_by_hour
from sim.force_log.fitting.demand import demand
from sim.force_log.fitting.job_minutes import WAITED
from sim.force_log.fitting.rate import KNOTS, Rate
from sim.force_log.fitting.rate_table import LOOK_SECONDS, table_of
from sim.force_log.replaying.work import work_of
from sim.policy import compiled
from sim.scenario.loading import load
from sim.scenario.models import Scenario
from sim.scenario.policies import DispatchRate
from sim.streams import bootstrap_generator
from sim.tables import PARTS, SUM_PARTS
from tests.force_log.simulated import force, log_of, search_little
from tests.worlds import small_scenario

# Let go at a tenth a minute, half as fast while all crews are busy, and slower behind others;
# for two hours from 14:00 hardly anybody is.
TRUTH: dict[str, Any] = {
    "waited_minutes": [0.0],
    "a_minute": {"1": [2.0], **{str(grade): [0.2 / grade] for grade in range(2, 6)}},
    "quarter_hours": [1.0] * 56 + [0.1] * 8 + [1.0] * 32,
    "all_busy": {str(grade): 0.3 for grade in range(1, 6)},
    "ahead_power": {str(grade): -0.5 for grade in range(1, 6)},
}


def by_rate() -> Scenario:
    """A force with crews to spare, whose dispatchers let jobs go at the true rate."""
    scenario = force(held=0.0)
    rate = DispatchRate.model_validate(TRUTH)
    policy = scenario.policy.model_copy(update={"dispatch_rate": rate})
    return scenario.model_copy(update={"policy": policy})


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Log:
    """Four weeks of it."""
    return log_of(by_rate(), tmp_path_factory.mktemp("log"), days=28)


@pytest.fixture(scope="module")
def found(log: Log) -> Fit:
    """The fit to these weeks, without a rota, with little search for crews alone."""
    with pytest.MonkeyPatch.context() as patched:
        search_little(patched)
        return fit(log, *log.period, thorough=False)


def test_a_rate_is_found_where_dispatchers_let_jobs_go_by_one(found: Fit, tmp_path: Path) -> None:
    """It is written into the scenario, with a source, and no delay is drawn beside it."""
    assert found.by_rate
    assert found.origins["policy.dispatch_rate"] == "fitted"
    path = tmp_path / "mine.toml"
    path.write_text(found.text, encoding="utf-8")
    scenario = load(path).scenario
    rate = scenario.policy.dispatch_rate
    assert rate is not None
    assert all(getattr(one, "research", None) is None for one in scenario.streams.values())
    # The lull: half as many, or fewer, in its middle as is usual.
    assert rate.quarter_hours[60] < 0.5 * np.median(rate.quarter_hours)
    assert rate.ahead_power[2] < 0


def test_the_waits_of_a_rate_are_the_log_s(found: Fit) -> None:
    """Half of the waits lie within a quarter of the log's at each grade; luck alone is less."""
    waits = {one.grade: (one.fitted[0], one.observed[0]) for one in found.matched}
    assert set(waits) >= {2, 3}
    for grade in (2, 3):
        assert waits[grade][0] == pytest.approx(waits[grade][1], rel=0.25)


def test_crews_have_both_ends_and_an_assumed_one_is_said(found: Fit) -> None:
    """No number is called too many for the log without its being the log, or an assumption."""
    assert [one.shift for one in found.crews.free] == ["early", "late", "night"]
    assert all(one.low is not None and one.low <= one.value for one in found.crews.free)
    assert all(one.high is not None and one.high >= one.value for one in found.crews.free)
    assumed = [one for one in found.crews.free if one.high_from == "assumed"]
    said = [one for one in found.not_identifiable if "is an assumption" in one]
    assert len(said) == len(assumed)


def test_a_log_too_thin_for_a_rate_is_fitted_without_one_and_says_so(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With fewer allocations than it takes the delay is drawn for each job by itself."""
    search_little(monkeypatch)
    monkeypatch.setattr("sim.force_log.fitting.rate.FEWEST", 10_000)
    thin = fit(log, *log.period, thorough=False)
    assert not thin.by_rate
    (said,) = (one for one in thin.not_identifiable if "rate cannot be told" in one)
    assert "it takes 10000 or more" in said
    assert "drawn for each job by itself instead" in said


def test_a_scenario_s_table_is_the_rate_that_was_fitted() -> None:
    """What a look adds is a minute's rate times the look's part of it, within a half per cent."""
    rng = np.random.Generator(np.random.Philox(3))
    rate = Rate(
        grades=(2, 3),
        base=rng.normal(-2.0, 0.5, (2, len(WAITED))),
        clock=rng.normal(0.0, 0.3, KNOTS),
        busy=np.array([-0.7, -1.5]),
        ahead=np.array([-0.3, 0.2]),
        just_freed=np.array([0.9, -0.1]),
        busy_error=np.zeros(2),
        ahead_error=np.zeros(2),
        just_freed_error=np.zeros(2),
        minutes=1,
        let_go_just_freed=np.zeros(2, dtype=np.int64),
    )
    table = table_of(rate, (1, 2, 3), 0.6)
    # Grade 1 has none of its own; the nearest that has is grade 2.
    assert table["a_minute"]["1"] == table["a_minute"]["2"]
    assert table["streams"] == {"missing_child": 0.6}
    table["a_minute"] |= {"4": table["a_minute"]["3"], "5": table["a_minute"]["3"]}
    rules = compiled(small_scenario(policy={"dispatch_rate": table}), 0, 1).dispatch_rate
    assert rules is not None
    for grade, waited, quarter, busy, ahead, freed in (
        (2, 0, 3, 0, 0, 0),
        (3, 3, 50, 40, 2, 1),
        (2, 8, 95, 100, 20, 1),
    ):
        look = rules.by_wait[grade - 1][waited][quarter] / SUM_PARTS
        load = (rules.by_load, rules.by_load_just_freed)[freed]
        look *= load[grade - 1][busy][ahead] / PARTS
        minute = np.array([15.0 * quarter + 7.5])
        (a_minute,) = rate.a_minute(
            np.array([grade]),
            np.array([float(WAITED[waited])]),
            minute,
            np.array([busy / 100]),
            np.array([ahead]),
            np.array([freed]),
        )
        assert look == pytest.approx(a_minute * LOOK_SECONDS / 60, rel=0.005)


@pytest.mark.parametrize(("by_rate", "held"), [(True, 0.0), (False, 1.0)])
def test_where_no_share_can_be_told_from_another_a_rate_has_nobody_held(
    log: Log, monkeypatch: pytest.MonkeyPatch, by_rate: bool, held: float
) -> None:
    """Every pair as near as luck allows, all held and ranked lower the nearest by a hair."""
    distances = iter(np.linspace(5.0, 4.0, 15).tolist())
    monkeypatch.setattr("sim.force_log.fitting.children._far", lambda *_: next(distances))
    first, last = log.period
    demanded = demand(log.public, first, last, level=0.95, seed=1)
    factor = {"look_seconds": LOOK_SECONDS, "streams": {"missing_child": 0.5}}
    rate = {**TRUTH, **factor} if by_rate else None
    waits = {grade: np.array([1.0, 2.0]) for grade in demanded.grades}
    world = World(demanded, {} if by_rate else waits, Plan(), first, ratified=False, rate=rate)
    rng = bootstrap_generator(1, "test")
    work = work_of(log.public, first, rng)
    found = children(world, work, Candidate((4.0, 4.0, 4.0)), level=0.95, seed=1, rng=rng)
    assert found is not None
    assert all(one.possible for one in found.points)
    assert (found.candidate.held, found.candidate.next_grade) == (held, held)


def test_crews_on_duty_are_counted_by_hour(log: Log) -> None:
    """Four and a half by day, two late and one at night, in the only area."""
    first, last = log.period
    demanded = demand(log.public, first, last, level=0.95, seed=1)
    world = World(demanded, {}, Plan(), first, ratified=False)
    crews = crews_by_hour(world, Candidate((4.5, 2.0, 1.0), first_hour=7))
    (hours,) = crews.values()
    assert hours[[7, 14]] == pytest.approx([4.5, 4.5], rel=1e-3)
    assert hours[[15, 22, 23, 6]] == pytest.approx([2.0, 2.0, 1.0, 1.0], rel=1e-3)
