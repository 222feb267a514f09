"""A log's real work played again under a scenario, held against the log."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from sim.errors import InputError
from sim.force_log import Log
from sim.force_log.replaying.course import Course, Slope
from sim.force_log.replaying.held_against import Compared, Limits, compared, distance
from sim.force_log.replaying.playing import played
from sim.force_log.replaying.replay import Replay, replay
from sim.force_log.replaying.scores import Skill
from sim.force_log.replaying.verdict import WAIT, Parts, Verdict, parts_of, verdicts
from sim.force_log.replaying.work import work_of
from sim.report.log.summaries import level_sentence, replay_sentences, verdict
from sim.scenario.models import Scenario
from sim.scenario.people import Pool
from sim.scenario.policies import ControlRoom
from sim.tables import NEVER
from tests.force_log.simulated import CREWS, force, log_of
from tests.worlds import desk


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Log:
    """Three weeks of a simulated force without a gate."""
    return log_of(force(held=0.0), tmp_path_factory.mktemp("log"), days=21)


@pytest.fixture(scope="module")
def true(log: Log) -> Replay:
    """The log replayed under the rules that made it."""
    first, _ = log.period
    return replay(log, force(held=0.0), first + timedelta(days=1), replications=10)


def fewer(scenario: Scenario) -> Scenario:
    """The same force with a third of its crews."""
    data = scenario.model_dump(exclude_unset=True)
    for shift in data["pools"]["response"]["shifts"]:
        shift["people"] = max(1, CREWS[shift["name"]] // 3)
    return Scenario.model_validate(data)


def generator() -> np.random.Generator:
    """A generator of this file's own."""
    return np.random.Generator(np.random.Philox(9))


def test_the_rules_that_made_a_log_are_believed_of_it(true: Replay) -> None:
    """Under the true rules most observed quantiles lie within the predicted limits."""
    own = [row for row in true.rows if row.stage == WAIT]
    assert own
    assert sum(row.inside for row in own) >= 0.7 * len(own)
    assert not [one for one in true.verdicts if one.word == "not"]


def test_too_few_crews_are_not_believed(log: Log) -> None:
    """With a third of the crews the waits of grade 3 are far from the log's, and that is said."""
    first, _ = log.period
    found = replay(log, fewer(force(held=0.0)), first + timedelta(days=1), replications=3)
    assert "not" in {one.word for one in found.verdicts if one.grade == 3}


def test_a_replay_does_not_depend_on_the_engine(log: Log) -> None:
    """Both engines predict the same, figure for figure."""
    first, _ = log.period
    one, other = (
        replay(log, force(held=0.0), first + timedelta(days=1), replications=2, engine=name)
        for name in ("reference", "compiled")
    )
    assert one.as_dict() == other.as_dict()


@pytest.mark.parametrize(
    ("stamps", "needed"),
    [(("assigned",), "times of allocation"), (("cleared", "closed"), "of clearing or closing")],
)
def test_a_log_that_does_not_say_how_long_crews_are_busy_is_not_played(
    log: Log, stamps: tuple[str, ...], needed: str
) -> None:
    """Without a time of allocation, or of any end, there is a refusal and no figure."""
    first, _ = log.period
    kind = log.public["received"].dtype
    bare = log.public.with_columns(pl.lit(None, kind).alias(one) for one in stamps)
    with pytest.raises(InputError, match=needed):
        work_of(bare, first, generator())


def test_every_job_keeps_its_own_work(log: Log) -> None:
    """The replay reports each job when the log has it, and works there as long as the log did."""
    first, _ = log.period
    work = work_of(log.public, first, generator())
    outcomes = next(played(work, force(held=0.0), 1, 1))
    jobs = work.jobs
    arrived = outcomes["arrived_at"]
    done = (outcomes["finished_at"] != NEVER) & (outcomes["diversions"] == 0)
    assert done.sum() > 0.9 * len(arrived)
    spent = outcomes["finished_at"] - arrived
    assert (spent[done] == jobs["scene"].to_numpy()[done].astype(np.int64)).all()
    assert (outcomes["graded_at"] == jobs["graded"].to_numpy().astype(np.int64)).all()


def test_the_way_that_was_observed_holds_the_dispatcher_s_work(log: Log) -> None:
    """A scenario's dispatchers add nothing to it: crews are claimed and set off in one second."""
    first, _ = log.period
    scenario = force(held=0.0)
    work = {"family": "constant", "minutes": 5.0}
    room = ControlRoom.model_validate({"dispatchers": "dispatchers", "dispatch": work})
    desks = {"dispatchers": Pool.model_validate(desk("dispatcher", 1))}
    policy = scenario.policy.model_copy(update={"control_room": room})
    staffed = scenario.model_copy(update={"policy": policy, "pools": {**scenario.pools, **desks}})
    (outcomes,) = played(work_of(log.public, first, generator()), staffed, 1, 1)
    claimed = outcomes["claimed_at"] != NEVER
    assert claimed.sum() > 100
    assert (outcomes["allocated_at"][claimed] == outcomes["claimed_at"][claimed]).all()


def test_nothing_of_the_replay_gives_a_small_count_away(true: Replay) -> None:
    """Cells have fifty jobs or more, and counts are whole fives."""
    document = json.loads(json.dumps(true.as_dict(), allow_nan=False))
    assert not [row for row in document["rows"] if row["n"] < 50 or row["n"] % 5]


def test_a_prediction_that_is_right_has_no_distance() -> None:
    """Predictions equal to what was observed are at no distance, and inside their limits."""
    minutes = np.exp(generator().normal(2, 1, 400))
    made = np.tile(minutes, (3, 1))
    days = np.repeat(np.arange(20), 20)
    rows = compared(WAIT, 2, None, minutes, made, days, Limits(0.95), generator())
    assert [row.error for row in rows] == [0.0, 0.0, 0.0]
    assert all(row.inside for row in rows)
    assert distance(WAIT, 2, minutes, made, days, generator()).value < 0.01


def test_a_doubled_prediction_is_seen() -> None:
    """A prediction of twice the wait has an error of 100 % and lies beyond what luck explains."""
    minutes = np.exp(generator().normal(2, 1, 400))
    made = np.tile(2 * minutes, (3, 1))
    days = np.repeat(np.arange(20), 20)
    rows = compared(WAIT, 2, None, minutes, made, days, Limits(0.95), generator())
    assert [row.error for row in rows] == [1.0, 1.0, 1.0]
    found = distance(WAIT, 2, minutes, made, days, generator())
    # Two normals a distance of log 2 apart, of unit deviation: 2 Phi(0.3466) - 1 = 0.271.
    assert found.value == pytest.approx(0.271, abs=0.08)
    assert found.value > found.expected


def test_a_log_of_other_grades_is_refused(log: Log) -> None:
    """A scenario without the log's grades has nothing to be held against."""
    first, _ = log.period
    few = log.incidents.filter(log.incidents["grade"] == 3)
    other = Log(few.head(0), log.allocations, log.faults, log.mapping, log.has, log.rows)
    with pytest.raises(InputError):
        replay(other, force(held=0.0), first)


def test_a_replay_reads_nothing_from_the_disk(log: Log, tmp_path: Path) -> None:
    """It leaves no file behind."""
    first, _ = log.period
    replay(log, force(held=0.0), first + timedelta(days=14), replications=2)
    assert not list(tmp_path.iterdir())


def quantile(place: str, observed: float, predicted: float, *, inside: bool) -> Compared:
    """A quantile of the wait of grade 1, over all hours."""
    error = predicted / observed - 1 if observed >= 0.5 else None
    return Compared(WAIT, 1, None, place, observed, predicted, 0.0, 0.0, error, inside, inside, 100)


@pytest.mark.parametrize(
    ("p50", "p90", "word"),
    [
        # 10 % and 20 % off, bounds 20 % and 25 %, and luck explains as much.
        ((10.0, 11.0, True), (40.0, 48.0, True), "believed"),
        # A long log shows that 4 % and 9 % are no luck; so near is near enough.
        ((50.0, 52.0, False), (100.0, 109.0, False), "believed"),
        ((50.0, 53.0, False), (100.0, 100.0, True), "not"),
        # All of it off, by less than a minute.
        ((0.9, 0.0, False), (40.0, 40.0, True), "believed"),
        # All of it off, by 2.8 min, though nine in ten are met.
        ((2.8, 0.0, False), (40.0, 40.0, True), "not"),
        ((2.8, 0.0, True), (40.0, 40.0, True), "unsure"),
        ((10.0, 10.0, True), (40.0, 60.0, False), "not"),
        ((10.0, 10.0, True), (40.0, 60.0, True), "unsure"),
    ],
)
def test_waits_beyond_their_bound_are_never_believed(
    p50: tuple[float, float, bool], p90: tuple[float, float, bool], word: str
) -> None:
    """Both bounds are to be kept; a miss that luck explains is no proof, and no belief."""
    rows = [
        quantile(place, observed, predicted, inside=inside)
        for place, (observed, predicted, inside) in (("p50", p50), ("p90", p90))
    ]
    (found,) = verdicts(rows, 1)
    assert found.word == word


def test_the_verdict_says_what_it_holds_levels_to(true: Replay) -> None:
    """The bounds, the minute among them, stand beside the verdict."""
    told = level_sentence(replace(true, verdicts=(Verdict(1, "unsure", ""),)))
    assert "cannot be judged" in told
    assert "within 20% and 25%" in told
    assert "5% and 10%, or 1 min" in told


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (Parts("met", "met", "met"), "and so may the extra wait"),
        (Parts("met", "met", "unsure"), "these days cannot tell"),
        (Parts("met", "met", "missed"), "but not how much longer"),
        (Parts("met", "missed", "met"), "No better than the plainest forecast"),
        (Parts("unsure", "missed", "met"), "if that"),
        (Parts("missed", "met", "met"), "Not to be believed"),
        (Parts("met", "unsure", "met"), "cannot tell"),
    ],
)
def test_a_scenario_is_believed_where_all_parts_are_met(
    true: Replay, parts: Parts, words: str
) -> None:
    """The first sentence is that of the worst part; only with level and course is it belief."""
    assert words in verdict(replace(true, parts=parts))
    assert parts.believed == verdict(replace(true, parts=parts)).startswith(
        "Waits for a crew may be believed, in level and in course"
    ) - (parts.missing_children == "missed")


@pytest.mark.parametrize(
    ("slope", "words"),
    [
        (Slope(1.9, 1.6, 2.3), "not as bad as the log's"),
        (Slope(0.2, 0.1, 0.4), "far worse than the log's"),
        (None, "no worse than others"),
    ],
)
def test_a_better_forecast_whose_hours_go_wrong_is_not_called_the_plainest(
    true: Replay, slope: Slope | None, words: str
) -> None:
    """It is said to be better, and that what one crew would do is not to be asked of it."""
    better = Skill(0.3, 0.2, 0.4)
    course = Course(better, better, slope, 0.7, 28)
    told = verdict(replace(true, course=course, parts=Parts("met", "missed", "met")))
    assert told.startswith("Better than the plainest forecast")
    assert words in told
    assert "what one crew more or fewer would do it does not show" in told


@pytest.fixture(scope="module")
def halves(tmp_path_factory: pytest.TempPathFactory) -> tuple[Log, Log]:
    """Eight weeks of a force without a gate: the first six, and the last two."""
    own = log_of(force(held=0.0), tmp_path_factory.mktemp("halves"), days=56)
    border = own.period[0] + timedelta(days=42)
    early = pl.col("received").dt.date() < border
    return (
        replace(own, incidents=own.incidents.filter(early)),
        replace(own, incidents=own.incidents.filter(~early)),
    )


def test_the_rules_that_made_a_log_tell_its_course(halves: tuple[Log, Log]) -> None:
    """The true rules score better than the weeks before, and their waits move as the log's."""
    past, later = halves
    found = replay(
        later, force(held=0.0), later.period[0] + timedelta(days=1), past=past, replications=10
    )
    assert found.course is not None
    assert found.course.skill.shown
    assert found.course.moves
    assert found.course.past_days == 42
    assert found.parts.course == "met"
    assert found.parts.level != "missed"


def test_other_rules_than_those_that_made_a_log_are_not_believed(halves: tuple[Log, Log]) -> None:
    """With a third of the crews the forecasts are worse than the weeks before."""
    past, later = halves
    first = later.period[0] + timedelta(days=1)
    found = replay(later, fewer(force(held=0.0)), first, past=past, replications=3)
    assert found.course is not None
    assert found.course.skill.value < 0
    assert not found.parts.believed


def test_without_days_before_the_course_is_not_told(true: Replay) -> None:
    """A log that holds nothing but the days replayed has no plainest forecast, and that is said."""
    assert true.course is None
    assert not true.parts.believed
    assert any(one.startswith("Course: not told") for one in replay_sentences(true))


def test_missing_children_outside_their_interval_are_not_believed() -> None:
    """A wait that the model cannot make is no belief, whatever else is met."""
    met = (Verdict(2, "believed", ""),)
    assert parts_of(met, None, None).course == "unsure"
    assert parts_of(met, None, inside=False).missing_children == "missed"
    assert not Parts("met", "met", "missed").believed


def test_no_ratio_is_predicted_of_waits_of_nearly_nothing(log: Log) -> None:
    """With so many crews that nobody waits, the extra wait is no ratio, and that is said."""
    data = force(held=0.0).model_dump(exclude_unset=True)
    for shift in data["pools"]["response"]["shifts"]:
        shift["people"] = 20 * CREWS[shift["name"]]
    many = Scenario.model_validate(data)
    found = replay(log, many, log.period[0] + timedelta(days=1), replications=2)
    assert found.extra is not None
    assert found.extra.predicted is None
    assert any("no ratio of their waits" in one for one in replay_sentences(found))
