"""Whether a warm-up is long enough, and whether a queue grows without end."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sim.measures import WEEK_HOURS, Replication
from sim.scenario.loading import Loaded, load
from sim.statistics import Interval
from sim.study import Progress, Settings, WarmUp, queue_growth, run, warm_up
from sim.study.demand import Growth, growth
from sim.study.settling import Bias, Verdict, has_built_up
from sim.study.worlds import Plan, inputs
from sim.tables import HOUR
from tests.loaded import as_loaded
from tests.worlds import REMOVED, desk, exponential, small_scenario

BRIEF = Settings(replications=3, days=2, warm_up_days=1, workers=1)
SMALL = as_loaded(small_scenario())
SCENARIOS = Path(__file__).parents[1] / "scenarios"


def bias(low: float, high: float, *, decides: bool = True) -> Bias:
    """Return a bias of a figure of 50 minutes, of which 2 are no matter."""
    return Bias("Mean wait", "minutes", 50.0, _between(low, high), 2.0, decides)


def _between(low: float, high: float) -> Interval:
    return Interval((low + high) / 2, low, high, 30, 0.95)


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (-1.0, 2.0, Verdict.ENOUGH),
        (-2.1, 0.0, Verdict.UNTOLD),
        (-9.0, 9.0, Verdict.UNTOLD),
        (-5.0, -2.1, Verdict.SHORT),
        (2.1, 3.0, Verdict.SHORT),
        (-5.0, -2.0, Verdict.UNTOLD),
    ],
)
def test_a_bias_is_judged_by_its_whole_range(low: float, high: float, verdict: Verdict) -> None:
    """No matter where all of it is within 2, too much where none of it is."""
    assert bias(low, high).verdict is verdict


def test_a_bias_is_told_with_its_range() -> None:
    """The figure after the longer warm-up, and by how much the shorter one is off."""
    assert bias(-5.0, -3.0).sentence == (
        "Mean wait: 50.0 minutes; off by -4.0 (-5.0 to -3.0), which is too much."
    )
    untold = dataclasses.replace(bias(-1, 1), interval=Interval(None, None, None, 3, 0.95))
    assert untold.sentence == "Mean wait: too few cases to tell."
    assert untold.verdict is Verdict.UNTOLD


def test_the_answer_is_the_worst_of_what_decides() -> None:
    """Partners are told beside it; a load of about one leaves it open, one of more decides it."""
    fine, short, beside = bias(-1, 1), bias(-5, -3), bias(-5, -3, decides=False)

    def found(*biases: Bias, **more: object) -> WarmUp:
        return WarmUp(7, 28, 30, biases, **more)  # type: ignore[arg-type]

    assert found(fine, beside).verdict is Verdict.ENOUGH
    assert found(fine, short).verdict is Verdict.SHORT
    assert found(fine, growth=Growth(untold=("x",))).verdict is Verdict.UNTOLD
    assert found(fine, growth=Growth(likely=("x",))).verdict is Verdict.UNTOLD
    assert found(short, growth=Growth(likely=("x",))).verdict is Verdict.GROWS
    assert found(fine, seen=("x",), built_up=True).verdict is Verdict.GROWS
    # As long after a longer warm-up: the days ask for more, and it has settled.
    of_the_days = found(fine, seen=("x",))
    assert of_the_days.verdict is Verdict.ENOUGH
    assert "leaves it no longer at the start" in of_the_days.sentences[2]
    assert found().verdict is Verdict.UNTOLD
    told = found(fine, beside).sentences
    assert told[0] == "A warm-up of 7 days is long enough."
    assert told[2] == "Beside the answer:"


def test_a_light_world_settles_within_its_warm_up() -> None:
    """Queues that are empty every night have forgotten how they began."""
    told: list[Progress] = []
    settings = dataclasses.replace(BRIEF, days=7, warm_up_days=7, replications=4, engine="compiled")
    found = warm_up(SMALL, settings, told.append)
    assert found.verdict is Verdict.ENOUGH, found.sentences
    assert [one.interval.value for one in found.biases[:3]] == [0.0] * 3
    # Of so few reports no 95th centile is told, and none is asked for.
    assert found.biases[3].interval.too_few
    assert found.sentences[0] == "A warm-up of 7 days is long enough."
    # Both warm-ups are told as one.
    assert [(one.completed, one.planned) for one in told] == [(done, 8) for done in range(1, 9)]


def test_a_longer_warm_up_has_the_same_days_after_it() -> None:
    """What differs after it is its start alone: the reports and who is on duty are the same."""
    plan = Plan(("small",), (SMALL.scenario,), BRIEF)
    longer = dataclasses.replace(plan, settings=dataclasses.replace(BRIEF, warm_up_days=43))
    (short, _, rota, _), (long, _, other, _) = (inputs(one, 1, 0) for one in (plan, longer))
    after = long["reported_at"] >= 0
    assert len(long) > 5 * len(short)
    for column in ("key", "reported_at", "scene_seconds", "return_at"):
        before = short[column][short["reported_at"] >= 0]
        assert before.tolist() == long[column][after].tolist()
    assert (rota["on_at"] >= 0).sum() == (other["on_at"] >= 0).sum()


def test_an_interrupted_warm_up_says_so() -> None:
    """What was done of both is judged, and the command can end as stopped."""
    eight = dataclasses.replace(BRIEF, replications=8)
    found = warm_up(SMALL, eight, interrupting_after(1))
    assert (found.replications, found.interrupted) == (1, True)
    # Stopped in the second round: as many pairs as it had.
    found = warm_up(SMALL, dataclasses.replace(BRIEF, replications=4), interrupting_after(6))
    assert (found.replications, found.interrupted) == (2, True)


def interrupting_after(replications: int) -> Callable[[Progress], None]:
    """Return a progress callback that is Ctrl-C after so many replications."""

    def told(progress: Progress) -> None:
        if progress.completed == replications:
            raise KeyboardInterrupt

    return told


def test_a_queue_that_grows_without_end_is_not_simulated_for_its_warm_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Four officers for ten times the incidents: no days are named, and nothing takes long."""
    simulated: list[object] = []
    monkeypatch.setattr("sim.study.settling.collect", simulated.append)
    flooded = as_loaded(small_scenario(streams={"immediate": {"volume_per_year": 40_000.0}}))
    found = warm_up(flooded, dataclasses.replace(BRIEF, replications=30))
    assert not found.enough
    told = " ".join(found.sentences)
    assert told.startswith("This scenario does not settle, and no warm-up is long enough.")
    assert "response_north, " not in told
    assert "response_north: " in told
    assert "its queue grows all the time" in told
    assert "off by" not in told
    assert simulated == []


def calls(volume: float) -> Loaded:
    """Return four call takers with so many calls a year of 20 minutes, missing children among."""
    streams = {
        **dict.fromkeys(("immediate", "welfare", "supervisor_review"), REMOVED),
        "missing_child": {"origins": {"101": 1.0}},
        "plain_call": {"volume_per_year": volume, "thrive": exponential(20.0)},
    }
    return as_loaded(small_scenario(streams=streams, pools={"call_takers": desk("call_taker", 4)}))


def test_a_load_is_known_by_expectation_and_not_by_the_draws_of_one_replication() -> None:
    """Two days' draws of one luck call calls too many; over many draws they are not."""
    plan = Plan(("calls",), (calls(80_000.0).scenario,), dataclasses.replace(BRIEF, seed=5))
    assert growth(plan) == Growth()
    (sentence,) = growth(dataclasses.replace(plan, scenarios=(calls(140_000.0).scenario,))).certain
    assert sentence.startswith("call_takers: 1")


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 6))
def test_near_saturation_no_short_warm_up_is_called_enough(seed: int) -> None:
    """At a load of 0.989 a longer warm-up adds half an hour; at 1.008 no warm-up is enough."""
    # A desk worker finishes the call in hand, so 95,000 calls a year are a load of 0.989 and
    # 96,900 one of 1.008 (over 200 draws of 28 days, within 0.004).
    settings = Settings(
        replications=30, days=28, warm_up_days=7, seed=seed, workers=1, engine="compiled"
    )
    found = warm_up(calls(95_027.0), settings)
    assert found.verdict in {Verdict.SHORT, Verdict.UNTOLD}
    mean = next(one.interval for one in found.biases if one.name == "Mean wait")
    assert mean.high is not None
    assert mean.high < 0
    assert warm_up(calls(96_896.0), settings).verdict is Verdict.GROWS


def test_growth_that_only_a_run_shows_is_found_in_it() -> None:
    """Jobs that wait, by week: 10, 20 and 30 on average in each of five replications."""
    (tally,) = run([SMALL], dataclasses.replace(BRIEF, replications=1)).replications[0]
    tallies = [in_weeks(tally, [10 + more, 20, 30]) for more in (0, 1, 2, 1, 0)]
    (sentence,) = queue_growth(tallies)
    assert "from 11 jobs on average in the first to 30 in week 3" in sentence
    assert queue_growth([in_weeks(tally, [30, 20, 10])] * 5) == []
    assert queue_growth([in_weeks(tally, [10, 20])] * 5) == []
    # Too short for a week.
    assert queue_growth([tally] * 5) == []


@pytest.mark.slow
def test_a_queue_that_grows_with_the_season_has_settled() -> None:
    """From spring to summer the stretched force's queue doubles, whatever the warm-up was."""
    stretched = load(SCENARIOS / "stretched-force.toml")
    settings = Settings(replications=30, days=28, warm_up_days=28, engine="compiled")
    found = warm_up(stretched, settings)
    assert "from week to week" in found.seen[0]
    assert not found.built_up
    assert found.verdict is not Verdict.GROWS


def test_a_queue_that_is_longer_for_a_longer_warm_up_has_built_up() -> None:
    """The first measured week tells: 60 jobs after 49 days and 20 after 7, or 20 after either."""
    (tally,) = run([SMALL], dataclasses.replace(BRIEF, replications=1)).replications[0]
    short, long = (
        [in_weeks(tally, [first + more, 90, 120]) for more in (0, 1, 2, 1, 0)] for first in (20, 60)
    )
    assert has_built_up(long, short)
    assert not has_built_up(short, short)
    # Too short for a week.
    assert not has_built_up([tally] * 5, [tally] * 5)


def in_weeks(tally: Replication, jobs: list[float]) -> Replication:
    """Return a replication of whole weeks after a day of warm-up, with so many jobs waiting."""
    seconds = [*np.zeros(24), *np.repeat(np.array(jobs) * HOUR, WEEK_HOURS), *np.zeros(24)]
    return dataclasses.replace(
        tally,
        window_seconds=len(jobs) * WEEK_HOURS * HOUR,
        first_hour=-24,
        unallocated=np.array(seconds, dtype=np.int64),
    )
