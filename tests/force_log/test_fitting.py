"""A scenario fitted to a simulated log, held against the force that was simulated."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from sim.errors import InputError
from sim.force_log import Log, read_log
from sim.force_log.fitting import Fit, fit
from sim.force_log.fitting.arrivals import arrivals, shares
from sim.force_log.fitting.candidate import Candidate, Plan, World
from sim.force_log.fitting.demand import demand
from sim.force_log.fitting.document import written as in_toml
from sim.force_log.fitting.fit import Matched
from sim.force_log.fitting.lengths import length, quantile_of
from sim.force_log.fitting.quiet import quiet_waits
from sim.force_log.replaying.work import work_of
from sim.report.log.fitted import fit_sentences
from sim.scenario.loading import load
from sim.scenario.rotas import Rota
from tests.force_log import made_up
from tests.force_log.simulated import ABSTRACTION, CREWS, force, log_of

HELD = 0.5
# Intervals that miss a true value once in ten thousand, so that a miss means a fault.
LEVEL = 0.9999
TIMES = {"early": ("07:00", "15:00"), "late": ("15:00", "23:00"), "night": ("23:00", "07:00")}


def rota() -> Rota:
    """The simulated force's rota, as a CSV file would give it."""
    shifts = [
        {"name": name, "start": start, "end": end, "people": CREWS[name]}
        for name, (start, end) in TIMES.items()
    ]
    return Rota("rota.csv", shifts, [2, 3, 4])


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Log:
    """Two weeks of a force that holds half of its missing-child deployments."""
    return log_of(force(held=HELD), tmp_path_factory.mktemp("log"), days=14)


@pytest.fixture(scope="module")
def found(log: Log) -> Fit:
    """The fit to these weeks with the force's rota."""
    return fit(log, *log.period, rota(), level=LEVEL, thorough=False)


def test_a_median_far_from_the_logs_is_said_first(found: Fit) -> None:
    """A finished scenario that waits half as long again; two minutes more of ten are none."""
    near, far = (Matched(2, (10.0, 50.0), (10.0, 50.0), (half, 50.0), 200) for half in (12.0, 15.0))
    first = fit_sentences(replace(found, matched=(far,)))[0]
    assert "does not have the log's median wait (minutes): grade 2 15 in place of 10" in first
    assert "median wait" not in fit_sentences(replace(found, matched=(near,)))[0]


def test_reports_a_year_lie_in_their_intervals(found: Fit) -> None:
    """The simulated force's volumes are within the fitted limits."""
    scenario = force(held=HELD)
    for name, truth in (
        ("missing_child", scenario.streams["missing_child"].volume_per_year),
        ("grade_1", scenario.streams["immediate"].volume_per_year),
        ("welfare_concern", scenario.streams["welfare"].volume_per_year),
    ):
        assert found.arrivals[name].low <= truth <= found.arrivals[name].high


def test_crews_free_lie_in_their_intervals(found: Fit) -> None:
    """The share of the rota that parades is within the fitted limits on each shift."""
    assert [one.shift for one in found.crews.free] == list(CREWS)
    for one in found.crews.free:
        assert one.low is None or one.low <= 1 - ABSTRACTION
        assert one.high is None or one.high >= 1 - ABSTRACTION


def test_where_crews_alone_forecast_as_well_there_is_no_rate(found: Fit) -> None:
    """Nothing is waited for but a crew, and by some for ratification; it is said why."""
    assert not found.by_rate
    assert "policy.dispatch_rate" not in found.origins
    assert any("A dispatcher's rate" in one for one in found.not_identifiable)


def test_the_share_held_is_recovered_and_rank_is_said_not_to_be(found: Fit) -> None:
    """Times of ratification tell the share held; waits alone do not tell rank."""
    assert found.children is not None
    low, high = found.children.range_of("held")
    assert low <= HELD <= high
    # No wider than a half at the usual level: chi squared of two numbers, 5.99.
    least = min(point.distance for point in found.children.points)
    near = [one.held for one in found.children.points if one.distance <= least + 5.99]
    assert min(near) <= HELD <= max(near)
    assert max(near) - min(near) <= 0.5
    low, high = found.children.range_of("next_grade")
    assert any("ranked lower" in one for one in found.not_identifiable) == (high - low > 0.5)


def test_a_wait_that_no_gate_and_no_rank_makes_is_said_to_be_none_of_the_models(
    found: Fit, tmp_path: Path
) -> None:
    """Sent four hours later whatever is free: said first. The rules that made a log can make it."""
    assert found.children is not None
    assert found.children.can_be_made
    assert not [one for one in fit_sentences(found) if "cannot make" in one]
    later = log_of(force(held=HELD), tmp_path, days=14, changed=_sent_four_hours_later)
    off = fit(later, *later.period, rota(), level=LEVEL, thorough=False)
    assert off.children is not None
    assert not off.children.can_be_made
    said = fit_sentences(off)
    assert [at for at, one in enumerate(said) if "cannot make missing-child jobs wait" in one] == [
        sum("median wait (minutes)" in one or "fitted weeks themselves" in one for one in said)
    ]


def _sent_four_hours_later(export: pl.DataFrame) -> pl.DataFrame:
    """Everything from allocation on, of jobs about missing children."""
    steps = [one for one in export.columns if one.startswith("Resource_")] + ["Incident_Closed"]
    form = "%d/%m/%Y %H:%M:%S"
    is_child = pl.col("Opening_Code") == "Missing - under 18"
    return export.with_columns(
        pl.when(is_child & (pl.col(one) != ""))
        .then(
            (pl.col(one).str.to_datetime(form, strict=False) + timedelta(hours=4)).dt.strftime(form)
        )
        .otherwise(pl.col(one))
        .alias(one)
        for one in steps
    )


def test_the_fitted_scenario_loads_and_points_to_its_weeks(found: Fit, tmp_path: Path) -> None:
    """What fit writes is an ordinary scenario, whose sources name the log's days."""
    path = tmp_path / "mine.toml"
    path.write_text(found.text, encoding="utf-8")
    scenario = load(path).scenario
    assert scenario.policy.gate.deploy_on == "ratification"
    assert scenario.policy.gate.share_held == HELD
    source = scenario.sources["streams.grade_1.volume_per_year"].source
    assert source is not None
    assert found.first_day.isoformat() in source
    assert not scenario.illustrative


def test_the_same_luck_gives_the_same_scenario(log: Log) -> None:
    """Demand and its text do not depend on anything but log and seed."""
    first, last = log.period
    one = arrivals("a", log.public["received"], first, last, 0.95)
    two = arrivals("a", log.public["received"], first, last, 0.95)
    assert one == two


def test_counts_that_leave_are_whole_fives(found: Fit) -> None:
    """Every count of the fit's document is a multiple of five."""
    document = json.loads(json.dumps(found.as_dict(), allow_nan=False))
    counts = [one["reports"] for one in document["arrivals"]]
    counts += [one["n"] for one in document["lengths"]] + [one["n"] for one in document["waits"]]
    assert counts
    assert not [count for count in counts if count % 5]


def test_shares_give_no_small_count_away() -> None:
    """A count under five is taken as none, and the others are whole fives of the whole."""
    # 3 is dropped; 52 becomes 50 and 148 becomes 150, of 200.
    assert shares([3, 52, 148]) == [0.0, 0.25, 0.75]
    assert shares([1, 2]) is None


def test_the_family_that_made_lengths_is_chosen() -> None:
    """Lengths drawn from a lognormal and from a gamma are told apart by those left out."""
    draw = np.random.Generator(np.random.Philox(3))
    lognormal = length("a", np.exp(np.log(20) + 0.9 * draw.normal(size=2000)), draw)
    gamma = length("b", draw.gamma(1.2, 30, 2000), draw)
    assert lognormal is not None
    assert gamma is not None
    assert (lognormal.family, gamma.family) == ("lognormal", "gamma")
    # The median of 2,000 has a standard error of 20 * 0.9 * 1.2533 / sqrt(2000) = 0.5 minutes.
    assert abs(lognormal.duration["median_minutes"] - 20) < 2.0
    assert abs(gamma.duration["mean_minutes"] - 36) < 4.0


def test_lengths_of_no_family_become_quantiles_that_fit() -> None:
    """Two humps have no family; the table of quantiles lies near them."""
    draw = np.random.Generator(np.random.Philox(4))
    minutes = np.concatenate([draw.normal(10, 1, 600), draw.normal(100, 5, 400)])
    found = length("a", minutes, draw)
    assert found is not None
    assert found.family == "quantiles"
    assert found.distance < 0.12
    assert quantile_of(found.duration, np.array([0.3]))[0] == pytest.approx(10, abs=0.5)


def test_a_table_of_quantiles_keeps_the_mean_of_few_very_long_times() -> None:
    """Eight in a thousand of ten hours beside ten minutes: the mean is the log's within a tenth.

    A straight line from the nineteenth of twenty to the longest would have it at twice that.
    """
    draw = np.random.Generator(np.random.Philox(5))
    minutes = np.concatenate([np.repeat([2.0, 10.0], 496), draw.normal(600, 20, 8)])
    found = length("a", minutes, draw)
    assert found is not None
    assert found.family == "quantiles"
    made = quantile_of(found.duration, (np.arange(2000) + 0.5) / 2000)
    assert made.mean() == pytest.approx(minutes.mean(), rel=0.1)


def test_too_few_lengths_are_not_fitted() -> None:
    """With fewer than thirty there is no fit."""
    assert length("a", np.arange(29.0), np.random.Generator(np.random.Philox(1))) is None


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2, 3, 4])
def test_a_fuller_log_is_fitted_without_a_rota(tmp_path: Path, seed: int) -> None:
    """From eight weeks, crews on shifts that nobody named lie within their intervals.

    All three together: each interval misses once in 30,000 times, so one of three once in 10,000.
    Which pattern the shifts have is not asked: shifts of ten hours, or a small one more in the
    evening, give waits that eight weeks do not tell from these. A shift that is not there has
    no crews.
    """
    log = log_of(force(held=0.0), tmp_path, days=56, seed=seed)
    found = fit(log, *log.period, level=1 - 1e-4 / len(CREWS))
    names = {one.shift for one in found.crews.free}
    assert names >= set(CREWS)
    for one in found.crews.free:
        truth = CREWS.get(one.shift, 0.0) * (1 - ABSTRACTION)
        assert one.low is None or one.low <= truth
        assert one.high is None or one.high >= truth
    assert found.children is not None
    # Jobs that waited for nothing but a crew are not taken for held ones.
    assert found.children.range_of("held")[1] <= 0.25


def test_a_log_without_ends_of_work_is_not_fitted(tmp_path: Path) -> None:
    """Where nobody is known to have cleared, crews cannot be fitted, and that is said at once."""
    incidents = made_up.force(300, days=14).with_columns(t_cleared=pl.lit(""))
    read = read_log(made_up.written(tmp_path, incidents), made_up.mapping())
    with pytest.raises(InputError, match="of clearing or closing"):
        demand(read.public, *read.period, level=0.95, seed=1)


def test_missing_children_of_lower_grades_leave_a_sound_scenario(tmp_path: Path) -> None:
    """A scenario grades a missing child 1 or 2; a log that grades some 3 is fitted all the same."""
    incidents = made_up.force(900, days=14, children=0.2)
    path = made_up.written(tmp_path, incidents)
    read = read_log(path, made_up.mapping())
    found = demand(read.public, *read.period, level=0.95, seed=1)
    stream = found.streams["missing_child"]
    assert set(stream["grades"]) == {"1", "2"}
    assert sum(stream["grades"].values()) == pytest.approx(1.0)
    assert any("count as grade 2" in sentence for sentence in found.left_out)
    work = work_of(read.public, read.period[0], np.random.Generator(np.random.Philox(1)))
    assert 3 in work.jobs.filter(work.jobs["stream"] == "missing_child")["grade"]
    world = World(found, quiet_waits(work), Plan(), read.period[0], ratified=False)
    written = tmp_path / "mine.toml"
    document = world.document(Candidate((3.0, 3.0, 3.0), (1.0,) * 3))
    document["sources"] = {}
    written.write_text(in_toml(document, []), encoding="utf-8")
    assert "missing_child" in load(written).scenario.streams


def test_a_gate_that_holds_nobody_says_nothing_of_a_share(tmp_path: Path) -> None:
    """A share of 0 would do nothing, and a what-if that names a gate would hold nobody by it."""
    log = log_of(force(held=0.0), tmp_path, days=7)
    demanded = demand(log.public, *log.period, level=0.95, seed=1)
    world = World(demanded, {}, Plan(), log.period[0], ratified=True)
    assert world.document(Candidate((3.0,) * 3))["policy"]["gate"] == {"deploy_on": "grading"}
